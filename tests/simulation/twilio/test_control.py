"""The routes by which an integrator's test holds the telephones of `shift-fanout fake-twilio`."""

from typing import Any

import httpx
import pytest
from twilio_api import SID, TOKEN
from twilio_world import ANSWER_URL, SMS_URL, THEIRS, VOICE_URL, World

from app.simulation.twilio.control import controlled
from app.simulation.twilio.records import Record

ASKS = (
    f'<Response><Gather input="dtmf speech" action="{ANSWER_URL}" numDigits="1" timeout="20">'
    "<Say>Press 1.</Say></Gather></Response>"
)


@pytest.fixture
def test_side(world: World) -> httpx.AsyncClient:
    """The client of an integrator's test."""
    transport = httpx.ASGITransport(controlled(world.company))
    return httpx.AsyncClient(transport=transport, base_url="http://fake")


async def control(test_side: httpx.AsyncClient, method: str, path: str, body: object = None) -> Any:
    """The JSON of a successful answer."""
    response = await test_side.request(method, path, json=body)
    assert response.is_success, response.text
    return response.json() if response.content else None


async def test_the_api_is_served_beside_the_routes(world: World, test_side: httpx.AsyncClient) -> None:
    """And the page / explains them."""
    path = f"/2010-04-01/Accounts/{SID}/Messages.json"
    assert (await test_side.get(path, auth=(SID, TOKEN))).json()["messages"] == []
    assert (await test_side.get(path)).status_code == 401
    assert "PUT  /phones/" in (await test_side.get("/")).text


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "text/plain", "application/json"])
async def test_a_body_is_json_whatever_its_content_type(test_side: httpx.AsyncClient, content_type: str) -> None:
    """`curl -d` names that of a form."""
    headers = {"content-type": content_type}
    path = f"/phones/{THEIRS}"
    answer = await test_side.put(path, content=b'{"line": "busy"}', headers=headers)
    assert (answer.status_code, answer.json()["line"]) == (200, "busy")
    answer = await test_side.put(path, content=b"line=busy", headers=headers)
    assert (answer.status_code, answer.json()) == (400, {"detail": "the body is not JSON in UTF-8"})


async def test_a_telephone_that_replies(world: World, test_side: httpx.AsyncClient) -> None:
    """After the seconds that were set; and it shows what reached it."""
    await control(test_side, "PUT", f"/phones/{THEIRS}", {"replies": "YES", "after_s": 30})
    await world.text()
    await world.seconds(30.9)
    assert world.service.seen("Body") == []
    await world.seconds(0.1)
    assert world.service.seen("Body") == ["YES"]
    (text,) = (await control(test_side, "GET", f"/phones/{THEIRS}"))["texts"]
    assert text["body"] == "Open RN shift"


async def test_nobody_replies_to_twilios_own_answers(world: World, test_side: httpx.AsyncClient) -> None:
    """Else two machines would text each other."""
    await control(test_side, "PUT", f"/phones/{THEIRS}", {"replies": "STOP"})
    await world.text()
    await world.seconds(60)
    assert world.service.seen("Body") == ["STOP"]


@pytest.mark.parametrize(
    ("habits", "answer"),
    [({"presses": "1"}, {"Digits": "1"}), ({"says": "yes I can"}, {"SpeechResult": "yes I can"})],
)
async def test_a_telephone_that_answers_calls(
    world: World, test_side: httpx.AsyncClient, habits: dict[str, str], answer: dict[str, str]
) -> None:
    """It is picked up before the answer is given."""
    await control(test_side, "PUT", f"/phones/{THEIRS}", {**habits, "after_s": 10})
    await world.call(ASKS)
    await world.seconds(10)
    (call,) = (await control(test_side, "GET", f"/phones/{THEIRS}"))["calls"]
    assert call["status"] == "in-progress"
    await world.seconds(10)
    ((_, fields),) = [(url, fields) for url, fields in world.service.received if url == ANSWER_URL]
    assert fields.items() >= answer.items()
    (call,) = (await control(test_side, "GET", f"/phones/{THEIRS}"))["calls"]
    assert (call["status"], call["heard"]) == ("completed", ["Press 1."])


async def test_a_telephone_that_is_out_of_order(world: World, test_side: httpx.AsyncClient) -> None:
    """Neither texts nor calls get through."""
    lost: list[Record] = []
    world.company.phone(THEIRS).on_lost = lost.append
    await control(test_side, "PUT", f"/phones/{THEIRS}", {"line": "dead", "text_error": 30005})
    await world.text()
    await world.call()
    await world.seconds(1)
    assert [world.company.messages[0]["status"], world.company.calls[0]["status"]] == ["undelivered", "failed"]
    assert sorted(one["status"] for one in lost) == ["failed", "undelivered"]


async def test_a_number_texts_and_calls_the_service(world: World, test_side: httpx.AsyncClient) -> None:
    """The key is pressed as soon as the call listens."""
    world.service.answers[VOICE_URL] = httpx.Response(200, text=ASKS)
    await control(test_side, "POST", f"/phones/{THEIRS}/texts", {"body": "help"})
    await control(test_side, "POST", f"/phones/{THEIRS}/calls", {"presses": "2"})
    await control(test_side, "POST", f"/phones/{THEIRS}/calls", {"says": "no"})
    await world.seconds(10)
    assert [url for url, _ in world.service.received if url != ANSWER_URL] == [SMS_URL, VOICE_URL, VOICE_URL]
    assert (world.service.seen("Digits"), world.service.seen("SpeechResult")) == (["2"], ["no"])
    calls = (await control(test_side, "GET", f"/phones/{THEIRS}"))["calls"]
    assert [call["heard"] for call in calls] == [["Press 1."], ["Press 1."]]


async def test_things_go_wrong_on_request(world: World, test_side: httpx.AsyncClient) -> None:
    """A fault of the next request, webhooks that are lost, an account on trial; and the problems are listed."""
    await control(test_side, "POST", "/faults", {"status": 503})
    await control(test_side, "POST", "/faults", {"on": "read", "status": 500})
    assert [(await world.text()).status_code, (await world.http.get("/Calls.json")).status_code] == [503, 500]
    await control(test_side, "PUT", "/webhooks", {"copies": []})
    assert (await world.text()).status_code == 201
    await world.seconds(1)
    assert world.service.received == []
    await control(test_side, "PUT", "/webhooks", {"copies": [0]})
    world.service.answers[SMS_URL] = httpx.Response(401)
    world.company.text_from(THEIRS, "yes")
    await world.seconds(1)
    assert await control(test_side, "GET", "/problems") == [f"11200 HTTP 401 from {SMS_URL}"]
    await control(test_side, "PUT", "/account", {"trial": True})
    await control(test_side, "PUT", "/account", {"verified": [THEIRS]})
    assert (await world.text()).json()["body"].startswith("Sent from your Twilio trial account")
    await control(test_side, "PUT", "/account", {"status": "suspended"})
    assert (await world.text()).json()["code"] == 20005


@pytest.mark.parametrize(
    ("path", "body"),
    [("/phones/+15550001", {"reply": "YES"}), ("/account", {"sid": "AC"}), ("/webhooks", {"copies": [-1]})],
)
async def test_a_wrong_body_is_refused(test_side: httpx.AsyncClient, path: str, body: dict[str, Any]) -> None:
    """A misspelt field would have no effect otherwise."""
    assert (await test_side.put(path, json=body)).status_code == 422
