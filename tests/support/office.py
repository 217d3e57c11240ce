"""The whole service with a fake clock and simulated telephones, for tests: expect a text, reply, expect a call.

A message that the test did not expect fails it at the end of the `async with` block.
"""

from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Any, Self

import httpx
from fakes import FakeClock
from opentelemetry.trace import TracerProvider

from app.api import create_app
from app.domain.decisions import Message
from app.domain.phone_numbers import to_e164
from app.domain.records import Channel
from app.notifiers.connections import Connect
from app.ports.clock import Clock
from app.ports.events import EventReceiver
from app.ports.reader import ReplyReader
from app.ports.store import Store
from app.settings import Settings
from app.simulation.clock import settled
from app.simulation.phones import PhoneNetwork


class Phone:
    """One caregiver's telephone: a test checks the messages on it, and replies."""

    def __init__(self, office: "Office", number: str) -> None:
        self.number = number
        self.unread = office.notifier.phone(number).unread
        self._office = office

    def expect_sms(self, *words: str) -> Message:
        """Check that the oldest unread message is an SMS with these words, and return it."""
        return self._expect(Channel.SMS, words)

    def expect_call(self, *words: str) -> Message:
        """Check that the oldest unread message is a call with these words, and return it."""
        return self._expect(Channel.VOICE, words)

    def expect_nothing(self) -> None:
        """Check that no message is unread."""
        assert not self.unread, f"{self.number} got {[message.body for message in self.unread]}"

    def _expect(self, channel: Channel, words: Iterable[str]) -> Message:
        assert self.unread, f"{self.number} got no message; expected {channel} with {list(words)}"
        message = self.unread.popleft()
        assert message.channel is channel, f"{self.number} got {message.channel} {message.body!r}"
        missing = [word for word in words if word not in message.body]
        assert not missing, f"{self.number} got {message.body!r} without {missing}"
        return message

    async def replies(self, body: str, **fields: Any) -> dict[str, Any]:
        """Reply by SMS, or on a call with channel="voice"; returns the service's answer once all tasks are idle."""
        answer = await self._office.inbound(self.number, body, **fields)
        await self._office.settled()
        return answer


def shift_body(day: int, hours: str = "08-16", role: str = "RN", **fields: Any) -> dict[str, Any]:
    """The body of a PUT for a shift: see `Agency.shift`."""
    start, end = (int(hour) for hour in hours.split("-"))
    return {
        "organization_id": "org",
        "role_required": role,
        "start_time": f"2026-07-{day + start // 24:02}T{start % 24:02}:00:00Z",
        "end_time": f"2026-07-{day + end // 24:02}T{end % 24:02}:00:00Z",
        **fields,
    }


class Agency:
    """What an agency does over HTTP, in the time of a fake clock."""

    clock: FakeClock
    http: httpx.AsyncClient

    async def settled(self) -> None:
        """Run all tasks until each waits for time to pass."""
        await settled(self.clock.busy)

    async def minutes(self, count: float) -> None:
        """Move the clock forward by that many minutes."""
        await self.clock.advance(count * 60)
        await self.settled()

    async def put_caregiver(self, id_: str, number: str, role: str | None = "RN", **fields: Any) -> None:
        """Send a PUT for a caregiver."""
        body = {"name": f"Name of {id_}", "role": role, "phone": number, **fields}
        response = await self.http.put(f"/caregivers/{id_}", json=body)
        assert response.status_code in (200, 201), response.text

    async def shift(self, id_: str, day: int = 2, hours: str = "08-16", role: str = "RN", **fields: Any) -> str:
        """Send a PUT for a shift in July 2026 (UTC); returns its id. `hours`: "08-16", or "20-30" past midnight."""
        response = await self.http.put(f"/shifts/{id_}", json=shift_body(day, hours, role, **fields))
        assert response.status_code in (200, 201), response.text
        return id_

    async def shifts(self, days: Mapping[str, int]) -> None:
        """Put at most a thousand shifts in one request: the day in July 2026 (UTC) by the id."""
        body = [{"id": id_, **shift_body(day)} for id_, day in days.items()]
        response = await self.http.put("/shifts", json=body)
        assert response.status_code == 200, response.text
        assert {one["status"] for one in response.json()["results"]} <= {200, 201}, response.text

    async def post(self, shift_id: str) -> httpx.Response:
        """Post the shift's fanout; does not wait for its messages."""
        return await self.http.post(f"/shifts/{shift_id}/fanout")

    async def fanout(self, shift_id: str) -> dict[str, Any]:
        """Post the shift's fanout and wait until its messages are sent; returns the answer."""
        response = await self.post(shift_id)
        await self.settled()
        assert response.status_code in (200, 202), response.text
        return dict(response.json())

    async def assign(self, shift_id: str, caregiver_id: str) -> httpx.Response:
        """Assign the shift to the caregiver; does not wait for messages."""
        return await self.http.post(f"/shifts/{shift_id}/assign", json={"caregiver_id": caregiver_id})

    async def release(self, shift_id: str, held_by: str | None = None) -> httpx.Response:
        """Release the shift, with `held_by` only if that caregiver holds it; does not wait for messages."""
        body = None if held_by is None else {"caregiver_id": held_by}
        return await self.http.post(f"/shifts/{shift_id}/release", json=body)

    async def report(self, shift_id: str) -> dict[str, Any]:
        """The shift's fanout in full."""
        response = await self.http.get(f"/shifts/{shift_id}/fanout")
        assert response.status_code == 200, response.text
        return dict(response.json())

    async def inbound(self, number: str, body: str, **fields: Any) -> dict[str, Any]:
        """Post an inbound message, as a gateway does; does not wait for the reply to be sent."""
        response = await self.http.post("/messages/inbound", json={"from": number, "body": body, **fields})
        assert response.status_code == 200, response.text
        return dict(response.json())


