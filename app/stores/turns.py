"""Which queue of offers goes next when slots or rates are scarce. Shared by both stores; pure."""

from typing import NamedTuple

from app.domain.records import Channel


class OfferQueue(NamedTuple):
    """Names one of the four queues of offers: the retries or the first tries of a channel."""

    channel: Channel
    retries: bool


#: Queues in the order in which they may send next. A store keeps the order from one lease to the next: a lease may
#: take a single message, and if each began with a text, calls would wait until no text is left.
Order = tuple[OfferQueue, ...]

FIRST_ORDER: Order = tuple(OfferQueue(channel, retries) for channel in Channel for retries in (True, False))


def order_after(order: Order, sent: OfferQueue) -> Order:
    """The order once a message of the queue `sent` is handed over.

    The other channel goes first, then the other queue of the same channel: texts and calls take turns, and within
    each, retries and first tries.
    """
    other_channel = (queue for queue in order if queue.channel is not sent.channel)
    same_channel = (queue for queue in order if queue.channel is sent.channel and queue != sent)
    return (*other_channel, *same_channel, sent)
