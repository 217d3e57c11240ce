"""Real processes of the service, for the tests that need one."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tools.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
#: Much more than a process needs to start, because several may start at once on a busy machine.
_PATIENCE_S = 60.0


def command(port: int) -> list[str]:
    """The uvicorn command of the README on that port, without `uv run`."""
    return [sys.executable, "-m", "uvicorn", "app.api:create_app", "--factory", "--port", str(port)]


def cli(*arguments: str) -> list[str]:
    """The command `shift-fanout` with these arguments, without `uv run`."""
    return [sys.executable, "-m", "app", *arguments]


def environment(**settings: str) -> dict[str, str]:
    """The environment of this process with these settings in place of its own `FANOUT_*` variables."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FANOUT_")}
    return {**kept, **settings}


def until(condition: Callable[[], object], otherwise: Callable[[], object], within_s: float = _PATIENCE_S) -> None:
    """Wait until the condition holds. After `within_s` seconds fail with the message that `otherwise` returns."""
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, otherwise()
        time.sleep(0.02)


def pause(seconds: float) -> None:
    """Wait in real time, while the processes go on working."""
    time.sleep(max(0.0, seconds))


class Server:
    """A process of the service on a port. `log` is what it has written so far."""

    def __init__(self, command: list[str], port: int, log: Path, **settings: str) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._port = port
        self._command = command
        self._log = log
        self._settings = settings
        self.start()

    def start(self) -> None:
        """Start the process; after its end, start it again on the same port."""
        with self._log.open("a") as output:
            self.process = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env=environment(**self._settings),
                stdout=output,
                stderr=output,
                text=True,
            )

    @property
    def log(self) -> str:
        """What the process has written to standard output and standard error."""
        return self._log.read_text()

    def answers(self) -> bool:
        """Whether it answers `GET /health`. Fails if the process has ended."""
        assert self.process.poll() is None, self.log
        with socket.socket() as probe:
            # Trying to connect is much cheaper than an HTTP client's request that fails.
            if probe.connect_ex(("127.0.0.1", self._port)) != 0:
                return False
        try:
            return httpx.get(self.url + "/health").status_code == 200
        except httpx.TransportError:
            return False

    def wait_for(self, words: str) -> None:
        """Wait until the log contains these words."""
        until(lambda: words in self.log, lambda: self.log)

    def wait_for_exit(self) -> int:
        """Wait until the process ends; returns its exit status."""
        return self.process.wait(timeout=_PATIENCE_S)

    def kill(self) -> None:
        """Kill the process with SIGKILL and wait until it has ended."""
        self.process.kill()
        self.process.wait()


@contextmanager
def server(
    log: Path, command_for: Callable[[int], list[str]] = command, *, port: int | None = None, **settings: str
) -> Iterator[Server]:
    """Run the service on `port`, or on a free one, until the block ends. Yields it once it answers."""
    port = port or free_port()
    running = Server(command_for(port), port, log, **settings)
    try:
        until(running.answers, lambda: running.log)
        yield running
    finally:
        running.kill()
