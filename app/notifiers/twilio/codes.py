"""What Twilio's error codes mean for a message, and what to do about them. Pure.

Source: https://www.twilio.com/docs/api/errors, which has a page for each code. The same codes come in two ways: as
the answer to a request, and later with the status of a message that Twilio had accepted.
"""

from enum import StrEnum
from typing import NamedTuple

from app.domain.receipts import Consequence
from app.errors import (
    Misconfigured,
    NotifierFailure,
    NumberOptedOut,
    PermanentFailure,
    TemporaryFailure,
    Throttled,
    Uncertain,
    UnreachableByText,
)


class Meaning(StrEnum):
    """What follows from an error code. Most have the names of the failures in `app.errors` that they lead to."""

    #: Certainly not sent; a later try may work.
    TEMPORARY = "temporary"
    #: Certainly not sent: the whole channel must slow down.
    THROTTLED = "throttled"
    #: No later try will work.
    PERMANENT = "permanent"
    #: No text reaches this person, so call them without waiting for the voice round.
    CALL_EARLY = "call_early"
    #: May have been sent.
    UNCERTAIN = "uncertain"
    #: The account, the number or a setting is wrong: an operator must act, and every other message would fail too.
    MISCONFIGURED = "misconfigured"
    #: Its owner has answered STOP to our number. They are opted out, whatever our records say.
    OPTED_OUT = "opted_out"


class ErrorCode(NamedTuple):
    """A row of the table. `words`: what an operator reads; they name neither a number nor a secret."""

    meaning: Meaning
    words: str


#: The code for a call that has ended, or has been answered, before it could be canceled or changed.
CALL_NOT_IN_PROGRESS = 21220

CODES: dict[int, ErrorCode] = {
    10001: ErrorCode(Meaning.MISCONFIGURED, "the Twilio account is not active"),
    10002: ErrorCode(Meaning.MISCONFIGURED, "a trial account cannot do this; upgrade the Twilio account"),
    10004: ErrorCode(Meaning.THROTTLED, "too many calls at the same time"),
    10005: ErrorCode(Meaning.MISCONFIGURED, "calls are disabled for the Twilio account"),
    14107: ErrorCode(Meaning.THROTTLED, "too many texts in a short time"),
    20003: ErrorCode(Meaning.MISCONFIGURED, "wrong account SID or token"),
    20005: ErrorCode(Meaning.MISCONFIGURED, "the Twilio account is not active"),
    20006: ErrorCode(Meaning.MISCONFIGURED, "the account SID has no access"),
    20008: ErrorCode(Meaning.MISCONFIGURED, "these are test credentials; use the account's own"),
    20404: ErrorCode(Meaning.MISCONFIGURED, "no such account; check the account SID and the base URL"),
    20429: ErrorCode(Meaning.THROTTLED, "too many requests"),
    20500: ErrorCode(Meaning.UNCERTAIN, "internal error at Twilio"),
    20503: ErrorCode(Meaning.UNCERTAIN, "Twilio is not available"),
    21205: ErrorCode(Meaning.MISCONFIGURED, "Twilio does not accept our webhook's URL; check FANOUT_PUBLIC_URL"),
    21210: ErrorCode(Meaning.MISCONFIGURED, "the number we call from is neither a Twilio number nor verified"),
    21211: ErrorCode(Meaning.PERMANENT, "not a valid telephone number"),
    21212: ErrorCode(Meaning.MISCONFIGURED, "the number we send from is not valid"),
    21214: ErrorCode(Meaning.PERMANENT, "the number cannot be reached"),
    21215: ErrorCode(Meaning.PERMANENT, "calls to that country are not enabled for the Twilio account"),
    21216: ErrorCode(Meaning.PERMANENT, "the Twilio account may not call this number"),
    21217: ErrorCode(Meaning.PERMANENT, "not a valid telephone number"),
    21219: ErrorCode(
        Meaning.MISCONFIGURED, "a trial account can only call verified numbers; upgrade the Twilio account"
    ),
    CALL_NOT_IN_PROGRESS: ErrorCode(Meaning.PERMANENT, "the call has ended"),
    21408: ErrorCode(Meaning.PERMANENT, "texts to that country are not enabled for the Twilio account"),
    21602: ErrorCode(Meaning.PERMANENT, "the text is empty"),
    21603: ErrorCode(Meaning.MISCONFIGURED, "there is no number to send from"),
    21606: ErrorCode(Meaning.MISCONFIGURED, "the number we send from cannot send texts"),
    21608: ErrorCode(
        Meaning.MISCONFIGURED, "a trial account can only text verified numbers; upgrade the Twilio account"
    ),
    21609: ErrorCode(Meaning.MISCONFIGURED, "Twilio does not accept our webhook's URL; check FANOUT_PUBLIC_URL"),
    21610: ErrorCode(Meaning.OPTED_OUT, "they have answered STOP to our number"),
    21611: ErrorCode(Meaning.TEMPORARY, "the queue of the number we send from is full"),
    21612: ErrorCode(Meaning.CALL_EARLY, "no text from our number reaches this number"),
    21614: ErrorCode(Meaning.CALL_EARLY, "not a mobile number"),
    21617: ErrorCode(Meaning.PERMANENT, "the text is too long"),
    21635: ErrorCode(Meaning.CALL_EARLY, "a landline"),
    21659: ErrorCode(Meaning.MISCONFIGURED, "the number we send from is not a Twilio number"),
    21660: ErrorCode(Meaning.MISCONFIGURED, "the number we send from belongs to another Twilio account"),
    21661: ErrorCode(Meaning.MISCONFIGURED, "the number we send from cannot send texts"),
    21701: ErrorCode(Meaning.MISCONFIGURED, "there is no such messaging service"),
    21703: ErrorCode(Meaning.MISCONFIGURED, "the messaging service has no numbers"),
    21704: ErrorCode(Meaning.MISCONFIGURED, "the messaging service has no numbers"),
    21705: ErrorCode(Meaning.MISCONFIGURED, "the messaging service is not valid"),
    30001: ErrorCode(Meaning.TEMPORARY, "Twilio's queue is full"),
    30002: ErrorCode(Meaning.MISCONFIGURED, "the Twilio account is suspended"),
    30003: ErrorCode(Meaning.CALL_EARLY, "the phone is off or cannot be reached"),
    30004: ErrorCode(Meaning.CALL_EARLY, "the text was blocked on its way to this number"),
    30005: ErrorCode(Meaning.CALL_EARLY, "the number is unknown or no longer in use"),
    30006: ErrorCode(Meaning.CALL_EARLY, "a landline, or a carrier that takes no texts"),
    30007: ErrorCode(Meaning.PERMANENT, "a carrier filtered the text; check the registration of our number"),
    30008: ErrorCode(Meaning.PERMANENT, "the carrier gave no reason"),
    30017: ErrorCode(Meaning.TEMPORARY, "the carrier's network is congested"),
    30019: ErrorCode(Meaning.PERMANENT, "the text is too long for the carrier"),
    30022: ErrorCode(Meaning.TEMPORARY, "more texts than our registration allows in a short time"),
    30023: ErrorCode(Meaning.CALL_EARLY, "our registration allows no more texts to this carrier today"),
    30024: ErrorCode(Meaning.CALL_EARLY, "this number's carrier does not know our number yet"),
    30027: ErrorCode(Meaning.CALL_EARLY, "our registration allows no more texts to this carrier today"),
    30032: ErrorCode(Meaning.MISCONFIGURED, "our toll-free number is not verified"),
    30033: ErrorCode(Meaning.MISCONFIGURED, "our registration for texts (10DLC campaign) is suspended"),
    30034: ErrorCode(Meaning.MISCONFIGURED, "our number is not registered for texts (10DLC)"),
    30035: ErrorCode(Meaning.MISCONFIGURED, "our number is still being set up for texts (10DLC)"),
    30036: ErrorCode(Meaning.PERMANENT, "it could not be delivered while it was of use"),
    30037: ErrorCode(Meaning.MISCONFIGURED, "texts are disabled for the Twilio account"),
    30039: ErrorCode(Meaning.PERMANENT, "Twilio stopped two machines that were texting each other"),
    30450: ErrorCode(Meaning.PERMANENT, "Twilio took the text for fraud"),
    63038: ErrorCode(
        Meaning.MISCONFIGURED, "the Twilio account's daily limit is reached; ask Twilio for a higher one"
    ),
}


