"""What any `Store` must do. A backend joins by subclassing `StoreContract` with a `store` fixture."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest
from fakes import START

from app.domain.commands import (
    Advance,
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
from app.domain.decisions import Decision, Delivery, Refusal
from app.domain.policy import Policy
from app.domain.reading import Intent
from app.domain.records import (
    Answer,
    Caregiver,
    Channel,
    Contact,
    ContactStatus,
    ExclusionReason,
    Kind,
    Notice,
    Outcome,
    Shift,
)
from app.domain.rules.decide import Result, decide
from app.domain.rules.deliveries import admit
from app.domain.state import StateReader
from app.ports.store import Store

POLICY = Policy(retention_s=3600)
LEASE = timedelta(seconds=10)


def caregiver(n: int, role: str = "RN", organization_id: str | None = None) -> Caregiver:
    """The n-th caregiver; ids sort as numbers do."""
    return Caregiver(
        id=f"cg-{n:05}", name=f"Nurse {n}", role=role, phone=f"+1555{n:07}", organization_id=organization_id
    )


def shift(id_: str, day: int = 1, role: str = "RN") -> Shift:
    """A shift of eight hours, `day` days after the start of the tests."""
    start = START + timedelta(days=day)
    return Shift(
        id=id_, organization_id="org", role_required=role, start_time=start, end_time=start + timedelta(hours=8)
    )


class Driver:
    """The core on a store, without a worker. `name` tells its notices from another driver's."""

    def __init__(self, store: Store, name: str = "") -> None:
        self.store = store
        self._name = name
        self.now = START
        self._notices = 0

    async def do(self, command: Command) -> Result:
        """Apply the command through the store."""

        def step(view: StateReader, command: Command) -> Decision[Result]:
            return decide(view, command, POLICY)

        return await self.store.transition(command, step)

    async def roster(self, *caregivers: Caregiver) -> None:
        """Put caregivers."""
        await asyncio.gather(*(self.do(PutCaregiver(caregiver=one, now=self.now)) for one in caregivers))

    async def started(self, one: Shift) -> None:
        """Put the shift, start its fanout and write its round down."""
        await self.do(PutShift(shift=one))
        assert await self.do(StartFanout(shift_id=one.id, now=self.now)) is True
        await self.advance()

    async def advance(self, later: timedelta = timedelta(0)) -> int:
        """Move the time and do what is due; returns how many steps that took."""
        self.now += later
        steps = 0
        while done := await self.step(10):
            steps += done
        return steps

    async def step(self, limit: int = 1) -> int:
        """Do a step of at most `limit` due fanouts; returns how many there were."""
        due = await self.store.due_fanouts(self.now, self.now + LEASE, limit)
        for fanout in due:
            await self.do(Advance(shift_id=fanout.shift_id, generation=fanout.generation, now=self.now))
        return len(due)

    async def says(
        self, n: int, intent: Intent, shift_id: str | None = None, message_id: str | None = None
    ) -> Answer:
        """The n-th caregiver replies."""
        self._notices += 1
        answer = await self.do(
            Reply(
                phone=f"+1555{n:07}",
                understand=lambda _: intent,
                code=None,
                channel=Channel.SMS,
                message_id=message_id,
                shift_id=shift_id,
                notice_id=f"notice-{self._name}{self._notices}",
                now=self.now,
            )
        )
        assert isinstance(answer, Answer)
        return answer

    async def assign(self, n: int, shift_id: str) -> Result:
        """Assign the shift to the n-th caregiver by hand."""
        self._notices += 1
        notice_id = f"notice-{self._name}{self._notices}"
        return await self.do(Assign(shift_id=shift_id, caregiver_id=f"cg-{n:05}", notice_id=notice_id, now=self.now))

    async def release(self, shift_id: str) -> Result:
        """Release the shift's holder."""
        self._notices += 1
        return await self.do(
            Release(shift_id=shift_id, notice_id=f"notice-{self._name}{self._notices}", now=self.now)
        )

    async def holder(self, shift_id: str) -> str | None:
        """Who holds the shift."""
        found = await self.store.shift(shift_id)
        assert found is not None
        return found[1].caregiver_id if found[1] else None

    async def lease(self, total: int = 10_000) -> list[Delivery]:
        """Take up to `total` messages, however many calls of the store that needs."""
        found: list[Delivery] = []
        more = True
        while more and len(found) < total:
            leased = await self.store.lease(
                self.now, self.now + LEASE, total - len(found), partial(_admit, now=self.now)
            )
            found += leased.deliveries
            more = leased.more
        return found

    async def ends(self, deliveries: Sequence[Delivery], sending: Sending, **fields: float) -> None:
        """Record how these deliveries ended."""
        for delivery in deliveries:
            await self.do(
                RecordSending(
                    entry=delivery.entry,
                    sending=sending,
                    error=None if sending is Sending.SENT else "a fault",
                    retry_after_s=fields.get("retry_after_s"),
                    jitter=1.0,
                    now=self.now,
                )
            )

    async def expired(self) -> list[Contact | Notice]:
        """Take over what leases have ended of."""
        return await self.store.expired(self.now, self.now + LEASE, 100)

    async def settles(self, entry: Contact | Notice, sending: Sending) -> None:
        """Record how the call of an entry that was taken over ended."""
        await self.do(
            RecordSending(entry=entry, sending=sending, error="a fault", retry_after_s=None, jitter=1.0, now=self.now)
        )

    async def counts(self, shift_id: str) -> Counter[str]:
        """The contacts of the shift's fanout by status, without zeros."""
        report = await self.store.report(shift_id, full=False)
        assert report is not None
        return +Counter({status.value: count for status, count in report.counts.items()})


