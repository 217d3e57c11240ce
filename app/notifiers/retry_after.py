"""The header `Retry-After` (RFC 9110, section 10.2.3). Pure."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

#: The RFC has whole seconds; some servers send fractions.
_SECONDS = re.compile(r"[0-9]+(\.[0-9]+)?", re.ASCII)


def seconds_until(retry_after: str | None, now: datetime) -> float | None:
    """The seconds that the header asks to wait, given as a number or as a date; None if it is neither."""
    if retry_after is None:
        return None
    if _SECONDS.fullmatch(retry_after.strip()):
        return float(retry_after)
    try:
        when = parsedate_to_datetime(retry_after)
    except (ValueError, OverflowError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - now).total_seconds())
