"""What each error code of Twilio means, row by row."""

import pytest

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
from app.notifiers.twilio.codes import CODES, Meaning, error_words, failure_of

ERRORS: dict[Meaning, type[NotifierFailure]] = {
    Meaning.TEMPORARY: TemporaryFailure,
    Meaning.THROTTLED: Throttled,
    Meaning.PERMANENT: PermanentFailure,
    Meaning.CALL_EARLY: UnreachableByText,
    Meaning.UNCERTAIN: Uncertain,
    Meaning.MISCONFIGURED: Misconfigured,
    Meaning.OPTED_OUT: NumberOptedOut,
}
ROWS = [
    (10001, Meaning.MISCONFIGURED, "the Twilio account is not active"),
    (10002, Meaning.MISCONFIGURED, "a trial account cannot do this; upgrade the Twilio account"),
    (10004, Meaning.THROTTLED, "too many calls at the same time"),
    (10005, Meaning.MISCONFIGURED, "calls are disabled for the Twilio account"),
    (14107, Meaning.THROTTLED, "too many texts in a short time"),
    (20003, Meaning.MISCONFIGURED, "wrong account SID or token"),
    (20005, Meaning.MISCONFIGURED, "the Twilio account is not active"),
    (20006, Meaning.MISCONFIGURED, "the account SID has no access"),
    (20008, Meaning.MISCONFIGURED, "these are test credentials; use the account's own"),
    (20404, Meaning.MISCONFIGURED, "no such account; check the account SID and the base URL"),
    (20429, Meaning.THROTTLED, "too many requests"),
    (20500, Meaning.UNCERTAIN, "internal error at Twilio"),
    (20503, Meaning.UNCERTAIN, "Twilio is not available"),
    (21205, Meaning.MISCONFIGURED, "Twilio does not accept our webhook's URL; check FANOUT_PUBLIC_URL"),
    (21210, Meaning.MISCONFIGURED, "the number we call from is neither a Twilio number nor verified"),
    (21211, Meaning.PERMANENT, "not a valid telephone number"),
    (21212, Meaning.MISCONFIGURED, "the number we send from is not valid"),
    (21214, Meaning.PERMANENT, "the number cannot be reached"),
    (21215, Meaning.PERMANENT, "calls to that country are not enabled for the Twilio account"),
    (21216, Meaning.PERMANENT, "the Twilio account may not call this number"),
    (21217, Meaning.PERMANENT, "not a valid telephone number"),
    (21219, Meaning.MISCONFIGURED, "a trial account can only call verified numbers; upgrade the Twilio account"),
    (21220, Meaning.PERMANENT, "the call has ended"),
    (21408, Meaning.PERMANENT, "texts to that country are not enabled for the Twilio account"),
    (21602, Meaning.PERMANENT, "the text is empty"),
    (21603, Meaning.MISCONFIGURED, "there is no number to send from"),
    (21606, Meaning.MISCONFIGURED, "the number we send from cannot send texts"),
    (21608, Meaning.MISCONFIGURED, "a trial account can only text verified numbers; upgrade the Twilio account"),
    (21609, Meaning.MISCONFIGURED, "Twilio does not accept our webhook's URL; check FANOUT_PUBLIC_URL"),
    (21610, Meaning.OPTED_OUT, "they have answered STOP to our number"),
    (21611, Meaning.TEMPORARY, "the queue of the number we send from is full"),
    (21612, Meaning.CALL_EARLY, "no text from our number reaches this number"),
    (21614, Meaning.CALL_EARLY, "not a mobile number"),
    (21617, Meaning.PERMANENT, "the text is too long"),
    (21635, Meaning.CALL_EARLY, "a landline"),
    (21659, Meaning.MISCONFIGURED, "the number we send from is not a Twilio number"),
    (21660, Meaning.MISCONFIGURED, "the number we send from belongs to another Twilio account"),
    (21661, Meaning.MISCONFIGURED, "the number we send from cannot send texts"),
    (21701, Meaning.MISCONFIGURED, "there is no such messaging service"),
    (21703, Meaning.MISCONFIGURED, "the messaging service has no numbers"),
    (21704, Meaning.MISCONFIGURED, "the messaging service has no numbers"),
    (21705, Meaning.MISCONFIGURED, "the messaging service is not valid"),
    (30001, Meaning.TEMPORARY, "Twilio's queue is full"),
    (30002, Meaning.MISCONFIGURED, "the Twilio account is suspended"),
    (30003, Meaning.CALL_EARLY, "the phone is off or cannot be reached"),
    (30004, Meaning.CALL_EARLY, "the text was blocked on its way to this number"),
    (30005, Meaning.CALL_EARLY, "the number is unknown or no longer in use"),
    (30006, Meaning.CALL_EARLY, "a landline, or a carrier that takes no texts"),
    (30007, Meaning.PERMANENT, "a carrier filtered the text; check the registration of our number"),
    (30008, Meaning.PERMANENT, "the carrier gave no reason"),
    (30017, Meaning.TEMPORARY, "the carrier's network is congested"),
    (30019, Meaning.PERMANENT, "the text is too long for the carrier"),
    (30022, Meaning.TEMPORARY, "more texts than our registration allows in a short time"),
    (30023, Meaning.CALL_EARLY, "our registration allows no more texts to this carrier today"),
    (30024, Meaning.CALL_EARLY, "this number's carrier does not know our number yet"),
    (30027, Meaning.CALL_EARLY, "our registration allows no more texts to this carrier today"),
    (30032, Meaning.MISCONFIGURED, "our toll-free number is not verified"),
    (30033, Meaning.MISCONFIGURED, "our registration for texts (10DLC campaign) is suspended"),
    (30034, Meaning.MISCONFIGURED, "our number is not registered for texts (10DLC)"),
    (30035, Meaning.MISCONFIGURED, "our number is still being set up for texts (10DLC)"),
    (30036, Meaning.PERMANENT, "it could not be delivered while it was of use"),
    (30037, Meaning.MISCONFIGURED, "texts are disabled for the Twilio account"),
    (30039, Meaning.PERMANENT, "Twilio stopped two machines that were texting each other"),
    (30450, Meaning.PERMANENT, "Twilio took the text for fraud"),
    (63038, Meaning.MISCONFIGURED, "the Twilio account's daily limit is reached; ask Twilio for a higher one"),
]


