"""Decides what a caregiver's reply to an offered shift means.

Owns the ordered rules from words to `Intent`. Pure: no I/O, no clock, and of the app only its text
modules; never imports the web framework, the store or the carriers.
"""

from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from app.offer_code import offer_code, with_code
from app.phrase_trie import PAUSES, PhraseTrie
from app.phrases import CLASSES, REQUESTS, words
from app.phrases_answers import ANSWERS
from app.phrases_doubts import DOUBTS
from app.phrases_harmless import HARMLESS
from app.reply_text import (
    Reply,
    read,
    tapback,
    tidy,
    without_quotes,
    without_signature,
)
from app.shift_facts import REFERENCE_SHIFT, ShiftTimes

__all__ = ["Intent", "ShiftTimes", "classify", "offer_code"]


class Intent(StrEnum):
    """What a reply asks of us. UNKNOWN is for a person to read."""

    ACCEPT = "ACCEPT"
    DECLINE = "DECLINE"
    STOP = "STOP"
    START = "START"
    HELP = "HELP"
    UNKNOWN = "UNKNOWN"


# Keywords count only as the whole message, as carriers treat them.
_KEYWORDS = {
    Intent.STOP: words(
        """
        stop stopall unsubscribe cancel end quit revoke optout remove cease
        alto parar pare paren para cancelar detener salir
        fin terminar desuscribir baja basta itigil tigil hinto arret kanpe sispann
        """
    ),
    Intent.START: words("start unstop subscribe resubscribe empezar comenzar iniciar reanudar"),
    Intent.HELP: words("help info ayuda informacion tulong ed"),
}
_KEY_PRESSES = {"1": Intent.ACCEPT, "one": Intent.ACCEPT, "2": Intent.DECLINE, "two": Intent.DECLINE}
_COURTESY = words("please thanks thank you now ok hi hello hey sorry emojismile just por favor gracias all")

# A wild ending of a phrase ("sorry i missed ...") may not swallow what could be the answer, or take it back.
_TAIL_ENDS = words(
    """
    i yes yeah yep yup no nope cannot if unless but only until except instead depends half part whole entire full
    maybe might when and so because though however unfortunately pero porque si
    """
)
_REQUESTS = PhraseTrie(REQUESTS, CLASSES)
_ANSWERS = PhraseTrie(DOUBTS | ANSWERS | HARMLESS, CLASSES, _TAIL_ENDS)

# What makes an acceptance doubtful, wherever in the reply it stands.
_ACCEPT_DOUBTS = words(
    "no refuse busy regret not condition partial timing other money hedge question third they tamper"
)
_REFUSALS = words("no refuse busy")
# What makes a refusal doubtful: it may be a counter-offer, or somebody else's.
_REFUSAL_DOUBTS = words("condition partial third tamper")

Labelled = tuple[str, str]  # the label of a phrase and its words


class _Reading:
    """A reply as a row of labelled phrases, cut into clauses at pauses and conjunctions."""

    __slots__ = ("clauses", "labels", "questions", "row")

    def __init__(self, row: list[Labelled]) -> None:
        self.row = row
        self.labels = frozenset(label for label, _ in row)
        self.clauses: list[list[Labelled]] = [[]]
        self.questions: list[bool] = [False]
        for label, said in row:
            if label == "pause" and said == "?":
                self.questions[-1] = True
            if label in {"pause", "conjunction"}:
                self.clauses.append([])
                self.questions.append(False)
            else:
                self.clauses[-1].append((label, said))


_AUXILIARIES = words("will can gonna shall would")
_WISH = words("would love happy glad")
_INTRODUCTIONS = ("this is", "my name is", "it is", "i am")


def _labelled(reply: Reply) -> list[Labelled]:
    """Cover the tokens from left to right with the longest phrases known; what is left is single words."""
    row: list[Labelled] = []
    tokens, index = reply.tokens, 0
    while index < len(tokens):
        token, end, label = tokens[index], index + 1, "word"
        if token in PAUSES:
            label = "pause"
        elif match := _ANSWERS.longest(tokens, index):
            label, end = match
        elif index in reply.names or (row and row[-1][1] in _INTRODUCTIONS and token.isalpha()):
            label = "name"
        elif token.isdigit():
            label = "number"
        elif not token.isalpha():
            label = "junk"
        elif len(token) == 1 and row and row[-1][0] == "name":
            label = "name"
        said = " ".join(tokens[index:end])
        if label == "refuse" and said.startswith(("cannot", "will not")) and row and row[-1][0] in {"word", "name"}:
            label = "not"  # "my badge will not scan": it is not the sender who refuses
        if label == "commit" and tokens[index] in _AUXILIARIES and row and row[-1][0] in {"word", "name", "they"}:
            label = "they"  # "Tanya will take it"
        row.append((label, said))
        index = end
    if any(label in {"refuse", "busy", "no", "but", "regret"} for label, _ in row):
        # "I'd love to" is a yes by itself, and the opening of a no before "but" or "unfortunately".
        row = [("regret" if label == "commit" and _WISH & set(said.split()) else label, said) for label, said in row]
    return row


