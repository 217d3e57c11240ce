"""What a notifier promises: it hands a message to a provider of texts and calls."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, cast, runtime_checkable

from app.domain.decisions import Message
from app.domain.receipts import Receipt
from app.domain.records import Channel


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a provider said when it accepted a message."""

    #: The provider's own id of the message or call; None: it gave none. Others than `is_provider_id` allows are not
    #: kept: the message then counts as accepted without an id.
    provider_id: str | None = None
    #: Its first state; None: it gave none.
    receipt: Receipt | None = None


class Notifier(Protocol):
    """Hands messages to a provider. Each `send` hands over one message; several may run at the same time.

    Only `send` is required. A notifier may have the other members of `FullNotifier` too. What holds without them is
    said by `time_limit_s`, `drops_repeats` and `close` in this module.
    """

    async def send(self, message: Message) -> Accepted | None:
        """Hand the message over. Returning, also None, means that the provider has accepted it.

        Raises one of the failures of `app.errors`. Certainly not sent: TemporaryFailure, a later try may work;
        Throttled, the provider wants fewer messages on this channel; Misconfigured, the provider refuses every
        message; PermanentFailure, no later try will work (its subclasses say more). Uncertain: it may have been sent,
        as after any other exception and after the time limit.
        """


class FullNotifier(Notifier, Protocol):
    """A notifier with everything that it may have. The notifiers of this project are checked against it."""

    @property
    def timeout_s(self) -> float:
        """Seconds after which a `send` that has not ended is cancelled. The message then counts as possibly sent."""

    @property
    def honours_keys(self) -> bool:
        """Whether the provider drops a repeat of a message id, so that an unanswered `send` is safe to repeat."""

    async def aclose(self) -> None:
        """Close the connections. Called once, after the last `send` has ended."""


#: The time limit of a notifier that has none of its own, in seconds.
DEFAULT_TIMEOUT_S = 10.0


def time_limit_s(notifier: Notifier) -> float:
    """The notifier's `timeout_s`, or `DEFAULT_TIMEOUT_S` if it has none."""
    return cast("float", getattr(notifier, "timeout_s", DEFAULT_TIMEOUT_S))


def drops_repeats(notifier: Notifier) -> bool:
    """The notifier's `honours_keys`, or False if it has none: then a `send` without an answer is not repeated."""
    return cast("bool", getattr(notifier, "honours_keys", False))


async def close(notifier: Notifier) -> None:
    """Await the notifier's `aclose`, if it has one."""
    aclose = getattr(notifier, "aclose", None)
    if aclose is not None:
        await aclose()


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
