"""Every text that a caregiver gets, in their language. Pure. The words are in `app.domain.languages`.

Each message is one GSM-7 segment wherever the role and place of the shift allow it: every message has several forms,
from long to short, and the first that fits is used. The role, the day, the hours and the reply asked for are in every
form. The service never stores a client's name, so no text can contain one.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import assert_never

from app.domain.gsm7 import fits_one_segment, to_gsm7
from app.domain.languages.english import ENGLISH
from app.domain.languages.spanish import SPANISH
from app.domain.languages.wording import Forms, Wording
from app.domain.records import Channel, Kind, Language, Shift
from app.domain.time_zones import zone


def _wording(language: Language) -> Wording:
    match language:
        case Language.ENGLISH:
            return ENGLISH
        case Language.SPANISH:
            return SPANISH
        case _:
            assert_never(language)


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


def _day(words: Wording, moment: datetime) -> str:
    weekday, month = words.days[moment.weekday()], words.months[moment.month - 1]
    return words.date.format(weekday=weekday, month=month, day=moment.day)


def _hour(moment: datetime, *, short: bool) -> str:
    minutes = "" if short and not moment.minute else f":{moment.minute:02}"
    return f"{moment.hour % 12 or 12}{minutes}{'' if short else ' '}{'AM' if moment.hour < 12 else 'PM'}"


def _zone_label(moment: datetime) -> str:
    """`EST` or `UTC`; a zone without an abbreviation is shown by its offset, as in `UTC+0530`."""
    label = moment.tzname() or ""
    return label if label.isalpha() else "UTC" + moment.strftime("%z")[:5]


def describe(
    shift: Shift,
    default_zone: str | None,
    language: Language = Language.ENGLISH,
    *,
    short: bool = False,
    place: bool = True,
) -> str:
    """`RN shift Wed Jul 2, 8:00 AM-4:00 PM EDT at Quincy 02169`; `short` leaves out what is not essential.

    The hours are local (see `local_zone`). The zone is named once, unless the clocks change during the shift. The
    end shows its day only if the shift lasts 24 hours or more. The office reads English.
    """
    words, local = _wording(language), local_zone(shift, default_zone)
    start, end = shift.start_time.astimezone(local), shift.end_time.astimezone(local)
    start_zone, end_zone = _zone_label(start), _zone_label(end)
    start_text = _hour(start, short=short) + ("" if start_zone == end_zone else f" {start_zone}")
    until = f"{_day(words, end)}, " if end - start >= timedelta(days=1) else ""
    return (words.short_shift if short else words.shift).format(
        role=to_gsm7(shift.role_required),
        hours=f"{_day(words, start)}, {start_text}-{until}{_hour(end, short=short)} {end_zone}",
        place=words.place.format(location=to_gsm7(shift.location)) if place and shift.location else "",
    )


def _replies(words: Wording, code: str | None) -> dict[str, str]:
    """The words for a yes and for a no, with the number if there is one."""
    answers = {"yes": words.yes, "no": words.no}
    if code is None:
        return answers
    return {name: words.numbered.format(answer=answer, code=code) for name, answer in answers.items()}


def _fitting(forms: Forms, shift: Shift, default_zone: str | None, code: str | None, language: Language) -> str:
    """The first form that fits one segment; if none does, the last one with the short description."""
    replies = _replies(_wording(language), code)
    full = describe(shift, default_zone, language)
    for form in forms:
        text = form.format(shift=full, **replies)
        if fits_one_segment(text):
            return text
    return forms[-1].format(shift=describe(shift, default_zone, language, short=True), **replies)


@lru_cache(maxsize=4096)
def offer(
    shift: Shift,
    default_zone: str | None,
    channel: Channel,
    code: str | None,
    language: Language = Language.ENGLISH,
) -> str:
    """The offer of a shift. `code`: the number a text must name; None: a bare YES or NO will do.

    A call names no number, because its keys always mean the same: an answer to a call is about the shift of the call.
    """
    words = _wording(language)
    forms = words.offer_by_text if channel is Channel.SMS else words.offer_by_call
    return _fitting(forms, shift, default_zone, code, language)


@lru_cache(maxsize=4096)
def notice(
    kind: Kind, shift: Shift, default_zone: str | None, code: str | None, language: Language = Language.ENGLISH
) -> str:
    """The notice of that kind about a shift. `code`: the number it must name; None: the bare word will do.

    `offer` is the offer of a shift whose facts have changed since the caregiver read them.
    Raises ValueError for a kind that is not about a shift.
    """
    words = _wording(language)
    match kind:
        case Kind.CONFIRMATION:
            forms = words.confirmation
        case Kind.CLOSED:
            forms = words.closed
        case Kind.CONFLICT:
            forms = words.conflict
        case Kind.RELEASE_REQUESTED:
            forms = words.release_requested
        case Kind.RELEASED:
            forms = words.released
        case Kind.CLARIFICATION:
            forms = words.clarification
        case Kind.OFFER:
            forms = words.changed
        case _:
            raise ValueError(f"a {kind} notice is not about a shift")
    return _fitting(forms, shift, default_zone, code, language)


def which_shift(
    choices: Sequence[tuple[str, Shift]], default_zone: str | None, language: Language = Language.ENGLISH
) -> str:
    """The question which of several shifts a reply meant; it lists as many shifts as fit, by their codes.

    `choices`: (code, shift) pairs, in the order to list them.
    """
    words = _wording(language)
    listed = [
        f"{code}: {describe(shift, default_zone, language, short=True, place=False)}" for code, shift in choices
    ]
    example = _replies(words, choices[0][0])["yes"]
    lead = words.which_shift.format(**_replies(words, None), example=example)
    text = ""
    for count in range(len(listed), 0, -1):
        text = lead + "; ".join(listed[:count]) + ("" if count == len(listed) else "; ...")
        if fits_one_segment(text):
            break
    return text


def opt_out(language: Language) -> str:
    """The answer to a STOP."""
    return _wording(language).opt_out


def opt_in(language: Language) -> str:
    """The answer to a START."""
    return _wording(language).opt_in


def start_first(language: Language) -> str:
    """The answer to a yes of somebody who has opted out."""
    return _wording(language).start_first


def wrong_number(language: Language) -> str:
    """The apology to somebody who says that the number is not the caregiver's."""
    return _wording(language).wrong_number


def help_text(language: Language) -> str:
    """The answer to HELP."""
    return _wording(language).help
