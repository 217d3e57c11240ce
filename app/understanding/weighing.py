"""Weighs a reply: how likely it takes the shift, turns it down, or asks to stop texts, to resume them or for help.

`tools/learn_weights.py` learns the weights from labelled replies. A small net reads the words: its detectors look at
five words at a time and report the strongest match anywhere in the reply, its gatherers add up the words and pairs of
words of the whole reply. Together they say how likely each meaning is. A day, hour or place that is not the
shift's is another word for the net, so a reading has a meaning for each of these cases. A meaning must clear a bar.
Pure: the weights are a part of the program and are read with it (decision record 18).
"""

from binascii import a2b_base64
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from itertools import groupby, pairwise, repeat
from math import exp, sqrt
from operator import add, getitem, mul
from pathlib import Path
from struct import Struct
from typing import NamedTuple

from app.domain.reading import Intent, Reading
from app.understanding.cover import Phrase, refused
from app.understanding.named_facts import facts_in, is_fixed, words_of
from app.understanding.patterns import words
from app.understanding.requests import refuses_texts
from app.understanding.shift_facts import Fact
from app.understanding.tokens import Tokens

#: The probability from which a reply means that; of two that clear their bars the first counts. A wrong yes costs
#: more than a yes that is asked back.
BARS = {
    Intent.STOP: 0.5,
    Intent.WRONG_NUMBER: 0.6,
    Intent.START: 0.8,
    Intent.HELP: 0.5,
    Intent.ACCEPT: 0.85,
    Intent.DECLINE: 0.65,
}
# Above every probability.
_NEVER = 2.0
# The same for a plain yes or no, which has only these labels, one of the first among them.
_A_PLAIN_YES, _A_PLAIN_NO = 0.6, 0.4
_YES, _NO = words("commit able yes"), words("no refuse busy")
_PLAIN_YES = _YES | words("polite ack offer free extra logistics and so name pause")
_PLAIN_NO = _NO | words("polite sorry and so pause offer name")
# The same for a STOP where the tables know the words as a request about something else: "remove me from Friday".
_A_STOP_IN_DOUBT = 0.95
_NO_STOPS = words("not_stop complaint")
# The same for a yes beside a day, an hour or a place that is not the shift's, or beside one of these labels.
_A_YES_IN_DOUBT = 0.96
_DOUBTS = words("cond hedge not partial retract third")
# The same for an answer in words that no table has: "lovely weather on Wednesday".
_UNFORESEEN = {Intent.ACCEPT: 0.95, Intent.DECLINE: 0.8}
_SAYS_NOTHING = words("word offer polite pause")
_ANSWERS = frozenset({Intent.ACCEPT, Intent.DECLINE})
#: With more facts than this, or in a long reply, only two cases are told apart: all are those of the shift, or not.
_MOST_FACTS = 3
# How many words at each end of a reply count once more.
_AT_THE_ENDS = 3
#: What a gatherer adds up: its name in the file of weights, in two parts if it has two.
Feature = str | tuple[str, str]
#: What the detectors say of five words.
_Detected = dict[tuple[str, ...], tuple[int, ...]]


def features(
    said: Sequence[str], labels: Sequence[str], asked: Collection[str], vocabulary: Container[str]
) -> set[Feature]:
    """What the gatherers add up for a reply of the words `said`, whose phrases have the `labels`.

    `asked`: what is asked of us in the words of the tables, and the channel.
    """
    return _beside_words(labels, asked) | _of_words(said, vocabulary)


def _beside_words(labels: Sequence[str], asked: Collection[str]) -> set[Feature]:
    """One to three labels of phrases in a row (`@yes@polite`), and what is asked of us (`%stop`)."""
    marked = ["@^", *[f"@{label}" for label, _ in groupby(labels)], "@$"]
    return {
        *marked,
        *map(add, marked, marked[1:]),
        *map("".join, zip(marked, marked[1:], marked[2:], strict=False)),
        *map("%{}".format, asked),
    }


def _of_words(said: Sequence[str], vocabulary: Container[str]) -> set[Feature]:
    """Words and pairs of words; the first three (`>3 word`) and the last three (`<3 word`) count once more.

    A word that is not in the vocabulary counts as `*`: "I'll take *" may be about anything.
    """
    known = [word if word in vocabulary else "*" for word in said]
    return {
        *known,
        *pairwise(known),
        *zip(repeat(">3"), known[1 : 1 + _AT_THE_ENDS], strict=False),
        *zip(repeat("<3"), known[-1 - _AT_THE_ENDS : -1], strict=False),
    }


