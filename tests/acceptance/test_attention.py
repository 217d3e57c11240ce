"""Each reason for a coordinator to look at a shift, from its cause until it is settled."""

from typing import Any

import pytest
from fakes import raising
from office import NewOffice, Office, Phone

from app.domain.decisions import Message
from app.domain.records import Kind
from app.errors import PermanentFailure, TemporaryFailure


async def reasons(office: Office, shift_id: str = "s1") -> list[tuple[str, str | None]]:
    """The reasons of the shift's fanout and whom each is about, oldest first."""
    return [(one["reason"], one["caregiver_id"]) for one in (await office.report(shift_id))["attention"]]


def refuses(*kinds: Kind) -> Any:
    """A provider that refuses messages of these kinds for good."""

    def behave(message: Message) -> None:
        if message.kind in kinds:
            raise PermanentFailure("HTTP 400")

    return behave


async def test_nobody_left_to_ask_is_settled_by_a_yes(new_office: NewOffice) -> None:
    """`exhausted` holds since the last no, until one of those asked changes their mind."""
    async with new_office() as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.fanout(await office.shift("s1"))
        ann.expect_sms("Open")
        assert await reasons(office) == []
        await office.minutes(1)
        await ann.replies("no")
        (entry,) = (await office.report("s1"))["attention"]
        assert entry == {"reason": "exhausted", "since": "2026-06-01T10:01:00Z", "caregiver_id": None}
        await ann.replies("yes")
        ann.expect_sms("You have it")
        assert await reasons(office) == []


async def test_unanswered_calls_are_due_after_the_same_wait_again(new_office: NewOffice) -> None:
    """Ten minutes after the calls, and not before; a cancellation settles it."""
    async with new_office() as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.fanout(await office.shift("s1"))
        await office.minutes(10)
        ann.expect_sms()
        ann.expect_call()
        await office.minutes(9.9)
        assert await reasons(office) == []
        await office.minutes(0.1)
        assert await reasons(office) == [("unanswered", None)]
        cancelled = await office.http.delete("/shifts/s1/fanout")
        assert cancelled.json()["attention"] == []


async def test_a_shift_that_starts_soon_and_then_ends_unfilled(new_office: NewOffice) -> None:
    """`starts_soon` holds from two hours before the start to the end; then `expired` takes its place."""
    async with new_office(escalate_after=86_400) as office:
        ann = await office.caregiver("ann", "+15550001")
        times: dict[str, Any] = {"start_time": "2026-06-01T13:00:00Z", "end_time": "2026-06-01T14:00:00Z"}
        await office.fanout(await office.shift("s1", **times))
        ann.expect_sms()
        assert await reasons(office) == []
        office.clock.set_forward(59 * 60)
        await office.minutes(1)
        assert (await office.report("s1"))["attention"] == [
            {"reason": "starts_soon", "since": "2026-06-01T11:00:00Z", "caregiver_id": None}
        ]
        office.clock.set_forward(179 * 60)
        await office.minutes(1)
        report = await office.report("s1")
        assert report["status"] == "expired"
        assert report["attention"] == [{"reason": "expired", "since": "2026-06-01T14:00:00Z", "caregiver_id": None}]
        # Somebody looked, and ends it.
        await office.http.delete("/shifts/s1/fanout")
        assert await reasons(office) == []


async def test_a_shift_asked_about_late_starts_soon_at_once(new_office: NewOffice) -> None:
    """The reason holds since the fanout started, not since a time before it."""
    async with new_office() as office:
        times: dict[str, Any] = {"start_time": "2026-06-01T11:00:00Z", "end_time": "2026-06-01T19:00:00Z"}
        ann = await office.caregiver("ann", "+15550001")
        answer = await office.fanout(await office.shift("s1", **times))
        ann.expect_sms()
        assert answer["attention"] == [
            {"reason": "starts_soon", "since": "2026-06-01T10:00:00Z", "caregiver_id": None}
        ]


@pytest.mark.parametrize("settled_by", ["yes", "release"])
async def test_a_holder_who_wants_out(new_office: NewOffice, settled_by: str) -> None:
    """`release_requested` names the holder until they take it back or a coordinator releases them."""
    async with new_office() as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.fanout(await office.shift("s1"))
        await ann.replies("yes")
        await ann.replies("no")
        assert await reasons(office) == [("release_requested", "ann")]
        if settled_by == "yes":
            await ann.replies("yes")
        else:
            await office.release("s1")
        await office.all_read()
        assert await reasons(office) == []


