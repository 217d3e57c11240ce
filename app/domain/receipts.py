"""Receipts: what a provider says about a message after it has taken it. Pure.

Receipts arrive late, repeated and out of order, and a later one may have lost the reason. `latest` puts two together
and gives the same result for any order.
"""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeGuard

#: The most characters of an error of a provider that are kept.
LONGEST_ERROR = 300
#: The ids that are kept. There is room for what is appended to the id of a call.
_PROVIDER_ID = re.compile("[!-~]{1,100}")
#: Control characters and halves of surrogate pairs. PostgreSQL stores no null character and no such half.
_UNREADABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class ReceiptState(StrEnum):
    """How far a message or call has got. In this order: a state is never replaced by one before it."""

    #: The provider has the message: it waits there, is on its way, or rings.
    ACCEPTED = "accepted"
    #: A call that was ended before anybody answered it: by us, or by somebody else who may.
    CANCELED = "canceled"
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


def is_provider_id(given: object) -> TypeGuard[str]:
    """Whether a provider's id of a message or call can be kept: 1 to 100 visible ASCII characters."""
    return isinstance(given, str) and _PROVIDER_ID.fullmatch(given) is not None


def readable_error(words: str | None) -> str | None:
    """The words of a provider about an error, cut to `LONGEST_ERROR` and on one line; None if there are none."""
    return None if words is None else _UNREADABLE.sub(" ", words[:LONGEST_ERROR]).strip() or None


def readable_receipt(receipt: Receipt) -> Receipt:
    """The receipt with a readable error."""
    return replace(receipt, error=readable_error(receipt.error))


_RANKS = {state: rank for rank, state in enumerate(ReceiptState)}


def latest(one: Receipt, other: Receipt) -> Receipt:
    """Of two receipts the one that counts: of the later state, and of the same state the one with a reason."""

    def weight(receipt: Receipt) -> tuple[object, ...]:
        has_consequence = receipt.consequence is not Consequence.NONE
        return _RANKS[receipt.state], receipt.error is not None, has_consequence, receipt.error, receipt.consequence

    return max(one, other, key=weight)
