"""A clock that tests move, and faults for the simulated telephone network."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from app.domain.decisions import Message
from app.simulation.clock import SteppedClock
from app.simulation.phones import DeliveryBehaviour

START = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)


class FakeClock(SteppedClock):
    """A stepped clock that starts at START and can also be set."""

    def __init__(self, start: datetime = START) -> None:
        super().__init__(start)

    def set_back(self, seconds: float) -> None:
        """Set the clock back, as a time server may. Timers stay as far in the future as they were."""
        self.set_forward(-seconds)

    def set_forward(self, seconds: float) -> None:
        """Set the clock forward, as on a computer that slept: nothing runs in between. Timers keep their distance."""
        self._now += timedelta(seconds=seconds)
        self._timers = [(when + timedelta(seconds=seconds), number, timer) for when, number, timer in self._timers]


def raising(*faults: Exception | None) -> DeliveryBehaviour:
    """A behaviour that raises one fault per message, in order. For None, or after the last fault, it does nothing."""
    left: Iterator[Exception | None] = iter(faults)

    def behave(_: Message) -> None:
        fault = next(left, None)
        if fault is not None:
            raise fault

    return behave
