"""Calls that nobody answers, that a machine answers, and that are no longer needed."""

from typing import Any

import pytest
from twilio_api import SID, TOKEN
from twilio_office import NewTwilioOffice, TwilioOffice, three_phones

from app.settings import TwilioSettings
from app.simulation.twilio.phones import Line

SERVICE = "MG" + "1" * 32


async def calls_of(office: TwilioOffice, caregiver_id: str) -> list[tuple[str, str | None]]:
    """The status and error of each call to that caregiver."""
    contacts = (await office.report("s1"))["contacts"]
    return [
        (one["status"], one["error"])
        for one in contacts
        if (one["caregiver_id"], one["channel"]) == (caregiver_id, "voice")
    ]


@pytest.mark.parametrize(
    ("line", "error"), [(Line.BUSY, "the line was busy"), (Line.RINGS, "nobody answered")], ids=["busy", "rings"]
)
async def test_a_call_that_nobody_answers(new_office: NewTwilioOffice, line: Line, error: str) -> None:
    """It stays `sent`, with the reason, and `no_answer` is on record once."""
    async with new_office() as office:
        phones = await three_phones(office)
        phones[0].line.line = line
        for phone in phones:
            await phone.expects_call()
        await office.minutes(2)
        assert await calls_of(office, "ann") == [("sent", error)]
        outcomes = [(one["caregiver_id"], one["outcome"]) for one in (await office.report("s1"))["responses"]]
        assert sorted(outcomes) == [(id_, "no_answer") for id_ in ("ann", "ben", "cleo")]


async def test_somebody_hangs_up_without_a_key(new_office: NewTwilioOffice) -> None:
    """The call was delivered, and there is no answer on record but `no_answer`."""
    async with new_office() as office:
        ann, ben, cleo = await three_phones(office)
        call = await ann.expects_call()
        call.picks_up()
        await call.hears("Hello. This is your agency.")
        call.call.hang_up()
        await call.ends("completed")
        await office.ignore_calls(ben, cleo)
        outcomes = [
            one["outcome"] for one in (await office.report("s1"))["responses"] if one["caregiver_id"] == "ann"
        ]
        assert outcomes == ["no_answer"]


@pytest.mark.parametrize("detects", [False, True])
async def test_a_machine_is_never_a_yes(new_office: NewTwilioOffice, detects: bool) -> None:
    """Whatever its greeting says. With detection it records where to call or text."""
    account = TwilioSettings(
        account_sid="AC" + "0" * 32,
        auth_token=("the-secret-token",),
        from_number="+16175550100",
        detect_machines=detects,
    )
    async with new_office(twilio=account) as office:
        phones = await three_phones(office)
        ann = phones[0]
        ann.line.line = Line.MACHINE
        ann.line.greeting = "Hi, yes, you have reached Ann. Please leave a message after the tone."
        calls = [await phone.expects_call() for phone in phones]
        await office.minutes(3)
        report = await office.report("s1")
        assert report["status"] == "open"
        assert {one["outcome"] for one in report["responses"]} <= {"no_answer", "unrecognized"}
        assert calls[0].call.status == "completed"
        if detects:
            assert "To answer, call or text" in calls[0].call.heard[-1]
        for phone in phones:
            phone.line.texts.clear()


@pytest.mark.parametrize("missing", ["FANOUT_PUBLIC_URL", "FANOUT_TWILIO_FROM"])
async def test_calls_that_cannot_be_made_have_failed(new_office: NewTwilioOffice, missing: str) -> None:
    """Each contact says what is missing. The service can send texts all the same, so it is ready."""
    settings: dict[str, Any] = {"public_url": None}
    if missing == "FANOUT_TWILIO_FROM":
        account = TwilioSettings(account_sid=SID, auth_token=(TOKEN,), messaging_service_sid=SERVICE)
        settings = {"twilio": account}
    async with new_office(**settings) as office:
        office.company.account.messaging_service_sid = SERVICE
        await three_phones(office)
        await office.minutes(11)
        for id_ in ("ann", "ben", "cleo"):
            ((status, error),) = await calls_of(office, id_)
            assert status == "failed"
            assert f"calls need {missing}" in str(error)
        assert (await office.http.get("/ready")).status_code == 200


async def test_calls_that_ring_end_when_the_shift_is_filled(new_office: NewTwilioOffice) -> None:
    """Nobody picks up for a shift that is gone."""
    async with new_office(voice_rate=100.0) as office:
        phones = await three_phones(office)
        calls = [await phone.expects_call() for phone in phones]
        calls[0].presses("1")
        await phones[0].expects_sms("You have it")
        await office.minutes(0.1)
        assert [call.call.status for call in calls[1:]] == ["canceled", "canceled"]
        for id_ in ("ben", "cleo"):
            assert await calls_of(office, id_) == [("skipped", None)]


async def test_a_call_that_the_service_did_not_end_has_failed(new_office: NewTwilioOffice) -> None:
    """Somebody has ended it at the telephone company, although the shift is open."""
    async with new_office(voice_rate=100.0) as office:
        phones = await three_phones(office)
        calls = [await phone.expects_call() for phone in phones]
        calls[0].call.end_ringing("canceled")
        await office.minutes(0.1)
        assert await calls_of(office, "ann") == [("failed", "the call was canceled")]


async def test_a_landline_is_called_early(new_office: NewTwilioOffice) -> None:
    """No text reaches it, so the call does not wait for ten minutes."""
    async with new_office() as office:
        office.company.phone("+16175550111").text_error = 30006
        ann = await office.caregiver("ann", "+16175550111")
        ben = await office.caregiver("ben", "+16175550112")
        await office.fanout(await office.shift("s1"))
        await ben.expects_sms("Open RN shift")
        posted_at = office.clock.now()
        call = await ann.expects_call()
        assert (office.clock.now() - posted_at).total_seconds() < 60
        call.presses("1")
        await call.hears("Hello. This is your agency.")
        await call.hears("You have this shift")
        await office.minutes(12)
        assert (await office.report("s1"))["claimed_by"] == "ann"


@pytest.mark.parametrize("who_calls", ["we", "they"])
async def test_a_key_is_an_answer_to_the_hours_that_the_call_has_read(
    new_office: NewTwilioOffice, who_calls: str
) -> None:
    """The shift is moved, and offered by text again, while the call is on. The new hours are read, and then count."""
    async with new_office() as office:
        ann = await office.caregiver("ann", "+16175550111")
        await office.fanout(await office.shift("s1"))
        await ann.expects_sms("Open RN shift")
        call = await ann.expects_call() if who_calls == "we" else await ann.calls()
        if who_calls == "we":
            call.picks_up()
        await call.hears("July 2nd")
        await office.clock.advance(1)
        await office.http.delete("/shifts/s1/fanout")
        await office.shift("s1", day=5)
        await office.fanout("s1")
        await ann.expects_sms("Jul 5")
        call.presses("1")
        await call.hears("July 5th")
        assert (await office.report("s1"))["status"] == "open"
        await ann.expects_sms("This shift has changed", "Jul 5")
        call.presses("1")
        await call.ends("completed")
        assert (await office.report("s1"))["claimed_by"] == "ann"
        await ann.expects_sms("You have it", "Jul 5")
