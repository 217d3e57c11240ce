"""The brief, one test for each sentence, over the whole service and on both stores."""

import asyncio
from collections import Counter

from office import NewOffice, Office

from app.domain.records import Kind


async def three_nurses(office: Office) -> None:
    """Put three RNs, one CNA and an open RN shift on record."""
    await office.caregiver("ann", "+15550001")
    await office.caregiver("bob", "+15550002")
    await office.caregiver("cat", "+15550003")
    await office.caregiver("dan", "+15550004", role="CNA")
    await office.shift("s1")


async def test_sms_goes_out_at_once_to_everybody_of_the_role_and_to_nobody_else(new_office: NewOffice) -> None:
    """The first round texts every caregiver with the required role, and only those."""
    async with new_office() as office:
        await three_nurses(office)
        await office.fanout("s1")
        for number in ("+15550001", "+15550002", "+15550003"):
            office.phone(number).expect_sms("RN", "Thu Jul 2", "8:00 AM-4:00 PM UTC", "YES", "NO")
        office.phone("+15550004").expect_nothing()


async def test_after_ten_minutes_without_a_yes_everybody_is_called_once(new_office: NewOffice) -> None:
    """The voice round starts exactly ten minutes after the POST, and calls each caregiver once."""
    async with new_office() as office:
        await three_nurses(office)
        await office.fanout("s1")
        phones = [office.phone(f"+1555000{n}") for n in (1, 2, 3)]
        for phone in phones:
            phone.expect_sms()
        await office.minutes(9.999)
        for phone in phones:
            phone.expect_nothing()
        await office.minutes(0.001)
        for phone in phones:
            phone.expect_call("RN", "press 1")
        await office.minutes(60)
        await office.days(1)
        for phone in phones:
            phone.expect_nothing()
        report = await office.report("s1")
        assert (report["round"], report["status"]) == ("voice", "open")
        assert report["counts"]["sent"] == 6


async def test_a_yes_within_ten_minutes_stops_the_escalation(new_office: NewOffice) -> None:
    """After a claim nobody is called."""
    async with new_office() as office:
        await three_nurses(office)
        await office.fanout("s1")
        for number in ("+15550001", "+15550002", "+15550003"):
            office.phone(number).expect_sms()
        answer = await office.phone("+15550002").replies("yes")
        assert (answer["outcome"], answer["caregiver_id"], answer["shift_id"]) == ("claimed", "bob", "s1")
        confirmation = office.phone("+15550002").expect_sms("You have it", "RN", "Thu Jul 2")
        assert confirmation.body == answer["reply"]
        await office.minutes(60)


async def test_a_yes_on_the_phone_takes_the_shift(new_office: NewOffice) -> None:
    """A pressed key claims the shift like a text, and the channel is recorded."""
    async with new_office() as office:
        await office.caregiver("ann", "+15550001")
        await office.shift("s1")
        await office.fanout("s1")
        ann = office.phone("+15550001")
        ann.expect_sms()
        await office.minutes(10)
        ann.expect_call()
        answer = await ann.replies("1", channel="voice")
        assert answer["outcome"] == "claimed"
        ann.expect_sms("You have it")
        assert (await office.report("s1"))["claimed_via"] == "voice"


async def test_the_first_to_accept_gets_the_shift_and_the_others_hear_it_when_they_answer(
    new_office: NewOffice,
) -> None:
    """The first yes gets the shift; a later one is `already_claimed` and gets one friendly text."""
    async with new_office() as office:
        await three_nurses(office)
        await office.fanout("s1")
        ann, bob, cat = (office.phone(f"+1555000{n}") for n in (1, 2, 3))
        for phone in (ann, bob, cat):
            phone.expect_sms()
        assert (await bob.replies("YES"))["outcome"] == "claimed"
        bob.expect_sms("You have it")
        assert (await ann.replies("YES"))["outcome"] == "already_claimed"
        ann.expect_sms("no longer open")
        assert (await ann.replies("yes please"))["outcome"] == "already_claimed"
        cat.expect_nothing()
        shift = (await office.http.get("/shifts/s1")).json()
        assert (shift["status"], shift["assigned_to"]) == ("claimed", "bob")


async def test_a_hundred_acceptances_at_once_have_one_winner(new_office: NewOffice) -> None:
    """Of a hundred simultaneous yeses one is `claimed` and the others are `already_claimed`."""
    async with new_office() as office:
        await asyncio.gather(*(office.caregiver(f"cg-{n}", f"+1555555{n:04}") for n in range(100)))
        await office.shift("s1")
        await office.post("s1")
        answers = await asyncio.gather(*(office.inbound(f"+1555555{n:04}", "YES") for n in range(100)))
        assert Counter(answer["outcome"] for answer in answers) == {"claimed": 1, "already_claimed": 99}
        await office.minutes(30)
        kinds = Counter(message.kind for message in office.notifier.sent)
        assert (kinds[Kind.CONFIRMATION], kinds[Kind.CLOSED]) == (1, 99)
        await office.all_read()


async def test_posting_the_same_fanout_again_sends_nothing(new_office: NewOffice) -> None:
    """Thirty simultaneous posts, and more later, start one fanout and send each caregiver one message a round."""
    async with new_office() as office:
        await three_nurses(office)
        responses = await asyncio.gather(*(office.post("s1") for _ in range(30)))
        assert sorted(response.status_code for response in responses) == [200] * 29 + [202]
        await office.settled()
        assert (await office.post("s1")).status_code == 200
        await office.minutes(10)
        assert (await office.post("s1")).status_code == 200
        await office.minutes(10)
        sent = Counter((message.to, message.channel) for message in office.notifier.sent)
        assert set(sent.values()) == {1}
        assert len(sent) == 6
        await office.phone("+15550001").replies("YES")
        assert (await office.post("s1")).status_code == 200
        await office.minutes(30)
        assert len(office.notifier.sent) == 7
        await office.all_read()


async def test_the_post_answers_before_anything_is_sent(new_office: NewOffice) -> None:
    """The POST is answered before the first message is handed over."""
    async with new_office() as office:
        await three_nurses(office)
        response = await office.post("s1")
        assert response.status_code == 202
        assert office.notifier.attempts == []
        await office.settled()
        assert len(office.notifier.attempts) == 3
        await office.settled()
        for number in ("+15550001", "+15550002", "+15550003"):
            office.phone(number).expect_sms()


async def test_sms_go_out_side_by_side(new_office: NewOffice) -> None:
    """A round of slow messages takes as long as one message, not as long as all of them."""
    async with new_office() as office:
        office.notifier.takes_s = 1.0
        await asyncio.gather(*(office.caregiver(f"cg-{n}", f"+1555555{n:04}") for n in range(200)))
        await office.shift("s1")
        await office.fanout("s1")
        assert office.notifier.sent == []
        await office.clock.advance(1)
        assert len(office.notifier.sent) == 200
        await office.all_read()


async def test_health_answers_ok(new_office: NewOffice) -> None:
    """`GET /health` is 200 and exactly the object of the task description."""
    async with new_office() as office:
        response = await office.http.get("/health")
        assert (response.status_code, response.json()) == (200, {"status": "ok"})
