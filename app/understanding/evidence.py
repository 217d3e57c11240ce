"""The evidence of one reply: its phrases, gathered clause by clause, and the days, hours and places they name.

Owns where a clause ends and what its words are; what the evidence comes to is up to `weighing`.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from app.domain.reading import NamedDay, NamedHours, NamedPlace, NamedTime
from app.understanding.clauses import JOINTS, Phrase, phrases_of
from app.understanding.patterns import PAUSES, words
from app.understanding.shift_facts import Fact
from app.understanding.tokens import Tokens

#: The labels of a yes and of a no.
ACCEPTING = frozenset({"commit", "able", "yes"})
REFUSING = frozenset({"no", "refuse", "busy", "ail"})
#: What may stand beside a yes without touching it.
EXPLAINED = ACCEPTING | {"polite", "ack", "offer", "place", "free", "extra", "logistics", "and", "so", "name"}
# A clause with one of these tells something, or turns the shift down.
_TOLD = frozenset({"word", "name", "they"}) | REFUSING
# The first words of another sentence.
_BEGINNINGS = words("i iwill my she he they we our hope tell you is was that it need this mi yo")
# A commitment that ends with one of these may go on: "I'll take" Motrin, "I'm in" Ohio.
_OPEN = words("""
    take do work cover accept grab claim fill handle come go help attend can will in on to be for accepting taking
    confirm
""")
_FIRM = frozenset({"no", "refuse"})
# "Gone until Monday", "the week of the 4th": the day is not the one that is turned down.
_BOUNDS = words("until till til before after since desde hasta of")
_FULL_STOPS = frozenset(".?\n")
# Between these a number is an hour.
_BEFORE_HOURS = words("@day come coming there be so ok yes morning")
_BEHIND_HOURS = words("is it i yes ok works sharp emojiyes emojismile")
_HALF_A_DAY = 12
# The day or hour behind these is that of something else: "till Friday", "moved to Friday", "leave home by 7".
_OTHER_THINGS = words("until till since moved through leave leaving home")
# The same before these: "the 5 am text".
_MESSAGES = words("text texts message messages call calls news")


class Clause(NamedTuple):
    """The phrases between two pauses or conjunctions."""

    phrases: tuple[Phrase, ...]
    labels: frozenset[str]
    #: Whether it ends with a question mark.
    question: bool
    #: The number of its sentence.
    sentence: int

    @property
    def start(self) -> int:
        """The index of its first token."""
        return self.phrases[0].start

    @property
    def end(self) -> int:
        """The index of the first token behind it."""
        return self.phrases[-1].end


class Evidence:
    """What the words of a reply say for and against the shift."""

    def __init__(self, tokens: Tokens) -> None:
        #: All tokens of the reply.
        self.words = tokens.words
        self.phrases = phrases_of(tokens.words)
        self.clauses = _clauses_of(self.phrases, tokens.words)
        self.labels = _labels(self.phrases)
        #: The days, hours and places that the reply names, by the index of their token.
        self.facts = self._facts_of(tokens) if tokens.facts or "number" in self.labels else {}
        #: The same, each once.
        self.named = tuple(dict.fromkeys(fact for facts in self.facts.values() for fact in facts))

    def said(self, part: Phrase | Clause) -> tuple[str, ...]:
        """The tokens of a phrase or clause."""
        return self.words[part.start : part.end]

    def answering(self, clause: Clause) -> bool:
        """Whether the clause takes the shift: by a commitment, or by a yes with nothing unforeseen beside it."""
        return "commit" in clause.labels or (not clause.labels.isdisjoint(ACCEPTING) and clause.labels <= EXPLAINED)

    def facts_of_a_yes(self) -> frozenset[Fact]:
        """The days, hours and places that must be the shift's if the reply is a yes.

        They stand in a clause that is no story and no refusal, and not in an offer of more.
        """
        more = "extra" if self.labels & ACCEPTING else ""
        return frozenset(
            fact
            for index, facts in self.facts.items()
            for clause in self.clauses
            if clause.start <= index < clause.end
            and (clause.labels & ACCEPTING or clause.labels.isdisjoint(_TOLD))
            and any(one.start <= index < one.end and one.label != more for one in clause.phrases)
            for fact in facts
            if self._counts(fact, index)
        )

    def facts_of_a_no(self) -> frozenset[Fact]:
        """What must be the shift's if the reply is a no: that of "no to Friday", not of "no. Friday I'm away"."""
        return frozenset(
            fact
            for clause in self.clauses
            if clause.labels & _FIRM and _BOUNDS.isdisjoint(self.said(clause))
            for phrase in clause.phrases
            if phrase.label in _FIRM | {"offer"}
            for index in range(phrase.start, phrase.end)
            for fact in self.facts.get(index, ())
            if not is_relative(fact)
        )

    def facts_mentioned(self) -> tuple[frozenset[Fact], ...]:
        """The days and the hours that the reply names anywhere: of either kind one must be the shift's.

        What a sentence without an answer tells of others does not count: "My sister is coming on the 4th".
        """
        answering = {clause.sentence for clause in self.clauses if clause.labels & ACCEPTING}
        told = [c for c in self.clauses if "they" in c.labels and c.sentence not in answering]
        named = [
            fact
            for index, facts in self.facts.items()
            if not any(clause.start <= index < clause.end for clause in told)
            for fact in facts
            if self._counts(fact, index) and not is_relative(fact)
        ]
        return tuple(frozenset(fact for fact in named if isinstance(fact, kind)) for kind in (NamedDay, NamedHours))

    def _facts_of(self, tokens: Tokens) -> dict[int, tuple[Fact, ...]]:
        found: dict[int, tuple[Fact, ...]] = {}
        for phrase in self.phrases:
            if phrase.label == "number" and (hour := self._bare_hour(phrase)) is not None:
                found[phrase.start] = (hour,)
            for index in range(phrase.start, phrase.end):
                if named := tokens.facts.get(index):
                    is_place = phrase.label == "place"
                    kept = tuple(fact for fact in named if is_place or not isinstance(fact, NamedPlace))
                    found |= {index: kept} if kept else {}
        return found

    def _bare_hour(self, phrase: Phrase) -> NamedHours | None:
        """The hour that a number alone may name: "Wednesday, 8", "10 is perfect", "I come 10"."""
        if not 0 < int(self.words[phrase.start]) <= _HALF_A_DAY:
            return None
        before = self.words[phrase.start - 1] if phrase.start else "."
        after = self.words[phrase.end] if phrase.end < len(self.words) else "."
        if before not in _BEFORE_HOURS | PAUSES or after not in _BEHIND_HOURS | PAUSES:
            return None
        return NamedHours(start=NamedTime(minutes=60 * int(self.words[phrase.start])))

    def _counts(self, fact: Fact, index: int) -> bool:
        """Whether a day or hour may be meant as that of the shift, and not as that of something else."""
        before = self.words[max(0, index - 2) : index]
        if before[-1:] and before[-1] in PAUSES:
            before = ()
        of_a_week = before[-1:] == ("of",) or before == ("of", "the")
        return isinstance(fact, NamedPlace) or (
            _OTHER_THINGS.isdisjoint(before)
            and _MESSAGES.isdisjoint(self.words[index + 1 : index + 2])
            and not (of_a_week and "week" in self.words[max(0, index - 3) : index])
        )


