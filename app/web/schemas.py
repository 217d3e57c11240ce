"""The JSON of the API: what comes in as pydantic models, what goes out as typed dictionaries.

A typed dictionary is both what a route returns (mypy checks `rendering`) and what OpenAPI says of it. Times are aware
datetimes in UTC, written as RFC 3339 with a Z. Imports records of the domain and fields of the intake, no framework.
"""

from datetime import datetime
from typing import Annotated, Literal, NotRequired

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Strict, StringConstraints

# Before Python 3.12 pydantic takes only this TypedDict, and installs it.
from typing_extensions import TypedDict

from app.domain.attention_reasons import AttentionReason
from app.domain.facts import CAREGIVER, SERVICE
from app.domain.fanout_records import ExclusionReason, FanoutStatus
from app.domain.gsm7 import septets, to_gsm7
from app.domain.messages import ContactStatus, Silence
from app.domain.receipts import LONGEST_ERROR, readable_error
from app.domain.records import Channel, Kind, Language, Outcome
from app.intake.fields import Id, Phone, no_control

#: Ten SMS segments; no phone sends a longer text.
LONGEST_TEXT = 1600


def _somebody(name: str) -> str:
    if name.casefold() in (CAREGIVER, SERVICE):
        raise ValueError("must be the name of somebody in the office")
    return name


class InboundIn(BaseModel):
    """An SMS or phone answer, as a gateway passes it on."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"from": "+15550001", "body": "YES"}]})

    from_: Annotated[Phone, Field(alias="from", description="E.164, or any usual way of writing a US number")]
    body: Annotated[str, StringConstraints(max_length=LONGEST_TEXT)]
    channel: Annotated[Channel | None, Field(description="How it came; `sms` if not given")] = None
    message_id: Annotated[
        Id | None, Field(description="The gateway's id of the message: a repeat gets the first answer again")
    ] = None
    shift_id: Annotated[Id | None, Field(description="If the gateway knows which shift this is about")] = None
    recorded_by: Annotated[
        Annotated[
            str,
            StringConstraints(max_length=200, strip_whitespace=True),
            AfterValidator(no_control),
            AfterValidator(_somebody),
        ]
        | None,
        Field(description="Who in the office heard the answer and records it; empty: the owner of the key"),
    ] = None


class ReceiptIn(BaseModel):
    """What became of a message that the gateway has taken. Repeats, late ones and unknown ids do no harm."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"id": "45f6c7a6", "status": "delivered"}]})

    id: Annotated[Id, Field(description="The `id` that the gateway got with the message")]
    status: Literal["delivered", "failed"]
    error: Annotated[
        str | None,
        AfterValidator(readable_error),
        Field(description=f"Why it failed, for a person to read; only the first {LONGEST_ERROR} characters are kept"),
    ] = None


#: Two segments of GSM-7: 153 characters each, because each names its place.
_LONGEST_MESSAGE = 306


def _as_text_message(body: str) -> str:
    """The body on one line, in characters of the GSM-7 alphabet. Raises ValueError if it cannot be sent as such."""
    text = to_gsm7(body)
    length = septets(text)
    if not text:
        raise ValueError("must not be empty")
    if length is None:
        wrong = next(character for character in text if septets(character) is None)
        raise ValueError(f"has {wrong!r}, which the GSM-7 alphabet of text messages does not have")
    if length > _LONGEST_MESSAGE:
        raise ValueError(
            f"takes {length} characters, and at most {_LONGEST_MESSAGE} fit; each of ^{{}}\\[~]|\u20ac counts twice"
        )
    return text


class AssignIn(BaseModel):
    """Who is to have a shift."""

    model_config = ConfigDict(extra="forbid")

    caregiver_id: Id


class TextIn(BaseModel):
    """A text of the office to a caregiver."""

    model_config = ConfigDict(extra="forbid")

    caregiver_id: Id
    body: Annotated[str, AfterValidator(_as_text_message)]


class TextOut(TypedDict):
    """The text, which is among the `notices` of the shift's fanout under this id, if the shift has one."""

    id: str


class ReleaseIn(BaseModel):
    """Who is believed to have the shift; if somebody else has it by now, they keep it."""

    model_config = ConfigDict(extra="forbid")

    caregiver_id: Id | None = None


class NothingIn(BaseModel):
    """An object of which no field is read yet. It may be left out."""


NOTHING = NothingIn()


class FanoutIn(BaseModel):
    """How a fanout starts. It may be left out."""

    urgent: Annotated[
        bool | None, Strict(), Field(description="Quiet hours hold no message of this fanout; false if not given")
    ] = None


NOT_URGENT = FanoutIn()


class HealthOut(TypedDict):
    """The process answers."""

    status: Literal["ok"]


class ReadyOut(TypedDict):
    """The process can do its work. `lag_s`: for how many seconds the oldest step of a fanout has been due."""

    status: Literal["ready"]
    lag_s: float


class CaregiverOut(TypedDict):
    """A caregiver; `phone` in E.164. `role` and `organization_id` are the first of the lists; null: works for all."""

    id: str
    name: str
    role: str
    roles: list[str]
    phone: str
    organization_id: str | None
    organization_ids: list[str]
    time_zone: str | None
    language: Language
    opted_out: bool
    updated_at: datetime


