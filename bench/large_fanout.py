"""A fanout to a large roster with a notifier that takes no time: how long other requests wait while it is sent.

Planning and sending run on the event loop that also answers requests, so one long step would delay every answer.
"""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench import data
from bench.connection import BlockingConnection
from bench.servers import FASTAPI_BASELINE, SERVICE, Server, helper_process, serving
from bench.sizes import Sizes
from bench.table import Line, at_most, ratio_of

_HEALTH = data.http_request("GET", "/health")
_LONGEST_S = 120.0
#: How often the whole report is requested while the fanout is sent.
_POLL_S = 0.5


@dataclass(frozen=True, slots=True)
class Waits:
    """Answer times of requests sent one after the other: median and longest in seconds, and how many were slow.

    Slow means more than 20 ms above the median.
    """

    median_s: float
    longest_s: float
    over_20_ms: int


@dataclass(frozen=True, slots=True)
class _Run:
    waits: Waits
    took_s: float
    report_bytes: int


def large_fanout(sizes: Sizes, client: ProcessPoolExecutor, folder: Path) -> Iterator[Line]:
    """Run the fanout in a new process per repetition. Baseline: an idle bare FastAPI server, measured for as long."""
    count = sizes.roster
    path = data.write_data_file(folder / "large.json", roles=1, caregivers_per_role=count)
    runs: list[_Run] = []
    idle: list[Waits] = []
    fastapi_s: list[float] = []
    stop = folder / "stop"
    with helper_process() as prober, serving(FASTAPI_BASELINE, client) as fastapi:
        fastapi.send([data.yes_request(0, 0) for _ in range(500)])
        for _ in range(sizes.repeats):
            with serving(SERVICE, client, data=path, console_latency=0) as service:
                with _probing(prober, service.port, stop) as probing:
                    took_s, report_bytes = _run_fanout(service, count)
                runs.append(_Run(probing.result(timeout=_LONGEST_S), took_s, report_bytes))
            fastapi_s.append(
                fastapi.send([data.yes_request(0, 0) for _ in range(sizes.batch)]).elapsed_s / sizes.batch * count
            )
            with _probing(prober, fastapi.port, stop) as probing:
                time.sleep(took_s)
            idle.append(probing.result(timeout=_LONGEST_S))
    stalls_s = [
        (run.waits.longest_s - run.waits.median_s, one.longest_s - one.median_s)
        for run, one in zip(runs, idle, strict=True)
    ]
    median_ms = 1000 * median(busy_s for busy_s, _ in stalls_s)
    yield Line(
        name=f"fanout to {count:,} at once: longest GET /health minus median",
        figure=f"{median_ms:.0f} ms",
        baseline=f"idle bare FastAPI {1000 * median(idle_s for _, idle_s in stalls_s):.0f} ms",
        ratio=ratio_of(stalls_s),
        goal=at_most(100, median_ms, "ms"),
        note=f"worst of {sizes.repeats}: {1000 * max(busy_s for busy_s, _ in stalls_s):.0f} ms; median "
        f"{1000 * median(run.waits.median_s for run in runs):.1f} ms; over 20 ms: "
        f"{median(run.waits.over_20_ms for run in runs):.0f} times; a report every {_POLL_S:g} s, "
        f"up to {max(run.report_bytes for run in runs) / 1e6:.1f} MB",
    )
    took_s = median(run.took_s for run in runs)
    yield Line(
        name="... time until all are sent, with these requests",
        figure=f"{took_s:.2f} s",
        baseline=f"{count:,} bare FastAPI requests {median(fastapi_s):.2f} s",
        ratio=ratio_of(list(zip((run.took_s for run in runs), fastapi_s, strict=True))),
        note=f"{count / took_s:,.0f} messages/s",
    )


@contextmanager
def _probing(prober: ProcessPoolExecutor, port: int, stop: Path) -> Iterator["Future[Waits]"]:
    stop.unlink(missing_ok=True)
    probing = prober.submit(probe, port, stop)
    time.sleep(_POLL_S)
    try:
        yield probing
    finally:
        stop.touch()


def _run_fanout(service: Server, count: int) -> tuple[float, int]:
    """Start the fanout and wait until all is sent. Returns the seconds it took and the largest report's bytes."""
    report = data.http_request("GET", f"/shifts/{data.shift_id(0)}/fanout")
    with BlockingConnection(service.port) as connection:
        start = time.perf_counter()
        connection.request(data.fanout_request(0))
        largest = sent = 0
        next_report = start
        while sent < count:
            if time.perf_counter() - start > _LONGEST_S:
                raise RuntimeError(f"{sent} of {count} messages were sent after {_LONGEST_S:g} s")
            if time.perf_counter() >= next_report:
                largest = max(largest, len(connection.request(report)))
                next_report = time.perf_counter() + _POLL_S
            sent = data.sent_count(connection.request(data.fanout_request(0)))
            time.sleep(0.02)
        took_s = time.perf_counter() - start
        return took_s, max(largest, len(connection.request(report)))


def probe(port: int, stop: Path) -> Waits:
    """Request `/health` in a loop on one connection until the file `stop` exists."""
    waits: list[float] = []
    deadline = time.perf_counter() + _LONGEST_S
    with BlockingConnection(port) as connection:
        while time.perf_counter() < deadline:
            start = time.perf_counter()
            connection.request(_HEALTH)
            waits.append(time.perf_counter() - start)
            if len(waits) % 20 == 0 and stop.exists():
                break
    median_s = median(waits)
    return Waits(median_s, max(waits), sum(wait - median_s > 0.02 for wait in waits))
