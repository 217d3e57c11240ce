"""Shifts: put, get, list, delete, assign by hand, release."""

from fastapi import APIRouter, Response

from app.domain.commands import PutShift
from app.domain.decisions import unknown_shift
from app.domain.versions import shift_version
from app.intake.bodies import ShiftIn
from app.runtime.service import Service
from app.web import rendering
from app.web.etags import NOT_MODIFIED, IfMatchDep, IfNoneMatchDep, KnownVersionsDep, tag, without_condition
from app.web.idempotency import KeyedIdDep
from app.web.json_bodies import JsonRoute
from app.web.openapi import also_200, problems
from app.web.params import Id, Limit, PositionDep, SenderDep, ServiceDep, ShiftFilterDep, next_position
from app.web.permissions import COORDINATE, READ
from app.web.problems import no_record, raise_if_refused
from app.web.schemas import AssignIn, ReleaseIn, ShiftOut, ShiftPage, TextIn, TextOut

router = APIRouter(prefix="/shifts", tags=["shifts"], route_class=JsonRoute)

_FROM_ANYBODY = ReleaseIn()


@router.put(
    "/{shift_id}",
    dependencies=[COORDINATE],
    status_code=201,
    responses=also_200(ShiftOut, "Replaced") | problems(400, 404, 409, 412),
)
async def put_shift(
    shift_id: Id,
    body: ShiftIn,
    service: ServiceDep,
    sender: SenderDep,
    response: Response,
    if_match: IfMatchDep,
    if_none_match: IfNoneMatchDep,
) -> ShiftOut:
    """Add a shift (201) or replace the one of that id (200). 409 once claimed or while its fanout is open.

    409 (`fanout_on_record`) too if it had a fanout and would get another organization.
    """
    command = PutShift(
        shift=body.record(shift_id),
        now=service.clock.now(),
        actor=sender.name,
        within=sender.organization_id,
        if_match=if_match,
        if_none_match=if_none_match,
    )
    created = raise_if_refused(await service.engine.handle(command))
    response.status_code = 201 if created else 200
    return await _shift(service, shift_id, response)


@router.get("/{shift_id}", dependencies=[READ], responses=problems(404) | NOT_MODIFIED)
async def get_shift(shift_id: Id, service: ServiceDep, response: Response, known: KnownVersionsDep) -> ShiftOut:
    """One shift, and who has it."""
    return await _shift(service, shift_id, response, known)


@router.get("", dependencies=[READ])
async def list_shifts(
    service: ServiceDep, shift_filter: ShiftFilterDep, position: PositionDep, limit: Limit = 100
) -> ShiftPage:
    """A page of the shifts that meet every given condition.

    By id, or those that changed after a time, in the order of their last changes.
    """
    found = await service.store.shifts(position, limit + 1, shift_filter)
    items = [rendering.shift(shift, assignment) for shift, assignment in found[:limit]]
    return {"items": items, "next": next_position(position, items, more=len(found) > limit)}


@router.delete(
    "/{shift_id}", dependencies=[COORDINATE], status_code=204, response_class=Response, responses=problems(404, 412)
)
async def delete_shift(shift_id: Id, service: ServiceDep, sender: SenderDep, if_match: IfMatchDep) -> None:
    """Delete a shift. An open fanout is cancelled, and unsent messages are skipped.

    Whoever has it is released, and told unless it has ended. A late yes hears that the shift is no longer open. The
    log of the shift stays.
    """
    raise_if_refused(
        await service.engine.delete_shift(
            shift_id, actor=sender.name, within=sender.organization_id, if_match=if_match
        )
    )


@router.post("/{shift_id}/assign", dependencies=[COORDINATE, without_condition], responses=problems(400, 404, 409))
async def assign_shift(
    shift_id: Id, body: AssignIn, service: ServiceDep, sender: SenderDep, response: Response
) -> ShiftOut:
    """Give the shift to a caregiver, contacted or not, and tell them. Repeating it gives the same answer.

    409 if somebody else has it, if the caregiver has another role or organization or an overlapping shift, or once
    the shift has ended, unless the settings allow past shifts. The others hear that it is taken when they answer.
    """
    raise_if_refused(
        await service.engine.assign(shift_id, body.caregiver_id, actor=sender.name, within=sender.organization_id)
    )
    return await _shift(service, shift_id, response)


@router.post(
    "/{shift_id}/messages",
    dependencies=[COORDINATE, without_condition],
    status_code=202,
    responses=problems(400, 404, 409),
)
async def send_text(
    shift_id: Id, body: TextIn, service: ServiceDep, sender: SenderDep, keyed_id: KeyedIdDep
) -> TextOut:
    """Text a caregiver about the shift in your own words: at most 306 characters of the GSM-7 alphabet.

    It is a notice of the fanout like others, and the log says who sent it. 409 if the caregiver has opted out or does
    not work for the shift's organization. The words are kept only if `FANOUT_KEEP_TEXT` says so.
    """
    sent = await service.engine.send_text(
        shift_id,
        body.caregiver_id,
        body.body,
        keyed_id=keyed_id,
        actor=sender.name,
        within=sender.organization_id,
    )
    return {"id": raise_if_refused(sent)}


@router.post("/{shift_id}/release", dependencies=[COORDINATE, without_condition], responses=problems(400, 404, 409))
async def release_shift(
    shift_id: Id, service: ServiceDep, sender: SenderDep, response: Response, body: ReleaseIn = _FROM_ANYBODY
) -> ShiftOut:
    """Take the shift back from its holder, who is told; the same answer if nobody has it.

    With a `caregiver_id`: from that one only, 409 if somebody else has it by now. The shift is open and its fanout
    cancelled: a post of the fanout starts the next generation. It asks those who accepted too late first, and does
    not ask the one who was released.
    """
    raise_if_refused(
        await service.engine.release(shift_id, body.caregiver_id, actor=sender.name, within=sender.organization_id)
    )
    return await _shift(service, shift_id, response)


async def _shift(
    service: Service, shift_id: str, response: Response, known: frozenset[str] = frozenset()
) -> ShiftOut:
    found = await service.store.shift(shift_id)
    if found is None:
        raise no_record(unknown_shift(shift_id))
    tag(response, shift_version(*found), known)
    return rendering.shift(*found)
