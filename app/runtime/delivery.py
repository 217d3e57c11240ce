"""One delivery: hand a message to the notifier within its time limit, and record how the hand-over ended.

The worker's loop decides when a message is sent. This module knows nothing about it.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.clock import sleep_until
from app.domain.commands import RecordSending, Sending
from app.domain.decisions import Delivery
from app.domain.messages import Contact, Notice
from app.errors import (
    Misconfigured,
    PermanentFailure,
    StoreUnavailable,
    TemporaryFailure,
    Throttled,
    Uncertain,
)
from app.ports.clock import Clock
from app.ports.notifier import Notifier
from app.runtime.engine import Engine

log = logging.getLogger("shift_fanout.worker")

#: Seconds between two tries to record a result while the store is unavailable.
_RECORD_AGAIN_S = 1.0


@dataclass(frozen=True, slots=True)
class SendResult:
    """What is known after one `send` of the notifier."""

    sending: Sending
    error: str | None = None
    retry_after_s: float | None = None


class Sender:
    """Hands messages to one notifier and records the results through the engine."""

    def __init__(self, engine: Engine, notifier: Notifier, clock: Clock, random: Callable[[], float]) -> None:
        """`random`: a number from 0 to 1, drawn for each result; it spreads retries."""
        self._engine = engine
        self._notifier = notifier
        self._clock = clock
        self._random = random

    async def send(self, delivery: Delivery, leased_until: datetime) -> None:
        """Hand the message over and record the result. Never raises, whatever the notifier does.

        Not if the lease has ended before it could begin: the process stood still, and others may have taken over.
        """
        try:
            if self._clock.now() >= leased_until:
                result = SendResult(Sending.RETURNED, "its lease ended before the hand-over")
            else:
                result = await self._call(delivery)
        except Exception as exc:
            # This also catches a notifier without `timeout_s` or `honours_keys`.
            log.exception("notifier.fault")
            result = SendResult(Sending.UNKNOWN, type(exc).__name__)
        if result.sending is not Sending.SENT:
            log.warning(
                "message.not_confirmed result=%s channel=%s kind=%s caregiver=%s try=%d: %s",
                result.sending,
                delivery.message.channel,
                delivery.message.kind,
                delivery.message.caregiver_id,
                delivery.entry.attempts,
                result.error,
            )
        while True:
            try:
                await self._record(delivery.entry, result)
                return
            except StoreUnavailable:
                # Only this task knows that the message went out, so it keeps the result until the store takes it.
                await sleep_until(self._clock, self._clock.now() + timedelta(seconds=_RECORD_AGAIN_S))
            except Exception:
                # When the lease of the message ends, `settle_abandoned` records it.
                log.exception("message.result_not_recorded")
                return

    async def settle_abandoned(self, entry: Contact | Notice) -> None:
        """Record that it is not known whether this message went out: its worker died while sending."""
        await self._record(entry, SendResult(self._result_if_unanswered, "its worker ended while sending"))

    @property
    def _result_if_unanswered(self) -> Sending:
        return Sending.UNANSWERED if self._notifier.honours_keys else Sending.UNKNOWN

    async def _record(self, entry: Contact | Notice, result: SendResult) -> None:
        await self._engine.handle(
            RecordSending(
                entry=entry,
                sending=result.sending,
                error=result.error,
                retry_after_s=result.retry_after_s,
                jitter=self._random(),
                now=self._clock.now(),
            )
        )

    async def _call(self, delivery: Delivery) -> SendResult:
        """Call the notifier; whatever it raises becomes a result."""
        unanswered = self._result_if_unanswered
        limit_s = self._notifier.timeout_s
        call = asyncio.current_task()
        timed_out = False

        def give_up() -> None:
            nonlocal timed_out
            timed_out = True
            if call is not None:
                call.cancel()

        timer = self._clock.call_at(self._clock.now() + timedelta(seconds=limit_s), give_up)
        try:
            await self._notifier.send(delivery.message)
        except Throttled as exc:
            return SendResult(Sending.THROTTLED, exc.reason, exc.retry_after_s)
        except Misconfigured as exc:
            return SendResult(Sending.MISCONFIGURED, exc.reason)
        except Uncertain as exc:
            return SendResult(unanswered, exc.reason, exc.retry_after_s)
        except TemporaryFailure as exc:
            return SendResult(Sending.TEMPORARY, exc.reason, exc.retry_after_s)
        except PermanentFailure as exc:
            return SendResult(Sending.PERMANENT, exc.reason)
        except asyncio.CancelledError:
            if timed_out:
                if call is not None:
                    call.uncancel()
                return SendResult(unanswered, f"no answer in {limit_s:g} s")
            return SendResult(unanswered, "stopped while sending")
        except BaseException as exc:  # noqa: BLE001  # see the comment below
            # SystemExit too: a notifier must not be able to end the service.
            return SendResult(unanswered, type(exc).__name__)
        finally:
            timer.cancel()
        return SendResult(Sending.SENT)
