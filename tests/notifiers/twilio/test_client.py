"""The requests to Twilio, checked against its published description, and what its answers mean."""

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable
from datetime import timedelta
from email.utils import format_datetime

import httpx
import pytest
from fakes import START, FakeClock
from twilio_api import BASE_URL, SID, TOKEN, Answer, TwilioApi

from app.domain.receipts import Receipt, ReceiptState
from app.errors import (
    Misconfigured,
    NotifierFailure,
    PermanentFailure,
    TemporaryFailure,
    Throttled,
    Uncertain,
    UnreachableByText,
)
from app.notifiers.twilio.client import MAX_BODY_BYTES, REQUEST_S, TwilioClient
from app.notifiers.twilio.entries import Sent
from app.simulation.clock import settled

TO, FROM, SERVICE = "+15555550101", "+15555550100", "MG" + "1" * 32
STATUS = "https://agency.example/webhooks/twilio/status?message=1"
TWIML = "<Response><Say>Open RN shift &amp; more \u00e9</Say></Response>"
ACCEPTED = Receipt(state=ReceiptState.ACCEPTED)


class Line:
    """A client and the API it talks to."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.api = TwilioApi(self.clock)
        self.client = self.client_with(TOKEN)

    def client_with(self, token: str, base_url: str = BASE_URL) -> TwilioClient:
        """Another client of the same API."""
        return TwilioClient(SID, token, self.clock, base_url=base_url, connect=self.api.connect)

    def text(self, body: str = "Open RN shift", to: str = TO, validity_s: float = 600) -> Awaitable[Sent]:
        """Send a text."""
        return self.client.create_message(
            to=to,
            body=body,
            from_number=FROM,
            messaging_service_sid=None,
            status_callback=STATUS,
            validity_s=validity_s,
        )

    def call(self, from_number: str = FROM) -> Awaitable[Sent]:
        """Make a call."""
        return self.client.create_call(to=TO, from_number=from_number, twiml=TWIML, status_callback=STATUS, ring_s=25)

    async def refused(self, answer: Answer) -> NotifierFailure:
        """What a text raises if Twilio gives that answer."""
        self.api.faults.append((False, answer))
        with pytest.raises(NotifierFailure) as raised:
            await self.text()
        return raised.value


@pytest.fixture
def line() -> Line:
    """A client and an API on which nothing has happened."""
    return Line()


async def test_a_text(line: Line) -> None:
    """Its fields, and what is known once Twilio has accepted it."""
    sent = await line.text("Ganz & gar \u00e9\U0001f44d\n=+%")
    assert line.api.created("CreateMessage") == [
        {
            "To": TO,
            "From": FROM,
            "Body": "Ganz & gar \u00e9\U0001f44d\n=+%",
            "StatusCallback": STATUS,
            "ValidityPeriod": 600,
        }
    ]
    assert sent == Sent(
        sid=f"SM{1:032x}", receipt=ACCEPTED, body="Ganz & gar \u00e9\U0001f44d\n=+%", created_at=START
    )


async def test_a_text_of_a_messaging_service(line: Line) -> None:
    """Without a number and a callback, neither field is sent."""
    await line.client.create_message(
        to=TO, body="x", from_number=None, messaging_service_sid=SERVICE, status_callback=None, validity_s=600
    )
    assert line.api.created("CreateMessage") == [
        {"To": TO, "MessagingServiceSid": SERVICE, "Body": "x", "ValidityPeriod": 600}
    ]


@pytest.mark.parametrize(
    ("seconds", "expected"), [(-1, 5), (0.5, 5), (59.9, 59), (600, 600), (36_000, 36_000), (1e9, 36_000)]
)
async def test_the_validity_is_within_twilios_limits(line: Line, seconds: float, expected: int) -> None:
    """Whole seconds, never more than was asked for but the least that makes sense."""
    await line.text(validity_s=seconds)
    assert line.api.created("CreateMessage")[0]["ValidityPeriod"] == expected


async def test_a_call(line: Line) -> None:
    """Its fields. Machine detection is off."""
    sent = await line.call()
    assert line.api.created("CreateCall") == [
        {
            "To": TO,
            "From": FROM,
            "Twiml": TWIML,
            "Timeout": 25,
            "StatusCallback": STATUS,
            "StatusCallbackEvent": ["answered", "completed"],
        }
    ]
    assert sent == Sent(sid=f"CA{1:032x}", receipt=ACCEPTED, body="", created_at=START)


async def test_a_call_that_finds_out_about_machines(line: Line) -> None:
    """In the background, so that a person does not wait in silence; at the end of the greeting of a machine."""
    await line.client.create_call(
        to=TO, from_number=FROM, twiml=TWIML, status_callback=None, ring_s=25, machine_callback=STATUS
    )
    (fields,) = line.api.created("CreateCall")
    assert "StatusCallback" not in fields
    assert {name: fields[name] for name in ("MachineDetection", "AsyncAmd", "AsyncAmdStatusCallback")} == {
        "MachineDetection": "DetectMessageEnd",
        "AsyncAmd": "true",
        "AsyncAmdStatusCallback": STATUS,
    }


async def test_another_base_url() -> None:
    """A provider with the same API may have it below a path of its own."""
    seen: list[httpx.Request] = []

    def receive(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(201, json={"sid": "SM1", "status": "queued"})

    client = TwilioClient(
        "AC/1", "t", FakeClock(), base_url="https://a.example/laml/", connect=lambda: httpx.MockTransport(receive)
    )
    await client.create_message(
        to=TO, body="x", from_number=FROM, messaging_service_sid=None, status_callback=None, validity_s=60
    )
    (request,) = seen
    assert str(request.url) == "https://a.example/laml/2010-04-01/Accounts/AC%2F1/Messages.json"
    assert request.headers["content-length"] == str(len(request.content))
    assert request.headers["host"] == "a.example"
    assert request.extensions["timeout"] == {"connect": 5.0}


@pytest.mark.parametrize(
    ("answer", "error", "reason"),
    [
        ((400, 21211), PermanentFailure, "not a valid telephone number (Twilio error 21211)"),
        ((400, 21614), UnreachableByText, "not a mobile number (Twilio error 21614)"),
        ((400, 21611), TemporaryFailure, "the queue of the number we send from is full (Twilio error 21611)"),
        ((400, 21606), Misconfigured, "the number we send from cannot send texts (Twilio error 21606)"),
        ((429, 20429), Throttled, "too many requests (Twilio error 20429)"),
        ((503, 20503), Uncertain, "Twilio is not available (Twilio error 20503)"),
        ((400, 98765), PermanentFailure, "Twilio error 98765"),
        ((404, None), Misconfigured, "HTTP 404"),
        ((502, None), Uncertain, "HTTP 502"),
        (httpx.Response(308, headers={"location": "https://other.example/"}), Misconfigured, "HTTP 308"),
        (httpx.Response(400, json=["no object"]), PermanentFailure, "HTTP 400"),
        (httpx.Response(400, json={"code": "21211"}), PermanentFailure, "HTTP 400"),
        (httpx.Response(400, content=b"[" * 100_000), PermanentFailure, "HTTP 400"),
        (httpx.Response(200, text="<html>Welcome</html>"), Uncertain, "HTTP 200 without an id that can be kept"),
        (httpx.Response(201, json={"sid": None}), Uncertain, "HTTP 201 without an id that can be kept"),
        (httpx.Response(201, json={"sid": "SM\0"}), Uncertain, "HTTP 201 without an id that can be kept"),
        (httpx.Response(201, json={"sid": "S" * 101}), Uncertain, "HTTP 201 without an id that can be kept"),
        (httpx.ConnectError("to +15555550101"), TemporaryFailure, "no connection: ConnectError"),
        (httpx.ConnectTimeout(TOKEN), TemporaryFailure, "no connection: ConnectTimeout"),
        (httpx.ReadTimeout(TOKEN), Uncertain, "no answer: ReadTimeout"),
        (httpx.RemoteProtocolError(TOKEN), Uncertain, "no answer: RemoteProtocolError"),
        (httpx.WriteError(TOKEN), Uncertain, "no answer: WriteError"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
async def test_what_an_answer_means(line: Line, answer: Answer, error: type[NotifierFailure], reason: str) -> None:
    """Twilio's code decides, else the status of HTTP. No telephone number of the answer gets into the reason."""
    raised = await line.refused(answer)
    assert type(raised) is error
    assert raised.reason == reason


