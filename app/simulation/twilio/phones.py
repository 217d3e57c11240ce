"""The telephones of the company's customers: what reaches them, and what happens when they ring. Pure."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from app.simulation.twilio.calls import Call
from app.simulation.twilio.records import Record


class Line(StrEnum):
    """What a telephone does when it is called."""

    #: It rings until somebody picks up, the caller gives up, or it has rung for too long.
    RINGS = "rings"
    BUSY = "busy"
    #: The number cannot be reached; the call fails.
    DEAD = "dead"
    #: An answering machine picks up.
    MACHINE = "machine"


@dataclass(slots=True)
class Phone:
    """One telephone."""

    number: str
    line: Line = Line.RINGS
    #: Twilio's error code of every text to this number; None: texts arrive.
    text_error: int | None = None
    #: What its answering machine says before the beep.
    greeting: str = "You have reached this number. Please leave a message after the tone."
    #: The texts and calls that have reached it, the oldest first. A test removes what it has seen.
    texts: deque[Record] = field(default_factory=deque)
    calls: deque[Call] = field(default_factory=deque)
    #: Called with each text that arrives, and with each call as it begins to ring.
    on_text: Callable[[Record], object] = lambda _: None
    on_call: Callable[[Call], object] = lambda _: None
    #: Called with each text that does not arrive, and each call that cannot be put through.
    on_lost: Callable[[Record], object] = lambda _: None
