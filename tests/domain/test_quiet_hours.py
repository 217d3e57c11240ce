"""When quiet hours end, in any zone and where the clocks change."""

import itertools
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from fakes import START
from hypothesis import given
from hypothesis import strategies as st

from app.domain.quiet_hours import quiet_until

NEW_YORK = ZoneInfo("America/New_York")
NIGHT = (time(21), time(7))


def local(text: str, fold: int = 0) -> datetime:
    """That local time in New York, in UTC: a time that comes twice compares only so."""
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        ("2026-07-01 20:59:59", None),
        ("2026-07-01 21:00", "2026-07-02 07:00"),
        ("2026-07-01 23:59", "2026-07-02 07:00"),
        ("2026-07-02 00:00", "2026-07-02 07:00"),
        ("2026-07-02 06:59:59", "2026-07-02 07:00"),
        ("2026-07-02 07:00", None),
        ("2026-07-02 12:00", None),
    ],
)
def test_a_night_lasts_over_midnight(moment: str, until: str | None) -> None:
    """It begins at its start and is over at its end."""
    assert quiet_until(*NIGHT, NEW_YORK, local(moment)) == (local(until) if until else None)


def test_quiet_hours_of_one_day() -> None:
    """Hours that end later on the same day, as a rest at noon."""
    assert quiet_until(time(12), time(14), NEW_YORK, local("2026-07-01 13:00")) == local("2026-07-01 14:00")
    assert quiet_until(time(12), time(14), NEW_YORK, local("2026-07-01 11:59")) is None
    assert quiet_until(time(12), time(14), NEW_YORK, local("2026-07-01 14:00")) is None


def test_a_start_that_is_also_the_end_is_no_quiet_time() -> None:
    """Otherwise nobody could ever be asked."""
    assert quiet_until(time(7), time(7), NEW_YORK, local("2026-07-01 07:00")) is None


def test_the_result_is_in_utc() -> None:
    """Like all times of the service."""
    found = quiet_until(*NIGHT, NEW_YORK, local("2026-07-01 22:00"))
    assert found == datetime(2026, 7, 2, 11, tzinfo=UTC)
    assert found is not None
    assert found.tzinfo is UTC


def test_the_night_in_which_the_clocks_are_set_forward() -> None:
    """2026-03-08 in New York has no 2:30 AM: hours that would end then end when the clocks jump to 3 AM."""
    assert quiet_until(*NIGHT, NEW_YORK, local("2026-03-08 01:00")) == datetime(2026, 3, 8, 11, tzinfo=UTC)
    jump = local("2026-03-08 03:00")
    assert quiet_until(time(21), time(2, 30), NEW_YORK, local("2026-03-08 01:00")) == jump
    # And hours that would start then start at that moment.
    assert quiet_until(time(2, 30), time(7), NEW_YORK, jump) == local("2026-03-08 07:00")
    assert quiet_until(time(2, 30), time(7), NEW_YORK, local("2026-03-08 01:59:59")) is None
    # Hours that would only be in the hour that is skipped are not, in that night.
    for moment in (local("2026-03-08 01:59:59"), jump):
        assert quiet_until(time(2, 10), time(2, 50), NEW_YORK, moment) is None


def test_the_night_in_which_the_clocks_are_set_back() -> None:
    """2026-11-01 in New York has 1:30 AM twice: quiet hours start at the first, and end at the second."""
    for moment in (local("2026-11-01 01:00"), local("2026-11-01 01:40"), local("2026-11-01 01:10", fold=1)):
        assert quiet_until(time(21), time(1, 30), NEW_YORK, moment) == local("2026-11-01 01:30", fold=1)
    assert quiet_until(time(21), time(1, 30), NEW_YORK, local("2026-11-01 01:30", fold=1)) is None
    assert quiet_until(time(1, 30), time(7), NEW_YORK, local("2026-11-01 01:30")) == local("2026-11-01 07:00")


AROUND_A_CHANGE = (time(0, 30), time(1), time(1, 45), time(2), time(2, 15), time(2, 30), time(3), time(21))


@pytest.mark.parametrize(
    ("zone", "midnight", "set_back"),
    [
        ("America/New_York", "2026-03-08", False),
        ("America/New_York", "2026-11-01", True),
        # By half an hour.
        ("Australia/Lord_Howe", "2026-10-04", False),
        ("Australia/Lord_Howe", "2026-04-05", True),
    ],
)
def test_the_clock_on_the_wall_says_whether_it_is_quiet(zone: str, midnight: str, set_back: bool) -> None:
    """For any hours around a change of the clocks: it is quiet when the wall shows it, and longer only in autumn."""
    place = ZoneInfo(zone)
    first = datetime.fromisoformat(midnight).replace(tzinfo=place).astimezone(UTC) - timedelta(hours=4)
    for start, end in itertools.permutations(AROUND_A_CHANGE, 2):
        for quarter in range(4 * 32):
            moment = first + timedelta(minutes=15 * quarter)
            wall = moment.astimezone(place).time()
            shown = start <= wall < end if start < end else wall >= start or wall < end
            quiet = quiet_until(start, end, place, moment) is not None
            assert quiet or not shown
            assert shown or not quiet or set_back


TIMES = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30]))
ZONES = st.sampled_from(["America/New_York", "America/Los_Angeles", "Europe/London", "Australia/Lord_Howe", "UTC"])
MOMENTS = st.integers(0, 2 * 365 * 86_400).map(lambda seconds: START + timedelta(seconds=seconds))


@given(start=TIMES, end=TIMES, zone=ZONES, moment=MOMENTS)
def test_quiet_hours_end(start: time, end: time, zone: str, moment: datetime) -> None:
    """The end is later than the moment, within a day and an hour, and was the end for every moment until then."""
    until = quiet_until(start, end, ZoneInfo(zone), moment)
    if until is None:
        return
    assert moment < until <= moment + timedelta(hours=25)
    assert quiet_until(start, end, ZoneInfo(zone), until - timedelta(seconds=1)) is not None


@given(zone=ZONES, moment=MOMENTS)
def test_nobody_is_disturbed_at_night_by_the_clock_on_the_wall(zone: str, moment: datetime) -> None:
    """Whatever the clocks do: at a local time from 9 PM to 7 AM it is quiet, and at any other it is not."""
    wall = moment.astimezone(ZoneInfo(zone)).time()
    assert (quiet_until(*NIGHT, ZoneInfo(zone), moment) is not None) is (wall >= NIGHT[0] or wall < NIGHT[1])
