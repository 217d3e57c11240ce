"""The webhook notifier: what it posts, and what each answer of the receiver means."""

import asyncio
import json
import math
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import timedelta
from email.utils import format_datetime

import httpx
import pytest
from fakes import START, FakeClock

from app.domain.decisions import Message
from app.domain.records import Channel, Kind
from app.errors import (
    Misconfigured,
    NotifierFailure,
    PermanentFailure,
    TemporaryFailure,
    Throttled,
    Uncertain,
)
from app.notifiers.connections import MAX_BODY_BYTES, MAX_BODY_READ_S
from app.notifiers.webhook import WebhookNotifier
from app.simulation.clock import settled

URL = "https://gateway.example/in?tenant=7"

OFFER = Message(
    id="0123456789abcdef0123456789abcdef",
    channel=Channel.VOICE,
    kind=Kind.OFFER,
    to="+15555550101",
    body="Open RN shift at Ch\u00e2teau \u4e2d",
    shift_id="s/1",
    caregiver_id="ann",
    organization_id="north",
)
HELP = Message(
    id="feed",
    channel=Channel.SMS,
    kind=Kind.HELP,
    to="+15550001",
    body="Reply YES",
    shift_id=None,
    caregiver_id="bob",
    organization_id=None,
)

Receiver = Callable[[httpx.Request], httpx.Response]


def notifier(receiver: Receiver | httpx.AsyncBaseTransport, url: str = URL) -> WebhookNotifier:
    """A notifier whose receiver is the given function or transport."""
    transport = receiver if isinstance(receiver, httpx.AsyncBaseTransport) else httpx.MockTransport(receiver)
    return WebhookNotifier(url, FakeClock(), lambda: transport)


