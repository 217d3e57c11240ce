"""What the routes say of themselves in the OpenAPI description: problems, and the key."""

from http import HTTPStatus
from typing import Any

from fastapi import Depends
from fastapi.security import HTTPBearer
from pydantic import TypeAdapter

from app.web.schemas import Problem

_REF = "#/components/schemas/{model}"
_PROBLEM = {"application/problem+json": {"schema": {"$ref": _REF.format(model=Problem.__name__)}}}
_HEADERS_OF = {
    401: {"WWW-Authenticate": {"description": "`Bearer`", "schema": {"type": "string"}}},
    415: {"Accept-Encoding": {"description": "`identity`", "schema": {"type": "string"}}},
    429: {"Retry-After": {"description": "Seconds", "schema": {"type": "integer"}}},
    503: {"Retry-After": {"description": "Seconds", "schema": {"type": "integer"}}},
}

#: Documents the key. It checks nothing: the gate has compared the key before a route is reached.
needs_key = Depends(HTTPBearer(scheme_name="key", auto_error=False))


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of routes that may answer with problems of these statuses.

    Not by FastAPI's `model`, which knows only the content type of a success and would build the model's schema once
    for each status of each route. `add_problem_schema` defines what is referred to.
    """
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": _PROBLEM,
            **({"headers": _HEADERS_OF[status]} if status in _HEADERS_OF else {}),
        }
        for status in statuses
    }


def add_problem_schema(description: dict[str, Any]) -> None:
    """Define `Problem` in the description, unless it is defined there."""
    schemas = description["components"]["schemas"]
    if Problem.__name__ not in schemas:
        schema = TypeAdapter(Problem).json_schema(ref_template=_REF)
        schemas |= schema.pop("$defs") | {Problem.__name__: schema}


def also_200(model: type, description: str) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route whose usual success is another status, but that can also answer 200 with `model`."""
    return {200: {"model": model, "description": description}}
