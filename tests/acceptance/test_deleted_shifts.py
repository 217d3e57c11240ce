"""A shift is deleted: who is told, what a late reply gets, and what is left."""

import pytest
from office import NewOffice, Office, Phone


async def delete(office: Office, shift_id: str = "s1") -> None:
    """Delete the shift and let the messages go out. It is then unknown to every route but its log."""
    response = await office.http.delete(f"/shifts/{shift_id}")
    assert (response.status_code, response.content) == (204, b"")
    await office.settled()
    for path in ("", "/fanout", "/board"):
        assert (await office.http.get(f"/shifts/{shift_id}{path}")).status_code == 404
    for method, path in (("DELETE", ""), ("DELETE", "/fanout"), ("POST", "/fanout"), ("POST", "/release")):
        response = await office.http.request(method, f"/shifts/{shift_id}{path}")
        assert (response.status_code, response.json()["code"]) == (404, "unknown_shift")
    assert (await office.assign(shift_id, "ann")).json()["code"] == "unknown_shift"
    for status in ("", "?status=open", "?status=claimed", "?role=RN", "?organization_id=org"):
        listed = (await office.http.get(f"/shifts{status}")).json()["items"]
        assert shift_id not in [one["id"] for one in listed]


async def asked(office: Office) -> tuple[Phone, Phone]:
    """Two nurses who were texted about the shift s1."""
    ann, bob = await office.caregiver("ann", "+15550001"), await office.caregiver("bob", "+15550002")
    await office.shift("s1")
    await office.fanout("s1")
    ann.expect_sms()
    bob.expect_sms()
    return ann, bob


async def changes(office: Office) -> list[str]:
    """What the log says of the shift s1, oldest first: types, and the changes of its record."""
    entries = (await office.http.get("/shifts/s1/log")).json()["items"]
    own = [one for one in entries if one["data"].get("record", "shift") == "shift"]
    return [one["data"].get("change", one["type"]) for one in own if one["type"] != "offer.sent"]


async def test_a_shift_without_a_fanout_is_gone(new_office: NewOffice) -> None:
    """It can be put again as a new one, and its log tells both."""
    async with new_office() as office:
        await office.shift("s1")
        await office.shift("s2")
        await delete(office)
        assert [one["id"] for one in (await office.http.get("/shifts")).json()["items"]] == ["s2"]
        await office.shift("s1")
        assert (await office.http.get("/shifts/s1")).json()["status"] == "open"
        assert await changes(office) == ["added", "deleted", "added"]


async def test_its_log_can_be_followed_to_the_end(new_office: NewOffice) -> None:
    """After its last id comes an empty page, as in the log of a shift that exists; of an unknown shift none comes."""
    async with new_office() as office:
        await office.shift("s1")
        await delete(office)
        last = (await office.http.get("/shifts/s1/log")).json()["items"][-1]["id"]
        for path in ("log", "board/log"):
            response = await office.http.get(f"/shifts/s1/{path}?after={last}")
            assert (response.status_code, response.json()) == (200, {"items": [], "next": None})
            assert (await office.http.get(f"/shifts/s2/{path}?after={last}")).status_code == 404


async def test_who_answers_late_hears_that_it_is_closed(new_office: NewOffice) -> None:
    """The fanout is cancelled: nobody is called, and a yes is answered as after any cancellation."""
    async with new_office() as office:
        ann, bob = await asked(office)
        await delete(office)
        await office.minutes(11)
        answer = await ann.replies("YES")
        assert (answer["outcome"], answer["shift_id"]) == ("already_claimed", "s1")
        ann.expect_sms("no longer open")
        assert (await bob.replies("NO"))["outcome"] == "declined"
        bob.expect_nothing()
        expected = ["added", "fanout.started", "fanout.cancelled", "deleted", "offer.declined"]
        assert await changes(office) == expected


@pytest.mark.parametrize("how", ["deleted", "cancelled"])
async def test_a_late_yes_hears_no_hours_that_were_not_read(new_office: NewOffice, how: str) -> None:
    """The shift has been put again with other hours, which nobody was texted yet. Whoever read them hears them."""
    async with new_office() as office:
        ann, bob = await asked(office)
        await office.minutes(1)
        await (delete(office) if how == "deleted" else office.http.delete("/shifts/s1/fanout"))
        await office.shift("s1", day=9)
        assert (await ann.replies("YES"))["outcome"] == "already_claimed"
        assert "The shift we asked you about is no longer open" in ann.expect_sms().body
        await office.minutes(1)
        await office.fanout("s1")
        for phone in (ann, bob):
            assert "Jul 9" in phone.expect_sms("Open").body
        assert (await ann.replies("YES"))["outcome"] == "claimed"
        ann.expect_sms("Jul 9")
        assert (await bob.replies("YES"))["outcome"] == "already_claimed"
        assert "Jul 9" in bob.expect_sms("no longer open").body


