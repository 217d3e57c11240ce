"""A provider that is away, too busy or set up wrongly for a while: every text arrives, none of them twice."""

from collections import Counter
from collections.abc import Callable

import pytest
from office import NewOffice, Office

from app.domain.decisions import Message
from app.domain.records import Channel, Kind
from app.errors import Misconfigured, PermanentFailure, TemporaryFailure, Throttled, Uncertain

Fault = Callable[[], Exception]


async def roster(office: Office, count: int) -> list[str]:
    """Put that many RNs; returns their numbers."""
    numbers = [f"+1617555{n:04}" for n in range(count)]
    for n, number in enumerate(numbers):
        await office.caregiver(f"cg-{n:02}", number)
    return numbers


def failing_for(office: Office, seconds: float, fault: Fault) -> None:
    """The provider fails with `fault` for the next `seconds`, and then works."""
    end = office.clock.now().timestamp() + seconds

    def behave(_: Message) -> None:
        if office.clock.now().timestamp() < end:
            raise fault()

    office.notifier.behaviour = behave


def assert_each_got_one_text(office: Office, numbers: list[str]) -> None:
    """Each number got the offer by text once."""
    texts = Counter(one.to for one in office.notifier.sent if one.channel is Channel.SMS)
    assert texts == Counter(numbers)


@pytest.mark.parametrize("fault", [lambda: TemporaryFailure("no connection"), lambda: TemporaryFailure("HTTP 503")])
async def test_an_outage_of_twenty_seconds_loses_no_text(new_office: NewOffice, fault: Fault) -> None:
    """A minute after the outage began everybody has the text."""
    async with new_office() as office:
        numbers = await roster(office, 8)
        failing_for(office, 20, fault)
        await office.fanout(await office.shift("s1"))
        assert office.notifier.sent == []
        await office.minutes(1)
        assert_each_got_one_text(office, numbers)
        contacts = (await office.report("s1"))["contacts"]
        assert all(one["status"] == "sent" and one["attempts"] > 3 for one in contacts)
        await office.all_read()


async def test_a_provider_that_takes_one_a_second_gets_one_a_second(new_office: NewOffice) -> None:
    """429 slows the channel down and uses up no attempt: twenty texts in under a minute, none given up."""
    async with new_office() as office:
        numbers = await roster(office, 20)
        taken: list[float] = []

        def one_a_second(_: Message) -> None:
            now = office.clock.now().timestamp()
            if taken and now - taken[-1] < 1:
                raise Throttled("HTTP 429")
            taken.append(now)

        office.notifier.behaviour = one_a_second
        await office.fanout(await office.shift("s1"))
        await office.minutes(1)
        assert_each_got_one_text(office, numbers)
        contacts = (await office.report("s1"))["contacts"]
        assert {(one["status"], one["attempts"]) for one in contacts} == {("sent", 1)}
        # The channel found its pace: not every second try was refused.
        assert len(office.notifier.attempts) < 2 * 20 + 20
        await office.all_read()


async def test_a_429_with_retry_after_rests_the_whole_channel(new_office: NewOffice) -> None:
    """Nothing is sent by text before the time that the provider named; calls go on."""
    async with new_office(escalate_after=20) as office:
        numbers = await roster(office, 3)

        def busy(message: Message) -> None:
            if message.channel is Channel.SMS and office.clock.now().second < 40:
                raise Throttled("HTTP 429", retry_after_s=40)

        office.notifier.behaviour = busy
        await office.fanout(await office.shift("s1"))
        before = len(office.notifier.attempts)
        await office.clock.advance(19)
        assert len(office.notifier.attempts) == before
        await office.clock.advance(1)
        await office.settled()
        # The texts did not get out before the calls were due, so the calls take their place.
        calls = Counter(one.to for one in office.notifier.sent)
        assert calls == Counter(numbers)
        assert {one.channel for one in office.notifier.sent} == {Channel.VOICE}
        await office.minutes(2)
        assert len(office.notifier.sent) == 3
        assert {one["status"] for one in (await office.report("s1"))["contacts"]} == {"sent", "skipped"}
        await office.all_read()


async def test_a_wrong_key_for_a_minute_pauses_the_channel(new_office: NewOffice) -> None:
    """One message tries again every 30 seconds, readiness says why, and when the key is right all texts go out."""
    async with new_office() as office:
        numbers = await roster(office, 6)
        failing_for(office, 61, lambda: Misconfigured("HTTP 401"))
        await office.fanout(await office.shift("s1"))
        ready = await office.http.get("/ready")
        assert (ready.status_code, "HTTP 401" in ready.json()["detail"]) == (503, True)
        first = len(office.notifier.attempts)
        await office.clock.advance(59)
        await office.settled()
        assert len(office.notifier.attempts) - first == 1
        await office.minutes(1.5)
        assert_each_got_one_text(office, numbers)
        assert (await office.http.get("/ready")).status_code == 200
        assert {one["error"] for one in (await office.report("s1"))["contacts"]} == {None}
        await office.all_read()