def weighed(tokens: Tokens, phrases: Sequence[Phrase], asked: Collection[str]) -> Reading:
    """The meaning of a reply, for each of the days, hours and places it names that may not be the shift's.

    `phrases`: those of the tables; `asked`: what is asked of us in the words of the tables, and the channel.
    """
    labels = [phrase.label for phrase in phrases]
    facts = facts_in(tokens)
    named = tuple(dict.fromkeys(fact for several in facts.values() for fact in several))
    cases: Collection[tuple[Fact, ...]] = ((), named)
    if len(named) <= _MOST_FACTS and len(tokens.words) <= LONGEST:
        cases = [
            tuple(fact for place, fact in enumerate(named) if case >> place & 1) for case in range(1 << len(named))
        ]
    declined = {fact for index in refused(tokens.words, phrases) for fact in facts.get(index, ()) if is_fixed(fact)}
    beside = _beside_words(labels, asked)
    detected: _Detected = {}
    meanings: list[Intent] = []
    bars = _bars(tokens.words, frozenset(labels), asked)
    for foreign in cases:
        odds = NET.probabilities(words_of(tokens, facts, foreign), beside, detected)
        if foreign:
            bars[Intent.ACCEPT] = max(bars[Intent.ACCEPT], _A_YES_IN_DOUBT)
        meaning = next((intent for intent, bar in bars.items() if odds[intent] >= bar), Intent.UNKNOWN)
        to_another = meaning is Intent.DECLINE and not declined.isdisjoint(foreign)
        meanings.append(Intent.UNKNOWN if to_another else meaning)
    # What is asked of us is not about a shift, whatever day the reply names.
    request = next((intent for intent in BARS if intent in meanings and intent not in _ANSWERS), None)
    if request is not None or len(set(meanings)) == 1:
        return Reading(intent=request or meanings[0])
    return Reading(intent=meanings[0], named=named, meanings=tuple(meanings))


def odds_of(tokens: Tokens, labels: Sequence[str], asked: Collection[str]) -> Mapping[Intent, float]:
    """How likely each meaning is if all that the reply names is the shift's."""
    return NET.probabilities(words_of(tokens, facts_in(tokens)), _beside_words(labels, asked), {})


def _bars(said: Sequence[str], labels: frozenset[str], asked: Collection[str]) -> dict[Intent, float]:
    """The probability from which a reply with these words and labels has each of its possible meanings."""
    bars = BARS.copy()
    if not _NO_STOPS.isdisjoint(asked):
        bars[Intent.STOP] = _A_STOP_IN_DOUBT
    if refuses_texts(said):
        bars[Intent.START] = _NEVER
    if "sorry" in labels and "commit" not in labels:
        bars[Intent.ACCEPT] = _NEVER  # "sorry, yes I can" may be the answer to anything
    elif labels & _YES and labels <= _PLAIN_YES and ("?" not in said or "logistics" in labels):
        bars[Intent.ACCEPT] = _A_PLAIN_YES
    elif labels & _DOUBTS:
        bars[Intent.ACCEPT] = _A_YES_IN_DOUBT
    if labels <= _SAYS_NOTHING:
        bars |= _UNFORESEEN
    elif labels & _NO and labels <= _PLAIN_NO and "?" not in said:
        bars[Intent.DECLINE] = _A_PLAIN_NO
    return bars


