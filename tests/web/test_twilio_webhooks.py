"""Twilio's webhooks: who gets in, and what follows from each of them."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
import pytest_asyncio
from fakes import FakeClock
from office import Office, Phone
from twilio_api import SID, TwilioApi
from twilio_side import (
    ACCOUNT,
    FORM,
    PUBLIC_URL,
    Heard,
    TwilioOffice,
    caller,
    on_our_call,
    post,
    signature,
    text,
)

from app.api import create_app
from app.errors import StoreUnavailable
from app.notifiers.twilio import twiml
from app.settings import Settings
from app.web.routes.twilio import PATHS

NOTHING = "/webhooks/twilio/{}"
ANN, BEN = "+16175550101", "+16175550102"
ANSWER = "answer?message=m1&shift=s1"
STATUS = "status?message=m1&shift=s1"


@pytest_asyncio.fixture
async def office() -> AsyncIterator[TwilioOffice]:
    """A service with two nurses who were texted about a shift."""
    async with TwilioOffice() as office:
        for id_, number in (("ann", ANN), ("ben", BEN)):
            await office.caregiver(id_, number)
        await office.fanout(await office.shift("s1"))
        await office.all_read()
        yield office


def ann(office: Office) -> Phone:
    """The telephone of one of them."""
    return office.phone(ANN)


async def trace(office: Office) -> list[Any]:
    """All that an inbound message could change."""
    report = await office.report("s1")
    caregivers = (await office.http.get("/caregivers")).json()
    return [report["responses"], report["notices"], report["claimed_by"], report["attention"], caregivers]


@pytest.mark.parametrize("path", PATHS)
async def test_without_an_account_there_are_no_webhooks(path: str) -> None:
    """404, as for any path that does not exist; with a key, a 401 that says nothing about them."""
    async with Office(data=None, public_url=PUBLIC_URL) as office:
        assert (await office.http.post(path)).status_code == 404
    async with Office(data=None, api_key="sesame") as office:
        assert (await office.http.post(path)).headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("given", [None, "", "bm90IGl0", "\u00e9".encode("latin-1").decode("latin-1")])
async def test_a_missing_or_wrong_signature_is_refused(office: Office, path: str, given: str | None) -> None:
    """401 as a problem, and no trace of it."""
    before = await trace(office)
    headers = {b"content-type": FORM.encode()}
    if given is not None:
        headers[b"x-twilio-signature"] = given.encode("latin-1")
    body = urlencode(
        {"MessageSid": "SM1", "CallSid": "CA1", "AccountSid": SID, "From": ANN, "Body": "YES", "Digits": "1"}
    )
    response = await office.http.post(path, content=body, headers=headers)
    assert response.status_code == 401
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["status"] == 401
    assert await trace(office) == before


async def test_what_a_signature_covers(office: Office) -> None:
    """Another URL, another field and another token are each refused; so is a forged query."""
    before = await trace(office)
    fields = {"MessageSid": "SM1", "AccountSid": SID, "From": ANN, "Body": "YES"}
    url = f"{PUBLIC_URL}/webhooks/twilio/sms"
    forged = [
        await post(office.http, "sms", token="guess", **fields),
        await post(office.http, "sms", signed_as="https://service/webhooks/twilio/sms", **fields),
        await post(office.http, "sms?shift=s1", signed_as=url, **fields),
        await office.http.post(
            "/webhooks/twilio/sms",
            content=urlencode({**fields, "From": BEN}),
            headers={"x-twilio-signature": signature(url, fields), "content-type": FORM},
        ),
    ]
    assert [response.status_code for response in forged] == [401] * 4
    assert await trace(office) == before


async def test_an_old_token_is_accepted_while_it_is_replaced(office: Office) -> None:
    """Both tokens are valid until the operator removes the old one."""
    fields = {"MessageSid": "SM1", "AccountSid": SID, "From": ANN, "Body": "NO"}
    assert (await post(office.http, "sms", token="the-old-token", **fields)).status_code == 200
    assert (await office.report("s1"))["responses"][0]["outcome"] == "declined"


@pytest.mark.parametrize("in_path", [True, False])
async def test_below_a_root_path(office: TwilioOffice, in_path: bool) -> None:
    """A proxy may take off the path of the public URL and name it as root path; some servers put it back in front."""

    async def below(scope: Any, receive: Any, send: Any) -> None:
        prefix = "/shifts" if in_path else ""
        paths = {"path": prefix + scope["path"], "raw_path": prefix.encode() + scope["raw_path"]}
        await office.app({**scope, **paths, "root_path": "/shifts"}, receive, send)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(below), base_url="http://service") as http:
        assert (await text(http, ANN, "NO")).status_code == 200
    assert (await office.report("s1"))["responses"][0]["outcome"] == "declined"


async def test_no_key_is_needed_and_none_helps() -> None:
    """With an API key, a webhook is let in by its signature only."""
    async with TwilioOffice(api_key="sesame") as office:
        assert (await text(office.http, ANN, "YES")).status_code == 200
        key = {"authorization": "Bearer sesame"}
        assert (await office.http.post("/webhooks/twilio/sms", headers=key)).status_code == 401
        refused = await office.http.get("/webhooks/twilio/sms")
        assert (refused.status_code, refused.headers["allow"]) == (405, "POST")


async def test_another_header_for_the_signature() -> None:
    """Providers with the same language have their own names for it."""
    account = dataclasses.replace(ACCOUNT, signature_header="X-SignalWire-Signature")
    async with TwilioOffice(twilio=account) as office:
        fields = {"MessageSid": "SM1", "From": ANN, "Body": "YES"}
        headers = {"content-type": FORM}
        headers["x-signalwire-signature"] = signature(f"{PUBLIC_URL}/webhooks/twilio/sms", fields)
        response = await office.http.post("/webhooks/twilio/sms", content=urlencode(fields), headers=headers)
        assert response.status_code == 200


async def test_refusals_are_logged_once_a_minute(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    """The line has the URL that was signed, which shows a wrong FANOUT_PUBLIC_URL, and how many there were."""
    for _ in range(5):
        await office.http.post("/webhooks/twilio/sms?x=%0a1")
    await office.clock.advance(61)
    await office.http.post("/webhooks/twilio/sms")
    lines = [message for message in caplog.messages if message.startswith("twilio.bad_signature")]
    assert lines == [
        f"twilio.bad_signature count=1 signed_url={PUBLIC_URL}/webhooks/twilio/sms?x=%0a1",
        f"twilio.bad_signature count=6 signed_url={PUBLIC_URL}/webhooks/twilio/sms",
    ]


async def test_without_a_public_url_nothing_is_let_in(caplog: pytest.LogCaptureFixture) -> None:
    """No signature can be checked; the log says which setting is missing."""
    async with TwilioOffice(public_url=None) as office:
        assert (await text(office.http, ANN, "YES")).status_code == 401
    assert "FANOUT_PUBLIC_URL is not set" in caplog.text


async def test_a_yes_by_text(office: Office) -> None:
    """The answer to the webhook is empty TwiML; the confirmation goes out as a message, once."""
    for _ in range(2):
        response = await text(office.http, ANN, "Yes I can")
        assert Heard(response).words == ""
        assert response.text == twiml.NOTHING
    await office.settled()
    ann(office).expect_sms("You have it")
    assert (await office.report("s1"))["claimed_by"] == "ann"


async def test_a_text_that_comes_twice_at_once_counts_once(office: Office) -> None:
    """Twilio repeats a webhook whose answer it did not get."""
    for body in ("what?", "what?", "what?"):
        await text(office.http, ANN, body, "SM7")
    await office.settled()
    ann(office).expect_sms("we didn't understand")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"From": ""}, "not from or to a telephone number"),
        ({"From": "Restricted"}, "not from or to a telephone number"),
        ({"From": "12345"}, "not from or to a telephone number"),
        ({"From": f"whatsapp:{ANN}"}, "came by whatsapp"),
        ({"From": f"rcs:{ANN}"}, "came by rcs"),
        ({"Body": "", "NumMedia": "1"}, "a picture without words"),
        ({"Body": "  "}, "without words"),
        ({"MessageSid": ""}, "without the id"),
        ({"MessageSid": "S\x00M"}, "without the id"),
        ({"MessageSid": "S" * 200}, "without the id"),
        ({"AccountSid": "AC" + "9" * 32}, "about another account"),
    ],
)
async def test_what_makes_no_sense_leaves_no_trace(
    office: Office, caplog: pytest.LogCaptureFixture, fields: dict[str, str], reason: str
) -> None:
    """200, a line in the log, and nothing else."""
    before = await trace(office)
    response = await text(office.http, **{"from_": ANN, "body": "YES", **fields})
    assert (response.status_code, response.text) == (200, twiml.NOTHING)
    assert f"twilio.ignored path=/webhooks/twilio/sms reason={reason}" in caplog.text
    assert ANN not in caplog.text
    assert await trace(office) == before


@pytest.mark.parametrize("path", ["sms", "voice", "answer", "status"])
async def test_signed_garbage_is_a_200(office: Office, path: str) -> None:
    """No fields, control characters, wrong ids in the URL, the largest body: never a 5xx, never a trace."""
    before = await trace(office)
    rubbish = {"From": "\x00", "To": "<&>", "CallSid": "\x1b[2J", "MessageSid": "\u202e", "CallStatus": "\ud7ff"}
    for query in ("", "?shift=%00&message=%0a", "?shift=" + "s" * 200, "?shift=%ff", "?again=%27%22"):
        for fields in (
            {},
            rubbish,
            {"CallSid": "CA1", "From": ANN, "Digits": "", "AccountSid": SID, "X": "y" * 40_000},
        ):
            assert (await post(office.http, path + query, **fields)).status_code in (200, 204)
    assert await trace(office) == before


async def test_other_bodies(office: Office) -> None:
    """JSON without a signature is a 401. Too large a body is a 413 and a compressed one a 415, signed or not."""
    body = '{"From": "+16175550101", "Body": "YES"}'
    query = "sms?bodySHA256=c7e69b4ee2d9b4b7ba0bdc4ee9f4a1f8c0a85bd2a86c6dd7a4b4f8f1f4e2a3d1"
    response = await office.http.post(f"/webhooks/twilio/{query}", content=body)
    assert response.status_code == 401
    large = await post(office.http, "sms", Body="y" * 70_000)
    assert large.status_code == 413
    compressed = await office.http.post(
        "/webhooks/twilio/sms", content=b"\x1f\x8b", headers={"content-encoding": "gzip"}
    )
    assert compressed.status_code == 415
    assert "'gzip'" in compressed.json()["detail"]


async def test_stop_that_twilio_has_answered(office: Office) -> None:
    """Recorded, and not answered a second time; a START undoes it."""
    await text(office.http, ANN, "Unsubscribe", OptOutType="STOP")
    assert (await office.http.get("/caregivers/ann")).json()["opted_out"] is True
    await text(office.http, ANN, "Start", "SM2", OptOutType="START")
    assert (await office.http.get("/caregivers/ann")).json()["opted_out"] is False
    await text(office.http, ANN, "Info", "SM3", OptOutType="HELP")
    await office.settled()
    ann(office).expect_nothing()


async def test_stop_that_twilio_has_not_answered(office: Office) -> None:
    """Without OptOutType the service answers itself."""
    await text(office.http, ANN, "STOP")
    await office.settled()
    ann(office).expect_sms("You won't get shift texts or calls any more")


async def test_a_yes_that_twilio_takes_for_a_start(office: Office) -> None:
    """YES is one of Twilio's words for START. It wins the shift."""
    await text(office.http, ANN, "YES", OptOutType="START")
    await office.settled()
    ann(office).expect_sms("You have it")


