"""The simulated company's calls: they ring, are answered, follow their TwiML, and end."""

import httpx
import pytest
from twilio_world import ANSWER_URL, OURS, STATUS_URL, THEIRS, VOICE_URL, World

from app.simulation.twilio.calls import Call
from app.simulation.twilio.phones import Line

ASKS = (
    f'<Response><Gather input="dtmf speech" action="{ANSWER_URL}" method="POST" numDigits="1" timeout="5">'
    "<Say>Open RN shift. Press 1 to accept.</Say></Gather><Say>Goodbye.</Say><Hangup/></Response>"
)
ALL_EVENTS = ["initiated", "ringing", "answered", "completed"]


async def ringing(world: World, twiml: str = ASKS, **fields: object) -> Call:
    """A call that has begun to ring."""
    await world.call(twiml, StatusCallbackEvent=ALL_EVENTS, **fields)
    await world.seconds(1)
    return world.company.phone(THEIRS).calls[-1]


async def test_a_key_is_passed_on_and_answered_in_the_same_call(world: World) -> None:
    """The key may come before the last word. What the service says then is heard."""
    world.service.answers[ANSWER_URL] = httpx.Response(200, text="<Response><Say>You have it.</Say></Response>")
    call = await ringing(world)
    assert call.answer()
    call.press("1")
    await world.seconds(10)
    assert call.heard == ["Open RN shift. Press 1 to accept.", "You have it."]
    (answer,) = [fields for url, fields in world.service.received if url == ANSWER_URL]
    assert answer.items() >= {"Digits": "1", "From": OURS, "To": THEIRS, "CallStatus": "in-progress"}.items()
    told = [fields for url, fields in world.service.received if url == STATUS_URL]
    assert [one["CallStatus"] for one in told] == ["initiated", "ringing", "in-progress", "completed"]
    assert [one["SequenceNumber"] for one in told] == ["0", "1", "2", "3"]
    assert (call.status, told[-1]["CallDuration"]) == ("completed", "1")


async def test_words_are_passed_on(world: World) -> None:
    """As speech recognition writes them."""
    call = await ringing(world)
    call.answer()
    call.say("yes I can")
    await world.seconds(10)
    assert world.service.seen("SpeechResult") == ["yes I can"]


async def test_a_call_that_listens_for_keys_only_ignores_words(world: World) -> None:
    """And nothing is listened for while words are said outside of a Gather."""
    call = await ringing(world, ASKS.replace("dtmf speech", "dtmf"))
    call.answer()
    call.say("yes I can")
    await world.seconds(7.5)
    assert call.heard[-1] == "Goodbye."
    call.press("1")
    await world.seconds(10)
    assert (world.service.seen("SpeechResult"), world.service.seen("Digits")) == ([], [])
    assert call.status == "completed"


async def test_a_call_without_an_answer_says_goodbye(world: World) -> None:
    """It waits for five seconds after the last word."""
    call = await ringing(world)
    call.answer()
    await world.seconds(7)
    assert len(call.heard) == 1
    await world.seconds(1)
    assert call.heard[-1] == "Goodbye."


async def test_somebody_hangs_up(world: World) -> None:
    """In the middle of the words."""
    call = await ringing(world)
    call.answer()
    await world.seconds(1)
    call.hang_up()
    await world.seconds(0)
    assert call.status == "completed"
    assert len(call.heard) == 1


@pytest.mark.parametrize(("line", "status"), [(Line.BUSY, "busy"), (Line.DEAD, "failed"), (Line.RINGS, "no-answer")])
async def test_a_call_that_nobody_answers(world: World, line: Line, status: str) -> None:
    """It ends with the status of the line, at once or after it has rung long enough."""
    world.company.phone(THEIRS).line = line
    call = await ringing(world, Timeout=25)
    await world.seconds(24.9)
    assert call.status == ("ringing" if line is Line.RINGS else status)
    await world.seconds(0.1)
    assert call.status == status
    assert not call.answer()
    assert world.service.seen("CallStatus")[-1] == status
    assert call.heard == []


