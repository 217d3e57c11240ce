"""Deletes the words of replies once they may no longer be kept."""

import asyncio
import logging
from datetime import timedelta

from app.clock import sleep_until
from app.errors import StoreUnavailable
from app.ports.clock import Clock
from app.ports.store import Store

log = logging.getLogger("shift_fanout.forgetting")

_EVERY = timedelta(minutes=10)
#: Deleted in one step, so that no step takes long.
_PER_STEP = 500


async def forget_texts(store: Store, clock: Clock, keep: timedelta) -> None:
    """Delete words that are older than `keep`, at once and then every ten minutes, until cancelled.

    Several processes may do this at the same time. No error of the store ends it.
    """
    while True:
        more = False
        try:
            more = await store.forget_texts(clock.now() - keep, _PER_STEP) == _PER_STEP
        except StoreUnavailable as exc:
            log.warning("forgetting.paused %s", exc.reason)
        except Exception:
            log.exception("forgetting.fault")
        if more:
            # Let other tasks run: the memory store never waits.
            await asyncio.sleep(0)
        else:
            await sleep_until(clock, clock.now() + _EVERY)
