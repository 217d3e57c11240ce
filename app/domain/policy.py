"""The settings that the rules use."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The settings that the rules use. They do not change while the process runs."""

    #: Seconds from the start of a fanout to its voice round.
    escalate_after_s: float = 600.0
    #: Closed fanouts and stored answers are kept for at least this many seconds.
    retention_s: float = 604_800.0
    #: The zone in which messages show times of a shift that names none.
    zone_name: str = "UTC"
