"""The cost of a statement must not depend on how much is stored: every plan finds its rows by an index.

Plans are made once per connection, so one that was made while a table was empty is also used when it is full.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg
import pytest_asyncio
from fakes import FakeClock
from psycopg import sql
from store_driver import LEASE, Driver, caregiver, shift

from app.domain.commands import (
    CancelFanout,
    DeleteCaregiver,
    DeleteOrganization,
    DeleteShift,
    HandoverResult,
    PutCaregiver,
    PutOrganization,
    PutShift,
    StartFanout,
)
from app.domain.facts import Fact, FactType
from app.domain.messages import KeptText, SentOffer
from app.domain.reading import Intent
from app.domain.receipts import ReceiptState
from app.domain.records import NOT_STORED, Channel, Organization
from app.ports.requests import RequestKey, StoredResponse
from app.stores.postgres import (
    events,
    figures,
    kept_texts,
    loading,
    log,
    queries,
    queue,
    receipts_due,
    requests,
    statements,
    store,
)
from app.stores.postgres.store import PostgresStore

#: Tables with one row per channel or migration, which may be read as a whole.
_SMALL = {"channels", "schema_migrations"}
_SCANS = {"Index Scan", "Index Only Scan", "Bitmap Index Scan"}
_COLUMNS = """
SELECT i.indexrelid::regclass::text, a.attname, i.indpred IS NOT NULL
FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indexrelid AND a.attnum = 1
"""
_PREPARED = "SELECT name, statement, cardinality(parameter_types) FROM pg_prepared_statements ORDER BY name"


@dataclass(frozen=True)
class Index:
    """What the test needs to know about an index."""

    first_column: str
    partial: bool


@pytest_asyncio.fixture
async def store_with_plans(database_url: str) -> AsyncIterator[tuple[PostgresStore, Driver]]:
    """A store that began with empty tables and has run every statement it has."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        # The planner expects ten pages in a table that was never analyzed, and one row in one that it knows is empty.
        connection.execute("VACUUM ANALYZE")
    opened = PostgresStore(database_url, FakeClock(), retention_s=3600, rates={Channel.VOICE: 1.0}, sends_events=True)
    await opened.open()
    driver = Driver(opened)
    await run_every_statement(driver)
    await opened.fanouts_closed_before(driver.now, 2)
    yield opened, driver
    await opened.aclose()


