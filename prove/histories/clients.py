"""What the clients of a history do: caregivers answer; a coordinator starts, assigns, releases, cancels, deletes."""

import asyncio
import random
from collections.abc import Iterator, Sequence

import httpx

from app.domain.records import Shift
from prove.histories.events import Recorder, Value
from prove.histories.fleet import Process
from prove.histories.specification import Group

#: How often a client does what, relatively.
_WEIGHTS = {
    "reply": 40,
    "start": 12,
    "release": 7,
    "read": 7,
    "assign": 6,
    "cancel": 5,
    "put": 6,
    "delete": 1,
}
_WORDS = {"yes": 24, "no": 5, "stop": 1, "start": 3}
#: How many of the replies with an id are sent twice, perhaps by two clients at once, also if the first is answered.
_SENT_TWICE = 0.5
#: Seconds between two requests of a client, at most.
_PAUSE_S = 0.2
#: Seconds after which a client gives up. Then nobody knows what became of the request.
_PATIENCE_S = 2.5


class Client:
    """Sends one request after the other about the shifts of a group, each to any of the processes."""

    def __init__(
        self,
        group: Group,
        processes: Sequence[Process],
        numbers: Iterator[int],
        recorder: Recorder,
        http: httpx.AsyncClient,
        chosen: random.Random,
        repeats: list[Value],
    ) -> None:
        """`numbers`: process numbers that no client has had. `repeats`: what any client of the group sends again."""
        self._group = group
        self._processes = processes
        self._numbers = numbers
        self._number = next(numbers)
        self._recorder = recorder
        self._http = http
        self._random = chosen
        self._repeats = repeats

    async def work_until(self, end: asyncio.Event) -> None:
        """Send requests until then."""
        while not end.is_set():
            await self.ask(*self._next())
            await asyncio.sleep(self._random.uniform(0.0, _PAUSE_S))

    def _next(self) -> tuple[str, Value]:
        if self._repeats and self._random.random() < 0.7:
            return "reply", self._repeats.pop()
        f = self._random.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0]
        value: Value = {"shift": self._random.choice(list(self._group.shifts))}
        if f in ("reply", "assign"):
            value["caregiver"] = self._random.choice(list(self._group.people))
        if f == "reply":
            value["words"] = self._random.choices(list(_WORDS), list(_WORDS.values()))[0]
            value["message_id"] = self._random.choice([None, f"m{self._random.getrandbits(40)}"])
            if value["message_id"] is not None and self._random.random() < _SENT_TWICE:
                self._repeats.append(value)
        return f, value

    async def ask(self, f: str, value: Value) -> bool:
        """Send one request and note what became of it. Returns whether it has an answer."""
        self._recorder.note(self._number, "invoke", f, value)
        try:
            response = await self._http.send(self._request(f, value))
        except (httpx.ConnectError, httpx.ConnectTimeout):
            self._recorder.note(self._number, "fail", f, value)
            return False
        except httpx.TransportError as error:
            self._unknown(f, value, type(error).__name__)
            return False
        if response.status_code == 503:
            self._unknown(f, value, "503")
            return False
        self._recorder.note(self._number, "ok", f, value | {"answer": _answer(f, response)})
        return True

    def _request(self, f: str, value: Value) -> httpx.Request:
        url = self._random.choice(self._processes).url
        shift_id = value["shift"]
        method, path, body = {
            "start": ("POST", f"/shifts/{shift_id}/fanout", None),
            "cancel": ("DELETE", f"/shifts/{shift_id}/fanout", None),
            "assign": ("POST", f"/shifts/{shift_id}/assign", {"caregiver_id": value.get("caregiver")}),
            "release": ("POST", f"/shifts/{shift_id}/release", None),
            "delete": ("DELETE", f"/shifts/{shift_id}", None),
            "put": ("PUT", f"/shifts/{shift_id}", shift_body(self._group.shifts[shift_id])),
            "read": ("GET", f"/shifts/{shift_id}", None),
            "reply": ("POST", "/messages/inbound", self._message(value)),
        }[f]
        return self._http.build_request(method, url + path, json=body, timeout=_PATIENCE_S)

    def _message(self, value: Value) -> Value | None:
        if "words" not in value:
            return None
        message = {
            "from": self._group.people[value["caregiver"]].phone,
            "body": value["words"],
            "shift_id": value["shift"],
            "message_id": value["message_id"],
        }
        return {name: content for name, content in message.items() if content is not None}

    def _unknown(self, f: str, value: Value, error: str) -> None:
        self._recorder.note(self._number, "info", f, value | {"error": error})
        self._number = next(self._numbers)
        if value.get("message_id") is not None:
            self._repeats.append(value)


def shift_body(shift: Shift) -> Value:
    """The body that puts the shift."""
    return {
        "organization_id": shift.organization_id,
        "role_required": shift.role_required,
        "start_time": shift.start_time.isoformat(),
        "end_time": shift.end_time.isoformat(),
    }


def _answer(f: str, response: httpx.Response) -> Value:
    """What of the answer is compared with the rules."""
    status = response.status_code
    body = response.json() if response.content else {}
    if f == "read":
        return {"status": status, "holder": body.get("assigned_to")}
    if f == "reply" and status == 200:
        told = {name: body[name] for name in ("outcome", "shift_id", "caregiver_id")}
        return {"status": status, **told, "replied": body["reply"] is not None}
    return {"status": status}
