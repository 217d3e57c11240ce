"""The board's JSON as typed dictionaries: what `rows` returns and what OpenAPI says of it. No framework."""

from datetime import datetime

# Before Python 3.12 pydantic takes only this TypedDict, and installs it.
from typing_extensions import TypedDict

from app.domain.attention_reasons import AttentionReason
from app.domain.fanout_records import ExclusionReason
from app.domain.messages import ContactStatus, HoldReason
from app.domain.records import Channel, Kind, Outcome
from app.web.log_schemas import LogEntryOut
from app.web.schemas import FanoutSummary, ShiftOut


class HolderOut(TypedDict):
    """Who holds a shift; `via` null: assigned by hand. `name` null: no longer on the roster.

    `not_qualified_since`: since when the holder's role or organization no longer fits the shift; null: it fits.
    """

    caregiver_id: str
    name: str | None
    at: datetime
    via: Channel | None
    release_requested_at: datetime | None
    not_qualified_since: datetime | None


class AnswerCounts(TypedDict):
    """Numbers of caregivers: asked; answered at all; last answer was no; last words that a person must read."""

    asked: int
    answered: int
    declined: int
    unclear: int


class BoardAttentionOut(TypedDict):
    """Why a person must look at the shift. `caregiver_id` null: about the shift. `name` null: not on the roster."""

    reason: AttentionReason
    since: datetime
    caregiver_id: str | None
    name: str | None


class BoardHeldOut(TypedDict):
    """How many caregivers get their text or call only at that time, and why."""

    channel: Channel
    until: datetime
    reason: HoldReason
    caregivers: int


class BoardRow(TypedDict):
    """A shift as the board lists it, with the zone in which its hours are shown: its own, or its organization's.

    `organization`: the name of its organization; null: it has no record.
    """

    shift: ShiftOut
    organization: str | None
    holder: HolderOut | None
    fanout: FanoutSummary | None
    sums: AnswerCounts | None
    attention: list[BoardAttentionOut]
    held: list[BoardHeldOut]


class BoardRows(TypedDict):
    """Rows by start time. `more`: whether there are later shifts than these."""

    rows: list[BoardRow]
    more: bool


class BoardMessageOut(TypedDict):
    """One offer to a caregiver, as on the board."""

    channel: Channel
    status: ContactStatus
    attempts: int
    updated_at: datetime
    error: str | None


class BoardResponseOut(TypedDict):
    """What a caregiver answered, as on the board."""

    outcome: Outcome
    at: datetime
    channel: Channel


class BoardCaregiverOut(TypedDict):
    """One caregiver of a shift: what they were sent and answered, or why they were left out."""

    caregiver_id: str
    name: str | None
    phone: str | None
    messages: list[BoardMessageOut]
    responses: list[BoardResponseOut]
    excluded: ExclusionReason | None


class BoardNoticeOut(TypedDict):
    """One message about the shift that is not an offer.

    `caregiver_id` null: it goes to the office. `name` null: that, or the caregiver is no longer on the roster.
    """

    id: str
    caregiver_id: str | None
    name: str | None
    kind: Kind
    status: ContactStatus
    attempts: int
    updated_at: datetime
    error: str | None


class BoardTextOut(TypedDict):
    """The words of a reply that was not understood, or of the office (`actor` says which). They may be kept."""

    caregiver_id: str
    name: str | None
    actor: str
    at: datetime
    body: str


class BoardDetail(BoardRow):
    """A shift with a row per caregiver, and its notices and texts in the order in which they were made.

    `may_change`: whether the key of the request may do what a coordinator does.
    """

    may_change: bool
    caregivers: list[BoardCaregiverOut]
    notices: list[BoardNoticeOut]
    texts: list[BoardTextOut]


class BoardLogEntry(LogEntryOut):
    """A fact, with the name of its caregiver. `name` null: it is about none, or they are no longer on the roster."""

    name: str | None


class BoardLogPage(TypedDict):
    """Entries of the log, oldest first. `next` goes into `after`; null: these were the last ones so far."""

    items: list[BoardLogEntry]
    next: str | None
