"""A reply that a gateway with a key of one organization passes on, on both stores."""

from pathlib import Path
from typing import Any

import pytest
from keys import by, key_file
from office import NewOffice, Office

from app.access.keys import Permission

#: Works for both organizations.
EVE = "+15555550303"
#: Works for one of them.
SAM = "+15555550404"
OFFICES = {"north": "+16175550101", "south": "+16175550202"}


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """A key for everything, and the key of each organization's gateway."""
    gateways = [(name, Permission.INBOUND, name) for name in OFFICES]
    return key_file(tmp_path / "keys.json", ("admin", Permission.ADMIN, None), *gateways)


async def fill(office: Office) -> None:
    """Two organizations, and a shift of each that the same caregiver was asked about."""
    office.http.headers.update(by("admin"))
    for where, phone in OFFICES.items():
        record = {"name": f"{where.title()} Care", "office_phone": phone}
        assert (await office.http.put(f"/organizations/{where}", json=record)).status_code == 201
    await office.caregiver("eve", EVE)
    for where in OFFICES:
        await office.shift(f"{where}-shift", organization_id=where, location=f"{where} place")
        await office.fanout(f"{where}-shift")
    await office.all_read()


async def passed_on(office: Office, gateway: str, number: str, body: str, **fields: Any) -> dict[str, Any]:
    """The answer to a reply that the gateway of that organization posts."""
    message = {"from": number, "body": body, **fields}
    response = await office.http.post("/messages/inbound", json=message, headers=by(gateway))
    assert response.status_code == 200
    await office.all_read()
    return dict(response.json())


async def test_help_is_answered_by_the_organization_that_was_asked(new_office: NewOffice, keys: Path) -> None:
    """Whichever wrote last: the other one's name and number are not for this gateway."""
    async with new_office(api_keys=keys) as office:
        await fill(office)
        for gateway, other in (("north", "South"), ("south", "North"), ("north", "South")):
            answer = await passed_on(office, gateway, EVE, "HELP")
            assert answer["outcome"] == "help"
            assert gateway.title() in answer["reply"]
            assert other not in answer["reply"]


async def test_unclear_words_are_about_the_shifts_of_the_organization(new_office: NewOffice, keys: Path) -> None:
    """The question back names no other shift, and no other shift is marked as answered."""
    async with new_office(api_keys=keys) as office:
        await fill(office)
        answer = await passed_on(office, "north", EVE, "what was that?")
        assert (answer["outcome"], answer["shift_id"]) == ("unrecognized", "north-shift")
        assert "south" not in answer["reply"]
        assert (await office.report("south-shift"))["responses"] == []
        assert (await office.report("south-shift"))["attention"] == []
        log = (await office.http.get("/shifts/south-shift/log")).json()["items"]
        assert not [one for one in log if one["type"] == "reply.unrecognized"]


async def test_a_clear_answer_leaves_what_another_organization_was_told(new_office: NewOffice, keys: Path) -> None:
    """An unclear answer about its shift still needs a person there."""
    async with new_office(api_keys=keys) as office:
        await fill(office)
        await passed_on(office, "south", EVE, "what was that?")
        reasons = [one["reason"] for one in (await office.report("south-shift"))["attention"]]
        assert reasons == ["unrecognized"]
        assert (await passed_on(office, "north", EVE, "NO"))["shift_id"] == "north-shift"
        reasons = [one["reason"] for one in (await office.report("south-shift"))["attention"]]
        assert reasons == ["unrecognized"]
        assert (await passed_on(office, "south", EVE, "NO 2"))["outcome"] == "declined"
        assert (await office.report("south-shift"))["status"] == "exhausted"


async def test_a_number_of_another_office_is_a_stranger(new_office: NewOffice, keys: Path) -> None:
    """Nobody else's gateway ends its alerts, or learns that it is an office."""
    async with new_office(api_keys=keys) as office:
        await fill(office)
        for body in ("HELP", "STOP"):
            answer = await passed_on(office, "north", OFFICES["south"], body)
            assert (answer["outcome"], answer["reply"]) == ("unknown_sender", None)
        assert (await passed_on(office, "south", OFFICES["south"], "HELP"))["outcome"] == "help"
        assert (await passed_on(office, "south", OFFICES["south"], "STOP"))["reply"] is not None


async def test_a_stop_counts_whoever_passes_it_on(new_office: NewOffice, keys: Path) -> None:
    """Also of somebody who does not work for that organization, and of a text that names a shift of another one."""
    async with new_office(api_keys=keys) as office:
        await fill(office)
        await office.caregiver("sam", SAM, organization_id="south")
        answer = await passed_on(office, "north", SAM, "STOP")
        assert (answer["outcome"], answer["caregiver_id"], answer["reply"]) == ("unknown_sender", None, None)
        answer = await passed_on(office, "north", EVE, "STOP", shift_id="south-shift")
        assert (answer["outcome"], answer["shift_id"]) == ("opted_out", None)
        for id_ in ("sam", "eve"):
            assert (await office.http.get(f"/caregivers/{id_}")).json()["opted_out"] is True
        for where in OFFICES:
            assert (await office.report(f"{where}-shift"))["status"] == "exhausted"
        # No other word of theirs counts there.
        await passed_on(office, "north", SAM, "START")
        assert (await office.http.get("/caregivers/sam")).json()["opted_out"] is True


async def test_an_office_number_of_two_organizations_is_known_to_both(new_office: NewOffice, keys: Path) -> None:
    """Each of them is answered."""
    async with new_office(api_keys=keys) as office:
        await fill(office)
        shared = {"name": "South Care", "office_phone": OFFICES["north"]}
        assert (await office.http.put("/organizations/south", json=shared)).status_code == 200
        for gateway in OFFICES:
            assert (await passed_on(office, gateway, OFFICES["north"], "HELP"))["outcome"] == "help"
