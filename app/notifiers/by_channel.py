"""Texts through one notifier, calls through another."""

import asyncio
from typing import TYPE_CHECKING

from app.clock import time_limit
from app.domain.decisions import Message
from app.domain.records import Channel
from app.errors import Uncertain
from app.ports.clock import Clock
from app.ports.notifier import Accepted, Notifier


class NotifierByChannel:
    """Implements `Notifier`."""

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

    async def aclose(self) -> None:
        """See `Notifier`."""
        await asyncio.gather(*(one.aclose() for one in self._of.values()))


if TYPE_CHECKING:
    # Lets mypy check that the class implements the protocol.
    def _conforms(notifier: NotifierByChannel) -> Notifier:
        return notifier
