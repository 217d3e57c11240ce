"""Turns a raw reply into the sender's own words: one flat list of plain, lower-case tokens.

Owns everything about spelling: Unicode, emoji, quoting, signatures, typing errors, clock times and dates. What the
words mean is decided elsewhere. Imports only `app.understanding` and `app.domain.reading`.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from app.domain.reading import ShiftTimes
from app.understanding.notation import CLASSES, REWRITES, words
from app.understanding.phrase_trie import PAUSES, PhraseTrie
from app.understanding.phrases import spelling as v
from app.understanding.shift_facts import mark_facts

# The longest text message that carriers deliver. Together with MAX_TOKENS it bounds the work.
MAX_CHARS = 1600
# The longest real reply seen so far has about 460 characters and 110 tokens. A longer one is searched for a request
# to stop, and is otherwise left to a person.
MAX_SINCERE = 600
MAX_TOKENS = 130
MAX_WORD = 30


@dataclass(frozen=True, slots=True)
class Reply:
    """The sender's own words: `tokens` (lower case) and `names`, the tokens that look like proper names."""

    tokens: tuple[str, ...]
    names: frozenset[int]
    truncated: bool


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
    **dict.fromkeys((0xFDFA, 0xFDFB), " "),  # normalisation would turn each of these into a whole sentence
    ord("…"): "...",
    ord("\r"): "\n",
    ord("\0"): " ",
}


# Marks where the middle of an overlong text was left out. It is never removed, so `read` finds it.
_CUT = "@cut"


def _ends(text: str) -> str:
    # People say what they want at the beginning or at the end.
    if len(text) <= MAX_CHARS:
        return text
    return f"{text[: MAX_CHARS // 2]}\n{_CUT}\n{text[-MAX_CHARS // 2 :]}"


def tidy(text: str) -> str:
    """Return `text` in plain characters: NFKC, straight quotes, no invisible characters, emoji as words.

    Runs of white space become one space or line break. A text over MAX_CHARS is reduced to its two ends.
    """
    text = _ends(text)
    if not text.isascii():
        text = text.translate(_PLAIN)
        if not text.isascii():
            # Shorten and translate again, because normalisation may turn one character into several.
            text = _ends(unicodedata.normalize("NFKC", text)).translate(_PLAIN)
    if "\n" not in text and "\r" not in text:
        return " ".join(text.replace("\0", " ").split())
    text = text.replace("\r", "\n").replace("\0", " ")
    return "\n".join(filter(None, (" ".join(line.split()) for line in text.split("\n"))))


# A message that is only a reaction to an earlier one. iOS and Android use the same words.
_TAPBACK = re.compile(
    r"\s*(?P<verb>(?:liked|loved|emphasi[sz]ed|questioned|disliked|laughed at|reacted [^\"\n]{1,24} to"
    r"|removed an? [a-z ]{1,24} from|(?:no )?(?:le|me) (?:gust[oóa]|encant[oóa])|le dio \"?no me gusta\"? a"
    r"|(?:emojiyes|emojino|emojidoubt) to))\s*\"",
    re.IGNORECASE,
)
_NEGATIVE_TAPBACK = re.compile(r"\s*(?:disliked|no (?:le|me)|(?:reacted\s+)?emojino|le dio)", re.IGNORECASE)


def tapback(text: str) -> bool | None:
    """Say whether the tidied `text` is a reaction: True for a dislike, False for any other, None if it is none."""
    if '"' not in text:
        return None
    _, _, after = text.rpartition('"')
    if not _TAPBACK.match(text) or (text.count('"') > 1 and after.strip(" .\n")):
        return None
    return bool(_NEGATIVE_TAPBACK.match(text))


# Sentences of our own messages, in case a phone or a person sends them back.
_ECHO = re.compile(
    r"\breply (?:with )?['\"]?(?:yes|no|start|stop|help)\b[^\n.!?]{0,80}\b(?:to|or|if|for)\b[^\n.!?\"]{0,80}"
    r"|\byou won't get shift texts[^\n.!?]{0,60}"
    r"|(?:if you can't make it, )?\breply (?:yes|no|start|stop|help)\b(?=[. ]*$)",
    re.IGNORECASE | re.MULTILINE,
)
# An offer or a confirmation of ours up to its end, or to the end of the line if it was cut off.
_OFFER = re.compile(r"\b(?:open|you have the) [\w ]{1,24}shift\b", re.IGNORECASE)
_OFFER_END = re.compile(r"\bto pass\b|\breply no\b|$", re.IGNORECASE | re.MULTILINE)
_NOT_OURS = re.compile(r"\bstop|\bunsub", re.IGNORECASE)
_MOST_OFFERS = 3


