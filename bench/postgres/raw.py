"""The baseline "raw UPDATE": one conditional UPDATE per claim on the same server, from a helper process."""

import asyncio
import time
from collections.abc import Sequence

import psycopg

from bench.load import run_in_uvicorn_loop
from bench.table import Line, rate_line

#: As many connections as the service's pool has.
CONNECTIONS = 8
_LONGEST_S = 120.0
_MAKE = "CREATE TABLE IF NOT EXISTS raw_shifts (id integer PRIMARY KEY, holder text)"
_FILL = "INSERT INTO raw_shifts SELECT n, NULL FROM generate_series(1, %s) AS n"
_CLAIM = "UPDATE raw_shifts SET holder = %s WHERE id = %s AND holder IS NULL"


def claims_per_second(url: str, count: int) -> float:
    """Set the holder of `count` rows, one transaction each; returns rows per second."""
    return run_in_uvicorn_loop(_claims_per_second(url, count), _LONGEST_S)


def line_against_raw(
    name: str, rates: Sequence[float], raw_rates: Sequence[float], *, goal: float | None, note: str
) -> Line:
    """A line that compares rates per second with this baseline's."""
    return rate_line(
        f"PostgreSQL: {name}",
        rates,
        "raw UPDATE",
        raw_rates,
        goal=goal,
        note=f"{note}; raw: {CONNECTIONS} connections",
    )


async def _claims_per_second(url: str, count: int) -> float:
    connections = [await psycopg.AsyncConnection.connect(url, autocommit=True) for _ in range(CONNECTIONS)]
    try:
        await connections[0].execute(_MAKE)
        await connections[0].execute("TRUNCATE raw_shifts")
        await connections[0].execute(_FILL, (count + CONNECTIONS,))
        await connections[0].execute("VACUUM ANALYZE raw_shifts")
        ids = iter(range(1, count + 1))

        async def claim(connection: psycopg.AsyncConnection[tuple[object, ...]]) -> int:
            claimed = 0
            for id_ in ids:
                claimed += (await connection.execute(_CLAIM, (f"cg-{id_}", id_), prepare=True)).rowcount
            return claimed

        for number, connection in enumerate(connections, start=1):
            await connection.execute(_CLAIM, ("warm", count + number), prepare=True)
        start = time.perf_counter()
        claimed = sum(await asyncio.gather(*map(claim, connections)))
        elapsed_s = time.perf_counter() - start
    finally:
        for connection in connections:
            await connection.close()
    if claimed != count:
        raise RuntimeError(f"{claimed} of {count} rows were claimed")
    return count / elapsed_s
