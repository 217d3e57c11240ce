"""A process that stood still hands over nothing on a lease that has ended meanwhile."""

from datetime import datetime

from office import Office

from app.domain.decisions import Message
from app.ports.store import Admit, Leased
from app.stores.memory.store import MemoryStore

LEASE_S = 2.0


class WatchedStore(MemoryStore):
    """Knows until when each message is leased."""

    def __init__(self) -> None:
        super().__init__()
        self.leased_until: dict[str, datetime] = {}

    async def lease(self, now: datetime, until: datetime, limit: int, admit: Admit) -> Leased:
        """See `Store`."""
        leased = await super().lease(now, until, limit, admit)
        self.leased_until |= {delivery.message.id: until for delivery in leased.deliveries}
        return leased


async def test_the_lease_is_looked_at_before_each_hand_over() -> None:
    """The process stops for six seconds at every third message. What it had leased before is leased again."""
    store = WatchedStore()
    async with Office(store=store, lease=LEASE_S) as office:
        handed_over: list[str] = []

        def stop_for_a_while(message: Message) -> None:
            assert office.clock.now() < store.leased_until[message.id], "handed over after the end of its lease"
            handed_over.append(message.id)
            if len(handed_over) % 3 == 0:
                office.clock.set_forward(6)

        office.notifier.behaviour = stop_for_a_while
        nurses = [await office.caregiver(f"cg-{n}", f"+1617555010{n}") for n in range(8)]
        await office.shift("s1")
        await office.fanout("s1")
        await office.clock.advance(5)
        assert len(handed_over) == len(set(handed_over)) == len(nurses)
        report = await office.report("s1")
        assert {(one["status"], one["attempts"]) for one in report["contacts"]} == {("sent", 1)}
        for one in nurses:
            one.expect_sms()
