"""A request that uvicorn cancels at its stop."""

import asyncio

import pytest
from starlette.types import Receive, Scope, Send

from app.web.cancelled import without_traceback_at_the_stop


async def never_ends(_: Scope, __: Receive, ___: Send) -> None:
    """A response to a client that does not read."""
    await asyncio.Event().wait()


async def cancelled_with(message: str | None) -> "asyncio.Task[None]":
    """The request after it was cancelled with this message."""

    async def nothing(*_: object) -> None:
        """Neither receives nor sends."""

    async def request() -> None:
        await without_traceback_at_the_stop(never_ends)({"type": "http"}, nothing, nothing)  # type: ignore[arg-type]

    task = asyncio.create_task(request())
    await asyncio.sleep(0)
    task.cancel(message)
    await asyncio.wait([task])
    return task


async def test_the_stop_of_uvicorn_ends_it_without_an_error() -> None:
    """uvicorn would write a traceback for the cancellation."""
    task = await cancelled_with("Task cancelled, timeout graceful shutdown exceeded")
    assert not task.cancelled()
    assert task.exception() is None


@pytest.mark.parametrize("message", [None, "another reason"])
async def test_any_other_cancellation_stays_one(message: str | None) -> None:
    """A time limit around the application still works."""
    assert (await cancelled_with(message)).cancelled()
