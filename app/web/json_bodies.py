"""Request bodies: JSON, read strictly, whatever content type the request names. Gateways name many, or none."""

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from fastapi.routing import APIRoute
from pydantic_core import from_json
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

from app.web.idempotency import DESCRIPTION, IDEMPOTENCY_KEY, answer_once
from app.web.openapi import problems
from app.web.problems import ProblemError, invalid

_NOT_JSON = "the body is not JSON in UTF-8"
#: How the parser begins its message about JSON beyond its limits (RFC 8259, 9, lets a parser set some), and ours.
_BEYOND_LIMITS = {
    "recursion limit exceeded": "is nested more than 200 levels deep",
    "number out of range": "has a number of more than 4300 digits",
}


def read_json(body: bytes) -> object:
    """The value of a body that is JSON in UTF-8.

    Raises ProblemError: 400 if it is not JSON (NaN and Infinity are not), 422 if it is nested too deeply or has a
    number that is too long to read.
    """
    try:
        return from_json(body, allow_inf_nan=False)
    except ValueError as exc:
        reason = next((ours for theirs, ours in _BEYOND_LIMITS.items() if str(exc).startswith(theirs)), None)
        if reason is not None:
            raise invalid([{"type": "json_limits", "loc": ("body",), "msg": reason}]) from exc
        raise ProblemError(400, _NOT_JSON) from exc


class JsonRoute(APIRoute):
    """A route whose body, if it takes one, is JSON: 400 if it is not, 422 if it has the wrong shape.

    A body that may be left out may also be blank. A POST with an `Idempotency-Key` is carried out once.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        if "POST" in (options.get("methods") or ()):
            options["openapi_extra"] = {"parameters": [DESCRIPTION]}
            options["responses"] = problems(409) | (options.get("responses") or {})
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """See FastAPI: the function that answers a request."""
        handle = super().get_route_handler()
        if self.body_field is None:
            return handle
        optional = not self.body_field.field_info.is_required()

        async def handle_json(request: Request) -> Response:
            json_request = _JsonRequest(request, blank_is_absent=optional)
            if IDEMPOTENCY_KEY in request.headers and request.method == "POST":
                return await answer_once(json_request, partial(handle, json_request))
            return await handle(json_request)

        return handle_json


class _JsonRequest(Request):
    """A request for FastAPI, which by itself parses a body leniently and only under the content type of JSON."""

    def __init__(self, request: Request, *, blank_is_absent: bool) -> None:
        super().__init__(request.scope, request.receive)
        self._blank_is_absent = blank_is_absent

    @property
    def headers(self) -> Headers:
        """The request's headers with the content type of JSON."""
        return Headers({**super().headers, "content-type": "application/json"})

    async def body(self) -> bytes:
        """The body; b"" stands for one that is left out. Raises ProblemError (400) if it is blank and must not be."""
        body = await super().body()
        if body.strip():
            return body
        if not self._blank_is_absent:
            raise ProblemError(400, _NOT_JSON)
        return b""

    async def json(self) -> object:
        """See `read_json`."""
        return read_json(await self.body())
