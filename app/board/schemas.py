"""The board's JSON as typed dictionaries: what `rows` returns and what OpenAPI says of it. No framework."""

from datetime import datetime

# Before Python 3.12 pydantic takes only this TypedDict, and installs it.
from typing_extensions import TypedDict

from app.domain.records import Channel, ContactStatus, ExclusionReason, Outcome
from app.web.schemas import FanoutSummary, ShiftOut


class HolderOut(TypedDict):
    """Who holds a shift; `via` null: assigned by hand. `name` null: no longer on the roster."""

    caregiver_id: str
    name: str | None
    at: datetime
    via: Channel | None
    release_requested_at: datetime | None


class AnswerCounts(TypedDict):
    """Numbers of caregivers: asked; answered at all; last answer was no; last answer was not understood."""

    asked: int
    answered: int
    declined: int
    unclear: int


class BoardRow(TypedDict):
    """A shift as the board lists it."""

    shift: ShiftOut
    holder: HolderOut | None
    fanout: FanoutSummary | None
    sums: AnswerCounts | None


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


class BoardDetail(BoardRow):
    """A shift with a row per caregiver."""

    caregivers: list[BoardCaregiverOut]
