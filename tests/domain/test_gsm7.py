"""The GSM-7 alphabet of text messages: a text's length in septets, and its conversion."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.gsm7 import ONE_SEGMENT, fits_one_segment, septets, to_gsm7

BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = "\f^{}\\[~]|€"


def test_the_alphabet_is_complete() -> None:
    """The default alphabet has 127 characters besides the escape, each one septet."""
    assert len(set(BASIC)) == 127
    assert septets(BASIC) == 127


@pytest.mark.parametrize("char", EXTENSION)
def test_the_extension_table_takes_two(char: str) -> None:
    """A character of the extension table takes an escape and itself."""
    assert septets(char) == 2


@pytest.mark.parametrize("char", ["`", "ç", "á", "Ł", "я", "中", "😀", "\u2019", "\u00a0", "\t", "\u0301"])
def test_any_other_character_is_outside(char: str) -> None:
    """One character outside the alphabet makes the whole text unfit for GSM-7."""
    assert septets(char) is None
    assert septets(f"fine {char} fine") is None
    assert not fits_one_segment(char)


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("", True),
        ("x" * ONE_SEGMENT, True),
        ("x" * (ONE_SEGMENT + 1), False),
        ("x" * (ONE_SEGMENT - 1) + "€", False),
        ("x" * (ONE_SEGMENT - 2) + "€", True),
        ("€" * 80, True),
        ("€" * 81, False),
    ],
)
def test_a_segment_has_160_septets(text: str, fits: bool) -> None:
    """A text of up to 160 septets is one segment; characters of the extension table are two septets."""
    assert fits_one_segment(text) is fits


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("St. Mary\u2019s", "St. Mary's"),
        ("\u201cRN\u201d", '"RN"'),
        ("RN \u2013 nights \u2014 Quincy\u2026", "RN - nights - Quincy..."),
        ("\u2022 RN", "* RN"),
        ("RN\u00a0shift\u202fA", "RN shift A"),
        ("  two\t\nlines \r\n here ", "two lines here"),
        ("Fran\u00e7oise \u00c1lvarez", "Francoise Alvarez"),
        ("\u010cesk\u00fd T\u011b\u0161\u00edn", "Cesky Tesin"),
        ("ni\u00f1o \u00fcber \u00e9t\u00e9", "ni\u00f1o \u00fcber \u00e9t\u00e9"),
        ("Montre\u0301al, Franc\u0327oise", "Montr\u00e9al, Francoise"),
        ("7\u20113 shift", "7-3 shift"),
        ("\ufb01rst \uff21", "first A"),
        ("{RN} [~] \u20ac5", "{RN} [~] \u20ac5"),
    ],
)
def test_typography_and_foreign_accents_become_plain(written: str, expected: str) -> None:
    """Characters outside the alphabet become the nearest ones in it; accents that it has are kept."""
    assert to_gsm7(written) == expected
    assert septets(to_gsm7(written)) is not None


@pytest.mark.parametrize("word", ["\u041c\u043e\u0441\u043a\u0432\u0430", "\u4e2d\u6587", "\U0001f600", "\u05e9"])
def test_other_scripts_are_kept(word: str) -> None:
    """Letters without a counterpart in the alphabet are kept rather than dropped."""
    assert to_gsm7(f"RN {word}") == f"RN {word}"


@given(st.text(alphabet=sorted(set(BASIC + EXTENSION) - set("\n\r\f "))))
def test_a_text_of_the_alphabet_is_unchanged(text: str) -> None:
    """A text of the alphabet without white space is not changed."""
    assert to_gsm7(text) == text


@given(st.text())
def test_the_result_is_one_line_and_converting_it_again_changes_no_word(text: str) -> None:
    """Any text becomes one line, whose words a second conversion does not change."""
    once = to_gsm7(text)
    assert once.splitlines() in ([], [once])
    assert to_gsm7(once).split() == once.split()


@given(st.text(max_size=80))
def test_the_length_is_the_sum_of_its_characters(text: str) -> None:
    """A text's length is the sum of its characters', and unknown if one of them is outside the alphabet."""
    lengths = [septets(char) for char in text]
    whole = septets(text)
    if whole is None:
        assert None in lengths
    else:
        assert whole == sum(length or 0 for length in lengths)
        assert None not in lengths
