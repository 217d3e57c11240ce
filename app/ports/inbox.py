"""What an inbox promises: it lists the texts that a provider has received for us."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedText:
    """A text from a caregiver."""

    #: Its sender, in E.164.
    phone: str
    body: str
    #: The id that its webhook has, or would have had.
    message_id: str
    #: When the provider received it; None: it did not say.
    at: datetime | None


class Inbox(Protocol):
    """Lists the texts to our numbers."""

    async def received_since(self, since: datetime) -> list[ReceivedText]:
        """The texts that the provider received at `since` or later, the oldest first.

        Raises one of the failures of `app.errors` if it does not say.
        """

    async def aclose(self) -> None:
        """Close the connections. Called once, after the last `received_since` has ended."""
