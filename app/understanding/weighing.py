"""Weighs the replies that no rule takes for a yes: how much their words speak for a yes, and how much for a no.

`tools/learn_weights.py` learns the weights from labelled replies: it is a multinomial logistic regression over the
words of a reply and the labels of its phrases. A weighed yes must clear a bar, and a higher one beside words that
often take a yes back. Pure: the weights are a part of the program and are read with it.
"""

import pkgutil
import sys
from collections.abc import Container, Mapping, Sequence
from itertools import groupby, pairwise, repeat
from math import exp, sqrt
from operator import attrgetter
from typing import NamedTuple

from app.domain.reading import Intent, Reading
from app.understanding.accepting import answers_in, speaks_of_something_else
from app.understanding.evidence import ACCEPTING, REFUSING, Clause, Evidence
from app.understanding.patterns import PAUSES
from app.understanding.spelling import HOUR_WORDS

# What takes a yes back unless all the rest says otherwise.
_BINDING = frozenset({"cond", "hedge", "no", "retract", "third"})
#: The probability from which a reply counts as a yes: where a clause says yes, where none does, and beside what often
#: takes a yes back.
_A_YES_SAID, _A_YES, _A_YES_DOUBTED = 0.74, 0.84, 0.88
#: The same beside a question, where the rules found a no, and where "yes" may only say that the text has come or is
#: followed by a reason to refuse.
_A_YES_REFUSED = 0.98
#: Above every probability.
_NEVER = 2.0
# A clause with only these labels and a question mark asks whether to take the shift.
_ONLY_AN_ANSWER = ACCEPTING | {"offer", "place", "polite"}
# How many words at each end of a reply count once more.
_AT_THE_ENDS = 3
# Beside words that no table has, a "yes" without one of these may be the answer to anything.
_ABOUT_THE_SHIFT = frozenset({"commit", "able"})
# These alone say that the text was read, or nothing.
_RECEIPTS = frozenset({"ack", "offer", "pause", "polite"})
# These say little of a sentence.
_DULL = frozenset({"word", "name", "polite", "place", "offer", "number", "ack"})
# A clause with words that no table has tells something.
_STORY = frozenset({"word", "name", "they"})
#: The probability from which a reply counts as a no: without doubts, in doubt, and beside what may take it back.
_A_NO, _A_NO_IN_DOUBT, _A_NO_TAKEN_BACK = 0.6, 0.7, 0.95
#: The probability below which the weights overrule the no of the rules, in replies of at least so many words.
_NO_NO = 0.07
_SENTENCE = 10
_DOUBTS_OF_NO = frozenset({"idiom", "third", "cond", "hedge"})
_TAKES_A_NO_BACK = ACCEPTING | {"partial", "retract", "third"}
#: Words that no table knows, beside the day, are as doubtful: "lovely weather on Wednesday" is no answer.
_SAYS_NOTHING = frozenset({"word", "offer", "polite", "pause"})
_LABEL_OF, _SENTENCE_OF = attrgetter("label"), attrgetter("sentence")
_BETWEEN_WORDS = dict.fromkeys(PAUSES - {"?"}, "|")
#: What a reply is weighed by: its name in the file of weights, in parts if it has several.
Feature = str | tuple[str, ...]


class Weight(NamedTuple):
    """How much one feature of a reply speaks for a yes, and how much for a no, against neither of them."""

    yes: float
    no: float


def words_of(evidence: Evidence) -> list[str]:
    """The words of the reply as they are weighed, between a mark for its start and one for its end.

    Every word that may name a place weighs the same: whether it is that of the shift is a rule of the domain.
    """
    words = [_BETWEEN_WORDS.get(word, word) for word in evidence.words]
    for index in evidence.place_indexes():
        words[index] = "@place"
    return ["^", *filter(None, words), "$"]


def features(evidence: Evidence, vocabulary: Container[Feature]) -> set[Feature]:
    """What the reply is weighed by: its words, pairs of words, and one to three labels of phrases in a row.

    The labels count once more with "+" in the clauses that answer and with "-" in others, and those of a whole
    sentence together.

    Its first three words count once more (`>word`), and so do the last three (`<word`) and its length in words,
    as the next power of two (`=8`). A word that is not in the vocabulary counts as `*`: "I'll take *" may be about
    anything.
    """
    words = [word if word in vocabulary else "*" for word in words_of(evidence)]
    labels = ["@^", *[sys.intern(f"@{label}") for label, _ in groupby(evidence.phrases, _LABEL_OF)], "@$"]
    found: set[Feature] = {f"={1 << len(words).bit_length()}", *words, *labels}
    found.update(
        zip(words, repeat(" "), words[1:], strict=False),
        zip(repeat(">"), words[1 : 1 + _AT_THE_ENDS], strict=False),
        zip(repeat("<"), words[-1 - _AT_THE_ENDS : -1], strict=False),
        pairwise(labels),
        zip(labels, labels[1:], labels[2:], strict=False),
    )
    answering = {clause.start for clause in answers_in(evidence)}
    answered: set[str] = set()
    told: set[str] = set()
    for _, sentence in groupby(evidence.clauses, _SENTENCE_OF):
        said: set[str] = set()
        for clause in sentence:
            said |= clause.labels
            if clause.start in answering:
                answered |= clause.labels
            else:
                told |= clause.labels
        found.add("&" + "&".join(sorted(said - _DULL)))
    found.update(zip(repeat("+"), answered, strict=False), zip(repeat("-"), told, strict=False))
    return found


