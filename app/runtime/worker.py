"""The worker's loop: advances fanouts that are due and starts deliveries.

This module limits the number of deliveries in progress. The store limits the messages per second of all workers.
"""

import asyncio
import logging
import random
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime, timedelta
from typing import Any

from app.domain.commands import Advance
from app.domain.fanout_records import Fanout
from app.domain.messages import Contact, Notice, channel_of
from app.domain.records import Channel
from app.errors import StoreUnavailable
from app.ports.clock import Cancellable, Clock
from app.ports.meter import Meter
from app.ports.notifier import Notifier, TrackingNotifier
from app.ports.store import Store
from app.ports.tracer import Tracer
from app.runtime.delivery import Sender
from app.runtime.engine import Engine
from app.runtime.tracking import Tracker

log = logging.getLogger("shift_fanout.worker")

# Each iteration does little, because requests wait while it runs.
#: Messages of dead workers whose result is recorded in one iteration.
_TAKEN_OVER_PER_ITERATION = 20
#: How many times per lease length the leases of deliveries in progress are renewed.
_RENEWALS_PER_LEASE = 3
#: If an iteration takes this long beyond the longest pause, the loop is stuck.
_STUCK = timedelta(seconds=10)
#: How long the loop pauses after an error of the store.
_PAUSE_AFTER_ERROR = timedelta(seconds=1)


