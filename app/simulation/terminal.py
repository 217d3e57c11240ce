"""Where the demo writes: lines, and on a terminal a status line that stays below them."""

import os
import shutil
from enum import IntEnum
from typing import TextIO


class Colour(IntEnum):
    """Foreground colours, by their ANSI codes."""

    RED = 31
    GREEN = 32
    YELLOW = 33
    GREY = 90


def painted(text: str, colour: Colour) -> str:
    """The text in this colour, for a terminal."""
    return f"\x1b[{colour.value}m{text}\x1b[0m"


class Output:
    """Writes whole lines to a stream. The status line is rewritten in place, so it is only shown on a terminal."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._status = ""
        #: Whether the stream is a terminal that can rewrite a line.
        self.is_terminal = stream.isatty() and os.environ.get("TERM") != "dumb"
        #: Whether lines may have colours. A user turns them off with NO_COLOR (https://no-color.org).
        self.has_colours = self.is_terminal and not os.environ.get("NO_COLOR")

    def write(self, line: str) -> None:
        """Write a line above the status line. Raises BrokenPipeError if the reader has closed the stream."""
        self._stream.write(f"{self._erased()}{line}\n{self._status}")
        self._stream.flush()

    def show_status(self, text: str) -> None:
        """Replace the status line, cut to the width of the terminal; an empty text removes it.

        Does nothing if the stream is not a terminal. Raises BrokenPipeError as `write` does.
        """
        if not self.is_terminal:
            return
        erased = self._erased()
        self._status = text[: shutil.get_terminal_size().columns - 1]
        self._stream.write(f"{erased}{self._status}")
        self._stream.flush()

    def _erased(self) -> str:
        return "\r\x1b[K" if self._status else ""
