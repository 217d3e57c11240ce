"""A fanout whose messages take a second each: time until all are sent, and answer time of the POST itself."""

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import median

from bench import data
from bench.connection import BlockingConnection
from bench.load import run_in_uvicorn_loop
from bench.servers import FASTAPI_BASELINE, SERVICE, serving
from bench.sizes import Sizes
from bench.table import Line, at_most, ratio_of

_LONGEST_S = 30.0


def slow_messages(sizes: Sizes, client: ProcessPoolExecutor, folder: Path) -> Iterator[Line]:
    """Run fanouts one after the other, each to other caregivers. Baselines: bare sleeps, and bare FastAPI."""
    count, repeats = sizes.slow_fanout, sizes.repeats
    path = data.write_data_file(folder / "slow.json", roles=repeats + 1, caregivers_per_role=count)
    until_sent: list[tuple[float, float]] = []
    answers: list[tuple[float, float]] = []
    with (
        serving(FASTAPI_BASELINE, client) as fastapi,
        serving(SERVICE, client, data=path, console_latency=1) as service,
        BlockingConnection(fastapi.port) as baseline,
        BlockingConnection(service.port) as connection,
    ):
        # The last shift is a warm-up, which ends before the first measurement.
        connection.request(data.fanout_request(repeats))
        _until_sent(connection, repeats, count, time.perf_counter())
        for turn in range(repeats):
            plain_s = median(baseline.timed_request(data.yes_request(0, 0)) for _ in range(50))
            asleep_s = client.submit(sleep_together, count).result(timeout=_LONGEST_S)
            start = time.perf_counter()
            answered_s = connection.timed_request(data.fanout_request(turn))
            until_sent.append((_until_sent(connection, turn, count, start), asleep_s))
            answers.append((answered_s, plain_s))
    took_s = median(service_s for service_s, _ in until_sent)
    yield Line(
        name=f"fanout to {count:,} at 1 s a message, until all are sent",
        figure=f"{took_s:.3f} s",
        baseline=f"bare sleeps {median(asleep for _, asleep in until_sent):.3f} s",
        ratio=ratio_of(until_sent),
        goal=at_most(1.5, took_s, "x 1 s"),
        note=f"median of {repeats}",
    )
    slowest_ms = 1000 * max(answered for answered, _ in answers)
    yield Line(
        name="... answer time of its POST",
        figure=f"{slowest_ms:.1f} ms",
        baseline=f"bare FastAPI {1000 * median(plain_s for _, plain_s in answers):.1f} ms",
        ratio=ratio_of(answers),
        goal=at_most(50, slowest_ms, "ms"),
        note=f"the slowest of {repeats}; the ratio is the median's",
    )


def _until_sent(connection: BlockingConnection, shift: int, count: int, start: float) -> float:
    """Seconds from `start` until all `count` messages are sent. Raises RuntimeError after `_LONGEST_S`."""
    while time.perf_counter() - start < _LONGEST_S:
        if data.sent_count(connection.request(data.fanout_request(shift))) == count:
            return time.perf_counter() - start
        time.sleep(0.01)
    raise RuntimeError(f"not all messages were sent after {_LONGEST_S:g} s")


def sleep_together(count: int) -> float:
    """Seconds that `count` simultaneous sleeps of one second take in an event loop that does nothing else."""

    async def sleepers() -> float:
        start = time.perf_counter()
        await asyncio.gather(*(asyncio.sleep(1.0) for _ in range(count)))
        return time.perf_counter() - start

    return run_in_uvicorn_loop(sleepers(), _LONGEST_S)
