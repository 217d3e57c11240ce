"""Reads the texts that a provider has received for us, so that none is lost whose webhook did not come.

A text has the message id of its webhook, so one that was handled already is not handled again.
"""

import logging
from datetime import datetime, timedelta

from app.clock import sleep_until, time_limit
from app.domain.records import Channel
from app.errors import NotifierFailure, StoreUnavailable
from app.ports.clock import Clock
from app.ports.inbox import Inbox, ReceivedText
from app.runtime.engine import Engine

log = logging.getLogger("shift_fanout.inbox")

#: What came in while the service was down is read if it was at most this long ago.
LOOK_BACK = timedelta(hours=24)
#: How long a start waits for the first reading, in seconds.
_FIRST_READING_S = 5.0
#: A provider may list a text this long after it received it, and its clock may differ from ours.
_OVERLAP = timedelta(minutes=2)
#: After a failed reading, the next one is this much later; twice as much after each further failure in a row.
_FIRST_RETRY = timedelta(seconds=1)


class InboxReader:
    """Reads one inbox: at the start, and then again and again."""

    def __init__(self, engine: Engine, inbox: Inbox, clock: Clock, *, every_s: float, look_back: timedelta) -> None:
        """`every_s`: seconds between two readings. `look_back`: how far back the first reading goes.

        `look_back` must not be longer than stored answers are kept: older texts would be handled again.
        """
        self._engine = engine
        self._inbox = inbox
        self._clock = clock
        self._every = timedelta(seconds=every_s)
        self._since = clock.now() - look_back
        #: When to read next.
        self._next_at = clock.now()
        #: How long to wait after the next failure.
        self._retry_after = _FIRST_RETRY
        #: The ids of the texts that this process has handled, and when; only those that may be listed again.
        self._handled: dict[str, datetime] = {}

    async def catch_up(self) -> None:
        """Read what came in while the service was down. Takes at most `_FIRST_READING_S`; never raises.

        At the start, before there are new offers that an old text could be taken for an answer to.
        """
        try:
            async with time_limit(self._clock, _FIRST_READING_S):
                await self._read()
        except TimeoutError:
            log.warning("inbox.slow: texts that came in while the service was down are read later")
            self._read_again_soon()

    async def run(self) -> None:
        """Read again and again, until the task is cancelled."""
        while True:
            await sleep_until(self._clock, self._next_at)
            await self._read()

    async def aclose(self) -> None:
        """Close the inbox."""
        await self._inbox.aclose()

    async def _read(self) -> None:
        """Handle the texts that are new. After a failure they are read again."""
        began_at = self._clock.now()
        try:
            for text in await self._inbox.received_since(self._since):
                await self._handle(text)
        except (NotifierFailure, StoreUnavailable) as exc:
            log.warning("inbox.not_read reason=%s", exc.reason)
            self._read_again_soon()
            return
        except Exception:
            log.exception("inbox.fault")
            self._read_again_soon()
            return
        self._next_at = self._clock.now() + self._every
        self._retry_after = _FIRST_RETRY
        self._since = max(self._since, began_at - _OVERLAP)
        self._handled = {id_: at for id_, at in self._handled.items() if at >= self._since}

    def _read_again_soon(self) -> None:
        """After a failure: a text that waits may be an answer, so its shift should not wait for the next reading."""
        wait = min(self._retry_after, self._every)
        self._next_at = self._clock.now() + wait
        self._retry_after = 2 * wait

    async def _handle(self, text: ReceivedText) -> None:
        if text.message_id in self._handled:
            return
        try:
            await self._engine.handle_reply(
                text.phone, text.body, Channel.SMS, text.message_id, None, sent_at=text.at
            )
        except StoreUnavailable:
            raise
        except Exception:
            # As after a webhook that ends in a fault, the text is lost. It must not keep the others from being read.
            log.exception("inbox.text_not_handled message=%s", text.message_id)
        self._handled[text.message_id] = text.at or self._clock.now()
