"""The benchmarks fill their databases with SQL of their own, which must match the current schema."""

import psycopg
from psycopg.sql import SQL, Identifier

from bench.postgres.database import filled_database
from tools.postgres import Server


def test_a_database_can_be_filled_with_caregivers_shifts_and_closed_fanouts(postgres: Server) -> None:
    """Every statement runs against the migrated schema and adds as many rows as asked for."""
    url = filled_database(postgres, roles=2, per_role=3, others=5, closed=4)
    counts = {}
    with psycopg.connect(url) as connection:
        for table in ("caregivers", "shifts", "fanouts", "assignments", "offers", "contacts", "responses"):
            row = connection.execute(SQL("SELECT count(*) FROM {}").format(Identifier(table))).fetchone()
            assert row is not None
            counts[table] = row[0]
    assert counts == {
        "caregivers": 2 * 3 + 5 + 4,
        "shifts": 2 + 4,
        "fanouts": 4,
        "assignments": 4,
        "offers": 4,
        "contacts": 4,
        "responses": 4,
    }
    postgres.drop(url)
