"""A provider that asks for a very long rest does not stop an offer for good."""

import math

import pytest
from fakes import raising
from office import NewOffice

from app.domain.rules.channels import LONGEST_WAIT_S
from app.errors import TemporaryFailure


@pytest.mark.parametrize("asked_s", [LONGEST_WAIT_S + 1, 86_400.0 * 365, math.inf])
async def test_a_provider_that_asks_for_more_than_an_hour_is_tried_after_an_hour(
    new_office: NewOffice, asked_s: float
) -> None:
    """The second try comes after exactly an hour, whatever the first answer asked for."""
    async with new_office(escalate_after=3 * LONGEST_WAIT_S) as office:
        office.notifier.behaviour = raising(TemporaryFailure("HTTP 503", retry_after_s=asked_s))
        ann = await office.caregiver("ann", "+15550001")
        await office.fanout(await office.shift("s1"))
        await office.clock.advance(LONGEST_WAIT_S - 0.1)
        assert len(office.notifier.attempts) == 1
        await office.clock.advance(0.1)
        await office.settled()
        assert len(office.notifier.attempts) == 2
        ann.expect_sms()
