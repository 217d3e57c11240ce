"""The log: what happened about one shift, and about all of them."""

from fastapi import APIRouter

from app.access.keys import ApiKey
from app.domain.decisions import unknown_shift
from app.domain.facts import LogEntry
from app.runtime.service import Service
from app.web import rendering
from app.web.json_bodies import JsonRoute
from app.web.log_schemas import LogPage
from app.web.openapi import problems
from app.web.params import AfterEntry, Id, Limit, SenderDep, ServiceDep
from app.web.permissions import READ
from app.web.problems import no_record

router = APIRouter(tags=["log"], route_class=JsonRoute)


@router.get("/log", dependencies=[READ])
async def list_log(service: ServiceDep, sender: SenderDep, limit: Limit = 100, after: AfterEntry = 0) -> LogPage:
    """A page of all facts, oldest first. To follow the log, continue after the last id that was read."""
    return _page(await service.store.log(after, limit + 1, organization_id=sender.organization_id), limit)


@router.get("/shifts/{shift_id}/log", dependencies=[READ], responses=problems(404))
async def list_log_of_shift(
    shift_id: Id, service: ServiceDep, sender: SenderDep, limit: Limit = 100, after: AfterEntry = 0
) -> LogPage:
    """A page of what happened about one shift, in all generations of its fanout, oldest first."""
    return _page(await entries_of_shift(service, sender, shift_id, after, limit + 1), limit)


async def entries_of_shift(service: Service, sender: ApiKey, shift_id: str, after: int, limit: int) -> list[LogEntry]:
    """The entries of a shift after the id `after`, at most `limit`, oldest first, as far as the sender may see them.

    Raises ProblemError (404) if there is no such shift and nothing about one is on record, before `after` either.
    """
    entries = await service.store.log(after, limit, shift_id, organization_id=sender.organization_id)
    if entries or await service.store.shift(shift_id) is not None:
        return entries
    if not await service.store.log(0, 1, shift_id, organization_id=sender.organization_id):
        raise no_record(unknown_shift(shift_id))
    return []


def _page(entries: list[LogEntry], limit: int) -> LogPage:
    items = [rendering.log_entry(entry) for entry in entries[:limit]]
    return {"items": items, "next": items[-1]["id"] if len(entries) > limit else None}
