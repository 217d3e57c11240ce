"""Takes names, telephone numbers and addresses out of a reply before it leaves the network. Pure.

It finds the caregiver's own name, names behind a title, and capitalised words that the rules do not know. It cannot
find every name: a patient's name in small letters stays. So what leaves the network still needs an agreement
(docs/model-reader.md).
"""

import re

from app.understanding.spelling import CAPITALISED, KNOWN_WORDS

NAME, PHONE, EMAIL, LINK, NUMBER = "[name]", "[phone]", "[email]", "[link]", "[number]"

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(r"(?i)\b(?:https?://|www\.)\S+")
# Seven digits or more, with the marks that people write between them. Hours such as 7:00-15:00 have colons.
_PHONE = re.compile(r"\+?\(?\d(?:[ ().-]{0,3}\d){6,}")
# Five or six digits: the number of a badge, a door or a postcode.
_NUMBER = re.compile(r"\b\d{5,6}\b")
_TITLED = re.compile(
    r"(?i)\b(mrs|mr|ms|miss|mister|dr|doctor|nurse|sra|srta|sr|senora|señora|senor|señor|dona|doña|don)\b"
    r"(\.? ?)(?!\[)[^\W\d_][\w'-]*"
)
_WORD = re.compile(r"[^\W\d_]+")


def masked(text: str, name: str) -> str:
    """Return `text` with a mark such as `[name]` for what could say who it is about. `name`: the caregiver's name."""
    text = _EMAIL.sub(EMAIL, _LINK.sub(LINK, text))
    text = _NUMBER.sub(NUMBER, _PHONE.sub(PHONE, text))
    own = {word.casefold() for word in _WORD.findall(name) if len(word) > 1}
    text = _WORD.sub(lambda word: NAME if _is_own(word[0], own) else word[0], text)
    text = _TITLED.sub(lambda found: f"{found[1]}{found[2]}{NAME}", text)
    if text.upper() == text:
        return text
    return CAPITALISED.sub(lambda word: NAME if _is_name(text, word) else word[0], text)


def _is_own(word: str, own: set[str]) -> bool:
    """Whether the word is one of the caregiver's name. "will" and "may" are verbs unless they have a capital."""
    plain = word.casefold()
    return plain in own and (plain not in KNOWN_WORDS or word.istitle())


def _is_name(text: str, word: re.Match[str]) -> bool:
    """Whether a capitalised word is a name: no known word, and not the first of a sentence."""
    before = text[: word.start()].rstrip(" \"'(")
    return word[0].lower() not in KNOWN_WORDS and bool(before) and before[-1] not in ".!?\n["
