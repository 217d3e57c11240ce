"""After a release or a cancellation, caregivers whose yes came too late are asked first."""

import pytest
from office import Office, Phone

from app.domain.records import Kind


async def crowd(office: Office) -> dict[str, Phone]:
    """Put five nurses on the roster; all are texted about a shift, and ann claims it."""
    names = ("ann", "bob", "cat", "dan", "eve")
    phones = {name: await office.caregiver(name, f"+1555000{n}") for n, name in enumerate(names)}
    await office.shift("s1")
    await office.fanout("s1")
    assert (await phones["ann"].replies("YES"))["outcome"] == "claimed"
    await office.minutes(1)
    await office.all_read()
    return phones


async def too_late(office: Office, phone: Phone) -> None:
    """The caregiver says yes and is told that the shift is no longer open."""
    await office.clock.advance(1)
    assert (await phone.replies("YES"))["outcome"] == "already_claimed"
    phone.expect_sms("no longer open")


async def order_of(office: Office, shift_id: str, late: int = 0) -> list[str]:
    """Post the shift's fanout; returns who is texted: the first `late` in order, then the others by id."""
    known = len(office.notifier.sent)
    assert (await office.post(shift_id)).status_code == 202
    await office.settled()
    offers = [message for message in office.notifier.sent[known:] if message.kind is Kind.OFFER]
    await office.all_read()
    asked = [message.caregiver_id for message in offers]
    return asked[:late] + sorted(asked[late:])


async def test_those_who_were_too_late_are_asked_first_in_the_order_of_their_answers() -> None:
    """A yes after an earlier no counts, and so does a yes after the release; each caregiver is texted once."""
    async with Office() as office:
        phones = await crowd(office)
        await phones["dan"].replies("NO")
        for name in ("eve", "dan"):
            await too_late(office, phones[name])
        await office.release("s1")
        await office.settled()
        phones["ann"].expect_sms("You no longer have")
        await too_late(office, phones["cat"])
        assert await order_of(office, "s1", late=3) == ["eve", "dan", "cat", "bob"]
        report = await office.report("s1")
        assert report["counts"]["sent"] == 4
        assert report["excluded"] == [{"caregiver_id": "ann", "reason": "released"}]
        await office.http.delete("/shifts/s1/fanout")


async def test_those_who_were_too_late_for_a_cancelled_shift_are_asked_first_too() -> None:
    """A yes that came after the cancellation counts like one that came after a claim."""
    async with Office() as office:
        await office.caregiver("ann", "+15550001")
        bob = await office.caregiver("bob", "+15550002")
        await office.shift("s1")
        await office.fanout("s1")
        await office.http.delete("/shifts/s1/fanout")
        await office.all_read()
        await too_late(office, bob)
        assert await order_of(office, "s1", late=1) == ["bob", "ann"]
        await office.http.delete("/shifts/s1/fanout")


async def test_who_was_too_late_twice_hears_it_once() -> None:
    """A second late yes gets the same outcome over the API, but no second text."""
    async with Office() as office:
        phones = await crowd(office)
        await too_late(office, phones["eve"])
        assert (await phones["eve"].replies("YES"))["reply"] is None
        await office.release("s1")
        await office.settled()
        assert await order_of(office, "s1", late=1) == ["eve", "bob", "cat", "dan"]
        await phones["bob"].replies("YES")
        phones["bob"].expect_sms("You have it")
        again = await phones["eve"].replies("YES")
        assert (again["outcome"], again["reply"]) == ("already_claimed", None)


@pytest.mark.parametrize("obstacle", ["declined", "opted_out", "conflict", "other role", "deleted"])
async def test_a_late_yes_does_not_overrule_what_keeps_a_caregiver_from_being_asked(obstacle: str) -> None:
    """A caregiver who declined, opted out, took an overlapping shift, changed role or left is not texted."""
    async with Office() as office:
        phones = await crowd(office)
        await too_late(office, phones["eve"])
        match obstacle:
            case "declined":
                await phones["eve"].replies("NO", shift_id="s1")
            case "opted_out":
                await phones["eve"].replies("STOP")
            case "conflict":
                await office.shift("s2", hours="12-20")
                await office.assign("s2", "eve")
            case "other role":
                await office.caregiver("eve", phones["eve"].number, role="CNA")
            case "deleted":
                await office.http.delete("/caregivers/eve")
        await office.release("s1")
        await office.settled()
        await office.all_read()
        assert await order_of(office, "s1") == ["bob", "cat", "dan"]
        reasons = {one["caregiver_id"]: one["reason"] for one in (await office.report("s1"))["excluded"]}
        assert reasons.get("eve") == (obstacle if obstacle in ("declined", "opted_out", "conflict") else None)
        await office.http.delete("/shifts/s1/fanout")


async def test_a_generation_that_is_cancelled_before_it_is_planned_keeps_the_order() -> None:
    """The generation after it still asks those first whose yes came too late."""
    async with Office() as office:
        phones = await crowd(office)
        await too_late(office, phones["eve"])
        await office.release("s1")
        await office.settled()
        await office.post("s1")
        await office.http.delete("/shifts/s1/fanout")
        await office.all_read()
        assert await order_of(office, "s1", late=1) == ["eve", "bob", "cat", "dan"]
        await office.http.delete("/shifts/s1/fanout")


async def test_a_released_caregiver_is_asked_again_only_after_a_late_yes_in_a_later_generation() -> None:
    """A yes right after the release does not count; a yes that comes too late in the next generation does."""
    async with Office() as office:
        phones = await crowd(office)
        await office.release("s1")
        await office.settled()
        phones["ann"].expect_sms("You no longer have")
        assert (await phones["ann"].replies("NO"))["outcome"] == "declined"
        await too_late(office, phones["ann"])
        assert await order_of(office, "s1") == ["bob", "cat", "dan", "eve"]
        await phones["eve"].replies("YES")
        await office.clock.advance(1)
        assert (await phones["ann"].replies("YES"))["outcome"] == "already_claimed"
        await office.release("s1")
        await office.settled()
        await office.all_read()
        assert await order_of(office, "s1", late=1) == ["ann", "bob", "cat", "dan"]
        await office.http.delete("/shifts/s1/fanout")


async def test_a_question_that_arrives_before_planning_does_not_cost_the_place() -> None:
    """A caregiver with a late yes who writes before the round has reached them is still texted first."""
    async with Office() as office:
        phones = await crowd(office)
        await too_late(office, phones["eve"])
        await office.release("s1")
        await office.settled()
        await office.all_read()
        known = len(office.notifier.sent)
        await office.post("s1")
        assert (await office.inbound(phones["eve"].number, "where is it?"))["outcome"] == "unrecognized"
        await office.settled()
        offers = [one for one in office.notifier.sent[known:] if one.kind is Kind.OFFER]
        asked = [one.caregiver_id for one in offers]
        assert (asked[0], sorted(asked[1:])) == ("eve", ["bob", "cat", "dan"])
        await office.http.delete("/shifts/s1/fanout")
        await office.all_read()
