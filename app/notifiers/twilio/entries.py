"""Messages and calls as Twilio's API describes them. Pure.

Source: https://www.twilio.com/docs/messaging/api/message-resource and https://www.twilio.com/docs/voice/api.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from app.domain.receipts import Receipt

#: `message_receipt` or `call_receipt`.
ReceiptOf = Callable[[str, str | int | None], Receipt | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message or call that Twilio has accepted."""

    #: Twilio's id.
    sid: str
    #: None: a status that says nothing.
    receipt: Receipt | None
    #: The text of a message; empty for a call.
    body: str
    #: To the second; None if Twilio did not say.
    created_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A message that came in."""

    sid: str
    #: As the webhook would have got it: the names and values of a form.
    form: Mapping[str, str]
    #: To the second; None if Twilio did not say.
    created_at: datetime | None


def sent(entry: Mapping[str, Any], receipt: ReceiptOf) -> Sent:
    """The message or call that this entry describes. Raises nothing, whatever is in it."""
    return Sent(
        sid=str(entry.get("sid")),
        receipt=receipt(str(entry.get("status")), entry.get("error_code")),
        body=str(entry.get("body") or ""),
        created_at=created_at(entry),
    )


def is_outbound(entry: Mapping[str, Any]) -> bool:
    """Whether it went out from us."""
    return str(entry.get("direction")).startswith("outbound")


def received(entry: Mapping[str, Any]) -> Received | None:
    """The message that this entry describes; None if it did not come in."""
    if entry.get("direction") != "inbound":
        return None
    fields = {
        "MessageSid": entry.get("sid"),
        "AccountSid": entry.get("account_sid"),
        "MessagingServiceSid": entry.get("messaging_service_sid"),
        "From": entry.get("from"),
        "To": entry.get("to"),
        "Body": entry.get("body"),
        "NumMedia": entry.get("num_media"),
    }
    form = {name: _text(value) for name, value in fields.items() if value is not None}
    return Received(sid=str(entry.get("sid")), form=form, created_at=created_at(entry))


def _text(value: object) -> str:
    """The value as a webhook would have it. JSON may have half of a surrogate pair, which no form has."""
    return str(value).encode(errors="replace").decode()


def created_at(entry: Mapping[str, Any]) -> datetime | None:
    """When it was created; None if that is not a time as in RFC 2822."""
    try:
        moment = parsedate_to_datetime(str(entry.get("date_created")))
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
