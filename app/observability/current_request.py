"""The request that the running code serves, so that every line of the log can name it."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True)
class RequestInfo:
    """What a line of the log says about the request. `actor`: who sends it; None: that is not known (yet)."""

    id: str
    actor: str | None = None


#: None: no request is served. Tasks that outlive a request are started in an empty context.
current_request: ContextVar[RequestInfo | None] = ContextVar("current_request", default=None)
