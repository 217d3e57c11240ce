"""The alphabet of text messages, and what fits into one segment. Pure.

Source: 3GPP TS 23.038, the GSM 7 bit default alphabet and its extension table. One segment holds 160
septets of it; a message with any other character is sent as UCS-2, 70 characters to a segment.
"""

import unicodedata
from functools import lru_cache

ONE_SEGMENT = 160

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
#: Each takes two septets: an escape and itself.
_EXTENSION = frozenset("\f^{}\\[~]|€")
_LOOKALIKES = str.maketrans(
    {
        "‘": "'",
        "’": "'",
        "“": '"',
        "”": '"',
        "‐": "-",
        "‑": "-",
        "‒": "-",
        "–": "-",
        "—": "-",
        "…": "...",
        "•": "*",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
        "\u00a0": " ",
        "\u202f": " ",
    }
)


def septets(text: str) -> int | None:
    """The length of the text in septets; None if a character is outside the alphabet."""
    length = 0
    for char in text:
        if char in _BASIC:
            length += 1
        elif char in _EXTENSION:
            length += 2
        else:
            return None
    return length


def fits_one_segment(text: str) -> bool:
    """Whether the text goes out as a single GSM-7 segment."""
    length = septets(text)
    return length is not None and length <= ONE_SEGMENT


@lru_cache(maxsize=4096)
def to_gsm7(text: str) -> str:
    """The text on one line, with typographic characters and accents replaced by the nearest GSM-7 characters.

    A character without such a replacement stays: a readable name matters more than a saved segment.
    """
    text = " ".join(unicodedata.normalize("NFC", text).translate(_LOOKALIKES).split())
    if all(char in _BASIC or char in _EXTENSION for char in text):
        return text
    return "".join(_nearest(char) for char in text)


def _nearest(char: str) -> str:
    if char in _BASIC or char in _EXTENSION:
        return char
    base = unicodedata.normalize("NFKD", char)
    bare = "".join(part for part in base if not unicodedata.combining(part))
    return bare if bare and all(part in _BASIC for part in bare) else char
