"""The end of a shift ends its fanout: nothing more goes out, and nobody can win it."""

from typing import Any

import pytest
from office import NewOffice

from app.domain.decisions import Message
from app.errors import TemporaryFailure

TODAY: dict[str, Any] = {"start_time": "2026-06-01T10:10:00Z", "end_time": "2026-06-01T10:20:00Z"}


async def test_at_the_end_of_the_shift_its_fanout_expires(new_office: NewOffice) -> None:
    """A yes after the end is told that the shift is no longer open, and nobody is called."""
    async with new_office(escalate_after=1800) as office:
        ann = await office.caregiver("ann", "+15550001")
        bob = await office.caregiver("bob", "+15550002")
        await office.fanout(await office.shift("s1", **TODAY))
        await office.all_read()
        await office.minutes(19)
        assert (await office.report("s1"))["status"] == "open"
        await office.minutes(1)
        assert (await office.report("s1"))["status"] == "expired"
        answer = await ann.replies("YES")
        assert (answer["outcome"], answer["shift_id"]) == ("already_claimed", "s1")
        ann.expect_sms("no longer open")
        await office.minutes(30)
        bob.expect_nothing()
        shift = (await office.http.get("/shifts/s1")).json()
        assert (shift["status"], shift["assigned_to"]) == ("open", None)


async def test_an_exhausted_fanout_expires_too(new_office: NewOffice) -> None:
    """Who declined can claim until the end of the shift, and not after it."""
    async with new_office() as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.fanout(await office.shift("s1", **TODAY))
        ann.expect_sms()
        await ann.replies("no")
        await office.minutes(20)
        assert (await office.report("s1"))["status"] == "expired"
        assert (await ann.replies("yes"))["outcome"] == "already_claimed"
        ann.expect_sms("no longer open")


async def test_the_end_counts_even_if_no_worker_has_run_since(new_office: NewOffice) -> None:
    """The clock jumps over the end, and the first thing that happens is a yes: it wins nothing."""
    async with new_office() as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.fanout(await office.shift("s1", **TODAY))
        ann.expect_sms()
        office.clock.set_forward(5 * 3600)
        answer = await office.inbound("+15550001", "YES")
        assert answer["outcome"] == "already_claimed"
        await office.settled()
        ann.expect_sms("no longer open")


async def test_a_shift_that_is_over_makes_nothing_ambiguous(new_office: NewOffice) -> None:
    """Of two offers one has expired: a bare yes is to the other."""
    async with new_office(escalate_after=1800) as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.fanout(await office.shift("s1", **TODAY))
        await office.fanout(await office.shift("s2"))
        ann.expect_sms()
        ann.expect_sms("YES 2")
        await office.minutes(20)
        answer = await ann.replies("YES")
        assert (answer["outcome"], answer["shift_id"]) == ("claimed", "s2")
        ann.expect_sms("You have it")


async def test_a_fanout_of_an_ended_shift_is_refused_by_default_with_a_real_provider(new_office: NewOffice) -> None:
    """409 with the code `shift_over` for the fanout and for an assignment; nothing is sent."""
    async with new_office(past_shifts=False) as office:
        await office.caregiver("ann", "+15550001")
        await office.shift("s1", start_time="2026-06-01T01:00:00Z", end_time="2026-06-01T09:59:59Z")
        for answer in (await office.post("s1"), await office.assign("s1", "ann")):
            assert (answer.status_code, answer.json()["code"]) == (409, "shift_over")
        assert (await office.http.get("/shifts/s1/fanout")).status_code == 404


async def test_a_fanout_of_an_ended_shift_works_where_past_shifts_are_allowed(new_office: NewOffice) -> None:
    """With the sample data and old dates the service must still show what it does."""
    async with new_office(past_shifts=True) as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("s1", start_time="2026-05-01T01:00:00Z", end_time="2026-05-01T09:00:00Z")
        await office.fanout("s1")
        ann.expect_sms()
        assert (await ann.replies("YES"))["outcome"] == "claimed"
        ann.expect_sms("You have it")


