"""Given the same commands, both stores give the same answers, whatever the commands and their order."""

import asyncio
from collections.abc import Coroutine, Iterator
from dataclasses import replace
from datetime import time, timedelta
from typing import Any, TypeVar

import psycopg
import pytest
from fakes import START, FakeClock
from follower import Follower
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from store_driver import LEASE, POLICY, Driver, caregiver, shift

from app.domain.commands import (
    Advance,
    Assign,
    CancelFanout,
    Command,
    DeleteCaregiver,
    DeleteOrganization,
    DeleteShift,
    HandoverResult,
    PutCaregiver,
    PutOrganization,
    PutShift,
    RecordDelivery,
    RecordSending,
    Release,
    Reply,
    SendText,
    StartFanout,
)
from app.domain.decisions import Decision, Delivery
from app.domain.messages import Contact, Notice
from app.domain.reading import Intent, Reading
from app.domain.receipts import Consequence, Receipt, ReceiptState
from app.domain.records import Channel, Choice, Organization, QuietHours
from app.domain.rules.decide import admit, decide
from app.domain.state import StateReader
from app.ports.store import ShiftFilter
from app.stores.memory.store import MemoryStore
from app.stores.postgres.store import PostgresStore
from tools.postgres import Server

ResultT = TypeVar("ResultT")

PEOPLE = range(5)
SHIFTS = ["s1", "s2", "s3", "s4"]
RECORDS = [
    "organizations", "caregivers", "caregiver_roles", "caregiver_organizations",
    "numbers", "assignments", "fanouts", "fanout_counts", "offers", "contacts", "notices",
    "responses", "exclusions", "inbound_messages", "shifts", "kept_texts", "facts",
]  # fmt: skip

KEEPS_TEXT = replace(POLICY, keeps_text=True)
#: The tests start at 10 AM in UTC, when it is 7 PM in Tokyo.
QUIET_HOURS = [None, QuietHours(start=time(9), end=time(11)), QuietHours(start=time(18), end=time(20))]

#: A slow channel takes one message at a time, and which of several notices is first is each store's own business.
RESULTS = [one for one in HandoverResult if one not in (HandoverResult.THROTTLED, HandoverResult.MISCONFIGURED)]


def shift_of_the_test(id_: str) -> Any:
    """The shift of that id: s1 and s2 overlap, s3 is on another day, s4 is for another role."""
    one = shift(id_, day={"s1": 1, "s2": 1, "s3": 2, "s4": 3}[id_], role="CNA" if id_ == "s4" else "RN")
    return replace(one, start_time=one.start_time + timedelta(hours=4)) if id_ == "s2" else one


