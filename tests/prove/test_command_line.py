"""The command line of the proof."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from prove import __main__ as command_line
from prove.mutants import ROOT
from prove.parts import PARTS, SIDE_BY_SIDE, Line, Options, schedule_lines
from prove.schedules import Failure


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
    assert {line.split()[0] for line in output.splitlines()} == {part, "summary"}


@pytest.mark.process
def test_a_token_is_replayed() -> None:
    """As a failure tells its reader to."""
    assert run("--replay", "two-yeses/12:1") == (0, "no rule is broken\n")


def test_a_broken_rule_ends_with_1(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """All lines are printed, those after it too, unless only the first failure is wanted."""

    def lines(_: Options) -> Iterator[Line]:
        yield "one", False
        yield "two", True

    monkeypatch.setitem(PARTS, "states", lines)
    assert command_line.main(["states"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "states     one",
        "states     two",
        "summary    states: 1 BROKEN, 0 s",
    ]
    assert command_line.main(["states", "--first"]) == 1
    assert capsys.readouterr().out.splitlines() == ["states     one", "summary    states: 1 BROKEN, 0 s"]


def test_an_error_ends_with_2(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """It is printed, and it is not taken for a rule that is broken; the other parts are run."""

    def crashes(_: Options) -> Iterator[Line]:
        yield "one", False
        raise KeyError("a fault of the proof")

    def lines(_: Options) -> Iterator[Line]:
        yield "all", True

    for part in PARTS:
        monkeypatch.setitem(PARTS, part, crashes if part == "states" else lines)
    assert command_line.main([]) == 2
    output = capsys.readouterr()
    assert "summary    states: FAILED with an error, 0 s" in output.out.splitlines()
    assert "summary    schedules: no rule is broken, 0 s" in output.out.splitlines()
    assert "KeyError: 'a fault of the proof'" in output.err


def test_without_a_name_every_part_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Each once; a failure of one that runs beside others ends with 1 too."""

    def lines(_: Options) -> Iterator[Line]:
        yield "all", True

    def broken(_: Options) -> Iterator[Line]:
        yield "all", False

    for part in PARTS:
        monkeypatch.setitem(PARTS, part, broken if part == "merges" else lines)
    assert command_line.main([]) == 1
    lines_of: list[str] = []
    summary: list[str] = []
    for line in capsys.readouterr().out.splitlines():
        (summary if line.startswith("summary") else lines_of).append(line)
    assert sorted(line.split()[0] for line in lines_of) == sorted(PARTS)
    assert [line.split()[1] for line in summary] == [*(f"{part}:" for group in SIDE_BY_SIDE for part in group), "all"]
    assert [line for line in summary if "BROKEN" in line] == [
        next(line for line in summary if " merges:" in line),
        summary[-1],
    ]


def test_schedules_end_after_a_failure_if_only_the_first_is_wanted() -> None:
    """A mutant is killed by one; the others need not be waited for."""
    for first, runs in ((True, 2), (False, 3)):
        results = iter([(1, []), (1, [Failure("token", "a rule")]), (1, [])])
        (line, passed), _ = schedule_lines("races", results, first=first)
        assert line.startswith(f"races: {runs} runs, 1 broken")
        assert not passed
        assert len(list(results)) == 3 - runs


def test_more_histories_are_made_on_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only that part takes a number."""
    asked: list[int] = []

    def lines(options: Options) -> Iterator[Line]:
        asked.append(options.count)
        yield "one", True

    monkeypatch.setitem(PARTS, "histories", lines)
    assert command_line.main(["histories", "--count", "100"]) == 0
    assert command_line.main(["histories"]) == 0
    assert asked == [100, 6]
