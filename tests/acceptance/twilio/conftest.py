"""Offices on the simulated telephone company, with either store. An ERROR in the log fails a test."""

import logging
from collections.abc import AsyncIterator
from typing import cast

import pytest
import pytest_asyncio
from fakes import FakeClock
from twilio_office import NewTwilioOffice, TwilioOffice
from watched_store import WatchedStore

from app.domain.records import Channel
from app.ports.store import Store
from app.settings import Settings
from app.stores.memory.store import MemoryStore
from app.stores.postgres.store import PostgresStore


@pytest_asyncio.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.database)])
async def new_office(
    request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[NewTwilioOffice]:
    """A function that opens an office."""
    stores: list[PostgresStore] = []

    def in_memory(clock: FakeClock, settings: Settings) -> Store:
        return MemoryStore(settings.retention, rates(settings))

    def on_postgres(clock: FakeClock, settings: Settings) -> Store:
        stores.append(PostgresStore(request.getfixturevalue("emptied_database_url"), clock, rates=rates(settings)))
        watched = WatchedStore(stores[-1])
        clock.busy = watched.busy
        return cast(Store, watched)

    def rates(settings: Settings) -> dict[Channel, float | None]:
        return {Channel.SMS: settings.texts_per_s, Channel.VOICE: settings.calls_per_s}

    def open_office(**settings: object) -> TwilioOffice:
        return TwilioOffice(in_memory if request.param == "memory" else on_postgres, **settings)

    yield open_office
    for store in stores:
        await store.aclose()
    errors = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert errors == []
