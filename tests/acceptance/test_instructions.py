"""What a text tells people to do works, also beside other offers and held shifts; and a yes is to what was read.

`tests/property/test_instructions.py` sends every instruction back from random states. Each case here was once wrong.
"""

from typing import Any

import pytest
from fakes import raising
from office import NewOffice, Office, Phone

from app.domain.commands import RecordDelivery
from app.domain.receipts import Receipt, ReceiptState
from app.errors import PermanentFailure, TemporaryFailure, Uncertain


async def with_a_held_shift(office: Office) -> Phone:
    """Ann holds a shift next week, which she got days ago; all messages are read."""
    ann = await office.caregiver("ann", "+15550001")
    await office.fanout(await office.shift("held", day=20))
    await ann.replies("YES")
    await office.all_read()
    await office.days(2)
    return ann


async def test_no_passes_an_offer_beside_a_held_shift(new_office: NewOffice) -> None:
    """The text says "NO to pass", and NO passes; the held shift stays hers, and nobody calls her."""
    async with new_office() as office:
        ann = await with_a_held_shift(office)
        await office.fanout(await office.shift("s1"))
        ann.expect_sms("NO to pass")
        answer = await ann.replies("NO")
        assert (answer["outcome"], answer["shift_id"]) == ("declined", "s1")
        await office.minutes(15)
        ann.expect_nothing()
        assert (await office.report("held"))["release_requested_at"] is None


async def test_yes_takes_an_offer_minutes_after_another_was_won(new_office: NewOffice) -> None:
    """The first yes is minutes old; the bare yes is still to the offer that is open."""
    async with new_office() as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.fanout(await office.shift("s1"))
        await ann.replies("YES")
        await office.all_read()
        await office.fanout(await office.shift("s2", day=4))
        ann.expect_sms("Reply YES to accept")
        answer = await ann.replies("YES")
        assert (answer["outcome"], answer["shift_id"]) == ("claimed", "s2")
        ann.expect_sms("You have it")


async def test_a_second_bare_yes_is_not_answered_by_silence(new_office: NewOffice) -> None:
    """Two open offers: each bare yes is asked back, because nothing else would tell her what to do."""
    async with new_office(escalate_after=3600) as office:
        ann = await office.caregiver("ann", "+15550001")
        for n, day in enumerate((3, 4), start=1):
            await office.fanout(await office.shift(f"s{n}", day=day))
        await office.all_read()
        for _ in range(2):
            answer = await ann.replies("YES")
            assert (answer["outcome"], len(answer["choices"])) == ("ambiguous", 2)
            ann.expect_sms("1", "2", "number")
        assert (await ann.replies("2"))["outcome"] != "ambiguous"
        await office.all_read()
        assert (await ann.replies("YES 1"))["outcome"] in ("claimed", "already_yours")
        await office.all_read()


@pytest.mark.parametrize(
    ("said", "outcome"),
    [("1", "claimed"), ("2", "declined"), ("9", "opted_out"), ("yes two", "claimed"), ("Yes, two.", "claimed")],
)
async def test_keys_mean_the_same_on_every_call(new_office: NewOffice, said: str, outcome: str) -> None:
    """Two offers are open, and each call is about its own shift: the answer belongs to the last call."""
    async with new_office() as office:
        ann = await office.caregiver("ann", "+15550001")
        for n, day in enumerate((3, 4), start=1):
            await office.fanout(await office.shift(f"s{n}", day=day))
        await office.minutes(10)
        await office.all_read()
        *_, last = [one for one in office.notifier.sent if one.channel == "voice"]
        assert "press 1" in last.body
        assert " 2 to" not in last.body.replace("press 2", "")
        answer = await ann.replies(said, channel="voice")
        assert answer["outcome"] == outcome
        if outcome != "opted_out":
            assert answer["shift_id"] == last.shift_id
        await office.all_read()


@pytest.mark.parametrize(
    "change",
    [
        {"start_time": "2026-07-02T10:00:00Z", "end_time": "2026-07-02T18:00:00Z"},
        {"location": "Braintree 02184"},
        {"end_time": "2026-07-02T20:00:00Z"},
    ],
)
async def test_a_yes_is_to_what_was_read(new_office: NewOffice, change: dict[str, Any]) -> None:
    """After a change a yes to the old text is asked back with the new facts; the next yes claims."""
    async with new_office(sms_rate=0.01) as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("s1", location="Quincy 02169")
        await office.fanout("s1")
        ann.expect_sms("Quincy")
        await office.http.delete("/shifts/s1/fanout")
        await office.shift("s1", **({"location": "Quincy 02169"} | change))
        await office.post("s1")
        # The yes comes before the new text goes out.
        answer = await office.inbound("+15550001", "YES")
        assert (answer["outcome"], answer["shift_id"]) == ("unrecognized", "s1")
        assert answer["reply"] is not None
        assert "changed" in answer["reply"].lower()
        await office.minutes(3)
        await office.all_read()
        assert (await ann.replies("YES"))["outcome"] == "claimed"
        await office.all_read()


