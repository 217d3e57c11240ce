"""The simulated company's texts: their way to a telephone and back, and what the service is told."""

import httpx
import pytest
from twilio_world import OURS, SMS_URL, STATUS_URL, THEIRS, World


def codes(response: httpx.Response) -> tuple[int, int]:
    """The status of HTTP and Twilio's code of a refusal."""
    return response.status_code, response.json()["code"]


async def test_a_text_reaches_the_telephone(world: World) -> None:
    """It is accepted at once, leaves, and arrives after a second; the service is told about both steps."""
    response = await world.text()
    assert (response.status_code, response.json()["status"]) == (201, "queued")
    assert not world.company.phone(THEIRS).texts
    await world.seconds(1)
    (text,) = world.company.phone(THEIRS).texts
    assert (text["body"], text["status"]) == ("Open RN shift", "delivered")
    assert [url for url, _ in world.service.received] == [STATUS_URL] * 2
    assert world.service.seen("MessageStatus") == ["sent", "delivered"]
    assert set(world.service.seen("MessageSid")) == {response.json()["sid"]}


async def test_a_text_that_does_not_arrive(world: World) -> None:
    """The service hears the code after the 201, and the API shows it."""
    world.company.phone(THEIRS).text_error = 30006
    sid = (await world.text()).json()["sid"]
    await world.seconds(1)
    assert world.service.seen("MessageStatus") == ["sent", "undelivered"]
    assert world.service.seen("ErrorCode") == ["30006"]
    shown = (await world.http.get(f"/Messages/{sid}.json")).json()
    assert (shown["status"], shown["error_code"]) == ("undelivered", 30006)
    assert not world.company.phone(THEIRS).texts


async def test_an_unregistered_number_is_found_out_about_after_the_201(world: World) -> None:
    """No text arrives, as with a 10DLC number without a campaign."""
    world.company.account.registered = False
    assert (await world.text()).status_code == 201
    await world.seconds(1)
    assert world.service.seen("ErrorCode") == ["30034"]


async def test_a_trial_account_reaches_verified_numbers_only(world: World) -> None:
    """Its texts begin with Twilio's notice."""
    world.company.account.trial = True
    assert codes(await world.text()) == (400, 21608)
    assert codes(await world.call()) == (400, 21219)
    world.company.account.verified.add(THEIRS)
    assert (await world.text()).json()["body"] == "Sent from your Twilio trial account - Open RN shift"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"To": "5550101"}, 21211),
        ({"Body": ""}, 21602),
        ({"From": "+15555550122"}, 21659),
        ({"From": "", "MessagingServiceSid": "MG" + "2" * 32}, 21701),
    ],
)
async def test_what_the_company_refuses(world: World, fields: dict[str, str], code: int) -> None:
    """With Twilio's code; nothing is kept."""
    assert codes(await world.text(**fields)) == (400, code)
    assert world.company.messages == []


async def test_a_messaging_service_sends_from_the_number(world: World) -> None:
    """Its texts are accepted before they are queued."""
    response = await world.post("/Messages.json", To=THEIRS, MessagingServiceSid="MG" + "1" * 32, Body="x")
    assert (response.json()["from"], response.json()["status"]) == (OURS, "accepted")


async def test_texts_leave_one_after_the_other(world: World) -> None:
    """One that would have to wait for longer than it is worth fails."""
    world.company.account.texts_per_s = 1
    for _ in range(3):
        await world.text()
    await world.text("too late", ValidityPeriod=2)
    await world.seconds(1)
    assert len(world.company.phone(THEIRS).texts) == 1
    await world.seconds(10)
    assert len(world.company.phone(THEIRS).texts) == 3
    assert world.company.messages[-1]["status"] == "failed"
    assert world.service.seen("ErrorCode") == ["30036"]


async def test_a_customer_texts_the_account(world: World) -> None:
    """The webhook has what Twilio sends, a field without a value among it, and the list has the message."""
    world.company.text_from(THEIRS, "yes", ButtonText="new")
    await world.seconds(0)
    ((url, fields),) = world.service.received
    assert url == SMS_URL
    expected = {"From": THEIRS, "To": OURS, "Body": "yes", "NumMedia": "0", "FromCity": "", "ButtonText": "new"}
    assert fields.items() >= expected.items()
    (listed,) = (await world.http.get("/Messages.json", params={"To": OURS})).json()["messages"]
    assert (listed["sid"], listed["direction"]) == (fields["MessageSid"], "inbound")


async def test_stop_blocks_the_number_until_start(world: World) -> None:
    """Twilio answers both itself, and says so to the service."""
    for word in ("stop", "START"):
        world.company.text_from(THEIRS, word)
        refused = await world.text()
        assert refused.status_code == (400 if word == "stop" else 201)
        await world.seconds(1)
        assert "subscribed" in world.company.phone(THEIRS).texts.popleft()["body"]
    assert world.service.seen("OptOutType") == ["STOP", "START"]


async def test_a_yes_is_an_opt_in_only_after_a_stop(world: World) -> None:
    """Twilio counts a YES among the words for START, but does not answer it."""
    world.company.text_from(THEIRS, "YES")
    await world.seconds(1)
    assert world.service.seen("OptOutType") == ["START"]
    assert not world.company.phone(THEIRS).texts


async def test_an_account_may_leave_opt_outs_to_the_service(world: World) -> None:
    """Then Twilio neither answers nor blocks."""
    world.company.account.handles_opt_outs = False
    world.company.text_from(THEIRS, "STOP")
    assert (await world.text()).status_code == 201
    assert world.service.seen("OptOutType") == []


async def test_an_answer_that_the_simulation_does_not_know_is_a_problem(world: World) -> None:
    """A test sees it."""
    world.service.answers[SMS_URL] = httpx.Response(200, text="<Response><Message>Hi</Message></Response>")
    world.company.text_from(THEIRS, "yes")
    await world.seconds(0)
    assert world.company.webhooks.problems == ["this telephone company does not know <Message>"]
