"""Lists of caregivers and shifts in one request, for an agency's system that sends all of its records."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from fastapi import APIRouter
from pydantic import BaseModel, ValidationError

from app.domain.commands import PutCaregiver, PutShift
from app.domain.decisions import Refusal
from app.intake.bodies import CaregiverRowIn, CaregiverRowsIn, ShiftRowIn, ShiftRowsIn
from app.runtime.service import Service
from app.web.etags import without_condition
from app.web.json_bodies import JsonRoute
from app.web.openapi import problems
from app.web.params import SenderDep, ServiceDep
from app.web.permissions import COORDINATE
from app.web.problems import invalid
from app.web.schemas import RowResultOut, RowResultsOut

router = APIRouter(route_class=JsonRoute)

#: Their PUT takes a longer body than other requests.
LIST_PATHS = frozenset({"/caregivers", "/shifts"})
#: Records checked before other requests get their turn: about two milliseconds.
_ROWS_PER_SLICE = 50

RowT = TypeVar("RowT", bound=BaseModel)
CommandT = TypeVar("CommandT", PutCaregiver, PutShift)


@router.put("/caregivers", tags=["caregivers"], responses=problems(400), dependencies=[COORDINATE, without_condition])
async def put_caregivers(body: CaregiverRowsIn, service: ServiceDep, sender: SenderDep) -> RowResultsOut:
    """Add or replace up to 1,000 caregivers, as one PUT after the other would, in the order of the list.

    Those that are wrong are refused, and all others stored. After a 503 some may be stored: send the list again.
    """
    now = service.clock.now()
    return await _put_all(
        service,
        body.root,
        CaregiverRowIn,
        lambda row: PutCaregiver(
            caregiver=row.record(row.id), now=now, actor=sender.name, within=sender.organization_id
        ),
    )


@router.put("/shifts", tags=["shifts"], responses=problems(400), dependencies=[COORDINATE, without_condition])
async def put_shifts(body: ShiftRowsIn, service: ServiceDep, sender: SenderDep) -> RowResultsOut:
    """Add or replace up to 1,000 shifts, as one PUT after the other would, in the order of the list.

    Those that are wrong, claimed or being filled are refused, and all others stored. After a 503 some may be stored:
    send the list again.
    """
    now = service.clock.now()
    return await _put_all(
        service,
        body.root,
        ShiftRowIn,
        lambda row: PutShift(shift=row.record(row.id), now=now, actor=sender.name, within=sender.organization_id),
    )


async def _put_all(
    service: Service, rows: Sequence[Any], model: type[RowT], command_of: Callable[[RowT], CommandT]
) -> RowResultsOut:
    results: list[RowResultOut] = []
    commands: list[CommandT] = []
    places: list[int] = []
    for place, row in enumerate(rows):
        if place % _ROWS_PER_SLICE == 0:
            await asyncio.sleep(0)
        results.append({"id": _id_of(row), "status": 422})
        try:
            commands.append(command_of(model.model_validate(row)))
            places.append(place)
        except ValidationError as exc:
            error = invalid(exc.errors(include_url=False, include_input=False))
            results[place]["detail"] = str(error.detail)
    for place, result in zip(places, await service.engine.handle_all(commands), strict=True):
        if isinstance(result, Refusal):
            results[place]["status"] = 409
            results[place]["detail"] = result.detail
        else:
            results[place]["status"] = 201 if result else 200
    return {"results": results}


def _id_of(row: object) -> str | None:
    """The id by which the sender finds the record again; None if it has none that is a text of an id's length."""
    id_ = row.get("id") if isinstance(row, dict) else None
    return id_ if isinstance(id_, str) and len(id_) <= 128 else None
