"""Processes of the service, forked from one that has imported it, which makes their start ten times as fast."""

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

#: What a process of the service imports; each of these may be missing.
_IMPORTS = ["app.api", "app.notifiers.webhook", "app.stores.postgres.store", "httptools", "uvicorn.main", "uvloop"]
# Only on Linux is it safe to fork after such imports. Elsewhere each process imports everything itself.
if sys.platform == "linux":
    _CONTEXT = multiprocessing.get_context("forkserver")
else:
    _CONTEXT = multiprocessing.get_context("spawn")
# Under `pytest` without workers a new process imports the program of the test process, which is pytest.
_CONTEXT.set_forkserver_preload([*_IMPORTS, "pytest"])


def _run_uvicorn(arguments: Sequence[str], folder: Path, environment: dict[str, str], log: Path) -> None:
    """Do what `python -m uvicorn` with these arguments does in that folder; the output goes to the end of `log`."""
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    # The test process, which imports this module too, needs no uvicorn.
    from uvicorn.main import main

    main(list(arguments))


class ForkedUvicorn:
    """A running `uvicorn`, with the methods of `subprocess.Popen` that the tests use."""

    def __init__(self, arguments: Sequence[str], folder: Path, environment: dict[str, str], log: Path) -> None:
        self._process = _CONTEXT.Process(target=_run_uvicorn, args=(arguments, folder, environment, log), daemon=True)
        self._process.start()

    def poll(self) -> int | None:
        """The exit status, negative if a signal ended the process. None: it still runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until the process ends; returns its exit status. After `timeout` seconds raises TimeoutExpired."""
        self._process.join(timeout)
        status = self.poll()
        if status is None:
            raise subprocess.TimeoutExpired("uvicorn", timeout or 0.0)
        return status

    def send_signal(self, number: int) -> None:
        """Send the signal, unless the process is known to have ended."""
        if self.poll() is None and self._process.pid is not None:
            os.kill(self._process.pid, number)

    def terminate(self) -> None:
        """Send SIGTERM."""
        self._process.terminate()

    def kill(self) -> None:
        """Send SIGKILL."""
        self._process.kill()
