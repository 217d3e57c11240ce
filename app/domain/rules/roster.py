"""Adding, replacing and deleting caregivers and shifts. Pure."""

from app.domain.commands import DeleteCaregiver, PutCaregiver, PutShift
from app.domain.decisions import Decision, Refusal, RefusalCode, RemoveCaregiver, Write
from app.domain.records import FanoutStatus
from app.domain.rules.fanouts import withdrawn
from app.domain.rules.offers import offers_in_context
from app.domain.state import StateReader


def put_caregiver(state: StateReader, command: PutCaregiver) -> Decision[bool | Refusal]:
    """Add or replace a caregiver. Result: whether they are new.

    Open offers that no longer fit (another role or organization, or a number that opted out) are withdrawn.
    """
    caregiver, now = command.caregiver, command.now
    owner = state.caregiver_by_phone(caregiver.phone)
    if owner is not None and owner.id != caregiver.id:
        detail = f"phone: that number belongs to caregiver {owner.id!r}"
        return Decision(Refusal(code=RefusalCode.PHONE_TAKEN, detail=detail))
    before = state.caregiver(caregiver.id)
    writes: list[Write] = [caregiver]
    if before is not None and before != caregiver:
        silent = state.opted_out(caregiver.phone)
        for about in offers_in_context(state, before, now):
            if about.open and (silent or not caregiver.may_work(about.shift)):
                writes += withdrawn(state, about, now)
    return Decision(before is None, tuple(writes))


def delete_caregiver(state: StateReader, command: DeleteCaregiver) -> Decision[bool | Refusal]:
    """Delete a caregiver and withdraw their open offers. Result: True."""
    caregiver = state.caregiver(command.caregiver_id)
    if caregiver is None:
        detail = f"there is no caregiver {command.caregiver_id!r}"
        return Decision(Refusal(code=RefusalCode.UNKNOWN_CAREGIVER, detail=detail))
    for shift in state.held_by(caregiver.id):
        if shift.end_time > command.now:
            detail = f"caregiver {caregiver.id!r} holds shift {shift.id!r}, which has not ended"
            return Decision(Refusal(code=RefusalCode.HOLDS_SHIFT, detail=detail))
    writes: list[Write] = [RemoveCaregiver(caregiver_id=caregiver.id)]
    for about in offers_in_context(state, caregiver, command.now):
        if about.open:
            writes += withdrawn(state, about, command.now)
    return Decision(True, tuple(writes))


def put_shift(state: StateReader, command: PutShift) -> Decision[bool | Refusal]:
    """Add or replace a shift. Result: whether it is new."""
    shift = command.shift
    if state.assignment(shift.id) is not None:
        detail = f"shift {shift.id!r} is claimed"
        return Decision(Refusal(code=RefusalCode.SHIFT_CLAIMED, detail=detail))
    fanout = state.fanout(shift.id)
    if fanout is not None and fanout.status is FanoutStatus.OPEN:
        detail = f"the fanout of shift {shift.id!r} is open: cancel it first"
        return Decision(Refusal(code=RefusalCode.FANOUT_OPEN, detail=detail))
    return Decision(state.shift(shift.id) is None, (shift,))
