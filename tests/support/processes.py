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

from tools.forked import ForkedUvicorn
from tools.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
#: Much more than a process needs to start, because several may start at once on a busy machine.
_PATIENCE_S = 60.0
#: Shared, because a new client loads all certificates, which takes longer than a request.
_CLIENT = httpx.Client(limits=httpx.Limits(max_keepalive_connections=0))


def uvicorn_arguments(port: int) -> list[str]:
    """The arguments of uvicorn in the README on that port."""
    return ["app.api:create_app", "--factory", "--port", str(port)]


def command(port: int) -> list[str]:
    """The uvicorn command of the README on that port, without `uv run`."""
    return [sys.executable, "-m", "uvicorn", *uvicorn_arguments(port)]


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
    """A process of the service on a port. `log` is what it has written so far.

    Without a `command` it is forked, which is much faster than the uvicorn command that it does the work of.
    """

    process: ForkedUvicorn | subprocess.Popen[str]

    def __init__(self, port: int, log: Path, command: list[str] | None = None, /, **settings: str) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._port = port
        self._command = command
        self._log = log
        self._settings = settings
        self.start()

    def start(self) -> None:
        """Start the process; after its end, start it again on the same port."""
        variables = environment(**self._settings)
        if self._command is None:
            self.process = ForkedUvicorn(uvicorn_arguments(self._port), ROOT, variables, self._log)
            return
        with self._log.open("a") as output:
            self.process = subprocess.Popen(
                self._command, cwd=ROOT, env=variables, stdout=output, stderr=output, text=True
            )

    @property
    def log(self) -> str:
        """What the process has written to standard output and standard error."""
        return self._log.read_text() if self._log.exists() else ""

    def answers(self) -> bool:
        """Whether it answers `GET /health`. Fails if the process has ended."""
        assert self.process.poll() is None, self.log
        with socket.socket() as probe:
            # Trying to connect is much cheaper than an HTTP client's request that fails.
            if probe.connect_ex(("127.0.0.1", self._port)) != 0:
                return False
        try:
            return _CLIENT.get(self.url + "/health").status_code == 200
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
    log: Path,
    command_for: Callable[[int], list[str]] | None = None,
    *,
    port: int | None = None,
    **settings: str,
) -> Iterator[Server]:
    """Run the service on `port`, or on a free one, until the block ends. Yields it once it answers.

    `command_for`: returns the command for that port. See `Server` for what runs without one.
    """
    port = port or free_port()
    running = Server(port, log, command_for and command_for(port), **settings)
    try:
        until(running.answers, lambda: running.log)
        yield running
    finally:
        running.kill()
