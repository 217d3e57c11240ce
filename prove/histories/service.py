"""The service as the histories run it: the real one, with a clock that another process can set.

uvicorn calls `create_app`. The file that PROVE_CLOCK names has the number of seconds by which the clock is wrong.
"""

import mmap
import os
import struct
from datetime import datetime, timedelta
from pathlib import Path

from fastapi import FastAPI

from app import api
from app.clock import SystemClock

CLOCK_VARIABLE = "PROVE_CLOCK"
_NUMBER = struct.Struct("d")


class WrongClock(SystemClock):
    """The system's clock, wrong by the seconds in a file."""

    def __init__(self, file: Path) -> None:
        with file.open("rb") as opened:
            self._shared = mmap.mmap(opened.fileno(), _NUMBER.size, access=mmap.ACCESS_READ)

    def now(self) -> datetime:
        """See `Clock`."""
        (seconds,) = _NUMBER.unpack(self._shared[:])
        return super().now() + timedelta(seconds=seconds)


def set_clock(file: Path, seconds: float) -> None:
    """Make the clock of the process with that file wrong by so many seconds."""
    if not file.exists():
        file.write_bytes(_NUMBER.pack(0.0))
    # In place: the process has the file's pages in its memory.
    with file.open("r+b") as opened:
        opened.write(_NUMBER.pack(seconds))


def create_app() -> FastAPI:
    """See `app.api.create_app`."""
    return api.create_app(clock=WrongClock(Path(os.environ[CLOCK_VARIABLE])))
