"""Hands messages to an HTTP endpoint of the operator's choice, one POST each.

What the answers mean: 2xx sent; 408, 425, 429 and 5xx try again later; any other answer is final. A connection
that could not be made carried nothing; one that broke later may have.
"""

import re
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import httpx
from pydantic_core import to_json

from app.clock import time_limit
from app.domain.decisions import Message
from app.errors import PermanentFailure, TemporaryFailure
from app.notifiers.connections import Connections
from app.ports.clock import Clock
from app.ports.notifier import Notifier

_TRY_LATER = frozenset({408, 425, 429})
#: Failures before a single byte of the request was sent.
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


#: RFC 9110 has whole seconds; fractions are seen in the wild.
_SECONDS = re.compile(r"[0-9]+(\.[0-9]+)?", re.ASCII)
#: The body of an answer is read for this long, and up to this size.
BODY_WITHIN_S = 1.0
LONGEST_ANSWER_BYTES = 64 * 1024


class WebhookNotifier:
    """Implements `Notifier`. The receiver must drop a repeat of the same `Idempotency-Key`."""

    timeout_s = 10.0
    honours_keys = True

    def __init__(self, url: str, clock: Clock, connect: Callable[[], httpx.AsyncBaseTransport] | None = None) -> None:
        """`connect`: see `Connections`."""
        self._url = httpx.URL(url)
        self._headers = {"content-type": "application/json"}
        if self._url.userinfo:
            credentials = f"{self._url.username}:{self._url.password}".encode()
            self._headers["authorization"] = "Basic " + b64encode(credentials).decode()
        self._clock = clock
        self._connections = Connections(clock, connect)

    async def send(self, message: Message) -> None:
        """See `Notifier`."""
        request = httpx.Request(
            "POST",
            self._url,
            headers={**self._headers, "idempotency-key": message.id},
            content=to_json(message),
        )
        try:
            with self._connections.use() as connection:
                response = await connection.handle_async_request(request)
                await self._release(response)
        except _NOT_SENT as exc:
            raise TemporaryFailure(f"no connection: {type(exc).__name__}") from exc
        status = response.status_code
        if 200 <= status < 300:
            return
        if status in _TRY_LATER or status >= 500:
            raise TemporaryFailure(f"HTTP {status}", self._rest_s(response.headers.get("retry-after")))
        raise PermanentFailure(f"HTTP {status}")

    async def _release(self, response: httpx.Response) -> None:
        """Make the connection free for the next message.

        Only a connection whose answer was read to its end can be used again. The body says nothing that the status
        does not, so one that is long or slow is not worth reading: then the connection is closed.
        """
        read = 0
        with suppress(httpx.HTTPError, TimeoutError):
            async with time_limit(self._clock, BODY_WITHIN_S):
                if isinstance(response.stream, httpx.AsyncByteStream):
                    async for part in response.stream:
                        read += len(part)
                        if read > LONGEST_ANSWER_BYTES:
                            break
        await response.aclose()

    def _rest_s(self, retry_after: str | None) -> float | None:
        """The seconds of a `Retry-After`, which RFC 9110 allows as a number or as a date; None if neither."""
        if retry_after is None:
            return None
        if _SECONDS.fullmatch(retry_after.strip()):
            return float(retry_after)
        try:
            when = parsedate_to_datetime(retry_after)
        except (ValueError, OverflowError):
            return None
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
        return max(0.0, (when - self._clock.now()).total_seconds())

    async def aclose(self) -> None:
        """See `Notifier`."""
        await self._connections.aclose()


if TYPE_CHECKING:

    def _conforms(notifier: WebhookNotifier) -> Notifier:
        return notifier
