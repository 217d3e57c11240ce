"""The scores of labelled replies: what counts as right, and which mistakes are dangerous."""

import json
from pathlib import Path

import pytest
from fakes import FakeClock
from readers import FakeReader, raising

from app.domain.reading import Intent, Reading
from app.errors import ReaderFailure
from app.intent import classify
from bench.intent import WithModel, long_texts
from bench.labelled_replies import Result, read_file, score_lines, wrong_rows


def result(got: Intent, label: str, *ok: str) -> Result:
    """A row that was taken for `got`."""
    return Result(text="some words", label=label, ok=ok or (label,), got=got)


@pytest.mark.parametrize(
    ("row", "danger"),
    [
        (result(Intent.ACCEPT, "ACCEPT"), None),
        (result(Intent.UNKNOWN, "ACCEPT"), None),
        (result(Intent.UNKNOWN, "DECLINE", "DECLINE", "UNKNOWN"), None),
        (result(Intent.DECLINE, "UNKNOWN"), None),
        (result(Intent.ACCEPT, "UNKNOWN"), "wrong ACCEPT"),
        (result(Intent.ACCEPT, "STOP"), "wrong ACCEPT"),
        (result(Intent.UNKNOWN, "STOP"), "missed STOP"),
        (result(Intent.STOP, "DECLINE"), "wrong STOP"),
        (result(Intent.START, "ACCEPT"), "wrong START"),
        (result(Intent.WRONG_NUMBER, "UNKNOWN"), "wrong WRONG_NUMBER"),
        (result(Intent.DECLINE, "ACCEPT"), "DECLINE for a yes"),
        (result(Intent.DECLINE, "UNKNOWN", "UNKNOWN", "ACCEPT"), "DECLINE for a yes"),
    ],
)
def test_which_mistakes_are_dangerous(row: Result, danger: str | None) -> None:
    """A shift is claimed, somebody is silenced, or a STOP is not heard; not to understand somebody is none."""
    assert row.danger == danger


def test_the_lines_of_a_file() -> None:
    """Accuracy, recall of each label with its goal, and the dangerous rows by kind."""
    rows = [
        result(Intent.ACCEPT, "ACCEPT"),
        result(Intent.UNKNOWN, "ACCEPT"),
        result(Intent.ACCEPT, "UNKNOWN"),
        result(Intent.UNKNOWN, "STOP"),
    ]
    lines = {line.name: line for line in score_lines("mine", rows)}
    assert {name: line.figure for name, line in lines.items()} == {
        "mine: accuracy": "0.250",
        "mine: recall of ACCEPT": "0.500",
        "mine: recall of STOP": "0.000",
        "mine: recall of UNKNOWN": "0.000",
        "mine: dangerous": "2",
    }
    assert lines["mine: dangerous"].note == "1 missed STOP, 1 wrong ACCEPT"
    assert [line.goal.met for line in lines.values() if line.goal] == [False] * 4
    assert list(wrong_rows(rows, all_rows=False)) == [
        "missed STOP: STOP read as UNKNOWN: some words",
        "wrong ACCEPT: UNKNOWN read as ACCEPT: some words",
    ]
    assert len(list(wrong_rows(rows, all_rows=True))) == 3


def test_a_file_is_read_row_by_row(tmp_path: Path) -> None:
    """A row has a label, acceptable labels, or both; a call is read as one."""
    rows = [
        {"text": "yes", "label": "ACCEPT"},
        {"text": "1", "channel": "voice", "ok": ["ACCEPT"]},
        {"text": "hm", "label": "UNKNOWN", "ok": ["UNKNOWN", "DECLINE"]},
    ]
    path = tmp_path / "mine.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)) + "\n\n")
    results = read_file(path, classify)
    assert [(one.label, one.right) for one in results] == [("ACCEPT", True), ("ACCEPT", True), ("UNKNOWN", True)]


@pytest.mark.parametrize("line", ['{"text": "yes"}', "yes", "[1]", '{"label": "ACCEPT"}'])
def test_a_line_that_is_no_row_is_named(line: str, tmp_path: Path) -> None:
    """The file and the number of the line say where to look."""
    path = tmp_path / "mine.jsonl"
    path.write_text('{"text": "yes", "label": "ACCEPT"}\n' + line)
    with pytest.raises(ValueError, match=r"^mine.jsonl, line 2: "):
        read_file(path, classify)


def test_a_model_is_scored_as_the_service_would_ask_it() -> None:
    """Only about what the rules leave unclear, under their vetoes; without an answer the rules stand."""
    reader = FakeReader(FakeClock(), answers=lambda _: Reading(intent=Intent.ACCEPT))
    reads = WithModel(reader)
    assert reads("no", "sms") is Intent.DECLINE
    assert reads("cowabunga dude", "sms") is Intent.ACCEPT
    assert reads("cowabunga dude, maybe", "sms") is Intent.UNKNOWN
    reader.answers = raising(ReaderFailure("HTTP 500"))
    assert reads("cowabunga dude", "sms") is Intent.UNKNOWN
    assert reader.asked == ["cowabunga dude"] * 2
    assert (len(reads.took_s), reads.failures) == (2, 1)


def test_the_long_texts_are_the_same_in_every_run() -> None:
    """No text is longer than a message can be, and the slowest one of a run can be found again."""
    texts = list(long_texts(["yes", "no"], 5))
    assert texts == list(long_texts(["yes", "no"], 5))
    assert max(map(len, texts)) == 1600
