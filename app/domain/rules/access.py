"""What somebody who acts for one organization may touch (`within` of a command). Pure.

Checked in the transition of the command itself, so that no race moves a record out of its organization. Another
organization's record is unknown to them. A caregiver who works for several, or for all, can be asked and assigned,
but not changed: that would change what the others have.
"""

from typing import assert_never

from app.domain.commands import (
    Advance,
    Assign,
    CancelFanout,
    Command,
    DeleteCaregiver,
    DeleteOrganization,
    DeleteShift,
    EndCall,
    FindOffer,
    OptIn,
    PutCaregiver,
    PutOrganization,
    PutShift,
    RecordDelivery,
    RecordSending,
    Release,
    Reply,
    SendText,
    StartFanout,
    TellOffice,
)
from app.domain.decisions import Refusal, RefusalCode, unknown_caregiver, unknown_shift
from app.domain.reading import Intent
from app.domain.records import Answer, Caregiver, Outcome
from app.domain.state import StateReader


def refusal_of_outsider(state: StateReader, command: Command) -> Refusal | None:
    """Why the sender may not do this; None if they may."""
    within: str | None = getattr(command, "within", None)
    if within is None:
        return None
    match command:
        case PutShift():
            refusal = _unless_own_shift(state, command.shift.id, within)
            if refusal is None and command.shift.organization_id != within:
                refusal = _other_organization("a shift", within)
        case DeleteShift() | StartFanout() | CancelFanout() | Release():
            refusal = _unless_own_shift(state, command.shift_id, within)
        case Assign() | SendText():
            refusal = _unless_own_shift(state, command.shift_id, within)
            caregiver = state.caregiver(command.caregiver_id)
            if refusal is None and caregiver is not None and not caregiver.works_for(within):
                refusal = unknown_caregiver(command.caregiver_id)
        case PutCaregiver():
            refusal = _unless_own_caregiver(state.caregiver(command.caregiver.id), within)
            if refusal is None and command.caregiver.organization_ids != (within,):
                refusal = _other_organization("a caregiver", within)
        case DeleteCaregiver() | OptIn():
            refusal = _unless_own_caregiver(state.caregiver(command.caregiver_id), within)
        case Reply() | RecordDelivery():
            # Never refused, because a gateway must not repeat them: see `answer_for_sender` and `record_delivery`.
            refusal = None
        case (
            PutOrganization()
            | DeleteOrganization()
            | TellOffice()
            | Advance()
            | FindOffer()
            | RecordSending()
            | EndCall()
        ):
            # They have no `within`: only who acts for all organizations, or the service itself, makes them.
            refusal = None
        case _:
            # A new command must be named above, or it would be allowed to everybody.
            assert_never(command)
    return refusal


def may_see_shift(state: StateReader, shift_id: str | None, within: str | None) -> bool:
    """Whether somebody who acts for `within` may hear of that shift. No shift is for everybody."""
    shift = None if shift_id is None or within is None else state.shift(shift_id)
    return shift is None or shift.organization_id == within


def answer_for_sender(state: StateReader, command: Reply, answer: Answer) -> tuple[Answer, bool]:
    """The answer as the gateway or office that passes the reply on may see it, and whether the decision stands.

    It does not stand if they act for an organization for which the caregiver does not work, or whose shift the reply
    is not about: whoever answers one agency says nothing to another one. A STOP stands: it is about the number.
    """
    within = command.within
    if within is None:
        return answer, True
    is_stop = command.reading.intent is Intent.STOP
    caregiver = state.caregiver_by_phone(command.phone)
    if caregiver is not None and not caregiver.works_for(within):
        return Answer(outcome=Outcome.UNKNOWN_SENDER), is_stop
    about = (None if is_stop else command.shift_id, answer.shift_id, *(choice.shift_id for choice in answer.choices))
    if not all(may_see_shift(state, shift_id, within) for shift_id in about):
        return Answer(outcome=Outcome.NO_OFFER, caregiver_id=answer.caregiver_id), False
    return answer, True


def _unless_own_shift(state: StateReader, shift_id: str, within: str) -> Refusal | None:
    return None if may_see_shift(state, shift_id, within) else unknown_shift(shift_id)


def _unless_own_caregiver(before: Caregiver | None, within: str) -> Refusal | None:
    if before is None or before.organization_ids == (within,):
        return None
    if not before.works_for(within):
        return unknown_caregiver(before.id)
    detail = f"caregiver {before.id!r} does not work for {within!r} only: a key for all organizations must do this"
    return Refusal(code=RefusalCode.SHARED_CAREGIVER, detail=detail)


def _other_organization(what: str, within: str) -> Refusal:
    detail = f"this key may store {what} only with the one organization {within!r}"
    return Refusal(code=RefusalCode.OTHER_ORGANIZATION, detail=detail)
