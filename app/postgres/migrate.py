"""The versions of the schema: numbered SQL files, each applied once, in order, all in one transaction.

See docs/adr/0007 for why no migration library does it.
"""

import re
from importlib.resources import files
from importlib.resources.abc import Traversable

import psycopg

from app.errors import StartRefused
from app.postgres.connections import connect, one_line

_NAME = re.compile(r"([0-9]{4})_[a-z_]+\.sql")
#: One migration at a time; any number does that no other program takes in this database.
_LOCK = 7_245_113_920_461
_TABLE = "CREATE TABLE IF NOT EXISTS schema_migrations (version integer PRIMARY KEY)"
_VERSION = "SELECT coalesce(max(version), 0) FROM schema_migrations"

_Connection = psycopg.Connection[tuple[object, ...]]


def migrations(folder: Traversable = files("app.postgres") / "migrations") -> list[tuple[int, str]]:  # noqa: B008
    """(version, SQL) of each file of the folder, in order."""
    found = [(_NAME.fullmatch(file.name), file) for file in folder.iterdir()]
    return sorted((int(name[1]), file.read_text(encoding="utf-8")) for name, file in found if name)


def known_version() -> int:
    """The version this program works with."""
    return migrations()[-1][0]


def migrate(url: str, steps: list[tuple[int, str]] | None = None) -> tuple[int, int]:
    """Bring the schema to this program's version; returns (version before, version now).

    Under an advisory lock, so that it may be run by many at once. Raises StartRefused if the database cannot be
    reached, is of a newer version, or a step fails: then the schema is what it was.
    """
    steps = migrations() if steps is None else steps
    with connect(url) as connection:
        try:
            with connection.transaction():
                # A large table takes its time.
                connection.execute("SET LOCAL statement_timeout = 0")
                connection.execute("SET LOCAL lock_timeout = '60s'")
                connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
                connection.execute(_TABLE)
                before = _version(connection)
                if before > steps[-1][0]:
                    raise StartRefused(_newer(before, steps[-1][0]))
                for version, script in steps:
                    if version > before:
                        connection.execute(script.encode())
                        connection.execute("INSERT INTO schema_migrations VALUES (%s)", (version,))
        except psycopg.Error as exc:
            raise StartRefused(f"the schema was not changed: {one_line(exc)}") from exc
    return before, steps[-1][0]


def check_schema(url: str) -> None:
    """Look at the database once before anything runs.

    Raises StartRefused if it cannot be reached, or if its schema is older or newer than this program knows.
    """
    with connect(url) as connection:
        reason = misfit(_found(connection))
    if reason is not None:
        raise StartRefused(reason)


def misfit(version: int) -> str | None:
    """Why the service cannot work with a schema of that version (0: none), and what to do; None if it can."""
    known = known_version()
    if version > known:
        return _newer(version, known)
    if version < known:
        what = f"of version {version}" if version else "missing"
        return f"the database schema is {what}, this program needs version {known}: run `shift-fanout migrate`"
    return None


def _newer(version: int, known: int) -> str:
    return f"the database schema is of version {version}, this program knows {known}: run a newer shift-fanout"


def _found(connection: _Connection) -> int:
    try:
        return _version(connection)
    except psycopg.errors.UndefinedTable:
        return 0
    except psycopg.Error as exc:
        raise StartRefused(f"FANOUT_DATABASE_URL (value not shown): {one_line(exc)}") from exc


def _version(connection: _Connection) -> int:
    row = connection.execute(_VERSION).fetchone()
    return int(str(row[0])) if row else 0
