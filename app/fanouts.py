"""A fanout's life: the table of legal moves, starting, cancelling, and what falls due.

Source of the rules: the brief (SMS at once, calls after ten minutes, only the required role). Pure, like all
of the core.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from app.messages import (
    Advance,
    CancelFanout,
    Decision,
    ForgetFanout,
    Policy,
    Refusal,
    RefusalCode,
    StartFanout,
    Write,
)
from app.offers import renewed
from app.records import (
    Channel,
    Contact,
    ContactStatus,
    Exclusion,
    ExclusionReason,
    Fanout,
    FanoutStatus,
    OfferState,
    Shift,
    overlap,
    role_key,
)
from app.view import View

#: Caregivers written down in one step; bounds how long a step holds up everything else.
SLICE = 100


class Move(StrEnum):
    """What can happen to a fanout."""

    START = "start"
    CLAIM = "claim"
    CANCEL = "cancel"
    #: Nobody is left who could still say yes.
    EXHAUST = "exhaust"
    #: The voice round starts.
    ESCALATE = "escalate"
    #: The voice round found somebody to ask.
    REOPEN = "reopen"


#: (status before, move) -> status after. What is not here does not happen. None: there is no fanout yet.
MOVES: dict[tuple[FanoutStatus | None, Move], FanoutStatus] = {
    (None, Move.START): FanoutStatus.OPEN,
    (FanoutStatus.CANCELLED, Move.START): FanoutStatus.OPEN,
    (FanoutStatus.OPEN, Move.CLAIM): FanoutStatus.CLAIMED,
    (FanoutStatus.EXHAUSTED, Move.CLAIM): FanoutStatus.CLAIMED,
    (FanoutStatus.OPEN, Move.CANCEL): FanoutStatus.CANCELLED,
    (FanoutStatus.EXHAUSTED, Move.CANCEL): FanoutStatus.CANCELLED,
    (FanoutStatus.OPEN, Move.EXHAUST): FanoutStatus.EXHAUSTED,
    (FanoutStatus.OPEN, Move.ESCALATE): FanoutStatus.OPEN,
    (FanoutStatus.EXHAUSTED, Move.ESCALATE): FanoutStatus.EXHAUSTED,
    (FanoutStatus.EXHAUSTED, Move.REOPEN): FanoutStatus.OPEN,
}


def scheduled(fanout: Fanout, shift: Shift, now: datetime, policy: Policy) -> Fanout:
    """The fanout with `due_at` set to when it next needs `Advance`.

    One that was never filled is kept until its shift is over; then it is kept as long as a closed one.
    """
    keep = timedelta(seconds=policy.retention_s)
    if fanout.cursor is not None:
        due_at = now
    elif fanout.closed_at is not None:
        due_at = fanout.closed_at + keep
    elif fanout.round is Channel.SMS:
        due_at = fanout.escalates_at
    else:
        due_at = max(now, shift.end_time) + keep
    return replace(fanout, due_at=due_at)


def fewer(fanout: Fanout, by: int = 1) -> Fanout:
    """The fanout after `by` caregivers can no longer say yes; exhausted if nobody is left.

    Not while a round is still being written down: whoever is yet to be reached counts as offered too.
    """
    left = fanout.remaining - by
    status = fanout.status
    if left <= 0 and fanout.cursor is None:
        status = MOVES.get((status, Move.EXHAUST), status)
    return replace(fanout, remaining=left, status=status)


def start(view: View, command: StartFanout, policy: Policy) -> Decision[bool | Refusal]:
    """Start the next generation, unless one is under way or the shift is filled. Result: whether it started."""
    shift = view.shift(command.shift_id)
    if shift is None:
        return Decision(_unknown_shift(command.shift_id))
    before = view.fanout(command.shift_id)
    status = MOVES.get((before.status if before else None, Move.START))
    if status is None:
        return Decision(False)
    fanout = Fanout(
        shift_id=shift.id,
        generation=before.generation + 1 if before else 1,
        role=role_key(shift.role_required),
        status=status,
        round=Channel.SMS,
        started_at=command.now,
        escalates_at=command.now + timedelta(seconds=policy.escalate_after_s),
    )
    return Decision(True, (scheduled(fanout, shift, command.now, policy),))


def cancel(view: View, command: CancelFanout, policy: Policy) -> Decision[bool | Refusal]:
    """Cancel the fanout. Result: whether it was still going."""
    shift, fanout = view.shift(command.shift_id), view.fanout(command.shift_id)
    if shift is None:
        return Decision(_unknown_shift(command.shift_id))
    if fanout is None:
        detail = f"no fanout was started for shift {command.shift_id!r}"
        return Decision(Refusal(code=RefusalCode.NEVER_STARTED, detail=detail))
    if fanout.status is FanoutStatus.CLAIMED:
        detail = f"shift {command.shift_id!r} is claimed already"
        return Decision(Refusal(code=RefusalCode.SHIFT_CLAIMED, detail=detail))
    status = MOVES.get((fanout.status, Move.CANCEL))
    if status is None:
        return Decision(False)
    return Decision(True, (closed(fanout, shift, status, command.now, policy),))


def closed(fanout: Fanout, shift: Shift, status: FanoutStatus, now: datetime, policy: Policy) -> Fanout:
    """The fanout, claimed or cancelled at `now`.

    A round that is still being written down goes on being so, without messages: everybody who counted as
    offered can then be told that the shift is gone.
    """
    return scheduled(replace(fanout, status=status, closed_at=now), shift, now, policy)


def advance(view: View, command: Advance, policy: Policy) -> Decision[bool]:
    """Do what is due. Result: whether anything was; nothing is, for a generation that is over."""
    fanout, shift = view.fanout(command.shift_id), view.shift(command.shift_id)
    if fanout is None or shift is None or fanout.generation != command.generation:
        return Decision(False)
    if fanout.due_at is None or fanout.due_at > command.now:
        return Decision(False)
    if fanout.cursor is not None:
        return Decision(True, _next_slice(view, fanout, shift, command.now, policy))
    status = MOVES.get((fanout.status, Move.ESCALATE))
    if status is not None and fanout.round is Channel.SMS:
        voice = replace(fanout, status=status, round=Channel.VOICE, role=role_key(shift.role_required), cursor="")
        return Decision(True, (scheduled(voice, shift, command.now, policy),))
    claimed = fanout.status is FanoutStatus.CLAIMED
    writes: list[Write] = [
        ForgetFanout(shift_id=shift.id, generation=fanout.generation, keep_record=claimed),
    ]
    if claimed:
        # A post of the fanout must still find it claimed, however long ago that was.
        writes.append(replace(fanout, due_at=None))
    return Decision(True, tuple(writes))


def _next_slice(view: View, fanout: Fanout, shift: Shift, now: datetime, policy: Policy) -> tuple[Write, ...]:
    """Offers, contacts and exclusions of the next caregivers of the role, and the fanout moved on."""
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
        if before is not None and before.state is OfferState.DECLINED:
            if before.generation != fanout.generation:
                leave_out(caregiver.id, ExclusionReason.DECLINED)
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
    done = len(caregivers) < SLICE
    status = fanout.status
    if remaining > 0:
        status = MOVES.get((status, Move.REOPEN), status)
    elif done:
        status = MOVES.get((status, Move.EXHAUST), status)
    moved = replace(fanout, status=status, remaining=remaining, cursor=None if done else caregivers[-1].id)
    writes.append(scheduled(moved, shift, now, policy))
    return tuple(writes)


def _unknown_shift(shift_id: str) -> Refusal:
    return Refusal(code=RefusalCode.UNKNOWN_SHIFT, detail=f"there is no shift {shift_id!r}")
