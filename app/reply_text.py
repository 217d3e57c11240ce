"""Turns a raw reply into the sender's own words: one flat list of plain, lower-case tokens.

Owns everything about *spelling* (Unicode, emoji, quoting, signatures, typing errors, clock times and
dates); it knows nothing of what the words mean. Never imports FastAPI, the store or any carrier.
"""

import re
import unicodedata
from dataclasses import dataclass

from app import vocabulary as v
from app.phrase_trie import PAUSES, PhraseTrie
from app.phrases import CLASSES, REWRITES, words
from app.shift_facts import ShiftTimes, mark_facts

# The longest text message carriers deliver. Together with MAX_TOKENS it bounds the work.
MAX_CHARS = 1600
# The longest sincere reply on file has about 110 tokens.
MAX_TOKENS = 160
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
    ord("…"): "...",
    ord("\r"): "\n",
    ord("\0"): " ",
}


# Stands where the middle of an overlong text was left out, and survives whatever is taken off later.
_CUT = "@cut"


def _ends(text: str) -> str:
    # The ends are where people say what they want.
    if len(text) <= MAX_CHARS:
        return text
    return f"{text[: MAX_CHARS // 2]}\n{_CUT}\n{text[-MAX_CHARS // 2 :]}"


def tidy(text: str) -> str:
    """Return `text` in plain characters: NFKC, straight quotes, no invisible characters, emoji as words.

    Runs of white space become one space or line break. Of a text over MAX_CHARS only the two ends are kept.
    """
    text = _ends(text)
    if not text.isascii():
        # Once more, as a single character may stand for eighteen.
        text = _ends(unicodedata.normalize("NFKC", text.translate(_PLAIN))).translate(_PLAIN)
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
    _, _, after = text.rpartition('"')
    if not _TAPBACK.match(text) or (text.count('"') > 1 and after.strip(" .\n")):
        return None
    return bool(_NEGATIVE_TAPBACK.match(text))


