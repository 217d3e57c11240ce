"""What counts the work of this process for those who operate the service, if anything does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.domain.attention_reasons import AttentionReason
from app.domain.facts import Fact
from app.domain.records import Channel, Kind, Outcome
from app.ports.store import StoreFigures


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauges:
    """What is the case at one time, over all processes that share the store."""

    at: datetime
    store: StoreFigures
    #: How many of the shifts that the board lists need a person for each reason.
    attention: Mapping[AttentionReason, int]


class Meter(Protocol):
    """Counts what this process does. Every method runs on the event loop, returns at once and never raises."""

    def count_facts(self, facts: Sequence[Fact]) -> None:
        """These facts were written by this process."""

    def transition_ended(self, command: str, seconds: float) -> None:
        """A command of that name took that long in the store."""

    def reply_answered(self, channel: Channel, outcome: Outcome) -> None:
        """An inbound message was answered, also one that was answered before."""

    def handover_ended(self, channel: Channel, kind: Kind, result: str, seconds: float) -> None:
        """A provider was handed a message and answered, or did not, within that time."""

    def iteration_ended(self, at: datetime) -> None:
        """The worker's loop has finished an iteration."""

    def exposition(self, gauges: Gauges | None, *, board_viewers: int, wrong_keys: int) -> tuple[bytes, str]:
        """All figures as a text, and its content type. `gauges` None: the store cannot be read.

        `board_viewers`: open streams now. `wrong_keys`: requests with a wrong key since the process started.
        """
