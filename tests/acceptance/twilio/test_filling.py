"""Shifts that are filled by text and by call, through the simulated telephone company."""

from fakes import START
from twilio_office import NewTwilioOffice, Phone, three_phones


async def test_the_first_yes_wins_by_text(new_office: NewTwilioOffice) -> None:
    """The winner is told, and so is whoever answers later; the offers are on record as delivered."""
    async with new_office() as office:
        ann, ben, _ = await three_phones(office)
        assert await office.counts("s1") == {"delivered": 3}
        await ben.replies("YES")
        await ben.expects_sms("You have it: RN shift")
        await ann.replies("yes")
        await ann.expects_sms("no longer open")
        await office.minutes(15)
        report = await office.report("s1")
        assert (report["status"], report["claimed_by"], report["claimed_via"]) == ("claimed", "ben", "sms")


async def test_nobody_answers_the_texts(new_office: NewTwilioOffice) -> None:
    """Ten minutes later the phones ring. Key 1 claims, and the same call says so."""
    async with new_office() as office:
        ann, ben, cleo = await three_phones(office)
        call = await ann.expects_call()
        assert 600 <= (office.clock.now() - START).total_seconds() < 605
        call.presses("1")
        await call.hears("Hello. This is your agency.", "To accept, press 1")
        await call.hears("You have this shift. Thank you! Goodbye.")
        await call.ends("completed")
        await ann.expects_sms("You have it: RN shift")
        report = await office.report("s1")
        assert (report["claimed_by"], report["claimed_via"]) == ("ann", "voice")
        await office.ignore_calls(ben, cleo)


async def test_two_press_1_at_the_same_moment(new_office: NewTwilioOffice) -> None:
    """One has the shift, the other hears that it is gone."""
    async with new_office(voice_rate=100.0) as office:
        phones = await three_phones(office)
        calls = [await phone.expects_call() for phone in phones]
        for call in calls[:2]:
            call.presses("1")
        await calls[0].hears("To accept, press 1")
        await calls[1].hears("To accept, press 1")
        await office.minutes(1)
        said = sorted(call.call.heard[1] for call in calls[:2])
        assert said[0].startswith("Thanks for answering! Sorry, this shift is no longer open.")
        assert said[1].startswith("You have this shift.")
        holder = (await office.report("s1"))["claimed_by"]
        await dict(zip(("ann", "ben", "cleo"), phones, strict=True))[holder].expects_sms("You have it")
        for phone in phones:
            phone.line.texts.clear()


async def test_words_count_on_a_call(new_office: NewTwilioOffice) -> None:
    """They are heard while the offer is still being read; a no is a no."""
    async with new_office() as office:
        ann, ben, cleo = await three_phones(office)
        calls = [await phone.expects_call() for phone in (ann, ben)]
        calls[0].says("no I can't")
        await calls[0].hears("To accept, press 1")
        await calls[0].hears("We won't ask you about this shift again")
        calls[1].says("yes I can")
        await calls[1].hears("To accept, press 1")
        await calls[1].hears("You have this shift")
        await ben.expects_sms("You have it")
        outcomes = [(one["caregiver_id"], one["outcome"]) for one in (await office.report("s1"))["responses"]]
        assert outcomes == [("ann", "declined"), ("ben", "claimed")]
        await office.ignore_calls(cleo)


async def test_keys_3_and_9(new_office: NewTwilioOffice) -> None:
    """3 reads the offer again; 9 stops all texts and calls."""
    async with new_office() as office:
        ann, ben, cleo = await three_phones(office)
        call = await ann.expects_call()
        call.presses("3")
        await call.hears("Hello. This is your agency.")
        await call.hears("Open R N shift", "To accept, press 1")
        call.presses("9")
        await call.hears("You won't get shift texts or calls any more")
        await ann.expects_sms("START")
        await office.ignore_calls(ben, cleo)
        await office.minutes(5)
        assert (await office.http.get("/caregivers/ann")).json()["opted_out"]


async def test_somebody_calls_our_number(new_office: NewTwilioOffice) -> None:
    """They hear the offer that they have, and accept it in the same call; a stranger is told to call the office."""
    async with new_office() as office:
        ann, ben, cleo = await three_phones(office)
        call = await ben.calls()
        call.presses("1")
        await call.hears("Hello. This is your agency.", "To accept, press 1")
        await call.hears("You have this shift")
        await ben.expects_sms("You have it")
        call = await Phone(office, "+16175550199").calls()
        await call.hears("We have no open shift for you now")
        for phone in (ann, cleo):
            assert not phone.line.calls
