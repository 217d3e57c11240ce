"""Covers a reply with the phrases of the tables and corrects their labels by what stands around them.

Owns which words belong together and who their subject is; what follows is up to `weighing`.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from app.understanding.patterns import PAUSES, Patterns, words
from app.understanding.phrases import WORD_CLASSES, WORDINGS

# A wild ending of a phrase ("sorry i missed ...") may not swallow what could be the answer, or take it back.
_TAIL_ENDS = words("""
    i iwill yes yeah yep yup no nope cannot if unless but only until except instead depends half part whole entire
    full maybe might can when and so because though however unfortunately pero porque si put count sign cond
""")
# Small talk may not swallow what makes an acceptance one of another day or for other money either.
_FACTS = _TAIL_ENDS | words("not @day @time @money @vague tomorrow next instead")
_CAUTIOUS = ("polite", "free", "logistics", "receipt")
_REASONS = _TAIL_ENDS - words("can half part whole full when put sign")
_CAUSES = words(
    "i iwill yes yeah if unless but so because though however unfortunately pero porque except instead and cond sorry"
)
_MORE = words("yes no so but because and @money instead unless")
PATTERNS = Patterns(
    WORDINGS,
    WORD_CLASSES,
    {
        "": _TAIL_ENDS,
        **dict.fromkeys(_CAUTIOUS, _FACTS),
        "busy": _CAUSES,
        "ail": _CAUSES,
        "refuse": _REASONS,
        "extra": _MORE,
    },
)


_PLAIN_YES = words("yes yeah yep yup ok")
_MINE = {("i", "got", "it"), ("i", "have", "got", "it"), ("i", "have", "it")}


class Phrase(NamedTuple):
    """A phrase of the reply: its label and the tokens `start` to `end` (not included)."""

    label: str
    start: int
    end: int


# What a person says of somebody else's words or of a time that is not now: "she knew I would take it".
_EMBEDDING = words("""
    said says say told tell tells think thought know knew hope hoped wish see saw how where what that who whom whether
    until before after than as like once till til asked ask heard hear mean means meant which why unless wondering
    wonder thinks hopes wants expects knows believes figures figured keeps believe believed assume assumed guess
    remember forgot when while if the a an by
""")
_OWN = words("i iwill my yo mwen m ako me")
# A refusal that needs no subject of its own: "that house is too far".
_SUBJECTLESS = words("too no out not pass that it so we @day thatday has have needs sorry unfortunately next maybe")
# These may stand before a reason instead of a subject: "on medical leave".
_BEFORE_REASONS = words("on out still just now currently feeling been")
# After these a "no" is an answer; before any other word it only counts ("no gloves left").
_ANSWER_FOLLOWS = words("i iwill my we it that because sorry too got this im to for at on po not thatday cannot the")
_SAYING = words("""
    say says saying regret thinks hopes said told asked promised thought knew texted wrote mentioned replied claimed
    swore dijo dice
""")
# A refusal that ends with one of these may be about anything: "I cannot get in the building".
_UNFINISHED = words("not get find make help have handle manage want")
# What somebody at work or on the telephone cannot do: "I cannot find the house".
_TROUBLES = words("""
    find hear see open log read understand believe remember recall reach access locate load tell complain lie figure
    wait download view click talk reply thank imagine stop turn lift move hold get give be have make help want say
    clock look decide answer promise submit
""")
_ADVERBS = words("ever even always really seem to")
# What may follow a bare "cannot" directly.
_REASONS_FOLLOW = words("polite sorry offer so but busy ail no refuse other pause extra yes")
# What may stand before "works for me".
_BEFORE_WORKS = frozenset({"yes", "ack", "polite", "place"})
_ANSWERS = frozenset({"commit", "able", "refuse", "busy", "ail"})
#: What joins two clauses.
JOINTS = frozenset({"pause", "and", "so", "but"})
_CORRECTED = _ANSWERS | {"yes", "free", "extra", "polite", "no"}

# An "if" or "hope" of small talk that speaks of these asks for terms.
_TERMS = words("""
    pay pays paid paying rate rates bonus mileage overtime ot money ride raise double gas ok okay fine alright right
    works still approved allowed fit nobody noone takes took cannot find needed available open
