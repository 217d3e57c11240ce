"""The notifier for Twilio: what it has sent, and that an unanswered request never becomes a second message."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
from fakes import START, FakeClock
from hypothesis import given
from hypothesis import strategies as st
from twilio_api import SID, TOKEN, Answer, TwilioApi

from app.domain.decisions import Message
from app.domain.receipts import Consequence, Receipt, ReceiptState
from app.domain.records import Channel, Kind
from app.errors import (
    Misconfigured,
    NotifierFailure,
    PermanentFailure,
    TemporaryFailure,
    Throttled,
    Uncertain,
)
from app.notifiers.twilio.client import REQUEST_S, TwilioClient
from app.notifiers.twilio.notifier import LISTED_AFTER_S, LOOK_AFTER_S, TwilioNotifier
from app.ports.notifier import Accepted

TO, FROM, SERVICE = "+15555550101", "+15555550100", "MG" + "1" * 32
PUBLIC = "https://agency.example/fanout"

TEXT = Message(
    id="0123456789abcdef0123456789abcdef",
    channel=Channel.SMS,
    kind=Kind.OFFER,
    to=TO,
    body="Open RN shift Thu Jul 2, 8:00 AM-4:00 PM EDT. Reply YES to accept or NO to pass.",
    shift_id="s/1 \u00e9",
    caregiver_id="ann",
    organization_id="north",
)
CALL = replace(
    TEXT,
    channel=Channel.VOICE,
    body="Open RN shift Thu Jul 2, 8:00 AM-4:00 PM EDT. To accept, press 1 or say yes. To pass, press 2 or say no.",
)
HELP = replace(TEXT, id="feed", kind=Kind.HELP, body="Open shifts from your agency.", shift_id=None)

#: `START` in microseconds since 1970.
HEARD = 1_780_308_000_000_000
ABOUT = "message=0123456789abcdef0123456789abcdef&shift=s%2F1+%C3%A9"
#: What may come instead of an answer after Twilio has carried a request out, or has not.
UNANSWERED: list[Answer] = [
    (500, 20500),
    (503, None),
    (408, None),
    httpx.ReadTimeout("gone"),
    httpx.RemoteProtocolError("gone"),
    httpx.Response(201, text="<html>"),
]


class Line:
    """A notifier and the API it talks to."""

    def __init__(self, **settings: Any) -> None:
        self.clock = FakeClock()
        self.api = TwilioApi(self.clock)
        self.settings = settings
        self.notifier = self.another()

    def another(self) -> TwilioNotifier:
        """A notifier of another process."""
        defaults: dict[str, Any] = {
            "from_number": FROM,
            "messaging_service_sid": None,
            "public_url": PUBLIC,
            "caller": "Bay Home Care",
        }
        client = TwilioClient(SID, TOKEN, self.clock, connect=self.api.connect)
        return TwilioNotifier(client, self.clock, **{**defaults, **self.settings})

    async def send(self, message: Message) -> NotifierFailure | None:
        """Send a message, in as much time as it takes; returns the error."""
        sending = asyncio.ensure_future(self.notifier.send(message))
        for _ in range(30):
            await self.clock.advance(0.0 if sending.done() else 5.0)
        try:
            await sending
        except NotifierFailure as exc:
            return exc
        return None

    @property
    def bodies(self) -> list[str]:
        """The texts that Twilio has accepted."""
        return [one["body"] for one in self.api.messages]


@pytest.fixture
def line() -> Line:
    """A notifier with a number and a public address."""
    return Line()


@pytest.mark.parametrize("public_url", [PUBLIC, PUBLIC + "/"])
async def test_an_offer_as_a_text(public_url: str) -> None:
    """Twilio drops it once it is of no use, and its status comes with our id."""
    line = Line(public_url=public_url)
    assert await line.send(replace(TEXT, worth_until=START + timedelta(seconds=600))) is None
    assert line.api.created("CreateMessage") == [
        {
            "To": TO,
            "From": FROM,
            "Body": TEXT.body,
            "StatusCallback": f"{PUBLIC}/webhooks/twilio/status?{ABOUT}",
            "ValidityPeriod": 600,
        }
    ]


async def test_what_twilio_says_about_an_accepted_message(line: Line) -> None:
    """Its own id, by which later receipts name it, and the first state."""
    accepted = await line.notifier.send(TEXT)
    assert accepted == Accepted(f"SM{1:032x}", Receipt(state=ReceiptState.ACCEPTED))


async def test_a_notice(line: Line) -> None:
    """It lasts an hour, if nothing else is said. One that is about no shift names none."""
    assert await line.send(HELP) is None
    (fields,) = line.api.created("CreateMessage")
    assert fields["ValidityPeriod"] == 3600
    assert fields["StatusCallback"] == f"{PUBLIC}/webhooks/twilio/status?message=feed"


@pytest.mark.parametrize("from_number", [None, FROM])
async def test_texts_come_from_the_messaging_service_if_there_is_one(from_number: str | None) -> None:
    """Also if there is a number to call from."""
    line = Line(messaging_service_sid=SERVICE, from_number=from_number)
    assert await line.send(TEXT) is None
    (fields,) = line.api.created("CreateMessage")
    assert fields["MessagingServiceSid"] == SERVICE
    assert "From" not in fields


async def test_without_a_public_address_texts_still_work() -> None:
    """Nobody is told of their status."""
    line = Line(public_url=None)
    assert await line.send(TEXT) is None
    assert "StatusCallback" not in line.api.created("CreateMessage")[0]


async def test_an_offer_as_a_call(line: Line) -> None:
    """The voice reads it, and the answer comes back with our id and the shift."""
    assert await line.send(CALL) is None
    (fields,) = line.api.created("CreateCall")
    response = ElementTree.fromstring(fields.pop("Twiml"))  # noqa: S314  # it is our own
    assert fields == {
        "To": TO,
        "From": FROM,
        "Timeout": 25,
        "StatusCallback": f"{PUBLIC}/webhooks/twilio/status?{ABOUT}",
        "StatusCallbackEvent": ["answered", "completed"],
    }
    assert [gather.get("action") for gather in response.iter("Gather")] == [
        f"{PUBLIC}/webhooks/twilio/answer?{ABOUT}&heard={HEARD}"
    ] * 2
    words = "".join(response.itertext())
    assert words.startswith("Hello. This is Bay Home Care. Open R N shift on Thursday, July 2nd, from 8 AM")


async def test_machines_are_detected_if_asked_for() -> None:
    """The result comes to the address for statuses."""
    line = Line(detect_machines=True, ring_s=15)
    assert await line.send(CALL) is None
    (fields,) = line.api.created("CreateCall")
    assert fields["AsyncAmdStatusCallback"] == f"{PUBLIC}/webhooks/twilio/status?{ABOUT}"
    assert fields["Timeout"] == 15


@pytest.mark.parametrize(
    ("settings", "missing"),
    [
        ({"public_url": None}, "FANOUT_PUBLIC_URL"),
        ({"from_number": None, "messaging_service_sid": SERVICE}, "FANOUT_TWILIO_FROM"),
    ],
)
async def test_calls_that_are_not_possible_say_why(settings: dict[str, Any], missing: str) -> None:
    """Each call has failed. A service that only texts is set up rightly, so the channel must not pause."""
    line = Line(**settings)
    raised = await line.send(CALL)
    assert isinstance(raised, PermanentFailure)
    assert missing in raised.reason
    assert line.api.requests == []


async def test_a_call_that_does_not_fit_has_failed(line: Line) -> None:
    """No later try would be shorter."""
    raised = await line.send(replace(CALL, shift_id="s" * 4000))
    assert isinstance(raised, PermanentFailure)
    assert "more than 4000" in raised.reason


async def test_the_longest_ids_fit(line: Line) -> None:
    """A shift's id may have 128 characters, each of which may take twelve in a URL."""
    assert await line.send(replace(CALL, shift_id="\U0001f44d" * 128)) is None


