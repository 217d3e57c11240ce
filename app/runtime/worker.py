"""Carries out what is due: writes rounds down, hands messages over, retries, reports back as commands.

How many calls are under way is limited here; how many a second, by the store, for all workers together.
"""

import asyncio
import logging
import random
from collections.abc import Callable
from datetime import datetime, timedelta

from app.domain.commands import Advance
from app.domain.records import Contact, Fanout, Notice
from app.errors import StoreUnavailable
from app.ports.clock import Cancellable, Clock
from app.ports.notifier import Notifier
from app.ports.store import Store
from app.runtime.delivery import Sender
from app.runtime.engine import Engine

log = logging.getLogger("shift_fanout.worker")

# Small turns: what is asked of the service comes before what it does by itself.
#: Slices of rounds written down before requests and messages get their turn.
_FANOUTS_A_TURN = 1
#: Messages whose worker died, settled before requests get their turn.
_TAKEN_OVER_A_TURN = 20
#: What is under way is leased anew when a third of its lease has gone by.
_RENEWALS_A_LEASE = 3
#: A loop that has not turned for its longest rest and this time is stuck.
_STUCK = timedelta(seconds=10)
#: After a fault of the store the loop rests this long.
_AFTER_A_FAULT = timedelta(seconds=1)


class Worker:
    """One loop that takes due work, and the calls it has under way. `run` it once per event loop."""

    def __init__(
        self,
        engine: Engine,
        store: Store,
        notifier: Notifier,
        clock: Clock,
        *,
        max_in_flight: int,
        lease_s: float = 10.0,
        messages_a_turn: int = 8,
        longest_rest_s: float = 30.0,
        random: Callable[[], float] = random.random,
    ) -> None:
        """`lease_s`: seconds after which others take over what this worker took, should it die.

        `messages_a_turn`: messages handed over before requests get their turn. `longest_rest_s`: within so many
        seconds it notices a clock that was set forward, and work that nobody announced.
        """
        self._engine = engine
        self._store = store
        self._sender = Sender(engine, notifier, clock, random)
        self._clock = clock
        self._max_in_flight = max_in_flight
        self._lease = timedelta(seconds=lease_s)
        self._messages_a_turn = messages_a_turn
        self._longest_rest = timedelta(seconds=longest_rest_s)
        self._in_flight: dict[asyncio.Task[None], Contact | Notice] = {}
        #: When the leases of what is in flight are renewed next.
        self._renew_at = clock.now()
        self._wake = asyncio.Event()
        self._empty = asyncio.Event()
        self._turning = False
        self._stopping = False
        self._alarm: Cancellable | None = None
        self._alarm_at: datetime | None = None
        self._turned_at = clock.now()
        #: Fanouts whose step failed, with the time of the next try.
        self._set_aside: dict[str, tuple[datetime, Fanout]] = {}

    async def run(self) -> None:
        """Work until `stop`. No fault of the store or the notifier ends the loop."""
        self._turning = True
        while not self._stopping:
            self._wake.clear()
            try:
                rest_until = await self._run_once()
                self._turned_at = self._clock.now()
            except StoreUnavailable as exc:
                log.warning("worker.waits %s", exc.reason)
                rest_until = self._clock.now() + _AFTER_A_FAULT
            except Exception:
                log.exception("worker.fault")
                rest_until = self._clock.now() + _AFTER_A_FAULT
            if rest_until is not None and rest_until <= self._clock.now():
                # Let requests and notifier calls have their turn.
                await asyncio.sleep(0)
                continue
            await self._rest(rest_until)
        if self._alarm is not None:
            self._alarm.cancel()
        self._turning = False
        self._empty.set()

    @property
    def stuck(self) -> bool:
        """Whether the loop has not come round for longer than it may."""
        return self._turned_at + self._longest_rest + _STUCK < self._clock.now()

    def wake(self) -> None:
        """Look for work now. May be called before `run`, and from no event loop at all."""
        self._wake.set()

    async def stop(self, grace_s: float) -> None:
        """Take nothing new, let what is under way end; what has not after `grace_s` seconds is cancelled."""
        self._stopping = True
        self._wake.set()
        await self._wait_for_landing(grace_s)
        for task in self._in_flight:
            task.cancel()
        # Even a notifier that ignores being cancelled does not keep the process.
        await self._wait_for_landing(1.0)

    async def _wait_for_landing(self, seconds: float) -> None:
        until = self._clock.now() + timedelta(seconds=seconds)
        timer = self._clock.call_at(until, self._empty.set)
        # The loop, too: what its last turn takes is still to be handed over and recorded.
        while (self._turning or self._in_flight) and self._clock.now() < until:
            self._empty.clear()
            await self._empty.wait()
        timer.cancel()

    async def _rest(self, until: datetime | None) -> None:
        """Sleep until woken, or until then; but look at the clock now and then, because it may be set.

        With nothing to wait for too: others may have left work without a word, and a loop that does not come
        round counts as stuck.
        """
        longest = self._clock.now() + self._longest_rest
        until = longest if until is None else min(until, longest)
        if self._alarm_at is None or self._alarm_at > until:
            self._set_alarm(until)
        await self._wake.wait()

    def _set_alarm(self, at: datetime) -> None:
        """Be woken at that time. An alarm that is early enough is left as it is: most rests are cut short."""
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm, self._alarm_at = self._clock.call_at(at, self._ring), at

    def _ring(self) -> None:
        self._alarm_at = None
        self._wake.set()

    async def _run_once(self) -> datetime | None:
        """Do a bounded piece of work. Returns when to look again: at once, at a time, or (None) when woken."""
        now = self._clock.now()
        waits: list[datetime] = []
        if self._in_flight:
            await self._renew(now)
        await self._take_over(now)
        due = await self._store.due_fanouts(now, now + self._lease, _FANOUTS_A_TURN)
        due += [fanout for at, fanout in self._set_aside.values() if at <= now][:_FANOUTS_A_TURN]
        for fanout in due:
            self._set_aside.pop(fanout.shift_id, None)
            await self._advance(fanout, now)
        free = self._max_in_flight - len(self._in_flight)
        # With no slot free too: it lets retries that are due take their place in the queue.
        total = min(free, self._messages_a_turn)
        # The steps above may have waited: a lease counts from when it is taken.
        now = self._clock.now()
        if self._stopping:
            return None
        leased = await self._store.lease(now, now + self._lease, total, self._engine.admit)
        if leased.deliveries and not self._in_flight:
            self._renew_at = now + self._lease / _RENEWALS_A_LEASE
        for delivery in leased.deliveries:
            task = asyncio.get_running_loop().create_task(self._sender.send(delivery))
            self._in_flight[task] = delivery.entry
            task.add_done_callback(self._landed)
        if self._in_flight:
            waits.append(self._renew_at)
        if leased.next_at is not None:
            waits.append(leased.next_at)
        if due or leased.more or (len(leased.deliveries) == total and free > total):
            return now
        next_due = await self._store.next_due()
        if next_due is not None:
            waits.append(next_due)
        waits += [at for at, _ in self._set_aside.values()]
        return min(waits, default=None)

    async def _renew(self, now: datetime) -> None:
        """Keep the leases of what is in flight."""
        if self._renew_at <= now:
            await self._store.renew(list(self._in_flight.values()), now + self._lease)
            self._renew_at = now + self._lease / _RENEWALS_A_LEASE

    async def _take_over(self, now: datetime) -> None:
        """Settle what a worker left `sending` when it died: nobody knows whether it went out."""
        for entry in await self._store.expired(now, now + self._lease, _TAKEN_OVER_A_TURN):
            log.warning("message.taken_over caregiver=%s shift=%s", entry.caregiver_id, entry.shift_id)
            await self._sender.settle_abandoned(entry)

    def _landed(self, task: asyncio.Task[None]) -> None:
        if len(self._in_flight) >= self._max_in_flight:
            self._wake.set()
        self._in_flight.pop(task, None)
        if not self._in_flight:
            self._empty.set()

    async def _advance(self, fanout: Fanout, now: datetime) -> None:
        try:
            await self._engine.handle(Advance(shift_id=fanout.shift_id, generation=fanout.generation, now=now))
        except StoreUnavailable:
            # Its lease will end.
            raise
        except Exception:
            # It is not due again before its lease ends, and must not hold up the others.
            log.exception("fanout.fault shift=%s", fanout.shift_id)
            self._set_aside[fanout.shift_id] = (now + _AFTER_A_FAULT, fanout)
