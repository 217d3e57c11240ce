"""Every outcome of an inbound message, over the whole service."""

import asyncio
from typing import Any

import pytest
from office import NewOffice, Office, Phone


async def offered(office: Office, *shifts: str, number: str = "+15550001", **fields: Any) -> Phone:
    """Put one RN who is texted about these shifts, each on another day; returns their phone."""
    phone = await office.caregiver("ann", number, **fields)
    for day, shift_id in enumerate(shifts, start=2):
        await office.shift(shift_id, day=day)
        await office.fanout(shift_id)
        phone.expect_sms()
    return phone


async def test_a_second_yes_is_already_yours_and_gets_no_message() -> None:
    """A second yes of the holder changes nothing."""
    async with Office() as office:
        ann = await offered(office, "s1")
        await ann.replies("YES")
        ann.expect_sms("You have it")
        answer = await ann.replies("YES")
        assert (answer["outcome"], answer["shift_id"], answer["reply"]) == ("already_yours", "s1", None)


async def test_a_no_is_final_for_the_round_and_the_calls() -> None:
    """A caregiver who declined is not called."""
    async with Office() as office:
        ann = await office.caregiver("ann", "+15550001")
        bob = await office.caregiver("bob", "+15550002")
        await office.shift("s1")
        await office.fanout("s1")
        ann.expect_sms()
        bob.expect_sms()
        answer = await ann.replies("No, sorry")
        assert (answer["outcome"], answer["reply"]) == ("declined", None)
        await office.minutes(10)
        bob.expect_call()
        ann.expect_nothing()


async def test_a_decliner_who_changes_their_mind_may_still_claim() -> None:
    """A yes after a no claims the shift if nobody else has it."""
    async with Office() as office:
        ann = await offered(office, "s1")
        await ann.replies("no")
        assert (await office.report("s1"))["status"] == "exhausted"
        assert (await ann.replies("yes"))["outcome"] == "claimed"
        ann.expect_sms("You have it")


async def test_a_decline_skips_the_text_that_is_still_queued() -> None:
    """The rate delays the text, and a no arrives before it goes out."""
    async with Office(sms_rate=0.1) as office:
        ann = await office.caregiver("ann", "+15550001")
        bob = await office.caregiver("bob", "+15550002")
        await office.shift("s1")
        await office.fanout("s1")
        ann.expect_sms()
        assert (await bob.replies("no"))["outcome"] == "declined"
        await office.minutes(1)
        bob.expect_nothing()
        report = await office.report("s1")
        assert [(one["caregiver_id"], one["status"]) for one in report["contacts"]] == [
            ("ann", "sent"),
            ("bob", "skipped"),
        ]


async def test_the_holders_no_is_a_release_request_and_their_yes_takes_it_back() -> None:
    """The shift stays theirs and is flagged for the coordinator until they say yes again."""
    async with Office() as office:
        ann = await offered(office, "s1")
        await ann.replies("YES")
        ann.expect_sms("You have it")
        answer = await ann.replies("I can't make it")
        assert (answer["outcome"], answer["shift_id"]) == ("release_requested", "s1")
        ann.expect_sms("It's yours until they call")
        report = await office.report("s1")
        assert (report["status"], report["claimed_by"]) == ("claimed", "ann")
        assert report["release_requested_at"] is not None
        assert (await ann.replies("YES"))["outcome"] == "already_yours"
        assert (await office.report("s1"))["release_requested_at"] is None
        assert (await ann.replies("NO"))["outcome"] == "release_requested"
        ann.expect_nothing()


async def test_a_release_request_days_after_the_claim_can_be_taken_back() -> None:
    """A yes two days after the claim takes the release request back."""
    async with Office() as office:
        ann = await offered(office, "s1")
        await ann.replies("YES")
        ann.expect_sms("You have it")
        await office.days(2)
        assert (await ann.replies("NO"))["outcome"] == "release_requested"
        ann.expect_sms("It's yours until they call")
        assert (await ann.replies("YES"))["outcome"] == "already_yours"
        assert (await office.report("s1"))["release_requested_at"] is None


