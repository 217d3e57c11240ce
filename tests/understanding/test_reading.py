"""What a reading means for a shift: the days and hours it names are compared with the shift's own."""

from datetime import datetime

import pytest
from labelled import all_labelled_replies

from app.domain.reading import Intent, NamedDay, NamedHours, NamedTime, Reading, ShiftTimes, meaning_for
from app.intent import offer_code
from app.understanding.rules import read

WEDNESDAY = ShiftTimes(datetime(2025, 7, 2, 7), datetime(2025, 7, 2, 19))  # noqa: DTZ001 - wall-clock
NIGHT = ShiftTimes(datetime(2025, 7, 2, 19), datetime(2025, 7, 3, 7))  # noqa: DTZ001 - wall-clock


def yes(*named: NamedDay | NamedHours) -> Reading:
    """A yes to these days and hours."""
    return Reading(intent=Intent.ACCEPT, named=named, meanings=(Intent.ACCEPT, Intent.UNKNOWN))


def at(hour: int, *, half_known: bool = False) -> NamedTime:
    """A full hour."""
    return NamedTime(minutes=hour * 60, half_known=half_known)


@pytest.mark.parametrize(
    ("named", "fits"),
    [
        (NamedDay(weekday=2), True),
        (NamedDay(weekday=3), False),
        (NamedDay(month=7, day=2), True),
        (NamedDay(day=3), False),
        (NamedDay(month=8), False),
        (NamedDay(weekday=2, part="morning"), True),
        (NamedDay(weekday=2, part="night"), False),
        (NamedHours(start=at(7), end=at(7)), True),
        (NamedHours(start=at(7, half_known=True), end=at(19, half_known=True)), True),
        (NamedHours(start=at(19, half_known=True), end=at(7, half_known=True)), False),
        (NamedHours(start=at(7)), True),
        (NamedHours(start=at(8)), False),
        (NamedHours(start=at(7), end=at(3)), False),
    ],
)
def test_a_yes_is_to_the_day_and_hours_it_names(named: NamedDay | NamedHours, fits: bool) -> None:
    """A day or hour that is not the shift's makes the yes UNKNOWN; while no shift is known it is believed."""
    assert meaning_for(yes(named), WEDNESDAY) is (Intent.ACCEPT if fits else Intent.UNKNOWN)
    assert meaning_for(yes(named), None) is Intent.ACCEPT


@pytest.mark.parametrize("text", ["Yes, see you at8", "Yes, see you at 8", "Yes, see you at8am"])
def test_an_hour_is_read_right_behind_its_preposition(text: str) -> None:
    """The space before the hour is often left out."""
    reading = read(text, "sms")
    assert reading.intent is Intent.ACCEPT
    assert [one.start.minutes for one in reading.named if isinstance(one, NamedHours)] == [at(8).minutes]


def test_a_part_of_the_day_is_that_in_which_the_shift_starts() -> None:
    """Wednesday night is when the night shift starts, and not Wednesday morning."""
    assert meaning_for(yes(NamedDay(weekday=2, part="night")), NIGHT) is Intent.ACCEPT
    assert meaning_for(yes(NamedDay(weekday=2, part="morning")), NIGHT) is Intent.UNKNOWN


def test_every_day_named_counts() -> None:
    """A yes to Wednesday and Thursday is no plain yes to the Wednesday shift."""
    assert meaning_for(yes(NamedDay(weekday=2), NamedDay(weekday=3)), WEDNESDAY) is Intent.UNKNOWN


def test_a_no_is_to_the_day_it_names() -> None:
    """A no to Thursday says nothing about Wednesday."""
    no = Reading(intent=Intent.DECLINE, named=(NamedDay(weekday=3),), meanings=(Intent.DECLINE, Intent.UNKNOWN))
    assert meaning_for(no, WEDNESDAY) is Intent.UNKNOWN
    assert meaning_for(no, None) is Intent.DECLINE


