"""Turns a raw reply into the sender's own words: plain characters, without quotations and signatures.

Owns Unicode, emoji, quoted mail, echoes of our own texts, reactions and signatures; knows nothing of words.
"""

import re
import unicodedata

from app.understanding import spelling as v
from app.understanding.own_texts import without_own_texts

# The longest text message carriers deliver. It bounds the work.
MAX_CHARS = 1600

_INVISIBLE = [
    *(0xAD, 0x34F, 0x61C, 0x180E, 0x20E3, 0xFEFF),
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    *range(0xFE00, 0xFE10),  # variation selectors
    *range(0x1F3FB, 0x1F400),  # skin tones
    *range(0xE0000, 0xE0080),  # tags
]
_PLAIN = {
    **dict.fromkeys(_INVISIBLE, ""),
    **dict.fromkeys(map(ord, "‘’‛ʼ′`´＇"), "'"),
    **dict.fromkeys(map(ord, "“”„‟«»″"), '"'),
    **dict.fromkeys(map(ord, "‐‑‒–—―−"), "-"),
    **dict.fromkeys(map(ord, "¿¡"), " "),
    **{ord(emoji): f" {word} " for emoji, word in v.EMOJI.items()},
    **dict.fromkeys((0xFDFA, 0xFDFB), " "),  # a whole sentence each once normalised
    ord("…"): "...",
    ord("\r"): "\n",
    ord("\0"): " ",
}


def _ends(text: str) -> str:
    # The ends are where people say what they want.
    return text if len(text) <= MAX_CHARS else f"{text[: MAX_CHARS // 2]}\n{text[-MAX_CHARS // 2 :]}"


_ODD = re.compile(r"[^\n\x20-\x7e\u00c0-\u024f]+")


def _in_plain_characters(text: str) -> str:
    return _ODD.sub(lambda odd: odd[0].translate(_PLAIN), text)


def tidy(text: str) -> str:
    """Return `text` in plain characters: NFKC, straight quotes, no invisible characters, emoji as words.

    Runs of white space become one space or line break. Of a text over MAX_CHARS only the two ends are kept.
    """
    text = _ends(text)
    if not text.isascii():
        text = _ends(_in_plain_characters(text))
        if not text.isascii():
            # Once more, as a single character may stand for several.
            text = _in_plain_characters(_ends(unicodedata.normalize("NFKC", text)))
    text = text.replace("\r", "\n").replace("\0", " ")
    return "\n".join(filter(None, (" ".join(line.split()) for line in text.split("\n"))))


# The whole message is a reaction to an earlier one (iOS and Android word it the same way).
_TAPBACK = re.compile(
    r"\s*(?P<verb>(?:liked|loved|emphasi[sz]ed|questioned|disliked|laughed at|reacted [^\"\n]{1,24} to"
    r"|removed an? [a-z ]{1,24} from|(?:no )?(?:le|me) (?:gust[oóa]|encant[oóa])|le dio \"?no me gusta\"? a"
    r"|(?:emojiyes|emojino|emojidoubt) to))\s*\"",
    re.IGNORECASE,
)
_NEGATIVE_TAPBACK = re.compile(r"\s*(?:disliked|no (?:le|me)|(?:reacted\s+)?emojino|le dio)", re.IGNORECASE)


def tapback(text: str) -> bool | None:
    """Say whether the tidied `text` is a reaction: True for a dislike, False for any other, None if not one."""
    if '"' not in text:
        return None
    _, _, after = text.rpartition('"')
    if not _TAPBACK.match(text) or (text.count('"') > 1 and after.strip(" .\n")):
        return None
    return bool(_NEGATIVE_TAPBACK.match(text))


_PLEASED_TAPBACK = re.compile(
    r"\s*(?:liked|loved|emphasi[sz]ed|(?:reacted )?emoji(?:yes|smile) to|(?:le|me) (?:gust|encant))", re.IGNORECASE
)


def pleased(text: str) -> bool:
    """Say whether a reaction that is not a dislike is one that people leave under good news, and no question."""
    return _PLEASED_TAPBACK.match(text) is not None


