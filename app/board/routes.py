"""The board over HTTP: the stream of changes, and one shift in detail. No rule of the domain."""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from fastapi import FastAPI
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.board import pages, rows, schemas
from app.board.hub import Hub
from app.runtime.service import Service
from app.web.openapi import problems_of
from app.web.params import ChunkedResponse, Id
from app.web.problems import problem

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
#: A server that was given no limit of its own waits this long for those who do not read their answers; a request
#: that is still coming in may take five seconds.
_GRACE_S = 6


class _Stream(Response):
    """Server-sent events for one viewer, until the viewer goes away or the hub is closed."""

    media_type = "text/event-stream"

    def __init__(self, hub: Hub) -> None:
        super().__init__(headers={"cache-control": "no-store", "x-accel-buffering": "no"})
        del self.headers["content-length"]
        self._hub = hub

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        viewer = self._hub.join()

        async def listen() -> None:
            while (await receive())["type"] != "http.disconnect":
                pass
            viewer.end()

        async def write() -> None:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            while (frame := await viewer.next_event()) is not None:
                await send({"type": "http.response.body", "body": frame, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})

        loop = asyncio.get_running_loop()
        writing = loop.create_task(write())
        others = [loop.create_task(listen()), loop.create_task(viewer.ended())]
        try:
            await asyncio.wait({writing, others[1]}, return_when=asyncio.FIRST_COMPLETED)
            # Whoever reads gets the end of the response in this turn. A browser that does not would hold it for ever.
            await asyncio.sleep(0)
            if writing.done():
                await writing
        finally:
            for task in (writing, *others):
                task.cancel()
            self._hub.leave(viewer)


def add_board(app: FastAPI, service: Service, hub: Hub) -> None:
    """Add the board's pages and what feeds them."""
    pages.add_pages(app)

    @app.get(
        "/events",
        response_class=Response,
        responses={
            200: {
                "description": "`snapshot`, then `changes`; where there are none, `time` every 15 s",
                "content": {_Stream.media_type: {}},
            }
        },
    )
    async def get_events() -> Response:
        """The board as server-sent events: all of it first, then what changes, as it changes.

        After a reconnect all of it comes again. The first 500 shifts by start time are on the board, from
        a day ago on; `more` says that there are later ones.
        """
        return _Stream(hub)

    @app.get("/shifts/{shift_id}/board", response_model=schemas.BoardDetail, responses=problems_of(404))
    async def get_board_detail(shift_id: Id) -> Response:
        """One shift as the board shows it: a row per caregiver, with names, messages and answers."""
        found = await service.store.overviews([shift_id])
        if not found:
            return problem(404, f"there is no shift {shift_id!r}")
        (one,) = found
        report = await service.store.report(shift_id, full=True)
        wanted = set(rows.caregiver_ids(one, report))
        caregivers = {caregiver.id: caregiver for caregiver in await service.store.caregivers_named(wanted)}
        return ChunkedResponse(rows.detail_in_chunks(one, report, caregivers))


@contextmanager
def told_to_stop(call: Callable[[], None]) -> Iterator[None]:
    """While this lasts, a signal that ends the process also makes the event loop call `call`, first.

    A server waits for open responses before it ends the lifespan, and a stream is open for ever: somebody has
    to end it before. The server's own handler of the signal is called as ever. It also waits for connections to
    take what was written to them, so it gets a limit for those that never do. Outside the main thread there are no
    signals to hear.
    """
    loop = asyncio.get_running_loop()
    handlers: dict[int, Callable[[int, FrameType | None], object]] = {}

    def heard(number: int, frame: FrameType | None) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(call)
        _limit_the_wait(handlers[number])
        handlers[number](number, frame)

    if threading.current_thread() is threading.main_thread():
        for ending in _SIGNALS:
            handler = signal.getsignal(ending)
            if callable(handler):
                handlers[ending] = handler
                signal.signal(ending, heard)
    try:
        yield
    finally:
        for number in handlers:
            # Somebody who has set another one meanwhile keeps it.
            if signal.getsignal(number) is heard:
                signal.signal(number, handlers[number])


def _limit_the_wait(handler: Callable[[int, FrameType | None], object]) -> None:
    """Let uvicorn, whose handler that may be, wait no longer than the grace; a limit of its own stays."""
    # An application has no other way to a connection whose client stopped reading.
    config: Any = getattr(getattr(handler, "__self__", None), "config", None)
    if getattr(config, "timeout_graceful_shutdown", 0) is None:
        config.timeout_graceful_shutdown = _GRACE_S
