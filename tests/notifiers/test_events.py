"""Events as they are posted: the JSON, the signature, and what each answer means."""

import json
from datetime import UTC, datetime

import httpx
import pytest
from fakes import START, FakeClock
from standardwebhooks import Webhook

from app.clock import SystemClock
from app.domain.facts import Fact, FactType, LogEntry
from app.errors import EventNotTaken
from app.notifiers.events import EventWebhook
from app.ports.clock import Clock

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ENTRY = LogEntry(
    id=17,
    fact=Fact(
        type=FactType.OFFER_FAILED,
        at=START,
        actor="service",
        shift_id="s1",
        caregiver_id="zoë",
        data={"channel": "sms", "status": "failed", "error": "HTTP 400"},
    ),
)


class Receiver(httpx.AsyncBaseTransport):
    """Records the requests and gives one answer, or raises one error."""

    def __init__(self, answer: httpx.Response | Exception) -> None:
        self.answer = answer
        self.requests: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


async def post(
    answer: httpx.Response | Exception, *, clock: Clock | None = None, url: str = "https://hr.example/in"
) -> httpx.Request:
    """Post ENTRY; returns the request."""
    receiver = Receiver(answer)
    webhook = EventWebhook(url, SECRET, clock or FakeClock(), lambda: receiver)
    try:
        await webhook.post(ENTRY)
    finally:
        await webhook.aclose()
    (request,) = receiver.requests
    return request


async def test_the_body_is_that_of_the_contract() -> None:
    """Type, time of the fact, and its data with what it is about."""
    request = await post(httpx.Response(204))
    assert (request.method, str(request.url)) == ("POST", "https://hr.example/in")
    assert request.headers["content-type"] == "application/json"
    assert json.loads(request.content) == {
        "type": "offer.failed",
        "timestamp": "2026-06-01T10:00:00Z",
        "data": {
            "id": "17",
            "shift_id": "s1",
            "caregiver_id": "zoë",
            "actor": "service",
            "channel": "sms",
            "status": "failed",
            "error": "HTTP 400",
        },
    }


async def test_the_published_library_accepts_the_signature() -> None:
    """With the clock of the computer, because the library compares the time with its own."""
    request = await post(httpx.Response(200), clock=SystemClock())
    assert request.headers["webhook-id"] == "17"
    Webhook(SECRET).verify(request.content, dict(request.headers))


async def test_the_signature_is_that_of_the_published_library() -> None:
    """For the time of the try, which is not that of the fact."""
    clock = FakeClock(datetime(2026, 6, 2, 8, 30, tzinfo=UTC))
    request = await post(httpx.Response(200), clock=clock)
    assert request.headers["webhook-timestamp"] == str(int(clock.now().timestamp()))
    signed = Webhook(SECRET).sign("17", clock.now(), request.content.decode())
    assert request.headers["webhook-signature"] == signed


@pytest.mark.parametrize("status", [301, 400, 401, 404, 410, 429, 500, 503])
async def test_any_answer_but_a_success_means_not_taken(status: int) -> None:
    """Even one that says never: an address may be set up wrongly for an hour."""
    with pytest.raises(EventNotTaken) as caught:
        await post(httpx.Response(status, headers={"retry-after": "7"}))
    assert (caught.value.reason, caught.value.retry_after_s) == (f"HTTP {status}", 7.0)


@pytest.mark.parametrize("kind", [httpx.ConnectError, httpx.ReadTimeout, httpx.ReadError])
async def test_no_answer_means_not_taken(kind: type[httpx.TransportError]) -> None:
    """The reason names the kind of error, and no part of the URL."""
    with pytest.raises(EventNotTaken) as caught:
        await post(kind("secret"))
    assert caught.value.reason == f"no answer: {kind.__name__}"


async def test_a_user_in_the_url_authenticates() -> None:
    """As for the webhook notifier."""
    request = await post(httpx.Response(200), url="https://me:pass@hr.example/in")
    assert request.headers["authorization"] == "Basic bWU6cGFzcw=="
