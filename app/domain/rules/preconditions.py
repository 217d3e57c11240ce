"""Whether a record still has the version that the sender of a command has read. Pure."""

from app.domain.commands import (
    Command,
    DeleteCaregiver,
    DeleteOrganization,
    DeleteShift,
    PutCaregiver,
    PutOrganization,
    PutShift,
)
from app.domain.decisions import Refusal, RefusalCode
from app.domain.silence import silence_of_office
from app.domain.state import StateReader
from app.domain.versions import ANY_VERSION, caregiver_version, organization_version, shift_version

_DELETIONS = DeleteCaregiver | DeleteShift | DeleteOrganization


def unmet(state: StateReader, command: Command) -> Refusal | None:
    """The refusal of a command whose `if_match` or `if_none_match` does not fit the record; None if it may go on.

    A record that is to be deleted and does not exist has a refusal of its own.
    """
    if getattr(command, "if_match", None) is None and not getattr(command, "if_none_match", ()):
        return None
    match command:
        case PutCaregiver():
            name, version = f"caregiver {command.caregiver.id!r}", _of_caregiver(state, command.caregiver.id)
        case DeleteCaregiver():
            name, version = f"caregiver {command.caregiver_id!r}", _of_caregiver(state, command.caregiver_id)
        case PutShift():
            name, version = f"shift {command.shift.id!r}", _of_shift(state, command.shift.id)
        case DeleteShift():
            name, version = f"shift {command.shift_id!r}", _of_shift(state, command.shift_id)
        case PutOrganization():
            id_ = command.organization.id
            name, version = f"organization {id_!r}", _of_organization(state, id_)
        case DeleteOrganization():
            id_ = command.organization_id
            name, version = f"organization {id_!r}", _of_organization(state, id_)
        case _:
            return None
    if command.if_match is None or (version is not None and {version, ANY_VERSION} & set(command.if_match)):
        return None if isinstance(command, _DELETIONS) else _unmet_if_none_match(name, version, command.if_none_match)
    if version is None and isinstance(command, _DELETIONS):
        return None
    what = "does not exist" if version is None else "has changed since you read it: read it again"
    return Refusal(code=RefusalCode.VERSION_CHANGED, detail=f"{name} {what}")


def _unmet_if_none_match(name: str, version: str | None, forbidden: tuple[str, ...]) -> Refusal | None:
    if version is None or not {version, ANY_VERSION} & set(forbidden):
        return None
    what = "exists already" if ANY_VERSION in forbidden else "has this version already"
    return Refusal(code=RefusalCode.ALREADY_EXISTS, detail=f"{name} {what}")


def _of_caregiver(state: StateReader, caregiver_id: str) -> str | None:
    caregiver = state.caregiver(caregiver_id)
    if caregiver is None:
        return None
    return caregiver_version(caregiver, opted_out=state.number(caregiver.phone).opted_out)


def _of_shift(state: StateReader, shift_id: str) -> str | None:
    shift = state.shift(shift_id)
    if shift is None or shift.deleted_at is not None:
        return None
    return shift_version(shift, state.assignment(shift_id))


def _of_organization(state: StateReader, organization_id: str) -> str | None:
    organization = state.organization(organization_id)
    if organization is None:
        return None
    phone = organization.office_phone
    return organization_version(organization, None if phone is None else silence_of_office(state, phone))
