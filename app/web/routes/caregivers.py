"""Caregivers: put, get, list, delete, opt in."""

from fastapi import APIRouter, Response

from app.domain.commands import DeleteCaregiver, OptIn, PutCaregiver
from app.domain.decisions import unknown_caregiver
from app.domain.versions import caregiver_version
from app.intake.bodies import CaregiverIn
from app.runtime.service import Service
from app.web import rendering
from app.web.etags import NOT_MODIFIED, IfMatchDep, IfNoneMatchDep, KnownVersionsDep, tag, without_condition
from app.web.json_bodies import JsonRoute
from app.web.openapi import also_200, problems
from app.web.params import Id, Limit, PositionDep, SenderDep, ServiceDep, next_position
from app.web.permissions import COORDINATE, READ
from app.web.problems import no_record, raise_if_refused
from app.web.schemas import NOTHING, CaregiverOut, CaregiverPage, NothingIn

router = APIRouter(prefix="/caregivers", tags=["caregivers"], route_class=JsonRoute)


@router.put(
    "/{caregiver_id}",
    dependencies=[COORDINATE],
    status_code=201,
    responses=also_200(CaregiverOut, "Replaced") | problems(400, 404, 409, 412),
)
async def put_caregiver(
    caregiver_id: Id,
    body: CaregiverIn,
    service: ServiceDep,
    sender: SenderDep,
    response: Response,
    if_match: IfMatchDep,
    if_none_match: IfNoneMatchDep,
) -> CaregiverOut:
    """Add a caregiver (201) or replace the one of that id (200). 409 if somebody else has the number."""
    command = PutCaregiver(
        caregiver=body.record(caregiver_id),
        now=service.clock.now(),
        actor=sender.name,
        within=sender.organization_id,
        if_match=if_match,
        if_none_match=if_none_match,
    )
    created = raise_if_refused(await service.engine.handle(command))
    response.status_code = 201 if created else 200
    return await _caregiver(service, caregiver_id, response)


@router.get("/{caregiver_id}", dependencies=[READ], responses=problems(404) | NOT_MODIFIED)
async def get_caregiver(
    caregiver_id: Id, service: ServiceDep, response: Response, known: KnownVersionsDep
) -> CaregiverOut:
    """One caregiver."""
    return await _caregiver(service, caregiver_id, response, known)


@router.get("", dependencies=[READ])
async def list_caregivers(
    service: ServiceDep, sender: SenderDep, position: PositionDep, limit: Limit = 100
) -> CaregiverPage:
    """A page of caregivers: by id, or those that changed after a time, in the order of their last changes."""
    found = await service.store.caregivers(position, limit + 1, sender.organization_id)
    items = [rendering.caregiver(caregiver, opted_out) for caregiver, opted_out in found[:limit]]
    return {"items": items, "next": next_position(position, items, more=len(found) > limit)}


@router.delete(
    "/{caregiver_id}",
    dependencies=[COORDINATE],
    status_code=204,
    response_class=Response,
    responses=problems(404, 409, 412),
)
async def delete_caregiver(caregiver_id: Id, service: ServiceDep, sender: SenderDep, if_match: IfMatchDep) -> None:
    """Forget a caregiver; messages queued for them are skipped. 409 while they hold a shift that has not ended."""
    command = DeleteCaregiver(
        caregiver_id=caregiver_id,
        now=service.clock.now(),
        actor=sender.name,
        within=sender.organization_id,
        if_match=if_match,
    )
    raise_if_refused(await service.engine.handle(command))


@router.post("/{caregiver_id}/opt-in", dependencies=[COORDINATE, without_condition], responses=problems(400, 404))
async def opt_in_caregiver(
    caregiver_id: Id, service: ServiceDep, sender: SenderDep, response: Response, _: NothingIn = NOTHING
) -> CaregiverOut:
    """Record that the caregiver has agreed again: their number may get messages, whatever it said before.

    Lifts an opt-out and a mark as a wrong number. Repeating it gives the same answer.
    """
    command = OptIn(
        caregiver_id=caregiver_id, now=service.clock.now(), actor=sender.name, within=sender.organization_id
    )
    raise_if_refused(await service.engine.handle(command))
    return await _caregiver(service, caregiver_id, response)


async def _caregiver(
    service: Service, caregiver_id: str, response: Response, known: frozenset[str] = frozenset()
) -> CaregiverOut:
    found = await service.store.caregiver(caregiver_id)
    if found is None:
        raise no_record(unknown_caregiver(caregiver_id))
    tag(response, caregiver_version(found[0], opted_out=found[1]), known)
    return rendering.caregiver(*found)