async def run_every_statement(driver: Driver) -> None:
    """Call every method of the store and every command, so that each statement is prepared."""
    at = driver.store
    await driver.put_caregivers(*(caregiver(n) for n in range(6)))
    await driver.start_fanout(shift("s1"))
    first, *rest = await driver.lease()
    await driver.record_results([first], HandoverResult.TEMPORARY, retry_after_s=1.0)
    driver.now += timedelta(seconds=2)
    await at.renew([one.entry for one in rest], driver.now + LEASE)
    driver.now += 2 * LEASE
    for entry in await driver.take_over():
        await driver.record_result(entry, HandoverResult.UNKNOWN)
    await driver.record_results(await driver.lease(), HandoverResult.SENT)
    for n, intent in enumerate((Intent.DECLINE, Intent.STOP, Intent.HELP, Intent.ACCEPT, Intent.ACCEPT)):
        await driver.says(n, intent, "s1" if n % 2 else None, f"m{n}")
    await driver.says(1, Intent.START)
    notices = await driver.lease()
    await at.renew([one.entry for one in notices], driver.now + LEASE)
    driver.now += 2 * LEASE
    for entry in await driver.take_over():
        await driver.record_result(entry, HandoverResult.UNANSWERED)
    driver.now += timedelta(minutes=2)
    await driver.record_results(await driver.lease(), HandoverResult.SENT)
    await driver.says(3, Intent.DECLINE, "s1")
    await driver.release("s1")
    await driver.do(StartFanout(shift_id="s1", now=driver.now))
    await driver.advance()
    await driver.do(CancelFanout(shift_id="s1", now=driver.now))
    await driver.do(PutShift(shift=shift("s2", day=3), now=driver.now))
    await driver.assign(5, "s2")
    await driver.start_fanout(shift("s3", day=3))
    await driver.release("s2")
    await driver.advance(timedelta(minutes=10))
    await driver.start_fanout(shift("s4", day=4, role="CNA"))
    await driver.do(PutCaregiver(caregiver=caregiver(7), now=driver.now))
    await driver.put_caregivers(caregiver(8, role="LPN"))
    await driver.start_fanout(shift("s5", day=4, role="LPN"))
    # Every offer of it fails.
    await driver.record_results(
        [one for one in await driver.lease() if one.message.shift_id == "s5"], HandoverResult.PERMANENT
    )
    await at.overviews(["s5"])
    # The queued contacts of a closed fanout are counted.
    await driver.start_fanout(shift("s8", day=5, role="LPN"))
    await driver.do(CancelFanout(shift_id="s8", now=driver.now))
    await at.overviews(["s8"])
    await driver.start_fanout(shift("s6", day=5))
    await driver.record_results(await driver.lease(), HandoverResult.THROTTLED)
    driver.now += timedelta(seconds=2)
    await driver.lease()
    await at.channels()
    await driver.do(DeleteCaregiver(caregiver_id="cg-00002", now=driver.now))
    await driver.do(PutShift(shift=shift("s7"), now=driver.now))
    await driver.do(DeleteShift(shift_id="s7", notice_id="deleted", now=driver.now))
    await driver.lease()
    for id_ in ("org", "other"):
        await driver.do(PutOrganization(organization=Organization(id=id_, name=id_), now=driver.now))
        await driver.do(DeleteOrganization(organization_id=id_, now=driver.now))
    await driver.read(lambda state: [state.offices("+16175550100"), state.alerts_to("+16175550100")])
    await driver.write(*(SentOffer(message_id=str(n), caregiver_id="c", at=driver.now) for n in range(50)))
    await driver.write(SentOffer(message_id="1", caregiver_id="c", at=None))
    await driver.read(lambda state: state.sent_offers("c"))
    request_key = RequestKey("key", "a")
    for _ in range(2):
        await at.requests.begin(request_key, "a request", driver.now)
    await at.requests.end(request_key, StoredResponse(status=200, body="{}", etag=None))
    await at.requests.end(request_key, None)
    await at.fill_facts(driver.now - timedelta(days=1), 0, driver.now, 2)
    await at.organization("org")
    await at.organizations("", 2)
    await at.silent_numbers(["+15550000001"])
    await at.organizations(NOT_STORED, 2)
    await at.check()
    await at.next_due()
    await at.figures(driver.now)
    await at.caregiver("cg-00001")
    await at.caregivers("", 2)
    await at.caregivers("", 2, "org")
    await at.caregivers(NOT_STORED, 2)
    await at.caregivers(NOT_STORED, 2, "org")
    await at.caregivers_by_id(["cg-00001"])
    await at.shift("s1")
    await at.shift_ids_from(driver.now, 2)
    await at.shift_ids_from(driver.now, 2, "org")
    await at.overviews(["s1", "s2"])
    for full in (True, False):
        await at.report("s2", full=full)
    await driver.receipt("nothing", ReceiptState.DELIVERED, "nothing")
    await at.to_ask(driver.now, 2)
    await at.ringing_calls(driver.now)
    await driver.advance(timedelta(hours=3))
    # So many answers that the deletion of old ones runs.
    for n in range(500):
        await driver.says(9, Intent.HELP, None, f"stranger-{n}")
    # And so many facts.
    await driver.write(*(Fact(type=FactType.OFFER_SENT, at=driver.now, actor="service") for _ in range(500)))
    for shift_id in (None, "s1"):
        for organization_id in (None, "org"):
            await at.log(0, 2, shift_id, organization_id)
    for organization_id in (None, "org"):
        await at.log_of_types([FactType.SHIFT_FILLED], await at.log_end() - 10, 2, organization_id)
    await driver.write(
        KeptText(id="1", shift_id="s1", caregiver_id="c", actor="a", at=driver.now, organization_id="o", body="b")
    )
    await at.kept_texts("s1", driver.now)
    await at.forget_texts(driver.now, 2)
    await at.next_event_due()
    one, another, *_ = await at.lease_events(driver.now, driver.now + LEASE, 5)
    await at.settle_event(one, driver.now, None)
    await at.settle_event(another, driver.now, driver.now + LEASE)


