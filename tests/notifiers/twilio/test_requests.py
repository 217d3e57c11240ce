"""Our requests are those of Twilio's own library, and the API of the tests refuses what Twilio would refuse."""

from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from fakes import START, FakeClock
from twilio.http import HttpClient  # type: ignore[import-untyped]  # the library has no types
from twilio.http.response import Response  # type: ignore[import-untyped]
from twilio.rest import Client  # type: ignore[import-untyped]
from twilio_api import BASE_URL, SID, TOKEN, TwilioApi

from app.notifiers.twilio.client import TwilioClient

TO, FROM = "+15555550101", "+15555550100"
URL = "https://agency.example/webhooks/twilio/status?message=1"
MESSAGES = f"{BASE_URL}/2010-04-01/Accounts/{SID}/Messages.json"
CALLS = f"{BASE_URL}/2010-04-01/Accounts/{SID}/Calls.json"
CALL = f"{BASE_URL}/2010-04-01/Accounts/{SID}/Calls/CA{'1' * 32}.json"

Seen = tuple[str, str, dict[str, list[str]], str]


class Recording(HttpClient):  # type: ignore[misc]  # the library has no types
    """The library's way to the network: keeps the request and answers it."""

    def __init__(self) -> None:
        super().__init__(None, False, None)
        self.seen: list[Seen] = []

    def request(self, method: str, url: str, params: Any = None, data: Any = None, **more: Any) -> Response:
        """Keep the request."""
        fields = {
            name: [str(one) for one in (value if isinstance(value, list) else [value])]
            for name, value in {**(params or {}), **(data or {})}.items()
            if value is not None
        }
        user, password = more["auth"]
        self.seen.append((method, url, fields, httpx.BasicAuth(user, password)._auth_header))
        listed = '{"messages": [], "meta": {"key": "messages"}}'
        return Response(200 if method == "GET" else 201, listed.replace("messages", url.split("/")[-1][:-5].lower()))


def ours(seen: list[Seen]) -> TwilioClient:
    """A client that keeps its requests in `seen`."""

    def receive(request: httpx.Request) -> httpx.Response:
        pairs = httpx.QueryParams(request.content.decode()) if request.content else request.url.params
        fields = {name: pairs.get_list(name) for name in pairs}
        url = str(request.url).partition("?")[0]
        seen.append((request.method, url, fields, request.headers["authorization"]))
        return httpx.Response(200, json={"sid": "x", "status": "queued", "messages": [], "calls": []})

    return TwilioClient(SID, TOKEN, FakeClock(), connect=lambda: httpx.MockTransport(receive))


async def test_our_requests_are_those_of_the_library() -> None:
    """Method, URL, fields and authorization of every request."""
    recording, seen = Recording(), list[Seen]()
    library, client = Client(SID, TOKEN, http_client=recording), ours(seen)
    library.messages.create(to=TO, from_=FROM, body="Hi \u00e9&=+", status_callback=URL, validity_period=600)
    await client.create_message(
        to=TO,
        body="Hi \u00e9&=+",
        from_number=FROM,
        messaging_service_sid=None,
        status_callback=URL,
        validity_s=600,
    )
    library.calls.create(
        to=TO,
        from_=FROM,
        twiml="<Response/>",
        timeout=25,
        status_callback=URL,
        status_callback_event=["answered", "completed"],
        machine_detection="DetectMessageEnd",
        async_amd="true",
        async_amd_status_callback=URL,
    )
    await client.create_call(
        to=TO,
        from_number=FROM,
        twiml="<Response/>",
        status_callback=URL,
        ring_s=25,
        machine_callback=URL,
    )
    library.calls("CA1").update(status="canceled")
    await client.cancel_call("CA1")
    library.calls("CA1").update(twiml="<Response/>")
    await client.change_call("CA1", "<Response/>")
    library.messages.list(to=TO, page_size=100)
    await client.messages_to(TO, START)
    library.calls.list(to=TO, from_=FROM, page_size=100)
    await client.calls_to(TO, FROM, START)
    assert len(seen) == 6
    assert seen == recording.seen


@pytest.mark.parametrize(
    ("url", "fields", "complaint"),
    [
        (MESSAGES, {"To": TO, "From": FROM, "Text": "x"}, "there is no field Text"),
        (MESSAGES, {"From": FROM, "Body": "x"}, "To is missing"),
        (MESSAGES, {"To": TO, "Body": "x" * 1601}, "Body is too long"),
        (MESSAGES, {"To": TO, "MessagingServiceSid": "MG1"}, "MessagingServiceSid"),
        (MESSAGES, {"To": TO, "ValidityPeriod": "0"}, "ValidityPeriod is out of range"),
        (MESSAGES, {"To": TO, "ValidityPeriod": "1.5"}, "ValidityPeriod is '1.5', not of type integer"),
        (MESSAGES, {"To": TO, "StatusCallback": "/status"}, "StatusCallback is '/status', not a URL"),
        (MESSAGES, [("To", TO), ("To", TO)], "To is repeated"),
        (MESSAGES + "?To=1", {"To": TO}, "a query on a POST"),
        (MESSAGES.replace("Messages", "SMS"), {"To": TO}, "there is no /2010-04-01"),
        (CALLS, {"To": TO}, "From is missing"),
        (CALLS, {"To": TO, "From": FROM, "Twiml": "x" * 4001}, "Twiml is too long"),
        (CALLS, {"To": TO, "From": FROM, "StatusCallbackEvent": "hung-up"}, "there is no such event"),
        (CALL, {"Status": "ended"}, "Status is 'ended', which is not listed"),
    ],
)
async def test_the_api_of_the_tests_refuses_what_is_not_described(
    url: str, fields: dict[str, str] | list[tuple[str, str]], complaint: str
) -> None:
    """Each kind of mistake in a request."""
    content = urlencode(fields)
    request = httpx.Request(
        "POST", url, content=content, headers={"content-type": "application/x-www-form-urlencoded"}
    )
    with pytest.raises(AssertionError, match=complaint):
        await TwilioApi(FakeClock()).connect().handle_async_request(request)


@pytest.mark.parametrize("query", ["Body=x", "PageSize=0", "PageSize=1001", "PageSize=many", "To=1&To=2"])
async def test_the_api_of_the_tests_refuses_a_wrong_query(query: str) -> None:
    """Unknown, repeated and wrong parameters of a list."""
    with pytest.raises(AssertionError):
        await TwilioApi(FakeClock()).connect().handle_async_request(httpx.Request("GET", f"{MESSAGES}?{query}"))
