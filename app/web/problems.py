"""Errors as the caller sees them: problems of RFC 9457, and what each exception and each refusal becomes."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, TypeVar

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic_core import to_json
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

from app.domain.decisions import Refusal, RefusalCode
from app.errors import StoreUnavailable
from app.intake.errors import field_errors
from app.web.schemas import FieldError, Problem

ResultT = TypeVar("ResultT")

#: The status of each refusal. 422 is for malformed requests only; a conflict with what is stored is a 409.
STATUS_OF: dict[RefusalCode, int] = {
    RefusalCode.UNKNOWN_SHIFT: 404,
    RefusalCode.UNKNOWN_CAREGIVER: 404,
    RefusalCode.UNKNOWN_ORGANIZATION: 404,
    RefusalCode.NEVER_STARTED: 404,
    RefusalCode.PHONE_TAKEN: 409,
    RefusalCode.HOLDS_SHIFT: 409,
    RefusalCode.HAS_SHIFTS_TO_COME: 409,
    RefusalCode.SHIFT_CLAIMED: 409,
    RefusalCode.FANOUT_OPEN: 409,
    RefusalCode.FANOUT_ON_RECORD: 409,
    RefusalCode.NOT_QUALIFIED: 409,
    RefusalCode.CONFLICT: 409,
    RefusalCode.SHIFT_OVER: 409,
    RefusalCode.OPTED_OUT: 409,
    RefusalCode.OTHER_GENERATION: 409,
    RefusalCode.VERSION_CHANGED: 412,
    RefusalCode.ALREADY_EXISTS: 412,
    RefusalCode.OTHER_ORGANIZATION: 403,
    RefusalCode.SHARED_CAREGIVER: 403,
}

#: Seconds for the Retry-After of a 503. The service uses a database again within this time of its return.
RETRY_AFTER_S = 5

#: pydantic's words for these would be about Python's types.
_NOT_AN_OBJECT = dict.fromkeys(("model_type", "model_attributes_type"), "Input should be an object")

#: The methods that a 405 may name in its Allow header.
_METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")


class ProblemError(HTTPException):
    """Ends a request with a problem of this status.

    `code` names the reason of a refusal and does not change; `errors` name the wrong fields of a 422.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        code: str | None = None,
        errors: list[FieldError] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, detail, headers)
        self.code = code
        self.errors = errors


def raise_if_refused(result: ResultT | Refusal) -> ResultT:
    """The result of a command. Raises ProblemError (403, 404, 409 or 412) if the command was refused."""
    if isinstance(result, Refusal):
        raise refused(result)
    return result


def refused(refusal: Refusal) -> ProblemError:
    """The problem that a refused command becomes: 403, 404, 409 or 412, with the code of the refusal."""
    return ProblemError(STATUS_OF[refusal.code], refusal.detail, code=refusal.code)


def no_record(refusal: Refusal) -> ProblemError:
    """The 404 of a record that was only looked for: as the refusal of a command about it, but without a code."""
    return ProblemError(STATUS_OF[refusal.code], refusal.detail)


def invalid(errors: Sequence[Mapping[str, Any]]) -> ProblemError:
    """The 422 for pydantic's `errors`. It repeats no value that was sent."""
    in_words_of_json = [{**error, "msg": _NOT_AN_OBJECT.get(error["type"], error["msg"])} for error in errors]
    fields: list[FieldError] = [
        {"field": error["field"], "message": error["message"]} for error in field_errors(in_words_of_json)
    ]
    return ProblemError(422, "; ".join(f"{one['field']}: {one['message']}" for one in fields), errors=fields)


def unavailable(reason: str) -> ProblemError:
    """The 503 while the process cannot do its work. The request may be repeated: nothing is done twice."""
    return ProblemError(503, reason, headers={"retry-after": str(RETRY_AFTER_S)})


def fault() -> ProblemError:
    """The 500: the service's own failure, which is in the log."""
    return ProblemError(500, "the service failed; nothing is known to be wrong with the request")


def problem_response(error: HTTPException) -> Response:
    """The problem (`application/problem+json`) for an exception of ours or of the framework's.

    Its title is the phrase of its status.
    """
    content: Problem = {
        "type": "about:blank",
        "title": HTTPStatus(error.status_code).phrase,
        "status": error.status_code,
        "detail": str(error.detail),
    }
    if isinstance(error, ProblemError):
        if error.code is not None:
            content["code"] = error.code
        if error.errors is not None:
            content["errors"] = error.errors
    return Response(to_json(content), error.status_code, error.headers, media_type="application/problem+json")


def add_exception_handlers(app: FastAPI) -> None:
    """Make a problem of whatever a route or the framework raises."""

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        if error.status_code == 405 and (allowed := _allowed_methods(request)):
            error.headers = {"allow": ", ".join(allowed)}
        return problem_response(error)

    @app.exception_handler(RequestValidationError)
    async def _invalid(_: Request, error: RequestValidationError) -> Response:
        return problem_response(invalid(error.errors()))

    @app.exception_handler(StoreUnavailable)
    async def _unavailable(_: Request, error: StoreUnavailable) -> Response:
        return problem_response(unavailable(error.reason))

    @app.exception_handler(500)
    async def _fault(_: Request, error: Exception) -> Response:
        # `app/web/faults.py` logs it.
        return problem_response(fault())


def _allowed_methods(request: Request) -> list[str]:
    """The methods that the path has (RFC 9110, 15.5.6): the router names only those of one of its routes."""
    routes = request.app.routes
    return [
        method
        for method in _METHODS
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes)
    ]
