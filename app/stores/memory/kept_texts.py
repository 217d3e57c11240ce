"""The words that may be kept, oldest first. Does no I/O."""

from collections import deque
from datetime import datetime

from app.domain.messages import KeptText

#: More are never kept: the oldest are deleted first.
_MOST = 10_000


class KeptTexts:
    """The last words of replies that were not understood, and of the office's messages."""

    def __init__(self) -> None:
        self._texts: deque[KeptText] = deque(maxlen=_MOST)

    def put(self, text: KeptText) -> None:
        """Keep the words."""
        self._texts.append(text)

    def about(self, shift_id: str, since: datetime) -> list[KeptText]:
        """See `Store.kept_texts`."""
        return [text for text in self._texts if text.shift_id == shift_id and text.at >= since]

    def forget(self, before: datetime, limit: int) -> int:
        """See `Store.forget_texts`."""
        deleted = 0
        while self._texts and deleted < limit and self._texts[0].at < before:
            self._texts.popleft()
            deleted += 1
        return deleted
