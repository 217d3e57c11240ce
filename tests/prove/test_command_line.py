"""The command line of the proof."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from prove import __main__ as command_line
from prove.mutants import ROOT
from prove.parts import PARTS, Line


def run(*arguments: str) -> tuple[int, str]:
    """The exit status and the output of `python -m prove`."""
    command = [sys.executable, "-m", "prove", *arguments]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return ended.returncode, ended.stdout + ended.stderr


@pytest.mark.process
@pytest.mark.parametrize("part", ["states", "schedules"])
def test_a_part_runs_in_two_processes(part: str) -> None:
    """Each line begins with its part, and a tree without a fault ends with 0."""
    status, output = run(part, "--sample")
    assert status == 0, output
    assert {line.split()[0] for line in output.splitlines()} == {part}


@pytest.mark.process
def test_a_token_is_replayed() -> None:
    """As a failure tells its reader to."""
    assert run("--replay", "two-yeses/12:1") == (0, "no rule is broken\n")


def test_a_broken_rule_ends_with_1(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """All lines are printed, those after it too."""

    def lines(**_: object) -> Iterator[Line]:
        yield "one", False
        yield "two", True

    monkeypatch.setitem(PARTS, "states", lines)
    assert command_line.main(["states"]) == 1
    assert capsys.readouterr().out.splitlines() == ["states     one", "states     two"]


def test_more_histories_are_made_on_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only that part takes a number."""
    asked: list[int] = []

    def lines(*, count: int, **_: object) -> Iterator[Line]:
        asked.append(count)
        yield "one", True

    monkeypatch.setitem(PARTS, "histories", lines)
    assert command_line.main(["histories", "--count", "100"]) == 0
    assert command_line.main(["histories"]) == 0
    assert asked == [100, 6]
