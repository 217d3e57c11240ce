"""The FastAPI application. It puts the gate in front, adds problems to the OpenAPI description, and names each
operation after its function."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any, cast

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.types import ASGIApp

from app import __version__
from app.web import webhooks
from app.web.cancelled import without_traceback_at_the_stop
from app.web.etags import add_not_modified_handler
from app.web.faults import without_error_after_the_answer
from app.web.openapi import add_problem_schema
from app.web.paths import path_in_app
from app.web.problems import add_exception_handlers
from app.web.query import only_described_parameters
from app.web.routes.operations import ENGINE_PATH, METRICS_PATH
from app.web.routes.probes import HEALTH_PATH, READY_PATH

if TYPE_CHECKING:
    # FastAPI before 0.165 brings no OpenTelemetry.
    from opentelemetry.trace import TracerProvider

_NOT_TRACED = frozenset({HEALTH_PATH, READY_PATH, ENGINE_PATH, METRICS_PATH, "/events"})
#: Looking for an OpenTelemetry provider on each request costs more than reading an inbound message.
NO_TELEMETRY = {"tracing": False, "metrics": False, "logs": False}


def telemetry_of(provider: "TracerProvider | None") -> dict[str, object]:
    """FastAPI's settings for traces of requests. `provider`: where spans go; None: to the one of the process.

    If there is none, FastAPI makes one that exports to OTEL_EXPORTER_OTLP_ENDPOINT. To one that is there it would add
    an exporter, so that every span goes out twice. FastAPI's figures and log lines stay off: the lines have the texts
    of errors. Probes come every few seconds and say nothing, and a stream lasts for hours, so neither is traced.
    """
    from opentelemetry import trace

    return {
        **NO_TELEMETRY,
        "tracing": True,
        "operation_spans": False,
        "auto_configure": provider is None and isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider),
        "tracer_provider": provider,
        "exclude": lambda scope: path_in_app(scope) in _NOT_TRACED,
    }


class Application(FastAPI):
    """FastAPI with a gate that every request passes before FastAPI's own layers."""

    def __init__(
        self,
        gate: Callable[[ASGIApp], ASGIApp],
        lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]],
        telemetry: Mapping[str, object] = NO_TELEMETRY,
    ) -> None:
        """`gate` wraps the application behind it. `telemetry`: see FastAPI."""
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
            telemetry=cast(Any, telemetry),
        )
        add_exception_handlers(self)
        add_not_modified_handler(self)

    @staticmethod
    def new_router() -> APIRouter:
        """A router for the routes of such an application. It takes no parameter that is not described."""
        return APIRouter(dependencies=[only_described_parameters], generate_unique_id_function=_name)

    def build_middleware_stack(self) -> ASGIApp:
        """See FastAPI. `add_middleware` would put several of FastAPI's layers in front of the gate (ADR 4)."""
        behind = without_error_after_the_answer(super().build_middleware_stack())
        return without_traceback_at_the_stop(self._gate(behind))

    def openapi(self) -> dict[str, Any]:
        """See FastAPI."""
        description = super().openapi()
        add_problem_schema(description)
        return description


def _name(route: APIRoute) -> str:
    """The id of an operation: a generated client's method is then called like the function here."""
    return route.name
