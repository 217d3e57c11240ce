"""Asks a reader of replies in such a way that its faults harm no reply. Knows nothing of what a reading means."""

import asyncio
import logging
from datetime import datetime, timedelta

from app.clock import time_limit
from app.domain.reading import Reading
from app.errors import ReaderFailure
from app.ports.clock import Clock
from app.ports.reader import ReplyReader

log = logging.getLogger("shift_fanout.reader")

#: Seconds that a reader may take for one reply.
WITHIN_S = 3.0
#: After this many failures in a row the reader is not asked for a while. Then one reply finds out whether it works.
_FAILURES_IN_A_ROW = 3
_PAUSE = timedelta(seconds=30)
#: The largest number of replies that are being read at once.
MOST_AT_ONCE = 32


class GuardedReader:
    """Asks a reader, once for each reply, within a time limit, and not at all for a while after repeated failures."""

    def __init__(self, reader: ReplyReader, clock: Clock) -> None:
        self._reader = reader
        self._clock = clock
        self._in_progress = 0
        #: Failures since the reader last answered.
        self._failures = 0
        #: Until when it is not asked; None: it is asked.
        self._paused_until: datetime | None = None

    async def read(self, text: str, channel: str) -> Reading | None:
        """Return the reading; None if the reader failed, took too long or was not asked. Never raises."""
        if self._in_progress >= MOST_AT_ONCE or not self._may_ask():
            return None
        self._in_progress += 1
        try:
            async with time_limit(self._clock, WITHIN_S):
                reading = await self._reader.read(text, channel)
            if not isinstance(reading, Reading):
                raise ReaderFailure(f"it returned {type(reading).__name__} and not a Reading")
        except ReaderFailure as exc:
            self._failed(exc.reason)
        except asyncio.CancelledError:
            # Either this request is cancelled, or a task that the reader itself started and waits for.
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            self._failed("CancelledError")
        except Exception as exc:  # noqa: BLE001  # whatever it is, the reply is read without it
            # The text of the error may contain words of the reply.
            self._failed(type(exc).__name__)
        else:
            self._answered()
            return reading
        finally:
            self._in_progress -= 1
        return None

    def _may_ask(self) -> bool:
        if self._paused_until is None:
            return True
        if self._clock.now() < self._paused_until:
            return False
        # This reply finds out whether the reader works again. Others go on without it meanwhile.
        self._paused_until = self._clock.now() + _PAUSE
        return True

    def _answered(self) -> None:
        if self._paused_until is not None:
            log.info("reader.resumed")
        self._failures, self._paused_until = 0, None

    def _failed(self, reason: str) -> None:
        self._failures += 1
        log.warning("reader.failed the rules' reading stands: %s", reason)
        if self._failures >= _FAILURES_IN_A_ROW:
            self._paused_until = self._clock.now() + _PAUSE
        if self._failures == _FAILURES_IN_A_ROW:
            log.warning("reader.paused asked once every %d s until it works again", _PAUSE.seconds)
