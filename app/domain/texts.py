"""Every text that a caregiver gets. Pure.

Each message is one GSM-7 segment wherever the role and place of the shift allow it: every message has several forms,
from long to short, and the first that fits is used. The role, the day, the hours and the reply asked for are in every
form. The service never stores a client's name, so no text can contain one.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

from app.domain.gsm7 import fits_one_segment, to_gsm7
from app.domain.records import Channel, Kind, Shift
from app.domain.time_zones import zone

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

OPT_OUT = (
    "You won't get shift texts or calls any more. Shifts you already have stay yours. "
    "Reply START to get offers again."
)
OPT_IN = "You're back on the list for open shifts. Reply HELP for help or STOP to opt out."
START_FIRST = (
    "You opted out of shift texts, so we can't give you a shift. Text START first, then answer the offer again."
)
WRONG_NUMBER = "Sorry about that. We won't text or call this number again."
HELP = (
    "Open shifts from your agency. Answer an offer the way its text says. Reply STOP to opt out. "
    "For anything else please call the office."
)


def local_zone(shift: Shift, default_zone: str | None) -> tzinfo:
    """The shift's zone; else `default_zone`; else the offset that its start was given in."""
    name = shift.time_zone or default_zone
    if name is not None:
        return zone(name)
    return timezone(timedelta(seconds=shift.utc_offset_s)) if shift.utc_offset_s else UTC


def local_hours(shift: Shift, default_zone: str | None) -> tuple[datetime, datetime]:
    """Start and end in local time (see `local_zone`), as naive datetimes."""
    local = local_zone(shift, default_zone)
    return shift.start_time.astimezone(local).replace(tzinfo=None), shift.end_time.astimezone(local).replace(
        tzinfo=None
    )


def _day(moment: datetime) -> str:
    return f"{_DAYS[moment.weekday()]} {_MONTHS[moment.month - 1]} {moment.day}"


def _hour(moment: datetime, *, short: bool) -> str:
    minutes = "" if short and not moment.minute else f":{moment.minute:02}"
    return f"{moment.hour % 12 or 12}{minutes}{'' if short else ' '}{'AM' if moment.hour < 12 else 'PM'}"


def _zone_label(moment: datetime) -> str:
    """`EST` or `UTC`; a zone without an abbreviation is shown by its offset, as in `UTC+0530`."""
    label = moment.tzname() or ""
    return label if label.isalpha() else "UTC" + moment.strftime("%z")[:5]


def describe(shift: Shift, default_zone: str | None, *, short: bool = False, place: bool = True) -> str:
    """`RN shift Wed Jul 2, 8:00 AM-4:00 PM EDT at Quincy 02169`; `short` leaves out what is not essential.

    The hours are local (see `local_zone`). The zone is named once, unless the clocks change during the shift. The
    end shows its day only if the shift lasts 24 hours or more.
    """
    local = local_zone(shift, default_zone)
    start, end = shift.start_time.astimezone(local), shift.end_time.astimezone(local)
    start_zone, end_zone = _zone_label(start), _zone_label(end)
    start_text = _hour(start, short=short) + ("" if start_zone == end_zone else f" {start_zone}")
    until = f"{_day(end)}, " if end - start >= timedelta(days=1) else ""
    role = to_gsm7(shift.role_required)
    where = f" at {to_gsm7(shift.location)}" if place and shift.location else ""
    named = "" if short else " shift"
    return f"{role}{named} {_day(start)}, {start_text}-{until}{_hour(end, short=short)} {end_zone}{where}"


def _forms(shift: Shift, default_zone: str | None, *templates: str, **words: str) -> str:
    """The first form that fits one segment; if none does, the last template with the short description."""
    full = describe(shift, default_zone)
    for template in templates:
        form = template.format(shift=full, **words)
        if fits_one_segment(form):
            return form
    return templates[-1].format(shift=describe(shift, default_zone, short=True), **words)