@pytest.mark.parametrize(("field", "value"), [("Digits", "1"), ("SpeechResult", "Yes, I can do that.")])
async def test_a_yes_on_a_call(office: Office, field: str, value: str) -> None:
    """The result is said in the same call, also if the request is repeated; a confirmation follows as a text."""
    for _ in range(2):
        heard = Heard(await on_our_call(office.http, ANSWER, ANN, **{field: value}))
        assert heard.words.startswith("You have this shift.")
        assert not heard.actions
    await office.settled()
    ann(office).expect_sms("You have it")
    report = await office.report("s1")
    assert (report["claimed_by"], report["claimed_via"]) == ("ann", "voice")


async def test_a_call_of_ours_without_a_direction(office: TwilioOffice) -> None:
    """Some providers leave it out: the caregiver is on the side that is not our number."""
    assert "You have this shift" in Heard(await on_our_call(office.http, ANSWER, ANN, Digits="1", Direction="")).words
    assert (await office.report("s1"))["claimed_by"] == "ann"
    await office.all_read()


async def test_the_second_of_two_hears_that_it_is_gone(office: Office) -> None:
    """Both pressed 1."""
    await on_our_call(office.http, ANSWER, ANN, "CA1", Digits="1")
    heard = Heard(await on_our_call(office.http, ANSWER, BEN, "CA2", Digits="1"))
    assert "no longer open" in heard.words
    await office.all_read()


