"""The statuses of messages and calls, and what they say."""

import pytest
from twilio_description import document

from app.domain.receipts import Consequence, Receipt, ReceiptState
from app.notifiers.twilio.statuses import call_receipt, message_receipt

ACCEPTED, CANCELED, FAILED, NO_ANSWER, DELIVERED = ReceiptState


@pytest.mark.parametrize(
    ("status", "state", "error"),
    [
        ("accepted", ACCEPTED, None),
        ("scheduled", ACCEPTED, None),
        ("queued", ACCEPTED, None),
        ("sending", ACCEPTED, None),
        ("sent", ACCEPTED, None),
        ("partially_delivered", ACCEPTED, None),
        ("delivered", DELIVERED, None),
        ("read", DELIVERED, None),
        ("undelivered", FAILED, None),
        ("failed", FAILED, None),
        ("canceled", FAILED, "canceled"),
    ],
)
def test_the_statuses_of_messages(status: str, state: ReceiptState, error: str | None) -> None:
    """Each of those that Twilio documents for messages that were sent."""
    assert message_receipt(status) == Receipt(state=state, error=error)


@pytest.mark.parametrize(
    ("status", "state", "error"),
    [
        ("queued", ACCEPTED, None),
        ("initiated", ACCEPTED, None),
        ("ringing", ACCEPTED, None),
        ("in-progress", DELIVERED, None),
        ("answered", DELIVERED, None),
        ("completed", DELIVERED, None),
        ("busy", NO_ANSWER, "the line was busy"),
        ("no-answer", NO_ANSWER, "nobody answered"),
        ("failed", FAILED, None),
        ("canceled", CANCELED, None),
    ],
)
def test_the_statuses_of_calls(status: str, state: ReceiptState, error: str | None) -> None:
    """Each status of a call, and each event of a callback."""
    assert call_receipt(status) == Receipt(state=state, error=error)


def test_every_published_status_is_known() -> None:
    """Those of inbound messages say nothing about what we sent."""
    schemas = document()["components"]["schemas"]
    unknown = {status for status in schemas["message_enum_status"]["enum"] if message_receipt(status) is None}
    assert unknown == {"receiving", "received"}
    assert all(call_receipt(status) for status in schemas["call_enum_status"]["enum"])


@pytest.mark.parametrize("status", ["", "Delivered", "received", "no_answer", "new"])
def test_an_unknown_status_says_nothing(status: str) -> None:
    """Twilio adds statuses without notice."""
    assert message_receipt(status) is None
    assert call_receipt(status) is None


@pytest.mark.parametrize("code", [30003, "30003"])
def test_a_reason_is_given_in_words(code: str | int) -> None:
    """With the code to look up."""
    assert message_receipt("undelivered", code) == Receipt(
        state=FAILED,
        error="the phone is off or cannot be reached (Twilio error 30003)",
        consequence=Consequence.CALL_EARLY,
    )


@pytest.mark.parametrize(
    ("code", "consequence"),
    [
        (30001, Consequence.RETRY),
        (14107, Consequence.RETRY),
        (30006, Consequence.CALL_EARLY),
        (30034, Consequence.CHANNEL_FAULT),
        (21610, Consequence.OPTED_OUT),
        (30007, Consequence.NONE),
        (20500, Consequence.NONE),
        (99999, Consequence.NONE),
    ],
)
def test_what_follows_from_a_code_that_comes_later(code: int, consequence: Consequence) -> None:
    """The code of a message that Twilio had accepted."""
    receipt = message_receipt("undelivered", code)
    assert receipt is not None
    assert receipt.consequence is consequence


def test_a_call_that_nobody_answered_has_no_consequence() -> None:
    """Whatever code came with the status."""
    assert call_receipt("busy", 30001) == Receipt(
        state=NO_ANSWER, error="Twilio's queue is full (Twilio error 30001)"
    )


@pytest.mark.parametrize("code", [None, "", 0, "0", "none", "-1", "1e3", "\u0663", "9" * 5000])
def test_what_is_no_error_code_counts_as_none(code: str | int | None) -> None:
    """Forms have empty ones, and nothing that is sent can break this."""
    assert message_receipt("failed", code) == Receipt(state=FAILED)


def test_a_delivered_message_has_no_error() -> None:
    """Whatever code came with the status."""
    assert message_receipt("delivered", "30003") == Receipt(state=DELIVERED)
