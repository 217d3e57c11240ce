"""`GET /board`: the rows of all shifts that meet the conditions, also of those that the stream does not have."""

from typing import Any

import httpx
from office import Office
from viewer import Browser


async def found(office: Office, **conditions: str) -> tuple[list[str], bool]:
    """The ids of the shifts that are found, in order, and whether there are more."""
    answer = await office.http.get("/board", params=conditions)
    assert answer.status_code == 200, answer.text
    content: dict[str, Any] = answer.json()
    return [row["shift"]["id"] for row in content["rows"]], content["more"]


async def test_a_shift_beyond_the_first_500_is_found() -> None:
    """By its place, role, organization or start. Its row is the one that the stream would have."""
    async with Office() as office:
        await office.shifts({f"s{n:03}": 2 for n in range(501)})
        await office.shift("last", day=20, role="LPN", location="Quincy 02169", organization_id="other")
        for conditions in (
            {"text": "quincy"},
            {"role": "lpn"},
            {"organization_id": "other"},
            {"starts_from": "2026-07-20T00:00:00Z"},
        ):
            assert await found(office, **conditions) == (["last"], False)
        (row,) = (await office.http.get("/board", params={"text": "quincy"})).json()["rows"]
        detail = (await office.http.get("/shifts/last/board")).json()
        assert row == {name: detail[name] for name in row}


async def test_shifts_are_found_in_the_order_of_their_start() -> None:
    """At most 500, and `more` says that there are later ones."""
    async with Office() as office:
        await office.shifts({f"s{n:04}": 3 + (n + 1) % 2 for n in range(1000)})
        await office.shift("z", day=2)
        ids, more = await found(office, role="RN")
        assert (len(ids), more) == (500, True)
        assert ids[:3] == ["z", "s0001", "s0003"]
        assert await found(office, starts_before="2026-07-03T00:00:00Z") == (["z"], False)


async def test_older_shifts_are_found_by_their_start() -> None:
    """A shift that started more than a day ago is found only with a time from which to search."""
    async with Office() as office:
        await office.shift("old", day=2)
        await office.days(40)
        async with Browser(office.app) as browser:
            assert browser.new()[0][1]["rows"] == []
        assert await found(office, text="old") == ([], False)
        assert await found(office, text="old", starts_from="2026-07-01T00:00:00Z") == (["old"], False)


async def test_a_row_that_is_found_says_why_a_person_must_look() -> None:
    """The fanout of the shift has nobody to ask."""
    async with Office() as office:
        await office.shift("s1")
        await office.fanout("s1")
        (row,) = (await office.http.get("/board")).json()["rows"]
        assert [one["reason"] for one in row["attention"]] == ["exhausted"]


async def test_a_bad_condition_is_refused() -> None:
    """422 that names it."""
    async with Office() as office:
        answer: httpx.Response = await office.http.get("/board", params={"starts_from": "tomorrow"})
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
        assert "starts_from" in answer.json()["detail"]
