"""What an operator decides once, at the start of the process."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What an operator decides once, at the start of the process."""

    #: Seconds from the start of a fanout to its voice round.
    escalate_after_s: float = 600.0
    #: Seconds that closed fanouts and stored answers are kept, at least.
    retention_s: float = 604_800.0
    #: The zone in which messages show times of a shift that names none.
    zone_name: str = "UTC"
