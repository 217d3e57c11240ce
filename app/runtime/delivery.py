"""One delivery: hand a message to the notifier within its time limit, and record how the hand-over ended.

The worker's loop decides when a message is sent. This module knows nothing about it.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.clock import sleep_until
from app.domain.commands import HandoverResult, RecordSending
from app.domain.decisions import Delivery, message_of
from app.domain.messages import Contact, Notice
from app.domain.receipts import (
    Consequence,
    Receipt,
    ReceiptState,
    is_provider_id,
    readable_error,
    readable_receipt,
)
from app.errors import (
    Misconfigured,
    NotifierFailure,
    NumberOptedOut,
    PermanentFailure,
    StoreUnavailable,
    TemporaryFailure,
    Throttled,
    Uncertain,
    UnreachableByText,
)
from app.ports.clock import Clock
from app.ports.meter import Meter
from app.ports.notifier import Accepted, Notifier, TrackingNotifier, drops_repeats, time_limit_s
from app.ports.tracer import Tracer
from app.runtime.engine import Engine

log = logging.getLogger("shift_fanout.worker")

#: Seconds between two tries to record a result while the store is unavailable.
_RECORD_AGAIN_S = 1.0
#: A provider lists what it has accepted after this time at the latest.
_LISTED_AFTER = timedelta(seconds=30)
#: How many times, this long apart, it is asked whether it has a message of which nothing is known.
_LOOK_UPS = 3
#: How far the clock of a provider may differ from ours.
_CLOCK_SKEW = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Handover:
    """What is known after one `send` of the notifier."""

    result: HandoverResult
    error: str | None = None
    retry_after_s: float | None = None
    #: What the provider said about the message, and its own id of it.
    receipt: Receipt | None = None
    provider_id: str | None = None


class Sender:
    """Hands messages to one notifier and records the results through the engine."""

    def __init__(
        self,
        engine: Engine,
        notifier: Notifier,
        clock: Clock,
        random: Callable[[], float],
        meter: Meter | None = None,
        tracer: Tracer | None = None,
    ) -> None:
        """`random`: a number from 0 to 1, drawn for each result; it spreads retries."""
        self._meter = meter
        self._tracer = tracer
        self._engine = engine
        self._notifier = notifier
        self._clock = clock
        self._random = random

    async def send(self, delivery: Delivery, leased_until: datetime) -> None:
        """Hand the message over and record the result. Never raises, whatever the notifier does.

        Does nothing if the lease has ended: the process was paused, and another worker may have taken over.
        """
        try:
            if self._clock.now() >= leased_until:
                handover = Handover(HandoverResult.RETURNED, "its lease ended before the hand-over")
            else:
                handover = await self._timed_call(delivery)
        except asyncio.CancelledError:
            # The process stops in the middle of the hand-over. Whoever takes the message over looks it up.
            return
        except Exception as exc:
            log.exception("notifier.fault")
            handover = Handover(HandoverResult.UNKNOWN, type(exc).__name__)
        if handover.result is not HandoverResult.SENT:
            log.warning(
                "message.not_confirmed result=%s channel=%s kind=%s caregiver=%s try=%d: %s",
                handover.result,
                delivery.message.channel,
                delivery.message.kind,
                delivery.message.caregiver_id,
                delivery.entry.attempts,
                readable_error(handover.error),
            )
        await self._record_when_possible(delivery.entry, handover)

    async def _record_when_possible(self, entry: Contact | Notice, handover: Handover) -> None:
        while True:
            try:
                await self._record(entry, handover)
                return
            except StoreUnavailable:
                # Only this task knows that the message went out, so it keeps the result until the store takes it.
                await sleep_until(self._clock, self._clock.now() + timedelta(seconds=_RECORD_AGAIN_S))
            except Exception:
                # When the lease of the message ends, `settle_abandoned` records it.
                log.exception("message.result_not_recorded")
                return

    @property
    def looks_up(self) -> bool:
        """Whether `settle_abandoned` asks the provider, so that it takes half a minute or more."""
        return isinstance(self._notifier, TrackingNotifier)

    async def settle_abandoned(self, entry: Contact | Notice) -> None:
        """Record what became of a message whose worker died while sending: it may have gone out."""
        if isinstance(self._notifier, TrackingNotifier):
            await self._record_when_possible(entry, await self._look_up(self._notifier, entry))
        else:
            await self._record(entry, Handover(self._result_if_unanswered, "its worker ended while sending"))

    async def _look_up(self, notifier: TrackingNotifier, entry: Contact | Notice) -> Handover:
        """Ask the provider whether it has the message. Only what it certainly does not have is sent again."""
        handed_over_at = entry.handed_over_at or entry.updated_at
        since = (entry.first_attempt_at or handed_over_at) - _CLOCK_SKEW
        for number in range(1, _LOOK_UPS + 1):
            await sleep_until(self._clock, handed_over_at + number * _LISTED_AFTER)
            try:
                accepted = await notifier.accepted_since(message_of(entry), since)
            except NotifierFailure as exc:
                log.warning("message.not_looked_up caregiver=%s: %s", entry.caregiver_id, exc.reason)
                continue
            if accepted is None:
                return Handover(HandoverResult.TEMPORARY, "its worker ended before the provider accepted it")
            return _accepted(accepted)
        return Handover(self._result_if_unanswered, "its worker ended while sending, and the provider does not say")

    @property
    def _result_if_unanswered(self) -> HandoverResult:
        return HandoverResult.UNANSWERED if drops_repeats(self._notifier) else HandoverResult.UNKNOWN

    async def _record(self, entry: Contact | Notice, handover: Handover) -> None:
        await self._engine.handle(
            RecordSending(
                entry=entry,
                result=handover.result,
                error=readable_error(handover.error),
                retry_after_s=handover.retry_after_s,
                provider_id=handover.provider_id,
                receipt=None if handover.receipt is None else readable_receipt(handover.receipt),
                jitter=self._random(),
                now=self._clock.now(),
            )
        )

    async def _timed_call(self, delivery: Delivery) -> Handover:
        began_at = self._clock.now()
        handover = await self._traced_call(delivery)
        if self._meter is not None:
            message, seconds = delivery.message, (self._clock.now() - began_at).total_seconds()
            self._meter.handover_ended(message.channel, message.kind, handover.result, seconds)
        return handover

    async def _traced_call(self, delivery: Delivery) -> Handover:
        if self._tracer is None:
            return await self._call(delivery)
        message, attempt = delivery.message, delivery.entry.attempts
        with self._tracer.span(
            f"send {message.kind}", outgoing=True, channel=message.channel, shift=message.shift_id, attempt=attempt
        ) as span:
            handover = await self._call(delivery)
            span.set(result=handover.result)
            return handover

    async def _call(self, delivery: Delivery) -> Handover:
        """Call the notifier; whatever it raises becomes a result."""
        try:
            unanswered = self._result_if_unanswered
            limit_s = time_limit_s(self._notifier)
            gives_up_at = self._clock.now() + timedelta(seconds=limit_s)
        except Exception as exc:
            # `send` was not called, so the message was certainly not sent. Every other message would fail like it.
            log.exception("notifier.fault")
            return Handover(
                HandoverResult.MISCONFIGURED,
                f"the notifier's timeout_s or honours_keys is wrong: {type(exc).__name__}",
            )
        call = asyncio.current_task()
        timed_out = False

        def give_up() -> None:
            nonlocal timed_out
            timed_out = True
            if call is not None:
                call.cancel()

        timer = self._clock.call_at(gives_up_at, give_up)
        try:
            accepted = await self._notifier.send(delivery.message)
        except Throttled as exc:
            return Handover(HandoverResult.THROTTLED, exc.reason, exc.retry_after_s)
        except Misconfigured as exc:
            return Handover(HandoverResult.MISCONFIGURED, exc.reason)
        except Uncertain as exc:
            return Handover(unanswered, exc.reason, exc.retry_after_s)
        except TemporaryFailure as exc:
            return Handover(HandoverResult.TEMPORARY, exc.reason, exc.retry_after_s)
        except UnreachableByText as exc:
            return _failed(exc, Consequence.CALL_EARLY)
        except NumberOptedOut as exc:
            return _failed(exc, Consequence.OPTED_OUT)
        except PermanentFailure as exc:
            return Handover(HandoverResult.PERMANENT, exc.reason)
        except asyncio.CancelledError:
            if timed_out:
                if call is not None:
                    call.uncancel()
                return Handover(unanswered, f"no answer in {limit_s:g} s")
            if self.looks_up:
                raise
            return Handover(unanswered, "stopped while sending")
        except BaseException as exc:  # noqa: BLE001  # see the comment below
            # SystemExit too: a notifier must not be able to end the service.
            return Handover(unanswered, type(exc).__name__)
        finally:
            timer.cancel()
        return _accepted(accepted)


def _accepted(accepted: Accepted | None) -> Handover:
    if accepted is None:
        return Handover(HandoverResult.SENT)
    provider_id = accepted.provider_id
    if provider_id is not None and not is_provider_id(provider_id):
        log.warning("notifier.wrong_id: the provider's id of a message is not 1 to 100 visible ASCII characters")
        provider_id = None
    return Handover(HandoverResult.SENT, receipt=accepted.receipt, provider_id=provider_id)


def _failed(failure: NotifierFailure, consequence: Consequence) -> Handover:
    receipt = Receipt(state=ReceiptState.FAILED, error=failure.reason, consequence=consequence)
    return Handover(HandoverResult.PERMANENT, failure.reason, receipt=receipt)
