"""A database that only reads is not enough to be ready."""

import pytest
from fakes import FakeClock

from app.errors import StoreUnavailable
from app.stores.postgres.migrate import check_schema
from app.stores.postgres.store import PostgresStore
from tools.postgres import MISSING_MESSAGE, binaries, running


async def reason_not_ready(url: str) -> str | None:
    """Why a process on that database is not ready; None: it is."""
    store = PostgresStore(url, FakeClock())
    await store.open()
    try:
        await store.check()
    except StoreUnavailable as exc:
        return exc.reason
    finally:
        await store.aclose()
    return None


async def test_a_database_that_only_reads_is_a_reason_not_to_be_ready() -> None:
    """A standby, which a primary may follow later, and a database whose transactions only read by default."""
    bin_ = binaries()
    if bin_ is None:
        pytest.skip(MISSING_MESSAGE)
    with running(bin_) as server:
        url = server.new_database()
        assert await reason_not_ready(url) is None
        only_reads = f"{url}?options=-c%20default_transaction_read_only%3Don"
        assert await reason_not_ready(only_reads) == "the database accepts no writes"
        server.become_standby()
        # The start is not refused: the standby may become the primary.
        check_schema(url)
        assert await reason_not_ready(url) == "the database is a standby, which accepts no writes"
