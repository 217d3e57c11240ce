"""What a reader of replies promises."""

from typing import Protocol

from app.domain.reading import Intent, ShiftTimes


class IntentClassifier(Protocol):
    """What a reply means. Deterministic rules today; the place for a model tomorrow."""

    def classify(self, text: str, channel: str, shift: ShiftTimes | None) -> Intent:
        """The intent of any text at all; never raises. ACCEPT only for clear, unconditional words.

        A day or hour in the text that is not `shift`'s makes it no answer to that shift; with None, whatever
        the text names is taken to be the shift's.
        """

    def offer_code(self, text: str) -> str | None:
        """The digits that name an offer in the text, None if there are none; never raises."""
