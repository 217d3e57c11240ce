"""The telephone company: one account, the telephones it reaches, and the calls between them.

All of its time comes from the clock. `api.py` is its HTTP; `texts.py` has its texts.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import httpx

from app.ports.clock import Clock
from app.simulation.twilio.account import Account, Refused
from app.simulation.twilio.calls import Call, Callbacks
from app.simulation.twilio.phones import Line, Phone
from app.simulation.twilio.records import Record, new_call
from app.simulation.twilio.texts import Texts
from app.simulation.twilio.webhooks import Webhook, Webhooks

#: Seconds until a call rings, how long it rings if the service does not say, and when an answering machine picks up.
_RINGS_AFTER_S, _RINGS_FOR_S, _MACHINE_AFTER_S = 1.0, 60.0, 10.0
_NOT_ACTIVE, _TRIAL_TEXT, _TRIAL_CALL, _NOT_IN_PROGRESS = 20005, 21608, 21219, 21220

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What goes wrong with one request to the API."""

    #: Whether it is carried out all the same.
    carried_out: bool = False
    #: Seconds until it is answered; more than the service waits means no answer at all.
    after_s: float = 0.0
    #: The status of HTTP and Twilio's code of the answer. None: the ordinary answer; the request is carried out.
    status: int | None = None
    code: int | None = None


class TelephoneCompany:
    """What the account does, and what its customers do with their telephones."""

    def __init__(self, account: Account, clock: Clock, http: httpx.AsyncClient | None = None) -> None:
        """`http` makes the webhooks; None: none is made."""
        self.account = account
        self.clock = clock
        self.webhooks = Webhooks(account, clock, http)
        #: For the next requests that create or change something, and for the next that read; None: nothing is wrong.
        self.faults: deque[Fault | None] = deque()
        self.read_faults: deque[Fault | None] = deque()
        #: Called with each telephone that is new.
        self.on_new_phone: Callable[[Phone], object] = lambda _: None
        #: As the API shows them, the oldest first, inbound ones too.
        self.calls: list[Record] = []
        self._texts = Texts(account, clock, self.webhooks, self.phone)
        self._phones: dict[str, Phone] = {}
        self._calls_by_sid: dict[str, Call] = {}

    @property
    def messages(self) -> list[Record]:
        """As the API shows them, the oldest first, inbound ones too."""
        return self._texts.messages

    def phone(self, number: str) -> Phone:
        """The telephone with that number (E.164); a new one the first time."""
        if number not in self._phones:
            self._phones[number] = Phone(number)
            self.on_new_phone(self._phones[number])
        return self._phones[number]

    def phones(self) -> list[Phone]:
        """Every telephone that was asked for or reached so far."""
        return list(self._phones.values())

    def call(self, sid: str) -> Call:
        """The call with that id. Raises Refused if there is none."""
        if sid not in self._calls_by_sid:
            raise Refused(404, 20404)
        return self._calls_by_sid[sid]

    def message(self, sid: str) -> Record:
        """The message with that id. Raises Refused if there is none."""
        for message in self.messages:
            if message["sid"] == sid:
                return message
        raise Refused(404, 20404)

    async def aclose(self) -> None:
        """End every call and webhook that is under way."""
        await self.webhooks.aclose()

    def create_message(self, fields: Fields) -> Record:
        """Take a text. Raises Refused for one that Twilio would not take."""
        return self._texts.send(fields, self._valid_to(fields, _TRIAL_TEXT))

    def create_call(self, fields: Fields) -> Record:
        """Take a call. Raises Refused for one that Twilio would not take."""
        to, from_number, twiml = self._valid_to(fields, _TRIAL_CALL), fields.get("From"), fields.get("Twiml")
        if from_number not in self.account.numbers:
            raise Refused(400, 21210)
        if not twiml:
            raise Refused(400, 21205)
        callbacks = Callbacks(
            status=fields.get("StatusCallback"),
            events=frozenset(fields.get("StatusCallbackEvent", ["completed"])),
            machine=fields.get("AsyncAmdStatusCallback") if "MachineDetection" in fields else None,
        )
        call = self._new_call(str(from_number), to, "outbound-api", "queued", callbacks)
        self.webhooks.start(self._make(call, twiml, float(fields.get("Timeout", _RINGS_FOR_S))))
        return call.record

    def update_call(self, sid: str, fields: Fields) -> Record:
        """Cancel, end or redirect a call. Raises Refused if its state does not allow that."""
        call = self.call(sid)
        match fields.get("Status"), fields.get("Twiml"):
            case "canceled", None:
                call.end_ringing("canceled")
            case "completed", None:
                if not call.end_ringing("canceled"):
                    call.hang_up()
            case None, str(twiml):
                if not call.replace_twiml(twiml):
                    raise Refused(400, _NOT_IN_PROGRESS)
            case _:
                raise Refused(400, 20001)
        return call.record

    def text_from(self, number: str, body: str, **more: str) -> Record:
        """A customer texts the account. `more`: fields of the webhook to add or to replace."""
        return self._texts.receive(number, body, more)

    def call_from(self, number: str) -> Call:
        """A customer calls the account, which answers with what the service says."""
        call = self._new_call(number, self.account.numbers[0], "inbound", "ringing", Callbacks())
        self.webhooks.start(self._take(call))
        return call

    def _valid_to(self, fields: Fields, trial_code: int) -> str:
        to = str(fields.get("To", ""))
        if self.account.status != "active":
            raise Refused(403, _NOT_ACTIVE)
        if not (to.startswith("+") and to[1:].isdecimal() and 8 <= len(to) <= 16):
            raise Refused(400, 21211)
        if self.account.trial and to not in self.account.verified:
            raise Refused(400, trial_code)
        return to

    async def _make(self, call: Call, twiml: str, ring_s: float) -> None:
        phone = self.phone(call.record["to"])
        if await call.ring(partial(self._begin_to_ring, phone), connects_s=_RINGS_AFTER_S, ring_s=ring_s):
            self.webhooks.start(call.detect_machine(phone.greeting))
            await call.follow(twiml)

    def _begin_to_ring(self, phone: Phone, call: Call) -> None:
        phone.calls.append(call)
        match phone.line:
            case Line.BUSY:
                call.end_ringing("busy")
            case Line.DEAD:
                call.end_ringing("failed")
                phone.on_lost(call.record)
            case Line.MACHINE:
                picks_up_at = self.clock.now() + timedelta(seconds=_MACHINE_AFTER_S)
                self.clock.call_at(picks_up_at, partial(call.answer, "machine_end_beep"))
            case Line.RINGS:
                phone.on_call(call)

    async def _take(self, call: Call) -> None:
        url = self.account.voice_url
        twiml = None if url is None else await self.webhooks.ask(Webhook(url, call.fields()))
        call.answer()
        await call.follow(twiml)

    def _new_call(self, from_number: str, to: str, direction: str, status: str, callbacks: Callbacks) -> Call:
        record = new_call(
            number=len(self.calls),
            account_sid=self.account.sid,
            to=to,
            from_number=from_number,
            direction=direction,
            status=status,
            now=self.clock.now(),
        )
        call = Call(record, self.clock, self.webhooks, callbacks)
        self.calls.append(record)
        self._calls_by_sid[record["sid"]] = call
        return call
