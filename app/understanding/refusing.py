"""Decides whether a reply turns the shift down.

The reply is read in parts: one sentence of one speaker each. A no is clear by its own part. The other parts take it
back only by accepting the shift, by a condition or as a joke; a reason that stands for a no also by any other doubt.
Which of a yes and a no outweighs the other is decided here.
"""

from collections.abc import Iterator, Sequence

from app.domain.reading import Intent, NamedDay, Reading
from app.understanding.clauses import Phrase
from app.understanding.evidence import ACCEPTING, OWN, REFUSING, Clause, Evidence, labels_of
from app.understanding.patterns import words
from app.understanding.phrases import WORD_CLASSES
from app.understanding.spelling import PARTS_OF_DAY

_FIRM = frozenset({"no", "refuse"})
# Behind one of these a phrase in the first person begins another sentence, even without a pause.
_COMPLETE = REFUSING | {"commit", "able", "free"}
# What makes a reason unclear in its own part, and a bare "no" or a reason from any other.
_DOUBTS = frozenset({"cond", "hedge", "unsure", "question", "idiom", "retract", "third", "not"})
_BEHIND_NO = _DOUBTS | {"other", *ACCEPTING}
_DOUBTS_OF_NO = frozenset({"hedge", "idiom", "retract", "third"})
_DOUBTS_OF_REASON = _DOUBTS_OF_NO | {"question", "unsure"}
# The conditions that take a no back: "I can't. Unless you find nobody else".
_CONDITIONS = words("unless except swap trade otherwise rather")
_IN_NEED = words("nobody noone no cannot not desperate stuck really short")
# An "if" that asks for something else, or that is not so: "if you have anything Thursday", "if you had asked before".
_FOR_MORE = words("something anything other another more else next somebody someone anyone would had was were asked")
# What another person does who takes the shift instead.
_STEPPING_IN = words("take cover do come yes work can will not cannot")
_JESTS = words("kidding joking jk psych sike scratch nevermind")
# A "yes" that only opens a sentence when spoken: "yeah no", "sure wish I could".
_OPENINGS = words("yeah sure oh yea ya course")
_BETWEEN = frozenset({"pause", "so", "and", "polite", "sorry", "intro", "name"})
# Beside these a "yes" is an answer to the offer; beside anything else it may answer another question.
_BESIDE_YES = ACCEPTING | REFUSING | _BETWEEN | words("ack offer free extra cond hedge unsure money other wish")
_RECEIVED = words("saw got received get see read heard know")
# How somebody begins who says what keeps them away, and who or what else it could be about.
_SPEAKER = words("i my we our estoy tengo mwen m out on off at in got have having still just already been sick")
_OTHERS = words("she he her him his they them mr mrs ms patient client resident you your yours u @name")
_HAVING = words("have got my haveto")
_HARDSHIPS = words(WORD_CLASSES["hardship"].replace("|", " "))
# Without one of these labels or words there is no no.
_OPENING = REFUSING | {"but"}
_REASONS = _HARDSHIPS | {"that", "thatday", "@day", "off"}
# "Family emergency", "jury duty": a reason needs no subject if it is this short, in tokens.
_FRAGMENT = 3
_OVER = words("was were did when after had")
# "Gone until Monday", "the week of the 4th": the day is not the one that is turned down.
_BOUNDS = words("until till til before after since desde hasta of")
_COURTESY = frozenset({"polite", "name", "intro", "sorry"})


def refusal(evidence: Evidence) -> Reading | None:
    """Return the no of a reply with the days that it turns down, or None if it is not a clear one."""
    if evidence.labels.isdisjoint(_OPENING) and _REASONS.isdisjoint(evidence.words):
        return None
    parts = list(_parts_of(evidence))
    wishes = {index for index in range(len(parts) - 1) if _wishes(evidence, parts, index)}
    noes = [index for index, part in enumerate(parts) if index in wishes or part.labels & REFUSING]
    clear = [index for index in noes if index in wishes or not _unclear(evidence, parts[index])]
    if not clear:
        clear = [index for index in range(len(parts)) if not noes and _is_reason(evidence, parts[index])]
    if not clear:
        return None
    said = labels_of(parts[index] for index in clear)
    if "refuse" in said or wishes or _ends_in_no(parts):
        doubts: frozenset[str] = frozenset()
    else:
        doubts = _DOUBTS_OF_NO if "no" in said else _DOUBTS_OF_REASON
    if any(_takes_back(evidence, part, doubts) for index, part in enumerate(parts) if index not in clear):
        return None
    return _outweighs(evidence, parts, [parts[index] for index in clear], sure=bool(said & _FIRM or wishes))


