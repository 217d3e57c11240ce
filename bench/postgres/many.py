"""Many fanouts at once: first texts beside overdue work, a burst of fanouts, and steps of fanouts per second."""

import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import median
from threading import Thread
from typing import Any, LiteralString

import psycopg

from bench import data
from bench.connection import BlockingConnection
from bench.postgres import raw
from bench.postgres.database import add_closed, durable_server, filled_database
from bench.servers import SERVICE, helper_process, serving, starting
from bench.sizes import Sizes
from bench.table import Line, at_most
from tools.postgres import Server

_PER_FANOUT = 10
#: Fanouts posted per second in the burst, and when each first text is timed.
_BURST_RATE, _CALM_RATE = 100, 10
#: Fanouts whose first text is timed.
_TIMED = 20
_CONNECTIONS = 10
_POLL_S = 0.02
_LONGEST_S = 300.0
#: Steps are counted between these shares of all steps, because the worker does not start at once.
_FIRST_SHARE, _LAST_SHARE = 0.1, 0.9
_SENT = "SELECT coalesce(sum(contacts), 0) FROM fanout_counts WHERE status = 'sent'"
_PLANNED = "SELECT count(*) FROM fanouts WHERE planned_up_to IS NULL"
_OVERDUE = "SELECT count(*) FROM fanouts WHERE due_at < now()"
_LAST_TEXT = "SELECT extract(epoch FROM max(handed_over_at))::float8 FROM contacts"
_FIRST_TEXTS = """
SELECT extract(epoch FROM min(c.handed_over_at) - f.started_at)::float8
FROM fanouts f JOIN contacts c USING (shift_id) WHERE f.status = 'open' GROUP BY f.shift_id
"""


def many(sizes: Sizes, client: ProcessPoolExecutor, folder: Path) -> Iterator[Line]:
    """Measure with a new database each time. The notifier takes no time."""
    with durable_server() as server, helper_process() as process:
        yield _beside_overdue(server, sizes, client)
        yield _burst(server, sizes, client, folder)
        yield from _steps(server, sizes, client, process)


def _beside_overdue(server: Server, sizes: Sizes, client: ProcessPoolExecutor) -> Line:
    """Time from the start of a fanout to its first text, beside fanouts that are overdue to be forgotten."""
    longest: list[float] = []
    typical: dict[int, list[float]] = {0: [], sizes.overdue: []}
    left: list[int] = []
    for _ in range(sizes.repeats):
        for overdue in typical:
            url = filled_database(server, roles=_TIMED, per_role=_PER_FANOUT)
            with serving(SERVICE, client, database_url=url, console_latency=0) as service:
                add_closed(url, overdue, overdue=True)
                client.submit(_post, service.port, _TIMED, _CALM_RATE).result(timeout=_LONGEST_S)
                left.append(_value(url, _OVERDUE))
                _wait_for_texts(url, _TIMED)
                with psycopg.connect(url) as connection:
                    delays = [float(row[0]) for row in connection.execute(_FIRST_TEXTS)]
            typical[overdue].append(median(delays))
            if overdue:
                longest.append(max(delays))
            server.drop(url)
    alone, beside = (median(typical[overdue]) for overdue in typical)
    return Line(
        name=f"PostgreSQL: from the start of a fanout to its first text, beside {sizes.overdue:,} to forget",
        figure=f"{1000 * beside:.0f} ms",
        baseline=f"nothing else to do {1000 * alone:.0f} ms",
        ratio=beside / alone,
        goal=at_most(300, round(1000 * max(longest)), "ms"),
        note=f"longest {1000 * max(longest):.0f} ms; {max(left):,} were still left after the last POST",
    )


