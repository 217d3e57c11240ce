"""Decides what a caregiver's reply means: the ordered rules from words to `Intent`.

Pure: no I/O, no clock; never imports the web framework, the store or the carriers. Nothing of a text is kept.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from app.domain.reading import Intent, Reading, ShiftTimes, meaning_for
from app.understanding.evidence import Evidence
from app.understanding.offer_codes import answers_several, coded
from app.understanding.patterns import PAUSES
from app.understanding.phrases.requests import KEYWORDS
from app.understanding.requests import COURTESY, requests_in
from app.understanding.shift_facts import REFERENCE_SHIFT
from app.understanding.tidying import pleased, tapback, tidy, without_quotes, without_signature
from app.understanding.tokens import tokens_of
from app.understanding.weighing import asks, is_courtesy, odds_of, weighed

_KEYS = {
    **dict.fromkeys(("1", "one", "uno"), Intent.ACCEPT),
    **dict.fromkeys(("2", "two", "dos"), Intent.DECLINE),
    **dict.fromkeys(("9", "nine", "nueve"), Intent.STOP),
}
_KEYWORDS = {word: Intent(name) for name, keywords in KEYWORDS.items() for word in keywords.split()}
_BESIDE_KEYWORDS = PAUSES | COURTESY
# In the order in which they bind; help matters less than an answer.
_REQUESTS = {"wrong": Intent.WRONG_NUMBER, "start": Intent.START, "help": Intent.HELP}
# In capitals among other words: "thank you so much STOP".
_SHOUTED_STOP = re.compile(r"\ASTOP\b|\bSTOP\W*\Z")
# Below this probability a request in the words of the tables is none: "Heyyy its Dani, new phone who dis jk".
_NO_REQUEST = 0.03
_STOP = Reading(intent=Intent.STOP)
_UNKNOWN = Reading(intent=Intent.UNKNOWN)


def classify(text: str, channel: str = "sms", shift: ShiftTimes | None = REFERENCE_SHIFT) -> Intent:
    """Say what the reply `text` means. Never raises.

    `channel` is "sms" or "voice" (a speech transcript or a key press). `shift` is the offered shift in
    wall-clock time: a yes to another day or other hours is UNKNOWN. None: the shift is
    not known yet. Any day and hours then count as the shift's, and the caller classifies again with the shift.
    """
    return meaning_for(read(text, channel), shift)


def read(text: str, channel: str) -> Reading:
    """Read a reply without knowing which shift it is about: the rules in the order in which they bind."""
    if not text.strip():
        return Reading(intent=Intent.UNKNOWN, empty=True)
    text = tidy(text)
    # 1. A reaction to our text: a dislike is a no, any other reaction is no answer.
    disliked = tapback(text)
    if disliked is not None:
        if disliked:
            return Reading(intent=Intent.DECLINE)
        return Reading(intent=Intent.UNKNOWN, courtesy=pleased(text))
    text = without_quotes(text)
    everything = tokens_of(text)
    # 2. A key pressed during the call.
    if channel == "voice":
        said = [token for token in everything.words if token not in PAUSES]
        if len(said) == 1 and said[0] in _KEYS:
            return Reading(intent=_KEYS[said[0]])
    # 3. STOP in any reasonable words (47 CFR 64.1200(a)(10)), beside an answer, in a signature, in a long text.
    keyword = _KEYWORDS.get(_only_word(everything.words))
    requests = requests_in(everything.words, skimmed=everything.too_long)
    if (
        keyword is Intent.STOP
        or "stop" in requests
        or ("STOP" in text and not text.isupper() and _SHOUTED_STOP.search(text))
    ):
        return _STOP
    # 4. Too long to be an answer: a person must read it.
    if everything.too_long:
        return _STOP if "complaint" in requests else _UNKNOWN
    unsigned = without_signature(text)
    reply = everything if unsigned == text else tokens_of(unsigned)
    if reply is not everything:
        requests = requests_in(reply.words)  # a signature may name an operator, as machines do
        if "stop" in requests:
            return _STOP
        keyword = keyword or _KEYWORDS.get(_only_word(reply.words))
    if keyword is not None:
        return Reading(intent=keyword)
    # 5. Machines have no intent of their own, and attempts to steer us have none that counts.
    reply, code = coded(reply, channel)
    evidence = Evidence(reply)
    steers = "tamper" in evidence.labels and "wrong" not in requests  # a stranger may name our system
    if "machine" in requests or steers:
        return Reading(intent=Intent.UNKNOWN, code=code)
    if answers_several(reply.words, channel):
        return _UNKNOWN
    # 6. What else is asked of us in the words of the tables, unless the weights are sure that it is not.
    odds = odds_of(evidence, requests) if _REQUESTS.keys() & requests else {}
    for request, intent in _REQUESTS.items():
        if request in requests and odds[intent] >= _NO_REQUEST:
            return Reading(intent=intent, code=code)
    # 7. Said to a question, "okay" is a yes.
    agrees = "ack" in evidence.labels and evidence.labels <= {"ack", "pause", "polite"}
    if channel == "voice" and agrees and not asks(evidence):
        return Reading(intent=Intent.ACCEPT, code=code)
    # 8. All else is weighed.
    reading = weighed(evidence, requests)
    courtesy = reading.intent is Intent.UNKNOWN and is_courtesy(evidence)
    return replace(reading, code=code, courtesy=courtesy) if courtesy or code is not None else reading


def _only_word(tokens: Sequence[str]) -> str:
    """The one word that the reply has beside pauses and courtesies; "" if it has none or several."""
    found = ""
    for token in tokens:
        if token not in _BESIDE_KEYWORDS and token != found:
            if found:
                return ""
            found = token
    return found