@lru_cache(maxsize=4096)
def offer(shift: Shift, default_zone: str | None, channel: Channel, code: str | None) -> str:
    """The offer of a shift. `code`: the number a text must name; None: a bare YES or NO will do.

    A call names no number, because its keys always mean the same: an answer to a call is about the shift of the call.
    """
    tag = f" {code}" if code else ""
    if channel is Channel.SMS:
        return _forms(
            shift,
            default_zone,
            "Open {shift}. Reply YES{tag} to accept or NO{tag} to pass.",
            "Open {shift}. Reply YES{tag} or NO{tag}.",
            tag=tag,
        )
    return _forms(
        shift,
        default_zone,
        "Open {shift}. To accept, press 1 or say yes. To pass, press 2 or say no.",
        "Open {shift}. Press 1 to accept, 2 to pass.",
        "Open {shift}. 1 is yes, 2 is no.",
    )


@lru_cache(maxsize=4096)
def notice(kind: Kind, shift: Shift, default_zone: str | None, code: str | None) -> str:
    """The notice of that kind about a shift. `code`: the number it must name; None: the bare word will do.

    `offer` is the offer of a shift whose facts have changed since the caregiver read them.
    Raises ValueError for a kind that is not about a shift.
    """
    tag = f" {code}" if code else ""
    match kind:
        case Kind.CONFIRMATION:
            templates = (
                "You have it: {shift}. Thank you! If you can't make it, reply NO{tag}.",
                "You have it: {shift}. Can't make it? Reply NO{tag}.",
                "Yours: {shift}. Can't? NO{tag}.",
            )
        case Kind.CLOSED:
            templates = (
                "Thanks for answering! The {shift} is no longer open. We'll ask you again next time.",
                "Thanks! The {shift} is no longer open.",
                "No longer open: {shift}.",
            )
        case Kind.CONFLICT:
            templates = (
                "You already have a shift at that time, so we can't give you the {shift}.",
                "You already work then: {shift}.",
                "You work then: {shift}.",
            )
        case Kind.RELEASE_REQUESTED:
            templates = (
                "We told the office you can't make the {shift}. It's yours until they call. "
                "Can you after all? Reply YES{tag}.",
                "Office told you can't make the {shift}. Yours until they call. Can you? YES{tag}.",
                "Office told: {shift}. Can? YES{tag}.",
            )
        case Kind.RELEASED:
            templates = (
                "You no longer have the {shift}: the office released you. Please don't come. Questions? Call them.",
                "You no longer have the {shift}. Please don't come.",
                "No longer yours: {shift}.",
            )
        case Kind.CLARIFICATION:
            templates = (
                "Sorry, we didn't understand. {shift}: reply YES{tag} to accept or NO{tag} to pass.",
                "{shift}: please reply just YES{tag} or NO{tag}.",
                "{shift}: YES{tag} or NO{tag}?",
            )
        case Kind.OFFER:
            templates = (
                "This shift has changed. Now: {shift}. Reply YES{tag} to accept or NO{tag} to pass.",
                "Changed: {shift}. Reply YES{tag} or NO{tag}.",
                "Changed: {shift}. YES{tag} or NO{tag}?",
            )
        case _:
            raise ValueError(f"a {kind} notice is not about a shift")
    return _forms(shift, default_zone, *templates, tag=tag)


def which_shift(choices: Sequence[tuple[str, Shift]], default_zone: str | None) -> str:
    """The question which of several shifts a reply meant; it lists as many shifts as fit, by their codes.

    `choices`: (code, shift) pairs, in the order to list them.
    """
    listed = [f"{code}: {describe(shift, default_zone, short=True, place=False)}" for code, shift in choices]
    lead = f"Reply YES or NO and the number, like YES {choices[0][0]}. "
    form = ""
    for count in range(len(listed), 0, -1):
        form = lead + "; ".join(listed[:count]) + ("" if count == len(listed) else "; ...")
        if fits_one_segment(form):
            break
    return form
