"""Renders the board's JSON: a row per shift, and one shift with its caregivers. Imports no store and no HTTP code."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from pydantic_core import to_json

from app.domain.records import Caregiver, Contact, ExclusionReason, Outcome, Response
from app.domain.reports import FanoutReport, Overview
from app.web import rendering

#: Caregivers rendered per chunk. Rendering thousands at once would block the event loop.
_CAREGIVERS_PER_CHUNK = 100


def row(overview: Overview, names: Mapping[str, str]) -> dict[str, object]:
    """Return a shift in the shape of `schemas.BoardRow`. `names` maps the holder's caregiver id to their name."""
    assignment = overview.assignment
    holder = assignment and {
        "caregiver_id": assignment.caregiver_id,
        "name": names.get(assignment.caregiver_id),
        "at": assignment.claimed_at,
        "via": assignment.claimed_via,
        "release_requested_at": assignment.release_requested_at,
    }
    return {
        "shift": rendering.shift(overview.shift, assignment),
        "holder": holder,
        "fanout": overview.report and rendering.summary(overview.report),
        "sums": overview.report and _answer_counts(overview.report, overview.asked),
    }


def _answer_counts(report: FanoutReport, asked: int) -> dict[str, int]:
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
    """Return the id of every caregiver in a full report and of the holder, who may not be in it. Each id once."""
    mentioned = () if report is None else (report.contacts, report.responses, report.excluded)
    holder = () if overview.assignment is None else (overview.assignment,)
    return list(dict.fromkeys(record.caregiver_id for records in (*mentioned, holder) for record in records))


def detail_chunks(
    overview: Overview, report: FanoutReport | None, caregivers: Mapping[str, Caregiver]
) -> Iterator[bytes]:
    """Yield the JSON of a shift in the shape of `schemas.BoardDetail`, in pieces to be sent one after the other."""
    names = {caregiver.id: caregiver.name for caregiver in caregivers.values()}
    yield to_json(row(overview, names))[:-1] + b',"caregivers":['
    if report is not None:
        contacts: defaultdict[str, list[Contact]] = defaultdict(list)
        responses: defaultdict[str, list[Response]] = defaultdict(list)
        for contact in report.contacts:
            contacts[contact.caregiver_id].append(contact)
        for response in report.responses:
            responses[response.caregiver_id].append(response)
        reasons = {exclusion.caregiver_id: exclusion.reason for exclusion in report.excluded}
        ids = caregiver_ids(overview, report)
        for first in range(0, len(ids), _CAREGIVERS_PER_CHUNK):
            chunk = [
                _caregiver(id_, caregivers.get(id_), report, contacts[id_], responses[id_], reasons.get(id_))
                for id_ in ids[first : first + _CAREGIVERS_PER_CHUNK]
            ]
            yield (b"," if first else b"") + to_json(chunk)[1:-1]
    yield b"]}"


def _caregiver(
    id_: str,
    record: Caregiver | None,
    report: FanoutReport,
    contacts: list[Contact],
    responses: list[Response],
    excluded: ExclusionReason | None,
) -> dict[str, object]:
    return {
        "caregiver_id": id_,
        "name": record and record.name,
        "phone": record and record.phone,
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
