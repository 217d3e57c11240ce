"""Writes `app/stores/postgres/schema.txt` again after a migration has changed.

Run `uv run python -m tools.list_schema`.
"""

from pathlib import Path

import psycopg

from app.stores.postgres.schema import PARTS
from tools.postgres import MISSING_MESSAGE, binaries, running

_FILE = Path(__file__).resolve().parents[1] / "app" / "stores" / "postgres" / "schema.txt"


def lines_for(url: str) -> str:
    """The lines of the file for the schema of that database."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(PARTS.encode()).fetchall()
    return "".join("\t".join(part) + "\n" for part in sorted(rows) if part[0] != "version")


def main() -> None:
    """Migrate an empty database and list its parts."""
    bin_ = binaries()
    if bin_ is None:
        raise SystemExit(MISSING_MESSAGE)
    with running(bin_) as server:
        _FILE.write_text(lines_for(server.new_database()), encoding="utf-8")


if __name__ == "__main__":
    main()
