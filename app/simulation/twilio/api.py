"""The company's HTTP: the operations of Twilio's API that the service uses, as an ASGI application.

Source: https://www.twilio.com/docs/messaging/api/message-resource, https://www.twilio.com/docs/voice/api,
https://www.twilio.com/docs/iam/api/account and
https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource.
"""

import hmac
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.clock import sleep_until
from app.simulation.twilio import listing
from app.simulation.twilio.account import Refused
from app.simulation.twilio.company import Fault, TelephoneCompany
from app.simulation.twilio.records import Record

#: Fields of a form that may be repeated; their values are lists.
_LISTS = {"StatusCallbackEvent"}

Fields = Mapping[str, Any]


def application(company: TelephoneCompany) -> Starlette:
    """The API of this company."""
    api = _Api(company)
    account = "/2010-04-01/Accounts/{account}"
    return Starlette(
        routes=[
            Route(f"{account}.json", api.account, methods=["GET"]),
            Route(f"{account}/IncomingPhoneNumbers.json", api.numbers, methods=["GET"]),
            Route(f"{account}/Messages.json", api.messages, methods=["GET", "POST"]),
            Route(f"{account}/Messages/{{sid}}.json", api.message, methods=["GET"]),
            Route(f"{account}/Calls.json", api.calls, methods=["GET", "POST"]),
            Route(f"{account}/Calls/{{sid}}.json", api.call, methods=["GET", "POST"]),
        ]
    )


class _Api:
    def __init__(self, company: TelephoneCompany) -> None:
        self._company = company
        #: When the last requests came, for the limit on requests per second.
        self._taken_at: list[datetime] = []

    async def account(self, request: Request) -> Response:
        account = self._company.account
        kind = "Trial" if account.trial else "Full"
        shown = {"sid": account.sid, "friendly_name": "simulated", "status": account.status, "type": kind}
        return await self._answer(request, lambda _: shown)

    async def numbers(self, request: Request) -> Response:
        """The numbers of the account; with `PhoneNumber` only that one."""

        def find(query: Fields) -> Record:
            account = self._company.account
            wanted = [one for one in account.numbers if query.get("PhoneNumber") in (None, one)]
            found = [
                {
                    "sid": f"PN{position + 1:032x}",
                    "phone_number": number,
                    "capabilities": {"sms": True, "voice": True, "mms": True},
                    "sms_url": account.sms_url or "",
                    "sms_method": "POST",
                    "voice_url": account.voice_url or "",
                    "voice_method": "POST",
                }
                for position, number in enumerate(wanted)
            ]
            return {"incoming_phone_numbers": found, "next_page_uri": None}

        return await self._answer(request, find)

    async def messages(self, request: Request) -> Response:
        if request.method == "POST":
            return await self._answer(request, self._company.create_message)
        return await self._list(request, "messages", self._company.messages)

    async def message(self, request: Request) -> Response:
        return await self._answer(request, lambda _: self._company.message(request.path_params["sid"]))

    async def calls(self, request: Request) -> Response:
        if request.method == "POST":
            return await self._answer(request, self._company.create_call)
        return await self._list(request, "calls", self._company.calls)

    async def call(self, request: Request) -> Response:
        sid = request.path_params["sid"]
        if request.method == "POST":
            return await self._answer(request, lambda fields: self._company.update_call(sid, fields))
        return await self._answer(request, lambda _: self._company.call(sid).record)

    async def _list(self, request: Request, name: str, stored: Sequence[Record]) -> Response:
        return await self._answer(
            request, lambda query: listing.page(name, reversed(stored), query, request.url.path)
        )

    async def _answer(self, request: Request, operate: Callable[[Fields], Record]) -> Response:
        """Do what is asked, unless something goes wrong with this request."""
        if not self._is_authorized(request):
            return _error(401, 20003)
        if self._is_too_fast():
            return _error(429, 20429)
        reads = request.method == "GET"
        faults = self._company.read_faults if reads else self._company.faults
        fault = (faults.popleft() if faults else None) or Fault()
        fields = dict(request.query_params) if reads else _form(await request.body())
        status = 201 if not reads and "sid" not in request.path_params else 200
        try:
            if fault.status is None or fault.carried_out:
                answer: Response = JSONResponse(operate(fields), status)
            if fault.status is not None:
                answer = _error(fault.status, fault.code)
        except Refused as refused:
            answer = _error(refused.status, refused.code)
        if fault.after_s:
            clock = self._company.clock
            await sleep_until(clock, clock.now() + timedelta(seconds=fault.after_s))
        return answer

    def _is_authorized(self, request: Request) -> bool:
        account = self._company.account
        expected = "Basic " + b64encode(f"{account.sid}:{account.token}".encode()).decode()
        given = request.headers.get("authorization", "")
        right = hmac.compare_digest(given.encode(errors="replace"), expected.encode())
        return right and request.path_params["account"] == account.sid

    def _is_too_fast(self) -> bool:
        most = self._company.account.requests_per_s
        if most is None:
            return False
        now = self._company.clock.now()
        self._taken_at = [moment for moment in self._taken_at if moment > now - timedelta(seconds=1)]
        if len(self._taken_at) >= most:
            return True
        self._taken_at.append(now)
        return False


def _form(body: bytes) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, value in parse_qsl(body.decode(errors="replace"), keep_blank_values=True):
        if name in _LISTS:
            fields.setdefault(name, []).append(value)
        else:
            fields[name] = value
    return fields


def _error(status: int, code: int | None) -> Response:
    """An error as Twilio writes it. The message has a telephone number, as many of the real ones do."""
    if code is None:
        return Response("<html>sorry</html>", status)
    message = "The 'To' number +15555550101 is wrong"
    return JSONResponse({"code": code, "message": message, "more_info": "", "status": status}, status)
