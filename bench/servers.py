"""Child processes: servers run by uvicorn, and helpers that run functions. Each ends with its `with` block."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

from bench import data
from bench.load import Batch, send_batch
from tools.ports import free_port

#: What uvicorn is given to run: the service, or a baseline.
SERVICE = ("app.api:create_app", "--factory")
FASTAPI_BASELINE = ("bench.fastapi_baseline:app",)
ASGI_BASELINE = ("bench.asgi_baseline:app",)

_ROOT = Path(__file__).resolve().parent.parent
_START_S = 60.0
_IDLE_S = 0.05


class Server:
    """A server in a process of its own. Requests are sent by the process `client`."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, client: ProcessPoolExecutor) -> None:
        self.process = process
        self.port = port
        self.client = client

    def send(self, requests: list[bytes], *, connections: int = 32, expect: bytes = b"") -> Batch:
        """Send the requests. Raises RuntimeError if an answer is not 2xx or does not contain `expect`."""
        batch = self.client.submit(send_batch, self.port, requests, connections, expect).result(timeout=130)
        if batch.good != batch.requests:
            raise RuntimeError(f"{batch.requests - batch.good} of {batch.requests} answers were not as expected")
        return batch

    def cpu_s(self) -> float | None:
        """Processor seconds of the server's main thread so far. None: the system does not report it (not Linux)."""
        try:
            return int(Path(f"/proc/{self.process.pid}/schedstat").read_text().split()[0]) / 1e9
        except (OSError, ValueError):
            return None

    def wait_until_idle(self, timeout_s: float = 60.0) -> None:
        """Wait until the server uses hardly any processor time. Raises RuntimeError after `timeout_s`."""
        deadline = time.monotonic() + timeout_s
        before = self.cpu_s()
        if before is None:
            time.sleep(1.0)
            return
        while time.monotonic() < deadline:
            time.sleep(_IDLE_S)
            now = self.cpu_s() or before
            if now - before < _IDLE_S * 0.1:
                return
            before = now
        raise RuntimeError(f"the server was still busy after {timeout_s:g} s")


@contextmanager
def serving(app: tuple[str, ...], client: ProcessPoolExecutor, **settings: object) -> Iterator[Server]:
    """The application under uvicorn, once it answers requests; `settings` as in `starting`."""
    with starting(app, client, **settings) as server:
        _wait_until_ready(server)
        yield server


@contextmanager
def starting(app: tuple[str, ...], client: ProcessPoolExecutor, **settings: object) -> Iterator[Server]:
    """The application under uvicorn, without waiting until it answers.

    `settings` are FANOUT_ variables without the prefix, in lower case. Others of the environment do not apply.
    """
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        *app,
        "--port",
        str(port),
        "--log-level",
        "warning",
        "--no-access-log",
    ]
    env = {name: value for name, value in os.environ.items() if not name.startswith("FANOUT_")}
    env |= {"FANOUT_LOG_LEVEL": "ERROR"}
    env |= {f"FANOUT_{name.upper()}": str(value) for name, value in settings.items()}
    with subprocess.Popen(command, cwd=_ROOT, env=env) as process:
        try:
            yield Server(process, port, client)
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_until_ready(server: Server) -> None:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            raise RuntimeError(f"the server ended at its start with status {server.process.returncode}")
        try:
            server.send([data.http_request("GET", "/health")])
        except OSError:
            time.sleep(0.05)
        else:
            server.wait_until_idle()
            return
    raise RuntimeError(f"the server was not ready after {_START_S:g} s")


@contextmanager
def helper_process() -> Iterator[ProcessPoolExecutor]:
    """A pool of one process that is ready to run functions. It is killed at the end if it does not stop by itself."""
    pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
    try:
        pool.submit(abs, 0).result(timeout=_START_S)
        yield pool
    finally:
        processes = list((pool._processes or {}).values())
        pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.join(2)
            if process.is_alive():
                process.kill()
