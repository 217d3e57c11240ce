"""Quiet hours: what waits for the morning, what does not, and what becomes of it meanwhile."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fakes import FakeClock
from office import NewOffice, Office

from app.domain.decisions import Message
from app.errors import TemporaryFailure
from app.simulation.phones import deliver_all

#: 2 AM in New York.
NIGHT = datetime(2026, 7, 2, 6, tzinfo=UTC)
#: 7 AM in New York.
MORNING = "2026-07-02T11:00:00Z"


#: The agency of the shifts, in New York, quiet from 9 PM to 7 AM.
AGENCY = {"name": "Harbor", "time_zone": "America/New_York", "quiet_hours": {"from": "21:00", "to": "07:00"}}


async def put_organization(office: Office, **changes: Any) -> None:
    """Put the agency with these changes; None removes a field."""
    body = {name: value for name, value in {**AGENCY, **changes}.items() if value is not None}
    response = await office.http.put("/organizations/org", json=body)
    assert response.status_code in (200, 201), response.text
    await office.settled()


async def at_night(office: Office, at: datetime = NIGHT) -> None:
    """The agency, at night, and nobody on its roster yet."""
    office.clock.set_forward((at - office.clock.now()).total_seconds())
    await put_organization(office)


async def until(office: Office, moment: str) -> None:
    """Move the clock to that time."""
    await office.minutes((datetime.fromisoformat(moment) - office.clock.now()) / timedelta(minutes=1))


def counts(report: dict[str, Any]) -> dict[str, int]:
    """The statuses that some contact has."""
    return {status: count for status, count in report["counts"].items() if count}


async def test_texts_wait_for_the_morning_and_calls_follow_them(new_office: NewOffice) -> None:
    """Nothing goes out at night, and nobody must look yet. A call follows its text after half the wait."""
    async with new_office() as office:
        await at_night(office)
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("s1", day=3)
        answer = await office.post("s1")
        assert answer.status_code == 202
        assert answer.json()["held_until"] == MORNING
        await office.settled()
        assert (await office.report("s1"))["held_until"] == MORNING
        await until(office, "2026-07-02T10:59:59Z")
        ann.expect_nothing()
        report = await office.report("s1")
        assert (report["status"], report["attention"], counts(report)) == ("open", [], {"queued": 2})
        await until(office, MORNING)
        ann.expect_sms("Open RN shift")
        await until(office, "2026-07-02T11:04:59Z")
        ann.expect_nothing()
        await until(office, "2026-07-02T11:05:01Z")
        ann.expect_call()
        report = await office.report("s1")
        assert (report["held_until"], report["attention"]) == (None, [])
        await until(office, "2026-07-02T11:15:01Z")
        assert [one["reason"] for one in (await office.report("s1"))["attention"]] == ["unanswered"]


async def test_each_caregiver_has_a_night_of_their_own(new_office: NewOffice) -> None:
    """It is 7 AM in New York, and 4 AM in Los Angeles, where the second caregiver lives."""
    async with new_office() as office:
        await at_night(office, datetime(2026, 7, 2, 11, tzinfo=UTC))
        ann = await office.caregiver("ann", "+15550001")
        bea = await office.caregiver("bea", "+15550002", time_zone="America/Los_Angeles")
        await office.shift("s1", day=3)
        assert (await office.fanout("s1"))["held_until"] == "2026-07-02T14:00:00Z"
        ann.expect_sms()
        bea.expect_nothing()
        assert (await office.report("s1"))["held_until"] == "2026-07-02T14:00:00Z"
        await office.minutes(10)
        ann.expect_call()
        await until(office, "2026-07-02T13:59:59Z")
        bea.expect_nothing()
        assert (await office.report("s1"))["attention"] == []
        await until(office, "2026-07-02T14:00:00Z")
        bea.expect_sms()
        await office.minutes(5.1)
        bea.expect_call()


@pytest.mark.parametrize(
    ("zone", "hours", "held_until"),
    [
        ("Asia/Tokyo", {"from": "17:00", "to": "19:00"}, None),
        ("America/New_York", {"from": "01:00", "to": "03:00"}, "2026-07-02T07:00:00Z"),
        ("America/Los_Angeles", {"from": "01:00", "to": "03:00"}, None),
        ("America/Los_Angeles", {"from": "22:00", "to": "01:30"}, "2026-07-02T08:30:00Z"),
    ],
)
async def test_the_answer_to_the_post_goes_by_the_zones_of_the_caregivers(
    new_office: NewOffice, zone: str, hours: dict[str, str], held_until: str | None
) -> None:
    """It says the same as the fanout does once the round is planned. Who is left out does not count."""
    async with new_office() as office:
        await at_night(office)
        await office.http.put("/organizations/org", json={"name": "Harbor", "time_zone": "UTC", "quiet_hours": hours})
        ann = await office.caregiver("ann", "+15550001", time_zone=zone)
        bea = await office.caregiver("bea", "+15550002", time_zone="America/New_York")
        await bea.replies("STOP")
        await office.settled()
        bea.expect_sms()
        await office.shift("s1", day=3)
        assert (await office.fanout("s1"))["held_until"] == held_until
        assert (await office.report("s1"))["held_until"] == held_until
        if held_until is None:
            ann.expect_sms()


async def test_a_shift_that_starts_soon_is_texted_at_night_but_not_called(new_office: NewOffice) -> None:
    """It starts within six hours. The calls wait for the morning, unless somebody says that it is urgent."""
    async with new_office() as office:
        await at_night(office)
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("s1", hours="12-20")
        assert (await office.fanout("s1"))["held_until"] is None
        ann.expect_sms()
        await office.minutes(15)
        ann.expect_nothing()
        assert (await office.report("s1"))["held_until"] == MORNING
        await until(office, MORNING)
        ann.expect_call()


async def test_a_text_goes_out_when_its_shift_becomes_urgent(new_office: NewOffice) -> None:
    """The shift starts at 10 AM, so the text goes at 4 AM; its call waits for the morning."""
    async with new_office() as office:
        await at_night(office)
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("s1", hours="14-20")
        assert (await office.fanout("s1"))["held_until"] == "2026-07-02T08:00:00Z"
        await until(office, "2026-07-02T07:59:59Z")
        ann.expect_nothing()
        await until(office, "2026-07-02T08:00:00Z")
        ann.expect_sms()
        await until(office, "2026-07-02T10:59:59Z")
        ann.expect_nothing()
        await until(office, MORNING)
        ann.expect_call()


async def test_an_urgent_fanout_waits_for_nobody(new_office: NewOffice) -> None:
    """Texts and calls go out at night, and who said so is on record."""
    async with new_office(api_key="sesame") as office:
        office.http.headers["authorization"] = "Bearer sesame"
        await at_night(office)
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("s1", day=3)
        answer = await office.http.post("/shifts/s1/fanout", json={"urgent": True})
        assert (answer.status_code, answer.json()["held_until"]) == (202, None)
        await office.settled()
        ann.expect_sms()
        await office.minutes(10)
        ann.expect_call()
        log = (await office.http.get("/shifts/s1/log")).json()["items"]
        (started,) = (one for one in log if one["type"] == "fanout.started")
        assert (started["actor"], started["data"]["urgent"]) == ("key", True)


async def test_a_fanout_becomes_urgent_later(new_office: NewOffice) -> None:
    """A second post lets go what waits, once; its call still comes half the wait after the text."""
    async with new_office(api_key="sesame") as office:
        office.http.headers["authorization"] = "Bearer sesame"
        await at_night(office)
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("s1", day=3)
        await office.fanout("s1")
        await office.minutes(30)
        ann.expect_nothing()
        for _ in range(2):
            answer = await office.http.post("/shifts/s1/fanout", json={"urgent": True})
            assert (answer.status_code, answer.json()["held_until"]) == (200, None)
            await office.settled()
        ann.expect_sms()
        await office.minutes(4.9)
        ann.expect_nothing()
        await office.minutes(0.2)
        ann.expect_call()
        log = (await office.http.get("/shifts/s1/log")).json()["items"]
        assert [one["actor"] for one in log if one["data"].get("change") == "urgent"] == ["key"]


async def test_a_text_that_is_no_longer_wanted_is_skipped(new_office: NewOffice) -> None:
    """The shift is assigned, cancelled or over before the morning, or the caregiver says no."""
    async with new_office() as office:
        await at_night(office)
        ann = await office.caregiver("ann", "+15550001")
        bea = await office.caregiver("bea", "+15550002", role="LPN")
        for shift_id, day in (("assigned", 3), ("cancelled", 4), ("declined", 5)):
            await office.shift(shift_id, day=day)
            await office.fanout(shift_id)
        await office.shift("over", hours="08-10", role="LPN")
        await office.fanout("over")
        bea.expect_sms()
        await office.assign("assigned", "ann")
        await office.settled()
        ann.expect_sms("You have it")
        await office.http.delete("/shifts/cancelled/fanout")
        await ann.replies("NO", shift_id="declined")
        assert (await office.report("assigned"))["held_until"] is None
        assert (await office.report("cancelled"))["held_until"] is None
        await until(office, "2026-07-02T12:00:00Z")
        ann.expect_nothing()
        bea.expect_nothing()
        for shift_id in ("assigned", "cancelled", "declined"):
            assert set(counts(await office.report(shift_id))) == {"skipped"}, shift_id
        assert counts(await office.report("over")) == {"sent": 1, "skipped": 1}


async def test_answers_go_out_at_night(new_office: NewOffice) -> None:
    """Somebody who writes at night gets the answer at once. A release reaches its caregiver before they drive."""
    async with new_office() as office:
        await at_night(office)
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("s1", day=3)
        await office.fanout("s1")
        assert (await ann.replies("YES"))["outcome"] == "claimed"
        ann.expect_sms("You have it")
        await office.release("s1")
        await office.settled()
        ann.expect_sms("no longer have")
        await ann.replies("STOP")
        ann.expect_sms("START")


async def test_a_retry_does_not_reach_into_the_night(new_office: NewOffice) -> None:
    """At 8:59 PM the provider fails; the next try is in the morning."""
    async with new_office(sms_rate=0.5) as office:
        await at_night(office, datetime(2026, 7, 2, 0, 59, 58, tzinfo=UTC))
        ann, bea = await office.caregiver("ann", "+15550001"), await office.caregiver("bea", "+15550002")
        await office.shift("s1", day=3)
        await office.fanout("s1")
        await office.minutes(30)
        texted = [phone for phone in (ann, bea) if phone.unread]
        assert len(texted) == 1
        texted[0].expect_sms()
        await until(office, "2026-07-02T10:59:59Z")
        for phone in (ann, bea):
            phone.expect_nothing()
        await until(office, "2026-07-02T11:00:30Z")
        (texted_late,) = (phone for phone in (ann, bea) if phone is not texted[0])
        texted[0].expect_call()
        texted_late.expect_sms()
        await office.minutes(6)
        texted_late.expect_call()


def away(_: Message) -> None:
    """The behaviour of a provider that is away."""
    raise TemporaryFailure("HTTP 503")


async def test_a_text_of_the_night_is_tried_again(new_office: NewOffice) -> None:
    """A provider that is away when all texts of the night go out costs no text: the call waits for it as before."""
    async with new_office() as office:
        await at_night(office)
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("s1", day=3)
        await office.fanout("s1")
        office.notifier.behaviour = away
        await until(office, "2026-07-02T11:03:00Z")
        ann.expect_nothing()
        office.notifier.behaviour = deliver_all
        await until(office, "2026-07-02T11:04:10Z")
        ann.expect_sms("Open RN shift")
        await until(office, "2026-07-02T11:07:59Z")
        ann.expect_nothing()
        await until(office, "2026-07-02T11:09:11Z")
        ann.expect_call()
        assert counts(await office.report("s1")) == {"sent": 2}


async def test_calls_follow_texts_that_a_rate_delays(new_office: NewOffice) -> None:
    """Each call comes half the wait after its own text. A text that is late by the whole wait is left out instead."""
    async with new_office(sms_rate=1 / 240) as office:
        await at_night(office)
        for n in range(1, 5):
            await office.caregiver(f"cg-{n}", f"+1555000{n}")
        await office.shift("s1", day=3)
        await office.fanout("s1")
        await until(office, "2026-07-02T11:20:00Z")
        begin = datetime.fromisoformat(MORNING)
        sent = [
            (message.channel.value, (at - begin).total_seconds() / 60) for at, message in office.notifier.attempts
        ]
        assert sent == [
            *(("sms", 0), ("sms", 4), ("voice", 5), ("sms", 8)),
            *(("voice", 9), ("voice", 10), ("voice", 13)),
        ]
        await office.all_read()


async def test_what_waits_outlives_the_process(new_office: NewOffice) -> None:
    """The times are data: another process takes over, and in the morning it sends what the first one left."""
    async with new_office(lifespan=True) as office:
        await at_night(office)
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("s1", day=3)
        await office.fanout("s1")
        store, now = office.app.state.service.store, office.clock.now()
        await office.stop()
        async with Office(lifespan=True, store=store, clock=FakeClock(now)) as other:
            other.clock.busy = office.clock.busy
            await other.minutes(1)
            await until(other, MORNING)
            other.phone(ann.number).expect_sms()
            await other.minutes(5.1)
            other.phone(ann.number).expect_call()


@pytest.mark.parametrize(
    "change", [{"quiet_hours": None}, {"quiet_hours": {"from": "22:00", "to": "01:59"}}, {"time_zone": "Asia/Tokyo"}]
)
async def test_what_waits_goes_out_when_its_night_is_over(new_office: NewOffice, change: dict[str, Any]) -> None:
    """The office removes the hours, shortens them, or corrects its zone. Calls and attention follow from then on."""
    async with new_office() as office:
        await at_night(office)
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("s1", day=3)
        await office.fanout("s1")
        # The calls are planned by now.
        await office.minutes(30)
        await put_organization(office, **change)
        ann.expect_sms("Open RN shift")
        assert counts(await office.report("s1")) == {"sent": 1, "queued": 1}
        await office.minutes(4.9)
        ann.expect_nothing()
        await office.minutes(0.2)
        ann.expect_call()
        report = await office.report("s1")
        assert (report["held_until"], report["attention"]) == (None, [])
        await office.minutes(10)
        assert [one["reason"] for one in (await office.report("s1"))["attention"]] == ["unanswered"]


async def test_what_waits_goes_out_at_the_new_end_of_the_hours(new_office: NewOffice) -> None:
    """Later or earlier than it was. `held_until` says so at once, and nothing goes out at the old end."""
    async with new_office() as office:
        await at_night(office)
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("s1", day=3)
        assert (await office.fanout("s1"))["held_until"] == MORNING
        await put_organization(office, quiet_hours={"from": "21:00", "to": "08:00"})
        assert (await office.report("s1"))["held_until"] == "2026-07-02T12:00:00Z"
        await until(office, "2026-07-02T11:59:59Z")
        ann.expect_nothing()
        await put_organization(office, quiet_hours={"from": "21:00", "to": "09:30"})
        await until(office, "2026-07-02T13:00:00Z")
        ann.expect_nothing()
        await put_organization(office, quiet_hours={"from": "21:00", "to": "09:10"})
        assert (await office.report("s1"))["held_until"] == "2026-07-02T13:10:00Z"
        await until(office, "2026-07-02T13:10:00Z")
        ann.expect_sms()
        await until(office, "2026-07-02T13:14:59Z")
        ann.expect_nothing()
        await office.minutes(0.1)
        ann.expect_call()


async def test_what_waits_follows_the_zone_of_its_caregiver(new_office: NewOffice) -> None:
    """One is not in New York but in Tokyo, where it is 3 PM; the other in Los Angeles, where the night is longer."""
    async with new_office() as office:
        await at_night(office)
        ann, bea = await office.caregiver("ann", "+15550001"), await office.caregiver("bea", "+15550002")
        await office.shift("s1", day=3)
        await office.fanout("s1")
        await office.caregiver("ann", "+15550001", time_zone="Asia/Tokyo")
        await office.settled()
        ann.expect_sms()
        assert (await office.report("s1"))["held_until"] == MORNING
        await office.caregiver("bea", "+15550002", time_zone="America/Los_Angeles")
        await office.settled()
        assert (await office.report("s1"))["held_until"] == "2026-07-02T14:00:00Z"
        await until(office, "2026-07-02T13:59:59Z")
        bea.expect_nothing()
        ann.expect_call()
        await until(office, "2026-07-02T14:00:00Z")
        bea.expect_sms()
        await office.minutes(5.1)
        bea.expect_call()


async def test_other_changes_of_the_organization_send_nothing(new_office: NewOffice) -> None:
    """Another name lets nothing go, and the hours of another organization neither."""
    async with new_office() as office:
        await at_night(office)
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("s1", day=3)
        await office.fanout("s1")
        await put_organization(office, name="Harbor Home Health")
        for hours in ({"from": "22:00", "to": "05:00"}, {"from": "22:00", "to": "02:00"}):
            body = {"name": "Elm", "time_zone": "America/New_York", "quiet_hours": hours}
            await office.http.put("/organizations/elm", json=body)
        await office.settled()
        ann.expect_nothing()
        assert (await office.report("s1"))["held_until"] == MORNING
