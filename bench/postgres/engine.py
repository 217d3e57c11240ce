"""The service's engine on a database, without HTTP and without a worker. Runs in a helper process."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta

from app.clock import SystemClock
from app.domain.commands import Advance, StartFanout
from app.domain.policy import Policy
from app.domain.records import Channel, Outcome
from app.runtime.engine import Engine
from app.stores.postgres.store import PostgresStore
from bench import data
from bench.load import run_in_uvicorn_loop

#: Commands in flight at once, and connections of the load client: enough to keep the processor busy.
CONCURRENCY = 128
_LONGEST_S = 300.0


@asynccontextmanager
async def _engine(url: str) -> AsyncIterator[tuple[Engine, PostgresStore, SystemClock]]:
    clock = SystemClock()
    store = PostgresStore(url, clock, has_worker=False)
    await store.open()
    try:
        yield Engine(store, clock, Policy()), store, clock
    finally:
        await store.aclose()


def start_fanouts(url: str, shifts: range) -> None:
    """Start the fanouts of these shifts and plan their rounds; nothing is sent."""
    run_in_uvicorn_loop(_start_fanouts(url, shifts), _LONGEST_S)


async def _start_fanouts(url: str, shifts: range) -> None:
    async with _engine(url) as (engine, store, clock):

        async def start(numbers: Iterable[int]) -> None:
            for number in numbers:
                await engine.handle(StartFanout(shift_id=data.shift_id(number), now=clock.now()))

        numbers = iter(shifts)
        await asyncio.gather(*(start(numbers) for _ in range(CONCURRENCY)))
        while due := await store.due_fanouts(clock.now(), clock.now() + timedelta(minutes=1), CONCURRENCY):
            for fanout in due:
                await engine.handle(Advance(shift_id=fanout.shift_id, generation=fanout.generation, now=clock.now()))


def claims_per_second(url: str, claims: list[tuple[int, int]]) -> float:
    """Let each (caregiver, shift) claim the shift; returns claims per second.

    Raises RuntimeError if a claim does not win.
    The first `CONCURRENCY` claims do not count, because they open connections and prepare statements.
    """
    return run_in_uvicorn_loop(_claims_per_second(url, claims[:CONCURRENCY], claims[CONCURRENCY:]), _LONGEST_S)


async def _claims_per_second(url: str, first: list[tuple[int, int]], claims: list[tuple[int, int]]) -> float:
    async with _engine(url) as (engine, _, _clock):

        async def claim(waiting: Iterator[tuple[int, int]]) -> None:
            for caregiver, shift in waiting:
                answer = await engine.handle_reply(
                    data.phone(caregiver), "YES", Channel.SMS, f"store-{shift}", data.shift_id(shift)
                )
                if answer.outcome is not Outcome.CLAIMED:
                    raise RuntimeError(f"a claim that must win was {answer.outcome}")

        async def claim_all(some: list[tuple[int, int]]) -> None:
            waiting = iter(some)
            await asyncio.gather(*(claim(waiting) for _ in range(CONCURRENCY)))

        await claim_all(first)
        start = time.perf_counter()
        await claim_all(claims)
        return len(claims) / (time.perf_counter() - start)
