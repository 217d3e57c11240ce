"""Migrations: numbered SQL files, each applied once, in order, all in one transaction.

A file may begin with `-- works with: N`: running programs of version N and later can continue with the schema that
the file leaves. docs/adr/0010 says why this is not a migration library.
"""

import re
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NamedTuple

import psycopg

from app.errors import StartRefused
from app.stores.postgres.connections import connect, one_line

_FILE_NAME = re.compile(r"([0-9]{4})_[a-z_]+\.sql")
_WORKS_WITH = re.compile(r"-- works with: ([0-9]+)")
#: The advisory lock of a migration. Any number that no other program uses as a lock in this database would do.
_LOCK = 7_245_113_920_461
_TABLE = """
CREATE TABLE IF NOT EXISTS schema_migrations (version integer PRIMARY KEY, works_with integer)
"""
_ADD_VERSION = "INSERT INTO schema_migrations (version, works_with) VALUES (%s, %s)"
#: The version of the schema, and the oldest version whose programs can run with it. Zeros if there is no migration.
SCHEMA_VERSION = (
    "SELECT coalesce(max(version), 0), coalesce(max(coalesce(works_with, version)), 0) FROM schema_migrations"
)

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
                before, _ = _schema_version(connection)
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
    """Check the schema version before the service starts.

    Raises StartRefused if the database cannot be reached, or if its version is not the one of this program.
    """
    known = known_version()
    with connect(url) as connection:
        try:
            version, _ = _schema_version(connection)
        except psycopg.errors.UndefinedTable:
            version = 0
        except psycopg.Error as exc:
            raise StartRefused(f"FANOUT_DATABASE_URL (value not shown): {one_line(exc)}") from exc
    if version > known:
        raise StartRefused(_newer(version, known))
    if version < known:
        raise StartRefused(_older(version, known))


def schema_mismatch(version: int, works_with: int) -> str | None:
    """Why this running program cannot continue with a schema of that version (0: none); None if it can.

    Less strict than `check_schema`: a schema that was extended for the next version may still serve this one.
    """
    known = known_version()
    if works_with > known:
        return _newer(version, known)
    return _older(version, known) if version < known else None


def _older(version: int, known: int) -> str:
    what = f"has version {version}" if version else "is missing"
    return f"the database schema {what}, but this program needs version {known}: run `shift-fanout migrate`"


def _newer(version: int, known: int) -> str:
    return (
        f"the database schema has version {version}, but this program supports only up to {known}: "
        "install a newer shift-fanout"
    )


def _schema_version(connection: _Connection) -> tuple[int, int]:
    row = connection.execute(SCHEMA_VERSION).fetchone()
    return (int(str(row[0])), int(str(row[1]))) if row else (0, 0)
