"""A fanout whose messages take a second each: when all are sent, and how soon the POST itself answers."""

import asyncio
import re
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import median

from bench import data
from bench.connection import Wire
from bench.load import fast_loop
from bench.servers import FLOOR, SUBJECT, serving
from bench.sizes import Sizes
from bench.table import Line, at_most, ratio_of

_SENT = re.compile(rb'"sent":(\d+)')
_LONGEST_S = 30.0


def slow_messages(sizes: Sizes, client: ProcessPoolExecutor, folder: Path) -> Iterator[Line]:
    """One fanout after the other, each to caregivers of its own; baselines: bare sleeps, and the floor's answer."""
    count, repeats = sizes.slow_fanout, sizes.repeats
    path = data.write_data(folder / "slow.json", roles=repeats + 1, caregivers_per_role=count)
    until_sent: list[tuple[float, float]] = []
    answers: list[tuple[float, float]] = []
    with (
        serving(FLOOR, client) as floor,
        serving(SUBJECT, client, data=path, console_latency=1) as subject,
        Wire(floor.port) as plain,
        Wire(subject.port) as wire,
    ):
        # The last shift is for warming up; its messages are sent when the first turn begins.
        wire.ask(data.fanout(repeats))
        _until_sent(wire, repeats, count, time.perf_counter())
        for turn in range(repeats):
            plain_s = median(_timed(plain, data.yes(0, 0)) for _ in range(50))
            asleep_s = client.submit(sleep_together, count).result(timeout=_LONGEST_S)
            start = time.perf_counter()
            answered_s = _timed(wire, data.fanout(turn))
            until_sent.append((_until_sent(wire, turn, count, start), asleep_s))
            answers.append((answered_s, plain_s))
    took_s = median(subject_s for subject_s, _ in until_sent)
    words, ok = at_most(1.5, took_s, "x 1 s")
    yield Line(
        name=f"fanout to {count:,} at 1 s a message, until all are sent",
        figure=f"{took_s:.3f} s",
        baseline=f"bare sleeps {median(asleep for _, asleep in until_sent):.3f} s",
        ratio=ratio_of(until_sent),
        goal=words,
        ok=ok,
        note=f"median of {repeats}",
    )
    slowest_ms = 1000 * max(answered for answered, _ in answers)
    words, ok = at_most(50, slowest_ms, "ms")
    yield Line(
        name="... its POST's own answer",
        figure=f"{slowest_ms:.1f} ms",
        baseline=f"floor {1000 * median(plain_s for _, plain_s in answers):.1f} ms",
        ratio=ratio_of(answers),
        goal=words,
        ok=ok,
        note=f"the slowest of {repeats}; the ratio is the median's",
    )


def _timed(wire: Wire, request: bytes) -> float:
    start = time.perf_counter()
    wire.ask(request)
    return time.perf_counter() - start


def _until_sent(wire: Wire, shift: int, count: int, start: float) -> float:
    """Seconds from the start until a repeated POST (the cheap way to read the counts) reports all as sent."""
    while time.perf_counter() - start < _LONGEST_S:
        found = _SENT.search(wire.ask(data.fanout(shift)))
        if found is not None and int(found[1]) == count:
            return time.perf_counter() - start
        time.sleep(0.01)
    raise RuntimeError(f"not all messages were sent after {_LONGEST_S:g} s")


def sleep_together(count: int) -> float:
    """How long as many one-second sleeps take in one event loop that does nothing else."""

    async def sleepers() -> float:
        start = time.perf_counter()
        await asyncio.gather(*(asyncio.sleep(1.0) for _ in range(count)))
        return time.perf_counter() - start

    return fast_loop(sleepers(), _LONGEST_S)
