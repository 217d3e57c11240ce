"""A coordinator assigns a shift by hand, or releases its holder. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.commands import Assign, DeleteShift, Release
from app.domain.decisions import Decision, Refusal, RefusalCode, Unassign, Write, unknown_caregiver, unknown_shift
from app.domain.fanout_records import Fanout, Offer, OfferState
from app.domain.messages import Notice
from app.domain.policy import Policy
from app.domain.records import Assignment, Caregiver, Kind, Shift
from app.domain.rules.access import may_see_shift
from app.domain.rules.conflicts import conflict_of
from app.domain.rules.fanouts import (
    MOVES,
    Move,
    caregiver_label,
    close_fanout,
    existing_shift,
    is_over,
    new_fanout,
    refuse_past_shift,
)
from app.domain.rules.notices import new_notice, text_about
from app.domain.rules.offers import offer_for_generation
from app.domain.state import StateReader

#: The kinds of notice that tell a caregiver about holding a shift. They are sent again if the caregiver gets the
#: shift again.
_ABOUT_A_HOLDING = frozenset({Kind.CONFIRMATION, Kind.RELEASE_REQUESTED})


def assign(state: StateReader, command: Assign, policy: Policy) -> Decision[bool | Refusal]:
    """Assign the shift to the caregiver, whether they were asked or not. Result: whether this changed the holder.

    A caregiver who opted out can be assigned; only the confirmation is not sent.
    """
    shift, caregiver = existing_shift(state, command.shift_id), state.caregiver(command.caregiver_id)
    if shift is None:
        return Decision(unknown_shift(command.shift_id))
    if caregiver is None:
        return Decision(unknown_caregiver(command.caregiver_id))
    holding = state.assignment(shift.id)
    if holding is not None and holding.caregiver_id == caregiver.id:
        return Decision(False)
    if is_over(shift, command.now, policy):
        return Decision(refuse_past_shift(shift))
    refusal = _obstacle(state, shift, caregiver, holding, command.within)
    if refusal is not None:
        return Decision(refusal)
    before = state.fanout(shift.id)
    status = MOVES[before.status if before else None, Move.ASSIGN]
    # A shift without a fanout gets one that is already claimed, so that a later POST finds it claimed.
    fanout = before or replace(new_fanout(state, shift, None, status, command.now, policy), planned_up_to=None)
    offer = _offer(state, fanout, caregiver.id, command.now)
    return Decision(
        True,
        (
            Assignment(shift_id=shift.id, caregiver_id=caregiver.id, claimed_at=command.now, claimed_via=None),
            close_fanout(fanout, shift, status, command.now, policy),
            replace(offer.without_marks(), notices_sent=(*offer.notices_sent, Kind.CONFIRMATION)),
            _notice(state, command, Kind.CONFIRMATION, caregiver, shift, offer.code, policy),
        ),
    )


def _obstacle(
    state: StateReader, shift: Shift, caregiver: Caregiver, holding: Assignment | None, within: str | None
) -> Refusal | None:
    """Why the caregiver can't have the shift; None if they can. `within`: see `app.domain.commands`."""
    if holding is not None:
        detail = f"{caregiver_label(state, holding.caregiver_id)} has shift {shift.id!r}: release it first"
        return Refusal(code=RefusalCode.SHIFT_CLAIMED, detail=detail)
    if not caregiver.may_work(shift):
        noun = "role" if len(caregiver.roles) == 1 else "roles"
        detail = (
            f"shift {shift.id!r} needs role {shift.role_required!r} for organization {shift.organization_id!r}; "
            f"{caregiver_label(state, caregiver.id)} has {noun} {_listed(caregiver.roles)}"
        )
        if caregiver.organization_ids:
            detail += f" and works for {_listed(caregiver.organization_ids)}"
        return Refusal(code=RefusalCode.NOT_QUALIFIED, detail=detail)
    conflict = conflict_of(state, shift, caregiver)
    if conflict is not None:
        other_id = conflict.other.id
        which = f"shift {other_id!r}" if may_see_shift(state, other_id, within) else "another shift"
        detail = f"{caregiver_label(state, caregiver.id)} has {which} "
        if conflict.rest is None:
            detail += "at that time"
        else:
            detail += f"with less than {conflict.rest / timedelta(hours=1):g} h of rest in between"
        return Refusal(code=RefusalCode.CONFLICT, detail=detail)
    return None


def _listed(values: Iterable[str]) -> str:
    return " and ".join(map(repr, values))


def release(state: StateReader, command: Release, policy: Policy) -> Decision[bool | Refusal]:
    """Release the holder of the shift. Result: whether there was one.

    Refused if the caller names a holder who is not the current one: the caller's information is out of date.
    The fanout becomes cancelled, so that a POST starts the next generation, which leaves out the released caregiver.
    """
    shift, fanout = existing_shift(state, command.shift_id), state.fanout(command.shift_id)
    if shift is None:
        return Decision(unknown_shift(command.shift_id))
    holding = state.assignment(shift.id)
    if holding is None or fanout is None:
        return Decision(False)
    if command.held_by not in (None, holding.caregiver_id):
        holder = caregiver_label(state, holding.caregiver_id)
        detail = f"{holder} has shift {shift.id!r} now, not caregiver {command.held_by!r}"
        return Decision(Refusal(code=RefusalCode.SHIFT_CLAIMED, detail=detail))
    return Decision(True, tuple(release_holder(state, shift, fanout, holding, command, policy)))


def release_holder(
    state: StateReader,
    shift: Shift,
    fanout: Fanout,
    holding: Assignment,
    command: Release | DeleteShift,
    policy: Policy,
) -> list[Write]:
    """The writes that take the shift from its holder, who is told unless it has ended. Its fanout is cancelled."""
    offer = _offer(state, fanout, holding.caregiver_id, command.now)
    notices_sent = tuple(kind for kind in offer.notices_sent if kind not in _ABOUT_A_HOLDING)
    writes: list[Write] = [
        Unassign(shift_id=shift.id, released=isinstance(command, Release) or shift.end_time > command.now),
        close_fanout(fanout, shift, MOVES[fanout.status, Move.RELEASE], command.now, policy),
        replace(
            offer.without_marks(),
            state=OfferState.RELEASED,
            closed_at=command.now,
            notices_sent=notices_sent,
            accepted_late_at=None,
        ),
    ]
    caregiver = state.caregiver(holding.caregiver_id)
    if caregiver is not None and shift.end_time > command.now:
        writes.append(_notice(state, command, Kind.RELEASED, caregiver, shift, offer.code, policy))
    return writes


def _offer(state: StateReader, fanout: Fanout, caregiver_id: str, now: datetime) -> Offer:
    """The caregiver's offer for the fanout's generation, created if missing: their later replies refer to it."""
    return offer_for_generation(state, state.offer(fanout.shift_id, caregiver_id), fanout, caregiver_id, now)


def _notice(
    state: StateReader,
    command: Assign | Release | DeleteShift,
    kind: Kind,
    caregiver: Caregiver,
    shift: Shift,
    code: str,
    policy: Policy,
) -> Notice:
    return new_notice(
        id_=command.notice_id,
        kind=kind,
        caregiver=caregiver,
        phone=caregiver.phone,
        body=text_about(state, kind, caregiver, shift, code, command.now, policy),
        shift=shift,
        now=command.now,
    )
