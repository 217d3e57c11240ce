"""What a notifier promises: it hands a message to a provider of texts and calls."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from app.domain.decisions import Message
from app.domain.receipts import Receipt
from app.domain.records import Channel


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a provider said when it accepted a message."""

    #: The provider's own id of the message or call; None: it gave none.
    provider_id: str | None = None
    #: Its first state; None: it gave none.
    receipt: Receipt | None = None


class Notifier(Protocol):
    """Hands messages to a provider. Each `send` hands over one message; several may run at the same time."""

    @property
    def timeout_s(self) -> float:
        """Seconds after which a `send` that has not ended is cancelled. The message then counts as possibly sent."""

    @property
    def honours_keys(self) -> bool:
        """Whether the provider drops a repeat of a message id, so that an unanswered `send` is safe to repeat."""

    async def send(self, message: Message) -> Accepted | None:
        """Hand the message over. Returning, also None, means that the provider has accepted it.

        Raises one of the failures of `app.errors`. Certainly not sent: TemporaryFailure, a later try may work;
        Throttled, the provider wants fewer messages on this channel; Misconfigured, the provider refuses every
        message; PermanentFailure, no later try will work (its subclasses say more). Uncertain: it may have been sent,
        as after any other exception and after the time limit.
        """

    async def aclose(self) -> None:
        """Close the connections. Called once, after the last `send` has ended."""


@runtime_checkable
class TrackingNotifier(Protocol):
    """What a notifier implements too if its provider can be asked later about what it has accepted.

    Each method raises one of the failures of `app.errors` if the provider does not answer.
    """

    async def accepted_since(self, message: Message, since: datetime) -> Accepted | None:
        """What the provider says about this message; None: it has certainly not accepted it at `since` or later.

        Called at the earliest half a minute after the `send` that was not answered, because a provider may list a
        message late.
        """

    async def receipt(self, provider_id: str, channel: Channel) -> Receipt | None:
        """The latest state of the message or call with the provider's own id; None: it says nothing about it."""

    async def cancel(self, provider_id: str) -> None:
        """End the call if nobody has answered it yet; else do nothing."""
