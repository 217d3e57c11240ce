"""What a clock promises."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol


class Cancellable(Protocol):
    """A callback that has not run yet."""

    def cancel(self) -> None:
        """Make sure the callback does not run. Doing so twice, or after it ran, does nothing."""


class Clock(Protocol):
    """The only source of time, so that tests can move ten minutes in one call."""

    def now(self) -> datetime:
        """The time now, an aware datetime in UTC."""

    def call_at(self, when: datetime, callback: Callable[[], object]) -> Cancellable:
        """Run `callback` on the event loop of the caller once it is `when`; soon if that has passed."""