async def changed(office: Office) -> Phone:
    """Ann was texted about s1 in Quincy. It was moved to Braintree and posted again; nothing of that went out yet."""
    ann = await office.caregiver("ann", "+15550001")
    await office.fanout(await office.shift("s1", location="Quincy 02169"))
    ann.expect_sms("Quincy")
    await move(office, "Braintree 02184")
    return ann


async def move(office: Office, location: str) -> None:
    """Cancel the fanout of s1, change the place, and post the fanout again."""
    await office.http.delete("/shifts/s1/fanout")
    await office.shift("s1", location=location)
    await office.post("s1")


@pytest.mark.parametrize("honours_keys", [False, True])
async def test_a_yes_is_not_to_a_text_that_may_not_have_arrived(new_office: NewOffice, honours_keys: bool) -> None:
    """The gateway answered 502 to the new offer. It does not matter whether the service will try again."""
    async with new_office() as office:
        ann = await changed(office)
        office.notifier.honours_keys = honours_keys
        office.notifier.behaviour = raising(Uncertain("HTTP 502"))
        await office.settled()
        ann.expect_nothing()
        (contact,) = (await office.report("s1"))["contacts"]
        assert contact["status"] == ("queued" if honours_keys else "unknown")
        answer = await ann.replies("YES")
        assert (answer["outcome"], answer["shift_id"]) == ("unrecognized", "s1")
        ann.expect_sms("changed", "Braintree")
        assert (await ann.replies("YES"))["outcome"] == "claimed"
        ann.expect_sms("You have it", "Braintree")


@pytest.mark.parametrize("fault", [None, TemporaryFailure("HTTP 503")])
async def test_a_yes_is_not_to_a_text_that_the_gateway_has_not_taken_yet(
    new_office: NewOffice, fault: Exception | None
) -> None:
    """The gateway needs three seconds for the new offer, and may then refuse it: the yes is to the old text."""
    async with new_office() as office:
        ann = await changed(office)
        office.notifier.takes_s = 3
        office.notifier.behaviour = raising(fault)
        await office.minutes(1.5 / 60)
        (contact,) = (await office.report("s1"))["contacts"]
        assert contact["status"] == "sending"
        answer = await ann.replies("YES")
        assert (answer["outcome"], answer["shift_id"]) == ("unrecognized", "s1")
        assert "Braintree" in answer["reply"]
        await office.minutes(1)
        ann.expect_sms("Braintree")
        assert (await ann.replies("YES"))["outcome"] == "claimed"
        await office.minutes(1)
        await office.all_read()


async def test_a_yes_is_not_to_a_notice_that_the_gateway_has_not_taken_yet(new_office: NewOffice) -> None:
    """The new facts are on their way. Until the gateway has them, another yes is asked back too."""
    async with new_office() as office:
        ann = await changed(office)
        office.notifier.behaviour = raising(PermanentFailure("HTTP 400"))
        await office.settled()
        office.notifier.takes_s = 3
        for _ in range(2):
            assert (await ann.replies("YES"))["outcome"] == "unrecognized"
            await office.minutes(1.5 / 60)
        await office.minutes(1)
        ann.expect_sms("changed", "Braintree")
        assert (await ann.replies("YES"))["outcome"] == "claimed"
        await office.minutes(1)
        await office.all_read()


async def test_a_yes_to_the_first_text_counts_while_the_gateway_takes_it(new_office: NewOffice) -> None:
    """The facts have not changed, so there is no other text that the yes could be to."""
    async with new_office() as office:
        ann = await office.caregiver("ann", "+15550001")
        office.notifier.takes_s = 3
        await office.fanout(await office.shift("s1"))
        assert (await office.report("s1"))["counts"]["sending"] == 1
        assert (await ann.replies("YES"))["outcome"] == "claimed"
        await office.minutes(1)
        await office.all_read()


@pytest.mark.parametrize(("said", "channel", "outcome"), [("1", "voice", "claimed"), ("YES", "sms", "unrecognized")])
async def test_an_answer_on_a_call_is_to_that_call(
    new_office: NewOffice, said: str, channel: str, outcome: str
) -> None:
    """The provider answered neither the text nor the call clearly. Only the answer on the call shows that it came."""
    async with new_office() as office:
        ann = await changed(office)
        office.notifier.behaviour = raising(Uncertain("HTTP 502"), Uncertain("HTTP 502"))
        await office.settled()
        await office.minutes(10)
        answer = await ann.replies(said, channel=channel)
        assert (answer["outcome"], answer["shift_id"]) == (outcome, "s1")
        await office.all_read()


