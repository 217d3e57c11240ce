"""Traces by OpenTelemetry. Needs the extra `traces`; only `bootstrap` imports this module.

FastAPI makes the span of a request. The spans inside it, and those of the worker, are made here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

# What FANOUT_TRACES needs: without it nothing could be exported.
import opentelemetry.sdk.trace  # noqa: F401
from opentelemetry import trace
from opentelemetry.trace import SpanKind, StatusCode

from app.domain.phone_numbers import without_numbers
from app.ports.tracer import Span, Tracer

#: In front of the names of our attributes.
_PREFIX = "fanout."
_REMOVED = "REMOVED"


class OpenTelemetrySpan:
    """Implements `Span`."""

    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def set(self, **attributes: str | int | None) -> None:
        """See `Span`."""
        self._span.set_attributes(_attributes(attributes))


class OpenTelemetryTracer:
    """Implements `Tracer`."""

    def __init__(self, version: str, provider: trace.TracerProvider | None = None) -> None:
        """`provider`: where spans go; None: to the one of the process, which may be set up later."""
        self._tracer = trace.get_tracer("shift_fanout", version, provider)

    @contextmanager
    def span(self, name: str, *, outgoing: bool = False, **attributes: str | int | None) -> Iterator[Span]:
        """See `Tracer`."""
        with self._tracer.start_as_current_span(
            name,
            kind=SpanKind.CLIENT if outgoing else SpanKind.INTERNAL,
            attributes=_attributes(attributes),
            # The text of an error, and its traceback, may have words of a reply.
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield OpenTelemetrySpan(span)
            except Exception as exc:
                span.set_attribute("error.type", type(exc).__name__)
                span.set_status(StatusCode.ERROR)
                raise

    def describe_request(self, request_id: str, path: str, *, has_query: bool, route: str | None) -> None:
        """See `Tracer`. FastAPI has put the whole query into the span, in which somebody may search for a name."""
        span = trace.get_current_span()
        span.set_attributes({"url.path": without_numbers(path), f"{_PREFIX}request": request_id})
        if has_query:
            span.set_attribute("url.query", _REMOVED)
        if route is not None:
            span.set_attribute("http.route", route)
            span.update_name(f"POST {route}")


def _attributes(given: dict[str, str | int | None]) -> dict[str, str | int]:
    return {
        f"{_PREFIX}{name}": without_numbers(value) if isinstance(value, str) else value
        for name, value in given.items()
        if value is not None
    }


if TYPE_CHECKING:
    _: Tracer = OpenTelemetryTracer("0")
