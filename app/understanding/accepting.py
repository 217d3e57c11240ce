"""Decides whether a reply takes the shift.

People answer in one clause and tell stories in others. So the clauses that answer are looked for first: a complete
commitment, or a "yes" that has its sentence to itself. An answer must be free of unforeseen words. What stands beside
it takes it back only if it is of a kind that does: a condition, a hedge, a refusal, a question about the offer. Other
people, days, money and the like do so in a short remark, and not in a story.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise
from operator import attrgetter

from app.domain.reading import Intent, Reading
from app.understanding.clauses import Phrase
from app.understanding.evidence import ACCEPTING, BEGINNINGS, OPEN, REFUSING, Clause, Evidence, is_short, labels_of
from app.understanding.patterns import words

# What takes a yes back wherever it stands, and what does so in its own clause or in a short remark.
_BINDING = (REFUSING - {"ail"}) | {"tamper", "cond", "hedge", "wish", "retract"}
_PASSING = frozenset({"third", "partial", "other", "money", "unsure", "idiom"})
# What is harmless before "so I'll take it" and "but I'll take it", and before "yes, I'll take it".
_CONCEDED = frozenset({"busy", "third", "partial", "money", "idiom"})
_WEIGHED = frozenset({"hedge", "third", "unsure"})
# What may begin a conclusion behind so many tokens of a story that a reason to refuse in it no longer counts.
_CONCLUDING = frozenset({"yes", "commit", "ack"})
_LONG_STORY = 20
# With how many kinds of doubt a story is a doubt all the same.
_MANY = 2
# What a bare "yes" may be the answer to: the first wherever they stand, the others right behind it.
_ANSWERED_ELSE = frozenset({"sorry", "ail", "work", "junk", "question"})
_ANSWERED_BEFORE = frozenset({"receipt", "intro"})
# What is explained, and may stand beside an answer.
_EXPLAINED = ACCEPTING | {"polite", "ack", "offer", "place", "free", "extra", "logistics", "and", "so", "pause"}
_FOLLOWS = _EXPLAINED | {"receipt", "intro", "question"}
_DETERMINERS = words("the my a an her his")
_LIMITS = words("after before until till once")
# With these a commitment goes on behind a comma.
_CONTINUING = _LIMITS | words("for with at in on by from to of as than y con por para en minus plus since")
_MOST_NAMES = 3
_COURTESIES = frozenset({"polite", "name"})
_HARMLESS_BEHIND_BUT = frozenset({"polite", "logistics", "name"})
# Who these are is not said: most likely the patient.
_PATIENTS = words("she he they her him mr mrs ms")
# A time other than that of the shift: "I'll do it next time", and not "next time text me sooner".
_LATER = re.compile(
    r"\b(?:next (?:one|time|go|round)(?! (?:(?:please|just|you|can) )*(?:text|call|ask|tell|let|give|send))"
    r"|(?:an|some) ?other (?:time|day)|in the future|of these days|la proxima)\b"
)
# A yes that somebody tells about: "he proposed and I said yes", "I said yes to everything".
_TOLD_YES = re.compile(
    r"\A(?>.*?\b(?:he|she|they)\b).*\bi (?:already )?(?:accepted|agreed|confirmed|said (?:yes|ok|sure))\b"
    r"|\bi (?:said|told \S+|answered) (?:yes|ok|sure) to (?!it\b|this\b|that\b|you\b|@)"
)
# A promise to somebody else: "I promised to take my neighbor", "I have agreed to take an old lady".
_PROMISED_ELSE = re.compile(
    r"\b(?:promised?|agreed|commitment|accepted|word|prometi) (?:\S+ ){0,3}to (?:\S+ ){1,2}(?:with )?"
    r"(?:my|our|his|her|their|some|an?)\b(?! (?:it|shift|case)\b)"
)


_SENTENCE = attrgetter("sentence")
# Each of these patterns has one of these words.
_SIGNS = words("""
    next other another someother future these proxima said told answered accepted agreed confirmed promise promised
    commitment word prometi
