"""The webhook benchmark's receiver: answers every request with 200 as cheaply as possible, in its own process."""

import asyncio
import sys

from bench.load import run_in_uvicorn_loop

_ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"


class Receiver(asyncio.Protocol):
    """Reads each request up to the end of its body and answers; it does not look at the content."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._received = b""

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (head := self._received.find(b"\r\n\r\n")) >= 0:
            at = self._received.lower().find(b"content-length: ", 0, head)
            length = int(self._received[at + 16 : self._received.find(b"\r\n", at)]) if at >= 0 else 0
            if len(self._received) < head + 4 + length:
                return
            self._received = self._received[head + 4 + length :]
            self._transport.write(_ANSWER)  # type: ignore[attr-defined]


async def _serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Receiver, "127.0.0.1", port, backlog=2048)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    # Ends after an hour, in case the benchmark was killed and did not end it.
    run_in_uvicorn_loop(_serve(int(sys.argv[1])), 3600.0)
