"""The map answers a stranger's questions with paths that exist."""

import re

import pytest
from processes import ROOT

#: (question, answer) of each row.
ROWS = re.findall(r"^\| ([^|]+\?) \| (.+) \|$", (ROOT / "docs" / "map.md").read_text(), re.MULTILINE)


def test_the_map_has_at_least_twenty_questions() -> None:
    """No question is asked twice."""
    questions = [question for question, _ in ROWS]
    assert len(set(questions)) == len(questions) >= 20


@pytest.mark.parametrize(("question", "answer"), ROWS, ids=[question for question, _ in ROWS])
def test_the_answer_exists(question: str, answer: str) -> None:
    """An answer names at least one path. Every path exists, and every other name occurs in one of the files."""
    names = re.findall(r"`([^`]+)`", answer)
    paths = [ROOT / name for name in names if "/" in name or "." in name]
    assert paths, question
    assert [str(path.relative_to(ROOT)) for path in paths if not path.exists()] == []
    text = "".join(path.read_text() for path in paths if path.is_file())
    assert [name for name in names if "/" not in name and "." not in name and name not in text] == []
