"""The soak: what grows under constant load."""

from dataclasses import replace
from pathlib import Path

import pytest

from bench.servers import helper_process
from bench.sizes import QUICK
from bench.soak import side_by_side
from bench.table import format_table
from tools.postgres import Server


@pytest.mark.process
@pytest.mark.timeout(120)
def test_a_soak_of_a_second_compares_its_end_with_its_start(postgres: Server, tmp_path: Path) -> None:
    """Each store has a line for each figure; PostgreSQL also for its tables."""
    url = postgres.new_database()
    with helper_process() as client:
        lines = list(side_by_side(url, replace(QUICK, soak_minutes=1 / 60), client, tmp_path))
    postgres.drop(url)
    table = format_table(lines)
    figures = ["resident memory, kB", "descriptors", "asyncio tasks", "Python objects"]
    claims = ["p50 of a claim", "p99 of a claim"]
    names = [line.name.partition(": ")[2] for line in lines]
    assert names[:6] == [*figures, *claims]
    assert names[6:12] == [*figures, "dead tuples", "all tables, kB"]
    assert names[12].startswith("table ")
    assert names[13:] == claims
    assert all(line.ratio for line in lines if line.name.endswith(("memory, kB", "descriptors", "claim"))), table
