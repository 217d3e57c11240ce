"""Posts facts to the address of the agency's choice, signed as the Standard Webhooks specification says."""

from typing import TYPE_CHECKING

import httpx
from pydantic_core import to_json

from app.domain.facts import LogEntry
from app.errors import EventNotTaken
from app.notifiers.connections import Connect, Connections, basic_authorization, release
from app.notifiers.retry_after import seconds_until
from app.notifiers.standard_webhooks import secret_bytes, signed_headers
from app.ports.clock import Clock
from app.ports.events import EventReceiver


def event_body(entry: LogEntry) -> bytes:
    """The JSON of an event: `{"type", "timestamp", "data"}`. The same for each try."""
    fact = entry.fact
    data = {
        **fact.data,
        "id": str(entry.id),
        "shift_id": fact.shift_id,
        "caregiver_id": fact.caregiver_id,
        "actor": fact.actor,
    }
    return to_json({"type": fact.type, "timestamp": fact.at, "data": data})


class EventWebhook:
    """Implements `EventReceiver`. A 2xx answer means that the event was taken; any other, that it was not."""

    timeout_s = 10.0

    def __init__(self, url: str, secret: str, clock: Clock, connect: Connect | None = None) -> None:
        """`url` may contain a user and a password. `secret`: see `secret_bytes`. `connect`: see `Connections`."""
        self._url = httpx.URL(url)
        self._key = secret_bytes(secret)
        self._headers = {"content-type": "application/json"}
        if self._url.userinfo:
            self._headers["authorization"] = basic_authorization(self._url.username, self._url.password)
        self._clock = clock
        self._connections = Connections(clock, connect)

    async def post(self, entry: LogEntry) -> None:
        """See `EventReceiver`."""
        body = event_body(entry)
        signature = signed_headers(self._key, str(entry.id), int(self._clock.now().timestamp()), body)
        request = httpx.Request("POST", self._url, headers={**self._headers, **signature}, content=body)
        try:
            with self._connections.use() as connection:
                response = await connection.handle_async_request(request)
                await release(response, self._clock)
        except httpx.HTTPError as exc:
            raise EventNotTaken(f"no answer: {type(exc).__name__}") from exc
        if not 200 <= response.status_code < 300:
            retry_after_s = seconds_until(response.headers.get("retry-after"), self._clock.now())
            raise EventNotTaken(f"HTTP {response.status_code}", retry_after_s)

    async def aclose(self) -> None:
        """See `EventReceiver`."""
        await self._connections.aclose()


if TYPE_CHECKING:
    # Lets mypy check that the class implements the protocol.
    def _conforms(receiver: EventWebhook) -> EventReceiver:
        return receiver
