"""Claims a second over open shifts: over HTTP, at the store, and as the bare conditional UPDATE."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from bench import data
from bench.postgres import engine, raw
from bench.postgres.database import durable_server, filled_database
from bench.servers import SERVICE, helper_process, serving
from bench.sizes import Sizes
from bench.table import Line

_CLAIMED = b'"outcome":"claimed"'
_LONGEST_S = 300.0


def claims(sizes: Sizes, client: ProcessPoolExecutor, folder: Path) -> Iterator[Line]:
    """The shifts are dealt out to the rounds; in each the three take turns. Offers are queued and not sent."""
    del folder
    per_round = sizes.shifts // sizes.repeats
    http: list[float] = []
    store: list[float] = []
    bare: list[float] = []
    with durable_server() as server, helper_process() as process:
        over_http = filled_database(server, roles=sizes.shifts, per_role=10)
        direct = filled_database(server, roles=sizes.shifts, per_role=10)
        for url in (over_http, direct):
            process.submit(engine.start_fanouts, url, range(sizes.shifts)).result(timeout=_LONGEST_S)
        with serving(SERVICE, client, database_url=over_http, role="api") as service:
            service.send([data.yes_request(4_000_000, None) for _ in range(500)])
            for turn in range(sizes.repeats):
                shifts = range(turn * per_round, (turn + 1) * per_round)
                winners = [(10 * shift + 5, shift) for shift in shifts]
                bare.append(process.submit(raw.claims_per_second, direct, sizes.shifts).result(timeout=_LONGEST_S))
                batch = service.send(
                    [data.yes_request(*winner) for winner in winners], connections=engine.CONCURRENCY, expect=_CLAIMED
                )
                http.append(batch.per_second)
                store.append(process.submit(engine.claims_per_second, direct, winners).result(timeout=_LONGEST_S))
    for name, rates, goal in (("over HTTP", http, 0.3), ("at the store", store, 0.5)):
        yield raw.line_against_raw(
            f"winning accepts {name}, {sizes.shifts:,} open shifts",
            rates,
            bare,
            goal=goal,
            note=f"{engine.CONCURRENCY} at once",
        )
