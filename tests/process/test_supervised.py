"""The service under a supervisor of uvicorn: several processes in memory are refused, and reloading works."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from processes import ROOT, command, environment, until

from tools.ports import free_port


@pytest.mark.parametrize(
    ("arguments", "settings", "words"),
    [
        (
            ["--workers", "2"],
            {},
            "the server was told to run 2 processes: several processes need a FANOUT_DATABASE_URL",
        ),
        ([], {"WEB_CONCURRENCY": "2"}, "WEB_CONCURRENCY=2: several processes need a FANOUT_DATABASE_URL"),
        (["--workers", "2"], {"FANOUT_NOTIFIER": "pigeon"}, "FANOUT_NOTIFIER='pigeon': must be one of"),
    ],
    ids=["workers", "environment", "bad-setting"],
)
def test_a_refusal_ends_the_supervisor_too(arguments: list[str], settings: dict[str, str], words: str) -> None:
    """No process serves, none is started again, and one line says why."""
    ended = subprocess.run(
        [*command(free_port()), *arguments],
        cwd=ROOT,
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    written = ended.stdout + ended.stderr
    assert len([line for line in written.splitlines() if words in line]) == 1, written
    assert "startup complete" not in written
    assert "Traceback" not in written
    # uvicorn says "died" when it starts a process again.
    assert "died" not in written


@contextmanager
def supervised(log: Path, *arguments: str, **settings: str) -> Iterator[str]:
    """Run uvicorn's supervisor and its processes until the block ends. Yields the URL once the service answers."""
    port = free_port()
    with (
        log.open("w") as output,
        subprocess.Popen(
            [*command(port), *arguments],
            cwd=ROOT,
            env=environment(**settings),
            stdout=output,
            stderr=output,
            start_new_session=True,
        ) as supervisor,
    ):
        try:
            # Two interpreters start one after the other.
            until(lambda: "startup complete" in log.read_text(), log.read_text, 60.0)
            yield f"http://127.0.0.1:{port}"
        finally:
            # The supervisor alone would leave its processes behind.
            os.killpg(supervisor.pid, signal.SIGKILL)


def test_several_processes_are_allowed_on_a_database(database_url: str, tmp_path: Path) -> None:
    """With PostgreSQL the memory of a process does not matter."""
    log = tmp_path / "log"
    with supervised(log, "--workers", "2", FANOUT_DATABASE_URL=database_url, FANOUT_ROLE="api") as url:
        assert httpx.get(url + "/health").status_code == 200
        assert "was told to run" not in log.read_text()


@pytest.mark.parametrize("arguments", [["--reload"], ["--reload", "--workers", "2"]], ids=["reload", "both"])
def test_reloading_runs_one_process_in_memory(arguments: list[str], tmp_path: Path) -> None:
    """`--reload` also runs the service in a child process. It starts, because it is the only one."""
    with supervised(tmp_path / "log", *arguments) as url:
        assert httpx.get(url + "/shifts/shift-rn-monday").status_code == 200
