"""Splits the sender's own words into one flat list of plain, lower-case tokens.

Owns tokens, their canonical spelling, and which of them are names; it knows nothing of what the words mean.
"""

import re
import unicodedata
from bisect import bisect_right
from typing import NamedTuple

from app.domain.reading import NamedPlace
from app.understanding import spelling as v
from app.understanding.mending import mended
from app.understanding.patterns import PAUSES, Patterns, words
from app.understanding.phrases.classes import CLASSES
from app.understanding.phrases.rewrites import REWRITES
from app.understanding.shift_facts import RELATIVE_DAYS, Fact, mark_facts

# The longest sincere reply on file has about 420 characters and 95 tokens. What is longer is searched for
# a request to stop and otherwise left to a person.
_MAX_SINCERE = 480
_MAX_TOKENS = 100


class Tokens(NamedTuple):
    """The sender's words. `facts` holds the days, hours and possible places of a token by its index."""

    words: tuple[str, ...]
    facts: dict[int, tuple[Fact, ...]]
    #: Too long to be an answer. It may be a request to stop.
    too_long: bool


_WORD_OR_MARK = re.compile(r"@[a-z]+|[^\W\d_]+(?:'[^\W\d_]+)*|[0-9]+|[.,!?;:\n]+|[#%$+]|-+|[{}<>=|\\\[\]]|&")
_MARKS_OF_PAUSE = frozenset(".,!?;:\n")
_TITLES = words("mr mrs ms dr jr sr")
_PAUSES = {";": ".", "!": ".", ":": ","}
_PLAIN = {word: plain for word, plain in v.PLAIN_WORDS.items() if word not in RELATIVE_DAYS}
_PLAIN |= {",": ",", ":": ",", "\n": "\n", "&": "and"}
_GLUED = re.compile(r"\b(yes|yep|y|no|n|accept|pass|si|wi)(?=#?[0-9]{1,6}\b)")
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,20}){1,4}")
_DIGIT = re.compile(r"[0-9]")
_SPACED_OUT = re.compile(r"\b(?:[a-z][ .*-]{1,2}){2,7}[a-z]\b")
_SEPARATORS = re.compile(r"[ .*-]")
_MARKS = re.compile(r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff\u3099\u309a]+")
_SI = re.compile(r"\b[Ss][íÍìÌ](?!\w)")


def _fold(text: str) -> str:
    text = _SI.sub("yes", text)
    return _MARKS.sub("", unicodedata.normalize("NFKD", text))


def tokens_of(text: str) -> Tokens:
    """Split tidied text of the sender's own into canonical tokens.

    Days, hours, sums and telephone numbers become the words of `shift_facts.mark_facts`, unknown capitalised words
    become `@name`. Pauses are the tokens `.` `,` `?` `-` and a line break.
    """
    if not text.isascii():
        text = _fold(text)
    lower = text.lower()
    if _SPACED_OUT.search(lower):
        lower = _SPACED_OUT.sub(lambda m: _SEPARATORS.sub("", m[0]), lower)
    if "@" in lower:
        lower = _EMAIL.sub(" @phone ", lower)
    if _DIGIT.search(lower):
        lower = _GLUED.sub(r"\1 ", lower)
    if lower.startswith("10-4"):
        lower = "ok" + lower.removeprefix("10-4")  # "roger", and no hours
    too_long = len(text) > _MAX_SINCERE
    cased = not too_long and not (text.islower() or text.isupper())
    marked, named = (lower, []) if too_long else mark_facts(lower)
    found: list[str] = []
    facts: dict[int, tuple[Fact, ...]] = {}
    names: set[str] | None = None  # looked for when the first unknown word is met
    for raw in _WORD_OR_MARK.findall(marked):
        if (plain := _PLAIN.get(raw)) is not None:
            found.append(plain)
        elif raw[0].isalpha():
            meant = mended(raw)
            if meant == raw.removesuffix("'s") and meant not in v.KNOWN_WORDS:
                facts[len(found)] = (NamedPlace(meant),)
                if names is None:
                    names = {name.lower() for name in v.CAPITALISED.findall(text)} if cased else set()
                meant = "@name" if meant in names else meant
            elif meant in RELATIVE_DAYS:
                facts[len(found)] = RELATIVE_DAYS[meant]
            found.extend(meant.split(" "))
        elif raw[0] in _MARKS_OF_PAUSE:
            pause = "?" if "?" in raw else _PAUSES.get(raw[0], raw[0])
            if pause == "?" and found and found[-1] in PAUSES:
                found[-1] = pause
            elif not (pause == "." and found and found[-1] in _TITLES):
                found.append(pause)
        else:
            if raw in {"@day", "@time"} and named:
                facts[len(found)] = named.pop(0)
            found.append(raw)
    if too_long or len(found) > _MAX_TOKENS:
        return Tokens(tuple(found), {}, too_long=True)
    said, facts = rewritten(_in_context(found), facts)
    return Tokens(tuple(said), facts, too_long=False)


_REWRITES = Patterns(REWRITES, CLASSES, {})


def rewritten(tokens: list[str], facts: dict[int, tuple[Fact, ...]]) -> tuple[list[str], dict[int, tuple[Fact, ...]]]:
    """Return `tokens` with what is said in several words and meant as one put as one, and the facts by these."""
    said: list[str] = []
    origins: list[int] = []  # of each word that is said: the index of the first token behind it
    end = 0
    for index in [index for index, word in enumerate(tokens) if word in _REWRITES.starts]:
        if index >= end and (match := _REWRITES.longest(tokens, index))[1] > index:
            meant = match[0].split()
            said += [*tokens[end:index], *meant]
            origins += [*range(end, index), *[index] * len(meant)]
            end = match[1]
    if not end:
        return tokens, facts
    origins += range(end, len(tokens))
    moved: dict[int, tuple[Fact, ...]] = {}
    for index, named in facts.items():
        place = bisect_right(origins, index) - 1
        moved[place] = moved.get(place, ()) + named
    return said + tokens[end:], moved


def _beside_a_number_only(tokens: list[str]) -> bool:
    """Whether the reply is one word and the number of an offer, as in "SI 2"."""
    told = [one for one in tokens if one not in PAUSES]
    return len(told) == 2 and any(one.isdigit() for one in told)


def _in_context(tokens: list[str]) -> list[str]:
    """Settle the few spellings that only their neighbours can settle: `y`, `n`, `si`, `ya`, `ill`, `4`."""
    if v.BY_CONTEXT.isdisjoint(tokens):
        return tokens
    settled = list(tokens)
    for index, word in enumerate(tokens):
        if word not in v.BY_CONTEXT:
            continue
        before = tokens[index - 1] if index else "."
        after = tokens[index + 1] if index + 1 < len(tokens) else "."
        if word == "ill" and (before not in v.BEFORE_ILL or after in v.AFTER_ILL) and after not in PAUSES:
            settled[index] = "iwill"
        elif word in {"y", "n"} and (index == 0 or before in PAUSES) and (after in PAUSES or len(tokens) < 5):
            settled[index] = {"y": "yes", "n": "no"}[word]
        elif word == "si" and (
            _beside_a_number_only(tokens)
            or before == "si"
            or ((before in PAUSES or before in v.BEFORE_SI) and (after in PAUSES or after in v.AFTER_SI))
        ):
            # Unaccented, "si" is "if" as often as "yes".
            settled[index] = "yes"
        elif word == "4" and after == "@name":
            settled[index] = "for"
        elif word == "ya" and (before in PAUSES or before == "so") and after not in v.AFTER_SPANISH_YA:
            settled[index] = "yeah"
    return settled