async def test_a_wrong_token_is_a_fault_of_the_configuration(line: Line) -> None:
    """As it comes from Twilio."""
    line.client = line.client_with("wrong")
    with pytest.raises(Misconfigured, match=r"^wrong account SID or token \(Twilio error 20003\)$"):
        await line.text()


@pytest.mark.parametrize(("status", "error"), [(429, Throttled), (503, Uncertain), (425, TemporaryFailure)])
async def test_how_long_to_wait(line: Line, status: int, error: type[NotifierFailure]) -> None:
    """`Retry-After` in seconds or as a date."""
    for value in ("7", format_datetime(START + timedelta(seconds=7), usegmt=True)):
        raised = await line.refused(httpx.Response(status, headers={"retry-after": value}))
        assert type(raised) is error
        assert isinstance(raised, TemporaryFailure | Uncertain)
        assert raised.retry_after_s == 7.0


async def test_no_answer_in_time(line: Line) -> None:
    """After ten seconds the message counts as perhaps sent."""
    line.api.before_answer = lambda _: asyncio.Event().wait()
    sending = asyncio.ensure_future(line.text())
    await line.clock.advance(REQUEST_S - 0.1)
    assert not sending.done()
    await line.clock.advance(0.1)
    with pytest.raises(Uncertain, match=r"^no answer: TimeoutError$"):
        await sending