def test_something_to_send_from_is_needed() -> None:
    """Neither a number nor a service is no configuration."""
    with pytest.raises(ValueError, match=r"^a number or a messaging service to send from is needed$"):
        Line(from_number=None)


def test_what_the_worker_may_rely_on(line: Line) -> None:
    """A repeat would be a second message, and every look for a lost one fits into the time limit."""
    assert line.notifier.honours_keys is False
    assert line.notifier.timeout_s > REQUEST_S + max(LOOK_AFTER_S) + REQUEST_S


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((400, 21211), PermanentFailure),
        ((401, 20003), Misconfigured),
        ((429, None), Throttled),
        (httpx.ConnectError("refused"), TemporaryFailure),
    ],
)
@pytest.mark.parametrize("message", [TEXT, CALL])
async def test_a_certain_failure_is_passed_on_at_once(
    line: Line, message: Message, answer: Answer, error: type[NotifierFailure]
) -> None:
    """Nothing is looked for: the message was certainly not sent."""
    line.api.faults.append((False, answer))
    assert type(await line.send(message)) is error
    assert len(line.api.requests) <= 1


@pytest.mark.parametrize("message", [TEXT, CALL])
@pytest.mark.parametrize("answer", UNANSWERED, ids=repr)
async def test_an_unanswered_request_that_was_carried_out(line: Line, message: Message, answer: Answer) -> None:
    """It is found, so the message counts as sent, and nothing is sent again."""
    line.api.faults.append((True, answer))
    assert await line.send(message) is None
    assert len(line.api.messages + line.api.calls) == 1
    assert len(line.api.created("ListMessage") + line.api.created("ListCall")) == 1


