"""Routes for those who operate the service. Unlike the probes, these routes need the key."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.errors import StoreUnavailable
from app.web.openapi import problems
from app.web.params import ServiceDep
from app.web.permissions import READ_ALL
from app.web.problems import ProblemError, unavailable
from app.web.schemas import HealthOut

ENGINE_PATH, METRICS_PATH = "/health/engine", "/metrics"

router = APIRouter(tags=["operations"], dependencies=[READ_ALL])


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


@router.get(
    METRICS_PATH,
    response_class=Response,
    responses={200: {"description": "The text format of Prometheus", "content": {"text/plain": {}}}, **problems(501)},
)
async def get_metrics(request: Request, service: ServiceDep) -> Response:
    """The figures of this process for Prometheus, and what is read from the store. 501 without the extra `metrics`.

    While the store cannot be read, the figures of this process come without the others.
    """
    if service.meter is None:
        raise ProblemError(501, "this process counts nothing, because the extra `metrics` is not installed")
    try:
        gauges = await service.figures.read()
    except StoreUnavailable:
        gauges = None
    state = request.app.state
    text, content_type = service.meter.exposition(
        gauges, board_viewers=state.board.viewer_count, wrong_keys=state.authentication.wrong_keys.count
    )
    return Response(text, media_type=content_type)
