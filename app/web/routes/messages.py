"""`POST /messages/inbound`, the hot path: parse once, decide, answer."""

from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError, from_json, to_json
from starlette.responses import Response

from app.runtime.service import Service
from app.web import problems, rendering
from app.web.schemas import InboundIn

ModelT = TypeVar("ModelT", bound=BaseModel)


def parse(model: type[ModelT], body: bytes) -> ModelT:
    """The JSON `body` as `model`. Raises pydantic's ValidationError, of type `json_invalid` if it is not JSON."""
    if b"NaN" in body or b"Infinity" in body:
        # pydantic takes these for numbers; JSON has no such thing.
        try:
            from_json(body, allow_inf_nan=False)
        except ValueError as exc:
            error = InitErrorDetails(type=PydanticCustomError("json_invalid", "not JSON"), input=None)
            raise ValidationError.from_exception_data(model.__name__, [error]) from exc
    return model.model_validate_json(body)


class _Answered(Response):
    """A 200 with a JSON body, built without looking at what no answer has: cookies, charsets, other headers."""

    def __init__(self, body: bytes) -> None:
        self.status_code = 200
        self.body = body
        self.background = None
        self.raw_headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
        ]


class Inbound:
    """Answers inbound messages. Called in front of the router, which costs more than the answer itself."""

    path = "/messages/inbound"

    def __init__(self, service: Service) -> None:
        self._engine = service.engine

    async def answer(self, body: bytes) -> Response:
        """The response to a request with that body: 200 with an outcome, or a problem (400, 422)."""
        try:
            message = parse(InboundIn, body)
        except ValidationError as exc:
            return problems.invalid(exc.errors(include_url=False, include_input=False))
        answer = await self._engine.handle_reply(
            message.from_, message.body, message.channel, message.message_id, message.shift_id
        )
        return _Answered(to_json(rendering.answer(answer)))
