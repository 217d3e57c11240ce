"""Keeps the connection of a request whose route failed: the 500 is a whole answer like any other. Plain ASGI."""

import logging

from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("shift_fanout.http")


def without_error_after_the_answer(app: ASGIApp) -> ASGIApp:
    """The application, which logs an exception instead of raising it if it has sent a whole answer.

    Starlette sends the 500 and raises the exception again. A server then closes the connection, without having said
    so in the answer, and the client's next request on that connection fails. After a part of an answer the exception
    is raised: nothing else tells the client that the rest is missing.
    """

    async def call(scope: Scope, receive: Receive, send: Send) -> None:
        answered = False

        async def send_and_note(message: Message) -> None:
            nonlocal answered
            await send(message)
            answered = message["type"] == "http.response.body" and not message.get("more_body", False)

        try:
            await app(scope, receive, send_and_note)
        except Exception:
            if not answered:
                raise
            log.exception("request.fault")

    return call
