"""The life of a fanout: the table of legal moves, starting, cancelling, and what happens when it is due.

Source of the rules: the customer's brief, which is the original description of the task (texts at once, calls after
ten minutes, only the required role). Pure.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.attention import starts_soon_at
from app.domain.attention_reasons import AttentionReason
from app.domain.commands import Advance, CancelFanout, StartFanout
from app.domain.decisions import Decision, ForgetFanout, Refusal, RefusalCode, RemoveShift, Write, unknown_shift
from app.domain.fanout_records import Fanout, FanoutStatus, OfferState
from app.domain.messages import ContactStatus
from app.domain.policy import Policy
from app.domain.records import Caregiver, Channel, Shift, role_key
from app.domain.rules import rounds
from app.domain.rules.offers import NOT_ASKED_AGAIN, OfferInContext, offer_for_generation, offers_in_context
from app.domain.rules.rounds import skip
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
    #: Somebody can accept again: the voice round found a caregiver to contact, or one opted in or fits again.
    REOPEN = "reopen"
    #: The shift ended.
    EXPIRE = "expire"


#: (status before, move) -> status after. A pair that is not in the table is not a legal move. None: no fanout yet.
MOVES: dict[tuple[FanoutStatus | None, Move], FanoutStatus] = {
    (None, Move.START): FanoutStatus.OPEN,
    (FanoutStatus.CANCELLED, Move.START): FanoutStatus.OPEN,
    # If the shift was put at another time since, or the operator allows past shifts.
    (FanoutStatus.EXPIRED, Move.START): FanoutStatus.OPEN,
    (FanoutStatus.OPEN, Move.CLAIM): FanoutStatus.CLAIMED,
    (FanoutStatus.EXHAUSTED, Move.CLAIM): FanoutStatus.CLAIMED,
    (None, Move.ASSIGN): FanoutStatus.CLAIMED,
    (FanoutStatus.OPEN, Move.ASSIGN): FanoutStatus.CLAIMED,
    (FanoutStatus.EXHAUSTED, Move.ASSIGN): FanoutStatus.CLAIMED,
    (FanoutStatus.CANCELLED, Move.ASSIGN): FanoutStatus.CLAIMED,
    (FanoutStatus.EXPIRED, Move.ASSIGN): FanoutStatus.CLAIMED,
    (FanoutStatus.CLAIMED, Move.RELEASE): FanoutStatus.CANCELLED,
    (FanoutStatus.OPEN, Move.CANCEL): FanoutStatus.CANCELLED,
    (FanoutStatus.EXHAUSTED, Move.CANCEL): FanoutStatus.CANCELLED,
    (FanoutStatus.EXPIRED, Move.CANCEL): FanoutStatus.CANCELLED,
    (FanoutStatus.OPEN, Move.EXHAUST): FanoutStatus.EXHAUSTED,
    (FanoutStatus.OPEN, Move.ESCALATE): FanoutStatus.OPEN,
    (FanoutStatus.EXHAUSTED, Move.ESCALATE): FanoutStatus.EXHAUSTED,
    (FanoutStatus.EXHAUSTED, Move.REOPEN): FanoutStatus.OPEN,
    (FanoutStatus.OPEN, Move.EXPIRE): FanoutStatus.EXPIRED,
    (FanoutStatus.EXHAUSTED, Move.EXPIRE): FanoutStatus.EXPIRED,
}


#: If the first offer should have gone out by now and has not, the fanout is due again after this time, at least.
_LOOK_AGAIN_AFTER = timedelta(seconds=1)


def with_due_time(fanout: Fanout, shift: Shift, now: datetime, policy: Policy) -> Fanout:
    """The fanout with `due_at` set to the time of its next `Advance`.

    It escalates, is put on record as unanswered, expires with its shift, and is forgotten after the retention time.
    One that started after the end of its shift does not expire. If the office is to be told that the shift starts
    soon, that is due too.
    """
    keep = timedelta(seconds=policy.retention_s)
    expires = fanout.expires(shift)
    if fanout.planned_up_to is not None:
        due_at = now
    elif fanout.closed_at is not None:
        due_at = fanout.closed_at + keep
    elif fanout.round is Channel.SMS:
        due_at = fanout.escalates_at if expires is None else min(fanout.escalates_at, expires)
    else:
        due_at = fanout.escalates_at + keep if expires is None else expires
        if fanout.status is FanoutStatus.OPEN and fanout.unanswered_at is None:
            due_at = min(fanout.answers_due_at, due_at)
    if fanout.claimable and AttentionReason.STARTS_SOON in policy.alerts and starts_soon_at(shift) > now:
        due_at = min(starts_soon_at(shift), due_at)
    return replace(fanout, due_at=due_at)


def with_status(fanout: Fanout, move: Move, now: datetime) -> Fanout:
    """The fanout after the move, if it is legal now, else as it is. Keeps the time at which it became exhausted."""
    status = MOVES.get((fanout.status, move), fanout.status)
    exhausted_at = fanout.exhausted_at or now if status is FanoutStatus.EXHAUSTED else None
    return replace(fanout, status=status, exhausted_at=exhausted_at)


def with_fewer_open_offers(fanout: Fanout, now: datetime) -> Fanout:
    """The fanout after one more caregiver can no longer accept; exhausted if none is left.

    It is not exhausted while a round is being planned: caregivers that planning has not reached count as offered.
    """
    fanout = replace(fanout, can_still_accept=fanout.can_still_accept - 1)
    if fanout.can_still_accept <= 0 and fanout.planned_up_to is None:
        fanout = with_status(fanout, Move.EXHAUST, now)
    return fanout


def start(state: StateReader, command: StartFanout, policy: Policy) -> Decision[bool | Refusal]:
    """Start the next generation, unless a fanout is open, claimed or exhausted. Result: whether it started.

    If one is open or exhausted and the command says that it is urgent, quiet hours hold its messages no longer.
    """
    shift = existing_shift(state, command.shift_id)
    if shift is None:
        return Decision(unknown_shift(command.shift_id))
    before = state.fanout(command.shift_id)
    status = MOVES.get((before.status_at(command.now, shift) if before else None, Move.START))
    if status is None:
        urgent = before is not None and command.urgent and not before.urgent and before.claimable
        if before is None or not urgent:
            return Decision(False)
        return Decision(False, (plan_again(replace(before, urgent=True), shift, command.now, policy),))
    if is_over(shift, command.now, policy):
        return Decision(refuse_past_shift(shift))
    fanout = new_fanout(state, shift, before, status, command.now, policy)
    fanout = replace(fanout, late_first=before is not None, urgent=command.urgent)
    fanout = replace(fanout, held_until=rounds.foreseen_hold(state, fanout, shift, command.now, policy))
    return Decision(True, (with_due_time(fanout, shift, command.now, policy),))


def plan_again(fanout: Fanout, shift: Shift, now: datetime, policy: Policy) -> Fanout:
    """The fanout, due now to plan its round once more: see `rounds.with_round_to_plan`."""
    return with_due_time(rounds.with_round_to_plan(fanout, now), shift, now, policy)


def new_fanout(
    state: StateReader, shift: Shift, before: Fanout | None, status: FanoutStatus, now: datetime, policy: Policy
) -> Fanout:
    """The shift's next fanout at its start, with nothing planned yet. Its wait is that of its organization.

    `before`: the one that it replaces. If that was forgotten, the log has it still, so the count continues.
    """
    last = state.forgotten_generation(shift.id) if before is None else before.generation
    organization = state.organization(shift.organization_id)
    wait_s = organization.escalate_after_s if organization is not None else None
    return Fanout(
        shift_id=shift.id,
        generation=last + 1,
        role=role_key(shift.role_required),
        status=status,
        round=Channel.SMS,
        started_at=now,
        escalates_at=now + timedelta(seconds=policy.escalate_after_s if wait_s is None else wait_s),
    )


def cancel(state: StateReader, command: CancelFanout, policy: Policy) -> Decision[bool | Refusal]:
    """Cancel the fanout. Result: whether this changed anything."""
    shift, fanout = existing_shift(state, command.shift_id), state.fanout(command.shift_id)
    if shift is None:
        return Decision(unknown_shift(command.shift_id))
    if fanout is None:
        detail = f"no fanout was started for shift {command.shift_id!r}"
        return Decision(Refusal(code=RefusalCode.NEVER_STARTED, detail=detail))
    if command.generation not in (None, fanout.generation):
        detail = f"shift {command.shift_id!r} is in generation {fanout.generation}, not {command.generation}"
        return Decision(Refusal(code=RefusalCode.OTHER_GENERATION, detail=detail))
    if fanout.status is FanoutStatus.CLAIMED:
        holding = state.assignment(shift.id)
        holder = "somebody" if holding is None else caregiver_label(state, holding.caregiver_id)
        detail = f"{holder} has shift {shift.id!r} already"
        return Decision(Refusal(code=RefusalCode.SHIFT_CLAIMED, detail=detail))
    status = MOVES.get((fanout.status_at(command.now, shift), Move.CANCEL))
    if status is None:
        return Decision(False)
    return Decision(True, (close_fanout(fanout, shift, status, command.now, policy),))


def close_fanout(
    fanout: Fanout, shift: Shift, status: FanoutStatus, now: datetime, policy: Policy, *, at: datetime | None = None
) -> Fanout:
    """The fanout with the closing `status`: claimed, cancelled (also when its holder is released) or expired.

    `at`: when it closed, if that is not `now`. Planning of an unfinished round continues, but creates no messages:
    every caregiver who counted as offered gets an offer record, so that a late yes can be answered. Caregivers who
    accepted too late last time and were not reached yet keep their precedence for the next generation.
    """
    planned_up_to = "" if fanout.late_first else fanout.planned_up_to
    fanout = replace(
        fanout,
        status=status,
        closed_at=at or now,
        exhausted_at=None,
        late_first=False,
        planned_up_to=planned_up_to,
    )
    return with_due_time(fanout, shift, now, policy)


def expire(fanout: Fanout, shift: Shift, now: datetime, policy: Policy) -> Fanout:
    """The fanout, closed by the end of its shift. `now` may be later than that: workers may be late."""
    return close_fanout(fanout, shift, MOVES[fanout.status, Move.EXPIRE], now, policy, at=shift.end_time)


def advance(state: StateReader, command: Advance, policy: Policy) -> Decision[bool]:
    """Do what is due for the fanout. Result: whether anything was due; False for an earlier generation."""
    fanout, shift, now = state.fanout(command.shift_id), state.shift(command.shift_id), command.now
    if fanout is None or shift is None or fanout.generation != command.generation:
        return Decision(False)
    early = command.forget_early and fanout.closed_at is not None
    if fanout.due_at is None or (fanout.due_at > now and not early):
        return Decision(False)
    if fanout.claimable and not fanout.claimable_at(now, shift):
        return Decision(True, (expire(fanout, shift, now, policy),))
    if fanout.planned_up_to is not None:
        return Decision(True, _plan_next_batch(state, fanout, shift, now, policy))
    if (fanout.status, Move.ESCALATE) in MOVES and fanout.round is Channel.SMS and fanout.escalates_at <= now:
        return Decision(True, (_escalate(fanout, shift, now, policy),))
    if fanout.claimable:
        changed = with_due_time(_note_unanswered(fanout, now, command.first_offer_at), shift, now, policy)
        if changed != fanout:
            return Decision(True, (changed,))
    # It is closed, or it started after the end of its shift and never expires: its retention is over.
    return Decision(True, _forget(state, fanout, shift, now))


def _escalate(fanout: Fanout, shift: Shift, now: datetime, policy: Policy) -> Fanout:
    """The fanout at the start of its voice round."""
    escalated = with_status(fanout, Move.ESCALATE, now)
    voice = replace(escalated, round=Channel.VOICE, role=role_key(shift.role_required), planned_up_to="")
    return with_due_time(voice, shift, now, policy)


def _note_unanswered(fanout: Fanout, now: datetime, first_offer_at: datetime | None) -> Fanout:
    """The fanout with the time at which nobody had answered, if answers are due; else as it is.

    `first_offer_at`: see `Advance`.
    """
    if fanout.status is not FanoutStatus.OPEN or fanout.answers_due_at > now:
        return fanout
    if first_offer_at is None:
        return replace(fanout, unanswered_at=fanout.unanswered_at or now)
    # Nobody has been asked yet: all that was planned is held.
    return replace(fanout, held_until=max(first_offer_at, now + _LOOK_AGAIN_AFTER))


def _forget(state: StateReader, fanout: Fanout, shift: Shift, now: datetime) -> tuple[Write, ...]:
    """The writes that forget the fanout, and its shift if that was deleted."""
    claimed = fanout.status is FanoutStatus.CLAIMED
    holding = state.assignment(shift.id)
    forget = ForgetFanout(
        shift_id=shift.id,
        generation=fanout.generation,
        keep_record=claimed,
        # "Can't make it? Reply NO 2" must keep its meaning until the shift is over.
        keep_offer_of=holding.caregiver_id if holding is not None and now < shift.end_time else None,
    )
    if shift.deleted_at is not None:
        return forget, RemoveShift(shift_id=shift.id)
    if claimed:
        # A later POST must still find the fanout claimed, however long ago that was.
        return forget, replace(fanout, due_at=None)
    return (forget,)


def _plan_next_batch(
    state: StateReader, fanout: Fanout, shift: Shift, now: datetime, policy: Policy
) -> tuple[Write, ...]:
    """The writes of the next batch of the round, with the fanout: reopened or exhausted if the batch makes it so."""
    writes, moved = rounds.next_batch(state, fanout, shift, now, policy)
    if moved.can_still_accept > 0:
        moved = with_status(moved, Move.REOPEN, now)
    elif moved.planned_up_to is None:
        moved = with_status(moved, Move.EXHAUST, now)
    return (*writes, with_due_time(moved, shift, now, policy))


def withdraw_offer(state: StateReader, about: OfferInContext, now: datetime) -> list[Write]:
    """The writes that withdraw an open offer from a caregiver who can no longer accept it."""
    offer = replace(about.offer.without_marks(), state=OfferState.WITHDRAWN, closed_at=now)
    writes: list[Write] = [offer]
    if not about.implied:
        writes.append(with_fewer_open_offers(about.fanout, now))
    return writes + skip_queued(state, about, now)


def after_silence(state: StateReader, caregiver: Caregiver, now: datetime) -> list[Write]:
    """What follows once messages may go to a caregiver's number again: see `reopen_offers`.

    A yes that they said while they were opted out needs nobody any more: they can say it again.
    """
    writes: list[Write] = [
        replace(offer, opted_out_yes_at=None)
        for offer in state.offers_of(caregiver.id)
        if offer.opted_out_yes_at is not None
    ]
    return writes + reopen_offers(state, caregiver, now)


def reopen_offers(state: StateReader, caregiver: Caregiver, now: datetime) -> list[Write]:
    """The writes that open the caregiver's offers again, now that messages may go to them and they match.

    Not those that they declined or were released from. Without this, a yes after a START would go to whichever offer
    closed last, even to one that they were never told about.
    """
    writes: list[Write] = []
    taken: list[str] = []
    for about in offers_in_context(state, caregiver, now):
        offer = about.offer
        if about.open or not about.claimable or offer.state in NOT_ASKED_AGAIN or not caregiver.may_work(about.shift):
            continue
        again = offer_for_generation(state, offer, about.fanout, caregiver.id, now, taken)
        taken.append(again.code)
        writes.append(again)
        fanout = replace(about.fanout, can_still_accept=about.fanout.can_still_accept + 1)
        writes.append(with_status(fanout, Move.REOPEN, now))
    return writes


def skip_queued(state: StateReader, about: OfferInContext, now: datetime, *channels: Channel) -> list[Write]:
    """The writes that skip the caregiver's queued messages about that offer. No `channels`: on every channel."""
    writes: list[Write] = []
    for channel in channels or Channel:
        contact = state.contact(about.shift.id, about.fanout.generation, channel, about.offer.caregiver_id)
        if contact is not None and contact.status is ContactStatus.QUEUED:
            writes.append(skip(contact, now))
    return writes


def existing_shift(state: StateReader, shift_id: str) -> Shift | None:
    """The shift, unless it was deleted: then its record is only there to answer late replies."""
    shift = state.shift(shift_id)
    return None if shift is None or shift.deleted_at is not None else shift


def is_over(shift: Shift, now: datetime, policy: Policy) -> bool:
    """Whether the shift has ended, so that it may no longer be offered or assigned (setting FANOUT_PAST_SHIFTS)."""
    return shift.end_time <= now and not policy.allow_past_shifts


def caregiver_label(state: StateReader, caregiver_id: str) -> str:
    """The caregiver as a refusal names them: by id and name."""
    caregiver = state.caregiver(caregiver_id)
    return f"caregiver {caregiver_id!r} ({caregiver.name})" if caregiver else f"caregiver {caregiver_id!r}"


def refuse_past_shift(shift: Shift) -> Refusal:
    """The refusal of a command that would fill a shift that has ended."""
    return Refusal(code=RefusalCode.SHIFT_OVER, detail=f"shift {shift.id!r} has ended")
