"""A soak: constant load with short retention for minutes. What grows between its start and its end may be a leak.

Both stores are measured side by side, each in a service process of its own. The figures of the start are those of the
second quarter of the time, after everything that is kept for a while has filled up; those of the end are the last
quarter's.
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from pathlib import Path
from statistics import quantiles

import psycopg

from bench import data
from bench.connection import BlockingConnection
from bench.postgres.database import durable_server
from bench.servers import Server, serving
from bench.sizes import Sizes
from bench.soak_load import PER_ROLE, THREADS, run_laps
from bench.table import Line
from bench.webhook_handover import receiving

#: Samples of a quarter. The largest one counts, because garbage and dead rows pile up and go in turns.
_SAMPLES = 4
_LONGEST_WAIT_S = 120.0
#: Seconds, as texts for FANOUT_ variables. Nobody escalates before the replies of a lap.
_SETTINGS = {"retention": 5, "log_retention": 10, "escalate_after": 5}
_TABLES = "SELECT relname, n_dead_tup, pg_total_relation_size(relid) FROM pg_stat_user_tables"

Figures = dict[str, int]


def soak(sizes: Sizes, client: ProcessPoolExecutor, folder: Path) -> Iterator[Line]:
    """Measure for `sizes.soak_minutes` on a new PostgreSQL server and in memory."""
    with durable_server() as server:
        yield from side_by_side(server.new_database(), sizes, client, folder)


def side_by_side(url: str, sizes: Sizes, client: ProcessPoolExecutor, folder: Path) -> Iterator[Line]:
    """Measure with the empty database of that URL, and in memory at the same time."""
    file = data.write_data_file(folder / "soak.json", roles=THREADS, caregivers_per_role=PER_ROLE)
    app = ("bench.soak_app:create_app", "--factory")
    duration_s = 60 * sizes.soak_minutes
    with receiving() as port:
        common = _SETTINGS | {"data": file, "notifier": "webhook", "webhook_url": f"http://127.0.0.1:{port}/messages"}
        common |= {"events_url": f"http://127.0.0.1:{port}/events", "events_secret": "whsec_" + "c29hay1z" * 4}
        with (
            serving(app, client, **common) as in_memory,
            serving(app, client, database_url=url, **common) as on_postgres,
            psycopg.connect(url, autocommit=True) as connection,
        ):
            start = time.monotonic()
            load = client.submit(run_laps, [in_memory.port, on_postgres.port], duration_s)
            readers = [lambda: _process(in_memory), lambda: _process(on_postgres) | _tables(connection)]
            early = _largest(readers, load, start + duration_s / 4, duration_s / 4)
            late = _largest(readers, load, start + duration_s * 3 / 4, duration_s / 4)
            claims = load.result(timeout=_LONGEST_WAIT_S)
    for store, before, after, times in zip(("memory store", "PostgreSQL"), early, late, claims, strict=True):
        yield from _lines(f"soak of {sizes.soak_minutes:.3g} min, {store}:", before, after)
        yield from _claim_lines(f"soak of {sizes.soak_minutes:.3g} min, {store}:", times)


def _largest(
    readers: Sequence[Callable[[], Figures]], load: Future[list[list[float]]], start: float, length_s: float
) -> list[Figures]:
    """For each reader, the largest value of each of its figures, read at equal distances from `start` on.

    Raises what the load raises.
    """
    largest: list[Figures] = [{} for _ in readers]
    for sample in range(1, _SAMPLES + 1):
        if wait([load], max(0.0, start + length_s * sample / _SAMPLES - time.monotonic())).done:
            load.result()
        for figures, read in zip(largest, readers, strict=True):
            for name, value in read().items():
                figures[name] = max(value, figures.get(name, 0))
    return largest


def _process(service: Server) -> Figures:
    """What the service's process holds. Linux only."""
    process = Path(f"/proc/{service.process.pid}")
    memory = next(line for line in (process / "status").read_text().splitlines() if line.startswith("VmRSS:"))
    with BlockingConnection(service.port) as connection:
        counts = json.loads(connection.request(data.http_request("GET", "/counts")).partition(b"\r\n\r\n")[2])
    return {
        "resident memory, kB": int(memory.split()[1]),
        "descriptors": sum(1 for _ in (process / "fd").iterdir()),
        "asyncio tasks": counts["tasks"],
        "Python objects": counts["objects"],
    }


def _tables(connection: psycopg.Connection[tuple[str, int, int]]) -> Figures:
    """Dead rows, and the size of every table with its indexes."""
    tables = connection.execute(_TABLES).fetchall()
    sizes = {f"table {name}, kB": size // 1024 for name, _, size in tables}
    return {"dead tuples": sum(dead for _, dead, _ in tables), "all tables, kB": sum(sizes.values())} | sizes


def _lines(name: str, early: Figures, late: Figures) -> Iterator[Line]:
    """A line for every figure, but for one table only: the one that grew most."""
    tables = [figure for figure in late if figure.startswith("table ")]
    most = max(tables, key=lambda table: late[table] - early.get(table, 0), default=None)
    for figure, value in late.items():
        if figure not in tables or figure == most:
            before = early.get(figure, 0)
            yield Line(
                name=f"{name} {figure}",
                figure=f"end {value:,}",
                baseline=f"start {before:,}",
                ratio=value / before if before else None,
                note="the table that grew most" if figure == most else "",
            )


def _claim_lines(name: str, times: Sequence[float]) -> Iterator[Line]:
    quarter = len(times) // 4
    early, late = times[quarter : 2 * quarter], times[-quarter:]
    for percent in (50, 99):
        before_s, after_s = (quantiles(part, n=100, method="inclusive")[percent - 1] for part in (early, late))
        yield Line(
            name=f"{name} p{percent} of a claim",
            figure=f"end {1000 * after_s:.1f} ms",
            baseline=f"start {1000 * before_s:.1f} ms",
            ratio=after_s / before_s,
            note=f"{len(times):,} claims in all",
        )
