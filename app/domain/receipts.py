"""Receipts: what a provider says about a message after it has taken it. Pure.

Receipts arrive late, repeated and out of order, and a later one may have lost the reason. `latest` puts two together
and gives the same result for any order.
"""

from dataclasses import dataclass
from enum import StrEnum


class ReceiptState(StrEnum):
    """How far a message or call has got. In this order: a state is never replaced by one before it."""

    #: The provider has the message: it waits there, is on its way, or rings.
    ACCEPTED = "accepted"
    FAILED = "failed"
    #: A call that nobody answered.
    NO_ANSWER = "no_answer"
    #: A text arrived, or a call was answered.
    DELIVERED = "delivered"


class Consequence(StrEnum):
    """What follows from a failure."""

    #: Nothing: this message has failed for good.
    NONE = "none"
    #: It certainly did not arrive, and a later try may work.
    RETRY = "retry"
    #: No text reaches this person, but a call may: call them without waiting for the voice round.
    CALL_EARLY = "call_early"
    #: Something is set up wrongly, and every other message of the channel would fail too.
    CHANNEL_FAULT = "channel_fault"
    #: Its owner has answered STOP to the provider.
    OPTED_OUT = "opted_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the provider said about a message or call."""

    state: ReceiptState
    #: Why it was not delivered, in words for an operator; None if that is not known, or nothing is wrong.
    error: str | None = None
    #: Only a failure has another one than NONE.
    consequence: Consequence = Consequence.NONE


_RANKS = {state: rank for rank, state in enumerate(ReceiptState)}


def latest(one: Receipt, other: Receipt) -> Receipt:
    """Of two receipts the one that counts: of the later state, and of the same state the one with a reason."""

    def weight(receipt: Receipt) -> tuple[object, ...]:
        has_consequence = receipt.consequence is not Consequence.NONE
        return _RANKS[receipt.state], receipt.error is not None, has_consequence, receipt.error, receipt.consequence

    return max(one, other, key=weight)
