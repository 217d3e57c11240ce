"""Errors as the caller sees them: RFC 9457 problems, and validation errors in plain words."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from pydantic_core import to_json
from starlette.responses import Response

from app.domain.decisions import Refusal, RefusalCode
from app.intake.errors import field_errors

#: What a refusal of the core is over HTTP.
STATUS_OF: dict[RefusalCode, int] = {
    RefusalCode.UNKNOWN_SHIFT: 404,
    RefusalCode.UNKNOWN_CAREGIVER: 404,
    RefusalCode.NEVER_STARTED: 404,
    RefusalCode.PHONE_TAKEN: 409,
    RefusalCode.HOLDS_SHIFT: 409,
    RefusalCode.SHIFT_CLAIMED: 409,
    RefusalCode.FANOUT_OPEN: 409,
    RefusalCode.NOT_QUALIFIED: 409,
    RefusalCode.CONFLICT: 409,
}

#: Within so many seconds of its return a database is used again.
RETRY_AFTER_S = 5


def problem(
    status: int,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
    code: str | None = None,
    errors: Sequence[Mapping[str, str]] | None = None,
) -> Response:
    """The problem as a response: `application/problem+json`, its title the phrase of its status."""
    content: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if code is not None:
        content["code"] = code
    if errors is not None:
        content["errors"] = errors
    return Response(to_json(content), status, headers, media_type="application/problem+json")


def fault() -> Response:
    """The 500: the service's own failure, about which the log knows more."""
    return problem(500, "the service failed; nothing is known to be wrong with the request")


def unavailable(reason: str) -> Response:
    """The 503 while the store cannot be reached: the request may be made again, and does nothing twice."""
    return problem(503, reason, headers={"retry-after": str(RETRY_AFTER_S)})


def refused(refusal: Refusal) -> Response:
    """The problem that a refused command is."""
    return problem(STATUS_OF[refusal.code], refusal.detail, code=refusal.code)


def invalid(errors: Sequence[Mapping[str, Any]]) -> Response:
    """The 400 or 422 for pydantic's `errors`: not JSON at all, or JSON of the wrong shape."""
    if any(error["type"] == "json_invalid" for error in errors):
        return problem(400, "the body is not JSON in UTF-8")
    fields = field_errors(errors)
    detail = "; ".join(f"{one['field']}: {one['message']}" for one in fields)
    return problem(422, detail, errors=fields)
