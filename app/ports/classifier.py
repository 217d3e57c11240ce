"""What a reply classifier promises."""

from typing import Protocol

from app.domain.reading import Intent, ShiftTimes


class IntentClassifier(Protocol):
    """Finds out what a caregiver's reply means. `app.intent` implements it with fixed rules."""

    def classify(self, text: str, channel: str, shift: ShiftTimes | None) -> Intent:
        """The intent of a reply that came over `channel` ("sms" or "voice"). Never raises, whatever the text.

        ACCEPT only for clear, unconditional words. A text that names a day or an hour outside `shift` is not an
        answer to that shift. With None, every day and hour in the text is taken to fit.
        """

    def offer_code(self, text: str, channel: str) -> str | None:
        """The offer code in the text, as digits ("2"); None if there is none. Never raises.

        On a call ("voice") number words count too, as speech recognition writes them.
        """
