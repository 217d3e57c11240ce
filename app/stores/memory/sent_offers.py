"""The offers that went out in the last 24 hours, by caregiver. No I/O, no awaits."""

from collections.abc import Sequence

from app.database import InMemoryKeyValueDatabase
from app.domain.messages import OFFERS_COUNT_FOR, SentOffer

#: Storing one deletes at most this many that no longer count.
_DROPPED_PER_WRITE = 4


class SentOffers:
    """What counts towards the daily limit of each caregiver. Empty where there is no limit."""

    def __init__(self) -> None:
        self._by_id: InMemoryKeyValueDatabase[str, SentOffer] = InMemoryKeyValueDatabase(
            {"caregiver": lambda sent: sent.caregiver_id}
        )

    def to(self, caregiver_id: str) -> Sequence[SentOffer]:
        """The offers that went out to the caregiver."""
        return self._by_id.find("caregiver", caregiver_id)

    def put(self, sent: SentOffer) -> None:
        """Store the offer, or remove it if it has not gone out."""
        if sent.at is None:
            self._by_id.delete(sent.message_id)
            return
        self._by_id.put(sent.message_id, sent)
        for _ in range(_DROPPED_PER_WRITE):
            oldest = self._by_id.oldest()
            if oldest is None or oldest[1].at is None or oldest[1].at + OFFERS_COUNT_FOR > sent.at:
                break
            self._by_id.delete(oldest[0])
