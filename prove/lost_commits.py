"""Commands on a real PostgreSQL whose connection breaks after the server has committed and before the answer comes.

The store cannot know whether such a command was carried out. It must say so, and must not decide it again: its answer
would be that of a repeat, and others may have been carried out meanwhile. A proxy reads the server's answer to COMMIT
and breaks the connection instead of passing it on.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

from app.domain.rules.decide import decide
from app.stores.postgres.failures import CommitUnknown
from prove.histories.proxy import Proxy
from prove.merges import Gate, GatedStore
from prove.moves import POLICY, START
from prove.pairs import NAMES, SITUATIONS, commands_of
from prove.rules import Broken, require
from prove.world import World


async def lose_answers(url: str, first: str) -> int:
    """Lose the answer to the COMMIT of that command, in each situation, and do each command after it.

    `url`: of a database that nothing else uses. Returns the number of trials. Raises `Broken` with the trial.
    """
    trials = 0
    async with _Losses.on(url) as losses:
        for situation in SITUATIONS:
            for second in NAMES:
                # A transaction that finds that it needs other locks writes nothing. It commits, and another follows.
                for committed in count():
                    trials += 1
                    try:
                        carried_out = await losses.run((first, second, situation), str(trials), committed)
                    except Broken as broken:
                        raise Broken(f"{first}, its answer lost, then {second}, {situation}: {broken}") from broken
                    if carried_out:
                        break
    return trials


class _Losses:
    """Carries out trials on one database."""

    def __init__(self, proxy: Proxy, losing: GatedStore, other: GatedStore) -> None:
        """`losing`: the store behind the proxy."""
        self._proxy = proxy
        self._losing = losing
        self._other = other

    @classmethod
    @asynccontextmanager
    async def on(cls, url: str) -> "AsyncIterator[_Losses]":
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

    async def run(self, names: tuple[str, str, str], key: str, committed: int) -> bool:
        """Carry out one trial. Returns whether the first command was carried out although its answer was lost.

        `committed`: how many of its transactions get their answer. Raises `Broken`.
        """
        before, first, second = commands_of(*names, key)
        world = World.empty(START)
        for command in before:
            await self._other.do(command)
            world = world.after(decide(world, command, POLICY).writes)
        gate = Gate()
        self._proxy.lose_commits(1, after=committed)
        try:
            answer: object = await self._losing.do(first, gate)
        except CommitUnknown as unknown:
            answer = unknown
        finally:
            self._proxy.heal()
        require(isinstance(answer, CommitUnknown), f"a command without an answer is not answered: {answer}")
        require(gate.transactions == committed + 1, "a command that may have been carried out is not decided again")
        seen = await self._other.do(second), await self._other.holder(f"s{key}")
        done, not_done = world.after(decide(world, first, POLICY).writes), world
        for state in (done, not_done):
            following = decide(state, second, POLICY)
            held = state.after(following.writes).assignment(f"s{key}")
            if seen == (following.result, held.caregiver_id if held else None):
                return state is done
        raise Broken(f"the next command finds the command carried out, or not at all: {seen}")
