"""Offices on either store: what the task description asks for holds on both, under the same simulated time."""

from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
import pytest_asyncio
from fakes import FakeClock
from office import NewOffice, Office
from watched_store import WatchedStore

from app.domain.records import Channel
from app.ports.store import Store
from app.stores.postgres.store import PostgresStore


@pytest_asyncio.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.database)])
async def new_office(request: pytest.FixtureRequest) -> AsyncIterator[NewOffice]:
    """A function that opens offices; on PostgreSQL, all of a test share one database."""
    if request.param == "memory":
        yield Office
        return
    url = request.getfixturevalue("emptied_database_url")
    stores: list[PostgresStore] = []

    def on_postgres(**settings: Any) -> Office:
        rates = {Channel.SMS: settings.get("sms_rate"), Channel.VOICE: settings.get("voice_rate")}
        stores.append(PostgresStore(url, FakeClock(), rates=rates, sends_events="events_url" in settings))
        watched = WatchedStore(stores[-1])
        office = Office(store=cast(Store, watched), **settings)
        office.clock.busy = watched.busy
        return office

    yield on_postgres
    for store in stores:
        await store.aclose()
