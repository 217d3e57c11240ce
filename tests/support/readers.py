"""Readers of replies for tests: slow ones, wrong ones and broken ones, under a clock that tests move."""

from collections.abc import Callable
from datetime import timedelta

from app.clock import sleep_until
from app.domain.reading import Reading
from app.ports.clock import Clock
from app.understanding.rules import read


class FakeReader:
    """Implements `ReplyReader`: takes as long and answers what the test says; by default at once, as the rules do.

    `answers` gets the text and returns the reading, or raises.
    """

    def __init__(
        self,
        clock: Clock,
        takes_s: Callable[[str], float] = lambda _: 0.0,
        answers: Callable[[str], Reading] = lambda text: read(text, "sms"),
    ) -> None:
        self._clock = clock
        self.takes_s = takes_s
        self.answers = answers
        #: The texts it was asked about.
        self.asked: list[str] = []
        self.at_once = self.most_at_once = 0

    async def read(self, text: str, channel: str) -> Reading:
        """See `ReplyReader`."""
        self.asked.append(text)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await sleep_until(self._clock, self._clock.now() + timedelta(seconds=self.takes_s(text)))
            return self.answers(text)
        finally:
            self.at_once -= 1


def raising(error: BaseException) -> Callable[[str], Reading]:
    """Answers that raise this error."""

    def answers(_: str) -> Reading:
        raise error

    return answers
