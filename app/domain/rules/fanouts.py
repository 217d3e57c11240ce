"""The life of a fanout: the table of legal moves, starting, cancelling, and what happens when it is due.

Source of the rules: the customer's brief, which is the original description of the task (texts at once, calls after
ten minutes, only the required role). Pure.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.commands import Advance, CancelFanout, StartFanout
from app.domain.decisions import Decision, ForgetFanout, Refusal, RefusalCode, Write
from app.domain.policy import Policy
from app.domain.records import Channel, Contact, ContactStatus, Fanout, FanoutStatus, OfferState, Shift, role_key
from app.domain.rules import rounds
from app.domain.rules.offers import OfferInContext
from app.domain.state import StateReader


class Move(StrEnum):
    """An event in the life of a fanout."""

    START = "start"
    CLAIM = "claim"
    CANCEL = "cancel"
    #: A coordinator assigns the shift, to a caregiver who was asked or to another.
    ASSIGN = "assign"
    #: A coordinator releases the holder.
    RELEASE = "release"
    #: No caregiver is left who can still accept.
    EXHAUST = "exhaust"
    #: The voice round starts.
    ESCALATE = "escalate"
    #: The voice round found a caregiver to contact.
    REOPEN = "reopen"


#: (status before, move) -> status after. A pair that is not in the table is not a legal move. None: no fanout yet.
MOVES: dict[tuple[FanoutStatus | None, Move], FanoutStatus] = {
    (None, Move.START): FanoutStatus.OPEN,
    (FanoutStatus.CANCELLED, Move.START): FanoutStatus.OPEN,
    (FanoutStatus.OPEN, Move.CLAIM): FanoutStatus.CLAIMED,
    (FanoutStatus.EXHAUSTED, Move.CLAIM): FanoutStatus.CLAIMED,
    (None, Move.ASSIGN): FanoutStatus.CLAIMED,
    (FanoutStatus.OPEN, Move.ASSIGN): FanoutStatus.CLAIMED,
    (FanoutStatus.EXHAUSTED, Move.ASSIGN): FanoutStatus.CLAIMED,
    (FanoutStatus.CANCELLED, Move.ASSIGN): FanoutStatus.CLAIMED,
    (FanoutStatus.CLAIMED, Move.RELEASE): FanoutStatus.CANCELLED,
    (FanoutStatus.OPEN, Move.CANCEL): FanoutStatus.CANCELLED,
    (FanoutStatus.EXHAUSTED, Move.CANCEL): FanoutStatus.CANCELLED,
    (FanoutStatus.OPEN, Move.EXHAUST): FanoutStatus.EXHAUSTED,
    (FanoutStatus.OPEN, Move.ESCALATE): FanoutStatus.OPEN,
    (FanoutStatus.EXHAUSTED, Move.ESCALATE): FanoutStatus.EXHAUSTED,
    (FanoutStatus.EXHAUSTED, Move.REOPEN): FanoutStatus.OPEN,
}


def with_due_time(fanout: Fanout, shift: Shift, now: datetime, policy: Policy) -> Fanout:
    """The fanout with `due_at` set to the time of its next `Advance`.

    A closed fanout is forgotten `retention_s` after it closed. An unfilled fanout that nobody closed is forgotten
    `retention_s` after its shift has ended.
    """
    keep = timedelta(seconds=policy.retention_s)
    if fanout.planned_up_to is not None:
        due_at = now
    elif fanout.closed_at is not None:
        due_at = fanout.closed_at + keep
    elif fanout.round is Channel.SMS:
        due_at = fanout.escalates_at
    else:
        due_at = max(now, shift.end_time) + keep
    return replace(fanout, due_at=due_at)


def without_candidates(fanout: Fanout, by: int = 1) -> Fanout:
    """The fanout with `by` fewer open offers; exhausted if none is left.

    It is not exhausted while a round is being planned: caregivers that planning has not reached count as offered.
    """
    left = fanout.can_still_accept - by
    status = fanout.status
    if left <= 0 and fanout.planned_up_to is None:
        status = MOVES.get((status, Move.EXHAUST), status)
    return replace(fanout, can_still_accept=left, status=status)


def start(state: StateReader, command: StartFanout, policy: Policy) -> Decision[bool | Refusal]:
    """Start the next generation, unless a fanout is open, claimed or exhausted. Result: whether it started."""
    shift = state.shift(command.shift_id)
    if shift is None:
        return Decision(unknown_shift(command.shift_id))
    before = state.fanout(command.shift_id)
    status = MOVES.get((before.status if before else None, Move.START))
    if status is None:
        return Decision(False)
    fanout = new_fanout(shift, before.generation + 1 if before else 1, status, command.now, policy)
    fanout = replace(fanout, late_first=before is not None)
    return Decision(True, (with_due_time(fanout, shift, command.now, policy),))


def new_fanout(shift: Shift, generation: int, status: FanoutStatus, now: datetime, policy: Policy) -> Fanout:
    """A fanout of that generation at its start, with nothing planned yet."""
    return Fanout(
        shift_id=shift.id,
        generation=generation,
        role=role_key(shift.role_required),
        status=status,
        round=Channel.SMS,
        started_at=now,
        escalates_at=now + timedelta(seconds=policy.escalate_after_s),
    )


def cancel(state: StateReader, command: CancelFanout, policy: Policy) -> Decision[bool | Refusal]:
    """Cancel the fanout. Result: whether this changed anything."""
    shift, fanout = state.shift(command.shift_id), state.fanout(command.shift_id)
    if shift is None:
        return Decision(unknown_shift(command.shift_id))
    if fanout is None:
        detail = f"no fanout was started for shift {command.shift_id!r}"
        return Decision(Refusal(code=RefusalCode.NEVER_STARTED, detail=detail))
    if fanout.status is FanoutStatus.CLAIMED:
        detail = f"shift {command.shift_id!r} is claimed already"
        return Decision(Refusal(code=RefusalCode.SHIFT_CLAIMED, detail=detail))
    status = MOVES.get((fanout.status, Move.CANCEL))
    if status is None:
        return Decision(False)
    return Decision(True, (close_fanout(fanout, shift, status, command.now, policy),))


def close_fanout(fanout: Fanout, shift: Shift, status: FanoutStatus, now: datetime, policy: Policy) -> Fanout:
    """The fanout with the closing `status` at `now`: claimed, or cancelled (also when the holder is released).

    Planning of an unfinished round continues, but creates no messages: every caregiver who counted as offered gets an
    offer record, so that a late yes can be answered. Caregivers who accepted too late last time and were not reached
    yet keep their precedence for the next generation.
    """
    planned_up_to = "" if fanout.late_first else fanout.planned_up_to
    fanout = replace(fanout, status=status, closed_at=now, late_first=False, planned_up_to=planned_up_to)
    return with_due_time(fanout, shift, now, policy)


def advance(state: StateReader, command: Advance, policy: Policy) -> Decision[bool]:
    """Do what is due for the fanout. Result: whether anything was due; False for an earlier generation."""
    fanout, shift = state.fanout(command.shift_id), state.shift(command.shift_id)
    if fanout is None or shift is None or fanout.generation != command.generation:
        return Decision(False)
    if fanout.due_at is None or fanout.due_at > command.now:
        return Decision(False)
    if fanout.planned_up_to is not None:
        return Decision(True, _plan_next_batch(state, fanout, shift, command.now, policy))
    status = MOVES.get((fanout.status, Move.ESCALATE))
    if status is not None and fanout.round is Channel.SMS:
        voice = replace(
            fanout, status=status, round=Channel.VOICE, role=role_key(shift.role_required), planned_up_to=""
        )
        return Decision(True, (with_due_time(voice, shift, command.now, policy),))
    claimed = fanout.status is FanoutStatus.CLAIMED
    writes: list[Write] = [
        ForgetFanout(shift_id=shift.id, generation=fanout.generation, keep_record=claimed),
    ]
    if claimed:
        # A later POST must still find the fanout claimed, however long ago that was.
        writes.append(replace(fanout, due_at=None))
    return Decision(True, tuple(writes))


def _plan_next_batch(
    state: StateReader, fanout: Fanout, shift: Shift, now: datetime, policy: Policy
) -> tuple[Write, ...]:
    """The writes of the next batch of the round, with the fanout: reopened or exhausted if the batch makes it so."""
    writes, moved = rounds.next_batch(state, fanout, shift, now)
    status = moved.status
    if moved.can_still_accept > 0:
        status = MOVES.get((status, Move.REOPEN), status)
    elif moved.planned_up_to is None:
        status = MOVES.get((status, Move.EXHAUST), status)
    return (*writes, with_due_time(replace(moved, status=status), shift, now, policy))


def skipped(contact: Contact, now: datetime, error: str | None = None) -> Contact:
    """A copy of the contact with status `skipped`, or `unknown` if an earlier try may have been sent."""
    status = ContactStatus.UNKNOWN if contact.maybe_sent else ContactStatus.SKIPPED
    return replace(contact, status=status, updated_at=now, error=error or contact.error, due_at=None, body=None)


def withdrawn(state: StateReader, about: OfferInContext, now: datetime) -> list[Write]:
    """The writes that withdraw an open offer from a caregiver who can no longer accept it."""
    writes: list[Write] = [replace(about.offer, state=OfferState.WITHDRAWN, closed_at=now)]
    if not about.implied:
        writes.append(without_candidates(about.fanout))
    return writes + skip_queued(state, about, now)


def skip_queued(state: StateReader, about: OfferInContext, now: datetime) -> list[Write]:
    """The writes that skip the caregiver's queued messages about that offer."""
    writes: list[Write] = []
    for channel in Channel:
        contact = state.contact(about.shift.id, about.fanout.generation, channel, about.offer.caregiver_id)
        if contact is not None and contact.status is ContactStatus.QUEUED:
            writes.append(skipped(contact, now))
    return writes


def unknown_shift(shift_id: str) -> Refusal:
    """The refusal of a command about a shift that does not exist."""
    return Refusal(code=RefusalCode.UNKNOWN_SHIFT, detail=f"there is no shift {shift_id!r}")