async def test_two_shifts_in_doubt_are_listed_although_each_was_asked_about_before() -> None:
    """Each shift got its own clarification, and a bare yes still gets the list with the numbers."""
    async with Office(escalate_after=3600) as office:
        ann = await offered(office, "s1")
        await ann.replies("what?")
        ann.expect_sms("Thu Jul 2", "YES")
        await office.shift("s2", day=3)
        await office.fanout("s2")
        ann.expect_sms("YES 2")
        await ann.replies("what?", shift_id="s2")
        ann.expect_sms("Fri Jul 3")
        assert (await ann.replies("YES"))["outcome"] == "ambiguous"
        ann.expect_sms("1: RN Thu Jul 2", "2: RN Fri Jul 3")


async def test_codes_stay_short_beside_an_offer_that_stays_open() -> None:
    """After 99 the lowest code that has rested for a day is used again."""
    async with Office(escalate_after=10_000_000) as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("open", day=1)
        await office.fanout("open")
        ann.expect_sms()
        for n in range(110):
            await office.shift(f"s{n}", day=2)
            await office.fanout(f"s{n}")
            await office.http.delete(f"/shifts/s{n}/fanout")
            office.clock.set_forward(6 * 3600)
        codes = {message.body.split("YES ")[1].split()[0] for message in list(ann.unread)}
        assert codes == {str(number) for number in range(2, 100)}
        await office.all_read()


async def test_a_wrong_code_with_no_open_offer_means_the_offer_that_closed_last() -> None:
    """A yes with an unknown code is `already_claimed` if the caregiver has no open offer."""
    async with Office() as office:
        ann = await offered(office, "s1")
        await office.http.delete("/shifts/s1/fanout")
        assert (await ann.replies("YES 7"))["outcome"] == "already_claimed"
        ann.expect_sms("no longer open")


async def test_a_wrong_code_does_not_claim_a_shift_that_was_declined() -> None:
    """A caregiver who changes their mind needs the right code, or none."""
    async with Office() as office:
        ann = await offered(office, "s1")
        await ann.replies("NO")
        assert (await ann.replies("YES 7"))["outcome"] == "no_offer"
        assert (await ann.replies("YES 1"))["outcome"] == "claimed"
        ann.expect_sms("You have it")


async def test_a_bare_yes_to_two_open_offers_is_asked_back_and_a_code_decides() -> None:
    """Several open offers: `ambiguous` with choices, always answered with a question; the code names the shift."""
    async with Office() as office:
        ann = await offered(office, "s1", "s2")
        answer = await ann.replies("YES")
        assert (answer["outcome"], answer["shift_id"]) == ("ambiguous", None)
        assert [(choice["shift_id"], choice["code"]) for choice in answer["choices"]] == [("s1", "1"), ("s2", "2")]
        ann.expect_sms("1: RN Thu Jul 2", "2: RN Fri Jul 3")
        again = await ann.replies("YES")
        assert again["reply"] == answer["reply"]
        ann.expect_sms("1: RN Thu Jul 2", "2: RN Fri Jul 3")
        answer = await ann.replies("YES 2")
        assert (answer["outcome"], answer["shift_id"]) == ("claimed", "s2")
        ann.expect_sms("You have it", "Fri Jul 3")


async def test_the_offer_names_its_code_only_beside_another_open_offer() -> None:
    """The first offer names no code; the second, sent while the first is open, does."""
    async with Office() as office:
        ann = await office.caregiver("ann", "+15550001")
        for day, shift_id in ((2, "s1"), (3, "s2")):
            await office.shift(shift_id, day=day)
            await office.fanout(shift_id)
        ann.expect_sms("Reply YES to accept or NO to pass")
        ann.expect_sms("Reply YES 2 to accept or NO 2 to pass")


async def test_a_code_that_names_no_offer_is_not_a_bare_yes() -> None:
    """YES 7 to one open offer with another code is asked back instead of claiming it."""
    async with Office() as office:
        ann = await offered(office, "s1")
        assert (await ann.replies("YES 7"))["outcome"] == "ambiguous"
        ann.expect_sms("YES 1")
        assert (await office.report("s1"))["status"] == "open"


