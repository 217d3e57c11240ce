"""The gateway of the histories: records what the service hands over, and answers well, badly or not at all."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.parser import BytesHeaderParser

from prove.histories.events import Recorder
from prove.histories.listener import listening

#: What happens to a message: it is taken, refused for now, or taken without an answer. How often, relatively.
_ENDS = {"taken": 8, "refused": 1, "lost": 1}
_ANSWERS = {"taken": b"HTTP/1.1 200 OK", "refused": b"HTTP/1.1 503 Service Unavailable"}
#: Seconds until it answers.
_DELAYS_S = (0.0, 0.0, 0.05, 0.3)


class Gateway:
    """Serves `url` while it is open."""

    def __init__(self, recorder: Recorder, chosen: random.Random) -> None:
        self.url = ""
        #: Takes everything at once from now on.
        self.reliable = False
        self._recorder = recorder
        self._random = chosen

    @asynccontextmanager
    async def listening(self) -> AsyncIterator["Gateway"]:
        """Listen until the block ends."""
        async with listening(self._serve) as port:
            self.url = f"http://127.0.0.1:{port}/messages"
            yield self

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.readline():
            headers = BytesHeaderParser().parsebytes(await reader.readuntil(b"\r\n\r\n"))
            message = json.loads(await reader.readexactly(int(headers["content-length"])))
            answer = await self._take(headers["idempotency-key"], message)
            if answer is None:
                break
            writer.write(answer + b"\r\ncontent-length: 0\r\n\r\n")
            await writer.drain()

    async def _take(self, key: str, message: dict[str, str]) -> bytes | None:
        end = "taken" if self.reliable else self._random.choices(list(_ENDS), list(_ENDS.values()))[0]
        value = {
            "key": key,
            "end": end,
            "to": message["to"],
            "kind": message["kind"],
            "channel": message["channel"],
            "shift": message["shift_id"],
            "caregiver": message["caregiver_id"],
        }
        self._recorder.note("gateway", "ok", "message", value)
        if not self.reliable:
            await asyncio.sleep(self._random.choice(_DELAYS_S))
        return _ANSWERS.get(end)
