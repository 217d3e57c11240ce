"""The pydantic models of the records as they come in: in the body of a PUT or in the data file."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    RootModel,
    ValidationInfo,
    field_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from app.domain.records import (
    Caregiver,
    Language,
    Organization,
    QuietHours,
    Shift,
    role_key,
)
from app.intake.fields import Hours, Id, Location, Name, Phone, Role, Seconds, Time, TimeOfDay, ZoneName

#: The most roles or organizations of a caregiver.
_MOST_VALUES = 100
_MOST_ROWS = Field(max_length=1000)


class CaregiverIn(BaseModel):
    """A caregiver as an agency sends it: with a `role` or `roles`, and for one organization, several or all."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    # The lists come first: the checks of the single fields read them.
    roles: Annotated[
        list[Role] | None,
        Field(min_length=1, max_length=_MOST_VALUES, description="Everything that the caregiver is qualified for"),
    ] = None
    role: Annotated[
        Role | None, Field(validate_default=True, description="Instead of `roles`, of which one must be given")
    ] = None
    phone: Annotated[Phone, Field(description="E.164, or any usual way of writing a US number")]
    organization_ids: Annotated[
        list[Id] | None,
        Field(max_length=_MOST_VALUES, description="Empty: the caregiver works for all organizations"),
    ] = None
    organization_id: Annotated[
        Id | None, Field(description="Instead of `organization_ids`; without both the caregiver works for all")
    ] = None
    time_zone: Annotated[ZoneName | None, Field(description="IANA zone in which the caregiver lives")] = None
    language: Annotated[
        Language | None, Field(description="The language of their texts and calls; English if not given")
    ] = None

    @field_validator("role")
    @classmethod
    def _role_or_roles(cls, role: str | None, info: ValidationInfo) -> str | None:
        # If `roles` is not valid, it is not there, and has an error of its own.
        if "roles" in info.data:
            if role is None and info.data["roles"] is None:
                raise PydanticCustomError("missing", "Field required")
            _refuse_both(role, info.data["roles"], "roles")
        return role

    @field_validator("organization_id")
    @classmethod
    def _one_or_several_organizations(cls, organization_id: str | None, info: ValidationInfo) -> str | None:
        _refuse_both(organization_id, info.data.get("organization_ids"), "organization_ids")
        return organization_id

    def record(self, caregiver_id: str) -> Caregiver:
        """The record with this id."""
        return Caregiver(
            id=caregiver_id,
            name=self.name,
            roles=_distinct(_all(self.role, self.roles)),
            phone=self.phone,
            organization_ids=tuple(dict.fromkeys(_all(self.organization_id, self.organization_ids))),
            time_zone=self.time_zone,
            language=self.language or Language.ENGLISH,
        )


def _refuse_both(single: str | None, several: list[str] | None, name: str) -> None:
    if single is not None and several is not None:
        raise ValueError(f"must not be given together with {name}")


def _distinct(roles: Iterable[str]) -> tuple[str, ...]:
    """The roles without those that compare as an earlier one."""
    found: dict[str, str] = {}
    for role in roles:
        found.setdefault(role_key(role), role)
    return tuple(found.values())


def _all(single: str | None, several: list[str] | None) -> list[str]:
    return several or ([] if single is None else [single])


class QuietHoursIn(BaseModel):
    """Hours of each day in which nobody is to be disturbed; from 21:00 to 07:00 they last over midnight."""

    model_config = ConfigDict(extra="forbid")

    start: Annotated[TimeOfDay, Field(alias="from")]
    end: Annotated[TimeOfDay, Field(alias="to")]

    @field_validator("end")
    @classmethod
    def _another_time(cls, end: time, info: ValidationInfo) -> time:
        if end == info.data.get("start"):
            raise ValueError("must differ from `from`")
        return end


class OrganizationIn(BaseModel):
    """An organization as it is set up. What is left out is as the settings of the service say."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    time_zone: Annotated[ZoneName | None, Field(description="IANA zone of its shifts, where they name none")] = None
    office_phone: Annotated[Phone | None, Field(description="What caregivers call, and where alerts go")] = None
    quiet_hours: Annotated[QuietHoursIn | None, Field(description="None if left out")] = None
    escalate_after: Annotated[
        Seconds | None, Field(description="Seconds from the start of a fanout to the calls; fixed when it starts")
    ] = None
    minimum_rest: Annotated[Hours | None, Field(description="Hours between two shifts of a caregiver")] = None

    def record(self, organization_id: str) -> Organization:
        """The record with this id."""
        quiet = self.quiet_hours
        return Organization(
            id=organization_id,
            name=self.name,
            time_zone=self.time_zone,
            office_phone=self.office_phone,
            quiet_hours=None if quiet is None else QuietHours(start=quiet.start, end=quiet.end),
            escalate_after_s=self.escalate_after,
            minimum_rest=None if self.minimum_rest is None else timedelta(hours=self.minimum_rest),
        )


class ShiftIn(BaseModel):
    """A shift as an agency sends it. Both times have an offset; the end is after the start."""

    model_config = ConfigDict(extra="forbid")

    organization_id: Id
    role_required: Role
    start_time: Time
    end_time: Time
    time_zone: Annotated[
        ZoneName | None,
        Field(description="IANA zone in which messages show the hours"),
    ] = None
    location: Annotated[
        Location | None,
        Field(description="City or zip, never a client's name; at most 60 characters"),
    ] = None

    @field_validator("end_time")
    @classmethod
    def _after_start(cls, end_time: datetime, info: ValidationInfo) -> datetime:
        start_time = info.data.get("start_time")
        if start_time is not None and end_time <= start_time:
            raise ValueError("must be after start_time")
        return end_time

    def record(self, shift_id: str) -> Shift:
        """The record with this id."""
        return Shift(
            id=shift_id,
            organization_id=self.organization_id,
            role_required=self.role_required,
            start_time=self.start_time.astimezone(UTC),
            end_time=self.end_time.astimezone(UTC),
            time_zone=self.time_zone,
            location=self.location,
            utc_offset_s=int((self.start_time.utcoffset() or timedelta()).total_seconds()),
        )


class CaregiverRowIn(CaregiverIn):
    """A caregiver in a list."""

    id: Id


class ShiftRowIn(ShiftIn):
    """A shift in a list."""

    id: Id


class _DescribedAs:
    """Describes a value as `model` without checking it. One wrong record must not refuse the others of a list."""

    def __init__(self, model: type[BaseModel]) -> None:
        self._model = model

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.any_schema()

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(self._model.__pydantic_core_schema__)


class CaregiverRowsIn(RootModel[Annotated[list[Annotated[Any, _DescribedAs(CaregiverRowIn)]], _MOST_ROWS]]):
    """Caregivers, each still to be checked as a `CaregiverRowIn`."""


class ShiftRowsIn(RootModel[Annotated[list[Annotated[Any, _DescribedAs(ShiftRowIn)]], _MOST_ROWS]]):
    """Shifts, each still to be checked as a `ShiftRowIn`."""
