"""What the routes say of themselves in the OpenAPI description: problems, and the key."""

from http import HTTPStatus
from typing import Any

from fastapi import Depends
from fastapi.security import HTTPBearer

from app.web.schemas import Problem

_PROBLEM_TYPE = "application/problem+json"
_HEADERS_OF = {
    401: {"WWW-Authenticate": {"description": "`Bearer`", "schema": {"type": "string"}}},
    503: {"Retry-After": {"description": "Seconds", "schema": {"type": "integer"}}},
}

#: Documents the key. It checks nothing: the gate has compared the key before a route is reached.
needs_key = Depends(HTTPBearer(scheme_name="key", auto_error=False))


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of routes that may answer with problems of these statuses."""
    return {
        status: {
            "model": Problem,
            "description": HTTPStatus(status).phrase,
            **({"headers": _HEADERS_OF[status]} if status in _HEADERS_OF else {}),
        }
        for status in statuses
    }


def also_200(model: type, description: str) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that answers 200 with `model` if it has nothing new to do."""
    return {200: {"model": model, "description": description}}


def name_problem_type(description: dict[str, Any]) -> None:
    """Give every problem its content type: FastAPI describes all responses of a route under the route's own."""
    for operations in description["paths"].values():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                if status >= "400":
                    (content,) = response["content"].values()
                    response["content"] = {_PROBLEM_TYPE: content}
