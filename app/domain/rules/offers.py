"""The offers of one caregiver: which are open, and by which code each is addressed. Pure.

A code belongs to the caregiver, not to the shift. After an offer closes, its code is not used again for a day, and
not while a yes could still win its shift, so that a late reply is never taken for a reply to a new offer.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from app.domain.fanout_records import (
    CODE_RESERVED_FOR,
    ExclusionReason,
    Fanout,
    Offer,
    OfferState,
)
from app.domain.records import Caregiver, Shift
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
    """An offer with its fanout and its shift at one time. `implied`: the offer is not stored in this form yet."""

    offer: Offer
    fanout: Fanout
    shift: Shift
    now: datetime
    implied: bool = False

    @property
    def closed_at(self) -> datetime | None:
        """When the offer closed; None while it is open."""
        return _closed_at(self.offer, self.fanout, self.shift, self.now)

    @property
    def open(self) -> bool:
        """Whether neither the offer nor its fanout is closed, so that it still waits for a yes or a no."""
        return self.closed_at is None

    @property
    def claimable(self) -> bool:
        """Whether a yes to it can still win the shift, whatever the caregiver has answered so far."""
        return self.fanout.claimable_at(self.now, self.shift)


def _closed_at(offer: Offer, fanout: Fanout | None, shift: Shift | None, now: datetime) -> datetime | None:
    if fanout is None or shift is None:
        return offer.closed_at or _LONG_AGO
    if offer.state is not OfferState.OPEN:
        return offer.closed_at or fanout.started_at
    if offer.generation != fanout.generation:
        return fanout.started_at
    if fanout.closed_at is not None or fanout.claimable_at(now, shift):
        return fanout.closed_at
    return shift.end_time


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
        reopened = replace(
            before.without_marks(), generation=fanout.generation, state=OfferState.OPEN, closed_at=None
        )
        owner = state.offer_by_code(caregiver_id, before.code)
        if owner is not None and owner.shift_id == before.shift_id and before.code not in taken:
            return reopened
        return replace(reopened, code=_next_code(state, caregiver_id, now, taken))
    code = _next_code(state, caregiver_id, now, taken)
    return Offer(shift_id=fanout.shift_id, caregiver_id=caregiver_id, generation=fanout.generation, code=code)


def _next_code(state: StateReader, caregiver_id: str, now: datetime, taken: Collection[str]) -> str:
    def free(number: int) -> bool:
        code = str(number)
        owner = state.offer_by_code(caregiver_id, code)
        if code in taken:
            return False
        if owner is None:
            return True
        fanout, shift = state.fanout(owner.shift_id), state.shift(owner.shift_id)
        if fanout is not None and shift is not None and fanout.claimable_at(now, shift):
            return False
        closed_at = _closed_at(owner, fanout, shift, now)
        return closed_at is not None and closed_at + CODE_RESERVED_FOR <= now and not _holds(state, owner)

    number = state.last_code(caregiver_id) + 1
    if number > _SHORT_CODES:
        number = next((short for short in range(1, _SHORT_CODES + 1) if free(short)), number)
    while not free(number):
        number += 1
    return str(number)


def _holds(state: StateReader, offer: Offer) -> bool:
    holding = state.assignment(offer.shift_id)
    return holding is not None and holding.caregiver_id == offer.caregiver_id


def offer_in_context(
    state: StateReader, caregiver: Caregiver, shift_id: str, now: datetime, taken: Collection[str] = ()
) -> OfferInContext | None:
    """The caregiver's offer of that shift; None if the shift was never offered to them.

    While a round is being planned, every caregiver who matches counts as offered, because a yes can arrive before
    planning reaches its sender. Such an offer is `implied`, and so is that of a holder whose fanout was forgotten.
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
        implied = offer_for_generation(state, None, fanout, caregiver.id, now, taken)
        return OfferInContext(implied, fanout, shift, now, implied=True)
    if being_planned and offer.state is OfferState.OPEN and offer.generation != fanout.generation:
        implied = offer_for_generation(state, offer, fanout, caregiver.id, now, taken)
        return OfferInContext(implied, fanout, shift, now, implied=True)
    owner = state.offer_by_code(caregiver.id, offer.code)
    if fanout.claimable_at(now, shift) and (owner is None or owner.shift_id != shift_id):
        # It closed long ago, its code went to another offer, and now its shift can be won again.
        renumbered = replace(offer, code=_next_code(state, caregiver.id, now, taken))
        return OfferInContext(renumbered, fanout, shift, now, implied=True)
    return OfferInContext(offer, fanout, shift, now)


def offers_in_context(state: StateReader, caregiver: Caregiver, now: datetime) -> list[OfferInContext]:
    """Every offer of the caregiver that a reply could be about, newest first, and every shift they hold.

    No two have the same code, stored or implied.
    """
    shift_ids = [offer.shift_id for offer in state.offers_of(caregiver.id)]
    planned = (fanout.shift_id for fanout in _fanouts_in_planning(state, caregiver))
    held = (shift.id for shift in state.held_by(caregiver.id))
    shift_ids = list(dict.fromkeys([*shift_ids, *planned, *held]))
    found: list[OfferInContext] = []
    taken: list[str] = []
    for shift_id in shift_ids:
        one = offer_in_context(state, caregiver, shift_id, now, taken)
        if one is not None:
            found.append(one)
            if one.implied:
                taken.append(one.offer.code)
    return found


def has_other_open(state: StateReader, caregiver: Caregiver, shift_id: str, now: datetime) -> bool:
    """Whether the caregiver has an open offer of another shift, so that a bare yes or no would be ambiguous."""
    if any(
        offer.shift_id != shift_id
        and _closed_at(offer, state.fanout(offer.shift_id), state.shift(offer.shift_id), now) is None
        for offer in state.offers_of(caregiver.id)
    ):
        return True
    for fanout in _fanouts_in_planning(state, caregiver):
        shift = state.shift(fanout.shift_id)
        if fanout.shift_id == shift_id or shift is None or not caregiver.may_work(shift):
            continue
        one = offer_in_context(state, caregiver, shift.id, now)
        if one is not None and one.open:
            return True
    return False


def _fanouts_in_planning(state: StateReader, caregiver: Caregiver) -> Iterator[Fanout]:
    """The fanouts for any of the caregiver's roles whose round is still being planned."""
    for role in caregiver.role_keys:
        yield from state.fanouts_in_planning(role)


def without_marks(state: StateReader, caregiver_id: str) -> list[Offer]:
    """The caregiver's offers that a person was to look at, with that settled."""
    return [offer.without_marks() for offer in state.offers_of(caregiver_id) if offer.marked or offer.questions_sent]
