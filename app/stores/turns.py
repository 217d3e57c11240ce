"""Which queue of offers goes next when fewer messages may be sent than are waiting. Shared by both stores; pure."""

from typing import NamedTuple

from app.domain.records import Channel


class OfferQueue(NamedTuple):
    """Names one of the four queues of offers: the retries or the first tries of a channel."""

    channel: Channel
    retries: bool


#: The queues in the order in which they may send next. A store keeps it from one lease to the next: a lease may take
#: a single message, and if every lease began with a text, calls would wait until no text is left.
Order = tuple[OfferQueue, ...]

FIRST_ORDER: Order = tuple(OfferQueue(channel, retries) for channel in Channel for retries in (True, False))


def order_after(order: Order, sent: OfferQueue) -> Order:
    """The order after a message of the queue `sent` was handed over.

    The other channel comes first, then the other queue of the same channel. So texts and calls alternate, and within
    a channel retries and first tries do.
    """
    other_channel = (queue for queue in order if queue.channel is not sent.channel)
    same_channel = (queue for queue in order if queue.channel is sent.channel and queue != sent)
    return (*other_channel, *same_channel, sent)