def test_a_meaning_for_each_day_that_is_not_the_shifts() -> None:
    """ "Not Wednesday, but Thursday": a no to the Wednesday shift, and nothing clear to one on Thursday."""
    mixed = Reading(
        intent=Intent.UNKNOWN,
        named=(NamedDay(weekday=2), NamedDay(weekday=3)),
        meanings=(Intent.UNKNOWN, Intent.UNKNOWN, Intent.DECLINE, Intent.UNKNOWN),
    )
    thursday = ShiftTimes(datetime(2025, 7, 3, 7), datetime(2025, 7, 3, 19))  # noqa: DTZ001 - wall-clock
    assert meaning_for(mixed, WEDNESDAY) is Intent.DECLINE
    assert meaning_for(mixed, thursday) is Intent.UNKNOWN
    assert meaning_for(mixed, None) is Intent.UNKNOWN


@pytest.mark.parametrize(("text", "empty"), [("", True), (" \n", True), ("?", False), ("yes", False)])
def test_a_message_without_words_is_empty(text: str, empty: bool) -> None:
    """A call that nobody answered has neither a key nor a word."""
    assert read(text, "voice").empty is empty


@pytest.mark.parametrize(
    "text",
    [
        *(
            "ok thanks",
            "Thank you so much!",
            "thanks so much",
            "got it",
            "Noted, thank you",
            "Sounds good 😊",
            "🙏",
            "ty",
        ),
        *(
            "Ok thanks Denise",
            "Thank you for letting me know. God bless",
            "ok gracias",
            "kk",
            "no problem",
            "no worries, take care",
            "10-4",
        ),
        *("Great, thank you, have a good night", 'Liked "You have it"', 'Reacted 👍 to "You have it"'),
    ],
)
def test_a_courtesy(text: str) -> None:
    """Thanks and receipts say nothing else."""
    assert read(text, "sms") == Reading(intent=Intent.UNKNOWN, courtesy=True)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "ok thanks, running late",
            "ok thanks what is the address",
            "ok?",
            "thanks for nothing",
            "ok 1234",
            "?",
            "...",
        ),
        *(
            "sorry I was in the hospital",
            "Thanks, my license is expired",
            "when I got there nobody was home",
            "hello?",
        ),
        *(
            "no",
            "yes",
            "STOP",
            "ok thanks STOP",
            "thank you but my car died",
            "Nno thx",
            "Tell the family Nadine's coming",
            "ok i have a problem",
            "Thanks, I have trouble",
            "No one at the shift",
            "No help at the shift",
            "thanks, take the shift",
            "ok, I have one day",
        ),
        *('Questioned "You have it"', 'Disliked "You have it"', 'Removed a heart from "You have it"', ""),
    ],
)
def test_no_courtesy(text: str) -> None:
    """An answer, a question and a story are none, however polite."""
    assert not read(text, "sms").courtesy


def test_no_refusal_is_a_courtesy() -> None:
    """Of all replies on file that somebody takes for a no, none passes for mere thanks."""
    rows = [row for row in all_labelled_replies() if "DECLINE" in row.ok]
    assert [row.text for row in rows if row.reading.courtesy] == []
    assert sum(row.reading.courtesy for row in all_labelled_replies()) > 100


def test_a_reading_has_the_code_that_is_found_alone() -> None:
    """`read` and `offer_code` find the same number in every reply on file that does not ask us to stop."""
    rows = [row for row in all_labelled_replies() if row.reading.intent is not Intent.STOP]
    assert [row for row in rows if row.reading.code != offer_code(row.text, row.channel)] == []
    assert sum(row.reading.code is not None for row in rows) > 10


def test_what_is_named_stands_in_the_order_of_the_reply() -> None:
    """Two processes that read the same reply return the same reading."""
    reading = read("No to Wednesday, but I could do Thursday. Friday works", "sms")
    assert [one.weekday for one in reading.named if isinstance(one, NamedDay)] == [2, 3, 4]
    assert len(reading.meanings) == 2 ** len(reading.named)


def test_of_many_days_only_all_are_told_apart() -> None:
    """A reply that names a whole week has one meaning if all are the shift's, and one if not."""
    reading = read("I'll take Monday, Tuesday, Wednesday, Thursday, Friday and Saturday", "sms")
    assert reading.meanings == (Intent.ACCEPT, Intent.UNKNOWN)
    assert meaning_for(reading, WEDNESDAY) is Intent.UNKNOWN
