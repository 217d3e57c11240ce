"""The board's stream of server-sent events, and its end when the process is told to stop.

FastAPI's EventSourceResponse is not used: it buffers further frames for each viewer, and if a browser never
reads, its response does not end when the hub closes.
"""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.board.hub import Hub

#: Shutdown timeout for uvicorn, in seconds, if it has none: it then drops clients that do not read. More than the
#: five seconds in which the body of a request must come.
_GRACE_S = 6

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_Handler = Callable[[int, FrameType | None], object]


class BoardStream(Response):
    """Server-sent events for one viewer, until the viewer goes away or may not go on, or the hub is closed."""

    media_type = "text/event-stream"

    def __init__(self, hub: Hub, may_go_on: Callable[[], bool]) -> None:
        """`may_go_on` is asked before each event: whether the viewer may have it."""
        super().__init__(headers={"cache-control": "no-store", "x-accel-buffering": "no"})
        del self.headers["content-length"]
        self._hub = hub
        self._may_go_on = may_go_on

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        viewer = self._hub.join()

        async def wait_for_disconnect() -> None:
            while (await receive())["type"] != "http.disconnect":
                pass
            viewer.end()

        async def send_event() -> bool:
            # A function of its own, so that nothing refers to the pieces while the viewer waits for the next event.
            pieces = await viewer.next_event()
            if not self._may_go_on():
                return False
            for piece in pieces or ():
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            return pieces is not None

        async def send_events() -> None:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            while await send_event():
                pass
            await send({"type": "http.response.body", "body": b"", "more_body": False})

        loop = asyncio.get_running_loop()
        sending = loop.create_task(send_events())
        disconnect, end = loop.create_task(wait_for_disconnect()), loop.create_task(viewer.ended())
        try:
            await asyncio.wait({sending, end}, return_when=asyncio.FIRST_COMPLETED)
            # A client that reads gets the end of the response in this turn of the event loop. With a client
            # that does not read, `send_events` would never return.
            await asyncio.sleep(0)
            if sending.done():
                await sending
        finally:
            for task in (sending, disconnect, end):
                task.cancel()
            self._hub.leave(viewer)


@contextmanager
def on_stop_signal(call: Callable[[], None]) -> Iterator[None]:
    """Within the block, a signal that ends the process also makes the event loop call `call`.

    A server waits for open responses before it ends the lifespan, and a stream never ends by itself: it must end
    before that. The server's own handler of the signal is called too. The server also waits until clients have
    read what was sent, so it gets a limit for those that never do. Outside the main thread this
    does nothing, because signals can be handled only there.
    """
    loop = asyncio.get_running_loop()
    replaced: dict[int, _Handler] = {}

    def handle(number: int, frame: FrameType | None) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(call)
        _limit_shutdown(replaced[number])
        replaced[number](number, frame)

    if threading.current_thread() is threading.main_thread():
        for stop in _SIGNALS:
            handler = signal.getsignal(stop)
            if callable(handler):
                replaced[stop] = handler
                signal.signal(stop, handle)
    try:
        yield
    finally:
        for number, handler in replaced.items():
            # A handler that was set within the block stays.
            if signal.getsignal(number) is handle:
                signal.signal(number, handler)


def _limit_shutdown(handler: _Handler) -> None:
    """Limit how long uvicorn, if the handler is its own, waits when it stops; a limit that it was given stays."""
    # An application has no other access to a connection whose client stopped reading.
    config: Any = getattr(getattr(handler, "__self__", None), "config", None)
    if getattr(config, "timeout_graceful_shutdown", 0) is None:
        config.timeout_graceful_shutdown = _GRACE_S
