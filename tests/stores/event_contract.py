"""What any `Store` must do with outgoing events. A backend joins by subclassing with a `sending_store` fixture."""

from datetime import timedelta

import pytest
from store_driver import LEASE, Driver

from app.domain.facts import Fact, FactType
from app.ports.store import LeasedEvent, Store


class EventContract:
    """The suite for stores that queue facts as events."""

    @pytest.fixture
    def sending_store(self) -> Store:
        """The store under test, empty, told to queue events."""
        raise NotImplementedError

    @pytest.fixture
    def sender(self, sending_store: Store) -> Driver:
        """Writes to the store under test."""
        return Driver(sending_store)

    async def test_each_stream_sends_in_order(self, sender: Driver) -> None:
        """The first event of each shift and caregiver, and the next one only when that is done."""
        store = sender.store
        woken: list[bool] = []
        store.on_events(lambda: woken.append(True))
        await sender.write(
            *(event(sender, shift_id=f"s{n % 2}", n=n) for n in range(4)),
            event(sender, caregiver_id="s0", n=4),
            event(sender, FactType.OFFER_SENT, shift_id="s2", n=5),
            event(sender, FactType.RECORD_CHANGED, shift_id="s0", n=6),
        )
        assert woken
        first = await lease(sender)
        assert numbers(first) == [0, 1, 4]
        assert await lease(sender) == []
        await store.settle_event(first[0], sender.now, None)
        second = await lease(sender)
        assert numbers(second) == [2]
        for leased in (*first[1:], *second):
            await store.settle_event(leased, sender.now, None)
        assert numbers(await lease(sender)) == [3]

    async def test_a_failed_event_comes_again(self, sender: Driver) -> None:
        """At the time given, before the others of its shift, with the number of failed tries; other shifts go on."""
        await sender.write(event(sender, shift_id="s1", n=0), event(sender, shift_id="s1", n=1))
        for attempts in range(3):
            (leased,) = await lease(sender)
            assert (numbers([leased]), leased.attempts) == ([0], attempts)
            at = sender.now + timedelta(minutes=1)
            await sender.store.settle_event(leased, sender.now, at)
            assert await sender.store.next_event_due() == at
            await sender.write(event(sender, shift_id="s2", n=2))
            (other,) = await lease(sender)
            await sender.store.settle_event(other, sender.now, None)
            sender.now = at
        (leased,) = await lease(sender)
        await sender.store.settle_event(leased, sender.now, None)
        (leased,) = await lease(sender)
        assert (numbers([leased]), leased.attempts) == ([1], 0)
        await sender.store.settle_event(leased, sender.now, None)
        assert await sender.store.next_event_due() is None

    async def test_a_lease_that_ends_is_taken_by_another(self, sender: Driver) -> None:
        """An event whose sender died comes again. A late result of the first sender changes nothing."""
        await sender.write(event(sender, shift_id="s1", n=0), event(sender, shift_id="s1", n=1))
        (first,) = await lease(sender)
        assert await sender.store.next_event_due() == sender.now + LEASE
        sender.now += LEASE
        (again,) = await lease(sender)
        assert again.entry == first.entry
        await sender.store.settle_event(again, sender.now, None)
        await sender.store.settle_event(first, sender.now, sender.now + timedelta(hours=1))
        await sender.store.settle_event(first, sender.now, None)
        assert numbers(await lease(sender)) == [1]

    async def test_an_event_written_while_one_is_sent_is_not_lost(self, sender: Driver) -> None:
        """It is due as soon as the one before it is done."""
        await sender.write(event(sender, shift_id="s1", n=0))
        (leased,) = await lease(sender)
        await sender.write(event(sender, shift_id="s1", n=1))
        assert await lease(sender) == []
        await sender.store.settle_event(leased, sender.now, None)
        assert numbers(await lease(sender)) == [1]

    async def test_no_more_than_asked_for(self, sender: Driver) -> None:
        """The streams that have been due for longest come first."""
        for n in range(5):
            await sender.write(event(sender, shift_id=f"s{n}", n=n))
            sender.now += timedelta(seconds=1)
        assert numbers(await lease(sender, limit=2)) == [0, 1]
        assert numbers(await lease(sender, limit=9)) == [2, 3, 4]


def event(sender: Driver, type_: FactType = FactType.SHIFT_FILLED, *, n: int, **about: str) -> Fact:
    """A fact that happens now, with a number."""
    return Fact(type=type_, at=sender.now, actor="service", data={"n": n}, **about)


async def lease(sender: Driver, limit: int = 10) -> list[LeasedEvent]:
    """Take the events that are due now."""
    return await sender.store.lease_events(sender.now, sender.now + LEASE, limit)


def numbers(leased: list[LeasedEvent]) -> list[object]:
    """The numbers of these events."""
    return [one.entry.fact.data["n"] for one in leased]
