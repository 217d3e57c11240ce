"""A client of the event stream `GET /events`, over ASGI, that can stop reading for a while as a slow browser does."""

import asyncio
import json
from types import TracebackType
from typing import Any, Self

from starlette.types import ASGIApp, Message

from app.simulation.clock import settled


class Browser:
    """Reads the stream inside `async with`. `events`: the (name, data) pairs read so far."""

    def __init__(self, app: ASGIApp, *, headers: dict[str, str] | None = None, reads: bool = True) -> None:
        self._app = app
        self._headers = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
        self._gone = asyncio.Event()
        self._may_read = asyncio.Event()
        self._asked = False
        self._task: asyncio.Task[None] | None = None
        self.status = 0
        self.headers: dict[str, str] = {}
        self.events: list[tuple[str, dict[str, Any]]] = []
        self.ended = False
        self._unfinished = b""
        if reads:
            self._may_read.set()

    async def __aenter__(self) -> Self:
        self._task = asyncio.get_running_loop().create_task(self._request())
        await settled()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.leaves()
        assert self._task is not None
        await self._task

    def new(self) -> list[tuple[str, dict[str, Any]]]:
        """The events read since the last call of this method."""
        found, self.events = self.events, []
        return found

    def sleeps(self) -> None:
        """Stop reading."""
        self._may_read.clear()

    async def wakes(self) -> None:
        """Read again, and wait until all that was sent is read."""
        self._may_read.set()
        await settled()

    @property
    def returned(self) -> bool:
        """Whether the application has finished the request."""
        return self._task is not None and self._task.done()

    async def leaves(self) -> None:
        """Close the connection, as closing a browser tab does. Events that were not read are lost."""
        self._gone.set()
        self._may_read.set()
        await settled()

    async def _request(self) -> None:
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": "/events",
            "raw_path": b"/events",
            "query_string": b"",
            "root_path": "",
            "headers": self._headers,
            "client": ("127.0.0.1", 1),
            "server": ("service", 80),
        }
        await self._app(scope, self._receive, self._send)

    async def _receive(self) -> Message:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        # As with a real server, the application waits while the client does not read.
        await self._may_read.wait()
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            return
        self.ended = not message.get("more_body", False)
        self._unfinished += message["body"]
        if self.status == 200 and self._unfinished.endswith(b"\n\n"):
            name, data = self._unfinished.decode().removesuffix("\n\n").split("\n")
            self._unfinished = b""
            self.events.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
