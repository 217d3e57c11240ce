"""A simulated telephone network behind the `Notifier` port: messages reach telephones, whose holders may answer.

The demo and the tests use it, so that both mean the same by a text and a call. It knows no service: what holders
say leaves through `gateway`.
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
from app.ports.notifier import Notifier


@dataclass(frozen=True, slots=True)
class Reaction:
    """What the holder of a telephone says back, and how many seconds after the message reached it."""

    after_s: float
    body: str


@dataclass(frozen=True, slots=True)
class PhoneReply:
    """What somebody says on their telephone, on its way to the service; `about` is what they react to."""

    number: str
    channel: Channel
    body: str
    in_reply_to: Message


#: Decides what a telephone's holder does about a message; None: ignores the text, does not pick up the call.
Holder = Callable[[Message], Reaction | None]
#: What the network does with a message once it has taken its time: returns (it goes through) or raises.
DeliveryBehaviour = Callable[[Message], None]


def delivers(_: Message) -> None:
    """The message goes through."""


@dataclass(slots=True)
class Phone:
    """One telephone. Without a holder, what reaches it stays unread until somebody looks."""

    number: str
    holder: Holder | None = None
    #: Oldest first.
    unread: deque[Message] = field(default_factory=deque)


@dataclass
class PhoneNetwork:
    """Implements `Notifier`. A message takes `takes_s` seconds, then `behaviour` decides whether it arrives."""

    clock: Clock
    takes_s: float = 0.0
    behaviour: DeliveryBehaviour = delivers
    honours_keys: bool = False
    timeout_s: float = 10.0
    #: Called with every answer at its time.
    gateway: Callable[[PhoneReply], object] | None = None
    #: By number, in E.164.
    phones: dict[str, Phone] = field(default_factory=dict)
    #: Every call of `send`, whether it went well or not, with the time it began.
    calls: list[tuple[datetime, Message]] = field(default_factory=list)
    #: What went through, in order.
    sent: list[Message] = field(default_factory=list)
    under_way: int = 0
    most_under_way: int = 0
    closed: bool = False

    def phone(self, number: str) -> Phone:
        """The telephone with that number (E.164)."""
        return self.phones.setdefault(number, Phone(number))

    async def send(self, message: Message) -> None:
        """See `Notifier`."""
        self.calls.append((self.clock.now(), message))
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

    _: Notifier = PhoneNetwork(SystemClock())
