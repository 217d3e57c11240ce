"""The JSON of the API as pydantic models: what comes in (validated here), and what goes out (for OpenAPI)."""

from datetime import datetime
from typing import Annotated, Literal, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)
from pydantic_core import InitErrorDetails, PydanticCustomError, from_json

from app.domain.records import Channel, ContactStatus, ExclusionReason, FanoutStatus, Outcome
from app.intake.fields import Id, Phone

#: Longer texts than this do not come from a phone: ten segments.
LONGEST_BODY = 1600


ModelT = TypeVar("ModelT", bound=BaseModel)


def parse(model: type[ModelT], body: bytes) -> ModelT:
    """The JSON `body` as `model`. Raises pydantic's ValidationError, of type `json_invalid` if it is not JSON."""
    if b"NaN" in body or b"Infinity" in body:
        # pydantic takes these for numbers; JSON has no such thing.
        try:
            from_json(body, allow_inf_nan=False)
        except ValueError as exc:
            error = InitErrorDetails(type=PydanticCustomError("json_invalid", "not JSON"), input=None)
            raise ValidationError.from_exception_data(model.__name__, [error]) from exc
    return model.model_validate_json(body)


class InboundIn(BaseModel):
    """An SMS or phone answer, as a gateway passes it on."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"from": "+15550001", "body": "YES"}]})

    from_: Annotated[Phone, Field(alias="from", description="E.164, or any usual way of writing a US number")]
    body: Annotated[str, StringConstraints(max_length=LONGEST_BODY)]
    channel: Channel = Channel.SMS
    message_id: Annotated[
        Id | None, Field(description="The gateway's id of the message: a repeat gets the first answer again")
    ] = None
    shift_id: Annotated[Id | None, Field(description="If the gateway knows which shift this is about")] = None


class AssignIn(BaseModel):
    """Who is to have a shift."""

    caregiver_id: Id


class ReleaseIn(BaseModel):
    """Who is believed to have the shift; nobody else loses it then."""

    caregiver_id: Id | None = None


class Health(BaseModel):
    """The process answers."""

    status: Literal["ok"]


class Ready(BaseModel):
    """The process can do its work."""

    status: Literal["ready"]


class CaregiverOut(BaseModel):
    """A caregiver; `phone` in E.164."""

    id: str
    name: str
    role: str
    phone: str
    organization_id: str | None
    opted_out: bool


class ShiftOut(BaseModel):
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


class CaregiverPage(BaseModel):
    """Caregivers by id; `next` is the `after` of the next page, null on the last."""

    items: list[CaregiverOut]
    next: str | None


class ShiftPage(BaseModel):
    """Shifts by id; `next` is the `after` of the next page, null on the last."""

    items: list[ShiftOut]
    next: str | None


class ContactOut(BaseModel):
    """One offer to one caregiver in one round."""

    id: str
    caregiver_id: str
    channel: Channel
    status: ContactStatus
    attempts: int
    updated_at: datetime
    error: str | None


class ResponseOut(BaseModel):
    """What a caregiver answered; the first time they answered so."""

    caregiver_id: str
    outcome: Outcome
    at: datetime
    channel: Channel


class ExclusionOut(BaseModel):
    """Why somebody who matches the role was left out."""

    caregiver_id: str
    reason: ExclusionReason


class FanoutSummary(BaseModel):
    """Where a fanout stands. `counts` are offers by status; notices are not in them."""

    shift_id: str
    generation: int
    status: FanoutStatus
    round: Channel
    started_at: datetime
    escalates_at: datetime
    claimed_by: str | None
    claimed_at: datetime | None
    claimed_via: Annotated[Channel | None, Field(description="null where the holder was assigned by hand")]
    release_requested_at: datetime | None
    counts: dict[ContactStatus, int]


class FanoutOut(FanoutSummary):
    """A fanout in full: who was asked, who answered what, who was left out and why."""

    contacts: list[ContactOut]
    responses: list[ResponseOut]
    excluded: list[ExclusionOut]


class HolderOut(BaseModel):
    """Who holds a shift; `via` null: assigned by hand. `name` null: no longer on the roster."""

    caregiver_id: str
    name: str | None
    at: datetime
    via: Channel | None
    release_requested_at: datetime | None


class SumsOut(BaseModel):
    """Caregivers asked, and of them those who answered anything, whose last word is no, whom nobody understood."""

    asked: int
    answered: int
    declined: int
    unclear: int


class BoardRow(BaseModel):
    """A shift as the board lists it."""

    shift: ShiftOut
    holder: HolderOut | None
    fanout: FanoutSummary | None
    sums: SumsOut | None


class BoardMessageOut(BaseModel):
    """One offer to a caregiver, as on the board."""

    channel: Channel
    status: ContactStatus
    attempts: int
    updated_at: datetime
    error: str | None


class BoardResponseOut(BaseModel):
    """What a caregiver answered, as on the board."""

    outcome: Outcome
    at: datetime
    channel: Channel


class BoardCaregiverOut(BaseModel):
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


class ChoiceOut(BaseModel):
    """One of the shifts an ambiguous reply could mean; `code` goes into the next reply, as in YES 2."""

    shift_id: str
    code: str
    summary: str


class AnswerOut(BaseModel):
    """What a message led to. `reply` is the text sent back to the caregiver, null if nothing is."""

    outcome: Outcome
    shift_id: str | None
    caregiver_id: str | None
    reply: str | None
    choices: Annotated[list[ChoiceOut], Field(description="Only with the outcome `ambiguous`")] = []


class FieldError(BaseModel):
    """What was wrong with one field."""

    field: str
    message: str


class Problem(BaseModel):
    """RFC 9457. A 422 has `errors`; a refusal of the service has a `code` that does not change."""

    type: str
    title: str
    status: int
    detail: str
    code: str | None = None
    errors: list[FieldError] = []
