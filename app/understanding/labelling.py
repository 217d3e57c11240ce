"""Splits a reply into known phrases, each with a label, and corrects labels by the words before and after.

Owns which words belong together and who is their subject; `app.understanding.rules` decides what the labels mean.
Imports only `app.understanding`.
"""

from app.understanding.notation import CLASSES, words
from app.understanding.phrase_trie import PAUSES, PhraseTrie
from app.understanding.phrases.acceptances import ACCEPTANCES
from app.understanding.phrases.doubts import DOUBTS
from app.understanding.phrases.harmless import HARMLESS
from app.understanding.phrases.refusals import ELSEWHERE, REFUSALS
from app.understanding.tokens import Reply, rewritten

# The open ending of a phrase ("sorry i missed ...") stops before words that may be the answer, or take it back.
_TAIL_ENDS = words(
    """
    i yes yeah yep yup no nope cannot if unless but only until except instead depends half part whole entire full
    maybe might can when and so because though however unfortunately pero porque si
    """
)
# In small talk it also stops before words that would make an acceptance one of another day or for other money.
_FACTS = words("@otherday @othertime @money @clock tomorrow next instead")
_FACT_ENDS = {"polite": _FACTS, "free": _FACTS, "logistics": _FACTS}


def _as_read(phrase: list[str]) -> list[str]:
    """A phrase of the tables in the words of a `Reply`; empty if several words come out as one everyday word."""
    reading = rewritten(phrase)
    return [] if len(phrase) > 1 and len(reading) == 1 and reading[0] in _EVERYDAY else reading


_EVERYDAY = words("it yeah will haveto take took taking gonna thatday but yes no can")
_ANSWERS = PhraseTrie(DOUBTS | ACCEPTANCES | REFUSALS | HARMLESS, CLASSES, _TAIL_ENDS, _FACT_ENDS, _as_read)
_ELSEWHERE = PhraseTrie(ELSEWHERE, CLASSES, canonical=_as_read)


# A "no" before one of these words is an answer; before any other unknown word it counts things ("no gloves left").
ANSWER_FOLLOWS = words("i my we it that because sorry too got this im to for at")

Labelled = tuple[str, str]  # the label of a phrase and its words


class LabelledReply:
    """A reply as a list of labelled phrases, split into clauses at pauses and conjunctions.

    `questions` says of each clause whether it ends with a question mark.
    """

    __slots__ = ("clauses", "labels", "questions", "row")

    def __init__(self, row: list[Labelled]) -> None:
        self.row = row
        self.labels = frozenset(label for label, _ in row)
        self.clauses: list[list[Labelled]] = [[]]
        self.questions: list[bool] = [False]
        for label, said in row:
            if label == "pause" and said == "?":
                self.questions[-1] = True
            if label in {"pause", "conjunction"}:
                self.clauses.append([])
                self.questions.append(False)
            else:
                self.clauses[-1].append((label, said))


_AUXILIARIES = words("will can gonna shall would")
_WISH = words("would love happy glad")
_INTRODUCTIONS = ("this is", "my name is", "it is", "i am")


def labelled(reply: Reply) -> list[Labelled]:
    """Label the tokens from left to right: the longest known phrase, else a single word, name or number."""
    row: list[Labelled] = []
    tokens, index = reply.tokens, 0
    while index < len(tokens):
        token, end, label = tokens[index], index + 1, "word"
        if token in PAUSES:
            label = "pause"
        elif match := _ANSWERS.longest(tokens, index) or _ELSEWHERE.longest(tokens, index):
            label, end = match
        elif index in reply.names or (row and row[-1][1] in _INTRODUCTIONS and token.isalpha()):
            label = "name"
        elif token.isdigit():
            label = "number"
        elif not token.isalpha():
            label = "junk"
        elif len(token) == 1 and row and row[-1][0] == "name":
            label = "name"
        said = " ".join(tokens[index:end])
        if label == "refuse" and said.startswith(("cannot", "will not")) and row and row[-1][0] in {"word", "name"}:
            label = "not"  # "my badge will not scan": it is not the sender who refuses
        if label == "commit" and tokens[index] in _AUXILIARIES and row and row[-1][0] in {"word", "name", "they"}:
            label = "they"  # "Tanya will take it"
        row.append((label, said))
        index = end
    return _in_context(row)


