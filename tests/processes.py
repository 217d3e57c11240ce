"""Real processes of the service, for the few tests that need one."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parent.parent
_PATIENCE_S = 20.0


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def command(port: int) -> list[str]:
    """The brief's command, without uv around it."""
    return [sys.executable, "-m", "uvicorn", "app.api:create_app", "--factory", "--port", str(port)]


def cli(*arguments: str) -> list[str]:
    """`shift-fanout` with these arguments, without uv around it."""
    return [sys.executable, "-m", "app", *arguments]


def environment(**settings: str) -> dict[str, str]:
    """This environment without `FANOUT_*`, and these settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FANOUT_")}
    return {**kept, **settings}


class Server:
    """A service that listens; `log` is what it has written so far."""

    def __init__(self, process: "subprocess.Popen[str]", port: int, log: Path) -> None:
        self.process = process
        self.url = f"http://127.0.0.1:{port}"
        self._log = log

    @property
    def log(self) -> str:
        """Standard output and error."""
        return self._log.read_text()

    def wait_for(self, words: str) -> None:
        """Return once the log has these words."""
        deadline = time.monotonic() + _PATIENCE_S
        while words not in self.log:
            assert time.monotonic() < deadline, self.log
            time.sleep(0.02)

    def end(self) -> int:
        """Wait for the process to end; its exit status."""
        return self.process.wait(timeout=_PATIENCE_S)


@contextmanager
def server(
    log: Path, started_by: Callable[[int], list[str]] = command, *, port: int | None = None, **settings: str
) -> Iterator[Server]:
    """A service on that or a free port, ready for requests; killed at the end if it still runs."""
    port = port or free_port()
    with log.open("w") as output:
        process = subprocess.Popen(
            started_by(port), cwd=ROOT, env=environment(**settings), stdout=output, stderr=output, text=True
        )
    running = Server(process, port, log)
    try:
        deadline = time.monotonic() + _PATIENCE_S
        while True:
            assert process.poll() is None, running.log
            assert time.monotonic() < deadline, running.log
            try:
                if httpx.get(running.url + "/health").status_code == 200:
                    break
            except httpx.TransportError:
                time.sleep(0.02)
        yield running
    finally:
        process.kill()
        process.wait()
