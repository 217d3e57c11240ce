"""The running service: the engine, the store and the worker, started and stopped together."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextvars import Context
from datetime import timedelta
from typing import TypeVar

from app.clock import time_limit
from app.domain.commands import PutCaregiver, PutOrganization, PutShift
from app.domain.decisions import Refusal, RefusalCode
from app.domain.records import Caregiver, Organization, Shift
from app.domain.versions import ANY_VERSION
from app.errors import StoreUnavailable
from app.intake.data_file import DataFile
from app.ports.clock import Clock
from app.ports.meter import Meter
from app.ports.notifier import Notifier, close
from app.ports.store import Store
from app.runtime.engine import Engine
from app.runtime.events import EventSender
from app.runtime.figures import FiguresReader
from app.runtime.forgetting import forget_texts
from app.runtime.inbox_reader import InboxReader
from app.runtime.worker import Worker

RecordT = TypeVar("RecordT")

log = logging.getLogger("shift_fanout.service")

#: When the service stops, deliveries in progress get this many seconds to end.
GRACE_S = 10.0
#: Events in progress get this many: those that are not taken by then are sent again after the next start.
EVENT_GRACE_S = 2.0
#: Seconds within which the worker must do a whole iteration for `reason_not_working`.
ENGINE_LIMIT_S = 10.0
#: Records of the data file that are added concurrently.
_LOADED_AT_ONCE = 100


class Service:
    """The engine, store, notifiers and worker of one process.

    If the ASGI lifespan does not start it, the first request does, in its own event loop.
    """

    def __init__(
        self,
        *,
        engine: Engine,
        store: Store,
        notifiers: Collection[Notifier],
        clock: Clock,
        new_worker: Callable[[], Worker] | None,
        data: DataFile | None,
        new_inbox_reader: Callable[[], InboxReader] | None = None,
        new_event_sender: Callable[[], EventSender] | None = None,
        meter: Meter | None = None,
        keep_text: timedelta = timedelta(0),
    ) -> None:
        """`new_worker` None: this process answers requests, and other processes send.

        `new_inbox_reader` None: no provider is asked for texts that it has received. `new_event_sender` None: no
        events are sent, or other processes send them. `meter` None: nothing is counted.
        """
        self.engine = engine
        self.store = store
        self.clock = clock
        self.meter = meter
        self.figures = FiguresReader(store, clock)
        # One that serves both channels is closed once. It need not be hashable.
        self._notifiers = list({id(one): one for one in notifiers}.values())
        self._new_worker = new_worker
        self._data = data
        self._new_inbox_reader = new_inbox_reader
        self._inbox_reader: InboxReader | None = None
        self._inbox_task: asyncio.Task[None] | None = None
        self._new_event_sender = new_event_sender
        self._event_sender: EventSender | None = None
        self._event_task: asyncio.Task[None] | None = None
        #: How long words may be kept that nobody understood.
        self.keep_text = keep_text
        self._forgetting: asyncio.Task[None] | None = None
        #: The event loop in which the service runs; None: it does not run.
        self._loop: asyncio.AbstractEventLoop | None = None
        #: A start in progress, and its event loop.
        self._starting: tuple[asyncio.AbstractEventLoop, asyncio.Task[None]] | None = None
        self._worker: Worker | None = None
        self._worker_task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Load the data file once, and start a worker in this event loop. Raises StoreUnavailable."""
        loop = asyncio.get_running_loop()
        if self._loop is loop:
            return
        if self._starting is None or self._starting[0] is not loop:
            # In an empty context: what the service does from now on is not part of the request that starts it.
            self._starting = loop, loop.create_task(self._start(loop), context=Context())
        starting = self._starting[1]
        try:
            # Concurrent requests wait for the same start. The shield keeps it going if one of them is cancelled.
            await asyncio.shield(starting)
        finally:
            if starting.done():
                self._starting = None

    async def _start(self, loop: asyncio.AbstractEventLoop) -> None:
        await self.store.open()
        if self._data is not None:
            await self._load(self._data)
            self._data = None
        if self._new_inbox_reader is not None:
            self._inbox_reader = self._new_inbox_reader()
            await self._inbox_reader.catch_up()
            self._inbox_task = loop.create_task(self._inbox_reader.run())
        self._loop = loop
        if self._new_worker is None:
            return
        self._worker = self._new_worker()
        # Set before the worker runs: a write must not wake a worker of an earlier event loop.
        self.store.on_work(self._worker.wake)
        self._worker_task = loop.create_task(self._worker.run())
        self._forgetting = loop.create_task(forget_texts(self.store, self.clock, self.keep_text))
        if self._new_event_sender is not None:
            self._event_sender = self._new_event_sender()
            self.store.on_events(self._event_sender.wake)
            self._event_task = loop.create_task(self._event_sender.run())

    async def stop(self) -> None:
        """Stop the worker (deliveries in progress get `GRACE_S` seconds), then close the notifiers and the store."""
        worker, worker_task = self._worker, self._worker_task
        self._worker = self._worker_task = self._loop = None
        await self._stop_reading()
        await self._stop_forgetting()
        if worker is not None and worker_task is not None:
            await worker.stop(GRACE_S)
            await worker_task
        # After the worker, so that what its last messages led to is sent too.
        await self._stop_sending_events()
        for notifier in self._notifiers:
            await close(notifier)
        await self.store.aclose()

    async def _stop_sending_events(self) -> None:
        sender, task = self._event_sender, self._event_task
        self._event_sender = self._event_task = None
        if sender is not None and task is not None:
            await sender.stop(EVENT_GRACE_S)
            await task

    async def _stop_forgetting(self) -> None:
        task, self._forgetting = self._forgetting, None
        if task is not None and task.get_loop() is asyncio.get_running_loop():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _stop_reading(self) -> None:
        reader, task = self._inbox_reader, self._inbox_task
        self._inbox_reader = self._inbox_task = None
        if task is not None and task.get_loop() is asyncio.get_running_loop():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        if reader is not None:
            await reader.aclose()

    async def reason_not_ready(self) -> str | None:
        """Why this process is not ready; None: it is ready."""
        try:
            await self.store.check()
            channels = await self.store.channels()
        except StoreUnavailable as exc:
            return exc.reason
        if self._worker is None:
            return None
        if self._worker.stuck:
            return "the worker is stuck"
        faults = [f"{one.channel}: {one.fault}" for one in channels if one.fault is not None]
        return f"the provider refuses everything ({', '.join(faults)})" if faults else None

    async def reason_not_working(self) -> str | None:
        """Why the worker of this process does no work; None: an iteration of its loop has begun and ended meanwhile.

        Takes at most `ENGINE_LIMIT_S` seconds by the service's clock.
        """
        if self._worker is None:
            return "this process sends nothing (FANOUT_ROLE): ask one that does"
        try:
            async with time_limit(self.clock, ENGINE_LIMIT_S):
                await self._worker.whole_iteration()
        except TimeoutError:
            return f"the worker did not finish an iteration within {ENGINE_LIMIT_S:g} s"
        return None

    async def lag_s(self) -> float:
        """For how many seconds the oldest step of a fanout has waited that is due. Raises StoreUnavailable."""
        now = self.clock.now()
        due_since = (await self.store.figures(now)).due_since
        return 0.0 if due_since is None else (now - due_since).total_seconds()

    async def _load(self, data: DataFile) -> None:
        """Add the records of the file that do not exist yet. Existing records are not changed.

        A record is left out if it can be added no longer, for example because its number has been given to somebody
        else since: no change by the API may keep the service from starting.
        """
        now = self.clock.now()
        # Another process may add the same record, or a request another one.
        new = (ANY_VERSION,)

        def is_added(kind: str, id_: str, result: bool | Refusal) -> bool:
            if isinstance(result, Refusal) and result.code is not RefusalCode.ALREADY_EXISTS:
                log.warning("data.left_out path=%s %s=%s reason=%s", data.path, kind, id_, result.detail)
            return result is True

        async def add_organization(organization: Organization) -> bool:
            if await self.store.organization(organization.id) is not None:
                return False
            command = PutOrganization(organization=organization, now=now, if_none_match=new)
            return is_added("organization", organization.id, await self.engine.handle(command))

        async def add_caregiver(caregiver: Caregiver) -> bool:
            if await self.store.caregiver(caregiver.id) is not None:
                return False
            command = PutCaregiver(caregiver=caregiver, now=now, if_none_match=new)
            return is_added("caregiver", caregiver.id, await self.engine.handle(command))

        async def add_shift(shift: Shift) -> bool:
            if await self.store.shift(shift.id) is not None:
                return False
            command = PutShift(shift=shift, now=now, if_none_match=new)
            return is_added("shift", shift.id, await self.engine.handle(command))

        organizations = await _count_added(add_organization, data.organizations)
        caregivers = await _count_added(add_caregiver, data.caregivers)
        shifts = await _count_added(add_shift, data.shifts)
        if data.unknown_fields:
            log.warning("data.unknown_fields path=%s ignored: %s", data.path, ", ".join(data.unknown_fields))
        log.info(
            "data.loaded path=%s added: organizations=%d caregivers=%d shifts=%d",
            data.path,
            organizations,
            caregivers,
            shifts,
        )


async def _count_added(add: Callable[[RecordT], Awaitable[bool]], records: Sequence[RecordT]) -> int:
    """How many of the records were added. Concurrently: the PostgreSQL store puts concurrent commands together."""
    added = 0
    for first in range(0, len(records), _LOADED_AT_ONCE):
        added += sum(await asyncio.gather(*map(add, records[first : first + _LOADED_AT_ONCE])))
    return added
