"""What any `Store` must do. A backend joins by subclassing `StoreContract` with a `store` fixture."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from fakes import START
from store_driver import LEASE, Driver, caregiver, shift

from app.domain.commands import Command, DeleteCaregiver, HandoverResult, PutCaregiver, PutShift, StartFanout
from app.domain.decisions import Decision, Refusal, Unassign, Write
from app.domain.fanout_records import OfferState
from app.domain.messages import ContactStatus, Notice
from app.domain.reading import Intent
from app.domain.records import Answer, Channel, Kind, Outcome
from app.domain.rules.decide import Result
from app.domain.state import StateReader
from app.ports.store import ShiftFilter, Store


class StoreContract:
    """The suite for records and transitions, with the fixtures of all suites."""

    @pytest.fixture
    def rates(self) -> dict[Channel, float | None]:
        """Messages per second of each channel. Tests that need rates are parametrized with them."""
        return {}

    @pytest.fixture
    def store(self, rates: dict[Channel, float | None]) -> Store:
        """The store under test, empty and with these rates."""
        raise NotImplementedError

    @pytest.fixture
    def driver(self, store: Store) -> Driver:
        """The rules on the store under test."""
        return Driver(store)

    async def test_records_come_back_as_they_were_put(self, driver: Driver) -> None:
        """Caregivers and shifts are found by id, unchanged, and unknown ids are not found."""
        await driver.put_caregivers(caregiver(1))
        await driver.do(PutShift(shift=shift("s1"), now=driver.now))
        assert await driver.store.caregiver("cg-00001") == (caregiver(1), False)
        assert await driver.store.shift("s1") == (shift("s1"), None)
        assert await driver.store.caregiver("nobody") is None
        assert await driver.store.shift("nothing") is None
        assert await driver.store.report("s1", full=True) is None

    async def test_pages_are_by_id_and_complete(self, driver: Driver) -> None:
        """Following the pages finds every record once, by id, whatever the order of putting them."""
        await driver.put_caregivers(*(caregiver(n) for n in (5, 1, 4, 2, 3)))
        found: list[str] = []
        after = ""
        while page := await driver.store.caregivers(after, 2):
            found += [one.id for one, _ in page]
            after = found[-1]
        assert found == [f"cg-0000{n}" for n in range(1, 6)]

    async def test_shifts_are_listed_by_status(self, driver: Driver) -> None:
        """A claim moves a shift from the list of open shifts to that of claimed ones."""
        await driver.put_caregivers(caregiver(1))
        await driver.start_fanout(shift("s1"))
        await driver.start_fanout(shift("s2", day=2))
        await driver.says(1, Intent.ACCEPT, "s2")
        assert [one.id for one, _ in await driver.store.shifts("", 10, ShiftFilter(claimed=False))] == ["s1"]
        assert [one.id for one, _ in await driver.store.shifts("", 10, ShiftFilter(claimed=True))] == ["s2"]
        assert [one.id for one, _ in await driver.store.shifts("", 10, ShiftFilter(claimed=None))] == ["s1", "s2"]

    async def test_a_refused_command_writes_nothing(self, driver: Driver) -> None:
        """A caregiver with another one's number is refused, and neither record changes."""
        await driver.put_caregivers(caregiver(1), caregiver(2))
        taken = replace(caregiver(2), phone=caregiver(1).phone)
        assert isinstance(await driver.do(PutCaregiver(caregiver=taken, now=START)), Refusal)
        assert await driver.store.caregiver("cg-00002") == (caregiver(2), False)

    async def test_a_step_that_raises_writes_nothing(self, driver: Driver) -> None:
        """The exception is passed on, and the state is as before."""

        def broken(_: StateReader, __: Command) -> Decision[Result]:
            raise ZeroDivisionError

        await driver.put_caregivers(caregiver(1))
        with pytest.raises(ZeroDivisionError):
            await driver.store.transition(DeleteCaregiver(caregiver_id="cg-00001", now=START), broken)
        assert await driver.store.caregiver("cg-00001") is not None

    async def test_a_decision_with_a_second_holder_is_refused_as_a_whole(self, driver: Driver) -> None:
        """In whatever order its writes come, nothing is written or queued, and no listener is called."""
        await driver.put_caregivers(caregiver(1), caregiver(2))
        await driver.start_fanout(shift("s1"))
        await driver.start_fanout(shift("s2", day=2))
        await driver.says(1, Intent.ACCEPT, "s1")
        await driver.record_results(await driver.lease(), HandoverResult.SENT)
        offer = await driver.read(lambda state: state.offer("s2", "cg-00002"))
        held, report = await driver.store.shift("s1"), await driver.store.report("s2", full=True)
        next_due = await driver.store.next_due()
        assert offer is not None
        assert held is not None
        assert held[1] is not None
        assert report is not None
        notice = Notice(
            id="never",
            kind=Kind.CONFIRMATION,
            caregiver_id="cg-00002",
            body="The shift is yours.",
            status=ContactStatus.QUEUED,
            updated_at=driver.now,
            created_at=driver.now,
            phone=caregiver(2).phone,
            shift_id="s1",
        )
        writes: list[Write] = [
            replace(held[1], caregiver_id="cg-00002"),
            replace(offer, state=OfferState.DECLINED, closed_at=driver.now),
            replace(report.fanout, due_at=driver.now),
            replace(report.contacts[0], channel=Channel.VOICE, status=ContactStatus.QUEUED),
            notice,
        ]
        heard: list[str | None] = []
        driver.store.on_work(lambda: heard.append("woken"))
        driver.store.on_change(heard.append)
        for order in permutations(writes):
            with pytest.raises(ValueError, match="s1"):
                await driver.write(*order)
        assert await driver.read(lambda state: state.offer("s2", "cg-00002")) == offer
        assert await driver.store.shift("s1") == held
        assert await driver.store.report("s2", full=True) == report
        assert await driver.store.next_due() == next_due
        assert await driver.store.due_fanouts(driver.now, driver.now + LEASE, 10) == []
        assert await driver.lease() == []
        assert heard == []

    async def test_a_shift_may_change_hands_in_one_decision(self, driver: Driver) -> None:
        """A decision that takes the shift from its holder first may assign it to another caregiver."""
        await driver.put_caregivers(caregiver(1), caregiver(2))
        await driver.start_fanout(shift("s1"))
        await driver.says(1, Intent.ACCEPT, "s1")
        held = await driver.store.shift("s1")
        assert held is not None
        assert held[1] is not None
        await driver.write(Unassign(shift_id="s1"), replace(held[1], caregiver_id="cg-00002"))
        assert await driver.holder("s1") == "cg-00002"

    async def test_fifty_tasks_racing_for_one_shift_have_one_winner(self, driver: Driver) -> None:
        """One claims the shift and holds it, and 49 are told that it is taken."""
        await driver.put_caregivers(*(caregiver(n) for n in range(50)))
        await driver.start_fanout(shift("s1"))
        answers = await asyncio.gather(*(driver.says(n, Intent.ACCEPT, "s1") for n in range(50)))
        assert Counter(answer.outcome for answer in answers) == {Outcome.CLAIMED: 1, Outcome.ALREADY_CLAIMED: 49}
        (winner,) = (answer for answer in answers if answer.outcome is Outcome.CLAIMED)
        found = await driver.store.shift("s1")
        assert found is not None
        assert found[1] is not None
        assert found[1].caregiver_id == winner.caregiver_id

    async def test_yeses_and_assignments_racing_for_one_shift_have_one_winner(self, driver: Driver) -> None:
        """Of 25 replies and 25 assignments by hand one succeeds, and one confirmation is sent."""
        await driver.put_caregivers(*(caregiver(n) for n in range(50)))
        await driver.start_fanout(shift("s1"))
        results = await asyncio.gather(
            *(driver.assign(n, "s1") if n % 2 else driver.says(n, Intent.ACCEPT, "s1") for n in range(50))
        )
        won = [one for one in results if one is True or (isinstance(one, Answer) and one.outcome is Outcome.CLAIMED)]
        assert len(won) == 1
        (told,) = (one for one in await driver.lease() if one.message.kind is Kind.CONFIRMATION)
        assert told.message.caregiver_id == await driver.holder("s1")

    async def test_equal_commands_at_the_same_time_take_effect_once(self, driver: Driver) -> None:
        """Of twenty equal assignments or releases one changes something, and the caregiver gets one notice."""
        await driver.put_caregivers(caregiver(1))
        await driver.do(PutShift(shift=shift("s1"), now=driver.now))
        results = await asyncio.gather(*(driver.assign(1, "s1") for _ in range(20)))
        assert Counter(results) == {True: 1, False: 19}
        assert (await driver.send()).message.kind is Kind.CONFIRMATION
        results = await asyncio.gather(*(driver.release("s1") for _ in range(20)))
        assert Counter(results) == {True: 1, False: 19}
        assert [one.message.kind for one in await driver.lease()] == [Kind.RELEASED]

    async def test_an_assignment_by_hand_comes_back_without_a_channel(self, driver: Driver) -> None:
        """The report of such a shift has a holder, no channel and no contacts, and nothing is due."""
        await driver.put_caregivers(caregiver(1))
        await driver.do(PutShift(shift=shift("s1"), now=driver.now))
        await driver.assign(1, "s1")
        report = await driver.store.report("s1", full=True)
        assert report is not None
        assert report.assignment is not None
        assert (report.assignment.caregiver_id, report.assignment.claimed_via) == ("cg-00001", None)
        assert (report.fanout.generation, report.contacts) == (1, ())
        assert await driver.advance(timedelta(minutes=30)) == 0

    async def test_a_shift_that_moves_between_two_assignments_blocks_only_its_new_hours(self, driver: Driver) -> None:
        """After release, move and a new assignment at once, the holder can take another shift at the old hours."""
        await driver.put_caregivers(caregiver(1))
        await driver.do(PutShift(shift=shift("s1", day=2), now=driver.now))
        await driver.do(PutShift(shift=shift("s2", day=2), now=driver.now))
        assert await driver.assign(1, "s1") is True
        moved = driver.do(PutShift(shift=shift("s1", day=3), now=driver.now))
        results = await asyncio.gather(driver.release("s1"), moved, driver.assign(1, "s1"))
        assert list(results) == [True, False, True]
        assert await driver.assign(1, "s2") is True
        assert await driver.holder("s1") == await driver.holder("s2") == "cg-00001"

    async def test_a_released_shift_can_be_assigned_again(self, driver: Driver) -> None:
        """It is listed as open, no longer blocks its former holder's hours, and can get another holder."""
        await driver.put_caregivers(caregiver(1), caregiver(2))
        await driver.start_fanout(shift("s1"))
        await driver.do(PutShift(shift=shift("s2"), now=driver.now))
        await driver.says(1, Intent.ACCEPT, "s1")
        assert isinstance(await driver.assign(1, "s2"), Refusal)
        assert await driver.release("s1") is True
        assert await driver.store.shift("s1") == (shift("s1"), None)
        assert await driver.store.shifts("", 10, ShiftFilter(claimed=True)) == []
        assert await driver.assign(1, "s2") is True
        assert await driver.assign(2, "s1") is True
        assert (await driver.holder("s1"), await driver.holder("s2")) == ("cg-00002", "cg-00001")

    async def test_thirty_starts_at_once_make_one_fanout(self, driver: Driver) -> None:
        """Of thirty concurrent starts one starts the fanout."""
        await driver.do(PutShift(shift=shift("s1"), now=driver.now))
        results = await asyncio.gather(*(driver.do(StartFanout(shift_id="s1", now=START)) for _ in range(30)))
        assert Counter(results) == {True: 1, False: 29}

    async def test_a_caregiver_racing_for_overlapping_shifts_gets_one(self, driver: Driver) -> None:
        """Of two overlapping shifts accepted at the same time one is claimed, and the other is a conflict."""
        await driver.put_caregivers(caregiver(1))
        await driver.start_fanout(shift("s1"))
        await driver.start_fanout(shift("s2"))
        answers = await asyncio.gather(*(driver.says(1, Intent.ACCEPT, shift_id) for shift_id in ("s1", "s2")))
        assert Counter(answer.outcome for answer in answers) == {Outcome.CLAIMED: 1, Outcome.CONFLICT: 1}

    async def test_a_message_id_is_answered_once(self, driver: Driver) -> None:
        """Ten concurrent copies of a message get the same answer, and one notice is sent."""
        await driver.put_caregivers(caregiver(1))
        await driver.start_fanout(shift("s1"))
        answers = await asyncio.gather(*(driver.says(1, Intent.ACCEPT, "s1", "m1") for _ in range(10)))
        assert len(set(answers)) == 1
        kinds = Counter(delivery.message.kind for delivery in await driver.lease())
        assert kinds == {Kind.CONFIRMATION: 1}

    async def test_earlier_reads_do_not_change(self, driver: Driver) -> None:
        """A report that was read does not change when the records do."""
        await driver.put_caregivers(caregiver(1))
        await driver.start_fanout(shift("s1"))
        before = await driver.store.report("s1", full=True)
        assert before is not None
        was = (before.fanout, before.counts.copy(), before.contacts, before.responses)
        await driver.record_results(await driver.lease(), HandoverResult.SENT)
        await driver.says(1, Intent.ACCEPT, "s1")
        assert (before.fanout, before.counts, before.contacts, before.responses) == was

    async def test_opt_outs_belong_to_the_number(self, driver: Driver) -> None:
        """An opt-out outlives the caregiver's record, and START ends it."""
        await driver.put_caregivers(caregiver(1))
        await driver.says(1, Intent.STOP)
        await driver.do(DeleteCaregiver(caregiver_id="cg-00001", now=START))
        await driver.put_caregivers(replace(caregiver(1), id="other"))
        assert await driver.store.caregiver("other") == (replace(caregiver(1), id="other"), True)
        await driver.says(1, Intent.START)
        assert await driver.store.caregiver("other") == (replace(caregiver(1), id="other"), False)
