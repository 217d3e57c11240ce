"""Finds what a reply asks of the service besides its answer to the offer: to stop texts, to resume them, or help.

Owns how a request to stop is distinguished from words that only sound like one. Imports only `app.understanding`.
"""

from collections.abc import Sequence

from app.understanding.notation import CLASSES, words
from app.understanding.phrase_trie import PAUSES, PhraseTrie
from app.understanding.phrases.requests import REQUESTS
from app.understanding.tokens import rewritten

_REQUESTS = PhraseTrie(REQUESTS, CLASSES, canonical=rewritten)
_SKIMMED = PhraseTrie({label: REQUESTS[label] for label in ("stop", "not_stop")}, CLASSES)

COURTESY = words("please thanks thank you now ok hi hello hey sorry emojismile just por favor gracias all")
_STOP_WORDS = words("unsubscribe stopall optout")
# "I want to stop getting these", "please end all communication": the verb and, near it, its object.
_ENDING = words("stop quit cease end discontinue halt cancel terminate")
_ENDED = words(
    """
    texts texting messages messaging notifications alerts communication communications contact contacting getting
    receiving sending emails calling calls subscription spamming mensajes
    """
)
_ENDING_WORDS = _ENDING | _STOP_WORDS
_WHOLE_STOPS = frozenset({"no more", "no mas", "ya no", "ya no mas", "enough", "ya basta", "stop all", "opt out"})
# "Don't call me before nine" asks for another time, not for silence.
_TIME_LIMITS = words("before after while until till during when unless @time @othertime")


def _ends_texts(tokens: Sequence[str], index: int) -> bool:
    """Whether the word at `index` ("stop", "end", "optout" ...) stands alone or is about our texts."""
    word, after = tokens[index], tokens[index + 1 : index + 6]
    if word in _STOP_WORDS or not _ENDED.isdisjoint(after):
        return True
    before = tokens[index - 1] if index else "."
    return word == "stop" and (before in PAUSES or before in COURTESY or not after or after[0] in PAUSES)


def requests_in(tokens: Sequence[str], *, skimmed: bool = False) -> set[str]:
    """Return the labels of the requests ("stop", "start", "help", ...) made anywhere in the reply.

    With `skimmed` tokens it finds only requests to stop.
    """
    phrases = _SKIMMED if skimmed else _REQUESTS
    found: set[str] = set()
    if " ".join(t for t in tokens if t not in PAUSES) in _WHOLE_STOPS:
        found.add("stop")
    starts = phrases.starts
    index = 0
    while index < len(tokens):
        word = tokens[index]
        match = phrases.longest(tokens, index) if word in starts else None
        end = match.end if match else index + 1
        if match and match.label != "not_stop":
            limited = word == "do" and end < len(tokens) and tokens[end] in _TIME_LIMITS
            if not limited:
                found.add(match.label)
        elif not match and word in _ENDING_WORDS and _ends_texts(tokens, index):
            found.add("stop")
        index = end
    return found
