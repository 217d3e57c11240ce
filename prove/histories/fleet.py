"""Processes of the service on one database, each behind a proxy and with a clock of its own."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx

from prove.histories.proxy import Proxy
from prove.histories.service import CLOCK_VARIABLE, set_clock
from tools.forked import ForkedUvicorn
from tools.ports import free_port

_ROOT = Path(__file__).resolve().parents[2]
#: Seconds. Short, so that work of a process that was killed is soon taken over.
LEASE_S = 1.0
#: Seconds from a start to the calls, so that a run has some.
_CALLS_AFTER_S = 3.0
#: Seconds within which a process must answer once it is started, on a machine with much else to do.
_START_S = 60.0


class Process:
    """A process of the service, in the folder `home` with its log and its clock."""

    def __init__(self, home: Path, number: int, proxy: Proxy, database: str, gateway_url: str) -> None:
        self.name = f"service-{number}"
        self.proxy = proxy
        self._clock = home / f"{self.name}.clock"
        self._log = home / f"{self.name}.log"
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("FANOUT_")}
        self._environment = kept | {
            CLOCK_VARIABLE: str(self._clock),
            "FANOUT_DATABASE_URL": f"postgresql://postgres@127.0.0.1:{proxy.port}/{database}",
            "FANOUT_NOTIFIER": "webhook",
            "FANOUT_WEBHOOK_URL": gateway_url,
            "FANOUT_LEASE": str(LEASE_S),
            "FANOUT_ESCALATE_AFTER": str(_CALLS_AFTER_S),
        }
        self.step_clock(0.0)
        self.start()

    def start(self) -> None:
        """Start it, also after it was killed."""
        arguments = ["prove.histories.service:create_app", "--factory", "--port", str(self._port)]
        self._process = ForkedUvicorn(arguments, _ROOT, self._environment, self._log)

    def start_again_if_ended(self) -> None:
        """What a supervisor does: a process does not start without its database."""
        if self._process.poll() is not None:
            self.start()

    def kill(self) -> None:
        """End it with SIGKILL."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """Let it stand still, with SIGSTOP."""
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it go on, with SIGCONT."""
        self._process.send_signal(signal.SIGCONT)

    def step_clock(self, seconds: float) -> None:
        """Make its clock wrong by so many seconds."""
        set_clock(self._clock, seconds)

    async def wait(self, http: httpx.AsyncClient) -> None:
        """Wait until it answers. Raises TimeoutError with its log."""
        try:
            async with asyncio.timeout(_START_S):
                while not await self._answers(http):
                    self.start_again_if_ended()
                    await asyncio.sleep(0.05)
        except TimeoutError as exc:
            raise TimeoutError(f"{self.name} does not answer: {self._log.read_text()[-2000:]}") from exc

    async def _answers(self, http: httpx.AsyncClient) -> bool:
        try:
            return (await http.get(self.url + "/health")).status_code == 200
        except httpx.TransportError:
            return False


@asynccontextmanager
async def fleet(count: int, home: Path, database_url: str, gateway_url: str) -> AsyncIterator[list[Process]]:
    """That many processes, until the block ends."""
    address, _, database = database_url.rpartition("/")
    database_port = int(address.rpartition(":")[2])
    async with AsyncExitStack() as stack:
        processes = []
        for number in range(count):
            proxy = await stack.enter_async_context(Proxy(database_port).listening())
            processes.append(Process(home, number, proxy, database, gateway_url))
            stack.callback(processes[-1].kill)
        yield processes