def _admit(view: StateReader, entry: object, *, now: datetime) -> Decision[Delivery | None]:
    return admit(view, entry, now, POLICY)  # type: ignore[arg-type]  # partial loses the parameter's type


class StoreContract:
    """The suite. `store` gives an empty store with these rates."""

    @pytest.fixture
    def rates(self) -> dict[Channel, float | None]:
        """Messages per second of each channel; a test that needs some is parametrized with them."""
        return {}

    @pytest.fixture
    def store(self, rates: dict[Channel, float | None]) -> Store:
        """The backend under test."""
        raise NotImplementedError

    @pytest.fixture
    def driver(self, store: Store) -> Driver:
        """The core on that store."""
        return Driver(store)

    async def test_records_come_back_as_they_were_put(self, driver: Driver) -> None:
        """Caregivers and shifts are found by id, unchanged; others are not."""
        await driver.roster(caregiver(1))
        await driver.do(PutShift(shift=shift("s1")))
        assert await driver.store.caregiver("cg-00001") == (caregiver(1), False)
        assert await driver.store.shift("s1") == (shift("s1"), None)
        assert await driver.store.caregiver("nobody") is None
        assert await driver.store.shift("nothing") is None
        assert await driver.store.report("s1", full=True) is None

    async def test_pages_are_by_id_and_complete(self, driver: Driver) -> None:
        """Walking pages finds every record once, in order, whatever order they were put in."""
        await driver.roster(*(caregiver(n) for n in (5, 1, 4, 2, 3)))
        found: list[str] = []
        after = ""
        while page := await driver.store.caregivers(after, 2):
            found += [one.id for one, _ in page]
            after = found[-1]
        assert found == [f"cg-0000{n}" for n in range(1, 6)]

    async def test_shifts_are_listed_by_status(self, driver: Driver) -> None:
        """A claim moves a shift from the open ones to the claimed ones."""
        await driver.roster(caregiver(1))
        await driver.started(shift("s1"))
        await driver.started(shift("s2", day=2))
        await driver.says(1, Intent.ACCEPT, "s2")
        assert [one.id for one, _ in await driver.store.shifts("", 10, claimed=False)] == ["s1"]
        assert [one.id for one, _ in await driver.store.shifts("", 10, claimed=True)] == ["s2"]
        assert [one.id for one, _ in await driver.store.shifts("", 10, claimed=None)] == ["s1", "s2"]

    async def test_a_refused_command_writes_nothing(self, driver: Driver) -> None:
        """A number that belongs to somebody else is refused and changes neither of them."""
        await driver.roster(caregiver(1), caregiver(2))
        taken = replace(caregiver(2), phone=caregiver(1).phone)
        assert isinstance(await driver.do(PutCaregiver(caregiver=taken, now=START)), Refusal)
        assert await driver.store.caregiver("cg-00002") == (caregiver(2), False)

    async def test_a_step_that_raises_writes_nothing(self, driver: Driver) -> None:
        """Whatever a decision raises comes through, and the state is as before."""

        def broken(_: StateReader, __: Command) -> Decision[Result]:
            raise ZeroDivisionError

        await driver.roster(caregiver(1))
        with pytest.raises(ZeroDivisionError):
            await driver.store.transition(DeleteCaregiver(caregiver_id="cg-00001", now=START), broken)
        assert await driver.store.caregiver("cg-00001") is not None

    async def test_a_second_holder_is_refused_and_nothing_of_the_decision_is_written(self, driver: Driver) -> None:
        """The second line of defence: a decision that were to give a held shift away fails as a whole."""
        await driver.roster(caregiver(1), caregiver(2))
        await driver.started(shift("s1"))
        await driver.says(1, Intent.ACCEPT, "s1")
        before = await driver.store.shift("s1")
        assert before is not None
        assert before[1] is not None
        stolen = replace(before[1], caregiver_id="cg-00002")
        other = replace(caregiver(2), name="Somebody else")

        def broken(_: StateReader, __: Command) -> Decision[Result]:
            return Decision(True, (stolen, other))

        with pytest.raises(ValueError, match="s1"):
            await driver.store.transition(PutCaregiver(caregiver=other, now=START), broken)
        assert await driver.store.shift("s1") == before
        assert await driver.store.caregiver("cg-00002") == (caregiver(2), False)

    async def test_fifty_tasks_racing_for_one_shift_have_one_winner(self, driver: Driver) -> None:
        """However the tasks interleave: one claim, one assignment, forty-nine told that it is taken."""
        await driver.roster(*(caregiver(n) for n in range(50)))
        await driver.started(shift("s1"))
        answers = await asyncio.gather(*(driver.says(n, Intent.ACCEPT, "s1") for n in range(50)))
        assert Counter(answer.outcome for answer in answers) == {Outcome.CLAIMED: 1, Outcome.ALREADY_CLAIMED: 49}
        (winner,) = (answer for answer in answers if answer.outcome is Outcome.CLAIMED)
        found = await driver.store.shift("s1")
        assert found is not None
        assert found[1] is not None
        assert found[1].caregiver_id == winner.caregiver_id

    async def test_yeses_and_assignments_racing_for_one_shift_have_one_winner(self, driver: Driver) -> None:
        """By hand or by their own word: one of fifty gets it, and one notice says so."""
        await driver.roster(*(caregiver(n) for n in range(50)))
        await driver.started(shift("s1"))
        results = await asyncio.gather(
            *(driver.assign(n, "s1") if n % 2 else driver.says(n, Intent.ACCEPT, "s1") for n in range(50))
        )
        won = [one for one in results if one is True or (isinstance(one, Answer) and one.outcome is Outcome.CLAIMED)]
        assert len(won) == 1
        (told,) = (one for one in await driver.lease() if one.message.kind is Kind.CONFIRMATION)
        assert told.message.caregiver_id == await driver.holder("s1")

    async def test_assigning_and_releasing_at_once_happen_once(self, driver: Driver) -> None:
        """Of twenty equal commands one changes something; the caregiver is told of it once."""
        await driver.roster(caregiver(1))
        await driver.do(PutShift(shift=shift("s1")))
        results = await asyncio.gather(*(driver.assign(1, "s1") for _ in range(20)))
        assert Counter(results) == {True: 1, False: 19}
        assert [one.message.kind for one in await driver.lease()] == [Kind.CONFIRMATION]
        results = await asyncio.gather(*(driver.release("s1") for _ in range(20)))
        assert Counter(results) == {True: 1, False: 19}
        assert [one.message.kind for one in await driver.lease()] == [Kind.RELEASED]

    async def test_an_assignment_by_hand_comes_back_without_a_channel(self, driver: Driver) -> None:
        """The report of a shift nobody was asked about: claimed, its holder, no contact, nothing due soon."""
        await driver.roster(caregiver(1))
        await driver.do(PutShift(shift=shift("s1")))
        await driver.assign(1, "s1")
        report = await driver.store.report("s1", full=True)
        assert report is not None
        assert report.assignment is not None
        assert (report.assignment.caregiver_id, report.assignment.claimed_via) == ("cg-00001", None)
        assert (report.fanout.generation, report.contacts) == (1, ())
        assert await driver.advance(timedelta(minutes=30)) == 0

    async def test_a_shift_moved_between_two_assignments_takes_its_holder_along(self, driver: Driver) -> None:
        """Released, moved to another day, assigned to the same person, all at once: the old day is theirs again."""
        await driver.roster(caregiver(1))
        await driver.do(PutShift(shift=shift("s1", day=2)))
        await driver.do(PutShift(shift=shift("s2", day=2)))
        assert await driver.assign(1, "s1") is True
        moved = driver.do(PutShift(shift=shift("s1", day=3)))
        results = await asyncio.gather(driver.release("s1"), moved, driver.assign(1, "s1"))
        assert list(results) == [True, False, True]
        assert await driver.assign(1, "s2") is True
        assert await driver.holder("s1") == await driver.holder("s2") == "cg-00001"

    async def test_a_released_shift_is_held_by_nobody_and_can_be_held_again(self, driver: Driver) -> None:
        """It is listed as open, frees its holder for an overlapping shift, and takes another holder."""
        await driver.roster(caregiver(1), caregiver(2))
        await driver.started(shift("s1"))
        await driver.do(PutShift(shift=shift("s2")))
        await driver.says(1, Intent.ACCEPT, "s1")
        assert isinstance(await driver.assign(1, "s2"), Refusal)
        assert await driver.release("s1") is True
        assert await driver.store.shift("s1") == (shift("s1"), None)
        assert await driver.store.shifts("", 10, claimed=True) == []
        assert await driver.assign(1, "s2") is True
        assert await driver.assign(2, "s1") is True
        assert (await driver.holder("s1"), await driver.holder("s2")) == ("cg-00002", "cg-00001")

    async def test_whoever_was_released_is_left_out_of_the_next_generation(self, driver: Driver) -> None:
        """On record with the reason; the others are asked."""
        await driver.roster(caregiver(1), caregiver(2))
        await driver.started(shift("s1"))
        await driver.says(1, Intent.ACCEPT, "s1")
        await driver.release("s1")
        assert await driver.do(StartFanout(shift_id="s1", now=driver.now)) is True
        await driver.advance()
        report = await driver.store.report("s1", full=True)
        assert report is not None
        assert [one.caregiver_id for one in report.contacts] == ["cg-00002"]
        assert [(one.caregiver_id, one.reason) for one in report.excluded] == [("cg-00001", ExclusionReason.RELEASED)]

    async def test_those_who_were_late_are_written_down_first(self, driver: Driver) -> None:
        """In the order of their answers, over several slices, at one and the same time; then the others by id."""
        await driver.roster(*(caregiver(n) for n in range(260)))
        await driver.started(shift("s1"))
        await driver.assign(0, "s1")
        # The last of them is also the last of the first slice by id: the fanout must be due again all the same.
        late = [*(n for n in range(230, 20, -1) if n != 99), 99]
        for n in late:
            driver.now += timedelta(microseconds=1)
            await driver.says(n, Intent.ACCEPT, "s1")
        await driver.release("s1")
        await driver.lease()
        await driver.do(StartFanout(shift_id="s1", now=driver.now))
        await driver.advance()
        order = [*late, *range(1, 21), *range(231, 260)]
        assert await driver.counts("s1") == {"queued": 259}
        assert [one.message.caregiver_id for one in await driver.lease()] == [f"cg-{n:05}" for n in order]

    async def test_a_claim_amid_the_late_ones_leaves_nobody_unwritten(self, driver: Driver) -> None:
        """Whoever counted as offered when it was claimed is known to have been, wherever their id stands."""
        await driver.roster(caregiver(2), caregiver(3))
        await driver.started(shift("s1"))
        await driver.do(CancelFanout(shift_id="s1", now=driver.now))
        await driver.says(2, Intent.ACCEPT, "s1")
        await driver.roster(caregiver(1))
        await driver.do(StartFanout(shift_id="s1", now=driver.now))
        await driver.do(Advance(shift_id="s1", generation=2, now=driver.now))
        assert await driver.counts("s1") == {"queued": 1}
        assert (await driver.says(3, Intent.ACCEPT, "s1")).outcome is Outcome.CLAIMED
        await driver.advance()
        assert (await driver.says(1, Intent.ACCEPT, "s1")).outcome is Outcome.ALREADY_CLAIMED

    async def test_a_release_ends_a_place_among_the_late(self, driver: Driver) -> None:
        """Who was late, got the shift by hand and lost it again has no older claim than the others."""
        await driver.roster(caregiver(1), caregiver(2), caregiver(3))
        await driver.started(shift("s1"))
        await driver.do(CancelFanout(shift_id="s1", now=driver.now))
        await driver.says(1, Intent.ACCEPT, "s1")
        await driver.assign(1, "s1")
        await driver.release("s1")
        await driver.do(StartFanout(shift_id="s1", now=driver.now))
        await driver.says(3, Intent.ACCEPT, "s1")
        for n in (2, 1):
            driver.now += timedelta(seconds=1)
            await driver.says(n, Intent.ACCEPT, "s1")
        await driver.release("s1")
        await driver.do(StartFanout(shift_id="s1", now=driver.now))
        await driver.advance()
        report = await driver.store.report("s1", full=True)
        assert report is not None
        assert [one.caregiver_id for one in report.contacts] == ["cg-00002", "cg-00001"]

    async def test_who_was_late_is_asked_first_once(self, driver: Driver) -> None:
        """In the generation after the next nobody was late last time: everybody by id, unless late anew."""
        await driver.roster(*(caregiver(n) for n in range(4)))
        await driver.started(shift("s1"))
        await driver.do(CancelFanout(shift_id="s1", now=driver.now))
        orders = []
        for late in ([3, 1], [2], []):
            for n in late:
                driver.now += timedelta(seconds=1)
                await driver.says(n, Intent.ACCEPT, "s1")
            await driver.do(StartFanout(shift_id="s1", now=driver.now))
            await driver.advance()
            offers = [one for one in await driver.lease() if one.message.kind is Kind.OFFER]
            orders.append([int(one.message.caregiver_id[-1]) for one in offers])
            await driver.do(CancelFanout(shift_id="s1", now=driver.now))
        assert orders == [[3, 1, 0, 2], [2, 0, 1, 3], [0, 1, 2, 3]]

    async def test_thirty_starts_at_once_make_one_fanout(self, driver: Driver) -> None:
        """One of them starts it."""
        await driver.do(PutShift(shift=shift("s1")))
        results = await asyncio.gather(*(driver.do(StartFanout(shift_id="s1", now=START)) for _ in range(30)))
        assert Counter(results) == {True: 1, False: 29}

    async def test_a_caregiver_racing_for_overlapping_shifts_gets_one(self, driver: Driver) -> None:
        """Two shifts at the same hours, accepted at the same instant: one assignment, one conflict."""
        await driver.roster(caregiver(1))
        await driver.started(shift("s1"))
        await driver.started(shift("s2"))
        answers = await asyncio.gather(*(driver.says(1, Intent.ACCEPT, shift_id) for shift_id in ("s1", "s2")))
        assert Counter(answer.outcome for answer in answers) == {Outcome.CLAIMED: 1, Outcome.CONFLICT: 1}

    async def test_a_message_id_is_answered_once(self, driver: Driver) -> None:
        """Ten copies at once: one answer, one notice."""
        await driver.roster(caregiver(1))
        await driver.started(shift("s1"))
        answers = await asyncio.gather(*(driver.says(1, Intent.ACCEPT, "s1", "m1") for _ in range(10)))
        assert len(set(answers)) == 1
        kinds = Counter(delivery.message.kind for delivery in await driver.lease())
        assert kinds == {Kind.CONFIRMATION: 1}

    async def test_a_round_is_written_down_once_however_often_it_is_advanced(self, driver: Driver) -> None:
        """250 caregivers take several slices; every one gets one contact, also if steps are repeated."""
        await driver.roster(*(caregiver(n) for n in range(250)))
        await driver.do(PutShift(shift=shift("s1")))
        await driver.do(StartFanout(shift_id="s1", now=START))
        step = Advance(shift_id="s1", generation=1, now=START)
        while await driver.do(step):
            pass
        assert await driver.advance() <= 1
        report = await driver.store.report("s1", full=True)
        assert report is not None
        assert sorted(one.caregiver_id for one in report.contacts) == [f"cg-{n:05}" for n in range(250)]
        assert report.fanout.can_still_accept == 250

    async def test_a_fanout_falls_due_at_its_time_and_once(self, driver: Driver) -> None:
        """`next_due` names the escalation; before it nothing is due, at it one step is, then the next."""
        await driver.roster(caregiver(1))
        await driver.started(shift("s1"))
        assert await driver.store.next_due() == START + timedelta(minutes=10)
        driver.now = START + timedelta(minutes=9.99)
        assert await driver.store.due_fanouts(driver.now, driver.now + LEASE, 10) == []
        driver.now = START + timedelta(minutes=10)
        first = await driver.store.due_fanouts(driver.now, driver.now + LEASE, 10)
        assert [fanout.shift_id for fanout in first] == ["s1"]
        assert await driver.store.due_fanouts(driver.now, driver.now + LEASE, 10) == []

    async def test_a_due_fanout_is_taken_over_when_its_worker_dies(self, driver: Driver) -> None:
        """Nobody advances it within its lease: it is due again; once advanced it is not."""
        await driver.roster(caregiver(1))
        await driver.do(PutShift(shift=shift("s1")))
        await driver.do(StartFanout(shift_id="s1", now=START))
        assert len(await driver.store.due_fanouts(START, START + LEASE, 10)) == 1
        assert await driver.store.next_due() == START + LEASE
        driver.now = START + LEASE
        assert await driver.advance() >= 1
        assert await driver.counts("s1") == {"queued": 1}
        assert await driver.store.next_due() == START + timedelta(minutes=10)

    async def test_what_a_dead_worker_was_sending_is_taken_over_when_its_lease_ends(self, driver: Driver) -> None:
        """By one; not while the lease is renewed; the try was counted before the call, and the words are kept."""
        await driver.roster(caregiver(1), caregiver(2))
        await driver.started(shift("s1"))
        first, second = await driver.lease()
        assert await driver.store.next_due() == START + LEASE
        driver.now += LEASE / 2
        await driver.store.renew([second.entry], driver.now + LEASE)
        driver.now = START + LEASE
        taken = await asyncio.gather(*(driver.expired() for _ in range(5)))
        (entry,) = (entry for entries in taken for entry in entries)
        assert entry == first.entry
        await driver.settles(entry, Sending.UNANSWERED)
        driver.now += timedelta(seconds=1)
        (again,) = await driver.lease()
        assert again.message == first.message
        assert again.entry.attempts == 2
        driver.now += LEASE * 2
        assert {entry.caregiver_id for entry in await driver.expired()} == {"cg-00001", "cg-00002"}

    async def test_a_message_that_keeps_killing_its_worker_is_given_up(self, driver: Driver) -> None:
        """After five tries it is `unknown`, and nobody takes it again."""
        await driver.roster(caregiver(1))
        await driver.started(shift("s1"))
        for _ in range(5):
            assert len(await driver.lease()) == 1
            driver.now += LEASE
            (entry,) = await driver.expired()
            await driver.settles(entry, Sending.UNANSWERED)
            driver.now += timedelta(seconds=60)
        assert await driver.lease() == []
        assert await driver.counts("s1") == {"unknown": 1}

    async def test_a_notice_is_taken_over_like_an_offer(self, driver: Driver) -> None:
        """The confirmation whose worker died is sent again under its own id."""
        await driver.roster(caregiver(1))
        await driver.started(shift("s1"))
        await driver.says(1, Intent.ACCEPT)
        (first,) = await driver.lease()
        driver.now += LEASE
        (entry,) = await driver.expired()
        await driver.settles(entry, Sending.UNANSWERED)
        driver.now += timedelta(seconds=1)
        (again,) = await driver.lease()
        assert again.message == first.message

    async def test_a_late_word_from_a_worker_given_up_for_dead_still_counts(self, driver: Driver) -> None:
        """`unknown` becomes `sent` if the call went well after all; a contradiction of `sent` does not count."""
        await driver.roster(caregiver(1))
        await driver.started(shift("s1"))
        (delivery,) = await driver.lease()
        driver.now += LEASE
        await driver.settles((await driver.expired())[0], Sending.UNKNOWN)
        assert await driver.counts("s1") == {"unknown": 1}
        await driver.ends([delivery], Sending.SENT)
        assert await driver.counts("s1") == {"sent": 1}

    async def test_every_message_is_leased_once(self, driver: Driver) -> None:
        """Takers side by side share the contacts; each is marked `sending` and named by its own key."""
        await driver.roster(*(caregiver(n) for n in range(60)))
        await driver.started(shift("s1"))
        leases = await asyncio.gather(*(driver.lease(total=10) for _ in range(10)))
        deliveries = [delivery for lease in leases for delivery in lease]
        assert len({delivery.message.id for delivery in deliveries}) == len(deliveries) == 60
        assert await driver.counts("s1") == {"sending": 60}

    async def test_never_more_than_asked_for(self, driver: Driver) -> None:
        """`total` bounds what is taken, however much waits."""
        await driver.roster(*(caregiver(n) for n in range(20)))
        await driver.started(shift("s1"))
        assert len(await driver.lease(total=3)) == 3

    @pytest.mark.parametrize("rates", [{Channel.SMS: 2.0}])
    async def test_a_rate_holds_over_all_who_take(self, driver: Driver) -> None:
        """Two a second: one at once, however many ask, the next half a second later, as `next_at` says."""
        await driver.roster(*(caregiver(n) for n in range(20)))
        await driver.started(shift("s1"))
        at: list[float] = []
        for _ in range(40):
            leases = await asyncio.gather(*(driver.lease() for _ in range(3)))
            at += [(driver.now - START).total_seconds()] * sum(map(len, leases))
            driver.now += timedelta(seconds=0.125)
        assert at == [n / 2 for n in range(10)]
        leased = await driver.store.lease(driver.now, driver.now + LEASE, 10, partial(_admit, now=driver.now))
        assert leased.next_at == driver.now + timedelta(seconds=0.5)

    async def test_notices_come_first_and_fanouts_take_turns(self, driver: Driver) -> None:
        """A confirmation overtakes waiting offers; two fanouts alternate."""
        await driver.roster(*(caregiver(n) for n in range(5)), *(caregiver(n, role="CNA") for n in range(10, 15)))
        await driver.started(shift("s1"))
        await driver.started(shift("s2", role="CNA"))
        await driver.started(shift("s3", day=3))
        await driver.says(0, Intent.ACCEPT, "s3")
        first, *rest = await driver.lease(total=7)
        assert first.message.kind is Kind.CONFIRMATION
        per_shift = Counter(delivery.message.shift_id for delivery in rest)
        assert per_shift["s1"] == per_shift["s2"] == 3

    async def test_a_fanout_to_thousands_does_not_hold_up_another(self, driver: Driver) -> None:
        """Ten contacts are written down and handed over as if the three thousand of another shift were ten."""
        await driver.roster(*(caregiver(n) for n in range(3000)))
        await driver.roster(*(caregiver(n, role="CNA") for n in range(3000, 3010)))
        await driver.do(PutShift(shift=shift("large")))
        await driver.do(StartFanout(shift_id="large", now=driver.now))
        await driver.step()
        for day, name in enumerate(("while it is written down", "while it is sent")):
            small = shift(name, day=day, role="CNA")
            await driver.do(PutShift(shift=small))
            await driver.do(StartFanout(shift_id=name, now=driver.now))
            for _ in range(4):
                driver.now += timedelta(milliseconds=1)
                await driver.step()
            assert await driver.counts(name) == {"queued": 10}
            handed_over = Counter(delivery.message.shift_id for delivery in await driver.lease(total=25))
            assert handed_over[name] == 10, handed_over
            await driver.advance()
            await driver.lease(total=1000)
        assert (await driver.counts("large"))["queued"] > 900

    async def test_results_are_recorded_and_late_ones_are_not(self, driver: Driver) -> None:
        """`sent` is final: a second, contradicting result changes nothing."""
        await driver.roster(caregiver(1))
        await driver.started(shift("s1"))
        deliveries = await driver.lease()
        await driver.ends(deliveries, Sending.SENT)
        await driver.ends(deliveries, Sending.PERMANENT)
        assert await driver.counts("s1") == {"sent": 1}

    async def test_a_failed_message_waits_for_its_time(self, driver: Driver) -> None:
        """A retry is not leased before it is due; `next_due` names when; the words stay the same."""
        await driver.roster(caregiver(1))
        await driver.started(shift("s1"))
        (first,) = await driver.lease()
        await driver.ends([first], Sending.TEMPORARY, retry_after_s=5.0)
        assert await driver.store.next_due() == START + timedelta(seconds=5)
        assert await driver.lease() == []
        driver.now += timedelta(seconds=5)
        (second,) = await driver.lease()
        assert second.message == first.message
        assert second.entry.attempts == 2

    async def test_what_waits_when_a_shift_is_claimed_is_reported_as_skipped(self, driver: Driver) -> None:
        """At once in the report, and for good when its turn comes; nothing of it is leased."""
        await driver.roster(*(caregiver(n) for n in range(5)))
        await driver.started(shift("s1"))
        await driver.lease(total=2)
        await driver.says(4, Intent.ACCEPT, "s1")
        assert await driver.counts("s1") == {"sending": 2, "skipped": 3}
        assert [delivery.message.kind for delivery in await driver.lease()] == [Kind.CONFIRMATION]
        assert await driver.counts("s1") == {"sending": 2, "skipped": 3}
        report = await driver.store.report("s1", full=True)
        assert report is not None
        assert Counter(report.status_of(one) for one in report.contacts) == {
            ContactStatus.SENDING: 2,
            ContactStatus.SKIPPED: 3,
        }

    async def test_earlier_reads_do_not_change(self, driver: Driver) -> None:
        """What a reader holds stays as it was when it was read."""
        await driver.roster(caregiver(1))
        await driver.started(shift("s1"))
        before = await driver.store.report("s1", full=True)
        assert before is not None
        was = (before.fanout, before.counts.copy(), before.contacts, before.responses)
        await driver.ends(await driver.lease(), Sending.SENT)
        await driver.says(1, Intent.ACCEPT, "s1")
        assert (before.fanout, before.counts, before.contacts, before.responses) == was

    async def test_work_wakes_the_worker(self, driver: Driver) -> None:
        """A start, and a notice, call `wake`; a read does not."""
        woken: list[int] = []
        driver.store.on_work(lambda: woken.append(1))
        await driver.roster(caregiver(1))
        await driver.do(PutShift(shift=shift("s1")))
        assert woken == []
        await driver.do(StartFanout(shift_id="s1", now=START))
        assert woken
        await driver.advance()
        await driver.lease()
        woken.clear()
        await driver.store.report("s1", full=True)
        assert woken == []
        await driver.says(1, Intent.ACCEPT)
        assert woken

    async def test_opt_outs_belong_to_the_number(self, driver: Driver) -> None:
        """They outlive the caregiver's record, and START ends them."""
        await driver.roster(caregiver(1))
        await driver.says(1, Intent.STOP)
        await driver.do(DeleteCaregiver(caregiver_id="cg-00001", now=START))
        await driver.roster(replace(caregiver(1), id="other"))
        assert await driver.store.caregiver("other") == (replace(caregiver(1), id="other"), True)
        await driver.says(1, Intent.START)
        assert await driver.store.caregiver("other") == (replace(caregiver(1), id="other"), False)

    async def test_the_next_generation_starts_from_nothing(self, driver: Driver) -> None:
        """After a cancellation contacts and counts are those of the new generation only."""
        await driver.roster(caregiver(1), caregiver(2))
        await driver.started(shift("s1"))
        await driver.ends(await driver.lease(), Sending.SENT)
        await driver.do(CancelFanout(shift_id="s1", now=START))
        assert await driver.do(StartFanout(shift_id="s1", now=START)) is True
        assert await driver.counts("s1") == {}
        await driver.advance()
        assert await driver.counts("s1") == {"queued": 2}
        assert len({delivery.message.id for delivery in await driver.lease()}) == 2

    async def test_what_retention_allows_is_forgotten(self, driver: Driver) -> None:
        """A cancelled fanout is gone after its time; a claimed one keeps its holder and loses its details."""
        await driver.roster(caregiver(1))
        await driver.started(shift("s1"))
        await driver.started(shift("s2", day=2))
        await driver.says(1, Intent.ACCEPT, "s1")
        await driver.do(CancelFanout(shift_id="s2", now=START))
        await driver.advance(timedelta(seconds=3599))
        assert (await driver.store.report("s2", full=True)) is not None
        await driver.advance(timedelta(seconds=1))
        assert (await driver.store.report("s2", full=True)) is None
        kept = await driver.store.report("s1", full=True)
        assert kept is not None
        assert kept.assignment is not None
        assert (kept.assignment.caregiver_id, kept.contacts, kept.responses) == ("cg-00001", (), ())
        assert await driver.do(StartFanout(shift_id="s1", now=driver.now)) is False
