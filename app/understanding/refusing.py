"""Decides whether a reply turns the shift down.

A refusal is taken for one unless it is conditional, somebody else's, part of a question or of a counter-offer for the
same shift, or contradicted by a yes. Which of a yes and a no outweighs the other is decided here.
"""

from collections.abc import Sequence
from itertools import pairwise

from app.domain.reading import Intent, NamedDay, Reading
from app.understanding.clauses import Phrase
from app.understanding.evidence import ACCEPTING, OWN, REFUSING, Clause, Evidence, labels_of
from app.understanding.patterns import words
from app.understanding.phrases import WORD_CLASSES

# What takes a refusal back if it stands in the same clause.
_DOUBTS = frozenset({"cond", "partial", "hedge", "unsure", "question", "idiom", "retract"})
# The conditions that do so from any clause: "I can't. Unless you find nobody else".
_CONDITIONS = words("if unless except instead swap trade otherwise rather")
# A "yes" that only opens a sentence when spoken: "yeah no", "sure wish I could".
_OPENINGS = words("yeah sure oh yea ya course")
_BETWEEN = frozenset({"pause", "so", "and", "polite", "sorry", "intro", "name"})
# How somebody begins who says what keeps them away, and who or what else it could be about.
_SPEAKER = words("i my estoy tengo mwen m we our out on off at in got have having still just already been sick")
_OTHERS = words("she he her him his they them mr mrs ms patient client resident you your yours u @name")
_HAVING = words("have got my haveto")
_HARDSHIPS = words(WORD_CLASSES["hardship"].replace("|", " "))
_PAST = words("was were did had went came left said told sent saw know knew love loved like")
# "Family emergency", "jury duty": a reason needs no subject if it is this short, in tokens.
_FRAGMENT = 3
_OVER = words("was were did when after had")
_PARTS_OF_DAY = words("morning afternoon evening night")


def refusal(evidence: Evidence) -> Reading | None:
    """Return the no of a reply with the days that it turns down, or None if it is not a clear one."""
    refusing: list[Clause] = []
    firm = doubtful = False
    for position, clause in enumerate(evidence.clauses):
        wishes = _wishes(evidence, position)
        if not wishes and not clause.labels & REFUSING:
            continue
        if clause.labels & _DOUBTS and not wishes and not clause.labels & {"no", "refuse"}:
            doubtful = True  # "it's an hour away": a reason that is none alone, and takes nothing back
            continue
        if clause.question or clause.labels & _DOUBTS:
            return None
        if "third" in clause.labels and not _own(evidence, clause):
            return None
        refusing.append(clause)
        firm |= wishes or "refuse" in clause.labels
    if not refusing:
        return None if doubtful else _reason(evidence)
    last = evidence.clauses[-1]
    firm |= "no" in last.labels and last.labels <= {"no", "polite"}  # "Are you kidding me? No."
    if any(phrase.label == "cond" and _CONDITIONS & set(evidence.said(phrase)) for phrase in evidence.phrases):
        return None
    if evidence.labels & {"third", "idiom", "retract", "hedge"} and not firm:
        return None
    return _outweighs(evidence, _refused_days(evidence, refusing))


def _own(evidence: Evidence, clause: Clause) -> bool:
    return any(phrase.label in REFUSING and evidence.word(phrase.start) in OWN for phrase in clause.phrases)


def _wishes(evidence: Evidence, position: int) -> bool:
    """Whether the clause is a wish with a "but" behind it, and nothing there that accepts or asks for terms."""
    rest = evidence.clauses[position + 1 :]
    if not rest or rest[0].joined != "but" or not any(map(evidence.wishful, evidence.clauses[position].phrases)):
        return False
    behind = labels_of(rest)
    if behind & REFUSING:
        return True
    return not behind & (ACCEPTING | _DOUBTS | {"money"}) and not any(clause.question for clause in rest)


