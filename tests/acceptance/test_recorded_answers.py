"""Answers that the office hears and records: they are not the caregiver's own call or text."""

from pathlib import Path

import pytest
from keys import by, key_file
from office import NewOffice, Office

from app.access.keys import Permission

AMY = "+15555550101"


async def test_an_answer_that_the_office_records(new_office: NewOffice) -> None:
    """It is on record by who heard it, and no automatic text answers it."""
    async with new_office() as office:
        amy = await office.caregiver("amy", AMY)
        await office.fanout(await office.shift("s1"))
        amy.expect_sms("YES")
        for body in ("what do they pay?", "START", "wrong number", "HELP"):
            answer = await office.inbound(AMY, body, recorded_by="Kim", channel="voice", shift_id="s1")
            assert answer["outcome"] in ("unrecognized", "help"), body
            assert answer["reply"] is None
        await office.settled()
        amy.expect_nothing()
        answer = await office.inbound(AMY, "YES", recorded_by="Kim", channel="voice", shift_id="s1")
        assert answer["outcome"] == "claimed"
        await office.settled()
        amy.expect_sms("You have it")
        log = (await office.http.get("/shifts/s1/log")).json()["items"]
        assert [one["actor"] for one in log if one["type"] == "shift.filled"] == ["Kim"]


async def test_the_log_says_with_which_key_an_answer_was_recorded(new_office: NewOffice, tmp_path: Path) -> None:
    """Anybody can write any name, so the key must be on record too."""
    keys = key_file(tmp_path / "keys.json", ("Kim", Permission.COORDINATE, None))
    async with new_office(api_keys=keys) as office:
        office.http.headers.update(by("Kim"))
        await office.caregiver("amy", AMY)
        for day, (shift_id, name) in enumerate((("s1", "Lee"), ("s2", "Kim"), ("s3", "")), start=2):
            await office.fanout(await office.shift(shift_id, day=day))
            answer = await office.inbound(AMY, "YES", recorded_by=name, shift_id=shift_id)
            assert answer["outcome"] == "claimed"
        await office.inbound(AMY, "NO", shift_id="s3")
        await office.all_read()
        log = (await office.http.get("/log?limit=1000")).json()["items"]
        filled = [(one["actor"], one["data"].get("key")) for one in log if one["type"] == "shift.filled"]
        assert filled == [("Lee", "Kim"), ("Kim", None), ("Kim", None)]
        requested = [(one["actor"], one["data"].get("key")) for one in log if one["type"] == "release.requested"]
        assert requested == [("caregiver", None)]
        wrong = {"from": AMY, "body": "YES", "recorded_by": "Caregiver"}
        assert (await office.http.post("/messages/inbound", json=wrong)).status_code == 422


async def test_what_the_office_records_uses_up_no_automatic_answer(new_office: NewOffice) -> None:
    """The caregiver's own HELP is still answered, and their own STOP too."""
    async with new_office() as office:
        amy = await office.caregiver("amy", AMY)
        for _ in range(5):
            await office.inbound(AMY, "HELP", recorded_by="Kim")
        await amy.replies("HELP")
        amy.expect_sms("Reply STOP")
        await office.inbound(AMY, "STOP", recorded_by="Kim")
        await office.settled()
        amy.expect_nothing()
        assert (await office.http.get("/caregivers/amy")).json()["opted_out"] is True
        await office.fanout(await office.shift("s1"))
        # Only their own message allows an answer after a STOP.
        assert (await office.inbound(AMY, "YES", recorded_by="Kim", shift_id="s1"))["outcome"] == "opted_out"
        await office.settled()
        amy.expect_nothing()


async def test_a_recorded_answer_is_no_answer_to_the_last_call(new_office: NewOffice) -> None:
    """The office hears answers at other times: without a shift, the words themselves must say which one is meant."""
    async with new_office() as office:
        amy = await office.caregiver("amy", AMY)
        for day, id_ in ((2, "s1"), (3, "s2")):
            await office.fanout(await office.shift(id_, day=day))
        await office.minutes(10)
        await office.all_read()
        answer = await office.inbound(AMY, "YES", channel="voice", recorded_by="Kim")
        assert answer["outcome"] == "ambiguous"
        assert (await office.inbound(AMY, "YES", channel="voice"))["outcome"] == "claimed"
        await office.all_read()
        amy.expect_nothing()


@pytest.mark.parametrize(("may", "status"), [("inbound", 403), ("coordinate", 200)])
async def test_only_the_office_records(tmp_path: Path, may: str, status: int) -> None:
    """A gateway's key may not. Without a name, the owner of the key has recorded it."""
    keys = key_file(tmp_path / "keys.json", ("Kim", Permission(may), None), ("boss", Permission.ADMIN, None))
    async with Office(api_keys=keys) as office:
        office.http.headers.update(by("boss"))
        await office.caregiver("amy", AMY)
        body = {"from": AMY, "body": "HELP", "recorded_by": ""}
        response = await office.http.post("/messages/inbound", json=body, headers=by("Kim"))
        assert response.status_code == status
        if status == 200:
            log = (await office.http.get("/log")).json()["items"]
            assert log[-1]["actor"] == "Kim"


@pytest.mark.parametrize("name", ["caregiver", "service"])
async def test_nobody_in_the_office_is_called_like_an_actor_of_the_log(name: str) -> None:
    """The entry would look as if somebody else had done it."""
    async with Office() as office:
        body = {"from": AMY, "body": "YES", "recorded_by": name}
        assert (await office.http.post("/messages/inbound", json=body)).status_code == 422
