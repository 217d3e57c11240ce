"""The types of fields from outside: the limits of each."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from app.domain.records import role_key
from app.intake.fields import Day, Id, Location, Name, Phone, Role, Time

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


#: What people read. An id is opaque: only control characters are refused in it.
READ_BY_PEOPLE = pytest.mark.parametrize("field", [Name, Role, Location])


@READ_BY_PEOPLE
@pytest.mark.parametrize("text", ["Amy\n", "\tAmy", "\x00Amy", "Amy\u2028", "A\u2029my"])
def test_a_control_character_is_refused_at_the_ends_too(field: Any, text: str) -> None:
    """What trimming would remove is refused as well: it shows that something went wrong where the text comes from."""
    with pytest.raises(ValidationError, match="must not contain"):
        TypeAdapter(field).validate_python(text)


@READ_BY_PEOPLE
@pytest.mark.parametrize("character", list("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
def test_characters_that_change_the_direction_are_refused(field: Any, character: str) -> None:
    """They would reorder what stands around the text, on the board and in a message."""
    with pytest.raises(ValidationError, match="change the direction of text"):
        TypeAdapter(field).validate_python(f"Amy{character}ymA")


@READ_BY_PEOPLE
@pytest.mark.parametrize(
    "character",
    list("\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2064\u3164\ufe0f\ufeff\U000e0041"),
)
def test_invisible_characters_are_dropped(field: Any, character: str) -> None:
    """Two texts that look the same are the same, and one that shows nothing is empty."""
    adapter = TypeAdapter(field)
    assert adapter.validate_python(f"{character}A{character}my{character}") == "Amy"
    with pytest.raises(ValidationError, match="at least 1 character"):
        adapter.validate_python(f" {character}{character}")


@READ_BY_PEOPLE
def test_texts_are_composed(field: Any) -> None:
    """A letter with an accent is one character, however it was typed, and counts as one."""
    adapter = TypeAdapter(field)
    assert adapter.validate_python("Rene\u0301e \u00d1") == "Ren\u00e9e \u00d1"
    assert len(adapter.validate_python("e\u0301" * 60)) == 60


@pytest.mark.parametrize(
    "role", ["home health aide", "  Home  Health\u00a0AIDE ", "\uff28ome He\u200balth Aide", "HOME\u3000HEALTH AIDE"]
)
def test_roles_that_compare_as_the_same(role: str) -> None:
    """Case, spacing, width and invisible characters do not make another role."""
    assert role_key(TypeAdapter(Role).validate_python(role)) == "home health aide"


@pytest.mark.parametrize("id_", ["a\u202eb", "e\u0301", "\u200b", " a "])
def test_an_id_is_opaque(id_: str) -> None:
    """It is kept as it is: the agency's own system compares it byte by byte."""
    assert TypeAdapter(Id).validate_python(id_) == id_


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("(617) 555-0123", "+16175550123"),
        ("1.617.555.0123", "+16175550123"),
        ("tel:+1-617-555-0123", "+16175550123"),
        ("\u202a+1 617 555 0123\u202c", "+16175550123"),
        ("555-0001", "+15550001"),
        ("+15550001", "+15550001"),
        ("+44 20 7946 0958", "+442079460958"),
    ],
)
def test_a_number_in_any_usual_way(written: str, number: str) -> None:
    """It becomes E.164; so does the short form of the sample data."""
    assert TypeAdapter(Phone).validate_python(written) == number


@pytest.mark.parametrize(
    "written",
    [
        "",
        "911",
        "617555012",
        "61755501234",
        "0175550123",
        "1175550123",
        "6170550123",
        "6171550123",
        "+1617055",
        "+15551",
        "+155500011",
        "+1617555012",
        "+161755501234",
        "+0123456789",
        "+1234567890123456",
        "617-555-0123 ext 5",
        "six one seven",
        "617-555-0123\n617-555-0124",
        "\u0666\u0661\u0667-555-0123",
    ],
)
def test_what_is_no_number(written: str) -> None:
    """A US number has ten digits, and neither area code nor exchange begins with 0 or 1."""
    with pytest.raises(ValidationError, match="not a telephone number"):
        TypeAdapter(Phone).validate_python(written)


@pytest.mark.parametrize("offset", ["+16:00", "-16:00", "-23:59"])
def test_an_offset_that_no_zone_has_is_refused(offset: str) -> None:
    """PostgreSQL takes it in no statement."""
    with pytest.raises(ValidationError, match="must have an offset from -15:59 to"):
        TypeAdapter(Time).validate_python(f"2026-07-02T08:00:00{offset}")
    assert TypeAdapter(Time).validate_python("2026-07-02T08:00:00-15:59").year == 2026


@pytest.mark.parametrize(
    "text",
    [
        "1970-12-31T23:59:59Z",
        "1971-01-01T00:00:00+00:01",
        "2999-12-31T23:59:59-00:01",
        "3000-01-01T00:00:00Z",
        "9999-12-31T23:59:59-14:00",
    ],
)
def test_a_year_out_of_range_is_refused(text: str) -> None:
    """Times are in the years 1971 to 2999, in UTC: so are the times of the answers."""
    with pytest.raises(ValidationError, match="must be in the years 1971 to 2999"):
        TypeAdapter(Time).validate_python(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-07-02T08:00:00",
        "2026-13-02T08:00:00Z",
        "2026-07-02T08:00:00\u221204:00",
        "2026-07-02",
        "1782979200",
        "2026-07-02T08:61:00Z",
        "\u0662026",
        "",
    ],
)
def test_what_is_no_time_is_refused_in_the_same_words(text: str) -> None:
    """They say what is wanted, with an example."""
    with pytest.raises(ValidationError, match="must be a date and time with an offset, like 2026-07-02T08"):
        TypeAdapter(Time).validate_python(text)


@pytest.mark.parametrize("text", ["2026-07-02T00:00:00", "2026-02-30", "1782979200", "yesterday", ""])
def test_what_is_no_date_is_refused_in_the_same_words(text: str) -> None:
    """As for times. A bare number would be seconds since 1970."""
    with pytest.raises(ValidationError, match="must be a date, like 2026-07-02"):
        TypeAdapter(Day).validate_python(text)