class Worker:
    """One loop that takes due work, and the deliveries it has started. Call `run` once per event loop."""

    def __init__(
        self,
        engine: Engine,
        store: Store,
        notifiers: Mapping[Channel, Notifier],
        clock: Clock,
        *,
        max_in_flight: int,
        lease_s: float = 10.0,
        messages_per_iteration: int = 8,
        fanouts_per_iteration: int = 1,
        longest_pause_s: float = 30.0,
        random: Callable[[], float] = random.random,
        meter: Meter | None = None,
        tracer: Tracer | None = None,
    ) -> None:
        """`lease_s`: if this worker dies, others take over its work after this many seconds.

        `messages_per_iteration`: deliveries started in one iteration. `fanouts_per_iteration`: fanouts advanced in
        one iteration, at most so many of each kind (`due_step`). `longest_pause_s`: the loop looks at the
        clock and the store at least this often, in case the clock was set forward or a wake-up was lost.
        """
        self._engine = engine
        self._store = store
        self._senders = {
            channel: Sender(engine, one, clock, random, meter, tracer) for channel, one in notifiers.items()
        }
        tracking = {channel: one for channel, one in notifiers.items() if isinstance(one, TrackingNotifier)}
        self._tracker = Tracker(engine, store, tracking, clock) if tracking else None
        self._clock = clock
        self._meter = meter
        self._max_in_flight = max_in_flight
        self._lease = timedelta(seconds=lease_s)
        self._messages_per_iteration = messages_per_iteration
        self._fanouts_per_iteration = fanouts_per_iteration
        self._longest_pause = timedelta(seconds=longest_pause_s)
        self._in_flight: dict[asyncio.Task[None], Contact | Notice] = {}
        #: When the leases of the deliveries in progress are renewed next.
        self._renew_at = clock.now()
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._running = False
        self._stopping = False
        self._alarm: Cancellable | None = None
        self._alarm_at: datetime | None = None
        self._last_iteration_at = clock.now()
        #: Set after the next iteration that begins from now on and ends without an error.
        self._waiting_for_iteration: list[asyncio.Event] = []
        #: Fanouts whose `Advance` failed, with the time of the next try.
        self._set_aside: dict[str, tuple[datetime, Fanout]] = {}

    async def run(self) -> None:
        """Work until `stop` is called. No error of the store or the notifier ends the loop."""
        self._running = True
        tracking = asyncio.get_running_loop().create_task(self._tracker.run()) if self._tracker is not None else None
        while not self._stopping:
            self._wake.clear()
            if self._tracker is not None:
                self._tracker.wake()
            waiting, self._waiting_for_iteration = self._waiting_for_iteration, []
            try:
                pause_until = await self._iterate()
                self._last_iteration_at = self._clock.now()
                if self._meter is not None:
                    self._meter.iteration_ended(self._last_iteration_at)
                for ended in waiting:
                    ended.set()
                waiting = []
            except StoreUnavailable as exc:
                log.warning("worker.paused %s", exc.reason)
                pause_until = self._clock.now() + _PAUSE_AFTER_ERROR
            except Exception:
                log.exception("worker.fault")
                pause_until = self._clock.now() + _PAUSE_AFTER_ERROR
            # After an error they wait for the next iteration.
            self._waiting_for_iteration += waiting
            if pause_until is not None and pause_until <= self._clock.now():
                # Let requests and deliveries run.
                await asyncio.sleep(0)
                continue
            await self._pause_until(pause_until)
        if self._alarm is not None:
            self._alarm.cancel()
        if tracking is not None:
            tracking.cancel()
        self._running = False
        self._idle.set()

    @property
    def stuck(self) -> bool:
        """True if the loop has not finished an iteration in the time allowed."""
        return self._last_iteration_at + self._longest_pause + _STUCK < self._clock.now()

    def wake(self) -> None:
        """Make the loop look for work now. May be called before `run`, and outside any event loop."""
        self._wake.set()

    async def whole_iteration(self) -> None:
        """Wake the loop, and return once an iteration that began after this call has ended without an error."""
        ended = asyncio.Event()
        self._waiting_for_iteration.append(ended)
        self._wake.set()
        try:
            await ended.wait()
        finally:
            if not ended.is_set() and ended in self._waiting_for_iteration:
                self._waiting_for_iteration.remove(ended)

    async def stop(self, grace_s: float) -> None:
        """Take no new work and wait for the deliveries in progress; after `grace_s` seconds, cancel them."""
        self._stopping = True
        self._wake.set()
        await self._wait_until_idle(grace_s)
        for task in self._in_flight:
            task.cancel()
        # A notifier that ignores the cancellation must not keep the process from ending.
        await self._wait_until_idle(1.0)

    async def _wait_until_idle(self, seconds: float) -> None:
        until = self._clock.now() + timedelta(seconds=seconds)
        timer = self._clock.call_at(until, self._idle.set)
        # Wait for the loop as well: its last iteration may still start deliveries.
        while (self._running or self._in_flight) and self._clock.now() < until:
            self._idle.clear()
            await self._idle.wait()
        timer.cancel()

    async def _pause_until(self, until: datetime | None) -> None:
        """Sleep until `wake` is called or `until` has come, but never longer than the longest pause.

        The limit applies even if nothing is due: somebody may change the clock, a wake-up may be lost, and a loop
        that does not finish an iteration counts as stuck. An alarm that is already set for an earlier
        time stays, because most pauses end by `wake` before any alarm.
        """
        longest = self._clock.now() + self._longest_pause
        until = longest if until is None else min(until, longest)
        if self._alarm_at is None or self._alarm_at > until:
            self._set_alarm(until)
        await self._wake.wait()

    def _set_alarm(self, at: datetime) -> None:
        """Wake the loop at that time, instead of at the time set before."""
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm, self._alarm_at = self._clock.call_at(at, self._ring), at

    def _ring(self) -> None:
        self._alarm_at = None
        self._wake.set()

    async def _iterate(self) -> datetime | None:
        """Do one iteration.

        Returns the time of the next one: now if work is left, None if the loop should wait for a wake-up.
        """
        now = self._clock.now()
        waits: list[datetime] = []
        if self._in_flight:
            await self._renew(now)
        await self._take_over(now)
        due = await self._store.due_fanouts(now, now + self._lease, self._fanouts_per_iteration)
        due += [fanout for at, fanout in self._set_aside.values() if at <= now][: self._fanouts_per_iteration]
        await self._advance_all(due, now)
        # Messages that are taken over come on top of the limit.
        free = max(0, self._max_in_flight - len(self._in_flight))
        # Called even with no free slot, see `Store.lease`.
        limit = min(free, self._messages_per_iteration)
        # The steps above may have taken time: a lease counts from when it is taken.
        now = self._clock.now()
        if self._stopping:
            return None
        leased = await self._store.lease(now, now + self._lease, limit, self._engine.admit)
        for delivery in leased.deliveries:
            self._start(
                self._senders[delivery.message.channel].send(delivery, now + self._lease), delivery.entry, now
            )
        if self._in_flight:
            waits.append(self._renew_at)
        if leased.next_at is not None:
            waits.append(leased.next_at)
        if due or leased.more or (len(leased.deliveries) == limit and free > limit):
            return now
        next_due = await self._store.next_due()
        if next_due is not None:
            waits.append(next_due)
        waits += [at for at, _ in self._set_aside.values()]
        return min(waits, default=None)

    def _start(self, work: Coroutine[Any, Any, None], entry: Contact | Notice, now: datetime) -> None:
        """Start work on a message that was leased at `now`."""
        if not self._in_flight:
            self._renew_at = now + self._lease / _RENEWALS_PER_LEASE
        task = asyncio.get_running_loop().create_task(work)
        self._in_flight[task] = entry
        task.add_done_callback(self._finished)

    async def _renew(self, now: datetime) -> None:
        """Renew the leases of the deliveries in progress."""
        if self._renew_at <= now:
            await self._store.renew(list(self._in_flight.values()), now + self._lease)
            self._renew_at = now + self._lease / _RENEWALS_PER_LEASE

    async def _take_over(self, now: datetime) -> None:
        """Record that messages which a dead worker left in `sending` may have been sent."""
        for entry in await self._store.take_over(now, now + self._lease, _TAKEN_OVER_PER_ITERATION):
            log.warning("message.taken_over caregiver=%s shift=%s", entry.caregiver_id, entry.shift_id)
            sender = self._senders[channel_of(entry)]
            if sender.looks_up:
                # That takes a while. Its lease is renewed until then.
                self._start(sender.settle_abandoned(entry), entry, now)
            else:
                await sender.settle_abandoned(entry)

    def _finished(self, task: asyncio.Task[None]) -> None:
        if len(self._in_flight) >= self._max_in_flight:
            self._wake.set()
        entry = self._in_flight.pop(task, None)
        if self._tracker is not None and entry is not None and channel_of(entry) is Channel.VOICE:
            # It may ring for a shift that was filled while it was handed over.
            self._tracker.wake()
        if not self._in_flight:
            self._idle.set()

    async def _advance_all(self, due: list[Fanout], now: datetime) -> None:
        """Advance the fanouts. All at the same time, because some stores write such steps in one transaction."""
        for fanout in due:
            self._set_aside.pop(fanout.shift_id, None)
        failures = await asyncio.gather(*(self._advance(fanout, now) for fanout in due), return_exceptions=True)
        for failure in failures:
            if failure is not None:
                raise failure

    async def _advance(self, fanout: Fanout, now: datetime) -> None:
        try:
            first_offer_at = None
            if fanout.claimable and fanout.planned_up_to is None and fanout.answers_due_at <= now:
                report = await self._store.report(fanout.shift_id, full=False)
                first_offer_at = report.first_offer_at if report is not None else None
            command = Advance(
                shift_id=fanout.shift_id, generation=fanout.generation, first_offer_at=first_offer_at, now=now
            )
            await self._engine.handle(command)
        except StoreUnavailable:
            # The lease of the fanout ends, and it is due again.
            raise
        except Exception:
            # Try this fanout again later; it must not delay the others.
            log.exception("fanout.fault shift=%s", fanout.shift_id)
            self._set_aside[fanout.shift_id] = (now + _PAUSE_AFTER_ERROR, fanout)
