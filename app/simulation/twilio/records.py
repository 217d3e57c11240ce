"""New messages and calls, as Twilio's API shows them. Pure."""

from datetime import datetime
from email.utils import format_datetime
from typing import Any

#: A message or a call: the fields of the API's JSON.
Record = dict[str, Any]


def new_message(
    *, number: int, account_sid: str, to: str, from_number: str, body: str, direction: str, status: str, now: datetime
) -> Record:
    """A message. `number`: how many there were before; makes its id."""
    return _record(f"SM{number + 1:032x}", account_sid, to, from_number, direction, status, now) | {
        "body": body,
        "date_sent": None,
        "error_code": None,
        "num_media": "0",
        "num_segments": "1",
    }


def new_call(
    *, number: int, account_sid: str, to: str, from_number: str, direction: str, status: str, now: datetime
) -> Record:
    """A call. `number`: how many there were before; makes its id."""
    return _record(f"CA{number + 1:032x}", account_sid, to, from_number, direction, status, now) | {
        "start_time": format_datetime(now),
        "answered_by": None,
        "duration": None,
    }


def _record(
    sid: str, account_sid: str, to: str, from_number: str, direction: str, status: str, now: datetime
) -> Record:
    return {
        "sid": sid,
        "account_sid": account_sid,
        "api_version": "2010-04-01",
        "to": to,
        "from": from_number,
        "direction": direction,
        "status": status,
        "date_created": format_datetime(now),
        "date_updated": format_datetime(now),
    }
