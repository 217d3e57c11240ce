"""Builds the board's JSON: one row for each shift, and one shift in detail with its caregivers. No HTTP."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from app.board.schemas import (
    AnswerCounts,
    BoardAttentionOut,
    BoardCaregiverOut,
    BoardHeldOut,
    BoardNoticeOut,
    BoardRow,
    BoardTextOut,
    HolderOut,
)
from app.domain.attention import Attention, attention_of
from app.domain.attention_reasons import AttentionReason
from app.domain.fanout_records import ExclusionReason
from app.domain.fanout_reports import FanoutReport, HeldMessages, Overview
from app.domain.messages import Contact, KeptText
from app.domain.records import Assignment, Caregiver, Outcome, Response, Shift
from app.web import rendering


def row(overview: Overview, names: Mapping[str, str], now: datetime) -> BoardRow:
    """A shift as the board lists it at `now`. `names` maps the ids of `row_caregiver_ids` to names."""
    assignment, report, attention = overview.assignment, overview.report, _attention_at(overview, now)
    return {
        "shift": rendering.shift(_with_zone(overview), assignment),
        "organization": None if overview.organization is None else overview.organization.name,
        "holder": None if assignment is None else _holder(assignment, names.get(assignment.caregiver_id)),
        "fanout": None if report is None else rendering.summary(report, now),
        "sums": None if report is None else _answer_counts(report, overview.asked, attention),
        "attention": [_attention(one, names) for one in attention],
        "held": [] if report is None else [_held(one) for one in report.held_at(now)],
    }


def _with_zone(overview: Overview) -> Shift:
    """The shift. If it names no zone, with that of its organization."""
    shift, organization = overview.shift, overview.organization
    return replace(shift, time_zone=shift.time_zone or (organization.time_zone if organization else None))


def row_caregiver_ids(overview: Overview, now: datetime) -> set[str]:
    """The ids of the caregivers whom the row names: the holder, and those to whom a person must pay attention."""
    holder = set() if overview.assignment is None else {overview.assignment.caregiver_id}
    return holder | {one.caregiver_id for one in _attention_at(overview, now) if one.caregiver_id is not None}


def _attention_at(overview: Overview, now: datetime) -> tuple[Attention, ...]:
    return () if overview.report is None else attention_of(overview.report, now)


def _attention(attention: Attention, names: Mapping[str, str]) -> BoardAttentionOut:
    return {
        "reason": attention.reason,
        "since": attention.since,
        "caregiver_id": attention.caregiver_id,
        "name": None if attention.caregiver_id is None else names.get(attention.caregiver_id),
    }


def _held(held: HeldMessages) -> BoardHeldOut:
    return {"channel": held.channel, "until": held.until, "reason": held.reason, "caregivers": held.count}


def _holder(assignment: Assignment, name: str | None) -> HolderOut:
    return {
        "caregiver_id": assignment.caregiver_id,
        "name": name,
        "at": assignment.claimed_at,
        "via": assignment.claimed_via,
        "release_requested_at": assignment.release_requested_at,
        "not_qualified_since": assignment.not_qualified_since,
    }


def _answer_counts(report: FanoutReport, asked: int, attention: Sequence[Attention]) -> AnswerCounts:
    """Count caregivers by their latest outcome; `unclear` are those whose words a person must read."""
    in_order = sorted(report.answers, key=lambda response: response.at)
    last_outcomes = list({response.caregiver_id: response.outcome for response in in_order}.values())
    return {
        "asked": asked,
        "answered": len(last_outcomes),
        "declined": last_outcomes.count(Outcome.DECLINED),
        "unclear": sum(one.reason is AttentionReason.UNRECOGNIZED for one in attention),
    }


def detail_caregiver_ids(overview: Overview, report: FanoutReport | None, now: datetime) -> set[str]:
    """The ids of the caregivers whom the detail names. `report` is a full one."""
    notices = () if report is None else report.notices
    return {
        *_listed_ids(overview, report),
        *row_caregiver_ids(overview, now),
        *(notice.caregiver_id for notice in notices),
    }


def _listed_ids(overview: Overview, report: FanoutReport | None) -> list[str]:
    """Who gets a row in the detail: all caregivers in the lists of the report about offers, and the holder, who may
    not have been asked; each id once.
    """
    mentioned = () if report is None else (report.contacts, report.responses, report.excluded)
    holder = () if overview.assignment is None else (overview.assignment,)
    return list(dict.fromkeys(record.caregiver_id for records in (*mentioned, holder) for record in records))


def detail_in_chunks(
    overview: Overview,
    report: FanoutReport | None,
    texts: Sequence[KeptText],
    caregivers: Mapping[str, Caregiver],
    now: datetime,
    *,
    may_change: bool,
) -> Iterator[bytes]:
    """The JSON of `schemas.BoardDetail`, chunk by chunk: rendering thousands at once would block the event loop.

    `caregivers` maps the ids of `detail_caregiver_ids`, and of those whose words are in `texts`, to their records.
    """
    names = {caregiver.id: caregiver.name for caregiver in caregivers.values()}
    people = () if report is None else _caregivers(overview, report, caregivers)
    notices = () if report is None else _notices(report, names)
    kept = (_text(one, names) for one in texts)
    return rendering.json_in_chunks(
        {**row(overview, names, now), "may_change": may_change},
        {"caregivers": people, "notices": notices, "texts": kept},
    )


def _text(text: KeptText, names: Mapping[str, str]) -> BoardTextOut:
    return {
        "caregiver_id": text.caregiver_id,
        "name": names.get(text.caregiver_id),
        "actor": text.actor,
        "at": text.at,
        "body": text.body,
    }


def _notices(report: FanoutReport, names: Mapping[str, str]) -> Iterator[BoardNoticeOut]:
    for notice in sorted(report.notices, key=lambda one: one.created_at):
        yield {
            "id": notice.id,
            "caregiver_id": notice.caregiver_id or None,
            "name": names.get(notice.caregiver_id),
            "kind": notice.kind,
            "status": notice.status,
            "attempts": notice.attempts,
            "updated_at": notice.updated_at,
            "error": notice.error,
        }


def _caregivers(
    overview: Overview, report: FanoutReport, caregivers: Mapping[str, Caregiver]
) -> Iterator[BoardCaregiverOut]:
    contacts: defaultdict[str, list[Contact]] = defaultdict(list)
    responses: defaultdict[str, list[Response]] = defaultdict(list)
    for contact in report.contacts:
        contacts[contact.caregiver_id].append(contact)
    for response in report.responses:
        responses[response.caregiver_id].append(response)
    reasons = {exclusion.caregiver_id: exclusion.reason for exclusion in report.excluded}
    for id_ in _listed_ids(overview, report):
        yield _caregiver(id_, caregivers.get(id_), report, contacts[id_], responses[id_], reasons.get(id_))


def _caregiver(
    id_: str,
    record: Caregiver | None,
    report: FanoutReport,
    contacts: list[Contact],
    responses: list[Response],
    excluded: ExclusionReason | None,
) -> BoardCaregiverOut:
    """One caregiver of the shift. `record` is None if they are no longer on the roster."""
    return {
        "caregiver_id": id_,
        "name": None if record is None else record.name,
        "phone": None if record is None else record.phone,
        "messages": [
            {
                "channel": contact.channel,
                "status": report.status_of(contact),
                "attempts": contact.attempts,
                "updated_at": contact.updated_at,
                "error": contact.error,
            }
            for contact in contacts
        ],
        "responses": [
            {"outcome": response.outcome, "at": response.at, "channel": response.channel} for response in responses
        ],
        "excluded": excluded,
    }
