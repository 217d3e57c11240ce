"""Hands each message to a gateway of the operator's choice, with one HTTP POST.

What the answers mean: 2xx sent; 425 and most 5xx not sent, a later try may work; 408, 500, 502 and 504 perhaps sent;
429 too many messages on this channel; 401, 403, 404 and a redirect (3xx) the gateway is set up wrongly and takes no
message; any other status never. If no connection could be made, the message was certainly not sent; if it broke
later, it may have been sent.
"""

from dataclasses import asdict
from typing import TYPE_CHECKING

import httpx
from pydantic_core import to_json

from app.domain.decisions import Message
from app.errors import Misconfigured, PermanentFailure, TemporaryFailure, Throttled, Uncertain
from app.notifiers.connections import NOT_CONNECTED, Connect, Connections, basic_authorization, release
from app.notifiers.retry_after import seconds_until
from app.ports.clock import Clock
from app.ports.notifier import FullNotifier

#: The gateway refuses everything: its key, its address or its account is wrong.
_SET_UP_WRONGLY = frozenset({401, 403, 404})
#: A gateway may give these answers after it has sent the message; it drops a repeat of the same key.
_MAY_HAVE_SENT = frozenset({408, 500, 502, 504})
#: Fields of a message that are not part of what the gateway gets.
_NOT_SENT = {"first_attempt_at", "language", "worth_until"}


class WebhookNotifier:
    """Implements `Notifier`. The receiver must drop a repeat of the same `Idempotency-Key`."""

    timeout_s = 10.0
    honours_keys = True

    def __init__(self, url: str, clock: Clock, connect: Connect | None = None) -> None:
        """`url` may contain a user and a password, for basic authentication. `connect`: see `Connections`."""
        self._url = httpx.URL(url)
        self._headers = {"content-type": "application/json"}
        if self._url.userinfo:
            self._headers["authorization"] = basic_authorization(self._url.username, self._url.password)
        self._clock = clock
        self._connections = Connections(clock, connect)

    async def send(self, message: Message) -> None:
        """See `Notifier`."""
        request = httpx.Request(
            "POST",
            self._url,
            headers={**self._headers, "idempotency-key": message.id},
            # A message to an office is to no caregiver.
            content=to_json({**asdict(message), "caregiver_id": message.caregiver_id or None}, exclude=_NOT_SENT),
        )
        try:
            with self._connections.use() as connection:
                response = await connection.handle_async_request(request)
                await release(response, self._clock)
        except NOT_CONNECTED as exc:
            raise TemporaryFailure(f"no connection: {type(exc).__name__}") from exc
        status = response.status_code
        if 200 <= status < 300:
            return
        retry_after_s = seconds_until(response.headers.get("retry-after"), self._clock.now())
        if status == 429:
            raise Throttled(f"HTTP {status}", retry_after_s)
        # A redirect is not followed, because numbers go to no address but FANOUT_WEBHOOK_URL. So that URL is wrong.
        if status in _SET_UP_WRONGLY or 300 <= status < 400:
            raise Misconfigured(f"HTTP {status}")
        if status in _MAY_HAVE_SENT:
            raise Uncertain(f"HTTP {status}", retry_after_s)
        if status == 425 or status >= 500:
            raise TemporaryFailure(f"HTTP {status}", retry_after_s)
        raise PermanentFailure(f"HTTP {status}")

    async def aclose(self) -> None:
        """See `Notifier`."""
        await self._connections.aclose()


if TYPE_CHECKING:
    # Lets mypy check that the class implements the protocol.
    def _conforms(notifier: WebhookNotifier) -> FullNotifier:
        return notifier