def _without_echo(text: str) -> str:
    for _ in range(_MOST_OFFERS):
        start = _OFFER.search(text)
        end = _OFFER_END.search(text, start.end()) if start else None
        # A request to stop that follows must not be removed with the offer.
        if not start or not end or end.end() - start.end() > 200 or _NOT_OURS.search(text[start.end() : end.start()]):
            break
        text = f"{text[: start.start()]} {text[end.end() :]}"
    return _ECHO.sub(" ", text)


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
_SIGNATURE_HINT = re.compile(r"\b(?:[Ss][Ee][Nn][Tt] |[Gg][Ee][Tt] [Oo]|[Ee]nviado )")
# A line that starts with ornaments is a motto. Everything after a line of dashes is a business card.
_MOTTO = re.compile(r"^[ \t]*(?:[~*_|+=]|\.:)[^\n]*$", re.MULTILINE)
_CARD = re.compile(r"^[ \t]*(?:--+|__+|==+|\*\*+|~~+)[ \t]*\n(?s:.*)\Z", re.MULTILINE)
_DASHED = re.compile(r"\n-[^\n]{3,60}-\s*\Z")  # "-Yes I Can! Team Hope-"
_CONDITION_WORD = re.compile(r"\b(?:if|unless|only|but|half|until|stop|when|\$)", re.IGNORECASE)


def without_quotes(text: str) -> str:
    """Return the tidied `text` without what the sender did not write: quoted lines and our own sentences."""
    text = _QUOTED_LINE.sub("\n", text) if ">" in text else text
    if (":" in text or "--" in text) and (mail := _QUOTED_MAIL.search(text)):
        # Some people write above the mail that they answer, some below.
        text = text[: mail.start()] if text[: mail.start()].strip(" \n_-") else text[mail.end() :]
    return _without_echo(text) if "shift" in text or "eply" in text or "EPLY" in text else text


def _unless_conditional(match: re.Match[str]) -> str:
    # "Yes\n~only if I get mileage~" is a condition, not a motto.
    return match[0] if _CONDITION_WORD.search(match[0]) else "\n"


def without_signature(text: str) -> str:
    """Return `text` without phone signatures, decorated mottoes, and business cards under a line of dashes."""
    if len(text) > _SHORTEST_SIGNATURE and _SIGNATURE_HINT.search(text):
        text = _PHONE_SIGNATURE.sub("\n", text)
    text = _INLINE_QUOTATION.sub(" ", text) if '"' in text else text
    if "\n" in text.strip():
        text = _DASHED.sub(_unless_conditional, text)
        head, newline, tail = text.strip().partition("\n")
        text = head + newline + _MOTTO.sub(_unless_conditional, _CARD.sub(_unless_conditional, tail))
    return text


def own_words(text: str) -> str:
    """Return what the sender wrote: the tidied `text` without quotations and signatures."""
    return without_signature(without_quotes(text))


_WORD_OR_MARK = re.compile(r"@[a-z]+|[^\W\d_]+(?:'[^\W\d_]+)*|[0-9]+|[.,!?;:\n]+|[#%$+]|-+|[{}<>=|\\\[\]]|&")
_MARKS_OF_PAUSE = frozenset(".,!?;:\n")
_TITLES = words("mr mrs ms dr jr sr")
_PAUSES = {";": ".", "!": ".", ":": ",", "&": "and"}
_RUN = re.compile(r"(.)\1{2,}")
_GLUED = re.compile(r"\b(yes|yep|y|no|n|accept|pass|si|wi)(?=#?[0-9]{1,6}\b)", re.IGNORECASE)
_DIGIT = re.compile(r"[0-9]")
_SPACED_OUT = re.compile(r"\b(?:[A-Za-z][ .*-]{1,2}){2,7}[A-Za-z]\b")
_SEPARATORS = re.compile(r"[ .*-]")


_MARKS = re.compile(r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff\u3099\u309a]+")
_SI = re.compile(r"\b[Ss][íÍìÌ](?!\w)")


def _fold(text: str) -> str:
    text = _SI.sub("yes", text)
    return _MARKS.sub("", unicodedata.normalize("NFKD", text))


def _spell(word: str) -> str:
    """Return the canonical spelling of a lower-case word: contractions split, typing errors corrected."""
    if (known := v.SPELLING.get(word)) is not None:
        return known
    if word in v.KNOWN_WORDS or len(word) > MAX_WORD:
        return word
    return _mended(word)


