"""The helpers that wait by the clock port."""

import asyncio
from datetime import timedelta

import pytest
from fakes import START, FakeClock

from app.clock import sleep_until, time_limit
from app.simulation.clock import settled


async def test_sleep_until_returns_at_its_time() -> None:
    """Not before, and at once for a time that has passed; no timer is left."""
    clock = FakeClock()
    sleeping = asyncio.create_task(sleep_until(clock, START + timedelta(seconds=5)))
    await clock.advance(4.9)
    assert not sleeping.done()
    await clock.advance(0.1)
    assert sleeping.done()
    await sleep_until(clock, START)
    assert clock.next_at() is None


async def test_a_sleep_that_is_cancelled_leaves_no_timer() -> None:
    """Nothing stays in the clock for a task that is gone."""
    clock = FakeClock()
    sleeping = asyncio.create_task(sleep_until(clock, START + timedelta(seconds=5)))
    await settled()
    sleeping.cancel()
    await settled()
    assert clock.next_at() is None


async def test_a_block_that_ends_within_its_time_limit_leaves_no_timer() -> None:
    """Nothing is raised, and nothing is cancelled later."""
    clock = FakeClock()
    async with time_limit(clock, 5):
        await settled()
    assert clock.next_at() is None


async def test_a_block_is_cancelled_at_its_time_limit() -> None:
    """It raises TimeoutError then; the task that ran it goes on."""
    clock = FakeClock()

    async def run() -> str:
        with pytest.raises(TimeoutError):
            async with time_limit(clock, 5):
                await asyncio.Event().wait()
        return "went on"

    running = asyncio.create_task(run())
    await clock.advance(4.9)
    assert not running.done()
    await clock.advance(0.1)
    assert running.done()
    assert await running == "went on"
