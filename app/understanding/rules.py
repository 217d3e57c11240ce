"""Decides what a caregiver's reply to an offered shift means.

Owns the ordered rules from words to `Intent`. Imports only `app.understanding` and `app.domain.reading`.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from app.domain.reading import Intent, ShiftTimes
from app.understanding.labelling import ANSWER_FOLLOWS, Labelled, LabelledReply, labelled
from app.understanding.notation import words
from app.understanding.offer_codes import with_code
from app.understanding.phrase_trie import PAUSES
from app.understanding.requests import COURTESY, requests_in
from app.understanding.shift_facts import REFERENCE_SHIFT, may_name_a_time
from app.understanding.tokens import MAX_SINCERE, read, skimmed, tapback, tidy, without_quotes, without_signature

# Keywords count only as the whole message, as carriers treat them.
_KEYWORDS = {
    Intent.STOP: words(
        """
        stop stopall unsubscribe cancel end quit revoke optout remove cease
        alto parar pare paren para cancelar detener salir
        fin terminar desuscribir baja basta itigil tigil hinto arret kanpe sispann
        """
    ),
    Intent.START: words("start unstop subscribe resubscribe empezar comenzar iniciar reanudar"),
    Intent.HELP: words("help info ayuda informacion tulong ed"),
}
_KEY_PRESSES = {"1": Intent.ACCEPT, "one": Intent.ACCEPT, "2": Intent.DECLINE, "two": Intent.DECLINE}

# Labels that make an acceptance doubtful, wherever they are in the reply.
_ACCEPT_DOUBTS = words(
    "no refuse busy regret not condition partial timing other money hedge question third they tamper idiom"
)
_REFUSALS = words("no refuse busy")
# Labels that make a refusal doubtful: it may be a counter-offer, or the refusal of somebody else.
_REFUSAL_DOUBTS = words("condition partial third tamper")

_SHORT = 160  # Replies up to this many characters are cached, because most replies are the same few short ones.


@lru_cache(maxsize=4096)
def _classify_short(text: str, channel: str, shift: ShiftTimes | None) -> Intent:
    return _classify(text, channel, shift)


def classify(text: str, channel: str = "sms", shift: ShiftTimes | None = REFERENCE_SHIFT) -> Intent:
    """Say what the reply `text` means. Never raises.

    `channel` is "sms" or "voice" (a speech transcript or a key press). `shift` is the offered shift in
    wall-clock time: a reply that names another day or other hours is UNKNOWN, never ACCEPT. None: the shift is
    not known yet. Any day and hours then count as the shift's, and the caller classifies again with the shift.
    """
    if len(text) <= _SHORT:
        return _classify_short(text, channel, shift if may_name_a_time(text) else None)
    return _classify(text, channel, shift)


def _classify(text: str, channel: str, shift: ShiftTimes | None) -> Intent:
    """Apply the rules in order. The first that applies decides."""
    text = tidy(text)
    # 1. A reaction to our text: a dislike is a no, any other reaction is no answer.
    disliked = tapback(text)
    if disliked is not None:
        return Intent.DECLINE if disliked else Intent.UNKNOWN
    text = without_quotes(text)
    if len(text) > MAX_SINCERE:
        return Intent.STOP if "stop" in requests_in(skimmed(text), skimmed=True) else Intent.UNKNOWN
    everything = read(text, shift)
    # 2. A key pressed during the call.
    said = [token for token in everything.tokens if token not in PAUSES]
    if channel == "voice" and len(said) == 1 and said[0] in _KEY_PRESSES:
        return _KEY_PRESSES[said[0]]
    # 3. STOP in any reasonable words (47 CFR 64.1200(a)(10)), even beside an answer or in a signature.
    keyword = _keyword(everything.tokens)
    requests = requests_in(everything.tokens, skimmed=everything.truncated)
    if keyword is Intent.STOP or "stop" in requests:
        return Intent.STOP
    unsigned = without_signature(text)
    reply = everything if unsigned == text else read(unsigned, shift)
    if reply is not everything:
        requests = requests_in(reply.tokens)  # A signature may contain words that only machines use otherwise.
    keyword = keyword or _keyword(reply.tokens)
    if keyword is not None:
        return keyword
    # 4. Too long to be read completely: the part that was not read may take the answer back.
    if reply.truncated:
        return Intent.UNKNOWN
    reading = LabelledReply(labelled(with_code(reply)))
    # 5. Automatic replies, and attempts to instruct this program, are no answer.
    if "machine" in requests or "tamper" in reading.labels:
        return Intent.UNKNOWN
    # 6. START; and HELP, unless the reply also answers the offer.
    if "start" in requests:
        return Intent.START
    if "help" in requests and not reading.labels & {"commit", "refuse", "busy"}:
        return Intent.HELP
    # 7. The answer to the offer.
    if _accepts(reading):
        return Intent.ACCEPT
    if _declines(reading):
        return Intent.DECLINE
    return _concludes(reading) or Intent.UNKNOWN


def _keyword(tokens: Sequence[str]) -> Intent | None:
    said = [token for token in tokens if token not in PAUSES and token not in COURTESY]
    if len(set(said)) != 1:
        return None
    return next((intent for intent, keywords in _KEYWORDS.items() if said[0] in keywords), None)


# "Yes, can you send the address" takes the shift for granted; "yes, where is it" does not.
_IMPERATIVES = ("can ", "could ", "please ", "send ", "text ")
# A commitment in the first person that names the shift: words before it cannot be its subject.
_FIRM = ("i ", "yo ", "put me", "sign me up", "count me in", "book me", "assign it to me")
_OBJECTS = words("it this that one @code @day @time them there up down in accept me")


# These may also be said by a caregiver who is at work: "I'm in, the door was stuck".
_ON_THE_SPOT = frozenset(
    {"i am in", "on it", "i am on it", "on my way", "i am on my way", "i am there", "be there", "i can"}
)


def _is_firm(said: str) -> bool:
    return said.startswith(_FIRM) and not _OBJECTS.isdisjoint(said.split())


def _accepts(reading: LabelledReply) -> bool:
    """ACCEPT: clear words of acceptance, nothing that qualifies them, and no other unexplained words."""
    row = _without_stories(_without_logistics(_conclusion(reading.row)))
    labels = {label for label, _ in row}
    if labels & _ACCEPT_DOUBTS or not labels & {"commit", "yes"}:
        return False
    if "but" in labels and not _harmless_objection(row):
        return False
    reading = reading if row is reading.row else LabelledReply(row)
    if "away" in labels and any(
        {"away"} & {kind for kind, _ in clause} and {"@day", "thatday"} & set(" ".join(w for _, w in clause).split())
        for clause in reading.clauses
    ):
        return False  # somewhere else on the day of the shift
    answered = strong = certain = stray = asks = False
    for clause, question in zip(reading.clauses, reading.questions, strict=True):
        kinds = [label for label, _ in clause]
        if "junk" in kinds or (question and kinds[-1:] != ["logistics"] and not set(kinds) <= {"polite", "name"}):
            return False
        explained = _explained(kinds)
        answered |= explained and ("yes" in kinds or "commit" in kinds)
        strong |= (explained and "commit" in kinds) or _ends_firmly(clause)
        certain |= any(label == "commit" and said not in _ON_THE_SPOT for label, said in clause)
        stray |= not explained
        asks |= any(label == "logistics" and not said.startswith(_IMPERATIVES) for label, said in clause)
    if strong and (certain or not stray):
        return True
    # "Yes" alone may answer anything; "I'll take it" leaves room for a word on something else.
    kinds = [label for label, _ in row]
    first_yes = kinds.index("yes") if "yes" in kinds else 0
    greets = "intro" in kinds[first_yes:]
    tells = "story" in kinds and not {"but", "conjunction"} & set(kinds[:first_yes])
    return answered and not (stray or asks or greets or tells or "receipt" in labels)


# A reply of this many words tells a story; its answer is in one of its sentences.
_STORY_LENGTH = 30
_SENTENCE_ENDS = frozenset(".?\n")
_OWN_REFUSALS = ("i ", "cannot", "will not", "unable", "no way", "not ableto", "sorry")


def _sentences(row: list[Labelled]) -> list[list[Labelled]]:
    """Split at the ends of sentences, and before the "so" of a conclusion."""
    found: list[list[Labelled]] = [[]]
    for (label, said), (following, _) in pairwise([*row, ("pause", ".")]):
        concludes = said == "so" and following in {"yes", "commit", "polite", "refuse"}
        if (label == "pause" and said in _SENTENCE_ENDS) or concludes:
            found.append([])
        else:
            found[-1].append((label, said))
    return found


_BINDING = words("condition question partial no refuse regret third")
# Labels that may occur before the answer if the answer itself names the day and the hours of the shift.
_OUTWEIGHED = words("partial no regret")
_SECOND_THOUGHTS = _BINDING | words("hedge money busy other not idiom")


def _concludes(reading: LabelledReply) -> Intent | None:
    """The intent of a long reply with a firm answer in one of its sentences. None: no answer, or contrary ones."""
    if sum(len(said.split()) for _, said in reading.row) < _STORY_LENGTH or "tamper" in reading.labels:
        return None
    accepts = refuses = doubts = complete = False
    told: set[str] = set()
    for sentence in _sentences(reading.row):
        labels = {label for label, _ in sentence}
        commits = any(label == "commit" and _is_firm(said) for label, said in sentence)
        if any(label == "refuse" and said.startswith(_OWN_REFUSALS) for label, said in sentence):
            if commits or labels & {"condition", "hedge", "question"}:
                return None
            refuses = True
        elif commits:
            if labels & (_ACCEPT_DOUBTS - {"they", "timing"}):
                return None
            accepts = True
            complete |= words("@day @time") <= words(" ".join(said for _, said in sentence))
        # A "maybe" before the answer is part of the story; after it, it is a second thought.
        if accepts:
            doubts |= bool(labels & _SECOND_THOUGHTS)
        else:
            told |= labels & _BINDING
    if complete:
        told -= _OUTWEIGHED
    if refuses:
        return None if accepts else Intent.DECLINE
    return Intent.ACCEPT if accepts and not doubts and not told else None


def _ends_firmly(clause: list[Labelled]) -> bool:
    """Whether a clause that starts with unexplained words ends firmly: "this is Kim from Ewing I'll take it"."""
    for index, (label, said) in enumerate(clause):
        if label == "commit" and _is_firm(said) and _explained([kind for kind, _ in clause[index:]]):
            return True
    return False


# Words in the questions of caregivers who have accepted.
_LOGISTICS = words(
    """
    address code gate door doors park parking driveway bring wear scrubs gloves ppe supplies cuff key keys lockbox
    directions dog dogs cat cats pet pets plan chart charting report relieving relieve entrance uniform badge
    apartment apt building unit room buzzer wifi contact careplan meds medications equipment sling hoyer lunch
    microwave fridge stethoscope paperwork folder binder doorbell knock elevator stairs garage mask masks shoes
    """
)
_NOT_LOGISTICS = words(
    """
    pay paid rate bonus ot hours still open available mine instead other late early leave start end off far how
    only unless if half mileage when cover take drive son daughter kids baby husband lift money shift swap until
    """
)


def _without_logistics(row: list[Labelled]) -> list[Labelled]:
    """After a yes, label questions that take the shift for granted as logistics: "I'll do it! Is there a key?"."""
    firm = next((index for index, (label, said) in enumerate(row) if label == "commit"), len(row))
    folded, index = row[:firm], firm
    while index < len(row):
        end = index
        while end < len(row) and row[end][0] != "pause":
            end += 1
        sentence = row[index:end]
        said = words(" ".join(part for _, part in sentence))
        asked = [place for place, (label, _) in enumerate(sentence) if label in {"question", "hedge", "logistics"}]
        if sentence and sentence[0][1] == "will" and sentence[0][0] == "word":
            asked.insert(0, 0)  # "will somebody be there to let me in"
        presumes = bool(said & _LOGISTICS) and not said & _NOT_LOGISTICS
        if asked and presumes and not {"commit", "yes"} & {label for label, _ in sentence[: asked[0]]}:
            sentence = [*sentence[: asked[0]], ("logistics", " ".join(part for _, part in sentence[asked[0] :]))]
        folded += sentence + row[end : end + 1]
        index = end + 1
    return folded


_PRONOUNS = words("she he they her him his their we our")


def _without_stories(row: list[Labelled]) -> list[Labelled]:
    """If the reply accepts firmly, ignore negations and pronouns in sentences that neither accept nor refuse."""
    if not any(label == "commit" and _is_firm(said) for label, said in row):
        return row
    plain: list[Labelled] = []
    sentence: list[Labelled] = []
    for label, said in [*row, ("pause", ".")]:
        if label in {"pause", "but"} or (label == "conjunction" and said == "so"):
            kinds = [kind for kind, _ in sentence if kind != "polite"]
            if (
                not {"commit", "yes", "free"} & set(kinds)
                and kinds
                and ("not" not in kinds or kinds[0] == "not" or sentence[0][1] in {"i", "nobody"})
            ):
                sentence = [
                    ("story" if kind == "not" or (kind == "they" and text in _PRONOUNS) else kind, text)
                    for kind, text in sentence
                ]
            plain += [*sentence, (label, said)]
            sentence = []
        else:
            sentence.append((label, said))
    return plain[:-1]


def _conclusion(row: list[Labelled]) -> list[Labelled]:
    """The part after the "so" of "so yes" or "so I'll take it", if the words before it are only a story."""
    for index, ((label, said), (following, _)) in enumerate(pairwise(row)):
        if label in {"conjunction", "polite"} and said == "so" and following in {"yes", "commit"}:
            story = {kind for kind, _ in row[:index]}
            if story & (_ACCEPT_DOUBTS - {"they", "not", "money", "timing"}) or index < 4:
                return row
            return row[index + 1 :]
    return row


def _harmless_objection(row: list[Labelled]) -> bool:
    """Whether the words before the last "but" are harmless and an answer follows: "sorry for the delay but yes"."""
    position = max(index for index, (label, _) in enumerate(row) if label == "but")
    before = {label for label, _ in row[:position]}
    after = {label for label, _ in row[position + 1 :]}
    return not before & {"commit", "yes", "word", "number", "junk"} and bool(after & {"commit", "yes"})


def _explained(kinds: Sequence[str]) -> bool:
    """Whether every word of a clause belongs to a known phrase. Up to three names do, as a signature."""
    return {"word", "number", "away"}.isdisjoint(kinds) and kinds.count("name") <= 3


# A refusal that ends with one of these may go on in the words that follow: "no gloves left".
_INCOMPLETE = frozenset({"no", "cannot", "not"})


def _declines(reading: LabelledReply) -> bool:
    """DECLINE: a refusal in the first person, not taken back, not a counter-offer for the same shift."""
    labels = set(reading.labels)
    if labels & _REFUSAL_DOUBTS:
        return False
    if not labels & _REFUSALS:
        return _regretful(reading) or _elsewhere(reading)
    firm = "refuse" in labels
    for (label, said), (following, word) in pairwise(reading.row):
        incomplete = label in _REFUSALS and said.split()[-1] in _INCOMPLETE
        if incomplete and following in {"word", "name", "question", "hedge"} and word not in ANSWER_FOLLOWS:
            return False
    if not firm and labels & {"hedge", "question"} and "other" not in labels:
        return False
    if any(
        question and {label for label, _ in clause} & _REFUSALS
        for clause, question in zip(reading.clauses, reading.questions, strict=True)
    ):
        return False
    return _settled(reading, firm)


def _regretful(reading: LabelledReply) -> bool:
    """Whether the reply is a wish followed by "but": "I'd love to but my back is out"."""
    kinds = [label for label, _ in reading.row]
    if "regret" not in kinds or reading.labels & (_ACCEPT_DOUBTS - {"regret", "not", "they"}):
        return False
    return "but" in kinds[kinds.index("regret") :]


_THAT_DAY = words("thatday @day then morning afternoon evening night week weekend weekends month tonight until")
_FREE = words("free open available off question questions clear visit timesheet note notes")


def _elsewhere(reading: LabelledReply) -> bool:
    """Whether the sender is somewhere else on the day of the shift: "flying to Atlanta that day"."""
    if "away" not in reading.labels:
        return False
    if reading.labels & ((_ACCEPT_DOUBTS | {"commit", "yes", "free"}) - {"they", "timing", "money", "partial", "no"}):
        return False
    said = words(" ".join(text for _, text in reading.row))
    return bool(said & _THAT_DAY) and not said & _FREE and "?" not in said


def _settled(reading: LabelledReply, firm: bool) -> bool:
    """Whether a refusal that stands beside words of acceptance outweighs them."""
    row = [item for item in reading.row if item[0] not in {"pause", "polite", "conjunction", "story", "intro"}]
    kinds = [label for label, _ in row]
    answers = [kind for kind in kinds if kind in {"commit", "yes", "no", "refuse", "busy", "other"}]
    if "other" in answers and answers[0] in _REFUSALS:
        # "No to Wednesday but I could do Thursday": the acceptance is for another day.
        return not any("@day" in said for _, said in row[kinds.index("other") :])
    if "commit" in kinds:
        return False
    if "yes" not in kinds:
        return True
    first_yes, last = kinds.index("yes"), kinds[-1]
    spoken = row[first_yes][1] in {"yeah", "oh yeah", "sure", "oh", "of course"}
    if {"regret", "but"} & set(kinds):
        return bool({"refuse", "busy", "regret"} & set(kinds))  # "yes but no" is unclear
    # "Yeah no" is a spoken no; "no wait yes" and "yes no" are unclear.
    return spoken and first_yes == 0 and (firm or last in {"no", "busy"})
