"""Decides what a caregiver's reply means: the ordered rules from words to `Intent`.

Pure: no I/O, no clock; never imports the web framework, the store or the carriers. Nothing of a text is kept.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from app.domain.reading import Intent, Reading, ShiftTimes, meaning_for
from app.understanding.cover import phrases_of
from app.understanding.offer_codes import answers_several, coded
from app.understanding.patterns import PAUSES, words
from app.understanding.phrases.requests import KEYWORDS
from app.understanding.requests import COURTESY, refuses_texts, requests_in
from app.understanding.shift_facts import REFERENCE_SHIFT
from app.understanding.spelling import HOUR_WORDS
from app.understanding.tidying import pleased, tapback, tidy, without_quotes, without_signature
from app.understanding.tokens import tokens_of
from app.understanding.weighing import odds_of, weighed

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
# To text somebody who has opted out is worse than to ask back: "don't start texting me again".
_RESUMES = 0.5
# From this one on, who tells of an earlier STOP wants the texts again: "I opted out in May, turn them back on".
_SURELY = 0.9
# A reply of these words, one of the first among them, is thanks or a receipt.
_THANKS = words("thanks gracias mesi salamat ok got noted received sounds emojismile emojiyes")
_COURTEOUS = PAUSES - {"?"} | _THANKS | words("""
    thank please po oh ah hey hi hello hola good morning evening afternoon night day god bless maam sir miss hon honey
    boss bro sis girl dear queen senor senora cherie lol haha @name emojihand well of course shift number offer
    thankful muchas muchisimas anpil so very much a lot bunch kindly truly really appreciate appreciated i your the it
    that is are for me to blessed praise lord love bye goodbye cheers best regards amen respectfully buenos dias
    buenas yay alright understood listo lista vale bien esta copy roger deal get saw message text opportunity info
    information heads up letting know thinking asking reaching out choosing checking you updating update confirming
    confirmation all team everyone great fine perfect cool awesome wonderful lovely
""")  # fmt: skip
# These are courtesies as a whole only: "no problem", and not "no one at the shift" or "ok, I have a problem".
_COURTESIES = re.compile(
    r"\bno (?:problem|worries|trouble)\b(?: at all)?|\btake care\b|\bfor (?:the|your|all the) help\b"
    r"|\bhave a (?:\w+ )?(?:day|night|evening|one|weekend)\b"
)
# The labels of a reply that says nothing, or that the text was read.
_RECEIPTS = frozenset({"ack", "number", "offer", "pause", "polite"})
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
        return Reading(intent=Intent.DECLINE if disliked else Intent.UNKNOWN, courtesy=pleased(text))
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
    if keyword is Intent.STOP or ("STOP" in text and not text.isupper() and _SHOUTED_STOP.search(text)):
        return _STOP
    # 4. Too long to be an answer: a person must read it.
    if everything.too_long:
        return _STOP if requests & {"stop", "complaint"} else _UNKNOWN
    unsigned = without_signature(text)
    reply = everything if unsigned == text else tokens_of(unsigned)
    if reply is not everything:
        # A signature may name an operator, as machines do.
        requests = requests_in(reply.words) | requests & {"stop"}
        keyword = keyword or _KEYWORDS.get(_only_word(reply.words))
    reply, code = coded(reply, channel)
    phrases = phrases_of(reply.words)
    labels = [phrase.label for phrase in phrases]
    asked = {*requests, channel}
    if "stop" in requests:
        sure = keyword is not Intent.STOP and odds_of(reply, labels, asked)[Intent.START] >= _SURELY
        restarts = sure and not refuses_texts(reply.words)
        return Reading(intent=Intent.START) if restarts else _STOP
    if keyword is not None:
        return Reading(intent=keyword)
    # 5. Machines have no intent of their own, and attempts to steer us have none that counts.
    if "machine" in requests or ("tamper" in labels and "wrong" not in requests):  # a stranger may name our system
        return Reading(intent=Intent.UNKNOWN, code=code)
    if answers_several(reply.words, channel):
        return _UNKNOWN
    # 6. What else is asked of us in the words of the tables, unless the weights are sure that it is not.
    if refuses_texts(reply.words):
        requests.discard("start")
    odds = odds_of(reply, labels, asked) if _REQUESTS.keys() & requests else {}
    for request, intent in _REQUESTS.items():
        if request in requests and odds[intent] >= (_RESUMES if intent is Intent.START else _NO_REQUEST):
            return Reading(intent=intent, code=code)
    # 7. Said to a question, "okay" is a yes. "OK 1234" is none, and "two" is an answer on a call only.
    courtesy = _is_courtesy(reply.words)
    if _RECEIPTS.issuperset(labels) or HOUR_WORDS.keys() >= set(reply.words):
        agrees = channel == "voice" and "ack" in labels and "number" not in labels and "?" not in reply.words
        return Reading(
            intent=Intent.ACCEPT if agrees else Intent.UNKNOWN, code=code, courtesy=courtesy and not agrees
        )
    # 8. All else is weighed.
    reading = weighed(reply, phrases, asked)
    courtesy = courtesy and reading.intent is Intent.UNKNOWN
    return replace(reading, code=code, courtesy=courtesy) if courtesy or code is not None else reading


def _is_courtesy(tokens: Sequence[str]) -> bool:
    """Whether the reply only thanks us, or says that our text was read: every word says nothing else."""
    said = _COURTESIES.sub("thanks", " ".join(tokens)).split()
    # "Thanks Maria" names somebody. In "Nno thx" nobody knows the first word, and it may be anything.
    return bool(said) and said[0] != "@name" and not _THANKS.isdisjoint(said) and _COURTEOUS.issuperset(said)


def _only_word(tokens: Sequence[str]) -> str:
    """The one word that the reply has beside pauses and courtesies; "" if it has none or several."""
    found = ""
    for token in tokens:
        if token not in _BESIDE_KEYWORDS and token != found:
            if found:
                return ""
            found = token
    return found
