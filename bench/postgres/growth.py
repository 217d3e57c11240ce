"""How requests slow down when many other caregivers, or many closed fanouts, are stored in the database."""

from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from bench import data
from bench.postgres import engine
from bench.postgres.database import durable_server, filled_database
from bench.servers import SERVICE, Server, helper_process, serving
from bench.sizes import Sizes
from bench.table import Line, rate_line

_LONGEST_S = 300.0
_SMALL = "small"


def growth(sizes: Sizes, client: ProcessPoolExecutor, folder: Path) -> Iterator[Line]:
    """Send the same requests to three databases in turn: a small one and two with many stored records."""
    del folder
    shifts = sizes.shifts // 2
    large = f"{sizes.stored:,} caregivers", f"{sizes.stored:,} closed fanouts"
    with durable_server() as server, helper_process() as process, ExitStack() as processes:
        urls = {
            _SMALL: filled_database(server, roles=shifts, per_role=10),
            large[0]: filled_database(server, roles=shifts, per_role=10, others=sizes.stored),
            large[1]: filled_database(server, roles=shifts, per_role=10, closed=sizes.stored),
        }
        services: dict[str, Server] = {}
        for name, url in urls.items():
            process.submit(engine.start_fanouts, url, range(shifts)).result(timeout=_LONGEST_S)
            services[name] = processes.enter_context(serving(SERVICE, client, database_url=url, role="api"))
            services[name].send([data.yes_request(4_000_000, None) for _ in range(500)])
        rates: dict[tuple[str, str], list[float]] = defaultdict(list)
        per_round = shifts // sizes.rounds
        for turn in range(sizes.rounds):
            numbers = range(turn * per_round, (turn + 1) * per_round)
            for name, service in services.items():
                # Half of the replies name the shift.
                wins = [data.yes_request(10 * shift + 5, shift if shift % 2 else None) for shift in numbers]
                rates["winning", name].append(_rate(service, wins, b'"outcome":"claimed"'))
                lates = [data.yes_request(10 * shift + other, shift) for shift in numbers for other in (1, 2)]
                rates["late", name].append(_rate(service, lates, b'"outcome":"already_claimed"'))
    for name in large:
        for kind in ("winning", "late"):
            yield rate_line(
                f"PostgreSQL: {kind} accepts with {name}",
                rates[kind, name],
                "with none",
                rates[kind, _SMALL],
                goal=0.8,
            )


def _rate(service: Server, requests: list[bytes], expect: bytes) -> float:
    batch = service.send(requests, connections=engine.CONCURRENCY, expect=expect)
    service.wait_until_idle()
    return batch.per_second
