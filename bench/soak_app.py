"""The service with one more path: `GET /counts` answers how many tasks and objects of each kind the process has."""

import asyncio
import gc
import json
from collections import Counter

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api import create_app as create_service


def create_app() -> ASGIApp:
    """Build the service from the environment. No middleware of the service sees the requests to `/counts`."""
    service = create_service()

    async def with_counts(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/counts":
            tasks = Counter(_function_of(task) for task in asyncio.all_tasks())
            objects = Counter(type(one).__qualname__ for one in gc.get_objects())
            counts = {"tasks": tasks, "objects": objects}
            await Response(json.dumps(counts))(scope, receive, send)
        else:
            await service(scope, receive, send)

    return with_counts


def _function_of(task: asyncio.Task[object]) -> str:
    """The name of the coroutine function that the task runs, such as `Worker.run`."""
    return getattr(task.get_coro(), "__qualname__", "?")
