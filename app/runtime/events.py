"""Sends the facts that are events to their receiver: in order for each shift, each until it is taken.

Apart from the worker of messages, so that a receiver that is slow or down never holds up a message to a caregiver.
"""

import asyncio
import logging
import random
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from app.clock import time_limit
from app.errors import EventNotTaken, StoreUnavailable
from app.ports.clock import Clock
from app.ports.events import EventReceiver
from app.ports.store import LeasedEvent, Store

log = logging.getLogger("shift_fanout.events")

#: Events under way at once, each of another shift.
_MAX_IN_FLIGHT = 8
#: An event that was tried is given up this long after its fact. Source: README, events.
_GIVE_UP_AFTER = timedelta(days=3)
#: The longest wait before the second try of an event; it doubles with each further one, up to the longest wait.
_FIRST_RETRY_S = 0.5
_LONGEST_RETRY_S = 600.0
#: A receiver may ask for a longer wait than that, but for no longer one than this.
_LONGEST_RETRY_AFTER_S = 3600.0
#: How much longer than one try a lease is, so that its result can be recorded.
_LEASE_MARGIN = timedelta(seconds=20)
_PAUSE_AFTER_ERROR = timedelta(seconds=1)


class EventSender:
    """One loop that takes events from the store and starts to send them. Call `run` once per event loop."""

    def __init__(
        self,
        store: Store,
        receiver: EventReceiver,
        clock: Clock,
        *,
        longest_pause_s: float = 30.0,
        random: Callable[[], float] = random.random,
    ) -> None:
        """`longest_pause_s`: the loop looks at the store at least this often; other processes may write events."""
        self._store = store
        self._receiver = receiver
        self._clock = clock
        self._longest_pause = timedelta(seconds=longest_pause_s)
        self._random = random
        self._lease = timedelta(seconds=receiver.timeout_s) + _LEASE_MARGIN
        self._in_flight: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._stopping = False
        #: Whether the last try failed. Each change is logged once.
        self._failing = False

    def wake(self) -> None:
        """Make the loop look for events now."""
        self._wake.set()

    async def run(self) -> None:
        """Send until `stop` is called. No error of the store or the receiver ends the loop."""
        while not self._stopping:
            self._wake.clear()
            try:
                await self._start_due()
                due_at = await self._store.next_event_due() if len(self._in_flight) < _MAX_IN_FLIGHT else None
            except StoreUnavailable:
                due_at = self._clock.now() + _PAUSE_AFTER_ERROR
            except Exception:
                log.exception("events.fault")
                due_at = self._clock.now() + _PAUSE_AFTER_ERROR
            latest = self._clock.now() + self._longest_pause
            timer = self._clock.call_at(latest if due_at is None else min(due_at, latest), self._wake.set)
            await self._wake.wait()
            timer.cancel()

    async def stop(self, grace_s: float) -> None:
        """Take no new events, wait `grace_s` seconds for those under way, then close the receiver."""
        self._stopping = True
        self._wake.set()
        if self._in_flight:
            with suppress(TimeoutError):
                async with time_limit(self._clock, grace_s):
                    await asyncio.wait(self._in_flight)
        for task in self._in_flight:
            task.cancel()
        await self._receiver.aclose()

    async def _start_due(self) -> None:
        free = _MAX_IN_FLIGHT - len(self._in_flight)
        if not free or self._stopping:
            return
        now = self._clock.now()
        for event in await self._store.lease_events(now, now + self._lease, free):
            task = asyncio.get_running_loop().create_task(self._send(event))
            self._in_flight.add(task)
            task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._in_flight.discard(task)
        self._wake.set()

    async def _send(self, event: LeasedEvent) -> None:
        """Try the event once and record the result. If it cannot be recorded, the event is sent again."""
        try:
            wait = await self._try(event)
            now = self._clock.now()
            await self._store.settle_event(event, now, None if wait is None else now + wait)
        except StoreUnavailable:
            pass
        except Exception:
            log.exception("events.fault event=%d", event.entry.id)

    async def _try(self, event: LeasedEvent) -> timedelta | None:
        """Send the event once. Returns how long to wait before the next try; None: it is taken, or given up."""
        entry = event.entry
        if event.attempts and self._clock.now() >= entry.fact.at + _GIVE_UP_AFTER:
            log.error("event.given_up event=%d type=%s tries=%d", entry.id, entry.fact.type, event.attempts)
            return None
        retry_after_s = None
        try:
            async with time_limit(self._clock, self._receiver.timeout_s):
                await self._receiver.post(entry)
        except TimeoutError:
            reason = f"no answer in {self._receiver.timeout_s:g} s"
        except EventNotTaken as exc:
            reason, retry_after_s = exc.reason, exc.retry_after_s
        else:
            if self._failing:
                log.info("events.back")
            self._failing = False
            return None
        if not self._failing:
            log.warning("events.failing event=%d %s; it is tried again for three days", entry.id, reason)
        self._failing = True
        return self._wait(event.attempts, retry_after_s)

    def _wait(self, attempts: int, retry_after_s: float | None) -> timedelta:
        """The wait after a further failed try, with jitter, so that not all retries come at once."""
        # Beyond a dozen doublings the limit has long been reached.
        doubled_s = min(_FIRST_RETRY_S * 2.0 ** min(attempts, 12), _LONGEST_RETRY_S)
        wait_s = doubled_s * (0.5 + self._random() / 2)
        return timedelta(seconds=max(wait_s, min(retry_after_s or 0.0, _LONGEST_RETRY_AFTER_S)))
