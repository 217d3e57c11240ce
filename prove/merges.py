"""Pairs of commands on a real PostgreSQL, in every order in which two processes can merge their statements.

Two stores on one database, as of two processes. A gate in front of each statement says which of them may go on. One
runs up to a statement and stops there with its transaction open; the other runs up to a statement of its own, or
until it waits for a lock; then the first runs to its end, and the second. So every pair of stops is tried. The
connection of the first may also be ended at its stop, as by a crash of its process.

Both answers and the holders must be those of the rules, one command after the other, in one of the two orders.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import count
from typing import Any

import psycopg

from app.domain.commands import Command
from app.domain.rules.decide import Result, decide
from app.errors import StoreUnavailable
from app.simulation.clock import SteppedClock
from app.stores.postgres.connections import Connections
from app.stores.postgres.store import PostgresStore
from app.stores.postgres.transaction import QueryResult, Transaction
from prove.linearizability import Operation, linearize
from prove.moves import POLICY, START
from prove.pairs import SITUATIONS, commands_of
from prove.rules import Broken, require
from prove.world import World


class Gate:
    """Stops one store in front of its n-th statement."""

    def __init__(self) -> None:
        self.passed = 0
        #: The statement in front of which it stops; None: it stops at none.
        self.stop_at: int | None = None
        self.stopped = asyncio.Event()
        self._go_on = asyncio.Event()
        self.transaction: Transaction | None = None

    async def turn(self, transaction: Transaction) -> None:
        """Called in front of each statement."""
        self.transaction = transaction
        if self.passed == self.stop_at:
            self.stopped.set()
            await self._go_on.wait()
        self.passed += 1

    def open(self) -> None:
        """Let the store run to its end."""
        self.stop_at = None
        self._go_on.set()


class _Gated(Connections):
    """Connections whose transactions pass a gate in front of each statement, which is then carried out at once."""

    gate: Gate | None = None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """See `Connections`."""
        gate = self.gate
        async with super().transaction() as transaction:
            if gate is None:
                yield transaction
                return
            execute, sync = transaction.execute, transaction.sync

            async def gated_execute(*arguments: Any, **named: Any) -> QueryResult:
                await gate.turn(transaction)
                result = await execute(*arguments, **named)
                await sync()
                return result

            async def gated_sync() -> None:
                await gate.turn(transaction)
                await sync()

            vars(transaction).update(execute=gated_execute, sync=gated_sync)
            try:
                yield transaction
                # In front of COMMIT.
                await gate.turn(transaction)
            finally:
                vars(transaction).pop("execute", None)
                vars(transaction).pop("sync", None)


class GatedStore(PostgresStore):
    """The PostgreSQL store with a gate for the next command."""

    def __init__(self, url: str) -> None:
        clock = SteppedClock(START)
        self._gated = _Gated(url, clock)
        super().__init__(url, clock, has_worker=False, retention_s=POLICY.retention_s, connections=self._gated)

    async def do(self, command: Command, gate: Gate | None = None) -> Result:
        """Carry out the command by the rules of the service."""
        self._gated.gate = gate
        return await self.transition(command, lambda state, command: decide(state, command, POLICY))


#: Keeps the records of trials apart.
_NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class Trial:
    """One race: two commands, the situation before, and where each of them stops."""

    first: str
    second: str
    situation: str
    first_stops_at: int
    #: None: it runs to its end, or until it waits for a lock of the first.
    second_stops_at: int | None
    #: End the connection of the first at its stop instead of letting it go on.
    kills: bool = False


class Races:
    """Carries out trials on one database."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._one, self._other = GatedStore(url), GatedStore(url)

    async def open(self) -> None:
        """Connect."""
        await self._one.open()
        await self._other.open()
        self._monitor = await psycopg.AsyncConnection.connect(self._url, autocommit=True)

    async def close(self) -> None:
        """Disconnect."""
        await self._monitor.close()
        await self._one.aclose()
        await self._other.aclose()

    async def run(self, trial: Trial) -> bool:
        """Carry out one trial. Returns whether the first command got as far as its stop. Raises `Broken`."""
        key = str(next(_NUMBERS))
        before, first, second = commands_of(trial.first, trial.second, trial.situation, key)
        world = World.empty(START)
        for command in before:
            await self._one.do(command)
            world = world.after(decide(world, command, POLICY).writes)
        gates = Gate(), Gate()
        gates[0].stop_at, gates[1].stop_at = trial.first_stops_at, trial.second_stops_at
        tasks = [asyncio.ensure_future(self._one.do(first, gates[0]))]
        await self._until_stopped(tasks[0], gates[0])
        reached = gates[0].stopped.is_set()
        tasks.append(asyncio.ensure_future(self._other.do(second, gates[1])))
        await self._until_stopped(tasks[1], gates[1])
        if trial.kills and reached and gates[0].transaction is not None:
            pid = gates[0].transaction.connection.info.backend_pid
            await self._monitor.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
        for gate, task in zip(gates, tasks, strict=True):
            gate.open()
            if gate is gates[0]:
                await self._until_stopped(task, gates[0])
        results = await asyncio.gather(*tasks, return_exceptions=True)
        holding = await self._one.shift(f"s{key}")
        holder = holding[1].caregiver_id if holding is not None and holding[1] is not None else None
        _require_an_order(world, (first, second), (results[0], results[1]), holder, f"s{key}")
        return reached

    async def _until_stopped(self, task: "asyncio.Future[Any]", gate: Gate) -> None:
        """Wait until the command has ended, stands at its stop, or waits for a lock."""
        stopped = asyncio.ensure_future(gate.stopped.wait())
        while not task.done() and not stopped.done():
            waiting = await self._monitor.execute("SELECT 1 FROM pg_locks WHERE NOT granted LIMIT 1")
            if await waiting.fetchone():
                break
            await asyncio.sleep(0)
        stopped.cancel()
        with suppress(asyncio.CancelledError):
            await stopped


def _require_an_order(
    world: World, commands: tuple[Command, Command], results: tuple[Any, Any], holder: str | None, shift_id: str
) -> None:
    """What came out must be what the rules make of the commands in one of the two orders.

    A command whose answer was lost may not have happened at all.
    """
    lost = [isinstance(result, StoreUnavailable) for result in results]
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, StoreUnavailable):
            raise Broken(f"no command fails: {type(result).__name__}") from result

    def step(state: World, number: int) -> World | None:
        decision = decide(state, commands[number], POLICY)
        fits = lost[number] or decision.result == results[number]
        return state.after(decision.writes) if fits else None

    def is_held(state: World) -> bool:
        held = state.assignment(shift_id)
        return (held.caregiver_id if held else None) == holder

    at_once = [Operation(number, invoked=0, ended=None if lost[number] else 1) for number in (0, 1)]
    verdict = linearize(world, at_once, step, is_held)
    require(verdict.explained, f"two commands at once are answered as one after the other: {results}")


async def race(url: str, first: str, second: str, second_stops: Sequence[int | None], *, kills: bool) -> int:
    """Race the pair in each situation, for each stop of the first. Returns the number of trials.

    Raises `Broken` with the trial.
    """
    races, trials = Races(url), 0
    await races.open()
    try:
        for situation in SITUATIONS:
            for second_stop in second_stops:
                for first_stop in count():
                    trial = Trial(first, second, situation, first_stop, second_stop, kills)
                    try:
                        reached = await races.run(trial)
                    except Broken as broken:
                        raise Broken(f"{trial}: {broken}") from broken
                    trials += 1
                    if not reached:
                        break
    finally:
        await races.close()
    return trials
