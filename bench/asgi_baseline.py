"""The limit: the least that a Python server can do with an inbound message. Plain ASGI, served by uvicorn."""

from typing import Any

from pydantic_core import to_json
from starlette.types import Receive, Scope, Send

from bench.fastapi_baseline import Inbound

_HEADERS = [(b"content-type", b"application/json")]


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Parse the body of a POST with pydantic, answer with JSON bytes; answer anything else with `{}`."""
    if scope["type"] != "http":
        return
    answer: dict[str, Any] = {}
    if scope["method"] == "POST":
        message = Inbound.model_validate_json((await receive())["body"])
        answer = {
            "outcome": "already_claimed",
            "shift_id": message.shift_id,
            "caregiver_id": message.from_,
            "reply": None,
        }
    content = to_json(answer)
    headers = [*_HEADERS, (b"content-length", str(len(content)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": content})
