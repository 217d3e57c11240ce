"""A server with the chat completions call, which answers as the test says: rightly, wrongly, slowly or not at all."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx

from app.clock import sleep_until
from app.ports.clock import Clock

URL, MODEL, KEY = "https://model.example/v1", "small-model", "sk-sesame"


def completion(content: object) -> httpx.Response:
    """An answer of the shape that the API describes; `content` is the text of the model."""
    message = {"role": "assistant", "content": content}
    return httpx.Response(200, json={"id": "c-1", "choices": [{"index": 0, "message": message}]})


def said(intent: str) -> httpx.Response:
    """The model takes the reply for this."""
    return completion(json.dumps({"intent": intent}))


class ModelServer:
    """Answers each request with `answer(reply)`, after `takes_s` seconds. `connect` is for `ModelReader`."""

    def __init__(self, clock: Clock, answer: Callable[[str], httpx.Response], takes_s: float = 0.0) -> None:
        self._clock = clock
        self.answer = answer
        self.takes_s = takes_s
        self.requests: list[httpx.Request] = []

    def connect(self) -> httpx.AsyncBaseTransport:
        """A connection to this server."""
        return httpx.MockTransport(self._respond)

    async def _respond(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        reply = json.loads(self.body()["messages"][-1]["content"])["reply"]
        await sleep_until(self._clock, self._clock.now() + timedelta(seconds=self.takes_s))
        return self.answer(reply)

    def body(self) -> dict[str, Any]:
        """The JSON of the last request."""
        return dict(json.loads(self.requests[-1].content))
