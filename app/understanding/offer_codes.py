"""Finds the code by which a reply names one of several offers ("yes 2", "pass on 4821").

Owns what counts as a code and what is only a number. Imports only `app.understanding`.
"""

import re
from collections.abc import Sequence

from app.understanding.patterns import PAUSES, words
from app.understanding.phrases.classes import CLASSES
from app.understanding.tidying import own_words, tidy
from app.understanding.tokens import Tokens, tokens_of

MAX_DIGITS = 6
_DIGIT = re.compile("[0-9]")

# Words that stand before a code: an answer, or a name for the code ("shift 31").
_ANCHORS = words("""
    yes yeah yep yup y no nope n accept accepted pass skip decline take taking accepting want grab cover confirm sure
    ok offer shift number code si oo opo wi non hindi acepto tomo oferta turno #
""")
# Answers that may stand beside one of several numbers.
_ANSWERS = words("""
    yes yeah yep yup y no nope n accept accepted pass skip decline take sure ok okay cannot not si oo opo wi non hindi
    acepto
""")
# Numbers as they are said on a call.
_NUMBERS = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
_NUMEROS = "uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis"
_SPOKEN = {word: str(index + 1) for line in (_NUMBERS, _NUMEROS) for index, word in enumerate(line.split(" "))}
_SAID_BEFORE = words(
    "yes yeah yep yup no nope accept pass decline number shift offer option code si numero turno wi non"
)
_SAID_BETWEEN = words("to number shift offer option code numero al a")
_SAID_AFTER = words("please thanks thank gracias maam sir for")
_PLACED = words("down up me")  # "put me down for 31"
_LINKS = words("to on for # number offer shift code the num no al sa pou option")
# After one of these a number of three digits or more is a code.
_LONG_CODE_ANCHORS = words("on for to about do cover work")
_STATES = words("open available taken filled still")
# Words after a number that make it a count of people, time, money or distance, or one end of a span.
_UNITS = words("""
    am pm nd th % - x of more other others times to until till hour hours hr hrs minute minutes min mins sec second
    seconds day days week weeks weekends month months year years old night nights shifts visits kid kids children dogs
    cats client clients patients people miles feet blocks dollars bucks oclock hijos ninos horas anos dias
""")
# After one of these a number is not a code: "badge number 40213".
_OTHER_NUMBERS = words(
    "badge license employee id apt apartment room route unit phone gate door lockbox zip cell fax ext"
)
_QUESTIONS = words("how what where who which when")
# What may follow a code in a question about an offer: "how much is 4821 paying".
_ASKED = words("? pay paying for at still open")
_BEHIND_NO_1 = words("please thanks")
_STREETS = words(CLASSES["street"].replace("|", " "))


def offer_code(text: str, channel: str = "sms") -> str | None:
    """Return the digits by which the reply names an offer ("yes 2", "pass on 4821"), or None.

    The code is one to six digits as they stand in the normalised text; on the "voice" channel also a number word
    ("yes two"). Bare digits, times, dates, sums, telephone numbers, ages and addresses are no codes, nor are two
    different ones. Total; never raises.
    """
    if channel != "voice" and text.isascii() and not _DIGIT.search(text):
        return None  # most replies; other scripts may hide a digit until they are normalised
    return coded(tokens_of(own_words(tidy(text))), channel)[1]


def coded(reply: Tokens, channel: str) -> tuple[Tokens, str | None]:
    """Return the reply with the one offer it names as `@code`, and that code; two codes stay unexplained numbers."""
    positions = [] if reply.too_long else _positions(reply.words, channel)
    codes = {_SPOKEN.get(reply.words[index], reply.words[index]) for index in positions}
    if len(codes) != 1:
        return reply, None
    tokens = list(reply.words)
    for index in positions:
        tokens[index] = "@code"
    return reply._replace(words=tuple(tokens)), codes.pop()


def answers_several(words: Sequence[str], channel: str) -> bool:
    """Whether numbers have an answer each ("1 no 2 yes"), or follow one answer as a list ("no 1 2").

    Which answer belongs to which number is a guess, so such a reply is asked back.
    """
    kinds = "".join(_kind(word, channel) for word in words if word not in PAUSES and word != "#")
    return "nana" in kinds or "anan" in kinds or kinds == "ann"


def _kind(word: str, channel: str) -> str:
    if word == "@code" or _is_number(word) or (channel == "voice" and word in _SPOKEN):
        return "n"
    return "a" if word in _ANSWERS else "-"


def _positions(tokens: Sequence[str], channel: str) -> list[int]:
    found = [index for index, token in enumerate(tokens) if _is_number(token) and _names_offer(tokens, index)]
    if channel == "voice" and not _SPOKEN.keys().isdisjoint(tokens):
        found += [index for index, token in enumerate(tokens) if token in _SPOKEN and _is_said(tokens, index)]
    return found


def _is_said(tokens: Sequence[str], index: int) -> bool:
    """Whether the number word at `index` ends a sentence right behind an answer: "yes two", "no to number five"."""
    before = index - 1
    while before > 0 and (tokens[before] in _SAID_BETWEEN or tokens[before] == ","):
        before -= 1
    return (
        before >= 0
        and tokens[before] in _SAID_BEFORE
        and (index + 1 == len(tokens) or tokens[index + 1] in PAUSES or tokens[index + 1] in _SAID_AFTER)
        and _names_offer([*tokens[:index], _SPOKEN[tokens[index]], *tokens[index + 1 :]], index)
    )


def _is_number(token: str) -> bool:
    return token.isascii() and token.isdigit() and len(token) <= MAX_DIGITS


def _names_offer(tokens: Sequence[str], index: int) -> bool:
    # "yes, 2"; at the end of the reply also "yes-2", and the number alone on its line.
    separators = {",", "-", "=", "\n"} if index + 1 == len(tokens) else {","}
    separated = index > 0 and tokens[index - 1] in separators
    before, after = tokens[max(0, index - 2 - separated) : index - separated], tokens[index + 1 : index + 4]
    if after and (after[0] in _UNITS or not _STREETS.isdisjoint(after) or tuple(after[:2]) == ("it", "is")):
        return False  # an hour: "ok, 3 it is"
    if len(after) > 1 and after[0] in {"and", "or", ","} and after[1].isdigit():
        return False  # "yes 2 and 3" does not name one offer
    if not before:
        # Only "4821 yes" counts: other digits at the start may be anything.
        return len(tokens) == 2 and tokens[1] in _ANCHORS
    previous = before[-1]
    if not _OTHER_NUMBERS.isdisjoint(before):
        return False
    if previous == "not":
        return index == 1 and (not after or after[0] in PAUSES)
    if previous == "is" and tokens[0] in _QUESTIONS:
        return len(tokens[index]) > 2 and (not after or after[0] in _ASKED)
    if previous == "no" and tokens[index] == "1" and after and after[0] not in _BEHIND_NO_1 | PAUSES:
        return False  # "no 1 told me"
    if previous == "is":
        return not _STATES.isdisjoint(after)
    if previous in _ANCHORS or (len(tokens[index]) > 2 and previous in _LONG_CODE_ANCHORS):
        return True
    return previous in _LINKS and len(before) > 1 and (before[0] in _ANCHORS | _LINKS | _PLACED)
