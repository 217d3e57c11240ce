"""Numbers, people and machines: whose message it is, wrong numbers, consent, and answers without words."""

from typing import Any

import pytest
from office import NewOffice


async def test_message_ids_belong_to_their_sender_and_channel(new_office: NewOffice) -> None:
    """Two phones that count their messages from one, and a call gateway of its own: four different messages."""
    async with new_office() as office:
        ann = await office.caregiver("ann", "+15550001")
        bob = await office.caregiver("bob", "+15550002")
        await office.fanout(await office.shift("s1"))
        await office.all_read()
        assert (await ann.replies("NO", message_id="41"))["outcome"] == "declined"
        assert (await bob.replies("YES", message_id="41"))["caregiver_id"] == "bob"
        bob.expect_sms("You have it")
        on_a_call = await bob.replies("2", message_id="41", channel="voice", shift_id="s1")
        assert on_a_call["outcome"] == "release_requested"
        bob.expect_sms()
        # A STOP counts even if its id was used before by the same phone, and done again it changes nothing.
        for answered in (True, False):
            stop = await bob.replies("STOP", message_id="41")
            assert (stop["outcome"], stop["reply"] is not None) == ("opted_out", answered)
        assert (await office.http.get("/caregivers/bob")).json()["opted_out"] is True
        bob.expect_sms("START")
        assert (await ann.replies("YES", message_id="41"))["outcome"] == "declined"


async def test_a_wrong_number_hears_one_apology_and_nothing_more(new_office: NewOffice) -> None:
    """No text and no call goes there; the record says why; another number of the caregiver ends it."""
    async with new_office() as office:
        stranger = await office.caregiver("ann", "+15550001")
        bob = await office.caregiver("bob", "+15550002")
        await office.fanout(await office.shift("s1"))
        stranger.expect_sms()
        bob.expect_sms()
        answer = await stranger.replies("Wrong number")
        assert (answer["outcome"], answer["reply"] is not None) == ("wrong_number", True)
        stranger.expect_sms("Sorry")
        again = await stranger.replies("I said wrong number!!")
        assert (again["outcome"], again["reply"]) == ("wrong_number", None)
        await office.minutes(10)
        bob.expect_call()
        await office.fanout(await office.shift("s2", day=5))
        bob.expect_sms()
        stranger.expect_nothing()
        excluded = (await office.report("s2"))["excluded"]
        assert excluded == [{"caregiver_id": "ann", "reason": "wrong_number"}]
        ann = await office.caregiver("ann", "+15550003")
        await office.fanout(await office.shift("s3", day=6))
        ann.expect_sms()
        bob.expect_sms()
        stranger.expect_nothing()


async def test_the_office_opts_a_number_in_again(new_office: NewOffice) -> None:
    """After a STOP or a wrong number the office may record a new consent; offers then count again."""
    async with new_office() as office:
        ann = await office.caregiver("ann", "+15550001")
        await ann.replies("STOP")
        ann.expect_sms()
        await office.fanout(await office.shift("s1"))
        assert (await office.http.get("/caregivers/ann")).json()["opted_out"] is True
        for _ in range(2):
            answer = await office.http.post("/caregivers/ann/opt-in")
            assert (answer.status_code, answer.json()["opted_out"]) == (200, False)
        assert (await ann.replies("YES"))["outcome"] == "claimed"
        ann.expect_sms("You have it")
        assert (await office.http.post("/caregivers/nobody/opt-in")).status_code == 404


async def test_two_machines_that_answer_each_other_come_to_an_end(new_office: NewOffice) -> None:
    """At most three automatic answers an hour go to one number; then silence, and a coordinator sees it."""
    async with new_office(escalate_after=7200) as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.fanout(await office.shift("s1"))
        ann.expect_sms()
        replies = [(await ann.replies("HELP"))["reply"] for _ in range(6)]
        assert [reply is not None for reply in replies] == [True] * 3 + [False] * 3
        for _ in range(3):
            ann.expect_sms("call the office")
        ann.expect_nothing()
        assert [one["reason"] for one in (await office.report("s1"))["attention"]] == ["unrecognized"]
        office.clock.set_forward(61 * 60)
        assert (await ann.replies("HELP"))["reply"] is not None
        ann.expect_sms("call the office")
        # A clear answer still works, and is answered.
        assert (await ann.replies("YES"))["outcome"] == "claimed"
        ann.expect_sms("You have it")


@pytest.mark.parametrize("words", ["START", "HELP", "STOP", "I am driving, I will call you back"])
async def test_every_automatic_answer_is_limited(new_office: NewOffice, words: str) -> None:
    """Whatever a machine keeps sending: no more than three texts to it within the hour."""
    async with new_office(escalate_after=7200) as office:
        ann = await office.caregiver("ann", "+15550001")
        for n in range(8):
            await office.fanout(await office.shift(f"s{n}", day=2 + n))
        await office.all_read()
        for n in range(8):
            await ann.replies(words, message_id=f"m{n}")
            await office.clock.advance(1)
        assert len(ann.unread) <= 3
        await office.all_read()


@pytest.mark.parametrize("body", ["", "   ", "\n"])
async def test_a_call_without_an_answer_changes_nothing(new_office: NewOffice, body: str) -> None:
    """`no_answer`, about the shift of the call; no text follows; a later yes still wins."""
    async with new_office() as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.fanout(await office.shift("s1"))
        await office.minutes(10)
        await office.all_read()
        answer = await ann.replies(body, channel="voice")
        assert (answer["outcome"], answer["shift_id"], answer["reply"]) == ("no_answer", "s1", None)
        ann.expect_nothing()
        assert (await office.report("s1"))["responses"] == []
        assert (await ann.replies("1", channel="voice"))["outcome"] == "claimed"
        ann.expect_sms("You have it")


async def test_a_caregiver_with_a_shift_to_come_is_not_deleted(new_office: NewOffice) -> None:
    """409 with the person's name; after the shift has ended they can be deleted."""
    async with new_office() as office:
        await office.caregiver("ann", "+15550001")
        times: dict[str, Any] = {"start_time": "2026-06-01T12:00:00Z", "end_time": "2026-06-01T14:00:00Z"}
        await office.shift("s1", **times)
        await office.assign("s1", "ann")
        await office.all_read()
        refused = await office.http.delete("/caregivers/ann")
        assert (refused.status_code, "Name of ann" in refused.json()["detail"]) == (409, True)
        office.clock.set_forward(250 * 60)
        assert (await office.http.delete("/caregivers/ann")).status_code == 204
