"""Who is asked in which round, and what stops a round."""

from collections import Counter

from office import Office


async def test_a_claim_in_the_middle_of_the_sms_round_stops_the_other_texts() -> None:
    """With one delivery at a time, the first caregiver's yes comes before the third text goes out."""
    async with Office(max_in_flight=1) as office:
        office.notifier.takes_s = 1.0
        for n in range(1, 6):
            await office.caregiver(f"cg-{n}", f"+1555000{n}")
        await office.shift("s1")
        await office.fanout("s1")
        await office.clock.advance(1)
        await office.phone("+15550001").replies("YES")
        await office.minutes(30)
        sent = Counter((message.kind.value, message.channel.value) for message in office.notifier.sent)
        # The second text was being handed over when the yes came.
        assert sent == {("offer", "sms"): 2, ("confirmation", "sms"): 1}
        counts = (await office.report("s1"))["counts"]
        assert (counts["sent"], counts["skipped"], counts["queued"]) == (2, 3, 0)
        await office.all_read()


async def test_a_claim_in_the_middle_of_the_voice_round_stops_the_calls() -> None:
    """Once the shift is claimed nobody else is called."""
    async with Office(max_in_flight=1) as office:
        for n in range(1, 6):
            await office.caregiver(f"cg-{n}", f"+1555000{n}")
        await office.shift("s1")
        await office.fanout("s1")
        office.notifier.takes_s = 2.0
        await office.clock.advance(602)
        await office.phone("+15550001").replies("YES", channel="voice")
        await office.minutes(30)
        sent = Counter((message.kind.value, message.channel.value) for message in office.notifier.sent)
        assert sent == {("offer", "sms"): 5, ("offer", "voice"): 2, ("confirmation", "sms"): 1}
        await office.all_read()


async def test_notices_overtake_waiting_offers() -> None:
    """A confirmation goes out before the queued texts of other shifts."""
    async with Office(sms_rate=1) as office:
        for n in range(1, 10):
            await office.caregiver(f"cg-{n}", f"+1555000{n}")
        await office.shift("s1", day=2)
        await office.shift("s2", day=3)
        await office.post("s1")
        await office.post("s2")
        await office.settled()
        await office.phone("+15550001").replies("YES", shift_id="s1")
        await office.clock.advance(1)
        assert [message.kind.value for message in office.notifier.sent] == ["offer", "confirmation"]
        await office.minutes(5)
        await office.all_read()


async def test_a_large_fanout_does_not_starve_a_small_one() -> None:
    """Fanouts take turns: the second shift's only nurse is texted among the first of three hundred."""
    async with Office(max_in_flight=10) as office:
        office.notifier.takes_s = 1.0
        for n in range(300):
            await office.caregiver(f"cg-{n}", f"+1555555{n:04}")
        lpn = await office.caregiver("lpn", "+15550001", role="LPN")
        await office.shift("s1")
        await office.shift("s2", role="LPN")
        await office.post("s1")
        await office.post("s2")
        await office.clock.advance(3)
        await office.settled()
        lpn.expect_sms()
        assert len(office.notifier.sent) <= 30
        await office.http.delete("/shifts/s1/fanout")
        await office.http.delete("/shifts/s2/fanout")
        await office.minutes(1)
        await office.all_read()


async def test_no_more_deliveries_are_in_progress_than_allowed() -> None:
    """`FANOUT_MAX_IN_FLIGHT` holds, and all messages are sent in the end."""
    async with Office(max_in_flight=7) as office:
        office.notifier.takes_s = 1.0
        for n in range(50):
            await office.caregiver(f"cg-{n}", f"+1555555{n:04}")
        await office.shift("s1")
        await office.fanout("s1")
        await office.clock.advance(8)
        assert office.notifier.most_under_way == 7
        assert (await office.report("s1"))["counts"]["sent"] == 50
        await office.all_read()


async def test_the_rate_is_kept() -> None:
    """At two messages a second the tenth goes out four and a half seconds after the first."""
    async with Office(sms_rate=2) as office:
        for n in range(10):
            await office.caregiver(f"cg-{n}", f"+1555555{n:04}")
        await office.shift("s1")
        await office.fanout("s1")
        await office.clock.advance(10)
        start = office.notifier.attempts[0][0]
        assert [(at - start).total_seconds() for at, _ in office.notifier.attempts] == [n / 2 for n in range(10)]
        await office.all_read()


