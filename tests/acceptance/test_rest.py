"""A caregiver gets the rest between two shifts that an organization demands."""

import asyncio

import pytest
from office import NewOffice, Office


async def put_organization(office: Office, hours_of_rest: float) -> None:
    """The agency of the shifts, with that rest between two of them."""
    body = {"name": "Harbor", "minimum_rest": hours_of_rest}
    response = await office.http.put("/organizations/org", json=body)
    assert response.status_code == 201, response.text


async def test_a_yes_that_leaves_too_little_rest_is_a_conflict(new_office: NewOffice) -> None:
    """Before a shift and after it, also next to a shift of another organization; with enough rest it is a claim."""
    async with new_office() as office:
        await put_organization(office, 10)
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("held", day=2, hours="08-16", organization_id="other")
        for shift_id, hours in (("before", "00-06"), ("after", "25-32"), ("later", "26-32")):
            await office.shift(shift_id, day=2, hours=hours)
            await office.fanout(shift_id)
        await office.all_read()
        await office.assign("held", "ann")
        await office.settled()
        ann.expect_sms("You have it")
        for shift_id in ("before", "after"):
            answer = await ann.replies("YES", shift_id=shift_id)
            assert answer["outcome"] == "conflict"
            ann.expect_sms("You need 10 hours of rest between shifts, so we can't give you the RN shift")
        assert (await ann.replies("YES", shift_id="later"))["outcome"] == "claimed"
        ann.expect_sms("You have it")


async def test_who_would_have_too_little_rest_is_not_contacted(new_office: NewOffice) -> None:
    """They are left out when the round is planned, and when they get the other shift while their text waits."""
    async with new_office(sms_rate=1) as office:
        await put_organization(office, 8)
        ann = await office.caregiver("ann", "+15550001")
        bea = await office.caregiver("bea", "+15550002")
        await office.shift("early", day=2, hours="00-08")
        await office.shift("late", day=2, hours="15-23")
        await office.assign("early", "bea")
        await office.settled()
        bea.expect_sms("You have it")
        await office.fanout("late")
        assert (await office.report("late"))["excluded"] == [{"caregiver_id": "bea", "reason": "conflict"}]
        await office.minutes(1)
        ann.expect_sms("Open")
        await office.shift("other", day=3, hours="02-10")
        await office.post("other")
        assert (await ann.replies("YES", shift_id="late"))["outcome"] == "claimed"
        await office.minutes(1)
        ann.expect_sms("You have it")
        bea.expect_sms("Open")
        assert (await office.report("other"))["excluded"] == [{"caregiver_id": "ann", "reason": "conflict"}]


async def test_the_office_cannot_assign_a_shift_without_rest(new_office: NewOffice) -> None:
    """It is refused with the other shift and the hours, as an overlap is."""
    async with new_office() as office:
        await put_organization(office, 10.5)
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("s1", hours="08-16")
        await office.shift("s2", hours="26-32")
        await office.assign("s1", "ann")
        await office.settled()
        ann.expect_sms()
        answer = await office.assign("s2", "ann")
        assert (answer.status_code, answer.json()["detail"]) == (
            409,
            "caregiver 'ann' (Name of ann) has shift 's1' with less than 10.5 h of rest in between",
        )


@pytest.mark.parametrize(("hours_of_rest", "claims"), [(8, 2), (36, 1)])
async def test_two_claims_at_once_leave_the_rest(new_office: NewOffice, hours_of_rest: int, claims: int) -> None:
    """A yes to each of several shifts in the same moment: each sees those that have won."""
    async with new_office() as office:
        await put_organization(office, hours_of_rest)
        ann = await office.caregiver("ann", "+15550001")
        shift_ids = [await office.shift(f"s{n}", day=2 + n // 2, hours=("00-06", "13-19")[n % 2]) for n in range(4)]
        for shift_id in shift_ids:
            await office.fanout(shift_id)
        await office.all_read()
        answers = await asyncio.gather(*(office.inbound("+15550001", "YES", shift_id=one) for one in shift_ids))
        outcomes = sorted(answer["outcome"] for answer in answers)
        assert outcomes == ["claimed"] * claims + ["conflict"] * (4 - claims)
        await office.settled()
        assert len(ann.unread) == len(shift_ids)
        await office.all_read()
