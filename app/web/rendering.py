"""Records to the JSON of the API: the typed dictionaries of `schemas`. No framework.

Long lists are rendered in chunks, so that a report with thousands of contacts does not hold up other requests.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice

from pydantic_core import to_json

from app.domain.attention import attention_of
from app.domain.facts import LogEntry
from app.domain.fanout_reports import FanoutReport
from app.domain.messages import ContactStatus, Silence, contact_id
from app.domain.records import Answer, Assignment, Caregiver, Organization, Shift
from app.web.log_schemas import LogEntryOut
from app.web.schemas import (
    AnswerOut,
    AttentionOut,
    CaregiverOut,
    ContactOut,
    ExclusionOut,
    FanoutStateOut,
    FanoutSummary,
    NoticeOut,
    OrganizationOut,
    ResponseOut,
    ShiftOut,
)

_ITEMS_PER_CHUNK = 100


def caregiver(record: Caregiver, opted_out: bool) -> CaregiverOut:
    """The caregiver, and whether their number has opted out."""
    return {
        "id": record.id,
        "name": record.name,
        "role": record.role,
        "roles": list(record.roles),
        "phone": record.phone,
        "organization_id": record.organization_id,
        "organization_ids": list(record.organization_ids),
        "time_zone": record.time_zone,
        "language": record.language,
        "opted_out": opted_out,
        "updated_at": record.updated_at,
    }


def organization(record: Organization, silence: Silence | None) -> OrganizationOut:
    """The organization. `silence`: why no alert goes to its office."""
    quiet, rest = record.quiet_hours, record.minimum_rest
    return {
        "id": record.id,
        "name": record.name,
        "time_zone": record.time_zone,
        "office_phone": record.office_phone,
        "quiet_hours": None if quiet is None else {"from": f"{quiet.start:%H:%M}", "to": f"{quiet.end:%H:%M}"},
        "escalate_after": record.escalate_after_s,
        "minimum_rest": None if rest is None else rest / timedelta(hours=1),
        "alerts_stopped": silence,
        "updated_at": record.updated_at,
    }


def shift(record: Shift, assignment: Assignment | None) -> ShiftOut:
    """The shift, and who has it."""
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
        "updated_at": record.updated_at,
    }


def summary(report: FanoutReport, now: datetime) -> FanoutSummary:
    """The fanout at `now`, without its lists."""
    fanout, holding = report.fanout, report.assignment
    return {
        "shift_id": fanout.shift_id,
        "generation": fanout.generation,
        "status": report.status_at(now),
        "round": fanout.round,
        "started_at": fanout.started_at,
        "escalates_at": fanout.escalates_at,
        "held_until": report.held_until(now),
        "claimed_by": holding.caregiver_id if holding else None,
        "claimed_at": holding.claimed_at if holding else None,
        "claimed_via": holding.claimed_via if holding else None,
        "release_requested_at": holding.release_requested_at if holding else None,
        "counts": {status: report.counts.get(status, 0) for status in ContactStatus},
    }


def fanout(report: FanoutReport, now: datetime) -> FanoutStateOut:
    """The fanout at `now`, with the reasons for a person to look at it. The other lists are left out."""
    attention: list[AttentionOut] = [
        {"reason": one.reason, "since": one.since, "caregiver_id": one.caregiver_id}
        for one in attention_of(report, now)
    ]
    return {**summary(report, now), "attention": attention}


def fanout_in_chunks(report: FanoutReport, now: datetime) -> Iterator[bytes]:
    """The JSON of `schemas.FanoutOut` at `now`, chunk by chunk."""
    lists = {
        "contacts": _contacts(report),
        "responses": _responses(report),
        "excluded": _exclusions(report),
        "notices": _notices(report),
    }
    return json_in_chunks(fanout(report, now), lists)


def answer(record: Answer) -> AnswerOut:
    """The answer to an inbound message."""
    rendered: AnswerOut = {
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


def log_entry(entry: LogEntry) -> LogEntryOut:
    """The fact, with its id in the log."""
    fact = entry.fact
    return {
        "id": str(entry.id),
        "at": fact.at,
        "type": fact.type,
        "shift_id": fact.shift_id,
        "caregiver_id": fact.caregiver_id,
        "actor": fact.actor,
        "data": dict(fact.data),
    }


def json_in_chunks(fields: Mapping[str, object], lists: Mapping[str, Iterable[object]]) -> Iterator[bytes]:
    """The JSON of an object of these fields (at least one) and these lists, in this order.

    A chunk has at most 100 items of a list. Items are taken from their iterable only when their chunk is rendered.
    """
    yield to_json(fields)[:-1]
    for name, items in lists.items():
        yield b"," + to_json(name) + b":["
        left, separator = iter(items), b""
        while chunk := list(islice(left, _ITEMS_PER_CHUNK)):
            yield separator + to_json(chunk)[1:-1]
            separator = b","
        yield b"]"
    yield b"}"


def _contacts(report: FanoutReport) -> Iterator[ContactOut]:
    for record in report.contacts:
        yield {
            "id": contact_id(record, report.fanout.started_at),
            "caregiver_id": record.caregiver_id,
            "channel": record.channel,
            "status": report.status_of(record),
            "attempts": record.attempts,
            "updated_at": record.updated_at,
            "error": record.error,
        }


def _responses(report: FanoutReport) -> Iterator[ResponseOut]:
    for record in report.responses:
        yield {
            "caregiver_id": record.caregiver_id,
            "outcome": record.outcome,
            "at": record.at,
            "channel": record.channel,
        }


def _exclusions(report: FanoutReport) -> Iterator[ExclusionOut]:
    for record in report.excluded:
        if record.reason is not None:
            yield {"caregiver_id": record.caregiver_id, "reason": record.reason}


def _notices(report: FanoutReport) -> Iterator[NoticeOut]:
    for record in report.notices:
        yield {
            "id": record.id,
            "caregiver_id": record.caregiver_id or None,
            "kind": record.kind,
            "status": record.status,
            "attempts": record.attempts,
            "updated_at": record.updated_at,
            "error": record.error,
        }