async def test_a_caregiver_who_joined_after_the_texts_is_called() -> None:
    """The voice round calls everybody who matches when it starts."""
    async with Office() as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("s1")
        await office.fanout("s1")
        ann.expect_sms()
        bob = await office.caregiver("bob", "+15550002")
        assert (await bob.replies("YES"))["outcome"] == "no_offer"
        await office.minutes(10)
        ann.expect_call()
        bob.expect_call()
        assert (await bob.replies("YES"))["outcome"] == "claimed"
        bob.expect_sms("You have it")


async def test_a_fanout_with_nobody_to_ask_is_exhausted_until_somebody_joins() -> None:
    """At the escalation a caregiver who was added meanwhile is called, and the fanout is open again."""
    async with Office() as office:
        await office.shift("s1")
        await office.fanout("s1")
        assert (await office.report("s1"))["status"] == "exhausted"
        assert (await office.post("s1")).status_code == 200
        ann = await office.caregiver("ann", "+15550001")
        await office.minutes(10)
        ann.expect_call()
        report = await office.report("s1")
        assert (report["status"], report["round"]) == ("open", "voice")
        assert (await ann.replies("NO"))["outcome"] == "declined"
        assert (await office.report("s1"))["status"] == "exhausted"


async def test_a_fanout_is_exhausted_when_everybody_has_declined_or_opted_out() -> None:
    """Nobody is left who could still accept, and nobody is called."""
    async with Office() as office:
        ann = await office.caregiver("ann", "+15550001")
        bob = await office.caregiver("bob", "+15550002")
        cat = await office.caregiver("cat", "+15550003")
        await office.shift("s1")
        await office.fanout("s1")
        for phone in (ann, bob, cat):
            phone.expect_sms()
        await ann.replies("NO")
        await bob.replies("STOP")
        bob.expect_sms("START")
        assert (await office.report("s1"))["status"] == "open"
        assert (await office.http.delete("/caregivers/cat")).status_code == 204
        assert (await office.report("s1"))["status"] == "exhausted"
        await office.minutes(20)
        assert (await office.report("s1"))["status"] == "exhausted"


async def test_caregivers_of_another_organization_are_excluded() -> None:
    """A caregiver who works for one organization is asked about its shifts only."""
    async with Office() as office:
        ann = await office.caregiver("ann", "+15550001", organization_id="org")
        bob = await office.caregiver("bob", "+15550002", organization_id="elsewhere")
        await office.shift("s1")
        await office.fanout("s1")
        ann.expect_sms()
        assert (await office.report("s1"))["excluded"] == [{"caregiver_id": "bob", "reason": "other_organization"}]
        assert (await bob.replies("YES", shift_id="s1"))["outcome"] == "no_offer"
        await office.minutes(10)
        ann.expect_call()


async def test_a_caregiver_deleted_in_the_middle_of_a_round_is_skipped() -> None:
    """The queued message is not sent."""
    async with Office(sms_rate=1) as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.caregiver("bob", "+15550002")
        await office.shift("s1")
        await office.fanout("s1")
        ann.expect_sms()
        assert (await office.http.delete("/caregivers/bob")).status_code == 204
        await office.minutes(1)
        contacts = (await office.report("s1"))["contacts"]
        assert [(one["caregiver_id"], one["status"]) for one in contacts] == [("ann", "sent"), ("bob", "skipped")]


async def test_a_caregiver_who_changes_role_cannot_claim() -> None:
    """An offer to a caregiver who no longer has the role is withdrawn."""
    async with Office() as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("s1")
        await office.fanout("s1")
        ann.expect_sms()
        await office.caregiver("ann", "+15550001", role="CNA")
        assert (await ann.replies("YES"))["outcome"] == "no_offer"
        assert (await office.report("s1"))["status"] == "exhausted"
        await office.minutes(10)


