"""What stands between one caregiver and the shifts they were offered: codes, and which offers are open.

A code belongs to the caregiver's phone, not to the shift: a late reply to a closed offer must not hit a new
one, so a code rests for a day before it is used again. Pure, like all of the core.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from app.domain.records import CODE_RESTS, Caregiver, ExclusionReason, Fanout, Offer, OfferState, Shift, role_key
from app.domain.state import View

#: Codes stay below this as long as lower ones are free: short to type.
_SHORT_CODES = 99
#: What an offer may have come to so that it is not made again, and why its caregiver is then left out.
NOT_ASKED_AGAIN = {
    OfferState.DECLINED: ExclusionReason.DECLINED,
    OfferState.RELEASED: ExclusionReason.RELEASED,
}
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Standing:
    """One offer with the fanout and the shift it is about; `unwritten` if it is not on record as it stands here."""

    offer: Offer
    fanout: Fanout
    shift: Shift
    unwritten: bool = False

    @property
    def closed_at(self) -> datetime | None:
        """When it stopped being open; None while a yes is waited for."""
        return _closed_at(self.offer, self.fanout)

    @property
    def open(self) -> bool:
        """Whether the caregiver has not answered it and a yes would still win the shift."""
        return self.closed_at is None


def _closed_at(offer: Offer, fanout: Fanout | None) -> datetime | None:
    if fanout is None:
        return offer.closed_at or _LONG_AGO
    if offer.state is not OfferState.OPEN:
        return offer.closed_at or fanout.started_at
    if offer.generation != fanout.generation:
        return fanout.started_at
    return fanout.closed_at


def renewed(
    view: View,
    before: Offer | None,
    fanout: Fanout,
    caregiver_id: str,
    now: datetime,
    taken: Collection[str] = (),
) -> Offer:
    """The caregiver's offer of the fanout's generation: a new one, or `before` opened again.

    `taken` are codes given away in the same decision.
    """
    if before is not None:
        owner = view.offer_by_code(caregiver_id, before.code)
        if owner is not None and owner.shift_id == before.shift_id:
            return replace(before, generation=fanout.generation, state=OfferState.OPEN, closed_at=None)
    code = _next_code(view, caregiver_id, now, taken)
    if before is not None:
        return replace(before, generation=fanout.generation, state=OfferState.OPEN, closed_at=None, code=code)
    return Offer(shift_id=fanout.shift_id, caregiver_id=caregiver_id, generation=fanout.generation, code=code)


def _next_code(view: View, caregiver_id: str, now: datetime, taken: Collection[str]) -> str:
    def free(number: int) -> bool:
        code = str(number)
        owner = view.offer_by_code(caregiver_id, code)
        if code in taken:
            return False
        if owner is None:
            return True
        closed_at = _closed_at(owner, view.fanout(owner.shift_id))
        return closed_at is not None and closed_at + CODE_RESTS <= now

    number = view.last_code(caregiver_id) + 1
    if number > _SHORT_CODES:
        number = next((short for short in range(1, _SHORT_CODES + 1) if free(short)), number)
    while not free(number):
        number += 1
    return str(number)


def standing(
    view: View, caregiver: Caregiver, shift_id: str, now: datetime, taken: Collection[str] = ()
) -> Standing | None:
    """The caregiver's offer of that shift, None if it was never offered to them.

    While a round is being written down everybody who matches counts as offered (the brief's POST answers
    before anything is sent, so a yes may come before the round has reached its sender).
    """
    shift, fanout = view.shift(shift_id), view.fanout(shift_id)
    if shift is None or fanout is None:
        return None
    offer = view.offer(shift_id, caregiver.id)
    being_written = fanout.cursor is not None and caregiver.may_work(shift)
    if offer is None:
        holder = view.assignment(shift_id)
        if not being_written and (holder is None or holder.caregiver_id != caregiver.id):
            return None
        return Standing(renewed(view, None, fanout, caregiver.id, now, taken), fanout, shift, unwritten=True)
    if being_written and offer.state is OfferState.OPEN and offer.generation != fanout.generation:
        return Standing(renewed(view, offer, fanout, caregiver.id, now, taken), fanout, shift, unwritten=True)
    return Standing(offer, fanout, shift)


def all_standing(view: View, caregiver: Caregiver, now: datetime) -> list[Standing]:
    """Every offer of the caregiver that a reply could be about, newest first."""
    shift_ids = [offer.shift_id for offer in view.offers_of(caregiver.id)]
    known = set(shift_ids)
    reaching = (fanout.shift_id for fanout in view.unwritten(role_key(caregiver.role)))
    shift_ids.extend(shift_id for shift_id in reaching if shift_id not in known)
    found: list[Standing] = []
    taken: list[str] = []
    for shift_id in shift_ids:
        one = standing(view, caregiver, shift_id, now, taken)
        if one is not None:
            found.append(one)
            if one.unwritten:
                taken.append(one.offer.code)
    return found


def has_other_open(view: View, caregiver: Caregiver, shift_id: str) -> bool:
    """Whether the caregiver has an open offer of another shift, so that a bare yes would not be clear."""
    if any(
        offer.shift_id != shift_id and _closed_at(offer, view.fanout(offer.shift_id)) is None
        for offer in view.offers_of(caregiver.id)
    ):
        return True
    for fanout in view.unwritten(role_key(caregiver.role)):
        shift = view.shift(fanout.shift_id)
        if fanout.shift_id != shift_id and fanout.claimable and shift and caregiver.may_work(shift):
            return True
    return False
