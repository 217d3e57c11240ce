"""Any text is classified, in little time, and a condition always prevents ACCEPT."""

import json
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bench.intent
from app.domain.reading import Intent
from app.intent import REFERENCE_SHIFT, classify, offer_code

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parent.parent / "data" / "replies.jsonl").read_text(encoding="utf-8").splitlines()
]
TEXTS = [row["text"] for row in ROWS]
ACCEPTED = [
    row["text"] for row in ROWS if row["label"] == "ACCEPT" and row["channel"] == "sms" and "\n" not in row["text"]
]

# Any characters at all, and sequences of words and marks that the rules react to.
ANYTHING = st.text(st.characters(exclude_categories=()))
WORDS = "yes,no,i can,will,take it,not,if,stop,text me,the shift,wed,thu,at,from,jul,@"
PIECES = [*WORDS.split(","), *"84,.?\n'\"->#$👍"]
ANY_TEXT = ANYTHING | st.lists(st.sampled_from(PIECES)).map(" ".join) | st.lists(st.sampled_from(PIECES)).map("".join)


@given(ANY_TEXT, st.sampled_from(["sms", "voice"]))
def test_any_text_has_an_intent(text: str, channel: str) -> None:
    """Whatever arrives is classified, without an exception."""
    assert classify(text, channel) in Intent


@pytest.mark.parametrize("text", ["yes ➊", "❶ yes", "no ❷", "yes ❽ to ❹", "፩ yes", "² yes", "yes ٣", "wed, ➇"])
@pytest.mark.parametrize("channel", ["sms", "voice"])
def test_digits_of_other_kinds(text: str, channel: str) -> None:
    """Digits that are no decimal numbers are read without an exception."""
    assert classify(text, channel) in Intent


@given(ANY_TEXT)
def test_a_code_is_digits_of_the_text(text: str) -> None:
    """A code is one to six ASCII digits that stand in the normalised text."""
    code = offer_code(text)
    if code is not None:
        assert code.isascii()
        assert code.isdigit()
        assert 1 <= len(code) <= 6
        assert code in unicodedata.normalize("NFKC", text)


@pytest.mark.parametrize("condition", ["if", "unless", "but only", "maybe"])
def test_a_condition_takes_acceptance_back(condition: str) -> None:
    """Hardly an acceptance with a condition added to it is ACCEPT: one of twenty-five."""
    taken = [said for said in ACCEPTED if classify(f"{said} {condition} they pay me for the drive") is Intent.ACCEPT]
    assert len(taken) * 25 <= len(ACCEPTED), taken


def test_stop_beside_anything() -> None:
    """A request to stop is found whatever else the message says."""
    assert TEXTS
    assert [said for said in TEXTS if classify(f"{said}. Stop texting me") is not Intent.STOP] == []


def test_too_long_to_answer_but_not_to_stop() -> None:
    """A reply that is too long to be read completely is never an answer; STOP at its beginning or end counts."""
    filler = "and another thing about the schedule " * 3000
    assert classify("Yes I'll take it. " + filler) is Intent.UNKNOWN
    assert classify(filler + ". Stop texting me") is Intent.STOP
    assert classify("STOP. " + filler) is Intent.STOP


#: A lone surrogate, which no reply from HTTP has, must do no harm either.
HOSTILE = [*bench.intent.HOSTILE, "\ud800"]


@given(st.lists(st.sampled_from(PIECES)).map(" ".join))
def test_without_a_day_or_an_hour_the_shift_does_not_matter(text: str) -> None:
    """A reply that names no time means the same for every shift."""
    if not any(part in text for part in ("wed", "thu", "8", "4")):
        assert classify(text, shift=None) is classify(text, shift=REFERENCE_SHIFT)


def fastest(text: str) -> float:
    """The shortest of several runs, in processor seconds of this thread."""
    times = []
    for _ in range(9):
        started = time.thread_time()
        classify(text)  # The text is too long for the cache.
        times.append(time.thread_time() - started)
    return min(times)


@pytest.mark.parametrize("piece", HOSTILE)
def test_work_is_bounded(piece: str) -> None:
    """1,600 characters that are chosen to be slow take less than 20 ms."""
    assert fastest((piece * 1600)[:1600]) < 0.02
    assert fastest((piece * 600)[:600]) < 0.02