@pytest.mark.parametrize(("error", "outcome"), [("no-answer", "unrecognized"), (None, "claimed")])
async def test_a_call_that_nobody_answered_tells_nothing(
    new_office: NewOffice, error: str | None, outcome: str
) -> None:
    """The new text failed. A yes by text is to the call, unless the provider says that nobody answered it."""
    async with new_office() as office:
        ann = await changed(office)
        office.notifier.behaviour = raising(PermanentFailure("HTTP 400"))
        await office.settled()
        await office.minutes(10)
        call = ann.expect_call("Braintree")
        if error is not None:
            await office.inbound(ann.number, "", channel="voice")
            receipt = Receipt(state=ReceiptState.NO_ANSWER, error=error)
            command = RecordDelivery(message_id=call.id, provider_id=None, receipt=receipt, now=office.clock.now())
            await office.app.state.service.engine.handle(command)
        assert (await ann.replies("YES"))["outcome"] == outcome
        await office.all_read()


async def test_a_question_back_tells_the_new_facts_too(new_office: NewOffice) -> None:
    """The question overtakes the new offer, which waits for the rate. It says the new facts and asks for a yes."""
    async with new_office(sms_rate=0.01) as office:
        ann = await changed(office)
        await ann.replies("what does it pay?")
        await office.minutes(100 / 60)
        ann.expect_sms("didn't understand", "Braintree", "YES")
        assert (await ann.replies("YES"))["outcome"] == "claimed"
        await office.all_read()


async def test_new_facts_are_not_repeated_after_another_change(new_office: NewOffice) -> None:
    """A repeat would carry the words of the first try, which are wrong by now. The next yes brings the right ones."""
    async with new_office(sms_rate=0.5) as office:
        ann = await changed(office)
        office.notifier.honours_keys = True
        office.notifier.behaviour = raising(Uncertain("HTTP 502"))
        answer = await office.inbound(ann.number, "YES")
        assert "Braintree" in answer["reply"]
        await office.minutes(3 / 60)
        await move(office, "Milton 02186")
        answer = await office.inbound(ann.number, "YES")
        assert "Milton" in answer["reply"]
        await office.minutes(1)
        assert "Milton" in ann.unread[0].body
        assert not any("Braintree" in message.body for message in ann.unread)
        assert (await ann.replies("YES"))["outcome"] == "claimed"
        await office.all_read()


async def test_a_new_generation_with_the_same_facts_needs_no_second_yes(new_office: NewOffice) -> None:
    """The shift was put again as it was: a yes to the old text is a yes to the same shift."""
    async with new_office() as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.fanout(await office.shift("s1"))
        await office.http.delete("/shifts/s1/fanout")
        await office.shift("s1")
        await office.fanout("s1")
        await office.all_read()
        assert (await ann.replies("YES"))["outcome"] == "claimed"
        ann.expect_sms("You have it")


async def test_no_gives_back_the_shift_that_the_last_text_was_about(new_office: NewOffice) -> None:
    """The confirmation says NO gives it back; with another held shift it names the number."""
    async with new_office() as office:
        ann = await with_a_held_shift(office)
        await office.fanout(await office.shift("s1"))
        await office.all_read()
        await ann.replies("YES")
        confirmation = ann.expect_sms("You have it", "NO ")
        number = confirmation.body.rpartition("NO ")[2].strip(".")
        answer = await ann.replies(f"NO {number}")
        assert (answer["outcome"], answer["shift_id"]) == ("release_requested", "s1")
        await office.all_read()


async def test_no_text_asks_for_a_yes_to_a_shift_at_the_time_of_another(new_office: NewOffice) -> None:
    """Neither the one that tells of new hours nor the one that asks back: the yes could not win."""
    async with new_office() as office:
        ann = await office.caregiver("ann", "+15550001")
        late: dict[str, Any] = {"start_time": "2026-07-02T18:00:00Z", "end_time": "2026-07-02T22:00:00Z"}
        moved: dict[str, Any] = {"start_time": "2026-07-02T12:00:00Z", "end_time": "2026-07-02T20:00:00Z"}
        await office.fanout(await office.shift("s2", **late))
        await office.all_read()
        await office.assign(
            await office.shift("s1", start_time="2026-07-02T08:00:00Z", end_time="2026-07-02T16:00:00Z"), "ann"
        )
        await office.http.delete("/shifts/s2/fanout")
        await office.minutes(1)
        await office.shift("s2", **moved)
        await office.fanout("s2")
        await office.all_read()
        answer = await ann.replies("what is the address", shift_id="s2")
        assert (answer["outcome"], answer["reply"]) == ("unrecognized", None)
        answer = await ann.replies("YES", shift_id="s2")
        assert answer["outcome"] == "conflict"
        ann.expect_sms("You already have a shift at that time")


async def test_a_question_back_is_dropped_if_another_shift_takes_its_time(new_office: NewOffice) -> None:
    """It waits for the provider while the office assigns the other shift."""
    async with new_office() as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.fanout(await office.shift("s2"))
        await office.all_read()
        office.notifier.behaviour = raising(TemporaryFailure("no connection"))
        answer = await ann.replies("what is the address")
        assert answer["reply"] is not None
        await office.assign(await office.shift("s1"), "ann")
        await office.minutes(1)
        ann.expect_sms("You have it")
        ann.expect_nothing()
