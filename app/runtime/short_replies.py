"""Reads replies by the rules and remembers how short ones were read: most replies are one of a few words.

A longer text may say something about the person who wrote it, so it is read each time and not kept.
"""

from functools import lru_cache

from app.domain.reading import Reading
from app.understanding.rules import read

#: In characters: "Yes please" and "No thank you" are short.
LONGEST_REMEMBERED = 16

_read_short = lru_cache(maxsize=1024)(read)


def read_reply(text: str, channel: str) -> Reading:
    """The reading of a reply by the rules, which depends on nothing but the text and the channel."""
    return _read_short(text, channel) if len(text) <= LONGEST_REMEMBERED else read(text, channel)
