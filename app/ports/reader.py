"""What a reader of replies promises."""

from typing import Protocol

from app.domain.reading import Reading


class ReplyReader(Protocol):
    """Finds out what the words of a reply mean, whichever shift they are about.

    The rules of `app.understanding` read first, and STOP, START, HELP and the keys of a call are theirs alone. A
    reader is asked about other replies: instead of the rules, or only about those that they leave UNKNOWN.
    """

    async def read(self, text: str, channel: str) -> Reading:
        """Read a reply that came over `channel` ("sms" or "voice"); `text` has at least one character to read.

        ACCEPT only for clear, unconditional words. The days and hours that the reply names are part of the reading:
        whether they are those of the shift is decided later (`app.domain.reading.meaning_for`). It need not say that
        a reply is only a courtesy, which the rules know. May take a while and may raise anything: then what the rules
        read stands.
        """