def _parts_of(evidence: Evidence) -> Iterator[Clause]:
    """The clauses, cut where another sentence begins without a pause: "I can't Wednesday | I can do Friday"."""
    for clause in evidence.clauses:
        if clause.labels.isdisjoint(_COMPLETE):
            yield clause
            continue
        phrases: list[Phrase] = []
        joined = clause.joined
        for phrase in clause.phrases:
            if evidence.word(phrase.start) in OWN and any(one.label in _COMPLETE for one in phrases):
                yield _part(clause, phrases, joined, question=False)
                phrases, joined = [], ""
            phrases.append(phrase)
        whole = len(phrases) == len(clause.phrases)
        yield clause if whole else _part(clause, phrases, joined, question=clause.question)


def _part(clause: Clause, phrases: Sequence[Phrase], joined: str, *, question: bool) -> Clause:
    labels = frozenset(phrase.label for phrase in phrases)
    return clause._replace(phrases=tuple(phrases), labels=labels, question=question, joined=joined)


def _unclear(evidence: Evidence, part: Clause) -> bool:
    """Whether the no of the part is a question, conditional, hedged, somebody else's or about some of the hours."""
    if part.question or _asks_for_terms(evidence, part):
        return True
    noes = [phrase for phrase in part.phrases if phrase.label in REFUSING]
    own = any(evidence.word(phrase.start) in OWN for phrase in noes)
    if "refuse" not in part.labels:
        doubted = part.labels & {"hedge", "unsure", "idiom", "retract"} and "wish" not in evidence.said(part)
        return bool(doubted) or "question" in part.labels or ("third" in part.labels and not own)
    before = {phrase.label for phrase in part.phrases if phrase.start < noes[0].start}
    if before & {"hedge", "question"} or ("third" in before and not own):
        return True
    return "partial" in part.labels and not _until_a_day(evidence, part)


def _until_a_day(evidence: Evidence, part: Clause) -> bool:
    said = evidence.said(part)
    return not {"until", "till", "til"}.isdisjoint(said) and ("@day" in said or "other" in part.labels)


def _asks_for_terms(evidence: Evidence, part: Clause) -> bool:
    """Whether the part sets a condition for this shift, and does not speak of another or of what is not so."""
    for_more = "other" in part.labels or not (_FOR_MORE | {"@day"}).isdisjoint(evidence.said(part))
    return "cond" in part.labels and (_in_need(evidence, part) or not for_more)


def _in_need(evidence: Evidence, part: Clause) -> bool:
    said = set(evidence.said(part))
    return "cond" in part.labels and bool(said & _CONDITIONS or ("if" in said and said & _IN_NEED))


def _ends_in_no(parts: Sequence[Clause]) -> bool:
    """Whether a part is a bare "no" that nothing behind it doubts: "For that rate? No. I'm worth more"."""
    for index, part in enumerate(parts):
        if "no" in part.labels and part.labels <= {"no", *_COURTESY} and not part.question:
            behind = parts[index + 1 :]
            if not any(one.question or one.labels & _BEHIND_NO for one in behind):
                return index > 0 or not behind
    return False


def _takes_back(evidence: Evidence, part: Clause, doubts: frozenset[str]) -> bool:
    """Whether a part beside a no is a joke, an offer to help out, or one of the `doubts` if there are any."""
    said = set(evidence.said(part))
    if (said & _JESTS and "you" not in said) or _in_need(evidence, part):
        return True
    if not doubts:
        return False
    asks = part.question and not part.labels <= _COURTESY
    if evidence.days([part]) or "other" in part.labels:
        # "I work that day. Maybe Thursday"
        doubts -= {"unsure"} if "other" in part.labels else {"hedge", "unsure"}
    if "no" not in part.labels and said.isdisjoint(_STEPPING_IN):
        doubts -= {"third"}  # "I'm promised to Mrs Diaz, she would have a fit"
    return asks or bool(part.labels & doubts) or _asks_for_terms(evidence, part)


def _wishes(evidence: Evidence, parts: Sequence[Clause], position: int) -> bool:
    """Whether the part is a wish with a "but" behind it, and nothing there that accepts or asks for terms."""
    if parts[position + 1].joined != "but" or not any(map(evidence.wishful, parts[position].phrases)):
        return False
    rest = parts[position + 1 :]
    behind = labels_of(rest)
    doubts = {"cond", "partial", "hedge", "unsure", "question", "idiom", "money"}
    return not behind & (ACCEPTING | doubts) and not any(part.question for part in rest)