async def test_a_notice_is_given_up_after_an_hour_and_an_offer_is_not(new_office: NewOffice) -> None:
    """The confirmation fails for an hour: `failed`, and a person must tell the caregiver."""
    async with new_office(escalate_after=7200) as office:
        ann = await office.caregiver("ann", "+16175550101")

        def no_confirmations(message: Message) -> None:
            if message.kind is Kind.CONFIRMATION:
                raise TemporaryFailure("HTTP 503")

        office.notifier.behaviour = no_confirmations
        await office.fanout(await office.shift("s1"))
        ann.expect_sms()
        await ann.replies("yes")
        await office.minutes(5)
        office.clock.set_forward(50 * 60)
        await office.minutes(1)
        (notice,) = (await office.report("s1"))["notices"]
        assert notice["status"] == "queued"
        await office.minutes(6)
        report = await office.report("s1")
        (notice,) = report["notices"]
        assert (notice["status"], notice["error"]) == ("failed", "HTTP 503")
        assert [one["reason"] for one in report["attention"]] == ["not_told"]


async def test_what_may_have_gone_out_is_unknown(new_office: NewOffice) -> None:
    """After a 502 the text is tried again under its key; if the fanout ends first, it is `unknown`."""
    async with new_office() as office:
        office.notifier.honours_keys = True
        failing_for(office, 3600, lambda: Uncertain("HTTP 502"))
        await office.caregiver("ann", "+16175550101")
        await office.fanout(await office.shift("s1"))
        await office.clock.advance(1)
        assert len({message.id for _, message in office.notifier.attempts}) == 1
        assert len(office.notifier.attempts) > 1
        await office.http.delete("/shifts/s1/fanout")
        await office.minutes(1)
        (contact,) = (await office.report("s1"))["contacts"]
        assert (contact["status"], contact["error"]) == ("unknown", "HTTP 502")


async def test_a_changed_number_gets_a_message_of_its_own(new_office: NewOffice) -> None:
    """A key stands for one message to one number: the next try goes to the new number under a new key."""
    async with new_office() as office:
        office.notifier.honours_keys = True
        failing_for(office, 5, lambda: Uncertain("HTTP 504"))
        await office.caregiver("ann", "+16175550101")
        await office.fanout(await office.shift("s1"))
        await office.caregiver("ann", "+16175550102")
        await office.minutes(1)
        office.phone("+16175550102").expect_sms("Open")
        keys = {message.to: message.id for _, message in office.notifier.attempts}
        assert len(keys) == 2
        assert len({message.id for _, message in office.notifier.attempts}) == 2


async def test_a_direct_answer_goes_to_the_number_that_asked(new_office: NewOffice) -> None:
    """The caregiver's number changes while the answer to HELP waits: the answer still goes to the first number."""
    async with new_office() as office:
        failing_for(office, 5, lambda: TemporaryFailure("HTTP 503"))
        ann = await office.caregiver("ann", "+16175550101")
        await ann.replies("HELP")
        await office.caregiver("ann", "+16175550102")
        await office.minutes(1)
        ann.expect_sms("call the office")
        office.phone("+16175550102").expect_nothing()


async def test_a_refused_message_is_failed_and_the_others_go_out(new_office: NewOffice) -> None:
    """A 400 for one number is about that message only."""
    async with new_office() as office:
        numbers = await roster(office, 3)

        def refuse_the_first(message: Message) -> None:
            if message.to == numbers[0]:
                raise PermanentFailure("HTTP 422")

        office.notifier.behaviour = refuse_the_first
        await office.fanout(await office.shift("s1"))
        statuses = {one["caregiver_id"]: one["status"] for one in (await office.report("s1"))["contacts"]}
        assert statuses == {"cg-00": "failed", "cg-01": "sent", "cg-02": "sent"}
        await office.all_read()


async def test_a_short_spell_of_429_slows_the_channel_for_a_short_time(new_office: NewOffice) -> None:
    """The provider names a second each time and is well again after ten: a minute later everybody has the text."""
    async with new_office() as office:
        numbers = await roster(office, 30)
        failing_for(office, 9, lambda: Throttled("HTTP 429", retry_after_s=1))
        await office.fanout(await office.shift("s1"))
        await office.minutes(1)
        assert_each_got_one_text(office, numbers)
        await office.all_read()
