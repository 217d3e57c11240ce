"""Caregivers: put, get, list, delete, opt in."""

from fastapi import APIRouter, Response

from app.domain.commands import DeleteCaregiver, OptIn, PutCaregiver
from app.intake.bodies import CaregiverIn
from app.runtime.service import Service
from app.web import rendering
from app.web.json_bodies import JsonRoute
from app.web.openapi import also_200, problems
from app.web.params import ActorDep, After, Id, Limit, ServiceDep
from app.web.problems import ProblemError, raise_if_refused
from app.web.schemas import NOTHING, CaregiverOut, CaregiverPage, NothingIn

router = APIRouter(prefix="/caregivers", tags=["caregivers"], route_class=JsonRoute)


@router.put(
    "/{caregiver_id}",
    status_code=201,
    responses=also_200(CaregiverOut, "Replaced") | problems(400, 409),
)
async def put_caregiver(
    caregiver_id: Id, body: CaregiverIn, service: ServiceDep, actor: ActorDep, response: Response
) -> CaregiverOut:
    """Add a caregiver (201) or replace the one of that id (200). 409 if somebody else has the number."""
    command = PutCaregiver(caregiver=body.record(caregiver_id), now=service.clock.now(), actor=actor)
    created = raise_if_refused(await service.engine.handle(command))
    response.status_code = 201 if created else 200
    return await _caregiver(service, caregiver_id)


@router.get("/{caregiver_id}", responses=problems(404))
async def get_caregiver(caregiver_id: Id, service: ServiceDep) -> CaregiverOut:
    """One caregiver."""
    return await _caregiver(service, caregiver_id)


@router.get("")
async def list_caregivers(service: ServiceDep, limit: Limit = 100, after: After = "") -> CaregiverPage:
    """A page of caregivers, by id."""
    found = await service.store.caregivers(after, limit + 1)
    items = [rendering.caregiver(caregiver, opted_out) for caregiver, opted_out in found[:limit]]
    return {"items": items, "next": items[-1]["id"] if len(found) > limit else None}


@router.delete("/{caregiver_id}", status_code=204, response_class=Response, responses=problems(404, 409))
async def delete_caregiver(caregiver_id: Id, service: ServiceDep, actor: ActorDep) -> None:
    """Forget a caregiver; messages queued for them are skipped. 409 while they hold a shift that has not ended."""
    command = DeleteCaregiver(caregiver_id=caregiver_id, now=service.clock.now(), actor=actor)
    raise_if_refused(await service.engine.handle(command))


@router.post("/{caregiver_id}/opt-in", responses=problems(400, 404))
async def opt_in_caregiver(
    caregiver_id: Id, service: ServiceDep, actor: ActorDep, _: NothingIn = NOTHING
) -> CaregiverOut:
    """Record that the caregiver has agreed again: their number may get messages, whatever it said before.

    Lifts an opt-out and a mark as a wrong number. Repeating it gives the same answer.
    """
    command = OptIn(caregiver_id=caregiver_id, now=service.clock.now(), actor=actor)
    raise_if_refused(await service.engine.handle(command))
    return await _caregiver(service, caregiver_id)


async def _caregiver(service: Service, caregiver_id: str) -> CaregiverOut:
    found = await service.store.caregiver(caregiver_id)
    if found is None:
        raise ProblemError(404, f"there is no caregiver {caregiver_id!r}")
    return rendering.caregiver(*found)