# These may follow any subject: "that house is too far".
_SUBJECTLESS = words("too no out not pass that it i me so we sick @day thatday has have needs got doctor car")
_BROKEN = {("word", verb) for verb in ("is", "are", "was", "does", "did", "still")}
# Things that keep a caregiver busy during one of our visits, or that are over or were moved: no reason to decline.
_AT_WORK = words(
    """
    app traffic signal paid outside parked check done finished notes
    note charting timesheet lunch way moved rescheduled results question questions
    """
)
_VERBS = words("is does did will would cannot do unable")
# Before another verb these are part of a story ("can't think of a better way"), not a refusal.
_BARE_NEGATIONS = ("cannot", "will not", "do not")


# Small talk with an "if" or "hope" and one of these words asks for terms.
_TERMS = words(
    """
    pay pays paid paying rate rates bonus mileage overtime ot money ride raise double gas ok okay fine alright right
    works still approved allowed fit
    """
)
_QUALIFIERS = words("if lmkif when whenever hope with about")
# After a comma, "if" with one of these words offers something ("if anything changes call me"); any other "if" may be
# a condition.
_OFFERED = words("questions changes number address anything else others another")
_OFFERS = ("if you see", "if you need me", "if you hear")


def _is_condition(said: str, before: list[Labelled]) -> bool:
    """Whether small talk with an "if" in it qualifies the answer in the phrases `before` it."""
    spoken = said.split()
    if _QUALIFIERS.isdisjoint(spoken) or spoken[0] in {"even", "regardless"}:
        return False
    answers = [index for index, (label, _) in enumerate(before) if label in {"commit", "yes"}]
    if not answers or not _TERMS.isdisjoint(spoken):
        return bool(answers)
    if spoken[0] != "if" or {("pause", "."), ("pause", "?")} & set(before[answers[-1] :]):
        return False
    offered = said.startswith(_OFFERS) or not _OFFERED.isdisjoint(spoken)
    return before[-1][0] != "pause" or not offered


def _in_context(row: list[Labelled]) -> list[Labelled]:
    """Correct the labels that depend on the phrases before or after."""
    settled: list[Labelled] = []
    no_after_all = any(label in {"refuse", "busy", "no", "but", "regret"} for label, _ in row)
    for index, (label, said) in enumerate(row):
        after, word = row[index + 1] if index + 1 < len(row) else ("pause", ".")
        first = said.split(" ", 1)[0]
        before, subject = settled[-1] if settled else ("pause", ".")
        needs_subject = (label == "busy" and first not in _SUBJECTLESS) or (label == "refuse" and first in _VERBS)
        if needs_subject and before in {"word", "name", "they", "number"} and subject not in {"i", "we"}:
            # "EVV isn't working", "the end of my shift": somebody or something else is the subject.
            label = "not" if label == "refuse" else "word"
        if label == "refuse" and first == "not" and (before, subject) in _BROKEN:
            label = "not"
        if label == "busy" and not _AT_WORK.isdisjoint(said.split()):
            label = "word"
        if (
            label == "refuse"
            and said.endswith(_BARE_NEGATIONS)
            and after in {"word", "hedge"}
            and word not in ANSWER_FOLLOWS
        ):
            label = "not"
        if label == "polite" and _is_condition(said, settled):
            label = "condition"
        # "I'd love to" is a yes by itself, and the start of a no before "but" or "unfortunately".
        if label == "commit" and no_after_all and _WISH & set(said.split()):
            label = "regret"
        settled.append((label, said))
    return settled
