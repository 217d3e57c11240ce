"""Organizations: put, get, list, delete."""

from datetime import datetime

from fastapi import APIRouter, Response

from app.domain.commands import DeleteOrganization, PutOrganization
from app.domain.decisions import unknown_organization
from app.domain.records import Organization
from app.domain.versions import organization_version
from app.intake.bodies import OrganizationIn
from app.runtime.service import Service
from app.web import rendering
from app.web.etags import NOT_MODIFIED, IfMatchDep, IfNoneMatchDep, KnownVersionsDep, tag
from app.web.json_bodies import JsonRoute
from app.web.openapi import also_200, problems
from app.web.params import Id, Limit, PositionDep, SenderDep, ServiceDep, next_position
from app.web.permissions import ADMIN, READ
from app.web.problems import no_record, raise_if_refused
from app.web.schemas import OrganizationOut, OrganizationPage

router = APIRouter(prefix="/organizations", tags=["organizations"], route_class=JsonRoute)


@router.put(
    "/{organization_id}",
    dependencies=[ADMIN],
    status_code=201,
    responses=also_200(OrganizationOut, "Replaced") | problems(400, 412),
)
async def put_organization(
    organization_id: Id,
    body: OrganizationIn,
    service: ServiceDep,
    sender: SenderDep,
    response: Response,
    if_match: IfMatchDep,
    if_none_match: IfNoneMatchDep,
) -> OrganizationOut:
    """Add an organization (201) or replace the one of that id (200). Fanouts that run keep their wait."""
    command = PutOrganization(
        organization=body.record(organization_id),
        now=service.clock.now(),
        actor=sender.name,
        if_match=if_match,
        if_none_match=if_none_match,
    )
    created = raise_if_refused(await service.engine.handle(command))
    response.status_code = 201 if created else 200
    return await _organization(service, organization_id, response)


@router.get("/{organization_id}", dependencies=[READ], responses=problems(404) | NOT_MODIFIED)
async def get_organization(
    organization_id: Id, service: ServiceDep, response: Response, known: KnownVersionsDep
) -> OrganizationOut:
    """One organization."""
    return await _organization(service, organization_id, response, known)


@router.get("", dependencies=[READ])
async def list_organizations(
    service: ServiceDep, sender: SenderDep, position: PositionDep, limit: Limit = 100
) -> OrganizationPage:
    """A page of organizations: by id, or those that changed after a time, in the order of their last changes."""
    if sender.organization_id is None:
        found = await service.store.organizations(position, limit + 1)
    else:
        own = await service.store.organization(sender.organization_id)
        found = [own] if own is not None and _is_after(own, position) else []
    shown = found[:limit]
    silent = await service.store.silent_numbers([one.office_phone for one in shown if one.office_phone is not None])
    items = [rendering.organization(one, silent.get(one.office_phone or "")) for one in shown]
    return {"items": items, "next": next_position(position, items, more=len(found) > limit)}


@router.delete(
    "/{organization_id}",
    dependencies=[ADMIN],
    status_code=204,
    response_class=Response,
    responses=problems(404, 409, 412),
)
async def delete_organization(
    organization_id: Id, service: ServiceDep, sender: SenderDep, if_match: IfMatchDep
) -> None:
    """Delete an organization. 409 while it has a shift that has not ended.

    Caregivers and shifts that name it stay. The settings of the service then apply to them.
    """
    command = DeleteOrganization(
        organization_id=organization_id, now=service.clock.now(), actor=sender.name, if_match=if_match
    )
    raise_if_refused(await service.engine.handle(command))


def _is_after(organization: Organization, position: str | datetime) -> bool:
    return organization.id > position if isinstance(position, str) else organization.updated_at > position


async def _organization(
    service: Service, organization_id: str, response: Response, known: frozenset[str] = frozenset()
) -> OrganizationOut:
    found = await service.store.organization(organization_id)
    if found is None:
        raise no_record(unknown_organization(organization_id))
    phones = [] if found.office_phone is None else [found.office_phone]
    silence = next(iter((await service.store.silent_numbers(phones)).values()), None)
    tag(response, organization_version(found, silence), known)
    return rendering.organization(found, silence)
