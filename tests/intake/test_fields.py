"""The types of fields from outside: the limits of each."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from app.intake.fields import Id, Location, Name, Role, Time

TEXTS: list[tuple[Any, int]] = [(Id, 128), (Name, 200), (Role, 80), (Location, 60)]


@pytest.mark.parametrize(("field", "longest"), TEXTS)
def test_the_longest_text(field: Any, longest: int) -> None:
    """A text of the largest length is accepted; one character more is refused, and so is an empty text."""
    adapter = TypeAdapter(field)
    assert adapter.validate_python("x" * longest) == "x" * longest
    for text in ("x" * (longest + 1), ""):
        with pytest.raises(ValidationError):
            adapter.validate_python(text)


@pytest.mark.parametrize(("field", "longest"), TEXTS)
@pytest.mark.parametrize("character", ["\x00", "\n", "\x1f", "\x7f", "\x80", "\x9f"])
def test_control_characters_are_refused(field: Any, longest: int, character: str) -> None:
    """Both ranges of control characters are refused, in every kind of text."""
    with pytest.raises(ValidationError, match="must not contain control characters"):
        TypeAdapter(field).validate_python(f"a{character}b")


@pytest.mark.parametrize("text", ["1970-12-31T23:59:59Z", "3000-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00"])
def test_a_year_out_of_range_is_refused(text: str) -> None:
    """Times are in the years 1971 to 2999."""
    with pytest.raises(ValidationError, match="must be in the years 1971 to 2999"):
        TypeAdapter(Time).validate_python(text)
