"""The stub notifier: it takes as long as a real message would, then logs the message. It calls no provider.

Source: the task description. An SMS takes about one second, a call about two.
"""

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from app.clock import SystemClock, sleep_until
from app.domain.decisions import Message
from app.domain.phone_numbers import masked
from app.domain.records import Channel
from app.ports.clock import Clock
from app.ports.notifier import Notifier

log = logging.getLogger("shift_fanout.notifier")

#: Seconds that an SMS takes.
SMS_S = 1.0
#: How many times as long as an SMS a call takes.
CALL_FACTOR = 2.0


async def send_sms(to: str, body: str, *, clock: Clock | None = None, takes_s: float = SMS_S) -> None:
    """Pretend to send an SMS: wait `takes_s` seconds, then log `body` with the number masked."""
    await _take_time(clock, takes_s)
    log.info("sms to %s: %s", masked(to), body)


async def place_phone_call(
    to: str, body: str, *, clock: Clock | None = None, takes_s: float = SMS_S * CALL_FACTOR
) -> None:
    """Pretend to place a call: wait `takes_s` seconds, then log `body` with the number masked."""
    await _take_time(clock, takes_s)
    log.info("call to %s: %s", masked(to), body)


async def _take_time(clock: Clock | None, takes_s: float) -> None:
    if takes_s > 0:
        clock = clock or SystemClock()
        await sleep_until(clock, clock.now() + timedelta(seconds=takes_s))


class ConsoleNotifier:
    """Implements `Notifier`. `latency_s`: seconds that an SMS takes, 0 or more; a call takes twice as long."""

    honours_keys = False

    def __init__(self, clock: Clock, latency_s: float = SMS_S) -> None:
        self._clock = clock
        self._latency_s = latency_s
        self.timeout_s = latency_s * CALL_FACTOR + 10.0

    async def send(self, message: Message) -> None:
        """See `Notifier`. It never fails."""
        if message.channel is Channel.SMS:
            await send_sms(message.to, message.body, clock=self._clock, takes_s=self._latency_s)
        else:
            takes_s = self._latency_s * CALL_FACTOR
            await place_phone_call(message.to, message.body, clock=self._clock, takes_s=takes_s)

    async def aclose(self) -> None:
        """See `Notifier`. There is nothing to release."""


if TYPE_CHECKING:
    _: Notifier = ConsoleNotifier(SystemClock())
