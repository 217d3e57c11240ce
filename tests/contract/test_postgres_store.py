"""The PostgreSQL store keeps the store contract."""

from collections.abc import AsyncIterator

import pytest_asyncio
from board_contract import BoardContract
from fakes import FakeClock
from store_contract import StoreContract

from app.ports import Store
from app.postgres.store import PostgresStore
from app.records import Channel


class TestPostgresStore(BoardContract, StoreContract):
    """The whole suite on `PostgresStore`."""

    @pytest_asyncio.fixture
    async def store(  # type: ignore[override]  # pytest awaits it
        self, rates: dict[Channel, float | None], database_url: str
    ) -> AsyncIterator[Store]:
        """A store on a database of its own."""
        store = PostgresStore(database_url, FakeClock(), retention_s=3600, rates=rates)
        await store.open()
        yield store
        await store.aclose()