async def test_an_expired_shift_can_be_moved_and_asked_about_again(new_office: NewOffice) -> None:
    """With a later time the shift is another offer: a post starts the next generation."""
    async with new_office(past_shifts=False) as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.fanout(await office.shift("s1", **TODAY))
        await office.minutes(21)
        await office.all_read()
        assert (await office.report("s1"))["status"] == "expired"
        assert [one["reason"] for one in (await office.report("s1"))["attention"]] == ["expired"]
        await office.shift("s1", start_time="2026-06-02T12:00:00Z", end_time="2026-06-02T14:00:00Z")
        assert (await office.report("s1"))["status"] == "expired"
        assert (await office.report("s1"))["attention"] == []
        again = await office.fanout("s1")
        assert (again["status"], again["generation"]) == ("open", 2)
        ann.expect_sms("Jun 2")


#: Hours that were over before the fanout started, and hours that end while it runs.
LONG_OVER: dict[str, Any] = {"start_time": "2026-05-01T01:00:00Z", "end_time": "2026-05-01T09:00:00Z"}
JUST_OVER: dict[str, Any] = {"start_time": "2026-06-01T02:00:00Z", "end_time": "2026-06-01T10:03:00Z"}


@pytest.mark.parametrize("hours", [LONG_OVER, JUST_OVER], ids=["before-the-start", "since-the-start"])
@pytest.mark.parametrize("past_shifts", [True, False])
async def test_an_exhausted_fanout_expires_with_a_shift_that_is_moved_into_the_past(
    new_office: NewOffice, hours: dict[str, Any], past_shifts: bool
) -> None:
    """As if the shift had ended: nobody is called, a yes wins nothing, and moved back it must be posted again."""
    async with new_office(past_shifts=past_shifts, retention=3600) as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.fanout(await office.shift("s1"))
        ann.expect_sms()
        await ann.replies("no")
        assert (await office.report("s1"))["status"] == "exhausted"
        await office.caregiver("bob", "+15550002")
        await office.minutes(5)
        await office.shift("s1", **hours)
        report = await office.report("s1")
        assert (report["status"], [one["reason"] for one in report["attention"]]) == ("expired", ["expired"])
        await office.minutes(20)
        assert (await ann.replies("yes"))["outcome"] == "already_claimed"
        ann.expect_sms("no longer open")
        assert (await office.assign("s1", "ann")).status_code == (200 if past_shifts else 409)
        if past_shifts:
            await office.release("s1")
            await office.all_read()
            return
        facts = [one["type"] for one in (await office.http.get("/shifts/s1/log")).json()["items"]]
        assert facts.count("fanout.expired") == 1
        # Its details are kept for the retention from now on, however long ago the hours were.
        await office.minutes(30)
        await office.shift("s1")
        report = await office.report("s1")
        assert (report["status"], report["attention"]) == ("expired", [])
        assert (await ann.replies("yes"))["outcome"] == "already_claimed"
        ann.expect_nothing()
        assert (await office.fanout("s1"))["generation"] == 2
        await office.all_read()


@pytest.mark.parametrize("end", ["open", "claimed", "cancelled", "expired"])
async def test_no_other_fanout_changes_with_a_shift_that_is_moved_into_the_past(
    new_office: NewOffice, end: str
) -> None:
    """While one is open or claimed the shift keeps its hours. One that is over stays what it is, there and back."""
    async with new_office(past_shifts=False) as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.fanout(await office.shift("s1", **TODAY))
        ann.expect_sms()
        if end == "claimed":
            await ann.replies("YES")
            ann.expect_sms("You have it")
        elif end == "cancelled":
            await office.http.delete("/shifts/s1/fanout")
        elif end == "expired":
            await office.minutes(21)
            await office.all_read()
        for hours in (LONG_OVER, {"start_time": "2026-06-02T12:00:00Z", "end_time": "2026-06-02T14:00:00Z"}):
            body = {"organization_id": "org", "role_required": "RN", **hours}
            response = await office.http.put("/shifts/s1", json=body)
            assert response.status_code == (409 if end in ("open", "claimed") else 200)
            assert (await office.report("s1"))["status"] == end
        if end in ("cancelled", "expired"):
            assert (await office.fanout("s1"))["generation"] == 2
            ann.expect_sms("Jun 2")


async def test_a_fanout_that_started_in_the_past_does_not_expire_with_other_past_hours(
    new_office: NewOffice,
) -> None:
    """The operator allows it: the shift was over before, and its hours are only corrected."""
    async with new_office(past_shifts=True) as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.fanout(await office.shift("s1", **LONG_OVER))
        await ann.replies("no")
        await office.shift("s1", **{**LONG_OVER, "end_time": "2026-05-01T08:00:00Z"})
        assert (await office.report("s1"))["status"] == "exhausted"
        await office.all_read()