async def test_every_statement_is_planned_with_indexes(
    store_with_plans: tuple[PostgresStore, Driver], database_url: str
) -> None:
    """Plans made while the tables were empty, and those made with statistics of full tables, find rows by an index.

    One test, because preparing every statement takes seconds.
    """
    opened, driver = store_with_plans
    await _check_that_all_are_planned(opened)
    await _check_plans(opened)
    await driver.put_caregivers(*(caregiver(n) for n in range(1000, 1800)))
    # With a handful of rows, reading all of an index can be as cheap as looking up one entry. FULL: in an index that
    # has grown by updates too.
    await asyncio.gather(*(driver.do(PutShift(shift=shift(f"u{n:03}", day=9), now=driver.now)) for n in range(300)))
    for n in range(4):
        await driver.start_fanout(shift(f"t{n}", day=5 + n))
    await driver.record_results(await driver.lease(), HandoverResult.SENT)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("VACUUM (FULL, ANALYZE)")
    await _check_plans(opened)


async def _check_that_all_are_planned(opened: PostgresStore) -> None:
    """The plan of every statement in these modules is among the plans that are checked."""
    ran = {_shape(text) for text, _ in await plans(opened)}
    for module in (
        events,
        figures,
        kept_texts,
        loading,
        log,
        queue,
        queries,
        receipts_due,
        requests,
        statements,
        store,
    ):
        for name, text in vars(module).items():
            for one in text if isinstance(text, tuple) else (text,):
                if isinstance(one, str) and re.search(r"\b(SELECT|INSERT|UPDATE|DELETE)\b.*(%s|%\()", one, re.DOTALL):
                    assert any(_shape(one) in shape for shape in ran), f"{module.__name__}.{name}"


async def _check_plans(opened: PostgresStore) -> None:
    async with opened._connections.connection() as connection:
        found = await (await connection.execute(_COLUMNS, prepare=False)).fetchall()
    indexes = {name: Index(column, partial) for name, column, partial in found}
    faults = [
        f"{fault}\n{text}" for text, plan in await plans(opened) for fault in scans_of_whole_tables(plan, indexes)
    ]
    assert not faults, f"{len(faults)} faults:\n" + "\n".join(faults)


async def plans(opened: PostgresStore) -> list[tuple[str, dict[str, Any]]]:
    """The text and the generic plan of each statement that the pool's connections have prepared."""
    found: dict[str, dict[str, Any]] = {}
    connections = opened._connections
    pool = connections._pool
    assert pool is not None
    async with AsyncExitStack() as held:
        for _ in range(pool.get_stats()["pool_size"]):
            connection = await held.enter_async_context(connections.connection())
            for name, text, parameters in await (await connection.execute(_PREPARED, prepare=False)).fetchall():
                if text.lstrip().split()[0].upper() not in ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH"):
                    continue
                given = sql.SQL(", ").join([sql.SQL("NULL")] * parameters)
                explain = sql.SQL("EXPLAIN (FORMAT JSON) EXECUTE {}").format(sql.Identifier(name))
                if parameters:
                    explain += sql.SQL("({})").format(given)
                row = await (await connection.execute(explain, prepare=False)).fetchone()
                assert row is not None
                found.setdefault(text, row[0][0]["Plan"])
    return list(found.items())


def scans_of_whole_tables(plan: dict[str, Any], indexes: dict[str, Index]) -> Iterator[str]:
    """Describes each part of the plan that reads a whole table or index."""
    kind, table = plan["Node Type"], plan.get("Relation Name", "")
    if kind == "Seq Scan" and table not in _SMALL and not table.startswith("pg_"):
        yield f"reads all of {table}"
    if kind in _SCANS and table not in _SMALL:
        index = indexes.get(plan["Index Name"])
        # A partial index contains only waiting rows. It is read in order, and LIMIT ends the scan.
        if index is not None and not index.partial and index.first_column not in plan.get("Index Cond", ""):
            yield f"reads all of {plan['Index Name']} (by {plan.get('Index Cond')})"
    for part in plan.get("Plans", ()):
        yield from scans_of_whole_tables(part, indexes)


def _shape(text: str) -> str:
    return re.sub(r"%\(\w+\)s|%s|\$\d+", "?", text).strip()
