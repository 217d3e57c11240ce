"""Offices on either store: what the task description asks for holds on both, under the same simulated time."""

from collections.abc import AsyncIterator, Awaitable, Callable
from inspect import iscoroutinefunction
from typing import Any, cast

import pytest
import pytest_asyncio
from fakes import FakeClock
from office import NewOffice, Office

from app.domain.records import Channel
from app.ports.store import Store
from app.stores.postgres.store import PostgresStore


class WatchedStore:
    """Passes every call on to a store, and counts the calls that have not returned."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._calls = 0

    def busy(self) -> bool:
        """Whether a call has not returned yet."""
        return self._calls > 0

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)
        return self._watched(method) if iscoroutinefunction(method) else method

    def _watched(self, method: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def call(*arguments: Any, **named: Any) -> Any:
            self._calls += 1
            try:
                return await method(*arguments, **named)
            finally:
                self._calls -= 1

        return call


@pytest_asyncio.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.database)])
async def new_office(request: pytest.FixtureRequest) -> AsyncIterator[NewOffice]:
    """A function that opens offices; on PostgreSQL, all of a test share one database."""
    if request.param == "memory":
        yield Office
        return
    url = request.getfixturevalue("database_url")
    stores: list[PostgresStore] = []

    def on_postgres(**settings: Any) -> Office:
        rates = {Channel.SMS: settings.get("sms_rate"), Channel.VOICE: settings.get("voice_rate")}
        stores.append(PostgresStore(url, FakeClock(), rates=rates))
        watched = WatchedStore(stores[-1])
        office = Office(store=cast(Store, watched), **settings)
        office.clock.busy = watched.busy
        return office

    yield on_postgres
    for store in stores:
        await store.aclose()
