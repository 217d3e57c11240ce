"""What a reply can mean, and how the days and hours that it names are compared with a shift. Pure data and rules."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from difflib import SequenceMatcher
from enum import StrEnum

_HALF_DAY = 12 * 60


class Intent(StrEnum):
    """What a reply asks for. UNKNOWN: no rule is sure, so the service asks the caregiver, or a person decides."""

    ACCEPT = "ACCEPT"
    DECLINE = "DECLINE"
    STOP = "STOP"
    START = "START"
    HELP = "HELP"
    WRONG_NUMBER = "WRONG_NUMBER"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class ShiftTimes:
    """When and where an offered shift is: what the days, hours and places in a reply are compared with."""

    #: In local time, naive.
    start: datetime
    end: datetime
    #: As the office writes it, "Quincy 02169"; empty if nobody has said.
    place: str = ""
    #: The local day on which the reply came. None: not known, and then "tomorrow" is not the day of the shift.
    replied_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedDay:
    """A day as far as a reply names it: "Wednesday", "the 2nd", "7/2", "Wednesday night", "tomorrow"."""

    #: 0 is Monday.
    weekday: int | None = None
    month: int | None = None
    day: int | None = None
    #: "morning", "afternoon", "evening" or "night".
    part: str | None = None
    #: How many days after that of the reply: 0 for "tonight", 1 for "tomorrow".
    days_ahead: int | None = None
    #: Whether it is in the week after that of the reply: "next Wednesday".
    next_week: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedTime:
    """An hour of the clock that a reply names."""

    #: Minutes after midnight.
    minutes: int
    #: Whether the reply says which half of the day it means: "7 pm" and "19:00" do, "7" does not.
    half_known: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedHours:
    """The hours that a reply names: "8 to 4", or only when it begins: "at 8"."""

    start: NamedTime
    end: NamedTime | None = None


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A word that may name a place: "the Quincy one", "see you in Quincy"."""

    #: In lower case.
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the words of a reply mean before it is known which shift they are about."""

    #: The meaning if every day, hour and place that it names is that of the shift.
    intent: Intent
    #: The days, hours and places on which the meaning depends.
    named: tuple[NamedDay | NamedHours | NamedPlace, ...] = ()
    #: The meaning by which of `named` are not the shift's: bit i of the index stands for `named[i]`. The last meaning
    #: is that of every greater index too, so (ACCEPT, UNKNOWN) is a yes only if all of them are the shift's.
    meanings: tuple[Intent, ...] = ()
    #: The code by which the reply names one of several offers: one to six digits.
    code: str | None = None
    #: Whether the message has no words at all: a call without a key or a word.
    empty: bool = False
    #: Whether it only thanks us, or says that our text was read: "ok thanks", "got it". It is no answer then.
    courtesy: bool = False


def meaning_for(reading: Reading, shift: ShiftTimes | None) -> Intent:
    """Say what `reading` means as an answer to `shift`.

    A yes to another day, to other hours or to another place does not accept this shift, and a no to them does not
    decline it, as far as the reading tells them apart from what is named in a story. None stands for a shift that is
    not known yet: the days, hours and places named are taken for its own.
    """
    if shift is None or not reading.meanings:
        return reading.intent
    case = sum(1 << place for place, named in enumerate(reading.named) if not is_of(named, shift))
    return reading.meanings[min(case, len(reading.meanings) - 1)]


def is_of(named: NamedDay | NamedHours | NamedPlace, shift: ShiftTimes) -> bool:
    """Whether a day, hour or place that a reply names is that of the shift."""
    match named:
        case NamedDay():
            return _is_day_of(named, shift)
        case NamedHours():
            return _are_hours_of(named, shift)
        case NamedPlace():
            return _is_place_of(named, shift)


#: The hours at which a shift of that part of the day may start.
_STARTS = {"morning": range(4, 12), "afternoon": range(11, 18), "evening": range(15, 24), "night": range(15, 24)}


#: "Next Wednesday" said on a Sunday may be either of two days, so it must be further ahead than this.
_TOO_SOON = timedelta(days=3)


def _is_day_of(day: NamedDay, shift: ShiftTimes) -> bool:
    start = shift.start
    if day.days_ahead is not None or day.next_week:
        if shift.replied_on is None:
            return False
        ahead = start.date() - shift.replied_on
        next_monday = shift.replied_on + timedelta(days=7 - shift.replied_on.weekday())
        if day.next_week and not (
            timedelta() <= start.date() - next_monday < timedelta(days=7) and ahead > _TOO_SOON
        ):
            return False
        if day.days_ahead not in {None, ahead.days}:
            return False
    return (
        day.weekday in {None, start.weekday()}
        and day.month in {None, start.month}
        and day.day in {None, start.day}
        and (day.part is None or start.hour in _STARTS[day.part])
    )


#: Minutes. A reply that names only when its sender comes may name a time this long before the start of the shift.
_EARLY = 30


def _are_hours_of(named: NamedHours, shift: ShiftTimes) -> bool:
    if named.end is None:
        early = (shift.start.hour * 60 + shift.start.minute - named.start.minutes) % (
            2 * _HALF_DAY if named.start.half_known else _HALF_DAY
        )
        return early <= _EARLY
    return _is_time_of(named.start, shift.start) and _is_time_of(named.end, shift.end)


def _is_time_of(named: NamedTime, time: datetime) -> bool:
    apart = named.minutes - (time.hour * 60 + time.minute)
    return apart == 0 if named.half_known else apart % _HALF_DAY == 0


#: Words that are more alike than this are the same place: "quincey" and "quincy" are, "milton" and "hilton" are not.
_ALIKE = 0.85


def _is_place_of(named: NamedPlace, shift: ShiftTimes) -> bool:
    return any(
        word == named.word or (word[0] == named.word[0] and SequenceMatcher(None, word, named.word).ratio() > _ALIKE)
        for word in shift.place.lower().replace(",", " ").split()
    )
