"""Finds what a reply asks of the service besides its answer to the offer: to stop texts, to resume them, or help.

Owns how a request to stop is distinguished from words that only sound like one. Imports only `app.understanding`.
"""

from collections.abc import Sequence
from itertools import takewhile

from app.understanding.patterns import PAUSES, Patterns, words
from app.understanding.phrases.classes import CLASSES
from app.understanding.phrases.requests import CLASSES as REQUEST_CLASSES
from app.understanding.phrases.requests import REQUESTS

_ALL = CLASSES | REQUEST_CLASSES
_REQUESTS = Patterns(REQUESTS, _ALL, {"": words("and but so stop take remove please do")})
_STOPS = ("not_stop", "complaint", "told", "stop", "stop_at_end")
_SKIMMED = Patterns({label: REQUESTS[label] for label in _STOPS}, _ALL, {})

COURTESY = words("""
    please thanks thank you now ok hi hello hey sorry emojismile just por favor gracias all guys kindly already yes no
    said po
""")
# With one of these another sentence begins: "stop god bless".
_BEGINNINGS = words("""
    i iwill yeah yep nope not cannot god bless have hope good great ok sure will can am we my kids her the take see
    love maybe next keep call count put sign happy absolutely @name dios lo si yo mwen hindi
""")
_NO = words("no not never")
_RESUMING = words("start starting restart resume resubscribe subscribe opt put sign add turn")
_WHOLE_STOPS = frozenset({"no more", "no mas", "ya no", "ya no mas", "enough", "ya basta", "stop all", "opt out"})


def requests_in(tokens: Sequence[str], *, skimmed: bool = False) -> set[str]:
    """Return the labels of the requests ("stop", "start", "help", ...) made anywhere in the reply.

    "complaint" is a wish about how and when we text: whether it is a request to stop depends on the rest. With
    `skimmed` tokens it finds only requests to stop.
    """
    phrases = _SKIMMED if skimmed else _REQUESTS
    found: set[str] = set()
    if len(tokens) < 8 and " ".join(t for t in tokens if t not in PAUSES) in _WHOLE_STOPS:
        found.add("stop")
    behind = 0
    for index in [index for index, word in enumerate(tokens) if word in phrases.starts]:
        if index < behind:
            continue
        label, end = phrases.longest(tokens, index)
        if end > index and (not label.endswith("_at_end") or _ends_sentence(tokens, end)):
            found.add(label.removesuffix("_at_end"))
            behind = end
        elif tokens[index] in {"stop", "remove"} and _stands_alone(tokens, index):
            found.add("stop")
    if "told" in found and "start" not in found:
        found.add("stop")  # "I told you to stop", and not "I told you to stop, but you can start again"
    elif "again" in found and "if" not in tokens:
        found.add("start")
    return found


def refuses_texts(tokens: Sequence[str]) -> bool:
    """Whether the words of a START stand right behind a no: "don't opt me in", "I don't want to start again"."""
    for index in [index for index, word in enumerate(tokens) if word in _NO]:
        behind = takewhile(lambda word: word not in PAUSES, tokens[index + 1 : index + 6])
        if not _RESUMING.isdisjoint(behind):
            return True
    return False


def _ends_sentence(tokens: Sequence[str], index: int) -> bool:
    return index == len(tokens) or tokens[index] in PAUSES or tokens[index] in COURTESY


def _stands_alone(tokens: Sequence[str], index: int) -> bool:
    """Whether the word at `index` is a sentence of its own, or nearly."""
    before = tokens[index - 1] if index else "."
    after = tokens[index + 1] if index + 1 < len(tokens) else "."
    return (before in PAUSES or before in COURTESY or before in {"interested", "@name", "anymore"}) and (
        after in PAUSES or after in COURTESY or after.isdigit() or after in _BEGINNINGS
    )
