"""A TCP proxy between a process of the service and its database, which cuts connections at bad moments."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from prove.histories.listener import listening

#: How PostgreSQL's answer to COMMIT ends.
_COMMITTED = b"COMMIT\x00"
_CHUNK = 65_536


class Proxy:
    """Passes on bytes in both directions. `port`: where it listens once it is open."""

    def __init__(self, target_port: int) -> None:
        self.port = 0
        self._target_port = target_port
        self._connections: set[asyncio.StreamWriter] = set()
        #: How many answers to COMMIT still pass, and how many are then to be lost.
        self._commits_to_pass = self._commits_to_lose = 0
        #: Clear while nothing passes.
        self._passes = asyncio.Event()
        self._passes.set()

    def cut(self) -> None:
        """Break all connections."""
        for connection in self._connections:
            connection.transport.abort()

    def lose_commits(self, count: int, *, after: int = 0) -> None:
        """Break the next connections whose transactions commit, so that the service does not get to know of it.

        `after`: how many transactions commit undisturbed before.
        """
        self._commits_to_pass, self._commits_to_lose = after, count

    def hold(self) -> None:
        """Pass on nothing, and break no connection."""
        self._passes.clear()

    def heal(self) -> None:
        """Pass on everything from now on."""
        self._commits_to_lose = 0
        self._passes.set()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator["Proxy"]:
        """Listen until the block ends."""
        async with listening(self._connect) as self.port:
            yield self

    async def _connect(self, from_service: asyncio.StreamReader, to_service: asyncio.StreamWriter) -> None:
        from_database, to_database = await asyncio.open_connection("127.0.0.1", self._target_port)
        ends = {to_service, to_database}
        self._connections |= ends
        directions = [
            asyncio.ensure_future(self._pass_on(from_service, to_database, answers=False)),
            asyncio.ensure_future(self._pass_on(from_database, to_service, answers=True)),
        ]
        try:
            await asyncio.wait(directions, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._connections -= ends
            for direction in directions:
                direction.cancel()
            to_database.transport.abort()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, answers: bool) -> None:
        """Pass on bytes until one end is gone, or the connection is to be broken."""
        with suppress(OSError):
            while data := await reader.read(_CHUNK):
                await self._passes.wait()
                if answers and self._commits_to_lose and _COMMITTED in data:
                    if not self._commits_to_pass:
                        self._commits_to_lose -= 1
                        break
                    self._commits_to_pass -= 1
                writer.write(data)
                await writer.drain()
