"""Caregivers accept a shift that somebody else has, with PostgreSQL, which stores an answer per message id."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from bench.postgres.database import durable_server, filled_database
from bench.sizes import Sizes
from bench.table import Line
from bench.throughput import baselines, comparing, fill_first_shift, late_lines


def late_accepts(sizes: Sizes, client: ProcessPoolExecutor, folder: Path) -> Iterator[Line]:
    """With and without the shift's id. The baselines are the same as for the memory store."""
    del folder
    with durable_server() as server, baselines(client) as both:
        for shift in (0, None):
            url = filled_database(server, roles=1, per_role=10)
            with comparing(both, client, database_url=url) as comparison:
                fill_first_shift(comparison.service)
                name = f"PostgreSQL: late accepts, {'with' if shift == 0 else 'without'} shift_id"
                yield from late_lines(comparison, sizes, name, 10, shift, goal=0.4)
