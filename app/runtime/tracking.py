"""Asks the provider about messages that no receipt has settled, and ends calls that ring in vain.

All of it happens beside the worker's loop: no message waits for it. The store decides what is due, so several
processes may do this at the same time, and one that dies leaves nothing undone.
"""

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from app.clock import sleep_until
from app.domain.commands import EndCall, RecordDelivery
from app.domain.messages import Contact, Notice, channel_of
from app.domain.receipts import ReceiptState, readable_receipt
from app.domain.records import Channel
from app.errors import NotifierFailure, StoreUnavailable
from app.ports.clock import Clock
from app.ports.notifier import TrackingNotifier
from app.ports.store import Store
from app.runtime.engine import Engine

log = logging.getLogger("shift_fanout.tracking")

#: Messages that the provider is asked about in one look.
_ASKED_PER_LOOK = 5
#: The shortest time between two looks.
_PAUSE = timedelta(seconds=1)
#: A call rings no longer than this after it was handed over: the provider may queue it first.
_RINGS_FOR = timedelta(minutes=2)


class Tracker:
    """Follows what happens to messages after they were handed over."""

    def __init__(
        self, engine: Engine, store: Store, notifiers: Mapping[Channel, TrackingNotifier], clock: Clock
    ) -> None:
        """`notifiers`: of the channels whose provider can be asked."""
        self._engine = engine
        self._store = store
        self._notifiers = notifiers
        self._clock = clock
        self._signal = asyncio.Event()
        #: The provider's ids of calls that this process has ended, and when.
        self._ended: dict[str, datetime] = {}

    def wake(self) -> None:
        """Look soon: something may have changed."""
        self._signal.set()

    async def run(self) -> None:
        """Look after each `wake`, until cancelled. No error of the store or the provider ends this."""
        while True:
            self._signal.clear()
            again = False
            try:
                again = await self._look()
            except StoreUnavailable as exc:
                log.warning("tracking.paused %s", exc.reason)
            except Exception:
                log.exception("tracking.fault")
            await sleep_until(self._clock, self._clock.now() + _PAUSE)
            if not again:
                await self._signal.wait()

    async def _look(self) -> bool:
        """End calls and ask for receipts. Returns whether to look again soon without a `wake`."""
        calls_ring = await self._end_calls()
        entries = await self._store.to_ask(self._clock.now(), _ASKED_PER_LOOK)
        for entry in entries:
            await self._ask(entry)
        return calls_ring or len(entries) == _ASKED_PER_LOOK

    async def _end_calls(self) -> bool:
        """End the calls that ring in vain. Returns whether any call may be ringing."""
        notifier = self._notifiers.get(Channel.VOICE)
        if notifier is None:
            return False
        now = self._clock.now()
        self._ended = {id_: at for id_, at in self._ended.items() if at > now - _RINGS_FOR}
        ringing = await self._store.ringing_calls(now - _RINGS_FOR)
        for call, over in ringing:
            if over and call.provider_id is not None and call.provider_id not in self._ended:
                ending = EndCall(message_id=call.message_id or "", provider_id=call.provider_id, now=now)
                if not await self._engine.handle(ending):
                    continue
                self._ended[call.provider_id] = now
                try:
                    await notifier.cancel(call.provider_id)
                except NotifierFailure as exc:
                    # The next look tries again for as long as the call may ring.
                    del self._ended[call.provider_id]
                    log.warning("call.not_ended caregiver=%s: %s", call.caregiver_id, exc.reason)
        return bool(ringing)

    async def _ask(self, entry: Contact | Notice) -> None:
        notifier = self._notifiers.get(channel_of(entry))
        if notifier is None or entry.provider_id is None:
            return
        try:
            receipt = await notifier.receipt(entry.provider_id, channel_of(entry))
        except NotifierFailure as exc:
            log.warning("message.no_receipt caregiver=%s: %s", entry.caregiver_id, exc.reason)
            return
        if receipt is not None:
            message_id = entry.id if isinstance(entry, Notice) else entry.message_id or ""
            await self._engine.handle(
                RecordDelivery(
                    message_id=message_id,
                    provider_id=entry.provider_id,
                    receipt=readable_receipt(receipt),
                    now=self._clock.now(),
                )
            )
            if receipt.state is ReceiptState.NO_ANSWER:
                # The provider would have reported the end of the call.
                await self._engine.handle_call_end(entry.phone, entry.provider_id, entry.shift_id)
