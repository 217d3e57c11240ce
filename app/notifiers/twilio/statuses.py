"""The statuses of messages and calls at Twilio, and what they say about ours. Pure."""

from app.domain.receipts import Consequence, Receipt, ReceiptState
from app.notifiers.twilio.codes import consequence_of, error_words

_OF_A_MESSAGE = {
    "accepted": ReceiptState.ACCEPTED,
    "scheduled": ReceiptState.ACCEPTED,
    "queued": ReceiptState.ACCEPTED,
    "sending": ReceiptState.ACCEPTED,
    "sent": ReceiptState.ACCEPTED,
    "partially_delivered": ReceiptState.ACCEPTED,
    "delivered": ReceiptState.DELIVERED,
    "read": ReceiptState.DELIVERED,
    "undelivered": ReceiptState.FAILED,
    "failed": ReceiptState.FAILED,
    "canceled": ReceiptState.FAILED,
}
_OF_A_CALL = {
    "queued": ReceiptState.ACCEPTED,
    "initiated": ReceiptState.ACCEPTED,
    "ringing": ReceiptState.ACCEPTED,
    "in-progress": ReceiptState.DELIVERED,
    "answered": ReceiptState.DELIVERED,
    "completed": ReceiptState.DELIVERED,
    "busy": ReceiptState.NO_ANSWER,
    "no-answer": ReceiptState.NO_ANSWER,
    "failed": ReceiptState.FAILED,
    "canceled": ReceiptState.CANCELED,
}
#: The reasons that a status names without an error code.
_REASONS = {
    "canceled": "canceled",
    "busy": "the line was busy",
    "no-answer": "nobody answered",
}


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


def _receipt(state: ReceiptState | None, status: str, code: str | int | None) -> Receipt | None:
    if state is None:
        return None
    if state not in (ReceiptState.FAILED, ReceiptState.NO_ANSWER):
        return Receipt(state=state)
    number = _number(code)
    if number is None:
        return Receipt(state=state, error=_REASONS.get(status))
    consequence = consequence_of(number) if state is ReceiptState.FAILED else Consequence.NONE
    return Receipt(state=state, error=error_words(number), consequence=consequence)


def _number(code: str | int | None) -> int | None:
    """The code as a number; None if there is none. Twilio also sends an empty one, or 0."""
    text = str(code)
    return int(text) or None if text.isascii() and text.isdigit() and len(text) < 10 else None
