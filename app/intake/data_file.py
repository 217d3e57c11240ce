"""Reads the JSON file of records that the service loads when it starts, and checks every record."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from app.domain.records import Caregiver, Organization, Shift
from app.errors import StartRefused
from app.intake.bodies import CaregiverIn, OrganizationIn, ShiftIn
from app.intake.errors import describe_errors
from app.intake.fields import Id
from app.intake.relative_dates import move_to_next_week, parse_monday

ModelT = TypeVar("ModelT", bound=BaseModel)

_PARTS: dict[str, type[BaseModel]] = {
    "organizations": OrganizationIn,
    "caregivers": CaregiverIn,
    "shifts": ShiftIn,
}
_ID: TypeAdapter[str] = TypeAdapter(Id)


@dataclass(frozen=True, slots=True)
class DataFile:
    """The records of a data file, in the order of the file."""

    path: Path
    organizations: tuple[Organization, ...]
    caregivers: tuple[Caregiver, ...]
    shifts: tuple[Shift, ...]
    #: Fields of the file that mean nothing to the service, like `caregivers.nickname`; they are ignored.
    unknown_fields: tuple[str, ...] = ()


def read_data_file(path: Path, *, now: datetime, zone_name: str) -> DataFile:
    """Read `{"organizations": [...], "caregivers": [...], "shifts": [...]}`; each part may be left out.

    Each record has an `id` and the fields of its PUT.

    With `"relative_to": "YYYY-MM-DD"`, a Monday, the shifts are moved by whole weeks: the week that begins on that
    day becomes the first that begins after `now`. `zone_name`: the zone of a shift if neither it nor its organization
    in the file names one. Raises StartRefused with the path, the record and the reason.
    """
    try:
        content = json.loads(path.read_bytes())
    except OSError as exc:
        raise StartRefused(f"FANOUT_DATA={str(path)!r}: {exc.strerror or exc}") from exc
    except (json.JSONDecodeError, UnicodeDecodeError) as exc:
        raise StartRefused(f"FANOUT_DATA={str(path)!r}: not JSON: {exc}") from exc
    except (ValueError, RecursionError) as exc:
        # It may be JSON: Python limits the digits of a number and the depth of nesting.
        raise StartRefused(f"FANOUT_DATA={str(path)!r}: cannot be read: {exc}") from exc
    if not isinstance(content, dict):
        raise StartRefused(f'FANOUT_DATA={str(path)!r}: must be {{"caregivers": [...], "shifts": [...]}}')
    found = _records(path, content, "organizations", OrganizationIn)
    organizations = tuple(model.record(id_) for id_, model in found)
    caregivers = tuple(model.record(id_) for id_, model in _records(path, content, "caregivers", CaregiverIn))
    shifts = tuple(model.record(id_) for id_, model in _records(path, content, "shifts", ShiftIn))
    _refuse_shared_numbers(path, caregivers)
    if "relative_to" in content:
        try:
            monday = parse_monday(content["relative_to"])
        except ValueError as exc:
            raise StartRefused(f"FANOUT_DATA={str(path)!r}: relative_to: {exc}") from exc
        zone_names = {one.id: one.time_zone for one in organizations if one.time_zone is not None}
        shifts = move_to_next_week(shifts, monday, now, zone_name, zone_names)
    return DataFile(path, organizations, caregivers, shifts, _unknown_fields(content))


def _records(path: Path, content: dict[str, object], part: str, model: type[ModelT]) -> list[tuple[str, ModelT]]:
    rows = content.get(part, [])
    if not isinstance(rows, list):
        raise StartRefused(f"FANOUT_DATA={str(path)!r}: {part} must be a list")
    models: dict[str, ModelT] = {}
    for position, row in enumerate(rows):
        where = f"FANOUT_DATA={str(path)!r}: {part}[{position}]"
        if not isinstance(row, dict):
            raise StartRefused(f"{where}: must be an object")
        try:
            id_ = _ID.validate_python(row.get("id"))
        except ValidationError as exc:
            raise StartRefused(f"{where}: id: {describe_errors(exc).removeprefix('body: ')}") from exc
        try:
            checked = model.model_validate({name: row[name] for name in row.keys() & model.model_fields.keys()})
        except ValidationError as exc:
            raise StartRefused(f"{where} (id {id_!r}): {describe_errors(exc)}") from exc
        if id_ in models:
            raise StartRefused(f"{where}: id {id_!r} appears twice in the file")
        models[id_] = checked
    return list(models.items())


def _unknown_fields(content: dict[str, Any]) -> tuple[str, ...]:
    unknown = {name for name in content if name not in {*_PARTS, "relative_to"}}
    for part, model in _PARTS.items():
        unknown |= {
            f"{part}.{name}" for row in content.get(part, []) for name in row.keys() - {"id", *model.model_fields}
        }
    return tuple(sorted(unknown))


def _refuse_shared_numbers(path: Path, caregivers: Sequence[Caregiver]) -> None:
    owners: dict[str, str] = {}
    for position, caregiver in enumerate(caregivers):
        owner = owners.setdefault(caregiver.phone, caregiver.id)
        if owner != caregiver.id:
            raise StartRefused(
                f"FANOUT_DATA={str(path)!r}: caregivers[{position}] (id {caregiver.id!r}): "
                f"phone: caregiver {owner!r} has the same number"
            )