async def test_messages_that_wait_are_skipped(new_office: NewOffice) -> None:
    """With one text a minute, only the first had gone out; the others never do."""
    async with new_office(sms_rate=1 / 60) as office:
        phones = [await office.caregiver(f"c{n}", f"+1555000{n}") for n in range(4)]
        await office.shift("s1")
        await office.fanout("s1")
        await delete(office)
        await office.minutes(30)
        assert sum(len(phone.unread) for phone in phones) == 1
        await office.all_read()


@pytest.mark.parametrize("how", ["claimed", "assigned"])
async def test_the_holder_is_released_and_told(new_office: NewOffice, how: str) -> None:
    """They may then take another shift at that time, and be deleted."""
    async with new_office() as office:
        ann, bob = await asked(office)
        if how == "claimed":
            await ann.replies("YES")
        else:
            await office.assign("s1", "ann")
            await office.settled()
        ann.expect_sms("You have it")
        await delete(office)
        ann.expect_sms("no longer")
        bob.expect_nothing()
        filled = "shift.filled" if how == "claimed" else "shift.assigned"
        assert await changes(office) == ["added", "fanout.started", filled, "shift.released", "deleted"]
        await office.shift("s2")
        assert (await office.assign("s2", "ann")).status_code == 200
        await office.settled()
        ann.expect_sms("You have it")
        await office.release("s2")
        await office.settled()
        ann.expect_sms("no longer")
        assert (await office.http.delete("/caregivers/ann")).status_code == 204


async def test_of_a_shift_that_has_ended_nobody_is_told(new_office: NewOffice) -> None:
    """Neither its holder nor another system hears of it: it was worked."""
    async with new_office() as office:
        ann, _ = await asked(office)
        await ann.replies("YES")
        ann.expect_sms("You have it")
        await office.days(32)
        await delete(office)
        ann.expect_nothing()
        assert await changes(office) == ["added", "fanout.started", "shift.filled", "deleted"]
        await office.shift("s1", day=20)
        assert (await office.http.get("/shifts/s1")).json()["assigned_to"] is None
        assert (await office.post("s1")).status_code == 202
        await office.all_read()


async def test_a_deleted_shift_that_is_put_again_is_offered_again(new_office: NewOffice) -> None:
    """It is a new shift (201), and its next fanout asks again. A yes to the old hours is asked back."""
    async with new_office() as office:
        ann, bob = await asked(office)
        await delete(office)
        body = {
            "organization_id": "org",
            "role_required": "RN",
            "start_time": "2026-07-03T08:00:00Z",
            "end_time": "2026-07-03T16:00:00Z",
        }
        response = await office.http.put("/shifts/s1", json=body)
        assert response.status_code == 201
        assert (await office.fanout("s1"))["generation"] == 2
        ann.expect_sms("Fri Jul 3")
        bob.expect_sms("Fri Jul 3")
        assert (await ann.replies("YES"))["outcome"] == "claimed"
        ann.expect_sms("You have it", "Fri Jul 3")


@pytest.mark.parametrize("said", ["before", "after"])
async def test_a_no_holds_for_a_shift_that_is_put_again(new_office: NewOffice, said: str) -> None:
    """Under the same id it is the same shift, until its fanout is forgotten. A yes of their own still wins it."""
    async with new_office(retention=3600) as office:
        ann, bob = await asked(office)
        if said == "before":
            assert (await ann.replies("NO"))["outcome"] == "declined"
        await delete(office)
        if said == "after":
            assert (await ann.replies("NO"))["outcome"] == "declined"
        await office.shift("s1")
        await office.fanout("s1")
        bob.expect_sms()
        ann.expect_nothing()
        assert (await office.report("s1"))["excluded"] == [{"caregiver_id": "ann", "reason": "declined"}]
        assert (await ann.replies("YES", shift_id="s1"))["outcome"] == "claimed"
        ann.expect_sms("You have it")
        await delete(office)
        ann.expect_sms("no longer")
        # An hour later nothing is left of what was said.
        await office.minutes(61)
        await office.shift("s1")
        await office.fanout("s1")
        ann.expect_sms()
        bob.expect_sms()


async def test_the_record_goes_with_the_fanout(new_office: NewOffice) -> None:
    """After the retention of the fanout nothing is left but the log, and a yes is to no offer."""
    async with new_office(retention=3600) as office:
        ann, _ = await asked(office)
        await ann.replies("YES")
        ann.expect_sms("You have it")
        await delete(office)
        ann.expect_sms("no longer")
        await office.minutes(61)
        assert (await ann.replies("YES"))["outcome"] == "no_offer"
        assert (await changes(office))[-1] == "deleted"
        # A new shift of that id goes on counting: its log has the former generation too.
        await office.shift("s1")
        assert (await office.fanout("s1"))["generation"] == 2
        await office.all_read()
