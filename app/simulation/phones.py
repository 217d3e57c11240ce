"""A simulated telephone network: a `Notifier` that delivers messages to telephones, whose holders may reply.

The demo and the tests share it. It does not call the service: replies leave through the `gateway` callback.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from app.clock import sleep_until
from app.domain.decisions import Message
from app.domain.records import Channel
from app.ports.clock import Clock
from app.ports.notifier import Accepted, Notifier


@dataclass(frozen=True, slots=True)
class Reaction:
    """A holder's reply: its words, and how many seconds after the message arrived they are sent."""

    after_s: float
    body: str


@dataclass(frozen=True, slots=True)
class PhoneReply:
    """A reply on its way to the service, by text or on a call; `in_reply_to` is the message it answers."""

    number: str
    channel: Channel
    body: str
    in_reply_to: Message


#: Decides how the holder of a telephone reacts to a message. None: ignores the text, or does not pick up the call.
Holder = Callable[[Message], Reaction | None]
#: Called for each message after the network's latency. Returns if the message is delivered, raises if it is not.
DeliveryBehaviour = Callable[[Message], None]


def deliver_all(_: Message) -> None:
    """The default behaviour: every message is delivered."""


@dataclass(slots=True)
class Phone:
    """One telephone. Without a holder it keeps its messages in `unread`, where a test reads them."""

    number: str
    holder: Holder | None = None
    #: Oldest first.
    unread: deque[Message] = field(default_factory=deque)


@dataclass
class PhoneNetwork:
    """Implements `Notifier`. A message takes `takes_s` seconds; then `behaviour` decides whether it arrives."""

    clock: Clock
    takes_s: float = 0.0
    behaviour: DeliveryBehaviour = deliver_all
    #: See `Notifier`: the service reads both.
    honours_keys: bool = False
    timeout_s: float = 10.0
    #: Receives every reply at the time it is sent. None: replies are dropped.
    gateway: Callable[[PhoneReply], object] | None = None
    #: Keyed by number in E.164.
    phones: dict[str, Phone] = field(default_factory=dict)
    #: The start time and the message of every `send`, whether it succeeded or not.
    attempts: list[tuple[datetime, Message]] = field(default_factory=list)
    #: The messages that were delivered, in order of delivery.
    sent: list[Message] = field(default_factory=list)
    #: Attempts that have not ended: now, and the largest number so far.
    under_way: int = 0
    most_under_way: int = 0
    closed: bool = False

    def phone(self, number: str) -> Phone:
        """The telephone with that number (E.164); a new one the first time."""
        return self.phones.setdefault(number, Phone(number))

    async def send(self, message: Message) -> Accepted | None:
        """See `Notifier`. It says nothing about the message."""
        self.attempts.append((self.clock.now(), message))
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            if self.takes_s:
                await sleep_until(self.clock, self.clock.now() + timedelta(seconds=self.takes_s))
            self.behaviour(message)
        finally:
            self.under_way -= 1
        self.sent.append(message)
        self._arrive(message, self.phone(message.to))
        return None

    def _arrive(self, message: Message, phone: Phone) -> None:
        if phone.holder is None:
            phone.unread.append(message)
            return
        reaction = phone.holder(message)
        if reaction is not None and self.gateway is not None:
            reply = PhoneReply(phone.number, message.channel, reaction.body, message)
            when = self.clock.now() + timedelta(seconds=reaction.after_s)
            self.clock.call_at(when, partial(self.gateway, reply))

    async def aclose(self) -> None:
        """See `Notifier`."""
        self.closed = True


if TYPE_CHECKING:
    from app.clock import SystemClock

    # mypy checks here that PhoneNetwork implements Notifier.
    _: Notifier = PhoneNetwork(SystemClock())