def _burst(server: Server, sizes: Sizes, client: ProcessPoolExecutor, folder: Path) -> Line:
    """Time from the last of many POSTs to the last text."""
    count = sizes.burst
    file = data.write_data_file(folder / "burst.json", roles=count, caregivers_per_role=_PER_FANOUT)
    delays: list[float] = []
    in_memory: list[float] = []
    for _ in range(sizes.repeats):
        with serving(SERVICE, client, data=file, console_latency=0) as service:
            posted = client.submit(_post, service.port, count, _BURST_RATE).result(timeout=_LONGEST_S)
            with BlockingConnection(service.port) as connection:
                for shift in range(count - _CONNECTIONS, count):
                    while data.sent_count(connection.request(data.fanout_request(shift))) < _PER_FANOUT:
                        time.sleep(_POLL_S)
            in_memory.append(time.time() - posted)
        url = filled_database(server, roles=count, per_role=_PER_FANOUT)
        with serving(SERVICE, client, database_url=url, console_latency=0) as service:
            posted = client.submit(_post, service.port, count, _BURST_RATE).result(timeout=_LONGEST_S)
            _wait_for_texts(url, count)
            delays.append(_value(url, _LAST_TEXT) - posted)
        server.drop(url)
    posts = f"{count} fanouts of {_PER_FANOUT} in {count / _BURST_RATE:g} s"
    return Line(
        name=f"PostgreSQL: {posts}, from the last POST to the last text",
        figure=f"{median(delays):.2f} s",
        baseline=f"memory store {median(in_memory):.2f} s",
        ratio=median(delays) / median(in_memory),
        goal=at_most(1.5, round(median(delays), 2), "s"),
        note=f"longest of {len(delays)}: {max(delays):.2f} s",
    )


def _steps(server: Server, sizes: Sizes, client: ProcessPoolExecutor, process: ProcessPoolExecutor) -> Iterator[Line]:
    """Steps of fanouts per second in one worker process, each kind alone."""
    planned: list[float] = []
    forgotten: list[float] = []
    bare: list[float] = []
    for _ in range(sizes.repeats):
        url = filled_database(server, roles=sizes.burst, per_role=_PER_FANOUT)
        bare.append(process.submit(raw.claims_per_second, url, 10_000).result(timeout=_LONGEST_S))
        with serving(SERVICE, client, database_url=url, role="api") as service:
            service.send([data.fanout_request(shift) for shift in range(sizes.burst)])
        planned.append(_steps_per_second(url, _PLANNED, sizes.burst, client))
        server.drop(url)
        url = filled_database(server, roles=1, per_role=1)
        add_closed(url, sizes.overdue, overdue=True)
        forgotten.append(_steps_per_second(url, _OVERDUE, sizes.overdue, client))
        server.drop(url)
    for name, rates in ((f"planned, {_PER_FANOUT} texts each sent beside it", planned), ("forgotten", forgotten)):
        yield raw.line_against_raw(
            f"fanouts {name}, 1 worker process", rates, bare, goal=None, note="one after another"
        )


def _steps_per_second(url: str, query: LiteralString, total: int, client: ProcessPoolExecutor) -> float:
    """`query` counts up to `total`, or down from it."""
    times: dict[float, tuple[int, float]] = {}
    with (
        psycopg.connect(url, autocommit=True) as connection,
        starting(SERVICE, client, database_url=url, role="worker", console_latency=0),
    ):
        deadline = time.monotonic() + _LONGEST_S
        first = _count(connection, query)
        while _LAST_SHARE not in times:
            if time.monotonic() > deadline:
                raise RuntimeError(f"not all of {total} steps were done after {_LONGEST_S:g} s")
            done, at = abs(_count(connection, query) - first), time.perf_counter()
            for share in (_FIRST_SHARE, _LAST_SHARE):
                if done >= share * total:
                    times.setdefault(share, (done, at))
            time.sleep(_POLL_S)
    (before, start), (after, end) = times[_FIRST_SHARE], times[_LAST_SHARE]
    return (after - before) / (end - start)


def _post(port: int, count: int, per_second: float) -> float:
    """Post the first `count` fanouts at that rate; returns the time of the last answer."""
    start = time.time()

    def post(first: int) -> None:
        with BlockingConnection(port) as connection:
            for shift in range(first, count, _CONNECTIONS):
                time.sleep(max(0.0, start + shift / per_second - time.time()))
                connection.request(data.fanout_request(shift))

    threads = [Thread(target=post, args=(first,)) for first in range(_CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.time()


def _wait_for_texts(url: str, fanouts: int) -> None:
    """Wait until each of that many fanouts has sent all its texts."""
    deadline = time.monotonic() + _LONGEST_S
    while _value(url, _SENT) < fanouts * _PER_FANOUT:
        if time.monotonic() > deadline:
            raise RuntimeError(f"not all texts of {fanouts} fanouts were sent after {_LONGEST_S:g} s")
        time.sleep(_POLL_S)


def _value(url: str, query: LiteralString) -> Any:
    with psycopg.connect(url) as connection:
        return _count(connection, query)


def _count(connection: psycopg.Connection[tuple[Any, ...]], query: LiteralString) -> Any:
    row = connection.execute(query).fetchone()
    if row is None:
        raise AssertionError("an aggregate has one row")
    return row[0]
