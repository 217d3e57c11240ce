"""Telephone numbers: any usual way of writing one -> E.164, and masked for logs. Pure."""

import re

#: E.164: a plus, no leading zero, at most 15 digits. Short ones such as +15550001 are valid here.
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_SEPARATORS = str.maketrans("", "", " \t\u00a0\u2007\u2009\u202f().-/\u2010\u2011\u2012\u2013")
_LONGEST_WRITTEN = 40


def to_e164(written: str) -> str:
    """The number in E.164, from E.164 itself or a usual way of writing a US number.

    Without a plus the number is a US one: ten digits, or the same behind a 1 (no area code starts with 1);
    and the short forms that stand for +1 555 0001 in sample data (1 555 0001, 555 0001).

    Raises ValueError, with a message fit for the sender, if it is none of these.
    """
    digits = written.strip().translate(_SEPARATORS) if len(written) <= _LONGEST_WRITTEN else ""
    if not digits.startswith("+"):
        if digits[:1] == "1" and len(digits) in (8, 11):
            digits = "+" + digits
        elif digits[:1] != "1" and len(digits) in (7, 10):
            digits = "+1" + digits
    if not _E164.fullmatch(digits):
        raise ValueError("not a telephone number: write it as +1 555 555 0100, 555-555-0100 or in E.164")
    return digits


def masked(phone: str) -> str:
    """The number as logs may show it: only its last two digits."""
    return "***" + phone[-2:]