def answering(status: int, **headers: str) -> WebhookNotifier:
    """A notifier whose receiver always gives this answer."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return notifier(lambda _: httpx.Response(status, headers=named, text="whatever"))


async def failure(sender: WebhookNotifier) -> NotifierFailure:
    """The error that sending an offer raises."""
    with pytest.raises(NotifierFailure) as raised:
        await sender.send(OFFER)
    return raised.value


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (
            OFFER,
            {
                "id": "0123456789abcdef0123456789abcdef",
                "channel": "voice",
                "kind": "offer",
                "to": "+15555550101",
                "body": "Open RN shift at Ch\u00e2teau \u4e2d",
                "shift_id": "s/1",
                "caregiver_id": "ann",
                "organization_id": "north",
            },
        ),
        (
            HELP,
            {
                "id": "feed",
                "channel": "sms",
                "kind": "help",
                "to": "+15550001",
                "body": "Reply YES",
                "shift_id": None,
                "caregiver_id": "bob",
                "organization_id": None,
            },
        ),
    ],
)
async def test_the_post(message: Message, expected: dict[str, object]) -> None:
    """A message is one POST to exactly the given URL, with the documented JSON and headers and no others."""
    seen: list[httpx.Request] = []

    def receive(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200)

    await notifier(receive).send(message)
    (request,) = seen
    assert (request.method, str(request.url)) == ("POST", URL)
    assert json.loads(request.content.decode("utf-8")) == expected
    assert request.headers["idempotency-key"] == message.id
    assert request.headers["content-type"] == "application/json"
    assert request.headers["content-length"] == str(len(request.content))
    assert request.headers["host"] == "gateway.example"


@pytest.mark.parametrize(
    ("url", "authorization"),
    [
        ("https://user:sesame@gateway.example/in", "Basic dXNlcjpzZXNhbWU="),
        ("https://us%40er:ses%3Aame@gateway.example/in", "Basic dXNAZXI6c2VzOmFtZQ=="),
        ("https://gateway.example/in", None),
    ],
)
async def test_a_user_and_password_in_the_url_authenticate(url: str, authorization: str | None) -> None:
    """They are sent as basic authentication, without their percent-encoding."""
    seen: list[httpx.Request] = []

    def receive(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200)

    await notifier(receive, url).send(OFFER)
    assert seen[0].headers.get("authorization") == authorization


async def test_every_try_has_the_same_key() -> None:
    """A second try of a message sends the same key and the same bytes."""
    seen: list[tuple[str, bytes]] = []

    def receive(request: httpx.Request) -> httpx.Response:
        seen.append((request.headers["idempotency-key"], request.content))
        return httpx.Response(503 if len(seen) == 1 else 200)

    sender = notifier(receive)
    await failure(sender)
    await sender.send(OFFER)
    assert seen[0] == seen[1]


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
async def test_2xx_is_sent(status: int) -> None:
    """Any 2xx means that the message was handed over."""
    await answering(status).send(OFFER)


@pytest.mark.parametrize("status", [425, 501, 503, 505, 599])
async def test_answers_to_try_again(status: int) -> None:
    """The message was certainly not sent. Without Retry-After these answers ask for no wait."""
    raised = await failure(answering(status))
    assert type(raised) is TemporaryFailure
    assert (raised.reason, raised.retry_after_s) == (f"HTTP {status}", None)


@pytest.mark.parametrize("status", [408, 500, 502, 504])
async def test_answers_that_may_come_after_the_message_was_sent(status: int) -> None:
    """A gateway may fail after it has sent the message, so the answer does not say that it was not sent."""
    raised = await failure(answering(status, retry_after="7"))
    assert isinstance(raised, Uncertain)
    assert not isinstance(raised, TemporaryFailure)
    assert (raised.reason, raised.retry_after_s) == (f"HTTP {status}", 7.0)


async def test_too_many_messages_slow_the_channel_down() -> None:
    """429 says nothing about this message, but about all of its channel."""
    raised = await failure(answering(429))
    assert isinstance(raised, Throttled)
    assert (raised.reason, raised.retry_after_s) == ("HTTP 429", None)


@pytest.mark.parametrize("status", [301, 302, 304, 307, 308, 401, 403, 404])
async def test_answers_that_say_that_the_gateway_is_set_up_wrongly(status: int) -> None:
    """A wrong key, address or account refuses every message, so this one has not failed for good.

    A redirect is not followed: the URL is wrong.
    """
    raised = await failure(answering(status, location="https://elsewhere.example/"))
    assert isinstance(raised, Misconfigured)
    assert raised.reason == f"HTTP {status}"


@pytest.mark.parametrize("status", [400, 405, 409, 410, 413, 422, 451, 499])
async def test_answers_that_are_final(status: int) -> None:
    """Any other 4xx is a permanent failure."""
    raised = await failure(answering(status, retry_after="5"))
    assert isinstance(raised, PermanentFailure)
    assert raised.reason == f"HTTP {status}"


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("value", "seconds"), [("0", 0.0), ("7", 7.0), ("120", 120.0), (" 5 ", 5.0), ("1.5", 1.5), ("9" * 400, math.inf)]
)
async def test_retry_after_in_seconds(status: int, value: str, seconds: float) -> None:
    """Retry-After as a number is that many seconds."""
    raised = await failure(answering(status, retry_after=value))
    assert isinstance(raised, TemporaryFailure)
    assert raised.retry_after_s == seconds


@pytest.mark.parametrize(("after_s", "seconds"), [(90, 90.0), (0, 0.0), (-3600, 0.0)])
async def test_retry_after_as_a_date(after_s: int, seconds: float) -> None:
    """Retry-After as a date is the number of seconds until then, 0 if it has passed."""
    date = format_datetime(START + timedelta(seconds=after_s), usegmt=True)
    raised = await failure(answering(503, retry_after=date))
    assert isinstance(raised, TemporaryFailure)
    assert raised.retry_after_s == seconds


async def test_retry_after_as_a_date_without_a_zone() -> None:
    """A date with the zone `-0000`, which means unknown, counts as UTC."""
    date = (START + timedelta(seconds=30)).strftime("%a, %d %b %Y %H:%M:%S -0000")
    raised = await failure(answering(503, retry_after=date))
    assert isinstance(raised, TemporaryFailure)
    assert raised.retry_after_s == 30.0


@pytest.mark.parametrize(
    "value",
    [
        "",
        "soon",
        "-5",
        "5 seconds",
        "Mon, 31 Feb 2026 00:00:00 GMT",
        "Mon, 01 Jan 99999999999999999999 00:00:00 GMT",
        "Mon, 01 Jan 2026 00:00:00 +99999999999999999",
        "Mon, 01 Jan 2026 99999999999999999999:00:00 GMT",
        "\u00b2",
        ",",
    ],
)
async def test_a_malformed_retry_after_is_ignored(value: str) -> None:
    """A Retry-After that is neither a number nor a date counts as missing."""
    sender = notifier(lambda _: httpx.Response(503, headers=[(b"retry-after", value.encode())]))
    raised = await failure(sender)
    assert isinstance(raised, TemporaryFailure)
    assert raised.retry_after_s is None


@pytest.mark.parametrize(
    "fault", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol]
)
async def test_no_connection_is_temporary(fault: type[httpx.TransportError]) -> None:
    """If no connection could be made, the message was certainly not sent, and a later try may work."""

    def receive(_: httpx.Request) -> httpx.Response:
        raise fault("to +15555550101 via user:sesame@gateway.example")

    raised = await failure(notifier(receive))
    assert isinstance(raised, TemporaryFailure)
    assert raised.reason == f"no connection: {fault.__name__}"


@pytest.mark.parametrize(
    "fault",
    [
        httpx.ReadError,
        httpx.ReadTimeout,
        httpx.WriteError,
        httpx.WriteTimeout,
        httpx.CloseError,
        httpx.RemoteProtocolError,
    ],
)
async def test_a_broken_connection_is_unknown(fault: type[httpx.TransportError]) -> None:
    """If the connection breaks later, the message may have been sent, so neither kind of failure is raised."""

    def receive(_: httpx.Request) -> httpx.Response:
        raise fault("gone")

    with pytest.raises(fault):
        await notifier(receive).send(OFFER)


async def test_the_transport_is_closed() -> None:
    """Closing the notifier closes its connections."""

    class Closing(httpx.AsyncBaseTransport):
        closed = False

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            return httpx.Response(200)

        async def aclose(self) -> None:
            self.closed = True

    transport = Closing()
    used = notifier(transport)
    await used.send(OFFER)
    assert not transport.closed
    await used.aclose()
    assert transport.closed


async def test_a_connection_serves_one_message_at_a_time_and_then_the_next() -> None:
    """There are as many connections as messages under way at once, and no more."""
    made: list[httpx.MockTransport] = []
    gate = asyncio.Event()

    async def answer(_: httpx.Request) -> httpx.Response:
        await gate.wait()
        return httpx.Response(200)

    def connect() -> httpx.MockTransport:
        made.append(httpx.MockTransport(answer))
        return made[-1]

    used = WebhookNotifier(URL, FakeClock(), connect)
    first = [asyncio.create_task(used.send(OFFER)) for _ in range(3)]
    await settled()
    gate.set()
    await asyncio.gather(*first)
    await used.send(OFFER)
    assert len(made) == 3


@pytest.mark.parametrize("status", [200, 404, 503])
async def test_the_response_is_read_and_released(status: int) -> None:
    """Every answer is read to its end and closed, so that its connection serves the next message."""

    class Body(httpx.AsyncByteStream):
        read = closed = False

        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield b"thanks"
            self.read = True

        async def aclose(self) -> None:
            self.closed = True

    body = Body()
    sender = notifier(lambda _: httpx.Response(status, stream=body))
    with suppress(NotifierFailure):
        await sender.send(OFFER)
    assert (body.read, body.closed) == (True, True)


def test_what_the_worker_may_rely_on() -> None:
    """The receiver honours keys, and the worker waits ten seconds for an answer."""
    sender = answering(200)
    assert (sender.honours_keys, sender.timeout_s) == (True, 10.0)


async def test_a_body_that_never_ends_is_not_read_to_its_end() -> None:
    """A 200 is sent, however long its body is. Reading stops soon after the limit, and the answer is closed."""

    class Endless(httpx.AsyncByteStream):
        read_bytes = 0
        closed = False

        async def __aiter__(self) -> AsyncIterator[bytes]:
            # Not a loop without end: without its limit the notifier must fail this test, not hang it.
            while self.read_bytes <= 2 * MAX_BODY_BYTES:
                self.read_bytes += 4096
                yield b"x" * 4096

        async def aclose(self) -> None:
            self.closed = True

    body = Endless()
    await notifier(lambda _: httpx.Response(200, stream=body)).send(OFFER)
    assert MAX_BODY_BYTES < body.read_bytes <= MAX_BODY_BYTES + 4096
    assert body.closed


async def test_a_body_that_breaks_off_does_not_hide_the_status() -> None:
    """A 200 is sent, although the connection breaks in the middle of its body."""

    class Broken(httpx.AsyncByteStream):
        closed = False

        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield b"x"
            raise httpx.ReadError("gone")

        async def aclose(self) -> None:
            self.closed = True

    body = Broken()
    await notifier(lambda _: httpx.Response(200, stream=body)).send(OFFER)
    assert body.closed


async def test_a_body_that_does_not_come_is_not_waited_for() -> None:
    """A 200 is sent a second after its headers, although its body never comes."""

    class Silent(httpx.AsyncByteStream):
        closed = False

        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield b"x"
            await asyncio.Event().wait()

        async def aclose(self) -> None:
            self.closed = True

    body, clock = Silent(), FakeClock()
    transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=body))
    sending = asyncio.create_task(WebhookNotifier(URL, clock, lambda: transport).send(OFFER))
    await clock.advance(MAX_BODY_READ_S - 0.1)
    assert not sending.done()
    await clock.advance(0.1)
    assert sending.done()
    await sending
    assert body.closed


def test_connections_of_an_event_loop_that_is_gone_are_not_used() -> None:
    """A second event loop gets connections of its own."""
    made: list[int] = []

    def connect() -> httpx.MockTransport:
        made.append(1)
        return httpx.MockTransport(lambda _: httpx.Response(200))

    used = WebhookNotifier(URL, FakeClock(), connect)
    for _ in range(2):
        asyncio.run(used.send(OFFER))
    assert len(made) == 2
