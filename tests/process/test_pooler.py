"""PgBouncer in front of PostgreSQL: the start is refused in one line. Needs Debian's `pgbouncer`."""

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from processes import until

from app.errors import StartRefused
from app.stores.postgres.migrate import check_schema
from tools.ports import free_port

PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
pytestmark = pytest.mark.skipif(PGBOUNCER is None, reason="needs PgBouncer (apt-get install pgbouncer)")


@contextmanager
def pooler(folder: Path, database_url: str, mode: str, ignored: str) -> Iterator[str]:
    """Run PgBouncer in front of the database; yields the URL through it."""
    assert PGBOUNCER is not None
    parts = urlsplit(database_url)
    port, name = free_port(), parts.path[1:]
    configuration = folder / "pgbouncer.ini"
    configuration.write_text(
        f"[databases]\n{name} = host=127.0.0.1 port={parts.port} dbname={name} user=postgres\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = any\n"
        f"pool_mode = {mode}\nignore_startup_parameters = {ignored}\n"
    )
    user: dict[str, Any] = {}
    if os.geteuid() == 0:
        # PgBouncer refuses to run as root, and another user cannot open the files of the test.
        nobody = pwd.getpwnam("nobody")
        user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    with configuration.open() as settings:
        running = subprocess.Popen(
            [PGBOUNCER, "/dev/stdin"], stdin=settings, stderr=subprocess.PIPE, text=True, cwd="/", **user
        )

    def listens() -> bool:
        assert running.poll() is None, running.stderr and running.stderr.read()
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    try:
        until(listens, lambda: "PgBouncer does not listen")
        yield f"postgresql://postgres@127.0.0.1:{port}/{name}"
    finally:
        running.kill()
        running.communicate()


@pytest.mark.parametrize("mode", ["transaction", "session"])
def test_a_pooler_is_refused_at_the_start(database_url: str, tmp_path: Path, mode: str) -> None:
    """In either mode the line says what to do instead."""
    with pooler(tmp_path, database_url, mode, "options") as url, pytest.raises(StartRefused) as refused:
        check_schema(url)
    assert "leads to a connection pooler" in refused.value.reason
    assert "\n" not in refused.value.reason


def test_a_pooler_that_takes_no_options_is_refused_too(database_url: str, tmp_path: Path) -> None:
    """PgBouncer itself refuses then, and its words are the line."""
    with pooler(tmp_path, database_url, "transaction", "") as url, pytest.raises(StartRefused) as refused:
        check_schema(url)
    assert "unsupported startup parameter" in refused.value.reason
    assert "\n" not in refused.value.reason