class Net(NamedTuple):
    """What words add to the units, and what the units say of a meaning.

    The steps of all units for a word or feature are one number with room for their sums, so one addition adds up all.
    """

    #: By word: the steps of the detectors for each of the places that it may have among five words.
    windows: dict[str, tuple[int, ...]]
    #: By feature: the steps of the gatherers.
    features: dict[Feature, int]
    #: For each detector and each gatherer: what it starts from, and how much one step adds.
    starts: tuple[float, ...]
    steps: tuple[float, ...]
    #: By meaning: what it starts from, and what each unit adds, against UNKNOWN.
    meanings: dict[Intent, tuple[float, ...]]

    def probabilities(
        self, said: Sequence[str], beside: Collection[Feature], detected: _Detected
    ) -> Mapping[Intent, float]:
        """How likely a reply of these words, with the features `beside` them, has each meaning but UNKNOWN.

        `detected` keeps what the detectors say of five words for the next case of the same reply.
        """
        given = _of_words(said, self.windows).union(beside)
        known = list(filter(None, map(self.features.get, given)))
        share = 1 / sqrt(len(given))  # a long reply has more features; each of them counts for less
        gathered = _GATHERERS.unpack(sum(known).to_bytes(_GATHERERS.size, "little"))
        zero = ZERO * len(known)
        sums = [*self._greatest(said, detected), *[(total - zero) * share for total in gathered]]
        units = [
            max(0.0, start + step * total) for start, step, total in zip(self.starts, self.steps, sums, strict=True)
        ]
        odds = {
            meaning: exp(min(start + sum(map(mul, units, each)), _GREATEST))
            for meaning, (start, *each) in self.meanings.items()
        }
        everything = 1 + sum(odds.values())
        return {meaning: odd / everything for meaning, odd in odds.items()}

    def _greatest(self, said: Sequence[str], detected: _Detected) -> Iterable[int]:
        """For each detector the greatest sum of steps that any five words in a row have."""
        if len(said) > LONGEST:
            said = [*said[: LONGEST // 2], *said[-LONGEST // 2 :]]
        row = ("", "", *said, "", "")
        sums = []
        for window in zip(row, row[1:], row[2:], row[3:], row[4:], strict=False):
            if (found := detected.get(window)) is None:
                steps = sum(map(getitem, map(self._steps, window), _PLACES))
                found = detected[window] = _DETECTORS.unpack(steps.to_bytes(_DETECTORS.size, "little"))
            sums.append(found)
        return map(max, *sums)

    def _steps(self, word: str) -> tuple[int, ...]:
        return self.windows.get(word) or self.windows["*" if word else ""]


def read_net(text: str) -> Net:
    """Read the file of weights, whose lines have a name and numbers, parted by tabs.

    The first lines are those of the units, in brackets. Each line behind them has one byte in Base64 for each
    gatherer, and that of a word also one for each detector and place: each step above 128 adds to the unit, each
    below takes from it.
    """
    units: dict[str, tuple[float, ...]] = {}
    windows: dict[str, tuple[int, ...]] = {}
    found: dict[Feature, int] = {}
    for line in text.splitlines():
        name, first, *more = line.split("\t")
        if name.startswith("("):
            units[name] = tuple(map(float, first.split()))
            continue
        before, space, after = name.partition(" ")
        found[(before, after) if space else name] = packed(a2b_base64(first), _GATHERERS)
        if more:
            steps = a2b_base64(more[0])
            places = (steps[at : at + DETECTORS] for at in range(0, len(steps), DETECTORS))
            windows[name] = tuple(packed(place, _DETECTORS) for place in places)
    windows[""] = (packed(bytes([ZERO]) * DETECTORS, _DETECTORS),) * WINDOW  # beyond the ends of the reply
    nothing = [WINDOW * ZERO] * DETECTORS + [0] * GATHERERS
    starts = tuple(
        start - step * zero for start, step, zero in zip(units[STARTS], units[STEPS], nothing, strict=True)
    )
    return Net(windows, found, starts, units[STEPS], {intent: units[f"({intent})"] for intent in BARS})


def packed(steps: bytes, units: Struct) -> int:
    """One number for the bytes of the units."""
    spread = bytearray(units.size)
    spread[:: units.size // len(steps)] = steps
    return int.from_bytes(spread, "little")


#: How many units there are, and how many words in a row a detector looks at.
DETECTORS, GATHERERS, WINDOW = 48, 16, 5
#: The byte that adds nothing to a unit.
ZERO = 128
#: Of a longer reply the detectors see so many words: half of them from its start, half from its end.
LONGEST = 48
_DETECTORS, _GATHERERS = Struct(f"<{DETECTORS}H"), Struct(f"<{GATHERERS}I")
_PLACES = range(WINDOW)
# The exponent of more is too great a number.
_GREATEST = 500.0
#: The names of the units' lines; those of the meanings have the intent in brackets.
STARTS, STEPS = "(start)", "(step)"
NET = read_net(Path(__file__).with_name("weights.tsv").read_text(encoding="utf-8"))