async def test_a_reply_that_is_not_understood_is_settled_by_a_clear_one(new_office: NewOffice) -> None:
    """`unrecognized` names the caregiver, and a clear no of theirs settles it; another's question stays."""
    async with new_office() as office:
        ann = await office.caregiver("ann", "+15550001")
        bob = await office.caregiver("bob", "+15550002")
        await office.fanout(await office.shift("s1"))
        await ann.replies("What does it pay?")
        await office.minutes(1)
        await bob.replies("Is there parking?")
        assert await reasons(office) == [("unrecognized", "ann"), ("unrecognized", "bob")]
        await ann.replies("no")
        assert await reasons(office) == [("unrecognized", "bob")]
        await bob.replies("yes")
        assert await reasons(office) == []
        await office.all_read()


async def test_a_second_thought_after_a_no_is_seen(new_office: NewOffice) -> None:
    """Words after a no that are not understood are asked back, and a coordinator sees them."""
    async with new_office() as office:
        ann = await office.caregiver("ann", "+15550001")
        bob = await office.caregiver("bob", "+15550002")
        await office.fanout(await office.shift("s1"))
        await office.all_read()
        assert (await ann.replies("no"))["outcome"] == "declined"
        answer = await ann.replies("Hold on, how many patients would it be?")
        assert (answer["outcome"], answer["shift_id"]) == ("unrecognized", "s1")
        ann.expect_sms("YES")
        assert await reasons(office) == [("unrecognized", "ann")]
        assert (await ann.replies("YES"))["outcome"] == "claimed"
        ann.expect_sms("You have it")
        bob.expect_nothing()


@pytest.mark.parametrize(
    "words", ["stuck in traffic, will be 40 min late", "is the family ok with my dog?", "See you on Friday"]
)
@pytest.mark.parametrize("settled_by", ["yes", "no", "release"])
async def test_a_holder_who_was_not_understood(new_office: NewOffice, words: str, settled_by: str) -> None:
    """They may be late, or not come at all: a coordinator sees it, and the holder gets no question."""
    async with new_office() as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.fanout(await office.shift("s1"))
        await ann.replies("yes")
        await office.all_read()
        for _ in range(2):
            answer = await ann.replies(words)
            assert (answer["outcome"], answer["shift_id"], answer["reply"]) == ("unrecognized", "s1", None)
            assert await reasons(office) == [("unrecognized", "ann")]
        # Thanks settle nothing.
        await ann.replies("ok thanks")
        assert await reasons(office) == [("unrecognized", "ann")]
        if settled_by == "release":
            await office.release("s1")
        else:
            await ann.replies(settled_by)
        assert await reasons(office) == ([("release_requested", "ann")] if settled_by == "no" else [])
        await office.all_read()


@pytest.mark.parametrize(
    "words", ["ok thanks", "thank you so much!! 😊", "👍", "got it", "see you then", 'Liked "You have it"']
)
async def test_the_thanks_of_a_holder_are_no_reason(new_office: NewOffice, words: str) -> None:
    """Most holders say thanks for the confirmation. Nothing is sent back."""
    async with new_office() as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.fanout(await office.shift("s1"))
        await ann.replies("yes")
        await office.all_read()
        assert (await ann.replies(words))["reply"] is None
        assert await reasons(office) == []


async def test_the_words_of_somebody_with_two_shifts(new_office: NewOffice) -> None:
    """Thanks are no reason to ask which shift they mean. Of other words nobody knows which: both shifts show it."""
    async with new_office() as office:
        ann = await office.caregiver("ann", "+15550001")
        for day, shift_id in enumerate(("s1", "s2"), start=2):
            await office.assign(await office.shift(shift_id, day=day), "ann")
        await office.all_read()
        assert (await ann.replies("ok thanks"))["reply"] is None
        assert [await reasons(office, shift_id) for shift_id in ("s1", "s2")] == [[], []]
        assert (await ann.replies("is there parking?"))["reply"] is None
        for shift_id in ("s1", "s2"):
            assert await reasons(office, shift_id) == [("unrecognized", "ann")]
        await ann.replies("yes", shift_id="s1")
        assert [await reasons(office, shift_id) for shift_id in ("s1", "s2")] == [[], []]


