"""Queued offers that worker processes lease, hand to a notifier that takes no time, and record, per second."""

import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import psycopg

from bench.postgres import engine, raw
from bench.postgres.database import durable_server, filled_database
from bench.servers import SERVICE, helper_process, starting
from bench.sizes import Sizes
from bench.table import Line

_LONGEST_S = 300.0
_POLL_S = 0.02
_SENT = "SELECT coalesce(sum(contacts), 0) FROM fanout_counts WHERE status = 'sent'"
#: The time is taken between these shares of all messages, because workers do not start and stop together.
_FIRST_SHARE, _LAST_SHARE = 0.1, 0.9


def contacts(sizes: Sizes, client: ProcessPoolExecutor, folder: Path) -> Iterator[Line]:
    """Measure with a new database each time. All rounds are planned before the workers start."""
    del folder
    fanouts = sizes.queued // 100
    with durable_server() as server, helper_process() as process:
        for workers in (1, 2, 4):
            rates: list[float] = []
            bare: list[float] = []
            for _ in range(sizes.repeats):
                url = filled_database(server, roles=fanouts, per_role=100)
                process.submit(engine.start_fanouts, url, range(fanouts)).result(timeout=_LONGEST_S)
                bare.append(process.submit(raw.claims_per_second, url, 10_000).result(timeout=_LONGEST_S))
                rates.append(_sent_per_second(url, workers, 100 * fanouts, client))
                server.drop(url)
            yield raw.line_against_raw(
                f"contacts handed over and recorded, {workers} worker process" + ("es" if workers > 1 else ""),
                rates,
                bare,
                goal=0.3 if workers == 1 else None,
                note=f"{100 * fanouts:,} queued in fanouts of 100",
            )


def _sent_per_second(url: str, workers: int, total: int, client: ProcessPoolExecutor) -> float:
    times: dict[float, tuple[int, float]] = {}
    with psycopg.connect(url, autocommit=True) as connection, ExitStack() as processes:
        for _ in range(workers):
            processes.enter_context(starting(SERVICE, client, database_url=url, role="worker", console_latency=0))
        deadline = time.monotonic() + _LONGEST_S
        while _LAST_SHARE not in times:
            if time.monotonic() > deadline:
                raise RuntimeError(f"not all of {total} were sent after {_LONGEST_S:g} s")
            row = connection.execute(_SENT).fetchone()
            sent, at = int(row[0]) if row else 0, time.perf_counter()
            for share in (_FIRST_SHARE, _LAST_SHARE):
                if sent >= share * total:
                    times.setdefault(share, (sent, at))
            time.sleep(_POLL_S)
    (before, start), (after, end) = times[_FIRST_SHARE], times[_LAST_SHARE]
    return (after - before) / (end - start)
