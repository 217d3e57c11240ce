"""Ends a request without a traceback if the server cancels it at its stop, because the client does not read."""

import asyncio

from starlette.types import ASGIApp, Receive, Scope, Send

#: The message with which uvicorn cancels the requests that are left after the time that its stop may take.
_AT_THE_STOP = "Task cancelled, timeout graceful shutdown exceeded"


def without_traceback_at_the_stop(app: ASGIApp) -> ASGIApp:
    """The application, which returns when uvicorn cancels it at its stop; uvicorn then writes one line about it.

    Every other cancellation is raised.
    """

    async def call(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        except asyncio.CancelledError as exc:
            if exc.args != (_AT_THE_STOP,):
                raise

    return call
