"""The list of shifts in PostgreSQL: each condition that has an index uses it, however many shifts there are."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from fakes import START, FakeClock

from app.ports.store import ShiftFilter
from app.stores.postgres.connections import connect
from app.stores.postgres.migrate import migrate, migrations
from app.stores.postgres.shift_list import page
from app.stores.postgres.store import PostgresStore
from tools.postgres import Server

#: One in a hundred shifts is of the organization, of the role, of the day or claimed.
_SHIFTS = """
INSERT INTO shifts (id, organization_id, role_required, role_key, search_text, start_time, end_time, claimed)
SELECT 's' || lpad(n::text, 6, '0'), 'org' || part, 'R' || part, 'r' || part, 's' || n,
    %(start)s + part * interval '1 day', %(start)s + part * interval '1 day' + interval '8 hours', part = 7
FROM generate_series(1, 3000) AS n, mod(n, 100) AS part
"""
_ASSIGNMENTS = """
INSERT INTO assignments (shift_id, caregiver_id, claimed_at, during, matters_until)
SELECT id, 'cg' || id, start_time, tstzrange(start_time, end_time), end_time FROM shifts WHERE claimed
"""


@pytest.mark.parametrize(
    ("shift_filter", "index"),
    [
        (ShiftFilter(), "shifts_pkey"),
        (ShiftFilter(claimed=False), "shifts_open"),
        (ShiftFilter(claimed=True), "assignments_pkey"),
        (ShiftFilter(organization_id="org7"), "shifts_of_organization"),
        (ShiftFilter(role="R7"), "shifts_of_role"),
        (ShiftFilter(starts_from=START, starts_before=START.replace(hour=23)), "shifts_by_start"),
        (ShiftFilter(text="s2"), "shifts_pkey"),
    ],
    ids=repr,
)
def test_a_list_finds_its_shifts_by_an_index(database_url: str, shift_filter: ShiftFilter, index: str) -> None:
    """A page reads the index of its condition, and no table as a whole."""
    with connect(database_url) as connection:
        connection.execute(_SHIFTS, {"start": START})
        connection.execute(_ASSIGNMENTS)
        connection.execute("VACUUM ANALYZE")
        query, values = page("s000100", 101, shift_filter)
        row = psycopg.ClientCursor(connection).execute("EXPLAIN (FORMAT JSON) " + query, values).fetchone()
    assert row is not None
    explained: Any = row[0]
    parts = list(_parts(explained[0]["Plan"]))
    assert not [part for part in parts if part["Node Type"] == "Seq Scan"]
    # The two indexes of an organization cost the same here: it has few shifts.
    assert any((part.get("Index Name") or "").startswith(index) for part in parts)


@pytest.mark.parametrize("shift_filter", [ShiftFilter(role="rn"), ShiftFilter(text="OAK lane")], ids=repr)
async def test_shifts_of_the_schema_before_are_found(postgres: Server, shift_filter: ShiftFilter) -> None:
    """The migration adds what a list compares to the shifts that are there."""
    url = postgres.new_database(empty=True)
    migrate(url, [step for step in migrations() if step.version < 4])
    with connect(url) as connection:
        connection.execute(
            "INSERT INTO shifts (id, organization_id, role_required, start_time, end_time, location)"
            " VALUES ('s1', 'org', ' RN', '2026-06-01Z', '2026-06-02Z', 'Oak  Lane'),"
            " ('s2', 'org', 'LPN', '2026-06-01Z', '2026-06-02Z', NULL)"
        )
    migrate(url)
    store = PostgresStore(url, FakeClock())
    await store.open()
    try:
        assert [one.id for one, _ in await store.shifts("", 10, shift_filter)] == ["s1"]
    finally:
        await store.aclose()
        postgres.drop(url)


def _parts(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _parts(part)
