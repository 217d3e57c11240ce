"""The demo's way through Twilio: the simulated telephone company on a port of its own, and its customers."""

import asyncio
import socket
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any, cast

import httpx
import uvicorn
from fastapi import FastAPI

from app.api import create_app
from app.bootstrap import twilio_client
from app.domain.commands import Command, Reply
from app.domain.decisions import Message
from app.domain.records import Answer, Channel
from app.notifiers.twilio.notifier import TwilioNotifier
from app.ports.notifier import Accepted
from app.ports.store import Step, Store
from app.settings import Settings, TwilioSettings
from app.simulation.agency import Agency
from app.simulation.carriers import SETTINGS
from app.simulation.clock import SteppedClock
from app.simulation.phones import PhoneReply
from app.simulation.reactions import reaction
from app.simulation.scenario import Scenario
from app.simulation.timeline import Timeline
from app.simulation.twilio.account import Account
from app.simulation.twilio.api import application
from app.simulation.twilio.calls import Call
from app.simulation.twilio.company import TelephoneCompany
from app.simulation.twilio.phones import Line
from app.simulation.twilio.records import Record
from app.stores.memory.store import MemoryStore

_OUR_NUMBER = "+16175550099"
#: Twilio's code for a text that did not arrive without a reason: no later try will work.
_OUT_OF_SERVICE = 30008
#: Somebody who answers on a call picks up after this part of the time, and listens for the rest.
_RINGS_FOR = 0.4


class TwilioCarrier:
    """Runs a simulated telephone company that the service calls over HTTP, on two ports of this computer.

    The clock waits for each request, as if it took no time.
    """

    def __init__(
        self,
        seed: int,
        scenario: Scenario,
        clock: SteppedClock,
        timeline: Timeline,
        *,
        service: socket.socket,
    ) -> None:
        """`service`: the socket on which the service will be served."""
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.sent: list[Message] = []
        self._seed = seed
        self._clock = clock
        self._timeline = timeline
        #: By the company's id of the message or call.
        self._messages: dict[str, Message] = {}
        #: What caregivers have said and the service has not answered yet, by number and channel.
        self._said: defaultdict[tuple[str, Channel], deque[PhoneReply]] = defaultdict(deque)
        self._under_way = 0
        clock.busy = lambda: self._under_way > 0
        public_url = _url_on_this_computer(service)
        twilio = TwilioSettings(
            account_sid="AC" + "0" * 32,
            auth_token=("demo-token",),
            from_number=_OUR_NUMBER,
            base_url=_url_on_this_computer(self._listening),
        )
        self._settings = Settings(
            **SETTINGS,
            notifier="twilio",
            twilio=twilio,
            public_url=public_url,
            # The company has no limit, and the timeline of the demo shows a round at a glance.
            sms_rate=100_000.0,
            voice_rate=100_000.0,
            past_shifts=True,
        )
        account = Account(
            sid=twilio.account_sid,
            token=twilio.auth_token[0],
            numbers=(_OUR_NUMBER,),
            sms_url=f"{public_url}/webhooks/twilio/sms",
            voice_url=f"{public_url}/webhooks/twilio/voice",
            # The service answers STOP itself, so that the timeline shows it.
            handles_opt_outs=False,
        )
        self._http = httpx.AsyncClient(transport=self._connect())
        self._company = TelephoneCompany(account, clock, self._http)
        for caregiver in scenario.caregivers:
            phone = self._company.phone(caregiver.phone)
            phone.on_text, phone.on_call, phone.on_lost = self._text_arrives, self._call_rings, self._is_lost
            if caregiver.phone == scenario.out_of_service_number:
                phone.text_error, phone.line = _OUT_OF_SERVICE, Line.DEAD

    def new_app(self) -> FastAPI:
        """See `Carrier`."""
        twilio = self._settings.twilio
        assert twilio is not None  # noqa: S101  # for mypy
        notifier = _NotingNotifier(
            twilio_client(twilio, self._clock, self._connect),
            self._clock,
            from_number=twilio.from_number,
            messaging_service_sid=None,
            public_url=self._settings.public_url,
            caller=twilio.caller,
        )
        notifier.messages = self._messages
        store = _ObservedStore(MemoryStore(self._settings.retention), self._replied)
        return create_app(
            self._settings,
            clock=self._clock,
            notifier=notifier,
            store=cast(Store, store),
            connect=self._connect,
        )

    async def run(self, agency: Agency) -> None:
        """See `Carrier`: serves the company."""
        server = _QuietServer(uvicorn.Config(application(self._company), log_level="warning"))
        serving = asyncio.create_task(server.serve([self._listening]))
        try:
            await asyncio.Event().wait()
        finally:
            server.should_exit = True
            await serving
            await self._company.aclose()
            await self._http.aclose()

    def _connect(self) -> httpx.AsyncBaseTransport:
        return _CountedTransport(self._count)

    @contextmanager
    def _count(self) -> Iterator[None]:
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1

    def _text_arrives(self, text: Record) -> None:
        message = self._messages[text["sid"]]
        self._note(message)
        react = reaction(self._seed, message)
        if react is not None:
            self._after(react.after_s, partial(self._text_back, message, react.body))

    def _text_back(self, message: Message, body: str) -> None:
        self._say(message, body)
        self._company.text_from(message.to, body)

    def _call_rings(self, call: Call) -> None:
        message = self._messages[call.record["sid"]]
        self._note(message)
        react = reaction(self._seed, message)
        if react is not None:
            self._after(react.after_s * _RINGS_FOR, call.answer)
            self._after(react.after_s, partial(self._answer, call, message, react.body))

    def _answer(self, call: Call, message: Message, words: str) -> None:
        if call.status == "in-progress":
            self._say(message, words)
            (call.press if len(words) == 1 else call.say)(words)

    def _is_lost(self, record: Record) -> None:
        self._timeline.message_failed(self._messages[record["sid"]])

    def _note(self, message: Message) -> None:
        self.sent.append(message)
        self._timeline.message_sent(message)

    def _say(self, message: Message, body: str) -> None:
        self._said[message.to, message.channel].append(PhoneReply(message.to, message.channel, body, message))

    def _replied(self, reply: Reply, answer: Answer) -> None:
        said = self._said[reply.phone, reply.channel]
        if said and reply.answered_as is None:
            shown = {"shift_id": answer.shift_id, "outcome": answer.outcome}
            self._timeline.reply_answered(said.popleft(), shown)

    def _after(self, seconds: float, do: Callable[[], object]) -> None:
        self._clock.call_at(self._clock.now() + timedelta(seconds=seconds), do)


