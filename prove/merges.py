"""Pairs of commands on a real PostgreSQL, the first of them stopped in front of each of its statements.

Two stores on one database, as of two processes. A gate in front of each statement of the first says whether it may go
on. The first runs up to a statement and stops there with its transaction open; the other runs to its end, or until it
waits for a lock; then the first runs to its end, and the second. So every stop of the first is tried. The connection
of the first may also be ended at its stop, as by a crash of its process.

Both answers and the holders must be those of the rules, one command after the other, in one of the two orders.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
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
        #: How many transactions have begun.
        self.transactions = 0
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
            gate.transactions += 1
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

    async def holder(self, shift_id: str) -> str | None:
        """The caregiver who holds the shift; None if nobody does, or it was deleted."""
        found = await self.shift(shift_id)
        return found[1].caregiver_id if found is not None and found[1] is not None else None


#: Whether a session of this database waits for a lock. Other trials have databases of their own on the same server.
_WAITING = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' LIMIT 1"
#: Seconds between two times at which the server is asked that.
_ASKED_EVERY_S = 0.005
#: Keeps the records of trials apart.
_NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class Trial:
    """One race: two commands, the situation before, and where the first of them stops."""

    first: str
    second: str
    situation: str
    first_stops_at: int
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
        gate = Gate()
        gate.stop_at = trial.first_stops_at
        tasks = [asyncio.ensure_future(self._one.do(first, gate))]
        await self._until_still(tasks[0], gate)
        reached = gate.stopped.is_set()
        tasks.append(asyncio.ensure_future(self._other.do(second)))
        await self._until_still(tasks[1])
        if trial.kills and reached and gate.transaction is not None:
            pid = gate.transaction.connection.info.backend_pid
            await self._monitor.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
        gate.open()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        holder = await self._one.holder(f"s{key}")
        require_an_order(world, (first, second), (results[0], results[1]), holder, f"s{key}")
        return reached

    async def _until_still(self, task: "asyncio.Future[Any]", gate: Gate | None = None) -> None:
        """Wait until the command has ended, stands at the stop of the gate, or waits for a lock."""
        ends = {task} if gate is None else {task, asyncio.ensure_future(gate.stopped.wait())}
        while not (await asyncio.wait(ends, timeout=_ASKED_EVERY_S, return_when=asyncio.FIRST_COMPLETED))[0]:
            waiting = await self._monitor.execute(_WAITING)
            if await waiting.fetchone():
                break
        for end in ends - {task}:
            end.cancel()


def require_an_order(
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


async def race(url: str, first: str, second: str, *, kills: bool = False) -> int:
    """Race the pair in each situation, for each stop of the first. Returns the number of trials.

    Raises `Broken` with the trial.
    """
    races, trials = Races(url), 0
    await races.open()
    try:
        for situation in SITUATIONS:
            for stop in count():
                trial = Trial(first, second, situation, stop, kills)
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
