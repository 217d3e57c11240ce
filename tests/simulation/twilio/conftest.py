"""The simulated telephone company, without the service."""

from collections.abc import AsyncIterator

import pytest_asyncio
from twilio_world import World


@pytest_asyncio.fixture
async def world() -> AsyncIterator[World]:
    """A company at which nothing has happened yet. At the end, every webhook must have been signed."""
    world = World()
    yield world
    await world.company.aclose()
    assert world.service.forged == []
