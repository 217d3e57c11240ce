"""Records to the JSON of the API. Plain dictionaries, written out by pydantic's serializer: no second validation.

Times come out as RFC 3339 in UTC with a Z.
"""

from collections.abc import Iterator

from pydantic_core import to_json

from app.domain.records import (
    Answer,
    Assignment,
    Caregiver,
    Contact,
    ContactStatus,
    Exclusion,
    Response,
    Shift,
    contact_id,
)
from app.domain.reports import FanoutReport

#: Contacts written out at once: a report of tens of thousands must not hold up other requests.
_CONTACTS_AT_ONCE = 100


def caregiver(record: Caregiver, opted_out: bool) -> dict[str, object]:
    """A caregiver as in `schemas.CaregiverOut`."""
    return {
        "id": record.id,
        "name": record.name,
        "role": record.role,
        "phone": record.phone,
        "organization_id": record.organization_id,
        "opted_out": opted_out,
    }


def shift(record: Shift, assignment: Assignment | None) -> dict[str, object]:
    """A shift as in `schemas.ShiftOut`."""
    return {
        "id": record.id,
        "organization_id": record.organization_id,
        "role_required": record.role_required,
        "start_time": record.start_time,
        "end_time": record.end_time,
        "time_zone": record.time_zone,
        "location": record.location,
        "status": "claimed" if assignment else "open",
        "assigned_to": assignment.caregiver_id if assignment else None,
    }


def summary(report: FanoutReport) -> dict[str, object]:
    """A fanout as in `schemas.FanoutSummary`."""
    fanout, held = report.fanout, report.assignment
    return {
        "shift_id": fanout.shift_id,
        "generation": fanout.generation,
        "status": fanout.status,
        "round": fanout.round,
        "started_at": fanout.started_at,
        "escalates_at": fanout.escalates_at,
        "claimed_by": held.caregiver_id if held else None,
        "claimed_at": held.claimed_at if held else None,
        "claimed_via": held.claimed_via if held else None,
        "release_requested_at": held.release_requested_at if held else None,
        "counts": {status.value: report.counts.get(status, 0) for status in ContactStatus},
    }


def fanout_in_parts(report: FanoutReport) -> Iterator[bytes]:
    """A fanout as in `schemas.FanoutOut`, in pieces that are joined without anything between them."""
    yield to_json(summary(report))[:-1] + b',"contacts":['
    started_at = report.fanout.started_at
    for first in range(0, len(report.contacts), _CONTACTS_AT_ONCE):
        some = report.contacts[first : first + _CONTACTS_AT_ONCE]
        rendered = to_json([_contact(one, contact_id(one, started_at), report.status_of(one)) for one in some])
        yield (b"," if first else b"") + rendered[1:-1]
    responses = to_json([_response(one) for one in report.responses])
    excluded = to_json([_exclusion(one) for one in report.excluded])
    yield b'],"responses":' + responses + b',"excluded":' + excluded + b"}"


def answer(record: Answer) -> dict[str, object]:
    """An answer as in `schemas.AnswerOut`."""
    rendered: dict[str, object] = {
        "outcome": record.outcome,
        "shift_id": record.shift_id,
        "caregiver_id": record.caregiver_id,
        "reply": record.reply,
    }
    if record.choices:
        rendered["choices"] = [
            {"shift_id": choice.shift_id, "code": choice.code, "summary": choice.summary} for choice in record.choices
        ]
    return rendered


def _contact(record: Contact, id_: str, status: ContactStatus) -> dict[str, object]:
    return {
        "id": id_,
        "caregiver_id": record.caregiver_id,
        "channel": record.channel,
        "status": status,
        "attempts": record.attempts,
        "updated_at": record.updated_at,
        "error": record.error,
    }


def _response(record: Response) -> dict[str, object]:
    return {
        "caregiver_id": record.caregiver_id,
        "outcome": record.outcome,
        "at": record.at,
        "channel": record.channel,
    }


def _exclusion(record: Exclusion) -> dict[str, object]:
    return {"caregiver_id": record.caregiver_id, "reason": record.reason}
