"""What the demo writes to a terminal and to a pipe."""

import io

import pytest

from app.simulation.terminal import Output


class FakeTerminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """True."""
        return True


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of forty columns, without NO_COLOR."""
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)


def test_a_line_is_written_above_the_status_line() -> None:
    """The status line is erased, the line takes its place, and the status line is written again below it."""
    stream = FakeTerminal()
    output = Output(stream)
    output.show_status("calls in 1m 00s rn")
    output.write("texted 3")
    assert stream.getvalue() == "calls in 1m 00s rn\r\x1b[Ktexted 3\ncalls in 1m 00s rn"


def test_the_status_line_is_replaced_and_removed() -> None:
    """A new status replaces the old one; an empty one leaves nothing behind."""
    stream = FakeTerminal()
    output = Output(stream)
    for text in ("one", "two", "", ""):
        output.show_status(text)
    output.write("line")
    assert stream.getvalue() == "one\r\x1b[Ktwo\r\x1b[Kline\n"


def test_the_status_line_never_wraps() -> None:
    """A wrapped line could not be erased: the status is shorter than the terminal is wide."""
    stream = FakeTerminal()
    Output(stream).show_status("x" * 200)
    assert stream.getvalue() == "x" * 39


def test_a_pipe_gets_lines_only() -> None:
    """No status line, no escape sequence, no colours."""
    stream = io.StringIO()
    output = Output(stream)
    output.show_status("calls in 1m 00s rn")
    output.write("texted 3")
    assert stream.getvalue() == "texted 3\n"
    assert not output.has_colours


@pytest.mark.parametrize(
    ("name", "value", "coloured", "rewrites"),
    [
        ("NO_COLOR", "1", False, True),
        ("NO_COLOR", "", True, True),
        ("TERM", "dumb", False, False),
        ("TERM", "xterm-256color", True, True),
    ],
)
def test_the_environment_decides_about_colours(
    name: str, value: str, coloured: bool, rewrites: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NO_COLOR turns colours off; a terminal that cannot rewrite a line gets no status line either."""
    monkeypatch.setenv(name, value)
    output = Output(FakeTerminal())
    assert (output.has_colours, output.is_terminal) == (coloured, rewrites)
