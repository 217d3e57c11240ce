"""Who is asked in a round of a fanout, who is left out and why, written down slice by slice.

Knows nothing of a fanout's status but whether it can still be claimed. Pure, like all of the core.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from app.domain.decisions import Write
from app.domain.records import (
    Caregiver,
    Channel,
    Contact,
    ContactStatus,
    Exclusion,
    ExclusionReason,
    Fanout,
    Offer,
    OfferState,
    Shift,
    overlap,
)
from app.domain.rules.offers import NOT_ASKED_AGAIN, offer_for_generation
from app.domain.state import StateReader

#: Caregivers written down in one step; bounds how long a step holds up everything else.
SLICE = 100


def next_slice(state: StateReader, fanout: Fanout, shift: Shift, now: datetime) -> tuple[list[Write], Fanout]:
    """Offers, contacts and exclusions of the next caregivers, and the fanout that has got so far.

    First those whose yes came too late in an earlier generation, in the order of their answers; then the role,
    by id.
    """
    part = _Slice(state, fanout, shift, now, can_still_accept=fanout.can_still_accept)
    late = state.late(shift.id, SLICE) if fanout.late_first else ()
    for offer in late:
        part.ask_late(offer)
    if late:
        return part.writes, replace(
            fanout, can_still_accept=part.can_still_accept, planned_up_to=late[-1].caregiver_id
        )
    cursor: str | None = "" if fanout.late_first else fanout.planned_up_to
    caregivers = state.roster(fanout.role, cursor or "", SLICE)
    for caregiver in caregivers:
        if state.contact(shift.id, fanout.generation, fanout.round, caregiver.id) is None:
            part.ask(caregiver, state.offer(shift.id, caregiver.id))
    cursor = None if len(caregivers) < SLICE else caregivers[-1].id
    return part.writes, replace(
        fanout, can_still_accept=part.can_still_accept, planned_up_to=cursor, late_first=False
    )


@dataclass
class _Slice:
    """What is written down in one step, and how many could still say yes after it."""

    state: StateReader
    fanout: Fanout
    shift: Shift
    now: datetime
    can_still_accept: int
    writes: list[Write] = field(default_factory=list)

    def ask_late(self, offer: Offer) -> None:
        """Ask somebody whose yes came too late, if they still match."""
        offer = replace(offer, accepted_late_at=None)
        self.writes.append(offer)
        caregiver = self.state.caregiver(offer.caregiver_id)
        if caregiver is not None and caregiver.may_work(self.shift):
            self.ask(caregiver, offer)

    def ask(self, caregiver: Caregiver, before: Offer | None) -> None:
        """Queue a message to the caregiver, or note why none goes to them. `before`: their offer so far."""
        if not caregiver.may_work(self.shift):
            self._leave_out(caregiver, ExclusionReason.OTHER_ORGANIZATION)
        elif self.state.opted_out(caregiver.phone):
            self._leave_out(caregiver, ExclusionReason.OPTED_OUT)
            if before is None:
                # They match, so they count as offered: back with START, they may still claim it.
                offer = offer_for_generation(self.state, None, self.fanout, caregiver.id, self.now)
                self.writes.append(replace(offer, state=OfferState.WITHDRAWN, closed_at=self.now))
        elif before is not None and before.state in NOT_ASKED_AGAIN:
            if before.generation != self.fanout.generation:
                self._leave_out(caregiver, NOT_ASKED_AGAIN[before.state])
        else:
            self._offer(caregiver, before)

    def _offer(self, caregiver: Caregiver, before: Offer | None) -> None:
        shift, fanout = self.shift, self.fanout
        if before is None or before.state is not OfferState.OPEN or before.generation != fanout.generation:
            self.writes.append(offer_for_generation(self.state, before, fanout, caregiver.id, self.now))
            self.can_still_accept += 1
        if not fanout.claimable:
            return
        if overlap(shift, self.state.held_by(caregiver.id)):
            self._leave_out(caregiver, ExclusionReason.CONFLICT)
            return
        if fanout.round is Channel.VOICE:
            self._leave_out(caregiver, None)
        self.writes.append(
            Contact(
                shift_id=shift.id,
                generation=fanout.generation,
                channel=fanout.round,
                caregiver_id=caregiver.id,
                status=ContactStatus.QUEUED,
                updated_at=self.now,
            )
        )

    def _leave_out(self, caregiver: Caregiver, reason: ExclusionReason | None) -> None:
        self.writes.append(
            Exclusion(
                shift_id=self.shift.id,
                generation=self.fanout.generation,
                caregiver_id=caregiver.id,
                reason=reason,
            )
        )
