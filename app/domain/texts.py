"""Every text that a caregiver gets, in their language. Pure. The words are in `app.domain.languages`.

Each message is one GSM-7 segment wherever the role and place of the shift allow it: every message has several forms,
from long to short, and the first that fits is used. The role, the day, the hours and the reply asked for are in every
form. The service never stores a client's name, so no text can contain one.

`organization` is that of the shift, if it has a record: its zone is the default of its shifts, its name stands in
offers and in the answers to STOP and HELP, and its number where a text says to call the office, if there is room.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import assert_never

from app.domain.gsm7 import fits_one_segment, to_gsm7
from app.domain.languages.english import ENGLISH
from app.domain.languages.spanish import SPANISH
from app.domain.languages.wording import Forms, Wording
from app.domain.phone_numbers import written
from app.domain.records import Channel, Kind, Language, Organization, Shift
from app.domain.time_zones import zone


def _wording(language: Language) -> Wording:
    match language:
        case Language.ENGLISH:
            return ENGLISH
        case Language.SPANISH:
            return SPANISH
        case _:
            assert_never(language)


def local_zone(shift: Shift, default_zone: str | None, organization: Organization | None = None) -> tzinfo:
    """The shift's zone; else the organization's; else `default_zone`; else the offset that its start was given in."""
    name = shift.time_zone or (organization and organization.time_zone) or default_zone
    if name is not None:
        return zone(name)
    return timezone(timedelta(seconds=shift.utc_offset_s)) if shift.utc_offset_s else UTC


def local_hours(
    shift: Shift, default_zone: str | None, organization: Organization | None = None
) -> tuple[datetime, datetime]:
    """Start and end in local time (see `local_zone`), as naive datetimes."""
    local = local_zone(shift, default_zone, organization)
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


@lru_cache(maxsize=4096)
def describe(
    shift: Shift,
    default_zone: str | None,
    language: Language = Language.ENGLISH,
    organization: Organization | None = None,
    *,
    short: bool = False,
    place: bool = True,
) -> str:
    """`RN shift Wed Jul 2, 8:00 AM-4:00 PM EDT at Quincy 02169`; `short` leaves out what is not essential.

    The hours are local (see `local_zone`). The zone is named once, unless the clocks change during the shift. The
    end shows its day only if the shift lasts 24 hours or more. The office reads English.
    """
    words, local = _wording(language), local_zone(shift, default_zone, organization)
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


def _first_that_fits(candidates: Iterable[str]) -> str:
    """The first text that fits one segment; the last one if none does."""
    text = ""
    for text in candidates:
        if fits_one_segment(text):
            break
    return text


def _senders(organization: Organization | None) -> tuple[str, ...]:
    """What a text may begin with, to say who sends it: the name of the organization, or nothing."""
    return (f"{to_gsm7(organization.name)}: ", "") if organization else ("",)


def _office_numbers(words: Wording, organization: Organization | None) -> tuple[str, ...]:
    """What may follow "the office": its number, or nothing."""
    phone = organization.office_phone if organization else None
    return ("",) if phone is None else (words.office_number.format(number=written(phone)), "")


def _about(
    forms: Forms,
    shift: Shift,
    default_zone: str | None,
    code: str | None,
    language: Language,
    organization: Organization | None,
    senders: Sequence[str] = ("",),
    **further: str,
) -> Iterator[str]:
    """The texts about a shift, from long to short. The last one has the short description of the shift.

    Each is made when it is asked for, because the first one fits nearly always.

    `further`: what else the forms contain, by its name in them.
    """
    words = _wording(language)
    replies = {**_replies(words, code), **further}
    full = describe(shift, default_zone, language, organization)
    for sender in senders:
        for form in forms:
            for number in _office_numbers(words, organization):
                yield sender + form.format(shift=full, office_number=number, **replies)
        short = describe(shift, default_zone, language, organization, short=True)
        yield sender + forms[-1].format(shift=short, office_number="", **replies)


@lru_cache(maxsize=4096)
def offer(
    shift: Shift,
    default_zone: str | None,
    channel: Channel,
    code: str | None,
    language: Language = Language.ENGLISH,
    organization: Organization | None = None,
) -> str:
    """The offer of a shift. `code`: the number a text must name; None: a bare YES or NO will do.

    A call names no number, because its keys always mean the same: an answer to a call is about the shift of the call.
    """
    words = _wording(language)
    forms = words.offer_by_text if channel is Channel.SMS else words.offer_by_call
    senders = _senders(organization)
    return _first_that_fits(_about(forms, shift, default_zone, code, language, organization, senders))


@lru_cache(maxsize=4096)
def notice(
    kind: Kind,
    shift: Shift,
    default_zone: str | None,
    code: str | None,
    language: Language = Language.ENGLISH,
    organization: Organization | None = None,
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
    return _first_that_fits(_about(forms, shift, default_zone, code, language, organization))


def closed_after_change(language: Language = Language.ENGLISH) -> str:
    """The answer to a late yes to a shift that has changed since the caregiver read it."""
    return _wording(language).closed_after_change


@lru_cache(maxsize=4096)
def too_little_rest(
    shift: Shift,
    default_zone: str | None,
    rest: timedelta,
    language: Language = Language.ENGLISH,
    organization: Organization | None = None,
) -> str:
    """The answer to a yes to a shift that leaves less than `rest` between it and another one of the caregiver."""
    words, hours = _wording(language), rest / timedelta(hours=1)
    needed = words.one_hour if hours == 1 else words.hours.format(count=f"{hours:g}")
    texts = _about(words.too_little_rest, shift, default_zone, None, language, organization, rest=needed)
    return _first_that_fits(texts)


def which_shift(
    choices: Sequence[tuple[str, Shift, Organization | None]],
    default_zone: str | None,
    language: Language = Language.ENGLISH,
) -> str:
    """The question which of several shifts a reply meant; it lists as many shifts as fit, by their codes.

    `choices`: (code, shift, its organization), in the order to list them.
    """
    words = _wording(language)
    listed = [
        f"{code}: {describe(shift, default_zone, language, organization, short=True, place=False)}"
        for code, shift, organization in choices
    ]
    example = _replies(words, choices[0][0])["yes"]
    lead = words.which_shift.format(**_replies(words, None), example=example)
    return _first_that_fits(
        lead + "; ".join(listed[:count]) + ("" if count == len(listed) else "; ...")
        for count in range(len(listed), 0, -1)
    )


def opt_out(language: Language, organization: Organization | None = None) -> str:
    """The answer to a STOP. `organization`: the one that it was meant for, if that is known."""
    words = _wording(language)
    return _first_that_fits(sender + form for sender in _senders(organization) for form in words.opt_out)


def opt_in(language: Language) -> str:
    """The answer to a START."""
    return _wording(language).opt_in


def start_first(language: Language) -> str:
    """The answer to a yes of somebody who has opted out."""
    return _wording(language).start_first


def wrong_number(language: Language) -> str:
    """The apology to somebody who says that the number is not the caregiver's."""
    return _wording(language).wrong_number


def help_text(language: Language, organization: Organization | None = None) -> str:
    """The answer to HELP. `organization`: the one that was asked, if that is known."""
    words = _wording(language)
    names = (to_gsm7(organization.name), words.your_agency) if organization else (words.your_agency,)
    return _first_that_fits(
        form.format(agency=name, office_number=number)
        for name in names
        for number in _office_numbers(words, organization)
        for form in words.help
    )
