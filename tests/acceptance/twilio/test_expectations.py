"""An office on the simulated company fails a test for what the test did not expect."""

from collections.abc import Awaitable, Callable

import httpx
import pytest
from twilio_office import PATIENCE_S, PUBLIC_URL, NewTwilioOffice, TwilioOffice, three_phones


async def stray_text(office: TwilioOffice) -> None:
    """A confirmation that the test does not look at."""
    ann, *_ = await three_phones(office)
    await ann.replies("YES")
    await office.minutes(1)


async def stray_calls(office: TwilioOffice) -> None:
    """Three calls that the test does not look at."""
    await three_phones(office)
    await office.minutes(11)


async def refused_webhook(office: TwilioOffice) -> None:
    """A webhook with a wrong signature."""
    ann, *_ = await three_phones(office)
    office.company.account.token = "another-token"
    await ann.replies("YES")


@pytest.mark.parametrize(
    ("happens", "complaint"),
    [
        (stray_text, "1 unexpected texts: .*You have it"),
        (stray_calls, "3 unexpected calls"),
        (refused_webhook, "webhooks failed: .*11200 HTTP 401"),
    ],
)
async def test_what_a_test_does_not_expect_fails_it(
    new_office: NewTwilioOffice, happens: Callable[[TwilioOffice], Awaitable[None]], complaint: str
) -> None:
    """At the end of the block."""

    async def use() -> None:
        async with new_office() as office:
            await happens(office)

    with pytest.raises(AssertionError, match=complaint):
        await use()


async def test_an_expectation_moves_the_clock_on_but_not_for_ever(new_office: NewTwilioOffice) -> None:
    """A quarter of an hour at most."""
    async with new_office() as office:
        ann, *_ = await three_phones(office)
        began_at = office.clock.now()
        with pytest.raises(AssertionError, match="waited in vain for a text"):
            await ann.expects_sms("Open RN shift")
        assert 600 < (office.clock.now() - began_at).total_seconds() <= PATIENCE_S
        for phone in office.company.phones():
            phone.calls.clear()


async def test_a_request_that_twilio_does_not_describe(new_office: NewTwilioOffice) -> None:
    """The check against the published description is on the way of every request."""
    async with new_office() as office:
        with pytest.raises(AssertionError, match="there is no field Text"):
            await httpx.AsyncClient(transport=office.api.connect()).post(
                f"https://api.twilio.com/2010-04-01/Accounts/{office.company.account.sid}/Messages.json",
                data={"To": "+16175550111", "Text": PUBLIC_URL},
            )
