"""The FastAPI application. It puts the gate in front, adds problems to the OpenAPI description, and names each
operation after its function."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.types import ASGIApp

from app import __version__
from app.web import webhooks
from app.web.cancelled import without_traceback_at_the_stop
from app.web.etags import add_not_modified_handler
from app.web.openapi import add_problem_schema
from app.web.problems import add_exception_handlers
from app.web.query import only_described_parameters


class Application(FastAPI):
    """FastAPI with a gate that every request passes before FastAPI's own layers."""

    def __init__(
        self,
        gate: Callable[[ASGIApp], ASGIApp],
        lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]],
    ) -> None:
        """`gate` wraps the application behind it."""
        self._gate = gate
        super().__init__(
            title="shift-fanout",
            version=__version__,
            summary="Fills an open home-health shift with the first qualified caregiver who says yes.",
            lifespan=lifespan,
            redirect_slashes=False,
            webhooks=webhooks.router,
            # The pages that FastAPI makes load their scripts from another host. They, and the description itself,
            # are in `routes/docs.py`.
            openapi_url=None,
            docs_url=None,
            redoc_url=None,
            # Looking for an OpenTelemetry provider on each request costs more than reading an inbound message.
            telemetry={"tracing": False, "metrics": False, "logs": False},
        )
        add_exception_handlers(self)
        add_not_modified_handler(self)

    @staticmethod
    def new_router() -> APIRouter:
        """A router for the routes of such an application. It takes no parameter that is not described."""
        return APIRouter(dependencies=[only_described_parameters], generate_unique_id_function=_name)

    def build_middleware_stack(self) -> ASGIApp:
        """See FastAPI. `add_middleware` would put several of FastAPI's layers in front of the gate (ADR 4)."""
        return without_traceback_at_the_stop(self._gate(super().build_middleware_stack()))

    def openapi(self) -> dict[str, Any]:
        """See FastAPI."""
        description = super().openapi()
        add_problem_schema(description)
        return description


def _name(route: APIRoute) -> str:
    """The id of an operation: a generated client's method is then called like the function here."""
    return route.name
