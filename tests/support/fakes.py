"""Fakes for the ports: a clock that tests move, and faults for the simulated telephone network."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from app.domain.decisions import Message
from app.simulation.clock import SteppedClock
from app.simulation.phones import DeliveryBehaviour

START = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)


class FakeClock(SteppedClock):
    """A stepped clock that can be put back too."""

    def __init__(self, start: datetime = START) -> None:
        super().__init__(start)

    def set_back(self, seconds: float) -> None:
        """Put the clock back, as a time server may; timers keep their distance."""
        self._now -= timedelta(seconds=seconds)
        self._timers = [(when - timedelta(seconds=seconds), number, timer) for when, number, timer in self._timers]


def raising(*faults: Exception | None) -> DeliveryBehaviour:
    """A behaviour that goes through `faults` call by call (None: it works) and works from then on."""
    left: Iterator[Exception | None] = iter(faults)

    def behave(_: Message) -> None:
        fault = next(left, None)
        if fault is not None:
            raise fault

    return behave
