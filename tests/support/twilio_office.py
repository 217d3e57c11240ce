"""The whole service on the simulated telephone company, for tests that hold its telephones.

Requests go over HTTP in both directions, with signatures, in virtual time. An expectation that is not met yet moves
the clock on. At the end of the `async with` block a text or call that the test did not expect fails it, and so does a
webhook that the service refused.
"""

from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
from fakes import FakeClock
from fastapi import FastAPI
from office import Agency
from twilio_api import SID, TOKEN, TwilioApi

from app.api import create_app
from app.domain.phone_numbers import to_e164
from app.ports.store import Store
from app.settings import Settings, TwilioSettings
from app.simulation.twilio.account import Account
from app.simulation.twilio.calls import Call
from app.simulation.twilio.company import TelephoneCompany
from app.simulation.twilio.records import Record

OUR_NUMBER = "+16175550100"
PUBLIC_URL = "https://agency.example"
#: Seconds for which an expectation moves the clock on.
PATIENCE_S = 900.0

Arrived = TypeVar("Arrived")


class OnTheLine:
    """A call, and the person at the other end of it."""

    def __init__(self, office: "TwilioOffice", call: Call) -> None:
        self.call = call
        self._office = office
        #: How many of the words on the call the test has read.
        self._read = 0

    def picks_up(self) -> None:
        """Answer the call."""
        assert self.call.answer(), f"the call is {self.call.status}"

    def presses(self, key: str) -> None:
        """Press a key, after picking up if it rings."""
        self._pick_up()
        self.call.press(key)

    def says(self, words: str) -> None:
        """Say something, after picking up if it rings."""
        self._pick_up()
        self.call.say(words)

    async def hears(self, *words: str) -> None:
        """Check that what is said next has these words; waits for it."""
        await self._office.until(lambda: len(self.call.heard) > self._read, f"more on the call {self.call.heard}")
        heard = self.call.heard[self._read]
        self._read += 1
        missing = [word for word in words if word not in heard]
        assert not missing, f"heard {heard!r} without {missing}"

    async def ends(self, status: str) -> None:
        """Wait until the call has ended, and check its status."""
        await self._office.until(
            lambda: self.call.status not in ("queued", "ringing", "in-progress"), "the end of the call"
        )
        assert self.call.status == status

    def _pick_up(self) -> None:
        if self.call.status == "ringing":
            self.picks_up()
        assert self.call.status == "in-progress", f"the call is {self.call.status}"


class Phone:
    """One caregiver's telephone."""

    def __init__(self, office: "TwilioOffice", number: str) -> None:
        self.number = number
        self.line = office.company.phone(number)
        self._office = office

    async def expects_sms(self, *words: str) -> Record:
        """Wait for the next text, check that it has these words, and return it."""
        text = await self._next(self.line.texts, f"a text with {list(words)}")
        missing = [word for word in words if word not in text["body"]]
        assert not missing, f"{self.number} got {text['body']!r} without {missing}"
        return text

    async def expects_call(self) -> OnTheLine:
        """Wait until it rings."""
        return OnTheLine(self._office, await self._next(self.line.calls, "a call"))

    async def replies(self, body: str, **fields: str) -> None:
        """Text the service. `fields`: of the webhook, to add or to replace."""
        self._office.company.text_from(self.number, body, **fields)
        await self._office.settled()

    async def calls(self) -> OnTheLine:
        """Call the service."""
        call = self._office.company.call_from(self.number)
        await self._office.settled()
        return OnTheLine(self._office, call)

    async def _next(self, arrived: deque[Arrived], what: str) -> Arrived:
        await self._office.until(lambda: bool(arrived), f"{what} on {self.number}")
        return arrived.popleft()


class _ToTheService(httpx.AsyncBaseTransport):
    """The company's way to the service, which may be down."""

    def __init__(self) -> None:
        self.app: FastAPI | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.app is None:
            raise httpx.ConnectError("the service is down")
        return await httpx.ASGITransport(self.app).handle_async_request(request)