@lru_cache(maxsize=4096)
def _classify_short(text: str, channel: str, shift: ShiftTimes) -> Intent:
    return _classify(text, channel, shift)


def classify(text: str, channel: str = "sms", shift: ShiftTimes = REFERENCE_SHIFT) -> Intent:
    """Say what the reply `text` means; total for every str, never raises.

    `channel` is "sms" or "voice" (a speech transcript or a key press). `shift` is the offered shift in
    wall-clock time: a reply naming another day or other hours is UNKNOWN, never ACCEPT.
    """
    if len(text) <= 160:
        return _classify_short(text, channel, shift)
    return _classify(text, channel, shift)


def _classify(text: str, channel: str, shift: ShiftTimes) -> Intent:
    """The rules, in the order in which they bind. The first that applies decides."""
    text = tidy(text)
    # 1. A reaction to our text: only a dislike says something, and it says no.
    disliked = tapback(text)
    if disliked is not None:
        return Intent.DECLINE if disliked else Intent.UNKNOWN
    text = without_quotes(text)
    everything = read(text, shift)
    # 2. A key pressed during the call.
    said = [token for token in everything.tokens if token not in PAUSES]
    if channel == "voice" and len(said) == 1 and said[0] in _KEY_PRESSES:
        return _KEY_PRESSES[said[0]]
    # 3. STOP in any reasonable words (47 CFR 64.1200(a)(10)), even beside an answer or in a signature.
    keyword = _keyword(everything.tokens)
    requests = _requests(everything.tokens)
    if keyword is Intent.STOP or "stop" in requests:
        return Intent.STOP
    unsigned = without_signature(text)
    reply = everything if unsigned == text else read(unsigned, shift)
    keyword = keyword or _keyword(reply.tokens)
    if keyword is not None:
        return keyword
    # 4. Too long to have been read to the end: what was not read may take back what was.
    if reply.truncated:
        return Intent.UNKNOWN
    reading = _Reading(_labelled(with_code(reply)))
    # 5. Machines and attempts to steer us have no intent of their own.
    if "machine" in requests or "tamper" in reading.labels:
        return Intent.UNKNOWN
    # 6. START and HELP, unless they come with an answer, which then matters more.
    if "start" in requests:
        return Intent.START
    if "help" in requests and not reading.labels & {"commit", "refuse", "busy"}:
        return Intent.HELP
    # 7. The answer to the offer.
    if _accepts(reading):
        return Intent.ACCEPT
    if _declines(reading):
        return Intent.DECLINE
    return Intent.UNKNOWN


def _keyword(tokens: Sequence[str]) -> Intent | None:
    said = [token for token in tokens if token not in PAUSES and token not in _COURTESY]
    if len(set(said)) != 1:
        return None
    return next((intent for intent, keywords in _KEYWORDS.items() if said[0] in keywords), None)


_STOP_WORDS = words("unsubscribe stopall optout")
# "I want to stop getting these", "please end all communication": the verb and, near it, its object.
_ENDING = words("stop quit cease end discontinue halt cancel terminate")
_ENDED = words(
    """
    texts texting messages messaging notifications alerts communication communications contact contacting getting
    receiving sending emails calling calls subscription spamming mensajes
    """
)
_WHOLE_STOPS = frozenset({"no more", "no mas", "ya no", "ya no mas", "enough", "ya basta", "stop all", "opt out"})
# "Don't call me before nine" asks for another time, not for silence.
_TIME_LIMITS = words("before after while until till during when unless @time @othertime")


def _requests(tokens: Sequence[str]) -> set[str]:
    """The labels of the requests ("stop", "start", "help") made anywhere in the reply."""
    found: set[str] = set()
    if " ".join(t for t in tokens if t not in PAUSES) in _WHOLE_STOPS:
        found.add("stop")
    index = 0
    while index < len(tokens):
        match = _REQUESTS.longest(tokens, index)
        end = match.end if match else index + 1
        following = tokens[end] if end < len(tokens) else "."
        if match and match.label != "not_stop":
            limited = tokens[index] == "do" and following in _TIME_LIMITS
            if not limited:
                found.add(match.label)
        elif not match:
            opens = index == 0 or tokens[index - 1] in PAUSES or tokens[index - 1] in _COURTESY
            ends = tokens[index] in _ENDING and bool(_ENDED & set(tokens[end : end + 5]))
            alone = ends or (tokens[index] == "stop" and (opens or following in PAUSES))
            if alone or tokens[index] in _STOP_WORDS:
                found.add("stop")
        index = end
    return found


# "Yes, can you send the address" presumes the shift; "yes, where is it" does not.
_IMPERATIVES = ("can ", "could ", "please ", "send ", "text ")


