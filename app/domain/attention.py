"""Why a person must look at a shift: the one place that decides it, for the API, the board and its stream. Pure.

Everything is derived from records that say what happened, so a reason disappears as soon as its cause is settled.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domain.attention_reasons import AttentionReason
from app.domain.fanout_records import FanoutStatus
from app.domain.fanout_reports import FanoutReport
from app.domain.messages import ALREADY_TOLD, SILENCE_ERRORS, ContactStatus, Notice
from app.domain.records import Kind, Outcome, Shift

_SOON = timedelta(hours=2)
#: Notices that the caregiver must not miss: that they have the shift, or no longer have it.
MUST_ARRIVE = frozenset({Kind.CONFIRMATION, Kind.RELEASED})
#: After these the caregiver may not know whether they have the shift: nothing is sent back to them.
_KNOWS_NOTHING = frozenset({Outcome.ALREADY_YOURS, Outcome.UNRECOGNIZED})
#: The `error` of a message that was not sent because no message may go to the number.
SILENT_ERRORS = frozenset(SILENCE_ERRORS.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """One reason, since when it holds, and the caregiver it is about (None: it is about the shift)."""

    reason: AttentionReason
    since: datetime
    caregiver_id: str | None = None


def starts_soon_at(shift: Shift) -> datetime:
    """From when on the shift needs a person if nobody has taken it: it starts soon."""
    return shift.start_time - _SOON


def every_offer_failed(counts: Mapping[ContactStatus, int]) -> bool:
    """Whether some offers of a fanout were tried, and all of those failed. `counts`: how many have each status."""
    failed = counts.get(ContactStatus.FAILED, 0)
    return failed > 0 and failed == sum(counts.values()) - counts.get(ContactStatus.SKIPPED, 0)


def attention_of(report: FanoutReport, now: datetime) -> tuple[Attention, ...]:
    """The reasons for a person to look at the shift at `now`, oldest first."""
    found = [*_of_the_fanout(report, now), *_of_the_holder(report, now), *_not_told(report, now)]
    found += _said_by_caregivers(report, now)
    return tuple(sorted(found, key=lambda one: (one.since, one.reason, one.caregiver_id or "")))


def attention_changes_at(report: FanoutReport, now: datetime) -> datetime | None:
    """The earliest time after `now` at which `attention_of` or the status may change without a write; None: never."""
    fanout, shift = report.fanout, report.shift
    times = (fanout.answers_due_at, starts_soon_at(shift), shift.end_time)
    return min((at for at in times if at > now), default=None)


def _of_the_fanout(report: FanoutReport, now: datetime) -> list[Attention]:
    fanout, shift = report.fanout, report.shift
    found: list[Attention] = []

    def add(reason: AttentionReason, since: datetime) -> None:
        found.append(Attention(reason=reason, since=since))

    if report.status_at(now) is FanoutStatus.EXPIRED:
        if shift.end_time <= now:  # else it was moved to a later time and may be asked about again
            add(AttentionReason.EXPIRED, shift.end_time)
    elif fanout.claimable:
        if fanout.status is FanoutStatus.EXHAUSTED:
            add(AttentionReason.EXHAUSTED, fanout.exhausted_at or fanout.started_at)
        elif fanout.answers_due_at <= now and report.first_offer_at is None:
            add(AttentionReason.UNANSWERED, fanout.answers_due_at)
        if starts_soon_at(shift) <= now:
            add(AttentionReason.STARTS_SOON, max(starts_soon_at(shift), fanout.started_at))
        if every_offer_failed(report.counts) and report.last_failed_at is not None:
            add(AttentionReason.UNDELIVERED, report.last_failed_at)
    return found


def _of_the_holder(report: FanoutReport, now: datetime) -> list[Attention]:
    holding = report.assignment
    if holding is None or report.shift.end_time <= now:
        return []
    since = {
        AttentionReason.RELEASE_REQUESTED: holding.release_requested_at,
        AttentionReason.NOT_QUALIFIED: holding.not_qualified_since,
    }
    return [
        Attention(reason=reason, since=at, caregiver_id=holding.caregiver_id)
        for reason, at in since.items()
        if at is not None
    ]


def _said_by_caregivers(report: FanoutReport, now: datetime) -> list[Attention]:
    """What those said who could have the shift, or who has it."""
    holder = report.assignment.caregiver_id if report.assignment and now < report.shift.end_time else None
    said = [
        (reason, since, offer.caregiver_id)
        for offer in report.marked_offers
        if report.claimable_at(now) or offer.caregiver_id == holder
        for reason, since in (
            (AttentionReason.UNRECOGNIZED, offer.unclear_since),
            (AttentionReason.OPTED_OUT_YES, offer.opted_out_yes_at),
        )
    ]
    return [
        Attention(reason=reason, since=since, caregiver_id=caregiver_id)
        for reason, since, caregiver_id in said
        if since is not None
    ]


def _not_told(report: FanoutReport, now: datetime) -> list[Attention]:
    """Who was not told.

    A later notice that arrived, an answer that shows that they know, or the end of the shift settles it. An
    answer that the office records settles the notice itself: see `ReplyCase.respond`.
    """
    if report.shift.end_time <= now:
        return []
    answered: dict[str, datetime] = {}
    for response in report.answers:
        if response.outcome in _KNOWS_NOTHING:
            continue
        answered[response.caregiver_id] = max(response.at, answered.get(response.caregiver_id, response.at))
    return [
        Attention(reason=AttentionReason.NOT_TOLD, since=notice.updated_at, caregiver_id=caregiver_id)
        for caregiver_id, notice in missed_notices(report.notices).items()
        if answered.get(caregiver_id, notice.created_at) <= notice.created_at
    ]


def missed_notices(notices: Iterable[Notice]) -> dict[str, Notice]:
    """For each caregiver, the last notice that must arrive, if it failed.

    A later one that is still under way does not replace it. One that was skipped because an earlier one has said the
    same stands or falls with that one, which then counts as made when the skipped one was.
    """
    said: dict[tuple[str, Kind], Notice] = {}
    last: dict[str, Notice] = {}
    for notice in sorted(notices, key=lambda one: one.created_at):
        if notice.kind not in MUST_ARRIVE:
            continue
        key = (notice.caregiver_id, notice.kind)
        if notice.status.accepted or _failed(notice):
            last[notice.caregiver_id] = said[key] = notice
        elif notice.error == ALREADY_TOLD and key in said:
            last[notice.caregiver_id] = replace(said[key], created_at=notice.created_at)
    return {caregiver_id: notice for caregiver_id, notice in last.items() if _failed(notice)}


def _failed(notice: Notice) -> bool:
    return notice.status is ContactStatus.FAILED or (
        notice.status is ContactStatus.SKIPPED and notice.error in SILENT_ERRORS
    )
