"""What every request passes first: the key, the size of the body, and the short way to the hot path.

Plain ASGI, in front of the framework.
"""

import asyncio
import hmac
import logging
from collections.abc import Collection
from urllib.parse import unquote

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import StartRefused, StoreUnavailable
from app.runtime.service import Service
from app.web.problems import fault, problem, unavailable
from app.web.routes.messages import Inbound

log = logging.getLogger("shift_fanout.http")

LONGEST_BODY_BYTES = 64 * 1024
#: Stands in a path for a slash that is part of an id (%2F), which the router must not split at. No URL decodes
#: to a lone surrogate, so it stands for nothing else.
SLASH = "\ud800"

_PROBES = frozenset({"/health", "/ready"})
#: A request that is never finished must not keep the process from ending.
_BODY_WITHIN_S = 5
_TOO_LARGE = f"the body is larger than {LONGEST_BODY_BYTES} bytes"


class Edge:
    """Wraps the application."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        service: Service,
        inbound: Inbound,
        api_key: str | None,
        public_paths: Collection[str],
        probes_only: bool = False,
    ) -> None:
        """`api_key` None: no request needs a key. `public_paths`, and the probes, never need one.

        `probes_only`: requests for anything but the probes get a 404.
        """
        self._app = app
        self._service = service
        self._inbound = inbound
        self._probes_only = probes_only
        self._public_paths = _PROBES.union(public_paths)
        self._credentials = None if api_key is None else f"Bearer {api_key}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, _in_one_line(send))
            return
        path = scope["path"]
        if self._probes_only and path not in _PROBES:
            refusal = problem(404, "this process is a worker (FANOUT_ROLE): it answers /health and /ready")
            await refusal(scope, receive, send)
            return
        length = credentials = b""
        for name, value in scope["headers"]:
            if name == b"content-length":
                length = value
            elif name == b"authorization":
                credentials = value
        if self._credentials is not None and path not in self._public_paths:
            scheme, _, key = credentials.partition(b" ")
            if not hmac.compare_digest(scheme.capitalize() + b" " + key.strip(), self._credentials):
                challenge = {"www-authenticate": "Bearer"}
                refusal = problem(401, "send Authorization: Bearer and the key", headers=challenge)
                await refusal(scope, receive, send)
                return
        if length.isdigit() and int(length[:20]) > LONGEST_BODY_BYTES:
            await problem(413, _TOO_LARGE)(scope, receive, send)
            return
        try:
            async with asyncio.timeout(_BODY_WITHIN_S):
                body = await _read(receive)
        except ClientDisconnect:
            return
        except TimeoutError:
            late = problem(408, f"the body did not come within {_BODY_WITHIN_S} s", headers={"connection": "close"})
            await late(scope, receive, send)
            return
        if body is None:
            await problem(413, _TOO_LARGE)(scope, receive, send)
            return
        try:
            await self._service.start()
        except StoreUnavailable as exc:
            if path != "/health":
                await unavailable(exc.reason)(scope, receive, send)
                return
        if path == self._inbound.path and scope["method"] == "POST":
            await self._answer(body, scope, receive, send)
            return
        raw_path: bytes = scope.get("raw_path") or b""
        if b"%2f" in raw_path.lower():
            segments = raw_path.decode("latin-1").split("/")
            # A copy: the server logs the path of its own.
            scope = {**scope, "path": "/".join(unquote(segment).replace("/", SLASH) for segment in segments)}
        await self._app(scope, _again(body, receive), send)

    async def _answer(self, body: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            response = await self._inbound.answer(body)
        except StoreUnavailable as exc:
            response = unavailable(exc.reason)
        except Exception:
            log.exception("request.fault")
            response = fault()
        await response(scope, receive, send)


def _in_one_line(send: Send) -> Send:
    """A `send` that makes of a refused start's traceback the line that says what to change."""

    async def send_briefly(message: Message) -> None:
        if message["type"] == "lifespan.startup.failed":
            name, _, reason = message.get("message", "").strip().rpartition(f"{StartRefused.__name__}: ")
            message = {**message, "message": reason} if name else message
        await send(message)

    return send_briefly


async def _read(receive: Receive) -> bytes | None:
    """The whole body; None if it is too large, whatever length it claimed.

    Raises ClientDisconnect if the client went away in the middle of it: half a request is none.
    """
    body = b""
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        if len(body) > LONGEST_BODY_BYTES:
            return None
        more = message.get("more_body", False)
    return body


def _again(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the body first and then whatever comes after it."""
    given = False

    async def receive_again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again
