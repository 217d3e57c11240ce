"""The statuses of messages and calls at Twilio, and what they say about ours. Pure.

Statuses arrive late, repeated and out of order, and the later one may have lost the reason. So receipts are put
together with `latest`, which gives the same result for any order.
"""

from dataclasses import dataclass
from enum import StrEnum

from app.notifiers.twilio.codes import error_words


class DeliveryState(StrEnum):
    """How far a message or call has got. In this order: a state is never replaced by one before it."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    #: A call that nobody answered.
    NO_ANSWER = "no_answer"
    DELIVERED = "delivered"


_RANKS = {state: rank for rank, state in enumerate(DeliveryState)}

_OF_A_MESSAGE = {
    "accepted": DeliveryState.QUEUED,
    "scheduled": DeliveryState.QUEUED,
    "queued": DeliveryState.QUEUED,
    "sending": DeliveryState.SENDING,
    "sent": DeliveryState.SENT,
    "partially_delivered": DeliveryState.SENT,
    "delivered": DeliveryState.DELIVERED,
    "read": DeliveryState.DELIVERED,
    "undelivered": DeliveryState.FAILED,
    "failed": DeliveryState.FAILED,
    "canceled": DeliveryState.FAILED,
}
_OF_A_CALL = {
    "queued": DeliveryState.QUEUED,
    "initiated": DeliveryState.SENDING,
    "ringing": DeliveryState.SENT,
    "in-progress": DeliveryState.DELIVERED,
    "answered": DeliveryState.DELIVERED,
    "completed": DeliveryState.DELIVERED,
    "busy": DeliveryState.NO_ANSWER,
    "no-answer": DeliveryState.NO_ANSWER,
    "failed": DeliveryState.FAILED,
    "canceled": DeliveryState.FAILED,
}
_REASONS = {
    "undelivered": "not delivered, and Twilio gave no reason",
    "failed": "failed, and Twilio gave no reason",
    "canceled": "canceled",
    "busy": "the line was busy",
    "no-answer": "nobody answered",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the provider said about a message or call."""

    state: DeliveryState
    #: Twilio's error code; None: there was none.
    code: int | None = None
    #: Why it was not delivered, for an operator; None if that is not known, or nothing is wrong.
    error: str | None = None


def message_receipt(status: str, code: str | int | None = None) -> Receipt | None:
    """What a status of a message says; None for the statuses of inbound messages and for unknown ones.

    `code`: the error code, as a number or as in a form; anything else counts as none.
    """
    return _receipt(_OF_A_MESSAGE.get(status), status, code)


def call_receipt(status: str, code: str | int | None = None) -> Receipt | None:
    """What a status of a call says; None for an unknown one. `code`: see `message_receipt`.

    A call that was answered is delivered, even if the listener hung up at once.
    """
    return _receipt(_OF_A_CALL.get(status), status, code)


def latest(one: Receipt, other: Receipt) -> Receipt:
    """Of two receipts the one that counts: of the later state, and of the same state the one with a reason."""
    return max(one, other, key=lambda each: (_RANKS[each.state], each.code or 0, each.error or ""))


def _receipt(state: DeliveryState | None, status: str, code: str | int | None) -> Receipt | None:
    if state is None:
        return None
    if state not in (DeliveryState.FAILED, DeliveryState.NO_ANSWER):
        return Receipt(state=state)
    number = _number(code)
    return Receipt(state=state, code=number, error=_REASONS[status] if number is None else error_words(number))


def _number(code: str | int | None) -> int | None:
    """The code as a number; None if there is none. Twilio also sends an empty one, or 0."""
    text = str(code)
    return int(text) or None if text.isascii() and text.isdigit() and len(text) < 10 else None