# Words that ask for an answer, of a text of any wording.
_ASKED_FOR = re.compile(
    r"\breply (?:with )?['\"]?(?:yes|no|start|stop|help)\b"
    r"(?:[^\n.!?]{0,80}\b(?:to|or|if|for)\b[^\n.!?\"]{0,80}|(?=[. ]*$))",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTED_LINE = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
# "On Tue, Jul 1, 2025 at 6:02 AM Brightpath <...> wrote:", often wrapped, or the fields of a forwarded mail.
_QUOTED_MAIL = re.compile(
    r"^[ \t]*(?:on [^\n]{4,80}(?:\n[^\n]{0,80}){0,2}? wrote:|el [^\n]{4,80}(?:\n[^\n]{0,80}){0,2}? escribi[oó]:"
    r"|-{2,} ?(?:original|forwarded) message ?-*"
    r"|(?:from|de): [^\n]*(?:\n(?:sent|date|to|cc|subject|enviado|para|asunto): ?[^\n]*)*)",
    re.IGNORECASE | re.MULTILINE,
)
_INLINE_QUOTATION = re.compile(r'"[^"\n]{12,}"|^[ \t]*"[^"\n]{12,}$', re.MULTILINE)
_SHORTEST_SIGNATURE = len("sent from x")
_PHONE_SIGNATURE = re.compile(
    r"\b(?:sent (?:from|via|with|by) (?:my |the )?|get outlook for |enviado desde |sent using )[^\n]{0,60}",
    re.IGNORECASE,
)
_SIGNATURE_HINT = re.compile(r"[Ss][Ee][Nn][Tt] |[Gg][Ee][Tt] [Oo]|[Ee]nviado ")
# A line dressed up with ornaments is a motto; what follows a line of dashes is a business card.
_MOTTO = re.compile(r"^[ \t]*(?:[~*_|+=]|\.:)[^\n]*$", re.MULTILINE)
_CARD = re.compile(r"^[ \t]*(?:--+|__+|==+|\*\*+|~~+)[ \t]*\n(?s:.*)\Z", re.MULTILINE)
_DASHED = re.compile(r"\n-[^\n]{3,60}-\s*\Z")  # "-Yes I Can! Team Hope-"
_CONDITION_WORD = re.compile(r"\b(?:if|unless|only|but|half|until|stop|when|\$)", re.IGNORECASE)


def without_quotes(text: str) -> str:
    """Return the tidied `text` less what the sender did not write: quoted lines, our own sentences."""
    text = _QUOTED_LINE.sub("\n", text) if ">" in text else text
    if (":" in text or "--" in text) and (mail := _QUOTED_MAIL.search(text)):
        # Some write above the mail they answer, some below.
        text = text[: mail.start()] if text[: mail.start()].strip(" \n_-") else text[mail.end() :]
    text = without_own_texts(text)
    return _ASKED_FOR.sub(" ", text) if "reply" in text.lower() else text


def _unless_conditional(match: re.Match[str]) -> str:
    # "Yes\n~only if I get mileage~" is no motto.
    return match[0] if _CONDITION_WORD.search(match[0]) else "\n"


def without_signature(text: str) -> str:
    """Return `text` less phone signatures, ornamented mottoes and cards under a line of dashes."""
    if len(text) > _SHORTEST_SIGNATURE and _SIGNATURE_HINT.search(text):
        text = _PHONE_SIGNATURE.sub("\n", text)
    text = _INLINE_QUOTATION.sub(" ", text) if '"' in text else text
    if "\n" in text.strip():
        text = _DASHED.sub(_unless_conditional, text)
        head, newline, tail = text.strip().partition("\n")
        text = head + newline + _MOTTO.sub(_unless_conditional, _CARD.sub(_unless_conditional, tail))
    return text


def own_words(text: str) -> str:
    """Return what the sender wrote to us: the tidied `text` less quotations and signatures."""
    return without_signature(without_quotes(text))
