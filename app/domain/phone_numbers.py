"""Telephone numbers: from any usual way of writing one to E.164, and masked for logs. Pure."""

import re
import unicodedata

#: E.164: a plus, no leading zero, at most 15 digits. Short ones such as +15550001 are valid here.
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
#: Spaces, brackets, dots, slashes, hyphens, and the invisible marks that a phone's address book puts around numbers.
_SEPARATORS = str.maketrans(
    "", "", " \t().-/\u2010\u2011\u2012\u2013\u2212\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
#: Numbers of North America: ten digits, area code and exchange not beginning with 0 or 1; or, as in the sample data,
#: 555 and four digits.
_NORTH_AMERICAN = re.compile(r"\+1([2-9][0-9]{2}[2-9][0-9]{6}|555[0-9]{4})")
_LONGEST_WRITTEN = 40


def to_e164(written: str) -> str:
    """The number in E.164, from E.164 itself or a usual way of writing a US number.

    A number without a plus is a US number: ten digits, with or without a leading 1. The sample data's short numbers
    (+1 555 0001, also written 1 555 0001 or 555 0001) are accepted too.

    Raises ValueError, with a message for the sender, if the text is none of these.
    """
    if len(written) > _LONGEST_WRITTEN:
        written = ""
    elif not written.isascii():
        written = unicodedata.normalize("NFKC", written)
    digits = written.strip().removeprefix("tel:").translate(_SEPARATORS)
    if not digits.startswith("+"):
        if digits[:1] == "1" and len(digits) in (8, 11):
            digits = "+" + digits
        elif digits[:1] != "1" and len(digits) in (7, 10):
            digits = "+1" + digits
    if not _E164.fullmatch(digits):
        raise ValueError("not a telephone number: write it as +1 555 555 0100, 555-555-0100 or in E.164")
    if digits.startswith("+1") and not _NORTH_AMERICAN.fullmatch(digits):
        rule = "it needs ten digits, and neither the first nor the fourth may be 0 or 1"
        raise ValueError(f"not a telephone number of the US: {rule}")
    return digits


def written(phone: str) -> str:
    """The number, which is E.164, as a text shows it: a US number as in 617-555-0100, another one unchanged."""
    if phone.startswith("+1") and len(phone) == len("+16175550100"):
        return f"{phone[2:5]}-{phone[5:8]}-{phone[8:]}"
    return phone


def masked(phone: str) -> str:
    """The number as logs may show it: only the last two digits."""
    return "***" + phone[-2:]


def without_numbers(text: str) -> str:
    """The text with every E.164 number masked."""
    return _E164.sub(lambda found: masked(found.group()), text)
