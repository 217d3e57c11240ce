"""A shift that gets another organization takes nothing of its former one with it, on both stores."""

from pathlib import Path

import pytest
from keys import by, key_file
from office import NewOffice

from app.access.keys import Permission

NORA, SUE = "+15555550101", "+15555550202"


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """A key for everything, and a coordinator of each organization."""
    coordinators = [(name, Permission.COORDINATE, name) for name in ("north", "south")]
    return key_file(tmp_path / "keys.json", ("admin", Permission.ADMIN, None), *coordinators)


@pytest.mark.parametrize("end", ["cancelled", "exhausted", "expired", "deleted"])
async def test_a_shift_with_a_fanout_on_record_keeps_its_organization(
    new_office: NewOffice, keys: Path, end: str
) -> None:
    """However the fanout ended. Once it is forgotten the shift may move: then nothing is left to see."""
    async with new_office(api_keys=keys) as office:
        office.http.headers.update(by("admin"))
        nora = await office.caregiver("nora", NORA, organization_id="north")
        await office.shift("s1", organization_id="north")
        await office.fanout("s1")
        nora.expect_sms()
        if end == "cancelled":
            await office.http.delete("/shifts/s1/fanout")
        elif end == "exhausted":
            await nora.replies("no")
        elif end == "expired":
            await office.days(32)
        else:
            await office.http.delete("/shifts/s1")
        body = {
            "organization_id": "south",
            "role_required": "RN",
            "start_time": "2026-08-09T08:00:00Z",
            "end_time": "2026-08-09T16:00:00Z",
        }
        response = await office.http.put("/shifts/s1", json=body)
        assert response.status_code == 409
        problem = response.json()
        assert problem["code"] == "fanout_on_record"
        assert problem["detail"] == (
            "shift 's1' has a fanout on record for organization 'north': put it under another id"
        )
        listed = await office.http.put("/shifts", json=[body | {"id": "s1"}])
        assert [one["status"] for one in listed.json()["results"]] == [409]
        # With the same organization it may change as before.
        same = body | {"organization_id": "north"}
        assert (await office.http.put("/shifts/s1", json=same)).status_code == (201 if end == "deleted" else 200)
        await office.all_read()
        if end == "exhausted":
            await office.http.delete("/shifts/s1/fanout")
        await office.days(60)
        assert (await office.http.get("/shifts/s1/fanout")).status_code == 404
        assert (await office.http.put("/shifts/s1", json=body)).status_code == 200
        for path in ("/log", "/shifts/s1/log", "/shifts/s1/board", "/board"):
            assert "nora" not in (await office.http.get(path, headers=by("south"))).text


async def test_what_was_written_before_the_first_fanout_stays_with_the_former_organization(
    new_office: NewOffice, keys: Path
) -> None:
    """An office wrote to its caregiver about the shift. Neither the text nor its words are shown to the new one."""
    async with new_office(api_keys=keys, keep_text=1.0) as office:
        office.http.headers.update(by("admin"))
        nora = await office.caregiver("nora", NORA, organization_id="north")
        await office.caregiver("sue", SUE, organization_id="south")
        await office.shift("s1", organization_id="north")
        said = {"caregiver_id": "nora", "body": "38 an hour"}
        assert (await office.http.post("/shifts/s1/messages", json=said)).status_code == 202
        await office.settled()
        nora.expect_sms("38 an hour")
        await office.shift("s1", organization_id="south")
        await office.fanout("s1")
        await office.http.post("/shifts/s1/messages", json={"caregiver_id": "sue", "body": "39 an hour"})
        await office.all_read()
        report = (await office.http.get("/shifts/s1/fanout", headers=by("south"))).json()
        assert {one["caregiver_id"] for one in report["notices"]} == {"sue"}
        detail = (await office.http.get("/shifts/s1/board", headers=by("south"))).json()
        assert [one["body"] for one in detail["texts"]] == ["39 an hour"]
        for path in ("/log", "/shifts/s1/log", "/shifts/s1/board/log", "/shifts/s1/board", "/shifts/s1/fanout"):
            text = (await office.http.get(path, headers=by("south"))).text
            assert "sue" in text
            assert "nora" not in text


async def test_words_of_somebody_who_works_for_both_stay_with_the_former_organization(
    new_office: NewOffice, keys: Path
) -> None:
    """What the office wrote and what she replied was between her and the north."""
    async with new_office(api_keys=keys, keep_text=1.0) as office:
        office.http.headers.update(by("admin"))
        nora = await office.caregiver("nora", NORA, organization_ids=["north", "south"])
        await office.shift("s1", organization_id="north")
        await office.http.post("/shifts/s1/messages", json={"caregiver_id": "nora", "body": "38 an hour"})
        answer = await nora.replies("is that with travel?", shift_id="s1")
        assert answer["outcome"] == "unrecognized"
        path = "/shifts/s1/board"
        of_north = (await office.http.get(path, headers=by("north"))).json()["texts"]
        assert {one["body"] for one in of_north} == {"38 an hour", "is that with travel?"}
        await office.shift("s1", organization_id="south")
        await office.http.post("/shifts/s1/messages", json={"caregiver_id": "nora", "body": "39 an hour"})
        of_south = (await office.http.get(path, headers=by("south"))).json()["texts"]
        assert [one["body"] for one in of_south] == ["39 an hour"]
        await office.all_read()
