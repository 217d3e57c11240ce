"""Rules of inbound messages that hold whatever the words are: empty answers, ids, limits, changed facts, the end."""

import pytest
from office import Office

ANN, BOB = "+15555550101", "+15555550102"


@pytest.mark.parametrize("body", ["", "  ", "\n"])
async def test_a_call_without_an_answer_says_nothing(body: str) -> None:
    """It is `no_answer`: nothing is sent back, and the offer stays open."""
    async with Office() as office:
        ann = await office.caregiver("ann", ANN)
        await office.shift("s1")
        await office.fanout("s1")
        ann.expect_sms()
        await office.minutes(10)
        ann.expect_call()
        answer = await ann.replies(body, channel="voice")
        assert (answer["outcome"], answer["reply"], answer["caregiver_id"]) == ("no_answer", None, "ann")
        ann.expect_nothing()
        assert (await ann.replies("1", channel="voice"))["outcome"] == "claimed"
        ann.expect_sms("You have it")


async def test_an_empty_text_is_no_missed_call() -> None:
    """An empty text message is asked back like other words that say neither yes nor no."""
    async with Office() as office:
        ann = await office.caregiver("ann", ANN)
        await office.shift("s1")
        await office.fanout("s1")
        ann.expect_sms()
        assert (await ann.replies(""))["outcome"] == "unrecognized"
        ann.expect_sms()


async def test_a_key_on_a_call_is_about_the_last_call() -> None:
    """Keys mean yes and no; which shift is meant, the call itself says."""
    async with Office() as office:
        ann = await office.caregiver("ann", ANN)
        for day, shift_id in ((2, "s1"), (4, "s2")):
            await office.shift(shift_id, day=day)
            await office.fanout(shift_id)
            await office.minutes(1)
        await office.minutes(10)
        (last,) = [one.shift_id for one in list(ann.unread)[-1:]]
        answer = await ann.replies("2", channel="voice")
        assert (answer["outcome"], answer["shift_id"]) == ("declined", last)
        await office.all_read()


async def test_a_message_id_belongs_to_its_sender_and_channel() -> None:
    """The same id from another number or channel is another message; from the same it gets the first answer again."""
    async with Office() as office:
        await office.caregiver("ann", ANN)
        await office.caregiver("bob", BOB)
        await office.shift("s1")
        await office.fanout("s1")
        first = await office.inbound(ANN, "NO", message_id="m1")
        assert first["outcome"] == "declined"
        assert await office.inbound(ANN, "YES", message_id="m1") == first
        bobs = await office.inbound(BOB, "YES", message_id="m1")
        assert (bobs["outcome"], bobs["caregiver_id"]) == ("claimed", "bob")
        called = await office.inbound(ANN, "1", message_id="m1", channel="voice")
        assert called["outcome"] == "already_claimed"
        await office.all_read()


async def test_a_shift_id_decides_over_the_number_in_the_text() -> None:
    """What the gateway knows goes before what the caregiver wrote."""
    async with Office() as office:
        ann = await office.caregiver("ann", ANN)
        for day, shift_id in ((2, "s1"), (4, "s2")):
            await office.shift(shift_id, day=day)
            await office.fanout(shift_id)
        choices = (await ann.replies("YES"))["choices"]
        assert [set(one) for one in choices] == [{"shift_id", "code", "summary"}] * 2
        other = next(one["code"] for one in choices if one["shift_id"] == "s2")
        answer = await ann.replies(f"YES {other}", shift_id="s1")
        assert (answer["outcome"], answer["shift_id"]) == ("claimed", "s1")
        assert "choices" not in answer
        await office.all_read()


async def test_a_yes_to_what_has_changed_is_asked_back() -> None:
    """A nurse who read of eight o'clock has not said yes to nine."""
    async with Office() as office:
        ann = await office.caregiver("ann", ANN)
        await office.shift("s1", hours="08-16")
        await office.fanout("s1")
        ann.expect_sms("8:00 AM")
        await office.http.delete("/shifts/s1/fanout")
        await office.shift("s1", hours="09-17")
        office.notifier.takes_s = 60
        await office.post("s1")
        answer = await office.inbound(ANN, "YES")
        assert (answer["outcome"], answer["shift_id"]) == ("unrecognized", "s1")
        assert "9:00 AM" in answer["reply"]
        await office.minutes(2)
        assert (await ann.replies("YES"))["outcome"] == "claimed"
        await office.minutes(2)
        await office.all_read()


async def test_automatic_answers_end() -> None:
    """Two machines that answer each other stop after three answers within an hour."""
    async with Office() as office:
        ann = await office.caregiver("ann", ANN)
        replies = [(await ann.replies("HELP"))["reply"] for _ in range(5)]
        assert [reply is not None for reply in replies] == [True, True, True, False, False]
        assert len(ann.unread) == 3
        await office.minutes(61)
        assert (await ann.replies("HELP"))["reply"] is not None
        await office.all_read()


async def test_somebody_opted_out_is_told_once_a_day_how_to_accept() -> None:
    """A clear yes neither claims nor opts in; other words are not answered."""
    async with Office() as office:
        ann = await office.caregiver("ann", ANN)
        await office.shift("s1")
        await office.fanout("s1")
        ann.expect_sms()
        await ann.replies("STOP")
        ann.expect_sms("START")
        for body, told in (("ok thanks", False), ("YES", True), ("YES", False)):
            answer = await ann.replies(body)
            assert (answer["outcome"], answer["reply"] is not None) == ("opted_out", told)
        ann.expect_sms("START")
        assert (await office.http.get("/shifts/s1")).json()["assigned_to"] is None


async def test_a_yes_after_the_end_of_the_shift_is_too_late() -> None:
    """It is told that the shift is no longer open, and nobody gets it."""
    async with Office() as office:
        ann = await office.caregiver("ann", ANN)
        await office.shift("s1", start_time="2026-06-01T12:00:00Z", end_time="2026-06-01T13:00:00Z")
        await office.fanout("s1")
        await office.minutes(181)
        await office.all_read()
        answer = await ann.replies("YES")
        assert answer["outcome"] == "already_claimed"
        ann.expect_sms("no longer open")
        shift = (await office.http.get("/shifts/s1")).json()
        assert (shift["status"], shift["assigned_to"]) == ("open", None)
