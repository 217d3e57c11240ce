"""YES to a shift somebody else has, with a database: every one of them is a message id to remember."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from bench.postgres.database import durable, filled
from bench.sizes import Sizes
from bench.table import Line
from bench.throughput import baselines, claim_first, late_lines, race_of


def late(sizes: Sizes, client: ProcessPoolExecutor, folder: Path) -> Iterator[Line]:
    """With the shift's id and without; the baselines are those of the row in memory."""
    del folder
    with durable() as server, baselines(client) as both:
        for shift in (0, None):
            url = filled(server, roles=1, per_role=10)
            with race_of(both, client, database_url=url) as race:
                claim_first(race.subject)
                name = f"PostgreSQL: late accepts, {'with' if shift == 0 else 'without'} shift_id"
                yield from late_lines(race, sizes, name, 10, shift, goal=0.4)
