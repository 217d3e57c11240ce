"""The settings that the rules use, and the defaults that other modules share."""

from dataclasses import dataclass

from app.domain.attention_reasons import AttentionReason

#: Where the settings say nothing else. Seconds from the start of a fanout to its voice round: ten minutes.
ESCALATE_AFTER_S = 600.0
#: Seconds for which closed fanouts and stored answers are kept, at least: seven days.
RETENTION_S = 7 * 86_400.0
#: Seconds for which facts are kept: 400 days.
LOG_RETENTION_S = 400 * 86_400.0
#: Quiet hours hold no text about a shift that starts within this many seconds: six hours.
URGENT_S = 6 * 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The settings that the rules use. They do not change while the process runs."""

    #: Seconds from the start of a fanout to its voice round, where the organization names none.
    escalate_after_s: float = ESCALATE_AFTER_S
    #: Closed fanouts and stored answers are kept for at least this many seconds.
    retention_s: float = RETENTION_S
    #: The zone in which messages show times where neither the shift nor its organization names one; None: in the
    #: offset its start was given in.
    zone_name: str | None = None
    #: Quiet hours hold no text about a shift that starts within this many seconds.
    urgent_s: float = URGENT_S
    #: The most offers, texts and calls together, that a caregiver gets in 24 hours; None: no limit.
    offers_per_day: int | None = None
    #: Whether a shift that has ended may be offered and assigned.
    allow_past_shifts: bool = True
    #: The reasons for attention of which the office is told.
    alerts: frozenset[AttentionReason] = frozenset()
    #: Whether the words of replies that were not understood, and of the office's messages, are kept (`KeptText`).
    keeps_text: bool = False