async def test_a_no_and_a_stop_on_a_call(office: Office) -> None:
    """2 and 9."""
    assert (
        "won't ask you about this shift again" in Heard(await on_our_call(office.http, ANSWER, ANN, Digits="2")).words
    )
    assert (
        "won't get shift texts or calls"
        in Heard(await on_our_call(office.http, ANSWER, BEN, "CA2", Digits="9")).words
    )
    assert (await office.http.get("/caregivers/ben")).json()["opted_out"] is True
    await office.all_read()


async def test_the_offer_is_read_again(office: Office) -> None:
    """3 is no answer: it is not on record, and a 1 that follows still counts."""
    heard = Heard(await on_our_call(office.http, ANSWER, ANN, Digits="3"))
    assert "R N shift on Thursday, July 2nd" in heard.words
    assert heard.action.partition("&heard=")[0] == ANSWER
    assert (await office.report("s1"))["responses"] == []
    assert "You have this shift" in Heard(await on_our_call(office.http, heard.action, ANN, Digits="1")).words
    assert "no longer open" in Heard(await on_our_call(office.http, ANSWER, BEN, "CA2", Digits="3")).words
    await office.all_read()


async def test_what_was_not_understood_is_asked_again_once_by_key(office: Office) -> None:
    """Then a goodbye. The second answer is another message, although the call is the same."""
    heard = Heard(await on_our_call(office.http, ANSWER, ANN, SpeechResult="Who is this?"))
    assert heard.words.startswith("Sorry, we didn't understand. Open R N shift")
    assert heard.inputs == ["dtmf"]
    bad = Heard(await on_our_call(office.http, heard.action, ANN, Digits="7"))
    assert (bad.actions, "didn't understand" in bad.words) == ([], True)
    heard = Heard(await on_our_call(office.http, ANSWER, BEN, "CA2", SpeechResult="Maybe, who is this?"))
    assert "You have this shift" in Heard(await on_our_call(office.http, heard.action, BEN, "CA2", Digits="1")).words
    await office.all_read()


