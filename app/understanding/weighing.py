"""Weighs a reply: how likely it takes the shift, turns it down, or asks to stop texts, to resume them or for help.

`tools/learn_weights.py` learns the weights from labelled replies. The words of a reply and the labels of its phrases
add up to what a few hidden units make of it, and these to an answer. A day, hour or place weighs differently when it
is not that of the shift, so a reading has a meaning for each of these cases. An answer must clear a bar. Pure: the
weights are a part of the program and are read with it (decision record 18).
"""

import sys
from collections.abc import Collection, Container, Mapping, Sequence
from itertools import groupby, pairwise, repeat
from math import exp, sqrt
from operator import attrgetter, mul
from pathlib import Path
from struct import Struct
from typing import NamedTuple

from app.domain.reading import Intent, NamedPlace, Reading
from app.understanding.evidence import ACCEPTING, EXPLAINED, REFUSING, Clause, Evidence, is_relative
from app.understanding.patterns import PAUSES, words
from app.understanding.phrases import WORD_CLASSES
from app.understanding.phrases.smalltalk import COURTEOUS
from app.understanding.shift_facts import Fact
from app.understanding.spelling import HOUR_WORDS

# A reply with only these labels beside those of a yes, or of a no, is plain: no weight is asked.
_PLAIN_YES = EXPLAINED | {"pause"}
_PLAIN_NO = frozenset({"no", "refuse", "busy", "polite", "sorry", "and", "so", "pause", "offer", "place", "name"})
# Of "I'm in Ohio" nobody knows whether it is the place of the shift.
_PLACES = frozenset({"place", "name"})
#: The probability from which a reply means that; of two that clear their bars the first counts. A wrong yes costs
#: more than a yes that is asked back.
BARS = {
    Intent.STOP: 0.5,
    Intent.WRONG_NUMBER: 0.6,
    Intent.START: 0.6,
    Intent.HELP: 0.5,
    Intent.ACCEPT: 0.8,
    Intent.DECLINE: 0.65,
}
_ANSWERS = frozenset({Intent.ACCEPT, Intent.DECLINE})
#: The same for a yes that no phrase of the tables says, or that stands beside one of these labels.
_A_YES_IN_DOUBT = 0.92
_DOUBTS = frozenset({"cond", "hedge", "no", "partial", "retract", "third"})
#: The same for a no beside one of these labels, or of words that no table knows: "lovely weather on Wednesday".
_A_NO_IN_DOUBT = 0.8
_DOUBTS_OF_NO = frozenset({"hedge", "retract", "third"})
_SAYS_NOTHING = frozenset({"word", "offer", "polite", "pause"})
#: The same for a no that the tables have, with nothing beside it that makes it doubtful.
_A_NO_SAID = 0.4
_REASONS = frozenset({"refuse", "busy"})
_DOUBTS_OF_REASONS = ACCEPTING | {"cond", "partial", "other", "question", "idiom", "unsure"}
# A clause with only these labels and a question mark asks whether to take the shift.
_ONLY_AN_ANSWER = ACCEPTING | {"offer", "place", "polite"}
# How many words at each end of a reply count once more.
_AT_THE_ENDS = 3
# These alone say that the text was read, or nothing.
_RECEIPTS = frozenset({"ack", "number", "offer", "pause", "polite"})
# The same in their own words, and the labels that may stand beside them. The rest of "thanks so much" has no label of
# its own.
_COURTEOUS = words(COURTEOUS).union(*[WORD_CLASSES[kind].split("|") for kind in ("name", "nice", "smile", "daytime")])
_COURTESIES = frozenset({"ack", "polite", "receipt"})
_BESIDE_COURTESIES = frozenset({"name", "pause"})
_SO_MUCH = frozenset({"so", "much"})
# These say little of a sentence.
_DULL = frozenset({"word", "name", "polite", "place", "offer", "number", "ack"})
#: With more facts than this only two cases are told apart: all are those of the shift, or not.
_MOST_FACTS = 3
_LABEL_OF, _SENTENCE_OF = attrgetter("label"), attrgetter("sentence")
_BETWEEN_WORDS = dict.fromkeys(PAUSES - {"?"}, "|")
#: What a reply is weighed by: its name in the file of weights, in parts if it has several.
Feature = str | tuple[str, ...]


def facts_named(evidence: Evidence) -> tuple[Fact, ...]:
    """The days, hours and places that the reply names; a day like "today" only if it belongs to a yes."""
    binding = evidence.facts_of_a_yes()
    return tuple(fact for fact in evidence.named if not is_relative(fact) or fact in binding)


def words_of(evidence: Evidence, foreign: Container[Fact] = ()) -> list[str]:
    """The words of the reply as they are weighed, between a mark for its start and one for its end.

    Every day weighs the same, and so do the hours and the words that may name a place; with "!" behind it if it is
    one of the `foreign` facts, which are not those of the shift.
    """
    words = [_BETWEEN_WORDS.get(word, word) for word in evidence.words]
    for index, facts in evidence.facts.items():
        # A word that stands for several, as "it" does for "the Wednesday shift", stays what it is.
        name = "@town" if isinstance(facts[0], NamedPlace) else "@time" if words[index].isdecimal() else words[index]
        strange = any(fact in foreign and not is_relative(fact) for fact in facts)
        words[index] = f"{name}!" if strange else name
    return ["^", *filter(None, words), "$"]


