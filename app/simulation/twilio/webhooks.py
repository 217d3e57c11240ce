"""The requests that the company makes to the service: signed as Twilio signs them, and as unreliable as asked for."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

import httpx

from app.clock import sleep_until, time_limit
from app.notifiers.twilio.signature import sign
from app.ports.clock import Clock
from app.simulation.twilio.account import Account

log = logging.getLogger("shift_fanout.simulation.twilio")

#: Twilio waits this many seconds for an answer.
ANSWER_S = 15.0


@dataclass(frozen=True, slots=True)
class Webhook:
    """One request to the service. `fields`: of its form."""

    url: str
    fields: dict[str, str]


#: For each webhook the seconds after which a copy of it is sent, one for each copy: `(0.0,)` is the ordinary case,
#: `()` loses it, `(0.0, 0.0)` repeats it, and `(30.0,)` lets later ones overtake it.
Copies = Callable[[Webhook], Sequence[float]]


def once(_: Webhook) -> Sequence[float]:
    """Every webhook is sent once and at once."""
    return (0.0,)


class Webhooks:
    """Sends webhooks. `http` None: none is sent."""

    def __init__(self, account: Account, clock: Clock, http: httpx.AsyncClient | None) -> None:
        self.copies: Copies = once
        #: What went wrong, with Twilio's error codes where it has some.
        self.problems: list[str] = []
        self._account = account
        self._clock = clock
        self._http = http
        self._numbers = count(1)
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run what makes webhooks in the background. Logs an error if it fails."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    async def aclose(self) -> None:
        """Cancel everything that runs in the background, and make no further webhook."""
        self._http = None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def tell(self, webhook: Webhook) -> None:
        """Send every copy in the background. The answers do not matter."""
        for after_s in self.copies(webhook):
            self.start(self._send_later(webhook, after_s))

    async def ask(self, webhook: Webhook) -> str | None:
        """The TwiML that the service answers with; None if there is no usable answer.

        A first copy is answered; a second one, if there is any, is sent in the background.
        """
        delays = sorted(self.copies(webhook))
        if not delays:
            return None
        for after_s in delays[1:]:
            self.start(self._send_later(webhook, after_s))
        await self._pause(delays[0])
        response = await self._post(webhook)
        return None if response is None else response.text

    def problem(self, text: str) -> None:
        """Keep what went wrong, and log it."""
        self.problems.append(text)
        log.warning("simulation.webhook %s", text)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("simulation.failed", exc_info=error)

    async def _send_later(self, webhook: Webhook, after_s: float) -> None:
        await self._pause(after_s)
        await self._post(webhook)

    async def _pause(self, seconds: float) -> None:
        await sleep_until(self._clock, self._clock.now() + timedelta(seconds=seconds))

    async def _post(self, webhook: Webhook) -> httpx.Response | None:
        """The answer with a 2xx; None: there is none. A request that cannot connect is made once more."""
        if self._http is None:
            return None
        headers = {
            self._account.signature_header: sign(self._account.token, webhook.url, list(webhook.fields.items())),
            "I-Twilio-Idempotency-Token": f"simulated-{next(self._numbers)}",
        }
        for _ in range(2):
            try:
                async with time_limit(self._clock, ANSWER_S):
                    response = await self._http.post(webhook.url, data=webhook.fields, headers=headers)
            except httpx.ConnectError:
                continue
            except (httpx.HTTPError, TimeoutError) as exc:
                self.problem(f"11205 no answer: {type(exc).__name__} from {webhook.url}")
                return None
            if not response.is_success:
                self.problem(f"11200 HTTP {response.status_code} from {webhook.url}")
                return None
            return response
        self.problem(f"11205 no connection to {webhook.url}")
        return None