async def test_words_after_the_end_of_a_shift_are_no_reason(new_office: NewOffice) -> None:
    """Nobody can be late any more."""
    async with new_office() as office:
        ann = await office.caregiver("ann", "+15550001")
        times: dict[str, Any] = {"start_time": "2026-06-01T13:00:00Z", "end_time": "2026-06-01T14:00:00Z"}
        await office.assign(await office.shift("s1", **times), "ann")
        await office.all_read()
        await office.minutes(241)
        assert (await ann.replies("what a day"))["outcome"] == "unrecognized"
        assert (await ann.replies("what a day", shift_id="s1"))["outcome"] == "unrecognized"
        assert await reasons(office) == []


@pytest.mark.parametrize("kind", [Kind.CONFIRMATION, Kind.RELEASED])
async def test_a_caregiver_who_could_not_be_told(new_office: NewOffice, kind: Kind) -> None:
    """`not_told` stands, with the fate of the notice, until a no shows that they know, or the shift is over."""
    async with new_office() as office:
        ann = await office.caregiver("ann", "+15550001")
        times: dict[str, Any] = {"start_time": "2026-06-03T08:00:00Z", "end_time": "2026-06-03T16:00:00Z"}
        await office.fanout(await office.shift("s1", **times))
        ann.expect_sms()
        office.notifier.behaviour = refuses(kind)
        await ann.replies("yes")
        if kind is Kind.RELEASED:
            ann.expect_sms("You have it")
            await office.minutes(1)
            await office.release("s1")
            await office.settled()
        (failed,) = [one for one in (await office.report("s1"))["notices"] if one["kind"] == kind]
        assert (failed["caregiver_id"], failed["status"], failed["attempts"]) == ("ann", "failed", 1)
        assert failed["error"] == "HTTP 400"
        assert await reasons(office) == [("not_told", "ann")]
        if kind is Kind.CONFIRMATION:
            await office.minutes(1)
            for words, outcome in (("YES", "already_yours"), ("hello?", "unrecognized")):
                assert (await ann.replies(words))["outcome"] == outcome
                ann.expect_nothing()
                assert ("not_told", "ann") in await reasons(office)
            await ann.replies("no, I can't")
            assert await reasons(office) == [("release_requested", "ann")]
            await ann.replies("yes")
        else:
            # Nobody can say that ann knows now, until the shift is over.
            await office.days(3)
        assert await reasons(office) == []
        await office.all_read()


@pytest.mark.parametrize("kind", [Kind.CONFIRMATION, Kind.RELEASED])
@pytest.mark.parametrize("words", ["yes", "no", "she will think about it"])
async def test_an_answer_that_the_office_records_settles_that_somebody_was_not_told(
    new_office: NewOffice, kind: Kind, words: str
) -> None:
    """Whoever recorded it has talked to the caregiver."""
    async with new_office() as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.fanout(await office.shift("s1"))
        ann.expect_sms()
        office.notifier.behaviour = refuses(kind)
        await ann.replies("yes")
        if kind is Kind.RELEASED:
            await office.release("s1")
            await office.settled()
        assert await reasons(office) == [("not_told", "ann")]
        await office.minutes(1)
        await office.inbound("+15550001", words, recorded_by="Kim", shift_id="s1")
        await office.settled()
        assert "not_told" not in {reason for reason, _ in await reasons(office)}
        (settled,) = [one for one in (await office.report("s1"))["notices"] if one["kind"] == kind]
        assert (settled["status"], settled["error"]) == ("skipped", "told by the office")
        await office.all_read()


async def test_what_was_not_told_and_is_not_true_any_more_needs_nobody(new_office: NewOffice) -> None:
    """Ann was told that she has the shift, not that she lost it, and has it again: no text is missing."""
    async with new_office() as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("s1")
        await office.assign("s1", "ann")
        await office.settled()
        ann.expect_sms("You have it")
        office.notifier.behaviour = refuses(Kind.RELEASED)
        await office.release("s1")
        await office.settled()
        assert await reasons(office) == [("not_told", "ann")]
        await office.assign("s1", "ann")
        await office.settled()
        assert await reasons(office) == []


