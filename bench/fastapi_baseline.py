"""The usual baseline, "bare FastAPI": one endpoint that parses an inbound message and returns a small dictionary.

Served by uvicorn as the service is.
"""

from typing import Literal

from fastapi import FastAPI
from pydantic import BaseModel, Field


class Inbound(BaseModel):
    """The body of an inbound message, without the service's further checks."""

    from_: str = Field(alias="from")
    body: str
    channel: Literal["sms", "voice"] = "sms"
    message_id: str | None = None
    shift_id: str | None = None


app = FastAPI()


@app.post("/messages/inbound")
async def inbound(message: Inbound) -> dict[str, str | None]:
    """Answer a fixed outcome, about as long as the service's answer."""
    return {"outcome": "already_claimed", "shift_id": message.shift_id, "caregiver_id": message.from_, "reply": None}


@app.get("/health")
async def health() -> dict[str, str]:
    """Answer as the service's `/health` does."""
    return {"status": "ok"}
