"""The limits of `serve` on clients that are silent, slow or endless."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from app.cli.bounded_http import HEAD_WITHIN_S, LONGEST_HEAD_BYTES, READ_WITHIN_S, BoundedProtocol, most_connections

HEAD = b"POST /x HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n"


class FakeTimer:
    """A timer that a test fires."""

    def __init__(self, at: float, callback: Callable[[], object]) -> None:
        self.at = at
        self.callback: Callable[[], object] | None = callback

    def cancel(self) -> None:
        self.callback = None

    def when(self) -> float:
        return self.at


class FakeLoop:
    """Time that a test moves, and a request that is never answered."""

    def __init__(self) -> None:
        self.now = 0.0
        self.timers: list[FakeTimer] = []

    def call_later(self, delay: float, callback: Callable[[], object]) -> FakeTimer:
        self.timers.append(FakeTimer(self.now + delay, callback))
        return self.timers[-1]

    def create_task(self, running: Any) -> "asyncio.Future[None]":
        running.close()
        return asyncio.Future()

    def advance(self, seconds: float) -> None:
        """Move the time and run the timers that are due."""
        self.now += seconds
        for timer in self.timers:
            if timer.at <= self.now and timer.callback is not None:
                timer.callback()
                timer.cancel()


class FakeTransport(asyncio.Transport):
    """Says whether the connection was cut."""

    cut = False

    def get_extra_info(self, name: str, default: object = None) -> object:
        return default

    def is_closing(self) -> bool:
        return self.cut

    def abort(self) -> None:
        self.cut = True

    def close(self) -> None:
        """The client went away by itself."""

    def pause_reading(self) -> None:
        """The client sends no more meanwhile."""


@pytest.fixture
async def loop() -> FakeLoop:
    """The time of one server."""
    return FakeLoop()


@pytest.fixture
def connect(loop: FakeLoop) -> Iterator[Callable[[], BoundedProtocol]]:
    """Makes a connection to one server."""
    config = uvicorn.Config(lambda: None, log_config=None, h11_max_incomplete_event_size=LONGEST_HEAD_BYTES)
    config.load()
    state = ServerState()

    def connected() -> BoundedProtocol:
        protocol = BoundedProtocol(config=config, server_state=state, app_state={}, _loop=loop)
        protocol.connection_made(FakeTransport())
        return protocol

    yield connected
    BoundedProtocol._full_before = False


def is_cut(protocol: BoundedProtocol) -> bool:
    """Whether the connection was closed by the limits."""
    return bool(protocol.transport.cut)


@pytest.mark.parametrize("sent", [b"", b"GET / HT", HEAD], ids=["silent", "line", "headers"])
async def test_a_head_that_does_not_come_in_time_is_cut(
    sent: bytes, connect: Callable[[], BoundedProtocol], loop: FakeLoop
) -> None:
    """A byte now and then does not help."""
    protocol = connect()
    loop.advance(HEAD_WITHIN_S / 2)
    if sent:
        protocol.data_received(sent)
    loop.advance(HEAD_WITHIN_S / 2 - 0.1)
    assert not is_cut(protocol)
    loop.advance(0.2)
    assert is_cut(protocol)


async def test_a_request_may_take_its_time(connect: Callable[[], BoundedProtocol], loop: FakeLoop) -> None:
    """Once its head is complete, the connection stays open, as a stream of events does for hours."""
    protocol = connect()
    protocol.data_received(HEAD)
    protocol.data_received(b"\r\n{}")
    loop.advance(3600)
    assert not is_cut(protocol)


async def test_the_next_head_on_a_connection_has_a_limit_too(
    connect: Callable[[], BoundedProtocol], loop: FakeLoop
) -> None:
    """After an answered request the first byte of the next one starts the time."""
    protocol = connect()
    protocol.data_received(HEAD + b"\r\n{}")
    protocol.cycle.response_complete = True
    loop.advance(100)
    protocol.data_received(b"GET /")
    loop.advance(HEAD_WITHIN_S - 0.1)
    assert not is_cut(protocol)
    loop.advance(0.2)
    assert is_cut(protocol)


@pytest.mark.parametrize("before", [b"", HEAD + b"\r\n{}"], ids=["first", "behind-another"])
async def test_a_head_without_an_end_is_cut(before: bytes, connect: Callable[[], BoundedProtocol]) -> None:
    """Also behind a request that is not answered yet."""
    protocol = connect()
    if before:
        protocol.data_received(before)
    protocol.data_received(b"GET / HTTP/1.1\r\nx: ")
    for _ in range(LONGEST_HEAD_BYTES // 1000 - 1):
        protocol.data_received(b"a" * 1000)
    assert not is_cut(protocol)
    for _ in range(2):
        protocol.data_received(b"a" * 1000)
    assert is_cut(protocol)


@pytest.mark.parametrize("length", [LONGEST_HEAD_BYTES, LONGEST_HEAD_BYTES + 1, 120_000])
@pytest.mark.parametrize("piece", [8_000, LONGEST_HEAD_BYTES, 200_000])
async def test_a_long_head_is_cut_however_it_comes(
    length: int, piece: int, connect: Callable[[], BoundedProtocol]
) -> None:
    """In many pieces or in one: the request is not carried out. One of the full length is."""
    protocol = connect()
    head = b"GET / HTTP/1.1\r\nhost: x\r\nx: " + b"a" * (length - 32) + b"\r\n\r\n"
    assert len(head) == length
    for first in range(0, length, piece):
        protocol.data_received(head[first : first + piece])
    assert is_cut(protocol) is (length > LONGEST_HEAD_BYTES)
    assert (protocol.cycle is None) is (length > LONGEST_HEAD_BYTES)


async def test_a_client_that_never_reads_is_cut(connect: Callable[[], BoundedProtocol], loop: FakeLoop) -> None:
    """One that reads slowly is not, and neither is one that went away."""
    never, slow, gone = connect(), connect(), connect()
    for protocol in (never, slow, gone):
        protocol.data_received(HEAD + b"\r\n{}")
        protocol.pause_writing()
    for _ in range(3):
        loop.advance(READ_WITHIN_S / 2)
        slow.resume_writing()
        slow.pause_writing()
        gone.connection_lost(None)
    assert [is_cut(protocol) for protocol in (never, slow, gone)] == [True, False, False]


async def test_a_body_is_not_counted_as_a_head(connect: Callable[[], BoundedProtocol]) -> None:
    """The middleware answers a body that is too large."""
    protocol = connect()
    protocol.data_received(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 900000\r\n\r\n")
    for _ in range(10):
        protocol.data_received(b"a" * 65_536)
    assert not is_cut(protocol)


@pytest.mark.parametrize("length", [LONGEST_HEAD_BYTES, 200_000], ids=["as-long-as-a-head", "longer"])
async def test_the_end_of_a_body_is_not_counted_as_a_head(
    length: int, connect: Callable[[], BoundedProtocol]
) -> None:
    """The last piece of a body may be long, and it leaves the next head its full length."""
    protocol = connect()
    protocol.data_received(b"PUT / HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n" % length)
    protocol.data_received(b"a" * length)
    protocol.data_received(b"GET / HTTP/1.1\r\nx: ")
    assert not is_cut(protocol)


async def test_the_longest_waiting_connection_makes_room(
    connect: Callable[[], BoundedProtocol],
    loop: FakeLoop,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Not one with a request; the log says it once."""
    caplog.set_level(logging.WARNING)
    monkeypatch.setattr(BoundedProtocol, "limit", 3)
    busy = connect()
    busy.data_received(HEAD + b"\r\n{}")
    others = []
    for _ in range(4):
        loop.advance(1)
        others.append(connect())
    assert not is_cut(busy)
    cut = [is_cut(one) for one in others]
    assert cut[0]
    assert not cut[-1]
    assert caplog.text.count("http.too_many_connections limit=3") == 1


def test_the_limit_leaves_files_for_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of few files, all but 256 of many, and never more than 10,000."""
    resource = pytest.importorskip("resource", reason="Windows has no limit of open files")
    for files, expected in ((256, 128), (1024, 768), (1_000_000, 10_000), (resource.RLIM_INFINITY, 10_000)):
        monkeypatch.setattr(resource, "getrlimit", lambda _, files=files: (files, files))
        assert most_connections() == expected
