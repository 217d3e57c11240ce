"""Requests to an ASGI application in the same process. A client library takes more time than the application does."""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any

_Message = MutableMapping[str, Any]
Application = Callable[
    [_Message, Callable[[], Awaitable[_Message]], Callable[[_Message], Awaitable[None]]], Awaitable[None]
]


def scope_of(method: str, path: str, headers: Sequence[tuple[bytes, bytes]]) -> dict[str, Any]:
    """A request as a server passes it on."""
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [*headers],
        "client": ("127.0.0.1", 1),
        "server": ("service", 80),
    }


async def request(app: Application, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    """Send a request, with the body as JSON unless it is None. Returns the status and what the JSON answer says.

    An empty answer is an empty dictionary.
    """
    content = b"" if body is None else json.dumps(body).encode()
    headers = [(b"host", b"service"), (b"content-length", b"%d" % len(content))]
    if body is not None:
        headers.append((b"content-type", b"application/json"))
    scope = scope_of(method, path, headers)
    sent = [{"type": "http.request", "body": content, "more_body": False}]
    ended = asyncio.Event()
    status, answer = 0, b""

    async def receive() -> _Message:
        if sent:
            return sent.pop()
        await ended.wait()
        return {"type": "http.disconnect"}

    async def send(message: _Message) -> None:
        nonlocal status, answer
        if message["type"] == "http.response.start":
            status = message["status"]
        elif message["type"] == "http.response.body":
            answer += message.get("body", b"")
            if not message.get("more_body", False):
                ended.set()

    await app(scope, receive, send)
    return status, json.loads(answer) if answer else {}