class Body(httpx.AsyncByteStream):
    """A body of parts that may end in an error; knows whether it was closed."""

    def __init__(self, *parts: bytes | Exception) -> None:
        self._parts = parts
        self.read_bytes = 0
        self.closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self._parts:
            if isinstance(part, Exception):
                raise part
            self.read_bytes += len(part)
            yield part

    async def aclose(self) -> None:
        self.closed = True


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, Body(b'{"code": 21', httpx.ReadError("gone")), PermanentFailure),
        (429, Body(httpx.ReadError("gone")), Throttled),
        (201, Body(b'{"sid": "S', httpx.ReadError("gone")), Uncertain),
        (400, Body(*[b"x" * 4096] * 1000), PermanentFailure),
    ],
)
async def test_an_answer_that_cannot_be_read_has_a_status(
    line: Line, status: int, body: Body, error: type[NotifierFailure]
) -> None:
    """And its connection is released."""
    assert type(await line.refused(httpx.Response(status, stream=body))) is error
    assert body.closed
    assert body.read_bytes <= MAX_BODY_BYTES + 4096


async def test_no_secret_is_in_an_error_or_a_representation(line: Line) -> None:
    """Nor in what caused the error."""
    raised = await line.refused(httpx.ReadTimeout("gone"))
    shown = " ".join(map(repr, (line.client, raised, raised.__cause__))) + str(raised)
    assert TOKEN not in shown
    assert b64encode(f"{SID}:{TOKEN}".encode()).decode() not in shown


@pytest.mark.parametrize(
    ("status", "canceled", "after"),
    [
        ("queued", True, "canceled"),
        ("ringing", True, "canceled"),
        ("in-progress", False, "in-progress"),
        ("completed", False, "completed"),
    ],
)
async def test_a_call_is_canceled_until_it_is_answered(line: Line, status: str, canceled: bool, after: str) -> None:
    """Whoever is listening is not cut off."""
    sent = await line.call()
    line.api.calls[0]["status"] = status
    assert await line.client.cancel_call(sent.sid) is canceled
    assert line.api.calls[0]["status"] == after


