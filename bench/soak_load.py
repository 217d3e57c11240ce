"""The constant load of the soak: laps, each with a new shift that is offered, claimed, closed and later deleted.

Runs in a helper process, so that it does not slow the service down.
"""

import json
import socket
import time
from collections.abc import Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from itertools import chain, count
from threading import Event
from typing import NamedTuple

from bench import data
from bench.connection import BlockingConnection, Unavailable

#: Caregivers of each role. Each thread offers its shifts to a role of its own.
PER_ROLE = 5
THREADS = 4
#: Each thread does so many laps even in a very short run.
_FEWEST = 2
#: A shift is deleted so many laps later: its fanout is forgotten by then.
_KEPT = 100
#: In each of so many laps, nobody answers the texts and the fanout escalates; or a viewer opens the board's stream.
_SILENT_EVERY, _VIEWED_EVERY = 10, 5
_LONGEST_S = 60.0
#: How long a client waits after a 503.
_RETRY_S = 1.0
_FIRST_START = datetime(2031, 1, 1, tzinfo=UTC)


class Lap(NamedTuple):
    """One lap that is over. `claim_s`: seconds that its claim took; None: nobody claimed."""

    number: int
    #: By how many seconds it began after its time, because the thread was not done with the lap before.
    late_s: float
    claim_s: float | None
    #: Requests that were answered with a 503, and sent again.
    refused: int
    #: Of the monotonic clock.
    ended_at: float


class PatientConnection(BlockingConnection):
    """Sends a request again that is answered with a 503, as clients do. `refused`: how often it did."""

    def __init__(self, port: int, retry_s: float = _RETRY_S) -> None:
        super().__init__(port)
        self._retry_s = retry_s
        self.refused = 0

    def request(self, request: bytes) -> bytes:
        """Send the request and return the whole answer. Raises RuntimeError for any other answer than 2xx or 503."""
        while True:
            try:
                return super().request(request)
            except Unavailable:
                self.refused += 1
                time.sleep(self._retry_s)


def run_laps(ports: Sequence[int], duration_s: float, rate: float) -> list[list[Lap]]:
    """Begin `rate` laps a second at each of the services for that many seconds.

    A thread begins a lap when the one before is over. So a service that cannot keep up falls behind, and never has
    more than THREADS laps at once.

    Returns the laps of each service in order. Raises RuntimeError if an answer is not as expected.
    """
    start = time.monotonic()
    failed = Event()

    def run(port: int, thread: int) -> list[Lap]:
        laps: list[Lap] = []
        for lap in count(thread, THREADS):
            due = start + lap / rate
            failed.wait(max(0.0, due - time.monotonic()))
            if failed.is_set() or (lap >= _FEWEST * THREADS and time.monotonic() - start >= duration_s):
                break
            late_s = max(0.0, time.monotonic() - due)
            # One for each lap: the service closes connections that are idle for a few seconds.
            with PatientConnection(port) as connection:
                claim_s = _lap(connection, port, lap, thread)
                laps.append(Lap(lap, late_s, claim_s, connection.refused, time.monotonic()))
        return laps

    with ThreadPoolExecutor(THREADS * len(ports)) as threads:
        started = [[threads.submit(run, port, thread) for thread in range(THREADS)] for port in ports]
        if wait(chain.from_iterable(started), return_when=FIRST_EXCEPTION).not_done:
            failed.set()
        return [sorted(chain.from_iterable(one.result() for one in of_port)) for of_port in started]


def _lap(connection: BlockingConnection, port: int, lap: int, role: int) -> float | None:
    """One lap. Returns the seconds that the claim took, or None if nobody claims in this lap."""
    path = f"/shifts/soak-{lap}"
    starts = _FIRST_START + timedelta(hours=8 * (lap % (2 * _KEPT)))
    shift = {
        "organization_id": "org",
        "role_required": data.role_of(role),
        "start_time": starts.isoformat(),
        "end_time": (starts + timedelta(hours=8)).isoformat(),
    }
    connection.request(data.http_request("PUT", path, json.dumps(shift).encode()))
    # Without an Idempotency-Key: answers under a key are kept for a day, so they would grow in every soak.
    connection.request(data.http_request("POST", f"{path}/fanout"))
    _wait_for_texts(connection, path)
    claim_s = None
    if lap % _SILENT_EVERY < _SILENT_EVERY - 1:
        first = role * PER_ROLE
        before = time.perf_counter()
        _reply(connection, lap, first, "YES", b'"outcome":"claimed"')
        claim_s = time.perf_counter() - before
        _reply(connection, lap, first + 1, "YES", b'"outcome":"already_claimed"')
        _reply(connection, lap, first + 2, "NO", b'"outcome":')
        _reply(connection, lap, first + 3, "who is this about", b'"outcome":')
    if lap % _VIEWED_EVERY == 0:
        with socket.create_connection(("127.0.0.1", port), _LONGEST_S) as viewer:
            viewer.sendall(data.http_request("GET", "/events"))
            viewer.recv(1 << 16)
    if lap >= _KEPT:
        connection.request(data.http_request("DELETE", f"/shifts/soak-{lap - _KEPT}"))
    return claim_s


def _wait_for_texts(connection: BlockingConnection, path: str) -> None:
    deadline = time.monotonic() + _LONGEST_S
    pause_s = 0.02
    while data.sent_count(connection.request(data.http_request("POST", f"{path}/fanout"))) < PER_ROLE:
        if time.monotonic() > deadline:
            raise RuntimeError(f"not all texts of {path} were sent after {_LONGEST_S:g} s")
        time.sleep(pause_s)
        # Asking must not become most of the load on a machine that is slow anyway.
        pause_s = min(2 * pause_s, 1.0)


def _reply(connection: BlockingConnection, lap: int, caregiver: int, words: str, expect: bytes) -> None:
    body = {"from": data.phone(caregiver), "body": words, "message_id": f"soak-{lap}-{caregiver}"}
    body["shift_id"] = f"soak-{lap}"
    answer = connection.request(data.http_request("POST", "/messages/inbound", json.dumps(body).encode()))
    if expect not in answer:
        raise RuntimeError(f"{words} in lap {lap} was answered {answer[-200:]!r}")