async def test_a_cancelled_fanout_sends_nothing_more_and_a_post_starts_the_next_generation() -> None:
    """DELETE skips queued messages; the next POST asks again, without those who declined the shift."""
    async with Office(sms_rate=1) as office:
        ann = await office.caregiver("ann", "+15550001")
        bob = await office.caregiver("bob", "+15550002")
        cat = await office.caregiver("cat", "+15550003")
        await office.shift("s1")
        await office.fanout("s1")
        await office.clock.advance(1)
        await office.settled()
        ann.expect_sms()
        bob.expect_sms()
        await ann.replies("NO")
        for _ in range(2):
            response = await office.http.delete("/shifts/s1/fanout")
            assert (response.status_code, response.json()["status"]) == (200, "cancelled")
            assert response.json()["counts"]["skipped"] == 1
        await office.minutes(30)
        cat.expect_nothing()
        again = await office.post("s1")
        assert (again.status_code, again.json()["generation"]) == (202, 2)
        await office.clock.advance(5)
        await office.settled()
        bob.expect_sms()
        cat.expect_sms()
        report = await office.report("s1")
        assert report["excluded"] == [{"caregiver_id": "ann", "reason": "declined"}]
        await office.minutes(10)
        bob.expect_call()
        cat.expect_call()


async def test_a_claimed_shift_cannot_be_cancelled_or_changed() -> None:
    """The answer is a 409, and nothing changes."""
    async with Office() as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("s1")
        assert (await office.http.delete("/shifts/s1/fanout")).status_code == 404
        await office.fanout("s1")
        ann.expect_sms()
        await ann.replies("YES")
        ann.expect_sms()
        before = (await office.http.get("/shifts/s1")).json()
        assert (await office.http.delete("/shifts/s1/fanout")).status_code == 409
        changed = {name: before[name] for name in ("organization_id", "start_time", "end_time")}
        changed["role_required"] = "CNA"
        assert (await office.http.put("/shifts/s1", json=changed)).status_code == 409
        assert (await office.http.get("/shifts/s1")).json() == before
        assert (await office.http.delete("/caregivers/ann")).status_code == 409


async def test_after_the_retention_time_the_details_are_gone_and_the_claim_is_not() -> None:
    """Contacts and responses are deleted; the shift stays claimed, and a POST asks nobody."""
    async with Office(retention=3600) as office:
        ann = await office.caregiver("ann", "+15550001")
        for day, shift_id in ((2, "s1"), (3, "s2")):
            await office.shift(shift_id, day=day)
            await office.fanout(shift_id)
            ann.expect_sms()
        await ann.replies("YES 1", message_id="m1")
        ann.expect_sms("You have it")
        await office.http.delete("/shifts/s2/fanout")
        await office.minutes(59)
        assert (await office.report("s1"))["counts"]["sent"] == 1
        assert (await office.report("s2"))["counts"]["sent"] == 1
        await office.minutes(2)
        assert (await office.http.get("/shifts/s2/fanout")).status_code == 404
        kept = await office.report("s1")
        assert (kept["status"], kept["claimed_by"], kept["contacts"]) == ("claimed", "ann", [])
        assert (await office.post("s1")).status_code == 200
        await office.minutes(60)
        assert (await ann.replies("NO", shift_id="s1"))["outcome"] == "release_requested"
        ann.expect_sms("It's yours until they call")


async def test_nobody_is_always_the_last_one() -> None:
    """Under a rate it matters who comes first: each fanout texts in an order of its own."""
    async with Office(sms_rate=1) as office:
        ids = [f"cg-{n}" for n in range(1, 7)]
        for n, id_ in enumerate(ids):
            await office.caregiver(id_, f"+1555000{n}")
        orders = []
        for day in range(2, 12):
            await office.shift(f"s{day}", day=day)
            known = len(office.notifier.sent)
            await office.fanout(f"s{day}")
            await office.clock.advance(len(ids))
            orders.append([message.caregiver_id for message in office.notifier.sent[known:]])
            await office.http.delete(f"/shifts/s{day}/fanout")
        assert all(sorted(order) == ids for order in orders)
        assert len({order[0] for order in orders}) > 2
        assert len({order[-1] for order in orders}) > 2
        await office.all_read()
