"""The service with one more path: `GET /counts` answers how many tasks and Python objects the process has."""

import asyncio
import gc
import json

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api import create_app as create_service


def create_app() -> ASGIApp:
    """Build the service from the environment. No middleware of the service sees the requests to `/counts`."""
    service = create_service()

    async def with_counts(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/counts":
            counts = {"tasks": len(asyncio.all_tasks()), "objects": len(gc.get_objects())}
            await Response(json.dumps(counts))(scope, receive, send)
        else:
            await service(scope, receive, send)

    return with_counts
