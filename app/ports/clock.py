"""What a clock promises."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol


class Cancellable(Protocol):
    """A callback that is scheduled to run."""

    def cancel(self) -> None:
        """Make sure the callback does not run. A second call, or a call after it ran, does nothing."""


class Clock(Protocol):
    """The only source of time in the service, so that a test can move it by ten minutes in one call."""

    def now(self) -> datetime:
        """The current time, an aware datetime in UTC."""

    def call_at(self, when: datetime, callback: Callable[[], object]) -> Cancellable:
        """Run `callback` on the caller's event loop at `when`, or soon if that time has passed."""
