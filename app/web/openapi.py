"""The OpenAPI description: request bodies that the routes read themselves, problems, and the key."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel, TypeAdapter

from app.intake.bodies import CaregiverIn, ShiftIn
from app.web.schemas import AssignIn, InboundIn, Problem, ReleaseIn

_REF = "#/components/schemas/{model}"
_OPEN_PATHS = frozenset({"/health", "/ready"})


def body_of(model: type[BaseModel], *, required: bool = True) -> dict[str, Any]:
    """The `openapi_extra` of a route whose JSON body is `model`."""
    schema = {"$ref": _REF.format(model=model.__name__)}
    return {"requestBody": {"required": required, "content": {"application/json": {"schema": schema}}}}


def problems_of(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that may answer with problems of these statuses, or with a 422."""
    return {status: _problem(status) for status in (*statuses, 422)}


def _problem(status: int) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": _REF.format(model="Problem")}}}
    return {"description": HTTPStatus(status).phrase, "content": content}


def also_200(model: type, description: str) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that answers 200 with `model` where nothing new came about."""
    return {200: {"model": model, "description": description}}


def describe(app: FastAPI, *, secured: bool) -> None:
    """Complete what FastAPI generates for `app`; `secured`: requests must bear a key."""
    generate = app.openapi

    def complete() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = generate()
            models = (CaregiverIn, ShiftIn, AssignIn, ReleaseIn, InboundIn, Problem)
            _, definitions = TypeAdapter.json_schemas(
                [(model, "validation", TypeAdapter(model)) for model in models], ref_template=_REF
            )
            components = schema.setdefault("components", {})
            components.setdefault("schemas", {}).update(definitions["$defs"])
            if secured:
                components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
                for path, operations in schema["paths"].items():
                    if path not in _OPEN_PATHS:
                        for operation in operations.values():
                            operation["security"] = [{"key": []}]
                            operation["responses"]["401"] = _problem(401)
        return app.openapi_schema or {}

    # The way FastAPI documents for extending the description.
    app.openapi = complete  # type: ignore[method-assign]
