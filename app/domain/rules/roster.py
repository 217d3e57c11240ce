"""Adding, replacing and deleting organizations, caregivers and shifts. Pure."""

from dataclasses import replace

from app.domain.commands import (
    DeleteCaregiver,
    DeleteOrganization,
    DeleteShift,
    OptIn,
    PutCaregiver,
    PutOrganization,
    PutShift,
)
from app.domain.decisions import (
    Decision,
    Refusal,
    RefusalCode,
    RemoveCaregiver,
    RemoveOrganization,
    RemoveShift,
    Write,
    unknown_caregiver,
    unknown_organization,
    unknown_shift,
)
from app.domain.fanout_records import FanoutStatus
from app.domain.policy import Policy
from app.domain.records import Caregiver, Organization, QuietHours
from app.domain.rules.access import may_see_shift
from app.domain.rules.assignments import release_holder
from app.domain.rules.fanouts import (
    MOVES,
    Move,
    after_silence,
    close_fanout,
    existing_shift,
    expire,
    plan_again,
    reopen_offers,
    with_due_time,
    withdraw_offer,
)
from app.domain.rules.offers import offers_in_context, without_marks
from app.domain.rules.rounds import holds_message_to
from app.domain.state import StateReader


def put_caregiver(state: StateReader, command: PutCaregiver, policy: Policy) -> Decision[bool | Refusal]:
    """Add or replace a caregiver. Result: whether they are new. One that is the same as before is not written.

    Open offers that no longer fit (another role or organization, or a number that no message may go to) are
    withdrawn, and those that fit again are open again. Shifts they hold stay theirs; one that no longer fits is
    marked for a coordinator to see. In another zone, quiet hours may hold messages to them until another time.
    """
    caregiver, now = command.caregiver, command.now
    owner = state.caregiver_by_phone(caregiver.phone)
    if owner is not None and owner.id != caregiver.id:
        visible = command.within is None or owner.works_for(command.within)
        detail = f"phone: that number belongs to {f'caregiver {owner.id!r}' if visible else 'another caregiver'}"
        return Decision(Refusal(code=RefusalCode.PHONE_TAKEN, detail=detail))
    before = state.caregiver(caregiver.id)
    if before == caregiver:
        return Decision(False)
    writes: list[Write] = [caregiver]
    if before is not None:
        silent = state.number(caregiver.phone).silence_for(caregiver.id) is not None
        writes += _marks_that_no_longer_count(state, caregiver)
        moved = before.time_zone != caregiver.time_zone
        for about in offers_in_context(state, before, now):
            if about.open and (silent or not caregiver.may_work(about.shift)):
                writes += withdraw_offer(state, about, now)
            elif about.open and moved and holds_message_to(state, about.fanout, caregiver.id, now):
                writes.append(plan_again(about.fanout, about.shift, now, policy))
        if not silent:
            writes += reopen_offers(state, caregiver, now)
        writes += _marks_of_held_shifts(state, caregiver, command)
    return Decision(before is None, tuple(writes))


def _marks_that_no_longer_count(state: StateReader, caregiver: Caregiver) -> list[Write]:
    """What they said about shifts that they can't have now needs nobody any more."""
    writes: list[Write] = []
    for offer in without_marks(state, caregiver.id):
        shift = state.shift(offer.shift_id)
        if shift is not None and not caregiver.may_work(shift):
            writes.append(offer)
    return writes


def _marks_of_held_shifts(state: StateReader, caregiver: Caregiver, command: PutCaregiver) -> list[Write]:
    writes: list[Write] = []
    for shift in state.held_by(caregiver.id):
        holding = state.assignment(shift.id)
        if holding is None or shift.end_time <= command.now:
            continue
        since = None if caregiver.may_work(shift) else holding.not_qualified_since or command.now
        if since != holding.not_qualified_since:
            writes.append(replace(holding, not_qualified_since=since))
    return writes


def delete_caregiver(state: StateReader, command: DeleteCaregiver) -> Decision[bool | Refusal]:
    """Delete a caregiver and withdraw their open offers. Result: True."""
    caregiver = state.caregiver(command.caregiver_id)
    if caregiver is None:
        return Decision(unknown_caregiver(command.caregiver_id))
    for shift in state.held_by(caregiver.id):
        if shift.end_time > command.now:
            which = f"shift {shift.id!r}" if may_see_shift(state, shift.id, command.within) else "a shift"
            detail = f"caregiver {caregiver.id!r} ({caregiver.name}) holds {which}, which has not ended"
            return Decision(Refusal(code=RefusalCode.HOLDS_SHIFT, detail=detail))
    writes: list[Write] = [RemoveCaregiver(caregiver_id=caregiver.id), *without_marks(state, caregiver.id)]
    for about in offers_in_context(state, caregiver, command.now):
        if about.open:
            writes += withdraw_offer(state, about, command.now)
    return Decision(True, tuple(writes))