@pytest.mark.parametrize(("code", "meaning", "words"), ROWS, ids=[str(code) for code, _, _ in ROWS])
def test_an_error_code(code: int, meaning: Meaning, words: str) -> None:
    """What is done about it, and what an operator reads."""
    raised = failure_of(400, code, 7.0)
    assert type(raised) is ERRORS[meaning]
    assert raised.reason == error_words(code) == f"{words} (Twilio error {code})"


def test_every_code_has_a_row_here() -> None:
    """A new code needs a test."""
    assert [code for code, _, _ in ROWS] == list(CODES)


def test_the_table_is_in_order() -> None:
    """By code, so that a row is found and none is there twice."""
    assert list(CODES) == sorted(CODES)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (301, Misconfigured),
        (307, Misconfigured),
        (400, PermanentFailure),
        (401, Misconfigured),
        (403, Misconfigured),
        (404, Misconfigured),
        (405, PermanentFailure),
        (408, Uncertain),
        (409, PermanentFailure),
        (413, PermanentFailure),
        (425, TemporaryFailure),
        (429, Throttled),
        (500, Uncertain),
        (501, Uncertain),
        (502, Uncertain),
        (503, Uncertain),
        (504, Uncertain),
        (599, Uncertain),
    ],
)
@pytest.mark.parametrize("code", [None, 99999])
def test_an_answer_without_a_known_code(status: int, error: type[NotifierFailure], code: int | None) -> None:
    """The status of HTTP decides. The code is named even if it is not in the table."""
    raised = failure_of(status, code, None)
    assert type(raised) is error
    assert raised.reason == (f"HTTP {status}" if code is None else "Twilio error 99999")


@pytest.mark.parametrize("code", CODES)
def test_after_a_server_error_nothing_is_certain(code: int) -> None:
    """Twilio says that a message may have been sent although it answered 500, whatever code came with it."""
    assert type(failure_of(503, code, None)) is Uncertain


def test_a_used_up_daily_limit_is_an_alarm_and_not_a_short_wait() -> None:
    """It comes as a 429, but slowing down does not help before the next day."""
    assert type(failure_of(429, 63038, 1.0)) is Misconfigured


@pytest.mark.parametrize("code", [20429, 21611, 20500])
def test_how_long_to_wait_is_kept(code: int) -> None:
    """For errors after which a later try may work."""
    raised = failure_of(400, code, 7.0)
    assert isinstance(raised, TemporaryFailure | Uncertain)
    assert raised.retry_after_s == 7.0
