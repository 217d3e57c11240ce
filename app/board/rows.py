"""Builds the board's JSON: one row for each shift, and one shift in detail with its caregivers. No HTTP."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from app.board.schemas import AnswerCounts, BoardCaregiverOut, BoardRow, HolderOut
from app.domain.records import Assignment, Caregiver, Contact, ExclusionReason, Outcome, Response
from app.domain.reports import FanoutReport, Overview
from app.web import rendering


def row(overview: Overview, names: Mapping[str, str]) -> BoardRow:
    """A shift as the board lists it. `names` maps the holder's caregiver id to their name."""
    assignment, report = overview.assignment, overview.report
    return {
        "shift": rendering.shift(overview.shift, assignment),
        "holder": None if assignment is None else _holder(assignment, names.get(assignment.caregiver_id)),
        "fanout": None if report is None else rendering.summary(report),
        "sums": None if report is None else _answer_counts(report, overview.asked),
    }


def _holder(assignment: Assignment, name: str | None) -> HolderOut:
    return {
        "caregiver_id": assignment.caregiver_id,
        "name": name,
        "at": assignment.claimed_at,
        "via": assignment.claimed_via,
        "release_requested_at": assignment.release_requested_at,
    }


def _answer_counts(report: FanoutReport, asked: int) -> AnswerCounts:
    """Count caregivers by their latest outcome.

    `unclear` is 0 once the shift can no longer be claimed: then nobody has to find out what the reply meant.
    """
    in_order = sorted(report.responses, key=lambda response: response.at)
    last_outcomes = list({response.caregiver_id: response.outcome for response in in_order}.values())
    return {
        "asked": asked,
        "answered": len(last_outcomes),
        "declined": last_outcomes.count(Outcome.DECLINED),
        "unclear": last_outcomes.count(Outcome.UNRECOGNIZED) if report.fanout.claimable else 0,
    }


def caregiver_ids(overview: Overview, report: FanoutReport | None) -> list[str]:
    """The ids of all caregivers in a full report, and of the holder, who may not have been asked; each id once."""
    mentioned = () if report is None else (report.contacts, report.responses, report.excluded)
    holder = () if overview.assignment is None else (overview.assignment,)
    return list(dict.fromkeys(record.caregiver_id for records in (*mentioned, holder) for record in records))


def detail_in_chunks(
    overview: Overview, report: FanoutReport | None, caregivers: Mapping[str, Caregiver]
) -> Iterator[bytes]:
    """The JSON of `schemas.BoardDetail`, chunk by chunk: rendering thousands at once would block the event loop."""
    names = {caregiver.id: caregiver.name for caregiver in caregivers.values()}
    people = () if report is None else _caregivers(overview, report, caregivers)
    return rendering.json_in_chunks({**row(overview, names)}, {"caregivers": people})


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
    for id_ in caregiver_ids(overview, report):
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