def features(
    evidence: Evidence, requests: Collection[str], vocabulary: Container[Feature], foreign: Container[Fact] = ()
) -> set[Feature]:
    """What the reply is weighed by if the `foreign` facts are not the shift's; `requests`: what it asks of us."""
    return label_features(evidence, requests) | word_features(words_of(evidence, foreign), vocabulary)


def label_features(evidence: Evidence, requests: Collection[str]) -> set[Feature]:
    """One to three labels of phrases in a row, the labels of a whole sentence, and what is asked of us (`%stop`).

    Labels count once more with "+" in the clauses that answer and with "-" in others.
    """
    labels = ["@^", *[sys.intern(f"@{label}") for label, _ in groupby(evidence.phrases, _LABEL_OF)], "@$"]
    found: set[Feature] = {*labels, *pairwise(labels), *zip(labels, labels[1:], labels[2:], strict=False)}
    found.update(f"%{request}" for request in requests)
    for clause in evidence.clauses:
        found.update(zip(repeat("+" if evidence.answering(clause) else "-"), clause.labels, strict=False))
    for _, sentence in groupby(evidence.clauses, _SENTENCE_OF):
        said = frozenset().union(*[clause.labels for clause in sentence])
        found.add("&" + "&".join(sorted(said - _DULL)))
    return found


def word_features(words: Sequence[str], vocabulary: Container[Feature]) -> set[Feature]:
    """Words and pairs of words; the first three (`>word`) and the last three (`<word`) count once more.

    A word that is not in the vocabulary counts as `*`: "I'll take *" may be about anything.
    """
    words = [word if word in vocabulary else "*" for word in words]
    return {
        *words,
        *zip(words, repeat(" "), words[1:], strict=False),
        *zip(repeat(">"), words[1 : 1 + _AT_THE_ENDS], strict=False),
        *zip(repeat("<"), words[-1 - _AT_THE_ENDS : -1], strict=False),
    }


def weighed(evidence: Evidence, requests: Collection[str]) -> Reading:
    """The meaning of a reply, for each of the days, hours and places it names that may not be the shift's."""
    if HOUR_WORDS.keys() >= set(evidence.words) or evidence.labels <= _RECEIPTS:
        return Reading(intent=Intent.UNKNOWN)  # "two" is an answer on a call only, "OK 1234" is none
    named = facts_named(evidence)
    cases: Collection[tuple[Fact, ...]] = ((), named)
    if len(named) <= _MOST_FACTS:
        cases = [
            tuple(fact for place, fact in enumerate(named) if case >> place & 1) for case in range(1 << len(named))
        ]
    plain = _plain_answer(evidence)
    labels = label_features(evidence, requests)
    bars = _bars(evidence)
    binding = evidence.facts_of_a_yes()
    mentioned, refused = evidence.facts_mentioned(), evidence.facts_of_a_no()
    meanings: list[Intent] = []
    for foreign in cases:
        if plain is not None:
            meaning = plain
        else:
            odds = WEIGHTS.probabilities(labels | word_features(words_of(evidence, foreign), WEIGHTS.of))
            meaning = next((intent for intent, bar in bars.items() if odds[intent] >= bar), Intent.UNKNOWN)
        another = not binding.isdisjoint(foreign) or any(kind and kind.issubset(foreign) for kind in mentioned)
        if (meaning is Intent.ACCEPT and another) or (meaning is Intent.DECLINE and not refused.isdisjoint(foreign)):
            meaning = Intent.UNKNOWN
        meanings.append(meaning)
    # What is asked of us is not about a shift, whatever day the reply names.
    asked = next((intent for intent in BARS if intent in meanings and intent not in _ANSWERS), None)
    if asked is not None or len(set(meanings)) == 1:
        return Reading(intent=asked or meanings[0])
    return Reading(intent=meanings[0], named=named, meanings=tuple(meanings))


def odds_of(evidence: Evidence, requests: Collection[str]) -> Mapping[Intent, float]:
    """How likely each meaning is if all that the reply names is the shift's."""
    return WEIGHTS.probabilities(features(evidence, requests, WEIGHTS.of))


def _plain_answer(evidence: Evidence) -> Intent | None:
    """The answer of a reply that says nothing else; None if it says more."""
    if asks(evidence):
        return None
    labels = evidence.labels
    if labels <= _PLAIN_YES and labels & ACCEPTING:
        unsure = any(one.label == "able" and two.label in _PLACES for one, two in pairwise(evidence.phrases))
        return None if unsure else Intent.ACCEPT
    return Intent.DECLINE if labels <= _PLAIN_NO and labels & REFUSING else None


