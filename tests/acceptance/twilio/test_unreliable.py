"""Twilio fails, answers too late, and loses, repeats and reorders webhooks: still one text to each caregiver."""

import httpx
import pytest
from twilio_api import Answer
from twilio_office import PUBLIC_URL, NewTwilioOffice, three_phones

from app.simulation.twilio.company import Fault
from app.simulation.twilio.webhooks import Webhook


@pytest.mark.parametrize("carried_out", [True, False])
@pytest.mark.parametrize("answer", [(500, None), (503, 20503), httpx.ReadTimeout("gone")], ids=["500", "503", "gone"])
async def test_a_request_that_fails(new_office: NewTwilioOffice, carried_out: bool, answer: Answer) -> None:
    """Whether Twilio has carried it out or not, there is exactly one text."""
    async with new_office() as office:
        office.api.faults.append((carried_out, answer))
        await three_phones(office)
        await office.minutes(5)
        assert await office.counts("s1") == {"delivered": 3}
        assert len(office.company.messages) == 3


async def test_an_answer_that_comes_too_late(new_office: NewTwilioOffice) -> None:
    """Twilio has sent the text long before; it is found in the list."""
    async with new_office() as office:
        office.company.faults.append(Fault(after_s=60))
        await three_phones(office)
        await office.minutes(5)
        assert len(office.company.messages) == 3
        assert await office.counts("s1") == {"delivered": 3}


async def test_too_many_requests(new_office: NewTwilioOffice) -> None:
    """What Twilio refuses with a 429 goes out later."""
    async with new_office(sms_rate=100.0) as office:
        office.company.account.requests_per_s = 1
        await three_phones(office)
        assert await office.counts("s1") == {"delivered": 3}


@pytest.mark.parametrize("copies", [(), (0.0, 0.0), (0.0, 20.0), (7.0,)], ids=["lost", "twice", "again", "late"])
async def test_status_callbacks_are_unreliable(new_office: NewTwilioOffice, copies: tuple[float, ...]) -> None:
    """In the end every offer is on record as delivered. What is lost is asked for."""
    async with new_office() as office:
        office.company.webhooks.copies = lambda webhook: copies if "MessageStatus" in webhook.fields else (0.0,)
        await three_phones(office)
        await office.minutes(9)
        assert await office.counts("s1") == {"delivered": 3}


async def test_status_callbacks_in_the_wrong_order(new_office: NewTwilioOffice) -> None:
    """`sent` after `delivered` changes nothing, and a later failure without a code keeps the reason."""

    def copies(webhook: Webhook) -> tuple[float, ...]:
        return (3.0,) if webhook.fields.get("MessageStatus") == "sent" else (0.0,)

    async with new_office() as office:
        office.company.webhooks.copies = copies
        office.company.phone("+16175550111").text_error = 30007
        await office.caregiver("ann", "+16175550111")
        await (ben := await office.caregiver("ben", "+16175550112")).replies("hi")
        await office.fanout(await office.shift("s1"))
        await ben.expects_sms("Open RN shift")
        await office.minutes(1)
        assert await office.counts("s1") == {"delivered": 1, "failed": 1}
        (failed,) = [one for one in (await office.report("s1"))["contacts"] if one["status"] == "failed"]
        assert "30007" in failed["error"]


@pytest.mark.parametrize("delay_s", [0.0, 30.0])
async def test_a_reply_that_arrives_twice(new_office: NewTwilioOffice, delay_s: float) -> None:
    """It is handled once, also if both copies arrive at the same moment."""
    async with new_office() as office:
        ann, *_ = await three_phones(office)
        office.company.webhooks.copies = lambda webhook: (0.0, delay_s) if "Body" in webhook.fields else (0.0,)
        await ann.replies("YES")
        await ann.expects_sms("You have it")
        await office.minutes(1)
        assert len((await office.report("s1"))["responses"]) == 1


async def test_a_wrong_token_loses_nothing(new_office: NewTwilioOffice) -> None:
    """The channel pauses and `/ready` says why. Once the token is right again, every text goes out."""
    async with new_office() as office:
        right, office.company.account.token = office.company.account.token, "another-token"
        phones = [await office.caregiver("ann", "+16175550111")]
        await office.fanout(await office.shift("s1"))
        await office.minutes(2)
        assert not office.company.messages
        ready = await office.http.get("/ready")
        assert ready.status_code == 503
        assert "wrong account SID or token" in ready.text
        office.company.account.token = right
        await phones[0].expects_sms("Open RN shift")
        await office.minutes(1)
        assert (await office.http.get("/ready")).status_code == 200


async def test_webhooks_with_another_token_are_refused(new_office: NewTwilioOffice) -> None:
    """They leave no trace."""
    async with new_office() as office:
        ann, *_ = await three_phones(office)
        await office.minutes(1)
        right, office.company.account.token = office.company.account.token, "another-token"
        await ann.replies("YES")
        office.company.account.token = right
        assert (await office.report("s1"))["responses"] == []
        office.problems = [f"11200 HTTP 401 from {PUBLIC_URL}/webhooks/twilio/sms"]


async def test_an_unregistered_number_pauses_the_channel(new_office: NewTwilioOffice) -> None:
    """Twilio accepts the texts and drops them. Nothing is lost: they go out again once the number is registered."""
    async with new_office() as office:
        office.company.account.registered = False
        ann = await office.caregiver("ann", "+16175550111")
        await office.fanout(await office.shift("s1"))
        await office.minutes(2)
        ready = await office.http.get("/ready")
        assert ready.status_code == 503
        assert "not registered for texts" in ready.text
        office.company.account.registered = True
        await ann.expects_sms("Open RN shift")
        await office.minutes(1)
        assert await office.counts("s1") == {"delivered": 1}


async def test_a_text_while_the_service_is_down(new_office: NewTwilioOffice) -> None:
    """It is found in Twilio's list at the next start, and handled once."""
    async with new_office() as office:
        ann, *_ = await three_phones(office)
        await office.minutes(1)
        await office.stop()
        await ann.replies("YES")
        await office.clock.advance(60)
        await office.start()
        await ann.expects_sms("You have it")
        await office.stop()
        await office.start()
        await office.minutes(1)
        assert len((await office.report("s1"))["responses"]) == 1
        office.problems = [f"11205 no connection to {PUBLIC_URL}/webhooks/twilio/sms"]
