"""Decides whether a reply takes the shift.

A doubt about the offer binds the whole reply: a condition, a hedge, a refusal, somebody else's words, another day,
a question that is not one of the practical ones of somebody who comes. Anything else binds only its own clause.
Unknown words do no harm beside a complete commitment; inside it, or beside a bare "yes", they do.
"""

from collections.abc import Sequence

from app.domain.reading import Intent, Reading
from app.understanding.clauses import Phrase
from app.understanding.evidence import ACCEPTING, OWN, REFUSING, Clause, Evidence, labels_of
from app.understanding.patterns import words

# What makes a yes doubtful, wherever in the reply it stands.
_DOUBTS = frozenset({"tamper", "third", "idiom", "cond", "partial", "other", "money", "hedge"})
# What is explained, and may stand beside a bare "yes".
_EXPLAINED = frozenset({*ACCEPTING, "polite", "ack", "offer", "free", "extra", "logistics", "and", "so", "pause"})
# What may follow a commitment in its own clause, as may the beginning of another sentence.
_FOLLOWS = _EXPLAINED | {"receipt", "intro", "question"}
_BEGINNINGS = words("i iwill my she he they we our hope tell you")
# A commitment that ends with one of these may go on: "I'll take" Motrin, "I'm in" Ohio.
_OPEN = words(
    """
    take do work cover accept grab claim fill handle come go help attend can will in on to be for accepting taking
    confirm
    """
)
_DETERMINERS = words("the my a an her his")
_LIMITS = words("after before until till once")
# With these a commitment goes on behind a comma.
_CONTINUING = _LIMITS | words("for with at in on by from to of as than y con por para en minus plus since")
_MOST_NAMES = 3
# What binds a conclusion even if it stands in the story before, and what does if the story is short.
_BINDING = frozenset({"tamper", "cond", "question", "other", "wish", "idiom"})
_BINDING_IF_SHORT = _BINDING | ACCEPTING | {"refuse", "no", "hedge"}
_LONG_STORY = 20
_CONCLUDING = frozenset({"yes", "commit", "ack"})
_COURTESIES = frozenset({"polite", "name"})


def acceptance(evidence: Evidence) -> Reading | None:
    """Return the yes of a reply with the days and hours it names, or None if it is not a clear one."""
    clauses = _conclusion(evidence)
    labels = labels_of(clauses)
    if labels & _DOUBTS or (labels & (REFUSING | {"wish"}) and not _in_spite(evidence, clauses)):
        return None
    committed = next((index for index, clause in enumerate(clauses) if _commits(evidence, clause)), None)
    if _asks(clauses, committed) or not _harmless_but(clauses):
        return None
    if committed is None and not _plain_yes(evidence, clauses):
        return None
    if committed is not None and any(_takes_back(evidence, clause) for clause in clauses[committed + 1 :]):
        return None
    # Days of the story before do not matter to an answer that names its own; nor do those of offers of more.
    answered = next((clause.start for clause in clauses if _names_time(evidence, clause)), 0)
    parts = [
        phrase for phrase in evidence.phrases if phrase.start >= answered and phrase.label not in {"extra", "pause"}
    ]
    return Reading(intent=Intent.ACCEPT, days=evidence.days(parts), hours=evidence.hours(parts))


def _names_time(evidence: Evidence, clause: Clause) -> bool:
    return bool(clause.labels & ACCEPTING) and bool(evidence.days([clause]) or evidence.hours([clause]))


def _conclusion(evidence: Evidence) -> tuple[Clause, ...]:
    """Return the clauses less the story before a conclusion: "I talked to my husband. So yes, I will take it"."""
    clauses = evidence.clauses
    for index, clause in enumerate(clauses[1:], 1):
        joined = clause.joined in {"so", "but"}
        if not (joined or evidence.begins_sentence(clause)) or clause.phrases[0].label not in _CONCLUDING:
            continue
        long = clause.joined != "but" and clause.start > _LONG_STORY
        binding = _BINDING if long else _BINDING_IF_SHORT if joined else _BINDING_IF_SHORT | REFUSING
        told = labels_of(clauses[:index])
        if not joined and clause.phrases[0].label != "commit":
            binding -= {"hedge"}  # "Let me think. Yes, I'll take it"
        if _names_time(evidence, clause):
            told -= {"other"}  # another day of the story does not matter to an answer that names its own
        if told & binding:
            continue
        if clause.joined == "but" or any(_commits(evidence, one) for one in clauses[index:]):
            return clauses[index:]
    return clauses


