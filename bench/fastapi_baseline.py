"""The floor: what FastAPI by itself costs for a request like an inbound message. Served by uvicorn."""

from typing import Literal

from fastapi import FastAPI
from pydantic import BaseModel, Field


class Inbound(BaseModel):
    """The body of an inbound message, with types only."""

    from_: str = Field(alias="from")
    body: str
    channel: Literal["sms", "voice"] = "sms"
    message_id: str | None = None
    shift_id: str | None = None


app = FastAPI()


@app.post("/messages/inbound")
async def inbound(message: Inbound) -> dict[str, str | None]:
    """Parse the body, answer something of the right size."""
    return {"outcome": "already_claimed", "shift_id": message.shift_id, "caregiver_id": message.from_, "reply": None}


@app.get("/health")
async def health() -> dict[str, str]:
    """Whether the process answers."""
    return {"status": "ok"}