#: Makes a store for that clock and these settings.
NewStore = Callable[[FakeClock, Settings], Store]


class TwilioOffice(Agency):
    """The service with its lifespan, the company, and the clock of both. `settings` are fields of `Settings`."""

    def __init__(self, new_store: NewStore, **settings: Any) -> None:
        self.clock = FakeClock()
        self._to_the_service = _ToTheService()
        account = Account(
            sid=SID,
            token=TOKEN,
            numbers=(OUR_NUMBER,),
            sms_url=f"{PUBLIC_URL}/webhooks/twilio/sms",
            voice_url=f"{PUBLIC_URL}/webhooks/twilio/voice",
        )
        self.company = TelephoneCompany(account, self.clock, httpx.AsyncClient(transport=self._to_the_service))
        self.api = TwilioApi(self.clock, self.company)
        twilio = TwilioSettings(account_sid=SID, auth_token=(TOKEN,), from_number=OUR_NUMBER)
        defaults = {"data": None, "notifier": "twilio", "twilio": twilio, "public_url": PUBLIC_URL}
        self.settings = Settings(**{**defaults, **settings})
        self.store = new_store(self.clock, self.settings)
        #: The webhooks that the test expects to fail, as the company names them.
        self.problems: list[str] = []

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            await self.settled()
        if self._to_the_service.app is not None:
            await self.stop()
        await self.company.aclose()
        if kind is None:
            texts = [text["body"] for phone in self.company.phones() for text in phone.texts]
            assert not texts, f"{len(texts)} unexpected texts: {texts}"
            calls = [call.record["to"] for phone in self.company.phones() for call in phone.calls]
            assert not calls, f"{len(calls)} unexpected calls: {calls}"
            problems = self.company.webhooks.problems
            assert problems == self.problems, f"webhooks failed: {problems}"

    async def start(self) -> None:
        """Start the service, for the first time or again on the same store."""
        app = create_app(self.settings, clock=self.clock, store=self.store, connect=self.api.connect)
        self._lifespan = app.router.lifespan_context(app)
        await self._lifespan.__aenter__()
        self._to_the_service.app = app
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://service")

    async def stop(self) -> None:
        """Stop the service; webhooks can't connect until it starts again."""
        self._to_the_service.app = None
        await self.http.aclose()
        await self._lifespan.__aexit__(None, None, None)

    async def until(self, condition: Callable[[], bool], what: str) -> None:
        """Move the clock on, from timer to timer, until the condition holds."""
        began_at = self.clock.now()
        await self.settled()
        while not condition():
            next_at = self.clock.next_at()
            waited_s = PATIENCE_S if next_at is None else (next_at - began_at).total_seconds()
            assert waited_s < PATIENCE_S, f"waited in vain for {what}"
            await self.clock.step()

    async def caregiver(self, id_: str, number: str, **fields: Any) -> Phone:
        """Send a PUT for a caregiver; returns their telephone."""
        await self.put_caregiver(id_, number, **fields)
        return Phone(self, to_e164(number))

    async def ignore_calls(self, *phones: Phone) -> None:
        """Let each of these telephones ring, if it is called within a minute, without an answer."""
        await self.minutes(1)
        for phone in phones:
            phone.line.calls.clear()

    async def counts(self, shift_id: str) -> dict[str, int]:
        """How many offers of the shift's fanout have which status, without the zeros."""
        return {status: count for status, count in (await self.report(shift_id))["counts"].items() if count}


async def three_phones(office: TwilioOffice) -> list[Phone]:
    """The telephones of three nurses, who have just been asked by text about the shift s1."""
    numbers = {"ann": "+16175550111", "ben": "+16175550112", "cleo": "+16175550113"}
    phones = [await office.caregiver(id_, number) for id_, number in numbers.items()]
    await office.fanout(await office.shift("s1"))
    for phone in phones:
        await phone.expects_sms("Open RN shift", "Reply YES")
    return phones


#: Builds a `TwilioOffice` from fields of `Settings`.
NewTwilioOffice = Callable[..., TwilioOffice]