async def test_a_text_that_could_not_be_sent_before_the_end_is_dropped(new_office: NewOffice) -> None:
    """The provider comes back after the shift: nobody gets an offer of it."""
    async with new_office(escalate_after=1800) as office:
        ann = await office.caregiver("ann", "+15550001")
        end = office.clock.now().timestamp() + 1500

        def away(_: Message) -> None:
            if office.clock.now().timestamp() < end:
                raise TemporaryFailure("no connection")

        office.notifier.behaviour = away
        await office.fanout(await office.shift("s1", **TODAY))
        await office.minutes(26)
        ann.expect_nothing()
        (contact,) = (await office.report("s1"))["contacts"]
        assert contact["status"] == "skipped"


@pytest.mark.parametrize("hours", [1, 3])
async def test_workers_that_were_away_do_not_text_and_call_at_the_same_time(
    new_office: NewOffice, hours: float
) -> None:
    """After an outage of the workers the text goes out and the call waits, or only the call goes out."""
    async with new_office(sms_rate=0.01, escalate_after=600, past_shifts=False) as office:
        ann = await office.caregiver("ann", "+15550001")
        bob = await office.caregiver("bob", "+15550002")
        await office.fanout(await office.shift("s1"))
        # The rate let one text out. Nothing runs for hours, and then everything is due.
        office.clock.set_forward(hours * 3600)
        await office.minutes(1)
        texted, called = (
            [(one.to, at) for at, one in office.notifier.attempts if one.channel == channel]
            for channel in ("sms", "voice")
        )
        times = dict(texted)
        for number, at in called:
            assert number not in times or (at - times[number]).total_seconds() >= 300
        assert {number for number, _ in called} | set(times) == {ann.number, bob.number}
        await office.all_read()


async def test_an_ended_shift_is_no_longer_given_back(new_office: NewOffice) -> None:
    """A no after the end of a held shift asks nobody to release anybody."""
    async with new_office() as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.fanout(await office.shift("s1", **TODAY))
        await ann.replies("YES")
        await office.all_read()
        await office.minutes(30)
        answer = await ann.replies("NO")
        assert answer["outcome"] != "release_requested"
        assert (await office.report("s1"))["attention"] == []
        await office.all_read()


async def test_nobody_is_asked_about_a_shift_that_has_ended(new_office: NewOffice) -> None:
    """Ann asked to give the shift back, or got it minutes before its end: a YES with a wrong number lists it no more.

    The list would say "reply YES or NO and the number", and no such NO could give the shift back.
    """
    async with new_office(escalate_after=1800) as office:
        ann = await office.caregiver("ann", "+15550001")
        bob = await office.caregiver("bob", "+15550002", role="LPN")
        await office.fanout(await office.shift("s1", **TODAY))
        await office.fanout(await office.shift("s2", role="LPN", **TODAY))
        assert (await ann.replies("YES", shift_id="s1"))["outcome"] == "claimed"
        assert (await ann.replies("NO", shift_id="s1"))["outcome"] == "release_requested"
        await office.minutes(15)
        assert (await bob.replies("YES", shift_id="s2"))["outcome"] == "claimed"
        await office.minutes(6)
        await office.all_read()
        for nurse, shift_id in ((ann, "s1"), (bob, "s2")):
            answer = await nurse.replies("YES 7")
            assert (answer["outcome"], answer.get("choices")) == ("already_yours", None)
            assert answer["shift_id"] == shift_id
            nurse.expect_nothing()


async def test_a_shift_assigned_after_its_end_can_be_given_back_as_its_text_says(new_office: NewOffice) -> None:
    """Where past shifts are allowed: the shift had ended before ann got it, and her no gives it back."""
    async with new_office(past_shifts=True) as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.fanout(await office.shift("s1", **TODAY))
        ann.expect_sms()
        await office.minutes(21)
        assert (await office.report("s1"))["status"] == "expired"
        assert (await office.assign("s1", "ann")).status_code == 200
        await office.all_read()
        word = next(one.body for one in reversed(office.notifier.sent) if one.kind == "confirmation")
        number = word.rpartition("NO")[2].strip(" .")
        assert (await ann.replies(f"NO {number}"))["outcome"] == "release_requested"
        await office.all_read()
