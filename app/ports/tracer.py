"""What records the work of this process as traces, if anything does."""

from contextlib import AbstractContextManager
from typing import Protocol


class Span(Protocol):
    """Work that is under way."""

    def set(self, **attributes: str | int | None) -> None:
        """Add these attributes. Those that are None are left out. No value is a phone number, a name or words."""


class Tracer(Protocol):
    """Records what this process does and how long that takes. It raises nothing of its own."""

    def span(
        self, name: str, *, outgoing: bool = False, **attributes: str | int | None
    ) -> AbstractContextManager[Span]:
        """A span around the block: part of the span around the caller, if there is one.

        `outgoing`: the block asks another system for something. An error that leaves the block is named in the span.
        """

    def describe_request(self, request_id: str, path: str, *, has_query: bool, route: str | None) -> None:
        """Add the id to the span of the request that is being served, and remove what must not stand there.

        `path`, `has_query`: of its URL. `route`: the route of a POST that no router answers; None: the router knows.
        """
