"""What any `Store` must do for a fanout: rounds, generations, due times, forgetting."""

from datetime import timedelta

import pytest
from fakes import START
from store_driver import LEASE, POLICY, Driver, caregiver, shift

from app.domain.commands import Advance, CancelFanout, DeleteShift, HandoverResult, PutShift, Release, StartFanout
from app.domain.fanout_records import ExclusionReason, Offer
from app.domain.policy import Policy
from app.domain.reading import Intent
from app.domain.records import Kind, Outcome
from app.ports.store import Store


class FanoutContract:
    """The suite for fanouts. A backend joins with `StoreContract`, which has the fixtures."""

    async def test_a_released_caregiver_is_left_out_of_the_next_generation(self, driver: Driver) -> None:
        """The caregiver is excluded with the reason `released`; the others are asked."""
        await driver.put_caregivers(caregiver(1), caregiver(2))
        await driver.start_fanout(shift("s1"))
        await driver.says(1, Intent.ACCEPT, "s1")
        await driver.release("s1")
        assert await driver.do(StartFanout(shift_id="s1", now=driver.now)) is True
        await driver.advance()
        report = await driver.store.report("s1", full=True)
        assert report is not None
        assert [one.caregiver_id for one in report.contacts] == ["cg-00002"]
        assert [(one.caregiver_id, one.reason) for one in report.excluded] == [("cg-00001", ExclusionReason.RELEASED)]

    async def test_caregivers_whose_yes_came_too_late_are_asked_first(self, driver: Driver) -> None:
        """They come in the order of their answers, also over several batches; then the others come by id."""
        await driver.put_caregivers(*(caregiver(n) for n in range(260)))
        await driver.start_fanout(shift("s1"))
        await driver.assign(0, "s1")
        # Caregiver 99 is last here and also last in the first batch by id. The fanout must be due again after both.
        late = [*(n for n in range(230, 20, -1) if n != 99), 99]
        for n in late:
            driver.now += timedelta(microseconds=1)
            await driver.says(n, Intent.ACCEPT, "s1")
        await driver.release("s1")
        await driver.lease()
        await driver.do(StartFanout(shift_id="s1", now=driver.now))
        await driver.advance()
        assert await driver.counts("s1") == {"queued": 259}
        order = [int(one.message.caregiver_id[3:]) for one in await driver.lease()]
        assert order[: len(late)] == late
        assert sorted(order[len(late) :]) == [*range(1, 21), *range(231, 260)]

    async def test_a_claim_while_the_late_ones_are_planned_leaves_out_nobody(self, driver: Driver) -> None:
        """Every caregiver who counted as offered at the claim still counts after it, whatever their id."""
        await driver.put_caregivers(caregiver(2), caregiver(3))
        await driver.start_fanout(shift("s1"))
        await driver.do(CancelFanout(shift_id="s1", now=driver.now))
        await driver.says(2, Intent.ACCEPT, "s1")
        await driver.put_caregivers(caregiver(1))
        await driver.do(StartFanout(shift_id="s1", now=driver.now))
        await driver.do(Advance(shift_id="s1", generation=2, now=driver.now))
        assert await driver.counts("s1") == {"queued": 1}
        assert (await driver.says(3, Intent.ACCEPT, "s1")).outcome is Outcome.CLAIMED
        await driver.advance()
        assert (await driver.says(1, Intent.ACCEPT, "s1")).outcome is Outcome.ALREADY_CLAIMED

    async def test_a_release_ends_the_precedence_of_a_late_yes(self, driver: Driver) -> None:
        """A caregiver who was late, got the shift by hand and lost it again does not come before the others."""
        await driver.put_caregivers(caregiver(1), caregiver(2), caregiver(3))
        await driver.start_fanout(shift("s1"))
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

    async def test_a_late_yes_counts_for_one_generation(self, driver: Driver) -> None:
        """After the generation in which they came first, they come like all others, unless they were late again."""
        await driver.put_caregivers(*(caregiver(n) for n in range(4)))
        await driver.start_fanout(shift("s1"))
        await driver.do(CancelFanout(shift_id="s1", now=driver.now))
        orders = []
        for late in ([3, 1], [2], []):
            for n in late:
                driver.now += timedelta(seconds=1)
                await driver.says(n, Intent.ACCEPT, "s1")
            await driver.do(StartFanout(shift_id="s1", now=driver.now))
            await driver.advance()
            offers = [one for one in await driver.lease() if one.message.kind is Kind.OFFER]
            order = [int(one.message.caregiver_id[-1]) for one in offers]
            orders.append((order[: len(late)], sorted(order[len(late) :])))
            await driver.do(CancelFanout(shift_id="s1", now=driver.now))
        assert orders == [([3, 1], [0, 2]), ([2], [0, 1, 3]), ([], [0, 1, 2, 3])]

    async def test_a_round_is_planned_once_however_often_it_is_advanced(self, driver: Driver) -> None:
        """250 caregivers take several batches, and each gets one contact, also if a step is repeated."""
        await driver.put_caregivers(*(caregiver(n) for n in range(250)))
        await driver.do(PutShift(shift=shift("s1"), now=driver.now))
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
        """`next_due` is the escalation time; the fanout is not due before it and is taken once at it."""
        await driver.put_caregivers(caregiver(1))
        await driver.start_fanout(shift("s1"))
        assert await driver.store.next_due() == START + timedelta(minutes=10)
        driver.now = START + timedelta(minutes=9.99)
        assert await driver.store.due_fanouts(driver.now, driver.now + LEASE, 10) == []
        driver.now = START + timedelta(minutes=10)
        first = await driver.store.due_fanouts(driver.now, driver.now + LEASE, 10)
        assert [fanout.shift_id for fanout in first] == ["s1"]
        assert await driver.store.due_fanouts(driver.now, driver.now + LEASE, 10) == []

    async def test_a_due_fanout_is_taken_over_when_its_worker_dies(self, driver: Driver) -> None:
        """A fanout that nobody advances during its lease is due again; once advanced, it is not."""
        await driver.put_caregivers(caregiver(1))
        await driver.do(PutShift(shift=shift("s1"), now=driver.now))
        await driver.do(StartFanout(shift_id="s1", now=START))
        assert len(await driver.store.due_fanouts(START, START + LEASE, 10)) == 1
        assert await driver.store.next_due() == START + LEASE
        driver.now = START + LEASE
        assert await driver.advance() >= 1
        assert await driver.counts("s1") == {"queued": 1}
        assert await driver.store.next_due() == START + timedelta(minutes=10)

    async def test_the_next_generation_has_contacts_and_counts_of_its_own(self, driver: Driver) -> None:
        """After a cancellation the report contains only contacts and counts of the new generation."""
        await driver.put_caregivers(caregiver(1), caregiver(2))
        await driver.start_fanout(shift("s1"))
        await driver.record_results(await driver.lease(), HandoverResult.SENT)
        await driver.do(CancelFanout(shift_id="s1", now=START))
        assert await driver.do(StartFanout(shift_id="s1", now=START)) is True
        assert await driver.counts("s1") == {}
        await driver.advance()
        assert await driver.counts("s1") == {"queued": 2}
        assert len({delivery.message.id for delivery in await driver.lease()}) == 2

    async def test_a_closed_fanout_is_forgotten_after_the_retention(self, driver: Driver) -> None:
        """A cancelled fanout is gone; a claimed one keeps its holder and loses its contacts and responses."""
        await driver.put_caregivers(caregiver(1))
        await driver.start_fanout(shift("s1"))
        await driver.start_fanout(shift("s2", day=2))
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

    @pytest.mark.parametrize("early", [True, False])
    @pytest.mark.parametrize("offered", [True, False])
    async def test_shifts_whose_fanouts_are_forgotten_are_told_apart(
        self, driver: Driver, offered: bool, early: bool
    ) -> None:
        """A caregiver holds three of them: every reply is understood, and each keeps the number it was told with."""
        await driver.put_caregivers(caregiver(1), caregiver(2, role="CNA"))
        names = ["s0", "s1", "s2"]
        for n, name in enumerate(names):
            await driver.start_fanout(shift(name, day=3 + n, role="RN" if offered else "CNA"))
            if offered:
                await driver.says(1, Intent.ACCEPT, name)
            else:
                await driver.put_caregivers(caregiver(1, role="CNA"))
                await driver.assign(1, name)
        driver.now += timedelta(minutes=30) if early else timedelta(seconds=POLICY.retention_s)
        for name in names:
            await driver.do(Advance(shift_id=name, generation=1, forget_early=early, now=driver.now))
            report = await driver.store.report(name, full=True)
            assert report is not None
            assert (report.fanout.due_at, report.responses) == (None, ())
        for _ in range(2):
            asked = await driver.says(1, Intent.DECLINE)
            assert [(one.shift_id, one.code) for one in asked.choices] == [("s0", "1"), ("s1", "2"), ("s2", "3")]
            assert (await driver.says(1, Intent.UNKNOWN)).outcome is Outcome.UNRECOGNIZED
            assert (await driver.says(1, Intent.HELP)).outcome is Outcome.HELP
        for name, code in (("s2", "3"), ("s0", "1"), ("s1", "2")):
            answer = await driver.says(1, Intent.DECLINE, code=code)
            assert (answer.outcome, answer.shift_id) == (Outcome.RELEASE_REQUESTED, name)

    @pytest.mark.parametrize("deleted", [False, True])
    async def test_the_generations_go_on_after_a_fanout_was_forgotten(self, driver: Driver, deleted: bool) -> None:
        """The log has the former ones, and must not have two of the same number."""
        await driver.put_caregivers(caregiver(1))
        one = shift("s1")
        for generation in (1, 2, 3):
            await driver.do(PutShift(shift=one, now=driver.now))
            if generation == 2:
                await driver.assign(1, "s1")
                await driver.do(Release(shift_id="s1", notice_id="released", now=driver.now))
            else:
                assert await driver.do(StartFanout(shift_id="s1", now=driver.now)) is True
                await driver.do(CancelFanout(shift_id="s1", now=driver.now))
            report = await driver.store.report("s1", full=False)
            assert report is not None
            assert report.fanout.generation == generation
            if deleted:
                await driver.do(DeleteShift(shift_id="s1", notice_id=f"deleted {generation}", now=driver.now))
            for _ in range(2):
                # The first one plans the rest of the round.
                await driver.do(Advance(shift_id="s1", generation=generation, forget_early=True, now=driver.now))
            assert await driver.store.report("s1", full=False) is None
        assert await driver.read(lambda state: state.forgotten_generation("s1")) == 3
        assert await driver.read(lambda state: state.forgotten_generation("s2")) == 0

    @pytest.mark.parametrize("caregivers", [0, 1])
    async def test_a_fanout_that_was_never_filled_is_kept_until_its_shift_is_over(
        self, driver: Driver, caregivers: int
    ) -> None:
        """Whether caregivers can still accept or not, it is kept until the retention after the shift's end."""
        one = shift("s1")
        await driver.put_caregivers(*(caregiver(n) for n in range(caregivers)))
        await driver.start_fanout(one)
        await driver.advance(timedelta(minutes=10))
        driver.now = one.end_time + timedelta(seconds=POLICY.retention_s - 1)
        await driver.advance()
        assert await driver.store.report("s1", full=True) is not None
        await driver.advance(timedelta(seconds=1))
        assert await driver.store.report("s1", full=True) is None

    async def test_an_offer_code_rests_for_a_day_before_it_names_another_offer(self, store: Store) -> None:
        """During that day the code means the closed offer, even if all other short codes have been given out."""
        driver = Driver(store, policy=Policy())
        await driver.put_caregivers(caregiver(1))
        await driver.start_fanout(shift("s1", day=4))
        # Codes are counted up to 99 before a lower one is used again.
        await driver.write(*(offer_with_code(f"former-{code}", code) for code in range(69, 100)))
        await driver.do(CancelFanout(shift_id="s1", now=driver.now))
        driver.now += timedelta(days=1, seconds=-1)
        await driver.start_fanout(shift("s2", day=5))
        closed = await driver.says(1, Intent.ACCEPT, code="1")
        assert (closed.outcome, closed.shift_id) == (Outcome.ALREADY_CLAIMED, "s1")
        await driver.write(offer_with_code("newest", 99))
        driver.now += timedelta(seconds=1)
        await driver.start_fanout(shift("s3", day=6))
        claimed = await driver.says(1, Intent.ACCEPT, code="1")
        assert (claimed.outcome, claimed.shift_id) == (Outcome.CLAIMED, "s3")


def offer_with_code(shift_id: str, code: int) -> Offer:
    """An offer to caregiver 1 under that code."""
    return Offer(shift_id=shift_id, caregiver_id="cg-00001", generation=1, code=str(code))
