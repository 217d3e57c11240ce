"""Finds the code by which a reply names one of several offers ("yes 2", "pass on 4821").

Owns what counts as a code and what is only a number. Imports only `app.understanding`.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from app.understanding.notation import words
from app.understanding.phrase_trie import PAUSES
from app.understanding.shift_facts import REFERENCE_SHIFT
from app.understanding.tokens import Reply, own_words, read, tidy

MAX_DIGITS = 6
_DIGIT = re.compile("[0-9]")

# Words that stand before a code: an answer, or a name for the code ("shift 31").
_ANCHORS = words(
    """
    yes yeah yep yup y no nope n accept accepted pass skip decline take taking accepting want grab cover
    confirm sure ok offer shift number code si oo opo wi non hindi acepto tomo oferta turno #
    """
)
_PLACED = words("down up me")  # "put me down for 31"
_LINKS = words("to on for # number offer shift code the num no al sa pou option")
# After one of these a number of three digits or more is a code.
_LONG_CODE_ANCHORS = words("on for to about do cover work")
_STATES = words("open available taken filled still")
# Words after a number that make it a count of people, time, money or distance, or one end of a span.
_UNITS = words(
    """
    am pm nd th % - x of more other others times to until till hour hours hr hrs minute minutes min mins sec
    second seconds day days week weeks weekends month months year years old night nights shifts visits kid kids
    children dogs cats client clients patients people miles feet blocks dollars bucks oclock hijos ninos horas anos
    dias
    """
)
# After one of these a number is not a code: "badge number 40213".
_OTHER_NUMBERS = words(
    "badge license employee id apt apartment room route unit phone gate door lockbox zip cell fax ext"
)
_QUESTIONS = words("how what where who which when")
# What may follow a code in a question about an offer: "how much is 4821 paying".
_ASKED = words("? pay paying for at still open")
_STREETS = words("street st ave avenue road rd lane ln drive dr blvd court ct way place pl apt main")


def offer_code(text: str) -> str | None:
    """Return the digits by which the reply names an offer ("yes 2", "pass on 4821"), or None.

    The code is one to six digits of the normalised text. Bare digits, times, dates, sums of money, telephone
    numbers, ages and addresses are not codes. A reply that names two different codes names none. Never raises.
    """
    if text.isascii() and not _DIGIT.search(text):
        return None  # Most replies. A text in another script may contain a digit only after normalisation.
    reply = read(own_words(tidy(text)), REFERENCE_SHIFT)
    codes = {reply.tokens[index] for index in _positions(reply.tokens)}
    return codes.pop() if len(codes) == 1 else None


def with_code(reply: Reply) -> Reply:
    """Return the reply with the code of the one offer it names replaced by `@code`; two codes stay numbers."""
    positions = _positions(reply.tokens)
    if len({reply.tokens[index] for index in positions}) != 1:
        return reply
    tokens = list(reply.tokens)
    for index in positions:
        tokens[index] = "@code"
        if index and tokens[index - 1] == "#":
            tokens[index - 1] = ""
    kept = [index for index, token in enumerate(tokens) if token]
    names = frozenset(place for place, index in enumerate(kept) if index in reply.names)
    return replace(reply, tokens=tuple(tokens[index] for index in kept), names=names)


def _positions(tokens: Sequence[str]) -> list[int]:
    return [index for index, token in enumerate(tokens) if _is_number(token) and _names_offer(tokens, index)]


def _is_number(token: str) -> bool:
    return token.isascii() and token.isdigit() and len(token) <= MAX_DIGITS


def _names_offer(tokens: Sequence[str], index: int) -> bool:
    comma = index > 1 and tokens[index - 1] == ","
    before, after = tokens[max(0, index - 2 - comma) : index - comma], tokens[index + 1 : index + 4]
    if after and (after[0] in _UNITS or not _STREETS.isdisjoint(after)):
        return False
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
    if (
        previous == "no"
        and tokens[index] == "1"
        and after
        and after[0].isalpha()
        and after[0] not in {"please", "thanks"}
    ):
        return False  # "no 1 told me"
    if previous == "is":
        return not _STATES.isdisjoint(after)
    if previous in _ANCHORS or (len(tokens[index]) > 2 and previous in _LONG_CODE_ANCHORS):
        return True
    return previous in _LINKS and len(before) > 1 and (before[0] in _ANCHORS | _LINKS | _PLACED)