def _refused_days(evidence: Evidence, refusing: Sequence[Clause]) -> tuple[NamedDay, ...]:
    """The days that are turned down; not those of a reason: "no. Saturday I'm at a wedding"."""
    return evidence.days(
        phrase
        for clause in refusing
        if clause.labels & {"no", "refuse"}
        for phrase in clause.phrases
        if phrase.label in {"no", "refuse", "offer"}
    )


def _outweighs(evidence: Evidence, refused: tuple[NamedDay, ...]) -> Reading | None:
    """Return the refusal if it outweighs the words of acceptance beside it."""
    decline = Reading(intent=Intent.DECLINE, refused_days=refused)
    # "Yes, I got it" answers another question.
    received = {phrase for phrase, following in pairwise(evidence.phrases) if following.label == "receipt"}
    yes = [phrase for phrase in evidence.phrases if phrase.label in ACCEPTING and phrase not in received]
    no = [phrase for phrase in evidence.phrases if phrase.label in REFUSING]
    if not yes or not no:
        return decline
    if no[0].start < yes[0].start:
        return _to_another_day(evidence, yes, refused)
    if any("wish" in evidence.said(phrase) for phrase in no):
        return decline
    if yes[-1].start > no[0].start:
        return None
    wishes = [evidence.wishful(phrase) for phrase in yes]
    if not all(wish or phrase.label == "yes" for wish, phrase in zip(wishes, yes, strict=True)):
        return None
    but, firm = "but" in evidence.labels, any(phrase.label == "refuse" for phrase in no)
    between = evidence.phrases[evidence.phrases.index(yes[0]) + 1 : evidence.phrases.index(no[0])]
    opens = (
        len(yes) == 1
        and evidence.word(yes[0].end - 1) in _OPENINGS
        and all(phrase.label in _BETWEEN or (phrase.label == "but" and firm) for phrase in between)
    )
    if any(wishes):
        return decline if but or firm else None
    return decline if opens else None


def _to_another_day(evidence: Evidence, yes: Sequence[Phrase], refused: tuple[NamedDay, ...]) -> Reading | None:
    """Read "no to Wednesday, but I could do Thursday": a refusal unless the shift is Thursday's."""
    if all(evidence.said(phrase) == ("emojiyes",) for phrase in yes):
        return Reading(intent=Intent.DECLINE, refused_days=refused)  # "No 👍"
    accepting = [clause for clause in evidence.clauses if clause.labels & ACCEPTING]
    if all("other" in clause.labels for clause in accepting):
        return Reading(intent=Intent.DECLINE, refused_days=refused)
    days = tuple(day for day in evidence.days(accepting) if day not in refused)
    if not days:
        return None
    return Reading(intent=Intent.UNKNOWN, otherwise=Intent.DECLINE, days=days, refused_days=refused)


def _reason(evidence: Evidence) -> Reading | None:
    """Read what keeps somebody away as a refusal: "I am closing on my house that day", "out on sick leave"."""
    if evidence.labels & (ACCEPTING | _DOUBTS - {"partial"} | {"tamper", "third"}):
        return None
    for clause in evidence.clauses:
        said = [word for phrase in clause.phrases if phrase.label != "polite" for word in evidence.said(phrase)]
        if not said:
            continue
        own = said[0] in _SPEAKER or said[0].endswith("ing") or len(said) <= _FRAGMENT
        if not own or clause.question or not _OTHERS.isdisjoint(said):
            continue
        troubled = not _HARDSHIPS.isdisjoint(said) and _OVER.isdisjoint(said)
        if not troubled and any(word in _PAST or word.endswith("ed") for word in said):
            continue
        if "free" in clause.labels:  # "Sorry, I'm off that day"
            if "sorry" in evidence.labels and "off" in said:
                return Reading(intent=Intent.DECLINE, refused_days=evidence.days([clause]))
            continue
        names_day = "thatday" in said or "@day" in said or ("that" in said and not _PARTS_OF_DAY.isdisjoint(said))
        busy = any(word in _HAVING or word.endswith("ing") for word in said)
        if troubled or (names_day and busy):
            return Reading(intent=Intent.DECLINE, refused_days=evidence.days([clause]))
    return None
