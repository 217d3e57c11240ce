"""The evidence of one reply: its phrases, gathered clause by clause, and the days and hours they name.

Owns where a clause ends and what its words are; what the evidence comes to is up to `accepting` and `refusing`.
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
#: The first words of a sentence in the first person.
OWN = words("i iwill yo mwen m")
#: The first words of another sentence.
BEGINNINGS = words("i iwill my she he they we our hope tell you is was that it need this mi yo")
#: A commitment that ends with one of these may go on: "I'll take" Motrin, "I'm in" Ohio.
OPEN = words("""
    take do work cover accept grab claim fill handle come go help attend can will in on to be for accepting taking
    confirm
""")
_FULL_STOPS = frozenset(".?\n")
# Behind these a name is that of a place, also in a story.
_BEFORE_PLACES = {("near",), ("by",), ("know",), ("mind",), ("refuse",), ("por",), ("para",), ("wants",)} | {
    *(("go", "to"), ("no", "to"), ("back", "to"), ("no", "more"), ("turn", "down"), ("cerca", "de"), ("turno", "de")),
    *(("work", "in"), ("you", "in"), ("there", "in"), ("it", "in"), ("@day", "in"), ("something", "in")),
    *(("from", "the"), ("is", "the"), ("that", "place")),
}
# Between these a number is an hour.
_BEFORE_HOURS = words("@day come coming there be so ok yes morning")
_BEHIND_HOURS = words("is it i yes ok works sharp emojiyes emojismile")
_HALF_A_DAY = 12
# The day or hour behind these is that of something else: "till Friday", "moved to Friday", "leave home by 7".
_OTHER_THINGS = words("until till since moved through leave leaving home")
# The same before these: "the 5 am text".
_MESSAGES = words("text texts message messages call calls news")
# With how many words that no phrase explains a remark is a story.
_STORY = 4
_UNEXPLAINED = frozenset({"word", "name", "place", "number", "they"})
# "I would love to" takes the shift, or opens a refusal.
_WISHES = words("would love like wish want encantaria")


class Clause(NamedTuple):
    """The phrases between two pauses or conjunctions."""

    phrases: tuple[Phrase, ...]
    labels: frozenset[str]
    #: Whether it ends with a question mark.
    question: bool
    #: What joins it to the clause before: "but", "so", "and", or "" for a pause.
    joined: str
    #: The number of its sentence.
    sentence: int = 0

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
        self._tokens = tokens
        #: All tokens of the reply.
        self.words = tokens.words
        self.phrases = phrases_of(tokens.words)
        self.clauses = _clauses_of(self.phrases, tokens.words)
        self.labels = _labels(self.phrases)

    def said(self, part: Phrase | Clause) -> tuple[str, ...]:
        """The tokens of a phrase or clause."""
        return self.words[part.start : part.end]

    def word(self, index: int) -> str:
        """The token at `index`."""
        return self.words[index]

    def begins_sentence(self, clause: Clause) -> bool:
        """Whether the clause stands behind a full stop or a line break; a "but" or "so" may stand between."""
        before = clause.start - (2 if clause.joined else 1)
        return before >= 0 and self.word(before) in {".", "\n"}

    def wishful(self, phrase: Phrase) -> bool:
        """Whether the phrase says what somebody would like, as the opening of a refusal does."""
        return phrase.label == "wish" or (phrase.label in ACCEPTING and not _WISHES.isdisjoint(self.said(phrase)))

    def days(self, parts: Iterable[Phrase | Clause]) -> tuple[NamedDay, ...]:
        """The days that these phrases or clauses name."""
        return tuple([fact for fact in self._facts(parts) if isinstance(fact, NamedDay)])

    def hours(self, parts: Iterable[Phrase | Clause]) -> tuple[NamedHours, ...]:
        """The hours that these phrases or clauses name."""
        return tuple([fact for fact in self._facts(parts) if isinstance(fact, NamedHours)])

    def places(self, parts: Iterable[Phrase]) -> tuple[NamedPlace, ...]:
        """The words of these phrases that may name a place."""
        named = (part for part in parts if part.label == "place")
        return tuple(fact for fact in self._facts(named) if isinstance(fact, NamedPlace))

    def place_indexes(self) -> frozenset[int]:
        """The indexes of the words that may name a place."""
        return frozenset(
            index
            for phrase in self.phrases
            if phrase.label == "place"
            for index in range(phrase.start, phrase.end)
            if any(isinstance(fact, NamedPlace) for fact in self._tokens.facts.get(index, ()))
        )

    def mentioned(self) -> tuple[Fact, ...]:
        """The days and hours that the reply names anywhere, and the names that may be those of a place.

        What a sentence without an answer tells of others does not count: "My sister is coming on the 4th".
        """
        if not self._tokens.facts and "number" not in self.labels:
            return ()
        answering = {clause.sentence for clause in self.clauses if clause.labels & ACCEPTING}
        facts: list[Fact] = []
        for clause in self.clauses:
            promises = self.words[clause.start] == "iwill" or self.words[clause.start : clause.start + 2] == (
                "i",
                "will",
            )
            if "they" not in clause.labels or clause.sentence in answering or promises:
                for phrase in clause.phrases:
                    if phrase.label == "number":
                        facts += self._bare_hour(phrase)
                    elif phrase.label != "extra":
                        facts += self._mentioned_in(phrase)
        return tuple(facts)

    def _mentioned_in(self, phrase: Phrase) -> list[Fact]:
        facts: list[Fact] = []
        for index in range(phrase.start, phrase.end):
            for fact in self._tokens.facts.get(index, ()):
                if not isinstance(fact, NamedPlace):
                    today = isinstance(fact, NamedDay) and fact.days_ahead is not None
                    facts += [fact] if self._counts(fact, index) and not today else []
                elif not self._tokens.cased or self.word(index) == "@name":
                    before = self.words[max(0, index - 2) : index]
                    if phrase.label == "place" or before in _BEFORE_PLACES or before[-1:] in _BEFORE_PLACES:
                        facts.append(fact)
        return facts

    def _bare_hour(self, phrase: Phrase) -> list[NamedHours]:
        """The hour that a number alone may name: "Wednesday, 8", "10 is perfect", "I come 10"."""
        if not 0 < int(self.word(phrase.start)) <= _HALF_A_DAY:
            return []
        before = self.word(phrase.start - 1) if phrase.start else "."
        after = self.word(phrase.end) if phrase.end < len(self.words) else "."
        if before not in _BEFORE_HOURS | PAUSES or after not in _BEHIND_HOURS | PAUSES:
            return []
        return [NamedHours(start=NamedTime(minutes=60 * int(self.word(phrase.start))))]

    def _facts(self, parts: Iterable[Phrase | Clause]) -> list[Fact]:
        facts = self._tokens.facts
        if not facts:
            return []
        places = [index for part in parts for index in range(part.start, part.end) if index in facts]
        return [fact for index in places for fact in facts[index] if self._counts(fact, index)]

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


def labels_of(clauses: Iterable[Clause]) -> frozenset[str]:
    """The labels of all phrases of these clauses."""
    return frozenset().union(*[clause.labels for clause in clauses])


def is_short(clauses: Iterable[Clause]) -> bool:
    """Whether there are too few words that no phrase explains for a story."""
    return sum(phrase.label in _UNEXPLAINED for clause in clauses for phrase in clause.phrases) < _STORY


def _clauses_of(phrases: Sequence[Phrase], tokens: Sequence[str]) -> tuple[Clause, ...]:
    clauses: list[Clause] = []
    current: list[Phrase] = []
    joined = ""
    sentence = 0
    for phrase in (*phrases, Phrase("pause", -1, -1)):
        label, start, _ = phrase
        joint = label in JOINTS
        if not joint and not (current and tokens[start] in BEGINNINGS and _is_complete(current, tokens)):
            current.append(phrase)
            continue
        if current:
            question = start >= 0 and tokens[start] == "?"
            clauses.append(Clause(tuple(current), _labels(current), question, joined, sentence))
            current, joined = [], ""
        if not joint:
            current = [phrase]
        elif label != "pause":
            joined = label
        elif start >= 0 and tokens[start] in _FULL_STOPS:
            sentence += 1
    return tuple(clauses)


def _labels(phrases: Iterable[Phrase]) -> frozenset[str]:
    return frozenset([phrase.label for phrase in phrases])


def _is_complete(phrases: Sequence[Phrase], tokens: Sequence[str]) -> bool:
    """Whether the next sentence may begin without a mark: "I'll take it my son is at camp"."""
    return (
        phrases[-1].label in {"commit", "polite", "offer", "place"}
        and any(one.label == "commit" for one in phrases)
        and tokens[phrases[-1].end - 1] not in OPEN
    )
