"""Both stores given the same commands give the same answers, whatever the commands are and however they follow."""

import asyncio
from collections.abc import Coroutine, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

import psycopg
import pytest
from fakes import FakeClock
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from store_driver import LEASE, POLICY, Driver, caregiver, shift

from app.domain.commands import (
    Assign,
    CancelFanout,
    Command,
    DeleteCaregiver,
    PutCaregiver,
    PutShift,
    RecordSending,
    Release,
    Reply,
    Sending,
    StartFanout,
)
from app.domain.decisions import Decision, Delivery
from app.domain.reading import Intent
from app.domain.records import Channel, Contact, Notice
from app.domain.rules.deliveries import admit
from app.domain.state import StateReader
from app.stores.memory.store import MemoryStore
from app.stores.postgres.store import PostgresStore
from tools.postgres import Server

ResultT = TypeVar("ResultT")

PEOPLE = range(5)
SHIFTS = ["s1", "s2", "s3", "s4"]
RECORDS = [
    "caregivers", "opt_outs", "assignments", "fanouts", "fanout_counts", "offers", "contacts", "notices",
    "responses", "exclusions", "inbound_messages", "shifts",
]  # fmt: skip


def the_shift(id_: str) -> Any:
    """s1 and s2 overlap, s3 stands alone, s4 is for another role."""
    one = shift(id_, day={"s1": 1, "s2": 1, "s3": 2, "s4": 3}[id_], role="CNA" if id_ == "s4" else "RN")
    return replace(one, start_time=one.start_time + timedelta(hours=4)) if id_ == "s2" else one


