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
from typing import NamedTuple

import psycopg
from psycopg.sql import SQL, Identifier

from bench import data
from bench.connection import BlockingConnection
from bench.postgres.database import durable_server
from bench.servers import Server, serving
from bench.sizes import Sizes
from bench.soak_load import PER_ROLE, THREADS, Lap, run_laps
from bench.table import Line
from bench.webhook_handover import receiving

#: Samples of a quarter: at least so many, and one every so many seconds. The largest one counts, because garbage and
#: dead rows pile up and go in turns.
_FEWEST_SAMPLES = 4
_SAMPLE_EVERY_S = 10.0
_LONGEST_WAIT_S = 120.0
#: Seconds, as texts for FANOUT_ variables. Nobody escalates before the replies of a lap.
_SETTINGS = {"retention": 5, "log_retention": 10, "escalate_after": 5}
_TABLES = "SELECT relname, n_dead_tup, pg_total_relation_size(relid) FROM pg_stat_user_tables"
#: How many blocks all sessions have looked at. More for the same work: they pass more dead rows.
_BLOCKS = "SELECT '', blks_hit + blks_read, 0 FROM pg_stat_database WHERE datname = current_database()"
#: Kinds of figures of which the table shows only the one that grew most.
_GROUPS = ("objects of ", "tasks of ", "rows of ", "size of ")

Figures = dict[str, int]


class Quarter(NamedTuple):
    """What was read in a quarter of the time. `start`, `end`: of the monotonic clock, which all processes share."""

    start: float
    end: float
    #: The largest value of each figure.
    largest: Figures
    #: By how much each counter rose.
    used: Figures

    def number_of(self, laps: Sequence[Lap]) -> int:
        """How many of the laps ended in it."""
        return sum(1 for lap in laps if self.start <= lap.ended_at < self.end)


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
            load = client.submit(run_laps, [in_memory.port, on_postgres.port], duration_s, sizes.soak_rate)
            readers = [
                (lambda: _process(in_memory), lambda: _processor(in_memory)),
                (
                    lambda: _process(on_postgres) | _tables(connection),
                    lambda: _processor(on_postgres) | _blocks(connection),
                ),
            ]
            early = _quarters(readers, load, start + duration_s / 4, duration_s / 4)
            late = _quarters(readers, load, start + duration_s * 3 / 4, duration_s / 4)
            laps = load.result(timeout=_LONGEST_WAIT_S)
    for store, before, after, done in zip(("memory store", "PostgreSQL"), early, late, laps, strict=True):
        name = f"soak of {sizes.soak_minutes:.3g} min, {store}:"
        yield from _lines(name, before.largest, after.largest)
        yield from _cost_lines(name, before, after, done)
        yield from _lap_lines(name, done, sizes.soak_rate)


def _quarters(
    readers: Sequence[tuple[Callable[[], Figures], Callable[[], Figures]]],
    load: Future[list[list[Lap]]],
    start: float,
    length_s: float,
) -> list[Quarter]:
    """What each pair of readers reads at equal distances from `start` on: figures, and counters that only rise.

    Raises what the load raises.
    """
    _wait_until(start, load)
    before = [read_counters() for _, read_counters in readers]
    largest: list[Figures] = [{} for _ in readers]
    samples = max(_FEWEST_SAMPLES, round(length_s / _SAMPLE_EVERY_S))
    for sample in range(1, samples + 1):
        _wait_until(start + length_s * sample / samples, load)
        for figures, (read, _) in zip(largest, readers, strict=True):
            for name, value in read().items():
                figures[name] = max(value, figures.get(name, 0))
    used = [
        {name: value - counters[name] for name, value in read_counters().items()}
        for counters, (_, read_counters) in zip(before, readers, strict=True)
    ]
    return [Quarter(start, time.monotonic(), *one) for one in zip(largest, used, strict=True)]


def _wait_until(time_: float, load: Future[list[list[Lap]]]) -> None:
    if wait([load], max(0.0, time_ - time.monotonic())).done:
        load.result()


def _processor(service: Server) -> Figures:
    return {"processor time in ms": round(1000 * (service.cpu_s() or 0))}


def _blocks(connection: psycopg.Connection[tuple[str, int, int]]) -> Figures:
    row = connection.execute(_BLOCKS).fetchone()
    return {"blocks of the database": row[1] if row else 0}


