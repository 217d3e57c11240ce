"""How much faster a list of caregivers is stored than the same caregivers one by one, with PostgreSQL."""

import json
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from bench import data
from bench.postgres.database import durable_server
from bench.servers import SERVICE, serving
from bench.sizes import Sizes
from bench.table import Line, at_least, ratio_of

_ROWS = 1000
_GOAL = 20


def bulk(sizes: Sizes, client: ProcessPoolExecutor, folder: Path) -> Iterator[Line]:
    """New caregivers: a thousand one after the other on one connection, then a thousand in one request."""
    del folder
    pairs: list[tuple[float, float]] = []
    with durable_server() as server, serving(SERVICE, client, database_url=server.new_database()) as service:
        for turn in range(sizes.repeats):
            singles, rows = (_rows(2 * turn + part) for part in range(2))
            one_by_one = [
                data.http_request("PUT", f"/caregivers/{row.pop('id')}", json.dumps(row).encode()) for row in singles
            ]
            single_s = service.send(one_by_one, connections=1).elapsed_s
            together = [data.http_request("PUT", "/caregivers", json.dumps(rows).encode())]
            pairs.append((single_s, service.send(together, connections=1, expect=b'"status":201').elapsed_s))
    single_s, list_s = (min(times) for times in zip(*pairs, strict=True))
    ratio = ratio_of(pairs)
    yield Line(
        name=f"PostgreSQL: {_ROWS} new caregivers in one PUT",
        figure=f"{1000 * list_s:.0f} ms",
        baseline=f"one by one {1000 * single_s:.0f} ms",
        ratio=ratio,
        goal=at_least(_GOAL, ratio),
        note=f"ratio: one by one / list, the median of {sizes.repeats}; one connection, on one machine",
    )


def _rows(batch: int) -> list[dict[str, str]]:
    numbers = range(batch * _ROWS, (batch + 1) * _ROWS)
    return [
        {"id": f"cg-{number}", "name": f"Name {number}", "role": "RN", "phone": data.phone(number)}
        for number in numbers
    ]