@pytest.mark.parametrize("message", [TEXT, CALL])
@pytest.mark.parametrize("answer", UNANSWERED, ids=repr)
async def test_an_unanswered_request_that_was_not_carried_out(line: Line, message: Message, answer: Answer) -> None:
    """It is certain that it was not, so a later try may send it, and does."""
    line.api.faults.append((False, answer))
    raised = await line.send(message)
    assert type(raised) is TemporaryFailure
    assert raised.reason.endswith("; Twilio has no such message")
    assert line.api.messages + line.api.calls == []
    assert await line.send(message) is None
    assert len(line.api.messages + line.api.calls) == 1


async def test_no_answer_in_time_is_reconciled(line: Line) -> None:
    """A request that Twilio carries out but never answers."""

    def never() -> Any:
        line.api.before_answer = lambda _: None
        line.api.messages.append(
            {"sid": f"SM{1:032x}", "to": TO, "from": FROM, "body": TEXT.body, "direction": "outbound-api"}
        )
        return asyncio.Event().wait()

    line.api.before_answer = lambda _: never()
    assert await line.send(TEXT) is None
    assert len(line.api.messages) == 1


async def test_a_message_that_is_listed_late_is_found(line: Line) -> None:
    """Until half a minute has passed, a list without it proves nothing."""
    empty = httpx.Response(200, json={"messages": []})
    line.api.faults.append((True, (500, None)))
    line.api.list_faults.extend([empty, empty])
    assert await line.send(TEXT) is None
    assert len(line.bodies) == 1
    assert len(line.api.created("ListMessage")) == 3


async def test_nothing_is_certain_before_half_a_minute(line: Line) -> None:
    """The error comes no sooner than it can be known."""
    line.api.faults.append((False, (500, None)))
    sending = asyncio.ensure_future(line.notifier.send(TEXT))
    await line.clock.advance(LISTED_AFTER_S - 0.1)
    assert not sending.done()
    await line.clock.advance(0.1)
    with pytest.raises(TemporaryFailure):
        await sending


async def test_how_long_to_wait_is_kept(line: Line) -> None:
    """The wait that Twilio asked for holds for the next try."""
    line.api.faults.append((False, httpx.Response(503, headers={"retry-after": "7"})))
    raised = await line.send(TEXT)
    assert isinstance(raised, TemporaryFailure)
    assert raised.retry_after_s == 7.0


