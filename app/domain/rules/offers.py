"""The offers of one caregiver: which are open, and by which code each is addressed. Pure.

A code belongs to the caregiver, not to the shift. After an offer closes, its code is not used again for a day, so
that a late reply to it is never taken for a reply to a new offer.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from app.domain.records import CODE_RESTS, Caregiver, ExclusionReason, Fanout, Offer, OfferState, Shift, role_key
from app.domain.state import StateReader

#: Codes up to this number are used first, because they are short to type.
_SHORT_CODES = 99
#: The states in which an offer is not made again, and the reason recorded for leaving the caregiver out.
NOT_ASKED_AGAIN = {
    OfferState.DECLINED: ExclusionReason.DECLINED,
    OfferState.RELEASED: ExclusionReason.RELEASED,
}
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class OfferInContext:
    """An offer with its fanout and its shift.

    `implied`: `offer` differs from the stored record, or there is no stored record. It must be written before
    anything refers to it.
    """

    offer: Offer
    fanout: Fanout
    shift: Shift
    implied: bool = False

    @property
    def closed_at(self) -> datetime | None:
        """When the offer closed; None while it is open."""
        return _closed_at(self.offer, self.fanout)

    @property
    def open(self) -> bool:
        """Whether neither the offer nor its fanout is closed, so that it still waits for a yes or a no."""
        return self.closed_at is None


def _closed_at(offer: Offer, fanout: Fanout | None) -> datetime | None:
    if fanout is None:
        return offer.closed_at or _LONG_AGO
    if offer.state is not OfferState.OPEN:
        return offer.closed_at or fanout.started_at
    if offer.generation != fanout.generation:
        return fanout.started_at
    return fanout.closed_at


def offer_for_generation(
    state: StateReader,
    before: Offer | None,
    fanout: Fanout,
    caregiver_id: str,
    now: datetime,
    taken: Collection[str] = (),
) -> Offer:
    """The caregiver's offer for the fanout's generation: a new one, or `before` opened again.

    `taken`: codes already given to other offers in the same decision.
    """
    if before is not None:
        owner = state.offer_by_code(caregiver_id, before.code)
        if owner is not None and owner.shift_id == before.shift_id:
            return replace(before, generation=fanout.generation, state=OfferState.OPEN, closed_at=None)
    code = _next_code(state, caregiver_id, now, taken)
    if before is not None:
        return replace(before, generation=fanout.generation, state=OfferState.OPEN, closed_at=None, code=code)
    return Offer(shift_id=fanout.shift_id, caregiver_id=caregiver_id, generation=fanout.generation, code=code)


def _next_code(state: StateReader, caregiver_id: str, now: datetime, taken: Collection[str]) -> str:
    def free(number: int) -> bool:
        code = str(number)
        owner = state.offer_by_code(caregiver_id, code)
        if code in taken:
            return False
        if owner is None:
            return True
        closed_at = _closed_at(owner, state.fanout(owner.shift_id))
        return closed_at is not None and closed_at + CODE_RESTS <= now

    number = state.last_code(caregiver_id) + 1
    if number > _SHORT_CODES:
        number = next((short for short in range(1, _SHORT_CODES + 1) if free(short)), number)
    while not free(number):
        number += 1
    return str(number)


def offer_in_context(
    state: StateReader, caregiver: Caregiver, shift_id: str, now: datetime, taken: Collection[str] = ()
) -> OfferInContext | None:
    """The caregiver's offer of that shift; None if the shift was never offered to them.

    While a round is being planned, every caregiver who may work the shift counts as offered, because a caregiver can
    say yes before planning has reached them. Such an offer is `implied`.
    """
    shift, fanout = state.shift(shift_id), state.fanout(shift_id)
    if shift is None or fanout is None:
        return None
    offer = state.offer(shift_id, caregiver.id)
    being_planned = fanout.planned_up_to is not None and caregiver.may_work(shift)
    if offer is None:
        holder = state.assignment(shift_id)
        if not being_planned and (holder is None or holder.caregiver_id != caregiver.id):
            return None
        return OfferInContext(
            offer_for_generation(state, None, fanout, caregiver.id, now, taken), fanout, shift, implied=True
        )
    if being_planned and offer.state is OfferState.OPEN and offer.generation != fanout.generation:
        return OfferInContext(
            offer_for_generation(state, offer, fanout, caregiver.id, now, taken), fanout, shift, implied=True
        )
    return OfferInContext(offer, fanout, shift)


def offers_in_context(state: StateReader, caregiver: Caregiver, now: datetime) -> list[OfferInContext]:
    """Every offer of the caregiver that a reply could be about, newest first."""
    shift_ids = [offer.shift_id for offer in state.offers_of(caregiver.id)]
    known = set(shift_ids)
    planned = (fanout.shift_id for fanout in state.fanouts_in_planning(role_key(caregiver.role)))
    shift_ids.extend(shift_id for shift_id in planned if shift_id not in known)
    found: list[OfferInContext] = []
    taken: list[str] = []
    for shift_id in shift_ids:
        one = offer_in_context(state, caregiver, shift_id, now, taken)
        if one is not None:
            found.append(one)
            if one.implied:
                taken.append(one.offer.code)
    return found


def has_other_open(state: StateReader, caregiver: Caregiver, shift_id: str) -> bool:
    """Whether the caregiver has an open offer of another shift, so that a bare yes would be ambiguous."""
    if any(
        offer.shift_id != shift_id and _closed_at(offer, state.fanout(offer.shift_id)) is None
        for offer in state.offers_of(caregiver.id)
    ):
        return True
    for fanout in state.fanouts_in_planning(role_key(caregiver.role)):
        shift = state.shift(fanout.shift_id)
        if fanout.shift_id != shift_id and fanout.claimable and shift and caregiver.may_work(shift):
            return True
    return False
