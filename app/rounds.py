"""Who is asked in a round of a fanout, who is left out and why, written down slice by slice.

Knows nothing of a fanout's status but whether it can still be claimed. Pure, like all of the core.
"""

from dataclasses import replace
from datetime import datetime

from app.messages import Write
from app.offers import NOT_ASKED_AGAIN, renewed
from app.records import (
    Channel,
    Contact,
    ContactStatus,
    Exclusion,
    ExclusionReason,
    Fanout,
    OfferState,
    Shift,
    overlap,
)
from app.view import View

#: Caregivers written down in one step; bounds how long a step holds up everything else.
SLICE = 100


def next_slice(view: View, fanout: Fanout, shift: Shift, now: datetime) -> tuple[list[Write], Fanout]:
    """Offers, contacts and exclusions of the next caregivers of the role, and the fanout that has got so far."""
    writes: list[Write] = []
    remaining = fanout.remaining
    caregivers = view.roster(fanout.role, fanout.cursor or "", SLICE)

    def leave_out(caregiver_id: str, reason: ExclusionReason | None) -> None:
        writes.append(
            Exclusion(shift_id=shift.id, generation=fanout.generation, caregiver_id=caregiver_id, reason=reason)
        )

    for caregiver in caregivers:
        if not caregiver.may_work(shift):
            leave_out(caregiver.id, ExclusionReason.OTHER_ORGANIZATION)
            continue
        before = view.offer(shift.id, caregiver.id)
        if view.opted_out(caregiver.phone):
            leave_out(caregiver.id, ExclusionReason.OPTED_OUT)
            if before is None:
                # They match, so they count as offered: back with START, they may still claim it.
                offer = renewed(view, None, fanout, caregiver.id, now)
                writes.append(replace(offer, state=OfferState.WITHDRAWN, closed_at=now))
            continue
        if before is not None and before.state in NOT_ASKED_AGAIN:
            if before.generation != fanout.generation:
                leave_out(caregiver.id, NOT_ASKED_AGAIN[before.state])
            continue
        if before is None or before.state is not OfferState.OPEN or before.generation != fanout.generation:
            writes.append(renewed(view, before, fanout, caregiver.id, now))
            remaining += 1
        if not fanout.claimable:
            continue
        if overlap(shift, view.held_by(caregiver.id)):
            leave_out(caregiver.id, ExclusionReason.CONFLICT)
            continue
        if fanout.round is Channel.VOICE:
            leave_out(caregiver.id, None)
        writes.append(
            Contact(
                shift_id=shift.id,
                generation=fanout.generation,
                channel=fanout.round,
                caregiver_id=caregiver.id,
                status=ContactStatus.QUEUED,
                updated_at=now,
            )
        )
    cursor = None if len(caregivers) < SLICE else caregivers[-1].id
    return writes, replace(fanout, remaining=remaining, cursor=cursor)
