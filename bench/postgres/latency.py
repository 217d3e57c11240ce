"""How soon an idle system of two processes sends a text after a POST, and calls after the time they are due."""

import json
import queue
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from statistics import median

import psycopg

from bench import data
from bench.connection import BlockingConnection
from bench.postgres.database import durable_server, filled_database
from bench.servers import SERVICE, serving
from bench.sizes import Sizes
from bench.table import Line, at_most, ratio_of

_LONGEST_S = 30.0
_ESCALATE_S = 1.0
#: A pause after which all processes are idle.
_REST_S = 0.3
#: (shift id, channel, time of arrival).
Arrivals = queue.Queue[tuple[str, str, float]]


def latency(sizes: Sizes, client: ProcessPoolExecutor, folder: Path) -> Iterator[Line]:
    """Post one fanout to one caregiver at a time to an `api` process; a `worker` process sends to this process."""
    del folder
    arrivals: Arrivals = queue.Queue()
    starts: list[tuple[float, float]] = []
    timers: list[tuple[float, float]] = []
    with durable_server() as server, _receiving(arrivals) as hook:
        url = filled_database(server, roles=sizes.latencies, per_role=1)
        common = {"database_url": url, "notifier": "webhook", "webhook_url": hook, "escalate_after": _ESCALATE_S}
        with (
            serving(SERVICE, client, role="api", **common) as api,
            serving(SERVICE, client, role="worker", **common),
            BlockingConnection(api.port) as connection,
        ):
            for shift in range(sizes.latencies):
                time.sleep(_REST_S)
                bare_s = _notify_delay_s(url)
                posted = time.time()
                answer = connection.request(data.fanout_request(shift))
                due = datetime.fromisoformat(json.loads(answer.partition(b"\r\n\r\n")[2])["escalates_at"])
                starts.append((_arrival(arrivals, shift, "sms") - posted, bare_s))
                timers.append((_arrival(arrivals, shift, "voice") - due.timestamp(), _overslept_s()))
    for name, pairs, baseline, goal in (
        ("from the POST to the first text", starts, "bare NOTIFY", 20),
        ("from the due time to the call", timers, "bare sleep", 50),
    ):
        median_ms, longest_ms = (1000 * of(one for one, _ in pairs) for of in (median, max))
        yield Line(
            name=f"PostgreSQL, idle system: {name}",
            figure=f"{median_ms:.1f} ms",
            baseline=f"{baseline} {1000 * median(bare for _, bare in pairs):.2f} ms",
            ratio=ratio_of(pairs),
            goal=at_most(goal, median_ms, "ms"),
            note=f"median of {len(pairs)}; the longest {longest_ms:.1f} ms",
        )


@contextmanager
def _receiving(arrivals: Arrivals) -> Iterator[str]:
    """Run a receiver that records when each message arrives; yields its URL."""

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            at = time.time()
            message = json.loads(self.rfile.read(int(self.headers["content-length"])))
            arrivals.put((message["shift_id"], message["channel"], at))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_request(self, *_: object) -> None:
            """Write no log."""

    listener = HTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=listener.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.server_port}/"
    finally:
        listener.shutdown()
        listener.server_close()


def _arrival(arrivals: Arrivals, shift: int, channel: str) -> float:
    shift_id, got_channel, at = arrivals.get(timeout=_LONGEST_S)
    if (shift_id, got_channel) != (data.shift_id(shift), channel):
        raise RuntimeError(f"expected {channel} about shift {shift}, got {got_channel} about {shift_id}")
    return at


def _notify_delay_s(url: str) -> float:
    """Seconds until a NOTIFY reaches a listening connection, without the service."""
    with psycopg.connect(url, autocommit=True) as listener, psycopg.connect(url, autocommit=True) as sender:
        listener.execute("LISTEN bench")
        start = time.perf_counter()
        sender.execute("NOTIFY bench")
        for _ in listener.notifies(timeout=_LONGEST_S, stop_after=1):
            pass
        return time.perf_counter() - start


def _overslept_s() -> float:
    start = time.perf_counter()
    time.sleep(0.05)
    return time.perf_counter() - start - 0.05