#: `from` is a keyword of Python.
QuietHoursOut = TypedDict("QuietHoursOut", {"from": str, "to": str})


class OrganizationOut(TypedDict):
    """An organization; `escalate_after` in seconds, `minimum_rest` in hours. Null: as the service's settings say."""

    id: str
    name: str
    time_zone: str | None
    office_phone: str | None
    quiet_hours: QuietHoursOut | None
    escalate_after: float | None
    minimum_rest: float | None
    alerts_stopped: Annotated[
        Silence | None, Field(description="Why no alert goes to `office_phone`; null: nothing is known against it")
    ]
    updated_at: datetime


class OrganizationPage(TypedDict):
    """Organizations; `next` is the `after` of the next page, null on the last."""

    items: list[OrganizationOut]
    next: str | None


class ShiftOut(TypedDict):
    """A shift and who has it; times in UTC."""

    id: str
    organization_id: str
    role_required: str
    start_time: datetime
    end_time: datetime
    time_zone: str | None
    location: str | None
    status: Literal["open", "claimed"]
    assigned_to: str | None
    updated_at: datetime


class CaregiverPage(TypedDict):
    """Caregivers; `next` is the `after` of the next page, null on the last."""

    items: list[CaregiverOut]
    next: str | None


class ShiftPage(TypedDict):
    """Shifts; `next` is the `after` of the next page, null on the last."""

    items: list[ShiftOut]
    next: str | None


class RowResultOut(TypedDict):
    """What became of one record of a list: 201 new, 200 replaced, 409 or 422 refused, for the reason in `detail`.

    `id` is null if the record had none that could be read. A 409 is also what the record's own
    PUT would refuse with another status.
    """

    id: str | None
    status: Literal[200, 201, 409, 422]
    detail: NotRequired[str]


class RowResultsOut(TypedDict):
    """What became of each record of a list, in the order in which they were sent."""

    results: list[RowResultOut]


class ContactOut(TypedDict):
    """One message that offered the shift to one caregiver, in one round."""

    id: str
    caregiver_id: str
    channel: Channel
    status: ContactStatus
    attempts: int
    updated_at: datetime
    error: str | None


class ResponseOut(TypedDict):
    """One kind of answer by one caregiver. `at` and `channel` are those of the latest answer of this kind."""

    caregiver_id: str
    outcome: Outcome
    at: datetime
    channel: Channel


class ExclusionOut(TypedDict):
    """Why somebody who matches the role was left out."""

    caregiver_id: str
    reason: ExclusionReason


class NoticeOut(TypedDict):
    """One message about the shift that is not an offer, such as a confirmation.

    `caregiver_id` null: it goes to the office.
    """

    id: str
    caregiver_id: str | None
    kind: Kind
    status: ContactStatus
    attempts: int
    updated_at: datetime
    error: str | None


class AttentionOut(TypedDict):
    """Why a person must look at the shift, and since when; `caregiver_id` is null if it is about the shift itself."""

    reason: AttentionReason
    since: datetime
    caregiver_id: str | None


class FanoutSummary(TypedDict):
    """Where a fanout stands. `counts`: how many contacts have each status; notices are not counted."""

    shift_id: str
    generation: int
    status: FanoutStatus
    round: Channel
    started_at: datetime
    escalates_at: datetime
    held_until: Annotated[
        datetime | None, Field(description="The earliest time at which a message goes out that quiet hours hold")
    ]
    claimed_by: str | None
    claimed_at: datetime | None
    claimed_via: Annotated[Channel | None, Field(description="null where the holder was assigned by hand")]
    release_requested_at: datetime | None
    counts: dict[ContactStatus, int]


class FanoutStateOut(FanoutSummary):
    """Where a fanout stands, and why a person must look at it: the oldest reason first. Settled ones are gone."""

    attention: list[AttentionOut]


class FanoutOut(FanoutStateOut):
    """A fanout in full: who was asked, who answered what, who was left out and why, and what else was sent."""

    contacts: list[ContactOut]
    responses: list[ResponseOut]
    excluded: list[ExclusionOut]
    notices: list[NoticeOut]


class ChoiceOut(TypedDict):
    """One of the shifts an ambiguous reply could mean; `code` goes into the next reply, as in YES 2."""

    shift_id: str
    code: str
    summary: str


class AnswerOut(TypedDict):
    """What a message led to. `reply` is the text sent back to the caregiver, null if nothing is."""

    outcome: Outcome
    shift_id: str | None
    caregiver_id: str | None
    reply: str | None
    choices: NotRequired[Annotated[list[ChoiceOut], Field(description="Only with the outcome `ambiguous`")]]


class ReceiptOut(TypedDict):
    """Whether the receipt said anything new about a message of ours."""

    recorded: bool


class FieldError(TypedDict):
    """What was wrong with one field."""

    field: str
    message: str


class Problem(TypedDict):
    """RFC 9457. A 422 has `errors`; a refusal of the service has a `code` that does not change."""

    type: str
    title: str
    status: int
    detail: str
    code: NotRequired[str]
    errors: NotRequired[list[FieldError]]