@pytest.mark.parametrize("fault", [(500, None), (401, 20003), (429, None), httpx.ConnectError("refused")])
async def test_without_a_list_nothing_is_known(line: Line, fault: Answer) -> None:
    """Then the message stays perhaps sent: it is not sent again, and it has not failed."""
    line.api.faults.append((False, (500, None)))
    line.api.list_faults.extend([fault] * len(LOOK_AFTER_S))
    raised = await line.send(TEXT)
    assert type(raised) is Uncertain
    assert raised.reason == "HTTP 500"


@pytest.mark.parametrize("carried_out", [True, False])
async def test_a_list_that_can_be_read_in_the_end_decides(line: Line, carried_out: bool) -> None:
    """One look after half a minute is enough."""
    line.api.faults.append((carried_out, (500, None)))
    line.api.list_faults.extend([(503, None)] * 3)
    raised = await line.send(TEXT)
    assert type(raised) is (type(None) if carried_out else TemporaryFailure)


async def test_an_older_message_with_the_same_words_is_another_one(line: Line) -> None:
    """An offer of an earlier fanout may have the same text. It must not pass for the new one."""
    assert await line.send(TEXT) is None
    line.notifier = line.another()
    await line.clock.advance(60)
    line.api.faults.append((False, (500, None)))
    assert type(await line.send(TEXT)) is TemporaryFailure


async def test_a_message_of_ours_that_was_answered_is_another_one(line: Line) -> None:
    """Two shifts with the same words: the id of the first is known, so it does not pass for the second."""
    assert await line.send(TEXT) is None
    line.api.faults.append((False, (500, None)))
    assert type(await line.send(replace(TEXT, id="other"))) is TemporaryFailure


async def test_a_message_with_other_words_or_to_another_number_is_another_one(line: Line) -> None:
    """Even if it was sent at the same moment."""
    for other in (replace(TEXT, body=TEXT.body + "!"), replace(TEXT, to="+15555550102")):
        line.api.faults.extend([None, (False, (500, None))])
        line.notifier = line.another()
        assert await line.send(other) is None
        line.notifier = line.another()
        assert type(await line.send(TEXT)) is TemporaryFailure


async def test_two_unanswered_messages_with_the_same_words_are_told_apart(line: Line) -> None:
    """Each of the two that Twilio has accepted counts for one of ours, and only for one."""
    line.api.faults.extend([(True, (500, None)), (False, (500, None)), (True, (500, None))])
    sending = [asyncio.ensure_future(line.notifier.send(replace(TEXT, id=id_))) for id_ in "abc"]
    for _ in range(20):
        await line.clock.advance(5)
    results = await asyncio.gather(*sending, return_exceptions=True)
    assert sorted(type(one).__name__ for one in results) == ["Accepted", "Accepted", "TemporaryFailure"]


async def test_a_text_of_a_trial_account_is_recognized(line: Line) -> None:
    """Twilio puts words in front of it."""
    line.api.faults.append((True, (500, None)))
    sending = asyncio.ensure_future(line.notifier.send(TEXT))
    await line.clock.advance(0)
    line.api.messages[0]["body"] = "Sent from your Twilio trial account - " + TEXT.body
    await line.clock.advance(5)
    await sending


async def test_twilios_clock_may_be_a_little_behind(line: Line) -> None:
    """A message that seems to be older than its request is found all the same."""
    line.api.faults.append((True, (500, None)))
    sending = asyncio.ensure_future(line.notifier.send(TEXT))
    await line.clock.advance(0)
    line.api.messages[0]["date_created"] = (START - timedelta(seconds=20)).strftime("%a, %d %b %Y %H:%M:%S +0000")
    await line.clock.advance(5)
    await sending


