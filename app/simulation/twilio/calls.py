"""One telephone call: it rings, is answered or not, and follows its TwiML until somebody hangs up."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.clock import sleep_until, time_limit
from app.ports.clock import Clock
from app.simulation.twilio import twiml
from app.simulation.twilio.records import Record
from app.simulation.twilio.webhooks import Webhook, Webhooks

#: Characters that a voice reads per second.
SPEED = 15.0
#: Seconds after which machine detection knows that a person has answered.
_PERSON_AFTER_S = 2.0
_APPLICATION_ERROR = "We are sorry, an application error has occurred. Goodbye."
#: The name of the event, as in `StatusCallbackEvent`, when a call takes on a status.
_EVENTS = {"queued": "initiated", "ringing": "ringing", "in-progress": "answered"}


@dataclass(frozen=True, slots=True)
class Pressed:
    """A key."""

    key: str


@dataclass(frozen=True, slots=True)
class Said:
    """Words, as speech recognition writes them."""

    words: str


@dataclass(frozen=True, slots=True)
class Replaced:
    """Other TwiML, with which the call goes on at once. None: the service gave no usable answer."""

    twiml: str | None


@dataclass(frozen=True, slots=True)
class HungUp:
    """The end of the call."""


Input = Pressed | Said | Replaced | HungUp


@dataclass(frozen=True, slots=True, kw_only=True)
class Callbacks:
    """Which webhooks a call has. None: not this one."""

    status: str | None = None
    #: Of `initiated`, `ringing`, `answered` and `completed`.
    events: frozenset[str] = frozenset({"completed"})
    machine: str | None = None


class Call:
    """A call. Whoever holds the phone answers it, presses keys, talks and hangs up."""

    def __init__(self, record: Record, clock: Clock, webhooks: Webhooks, callbacks: Callbacks) -> None:
        #: As Twilio's API shows it.
        self.record = record
        #: What was said on the call, in order.
        self.heard: list[str] = []
        self._clock = clock
        self._webhooks = webhooks
        self._callbacks = callbacks
        self._inputs: asyncio.Queue[Input] = asyncio.Queue()
        self._no_longer_rings = asyncio.Event()
        self._answered_at: datetime | None = None
        self._sequence = 0

    @property
    def status(self) -> str:
        """As Twilio calls it."""
        return str(self.record["status"])

    def answer(self, by: str = "human") -> bool:
        """Pick up; returns False if the call does not ring. `by`: what machine detection will say."""
        if self.status != "ringing":
            return False
        self.record["answered_by"] = by
        self._answered_at = self._clock.now()
        self._stop_ringing("in-progress")
        return True

    def press(self, key: str) -> None:
        """Press a key. Nothing comes of it unless the call listens for one."""
        self._inputs.put_nowait(Pressed(key))

    def say(self, words: str) -> None:
        """Say something. Nothing comes of it unless the call listens for speech."""
        self._inputs.put_nowait(Said(words))

    def hang_up(self) -> None:
        """End the call, as the person who was called."""
        self._inputs.put_nowait(HungUp())

    def end_ringing(self, status: str) -> bool:
        """Let a call that nobody has answered end with this status; returns False if it is answered or over."""
        if self.status not in ("queued", "ringing"):
            return False
        self._stop_ringing(status)
        return True

    def replace_twiml(self, new: str) -> bool:
        """Go on with other TwiML at once; returns False if nobody is on the line."""
        if self.status != "in-progress":
            return False
        self._inputs.put_nowait(Replaced(new))
        return True

    async def ring(self, begins: Callable[["Call"], object], *, connects_s: float, ring_s: float) -> bool:
        """Connect and ring; returns whether the call was answered. `begins` is called when it begins to ring."""
        self._tell_status()
        await self._pause(connects_s)
        if self.status == "queued":
            self._become("ringing")
            begins(self)
            try:
                async with time_limit(self._clock, ring_s):
                    await self._no_longer_rings.wait()
            except TimeoutError:
                self.end_ringing("no-answer")
        return self.status == "in-progress"

    async def follow(self, first: str | None) -> None:
        """Do what the TwiML says until the call ends. None: there was no usable answer."""
        verbs = self._read(first)
        while verbs:
            came = await self._do(verbs.popleft())
            if isinstance(came, HungUp):
                break
            if isinstance(came, Replaced):
                verbs = self._read(came.twiml)
        began_at = self._answered_at or self._clock.now()
        self.record["duration"] = str(round((self._clock.now() - began_at).total_seconds()))
        self._become("completed")

    async def detect_machine(self, greeting: str) -> None:
        """Tell the service, if it asked for it, whether a person or a machine has answered."""
        by = self.record["answered_by"]
        await self._pause(_PERSON_AFTER_S if by == "human" else len(greeting) / SPEED)
        if by != "human":
            self.say(greeting)
        if self._callbacks.machine is not None and self.status == "in-progress":
            self._webhooks.tell(Webhook(self._callbacks.machine, {**self.fields(), "AnsweredBy": by}))

    def fields(self) -> dict[str, str]:
        """What every webhook says about the call."""
        return {
            "CallSid": self.record["sid"],
            "AccountSid": self.record["account_sid"],
            "From": self.record["from"],
            "To": self.record["to"],
            "CallStatus": self.status,
            "Direction": self.record["direction"],
            "ApiVersion": "2010-04-01",
        }

    def _read(self, given: str | None) -> deque[twiml.Verb]:
        try:
            if given is not None:
                return deque(twiml.read(given))
        except ValueError as exc:
            self._webhooks.problem(f"12100 {exc}")
        return deque([twiml.Say(_APPLICATION_ERROR)])

    async def _do(self, verb: twiml.Verb) -> Input | None:
        match verb:
            case twiml.HangUp():
                return HungUp()
            case twiml.Say(words):
                return await self._speak(words, frozenset())
            case twiml.Gather():
                return await self._gather(verb)

    async def _gather(self, verb: twiml.Gather) -> Input | None:
        """Read aloud and listen. An answer is passed on to the service; what it says then replaces the TwiML."""
        came: Input | None = None
        for words in verb.words:
            came = await self._speak(words, verb.listens_for)
            if came is not None:
                break
        else:
            came = await self._next(verb.timeout_s, verb.listens_for)
        match came:
            case Pressed(key):
                answer = {"Digits": key}
            case Said(words):
                answer = {"SpeechResult": words, "Confidence": "0.91"}
            case _:
                return came
        given = await self._webhooks.ask(Webhook(verb.action, {**self.fields(), **answer}))
        return Replaced(given)

    async def _speak(self, words: str, listens_for: frozenset[str]) -> Input | None:
        self.heard.append(words)
        return await self._next(len(words) / SPEED, listens_for)

    async def _next(self, seconds: float, listens_for: frozenset[str]) -> Input | None:
        """The next input that counts; None: the time passes without one."""
        until = self._clock.now() + timedelta(seconds=seconds)
        try:
            while True:
                async with time_limit(self._clock, (until - self._clock.now()).total_seconds()):
                    came = await self._inputs.get()
                wanted = {Pressed: "dtmf", Said: "speech"}.get(type(came))
                if wanted is None or wanted in listens_for:
                    return came
        except TimeoutError:
            return None

    def _stop_ringing(self, status: str) -> None:
        self._become(status)
        self._no_longer_rings.set()

    def _become(self, status: str) -> None:
        self.record["status"] = status
        self._tell_status()

    def _tell_status(self) -> None:
        event = _EVENTS.get(self.status, "completed")
        if self._callbacks.status is None or event not in self._callbacks.events:
            return
        fields = {**self.fields(), "SequenceNumber": str(self._sequence), "CallbackSource": "call-progress-events"}
        self._sequence += 1
        if event == "initiated":
            fields["CallStatus"] = "initiated"
        if (duration := self.record.get("duration")) is not None:
            fields["CallDuration"] = duration
        self._webhooks.tell(Webhook(self._callbacks.status, fields))

    async def _pause(self, seconds: float) -> None:
        await sleep_until(self._clock, self._clock.now() + timedelta(seconds=seconds))
