"""What goes wrong in a history: processes, connections, the database and the clocks, one fault after the other."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence

from prove.histories.events import Recorder, Value
from prove.histories.fleet import LEASE_S, Process
from tools.postgres import Server

#: Seconds between two faults, at most.
_PAUSE_S = 1.0
#: Seconds for which a process stands still: some shorter and some longer than a lease.
_STILL_S = (0.3 * LEASE_S, 0.9 * LEASE_S, 1.6 * LEASE_S)
#: How many answers to COMMIT are lost at a time. Only some of them are those of a client's request.
_COMMITS_LOST = 12
#: Seconds by which a clock may be wrong. Texts and calls are then early or late, and nothing else may happen.
_WRONG_S = (-10.0, -2.0, 0.0, 2.0, 10.0)


class Faults:
    """Does one fault after the other. `kinds`: their names, which are the `f` of their events."""

    def __init__(
        self, processes: Sequence[Process], database: Server, recorder: Recorder, chosen: random.Random
    ) -> None:
        self._processes = processes
        self._database = database
        self._recorder = recorder
        self._random = chosen
        self._faults: dict[str, Callable[[Process], Awaitable[Value]]] = {
            "kill": self._kill,
            "stand still": self._stand_still,
            "cut connections": self._cut,
            "lose commits": self._lose_commits,
            "hold connections": self._hold,
            "step clock": self._step_clock,
            "restart database": self._restart_database,
        }

    @property
    def kinds(self) -> list[str]:
        """The names of the faults."""
        return list(self._faults)

    async def do_all(self, times: int) -> None:
        """Do each fault so many times, in random order, and repair everything."""
        names = self.kinds * times
        self._random.shuffle(names)
        for name in names:
            await self.do(name)
            for process in self._processes:
                process.start_again_if_ended()
            await asyncio.sleep(self._random.uniform(0.0, _PAUSE_S))
        for process in self._processes:
            process.proxy.heal()
            process.step_clock(0.0)

    async def do(self, name: str) -> None:
        """Do one fault to a process of a random choice."""
        process = self._random.choice(self._processes)
        self._recorder.note("nemesis", "info", name, {"at": process.name})
        details = await self._faults[name](process)
        self._recorder.note("nemesis", "info", name, {"at": process.name, "ended": True, **details})

    async def _kill(self, process: Process) -> Value:
        process.kill()
        await asyncio.sleep(self._random.uniform(0.0, LEASE_S))
        process.start()
        return {}

    async def _stand_still(self, process: Process) -> Value:
        seconds = self._random.choice(_STILL_S)
        process.stop()
        await asyncio.sleep(seconds)
        process.go_on()
        return {"seconds": seconds}

    async def _cut(self, process: Process) -> Value:
        process.proxy.cut()
        return {}

    async def _lose_commits(self, process: Process) -> Value:
        process.proxy.lose_commits(_COMMITS_LOST)
        return {}

    async def _hold(self, process: Process) -> Value:
        seconds = self._random.choice(_STILL_S)
        process.proxy.hold()
        await asyncio.sleep(seconds)
        process.proxy.heal()
        return {"seconds": seconds}

    async def _step_clock(self, process: Process) -> Value:
        seconds = self._random.choice(_WRONG_S)
        process.step_clock(seconds)
        return {"seconds": seconds}

    async def _restart_database(self, _: Process) -> Value:
        # As after a crash, with no word to its clients.
        await asyncio.to_thread(self._database.stop, "immediate")
        await asyncio.sleep(self._random.uniform(0.0, LEASE_S))
        await asyncio.to_thread(self._database.start)
        return {}
