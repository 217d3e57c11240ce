"""Quiet hours over random nights, zones and rates: nothing goes out in them, and nothing that waits is forgotten."""

import asyncio
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from fakes import START
from hypothesis import given
from hypothesis import strategies as st
from store_driver import Driver, shift

from app.domain.commands import HandoverResult, PutCaregiver, PutOrganization, PutShift, StartFanout
from app.domain.decisions import Delivery
from app.domain.messages import ContactStatus
from app.domain.policy import Policy
from app.domain.records import Caregiver, Channel, Organization, QuietHours
from app.stores.memory.store import MemoryStore

URGENT = timedelta(hours=6)
WAIT = timedelta(minutes=10)
ZONES = ("America/New_York", "America/Los_Angeles", "Pacific/Auckland")
#: Messages that one step may hand over, and the length of a step while messages wait for their turn.
PER_STEP, STEP = 1, timedelta(minutes=4)


def is_night(hours: QuietHours | None, zone: str, moment: datetime) -> bool:
    """Whether the clock on the wall shows a quiet hour."""
    if hours is None:
        return False
    wall = moment.astimezone(ZoneInfo(zone)).time()
    if hours.start < hours.end:
        return hours.start <= wall < hours.end
    return wall >= hours.start or wall < hours.end


class World:
    """A fanout to caregivers of several zones, and a check of each message that is handed over."""

    def __init__(self, hours: QuietHours, zones: list[str], start: datetime) -> None:
        self.driver = Driver(MemoryStore(), policy=Policy(urgent_s=URGENT.total_seconds()))
        self.driver.now = start
        self.hours: QuietHours | None = hours
        self.zones = {f"cg-{n}": zone for n, zone in enumerate(zones)}
        self.urgent = False
        self.starts_at = start
        self.sent: dict[tuple[str, Channel], datetime] = {}

    async def begin(self, lead: timedelta, *, urgent: bool) -> None:
        """Put everybody on record and start the fanout of a shift that begins after `lead`."""
        driver = self.driver
        await self.put_organization(self.hours)
        for n in range(len(self.zones)):
            await self.put_caregiver(n, self.zones[f"cg-{n}"])
        self.starts_at = driver.now + lead
        about = replace(shift("s1"), start_time=self.starts_at, end_time=self.starts_at + timedelta(hours=8))
        await driver.do(PutShift(shift=about, now=driver.now))
        await self.post(urgent=urgent)

    async def put_organization(self, hours: QuietHours | None) -> None:
        """Put the organization with these hours."""
        self.hours = hours
        organization = Organization(id="org", name="Harbor", quiet_hours=hours)
        await self.driver.do(PutOrganization(organization=organization, now=self.driver.now))

    async def put_caregiver(self, n: int, zone: str) -> None:
        """Put the caregiver with that number, in that zone."""
        id_ = f"cg-{n}"
        self.zones[id_] = zone
        caregiver = Caregiver(id=id_, name=id_, roles=("RN",), phone=f"+1555{n:07}", time_zone=zone)
        await self.driver.do(PutCaregiver(caregiver=caregiver, now=self.driver.now))

    async def post(self, *, urgent: bool) -> None:
        """Post the fanout."""
        self.urgent |= urgent
        await self.driver.do(StartFanout(shift_id="s1", urgent=urgent, now=self.driver.now))

    async def run_until(self, target: datetime) -> None:
        """Do what a worker does until then, waking at the times that the store names."""
        driver = self.driver
        while True:
            await driver.advance()
            deliveries = await driver.lease(PER_STEP)
            for delivery in deliveries:
                self.check(delivery)
            await driver.record_results(deliveries, HandoverResult.SENT)
            due = await driver.store.next_due()
            next_at = driver.now + STEP if deliveries else due
            if next_at is None or next_at > target:
                break
            assert next_at > driver.now or not deliveries
            driver.now = max(driver.now, next_at)
        driver.now = target

    def check(self, delivery: Delivery) -> None:
        """No message is handed over at night but an urgent one; no call follows its text at once."""
        now, message = self.driver.now, delivery.message
        channel, caregiver_id = message.channel, message.caregiver_id
        if is_night(self.hours, self.zones[caregiver_id], now) and not self.urgent:
            assert channel is Channel.SMS
            assert self.starts_at - now <= URGENT
        assert (caregiver_id, channel) not in self.sent
        assert (caregiver_id, Channel.VOICE) not in self.sent, "a text after the call that takes its place"
        self.sent[caregiver_id, channel] = now
        text_at = self.sent.get((caregiver_id, Channel.SMS))
        if channel is Channel.VOICE and text_at is not None:
            assert now >= text_at + WAIT / 2


