"""What every request passes first: the key, the size of the body, and the short way to the hot path.

Plain ASGI, in front of the framework's routing.
"""

import hmac
from urllib.parse import unquote

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.inbound import Inbound
from app.problems import problem
from app.service import Service

LONGEST_BODY_BYTES = 64 * 1024
#: Stands in a path for a slash that is part of an id (%2F), which the router must not split at.
SLASH = "\U0010ffff"

_NEEDS_NO_KEY = frozenset({"/health"})
_TOO_LARGE = f"the body is larger than {LONGEST_BODY_BYTES} bytes"


class Edge:
    """Wraps the application. `api_key` None: the service is open."""

    def __init__(self, app: ASGIApp, *, service: Service, inbound: Inbound, api_key: str | None) -> None:
        self._app = app
        self._service = service
        self._inbound = inbound
        self._credentials = None if api_key is None else f"Bearer {api_key}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        await self._service.start()
        path = scope["path"]
        length = credentials = b""
        for name, value in scope["headers"]:
            if name == b"content-length":
                length = value
            elif name == b"authorization":
                credentials = value
        if self._credentials is not None and path not in _NEEDS_NO_KEY:
            scheme, _, key = credentials.partition(b" ")
            if not hmac.compare_digest(scheme.capitalize() + b" " + key.strip(), self._credentials):
                challenge = {"www-authenticate": "Bearer"}
                refusal = problem(401, "send Authorization: Bearer and the key", headers=challenge)
                await refusal(scope, receive, send)
                return
        if length.isdigit() and int(length[:20]) > LONGEST_BODY_BYTES:
            await problem(413, _TOO_LARGE)(scope, receive, send)
            return
        limited = _limited(receive)
        if path == self._inbound.path and scope["method"] == "POST":
            try:
                body = await _read(limited)
            except HTTPException as exc:
                await problem(exc.status_code, exc.detail)(scope, receive, send)
                return
            if body is not None:
                response = await self._inbound.answer(body)
                await response(scope, receive, send)
            return
        raw_path: bytes = scope.get("raw_path") or b""
        if b"%2f" in raw_path.lower():
            segments = raw_path.decode("latin-1").split("/")
            scope["path"] = "/".join(unquote(segment).replace("/", SLASH) for segment in segments)
        await self._app(scope, limited, send)


def _limited(receive: Receive) -> Receive:
    """`receive`, which raises a 413 once the body has become too large, whatever length it claimed."""
    taken = 0

    async def receive_some() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > LONGEST_BODY_BYTES:
            raise HTTPException(413, _TOO_LARGE)
        return message

    return receive_some


async def _read(receive: Receive) -> bytes | None:
    """The whole body; None if the client went away in the middle of it."""
    body = b""
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body
