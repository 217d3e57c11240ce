"""Texts through one notifier, calls through another."""

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING

from app.clock import time_limit
from app.domain.decisions import Message
from app.domain.receipts import Receipt
from app.domain.records import Channel
from app.errors import Uncertain
from app.ports.clock import Clock
from app.ports.notifier import Accepted, Notifier, TrackingNotifier


class NotifierByChannel:
    """Implements `Notifier` and `TrackingNotifier`, whose methods ask only a notifier that implements it too."""

    def __init__(self, *, texts: Notifier, calls: Notifier, clock: Clock) -> None:
        self._of = {Channel.SMS: texts, Channel.VOICE: calls}
        self._clock = clock

    @property
    def timeout_s(self) -> float:
        """See `Notifier`: the longer of the two. `send` itself keeps to the limit of the one that it uses."""
        return max(one.timeout_s for one in self._of.values())

    @property
    def honours_keys(self) -> bool:
        """See `Notifier`: only if both do, because a repeat must be safe on either channel."""
        return all(one.honours_keys for one in self._of.values())

    async def send(self, message: Message) -> Accepted | None:
        """See `Notifier`."""
        notifier = self._of[message.channel]
        try:
            async with time_limit(self._clock, notifier.timeout_s):
                return await notifier.send(message)
        except TimeoutError as exc:
            raise Uncertain(f"no answer in {notifier.timeout_s:g} s") from exc

    async def accepted_since(self, message: Message, since: datetime) -> Accepted | None:
        """See `TrackingNotifier`."""
        notifier = self._of[message.channel]
        if not isinstance(notifier, TrackingNotifier):
            raise Uncertain("the provider cannot be asked")
        return await notifier.accepted_since(message, since)

    async def receipt(self, provider_id: str, channel: Channel) -> Receipt | None:
        """See `TrackingNotifier`."""
        notifier = self._of[channel]
        return await notifier.receipt(provider_id, channel) if isinstance(notifier, TrackingNotifier) else None

    async def cancel(self, provider_id: str) -> None:
        """See `TrackingNotifier`."""
        notifier = self._of[Channel.VOICE]
        if isinstance(notifier, TrackingNotifier):
            await notifier.cancel(provider_id)

    async def aclose(self) -> None:
        """See `Notifier`."""
        await asyncio.gather(*(one.aclose() for one in self._of.values()))


if TYPE_CHECKING:
    # Lets mypy check that the class implements the protocol.
    def _conforms(notifier: NotifierByChannel) -> tuple[Notifier, TrackingNotifier]:
        return notifier, notifier
