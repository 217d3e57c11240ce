"""What somebody with a key of one organization sees and changes by lists, reports and kept words, on both stores."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from keys import by, key_file
from office import NewOffice, Office

from app.access.keys import Permission

#: Work for one organization each, and for both.
NORA, SUE, EVE = "+15555550101", "+15555550202", "+15555550303"
SHIFT = {
    "organization_id": "north",
    "role_required": "RN",
    "start_time": "2026-07-09T08:00:00Z",
    "end_time": "2026-07-09T16:00:00Z",
}


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """A key for everything, a coordinator of each organization, and somebody who only reads."""
    coordinators = [(name, Permission.COORDINATE, name) for name in ("north", "south")]
    reader = ("north reader", Permission.READ, "north")
    return key_file(tmp_path / "keys.json", ("admin", Permission.ADMIN, None), reader, *coordinators)


async def fill(office: Office) -> None:
    """A caregiver and a shift of each organization, a caregiver of both, and the fanouts of both shifts."""
    office.http.headers.update(by("admin"))
    await office.caregiver("nora", NORA, organization_id="north")
    await office.caregiver("sue", SUE, organization_id="south")
    await office.caregiver("eve", EVE)
    for where in ("north", "south"):
        await office.shift(f"{where}-shift", organization_id=where)
        await office.fanout(f"{where}-shift")
    await office.all_read()


def results(response: httpx.Response) -> list[tuple[str, int, str]]:
    """The id, status and detail of each record of a list."""
    assert response.status_code == 200, response.text
    return [(one["id"], one["status"], one.get("detail", "")) for one in response.json()["results"]]


async def test_a_list_of_shifts_stores_those_of_the_organization(new_office: NewOffice, keys: Path) -> None:
    """The others are refused one by one, as single ones are, and stay as they were."""
    async with new_office(api_keys=keys) as office:
        await fill(office)
        theirs = (await office.http.get("/shifts/south-shift")).json()
        rows = [SHIFT | {"id": id_} for id_ in ("new", "south-shift", "north-shift")]
        rows.append(SHIFT | {"id": "moved", "organization_id": "south"})
        found = results(await office.http.put("/shifts", json=rows, headers=by("north")))
        assert found == [
            ("new", 201, ""),
            ("south-shift", 409, "there is no shift 'south-shift'"),
            ("north-shift", 409, "the fanout of shift 'north-shift' is open: cancel it first"),
            ("moved", 409, "this key may store a shift only with the one organization 'north'"),
        ]
        assert (await office.http.get("/shifts/south-shift")).json() == theirs
        assert (await office.http.get("/shifts/moved")).status_code == 404
        assert (await office.http.put("/shifts", json=rows, headers=by("north reader"))).status_code == 403


async def test_a_list_of_caregivers_stores_those_of_the_organization(new_office: NewOffice, keys: Path) -> None:
    """Neither another one's nor a shared one is changed, and no refusal says whose number it is."""
    async with new_office(api_keys=keys) as office:
        await fill(office)
        before = [(await office.http.get(f"/caregivers/{id_}")).json() for id_ in ("sue", "eve")]
        own = {"name": "New", "role": "RN", "organization_id": "north"}
        numbers = {"new": "+15555550404", "sue": "+15555550505", "eve": "+15555550606", "taken": SUE}
        rows: list[dict[str, Any]] = [own | {"id": id_, "phone": phone} for id_, phone in numbers.items()]
        rows.append(own | {"id": "everywhere", "phone": "+15555550707", "organization_id": None})
        found = results(await office.http.put("/caregivers", json=rows, headers=by("north")))
        shared = "caregiver 'eve' does not work for 'north' only: a key for all organizations must do this"
        assert found == [
            ("new", 201, ""),
            ("sue", 409, "there is no caregiver 'sue'"),
            ("eve", 409, shared),
            ("taken", 409, "phone: that number belongs to another caregiver"),
            ("everywhere", 409, "this key may store a caregiver only with the one organization 'north'"),
        ]
        assert [(await office.http.get(f"/caregivers/{id_}")).json() for id_ in ("sue", "eve")] == before


