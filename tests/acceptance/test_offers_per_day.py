"""A caregiver gets no more offers in 24 hours than the settings allow. What is more waits."""

from datetime import datetime, timedelta

from office import NewOffice


async def test_the_third_offer_of_a_day_waits_for_the_next(new_office: NewOffice) -> None:
    """It goes out 24 hours after the first one, and its call follows it. Nobody else waits."""
    async with new_office(offers_per_day=2, escalate_after=3 * 86_400) as office:
        ann = await office.caregiver("ann", "+15550001")
        bea = await office.caregiver("bea", "+15550002", role="LPN")
        for n in range(1, 4):
            await office.shift(f"s{n}", day=10 + n)
            await office.fanout(f"s{n}")
            office.clock.set_forward(3600)
        await office.shift("s4", role="LPN")
        await office.fanout("s4")
        bea.expect_sms()
        ann.expect_sms("Jul 11")
        ann.expect_sms("Jul 12")
        ann.expect_nothing()
        assert (await office.report("s3"))["held_until"] is None
        # The clock jumps, because stepping through a day would take long.
        office.clock.set_forward(86_400 - 3 * 3600 - 120)
        await office.minutes(1)
        ann.expect_nothing()
        await office.minutes(2)
        ann.expect_sms("Jul 13")
        assert (await office.report("s3"))["excluded"] == []


async def test_texts_and_calls_count_together(new_office: NewOffice) -> None:
    """With one offer a day the call comes a day after the text; one that was answered meanwhile does not come."""
    async with new_office(offers_per_day=1) as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("s1", day=10)
        await office.fanout("s1")
        ann.expect_sms()
        await office.minutes(20)
        ann.expect_nothing()
        assert [one["reason"] for one in (await office.report("s1"))["attention"]] == ["unanswered"]
        await office.days(1)
        ann.expect_call()
        await office.shift("s2", day=11)
        await office.fanout("s2")
        await ann.replies("NO", shift_id="s2")
        await office.days(2)
        ann.expect_nothing()


async def test_nobody_must_look_while_all_offers_wait_for_the_limit(new_office: NewOffice) -> None:
    """The board says until when they wait. Once one has gone out, an answer is due as late as after any other."""
    async with new_office(offers_per_day=1) as office:
        await office.http.put("/organizations/org", json={"name": "Harbor", "office_phone": "+15550009"})
        desk, ann = office.phone("+15550009"), await office.caregiver("ann", "+15550001")
        await office.shift("s1", day=10)
        await office.shift("s2", day=11)
        started = await office.fanout("s1")
        ann.expect_sms("Jul 10")
        await ann.replies("NO")
        desk.expect_sms("nobody is left")
        await office.fanout("s2")
        await office.minutes(60)
        ann.expect_nothing()
        desk.expect_nothing()
        report = await office.report("s2")
        assert (report["attention"], report["held_until"], report["counts"]["queued"]) == ([], None, 2)
        held = (await office.http.get("/shifts/s2/board")).json()["held"]
        until = (datetime.fromisoformat(started["started_at"]) + timedelta(days=1)).isoformat().replace("+00:00", "Z")
        assert held[0] == {"channel": "sms", "until": until, "reason": "offers_per_day", "caregivers": 1}
        office.clock.set_forward(23 * 3600 - 120)
        await office.minutes(3)
        ann.expect_sms("Jul 11")
        await office.minutes(13)
        desk.expect_nothing()
        assert (await office.report("s2"))["attention"] == []
        await office.minutes(2)
        desk.expect_sms("nobody has said yes in time")
        assert [one["reason"] for one in (await office.report("s2"))["attention"]] == ["unanswered"]


async def test_a_filled_shift_is_offered_to_nobody_who_waited(new_office: NewOffice) -> None:
    """The offer over the limit is skipped when its time comes."""
    async with new_office(offers_per_day=1, escalate_after=3 * 86_400) as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("s1", day=10)
        await office.shift("s2", day=11)
        await office.fanout("s1")
        await office.fanout("s2")
        ann.expect_sms()
        bea = await office.caregiver("bea", "+15550002")
        await office.assign("s2", "bea")
        await office.settled()
        bea.expect_sms("You have it")
        await office.days(2)
        ann.expect_nothing()
        assert (await office.report("s2"))["counts"]["skipped"] == 1


async def test_starting_again_gives_nobody_more_offers(new_office: NewOffice) -> None:
    """Offers of earlier attempts count, and those of an attempt whose details are forgotten too."""
    async with new_office(offers_per_day=2, retention=3600, escalate_after=3 * 86_400) as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("s1", day=10)
        for _ in range(2):
            await office.fanout("s1")
            ann.expect_sms("Jul 10")
            assert (await office.http.delete("/shifts/s1/fanout")).status_code == 200
        await office.minutes(90)
        assert (await office.http.get("/shifts/s1/fanout")).status_code == 404
        await office.fanout("s1")
        ann.expect_nothing()
        assert (await office.report("s1"))["counts"]["queued"] == 1
        office.clock.set_forward(86_400 - 90 * 60 - 120)
        await office.minutes(3)
        ann.expect_sms("Jul 10")