async def test_a_shift_id_says_which_shift_is_meant() -> None:
    """A `shift_id` in the request decides which of two open offers a bare yes accepts."""
    async with Office() as office:
        ann = await offered(office, "s1", "s2")
        answer = await ann.replies("YES", shift_id="s2")
        assert (answer["outcome"], answer["shift_id"]) == ("claimed", "s2")
        ann.expect_sms("You have it")
        unknown = await ann.replies("YES", shift_id="nothing-like-it")
        assert (unknown["outcome"], unknown["shift_id"]) == ("no_offer", None)


@pytest.mark.parametrize(
    ("words", "outcome", "shift_id"),
    [
        ("Yes, Friday works", "claimed", "s2"),
        ("I'll take the Quincy one", "claimed", "s1"),
        ("yes, see you at 9", "claimed", "s2"),
        ("Can't do Friday", "declined", "s2"),
        # Both are clear answers, and one reply gives one.
        ("Not Thursday but Friday yes", "ambiguous", None),
        ("Yes, Saturday works", "ambiguous", None),
        ("YES", "ambiguous", None),
        # A number counts before a day, also one that no offer has.
        ("YES 1, Friday works", "unrecognized", "s1"),
        ("YES 7, Friday works", "ambiguous", None),
    ],
)
async def test_a_day_hours_or_a_place_choose_one_of_two_offers(
    new_office: NewOffice, words: str, outcome: str, shift_id: str | None
) -> None:
    """What fits neither or both is asked back, as a bare word is."""
    async with new_office() as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.fanout(await office.shift("s1", day=2, location="Quincy 02169"))
        await office.fanout(await office.shift("s2", day=3, hours="09-17", location="Milton 02186"))
        answer = await ann.replies(words)
        assert (answer["outcome"], answer["shift_id"]) == (outcome, shift_id)
        await office.all_read()


async def holding_s1_with_an_offer_of_s2(office: Office) -> Phone:
    """Ann has s1, on a Thursday at 8 in Quincy. Later she was texted about s2, on the Friday at 9 in Milton."""
    ann = await office.caregiver("ann", "+15550001")
    await office.assign(await office.shift("s1", day=2, location="Quincy 02169"), "ann")
    await office.minutes(1)
    await office.fanout(await office.shift("s2", day=3, hours="09-17", location="Milton 02186"))
    await office.all_read()
    return ann


@pytest.mark.parametrize(
    ("words", "outcome", "shift_id"),
    [
        ("Sick, won't be in Thursday", "release_requested", "s1"),
        ("can't make it Jul 2", "release_requested", "s1"),
        ("not coming in at 8am", "release_requested", "s1"),
        ("NO", "declined", "s2"),
        ("can't do Friday", "declined", "s2"),
        # The day is a reason, and the no is to the offer.
        ("No, I work Thursday", "declined", "s2"),
        # A yes to what they have changes nothing, and they may mean the offer.
        ("Yes, Thursday works", "unrecognized", "s2"),
        ("can't do Saturday", "unrecognized", "s2"),
        ("NO 2, not Thursday", "unrecognized", "s2"),
    ],
)
async def test_a_no_to_the_day_of_a_shift_they_have_gives_that_one_back(
    new_office: NewOffice, words: str, outcome: str, shift_id: str
) -> None:
    """The offer of another day stays open, and nothing is asked about it."""
    async with new_office() as office:
        ann = await holding_s1_with_an_offer_of_s2(office)
        answer = await ann.replies(words)
        assert (answer["outcome"], answer["shift_id"]) == (outcome, shift_id)
        if outcome == "release_requested":
            ann.expect_sms("can't make", "Jul 2", "Reply YES 1")
            assert (await office.report("s2"))["attention"] == []
            assert (await ann.replies("YES 1"))["outcome"] == "already_yours"
        await office.all_read()


async def test_a_shift_id_counts_before_a_day(new_office: NewOffice) -> None:
    """The gateway knows which shift the reply is about, so a no to another day is none."""
    async with new_office() as office:
        ann = await holding_s1_with_an_offer_of_s2(office)
        answer = await ann.replies("Sick, won't be in Thursday", shift_id="s2")
        assert (answer["outcome"], answer["shift_id"]) == ("unrecognized", "s2")
        await office.all_read()


