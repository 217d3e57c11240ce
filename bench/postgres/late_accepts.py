"""Caregivers accept a shift that somebody else has, with PostgreSQL, which stores an answer per message id."""

from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from bench.postgres.database import durable_server, filled_database
from bench.sizes import Sizes
from bench.table import Line
from bench.throughput import baselines, comparing, fill_first_shift, late_lines
from bench.webhook_handover import receiving

#: Any secret will do: nobody checks the signatures.
_SECRET = "whsec_" + b64encode(bytes(24)).decode()


def late_accepts(sizes: Sizes, client: ProcessPoolExecutor, folder: Path) -> Iterator[Line]:
    """With and without the shift's id, without and with events; the baselines are those of the memory store."""
    del folder
    with durable_server() as server, baselines(client) as both, receiving() as port:
        events = {"events_url": f"http://127.0.0.1:{port}", "events_secret": _SECRET}
        for settings in ({}, events):
            for shift in (0, None):
                url = filled_database(server, roles=1, per_role=10)
                with comparing(both, client, database_url=url, **settings) as comparison:
                    fill_first_shift(comparison.service)
                    name = f"PostgreSQL: late accepts, {'with' if shift == 0 else 'without'} shift_id"
                    name += ", events on" if settings else ""
                    yield from late_lines(comparison, sizes, name, 10, shift, goal=0.4)