@pytest.mark.parametrize("after_s", [0.5, 5])
async def test_a_call_is_canceled_until_it_is_answered(world: World, after_s: float) -> None:
    """While it is queued, and while it rings."""
    sid = (await world.call(ASKS)).json()["sid"]
    await world.seconds(after_s)
    assert (await world.post(f"/Calls/{sid}.json", Status="canceled")).json()["status"] == "canceled"
    await world.seconds(60)
    assert world.company.call(sid).status == "canceled"
    assert world.service.seen("CallStatus") == ["canceled"]


async def test_a_call_that_was_answered_is_not_canceled_but_may_be_ended(world: World) -> None:
    """`completed` ends it in any state."""
    call = await ringing(world)
    call.answer()
    path = f"/Calls/{call.record['sid']}.json"
    assert (await world.post(path, Status="canceled")).json()["status"] == "in-progress"
    await world.post(path, Status="completed")
    await world.seconds(0)
    assert call.status == "completed"


async def test_a_call_goes_on_with_other_twiml(world: World) -> None:
    """At once; not once it has ended."""
    call = await ringing(world)
    call.answer()
    path, other = f"/Calls/{call.record['sid']}.json", "<Response><Say>Something else.</Say></Response>"
    assert (await world.post(path, Twiml=other)).status_code == 200
    await world.seconds(60)
    assert call.heard == ["Open RN shift. Press 1 to accept.", "Something else."]
    assert (await world.post(path, Twiml=other)).json()["code"] == 21220


async def test_a_machine_says_its_greeting_and_is_reported(world: World) -> None:
    """Its words are heard like those of a person. Detection says at the end of the greeting what it is."""
    world.company.phone(THEIRS).line = Line.MACHINE
    machine = f"{STATUS_URL}&machine=1"
    call = await ringing(world, MachineDetection="DetectMessageEnd", AsyncAmd="true", AsyncAmdStatusCallback=machine)
    await world.seconds(60)
    assert world.service.seen("SpeechResult") == [world.company.phone(THEIRS).greeting]
    ((_, fields),) = [(url, fields) for url, fields in world.service.received if url == machine]
    assert fields["AnsweredBy"] == "machine_end_beep"
    assert call.status == "completed"


async def test_a_person_is_reported_as_one(world: World) -> None:
    """Only if the service asked for it."""
    call = await ringing(world, MachineDetection="Enable", AsyncAmd="true", AsyncAmdStatusCallback=STATUS_URL)
    call.answer()
    await world.seconds(60)
    assert world.service.seen("AnsweredBy") == ["human"]


async def test_a_customer_calls_the_account(world: World) -> None:
    """The call says what the service answers."""
    world.service.answers[VOICE_URL] = httpx.Response(200, text="<Response><Say>No open shift.</Say></Response>")
    call = world.company.call_from(THEIRS)
    await world.seconds(10)
    assert call.heard == ["No open shift."]
    ((url, fields),) = world.service.received
    assert url == VOICE_URL
    assert (fields["From"], fields["To"], fields["Direction"]) == (THEIRS, OURS, "inbound")


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (httpx.Response(500), f"11200 HTTP 500 from {ANSWER_URL}"),
        (httpx.Response(200, text="<Response>"), "12100 not XML: "),
        (httpx.Response(200, text="<Answer/>"), "12100 the outermost element is Answer"),
        (
            httpx.Response(200, text="<Response><Dial>1</Dial></Response>"),
            "12100 this telephone company does not know",
        ),
        (
            httpx.Response(200, text='<Response><Gather action="/x" numDigits="1"/></Response>'),
            "12100 the action of a Gather is '/x'",
        ),
    ],
)
async def test_a_wrong_answer_ends_the_call(world: World, answer: httpx.Response, problem: str) -> None:
    """The caller hears Twilio's apology, and a test sees why."""
    world.service.answers[ANSWER_URL] = answer
    call = await ringing(world)
    call.answer()
    call.press("1")
    await world.seconds(60)
    assert call.heard[-1] == "We are sorry, an application error has occurred. Goodbye."
    (found,) = world.company.webhooks.problems
    assert found.startswith(problem)
