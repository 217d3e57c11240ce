"""The requests to Twilio's REST API: create a message or a call, list those to a number, cancel or change a call.

Source: https://www.twilio.com/docs/messaging/api/message-resource and https://www.twilio.com/docs/voice/api.
Nothing is tried again here, because Twilio has no idempotency keys: a request that was not answered may have been
carried out.
"""

import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

import httpx

from app.clock import time_limit
from app.domain.receipts import is_provider_id
from app.errors import TemporaryFailure, Uncertain
from app.notifiers.connections import NOT_CONNECTED, Connect, Connections, basic_authorization
from app.notifiers.retry_after import seconds_until
from app.notifiers.twilio.codes import CALL_NOT_IN_PROGRESS, failure_of
from app.notifiers.twilio.entries import ReceiptOf, Received, Sent, created_at, is_outbound, received, sent
from app.notifiers.twilio.statuses import call_receipt, message_receipt
from app.ports.clock import Clock

BASE_URL = "https://api.twilio.com"
#: Seconds that one request may take, and, of these, that the connection may take.
REQUEST_S = 10.0
_CONNECT_S = 5.0
#: An answer with more bytes is not read further, and counts as unreadable.
MAX_BODY_BYTES = 1024 * 1024
#: Messages per page of a list, and how many pages are read at most.
_PAGE_SIZE = 100
_MOST_PAGES = 10
#: The limits that Twilio sets for `ValidityPeriod`, in seconds. Below five it recommends none.
_SHORTEST_VALIDITY_S, _LONGEST_VALIDITY_S = 5, 36_000

Fields = list[tuple[str, str]]
EntryT = TypeVar("EntryT", Sent, Received)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    status: int
    #: The JSON object in the body; empty if there is none.
    content: dict[str, Any]
    retry_after_s: float | None

    @property
    def accepted(self) -> bool:
        return 200 <= self.status < 300

    @property
    def code(self) -> int | None:
        code = self.content.get("code")
        return code if isinstance(code, int) else None


