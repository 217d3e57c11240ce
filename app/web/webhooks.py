"""The events that the service posts, as the OpenAPI description has them. Nothing here is served."""

from fastapi import APIRouter
from starlette.responses import Response

from app.domain.facts import FactType
from app.web.log_schemas import EventOut

router = APIRouter()

_RESPONSES = {
    "2XX": {"description": "The event is taken"},
    "default": {"description": "The event is sent again, later, for three days"},
}


async def event(body: EventOut) -> None:
    """Something has happened. Signed as the Standard Webhooks specification says.

    Headers: `webhook-id` is the id of the fact, the same on every try; `webhook-timestamp` the time of the try; and
    `webhook-signature`. An event may come more than once. The events of one shift come in order.
    """


for _type in FactType:
    if _type.is_event:
        router.add_api_route(
            _type.value,
            event,
            methods=["POST"],
            name=f"on_{_type.replace('.', '_')}",
            status_code=204,
            response_class=Response,
            responses=_RESPONSES,  # type: ignore[arg-type]
        )