def as_a_yes(evidence: Evidence) -> Reading:
    """The reply read as a yes, with the days, hours and places of the clauses that are no story and no refusal."""
    named = [
        clause
        for clause in evidence.clauses
        if clause.labels & ACCEPTING or clause.labels.isdisjoint(_STORY | REFUSING)
    ]
    more = frozenset({"extra"} if evidence.labels & ACCEPTING else ())
    parts = [phrase for clause in named for phrase in clause.phrases if phrase.label not in more]
    return Reading(
        intent=Intent.ACCEPT,
        days=evidence.days(parts),
        hours=evidence.hours(parts),
        places=evidence.places(parts),
        mentioned=evidence.mentioned(),
    )


def weighed(evidence: Evidence, refused: Reading | None = None) -> Reading | None:
    """The answer of a reply that the rules take for no yes; None if it is not clear enough.

    `refused` is the no that the rules found, if any: it stands unless the weights speak against it.
    """
    if refused is not None and (refused.days or len(evidence.words) < _SENTENCE):
        return refused
    yes, no = _probabilities(evidence)
    if refused is not None and no >= _NO_NO:
        return refused
    if HOUR_WORDS.keys() >= set(evidence.words) or evidence.labels <= _RECEIPTS:
        return None  # "two" is an answer on a call only, "OK 1234" is none
    clear = yes >= (_bar_of_a_yes(evidence) if refused is None else _A_YES_REFUSED)
    if clear and not speaks_of_something_else(evidence):
        return as_a_yes(evidence)
    if no >= _bar_of_a_no(evidence.labels):
        noes = [clause for clause in evidence.clauses if clause.labels & REFUSING]
        return Reading(intent=Intent.DECLINE, refused_days=evidence.days(noes))
    return None


def _bar_of_a_yes(evidence: Evidence) -> float:
    labels = evidence.labels
    if any(clause.labels == {"not"} or _asks_for_it(clause) for clause in evidence.clauses):
        return _NEVER
    if _asks(evidence):
        return _A_YES_REFUSED
    is_bound = not labels.isdisjoint(_BINDING)
    is_said = bool(answers_in(evidence))
    if labels.isdisjoint(_ABOUT_THE_SHIFT):
        is_story = not labels.isdisjoint(_STORY)
        if "receipt" in labels or not (is_story or labels.isdisjoint(REFUSING)):
            return _A_YES_REFUSED  # "yes, got your text", "yes busy"
        is_bound |= is_story and not is_said
    if is_bound:
        return _A_YES_DOUBTED
    return _A_YES_SAID if is_said else _A_YES


def _bar_of_a_no(labels: frozenset[str]) -> float:
    if not labels.isdisjoint(_TAKES_A_NO_BACK) or labels <= _SAYS_NOTHING:
        return _A_NO_TAKEN_BACK
    return _A_NO if labels.isdisjoint(_DOUBTS_OF_NO) else _A_NO_IN_DOUBT


def _asks_for_it(clause: Clause) -> bool:
    """Whether the answer itself is a question: "see you at 8?"."""
    return clause.question and bool(clause.labels & ACCEPTING) and clause.labels <= _ONLY_AN_ANSWER


def _asks(evidence: Evidence) -> bool:
    """Whether the reply asks anything but what somebody asks who comes."""
    return any(clause.question and "logistics" not in clause.labels for clause in evidence.clauses)


def _probabilities(evidence: Evidence) -> tuple[float, float]:
    """The probabilities that the reply is a yes and that it is a no."""
    given = features(evidence, _WEIGHTS)
    # A long reply has more features; each of them counts for less.
    share = 1 / sqrt(len(given))
    # Both sums at once: the real part is for a yes, the imaginary one for a no.
    both = _BIAS + share * sum(filter(None, map(_WEIGHTS.get, given)))
    yes, no = exp(both.real), exp(both.imag)
    return yes / (1 + yes + no), no / (1 + yes + no)


def _read_weights() -> dict[str, Weight]:
    """The weights by name. Each line of the file has a name, a tab, its two weights with a space between."""
    lines = (pkgutil.get_data("app.understanding", "weights.tsv") or b"").decode().splitlines()
    weights = {}
    for line in lines:
        name, _, given = line.partition("\t")
        yes, no = map(float, given.split())
        weights[name] = Weight(yes, no)
    return weights


def by_feature(weights: Mapping[str, Weight]) -> dict[Feature, complex]:
    """The weights by feature, given by name: for a yes the real part, for a no the imaginary one."""
    met: dict[complex, complex] = {}  # equal weights are one object, which keeps them in the processor's cache
    both = {_feature(name): complex(*weight) for name, weight in weights.items()}
    return {feature: met.setdefault(weight, weight) for feature, weight in both.items()}


def _feature(name: str) -> Feature:
    """The feature of a name: its parts, put together, are the name."""
    labels = name.split("@")[1:]
    if " " in name:
        parts: Sequence[str] = name.partition(" ")
    elif len(name) > 1 and name[0] in "<>+-":
        parts = name[0], name[1:]
    elif len(labels) > 1:
        parts = [f"@{label}" for label in labels]
    else:
        return sys.intern(name)
    return tuple(map(sys.intern, parts))


#: What is added for every reply, under a name that no feature has.
BIAS = "(bias)"
_READ = _read_weights()
_BIAS = complex(*_READ.pop(BIAS, (0.0, 0.0)))
_WEIGHTS = by_feature(_READ)