class TwilioClient:
    """Makes requests for one account. Several may be under way at the same time.

    Every method but `aclose` raises a subclass of NotifierFailure if the request was not carried out, or Uncertain if
    that is not known.
    """

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        clock: Clock,
        *,
        base_url: str = BASE_URL,
        connect: Connect | None = None,
    ) -> None:
        """`base_url`: of Twilio or of a provider with the same API, with its path. `connect`: see `Connections`."""
        self._base_url = httpx.URL(base_url.rstrip("/"))
        self._account = f"{self._base_url}/2010-04-01/Accounts/{quote(account_sid, safe='')}"
        self._authorization = basic_authorization(account_sid, auth_token)
        self._clock = clock
        self._connections = Connections(clock, connect)

    async def create_message(
        self,
        *,
        to: str,
        body: str,
        from_number: str | None,
        messaging_service_sid: str | None,
        status_callback: str | None,
        validity_s: float,
    ) -> Sent:
        """Have a text sent. At least one of `from_number` and `messaging_service_sid` is needed.

        `status_callback`: the URL that gets each new status. `validity_s`: a text that waits for longer than this at
        Twilio is dropped; rounded to what Twilio allows.
        """
        seconds = min(max(int(validity_s), _SHORTEST_VALIDITY_S), _LONGEST_VALIDITY_S)
        fields = [("To", to), ("Body", body), ("ValidityPeriod", str(seconds))]
        fields += _given(From=from_number, MessagingServiceSid=messaging_service_sid, StatusCallback=status_callback)
        return self._created(await self._request("POST", f"{self._account}/Messages.json", fields), message_receipt)

    async def create_call(
        self,
        *,
        to: str,
        from_number: str,
        twiml: str,
        status_callback: str | None,
        ring_s: int,
        machine_callback: str | None = None,
    ) -> Sent:
        """Have a call made. `twiml`: what is done once somebody answers. `ring_s`: for how long it rings.

        `status_callback`: the URL that is told when the call is answered and when it ends. `machine_callback`: the
        URL that is told whether a machine has answered, at the end of its greeting, so that a message can be left
        with `change_call`; None: that is not found out. A person hears the TwiML at once in either case.
        """
        fields = [("To", to), ("From", from_number), ("Twiml", twiml), ("Timeout", str(ring_s))]
        if status_callback is not None:
            fields += [("StatusCallback", status_callback)]
            fields += [("StatusCallbackEvent", event) for event in ("answered", "completed")]
        if machine_callback is not None:
            fields += [("MachineDetection", "DetectMessageEnd"), ("AsyncAmd", "true")]
            fields += [("AsyncAmdStatusCallback", machine_callback)]
        return self._created(await self._request("POST", f"{self._account}/Calls.json", fields), call_receipt)

    async def cancel_call(self, sid: str) -> bool:
        """End a call that nobody has answered yet; returns whether that worked.

        A call that was answered goes on: the listener may be answering at this moment, and is told the result.
        """
        answer = await self._update_call(sid, [("Status", "canceled")])
        return answer is not None and answer.content.get("status") == "canceled"

    async def change_call(self, sid: str, twiml: str) -> bool:
        """Have an answered call go on with this TwiML at once. Returns False if it has ended, or does not exist."""
        return await self._update_call(sid, [("Twiml", twiml)]) is not None

    async def messages_to(self, number: str, since: datetime) -> list[Sent]:
        """The messages that were sent to the number, created at `since` or later, the newest first."""
        return await self._listed("Messages", [("To", number)], since, _outbound(message_receipt))

    async def calls_to(self, number: str, from_number: str, since: datetime) -> list[Sent]:
        """The calls from one number to the other, created at `since` or later, the newest first."""
        fields = [("To", number), ("From", from_number)]
        return await self._listed("Calls", fields, since, _outbound(call_receipt))

    async def messages_received(self, number: str | None, since: datetime) -> list[Received]:
        """The messages that came in at `since` or later, the newest first; those beyond `_MOST_PAGES` are left out.

        `number`: those to this number of ours only; None: those to every number of the account.
        """
        fields = [("To", number)] if number is not None else []
        return await self._listed("Messages", fields, since, received, partly=True)

    async def message(self, sid: str) -> Sent | None:
        """The message with this id; None if there is none."""
        return await self._fetched("Messages", sid, message_receipt)

    async def call(self, sid: str) -> Sent | None:
        """The call with this id; None if there is none."""
        return await self._fetched("Calls", sid, call_receipt)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._connections.aclose()

    async def _update_call(self, sid: str, fields: Fields) -> _Answer | None:
        """Change a call; None if it is not in a state that allows that, or does not exist."""
        answer = await self._exchange("POST", f"{self._account}/Calls/{quote(sid, safe='')}.json", fields)
        if answer.status == 404 or answer.code == CALL_NOT_IN_PROGRESS:
            return None
        return self._checked(answer)

    async def _fetched(self, name: str, sid: str, receipt: ReceiptOf) -> Sent | None:
        answer = await self._exchange("GET", f"{self._account}/{name}/{quote(sid, safe='')}.json")
        if answer.status == 404:
            return None
        return self._created(self._checked(answer), receipt)

    async def _listed(
        self,
        name: str,
        fields: Fields,
        since: datetime,
        read: Callable[[dict[str, Any]], EntryT | None],
        *,
        partly: bool = False,
    ) -> list[EntryT]:
        """Read the pages until one has an entry from before `since`.

        `partly`: leave out what cannot be read, and return what there is when the list is too long.

        The list is not filtered by `DateSent`: what still waits at Twilio has none and would be left out.
        """
        url = f"{self._account}/{name}.json?{urlencode([*fields, ('PageSize', str(_PAGE_SIZE))])}"
        found: list[EntryT] = []
        for _ in range(_MOST_PAGES):
            content = (await self._request("GET", url)).content
            entries = content.get(name.lower())
            if not isinstance(entries, list):
                raise Uncertain("the answer is not a list")
            described = [entry for entry in entries if isinstance(entry, dict) and is_provider_id(entry.get("sid"))]
            if len(described) < len(entries) and not partly:
                # It may be the message that is looked for.
                raise Uncertain("an entry of the list has no id that can be kept")
            too_old = [(at := created_at(entry)) is not None and at < since for entry in described]
            page = (read(entry) for entry, old in zip(described, too_old, strict=True) if not old)
            found += [one for one in page if one is not None]
            following = content.get("next_page_uri")
            if not following or any(too_old):
                return found
            url = self._next_page(following)
        if partly:
            return found
        raise Uncertain("the list is too long")

    def _next_page(self, uri: object) -> str:
        """The URL of the next page. Refuses any other host, which would get the token."""
        with suppress(httpx.InvalidURL):
            url = self._base_url.join(str(uri))
            if (url.scheme, url.netloc) == (self._base_url.scheme, self._base_url.netloc):
                return str(url)
        raise Uncertain("the next page of the list is at another address")

    def _created(self, answer: _Answer, receipt: ReceiptOf) -> Sent:
        if not is_provider_id(answer.content.get("sid")):
            # Perhaps this is not Twilio at all but a page that answers everything.
            raise Uncertain(f"HTTP {answer.status} without an id that can be kept")
        return sent(answer.content, receipt)

    async def _request(self, method: str, url: str, fields: Fields | None = None) -> _Answer:
        return self._checked(await self._exchange(method, url, fields))

    def _checked(self, answer: _Answer) -> _Answer:
        if not answer.accepted:
            raise failure_of(answer.status, answer.code, answer.retry_after_s)
        return answer

    async def _exchange(self, method: str, url: str, fields: Fields | None = None) -> _Answer:
        """Make one request and read its answer, whatever it is."""
        request = httpx.Request(
            method,
            url,
            headers={"authorization": self._authorization, "accept": "application/json"},
            data=_form(fields) if fields is not None else None,
            extensions={"timeout": {"connect": _CONNECT_S}},
        )
        try:
            async with time_limit(self._clock, REQUEST_S):
                with self._connections.use() as connection:
                    response = await connection.handle_async_request(request)
                    body = await _read(response)
        except NOT_CONNECTED as exc:
            raise TemporaryFailure(f"no connection: {type(exc).__name__}") from exc
        except (httpx.TransportError, TimeoutError) as exc:
            raise Uncertain(f"no answer: {type(exc).__name__}") from exc
        retry_after_s = seconds_until(response.headers.get("retry-after"), self._clock.now())
        return _Answer(status=response.status_code, content=_object(body), retry_after_s=retry_after_s)


async def _read(response: httpx.Response) -> bytes:
    """The body, or its start if it is too long or breaks off: the status counts all the same."""
    body = bytearray()
    try:
        if isinstance(response.stream, httpx.AsyncByteStream):
            with suppress(httpx.TransportError):
                async for part in response.stream:
                    body += part
                    if len(body) > MAX_BODY_BYTES:
                        break
    finally:
        await response.aclose()
    return bytes(body)


def _object(body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _given(**fields: str | None) -> Fields:
    return [(name, value) for name, value in fields.items() if value is not None]


def _form(fields: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The fields as httpx takes them: a repeated one as a list."""
    form: dict[str, list[str]] = {}
    for name, value in fields:
        form.setdefault(name, []).append(value)
    return form


def _outbound(receipt: ReceiptOf) -> Callable[[dict[str, Any]], Sent | None]:
    return lambda entry: sent(entry, receipt) if is_outbound(entry) else None