async def test_a_report_counts_the_shifts_of_the_organization(new_office: NewOffice, keys: Path) -> None:
    """As JSON and as CSV, also for a shift that is deleted by then."""
    async with new_office(api_keys=keys) as office:
        await fill(office)
        await office.minutes(2)
        for number in (NORA, SUE):
            assert (await office.inbound(number, "YES"))["outcome"] == "claimed"
        await office.all_read()
        await office.shift("third", day=5, organization_id="south", role="LPN")
        await office.fanout("third")
        await office.http.delete("/shifts/south-shift")
        await office.all_read()

        async def totals(name: str) -> tuple[int, int, list[str]]:
            response = await office.http.get("/reports/fills", headers=by(name))
            found = response.json()
            roles = [one["role"] for one in found["by_role"]]
            csv = await office.http.get("/reports/fills", headers=by(name) | {"accept": "text/csv"})
            (total,) = [line for line in csv.text.splitlines() if line.startswith("total,")]
            asked, filled = found["total"]["asked"], found["total"]["filled"]
            assert total.startswith(f"total,,{asked},{filled},")
            assert ("role,lpn" in csv.text) is ("lpn" in roles)
            return asked, filled, roles

        assert await totals("north reader") == (1, 1, ["rn"])
        assert await totals("south") == (2, 1, ["lpn", "rn"])
        assert await totals("admin") == (3, 2, ["lpn", "rn"])


async def test_kept_words_are_shown_to_the_coordinators_of_the_organization(
    new_office: NewOffice, keys: Path
) -> None:
    """To nobody else: neither to another organization, nor to somebody who only reads."""
    async with new_office(api_keys=keys, keep_text=1.0) as office:
        await fill(office)
        await office.inbound(EVE, "zebra?", shift_id="north-shift")
        await office.inbound(EVE, "tiger?", shift_id="south-shift")
        await office.minutes(1)
        said = {"caregiver_id": "eve", "body": "38 an hour"}
        sent = await office.http.post("/shifts/south-shift/messages", json=said, headers=by("south"))
        assert sent.status_code == 202
        assert (
            await office.http.post("/shifts/south-shift/messages", json=said, headers=by("north"))
        ).status_code == 404
        await office.all_read()

        async def words(name: str, shift_id: str) -> list[str] | int:
            response = await office.http.get(f"/shifts/{shift_id}/board", headers=by(name))
            return [one["body"] for one in response.json()["texts"]] if response.is_success else response.status_code

        assert await words("north", "north-shift") == ["zebra?"]
        assert await words("north reader", "north-shift") == []
        assert await words("north", "south-shift") == 404
        assert await words("south", "south-shift") == ["tiger?", "38 an hour"]
        for path in ("/log", "/board", "/shifts/north-shift/board", "/shifts/north-shift/board/log"):
            text = (await office.http.get(path, headers=by("north"))).text
            assert "tiger" not in text
            assert "38 an hour" not in text
            assert "south" not in text


async def test_a_put_that_must_not_replace_tells_nothing_of_another_organization(
    new_office: NewOffice, keys: Path
) -> None:
    """Another one's record is a 404 whatever the condition says."""
    async with new_office(api_keys=keys) as office:
        await fill(office)
        for condition in ({"if-none-match": "*"}, {"if-match": '"x"'}, {"if-match": "*"}):
            response = await office.http.put("/shifts/south-shift", json=SHIFT, headers=by("north") | condition)
            assert (response.status_code, response.json()["code"]) == (404, "unknown_shift")
            assert "etag" not in response.headers
        etag = (await office.http.get("/shifts/south-shift")).headers["etag"]
        for given in (etag, "*"):
            response = await office.http.get("/shifts/south-shift", headers=by("north") | {"if-none-match": given})
            assert response.status_code == 404
