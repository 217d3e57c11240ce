"""Moving the shifts of a data file to the week after the start: which week, and which hours."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.records import Shift
from app.intake.relative_dates import move_to_next_week, parse_monday

NEW_YORK = "America/New_York"
#: A Monday, in winter.
MONDAY = date(2026, 1, 5)


def local(text: str, zone_name: str = NEW_YORK) -> datetime:
    """A local time such as 2026-01-05T07:00, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone_name)).astimezone(UTC)


def shift(start: str, end: str, zone_name: str | None = NEW_YORK, id_: str = "s1") -> Shift:
    """A shift with these local times; in UTC if it names no zone."""
    return Shift(
        id=id_,
        organization_id="org",
        role_required="RN",
        start_time=local(start, zone_name or "UTC"),
        end_time=local(end, zone_name or "UTC"),
        time_zone=zone_name,
    )


MORNING = shift("2026-01-05T07:00", "2026-01-05T15:00")


def moved(one: Shift, now: datetime, monday: date = MONDAY, zone_name: str = "UTC") -> tuple[str, str]:
    """The shift's local start and end, like 2026-01-12T07:00, in a service that starts at `now`."""
    (found,) = move_to_next_week([one], monday, now, zone_name)
    its_zone = ZoneInfo(found.time_zone or zone_name)
    start, end = (time.astimezone(its_zone).replace(tzinfo=None) for time in (found.start_time, found.end_time))
    return start.isoformat("T", "minutes"), end.isoformat("T", "minutes")


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-01-05T00:00:00", "2026-01-12"),
        ("2026-01-05T00:00:01", "2026-01-12"),
        ("2026-01-07T12:00:00", "2026-01-12"),
        ("2026-01-11T23:59:59", "2026-01-12"),
        ("2026-01-12T00:00:00", "2026-01-19"),
        ("2025-12-28T23:59:59", "2025-12-29"),
        ("2025-01-01T12:00:00", "2025-01-06"),
        ("2055-07-01T12:00:00", "2055-07-05"),
    ],
)
def test_the_week_that_begins_next(now: str, day: str) -> None:
    """From the first second of a Monday on it is the week after. Shifts move forward or back."""
    assert moved(MORNING, local(now)) == (f"{day}T07:00", f"{day}T15:00")


def test_all_shifts_are_moved_by_the_same_weeks() -> None:
    """A shift on a Saturday stays on a Saturday, one in the second week stays there. Only the times change."""
    saturday = shift("2026-01-10T19:00", "2026-01-11T07:00", id_="saturday")
    week_after = shift("2026-01-13T08:00", "2026-01-13T12:00", id_="week after")
    found = move_to_next_week([saturday, week_after], MONDAY, local("2026-02-05T12:00"), "UTC")
    assert found == (
        shift("2026-02-14T19:00", "2026-02-15T07:00", id_="saturday"),
        shift("2026-02-17T08:00", "2026-02-17T12:00", id_="week after"),
    )


def test_no_shifts() -> None:
    """A file without shifts has nothing to move."""
    assert move_to_next_week([], MONDAY, local("2026-02-05T12:00"), "UTC") == ()


def test_summer_time_does_not_move_the_hours() -> None:
    """A shift at seven in January is at seven in July, in New York and in Sydney."""
    assert moved(MORNING, local("2026-07-02T12:00")) == ("2026-07-06T07:00", "2026-07-06T15:00")
    sydney = shift("2026-01-05T07:00", "2026-01-05T15:00", "Australia/Sydney")
    assert moved(sydney, local("2026-07-02T12:00")) == ("2026-07-06T07:00", "2026-07-06T15:00")


@pytest.mark.parametrize(
    ("now", "night", "hours"),
    [
        ("2026-02-26T12:00", ("2026-03-07T19:00", "2026-03-08T07:00"), 11),
        ("2026-10-22T12:00", ("2026-10-31T19:00", "2026-11-01T07:00"), 13),
        ("2026-06-04T12:00", ("2026-06-13T19:00", "2026-06-14T07:00"), 12),
    ],
)
def test_a_night_in_which_the_clocks_change(now: str, night: tuple[str, str], hours: int) -> None:
    """A night from seven to seven is an hour shorter in spring and an hour longer in autumn."""
    saturday = shift("2026-01-10T19:00", "2026-01-11T07:00")
    assert moved(saturday, local(now)) == night
    (found,) = move_to_next_week([saturday], MONDAY, local(now), "UTC")
    assert found.end_time - found.start_time == timedelta(hours=hours)


