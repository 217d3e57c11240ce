"""The simulated telephone company in place of Twilio. Its requests and answers must fit the published description."""

from collections import deque
from collections.abc import Callable
from typing import Any

import httpx
from twilio_description import Request, check_answer, check_request

from app.ports.clock import Clock
from app.simulation.twilio.account import Account
from app.simulation.twilio.api import application
from app.simulation.twilio.company import TelephoneCompany
from app.simulation.twilio.records import Record

SID = "AC" + "0" * 32
TOKEN = "the-secret-token"
BASE_URL = "https://api.twilio.com"

#: An error of a request: the status of HTTP and Twilio's code; or what httpx raises.
Answer = tuple[int, int | None] | Exception | httpx.Response


class TwilioApi:
    """Takes requests as a transport of httpx does, and answers as Twilio would.

    `faults`: what to answer to the next requests that create or change something, in order: (whether the request is
    carried out all the same, the answer); None: nothing goes wrong. `list_faults`: the same for lists.
    Raises AssertionError for a request that the description does not allow.
    """

    def __init__(self, clock: Clock, company: TelephoneCompany | None = None) -> None:
        """`company`: the one that answers; None: a new one, which sends no webhooks."""
        self.company = company or TelephoneCompany(
            Account(
                sid=SID,
                token=TOKEN,
                numbers=("+15555550100", "+15555550199"),
                messaging_service_sid="MG" + "1" * 32,
            ),
            clock,
        )
        self._transport = httpx.ASGITransport(application(self.company))
        self.requests: list[Request] = []
        self.faults: deque[tuple[bool, Answer] | None] = deque()
        self.list_faults: deque[Answer | None] = deque()
        #: Called before each answer; it may wait.
        self.before_answer: Callable[[Request], Any] = lambda _: None

    @property
    def messages(self) -> list[Record]:
        """The messages, the oldest first."""
        return self.company.messages

    @property
    def calls(self) -> list[Record]:
        """The calls, the oldest first."""
        return self.company.calls

    def connect(self) -> httpx.MockTransport:
        """A connection to this API."""
        return httpx.MockTransport(self._answer)

    def created(self, operation: str) -> list[dict[str, Any]]:
        """The fields of each request for that operation, in order."""
        return [one.fields for one in self.requests if one.operation == operation]

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        asked = check_request(request)
        self.requests.append(asked)
        waiting = self.before_answer(asked)
        if waiting is not None:
            await waiting
        if asked.operation.startswith("List"):
            fault = self.list_faults.popleft() if self.list_faults else None
            carried_out = fault is None
        else:
            carried_out, fault = (self.faults.popleft() if self.faults else None) or (True, None)
        if carried_out:
            response = await self._transport.handle_async_request(request)
            await response.aread()
            if response.is_success:
                check_answer(asked.operation, response.json())
        return response if fault is None else _fault(fault)


def _fault(answer: Answer) -> httpx.Response:
    if isinstance(answer, Exception):
        raise answer
    return answer if isinstance(answer, httpx.Response) else _error(*answer)


def _error(status: int, code: int | None) -> httpx.Response:
    """An error as Twilio writes it. The message has a telephone number, as many of the real ones do."""
    body = {"code": code, "message": "The 'To' number +15555550101 is wrong", "more_info": "", "status": status}
    return (
        httpx.Response(status, json=body) if code is not None else httpx.Response(status, text="<html>sorry</html>")
    )
