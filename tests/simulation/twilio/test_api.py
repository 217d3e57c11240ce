"""The HTTP of the simulated company: who may use it, what its lists show, and what can go wrong."""

import asyncio

import httpx
import pytest
from fakes import START
from twilio_api import SID, TOKEN
from twilio_world import OURS, SMS_URL, THEIRS, World

from app.simulation.twilio.api import application
from app.simulation.twilio.company import Fault

OTHER = "+15555550102"


@pytest.mark.parametrize(
    "auth", [httpx.Auth(), httpx.BasicAuth(SID, "wrong"), httpx.BasicAuth("AC" + "1" * 32, TOKEN)]
)
async def test_a_wrong_token_gets_a_401(world: World, auth: httpx.Auth) -> None:
    """Nothing is sent."""
    world.http.auth = auth
    response = await world.text()
    assert (response.status_code, response.json()["code"]) == (401, 20003)
    assert world.company.messages == []


async def test_another_account_gets_a_401(world: World) -> None:
    """A token is good for its own account only."""
    response = await world.http.get(f"https://api.twilio.com/2010-04-01/Accounts/AC{'1' * 32}/Messages.json")
    assert response.status_code == 401


async def listed(world: World, name: str = "Messages", **query: str) -> list[str]:
    """The last digit of the id of each record that the list shows, page after page."""
    found: list[str] = []
    path: str | None = str(httpx.URL(f"/{name}.json", params=query))
    while path:
        page = (await world.http.get(path)).json()
        found += [one["sid"][-1] for one in page[name.lower()]]
        path = page["next_page_uri"] and "https://api.twilio.com" + page["next_page_uri"]
    return found


async def test_lists_show_the_newest_first_page_by_page(world: World) -> None:
    """Filters go on to the next page."""
    for number in (THEIRS, OTHER, THEIRS, THEIRS):
        await world.text(To=number)
        await world.call(To=number)
    for name in ("Messages", "Calls"):
        assert await listed(world, name, PageSize="2") == ["4", "3", "2", "1"]
        assert await listed(world, name, PageSize="2", To=THEIRS) == ["4", "3", "1"]
        assert await listed(world, name, From=OURS, To=OTHER) == ["2"]
        assert await listed(world, name, From=OTHER) == []


async def test_lists_by_time(world: World) -> None:
    """A text that has not left has no time. A day is the whole day; START is June 1."""
    await world.text()
    await world.seconds(60)
    await world.text()
    await world.seconds(86_400)
    await world.text()
    minute_later = START.replace(minute=1).isoformat()
    assert await listed(world, **{"DateSent>": minute_later}) == ["2"]
    assert await listed(world, **{"DateSent<": START.isoformat()}) == ["1"]
    assert await listed(world, DateSent="2026-06-01") == ["2", "1"]
    assert await listed(world, **{"DateSent>": "2026-06-02"}) == []
    await world.seconds(1)
    assert await listed(world, **{"DateSent>": "2026-06-02"}) == ["3"]


async def test_a_record_that_does_not_exist(world: World) -> None:
    """A 404 with Twilio's code."""
    for path in (f"/Messages/SM{'9' * 32}.json", f"/Calls/CA{'9' * 32}.json"):
        response = await world.http.get(path)
        assert (response.status_code, response.json()["code"]) == (404, 20404)


async def test_a_call_is_shown(world: World) -> None:
    """By its id."""
    sid = (await world.call()).json()["sid"]
    assert (await world.http.get(f"/Calls/{sid}.json")).json()["to"] == THEIRS


@pytest.mark.parametrize(
    ("fault", "status", "texts"),
    [
        (Fault(status=503), 503, 0),
        (Fault(status=500, carried_out=True), 500, 1),
        (Fault(status=400, code=21610), 400, 0),
    ],
)
async def test_a_request_fails(world: World, fault: Fault, status: int, texts: int) -> None:
    """It may have been carried out all the same. The next one is as usual, and reading is not affected."""
    world.company.faults.append(fault)
    assert await listed(world) == []
    assert (await world.text()).status_code == status
    assert len(world.company.messages) == texts
    assert (await world.text()).status_code == 201


async def test_reading_fails(world: World) -> None:
    """Its faults are those of reading."""
    world.company.read_faults.append(Fault(status=503))
    assert (await world.text()).status_code == 201
    assert (await world.http.get("/Messages.json")).status_code == 503
    assert (await world.http.get("/Messages.json")).status_code == 200


async def test_an_answer_is_slow(world: World) -> None:
    """The text is on its way meanwhile."""
    world.company.faults.append(Fault(after_s=3))
    fields = {"To": THEIRS, "From": OURS, "Body": "Open RN shift"}
    sending = asyncio.ensure_future(world.http.post("/Messages.json", data=fields))
    await world.seconds(2.9)
    assert not sending.done()
    assert len(world.company.phone(THEIRS).texts) == 1
    await world.seconds(0.1)
    assert (await sending).status_code == 201


async def test_too_many_requests(world: World) -> None:
    """In the next second they are taken again."""
    world.company.account.requests_per_s = 2
    assert [(await world.text()).status_code for _ in range(3)] == [201, 201, 429]
    await world.seconds(1)
    assert (await world.text()).status_code == 201


async def test_the_account_and_its_numbers(world: World) -> None:
    """What an operator checks before going live. The description of the tests does not have these two."""
    http = httpx.AsyncClient(
        transport=httpx.ASGITransport(application(world.company)),
        base_url="https://api.twilio.com",
        auth=(SID, TOKEN),
    )
    account = (await http.get(f"/2010-04-01/Accounts/{SID}.json")).json()
    assert (account["status"], account["type"]) == ("active", "Full")
    numbers = f"/2010-04-01/Accounts/{SID}/IncomingPhoneNumbers.json"
    (number,) = (await http.get(numbers, params={"PhoneNumber": OURS})).json()["incoming_phone_numbers"]
    assert (number["phone_number"], number["sms_url"], number["sms_method"]) == (OURS, SMS_URL, "POST")
    assert (await http.get(numbers, params={"PhoneNumber": OTHER})).json()["incoming_phone_numbers"] == []
