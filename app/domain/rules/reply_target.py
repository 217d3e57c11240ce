"""Which shift a reply means when it gives no shift id. Pure.

An offer code in the reply decides. Without a code, every offer that the reply could mean is a candidate.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from app.domain.reading import Intent
from app.domain.records import CODE_RESTS, Assignment, Caregiver
from app.domain.rules.offers import OfferInContext, offer_in_context
from app.domain.state import StateReader

#: For this long after a claim, a bare YES may repeat it.
_SECOND_YES = timedelta(minutes=10)


def offer_of_code(state: StateReader, caregiver: Caregiver, code: str, now: datetime) -> OfferInContext | None:
    """The caregiver's offer of that code, unless it closed more than a day ago: then the code may mean another."""
    offer = state.offer_by_code(caregiver.id, code)
    about = offer_in_context(state, caregiver, offer.shift_id, now) if offer else None
    if about is None or about.closed_at is None or about.closed_at + CODE_RESTS > now:
        return about
    return about if holding_of(state, caregiver.id, about.shift.id) else None


def candidates_of(
    state: StateReader, caregiver: Caregiver, offers: Sequence[OfferInContext], intent: Intent, now: datetime
) -> list[OfferInContext]:
    """The offers a reply without a code could mean, soonest shift first.

    For a yes: open offers, a shift claimed within the last ten minutes (it may be a second yes), and a held shift
    that the caregiver has asked to give back. For a no: open offers, and held shifts that have not ended. For
    anything else: open offers; if there are none, held shifts that have not ended.
    """
    found = [about for about in offers if about.open]
    if intent is Intent.UNKNOWN and found:
        return _soonest_first(found)
    for shift in state.held_by(caregiver.id):
        assignment = state.assignment(shift.id)
        if intent is Intent.ACCEPT:
            meant = assignment is not None and (
                assignment.claimed_at + _SECOND_YES > now or assignment.release_requested_at is not None
            )
        else:
            meant = shift.end_time > now
        held = offer_in_context(state, caregiver, shift.id, now) if meant else None
        if held is not None:
            found.append(held)
    return _soonest_first(found)


def closed_last(offers: Sequence[OfferInContext], now: datetime) -> list[OfferInContext]:
    """A list with the offer that closed last; empty if none closed within the last day."""
    recent = [
        (about.closed_at, about)
        for about in offers
        if about.closed_at is not None and about.closed_at + CODE_RESTS > now
    ]
    return [max(recent, key=lambda pair: pair[0])[1]] if recent else []


def holding_of(state: StateReader, caregiver_id: str, shift_id: str) -> Assignment | None:
    """The shift's assignment if this caregiver holds it, else None."""
    assignment = state.assignment(shift_id)
    return assignment if assignment and assignment.caregiver_id == caregiver_id else None


def _soonest_first(found: list[OfferInContext]) -> list[OfferInContext]:
    return sorted(found, key=lambda about: (about.shift.start_time, about.shift.id))