async def test_of_two_shifts_they_have_the_day_says_which_is_given_back(new_office: NewOffice) -> None:
    """One of them on that day: that one. Two on that day: the question is about these, and not about the offer."""
    async with new_office() as office:
        ann = await holding_s1_with_an_offer_of_s2(office)
        await office.assign(await office.shift("s3", day=4), "ann")
        assert (await ann.replies("can't make Saturday"))["shift_id"] == "s3"
        await office.assign(await office.shift("s4", day=2, hours="17-20"), "ann")
        answer = await ann.replies("can't make Thursday")
        assert [one["shift_id"] for one in answer["choices"]] == ["s1", "s4"]
        await office.all_read()


async def test_a_shift_that_has_ended_is_not_given_back(new_office: NewOffice) -> None:
    """Its day fits, but there is nothing to give back: the no is asked back for the offer."""
    async with new_office() as office:
        ann = await holding_s1_with_an_offer_of_s2(office)
        office.clock.set_forward(31.3 * 86_400)
        await office.minutes(1)
        answer = await ann.replies("can't make Thursday")
        assert (answer["outcome"], answer["shift_id"]) == ("unrecognized", "s2")
        await office.all_read()


async def test_a_yes_soon_after_a_claim_is_for_the_open_offer() -> None:
    """The second offer asks for a YES, so a bare one means it, however short ago another shift was claimed."""
    async with Office(escalate_after=3600) as office:
        ann = await offered(office, "s1", "s2")
        assert (await ann.replies("YES 1"))["outcome"] == "claimed"
        ann.expect_sms("You have it")
        answer = await ann.replies("YES")
        assert (answer["outcome"], answer["shift_id"]) == ("claimed", "s2")
        ann.expect_sms("You have it")


async def test_a_bare_no_after_a_text_about_a_held_shift_is_asked_back() -> None:
    """The last text was about the shift that ann has: her no could give it back or turn the open offer down."""
    async with Office() as office:
        ann = await offered(office, "s1", "s2")
        await office.clock.advance(1)
        await ann.replies("YES 1")
        ann.expect_sms("You have it", "NO 1")
        answer = await ann.replies("NO")
        assert (answer["outcome"], [one["shift_id"] for one in answer["choices"]]) == ("ambiguous", ["s1", "s2"])
        ann.expect_sms("number")
        assert (await ann.replies("NO 2"))["outcome"] == "declined"


async def test_overlapping_shifts_conflict() -> None:
    """The holder is excluded with the reason `conflict`, and their yes to the other shift is a `conflict`."""
    async with Office() as office:
        ann = await offered(office, "s1")
        await ann.replies("YES")
        ann.expect_sms("You have it")
        await office.shift("s2", day=2, hours="15-23")
        await office.fanout("s2")
        ann.expect_nothing()
        report = await office.report("s2")
        assert report["excluded"] == [{"caregiver_id": "ann", "reason": "conflict"}]
        assert report["contacts"] == []
        answer = await ann.replies("YES", shift_id="s2")
        assert (answer["outcome"], answer["shift_id"]) == ("conflict", "s2")
        ann.expect_sms("already have a shift at that time")
        await office.shift("s3", day=2, hours="16-23")
        await office.fanout("s3")
        ann.expect_sms("4:00 PM-11:00 PM")


async def test_a_claim_in_the_middle_of_a_round_skips_the_queued_offer_of_an_overlapping_shift() -> None:
    """Overlaps are checked again at each hand-over."""
    async with Office(sms_rate=0.1) as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("s1", day=2)
        await office.shift("s2", day=2, hours="12-20")
        await office.post("s1")
        await office.post("s2")
        await office.settled()
        ann.expect_sms("8:00 AM")
        assert (await ann.replies("YES", shift_id="s1"))["outcome"] == "claimed"
        await office.minutes(1)
        ann.expect_sms("You have it")
        report = await office.report("s2")
        assert [one["status"] for one in report["contacts"]] == ["skipped"]
        assert report["excluded"] == [{"caregiver_id": "ann", "reason": "conflict"}]


