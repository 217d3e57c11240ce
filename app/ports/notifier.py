"""What a notifier promises: it hands one message to a provider."""

from typing import Protocol

from app.domain.decisions import Message


class Notifier(Protocol):
    """Hands one message to the outside."""

    @property
    def timeout_s(self) -> float:
        """Seconds after which a call that has not ended counts as unanswered and is cancelled."""

    @property
    def honours_keys(self) -> bool:
        """Whether the receiver drops a repeat of a message id, so that an unanswered call may be made again."""

    async def send(self, message: Message) -> None:
        """Hand the message over; to return is to have handed it over.

        Raises `TemporaryFailure` (surely not sent, may work later) or `PermanentFailure` (surely not sent,
        never will be). Anything else it raises means that nobody knows whether the message went out.
        """

    async def aclose(self) -> None:
        """Release connections. Called once, after the last `send` has ended."""
