"""What is taken out of a reply before another machine sees it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.readers.masking import masked


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("bet, call me on 617-555-0134", "bet, call me on [phone]"),
        ("(617) 555 0134 or +16175550134", "[phone] or [phone]"),
        ("6175550134", "[phone]"),
        ("mail amy.lee@clinic.example pls", "mail [email] pls"),
        ("see https://x.example/a?b=c ok", "see [link] ok"),
        ("badge 40213 for 02139", "badge [number] for [number]"),
        ("hey its amy, im down", "hey its [name], im down"),
        ("Amy's car is fine. AMY", "[name]'s car is fine. [name]"),
        ("mrs henderson and Mr. Ortiz", "mrs [name] and Mr. [name]"),
        ("tell Denise and Whitfield", "tell [name] and [name]"),
        ("la señora lópez", "la señora [name]"),
    ],
)
def test_what_says_who_it_is_about_is_masked(text: str, seen: str) -> None:
    """Telephone numbers, addresses, the caregiver's own name, names behind a title and unknown capitalised words."""
    assert masked(text, "Amy Lee-Young") == seen


@pytest.mark.parametrize(
    "text",
    [
        "7am-3pm on 7/2 works, 8 hrs",
        "Wednesday July 2 from 07:00 to 15:00",
        "i will take it. may be late",
        "BET I WILL SLIDE",
        "Ight bet. Slidin thru, so I slide",
    ],
)
def test_an_answer_keeps_its_words(text: str) -> None:
    """Days, hours, verbs that are also names, and words that only begin a sentence stay."""
    assert masked(text, "Will May") == text


def test_a_name_that_is_a_verb_is_masked_with_its_capital() -> None:
    """ "Will here" tells who it is; "I will" does not."""
    assert masked("hi it is Will, i will slide", "Will May") == "hi it is [name], i will slide"


@given(
    st.text(max_size=200) | st.text("Amy0123456789 ().-@x'", max_size=80), st.text(max_size=30) | st.just("Amy Lee")
)
def test_any_text_is_masked(text: str, name: str) -> None:
    """Whatever the text and the name are, nothing raises, and no seven digits in a row are left."""
    assert re.search("[0-9]{7}", masked(text, name)) is None
