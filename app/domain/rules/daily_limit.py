"""The most offers that a caregiver gets in 24 hours: what counts, and until when the next one waits. Pure."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from app.domain.decisions import Write
from app.domain.messages import OFFERS_COUNT_FOR, Contact, HoldReason, SentOffer
from app.domain.policy import Policy
from app.domain.records import Caregiver
from app.domain.rules.holds import Hold
from app.domain.state import StateReader


def held_by_limit(
    state: StateReader, contact: Contact, caregiver: Caregiver, now: datetime, policy: Policy
) -> Hold | None:
    """Until when the offer is held because the caregiver has got as many as are allowed in 24 hours; None: not held.

    A further try of a message that may have been sent is not counted again.
    """
    if policy.offers_per_day is None:
        return None
    times = sorted(
        sent.at
        for sent in state.sent_offers(caregiver.id)
        if sent.at is not None and sent.at > now - OFFERS_COUNT_FOR and sent.message_id != contact.message_id
    )
    if len(times) < policy.offers_per_day:
        return None
    return Hold(times[-policy.offers_per_day] + OFFERS_COUNT_FOR, HoldReason.OFFERS_PER_DAY)


def sent_offers(writes: Iterable[Write], policy: Policy) -> Iterator[SentOffer]:
    """What the writes change about the offers that count. One that was not sent after all counts no longer."""
    if policy.offers_per_day is None:
        return
    for write in writes:
        if isinstance(write, Contact) and write.message_id is not None:
            yield SentOffer(
                message_id=write.message_id, caregiver_id=write.caregiver_id, at=write.perhaps_received_at
            )