async def test_a_reply_that_is_neither_yes_nor_no_is_asked_back_once_per_shift() -> None:
    """Each such reply is `unrecognized`; only the first gets a clarification."""
    async with Office() as office:
        ann = await offered(office, "s1")
        answer = await ann.replies("how much does it pay?")
        assert (answer["outcome"], answer["shift_id"]) == ("unrecognized", "s1")
        ann.expect_sms("RN", "YES", "NO")
        again = await ann.replies("hello?")
        assert (again["outcome"], again["reply"]) == ("unrecognized", None)
        assert (await ann.replies("yes"))["outcome"] == "claimed"
        ann.expect_sms("You have it")


@pytest.mark.parametrize("body", ["YES", "NO"])
async def test_nothing_offered_means_no_offer(body: str) -> None:
    """A caregiver of another role, or without a started fanout, gets `no_offer` and no text."""
    async with Office() as office:
        ann = await office.caregiver("ann", "+15550001", role="CNA")
        bob = await office.caregiver("bob", "+15550002")
        await office.shift("s1")
        assert (await bob.replies(body))["outcome"] == "no_offer"
        await office.fanout("s1")
        bob.expect_sms()
        answer = await ann.replies(body)
        assert (answer["outcome"], answer["reply"]) == ("no_offer", None)
        assert (await ann.replies(body, shift_id="s1"))["outcome"] == "no_offer"


async def test_a_stop_ends_texts_and_calls_alike() -> None:
    """After a STOP only its direct answer is sent, on any channel, until a START."""
    async with Office() as office:
        ann = await offered(office, "s1")
        answer = await ann.replies("STOP")
        assert answer["outcome"] == "opted_out"
        ann.expect_sms("Reply START")
        assert (await ann.replies("stop"))["reply"] is None
        assert (await ann.replies("no thanks"))["reply"] is None
        await office.minutes(10)
        ann.expect_nothing()
        assert (await office.http.get("/caregivers/ann")).json()["opted_out"] is True
        await office.shift("s2", day=5)
        await office.fanout("s2")
        assert (await office.report("s2"))["excluded"] == [{"caregiver_id": "ann", "reason": "opted_out"}]
        assert (await ann.replies("HELP"))["outcome"] == "help"
        ann.expect_sms("STOP to opt out")
        assert (await ann.replies("START"))["outcome"] == "opted_in"
        ann.expect_sms("back on the list")
        await office.minutes(10)
        ann.expect_call("Sun Jul 5")


async def test_a_stop_in_a_call_also_stops_texts() -> None:
    """An opt-out belongs to the number, whichever channel it came from."""
    async with Office() as office:
        ann = await offered(office, "s1")
        await office.minutes(10)
        ann.expect_call()
        assert (await ann.replies("please don't call me anymore", channel="voice"))["outcome"] == "opted_out"
        ann.expect_sms("Reply START")
        await office.shift("s2", day=5)
        await office.fanout("s2")


async def test_an_opt_out_outlives_the_caregivers_record() -> None:
    """Deleting and adding the caregiver again does not lift the opt-out."""
    async with Office() as office:
        ann = await offered(office, "s1")
        await ann.replies("STOP")
        ann.expect_sms()
        assert (await office.http.delete("/caregivers/ann")).status_code == 204
        assert (await ann.replies("YES"))["outcome"] == "unknown_sender"
        await office.caregiver("ann-again", "+15550001")
        assert (await office.http.get("/caregivers/ann-again")).json()["opted_out"] is True


async def test_the_stop_of_an_unknown_sender_is_stored_without_an_answer() -> None:
    """A caregiver who gets that number later receives no offers."""
    async with Office() as office:
        answer = await office.phone("+15550001").replies("STOP")
        assert answer == {"outcome": "unknown_sender", "shift_id": None, "caregiver_id": None, "reply": None}
        await office.caregiver("ann", "+15550001")
        await office.shift("s1")
        await office.fanout("s1")
        assert (await office.report("s1"))["excluded"] == [{"caregiver_id": "ann", "reason": "opted_out"}]