async def test_a_text_that_was_not_needed_is_missing_once_the_earlier_one_has_failed(new_office: NewOffice) -> None:
    """The second release was not told, because the first one was. Then the gateway reports that this one is lost.

    Ann's answer in between was about the time when she had the shift.
    """
    async with new_office() as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("s1")
        await office.assign("s1", "ann")
        await office.minutes(1)
        ann.expect_sms("You have it")
        await office.release("s1")
        await office.settled()
        told = ann.expect_sms("You no longer have")
        office.notifier.behaviour = refuses(Kind.CONFIRMATION, Kind.RELEASE_REQUESTED)
        await office.minutes(1)
        await office.assign("s1", "ann")
        await office.settled()
        assert (await ann.replies("NO", shift_id="s1"))["outcome"] == "release_requested"
        await office.minutes(1)
        await office.release("s1")
        await office.settled()
        ann.expect_nothing()
        assert await reasons(office) == []
        await office.http.post("/messages/status", json={"id": told.id, "status": "failed"})
        assert await reasons(office) == [("not_told", "ann")]


async def test_a_yes_before_the_confirmation_failed_tells_nobody(new_office: NewOffice) -> None:
    """The second yes came while the provider was away; an hour later the confirmation is given up."""

    def away(_: Message) -> None:
        raise TemporaryFailure("HTTP 503")

    async with new_office() as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.fanout(await office.shift("s1"))
        ann.expect_sms()
        office.notifier.behaviour = away
        await ann.replies("yes")
        await office.minutes(1)
        await ann.replies("yes")
        assert await reasons(office) == []
        await office.minutes(62)
        assert await reasons(office) == [("not_told", "ann")]


async def test_a_holder_who_opted_out_is_released_and_somebody_must_call_them(new_office: NewOffice) -> None:
    """The notice is skipped because of the opt-out; only a person can tell them."""
    async with new_office() as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.fanout(await office.shift("s1"))
        await ann.replies("yes")
        await ann.replies("STOP")
        await office.all_read()
        assert await reasons(office) == []
        await office.release("s1")
        await office.settled()
        ann.expect_nothing()
        assert await reasons(office) == [("not_told", "ann")]


async def test_a_holder_whose_role_changes(new_office: NewOffice) -> None:
    """The record may change; `not_qualified` shows it until the role fits again or the shift goes to another."""
    async with new_office() as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.fanout(await office.shift("s1"))
        await ann.replies("yes")
        await office.all_read()
        await office.caregiver("ann", "+15550001", role="LPN")
        assert (await office.http.get("/shifts/s1")).json()["assigned_to"] == "ann"
        assert await reasons(office) == [("not_qualified", "ann")]
        await office.caregiver("ann", "+15550001")
        assert await reasons(office) == []
        await office.caregiver("ann", "+15550001", organization_id="elsewhere")
        assert await reasons(office) == [("not_qualified", "ann")]
        await office.release("s1")
        await office.all_read()
        assert await reasons(office) == []


async def test_every_offer_failed(new_office: NewOffice) -> None:
    """`undelivered` holds if every offer failed, and not if one got through."""
    async with new_office() as office:
        office.notifier.behaviour = raising(PermanentFailure("HTTP 400"), PermanentFailure("HTTP 422"))
        ann = await office.caregiver("ann", "+15550001")
        await office.caregiver("bob", "+15550002")
        await office.fanout(await office.shift("s1"))
        report = await office.report("s1")
        assert sorted(one["error"] for one in report["contacts"]) == ["HTTP 400", "HTTP 422"]
        assert await reasons(office) == [("undelivered", None)]
        # The calls get through.
        await office.minutes(10)
        assert await reasons(office) == []
        await office.all_read()
        ann.expect_nothing()


async def test_a_yes_of_somebody_who_opted_out(new_office: NewOffice) -> None:
    """It claims nothing and is answered once a day; a coordinator sees it until the caregiver opts in again."""
    async with new_office(escalate_after=3 * 86_400) as office:
        ann = await office.caregiver("ann", "+15550001")
        await ann.replies("STOP")
        await office.fanout(await office.shift("s1"))
        ann.expect_sms("START")
        for answered in (True, False):
            answer = await ann.replies("YES")
            assert answer["outcome"] == "opted_out"
            assert (answer["reply"] is not None) is answered
        ann.expect_sms("Text START first")
        assert await reasons(office) == [("exhausted", None), ("opted_out_yes", "ann")]
        await office.days(1)
        assert (await ann.replies("YES"))["reply"] is not None
        ann.expect_sms("Text START first")
        await ann.replies("START")
        ann.expect_sms("back on the list")
        # Somebody is left who could accept, so nothing needs a person.
        assert (await office.report("s1"))["status"] == "open"
        assert await reasons(office) == []
        assert (await ann.replies("YES"))["outcome"] == "claimed"
        ann.expect_sms("You have it")


