"""Claims of open shifts per second: over HTTP, directly at the engine, and as a bare conditional UPDATE."""

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
    """Claim each shift once, an equal share in each round. No worker runs, so offers are queued and never sent."""
    del folder
    per_round = sizes.shifts // sizes.repeats
    http_rates: list[float] = []
    direct_rates: list[float] = []
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
                http_rates.append(batch.per_second)
                direct_rates.append(
                    process.submit(engine.claims_per_second, direct, winners).result(timeout=_LONGEST_S)
                )
    for name, rates, goal in (("over HTTP", http_rates, 0.3), ("without HTTP", direct_rates, 0.5)):
        yield raw.line_against_raw(
            f"winning accepts {name}, {sizes.shifts:,} open shifts",
            rates,
            bare,
            goal=goal,
            note=f"{engine.CONCURRENCY} at once",
        )