def _bars(evidence: Evidence) -> Mapping[Intent, float]:
    """The probability from which the reply means each of its possible meanings."""
    labels = evidence.labels
    bars = BARS.copy()
    regrets = "sorry" in labels and "commit" not in labels  # "sorry, yes I can" may be the answer to anything
    if regrets or any(clause.labels == {"not"} or _asks_for_it(clause) for clause in evidence.clauses):
        bars[Intent.ACCEPT] = 2.0  # above every probability
    elif labels.isdisjoint(ACCEPTING) or not labels.isdisjoint(_DOUBTS):
        bars[Intent.ACCEPT] = _A_YES_IN_DOUBT
    if labels <= _SAYS_NOTHING or not labels.isdisjoint(_DOUBTS_OF_NO):
        bars[Intent.DECLINE] = _A_NO_IN_DOUBT
    elif labels & _REASONS and labels.isdisjoint(_DOUBTS_OF_REASONS) and not asks(evidence):
        bars[Intent.DECLINE] = _A_NO_SAID
    return bars


def asks(evidence: Evidence) -> bool:
    """Whether the reply asks anything but what somebody asks who comes."""
    return any(clause.question and "logistics" not in clause.labels for clause in evidence.clauses)


def is_courtesy(evidence: Evidence) -> bool:
    """Whether the reply only thanks us, or says that our text was read.

    Every word of it must be one of those that say nothing else: many phrases labelled "polite" tell a story.
    """
    if any(clause.question for clause in evidence.clauses) or evidence.labels.isdisjoint(_COURTESIES):
        return False
    # "Thanks Maria" names somebody. In "Nno thx" the rules know no first word, and it may be anything.
    return evidence.phrases[0].label != "name" and all(
        phrase.label in _BESIDE_COURTESIES
        or _SO_MUCH.issuperset(evidence.said(phrase))
        or (phrase.label in _COURTESIES and _COURTEOUS.issuperset(evidence.said(phrase)))
        for phrase in evidence.phrases
    )


def _asks_for_it(clause: Clause) -> bool:
    """Whether the answer itself is a question: "see you at 8?"."""
    return clause.question and bool(clause.labels & ACCEPTING) and clause.labels <= _ONLY_AN_ANSWER


class Weights(NamedTuple):
    """What each feature adds to the hidden units, and what these say of an answer."""

    #: By feature: a number with 32 bits for each unit, so that one addition adds up all.
    of: dict[Feature, int]
    #: For each unit: what it starts from, and how much one step of a feature adds.
    starts: tuple[float, ...]
    steps: tuple[float, ...]
    #: By meaning: what it starts from, and what each unit adds, against UNKNOWN.
    meanings: dict[Intent, tuple[float, ...]]

    def probabilities(self, given: Collection[Feature]) -> Mapping[Intent, float]:
        """How likely a reply with these features has each meaning but UNKNOWN."""
        known = list(filter(None, map(self.of.get, given)))
        share = 1 / sqrt(len(given))  # a long reply has more features; each of them counts for less
        zero = ZERO * len(known)
        totals = _UNITS.unpack(sum(known).to_bytes(_UNITS.size, "little"))
        units = [
            max(0.0, start + step * share * (total - zero))
            for start, step, total in zip(self.starts, self.steps, totals, strict=True)
        ]
        odds = {
            meaning: exp(min(start + sum(map(mul, units, each)), _GREATEST))
            for meaning, (start, *each) in self.meanings.items()
        }
        everything = 1 + sum(odds.values())
        return {meaning: odd / everything for meaning, odd in odds.items()}


def read_weights(text: str) -> Weights:
    """Read the file of weights: lines of a name, a tab, and numbers.

    The first lines are those of the units, in brackets. A feature has one byte for each unit in hexadecimal digits:
    each step above 128 adds to the unit, each below takes from it.
    """
    lines = [line.partition("\t")[::2] for line in text.splitlines()]
    units = {name: tuple(map(float, numbers.split())) for name, numbers in lines if name.startswith("(")}
    of = {feature_of(name): packed(bytes.fromhex(digits)) for name, digits in lines if not name.startswith("(")}
    return Weights(of, units[STARTS], units[STEPS], {intent: units[f"({intent})"] for intent in BARS})


def packed(steps: bytes) -> int:
    """One number for the bytes of the units."""
    spread = bytearray(_UNITS.size)
    spread[:: _UNITS.size // UNITS] = steps
    return int.from_bytes(spread, "little")


def feature_of(name: str) -> Feature:
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


#: How many hidden units there are.
UNITS = 16
#: The byte of a feature that adds nothing to a unit.
ZERO = 128
_UNITS = Struct(f"<{UNITS}I")
# The exponent of more is too great a number.
_GREATEST = 500.0
#: The names of the units' lines; those of the meanings have the intent in brackets.
STARTS, STEPS = "(start)", "(step)"
WEIGHTS = read_weights(Path(__file__).with_name("weights.tsv").read_text(encoding="utf-8"))