class Agreement(RuleBasedStateMachine):
    """Two stores side by side. `url` is a database of its own, emptied before each run."""

    url: str

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"TRUNCATE {', '.join(RECORDS)}".encode())
        clock = FakeClock()
        self.database = PostgresStore(self.url, clock, retention_s=POLICY.retention_s)
        self.run(self.database.open())
        self.drivers = (Driver(MemoryStore(POLICY.retention_s)), Driver(self.database))
        self.now = self.drivers[0].now
        self.numbers = 0
        #: What is under way, by idempotency key.
        self.deliveries: dict[str, Delivery] = {}

    def run(self, work: Coroutine[Any, Any, ResultT]) -> ResultT:
        """Run in this machine's own event loop."""
        return self.loop.run_until_complete(work)

    def do(self, command: Command) -> Any:
        """Apply the command to both; their one answer."""
        memory, database = (self.run(driver.do(command)) for driver in self.drivers)
        assert database == memory
        return memory

    def fresh_id(self) -> str:
        """A notice id."""
        self.numbers += 1
        return f"notice-{self.numbers}"

    @initialize()
    def roster(self) -> None:
        """Four nurses, one aide, four shifts."""
        for n in PEOPLE:
            self.put(n, "CNA" if n == 4 else "RN", None)
        for id_ in SHIFTS:
            self.do(PutShift(shift=the_shift(id_)))

    @rule(
        n=st.sampled_from(PEOPLE), role=st.sampled_from(["RN", "rn ", "CNA"]), org=st.sampled_from([None, "org", "b"])
    )
    def put(self, n: int, role: str, org: str | None) -> None:
        """Add or change somebody."""
        self.do(PutCaregiver(caregiver=caregiver(n, role, org), now=self.now))

    @rule(n=st.sampled_from(PEOPLE), other=st.sampled_from(PEOPLE))
    def put_with_the_number_of_another(self, n: int, other: int) -> None:
        """A number may be taken, or have become free."""
        self.do(PutCaregiver(caregiver=replace(caregiver(n), phone=caregiver(other).phone), now=self.now))

    @rule(n=st.sampled_from(PEOPLE))
    def delete(self, n: int) -> None:
        """Somebody leaves."""
        self.do(DeleteCaregiver(caregiver_id=caregiver(n).id, now=self.now))

    @rule(id_=st.sampled_from(SHIFTS), hours=st.sampled_from([0, 6]))
    def put_shift(self, id_: str, hours: int) -> None:
        """A shift is put again, perhaps at other hours."""
        one = the_shift(id_)
        moved = timedelta(hours=hours)
        self.do(PutShift(shift=replace(one, start_time=one.start_time + moved, end_time=one.end_time + moved)))

    @rule(id_=st.sampled_from(SHIFTS))
    def start(self, id_: str) -> None:
        """A fanout starts; its round is written down later. No two are due at the same instant: which is first?"""
        self.pass_time(0.001)
        self.do(StartFanout(shift_id=id_, now=self.now))

    @rule(id_=st.sampled_from(SHIFTS))
    def cancel(self, id_: str) -> None:
        """A fanout is cancelled."""
        self.do(CancelFanout(shift_id=id_, now=self.now))

    @rule(id_=st.sampled_from(SHIFTS), n=st.sampled_from(PEOPLE))
    def assign(self, id_: str, n: int) -> None:
        """A coordinator gives the shift away."""
        self.do(Assign(shift_id=id_, caregiver_id=caregiver(n).id, notice_id=self.fresh_id(), now=self.now))

    @rule(id_=st.sampled_from(SHIFTS))
    def release(self, id_: str) -> None:
        """A coordinator takes it back."""
        self.do(Release(shift_id=id_, notice_id=self.fresh_id(), now=self.now))

    @rule(
        n=st.sampled_from([*PEOPLE, 9]),
        intent=st.sampled_from(list(Intent)),
        code=st.sampled_from([None, None, None, "1", "2", "3", "77"]),
        shift_id=st.sampled_from([None, None, *SHIFTS, "nothing"]),
        message=st.none() | st.integers(0, 30),
        channel=st.sampled_from(Channel),
    )
    def reply(
        self, n: int, intent: Intent, code: str | None, shift_id: str | None, message: int | None, channel: Channel
    ) -> None:
        """Somebody answers, perhaps with a message id that was seen before."""
        self.do(
            Reply(
                phone=caregiver(n).phone,
                understand=lambda _: intent,
                code=code,
                channel=channel,
                message_id=None if message is None else f"m{message}",
                shift_id=shift_id,
                notice_id=self.fresh_id(),
                now=self.now,
            )
        )

    @rule()
    def due_work(self) -> None:
        """What is due is done."""
        memory, database = (self.run(driver.advance()) for driver in self.drivers)
        assert (memory > 0) == (database > 0)

    @rule()
    def take(self) -> None:
        """Everything that may go is taken; the same messages with the same words."""

        def step(view: StateReader, entry: Contact | Notice) -> Decision[Delivery | None]:
            return admit(view, entry, self.now, POLICY)

        taken = []
        for driver in self.drivers:
            found: dict[str, Delivery] = {}
            more = True
            while more:
                leased = self.run(driver.store.lease(self.now, self.now + LEASE, 1000, step))
                found |= {delivery.message.id: delivery for delivery in leased.deliveries}
                more = leased.more
            taken.append(found)
        assert taken[1] == taken[0]
        self.deliveries |= taken[0]

    @rule(sending=st.sampled_from(Sending), count=st.integers(1, 4))
    def calls_end(self, sending: Sending, count: int) -> None:
        """Some of the calls under way end so."""
        for key in sorted(self.deliveries)[:count]:
            self.record(self.deliveries.pop(key).entry, sending)

    def record(self, entry: Contact | Notice, sending: Sending) -> None:
        """Note how a call ended."""
        error = None if sending is Sending.SENT else "a fault"
        command = RecordSending(
            entry=entry, sending=sending, error=error, retry_after_s=None, jitter=0.5, now=self.now
        )
        if self.current(entry):
            self.do(command)
        else:
            for driver in self.drivers:
                self.run(driver.do(command))

    def current(self, entry: Contact | Notice) -> bool:
        """Whether it is not a contact of a generation that is over: those only the database still knows."""
        if isinstance(entry, Notice):
            return True
        report = self.run(self.drivers[0].store.report(entry.shift_id, full=False))
        return report is not None and report.fanout.generation == entry.generation

    @rule(sending=st.sampled_from([Sending.UNKNOWN, Sending.UNANSWERED]))
    def take_over(self, sending: Sending) -> None:
        """Leases that have ended are taken over; of the same messages."""
        expired = [sorted(self.run(driver.take_over()), key=repr) for driver in self.drivers]
        memory, database = ([entry for entry in entries if self.current(entry)] for entries in expired)
        assert database == memory
        for entry in expired[1]:
            self.record(entry, sending)

    @rule(seconds=st.sampled_from([1, 11, 599, 600, 3600, 90_000]))
    def time_passes(self, seconds: int) -> None:
        """The clock moves."""
        self.pass_time(seconds)

    def pass_time(self, seconds: float) -> None:
        """Move the clock of both."""
        self.now += timedelta(seconds=seconds)
        for driver in self.drivers:
            driver.now = self.now

    @invariant()
    def the_stores_agree(self) -> None:
        """Every record that can be read is the same."""
        for read in (self.everybody, self.everything):
            memory, database = (self.run(read(driver)) for driver in self.drivers)
            assert database == memory

    @staticmethod
    async def everybody(driver: Driver) -> Any:
        """All caregivers."""
        return await driver.store.caregivers("", 100)

    @staticmethod
    async def everything(driver: Driver) -> Any:
        """All shifts and fanouts."""
        shifts = [await driver.store.shifts("", 100, claimed=claimed) for claimed in (None, True, False)]
        reports: list[Any] = []
        for id_ in SHIFTS:
            report = await driver.store.report(id_, full=True)
            if report is not None:
                contacts = sorted(report.contacts, key=lambda one: (one.channel, one.caregiver_id))
                reports.append((report.fanout, report.assignment, report.counts, contacts, report.responses))
                reports.append(tuple(sorted(report.excluded, key=lambda one: one.caregiver_id)))
        return shifts, reports

    def teardown(self) -> None:
        """Let go of the database."""
        self.run(self.database.aclose())
        self.loop.close()


@pytest.fixture
def machine(postgres: Server) -> Iterator[type[Agreement]]:
    """The machine on a database of its own."""
    url = postgres.new_database()
    yield type("OnItsOwnDatabase", (Agreement,), {"url": url})
    postgres.drop(url)


def test_both_stores_give_the_same_answers(machine: type[Agreement]) -> None:
    """For random commands, faults and waits."""
    profile = settings.get_profile(settings.get_current_profile_name())
    few = settings(
        profile,
        max_examples=max(25, profile.max_examples // 10),
        stateful_step_count=40,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=few)