# Our own sentences, in case a phone or a person sends them back to us.
# None of them may swallow a request to stop that follows.
_NOT_STOP = r"(?:(?!\bstop|\bunsub)[^\n])"
_ECHO = re.compile(
    rf"\bopen [\w ]{{1,24}}shift\b{_NOT_STOP}{{0,200}}?(?:to pass\b|$)"
    r"|\breply (?:with )?['\"]?(?:yes|no|start|stop|help)\b[^\n.!?]{0,80}\b(?:to|or|if|for)\b[^\n.!?\"]{0,80}"
    rf"|\byou have the [\w ]{{1,24}}shift\b{_NOT_STOP}{{0,200}}?\breply no\b"
    r"|\byou won't get shift texts[^\n.!?]{0,60}"
    r"|(?:if you can't make it, )?\breply (?:yes|no|start|stop|help)\b(?=[. ]*$)",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTED_LINE = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
_QUOTED_MAIL = re.compile(
    r"^[ \t]*(?:on .{4,80} wrote:|el .{4,80} escribi[oó]:|-{2,} ?original message|from: )",
    re.IGNORECASE | re.MULTILINE,
)
_INLINE_QUOTATION = re.compile(r'"[^"\n]{12,}"|^[ \t]*"[^"\n]{12,}$', re.MULTILINE)
_SHORTEST_SIGNATURE = len("sent from x")
_PHONE_SIGNATURE = re.compile(
    r"\b(?:sent (?:from|via|with|by) (?:my |the )?|get outlook for |enviado desde |sent using )[^\n]{0,60}",
    re.IGNORECASE,
)
# A line dressed up with ornaments is a motto; what follows a line of dashes is a business card.
_MOTTO = re.compile(r"^[ \t]*(?:[~*_|+=]|\.:)[^\n]*$", re.MULTILINE)
_CARD = re.compile(r"^[ \t]*(?:--+|__+|==+|\*\*+|~~+)[ \t]*\n(?s:.*)\Z", re.MULTILINE)
_CONDITION_WORD = re.compile(r"\b(?:if|unless|only|but|half|until|stop|when|\$)", re.IGNORECASE)


def without_quotes(text: str) -> str:
    """Return the tidied `text` less what the sender did not write: quoted lines, our own sentences."""
    text = _QUOTED_LINE.sub("\n", text) if ">" in text else text
    if mail := _QUOTED_MAIL.search(text):
        text = text[: mail.start()]
    return _ECHO.sub(" ", text) if "shift" in text or "eply" in text or "EPLY" in text else text


def _unless_conditional(match: re.Match[str]) -> str:
    # "Yes\n~only if I get mileage~" is no motto.
    return match[0] if _CONDITION_WORD.search(match[0]) else "\n"


def without_signature(text: str) -> str:
    """Return `text` less phone signatures, ornamented mottoes and cards under a line of dashes."""
    if len(text) > _SHORTEST_SIGNATURE:
        text = _PHONE_SIGNATURE.sub("\n", text)
    text = _INLINE_QUOTATION.sub(" ", text) if '"' in text else text
    if "\n" in text.strip():
        head, newline, tail = text.strip().partition("\n")
        text = head + newline + _MOTTO.sub(_unless_conditional, _CARD.sub(_unless_conditional, tail))
    return text


def own_words(text: str) -> str:
    """Return what the sender wrote to us: the tidied `text` less quotations and signatures."""
    return without_signature(without_quotes(text))


_WORD_OR_MARK = re.compile(r"@[a-z]+|[^\W\d_]+(?:'[^\W\d_]+)*|[0-9]+|[.,!?;:\n#%$+]|-+|[{}<>=|\\\[\]]|&")
_TITLES = words("mr mrs ms dr jr sr")
_PAUSES = {";": ".", "!": ".", ":": ","}
_RUN = re.compile(r"(.)\1{2,}")
_GLUED = re.compile(r"\b(yes|yep|y|no|n|accept|pass|si|wi)(?=#?[0-9]{1,6}\b)", re.IGNORECASE)
_DIGIT = re.compile(r"[0-9]")
_SPACED_OUT = re.compile(r"\b(?:[A-Za-z][ .*-]{1,2}){2,7}[A-Za-z]\b")
_SEPARATORS = re.compile(r"[ .*-]")


def _fold(text: str) -> str:
    text = re.sub(r"\b[Ss][íÍìÌ](?!\w)", "yes", text)
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _spell(word: str) -> str:
    """Return the canonical spelling of a lower-case word: contractions apart, typing errors put right."""
    if (known := v.SPELLING.get(word)) is not None:
        return known
    if word in v.KNOWN_WORDS or len(word) > MAX_WORD:
        return word
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
    for shorter in (_RUN.sub(r"\1\1", word), _RUN.sub(r"\1", word)):
        if shorter != word and (shorter in v.KNOWN_WORDS or shorter in v.SPELLING):
            return v.SPELLING.get(shorter, shorter)
    return v.TYPOS.get(word, word)


def read(text: str, shift: ShiftTimes) -> Reply:
    """Split tidied text of the sender's own into canonical tokens.

    Days and hours become `@day`/`@time` when they are those of `shift` and `@otherday`/`@othertime` when
    they are not; sums of money and telephone numbers become `@money` and `@phone`. Pauses are the tokens
    `.` `,` `?` `-` and a line break. A reply that was cut, or is over MAX_TOKENS, is `truncated`: good for
    a request to stop, too long to be an answer.
    """
    if not text.isascii():
        text = _fold(text)
    text = _SPACED_OUT.sub(lambda m: _SEPARATORS.sub("", m[0]), text)
    if _DIGIT.search(text):
        text = _GLUED.sub(r"\1 ", text)
    shouting = text.upper() == text
    names_in = set() if shouting else {name.lower() for name in v.CAPITALISED.findall(text)}
    text = mark_facts(text.lower(), shift)
    tokens: list[str] = []
    for raw in _WORD_OR_MARK.findall(text):
        if raw == "." and tokens and tokens[-1] in _TITLES:
            continue
        spelled = _spell(raw) if raw[0].isalpha() else _PAUSES.get(raw, raw)
        tokens.extend(spelled.split(" "))
    truncated = len(tokens) > MAX_TOKENS or _CUT in tokens
    plain = _rewritten(_in_context(tokens))
    names = {index for index, word in enumerate(plain) if word in names_in and word not in v.KNOWN_WORDS}
    return Reply(tuple(plain), frozenset(names), truncated)


_REWRITES = PhraseTrie(REWRITES, CLASSES)


def _rewritten(tokens: list[str]) -> list[str]:
    plain: list[str] = []
    index = 0
    while index < len(tokens):
        if match := _REWRITES.longest(tokens, index):
            plain.extend(match.label.split())
            index = match.end
        else:
            plain.append(tokens[index])
            index += 1
    return plain


def _in_context(tokens: list[str]) -> list[str]:
    """Settle the few spellings that only their neighbours can settle: `y`, `n`, `si`, `ya`, `ill`."""
    settled = list(tokens)
    for index, word in enumerate(tokens):
        if word not in v.BY_CONTEXT:
            continue
        before = tokens[index - 1] if index else "."
        after = tokens[index + 1] if index + 1 < len(tokens) else "."
        if word == "ill" and after in v.AFTER_I_WILL:
            settled[index] = "i will"
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