def _refused_days(evidence: Evidence, noes: Sequence[Clause]) -> tuple[NamedDay, ...]:
    """The days that are turned down; not those of a reason: "no. Saturday I'm at a wedding".

    "I can't tonight" turns the shift down, whenever it is.
    """
    named = evidence.days(
        phrase
        for part in noes
        if part.labels & _FIRM or not part.labels & REFUSING
        for phrase in part.phrases
        if phrase.label in {"no", "refuse", "offer"} and _BOUNDS.isdisjoint(evidence.said(part))
    )
    return tuple(day for day in named if day.days_ahead is None)


def _answers(evidence: Evidence, part: Clause, phrase: Phrase) -> bool:
    """Whether an accepting phrase is an answer to the offer, and not to "did you get it?" or one that is told."""
    if phrase.label == "yes" and (part.labels & {"sorry"} or not _RECEIVED.isdisjoint(evidence.said(part))):
        return False
    explained = _BESIDE_YES - {"name"} if phrase.label == "able" else _BESIDE_YES
    return phrase.label == "commit" or all(
        one.label in explained or evidence.word(one.start) in OWN for one in part.phrases
    )


def _outweighs(evidence: Evidence, parts: Sequence[Clause], noes: Sequence[Clause], *, sure: bool) -> Reading | None:
    """Return the refusal if it outweighs the words of acceptance beside it: to a mere reason any of them matters."""
    refused = _refused_days(evidence, noes)
    decline = Reading(intent=Intent.DECLINE, refused_days=refused)
    accepting = [
        (part, phrase)
        for part in parts
        for phrase in part.phrases
        if phrase.label in ACCEPTING and (not sure or _answers(evidence, part, phrase))
    ]
    no = [phrase for phrase in evidence.phrases if phrase.label in REFUSING]
    if not accepting or (sure and not no):
        return decline
    if not no:
        return None
    yes = [phrase for _, phrase in accepting]
    if all(evidence.said(phrase) == ("emojiyes",) for phrase in yes) and no[0].start < yes[0].start:
        return decline  # "No 👍"
    if all("other" in part.labels for part, _ in accepting):
        return decline
    answering = dict.fromkeys(part for part, _ in accepting)  # in their order, each once
    days = tuple(day for day in evidence.days(answering) if day not in refused)
    if days and all(evidence.days([part]) and not part.labels & REFUSING for part, _ in accepting):
        # "No to Wednesday, but I could do Thursday": a refusal unless the shift is Thursday's.
        return Reading(intent=Intent.UNKNOWN, otherwise=Intent.DECLINE, days=days, refused_days=refused)
    if any("wish" in evidence.said(phrase) for phrase in no):
        return decline
    if no[0].start < yes[0].start or yes[-1].start > no[0].start:
        return None
    return decline if _only_opens(evidence, yes, no) else None


def _only_opens(evidence: Evidence, yes: Sequence[Phrase], no: Sequence[Phrase]) -> bool:
    """Whether the words of acceptance before a no are only how it begins: "yeah no", "would love to but I work"."""
    firm = any(phrase.label == "refuse" for phrase in no)
    if any(map(evidence.wishful, yes)):
        return firm or "but" in evidence.labels
    between = evidence.phrases[evidence.phrases.index(yes[0]) + 1 : evidence.phrases.index(no[0])]
    if not between and firm and no[0].label == "busy":
        return True  # "Wednesday yes I am busy, cannot"
    return (
        len(yes) == 1
        and evidence.word(yes[0].end - 1) in _OPENINGS
        and all(phrase.label in _BETWEEN or (phrase.label == "but" and firm) for phrase in between)
    )


def _is_reason(evidence: Evidence, part: Clause) -> bool:
    """Whether a part says what keeps somebody away: "I am closing on my house that day", "out on sick leave"."""
    said = [word for phrase in part.phrases if phrase.label != "polite" for word in evidence.said(phrase)]
    if not said or part.question or part.labels & _DOUBTS:
        return False
    own = said[0] in _SPEAKER or said[0].endswith("ing") or len(said) <= _FRAGMENT
    if not own or not _OTHERS.isdisjoint(said):
        return False
    troubled = not _HARDSHIPS.isdisjoint(said) and _OVER.isdisjoint(said)
    if "free" in part.labels:  # "Sorry, I'm off that day"
        return "sorry" in evidence.labels and "off" in said
    names_day = "thatday" in said or "@day" in said or ("that" in said and not PARTS_OF_DAY.isdisjoint(said))
    return troubled or (names_day and any(word in _HAVING or word.endswith("ing") for word in said))
