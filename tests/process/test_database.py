"""Starting on a database, and its schema: refusals in one line, and migrations."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import psycopg
import pytest
from processes import ROOT, cli, command, environment, server

from app.errors import StartRefused
from app.stores.postgres.migrate import Migration, migrate, migrations, schema_mismatch
from tools.ports import free_port
from tools.postgres import Server

LATEST = migrations()[-1].version


def start(**settings: str) -> "subprocess.CompletedProcess[str]":
    """Start the service, which is expected to refuse and end."""
    return subprocess.run(
        command(free_port()),
        cwd=ROOT,
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def shift_fanout(url: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run the command line on that database."""
    return subprocess.run(
        cli(*arguments),
        cwd=ROOT,
        env=environment(FANOUT_DATABASE_URL=url),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_database_that_is_not_there_stops_the_start_with_one_line() -> None:
    """If no server listens, the line names the variable and shows no password."""
    ended = start(FANOUT_DATABASE_URL=f"postgresql://u:sesame@127.0.0.1:{free_port()}/db")
    assert ended.returncode == 1
    (line,) = ended.stderr.strip().splitlines()
    assert line.startswith("FANOUT_DATABASE_URL")
    assert "Connection refused" in line
    assert "sesame" not in line


def test_a_refused_login_stops_the_start_with_one_line(postgres: Server) -> None:
    """If the server refuses the role, the line says so and shows no password."""
    url = postgres.new_database().replace("postgres@", "stranger:sesame@")
    ended = start(FANOUT_DATABASE_URL=url)
    assert ended.returncode == 1
    (line,) = ended.stderr.strip().splitlines()
    assert 'role "stranger" does not exist' in line
    assert "sesame" not in line


def test_a_missing_extra_stops_the_start_with_one_line(tmp_path: Path) -> None:
    """Without psycopg, hidden here by a module that fails to import, the line names the extra to install."""
    (tmp_path / "psycopg.py").write_text("raise ImportError(\"No module named 'psycopg'\")")
    ended = start(FANOUT_DATABASE_URL="postgresql://h/db", PYTHONPATH=str(tmp_path))
    assert ended.returncode == 1
    (line,) = ended.stderr.strip().splitlines()
    assert "extra `postgres`" in line


def test_a_schema_that_does_not_fit_stops_the_start_and_says_what_to_run(postgres: Server) -> None:
    """For a missing schema the line says to run `migrate`, for a newer one to run a newer program."""
    url = postgres.new_database(empty=True)
    ended = start(FANOUT_DATABASE_URL=url)
    assert ended.returncode == 1
    assert ended.stderr.strip().endswith("run `shift-fanout migrate`")
    migrated = shift_fanout(url, "migrate")
    assert (migrated.returncode, migrated.stdout) == (0, f"schema version {LATEST}, was an empty database\n")
    again = shift_fanout(url, "migrate")
    assert (again.returncode, again.stdout) == (0, f"schema version {LATEST}, unchanged\n")
    with psycopg.connect(url) as connection:
        connection.execute("INSERT INTO schema_migrations VALUES (9999)")
    for ended in (start(FANOUT_DATABASE_URL=url), shift_fanout(url, "migrate")):
        assert ended.returncode == 1
        assert ended.stderr.strip().endswith("install a newer shift-fanout")


def test_many_migrate_at_once(postgres: Server) -> None:
    """Of eight simultaneous migrations one changes the schema, and all succeed."""
    url = postgres.new_database(empty=True)
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: migrate(url), range(8)))
    assert sorted(results) == [(0, LATEST), *[(LATEST, LATEST)] * 7]


def test_a_migration_that_fails_leaves_the_old_schema(postgres: Server) -> None:
    """A failing step rolls back the steps before it, so a later migration starts from the old version."""
    url = postgres.new_database()
    good = Migration(LATEST + 1, LATEST + 1, "CREATE TABLE half_done (id int)")
    steps = [*migrations(), good, Migration(LATEST + 2, LATEST + 2, "SELECT 1/0")]
    with pytest.raises(StartRefused, match="the schema was not changed: division by zero"):
        migrate(url, steps)
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT max(version) FROM schema_migrations").fetchone() == (LATEST,)
        assert connection.execute("SELECT to_regclass('half_done')").fetchone() == (None,)
    assert migrate(url, steps[:-1]) == (LATEST, LATEST + 1)


def test_an_expanded_schema_still_serves_the_programs_that_run(tmp_path: Path) -> None:
    """A migration's `works with` line names the oldest program that can use the schema; the default is its own."""
    (tmp_path / "0001_first.sql").write_text("SELECT 1;")
    (tmp_path / "0002_expand.sql").write_text("-- works with: 1\nSELECT 2;")
    (tmp_path / "0003_contract.sql").write_text("SELECT 3;")
    (tmp_path / "README.md").write_text("no migration")
    assert [step[:2] for step in migrations(tmp_path)] == [(1, 1), (2, 1), (3, 3)]
    assert schema_mismatch(LATEST, LATEST) is None
    assert schema_mismatch(LATEST + 1, LATEST) is None
    newer, older = schema_mismatch(LATEST + 1, LATEST + 1), schema_mismatch(LATEST - 1, LATEST - 1)
    assert newer is not None
    assert newer.endswith("install a newer shift-fanout")
    assert older is not None
    assert older.endswith("run `shift-fanout migrate`")


def test_the_command_needs_a_database() -> None:
    """`migrate` without FANOUT_DATABASE_URL prints one line and ends with status 1."""
    ended = subprocess.run(
        cli("migrate"), cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 1
    assert ended.stderr.strip().startswith("FANOUT_DATABASE_URL is not set")


def test_the_default_install_needs_no_driver() -> None:
    """With the memory store psycopg is not imported."""
    code = "import sys; from app.api import create_app; create_app(); sys.exit('psycopg' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment(), check=False)
    assert ended.returncode == 0


def test_a_record_that_can_no_longer_be_added_does_not_stop_the_start(postgres: Server, tmp_path: Path) -> None:
    """A number in the file belongs to another caregiver in the database: a line in the log says who is left out."""
    url = postgres.new_database()
    with psycopg.connect(url) as connection:
        connection.execute(
            "INSERT INTO caregivers (id, name, role, phone, role_key) VALUES ('x', 'X', 'RN', '+15550001', 'rn')"
        )
    data = tmp_path / "data.json"
    rows = [
        {"id": id_, "name": id_, "role": "RN", "phone": f"+1555000{n}"} for n, id_ in enumerate(("ann", "bob"), 1)
    ]
    data.write_text(json.dumps({"caregivers": rows}))
    with server(tmp_path / "log", FANOUT_DATABASE_URL=url, FANOUT_DATA=str(data)) as running:
        listed = httpx.get(f"{running.url}/caregivers").json()["items"]
        assert [one["id"] for one in listed] == ["bob", "x"]
        (line,) = [line for line in running.log.splitlines() if "data.left_out" in line]
        assert line.endswith("""caregiver=ann reason="phone: that number belongs to caregiver 'x'\"""")