def is_relative(fact: Fact) -> bool:
    """Whether it is a day that depends on when it is said. In a story it says nothing: "just got up today"."""
    return isinstance(fact, NamedDay) and fact.days_ahead is not None


def _clauses_of(phrases: Sequence[Phrase], tokens: Sequence[str]) -> tuple[Clause, ...]:
    clauses: list[Clause] = []
    current: list[Phrase] = []
    sentence = 0
    for phrase in (*phrases, Phrase("pause", -1, -1)):
        label, start, _ = phrase
        joint = label in JOINTS
        if not joint and not (current and tokens[start] in _BEGINNINGS and _is_complete(current, tokens)):
            current.append(phrase)
            continue
        if current:
            question = start >= 0 and tokens[start] == "?"
            clauses.append(Clause(tuple(current), _labels(current), question, sentence))
            current = []
        if not joint:
            current = [phrase]
        elif label == "pause" and start >= 0 and tokens[start] in _FULL_STOPS:
            sentence += 1
    return tuple(clauses)


def _labels(phrases: Iterable[Phrase]) -> frozenset[str]:
    return frozenset([phrase.label for phrase in phrases])


def _is_complete(phrases: Sequence[Phrase], tokens: Sequence[str]) -> bool:
    """Whether the next sentence may begin without a mark: "I'll take it my son is at camp"."""
    return (
        phrases[-1].label in {"commit", "polite", "offer", "place"}
        and any(one.label == "commit" for one in phrases)
        and tokens[phrases[-1].end - 1] not in _OPEN
    )