class Office(Agency):
    """The service with its own clock and telephones, called over ASGI as the agency's office would call it.

    Its lifespan runs only with `lifespan`; `settings` are fields of `Settings`.
    """

    def __init__(
        self,
        *,
        lifespan: bool = False,
        store: Store | None = None,
        notifier: Callable[[Clock], PhoneNetwork] = PhoneNetwork,
        connect: Connect | None = None,
        clock: FakeClock | None = None,
        reader: Callable[[Clock], ReplyReader] | None = None,
        second_reader: Callable[[Clock], ReplyReader] | None = None,
        event_receiver: EventReceiver | None = None,
        tracer_provider: TracerProvider | None = None,
        **settings: Any,
    ) -> None:
        self.clock = clock or FakeClock()
        self.notifier = notifier(self.clock)
        self.settings = Settings(**settings)
        self.app = create_app(
            self.settings,
            clock=self.clock,
            notifier=self.notifier,
            classifier=reader(self.clock) if reader else None,
            second_reader=second_reader(self.clock) if second_reader else None,
            store=store,
            event_receiver=event_receiver,
            connect=connect,
            tracer_provider=tracer_provider,
        )
        self._lifespan = self.app.router.lifespan_context(self.app) if lifespan else None
        transport = httpx.ASGITransport(app=self.app)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://service")

    async def __aenter__(self) -> Self:
        if self._lifespan is not None:
            await self._lifespan.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            await self.settled()
            unexpected = [message for phone in self.notifier.phones.values() for message in phone.unread]
            assert not unexpected, f"{len(unexpected)} unexpected messages, the first: {unexpected[0]}"
        await self.http.aclose()
        if self._lifespan is not None:
            await self._lifespan.__aexit__(kind, error, trace)

    async def stop(self) -> None:
        """End the lifespan, as a server does that is told to stop. Call it once at most."""
        lifespan, self._lifespan = self._lifespan, None
        assert lifespan is not None, "opened without a lifespan"
        await lifespan.__aexit__(None, None, None)

    async def all_read(self) -> None:
        """Mark every message as read."""
        await self.settled()
        for phone in self.notifier.phones.values():
            phone.unread.clear()

    async def days(self, count: int) -> None:
        """Set the clock forward, and run what is due then.

        The clock jumps, because stepping through days would run the worker's loop every few seconds and take long.
        """
        self.clock.set_forward(count * 86_400 - 60)
        await self.minutes(1)

    def phone(self, number: str) -> Phone:
        """The telephone with that number, in any usual form."""
        return Phone(self, to_e164(number))

    async def caregiver(self, id_: str, number: str, role: str | None = "RN", **fields: Any) -> Phone:
        """Send a PUT for a caregiver; returns their telephone."""
        await self.put_caregiver(id_, number, role, **fields)
        return self.phone(number)


#: Builds an `Office` from the same arguments.
NewOffice = Callable[..., Office]