def _url_on_this_computer(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    # A socket that listens on every address is reached by the loopback address.
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _QuietServer(uvicorn.Server):
    """A server that leaves signals to another one."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


class _NotingNotifier(TwilioNotifier):
    """Notes which message has which of the company's ids."""

    messages: dict[str, Message]

    async def send(self, message: Message) -> Accepted:
        """See `Notifier`."""
        accepted = await super().send(message)
        if accepted.provider_id is not None:
            self.messages[accepted.provider_id] = message
        return accepted


class _ObservedStore:
    """Passes every call on to a store, and tells what each reply of a caregiver was answered."""

    def __init__(self, store: Store, replied: Callable[[Reply, Answer], None]) -> None:
        self._store = store
        self._replied = replied

    async def transition(self, command: Command, step: Step[Any]) -> Any:
        """See `Store`."""
        result = await self._store.transition(command, step)
        if isinstance(command, Reply) and isinstance(result, Answer):
            self._replied(command, result)
        return result

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


class _CountedTransport(httpx.AsyncBaseTransport):
    """Makes real requests, and counts those that are under way."""

    def __init__(self, count: Callable[[], Any]) -> None:
        self._count = count
        self._transport = httpx.AsyncHTTPTransport(verify=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """See httpx."""
        with self._count():
            response = await self._transport.handle_async_request(request)
            content = await response.aread()
            await response.aclose()
        headers = [(name, value) for name, value in response.headers.raw if name.lower() != b"transfer-encoding"]
        return httpx.Response(response.status_code, headers=headers, content=content)

    async def aclose(self) -> None:
        """See httpx."""
        await self._transport.aclose()