async def test_another_process_can_ask_what_became_of_a_message(line: Line) -> None:
    """After a crash in the middle of a request."""
    line.api.faults.append((True, httpx.ReadTimeout("gone")))
    sending = asyncio.ensure_future(line.notifier.send(TEXT))
    await line.clock.advance(1)
    sending.cancel()
    found = await line.another().accepted_since(TEXT, START)
    assert found == Accepted(line.api.messages[0]["sid"], Receipt(state=ReceiptState.DELIVERED))
    assert await line.another().accepted_since(HELP, START) is None
    assert await line.another().accepted_since(CALL, START) is None


async def test_what_became_of_a_message_can_be_asked(line: Line) -> None:
    """Its latest state; nothing about an id that Twilio does not know."""
    text, call = await line.notifier.send(TEXT), await line.notifier.send(CALL)
    assert text.provider_id is not None
    assert call.provider_id is not None
    line.api.messages[0] |= {"status": "undelivered", "error_code": 30006}
    line.api.calls[0]["status"] = "busy"
    landline = await line.notifier.receipt(text.provider_id, Channel.SMS)
    assert landline is not None
    assert (landline.state, landline.consequence) == (ReceiptState.FAILED, Consequence.CALL_EARLY)
    busy = Receipt(state=ReceiptState.NO_ANSWER, error="the line was busy")
    assert await line.notifier.receipt(call.provider_id, Channel.VOICE) == busy
    assert await line.notifier.receipt("SM" + "9" * 32, Channel.SMS) is None
    assert await line.notifier.receipt("CA" + "9" * 32, Channel.VOICE) is None


async def test_a_call_that_rings_is_ended(line: Line) -> None:
    """An answered one goes on, and an unknown one does no harm."""
    call = await line.notifier.send(CALL)
    assert call.provider_id is not None
    await line.notifier.cancel(call.provider_id)
    assert line.api.calls[0]["status"] == "canceled"
    await line.notifier.cancel("CA" + "9" * 32)


async def test_ids_are_not_kept_for_ever(line: Line) -> None:
    """Only as long as they may be in a list that is read."""
    for _ in range(5):
        assert await line.send(TEXT) is None
        await line.clock.advance(601)
    assert len(line.notifier._ids) == 1


async def test_closing_closes_the_client() -> None:
    """And with it the connections."""

    class Closing(httpx.MockTransport):
        closed = False

        async def aclose(self) -> None:
            self.closed = True

    line = Line()
    transport = Closing(line.api.connect().handler)
    line.api.connect = lambda: transport  # type: ignore[method-assign]  # a connection that knows its end
    line.notifier = line.another()
    assert await line.send(TEXT) is None
    await line.notifier.aclose()
    assert transport.closed


faults = st.lists(
    st.none() | st.tuples(st.booleans(), st.sampled_from([*UNANSWERED[:5], (429, None), (400, 21211)])), max_size=4
)
list_faults = st.lists(st.none() | st.sampled_from(UNANSWERED[:5]), max_size=10)


@given(message=st.sampled_from([TEXT, CALL]), faults=faults, list_faults=list_faults)
def test_whatever_goes_wrong_nothing_is_sent_twice(
    message: Message, faults: list[tuple[bool, Answer] | None], list_faults: list[Answer | None]
) -> None:
    """Tried as the service tries: again after a temporary failure, and never after any other.

    An error that says "certainly not" must be true; what counts as sent is there once.
    """

    async def run() -> None:
        line = Line()
        # An answer that is certain is given only to requests that were not carried out.
        certain = ((429, None), (400, 21211))
        line.api.faults.extend(
            fault if fault is None or fault[1] not in certain else (False, fault[1]) for fault in faults
        )
        line.api.list_faults.extend(list_faults)
        for _ in range(len(faults) + 1):
            raised = await line.send(message)
            accepted = len(line.api.messages + line.api.calls)
            if raised is None:
                assert accepted == 1
                return
            if not isinstance(raised, TemporaryFailure):
                assert accepted <= (1 if isinstance(raised, Uncertain) else 0)
                return
            assert accepted == 0

    asyncio.run(run())