async def test_the_same_message_id_gets_the_same_answer() -> None:
    """A repeated message changes nothing and sends nothing, even if both copies arrive together."""
    async with Office() as office:
        ann = await offered(office, "s1")
        both = await asyncio.gather(*(office.inbound("+15550001", "YES", message_id="m1") for _ in range(2)))
        assert both[0] == both[1]
        assert both[0]["outcome"] == "claimed"
        later = await ann.replies("something else entirely", message_id="m1")
        assert later == both[0]
        ann.expect_sms("You have it")


async def test_a_yes_overtakes_its_own_text() -> None:
    """A yes that arrives while its text is still being handed over claims the shift."""
    async with Office() as office:
        office.notifier.takes_s = 1.0
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("s1")
        await office.fanout("s1")
        ann.expect_nothing()
        assert (await ann.replies("YES"))["outcome"] == "claimed"
        await office.clock.advance(5)
        await office.settled()
        ann.expect_sms("Open RN shift")
        ann.expect_sms("You have it")


async def test_a_yes_before_the_round_has_reached_anybody_claims() -> None:
    """From the 202 on every matching caregiver counts as offered: the first yes wins, a second is late."""
    async with Office() as office:
        ann = await office.caregiver("ann", "+15550001")
        bob = await office.caregiver("bob", "+15550002")
        await office.shift("s1")
        await office.post("s1")
        # These calls never wait, so the worker has not run yet.
        first = await office.inbound("+15550001", "YES")
        second = await office.inbound("+15550002", "YES")
        assert (first["outcome"], second["outcome"]) == ("claimed", "already_claimed")
        await office.settled()
        ann.expect_sms("You have it")
        bob.expect_sms("no longer open")
        assert (await office.report("s1"))["contacts"] == []


async def test_an_old_code_does_not_hit_a_new_offer() -> None:
    """A late reply with the code of a closed offer is `already_claimed`, and the new offer has another code."""
    async with Office() as office:
        ann = await offered(office, "s1")
        await office.http.delete("/shifts/s1/fanout")
        await office.shift("s2", day=5)
        await office.fanout("s2")
        ann.expect_sms()
        late = await ann.replies("YES 1")
        assert (late["outcome"], late["shift_id"]) == ("already_claimed", "s1")
        ann.expect_sms("no longer open")
        assert (await ann.replies("YES 2"))["outcome"] == "claimed"
        ann.expect_sms("You have it", "Sun Jul 5")


async def test_a_yes_to_an_offer_that_closed_within_a_day_is_told_so_and_later_it_is_no_offer() -> None:
    """For a day a bare yes means the offer that closed last."""
    async with Office() as office:
        ann = await offered(office, "s1")
        await office.http.delete("/shifts/s1/fanout")
        await office.minutes(60 * 23)
        answer = await ann.replies("YES")
        assert (answer["outcome"], answer["shift_id"]) == ("already_claimed", "s1")
        ann.expect_sms("no longer open")
        await office.minutes(61)
        assert (await ann.replies("YES"))["outcome"] == "no_offer"


async def test_numbers_are_matched_however_they_are_written() -> None:
    """The sender is found whichever usual format the number has."""
    async with Office() as office:
        await offered(office, "s1", number="(617) 555-0108")
        for written in ("617-555-0108", "+1 617 555 0108", "16175550108", "617.555.0108"):
            answer = await office.inbound(written, "what shift is this?")
            assert (answer["outcome"], answer["caregiver_id"]) == ("unrecognized", "ann")
        await office.settled()
        office.phone("+16175550108").expect_sms("YES", "NO")


async def test_a_day_in_the_reply_must_be_the_shifts() -> None:
    """ "Yes for Thursday" claims a Thursday shift; for a Friday shift it is asked back."""
    async with Office() as office:
        ann = await offered(office, "s1")  # Thursday, July 2
        await office.shift("s2", day=3)
        await office.fanout("s2")
        ann.expect_sms("Fri Jul 3")
        answer = await ann.replies("Yes for Thursday", shift_id="s2")
        assert answer["outcome"] == "unrecognized"
        ann.expect_sms("Fri Jul 3", "YES")
        assert (await ann.replies("Yes for Thursday", shift_id="s1"))["outcome"] == "claimed"
        ann.expect_sms("You have it", "Thu Jul 2")