async def test_the_oldest_reason_comes_first(new_office: NewOffice) -> None:
    """A list of reasons is in the order in which they came up."""
    async with new_office() as office:
        ann = await office.caregiver("ann", "+15550001")
        bob = await office.caregiver("bob", "+15550002")
        await office.fanout(await office.shift("s1"))
        await office.minutes(1)
        await bob.replies("how far is it?")
        await office.minutes(30)
        await ann.replies("who is this?")
        await office.all_read()
        assert await reasons(office) == [("unrecognized", "bob"), ("unanswered", None), ("unrecognized", "ann")]


async def test_offers_that_were_not_tried_do_not_hide_that_every_other_failed(new_office: NewOffice) -> None:
    """A text that the call took the place of was not tried; every message that was tried failed."""
    async with new_office(sms_rate=0.005, escalate_after=60) as office:
        office.notifier.behaviour = refuses(Kind.OFFER)
        for n in range(3):
            await office.caregiver(f"cg-{n}", f"+1555000{n}")
        await office.fanout(await office.shift("s1"))
        await office.minutes(1.5)
        counts = (await office.report("s1"))["counts"]
        assert (counts["failed"], counts["skipped"]) == (4, 2)
        assert await reasons(office) == [("undelivered", None)]


async def holding_two(office: Office) -> Phone:
    """Ann has two shifts; every message is read."""
    ann = await office.caregiver("ann", "+15550001")
    for n in (1, 2):
        await office.shift(f"s{n}", day=2 + n)
        await office.assign(f"s{n}", "ann")
    await office.all_read()
    return ann


async def test_a_no_that_is_asked_back_in_vain_is_seen_on_each_shift_that_it_may_mean(new_office: NewOffice) -> None:
    """Ann has two shifts and says no twice: somebody must find out which one she gives back."""
    async with new_office() as office:
        ann = await holding_two(office)
        for known in ([], [("unrecognized", "ann")]):
            assert (await ann.replies("NO"))["outcome"] == "ambiguous"
            ann.expect_sms("NO", "number")
            assert await reasons(office, "s1") == await reasons(office, "s2") == known
        assert (await ann.replies("NO 1"))["outcome"] == "release_requested"
        ann.expect_sms()
        assert await reasons(office, "s1") == [("release_requested", "ann")]
        assert await reasons(office, "s2") == []


async def test_a_no_that_gets_no_answer_any_more_is_seen(new_office: NewOffice) -> None:
    """Three texts within the hour were enough for a machine: the next no of a holder goes to a person."""
    async with new_office() as office:
        ann = await holding_two(office)
        for _ in range(3):
            await ann.replies("HELP")
        assert (await ann.replies("NO"))["reply"] is None
        assert await reasons(office, "s1") == await reasons(office, "s2") == [("unrecognized", "ann")]
        await office.all_read()


@pytest.mark.parametrize("words", ["NO", "Wrong number, who is this?"])
async def test_a_holder_who_cannot_be_answered_is_seen(new_office: NewOffice, words: str) -> None:
    """After a STOP no text goes out, and a stranger has the confirmation: only a person can settle it."""
    async with new_office() as office:
        ann = await holding_two(office)
        if words == "NO":
            await ann.replies("STOP")
        await ann.replies(words)
        assert await reasons(office, "s1") == await reasons(office, "s2") == [("unrecognized", "ann")]
        await office.all_read()


async def test_a_no_takes_back_the_yes_of_somebody_who_opted_out(new_office: NewOffice) -> None:
    """Nobody needs to look at a yes that its sender has taken back."""
    async with new_office() as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.caregiver("bob", "+15550002")
        await office.fanout(await office.shift("s1"))
        await ann.replies("STOP")
        await ann.replies("YES")
        assert await reasons(office) == [("opted_out_yes", "ann")]
        await ann.replies("NO")
        assert await reasons(office) == []
        await office.all_read()


async def test_the_dialogue_that_the_texts_ask_for_is_answered_to_its_end(new_office: NewOffice) -> None:
    """STOP, YES, START, YES: the last yes could mean two offers, and it is asked back."""
    async with new_office() as office:
        ann = await office.caregiver("ann", "+15550001")
        for n in (1, 2):
            await office.fanout(await office.shift(f"s{n}", day=2 + n))
        for words in ("STOP", "YES", "START", "YES"):
            answer = await ann.replies(words)
            assert answer["reply"] is not None, words
        await office.all_read()
