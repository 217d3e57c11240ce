"""Several processes of the service on one database, which a test calls, kills and starts again."""

import random
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx
from gateway import Gateway, Received
from processes import Server, pause, until

from tools.ports import free_port

ResultT = TypeVar("ResultT")

#: Seconds after which a request must be answered, even if processes or the database fail meanwhile.
_PATIENCE_S = 30.0
#: Much less than the five seconds for which an idle worker sleeps if nothing wakes it.
_PROMPTLY_S = 2.0
#: Less than the five seconds after which uvicorn closes an idle connection: a request sent at that moment would fail.
_IDLE_CONNECTION_S = 1.0
_START = datetime(2038, 3, 1, 12, tzinfo=UTC)


def at_once(calls: Sequence[Callable[[], ResultT]]) -> list[ResultT]:
    """Make the calls at the same time, in threads; returns their results in order."""
    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]


def phone(n: int) -> str:
    """The telephone number of the n-th caregiver."""
    return f"+1617{2_000_000 + n}"


class Fleet:
    """Processes with the same settings and different roles. `apis` answer requests, `workers` only send."""

    def __init__(self, folder: Path, database_url: str, **settings: str) -> None:
        self.database_url = database_url
        self._folder = folder
        self._settings = settings
        limits = httpx.Limits(max_connections=None, keepalive_expiry=_IDLE_CONNECTION_S)
        self._client = httpx.Client(timeout=_PATIENCE_S, limits=limits)
        self.apis: list[Server] = []
        self.workers: list[Server] = []

    def start(self, *roles: str) -> None:
        """Start a process for each role and wait until all processes answer."""
        for role in roles:
            port = free_port()
            log = self._folder / f"{role}-{port}.log"
            one = Server(port, log, **self._settings, FANOUT_DATABASE_URL=self.database_url, FANOUT_ROLE=role)
            (self.workers if role == "worker" else self.apis).append(one)
        self.wait()

    @property
    def servers(self) -> list[Server]:
        """All processes, first those that answer requests."""
        return [*self.apis, *self.workers]

    def wait(self) -> None:
        """Wait until every process answers."""
        for one in self.servers:
            until(one.answers, lambda one=one: one.log)  # type: ignore[misc]  # mypy: a default gives no type

    def kill(self) -> None:
        """Kill all processes."""
        for one in self.servers:
            one.kill()
        self._client.close()

    def request(self, method: str, path: str, json: object = None, at: Server | None = None) -> httpx.Response:
        """Send one request to the process `at`, or to the first of `apis`; returns the answer."""
        return self._client.request(method, (at or self.apis[0]).url + path, json=json)

    def request_until_answered(self, method: str, path: str, json: object = None) -> httpx.Response:
        """Repeat the request, at a random process each time, until one answers with a status other than 503."""
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
        found: dict[str, Any] = self.request_until_answered("GET", f"/shifts/{shift_id}/fanout").json()
        return found

    def settled(self, shift_id: str, contacts: int) -> dict[str, Any]:
        """Wait until the fanout has that many contacts and none is queued or sending; returns the report."""

        def over() -> object:
            counts = self.request_until_answered("GET", f"/shifts/{shift_id}/fanout").json()["counts"]
            return sum(counts.values()) >= contacts and not counts["queued"] + counts["sending"]

        until(over, lambda: self.report(shift_id), _PATIENCE_S)
        return self.report(shift_id)

    def check_sends_promptly(self, gateway: Gateway, role: str, contacts: int) -> None:
        """Check that a worker which sleeps is woken: two fanouts to `role`, each posted while the worker is idle.

        A worker that is not woken sends the second one five seconds after the first. `contacts`: how many caregivers
        the role has.
        """
        for day in range(2):
            # After it has sent something, a worker checks its leases once more before it sleeps.
            pause(0.6)
            shift_id = f"prompt-{role}-{day}"
            self.shift(shift_id, role, 3000 + day)
            assert self.request("POST", f"/shifts/{shift_id}/fanout").status_code == 202
            gateway.wait_for(contacts, within_s=_PROMPTLY_S, shift_id=shift_id)
            self.settled(shift_id, contacts)

    def caregivers(self, numbers: Sequence[int], role: str) -> None:
        """Send a PUT for each caregiver with one of these numbers."""
        at_once(
            [
                lambda n=n: self.request_until_answered(  # type: ignore[misc]  # mypy: a default gives no type
                    "PUT", f"/caregivers/cg-{n}", {"name": f"Nurse {n}", "role": role, "phone": phone(n)}
                )
                for n in numbers
            ]
        )

    def shift(self, shift_id: str, role: str, day: int = 0) -> None:
        """Send a PUT for a shift of eight hours, `day` days after the first."""
        answer = self.request_until_answered("PUT", f"/shifts/{shift_id}", shift_body(role, day))
        assert answer.status_code in (200, 201), answer.text


def shift_body(role: str, day: int = 0) -> dict[str, str]:
    """The body that puts a shift of eight hours, `day` days after the first."""
    start = _START + timedelta(days=day)
    return {
        "organization_id": "org",
        "role_required": role,
        "start_time": start.isoformat(),
        "end_time": (start + timedelta(hours=8)).isoformat(),
    }


def accept(n: int, shift_id: str, message_id: str | None = None) -> dict[str, object]:
    """The inbound message in which the n-th caregiver accepts the shift."""
    return {
        "from": phone(n),
        "body": "YES",
        "shift_id": shift_id,
        "message_id": message_id or f"yes-{n}-{shift_id}",
    }


def assert_nothing_sent_twice(received: Sequence[Received]) -> None:
    """Check that a key always has the same message, and that no caregiver got a kind of message twice for a shift.

    The same kind may go out once on each channel.
    """
    messages: dict[str, dict[str, Any]] = {}
    keys: dict[tuple[str, ...], str] = {}
    for key, message, _ in received:
        first = messages.setdefault(key, message)
        assert first == message, f"two messages under one key: {first} and {message}"
        about = (message["kind"], message["channel"], message["caregiver_id"], message["shift_id"])
        assert keys.setdefault(about, key) == key, f"{about} was sent twice"


@contextmanager
def fleet_of(*roles: str, folder: Path, database_url: str, gateway_url: str, **settings: str) -> Iterator[Fleet]:
    """Run processes with these roles until the block ends. Yields them once all answer."""
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
        fleet.kill()