def opt_in(state: StateReader, command: OptIn) -> Decision[bool | Refusal]:
    """Lift the opt-out and the wrong-number mark of a caregiver's number. Result: whether there was one."""
    caregiver = state.caregiver(command.caregiver_id)
    if caregiver is None:
        return Decision(unknown_caregiver(command.caregiver_id))
    number = state.number(caregiver.phone)
    if number.silence_for(caregiver.id) is None:
        return Decision(False)
    lifted = replace(number, opted_out=False, wrong_number_of=None, start_hint_at=None)
    return Decision(True, (lifted, *after_silence(state, caregiver, command.now)))


def put_organization(state: StateReader, command: PutOrganization, policy: Policy) -> Decision[bool]:
    """Add or replace an organization. Result: whether it is new. One that is the same as before is not written.

    With other quiet hours or another zone, what the quiet hours hold gets another time. A wait for the calls that has
    begun stays as it is.
    """
    organization, now = command.organization, command.now
    before = state.organization(organization.id)
    writes: list[Write] = [organization] if organization != before else []
    if before is not None and _nights(before) != _nights(organization):
        for fanout in state.held_fanouts(organization.id, now):
            shift = state.shift(fanout.shift_id)
            if shift is not None:
                writes.append(plan_again(fanout, shift, now, policy))
    return Decision(before is None, tuple(writes))


def _nights(organization: Organization) -> tuple[QuietHours | None, str | None]:
    return organization.quiet_hours, organization.time_zone


def delete_organization(state: StateReader, command: DeleteOrganization) -> Decision[bool | Refusal]:
    """Delete an organization. Result: True. Caregivers and past shifts may still name it.

    A shift that is added at the same moment may be missed. It then works with the settings of the service, like any
    shift whose organization has no record.
    """
    organization = state.organization(command.organization_id)
    if organization is None:
        return Decision(unknown_organization(command.organization_id))
    shift = state.shift_to_come(organization.id, command.now)
    if shift is not None:
        detail = f"organization {organization.id!r} ({organization.name}) has shift {shift.id!r}, which has not ended"
        return Decision(Refusal(code=RefusalCode.HAS_SHIFTS_TO_COME, detail=detail))
    return Decision(True, (RemoveOrganization(organization_id=organization.id),))


def put_shift(state: StateReader, command: PutShift, policy: Policy) -> Decision[bool | Refusal]:
    """Add or replace a shift. Result: whether it is new. One that is the same as before is not written.

    An exhausted fanout expires if the shift gets hours that are over.
    """
    shift = command.shift
    if state.assignment(shift.id) is not None:
        detail = f"shift {shift.id!r} is claimed"
        return Decision(Refusal(code=RefusalCode.SHIFT_CLAIMED, detail=detail))
    before, fanout = state.shift(shift.id), state.fanout(shift.id)
    if (
        before is not None
        and fanout is not None
        and fanout.claimable
        and not fanout.claimable_at(command.now, before)
    ):
        # It ended with the shift as it was; a later end must not bring it back.
        fanout = expire(fanout, before, command.now, policy)
    if fanout is not None and fanout.status is FanoutStatus.OPEN:
        detail = f"the fanout of shift {shift.id!r} is open: cancel it first"
        return Decision(Refusal(code=RefusalCode.FANOUT_OPEN, detail=detail))
    if before is not None and fanout is not None:
        if before.organization_id != shift.organization_id:
            # Its new organization would see whom the former one asked, and what they answered.
            detail = (
                f"shift {shift.id!r} has a fanout on record for organization {before.organization_id!r}: "
                "put it under another id"
            )
            return Decision(Refusal(code=RefusalCode.FANOUT_ON_RECORD, detail=detail))
        if fanout.claimable and shift.end_time <= command.now < before.end_time:
            # Closed now and not at that end, which may be long ago: until now a yes could have won.
            status = MOVES[fanout.status, Move.EXPIRE]
            fanout = close_fanout(fanout, shift, status, command.now, policy)
        changed = before.facts() != shift.facts()
        shift = replace(shift, facts_changed_at=command.now if changed else before.facts_changed_at)
        moved = with_due_time(fanout, shift, command.now, policy)
        writes: list[Write] = [shift] if shift != before else []
        if moved != state.fanout(shift.id):
            writes.append(moved)
        return Decision(before.deleted_at is not None, tuple(writes))
    return Decision(before is None, (shift,) if shift != before else ())


def delete_shift(state: StateReader, command: DeleteShift, policy: Policy) -> Decision[bool | Refusal]:
    """Delete a shift. Result: True.

    Its holder is released, and told unless it has ended. An open fanout is cancelled. A late yes is still answered:
    the shift's record stays until its fanout is forgotten, marked as deleted.
    """
    shift, fanout, now = existing_shift(state, command.shift_id), state.fanout(command.shift_id), command.now
    if shift is None:
        return Decision(unknown_shift(command.shift_id))
    if fanout is None:
        return Decision(True, (RemoveShift(shift_id=shift.id),))
    writes: list[Write] = []
    holding = state.assignment(shift.id)
    if holding is not None:
        writes += release_holder(state, shift, fanout, holding, command, policy)
    elif fanout.claimable_at(now, shift):
        writes.append(close_fanout(fanout, shift, MOVES[fanout.status, Move.CANCEL], now, policy))
    elif fanout.claimable:
        writes.append(expire(fanout, shift, now, policy))
    writes.append(replace(shift, deleted_at=now))
    return Decision(True, tuple(writes))