""")
_CONDITIONS = frozenset({"cond", "unsure", "hedge"})


def acceptance(evidence: Evidence) -> Reading | None:
    """Return the yes of a reply with the days, hours and places it names, or None if it is not a clear one."""
    if evidence.labels.isdisjoint(ACCEPTING) or speaks_of_something_else(evidence):
        return None
    clauses = evidence.clauses
    answers = answers_in(evidence)
    bare = not any(_commits(evidence, clause) for clause in answers)
    if not answers or not _harmless_but(clauses) or _asks(clauses, answers[0]):
        return None
    if labels_of(answers) & (_BINDING | _PASSING):
        return None
    if any(_takes_something_else(evidence, clause) for remark in _remarks(clauses, answers) for clause in remark):
        return None
    conclusion, harmless = _conclusion(evidence, answers)
    relevant = list(answers)
    for remark in _remarks(clauses, answers):
        conceded = remark[0].start < conclusion
        if _takes_back(evidence, remark, answers, harmless if conceded else frozenset()):
            return None
        if bare and _answered_else(evidence, remark, answers[0]):
            return None
        if not conceded and is_short(remark):
            relevant += remark
    # The days of a story do not matter, nor do those of offers of more.
    parts = [phrase for clause in relevant for phrase in clause.phrases if phrase.label != "extra"]
    return Reading(
        intent=Intent.ACCEPT,
        days=evidence.days(parts),
        hours=evidence.hours(parts),
        places=evidence.places([phrase for clause in answers for phrase in clause.phrases]),
        mentioned=evidence.mentioned(),
    )


def speaks_of_something_else(evidence: Evidence) -> bool:
    """Whether a yes is about another time or the past, or hangs on others; or a promise was made to somebody else.

    The weights and other readers are bound by it too.
    """
    if _SIGNS.isdisjoint(evidence.words) and not ("they" in evidence.labels and evidence.labels & _CONDITIONS):
        return False
    for _, sentence in groupby(evidence.clauses, _SENTENCE):
        clauses = list(sentence)
        said = " ".join(evidence.words[clauses[0].start : clauses[-1].end])
        if labels_of(clauses) & ACCEPTING and (_LATER.search(said) or _TOLD_YES.search(said)):
            return True
        if _PROMISED_ELSE.search(said) or any(map(_hangs_on_others, clauses)):
            return True
    return False


def _hangs_on_others(clause: Clause) -> bool:
    """Whether others must do something first: "if they pay me for the drive"."""
    labels = [phrase.label for phrase in clause.phrases]
    return any(before in _CONDITIONS and after == "they" for before, after in pairwise(labels))


def answers_in(evidence: Evidence) -> list[Clause]:
    """The clauses that take the shift: commitments, or without one, a "yes" that has its sentence to itself."""
    if evidence.labels.isdisjoint(ACCEPTING):
        return []
    commitments = [clause for clause in evidence.clauses if _commits(evidence, clause)]
    return commitments or [
        clause
        for _, sentence in groupby(evidence.clauses, _SENTENCE)
        for clause in _plain_yeses(list(sentence), evidence.clauses[-1])
    ]


def _takes_back(
    evidence: Evidence, remark: Sequence[Clause], answers: Sequence[Clause], harmless: frozenset[str]
) -> bool:
    """Whether a remark takes the answer back: by a doubt that is not `harmless`, or as it goes on with the answer."""
    labels = labels_of(remark) - harmless
    short = is_short(remark)
    if labels & _BINDING or len(labels & _PASSING) >= (1 if short else _MANY):
        return True
    if remark[0].start < answers[0].start:
        return False
    first = evidence.word(remark[0].start)
    if remark[0].phrases[0].label == "word" and first in _CONTINUING:
        return True  # "yes, for more money"
    if first == "the" and not labels_of(answers) & {"yes", "commit"}:
        return True  # "I'm in! the door was stuck"
    return short and any(
        "not" in {phrase.label for phrase in clause.phrases[:2]} and "commit" not in clause.labels
        for clause in remark
    )


def _answered_else(evidence: Evidence, remark: Sequence[Clause], answer: Clause) -> bool:
    """Whether the remark says what a bare "yes" may be the answer to instead of the offer."""
    if labels_of(remark) & _ANSWERED_ELSE or evidence.word(remark[0].start) in _PATIENTS:
        return True
    next_to = answer.start < remark[0].start and remark[0].sentence <= answer.sentence + 1
    return next_to and any(clause.phrases[0].label in _ANSWERED_BEFORE for clause in remark)


def _remarks(clauses: Sequence[Clause], answers: Sequence[Clause]) -> Iterable[list[Clause]]:
    """The other clauses, those of one sentence together."""
    answering = {clause.start for clause in answers}
    for (_, answers_offer), remark in groupby(clauses, lambda clause: (clause.sentence, clause.start in answering)):
        if not answers_offer:
            yield list(remark)


def _conclusion(evidence: Evidence, answers: Sequence[Clause]) -> tuple[int, frozenset[str]]:
    """Where a conclusion begins, and what it makes harmless before it: "I have class but I'll take it"."""
    harmless: frozenset[str] = frozenset()
    committed = {answer.sentence for answer in answers if "commit" in answer.labels}
    for clause in evidence.clauses:
        if clause.sentence not in committed:
            continue
        begins, first = evidence.begins_sentence(clause), clause.phrases[0].label
        if _names_time(evidence, clause):
            harmless |= _PASSING if begins else {"other"}
        if (begins or clause.joined == "so") and clause.start > _LONG_STORY and first in _CONCLUDING:
            return clause.start, harmless | _CONCEDED | {"refuse", "hedge"}
        if clause.joined in {"but", "so"} and clause.labels & {"yes", "commit"}:
            return clause.start, harmless | _CONCEDED
        if first == "yes":
            return clause.start, harmless | _WEIGHED
        if harmless:
            return clause.start, harmless
    return 0, harmless


def _names_time(evidence: Evidence, clause: Clause) -> bool:
    return "commit" in clause.labels and bool(evidence.days([clause]) or evidence.hours([clause]))


def _commits(evidence: Evidence, clause: Clause) -> bool:
    """Whether the clause is a commitment: complete, and with nothing unforeseen behind it."""
    for index, phrase in enumerate(clause.phrases):
        if phrase.label != "commit":
            continue
        if any(one.label == "not" or evidence.word(one.start) in _LIMITS for one in clause.phrases[:index]):
            continue  # "not that I'll take it", "after I eat I'll do it"
        if _may_follow(evidence, phrase, clause.phrases[index + 1 :]):
            return True
    return False


def _may_follow(evidence: Evidence, phrase: Phrase, following: Sequence[Phrase]) -> bool:
    """Whether the phrases behind the commitment `phrase`, up to the next sentence, leave it complete."""
    is_open = _is_open(evidence, phrase)
    for one in following:
        if one.label not in _FOLLOWS:
            if not is_open and evidence.word(one.start) in BEGINNINGS:
                return True
            if is_open or one.label != "name":
                return False
        is_open = False
    return True


def _takes_something_else(evidence: Evidence, clause: Clause) -> bool:
    """Whether a commitment of the clause goes on with what is no shift: "I will do the beans"."""
    return any(
        phrase.label == "commit"
        and _is_open(evidence, phrase)
        and following.label == "word"
        and evidence.word(following.start) in _DETERMINERS
        for phrase, following in pairwise(clause.phrases)
    )


def _is_open(evidence: Evidence, phrase: Phrase) -> bool:
    """Whether what comes next could belong to the phrase, as the object of its verb."""
    return evidence.word(phrase.end - 1) in OPEN


def _explained(phrases: Sequence[Phrase]) -> bool:
    names = sum(phrase.label == "name" for phrase in phrases)
    return names <= _MOST_NAMES and all(
        phrase.label in _EXPLAINED or phrase.label in {"name", "intro"} for phrase in phrases
    )


def _plain_yeses(sentence: Sequence[Clause], last: Clause) -> list[Clause]:
    """The clauses that say yes in a sentence with nothing unforeseen: a yes could be the answer to anything."""
    yeses = [clause for clause in sentence if clause.labels & ACCEPTING]
    if not yeses or _is_plain(sentence):
        return yeses
    # "My feet hurt just thinking about it but yes"
    return [clause for clause in yeses if clause is last and clause.joined == "but" and _explained(clause.phrases)]


def _is_plain(sentence: Sequence[Clause]) -> bool:
    answered = False
    for one in sentence:
        if (one.question and not _practical(one)) or not _explained(one.phrases):
            return False
        for index, phrase in enumerate(one.phrases):
            if phrase.label == "intro" and answered:
                return False  # "Yes, hello?"
            following = one.phrases[index + 1 :]
            if phrase.label == "able" and following and following[0].label in {"name", "place"}:
                return False  # "I'm in Ohio"
            answered |= phrase.label in ACCEPTING
    return True


def _asks(clauses: Sequence[Clause], answer: Clause) -> bool:
    """Whether a question is one that somebody may ask who does not come; who does may ask for the address.

    A courtesy before the answer is no question: "You again? I'll take it".
    """
    return any(
        _begins_with_question(clause)
        or (
            clause.question
            and not _practical(clause)
            and not (clause.start < answer.start and clause.labels <= _COURTESIES)
        )
        for clause in clauses
    )


def _practical(clause: Clause) -> bool:
    """Whether the clause asks what only somebody asks who comes."""
    first = next((index for index, phrase in enumerate(clause.phrases) if phrase.label == "logistics"), None)
    return first is not None and _explained(clause.phrases[:first])


def _begins_with_question(clause: Clause) -> bool:
    for index, phrase in enumerate(clause.phrases):
        if phrase.label == "question":
            return _explained(clause.phrases[:index])
    return False


def _harmless_but(clauses: Sequence[Clause]) -> bool:
    """Whether the answer stands behind each "but", or a story does: "sorry for the delay but yes"."""
    accepted = False
    for index, clause in enumerate(clauses):
        if clause.joined == "but" and accepted:
            behind = [one for one in clauses[index:] if one.sentence == clause.sentence]
            before = [one for one in clauses[:index] if one.sentence == clause.sentence]
            if labels_of(behind) <= _HARMLESS_BEHIND_BUT:
                continue
            if labels_of(before) & ACCEPTING or (not before and is_short(behind)):
                return False
        accepted = accepted or not clause.labels.isdisjoint(ACCEPTING)
    return True
