"""What the receiver of outgoing events promises."""

from typing import Protocol

from app.domain.facts import LogEntry


class EventReceiver(Protocol):
    """Takes facts, one at a time. A receiver may get a fact again; the id says that it is the same."""

    #: Seconds after which the caller gives up waiting for `post`.
    timeout_s: float

    async def post(self, entry: LogEntry) -> None:
        """Return once the receiver has taken the fact; else raise EventNotTaken: a later try may work."""

    async def aclose(self) -> None:
        """Close what is open. A later `post` opens it again."""