async def test_a_machine_is_never_a_yes(office: Office) -> None:
    """It hears where to call or text."""
    said = {"SpeechResult": "yes", "AnsweredBy": "machine_start"}
    heard = Heard(await on_our_call(office.http, ANSWER, ANN, **said))
    assert "call or text 5 5 5, 5 5 5, 0 1 0 0" in heard.words
    assert not heard.actions
    assert (await office.report("s1"))["responses"] == []


@pytest.mark.parametrize(
    "words",
    [
        "]]></Say><Hangup/>",
        "yes & <no> \"maybe\" 'so'",
        "\x00\x08 yes? \ud7ff\ufffe",
        "what? " * 2000,
        "yes " * 500 + "but only if my sister comes",
    ],
)
async def test_no_words_break_the_answer(office: Office, words: str) -> None:
    """Whatever a caller says: well-formed TwiML, and no yes."""
    heard = Heard(await on_our_call(office.http, ANSWER, ANN, SpeechResult=words))
    assert "didn't understand" in heard.words
    assert (await office.report("s1"))["claimed_by"] is None
    await office.all_read()


async def test_somebody_calls_our_number(office: Office) -> None:
    """They hear the offer they have, and their key counts for that shift."""
    await office.fanout(await office.shift("s2", day=5))
    heard = Heard(await caller(office.http, "voice", ANN))
    assert heard.words.startswith("Hello. This is your agency. Open R N shift on Thursday, July 2nd")
    assert "You have this shift" in Heard(await caller(office.http, heard.action, ANN, Digits="1")).words
    assert (await office.report("s1"))["claimed_by"] == "ann"
    await office.all_read()


