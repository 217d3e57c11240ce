"""Telephone numbers: every usual format is understood, and anything else is refused."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.phone_numbers import masked, to_e164

E164 = re.compile(r"\+[1-9][0-9]{6,14}")

SAME_NUMBER = [
    "+16175550108",
    "+1 617 555 0108",
    "+1-617-555-0108",
    "+1 (617) 555-0108",
    "+1.617.555.0108",
    "16175550108",
    "1 617 555 0108",
    "1-617-555-0108",
    "1 (617) 555-0108",
    "6175550108",
    "617 555 0108",
    "617-555-0108",
    "617.555.0108",
    "617/555-0108",
    "(617) 555-0108",
    "(617)555-0108",
    "  617-555-0108\t",
    "617\u00a0555\u00a00108",
    "617\u2011555\u20110108",
    "617\u2013555\u20130108",
    "617\u2212555\u22120108",
    "\u202a+1 617 555 0108\u202c",
    "tel:+16175550108",
    "\uff16\uff11\uff17\uff15\uff15\uff15\uff10\uff11\uff10\uff18",
]

SHORT = ["+15550001", "+1 555 0001", "+1-555-0001", "1 555 0001", "15550001", "555 0001", "555-0001", "5550001"]

ABROAD = [
    ("+44 20 7946 0000", "+442079460000"),
    ("+49 (30) 123-456", "+4930123456"),
    ("+52 55 1234 5678", "+525512345678"),
]

GARBAGE = [
    "",
    " ",
    "+",
    "+1",
    "1",
    "911",
    "555-010",
    "12345678901234567890",
    "+1234567890123456",
    "+0155550001",
    "++16175550108",
    "617+5550108",
    "+1617555010a",
    "617-555-O108",
    "1-800-FLOWERS",
    "617-555-0108 x12",
    "617-555-0108, 617-555-0109",
    "ann@example.com",
    "+\u0661\u0666\u0661\u0667\u0665\u0665\u0665\u0660\u0661\u0660\u0668",
    "617\n5550108",
    "617\x005550108",
    "61755501\ud800",
    "+1" + "-" * 100 + "6175550108",
    "not a number",
    # Ten digits of North America whose area code or exchange begins with 0 or 1, or more or fewer digits.
    "+10175550108",
    "+11175550108",
    "+16170550108",
    "+16171550108",
    "+1617555010",
    "+161755501080",
    "6170550108",
    "+15560001",
]


@pytest.mark.parametrize("written", SAME_NUMBER)
def test_every_usual_format_is_the_same_number(written: str) -> None:
    """All usual formats of a US number give the same E.164 number."""
    assert to_e164(written) == "+16175550108"


@pytest.mark.parametrize("written", SHORT)
def test_the_short_numbers_of_sample_data(written: str) -> None:
    """The short numbers of the sample data are valid, with and without plus and country code."""
    assert to_e164(written) == "+15550001"


@pytest.mark.parametrize(("written", "number"), ABROAD)
def test_numbers_from_abroad_need_a_plus(written: str, number: str) -> None:
    """After a plus the number of any country is accepted, with the usual separators."""
    assert to_e164(written) == number


@pytest.mark.parametrize("written", GARBAGE)
def test_garbage_is_refused(written: str) -> None:
    """Text that is not a number is refused with a fixed message that the sender may see."""
    with pytest.raises(ValueError, match=r"^not a telephone number(: write it as| of the US: it needs) "):
        to_e164(written)


@pytest.mark.parametrize("written", ["+15551000001", "555-100-0001", "+1 155 555 0100", "+1617555010"])
def test_a_us_number_that_cannot_be_is_refused_with_the_reason(written: str) -> None:
    """It is written as asked for, so the message says what is wrong with its digits."""
    with pytest.raises(ValueError, match="ten digits, and neither the first nor the fourth may be 0 or 1"):
        to_e164(written)


@given(st.text() | st.text(alphabet="+0123456789 ()-.x/\u2011", max_size=24))
def test_any_text_is_a_number_or_refused(written: str) -> None:
    """Any text gives a ValueError or an E.164 number that is not changed by a second conversion."""
    try:
        number = to_e164(written)
    except ValueError:
        return
    assert E164.fullmatch(number)
    assert to_e164(number) == number


@given(st.from_regex(r"\+([2-9][0-9]{6,14}|1[2-9][0-9]{2}[2-9][0-9]{6})", fullmatch=True).filter(str.isascii))
def test_e164_stays_as_it_is(number: str) -> None:
    """A number in E.164 is not changed."""
    assert to_e164(number) == number


@given(st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True).filter(str.isascii))
def test_a_masked_number_shows_two_digits(number: str) -> None:
    """A masked number is three asterisks and its last two digits, whatever its length is."""
    shown = masked(number)
    assert shown == "***" + number[-2:]
    assert sum(char.isdigit() for char in shown) == 2


@given(st.text())
def test_masking_never_shows_more(text: str) -> None:
    """A masked text shows no more than its last two characters."""
    assert masked(text).removeprefix("***") == text[-2:]
