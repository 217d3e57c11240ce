"""Migrations: numbered SQL files, each applied once, in order, all in one transaction.

A file may begin with `-- works with: N`: running programs of version N and later can continue with the schema that
the file leaves. docs/adr/0010 says why this is not a migration library.
"""

import re
from collections.abc import Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NamedTuple

import psycopg

from app.errors import StartRefused
from app.stores.postgres.connections import connect
from app.stores.postgres.failures import one_line
from app.stores.postgres.schema import PARTS, wrong_part

_FILE_NAME = re.compile(r"([0-9]{4})_[a-z_]+\.sql")
_WORKS_WITH = re.compile(r"-- works with: ([0-9]+)")
#: The advisory lock of a migration. Any number that no other program uses as a lock in this database would do.
_LOCK = 7_245_113_920_461
_TABLE = """
CREATE TABLE IF NOT EXISTS schema_migrations (version integer PRIMARY KEY, works_with integer)
"""
_ADD_VERSION = "INSERT INTO schema_migrations (version, works_with) VALUES (%s, %s)"
_VERSION = "SELECT coalesce(max(version), 0) FROM schema_migrations"

_Connection = psycopg.Connection[tuple[object, ...]]


class Migration(NamedTuple):
    """One numbered file."""

    version: int
    works_with: int
    script: str


def migrations(folder: Traversable | None = None) -> list[Migration]:
    """The migrations in the folder, by number. Without a folder: those of this program."""
    found = []
    for file in (folder or files("app.stores.postgres") / "migrations").iterdir():
        name = _FILE_NAME.fullmatch(file.name)
        if name is not None:
            script = file.read_text(encoding="utf-8")
            older = _WORKS_WITH.match(script)
            found.append(Migration(int(name[1]), int(older[1] if older else name[1]), script))
    return sorted(found)


def known_version() -> int:
    """The schema version of this program: the number of its last migration."""
    return migrations()[-1].version


def migrate(url: str, steps: list[Migration] | None = None) -> tuple[int, int]:
    """Bring the schema to the version of this program. Returns (version before, version now).

    An advisory lock makes it safe to run several at once. Raises StartRefused if the database cannot be reached, if
    its schema is newer, or if a migration fails. Then the schema has not changed.
    """
    steps = migrations() if steps is None else steps
    with connect(url) as connection:
        try:
            with connection.transaction():
                # Changing a large table may take long.
                connection.execute("SET LOCAL statement_timeout = 0")
                connection.execute("SET LOCAL lock_timeout = '60s'")
                connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
                connection.execute(_TABLE)
                before = _schema_version(connection)
                if before > steps[-1].version:
                    raise StartRefused(_newer(before, steps[-1].version))
                for step in steps:
                    if step.version > before:
                        connection.execute(step.script.encode())
                        connection.execute(_ADD_VERSION, (step.version, step.works_with))
        except psycopg.Error as exc:
            raise StartRefused(f"the schema was not changed: {one_line(exc)}") from exc
    return before, steps[-1].version


def check_schema(url: str) -> None:
    """Check the database before the service starts.

    Raises StartRefused if it cannot be reached, if it is not PostgreSQL itself, or if its schema is not the one that
    this program needs.
    """
    known = known_version()
    with connect(url) as connection:
        _refuse_pooler(connection)
        try:
            rows = connection.execute(PARTS.encode()).fetchall()
        except psycopg.errors.UndefinedTable:
            raise StartRefused(_older(0, known)) from None
        except psycopg.Error as exc:
            raise StartRefused(f"FANOUT_DATABASE_URL (value not shown): {one_line(exc)}") from exc
    version, _ = _versions(rows)
    if version > known:
        raise StartRefused(_newer(version, known))
    fault = schema_fault(rows)
    if fault is not None:
        raise StartRefused(fault)


def _refuse_pooler(connection: _Connection) -> None:
    """Raises StartRefused if another program answers for PostgreSQL.

    A pooler such as PgBouncer may give each transaction another session. Then LISTEN, prepared statements and the
    settings of a connection do not work. It cannot tell a client which session of the server it will get.
    """
    row = connection.execute("SELECT pg_backend_pid()").fetchone()
    if row is None or row[0] != connection.info.backend_pid:
        raise StartRefused(
            "FANOUT_DATABASE_URL (value not shown): leads to a connection pooler (PgBouncer, say): give the address "
            "of PostgreSQL itself; a process opens at most nine connections and keeps them"
        )


def schema_fault(rows: Sequence[tuple[object, ...]]) -> str | None:
    """Why this running program cannot continue with the schema; None if it can. `rows`: those of `schema.PARTS`.

    Less strict than `check_schema`: a schema that was extended for the next version may still serve this one.
    """
    version, works_with = _versions(rows)
    reason = schema_mismatch(version, works_with)
    if reason is not None:
        return reason
    part = wrong_part(rows)
    return None if part is None else f"the database schema is not that of version {version}: see {part}"


def schema_mismatch(version: int, works_with: int) -> str | None:
    """The same, from the version alone (0: no schema) and the oldest version whose programs can run with it."""
    known = known_version()
    if works_with > known:
        return _newer(version, known)
    return _older(version, known) if version < known else None


def _versions(rows: Sequence[tuple[object, ...]]) -> tuple[int, int]:
    return next((int(str(name)), int(str(works_with))) for kind, name, works_with in rows if kind == "version")


def _older(version: int, known: int) -> str:
    what = f"has version {version}" if version else "is missing"
    return f"the database schema {what}, but this program needs version {known}: run `shift-fanout migrate`"


def _newer(version: int, known: int) -> str:
    return (
        f"the database schema has version {version}, but this program supports only up to {known}: "
        "install a newer shift-fanout"
    )


def _schema_version(connection: _Connection) -> int:
    row = connection.execute(_VERSION).fetchone()
    return int(str(row[0])) if row else 0
