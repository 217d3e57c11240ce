"""Who is asked first after a release or a cancellation: those whose yes came too late; with telephones in hand."""

import pytest
from office import Office, Phone

from app.domain.records import Kind


async def crowd(office: Office) -> dict[str, Phone]:
    """Five nurses who were asked about a shift that ann has taken."""
    names = ("ann", "bob", "cat", "dan", "eve")
    phones = {name: await office.caregiver(name, f"+1555000{n}") for n, name in enumerate(names)}
    await office.shift("s1")
    await office.fanout("s1")
    assert (await phones["ann"].replies("YES"))["outcome"] == "claimed"
    await office.minutes(1)
    await office.all_read()
    return phones


async def too_late(office: Office, phone: Phone) -> None:
    """They say yes, and hear that they are too late."""
    await office.clock.advance(1)
    assert (await phone.replies("YES"))["outcome"] == "already_claimed"
    phone.expect_sms("no longer open")


async def order_of(office: Office, shift_id: str) -> list[str]:
    """Post the shift's fanout; who is texted, in the order in which the texts go out."""
    known = len(office.notifier.sent)
    assert (await office.post(shift_id)).status_code == 202
    await office.rest()
    offers = [message for message in office.notifier.sent[known:] if message.kind is Kind.OFFER]
    await office.all_read()
    return [message.caregiver_id for message in offers]


async def test_those_who_were_too_late_are_asked_first_in_the_order_of_their_answers() -> None:
    """Also somebody who said no before, and one who said yes after the release; everybody once a round."""
    async with Office() as office:
        phones = await crowd(office)
        await phones["dan"].replies("NO")
        for name in ("eve", "dan"):
            await too_late(office, phones[name])
        await office.release("s1")
        await office.rest()
        phones["ann"].expect_sms("You no longer have")
        await too_late(office, phones["cat"])
        assert await order_of(office, "s1") == ["eve", "dan", "cat", "bob"]
        report = await office.report("s1")
        assert report["counts"]["sent"] == 4
        assert report["excluded"] == [{"caregiver_id": "ann", "reason": "released"}]
        await office.http.delete("/shifts/s1/fanout")


async def test_those_who_were_too_late_for_a_cancelled_shift_are_asked_first_too() -> None:
    """The same after a cancellation."""
    async with Office() as office:
        await office.caregiver("ann", "+15550001")
        bob = await office.caregiver("bob", "+15550002")
        await office.shift("s1")
        await office.fanout("s1")
        await office.http.delete("/shifts/s1/fanout")
        await office.all_read()
        await too_late(office, bob)
        assert await order_of(office, "s1") == ["bob", "ann"]
        await office.http.delete("/shifts/s1/fanout")


async def test_who_was_too_late_twice_hears_it_once() -> None:
    """No notice of a kind is sent twice for a shift; the answer over the API says it again."""
    async with Office() as office:
        phones = await crowd(office)
        await too_late(office, phones["eve"])
        assert (await phones["eve"].replies("YES"))["reply"] is None
        await office.release("s1")
        await office.rest()
        assert await order_of(office, "s1") == ["eve", "bob", "cat", "dan"]
        await phones["bob"].replies("YES")
        phones["bob"].expect_sms("You have it")
        again = await phones["eve"].replies("YES")
        assert (again["outcome"], again["reply"]) == ("already_claimed", None)


@pytest.mark.parametrize("obstacle", ["declined", "opted_out", "conflict", "other role", "deleted"])
async def test_who_was_too_late_is_not_asked_when_something_came_in_the_way(obstacle: str) -> None:
    """The same rules as for everybody else."""
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
        await office.rest()
        await office.all_read()
        assert await order_of(office, "s1") == ["bob", "cat", "dan"]
        reasons = {one["caregiver_id"]: one["reason"] for one in (await office.report("s1"))["excluded"]}
        assert reasons.get("eve") == (obstacle if obstacle in ("declined", "opted_out", "conflict") else None)
        await office.http.delete("/shifts/s1/fanout")


async def test_whoever_is_not_reached_before_the_end_keeps_their_place() -> None:
    """A generation that is cancelled before anybody was written down has not used up the order."""
    async with Office() as office:
        phones = await crowd(office)
        await too_late(office, phones["eve"])
        await office.release("s1")
        await office.rest()
        await office.post("s1")
        await office.http.delete("/shifts/s1/fanout")
        await office.all_read()
        assert await order_of(office, "s1") == ["eve", "bob", "cat", "dan"]
        await office.http.delete("/shifts/s1/fanout")


async def test_a_yes_after_the_own_release_does_not_lead_to_being_asked_but_one_in_the_next_generation_does() -> None:
    """Who was released is left out of the next generation; if they are too late in that, they want it again."""
    async with Office() as office:
        phones = await crowd(office)
        await office.release("s1")
        await office.rest()
        phones["ann"].expect_sms("You no longer have")
        assert (await phones["ann"].replies("NO"))["outcome"] == "declined"
        await too_late(office, phones["ann"])
        assert await order_of(office, "s1") == ["bob", "cat", "dan", "eve"]
        await phones["eve"].replies("YES")
        await office.clock.advance(1)
        assert (await phones["ann"].replies("YES"))["outcome"] == "already_claimed"
        await office.release("s1")
        await office.rest()
        await office.all_read()
        assert await order_of(office, "s1") == ["ann", "bob", "cat", "dan"]
        await office.http.delete("/shifts/s1/fanout")


async def test_a_late_one_who_answers_before_the_round_has_reached_them_is_still_asked_first() -> None:
    """A question that overtakes the round does not cost the place in it."""
    async with Office() as office:
        phones = await crowd(office)
        await too_late(office, phones["eve"])
        await office.release("s1")
        await office.rest()
        await office.all_read()
        known = len(office.notifier.sent)
        await office.post("s1")
        assert (await office.inbound(phones["eve"].number, "where is it?"))["outcome"] == "unrecognized"
        await office.rest()
        offers = [one for one in office.notifier.sent[known:] if one.kind is Kind.OFFER]
        assert [one.caregiver_id for one in offers] == ["eve", "bob", "cat", "dan"]
        await office.http.delete("/shifts/s1/fanout")
        await office.all_read()