""")
# After a comma an "if" may offer more ("if anything changes call me"); any other one may be a condition.
_OFFERED = words("questions changes number address anything else others another more any see hear")


def _offer_of_more(label: str, tokens: Sequence[str], start: int, end: int, previous: Phrase | None) -> str:
    """Tell "let me know if anything changes" from the condition "I'll do it if you pay mileage"."""
    said = tokens[start:end]
    if "hope" in said[:2] and "find" in said:
        return "refuse"  # "sorry, hope you find somebody"
    if not _TERMS.isdisjoint(said):
        return "cond"
    alone = previous is None or tokens[start - 1] in {".", "?", "\n"}
    return label if alone or said[0] != "if" or not _OFFERED.isdisjoint(said) else "cond"


def phrases_of(tokens: Sequence[str]) -> list[Phrase]:
    """Cover `tokens` from left to right with the longest phrases known; what is left is single words."""
    found: list[Phrase] = []
    index = 0
    quoting, says = False, not _SAYING.isdisjoint(tokens)
    while index < len(tokens):
        word = tokens[index]
        label, end = ("pause", index + 1) if word in PAUSES else PATTERNS.longest(tokens, index)
        if not label:
            label, end = _unforeseen(tokens, index, found), index + 1
            if label in {"name", "word"} and (place := _place(tokens, index, found)):
                label, end = "place", place.end
                if place.start < index:
                    index = found.pop().start
        elif (
            label == "receipt"
            and tokens[index:end] in _MINE
            and not _PLAIN_YES & {tokens[one.start] for one in found}
        ):
            label = "able"  # not the answer to "did you get it?"
        if quoting and (label in {"commit", "able"} or (label == "refuse" and found[-1].label in {"they", "name"})):
            label = "word"  # "I told the home I would work for them", "I told my daughter I can't babysit"
        elif label in _CORRECTED or word == "works":
            label = _in_context(label, tokens, index, end, found[-1] if found else None)
        if says and not quoting:
            quoting = label != "yes" and not _SAYING.isdisjoint(tokens[index:end])
        quoting = quoting and label not in JOINTS
        found.append(Phrase(label, index, end))
        index = end
    return _settled(found, tokens)


def _unforeseen(tokens: Sequence[str], index: int, found: Sequence[Phrase]) -> str:
    """The label of a word that begins no phrase."""
    word = tokens[index]
    previous = found[-1].label if found else ""
    if word == "@name" or (len(word) == 1 and word != "i" and previous == "name" and word.isalpha()):
        return "name"
    if previous == "intro" and tokens[index - 1] == "is" and PAUSES & {*tokens[index + 1 : index + 2]}:
        return "name"  # "hi this is amy, yes"
    if word.isdecimal():
        return "number"
    return "word" if word.isalpha() else "junk"


# Behind these a word that nobody foresaw may be the place of the shift, as it may behind a verb of taking.
_AT = words("in at to over for near en sa")
_TAKING = words("do take cover")
_ARTICLES = words("the that el")
_SHIFTS = words("one shift case job spot visit assignment patient patients client clients family")
# What is said of a place: that it is near, or suits.
_PREDICATES = words("close closer near far fine ok good great perfect easy right only just not no one more too that")
_WHEN = words("@day @time")


def _place(tokens: Sequence[str], index: int, found: Sequence[Phrase]) -> Phrase | None:
    """The words around the unforeseen one at `index` if they may say where: "in Quincy", "Wed, Quincy, 8-4"."""
    word = tokens[index]
    if word != "@name" and (word in PATTERNS.vocabulary or len(word) < _SHORTEST_PLACE):
        return None
    previous, before = found[-1] if found else Phrase("pause", 0, 0), tokens[index - 1] if index else "."
    start = previous.start if previous.label == "word" else index
    following = tokens[index + 1] if index + 1 < len(tokens) else "."
    if following in _SHIFTS or (following == "it" and before in _ARTICLES):
        return Phrase("place", start, index + 2)
    if (before in _AT or (before == "a" and word == "@name")) and previous.label == "word":
        return Phrase("place", start, index + 1)
    named = previous.label == "commit" or before in _TAKING or (previous.label == "offer" and word != "@name")
    if named or _suits(word, tokens[index + 1 : index + 3]) or not _WHEN.isdisjoint(_neighbours(tokens, index)):
        return Phrase("place", index, index + 1)
    return None


def _suits(word: str, behind: Sequence[str]) -> bool:
    """Whether the words behind `word` say that it is near or suits: "is 10 min", "me queda", and of a name "ok"."""
    if tuple(behind) == ("me", "queda"):
        return True
    said = [one for one in behind if one != "is"]
    if len(said) == len(behind):
        return word == "@name" and bool(said) and said[0] in _PREDICATES
    return bool(said) and (said[0] in _PREDICATES or said[0].isdecimal())


def _neighbours(tokens: Sequence[str], index: int) -> Sequence[str]:
    """The words before and behind a word; a comma may stand between."""
    around = (*tokens[max(0, index - 2) : index], *tokens[index + 1 : index + 3])
    return around if "," in around else (*tokens[max(0, index - 1) : index], *tokens[index + 1 : index + 2])


_SHORTEST_PLACE = 4


_AUXILIARIES = words("am will iwill can would to shall do gonna have take go come accept")
# These may begin small talk, and the sentence "I will ..." as well.
_BARE_VERBS = words("let call holler tell love send save keep say be take have hope need want trying do")
_ENDS_CLAUSE = words("pause polite and so but offer yes ack sorry receipt free logistics")


def _settled(found: list[Phrase], tokens: Sequence[str]) -> list[Phrase]:
    """Take back what is only the beginning of something else: the "I am" of "I am out of town"."""
    return [
        Phrase("word", phrase.start, phrase.end)
        if phrase.label == "able"
        and tokens[phrase.end - 1] in _AUXILIARIES
        and (
            following.label not in _ENDS_CLAUSE
            or (following.label in {"polite", "free", "logistics"} and tokens[following.start] in _BARE_VERBS)
        )
        else phrase
        for phrase, following in pairwise([*found, Phrase("pause", 0, 0)])
    ]


def _verb_after(tokens: Sequence[str], index: int) -> str:
    return next((token for token in tokens[index:] if token not in _ADVERBS), ".")


def _in_context(label: str, tokens: Sequence[str], start: int, end: int, previous: Phrase | None) -> str:
    """Correct the label of tokens `start` to `end` by what stands around them."""
    first = tokens[start]
    after = tokens[end] if end < len(tokens) else "."
    subject = "" if previous is None or previous.label == "pause" else tokens[start - 1]
    if label in {"commit", "able", "yes"} and after == "not":
        return "word"  # "please do not assign me"
    if label in {"busy", "ail", "commit", "able", "free"} and previous is not None and previous.label == "not":
        return "word"  # "the app is not working"
    if label == "extra" or (label == "polite" and "hope" in tokens[start : start + 2]):
        return _offer_of_more(label, tokens, start, end, previous)
    if label in _ANSWERS and subject:
        if first in _OWN or first == "yes":
            # "She said I will take it" is somebody else's sentence.
            if previous is not None and previous.label in {"word", "they", "name"} and subject in _EMBEDDING:
                return "word"
        elif (
            previous is not None
            and previous.label in {"word", "name", "they", "number", "third"}
            and (label in {"commit", "able"} or (first not in _SUBJECTLESS and subject not in _BEFORE_REASONS))
        ):
            return "word"  # "Tanya will take it", "the app is not working"
    if first == "works" and subject and previous is not None and previous.label not in _BEFORE_WORKS:
        return "word"  # "the lift works"
    if label == "no" and after not in PAUSES and after not in _ANSWER_FOLLOWS:
        follows, _ = PATTERNS.longest(tokens, end)
        stop = next((place for place in range(end, len(tokens)) if tokens[place] in PAUSES), len(tokens))
        if follows in {"", "work"} and tuple(tokens[stop - 2 : stop]) != ("for", "me"):
            return "not"  # "no gloves left", and not "no Hoyers for me"
    if label == "refuse" and tokens[end - 1] == "cannot" and _verb_after(tokens, end) in _TROUBLES:
        return "not"
    if label == "refuse" and tokens[end - 1] in _UNFINISHED and after not in PAUSES:
        # "I cannot find the house" is a story.
        if tokens[end - 1] == "want" and after in {"to", "you", "any"}:
            return "not"
        follows, _ = PATTERNS.longest(tokens, end)
        if after not in _ANSWER_FOLLOWS and follows not in _REASONS_FOLLOW:
            return "not"
    return label
