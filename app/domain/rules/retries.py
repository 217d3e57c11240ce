"""Messages that are queued again for a later try, and those that are settled. Pure."""

from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.messages import Contact, ContactStatus, Notice
from app.domain.records import Kind
from app.domain.rules.channels import LONGEST_WAIT_S
from app.domain.rules.deliveries import obstacle
from app.domain.rules.rounds import skip
from app.domain.state import StateReader

#: The longest wait before the first retry; it doubles with each further retry. README promises half a second,
#: of which the timer and the connection need a part.
FIRST_RETRY_S = 0.4
#: The longest wait between two tries, unless the provider asks for a longer one.
LONGEST_RETRY_S = 60.0


def without_words(entry: Contact | Notice) -> Contact | Notice:
    """The record without words that are kept only while the message is to be sent or repeated.

    These are the text of an offer, and the office's own words.
    """
    if isinstance(entry, Contact):
        return replace(entry, body=None)
    return replace(entry, body="") if entry.kind is Kind.MESSAGE else entry


def retry(
    state: StateReader,
    entry: Contact | Notice,
    now: datetime,
    error: str | None,
    *,
    maybe_sent: bool,
    wait_s: float,
) -> Contact | Notice:
    """The entry, queued for a retry. An offer that must not be sent any more is skipped instead."""
    if isinstance(entry, Contact):
        shift, fanout = state.shift(entry.shift_id), state.fanout(entry.shift_id)
        caregiver = state.caregiver(entry.caregiver_id)
        if obstacle(state, entry, shift, fanout, caregiver, now) is not None:
            return skip(replace(entry, maybe_sent=maybe_sent, error=error or entry.error), now)
    if not maybe_sent:
        # Nobody has the text, so the next try asks for the reply that will do then.
        entry = replace(entry, first_attempt_at=None)
        if isinstance(entry, Contact):
            entry = without_words(entry)
    if isinstance(entry, Contact):
        entry = replace(entry, ended_at=None)
    return replace(
        entry,
        status=ContactStatus.QUEUED,
        updated_at=now,
        error=error or entry.error,
        maybe_sent=maybe_sent,
        due_at=now + timedelta(seconds=wait_s) if wait_s else None,
        ask_at=None,
    )


def wait_before_retry(attempts: int, jitter: float, retry_after_s: float | None) -> float:
    """Seconds until the retry: doubling, with jitter over the upper half, so that not all retries come at once.

    `jitter`: from 0 to 1. `retry_after_s`: how long the provider asked us to wait; None: it did not ask.
    """
    # Beyond a dozen doublings the limit has long been reached.
    doubled_s = FIRST_RETRY_S * 2.0 ** min(attempts - 1, 12)
    wait_s = min(doubled_s, LONGEST_RETRY_S) * (0.5 + jitter / 2)
    return max(wait_s, min(retry_after_s or 0.0, LONGEST_WAIT_S))