@pytest.mark.parametrize("number", ["+16175550199", "anonymous", ""])
async def test_a_caller_without_an_offer(office: Office, number: str) -> None:
    """Plain words, also for a number that is withheld."""
    heard = Heard(await caller(office.http, "voice", number))
    assert "no open shift for you" in heard.words
    assert not heard.actions


@pytest.mark.parametrize("status", ["completed", "busy", "no-answer"])
async def test_a_call_without_an_answer_is_on_record(office: Office, status: str) -> None:
    """Once, as `no_answer`; nothing is sent."""
    for _ in range(2):
        assert (await on_our_call(office.http, STATUS, ANN, CallStatus=status)).status_code == 204
    (response,) = (await office.report("s1"))["responses"]
    assert (response["caregiver_id"], response["outcome"], response["channel"]) == ("ann", "no_answer", "voice")


@pytest.mark.parametrize("status", ["queued", "ringing", "in-progress", "canceled", "failed"])
async def test_other_states_of_a_call_are_no_missing_answer(office: Office, status: str) -> None:
    """We cancel calls ourselves, and some cannot be made."""
    await on_our_call(office.http, STATUS, ANN, CallStatus=status)
    assert (await office.report("s1"))["responses"] == []


async def test_the_end_of_an_answered_call_is_no_missing_answer(office: Office) -> None:
    """The end of a call is reported after its answer, and sometimes before."""
    await on_our_call(office.http, ANSWER, ANN, Digits="2")
    await on_our_call(office.http, STATUS, ANN, CallStatus="completed")
    assert [one["outcome"] for one in (await office.report("s1"))["responses"]] == ["declined"]


async def test_while_the_store_is_away(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A caller hears that they should text; a text gets a 503, which Twilio reports."""

    async def away(*_: Any) -> None:
        raise StoreUnavailable("gone")

    # The memory store never is away, and the whole service must run for this.
    monkeypatch.setattr(office.app.state.service.store, "transition", away)
    assert "please text us" in Heard(await on_our_call(office.http, ANSWER, ANN, Digits="1")).words.lower()
    assert "please text us" in Heard(await caller(office.http, "voice", ANN)).words.lower()
    assert (await text(office.http, ANN, "YES")).status_code == 503


async def test_no_webhook_waits_for_the_provider() -> None:
    """Texts and calls of the whole service go through an API that hangs; answers are decided all the same."""
    clock = FakeClock()
    api = TwilioApi(clock)
    hanging = asyncio.Event()
    app = create_app(
        Settings(data=None, notifier="twilio", twilio=ACCOUNT, public_url=PUBLIC_URL),
        clock=clock,
        connect=api.connect,
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service") as http:
        await http.put("/caregivers/ann", json={"name": "Ann", "role": "RN", "phone": ANN})
        shift = {"organization_id": "org", "role_required": "RN"}
        times = {"start_time": "2026-07-02T08:00:00Z", "end_time": "2026-07-02T16:00:00Z"}
        await http.put("/shifts/s1", json={**shift, **times})
        api.before_answer = lambda _: hanging.wait()
        await http.post("/shifts/s1/fanout")
        async with asyncio.timeout(10):
            assert (await text(http, ANN, "what?")).status_code == 200
            heard = Heard(await on_our_call(http, ANSWER, ANN, Digits="1"))
        assert "You have this shift" in heard.words
        assert (await http.get("/shifts/s1")).json()["assigned_to"] == "ann"
        hanging.set()
        await app.state.service.stop()


async def test_a_machine_is_left_a_message(office: TwilioOffice) -> None:
    """At the end of its greeting the call goes on with where to call or text, unless the shift is gone."""
    detected = {"AnsweredBy": "machine_end_beep", "CallSid": "CA1", "AccountSid": SID}
    assert (await post(office.http, STATUS, **detected)).status_code == 204
    (left,) = office.api.created("UpdateCall")
    assert "call or text 5 5 5, 5 5 5, 0 1 0 0" in left["Twiml"]
    await post(office.http, STATUS, **{**detected, "AnsweredBy": "human"})
    await office.http.delete("/shifts/s1/fanout")
    await post(office.http, STATUS, **detected)
    assert len(office.api.created("UpdateCall")) == 1
