"""Calls in English.

`Wed Jul 2, 8:00 AM-4:00 PM EDT` is said as `Wednesday, July 2nd, from 8 AM to 4 PM Eastern time`.
"""

import re

from app.domain.records import Outcome
from app.notifiers.twilio.languages.spoken import TIME, ZONE, Spoken, say_zone, zone_names

_DAYS = {
    "Mon": "Monday",
    "Tue": "Tuesday",
    "Wed": "Wednesday",
    "Thu": "Thursday",
    "Fri": "Friday",
    "Sat": "Saturday",
    "Sun": "Sunday",
}
_MONTHS = {
    "Jan": "January",
    "Feb": "February",
    "Mar": "March",
    "Apr": "April",
    "May": "May",
    "Jun": "June",
    "Jul": "July",
    "Aug": "August",
    "Sep": "September",
    "Oct": "October",
    "Nov": "November",
    "Dec": "December",
}
_ZONES = zone_names(
    {
        "E": "Eastern time",
        "C": "Central time",
        "M": "Mountain time",
        "P": "Pacific time",
        "AK": "Alaska time",
        "H": "Hawaii time",
    }
)

_DAY = rf"({'|'.join(_DAYS)}) ({'|'.join(_MONTHS)}) (\d{{1,2}})"
#: The day and the hours of a shift; `_say_hours` unpacks the groups.
_HOURS = re.compile(rf"{_DAY}, {TIME}(?: {ZONE})?-(?:{_DAY}, )?{TIME} {ZONE}\b")


def _say_hours(found: re.Match[str], before: str) -> str:
    weekday, month, day, hour, minutes, half, zone, *end = found.groups()
    end_weekday, end_month, end_day, end_hour, end_minutes, end_half, end_zone = end
    start_zone = f" {_zone(zone)}" if zone else ""
    until = f"{_day(end_weekday, end_month, end_day)}, " if end_weekday else ""
    joined = " on " if before.endswith(" ") else ""
    return (
        f"{joined}{_day(weekday, month, day)}, from {_time(hour, minutes, half)}{start_zone} "
        f"to {until}{_time(end_hour, end_minutes, end_half)} {_zone(end_zone)}"
    )


def _day(weekday: str, month: str, day: str) -> str:
    ending = "th" if 11 <= int(day) <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(int(day) % 10, "th")
    return f"{_DAYS[weekday]}, {_MONTHS[month]} {day}{ending}"


def _time(hour: str, minutes: str | None, half: str) -> str:
    minutes = "" if minutes in (None, ":00") else minutes
    if hour == "12" and not minutes:
        return "midnight" if half == "AM" else "noon"
    return f"{hour}{minutes} {half}"


def _zone(label: str) -> str:
    return say_zone(label, _ZONES, plus="plus", minus="minus")


_TO_ANSWER_LATER = "To answer later, call or text this number. Goodbye."
_NO_ANSWER = f"We didn't hear an answer. {_TO_ANSWER_LATER}"

ENGLISH = Spoken(
    locale="en-US",
    hints="yes, no, yes I can, no I can't, stop",
    your_agency="your agency",
    greeting="Hello. This is {caller}. ",
    other_keys="To hear this again, press 3. To stop these calls, press 9.",
    no_answer=_NO_ANSWER,
    asked_again="Sorry, we didn't understand. {offer} Please press a key.",
    results={
        Outcome.CLAIMED: "You have {shift}. Thank you! Goodbye.",
        Outcome.ALREADY_YOURS: "You already have {shift}. Thank you! Goodbye.",
        Outcome.ALREADY_CLAIMED: "Thanks for answering! Sorry, {shift} is no longer open. Goodbye.",
        Outcome.CONFLICT: (
            "You have another shift at that time or too close to it, so we can't give you {shift}. Goodbye."
        ),
        Outcome.AMBIGUOUS: (
            "You have more than one offer. Please answer by text, with the number of the shift. Goodbye."
        ),
        Outcome.DECLINED: "Thank you. We won't ask you about {shift} again. Goodbye.",
        Outcome.RELEASE_REQUESTED: (
            "We told the office that you can't make it. It's yours until they call you. Goodbye."
        ),
        Outcome.UNRECOGNIZED: f"Sorry, we didn't understand. {_TO_ANSWER_LATER}",
        Outcome.NO_OFFER: "We have no open shift for you now. Goodbye.",
        Outcome.NO_ANSWER: _NO_ANSWER,
        Outcome.WRONG_NUMBER: "Sorry about that. We won't text or call this number again. Goodbye.",
        Outcome.OPTED_OUT: (
            "You won't get shift texts or calls any more. Shifts you already have stay yours. "
            "To get offers again, text START to this number. Goodbye."
        ),
        Outcome.OPTED_IN: "You're back on the list for open shifts. Goodbye.",
        Outcome.HELP: "We call and text about open shifts. For anything else please call the office. Goodbye.",
        Outcome.UNKNOWN_SENDER: "We don't know your number. Please call the office. Goodbye.",
    },
    this_shift="this shift",
    the_shift="the {shift}",
    machine_message=(
        "Hello. This is {caller} about an open shift: {shift}. To answer, call or text {number}. Goodbye."
    ),
    no_offer=(
        "Hello. This is {caller}. We have no open shift for you now. For anything else please call the office. "
        "Goodbye."
    ),
    not_now="Sorry, we can't take your answer right now. Please text us. Goodbye.",
    hours=_HOURS,
    say_hours=_say_hours,
)
