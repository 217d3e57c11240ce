"""STOP and START through Twilio, which handles and answers both itself."""

import pytest
from twilio_office import NewTwilioOffice, three_phones


@pytest.mark.parametrize("word", ["STOP", "cancel", "Unsubscribe"])
async def test_stop_is_recorded_and_not_answered_twice(new_office: NewTwilioOffice, word: str) -> None:
    """Twilio answers. Nothing else reaches that number, by text or by call."""
    async with new_office() as office:
        ann, ben, cleo = await three_phones(office)
        await ann.replies(word)
        await ann.expects_sms("You have successfully been unsubscribed")
        assert (await office.http.get("/caregivers/ann")).json()["opted_out"]
        await office.minutes(11)
        await office.ignore_calls(ben, cleo)
        assert not ann.line.texts
        assert not ann.line.calls


async def test_start_is_the_way_back(new_office: NewTwilioOffice) -> None:
    """The next offer reaches that number again."""
    async with new_office() as office:
        ann, ben, cleo = await three_phones(office)
        await ann.replies("STOP")
        await ann.expects_sms("unsubscribed")
        await ann.replies("START")
        await ann.expects_sms("re-subscribed")
        await office.http.delete("/shifts/s1/fanout")
        await office.fanout(await office.shift("s2", day=4))
        for phone in (ann, ben, cleo):
            await phone.expects_sms("Open RN shift")


async def test_a_yes_is_an_answer_although_twilio_takes_it_for_start(new_office: NewTwilioOffice) -> None:
    """YES is one of the words that undo a STOP at Twilio."""
    async with new_office() as office:
        ann, *_ = await three_phones(office)
        await ann.replies("YES")
        await ann.expects_sms("You have it")


async def test_an_account_that_leaves_opt_outs_to_the_service(new_office: NewTwilioOffice) -> None:
    """Then the service answers, once."""
    async with new_office() as office:
        office.company.account.handles_opt_outs = False
        ann, ben, cleo = await three_phones(office)
        for _ in range(2):
            await ann.replies("STOP")
        await ann.expects_sms("You won't get shift texts")
        await office.minutes(11)
        await office.ignore_calls(ben, cleo)
