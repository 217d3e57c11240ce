"""A yes to another day, other hours or another place is no yes, wherever in the reply they are named.

Made from all labelled yeses that name the reference shift's own: Wednesday, the 2nd, 8 to 4, Quincy.
"""

import json
import re
from pathlib import Path

import pytest

from app.domain.reading import Intent
from app.intent import classify

DATA = Path(__file__).parent.parent / "data"
YESES = [
    row
    for path in sorted(DATA.glob("*.jsonl"))
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())
    if row.get("label") == Intent.ACCEPT and "Open RN shift" not in row["text"]
]
#: In these stories the day is that of another person.
ANOTHER_PERSONS = r"\b(?:husband|my sister|my cousin|my wife)\b|mom's got|ex actually|told pastor|babysitter flaked"
#: Of a hundred yeses with another town so many may still be taken for one to the shift, as only a word that stands
#: where a place stands is compared: "I'd never go back to Brockton after the parking ticket, but yes" tells a story.
STORIES_PER_HUNDRED = 50
#: Of so many yeses one may be taken for one to the shift that names another day or other hours beside it.
ONE_OF = 25


#: Days, hours and places that are those of the answer, and others that are told.
BESIDE_THE_ANSWER = (
    ("I'm free all day Friday so go ahead and give it to me", Intent.UNKNOWN),
    ("Charter got cancelled so yeah I'll work. Brockton 8-4 ok", Intent.UNKNOWN),
    ("Ok I go. Wednesday 10 I be there", Intent.UNKNOWN),
    ("I'm an early bird so 10 is perfect, sign me up", Intent.UNKNOWN),
    ("ok, 3 it is", Intent.UNKNOWN),
    ("My hair appointment got moved to Friday. I'll take it", Intent.ACCEPT),
    ("Back from Ohio on Friday. Yes for Wednesday in Quincy, I'll be there", Intent.ACCEPT),
    ("10-4, I'll be there", Intent.ACCEPT),
    ("I'm an early bird so 8 is perfect, sign me up", Intent.ACCEPT),
)


def accepted_with(named: str, other: str) -> tuple[int, list[str]]:
    """How many of the yeses that name `named` are understood, and which are with `other` in its place."""
    understood, wrong = 0, []
    for row in YESES:
        text, channel = row["text"], row.get("channel", "sms")
        if re.search(named, text, re.IGNORECASE):
            understood += classify(text, channel) is Intent.ACCEPT
            replaced = re.sub(named, other.lower() if text == text.lower() else other, text, flags=re.IGNORECASE)
            if classify(replaced, channel) is Intent.ACCEPT:
                wrong.append(replaced)
    return understood, wrong


@pytest.mark.parametrize(
    ("named", "other"),
    [
        (r"\bwednesday\b", "Friday"),
        (r"\bwed\b", "Thu"),
        (r"\bjuly 2(?:nd)?\b", "July 9th"),
        (r"\bthe 2nd\b", "the 14th"),
        (r"\b8 ?- ?4\b", "9-5"),
        (r"\b8 to 4\b", "7 to 3"),
        (r"\beight to four\b", "nine to five"),
    ],
)
def test_another_day_or_other_hours(named: str, other: str) -> None:
    """Hardly a yes that names another day or other hours is one to this shift, but for days of other people."""
    understood, wrong = accepted_with(named, other)
    assert understood > 5
    assert len([text for text in wrong if not re.search(ANOTHER_PERSONS, text, re.IGNORECASE)]) * ONE_OF <= understood


@pytest.mark.parametrize("town", ["Brockton", "Fall River", "Worcester", "Schenectady"])
def test_another_town(town: str) -> None:
    """Most yeses that name another town are none to this shift; in a story the town may be anything."""
    understood, wrong = accepted_with(r"\bquincy\b", town)
    assert len(wrong) * 100 <= STORIES_PER_HUNDRED * understood, wrong


@pytest.mark.parametrize(("text", "meant"), BESIDE_THE_ANSWER)
def test_what_is_named_beside_the_answer(text: str, meant: Intent) -> None:
    """What a sentence beside the answer names must be the shift's, unless it is plainly about something else."""
    assert classify(text) is meant