class Agreement(RuleBasedStateMachine):
    """Two stores side by side. `url` names a database of its own, which is emptied before each run."""

    url: str

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"TRUNCATE {', '.join(RECORDS)}".encode())
        clock = FakeClock()
        self.database = PostgresStore(self.url, clock, retention_s=POLICY.retention_s)
        self.run(self.database.open())
        stores = (MemoryStore(POLICY.retention_s), self.database)
        self.drivers = tuple(Driver(store, policy=KEEPS_TEXT) for store in stores)
        self.followers = (Follower(), Follower())
        self.now = self.drivers[0].now
        self.numbers = 0
        #: The messages under way, by idempotency key.
        self.deliveries: dict[str, Delivery] = {}
        #: The ids of all messages that were handed over.
        self.handed_over: set[str] = set()

    def run(self, work: Coroutine[Any, Any, ResultT]) -> ResultT:
        """Run the coroutine in this machine's event loop."""
        return self.loop.run_until_complete(work)

    def do(self, command: Command) -> Any:
        """Apply the command to both stores, and return the answer they agree on."""
        memory, database = (self.run(driver.do(command)) for driver in self.drivers)
        assert database == memory
        return memory

    def fresh_id(self) -> str:
        """A notice id that was not used before."""
        self.numbers += 1
        return f"notice-{self.numbers}"

    def message_id(self, number: int) -> str:
        """An id that nobody has used for longer than the retention.

        Answers are kept for the retention at least. When they are deleted after it is each store's own business, so
        what a repeat gets then is not compared.
        """
        return f"m{number} in hour {(self.now - START) // timedelta(seconds=POLICY.retention_s)}"

    @initialize()
    def put_records(self) -> None:
        """Put four nurses, one aide and four shifts."""
        for n in PEOPLE:
            self.put_caregiver(n, ("CNA",) if n == 4 else ("RN",), ())
        for id_ in SHIFTS:
            self.do(PutShift(shift=shift_of_the_test(id_), now=self.now))

    @rule(
        n=st.sampled_from(PEOPLE),
        roles=st.sampled_from([("RN",), ("rn ",), ("CNA",), ("CNA", "RN")]),
        organizations=st.sampled_from([(), ("org",), ("b",), ("b", "org")]),
        zone=st.sampled_from([None, "Asia/Tokyo"]),
    )
    def put_caregiver(
        self, n: int, roles: tuple[str, ...], organizations: tuple[str, ...], zone: str | None = None
    ) -> None:
        """Add or change a caregiver."""
        one = replace(caregiver(n), roles=roles, organization_ids=organizations, time_zone=zone)
        self.do(PutCaregiver(caregiver=one, now=self.now))

    @rule(
        id_=st.sampled_from(["org", "b"]),
        name=st.sampled_from(["Harbor", "Elm"]),
        wait_s=st.sampled_from([None, 90.0]),
        office_phone=st.sampled_from([None, "+16175550100"]),
        quiet_hours=st.sampled_from(QUIET_HOURS),
    )
    def put_organization(
        self, id_: str, name: str, wait_s: float | None, office_phone: str | None, quiet_hours: QuietHours | None
    ) -> None:
        """Add or change an organization. The shifts of the test are of the first."""
        organization = Organization(
            id=id_, name=name, escalate_after_s=wait_s, office_phone=office_phone, quiet_hours=quiet_hours
        )
        self.do(PutOrganization(organization=organization, now=self.now))

    @rule(id_=st.sampled_from(["org", "b"]))
    def delete_organization(self, id_: str) -> None:
        """Delete an organization. The first has shifts to come, until time has passed."""
        self.do(DeleteOrganization(organization_id=id_, now=self.now))

    @rule(n=st.sampled_from(PEOPLE), other=st.sampled_from(PEOPLE))
    def put_with_the_number_of_another(self, n: int, other: int) -> None:
        """Give a caregiver a number that another one has or had."""
        self.do(PutCaregiver(caregiver=replace(caregiver(n), phone=caregiver(other).phone), now=self.now))

    @rule(n=st.sampled_from(PEOPLE))
    def delete(self, n: int) -> None:
        """Delete a caregiver."""
        self.do(DeleteCaregiver(caregiver_id=caregiver(n).id, now=self.now))

    @rule(id_=st.sampled_from(SHIFTS), hours=st.sampled_from([0, 6]))
    def put_shift(self, id_: str, hours: int) -> None:
        """Put a shift again, perhaps at other hours."""
        one = shift_of_the_test(id_)
        moved = timedelta(hours=hours)
        self.do(
            PutShift(
                shift=replace(one, start_time=one.start_time + moved, end_time=one.end_time + moved), now=self.now
            )
        )

    @rule(id_=st.sampled_from(SHIFTS))
    def delete_shift(self, id_: str) -> None:
        """Delete a shift."""
        self.do(DeleteShift(shift_id=id_, notice_id=self.fresh_id(), now=self.now))

    @rule(id_=st.sampled_from(SHIFTS))
    def start(self, id_: str) -> None:
        """Start a fanout at a time of its own, because stores may order fanouts due at the same time as they like."""
        self.pass_time(0.001)
        self.do(StartFanout(shift_id=id_, now=self.now))

    @rule(id_=st.sampled_from(SHIFTS))
    def cancel(self, id_: str) -> None:
        """Cancel a fanout."""
        self.do(CancelFanout(shift_id=id_, now=self.now))

    @rule(id_=st.sampled_from(SHIFTS), n=st.sampled_from(PEOPLE))
    def assign(self, id_: str, n: int) -> None:
        """Assign a shift by hand."""
        self.do(Assign(shift_id=id_, caregiver_id=caregiver(n).id, notice_id=self.fresh_id(), now=self.now))

    @rule(id_=st.sampled_from(SHIFTS))
    def release(self, id_: str) -> None:
        """Release the holder of a shift."""
        self.do(Release(shift_id=id_, notice_id=self.fresh_id(), now=self.now))

    @rule(id_=st.sampled_from(SHIFTS), n=st.sampled_from(PEOPLE))
    def send_text(self, id_: str, n: int) -> None:
        """The office writes to a caregiver. Without a fanout, memory forgets the text once it is sent."""
        if self.run(self.drivers[0].store.report(id_, full=False)) is None:
            return
        self.do(
            SendText(
                shift_id=id_,
                caregiver_id=caregiver(n).id,
                body=f"Call me, {self.numbers}",
                notice_id=self.fresh_id(),
                now=self.now,
            )
        )

    @rule(
        n=st.sampled_from([*PEOPLE, 9]),
        intent=st.sampled_from(list(Intent)),
        code=st.sampled_from([None, None, None, "1", "2", "3", "77"]),
        shift_id=st.sampled_from([None, None, *SHIFTS, "nothing"]),
        message=st.none() | st.integers(0, 30),
        channel=st.sampled_from(Channel),
        text=st.sampled_from([None, "zebra"]),
    )
    def reply(
        self,
        n: int,
        intent: Intent,
        code: str | None,
        shift_id: str | None,
        message: int | None,
        channel: Channel,
        text: str | None,
    ) -> None:
        """A caregiver replies, perhaps with a message id that was used before. Each number in the answer works."""
        reply = Reply(
            phone=caregiver(n).phone,
            reading=Reading(intent=intent, code=code),
            text=text,
            channel=channel,
            message_id=None if message is None else self.message_id(message),
            shift_id=shift_id,
            notice_id=self.fresh_id(),
            now=self.now,
        )
        for choice in self.do(reply).choices:
            self.expect_its_shift(
                replace(reply, reading=replace(reply.reading, code=choice.code), shift_id=None, message_id=None),
                choice,
            )

    def expect_its_shift(self, reply: Reply, choice: Choice) -> None:
        """Both stores take a reply with the number of that choice to be about its shift. Nothing is written."""

        def step(state: StateReader, command: Command) -> Decision[str | None]:
            return Decision(decide(state, command, POLICY).result.shift_id)  # type: ignore[union-attr]

        for driver in self.drivers:
            assert self.run(driver.store.transition(reply, step)) == choice.shift_id

    @rule(id_=st.sampled_from(SHIFTS))
    def purge(self, id_: str) -> None:
        """Forget a closed fanout before its retention is over."""
        report = self.run(self.drivers[0].store.report(id_, full=False))
        if report is not None and report.fanout.planned_up_to is None:
            generation = report.fanout.generation
            self.do(Advance(shift_id=id_, generation=generation, forget_early=True, now=self.now))

    @rule()
    def advance_due_fanouts(self) -> None:
        """Do all steps that are due."""
        memory, database = (self.run(driver.advance()) for driver in self.drivers)
        assert (memory > 0) == (database > 0)

    @rule()
    def lease_all(self) -> None:
        """Lease all messages that may be sent, and compare their ids and words."""

        def step(view: StateReader, entry: Contact | Notice) -> Decision[Delivery | None]:
            return admit(view, entry, self.now, POLICY)

        taken = []
        for driver in self.drivers:
            found: dict[str, Delivery] = {}
            # A lease may itself queue a message, to a caregiver's new number.
            idle = 0
            while idle < 2:
                leased = self.run(driver.store.lease(self.now, self.now + LEASE, 1000, step))
                found |= {delivery.message.id: delivery for delivery in leased.deliveries}
                idle = 0 if leased.more or leased.deliveries else idle + 1
            taken.append(found)
        assert taken[1] == taken[0]
        self.deliveries |= taken[0]
        self.handed_over |= taken[0].keys()

    @rule(sending=st.sampled_from(RESULTS), count=st.integers(1, 4))
    def record_results(self, sending: HandoverResult, count: int) -> None:
        """Record the same result for some of the messages under way."""
        for key in sorted(self.deliveries)[:count]:
            self.record(self.deliveries.pop(key).entry, sending)

    def record(self, entry: Contact | Notice, sending: HandoverResult) -> None:
        """Record the result of a message."""
        error = None if sending is HandoverResult.SENT else "a fault"
        message_id = entry.id if isinstance(entry, Notice) else entry.message_id
        command = RecordSending(
            entry=entry,
            result=sending,
            error=error,
            retry_after_s=None,
            jitter=0.5,
            provider_id=f"P1 {message_id}" if sending is HandoverResult.SENT else None,
            now=self.now,
        )
        if self.current(entry):
            self.do(command)
        else:
            for driver in self.drivers:
                self.run(driver.do(command))

    def current(self, entry: Contact | Notice) -> bool:
        """Whether both stores know the message: only PostgreSQL keeps contacts of earlier generations."""
        if isinstance(entry, Notice):
            return True
        report = self.run(self.drivers[0].store.report(entry.shift_id, full=False))
        return report is not None and report.fanout.generation == entry.generation

    @rule(
        position=st.integers(0, 30),
        tried=st.sampled_from([None, "P1", "P2"]),
        state=st.sampled_from(ReceiptState),
        consequence=st.sampled_from([one for one in Consequence if one is not Consequence.CHANNEL_FAULT]),
    )
    def receipt_arrives(
        self, position: int, tried: str | None, state: ReceiptState, consequence: Consequence
    ) -> None:
        """A provider says what became of a message that was handed over, by our id, by its own, or by both."""
        if not self.handed_over:
            return
        message_id = sorted(self.handed_over)[position % len(self.handed_over)]
        if state is not ReceiptState.FAILED:
            consequence = Consequence.NONE
        receipt = Receipt(state=state, error=tried, consequence=consequence)
        provider_id = tried and f"{tried} {message_id}"
        self.do(RecordDelivery(message_id=message_id, provider_id=provider_id, receipt=receipt, now=self.now))
        if provider_id is not None:
            self.do(RecordDelivery(message_id="", provider_id=provider_id, receipt=receipt, now=self.now))

    @rule(sending=st.sampled_from([HandoverResult.UNKNOWN, HandoverResult.UNANSWERED]))
    def take_over(self, sending: HandoverResult) -> None:
        """Take over the messages whose lease has ended, and compare them."""
        expired = [sorted(self.run(driver.take_over()), key=repr) for driver in self.drivers]
        memory, database = ([entry for entry in entries if self.current(entry)] for entries in expired)
        assert database == memory
        for entry in expired[1]:
            self.record(entry, sending)

    @rule(seconds=st.sampled_from([0, 60]))
    def forget_texts(self, seconds: int) -> None:
        """Delete the words that were kept before then."""
        before = self.now - timedelta(seconds=seconds)
        memory, database = (self.run(driver.store.forget_texts(before, 1000)) for driver in self.drivers)
        assert database == memory

    @rule(seconds=st.sampled_from([1, 11, 599, 600, 3600, 90_000]))
    def time_passes(self, seconds: int) -> None:
        """Move the clock."""
        self.pass_time(seconds)

    def pass_time(self, seconds: float) -> None:
        """Move the clock of both drivers."""
        self.now += timedelta(seconds=seconds)
        for driver in self.drivers:
            driver.now = self.now

    @invariant()
    def the_stores_agree(self) -> None:
        """All records that can be read are the same in both stores."""
        for read in (self.all_caregivers, self.all_shifts_and_fanouts):
            memory, database = (self.run(read(driver)) for driver in self.drivers)
            assert database == memory

    @invariant()
    def followers_miss_no_change(self) -> None:
        """Whoever reads what changed since they last did has every record as the lists show it."""
        for driver, follower in zip(self.drivers, self.followers, strict=True):
            self.run(follower.catch_up(driver.store))
            self.run(follower.assert_in_step(driver.store))

    @staticmethod
    async def all_caregivers(driver: Driver) -> Any:
        """All caregivers."""
        return await driver.store.caregivers("", 100)

    @staticmethod
    async def all_shifts_and_fanouts(driver: Driver) -> Any:
        """All shifts and fanouts."""
        shifts = [await driver.store.shifts("", 100, ShiftFilter(claimed=claimed)) for claimed in (None, True, False)]
        reports: list[Any] = []
        for id_ in SHIFTS:
            report = await driver.store.report(id_, full=True)
            if report is not None:
                contacts = sorted(report.contacts, key=lambda one: (one.channel, one.caregiver_id))
                reports.append((report.fanout, report.assignment, report.counts, contacts, report.responses))
                reports.append(tuple(sorted(report.excluded, key=lambda one: one.caregiver_id)))
            texts = await driver.store.kept_texts(id_, START)
            reports.append(sorted(texts, key=lambda one: one.id))
        return shifts, reports

    def teardown(self) -> None:
        """Close the store and the event loop."""
        self.run(self.database.aclose())
        self.loop.close()


@pytest.fixture
def machine(postgres: Server) -> Iterator[type[Agreement]]:
    """The state machine on a new database."""
    url = postgres.new_database()
    yield type("OnItsOwnDatabase", (Agreement,), {"url": url})
    postgres.drop(url)


@pytest.mark.timeout(180)
def test_both_stores_give_the_same_answers(machine: type[Agreement]) -> None:
    """For any sequence of commands, results and waits, answers and records are the same in both stores."""
    profile = settings.get_profile(settings.get_current_profile_name())
    few = settings(
        profile,
        max_examples=max(5, profile.max_examples // 4),
        stateful_step_count=40,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=few)
