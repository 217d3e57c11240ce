"""Commands on a real PostgreSQL whose connection breaks after the server has committed and before the answer comes.

The store cannot know whether such a command was carried out. It must say so, and must not decide it again: its answer
would be that of a repeat, and others may have been carried out meanwhile. A proxy reads the server's answer to COMMIT
and breaks the connection instead of passing it on.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

from app.domain.commands import Command
from app.domain.rules.decide import decide
from app.stores.postgres.failures import CommitUnknown
from prove.histories.proxy import Proxy
from prove.merges import Gate, GatedStore
from prove.moves import POLICY, START
from prove.pairs import ALL_SITUATIONS, NAMES, commands_of
from prove.rules import Broken, require
from prove.world import World


async def lose_answers(url: str, first: str) -> int:
    """Lose the answer to the COMMIT of that command, in each situation, and do each command after it.

    `url`: of a database that nothing else uses. Returns the number of trials: those in which the command wrote
    something. Where it writes nothing, there is nothing to lose. Raises `Broken` with the trial.
    """
    numbers, trials = count(1), 0
    async with _Trials.on(url) as on_database:
        for situation in ALL_SITUATIONS:
            # A transaction that finds that it needs other locks writes nothing. It commits, and another follows.
            # Only the last one carries the command out.
            transactions = await on_database.transactions_of((first, NAMES[0], situation), str(next(numbers)))
            for second in NAMES:
                try:
                    trials += await on_database.run((first, second, situation), str(next(numbers)), transactions)
                except Broken as broken:
                    raise Broken(f"{first}, its answer lost, then {second}, {situation}: {broken}") from broken
    return trials


class _Trials:
    """Carries out trials on one database."""

    def __init__(self, proxy: Proxy, losing: GatedStore, other: GatedStore) -> None:
        """`losing`: the store behind the proxy."""
        self._proxy = proxy
        self._losing = losing
        self._other = other

    @classmethod
    @asynccontextmanager
    async def on(cls, url: str) -> "AsyncIterator[_Trials]":
        """Connect until the block ends."""
        address, _, database = url.rpartition("/")
        server, _, port = address.rpartition(":")
        async with Proxy(int(port)).listening() as proxy:
            losing, other = GatedStore(f"{server}:{proxy.port}/{database}"), GatedStore(url)
            await losing.open()
            await other.open()
            try:
                yield cls(proxy, losing, other)
            finally:
                await other.aclose()
                await losing.aclose()

    async def transactions_of(self, names: tuple[str, str, str], key: str) -> int:
        """How many transactions the first of two commands takes if nothing disturbs it."""
        before, first, _ = commands_of(*names, key)
        await self._after(before)
        gate = Gate()
        await self._losing.do(first, gate)
        return gate.transactions

    async def run(self, names: tuple[str, str, str], key: str, transactions: int) -> bool:
        """Lose the answer to the COMMIT of the last of so many transactions, unless that writes nothing.

        Returns whether it was lost. Raises `Broken`.
        """
        before, first, second = commands_of(*names, key)
        world = await self._after(before)
        decision = decide(world, first, POLICY)
        if not decision.writes:
            return False
        gate = Gate()
        self._proxy.lose_commits(1, after=transactions - 1)
        try:
            answer: object = await self._losing.do(first, gate)
        except CommitUnknown as unknown:
            answer = unknown
        finally:
            self._proxy.heal()
        require(isinstance(answer, CommitUnknown), f"a command without an answer is not answered: {answer}")
        require(gate.transactions == transactions, "a command that may have been carried out is not decided again")
        # The server had answered, so the command was carried out.
        done = world.after(decision.writes)
        following = decide(done, second, POLICY)
        held = done.after(following.writes).assignment(f"s{key}")
        seen = await self._other.do(second), await self._other.holder(f"s{key}")
        expected = following.result, held.caregiver_id if held else None
        require(seen == expected, f"the next command finds the command carried out: {seen}, not {expected}")
        return True

    async def _after(self, commands: list[Command]) -> World:
        """Carry out the commands, and return the state that the rules make of them."""
        world = World.empty(START)
        for command in commands:
            await self._other.do(command)
            world = world.after(decide(world, command, POLICY).writes)
        return world
