"""Gives every request an id, in its answer and in the lines of the log, and logs refusals at most once a minute."""

import logging
import os
import re
from datetime import datetime, timedelta
from itertools import count

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.observability.current_request import RequestInfo, current_request
from app.ports.clock import Clock
from app.ports.tracer import Tracer
from app.web.paths import path_in_app
from app.web.routes.messages import INBOUND_PATH

log = logging.getLogger("shift_fanout.http")

_HEADER = b"x-request-id"
#: An id of the client's or of a proxy's is used if it is one of these: it stands in the log and in a header.
_SANE_ID = re.compile(rb"[A-Za-z0-9._~:/+=-]{1,128}")
#: The statuses that get a line in the log, at most one in `_NOTED_EVERY` for each.
_NOTED = frozenset({401, 503})
_NOTED_EVERY = timedelta(minutes=1)


class RequestLog:
    """ASGI middleware in front of all others."""

    def __init__(self, app: ASGIApp, clock: Clock, tracer: Tracer | None = None) -> None:
        self._app = app
        self._clock = clock
        self._tracer = tracer
        #: An id is this and a number: random bytes for each request take longer.
        self._prefix = os.urandom(5).hex().encode()
        self._numbers = count(1)
        #: For each status: when it was last logged, and how many answers had it since.
        self._noted: dict[int, tuple[datetime, int]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        id_ = b""
        for name, value in scope["headers"]:
            if name == _HEADER:
                id_ = value
        if not _SANE_ID.fullmatch(id_):
            id_ = b"%s%06x" % (self._prefix, next(self._numbers) & 0xFFFFFF)

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), (_HEADER, id_)]}
                if message["status"] in _NOTED:
                    self._note(message["status"], scope)
            await send(message)

        if self._tracer is not None:
            self._describe(self._tracer, scope, id_.decode())
        token = current_request.set(RequestInfo(id_.decode()))
        try:
            await self._app(scope, receive, send_with_id)
        finally:
            current_request.reset(token)

    def _describe(self, tracer: Tracer, scope: Scope, id_: str) -> None:
        path = path_in_app(scope)
        # The gate answers these before there is a router that would name them.
        route = INBOUND_PATH if path == INBOUND_PATH and scope["method"] == "POST" else None
        tracer.describe_request(id_, path, has_query=bool(scope["query_string"]), route=route)

    def _note(self, status: int, scope: Scope) -> None:
        now = self._clock.now()
        last_at, times = self._noted.get(status, (None, 0))
        if last_at is not None and last_at <= now < last_at + _NOTED_EVERY:
            self._noted[status] = last_at, times + 1
            return
        self._noted[status] = now, 0
        fields = {"status": status, "method": scope["method"], "path": scope["path"], "more_since_last_line": times}
        log.warning("request.refused", extra={"fields": fields})
