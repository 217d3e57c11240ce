"""The fast baseline, "bare ASGI": the least work a Python server can do for an inbound message.

Plain ASGI without a framework, served by uvicorn as the service is.
"""

from typing import Any

from pydantic_core import to_json
from starlette.types import Receive, Scope, Send

from bench.fastapi_baseline import Inbound

_HEADERS = [(b"content-type", b"application/json")]


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Parse the body of a POST with pydantic and answer with JSON; answer any other request with `{}`."""
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
