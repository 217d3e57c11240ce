"""Of several receipts of one message the same one counts, in whatever order they arrive."""

from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.receipts import Consequence, Receipt, ReceiptState, latest

ACCEPTED, CANCELED, FAILED, NO_ANSWER, DELIVERED = ReceiptState

receipts = st.builds(
    Receipt,
    state=st.sampled_from(ReceiptState),
    error=st.none() | st.sampled_from(["a", "b"]),
    consequence=st.sampled_from(Consequence),
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (ACCEPTED, DELIVERED),
        (ACCEPTED, FAILED),
        (ACCEPTED, NO_ANSWER),
        (FAILED, DELIVERED),
        (NO_ANSWER, DELIVERED),
    ],
)
def test_a_state_moves_only_forward(before: ReceiptState, after: ReceiptState) -> None:
    """Whichever of the two arrives first. What was delivered has been delivered."""
    one, other = Receipt(state=before), Receipt(state=after)
    assert latest(one, other) == latest(other, one) == other


@pytest.mark.parametrize("consequence", Consequence)
def test_a_later_receipt_without_the_reason_does_not_erase_it(consequence: Consequence) -> None:
    """A provider may report the same failure again without its reason."""
    with_reason, without = Receipt(state=FAILED, error="a", consequence=consequence), Receipt(state=FAILED)
    assert latest(with_reason, without) == latest(without, with_reason) == with_reason


@given(arrived=st.lists(receipts, min_size=1, max_size=6), data=st.data())
def test_any_order_and_any_repeats_give_the_same_result(arrived: list[Receipt], data: st.DataObject) -> None:
    """So late, repeated and reordered receipts do no harm."""
    again = data.draw(st.permutations(arrived + data.draw(st.lists(st.sampled_from(arrived)))))
    assert reduce(latest, again) == reduce(latest, arrived)
