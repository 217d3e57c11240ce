"""Our texts as a voice reads them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import texts
from app.domain.records import Channel, Language, Shift
from app.notifiers.twilio.speech import spelled, spoken

ENGLISH, SPANISH = Language.ENGLISH, Language.SPANISH


def shift(
    role: str = "RN",
    start: str = "2026-07-02T12:00",
    hours: float = 8,
    zone: str = "America/New_York",
    location: str | None = None,
) -> Shift:
    """A shift. `start` is in UTC."""
    begins = datetime.fromisoformat(start).replace(tzinfo=UTC)
    return Shift(
        id="s",
        organization_id="north",
        role_required=role,
        start_time=begins,
        end_time=begins + timedelta(hours=hours),
        time_zone=zone,
        location=location,
    )


def described(one: Shift) -> str:
    """The description of the shift, as it is spoken."""
    return spoken(texts.describe(one, None), ENGLISH)


def test_an_offer_as_it_is_spoken() -> None:
    """The whole of it: role, day, hours, place, and which keys to press."""
    offer = texts.offer(shift(location="Quincy, MA 02169"), None, Channel.VOICE, None, ENGLISH)
    assert spoken(offer, ENGLISH) == (
        "Open R N shift on Thursday, July 2nd, from 8 AM to 4 PM Eastern time at Quincy, Massachusetts 0 2 1 6 9. "
        "To accept, press 1 or say yes. To pass, press 2 or say no."
    )


def test_the_short_form_is_spoken_too() -> None:
    """A text with a long role has the short form of the hours."""
    short = texts.describe(shift(start="2026-07-02T12:30"), None, short=True)
    assert short == "RN Thu Jul 2, 8:30AM-4:30PM EDT"
    assert spoken(short, ENGLISH) == "R N on Thursday, July 2nd, from 8:30 AM to 4:30 PM Eastern time"


@pytest.mark.parametrize(
    ("start", "hours", "zone", "expected"),
    [
        ("2026-07-01T12:00", 8, "UTC", "Wednesday, July 1st, from noon to 8 PM U T C"),
        ("2026-07-03T16:00", 8, "UTC", "Friday, July 3rd, from 4 PM to midnight U T C"),
        ("2026-07-11T00:05", 12, "UTC", "Saturday, July 11th, from 12:05 AM to 12:05 PM U T C"),
        ("2026-07-21T08:00", 24, "UTC", "Tuesday, July 21st, from 8 AM to Wednesday, July 22nd, 8 AM U T C"),
        ("2026-10-23T08:00", 1, "UTC", "Friday, October 23rd, from 8 AM to 9 AM U T C"),
        ("2026-12-31T18:00", 1, "America/Chicago", "Thursday, December 31st, from noon to 1 PM Central time"),
        ("2026-07-02T18:00", 1, "America/Denver", "Thursday, July 2nd, from noon to 1 PM Mountain time"),
        ("2026-07-02T18:00", 1, "America/Los_Angeles", "Thursday, July 2nd, from 11 AM to noon Pacific time"),
        ("2026-07-02T18:00", 1, "America/Anchorage", "Thursday, July 2nd, from 10 AM to 11 AM Alaska time"),
        ("2026-07-02T18:00", 1, "Pacific/Honolulu", "Thursday, July 2nd, from 8 AM to 9 AM Hawaii time"),
        ("2026-07-02T18:00", 1, "Europe/Berlin", "Thursday, July 2nd, from 8 PM to 9 PM C E S T"),
        ("2026-07-02T18:00", 1, "Asia/Kathmandu", "Thursday, July 2nd, from 11:45 PM to 12:45 AM U T C plus 5 45"),
        ("2026-07-02T18:00", 1, "America/Sao_Paulo", "Thursday, July 2nd, from 3 PM to 4 PM U T C minus 3"),
        (
            "2026-11-01T03:00",
            8,
            "America/New_York",
            "Saturday, October 31st, from 11 PM Eastern time to 6 AM Eastern time",
        ),
    ],
)
def test_days_and_hours(start: str, hours: float, zone: str, expected: str) -> None:
    """Days and months in full, ordinals, noon and midnight, and zones by the names that people use."""
    assert described(shift(start=start, hours=hours, zone=zone)) == f"R N shift on {expected}"


@pytest.mark.parametrize(
    ("start", "hours", "zone", "expected"),
    [
        ("2026-07-01T12:00", 8, "UTC", "miércoles primero de julio, del mediodía a las 8 de la noche, U T C"),
        ("2026-07-03T16:00", 8, "UTC", "viernes 3 de julio, de las 4 de la tarde a la medianoche, U T C"),
        ("2026-02-07T00:00", 12, "UTC", "sábado 7 de febrero, de la medianoche al mediodía, U T C"),
        ("2026-07-11T00:05", 13, "UTC", "sábado 11 de julio, de las 12:05 de la mañana a la 1:05 de la tarde, U T C"),
        (
            "2026-03-31T08:00",
            24,
            "UTC",
            "martes 31 de marzo, de las 8 de la mañana al miércoles primero de abril, a las 8 de la mañana, U T C",
        ),
        (
            "2026-12-31T19:00",
            2,
            "America/Chicago",
            "jueves 31 de diciembre, de la 1 de la tarde a las 3 de la tarde, hora del Centro",
        ),
        (
            "2026-07-02T18:00",
            1,
            "Asia/Kathmandu",
            "jueves 2 de julio, de las 11:45 de la noche a las 12:45 de la mañana, U T C más 5 45",
        ),
        (
            "2026-11-01T03:00",
            8,
            "America/New_York",
            "sábado 31 de octubre, de las 11 de la noche, hora del Este, a las 6 de la mañana, hora del Este",
        ),
    ],
)
def test_days_and_hours_in_spanish(start: str, hours: float, zone: str, expected: str) -> None:
    """Days and months in full, the part of the day instead of AM and PM, and the articles that belong there."""
    one = shift(start=start, hours=hours, zone=zone)
    assert spoken(texts.describe(one, None, SPANISH), SPANISH) == f"turno de R N el {expected}"
    assert spoken(texts.describe(one, None, SPANISH, short=True), SPANISH) == f"R N el {expected}"


@pytest.mark.parametrize("language", Language)
@given(day=st.integers(0, 364), hour=st.integers(0, 23))
def test_every_day_and_hour_is_spoken(language: Language, day: int, hour: int) -> None:
    """Whatever the texts write of a date, the voice knows."""
    starts = datetime(2026, 1, 1, hour, tzinfo=UTC) + timedelta(days=day)
    one = shift(start=starts.replace(tzinfo=None).isoformat(), zone="America/New_York")
    said = spoken(texts.describe(one, None, language), language)
    assert "AM-" not in said
    assert "PM-" not in said
    assert ("Eastern time" if language is ENGLISH else "hora del Este") in said


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("RN", "R N"),
        ("LPN", "L P N"),
        ("CNA", "C N A"),
        ("HHA", "H H A"),
        ("ICU RN", "I C U R N"),
        ("RN/LPN", "R N/L P N"),
        ("MA", "M A"),
        ("Nurse", "Nurse"),
        ("NIGHT NURSE", "NIGHT NURSE"),
        ("DAY AIDE", "DAY AIDE"),
        ("rn", "rn"),
        ("Nurse 12345", "Nurse 1 2 3 4 5"),
    ],
)
def test_abbreviations_of_roles_are_spelled(role: str, expected: str) -> None:
    """Letter by letter, but not words that happen to be in capitals."""
    assert described(shift(role)).partition(" shift ")[0] == expected


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("02169", "0 2 1 6 9"),
        ("Quincy 02169-1234", "Quincy 0 2 1 6 9, 1 2 3 4"),
        ("Quincy MA 02169", "Quincy Massachusetts 0 2 1 6 9"),
        ("Quincy, NH", "Quincy, New Hampshire"),
        ("Ward B, XX", "Ward B, XX"),
        ("Ward MA", "Ward MA"),
        ("IN Hospital", "IN Hospital"),
        ("12 Main St, Unit 1203", "12 Main St, Unit 1203"),
    ],
)
def test_places(location: str, expected: str) -> None:
    """ZIP codes digit by digit, states by their names."""
    assert described(shift(location=location)).partition(" time at ")[2] == expected


@pytest.mark.parametrize("text", ["", "You work then.", "Call 12345 about the RN.", "Mon Jan 1, 8 AM"])
def test_other_texts_stay_readable(text: str) -> None:
    """A text without hours is only spelled."""
    assert spoken(text, ENGLISH) == text.replace("12345", "1 2 3 4 5").replace("RN", "R N")


@given(role=st.text(min_size=1, max_size=80), location=st.none() | st.text(min_size=1, max_size=60))
def test_nothing_is_lost_whatever_role_and_place_are(role: str, location: str | None) -> None:
    """Any role and place is spoken with its hours and keys, and at most about twice as long as it is written."""
    offer = texts.offer(shift(role, location=location), None, Channel.VOICE, None, ENGLISH)
    said = spoken(offer, ENGLISH)
    assert "Thursday, July 2nd, from 8 AM to 4 PM Eastern time" in said
    assert "1" in said
    assert "2" in said
    assert len(said) <= 2 * len(offer) + 100


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("+16175550101", "6 1 7, 5 5 5, 0 1 0 1"),
        ("+15550001", "5 5 5, 0 0 0 1"),
        ("+442071234567", "4 4 2 0 7, 1 2 3, 4 5 6 7"),
    ],
)
def test_telephone_numbers(number: str, expected: str) -> None:
    """Digit by digit, in groups, without the country code of the United States."""
    assert spelled(number) == expected