@pytest.mark.parametrize(("status", "changed"), [("in-progress", True), ("ringing", False), ("completed", False)])
async def test_an_answered_call_goes_on_with_other_twiml(line: Line, status: str, changed: bool) -> None:
    """A message for a machine, once it is known to be one."""
    sent = await line.call()
    line.api.calls[0]["status"] = status
    assert await line.client.change_call(sent.sid, "<Response/>") is changed
    assert line.api.created("UpdateCall") == [{"Twiml": "<Response/>"}]


async def test_a_call_that_does_not_exist_cannot_be_ended(line: Line) -> None:
    """That is no fault of the configuration."""
    line.api.faults.append((False, (404, 20404)))
    assert await line.client.cancel_call("CA" + "9" * 32) is False


async def test_a_call_that_could_not_be_ended_is_an_error(line: Line) -> None:
    """It may go on ringing."""
    sent = await line.call()
    line.api.faults.append((False, (503, None)))
    with pytest.raises(Uncertain):
        await line.client.cancel_call(sent.sid)


async def test_the_messages_to_a_number(line: Line) -> None:
    """Those of the last minutes only, the newest first, and not those that they sent to us."""
    await line.text("old")
    await line.clock.advance(60)
    since = line.clock.now()
    for body in ("first", "second"):
        await line.text(body)
    await line.text("to another", to="+15555550102")
    line.api.messages.append({**line.api.messages[-1], "to": TO, "direction": "inbound", "body": "from them"})
    assert [one.body for one in await line.client.messages_to(TO, since)] == ["second", "first"]
    assert line.api.created("ListMessage") == [{"To": TO, "PageSize": "100"}]


async def test_a_queued_message_is_listed_with_its_status(line: Line) -> None:
    """It has no date of sending yet, so the list must not be filtered by that."""
    sent = await line.text()
    assert line.api.messages[0]["date_sent"] is None
    assert await line.client.messages_to(TO, START) == [sent]


async def test_the_calls_from_one_number_to_another(line: Line) -> None:
    """Calls from other numbers of the account are left out."""
    await line.call(from_number="+15555550199")
    sent = await line.call()
    assert await line.client.calls_to(TO, FROM, START) == [sent]


async def test_further_pages_are_read_until_one_is_old_enough(line: Line) -> None:
    """As far as entries are new enough, and no further."""
    for count in (150, 120, 30):
        since = line.clock.now()
        for _ in range(count):
            await line.text()
        await line.clock.advance(60)
    assert len(await line.client.messages_to(TO, since)) == 30
    assert len(line.api.created("ListMessage")) == 1
    line.api.requests.clear()
    assert len(await line.client.messages_to(TO, START + timedelta(seconds=1))) == 150
    assert [fields.get("Page") for fields in line.api.created("ListMessage")] == [None, "1"]
    line.api.requests.clear()
    assert len(await line.client.messages_to(TO, START)) == 300


@pytest.mark.parametrize(
    "page",
    [
        {},
        {"messages": None},
        [],
        {"messages": [], "next_page_uri": "https://evil.example/2010-04-01/x"},
        {"messages": [], "next_page_uri": "http://api.twilio.com/2010-04-01/x"},
        {"messages": [], "next_page_uri": "//evil.example/2010-04-01/x"},
        {"messages": [], "next_page_uri": "https://[/"},
        {"messages": [], "next_page_uri": "/2010-04-01/\0"},
        {"messages": [], "next_page_uri": 7},
    ],
)
async def test_a_list_that_cannot_be_read_to_its_end_is_no_list(page: object) -> None:
    """What is not in it may exist all the same. The token goes to no other host."""
    hosts: list[str] = []

    def receive(request: httpx.Request) -> httpx.Response:
        hosts.append(f"{request.url.scheme}://{request.url.host}")
        return httpx.Response(200, json=page)

    client = TwilioClient(SID, TOKEN, FakeClock(), connect=lambda: httpx.MockTransport(receive))
    with pytest.raises(Uncertain):
        await client.messages_to(TO, START)
    assert set(hosts) == {BASE_URL}