@lru_cache(maxsize=4096)
def _mended(word: str) -> str:
    if "'" in word:
        stem, _, ending = word.rpartition("'")
        if ending == "t" and stem.endswith("n"):
            return f"{stem[:-1]} not"
        if ending in v.ENDINGS:
            return f"{_spell(stem)} {v.ENDINGS[ending]}"
        if ending == "s":
            return f"{stem} is" if stem in v.IS_STEMS else stem
        return _spell(word.replace("'", ""))
    if len(word) < 4:
        return v.TYPOS.get(word, word)
    if _RUN.search(word):
        for shorter in (_RUN.sub(r"\1\1", word), _RUN.sub(r"\1", word)):
            if shorter in v.KNOWN_WORDS or shorter in v.SPELLING:
                return v.SPELLING.get(shorter, shorter)
    return v.TYPOS.get(word, word)


def read(text: str, shift: ShiftTimes | None) -> Reply:
    """Split the sender's own tidied text into canonical tokens.

    Days and hours become `@day`/`@time` when they are those of `shift` and `@otherday`/`@othertime` when
    they are not; sums of money and telephone numbers become `@money` and `@phone`. Pauses are the tokens
    `.` `,` `?` `-` and a line break. A reply that was shortened, or has more than MAX_TOKENS tokens, is `truncated`:
    it may contain a request to stop but is too long to be an answer.
    """
    if not text.isascii():
        text = _fold(text)
    if _SPACED_OUT.search(text):
        text = _SPACED_OUT.sub(lambda m: _SEPARATORS.sub("", m[0]), text)
    if _DIGIT.search(text):
        text = _GLUED.sub(r"\1 ", text)
    lower = text.lower()
    names_in = (
        {name.lower() for name in v.CAPITALISED.findall(text)} if lower != text and text.upper() != text else ()
    )
    tokens: list[str] = []
    for raw in _WORD_OR_MARK.findall(mark_facts(lower, shift)):
        if raw in v.PLAIN_WORDS:
            tokens.append(raw)
            continue
        if raw[0] in _MARKS_OF_PAUSE:
            pause = "?" if "?" in raw else _PAUSES.get(raw[0], raw[0])
            if not (pause == "." and tokens and tokens[-1] in _TITLES):
                tokens.append(pause)
            continue
        tokens.extend((_spell(raw) if raw[0].isalpha() else _PAUSES.get(raw, raw)).split(" "))
    if len(tokens) > MAX_TOKENS:
        return Reply(tuple(tokens), frozenset(), truncated=True)
    plain = rewritten(_in_context(tokens))
    names = {index for index, word in enumerate(plain) if word in names_in and word not in v.KNOWN_WORDS}
    return Reply(tuple(plain), frozenset(names), _CUT in plain)


_LOOSE_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*|[.,!?;:\n]+|-+")


def skimmed(text: str) -> list[str]:
    """Return the words of an overlong tidied text. They serve only to find a request to stop."""
    if not text.isascii():
        text = _fold(text)
    tokens: list[str] = []
    for raw in _LOOSE_WORD.findall(text.lower()):
        if raw in v.PLAIN_WORDS:
            tokens.append(raw)
        elif not raw[0].isalpha():
            tokens.append(".")
        else:
            tokens.extend(_spell(raw).split(" "))
    return tokens


_REWRITES = PhraseTrie(REWRITES, CLASSES)


def rewritten(tokens: list[str]) -> list[str]:
    """Return `tokens` with the replacements of `REWRITES` applied."""
    starts = _REWRITES.starts
    if starts.keys().isdisjoint(tokens):
        return tokens
    plain: list[str] = []
    index = 0
    while index < len(tokens):
        if tokens[index] in starts and (match := _REWRITES.longest(tokens, index)):
            plain.extend(match.label.split())
            index = match.end
        else:
            plain.append(tokens[index])
            index += 1
    return plain


def _in_context(tokens: list[str]) -> list[str]:
    """Resolve the spellings that depend on the words next to them: `y`, `n`, `si`, `ya`, `ill`."""
    settled = list(tokens)
    for index, word in enumerate(tokens):
        if word not in v.BY_CONTEXT:
            continue
        before = tokens[index - 1] if index else "."
        after = tokens[index + 1] if index + 1 < len(tokens) else "."
        if word == "ill" and after in v.AFTER_I_WILL:
            settled[index] = "i will"
        elif word in v.MISTYPED_YES:
            if index == 0 and (after in PAUSES or after in v.AFTER_YES):
                settled[index] = "yes"
        elif word in {"y", "n"} and (index == 0 or before in PAUSES) and (after in PAUSES or len(tokens) < 5):
            settled[index] = {"y": "yes", "n": "no"}[word]
        elif (
            word == "si" and (before in PAUSES or before in v.BEFORE_SI) and (after in PAUSES or after in v.AFTER_SI)
        ):
            # Unaccented, "si" is "if" as often as "yes".
            settled[index] = "yes"
        elif word == "ya" and before in PAUSES and after not in v.AFTER_SPANISH_YA:
            settled[index] = "yeah"
    return " ".join(settled).split(" ") if settled else []
