"""Probes: whether the process answers, and whether it can do its work. They never need the key."""

from fastapi import APIRouter

from app.web.openapi import problems
from app.web.params import ServiceDep
from app.web.permissions import EVERYBODY
from app.web.problems import unavailable
from app.web.schemas import HealthOut, ReadyOut

HEALTH_PATH, READY_PATH = "/health", "/ready"

router = APIRouter(tags=["probes"], dependencies=[EVERYBODY])


@router.head(HEALTH_PATH, include_in_schema=False)
@router.get(HEALTH_PATH)
async def get_health() -> HealthOut:
    """Whether the process answers."""
    return {"status": "ok"}


@router.head(READY_PATH, include_in_schema=False)
@router.get(READY_PATH, responses=problems(503))
async def get_ready(service: ServiceDep) -> ReadyOut:
    """Whether the process should get requests.

    The store can be written to, the database has the schema that this program needs, and its clock agrees with ours.
    In a process that sends, the worker's loop runs and no provider refuses everything. `lag_s`: for how many seconds
    the oldest step of a fanout has waited that is due, whichever process does it.
    """
    reason = await service.reason_not_ready()
    if reason is not None:
        raise unavailable(reason)
    return {"status": "ready", "lag_s": round(await service.lag_s(), 3)}