def _accepts(reading: _Reading) -> bool:
    """ACCEPT: clear words of acceptance, nothing that qualifies them, and the rest of it explained."""
    row = _conclusion(reading.row)
    labels = {label for label, _ in row}
    if labels & _ACCEPT_DOUBTS or not labels & {"commit", "yes"}:
        return False
    if "but" in labels and not _harmless_objection(row):
        return False
    reading = reading if row is reading.row else _Reading(row)
    answered = strong = stray = asks = False
    for clause, question in zip(reading.clauses, reading.questions, strict=True):
        kinds = [label for label, _ in clause]
        if "junk" in kinds or (question and kinds[-1:] != ["logistics"]):
            return False
        explained = _explained(kinds)
        answered |= explained and ("yes" in kinds or "commit" in kinds)
        strong |= explained and "commit" in kinds
        stray |= not explained
        asks |= any(label == "logistics" and not said.startswith(_IMPERATIVES) for label, said in clause)
    # "Yes" alone may answer anything; "I'll take it" leaves room for a word on something else.
    kinds = [label for label, _ in row]
    greets = "yes" in kinds and "intro" in kinds[kinds.index("yes") :]
    return strong or (answered and not (stray or asks or greets or "receipt" in labels))


def _conclusion(row: list[Labelled]) -> list[Labelled]:
    """What follows a "so yes" or "so I'll take it": a long preamble is then only the story behind it."""
    for index, ((label, said), (following, _)) in enumerate(pairwise(row)):
        if label in {"conjunction", "polite"} and said == "so" and following in {"yes", "commit"}:
            story = {kind for kind, _ in row[:index]}
            if story & (_ACCEPT_DOUBTS - {"they", "not", "money", "timing"}) or index < 4:
                return row
            return row[index + 1 :]
    return row


def _harmless_objection(row: list[Labelled]) -> bool:
    """Whether all that stands before each "but" is harmless: "sorry for the delay but yes"."""
    position = max(index for index, (label, _) in enumerate(row) if label == "but")
    before = {label for label, _ in row[:position]}
    after = {label for label, _ in row[position + 1 :]}
    return not before & {"commit", "yes", "word", "number", "junk"} and bool(after & {"commit", "yes"})


def _explained(kinds: Sequence[str]) -> bool:
    """Whether every word of a clause is accounted for; names are, as long as they can be a signature."""
    return {"word", "number"}.isdisjoint(kinds) and kinds.count("name") <= 3


# After these a "no" is an answer; before any other unknown word it only counts ("no gloves left").
_INCOMPLETE = frozenset({"no", "cannot", "not"})
_ANSWER_FOLLOWS = words("i my we it that because sorry too got this im to for at")


def _declines(reading: _Reading) -> bool:
    """DECLINE: a refusal in the first person, not taken back, not a counter-offer for the same shift."""
    labels = set(reading.labels)
    if labels & _REFUSAL_DOUBTS:
        return False
    if not labels & _REFUSALS:
        return _regretful(reading)
    firm = "refuse" in labels
    for (label, said), (following, word) in pairwise(reading.row):
        incomplete = label in _REFUSALS and said.split()[-1] in _INCOMPLETE
        if incomplete and following in {"word", "name", "question"} and word not in _ANSWER_FOLLOWS:
            return False
    if not firm and labels & {"hedge", "question"} and "other" not in labels:
        return False
    if any(
        question and {label for label, _ in clause} & _REFUSALS
        for clause, question in zip(reading.clauses, reading.questions, strict=True)
    ):
        return False
    return _settled(reading, firm)


def _regretful(reading: _Reading) -> bool:
    """Whether the reply is a wish with a "but" after it, whatever the reason: "I'd love to but my back is out"."""
    kinds = [label for label, _ in reading.row]
    if "regret" not in kinds or reading.labels & (_ACCEPT_DOUBTS - {"regret", "not", "they"}):
        return False
    return "but" in kinds[kinds.index("regret") :]


def _settled(reading: _Reading, firm: bool) -> bool:
    """Whether a refusal that stands beside words of acceptance outweighs them."""
    row = [item for item in reading.row if item[0] not in {"pause", "polite", "conjunction"}]
    kinds = [label for label, _ in row]
    if "commit" in kinds:
        # "No to Wednesday but I could do Thursday": the acceptance is of another day.
        return kinds[0] in _REFUSALS and "other" in kinds
    if "yes" not in kinds:
        return True
    first_yes, last = kinds.index("yes"), kinds[-1]
    spoken = row[first_yes][1] in {"yeah", "oh yeah", "sure", "oh"}
    if {"regret", "but"} & set(kinds):
        return True
    # "Yeah no" is a no in speech; "no wait yes" and "yes no" are anybody's guess.
    return spoken and first_yes == 0 and (firm or last in {"no", "busy"})
