"""The load client: asyncio connections with one request in flight on each, and as little parsing as possible.

It uses less processor time than any server measured here, and runs in a process of its own, so that it does not slow
the server down.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

ResultT = TypeVar("ResultT")


@dataclass(frozen=True, slots=True)
class Batch:
    """The result of a batch of requests. `good`: answers that had a 2xx status and contained what was expected."""

    requests: int
    good: int
    #: Seconds from the first byte sent to the last answer.
    elapsed_s: float
    #: Processor time of the client, in seconds.
    client_cpu_s: float

    @property
    def per_second(self) -> float:
        """Requests per second."""
        return self.requests / self.elapsed_s

    @property
    def per_cpu_second(self) -> float:
        """Requests per second of the client's processor time."""
        return self.requests / self.client_cpu_s


class LoadConnection(asyncio.Protocol):
    """One keep-alive connection. Calls `answered` with each whole answer; it returns the next request, or None."""

    def __init__(self, answered: Callable[[bytes], bytes | None], lost: Callable[[], None]) -> None:
        self._answered = answered
        self._lost = lost
        self._received = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._received = received = self._received + data if self._received else data
        head = received.find(b"\r\n\r\n")
        if head < 0:
            return
        at = received.find(b"content-length: ", 0, head)
        length = int(received[at + 16 : received.find(b"\r\n", at)]) if at >= 0 else 0
        if len(received) < head + 4 + length:
            return
        self._received = b""
        self.send(self._answered(received))

    def send(self, request: bytes | None) -> None:
        if request is not None and self._transport is not None:
            self._transport.write(request)

    def connection_lost(self, exc: Exception | None) -> None:
        self._lost()


async def send_all(port: int, requests: Iterable[bytes], count: int, connections: int, expect: bytes = b"") -> Batch:
    """Send the `count` requests over at most `connections` connections.

    An answer is good if its status is 2xx and it contains `expect`. Raises RuntimeError if a connection breaks.
    """
    waiting = iter(requests)
    missing = count
    good = 0
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def answered(answer: bytes) -> bytes | None:
        nonlocal missing, good
        good += answer.startswith(b"HTTP/1.1 2") and expect in answer
        missing -= 1
        if missing == 0 and not done.done():
            done.set_result(None)
        return next(waiting, None)

    def lost() -> None:
        if not done.done():
            done.set_exception(RuntimeError("the server closed a connection"))

    loop = asyncio.get_running_loop()
    opened = [
        await loop.create_connection(lambda: LoadConnection(answered, lost), "127.0.0.1", port)
        for _ in range(min(connections, count))
    ]
    try:
        cpu_s, start = time.process_time(), time.perf_counter()
        for _, connection in opened:
            connection.send(next(waiting, None))
        await done
        elapsed_s, cpu_s = time.perf_counter() - start, time.process_time() - cpu_s
    finally:
        for transport, _ in opened:
            transport.close()
    return Batch(count, good, elapsed_s, cpu_s)


def run_in_uvicorn_loop(run: Coroutine[Any, Any, ResultT], timeout_s: float) -> ResultT:
    """Run a coroutine in the event loop that uvicorn would choose: uvloop if it is installed.

    Raises TimeoutError after `timeout_s`.
    """
    from uvicorn.loops.auto import auto_loop_factory

    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        return runner.run(asyncio.wait_for(run, timeout_s))


def send_batch(port: int, requests: list[bytes], connections: int, expect: bytes) -> Batch:
    """Run `send_all` in this process, which does nothing else. Raises TimeoutError after two minutes."""
    return run_in_uvicorn_loop(send_all(port, requests, len(requests), connections, expect), 120.0)
