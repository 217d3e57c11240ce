"""The statuses of messages and calls: what they say, and that they only move forward."""

from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio_api import document

from app.notifiers.twilio.statuses import DeliveryState, Receipt, call_receipt, latest, message_receipt

QUEUED, SENDING, SENT, FAILED, NO_ANSWER, DELIVERED = DeliveryState

receipts = st.builds(
    Receipt,
    state=st.sampled_from(DeliveryState),
    code=st.none() | st.sampled_from([30003, 30005]),
    error=st.none() | st.sampled_from(["a", "b"]),
)


@pytest.mark.parametrize(
    ("status", "state", "error"),
    [
        ("accepted", QUEUED, None),
        ("scheduled", QUEUED, None),
        ("queued", QUEUED, None),
        ("sending", SENDING, None),
        ("sent", SENT, None),
        ("partially_delivered", SENT, None),
        ("delivered", DELIVERED, None),
        ("read", DELIVERED, None),
        ("undelivered", FAILED, "not delivered, and Twilio gave no reason"),
        ("failed", FAILED, "failed, and Twilio gave no reason"),
        ("canceled", FAILED, "canceled"),
    ],
)
def test_the_statuses_of_messages(status: str, state: DeliveryState, error: str | None) -> None:
    """Each of those that Twilio documents for messages that were sent."""
    assert message_receipt(status) == Receipt(state=state, error=error)


@pytest.mark.parametrize(
    ("status", "state", "error"),
    [
        ("queued", QUEUED, None),
        ("initiated", SENDING, None),
        ("ringing", SENT, None),
        ("in-progress", DELIVERED, None),
        ("answered", DELIVERED, None),
        ("completed", DELIVERED, None),
        ("busy", NO_ANSWER, "the line was busy"),
        ("no-answer", NO_ANSWER, "nobody answered"),
        ("failed", FAILED, "failed, and Twilio gave no reason"),
        ("canceled", FAILED, "canceled"),
    ],
)
def test_the_statuses_of_calls(status: str, state: DeliveryState, error: str | None) -> None:
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
        state=FAILED, code=30003, error="the phone is off or cannot be reached (Twilio error 30003)"
    )


@pytest.mark.parametrize("code", [None, "", 0, "0", "none", "-1", "1e3", "\u0663", "9" * 5000])
def test_what_is_no_error_code_counts_as_none(code: str | int | None) -> None:
    """Forms have empty ones, and nothing that is sent can break this."""
    receipt = message_receipt("failed", code)
    assert receipt is not None
    assert receipt.code is None


def test_a_delivered_message_has_no_error() -> None:
    """Whatever code came with the status."""
    assert message_receipt("delivered", "30003") == Receipt(state=DELIVERED)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (QUEUED, SENDING),
        (SENDING, SENT),
        (SENT, DELIVERED),
        (SENT, FAILED),
        (SENT, NO_ANSWER),
        (FAILED, DELIVERED),
        (QUEUED, DELIVERED),
    ],
)
def test_a_state_moves_only_forward(before: DeliveryState, after: DeliveryState) -> None:
    """Whichever of the two arrives first. What was delivered has been delivered."""
    one, other = Receipt(state=before), Receipt(state=after)
    assert latest(one, other) == latest(other, one) == other


def test_a_later_receipt_without_the_reason_does_not_erase_it() -> None:
    """Twilio may report the same failure again with an empty error code."""
    with_reason, without = message_receipt("undelivered", 30003), message_receipt("failed", "")
    assert with_reason is not None
    assert without is not None
    assert latest(with_reason, without) == latest(without, with_reason) == with_reason


@given(arrived=st.lists(receipts, min_size=1, max_size=6), data=st.data())
def test_any_order_and_any_repeats_give_the_same_result(arrived: list[Receipt], data: st.DataObject) -> None:
    """So late, repeated and reordered callbacks do no harm."""
    again = data.draw(st.permutations(arrived + data.draw(st.lists(st.sampled_from(arrived)))))
    assert reduce(latest, again) == reduce(latest, arrived)
