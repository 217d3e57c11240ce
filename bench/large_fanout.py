"""A large fanout to a notifier that takes no time: how long it takes, and how long other requests wait meanwhile."""

import re
import time
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench import data
from bench.connection import Wire
from bench.servers import FLOOR, SUBJECT, Server, helper, serving
from bench.sizes import Sizes
from bench.table import Line, at_most, ratio_of

_SENT = re.compile(rb'"sent":(\d+)')
_HEALTH = data.request("GET", "/health")
_LONGEST_S = 120.0
#: Between two looks at the whole fanout.
_POLL_S = 0.5


@dataclass(frozen=True, slots=True)
class Waits:
    """The answer times of a tight loop of requests, in seconds."""

    typical: float
    longest: float
    over_20_ms: int


@dataclass(frozen=True, slots=True)
class _Run:
    waits: Waits
    took_s: float
    report_bytes: int


def deafness(sizes: Sizes, client: ProcessPoolExecutor, folder: Path) -> Iterator[Line]:
    """Each repetition with a fresh service; the baseline is the floor, probed as long with nothing to do."""
    count = sizes.roster
    path = data.write_data(folder / "large.json", roles=1, caregivers_per_role=count)
    runs: list[_Run] = []
    idle: list[Waits] = []
    floor_s: list[float] = []
    stop = folder / "stop"
    with helper() as prober, serving(FLOOR, client) as floor:
        floor.send([data.yes(0, 0) for _ in range(500)])
        for _ in range(sizes.repeats):
            with serving(SUBJECT, client, data=path, console_latency=0) as subject:
                with _probing(prober, subject.port, stop) as probing:
                    took_s, report_bytes = _whole_fanout(subject, count)
                runs.append(_Run(probing.result(timeout=_LONGEST_S), took_s, report_bytes))
            floor_s.append(floor.send([data.yes(0, 0) for _ in range(sizes.batch)]).elapsed_s / sizes.batch * count)
            with _probing(prober, floor.port, stop) as probing:
                time.sleep(took_s)
            idle.append(probing.result(timeout=_LONGEST_S))
    deaf = [
        (run.waits.longest - run.waits.typical, one.longest - one.typical)
        for run, one in zip(runs, idle, strict=True)
    ]
    median_ms = 1000 * median(subject for subject, _ in deaf)
    words, ok = at_most(100, median_ms, "ms")
    yield Line(
        name=f"fanout to {count:,} at once: longest GET /health less typical",
        figure=f"{median_ms:.0f} ms",
        baseline=f"idle floor {1000 * median(idle_s for _, idle_s in deaf):.0f} ms",
        ratio=ratio_of(deaf),
        goal=words,
        ok=ok,
        note=f"worst of {sizes.repeats}: {1000 * max(subject for subject, _ in deaf):.0f} ms; typical "
        f"{1000 * median(run.waits.typical for run in runs):.1f} ms; over 20 ms: "
        f"{median(run.waits.over_20_ms for run in runs):.0f} times; a report every {_POLL_S:g} s, "
        f"up to {max(run.report_bytes for run in runs) / 1e6:.1f} MB",
    )
    took_s = median(run.took_s for run in runs)
    yield Line(
        name="... until all are sent, probed all the while",
        figure=f"{took_s:.2f} s",
        baseline=f"{count:,} floor requests {median(floor_s):.2f} s",
        ratio=ratio_of(list(zip((run.took_s for run in runs), floor_s, strict=True))),
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


def _whole_fanout(subject: Server, count: int) -> tuple[float, int]:
    """Start the fanout and watch it to its end. Returns the seconds it took and the size of the largest report."""
    report = data.request("GET", f"/shifts/{data.shift_id(0)}/fanout")
    with Wire(subject.port) as wire:
        start = time.perf_counter()
        wire.ask(data.fanout(0))
        largest = sent = 0
        next_report = start
        while sent < count:
            if time.perf_counter() - start > _LONGEST_S:
                raise RuntimeError(f"{sent} of {count} messages were sent after {_LONGEST_S:g} s")
            if time.perf_counter() >= next_report:
                largest = max(largest, len(wire.ask(report)))
                next_report = time.perf_counter() + _POLL_S
            # The cheap way to read the counts.
            found = _SENT.search(wire.ask(data.fanout(0)))
            sent = int(found[1]) if found else 0
            time.sleep(0.02)
        took_s = time.perf_counter() - start
        return took_s, max(largest, len(wire.ask(report)))


def probe(port: int, stop: Path) -> Waits:
    """Ask for `/health` again and again, on one connection, until the file `stop` is there."""
    waits: list[float] = []
    deadline = time.perf_counter() + _LONGEST_S
    with Wire(port) as wire:
        while time.perf_counter() < deadline:
            start = time.perf_counter()
            wire.ask(_HEALTH)
            waits.append(time.perf_counter() - start)
            if len(waits) % 20 == 0 and stop.exists():
                break
    typical = median(waits)
    return Waits(typical, max(waits), sum(wait - typical > 0.02 for wait in waits))