async def test_hours_in_the_reply_are_read_in_the_shifts_zone() -> None:
    """A shift of 8 to 4 in New York is accepted with "8 to 4", and not with its hours in UTC."""
    async with Office() as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("s1", hours="12-20", time_zone="America/New_York")
        await office.fanout("s1")
        ann.expect_sms("8:00 AM-4:00 PM EDT")
        assert (await ann.replies("I can do 12 to 8"))["outcome"] == "unrecognized"
        ann.expect_sms("8:00 AM-4:00 PM EDT")
        assert (await ann.replies("Yes 8 to 4 works"))["outcome"] == "claimed"
        ann.expect_sms("You have it")


async def test_offers_that_planning_has_not_reached_have_different_codes() -> None:
    """Two fanouts are posted and a bare yes arrives before either round is planned."""
    async with Office() as office:
        ann = await office.caregiver("ann", "+15550001")
        for shift_id, day in (("s1", 2), ("s2", 3)):
            await office.shift(shift_id, day=day)
            assert (await office.post(shift_id)).status_code == 202
        answer = await office.inbound("+15550001", "YES")
        assert answer["outcome"] == "ambiguous"
        assert [(one["shift_id"], one["code"]) for one in answer["choices"]] == [("s1", "1"), ("s2", "2")]
        assert (await ann.replies("YES 2"))["shift_id"] == "s2"
        await office.all_read()


async def test_an_offer_whose_code_was_given_to_another_offer_gets_a_new_code() -> None:
    """After a hundred offers the code of the first is used again; the first shift's next generation has its own."""
    async with Office() as office:
        ann = await office.caregiver("ann", "+15550001")
        for n in range(100):
            await office.shift(f"s{n}", day=2)
            await office.fanout(f"s{n}")
            await office.http.delete(f"/shifts/s{n}/fanout")
            office.clock.set_forward(3600)
        await office.all_read()
        await office.fanout("s99")
        await office.fanout("s0")
        assert "YES 2" in [message.body for message in ann.unread][1]
        assert (await ann.replies("YES 1"))["shift_id"] == "s99"
        await office.all_read()


async def test_a_code_is_not_used_again_on_the_day_its_offer_closed() -> None:
    """The hundredth offer of an hour gets the code 100, although the offer with the code 1 is closed."""
    async with Office() as office:
        ann = await office.caregiver("ann", "+15550001")
        for n in range(99):
            await office.shift(f"s{n}", day=2)
            await office.fanout(f"s{n}")
            await office.http.delete(f"/shifts/s{n}/fanout")
        await office.shift("open", day=2)
        await office.fanout("open")
        await office.all_read()
        await office.shift("last", day=3)
        await office.fanout("last")
        ann.expect_sms("YES 101")
        assert (await ann.replies("YES 100"))["shift_id"] == "open"
        await office.all_read()


async def test_an_unclear_reply_about_a_closed_offer_is_not_asked_back() -> None:
    """The reply is `unrecognized`, and no text is sent."""
    async with Office() as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("s1")
        await office.fanout("s1")
        ann.expect_sms()
        await office.http.delete("/shifts/s1/fanout")
        answer = await ann.replies("what does it pay?", shift_id="s1")
        assert (answer["outcome"], answer["reply"]) == ("unrecognized", None)
        ann.expect_nothing()


async def test_an_empty_text_is_no_missed_call() -> None:
    """An empty text message is asked back like other words that say neither yes nor no."""
    async with Office() as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("s1")
        await office.fanout("s1")
        ann.expect_sms()
        assert (await ann.replies(""))["outcome"] == "unrecognized"
        ann.expect_sms()


async def test_a_shift_id_decides_over_the_number_in_the_text() -> None:
    """What the gateway knows goes before what the caregiver wrote."""
    async with Office() as office:
        ann = await office.caregiver("ann", "+15550001")
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


async def test_somebody_opted_out_is_told_once_a_day_how_to_accept() -> None:
    """A clear yes neither claims nor opts in; other words are not answered."""
    async with Office() as office:
        ann = await office.caregiver("ann", "+15550001")
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