def _process(service: Server) -> Figures:
    """What the service's process holds. Linux only."""
    process = Path(f"/proc/{service.process.pid}")
    memory = next(line for line in (process / "status").read_text().splitlines() if line.startswith("VmRSS:"))
    with BlockingConnection(service.port) as connection:
        counts = json.loads(connection.request(data.http_request("GET", "/counts")).partition(b"\r\n\r\n")[2])
    tasks = {f"tasks of {function}": count for function, count in counts["tasks"].items()}
    objects = {f"objects of type {name}": count for name, count in counts["objects"].items()}
    return {
        "resident memory, kB": int(memory.split()[1]),
        "descriptors": sum(1 for _ in (process / "fd").iterdir()),
        "Python objects": sum(objects.values()),
        "asyncio tasks": sum(tasks.values()),
        **objects,
        **tasks,
    }


def _tables(connection: psycopg.Connection[tuple[str, int, int]]) -> Figures:
    """Dead rows, and the rows and the size of every table; the size with its indexes."""
    tables = connection.execute(_TABLES).fetchall()
    rows = {f"rows of {name}": _count(connection, name) for name, _, _ in tables}
    sizes = {f"size of {name}, kB": size // 1024 for name, _, size in tables}
    totals = {
        "dead tuples": sum(dead for _, dead, _ in tables),
        "rows": sum(rows.values()),
        "all tables, kB": sum(sizes.values()),
    }
    return totals | rows | sizes


def _count(connection: psycopg.Connection[tuple[str, int, int]], table: str) -> int:
    row = connection.execute(SQL("SELECT '', count(*)::int, 0 FROM {}").format(Identifier(table))).fetchone()
    return row[1] if row else 0


def _lines(name: str, early: Figures, late: Figures) -> Iterator[Line]:
    """A line for every figure that is in no group, then for the one of each group that grew most."""
    for figure in late:
        if not figure.startswith(_GROUPS):
            yield _line(name, figure, early, late)
    for group in _GROUPS:
        if members := [figure for figure in late if figure.startswith(group)]:
            most = max(members, key=lambda figure: late[figure] - early.get(figure, 0))
            yield _line(name, most, early, late, note="the one that grew most")


def _line(name: str, figure: str, early: Figures, late: Figures, note: str = "") -> Line:
    before, after = early.get(figure, 0), late[figure]
    return Line(
        name=f"{name} {figure}",
        figure=f"end {after:,}",
        baseline=f"start {before:,}",
        ratio=after / before if before else None,
        note=note,
    )


def _cost_lines(name: str, early: Quarter, late: Quarter, laps: Sequence[Lap]) -> Iterator[Line]:
    """What a lap uses, on average. Does not depend on what else the machine does."""
    laps_before, laps_after = (max(1, quarter.number_of(laps)) for quarter in (early, late))
    for counter, used in late.used.items():
        before, after = early.used[counter] / laps_before, used / laps_after
        yield Line(
            name=f"{name} {counter}, for each lap",
            figure=f"end {after:,.0f}",
            baseline=f"start {before:,.0f}",
            ratio=after / before if before else None,
        )


def _lap_lines(name: str, laps: Sequence[Lap], rate: float) -> Iterator[Line]:
    """How far the load was behind its schedule, and how long claims took."""
    quarter = len(laps) // 4
    early, late = laps[quarter : 2 * quarter], laps[-quarter:]
    before_s, after_s = (max(lap.late_s for lap in part) for part in (early, late))
    yield Line(
        name=f"{name} load behind its schedule, at most",
        figure=f"end {after_s:.2f} s",
        baseline=f"start {before_s:.2f} s",
        ratio=None,
        note=f"{len(laps):,} laps in all, {rate:g} a second wanted, {sum(lap.refused for lap in laps):,} times 503",
    )
    for percent in (50, 99):
        before_s, after_s = (_percentile(part, percent) for part in (early, late))
        yield Line(
            name=f"{name} p{percent} of a claim",
            figure=f"end {1000 * after_s:.1f} ms",
            baseline=f"start {1000 * before_s:.1f} ms",
            ratio=after_s / before_s,
        )


def _percentile(laps: Sequence[Lap], percent: int) -> float:
    """Seconds. In some laps nobody claims."""
    times = [lap.claim_s for lap in laps if lap.claim_s is not None]
    return quantiles(times, n=100, method="inclusive")[percent - 1]