def error_words(code: int) -> str:
    """What the error is, for an operator: in words, with the code to look up."""
    row = CODES.get(code)
    return f"{row.words} (Twilio error {code})" if row else f"Twilio error {code}"


_CONSEQUENCES = {
    Meaning.TEMPORARY: Consequence.RETRY,
    # Twilio took the message before it found its queue full.
    Meaning.THROTTLED: Consequence.RETRY,
    Meaning.CALL_EARLY: Consequence.CALL_EARLY,
    Meaning.MISCONFIGURED: Consequence.CHANNEL_FAULT,
    Meaning.OPTED_OUT: Consequence.OPTED_OUT,
}


def consequence_of(code: int) -> Consequence:
    """What follows if Twilio accepted a message and reports this code for it later."""
    row = CODES.get(code)
    return _CONSEQUENCES.get(row.meaning, Consequence.NONE) if row else Consequence.NONE


def failure_of(status: int, code: int | None, retry_after_s: float | None) -> NotifierFailure:
    """What the answer to a request that creates a message or a call says about it.

    `status`: of HTTP, not 2xx. `code`: Twilio's, None if the answer has none. `retry_after_s`: from `Retry-After`.
    """
    reason = f"HTTP {status}" if code is None else error_words(code)
    row = CODES.get(code) if code is not None else None
    match row.meaning if row is not None and status < 500 else _meaning_of_status(status):
        case Meaning.TEMPORARY:
            return TemporaryFailure(reason, retry_after_s)
        case Meaning.THROTTLED:
            return Throttled(reason, retry_after_s)
        case Meaning.UNCERTAIN:
            return Uncertain(reason, retry_after_s)
        case Meaning.MISCONFIGURED:
            return Misconfigured(reason)
        case Meaning.CALL_EARLY:
            return UnreachableByText(reason)
        case Meaning.OPTED_OUT:
            return NumberOptedOut(reason)
        case Meaning.PERMANENT:
            return PermanentFailure(reason)


def _meaning_of_status(status: int) -> Meaning:
    """Twilio has no idempotency keys, and after a 5xx it may have sent the message all the same."""
    if status == 429:
        return Meaning.THROTTLED
    if status >= 500 or status == 408:
        return Meaning.UNCERTAIN
    if status == 425:
        return Meaning.TEMPORARY
    # A redirection comes from a wrong base URL.
    return Meaning.MISCONFIGURED if status < 400 or status in (401, 403, 404) else Meaning.PERMANENT
