"""Claims a second over open shifts: over HTTP, at the store, and as the bare conditional UPDATE."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import median

from bench import data
from bench.postgres import engine, raw
from bench.postgres.database import durable, filled
from bench.servers import SUBJECT, helper, serving
from bench.sizes import Sizes
from bench.table import Line, at_least, ratio_of

_CLAIMED = b'"outcome":"claimed"'
_LONGEST_S = 300.0


def claims(sizes: Sizes, client: ProcessPoolExecutor, folder: Path) -> Iterator[Line]:
    """The shifts are dealt out to the rounds; in each the three take turns. Offers are queued and not sent."""
    del folder
    per_round = sizes.shifts // sizes.repeats
    http: list[float] = []
    store: list[float] = []
    bare: list[float] = []
    with durable() as server, helper() as process:
        over_http = filled(server, roles=sizes.shifts, per_role=10)
        direct = filled(server, roles=sizes.shifts, per_role=10)
        for url in (over_http, direct):
            process.submit(engine.start_fanouts, url, range(sizes.shifts)).result(timeout=_LONGEST_S)
        with serving(SUBJECT, client, database_url=over_http, role="api") as subject:
            subject.send([data.yes(4_000_000, None) for _ in range(500)])
            for turn in range(sizes.repeats):
                shifts = range(turn * per_round, (turn + 1) * per_round)
                winners = [(10 * shift + 5, shift) for shift in shifts]
                bare.append(process.submit(raw.claims_per_second, direct, sizes.shifts).result(timeout=_LONGEST_S))
                batch = subject.send(
                    [data.yes(*winner) for winner in winners], connections=engine.AT_ONCE, expect=_CLAIMED
                )
                http.append(batch.requests / batch.elapsed_s)
                store.append(process.submit(engine.claims_per_second, direct, winners).result(timeout=_LONGEST_S))
    for name, rates, goal in (("over HTTP", http, 0.3), ("at the store", store, 0.5)):
        ratio = ratio_of(list(zip(rates, bare, strict=True)))
        words, ok = at_least(goal, ratio)
        yield Line(
            name=f"PostgreSQL: winning accepts {name}, {sizes.shifts:,} open shifts",
            figure=f"{median(rates):,.0f}/s",
            baseline=f"raw UPDATE {median(bare):,.0f}/s",
            ratio=ratio,
            goal=words,
            ok=ok,
            note=f"{engine.AT_ONCE} at once; raw: {raw.CLIENTS} connections",
        )