def _in_spite(evidence: Evidence, clauses: Sequence[Clause]) -> bool:
    """Whether the reply commits in spite of a reason that stands before: "I have class but I'll take it"."""
    last = clauses[-1]
    return (
        last.joined == "but"
        and _commits(evidence, last)
        and not labels_of(clauses[:-1]) & {"no", "refuse", "wish"}
        and not last.labels & REFUSING
    )


def _commits(evidence: Evidence, clause: Clause) -> bool:
    """Whether the clause is a commitment: complete, and with nothing unforeseen behind it."""
    if clause.question and "logistics" not in clause.labels:
        return False
    for index, phrase in enumerate(clause.phrases):
        if phrase.label != "commit":
            continue
        before = clause.phrases[:index]
        own = evidence.word(phrase.start) in OWN and "said" not in evidence.said(phrase)
        if not (own or _explained(before)):
            continue
        if any(one.label == "not" or evidence.word(one.start) in _LIMITS for one in before):
            continue  # "not that I'll take it", "after I eat I'll do it"
        if _may_follow(evidence, phrase, clause.phrases[index + 1 :]):
            return True
    return False


def _may_follow(evidence: Evidence, phrase: Phrase, following: Sequence[Phrase]) -> bool:
    """Whether the phrases behind the commitment `phrase`, up to the next sentence, leave it complete."""
    is_open = _is_open(evidence, phrase)
    for one in following:
        if is_open and evidence.word(one.start) in _DETERMINERS:
            return False  # "I confirm the address is ..."
        if one.label not in _FOLLOWS:
            if not is_open and evidence.word(one.start) in _BEGINNINGS:
                return True
            if is_open or one.label != "name":
                return False
        is_open = False
    return True


def _is_open(evidence: Evidence, phrase: Phrase) -> bool:
    """Whether what comes next could belong to the phrase, as the object of its verb."""
    return evidence.word(phrase.end - 1) in _OPEN


def _explained(phrases: Sequence[Phrase]) -> bool:
    names = sum(phrase.label == "name" for phrase in phrases)
    return names <= _MOST_NAMES and all(
        phrase.label in _EXPLAINED or phrase.label in {"name", "intro"} for phrase in phrases
    )


def _plain_yes(evidence: Evidence, clauses: Sequence[Clause]) -> bool:
    """Whether a yes that names nothing stands beside nothing unforeseen: it could be the answer to anything."""
    answered = False
    for clause in clauses:
        if (clause.question and "logistics" not in clause.labels) or not _explained(clause.phrases):
            return False
        for index, phrase in enumerate(clause.phrases):
            if phrase.label == "intro" and answered:
                return False  # "Yes, hello?"
            following = clause.phrases[index + 1 :]
            if phrase.label == "able" and following and following[0].label == "name":
                return False  # "I'm in Ohio"
            if phrase.label == "commit" and not _may_follow(evidence, phrase, following):
                return False  # "I'll take Motrin"
            answered |= phrase.label in ACCEPTING
    return answered


def _asks(clauses: Sequence[Clause], committed: int | None) -> bool:
    """Whether a question is one that somebody may ask who does not come; who does may ask for the address.

    A courtesy before the commitment at index `committed` is no question: "You again? I'll take it".
    """
    return any(
        "question" in clause.labels
        or (
            clause.question
            and "logistics" not in clause.labels
            and not (committed is not None and index < committed and clause.labels <= _COURTESIES)
        )
        for index, clause in enumerate(clauses)
    )


def _takes_back(evidence: Evidence, clause: Clause) -> bool:
    """Whether a clause behind the commitment denies it or goes on with it: "can't after all", "for more money"."""
    first = clause.phrases[0]
    if first.label == "not" or (len(clause.phrases) > 1 and clause.phrases[1].label == "not"):
        return "commit" not in clause.labels
    return first.label == "word" and evidence.word(first.start) in _CONTINUING


def _harmless_but(clauses: Sequence[Clause]) -> bool:
    """Whether the answer stands behind each "but": "sorry for the delay but yes"."""
    last = max((index for index, clause in enumerate(clauses) if clause.joined == "but"), default=0)
    return not labels_of(clauses[:last]) & ACCEPTING
