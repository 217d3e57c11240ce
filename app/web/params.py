"""What routes share: the id in a path, and responses that are made in parts."""

import asyncio
from collections.abc import Iterable
from typing import Annotated

from fastapi import Path
from pydantic import BeforeValidator
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.intake import fields
from app.web.middleware import SLASH

Id = Annotated[fields.Id, BeforeValidator(lambda id_: id_.replace(SLASH, "/")), Path(description="An opaque id")]


class ChunkedResponse(Response):
    """A response whose parts are made while it is sent; other requests get their turn between two of them."""

    media_type = "application/json"

    def __init__(self, parts: Iterable[bytes]) -> None:
        super().__init__()
        del self.headers["content-length"]
        self._parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        for part in self._parts:
            await send({"type": "http.response.body", "body": part, "more_body": True})
            await asyncio.sleep(0)
        await send({"type": "http.response.body", "body": b"", "more_body": False})
