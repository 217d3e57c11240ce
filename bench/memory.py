"""How much memory an open fanout to ten caregivers takes once its messages are sent, counted by tracemalloc."""

import asyncio
import gc
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx

from app.api import create_app
from app.settings import Settings
from bench import data
from bench.servers import helper_process
from bench.sizes import Sizes
from bench.table import Line, at_most

#: Fanouts that are started before the count begins, so that objects made once are not counted.
_WARM_UP = 20
_LONGEST_S = 300.0


@dataclass(frozen=True, slots=True)
class MemoryUse:
    """Bytes of one fanout in memory, and as the JSON of `GET /shifts/{id}/fanout`."""

    held_bytes: float
    json_bytes: int


def memory(sizes: Sizes, client: ProcessPoolExecutor, folder: Path) -> Iterator[Line]:
    """Count fanouts only: roster and shifts are loaded before. The baseline is the size of the fanout's JSON."""
    del client
    count = sizes.memory_fanouts
    total = count + _WARM_UP
    for roles, shifts_per_role, name in ((1, total, "the same 10 caregivers"), (total, 1, "10 of its own each")):
        path = data.write_data_file(
            folder / "memory.json", roles=roles, caregivers_per_role=10, shifts_per_role=shifts_per_role
        )
        with helper_process() as process:
            use = process.submit(measure_memory, path, count).result(timeout=_LONGEST_S + 10)
        yield Line(
            name=f"memory of an open fanout, {name}",
            figure=f"{use.held_bytes / 1000:.2f} kB",
            baseline=f"as JSON {use.json_bytes / 1000:.2f} kB",
            ratio=use.held_bytes / use.json_bytes,
            goal=at_most(10, use.held_bytes / 1000, "kB"),
            note=f"{use.held_bytes:,.0f} bytes; {count:,} fanouts",
        )


def measure_memory(path: Path, count: int) -> MemoryUse:
    """Start `count` fanouts, wait until their messages are sent, and return what one of them added."""
    return asyncio.run(asyncio.wait_for(_measure_memory(path, count), _LONGEST_S))


async def _measure_memory(path: Path, count: int) -> MemoryUse:
    tracemalloc.start()
    app = create_app(Settings(data=path, console_latency=0.0, log_level="ERROR"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bench") as client:
        await _start(client, range(count, count + _WARM_UP))
        gc.collect()
        before, _ = tracemalloc.get_traced_memory()
        await _start(client, range(count))
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        report = await client.get(f"/shifts/{data.shift_id(count // 2)}/fanout")
    return MemoryUse((after - before) / count, len(report.content))


async def _start(client: httpx.AsyncClient, shifts: range) -> None:
    for shift in shifts:
        answer = await client.post(f"/shifts/{data.shift_id(shift)}/fanout")
        assert answer.status_code == 202, answer.text
    for shift in shifts:
        while (await client.post(f"/shifts/{data.shift_id(shift)}/fanout")).json()["counts"]["sent"] < 10:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
