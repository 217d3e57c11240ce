"""The running service: an engine, a store, and the worker that starts and stops with them."""

import asyncio
import logging
from collections.abc import Callable

from app.domain.commands import PutCaregiver, PutShift
from app.domain.decisions import Refusal
from app.domain.records import Caregiver, Shift
from app.errors import StartRefused, StoreUnavailable
from app.intake.data_file import DataFile
from app.ports.clock import Clock
from app.ports.notifier import Notifier
from app.ports.store import Store
from app.runtime.engine import Engine
from app.runtime.worker import Worker

log = logging.getLogger("shift_fanout.service")

#: Seconds that messages under way get to end when the process is told to stop.
GRACE_S = 10.0
#: Records of the data file that are added side by side.
_LOADED_AT_ONCE = 100


class Service:
    """Starts on the first need, in whatever event loop that is, so that it works without a lifespan too."""

    def __init__(
        self,
        *,
        engine: Engine,
        store: Store,
        notifier: Notifier,
        clock: Clock,
        new_worker: Callable[[], Worker] | None,
        data: DataFile | None,
    ) -> None:
        """`new_worker` None: this process answers and leaves the sending to others."""
        self.engine = engine
        self.store = store
        self.clock = clock
        self._notifier = notifier
        self._new_worker = new_worker
        self._data = data
        #: The event loop it has started in; None: it has not, or has stopped.
        self._loop: asyncio.AbstractEventLoop | None = None
        #: The start that is under way, and in which event loop.
        self._starting: tuple[asyncio.AbstractEventLoop, asyncio.Task[StartRefused | None]] | None = None
        self._worker: Worker | None = None
        self._run: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Load the data file once, and have a worker in this event loop. Raises StartRefused, StoreUnavailable."""
        loop = asyncio.get_running_loop()
        if self._loop is loop:
            return
        if self._starting is None or self._starting[0] is not loop:
            self._starting = loop, loop.create_task(self._start(loop))
        starting = self._starting[1]
        try:
            # Requests that come meanwhile wait for the same start, and one that goes away does not end it.
            refused = await asyncio.shield(starting)
        finally:
            if starting.done():
                self._starting = None
        if refused is not None:
            raise refused

    async def _start(self, loop: asyncio.AbstractEventLoop) -> StartRefused | None:
        """Returns the refusal: as an exit of the process it may leave the caller's task only."""
        await self.store.open()
        if self._data is not None:
            refused = await self._load(self._data)
            if refused is not None:
                return refused
            self._data = None
        self._loop = loop
        if self._new_worker is None:
            return None
        self._worker = self._new_worker()
        # Before it runs: a write must never wake the worker of an event loop that is gone.
        self.store.on_work(self._worker.wake)
        self._run = loop.create_task(self._worker.run())
        return None

    async def stop(self) -> None:
        """Take no new work, let messages under way end within `GRACE_S`, release what the notifier holds."""
        worker, run, self._worker, self._run, self._loop = self._worker, self._run, None, None, None
        if worker is not None and run is not None:
            await worker.stop(GRACE_S)
            await run
        await self._notifier.aclose()
        await self.store.aclose()

    async def ready(self) -> str | None:
        """Why this process should get no work; None: it should."""
        try:
            await self.store.check()
        except StoreUnavailable as exc:
            return exc.reason
        if self._worker is not None and self._worker.stuck:
            return "the worker is stuck"
        return None

    async def _load(self, data: DataFile) -> StartRefused | None:
        """Add the records of the file that are not there yet; overwrite none."""
        now = self.clock.now()

        async def add_caregiver(caregiver: Caregiver) -> str | None:
            if await self.store.caregiver(caregiver.id) is None:
                result = await self.engine.handle(PutCaregiver(caregiver=caregiver, now=now))
                if isinstance(result, Refusal):
                    return f"FANOUT_DATA={str(data.path)!r}: caregiver {caregiver.id!r}: {result.detail}"
            return None

        async def add_shift(shift: Shift) -> None:
            if await self.store.shift(shift.id) is None:
                await self.engine.handle(PutShift(shift=shift))

        # Some at a time: a database takes them together.
        for first in range(0, len(data.caregivers), _LOADED_AT_ONCE):
            refused = await asyncio.gather(*map(add_caregiver, data.caregivers[first : first + _LOADED_AT_ONCE]))
            for reason in filter(None, refused):
                return StartRefused(reason)
        for first in range(0, len(data.shifts), _LOADED_AT_ONCE):
            await asyncio.gather(*map(add_shift, data.shifts[first : first + _LOADED_AT_ONCE]))
        log.info("data.loaded path=%s caregivers=%d shifts=%d", data.path, len(data.caregivers), len(data.shifts))
        return None
