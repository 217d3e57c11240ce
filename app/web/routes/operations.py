"""What those need who operate the service. Unlike the probes, these routes need the key."""

from fastapi import APIRouter

from app.web.openapi import problems
from app.web.params import ServiceDep
from app.web.problems import unavailable
from app.web.schemas import HealthOut

ENGINE_PATH = "/health/engine"

router = APIRouter(tags=["operations"])


@router.head(ENGINE_PATH, include_in_schema=False)
@router.get(ENGINE_PATH, responses=problems(503))
async def get_engine_health(service: ServiceDep) -> HealthOut:
    """Whether the worker of this process works: its loop has done a whole iteration since the request came.

    503 after ten seconds without one, and in a process that sends nothing (`FANOUT_ROLE=api`).
    """
    reason = await service.reason_not_working()
    if reason is not None:
        raise unavailable(reason)
    return {"status": "ok"}