TIMES = st.builds(time, st.integers(0, 23), st.sampled_from([0, 30]))
HOURS = st.builds(lambda start, end: QuietHours(start=start, end=end), TIMES, TIMES).filter(
    lambda one: one.start != one.end
)


@given(
    hours=HOURS,
    zones=st.lists(st.sampled_from(ZONES), min_size=1, max_size=4),
    # Among these days the clocks change in New York, Los Angeles and Auckland.
    start=st.integers(0, 300 * 48).map(lambda halves: START + timedelta(minutes=30 * halves)),
    # So near to a full half hour that a night begins while messages go out.
    minutes_earlier=st.sampled_from([0, 2, 12]),
    lead_h=st.sampled_from([1, 5, 7, 20, 60]),
    urgent=st.booleans(),
    urgent_after_h=st.none() | st.integers(0, 30),
)
def test_nobody_is_disturbed_and_nobody_is_forgotten(
    hours: QuietHours,
    zones: list[str],
    start: datetime,
    minutes_earlier: int,
    lead_h: int,
    urgent: bool,
    urgent_after_h: int | None,
) -> None:
    """Every caregiver is asked before the shift ends, unless it is night for them until then."""

    async def run() -> None:
        world = World(hours, zones, start - timedelta(minutes=minutes_earlier))
        await world.begin(timedelta(hours=lead_h), urgent=urgent)
        if urgent_after_h is not None and urgent_after_h < lead_h:
            await world.run_until(start + timedelta(hours=urgent_after_h))
            await world.post(urgent=True)
            # Calls take turns with the texts.
            await world.run_until(world.driver.now + 2 * len(zones) * STEP)
            assert {caregiver_id for caregiver_id, _ in world.sent} == set(world.zones)
        ends_at = world.starts_at + timedelta(hours=8)
        await world.run_until(ends_at - timedelta(seconds=1))
        # A text goes six hours before the start at the latest.
        assert {caregiver_id for caregiver_id, _ in world.sent} == set(world.zones)
        awake = {
            id_
            for id_, zone in world.zones.items()
            if world.urgent
            or not all(
                is_night(hours, zone, ends_at - timedelta(minutes=30 * n)) for n in range(2, 2 * (lead_h + 8) - 1)
            )
        }
        report = await world.driver.store.report("s1", full=True)
        assert report is not None
        assert awake <= {caregiver_id for caregiver_id, channel in world.sent if channel is Channel.VOICE}
        assert report.held_until(world.driver.now) is None or len(awake) < len(zones)

    asyncio.run(run())


@given(
    hours=HOURS,
    zones=st.lists(st.sampled_from(ZONES), min_size=1, max_size=3),
    start=st.integers(0, 300 * 48).map(lambda halves: START + timedelta(minutes=30 * halves)),
    changes=st.lists(
        st.tuples(st.integers(1, 800), st.none() | HOURS | st.tuples(st.integers(0, 2), st.sampled_from(ZONES))),
        min_size=1,
        max_size=3,
    ),
)
def test_what_waits_follows_the_hours_and_zones(
    hours: QuietHours,
    zones: list[str],
    start: datetime,
    changes: list[tuple[int, QuietHours | tuple[int, str] | None]],
) -> None:
    """Other hours, none at all, or another zone of a caregiver: who may be texted is texted, and nobody at night."""

    async def run() -> None:
        world = World(hours, zones, start)
        lead = timedelta(hours=80)
        await world.begin(lead, urgent=False)
        for minutes, change in changes:
            await world.run_until(world.driver.now + timedelta(minutes=minutes))
            if isinstance(change, tuple):
                await world.put_caregiver(change[0] % len(zones), change[1])
            else:
                await world.put_organization(change)
            changed_at = world.driver.now
            # Calls take turns with the texts.
            await world.run_until(changed_at + 2 * len(zones) * STEP)
            moments = [changed_at + n * STEP for n in range(2 * len(zones) + 1)]
            for id_, zone in world.zones.items():
                if not any(is_night(world.hours, zone, moment) for moment in moments):
                    assert (id_, Channel.SMS) in world.sent
            report = await world.driver.store.report("s1", full=True)
            assert report is not None
            waits = [one.due_at for one in report.contacts if one.status is ContactStatus.QUEUED and one.held]
            # What has come due while others were sent waits for its turn, and no longer for the morning.
            held = [at for at in waits if at is not None and at > world.driver.now]
            assert report.held_until(world.driver.now) == min(held, default=None)
        await world.run_until(world.starts_at - URGENT + 2 * len(zones) * STEP)
        assert {caregiver_id for caregiver_id, _ in world.sent} == set(world.zones)

    asyncio.run(run())
