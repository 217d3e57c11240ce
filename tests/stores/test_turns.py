"""The order of the queues: each one that waits sends in turn with the others."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.records import Channel
from app.stores.turns import FIRST_ORDER, OfferQueue, Order, order_after

TEXTS, TEXT_RETRIES = OfferQueue(Channel.SMS, False), OfferQueue(Channel.SMS, True)
CALLS, CALL_RETRIES = OfferQueue(Channel.VOICE, False), OfferQueue(Channel.VOICE, True)


def served(waiting: set[OfferQueue], count: int, order: Order = FIRST_ORDER) -> list[OfferQueue]:
    """The queues that send the next `count` messages while these have more than enough."""
    found = []
    for _ in range(count):
        queue = next(one for one in order if one in waiting)
        order = order_after(order, queue)
        found.append(queue)
    return found


def test_four_waiting_queues_get_equal_shares() -> None:
    """Every second message is a text, and every second text is a retry."""
    assert Counter(served(set(FIRST_ORDER), 40)) == dict.fromkeys(FIRST_ORDER, 10)
    assert [queue.channel for queue in served(set(FIRST_ORDER), 4)] == [Channel.SMS, Channel.VOICE] * 2


@pytest.mark.parametrize("other", [CALLS, CALL_RETRIES])
def test_retries_do_not_add_to_the_turns_of_their_channel(other: OfferQueue) -> None:
    """Texts and their retries together get half of the messages while a call waits."""
    assert Counter(served({TEXTS, TEXT_RETRIES, other}, 40)) == {TEXTS: 10, TEXT_RETRIES: 10, other: 20}


@given(st.lists(st.sets(st.sampled_from(FIRST_ORDER), min_size=1), max_size=60))
def test_a_queue_waits_for_at_most_three_others(rounds: list[set[OfferQueue]]) -> None:
    """Whatever else waits before each message, a queue that keeps waiting sends within four messages."""
    order = FIRST_ORDER
    waited = dict.fromkeys(FIRST_ORDER, 0)
    for waiting in rounds:
        queue = next(one for one in order if one in waiting)
        order = order_after(order, queue)
        for one in FIRST_ORDER:
            waited[one] = waited[one] + 1 if one in waiting and one != queue else 0
        assert max(waited.values()) <= 3
