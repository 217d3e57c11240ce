"""A reader that is slow, broken or gone harms no reply."""

import asyncio
import logging
from datetime import timedelta
from typing import Any, cast

import pytest
from fakes import START, FakeClock
from readers import FakeReader, raising

from app.domain.reading import Intent, Reading
from app.errors import ReaderFailure
from app.runtime.guarded_reader import MOST_AT_ONCE, WITHIN_S, GuardedReader
from app.simulation.clock import settled

NO = Reading(intent=Intent.DECLINE)
PAUSE_S = 30.0


class Asked:
    """A guarded fake reader."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.reader = FakeReader(self.clock, answers=lambda _: NO)
        self.guarded = GuardedReader(self.reader, self.clock)

    async def fails(self, times: int) -> None:
        """The reader fails that often."""
        self.reader.answers = raising(ReaderFailure("HTTP 500"))
        for _ in range(times):
            assert await self.guarded.read("yes", "sms") is None
        self.reader.answers = lambda _: NO


async def test_what_the_reader_says_is_passed_on() -> None:
    """The reading is that of the reader."""
    assert await Asked().guarded.read("yes", "sms") is NO


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ReaderFailure("HTTP 429"), "HTTP 429"),
        (ValueError("the words of a reply"), "ValueError"),
        (TimeoutError(), ""),
    ],
)
async def test_a_reader_that_raises_gives_no_reading(
    error: Exception, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    """One line in the log says why, without the text of an error that may quote the reply."""
    asked = Asked()
    asked.reader.answers = raising(error)
    with caplog.at_level(logging.INFO, "shift_fanout"):
        assert await asked.guarded.read("yes", "sms") is None
    assert len(caplog.records) == 1
    assert reason in caplog.text
    assert "words" not in caplog.text


async def test_a_reader_with_a_cancelled_task_of_its_own_is_a_failure() -> None:
    """It is not mistaken for the end of the request."""
    asked = Asked()
    asked.reader.answers = raising(asyncio.CancelledError())
    assert await asked.guarded.read("yes", "sms") is None


async def test_a_request_that_ends_takes_the_reading_with_it() -> None:
    """The client went away: that is no failure of the reader, and nothing goes on."""
    asked = Asked()
    asked.reader.takes_s = lambda _: 1.0
    for _ in range(3):
        reading = asyncio.create_task(asked.guarded.read("yes", "sms"))
        await settled()
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
    assert asked.reader.at_once == 0
    asked.reader.takes_s = lambda _: 0.0
    assert await asked.guarded.read("yes", "sms") is NO


async def test_what_is_no_reading_is_a_failure() -> None:
    """A reader of another kind, which returns an intent, does not get into a decision."""
    asked = Asked()
    asked.reader.answers = cast(Any, lambda _: Intent.ACCEPT)
    assert await asked.guarded.read("yes", "sms") is None


async def test_a_reader_has_three_seconds() -> None:
    """At the limit the reader is cancelled and there is no reading."""
    asked = Asked()
    asked.reader.takes_s = lambda _: 3600.0
    reading = asyncio.create_task(asked.guarded.read("yes", "sms"))
    await asked.clock.advance(WITHIN_S - 0.01)
    assert not reading.done()
    await asked.clock.advance(0.01)
    assert reading.result() is None
    assert asked.reader.at_once == 0


async def test_after_three_failures_it_is_not_asked_for_a_while() -> None:
    """Then one reply finds out whether it works; when it does, all are asked again."""
    asked = Asked()
    await asked.fails(3)
    assert await asked.guarded.read("yes", "sms") is None
    assert len(asked.reader.asked) == 3
    await asked.clock.advance(PAUSE_S)
    asked.reader.takes_s = lambda _: 1.0
    probe = asyncio.create_task(asked.guarded.read("yes", "sms"))
    await settled()
    assert await asked.guarded.read("yes", "sms") is None, "a second one was asked beside the probe"
    await asked.clock.advance(1)
    assert probe.result() is NO
    asked.reader.takes_s = lambda _: 0.0
    assert await asked.guarded.read("yes", "sms") is NO


async def test_a_probe_that_fails_starts_another_pause() -> None:
    """One failure is enough then."""
    asked = Asked()
    await asked.fails(3)
    await asked.clock.advance(PAUSE_S)
    await asked.fails(1)
    assert await asked.guarded.read("yes", "sms") is None
    assert len(asked.reader.asked) == 4


async def test_failures_count_only_in_a_row() -> None:
    """A reader that fails now and then is asked."""
    asked = Asked()
    for _ in range(3):
        await asked.fails(2)
        assert await asked.guarded.read("yes", "sms") is NO


async def test_a_probe_that_was_interrupted_is_repeated() -> None:
    """The client of the probe may go away: after another pause there is another probe."""
    asked = Asked()
    await asked.fails(3)
    await asked.clock.advance(PAUSE_S)
    asked.reader.takes_s = lambda _: 1.0
    probe = asyncio.create_task(asked.guarded.read("yes", "sms"))
    await settled()
    probe.cancel()
    await asked.clock.advance(PAUSE_S)
    asked.reader.takes_s = lambda _: 0.0
    assert await asked.guarded.read("yes", "sms") is NO
    assert asked.clock.now() == START + timedelta(seconds=2 * PAUSE_S)


async def test_only_so_many_are_read_at_once() -> None:
    """One more gets no reading at once and does not wait."""
    asked = Asked()
    asked.reader.takes_s = lambda _: 1.0
    readings = [asyncio.create_task(asked.guarded.read("yes", "sms")) for _ in range(MOST_AT_ONCE + 1)]
    await settled()
    assert [reading.done() for reading in readings] == [False] * MOST_AT_ONCE + [True]
    await asked.clock.advance(1)
    assert [reading.result() for reading in readings] == [NO] * MOST_AT_ONCE + [None]
    assert asked.reader.most_at_once == MOST_AT_ONCE
    asked.reader.takes_s = lambda _: 0.0
    assert await asked.guarded.read("yes", "sms") is NO