async def test_a_list_without_end_is_no_list() -> None:
    """Reading stops after ten pages."""
    read = 0

    def receive(_: httpx.Request) -> httpx.Response:
        nonlocal read
        read += 1
        return httpx.Response(200, json={"messages": [], "next_page_uri": "/2010-04-01/again"})

    client = TwilioClient(SID, TOKEN, FakeClock(), connect=lambda: httpx.MockTransport(receive))
    with pytest.raises(Uncertain, match=r"^the list is too long$"):
        await client.messages_to(TO, START)
    assert read == 10


@pytest.mark.parametrize(
    ("entry", "listed"),
    [
        ({"sid": "SM1", "direction": "outbound-api"}, True),
        ({"sid": "SM1", "direction": "outbound-api", "date_created": "soon", "status": 7, "body": None}, True),
        ({"sid": "SM1", "direction": "outbound-api", "date_created": "Mon, 01 Jan 99999 00:00:00 +0000"}, True),
        ({"sid": "SM1", "direction": "outbound-api", "date_created": "Mon, 01 Jun 2026 09:59:59 -0000"}, False),
        ({"sid": "SM1", "direction": "outbound-reply"}, True),
        ({"sid": "SM1", "direction": "inbound"}, False),
        ({"sid": "SM1"}, False),
    ],
)
async def test_an_incomplete_entry_of_a_list(entry: object, listed: bool) -> None:
    """One without a time counts as new: it may be the one that is looked for."""
    client = TwilioClient(
        SID,
        TOKEN,
        FakeClock(),
        connect=lambda: httpx.MockTransport(lambda _: httpx.Response(200, json={"messages": [entry]})),
    )
    assert bool(await client.messages_to(TO, START)) is listed


@pytest.mark.parametrize(
    "entry", [{"direction": "outbound-api"}, {"sid": "SM 1\0", "direction": "outbound-api"}, {"sid": 7}, "SM1", None]
)
async def test_an_entry_of_a_list_without_a_usable_id(entry: object) -> None:
    """It may be the message that is looked for, so that one may not be missing. An inbox leaves the entry out."""
    text = {"sid": "SM2", "direction": "inbound", "from": TO, "body": "\ud83d Yes"}
    page = json.dumps({"messages": [entry, text]})
    client = TwilioClient(
        SID, TOKEN, FakeClock(), connect=lambda: httpx.MockTransport(lambda _: httpx.Response(200, text=page))
    )
    with pytest.raises(Uncertain, match=r"^an entry of the list has no id that can be kept$"):
        await client.messages_to(TO, START)
    (received,) = await client.messages_received(None, START)
    # JSON may have half of a surrogate pair; no form has it, and no database stores it.
    assert received.form == {"MessageSid": "SM2", "From": TO, "Body": "? Yes"}


async def test_closing_closes_the_connections() -> None:
    """And one connection serves one request after another."""

    class Closing(httpx.AsyncBaseTransport):
        closed = False

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            return httpx.Response(200, json={"messages": []})

        async def aclose(self) -> None:
            self.closed = True

    made: list[Closing] = []

    def connect() -> Closing:
        made.append(Closing())
        return made[-1]

    client = TwilioClient(SID, TOKEN, FakeClock(), connect=connect)
    await client.messages_to(TO, START)
    await client.messages_to(TO, START)
    await client.aclose()
    assert [one.closed for one in made] == [True]


async def test_a_request_that_is_given_up_does_not_use_up_its_connection(line: Line) -> None:
    """The next request gets through."""
    line.api.before_answer = lambda _: asyncio.Event().wait()
    sending = asyncio.ensure_future(line.text())
    await settled()
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    line.api.before_answer = lambda _: None
    assert (await line.text()).receipt == ACCEPTED