@pytest.mark.parametrize("now", ["2026-02-26T12:00", "2026-10-22T12:00"])
@pytest.mark.parametrize(("start", "end"), [("02:00", "03:00"), ("02:30", "03:15"), ("01:30", "02:00")])
def test_a_shift_within_the_hour_that_is_skipped_keeps_its_length(now: str, start: str, end: str) -> None:
    """The end stays after the start, also in a night without that hour."""
    sunday = shift(f"2026-01-11T{start}", f"2026-01-11T{end}")
    (found,) = move_to_next_week([sunday], MONDAY, local(now), "UTC")
    assert found.end_time > found.start_time
    assert found.start_time.astimezone(ZoneInfo(NEW_YORK)).date() in (date(2026, 3, 8), date(2026, 11, 1))


@pytest.mark.parametrize(
    ("monday", "day", "now", "expected"),
    [
        (date(2028, 2, 28), "2028-02-29", "2026-02-25T12:00", "2026-03-03"),
        (date(2026, 3, 2), "2026-03-03", "2028-02-25T12:00", "2028-02-29"),
        (date(2028, 2, 28), "2028-02-29", "2052-02-21T12:00", "2052-02-27"),
        (date(2024, 2, 26), "2024-02-29", "2099-12-30T12:00", "2100-01-07"),
    ],
)
def test_leap_days(monday: date, day: str, now: str, expected: str) -> None:
    """A shift keeps its day of the week, from and to leap days too."""
    one = shift(f"{day}T07:00", f"{day}T15:00")
    assert moved(one, local(now), monday) == (f"{expected}T07:00", f"{expected}T15:00")


def test_a_shift_without_a_zone_has_the_services() -> None:
    """It keeps its hours in the service's zone. A shift that names a zone does not depend on the service's."""
    zoneless = shift("2026-01-05T12:00", "2026-01-05T20:00", None)
    assert moved(zoneless, local("2026-07-02T12:00")) == ("2026-07-06T12:00", "2026-07-06T20:00")
    assert moved(zoneless, local("2026-07-02T12:00"), zone_name=NEW_YORK) == ("2026-07-06T07:00", "2026-07-06T15:00")
    assert moved(MORNING, local("2026-07-02T12:00"), zone_name="Asia/Tokyo") == (
        "2026-07-06T07:00",
        "2026-07-06T15:00",
    )


def test_the_week_lies_ahead_in_the_zone_of_every_shift() -> None:
    """On Sunday evening in New York it is Monday in Auckland, so both shifts move to the week after."""
    auckland = shift("2026-01-05T07:00", "2026-01-05T15:00", "Pacific/Auckland", "auckland")
    sunday_evening = local("2026-01-11T20:00")
    assert moved(MORNING, sunday_evening) == ("2026-01-12T07:00", "2026-01-12T15:00")
    found = move_to_next_week([MORNING, auckland], MONDAY, sunday_evening, "UTC")
    assert [one.start_time for one in found] == [
        local("2026-01-19T07:00"),
        local("2026-01-19T07:00", "Pacific/Auckland"),
    ]


ZONES = st.sampled_from(
    [NEW_YORK, "UTC", "Pacific/Auckland", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kolkata"]
)


@given(
    seconds=st.integers(min_value=0, max_value=60 * 365 * 86_400),
    minute=st.integers(min_value=0, max_value=7 * 1440 - 1),
    zone_name=ZONES,
    others=ZONES,
    weeks=st.integers(min_value=-1000, max_value=1000),
)
def test_every_shift_of_the_week_lies_ahead(
    seconds: int, minute: int, zone_name: str, others: str, weeks: int
) -> None:
    """For any start and any zones, each shift begins after the start, within 16 days, on its day of the week."""
    now = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    monday = MONDAY + timedelta(weeks=weeks)
    start = datetime.combine(monday, datetime.min.time()) + timedelta(minutes=minute)
    end = start + timedelta(hours=8)
    one = shift(start.isoformat(), end.isoformat(), zone_name)
    other = shift(start.isoformat(), end.isoformat(), others, "other")
    for found in move_to_next_week([one, other], monday, now, "UTC"):
        assert now < found.start_time < now + timedelta(days=16)
        assert found.start_time < found.end_time
        assert found.start_time.astimezone(ZoneInfo(found.time_zone or "UTC")).weekday() == start.weekday()


@pytest.mark.parametrize(
    "value",
    [
        *("2038-03-02", "2038-02-30", "2038-3-1", "20380301", "2038-W09-1", "2038-03-01T00:00", " 2038-03-01", ""),
        *("next Monday", "0001-01-01", "9999-12-27", "\u0662\u0660\u0663\u0668-03-01", None, 0, 2038, True, [], {}),
    ],
)
def test_a_value_that_is_not_a_monday_is_refused(value: object) -> None:
    """Other days, other ways of writing a date, and values that are not dates are refused."""
    with pytest.raises(ValueError, match=r"^must be the date of a Monday, like "):
        parse_monday(value)


@pytest.mark.parametrize("value", ["2038-03-01", "2024-01-01", "1971-01-04", "2999-12-30"])
def test_a_monday_is_accepted(value: str) -> None:
    """A Monday as YYYY-MM-DD is accepted."""
    assert parse_monday(value).isoformat() == value
