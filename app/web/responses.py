"""Responses that FastAPI does not make: one sent while it is rendered, and one built as fast as possible."""

import asyncio
from collections.abc import Iterable

from starlette.responses import Response
from starlette.types import Receive, Scope, Send


class ChunkedResponse(Response):
    """JSON that is rendered while it is sent; other requests get their turn between two chunks."""

    media_type = "application/json"

    def __init__(self, chunks: Iterable[bytes]) -> None:
        super().__init__()
        del self.headers["content-length"]
        self._chunks = chunks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        for chunk in self._chunks:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await asyncio.sleep(0)
        await send({"type": "http.response.body", "body": b"", "more_body": False})


class PlainJsonResponse(Response):
    """A 200 with this JSON and nothing else: no cookies, no other headers, so Starlette's set-up is left out."""

    def __init__(self, body: bytes) -> None:
        self.status_code = 200
        self.body = body
        self.background = None
        self.raw_headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
        ]
