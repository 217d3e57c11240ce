"""The pydantic models of a caregiver and a shift as they come in: in the body of a PUT or in the data file."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from app.domain.records import Caregiver, Shift
from app.intake.fields import Id, Location, Name, Phone, Role, Time, ZoneName


class CaregiverIn(BaseModel):
    """A caregiver as an agency sends it. Without `organization_id` the caregiver works for all organizations."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    role: Role
    phone: Annotated[Phone, Field(description="E.164, or any usual way of writing a US number")]
    organization_id: Id | None = None

    def record(self, caregiver_id: str) -> Caregiver:
        """The record with this id."""
        return Caregiver(
            id=caregiver_id,
            name=self.name,
            roles=(self.role,),
            phone=self.phone,
            organization_ids=() if self.organization_id is None else (self.organization_id,),
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
