"""Several processes of the service on one database, which a test asks, kills and starts again."""

import random
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx
from gateway import Gateway, Received
from processes import Server, command, pause, until

from tools.ports import free_port

ResultT = TypeVar("ResultT")

#: Seconds in which a request must have had an answer, whatever happens to processes and database meanwhile.
_PATIENCE_S = 30.0
#: Well under the five seconds that a worker with a database may rest.
_PROMPTLY_S = 2.0
_START = datetime(2038, 3, 1, 12, tzinfo=UTC)


def at_once(calls: Sequence[Callable[[], ResultT]]) -> list[ResultT]:
    """Make the calls at the same time; their results, in order."""
    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]


def phone(n: int) -> str:
    """The number of the n-th caregiver."""
    return f"+1555{n:07}"


class Fleet:
    """Processes with the same settings, each with its role. `apis` answer requests."""

    def __init__(self, folder: Path, database_url: str, **settings: str) -> None:
        self.database_url = database_url
        self._folder = folder
        self._settings = settings
        self._client = httpx.Client(timeout=_PATIENCE_S, limits=httpx.Limits(max_connections=None))
        self.apis: list[Server] = []
        self.workers: list[Server] = []

    def start(self, *roles: str) -> None:
        """Start a process for each role; return when all of them answer."""
        for role in roles:
            port = free_port()
            log = self._folder / f"{role}-{port}.log"
            one = Server(
                command(port), port, log, **self._settings, FANOUT_DATABASE_URL=self.database_url, FANOUT_ROLE=role
            )
            (self.workers if role == "worker" else self.apis).append(one)
        self.wait()

    @property
    def servers(self) -> list[Server]:
        """All of them."""
        return [*self.apis, *self.workers]

    def wait(self) -> None:
        """Return when every process answers."""
        for one in self.servers:
            until(one.answers, lambda one=one: one.log)  # type: ignore[misc]  # mypy: a default gives no type

    def stop(self) -> None:
        """Kill all of them."""
        for one in self.servers:
            one.kill()
        self._client.close()

    def request(self, method: str, path: str, json: object = None, at: Server | None = None) -> httpx.Response:
        """What this process, or the first of `apis`, answers."""
        return self._client.request(method, (at or self.apis[0]).url + path, json=json)

    def asked(self, method: str, path: str, json: object = None) -> httpx.Response:
        """The first answer that is not a 503, from whichever process gives one, as a patient client would get it."""
        answers: list[httpx.Response] = []

        def answered() -> bool:
            try:
                answer = self.request(method, path, json, at=random.choice(self.apis))
            except httpx.TransportError:
                return False
            if answer.status_code == 503:
                return False
            answers.append(answer)
            return True

        until(answered, lambda: f"no answer to {method} {path}", _PATIENCE_S)
        return answers[0]

    def report(self, shift_id: str) -> dict[str, Any]:
        """The shift's fanout in full."""
        found: dict[str, Any] = self.asked("GET", f"/shifts/{shift_id}/fanout").json()
        return found

    def settled(self, shift_id: str, contacts: int) -> dict[str, Any]:
        """The shift's fanout once it has that many contacts and each of them is settled."""

        def over() -> object:
            counts = self.asked("GET", f"/shifts/{shift_id}/fanout").json()["counts"]
            return sum(counts.values()) >= contacts and not counts["queued"] + counts["sending"]

        until(over, lambda: self.report(shift_id), _PATIENCE_S)
        return self.report(shift_id)

    def sends_promptly(self, gateway: Gateway, role: str, contacts: int) -> None:
        """Two fanouts to a role with so many contacts, each posted while the worker rests.

        One that is not woken sends the second five seconds after the first.
        """
        for day in range(2):
            # After what it sent a worker looks at its leases once more.
            pause(0.6)
            shift_id = f"prompt-{role}-{day}"
            self.shift(shift_id, role, 3000 + day)
            assert self.request("POST", f"/shifts/{shift_id}/fanout").status_code == 202
            gateway.wait_for(contacts, within_s=_PROMPTLY_S, shift_id=shift_id)
            self.settled(shift_id, contacts)

    def caregivers(self, numbers: Sequence[int], role: str) -> None:
        """Put the caregivers of these numbers."""
        at_once(
            [
                lambda n=n: self.asked(  # type: ignore[misc]  # mypy: a default gives no type
                    "PUT", f"/caregivers/cg-{n}", {"name": f"Nurse {n}", "role": role, "phone": phone(n)}
                )
                for n in numbers
            ]
        )

    def shift(self, shift_id: str, role: str, day: int = 0) -> None:
        """Put a shift of eight hours on that day."""
        answer = self.asked("PUT", f"/shifts/{shift_id}", shift_body(role, day))
        assert answer.status_code in (200, 201), answer.text


def shift_body(role: str, day: int = 0) -> dict[str, str]:
    """A shift of eight hours on that day, as it is put."""
    start = _START + timedelta(days=day)
    return {
        "organization_id": "org",
        "role_required": role,
        "start_time": start.isoformat(),
        "end_time": (start + timedelta(hours=8)).isoformat(),
    }


def accept(n: int, shift_id: str, message_id: str | None = None) -> dict[str, object]:
    """The inbound message with which the n-th caregiver says yes to that shift."""
    return {
        "from": phone(n),
        "body": "YES",
        "shift_id": shift_id,
        "message_id": message_id or f"yes-{n}-{shift_id}",
    }


def nothing_is_doubled(received: Sequence[Received]) -> None:
    """A key stands for one message; to somebody, about a shift, of a kind and on a channel, there is one key."""
    messages: dict[str, dict[str, Any]] = {}
    keys: dict[tuple[str, ...], str] = {}
    for key, message, _ in received:
        assert messages.setdefault(key, message) == message
        about = (message["kind"], message["channel"], message["caregiver_id"], message["shift_id"])
        assert keys.setdefault(about, key) == key, f"{about} was sent twice"


@contextmanager
def fleet_of(*roles: str, folder: Path, database_url: str, gateway_url: str, **settings: str) -> Iterator[Fleet]:
    """Processes of these roles, ready for requests, killed at the end."""
    fleet = Fleet(
        folder,
        database_url,
        FANOUT_NOTIFIER="webhook",
        FANOUT_WEBHOOK_URL=gateway_url,
        **settings,
    )
    try:
        fleet.start(*roles)
        yield fleet
    finally:
        fleet.stop()
