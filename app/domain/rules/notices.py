"""Notices: the messages that are not offers of a round, and the text that each has at its hand-over. Pure."""

from dataclasses import replace
from datetime import datetime, timedelta

from app.domain import texts
from app.domain.attention import missed_notices
from app.domain.decisions import Delivery, Message
from app.domain.messages import ContactStatus, Notice
from app.domain.policy import Policy
from app.domain.records import Caregiver, Channel, Kind, Language, Shift
from app.domain.rules.reply_target import number_needed
from app.domain.state import StateReader

#: Kinds that ask for a YES or a NO about their shift.
ASKS_FOR_A_REPLY = frozenset({Kind.CONFIRMATION, Kind.RELEASE_REQUESTED, Kind.CLARIFICATION, Kind.OFFER})

#: A notice that could not be sent within this time is given up. (An offer is tried for as long as it is open.)
_LASTS = timedelta(hours=1)
#: An alert may have to wait for an hour before it is tried.
_ALERT_LASTS = timedelta(hours=2)


def given_up_at(notice: Notice) -> datetime:
    """When a notice is given up that could not be sent until then."""
    return notice.created_at + (_ALERT_LASTS if notice.kind is Kind.ALERT else _LASTS)


def text_about(
    state: StateReader, kind: Kind, caregiver: Caregiver, shift: Shift, code: str, now: datetime, policy: Policy
) -> str:
    """The text of a notice about a shift. It names the number `code` if the bare word it asks for would not do."""
    numbered = kind in ASKS_FOR_A_REPLY and number_needed(state, kind, caregiver, shift, now)
    organization = state.organization(shift.organization_id)
    code_named = code if numbered else None
    return texts.notice(kind, shift, policy.zone_name, code_named, caregiver.language, organization)


def new_notice(
    *, id_: str, kind: Kind, caregiver: Caregiver, phone: str, body: str, shift: Shift | None, now: datetime
) -> Notice:
    """A queued notice. `shift` None: it is not about one shift."""
    return Notice(
        id=id_,
        kind=kind,
        caregiver_id=caregiver.id,
        body=body,
        phone=phone,
        status=ContactStatus.QUEUED,
        created_at=now,
        updated_at=now,
        shift_id=shift.id if shift else None,
        organization_id=shift.organization_id if shift else None,
    )


def start_sending(notice: Notice, body: str, now: datetime, language: Language = Language.ENGLISH) -> Delivery:
    """The delivery of the notice with that text. Its record is marked `sending`, and the try is counted."""
    entry = replace(
        notice,
        status=ContactStatus.SENDING,
        updated_at=now,
        attempts=notice.attempts + 1,
        due_at=None,
        handed_over_at=now,
        first_attempt_at=notice.first_attempt_at or now,
        body=body,
    )
    message = Message(
        id=notice.id,
        channel=Channel.SMS,
        kind=notice.kind,
        to=notice.phone,
        body=body,
        shift_id=notice.shift_id,
        caregiver_id=notice.caregiver_id,
        organization_id=notice.organization_id,
        language=language,
        first_attempt_at=entry.first_attempt_at,
        worth_until=given_up_at(notice),
    )
    return Delivery(entry=entry, message=message)


def is_outdated(notice: Notice, shift: Shift) -> bool:
    """Whether the text of the notice is fixed and says what the shift was before it changed.

    The text is fixed once the notice may have been sent: a repeat must carry the same text.
    """
    return notice.maybe_sent and shift.has_changed_since(notice.first_attempt_at)


def settle_failed_notice(state: StateReader, shift_id: str, caregiver_id: str, now: datetime) -> list[Notice]:
    """The notice about the shift that the caregiver had to get and did not, if there is one, as no longer missing."""
    failed = missed_notices(state.notices_about(shift_id, caregiver_id)).get(caregiver_id)
    # Found by its id too: a store compares what it replaces with what it has.
    stored = None if failed is None else state.message(failed.id)
    if not isinstance(stored, Notice):
        return []
    return [replace(stored, status=ContactStatus.SKIPPED, updated_at=now, error="told by the office")]


def give_up(notice: Notice, now: datetime, error: str | None) -> Notice:
    """The notice, which may no longer be sent. `error` says why."""
    body = "" if notice.kind is Kind.MESSAGE else notice.body
    return replace(notice, status=notice.status_if_given_up, updated_at=now, error=error, due_at=None, body=body)
