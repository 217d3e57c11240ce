"""Notices: the messages that are not offers of a round, and the text that each has at its hand-over. Pure."""

from datetime import datetime

from app.domain import texts
from app.domain.messages import ContactStatus, Notice
from app.domain.policy import Policy
from app.domain.records import Caregiver, Kind, Shift
from app.domain.rules.reply_target import number_needed
from app.domain.state import StateReader

#: Kinds that ask for a YES or a NO about their shift.
ASKS_FOR_A_REPLY = frozenset({Kind.CONFIRMATION, Kind.RELEASE_REQUESTED, Kind.CLARIFICATION, Kind.OFFER})


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
