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

from bench import data
from bench.connection import BlockingConnection

#: Caregivers of each role. Each thread offers its shifts to a role of its own.
PER_ROLE = 5
THREADS = 4
_LAPS_PER_SECOND = 5
#: Each thread does so many laps even in a very short run.
_FEWEST = 2
#: A shift is deleted so many laps later: its fanout is forgotten by then.
_KEPT = 100
#: In each of so many laps, nobody answers the texts and the fanout escalates; or a viewer opens the board's stream.
_SILENT_EVERY, _VIEWED_EVERY = 10, 5
_LONGEST_S = 60.0
_FIRST_START = datetime(2031, 1, 1, tzinfo=UTC)


def run_laps(ports: Sequence[int], duration_s: float) -> list[list[float]]:
    """Do laps at each of the services for that many seconds.

    Returns for each service the seconds that each claim took, in the order of the laps. Raises RuntimeError if an
    answer is not as expected.
    """
    start = time.monotonic()
    failed = Event()

    def run(port: int, thread: int) -> list[tuple[int, float]]:
        times: list[tuple[int, float]] = []
        with BlockingConnection(port) as connection:
            for lap in count(thread, THREADS):
                failed.wait(max(0.0, start + lap / _LAPS_PER_SECOND - time.monotonic()))
                if failed.is_set() or (lap >= _FEWEST * THREADS and time.monotonic() - start >= duration_s):
                    break
                claim_s = _lap(connection, port, lap, thread)
                if claim_s is not None:
                    times.append((lap, claim_s))
        return times

    with ThreadPoolExecutor(THREADS * len(ports)) as threads:
        started = [[threads.submit(run, port, thread) for thread in range(THREADS)] for port in ports]
        if wait(chain.from_iterable(started), return_when=FIRST_EXCEPTION).not_done:
            failed.set()
        found = [sorted(chain.from_iterable(one.result() for one in of_port)) for of_port in started]
    return [[claim_s for _, claim_s in times] for times in found]


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
    connection.request(data.http_request("POST", f"{path}/fanout", headers=f"idempotency-key: soak-{lap}\r\n"))
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
    while data.sent_count(connection.request(data.http_request("POST", f"{path}/fanout"))) < PER_ROLE:
        if time.monotonic() > deadline:
            raise RuntimeError(f"not all texts of {path} were sent after {_LONGEST_S:g} s")
        time.sleep(0.02)


def _reply(connection: BlockingConnection, lap: int, caregiver: int, words: str, expect: bytes) -> None:
    body = {"from": data.phone(caregiver), "body": words, "message_id": f"soak-{lap}-{caregiver}"}
    body["shift_id"] = f"soak-{lap}"
    answer = connection.request(data.http_request("POST", "/messages/inbound", json.dumps(body).encode()))
    if expect not in answer:
        raise RuntimeError(f"{words} in lap {lap} was answered {answer[-200:]!r}")
