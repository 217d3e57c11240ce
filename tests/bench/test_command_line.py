"""The command line of `python -m bench`: its help and its exit status."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.__main__ import BENCHMARKS, argument_parser, exit_status, measured, parse
from bench.table import Line

LINE = Line(name="late, 50", figure="100/s", baseline="-", ratio=None)


def test_the_help_explains_every_benchmark_in_a_sentence() -> None:
    """Each name that `--only` accepts has its summary, a full sentence, in the help."""
    text = " ".join(argument_parser().format_help().split())
    for name, benchmark in BENCHMARKS.items():
        assert f" {name} {benchmark.summary}" in text
        assert benchmark.summary.endswith(".")


def test_files_belong_to_one_benchmark(capsys: pytest.CaptureFixture[str]) -> None:
    """Any other benchmark would leave them unread."""
    assert parse(["--only", "intent", "a.jsonl"]).files == [Path("a.jsonl")]
    for arguments in (["a.jsonl"], ["--only", "late", "a.jsonl"], ["--only", "late", "--only", "intent", "a.jsonl"]):
        with pytest.raises(SystemExit):
            parse(arguments)
        assert "files are read only by --only intent" in capsys.readouterr().err


def test_the_minutes_belong_to_the_soak(capsys: pytest.CaptureFixture[str]) -> None:
    """They may be a fraction. The receiver of the soak's messages ends after an hour, so there is a limit."""
    assert parse(["--only", "soak", "--minutes", "0.5"]).minutes == 0.5
    assert parse(["--minutes", "8"]).minutes == 8
    for arguments, why in (
        (["--only", "late", "--minutes", "1"], "--minutes is for the soak"),
        (["--minutes", "0"], "must be above 0 and at most 50"),
        (["--minutes", "51"], "must be above 0 and at most 50"),
    ):
        with pytest.raises(SystemExit):
            parse(arguments)
        assert why in capsys.readouterr().err


def test_the_rate_belongs_to_the_soak(capsys: pytest.CaptureFixture[str]) -> None:
    """It is a number of laps a second, which may be a fraction."""
    assert parse(["--only", "soak", "--rate", "0.5"]).rate == 0.5
    for arguments, why in (
        (["--only", "late", "--rate", "1"], "--rate is for the soak"),
        (["--rate", "0"], "must be above 0 and at most 1000"),
    ):
        with pytest.raises(SystemExit):
            parse(arguments)
        assert why in capsys.readouterr().err


def test_a_benchmark_that_fails_ends_with_status_1_and_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    """What it measured before the failure stays in the table."""

    def breaks() -> Iterator[Line]:
        yield LINE
        raise RuntimeError("no database")

    lines = [*measured("pg-late", breaks), *measured("late", lambda: iter([LINE]))]
    assert [line.name for line in lines] == ["late, 50", "pg-late", "late, 50"]
    assert lines[1].note == "RuntimeError: no database"
    assert exit_status(lines) == 1
    assert capsys.readouterr().err == "not measured: pg-late\n"


def test_a_run_without_a_failure_ends_with_status_0(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is written then."""
    assert exit_status(measured("late", lambda: iter([LINE]))) == 0
    assert capsys.readouterr().err == ""
