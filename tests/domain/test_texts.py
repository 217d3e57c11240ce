"""The texts sent to caregivers: their words, and that each is one segment wherever the shift's own words allow."""

import re
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from string import Formatter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import texts, time_zones
from app.domain.gsm7 import ONE_SEGMENT, fits_one_segment, septets
from app.domain.languages.english import ENGLISH as ENGLISH_WORDS
from app.domain.languages.spanish import SPANISH as SPANISH_WORDS
from app.domain.languages.wording import Wording
from app.domain.reading import Intent
from app.domain.records import Channel, Kind, Language, Organization, Shift
from app.understanding.rules import classify, read

NEW_YORK = "America/New_York"


def shift(
    start: str = "2026-07-02T08:00", end: str = "2026-07-02T16:00", *, role: str = "RN", location: str | None = None
) -> Shift:
    """A shift between two local times in New York."""
    zone = ZoneInfo(NEW_YORK)
    return Shift(
        id="s1",
        organization_id="org",
        role_required=role,
        start_time=datetime.fromisoformat(start).replace(tzinfo=zone).astimezone(UTC),
        end_time=datetime.fromisoformat(end).replace(tzinfo=zone).astimezone(UTC),
        time_zone=NEW_YORK,
        location=location,
    )


LONG_ROLE = "Registered Nurse, Pediatric ICU"
LONG_PLACE = "Southwest Quincy Medical Arts Building, Entrance C, MA 02169"

#: 10:30 is the longest time of day; a Wednesday in September is the longest date.
SPANS = {
    "day": ("2026-09-30T10:30", "2026-09-30T22:30"),
    "overnight": ("2026-09-30T22:30", "2026-10-01T10:30"),
    "clocks go back": ("2026-10-31T22:30", "2026-11-01T10:30"),
    "clocks go forward": ("2026-03-07T22:30", "2026-03-08T10:30"),
}

ENGLISH, SPANISH = Language.ENGLISH, Language.SPANISH
WORDINGS = {ENGLISH: ENGLISH_WORDS, SPANISH: SPANISH_WORDS}
#: Says a text about a shift in a language.
Say = Callable[[Shift, Language], str]


def offer(channel: Channel, code: str | None) -> Say:
    """Says the offer."""
    return lambda one, language: texts.offer(one, "UTC", channel, code, language)


def notice(kind: Kind, code: str | None) -> Say:
    """Says the notice."""
    return lambda one, language: texts.notice(kind, one, "UTC", code, language)


SAYINGS: dict[str, Say] = {
    "sms offer": offer(Channel.SMS, None),
    "sms offer with code": offer(Channel.SMS, "99"),
    "call": offer(Channel.VOICE, None),
    "confirmation": notice(Kind.CONFIRMATION, None),
    "confirmation with code": notice(Kind.CONFIRMATION, "99"),
    "closed": notice(Kind.CLOSED, None),
    "conflict": notice(Kind.CONFLICT, None),
    "too little rest": lambda one, language: texts.too_little_rest(one, "UTC", timedelta(hours=10.5), language),
    "release": notice(Kind.RELEASE_REQUESTED, None),
    "release with code": notice(Kind.RELEASE_REQUESTED, "99"),
    "released": notice(Kind.RELEASED, None),
    "clarification": notice(Kind.CLARIFICATION, None),
    "clarification with code": notice(Kind.CLARIFICATION, "99"),
    "changed": notice(Kind.OFFER, None),
    "changed with code": notice(Kind.OFFER, "99"),
}


def in_language(say: Say, language: Language) -> Callable[[Shift], str]:
    """Says the text in that language."""
    return lambda one: say(one, language)


#: Every text about a shift in every language.
TEMPLATES: dict[str, Callable[[Shift], str]] = {
    f"{language}: {name}": in_language(say, language) for language in Language for name, say in SAYINGS.items()
}
#: How a place is named.
AT = {ENGLISH: " at ", SPANISH: " en "}
#: The texts that are about no shift.
FIXED = {
    f"{language}: {say.__name__}": say(language)
    for language in Language
    for say in (
        texts.opt_in,
        texts.opt_out,
        texts.help_text,
        texts.start_first,
        texts.wrong_number,
        texts.closed_after_change,
    )
}
#: Minutes since 1970.
START_OF_2026 = 29_453_760
OFFERS = [name for name in TEMPLATES if "offer" in name or name.endswith("call")]


def test_the_longest_words_have_their_lengths() -> None:
    """The long role and the long place of these tests have the lengths that the limits allow."""
    assert (len(LONG_ROLE), len(LONG_PLACE)) == (31, 60)


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize("template", TEMPLATES)
def test_the_worst_case_fits_one_segment(template: str, span: str) -> None:
    """With a role of some 30 characters and the longest place each text is one segment and names both."""
    text = TEMPLATES[template](shift(*SPANS[span], role=LONG_ROLE, location=LONG_PLACE))
    assert (septets(text) or 1000) <= ONE_SEGMENT, text
    assert LONG_ROLE in text
    assert LONG_PLACE in text


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize(("start", "end"), [("2026-07-02T08:00", "2026-07-02T16:00"), SPANS["clocks go back"]])
@pytest.mark.parametrize("role", ["RN", "R\u00e9gistered N\u00farse \u2013 \u201cnights\u201d"])
def test_everyday_shifts_fit_one_segment(template: str, start: str, end: str, role: str) -> None:
    """Accents and typographic characters in a shift do not make a second segment."""
    assert fits_one_segment(TEMPLATES[template](shift(start, end, role=role, location="Ch\u00e2teau\u2019s 02169")))


@pytest.mark.parametrize("name", FIXED)
def test_fixed_texts_fit_one_segment(name: str) -> None:
    """The answers to STOP, START, HELP, a wrong number and a yes after a STOP are one segment."""
    assert fits_one_segment(FIXED[name])


@pytest.mark.parametrize(("language", "for_help", "yes"), [(ENGLISH, "HELP", "YES"), (SPANISH, "AYUDA", "SI")])
def test_answers_to_stop_start_and_help(language: Language, for_help: str, yes: str) -> None:
    """Each direct answer names the words that work next, as carriers demand."""
    assert "START" in texts.opt_out(language)
    assert {for_help, "STOP"} <= capitals(texts.opt_in(language))
    # The words for an offer depend on the offer (YES or YES 2), so HELP names none.
    assert capitals(texts.help_text(language)) == {"STOP"}
    assert yes not in capitals(texts.help_text(language))
    assert "START" in texts.start_first(language)


def capitals(text: str) -> set[str]:
    """The words in capitals."""
    return set(re.findall(r"\b[A-Z]{2,}\b", text))


@pytest.mark.parametrize("language", Language)
def test_the_words_that_a_text_asks_for_are_understood(language: Language) -> None:
    """The bare replies, those with any number, and the keywords of the fixed texts are read as what they mean."""
    words = WORDINGS[language]
    assert classify(words.yes) is Intent.ACCEPT
    assert classify(words.no) is Intent.DECLINE
    for code in map(str, range(1, 200)):
        for answer, intent in ((words.yes, Intent.ACCEPT), (words.no, Intent.DECLINE)):
            reply = words.numbered.format(answer=answer, code=code)
            for typed in (reply, reply.lower(), reply.capitalize() + ".", f"{reply} "):
                assert (read(typed, "sms").intent, read(typed, "sms").code) == (intent, code), typed
    keywords = {"STOP": Intent.STOP, "START": Intent.START, "HELP": Intent.HELP, "AYUDA": Intent.HELP}
    named = set().union(*(capitals(text) for name, text in FIXED.items() if name.startswith(language)))
    assert {classify(word) for word in named} == {Intent.STOP, Intent.START, Intent.HELP}
    assert all(classify(word) is keywords[word] for word in named)


def test_no_two_languages_have_a_text_in_common() -> None:
    """A text that somebody forgot to translate would be the same in both."""
    for field in fields(Wording):
        if field.name in ("no", "numbered", "short_shift"):
            continue
        english, spanish = (getattr(WORDINGS[language], field.name) for language in Language)
        assert english != spanish, field.name
        if field.name not in ("days", "months"):
            assert not (isinstance(english, tuple) and set(english) & set(spanish)), field.name


@pytest.mark.parametrize("language", Language)
def test_the_templates_of_all_languages_name_the_same(language: Language) -> None:
    """Each first form asks for what the English one asks for, and each form names the shift."""
    for field in fields(Wording):
        forms, english = getattr(WORDINGS[language], field.name), getattr(WORDINGS[ENGLISH], field.name)
        if field.name in ("days", "months"):
            continue
        if isinstance(forms, tuple):
            assert placeholders(forms[0]) == placeholders(english[0]), forms
            for form in forms[1:]:
                assert placeholders(form) | {"office_number"} == placeholders(english[0]) | {"office_number"}, form
        else:
            assert placeholders(forms) == placeholders(english), forms


def placeholders(template: str) -> set[str]:
    """The names of what is put into a template."""
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def test_texts_in_spanish_in_full() -> None:
    """A Spanish offer, a call, a confirmation and a question, as they arrive."""
    one = shift(location="Quincy 02169")
    assert texts.offer(one, "UTC", Channel.SMS, None, SPANISH) == (
        "Hay un turno de RN el jue 2 jul, 8:00 AM-4:00 PM EDT en Quincy 02169. "
        "Responda SI para aceptar o NO para rechazar."
    )
    assert texts.offer(shift(), "UTC", Channel.VOICE, None, SPANISH) == (
        "Hay un turno de RN el jue 2 jul, 8:00 AM-4:00 PM EDT. "
        "Para aceptar, marque 1 o diga si. Para rechazar, marque 2 o diga no."
    )
    assert texts.notice(Kind.CONFIRMATION, one, "UTC", "2", SPANISH) == (
        "El turno de RN el jue 2 jul, 8:00 AM-4:00 PM EDT en Quincy 02169 es suyo. ¡Gracias! "
        "Si no puede ir, responda NO 2."
    )
    choices = [("4", shift(), None), ("5", shift("2026-07-02T16:00", "2026-07-03T00:00"), None)]
    assert texts.which_shift(choices, "UTC", SPANISH) == (
        "Responda SI o NO al turno que sea, como SI 4. 4: RN jue 2 jul, 8AM-4PM EDT; 5: RN jue 2 jul, 4PM-12AM EDT"
    )


HARBOR = Organization(id="org", name="Harbor Home Health", time_zone="America/Chicago", office_phone="+16175550100")


def test_the_name_of_the_organization_stands_in_offers() -> None:
    """In texts and calls, before all else; in another alphabet's typography by the nearest characters."""
    assert texts.offer(shift(), "UTC", Channel.SMS, None, organization=HARBOR) == (
        "Harbor Home Health: Open RN shift Thu Jul 2, 8:00 AM-4:00 PM EDT. Reply YES to accept or NO to pass."
    )
    assert texts.offer(shift(), "UTC", Channel.VOICE, None, SPANISH, HARBOR) == (
        "Harbor Home Health: Hay un turno de RN el jue 2 jul, 8:00 AM-4:00 PM EDT. "
        "Para aceptar, marque 1 o diga si. Para rechazar, marque 2 o diga no."
    )
    accented = replace(HARBOR, name="Angels\u2019 Touch \u2013 Małgorzata\u00a0Peña")
    text = texts.offer(shift(), "UTC", Channel.SMS, None, organization=accented)
    assert text.startswith("Angels' Touch - Malgorzata Peña: Open RN shift")


@pytest.mark.parametrize(("length", "named"), [(20, True), (60, True), (75, True), (200, False)])
def test_a_name_shortens_an_offer_before_it_falls_away(length: int, named: bool) -> None:
    """The offer is one segment with any name, and says the same about the shift."""
    agency = replace(HARBOR, name="H" * length)
    text = texts.offer(shift(), "UTC", Channel.SMS, "12", organization=agency)
    assert fits_one_segment(text)
    assert (agency.name in text) is named
    assert "YES 12" in text
    assert "NO 12" in text
    assert "RN" in text


def test_the_zone_of_the_organization_is_the_default_of_its_shifts() -> None:
    """The shift's own zone comes first, then the organization's, then the service's."""
    assert "8:00 AM-4:00 PM EDT" in texts.describe(shift(), "UTC", organization=HARBOR)
    without = replace(shift(), time_zone=None)
    assert "7:00 AM-3:00 PM CDT" in texts.describe(without, "UTC", organization=HARBOR)
    assert "12:00 PM-8:00 PM UTC" in texts.describe(without, "UTC", organization=replace(HARBOR, time_zone=None))
    assert texts.local_hours(without, "UTC", HARBOR)[0] == datetime.fromisoformat("2026-07-02T07:00")
    assert "7AM-3PM CDT" in texts.which_shift([("1", without, HARBOR), ("2", shift(), None)], "UTC")


def test_answers_in_the_name_of_an_organization() -> None:
    """HELP and STOP name it. Where a text says to call the office, its number stands there."""
    assert texts.help_text(ENGLISH, HARBOR) == (
        "Open shifts from Harbor Home Health. Answer an offer the way its text says. Reply STOP to opt out. "
        "For anything else please call the office at 617-555-0100."
    )
    assert texts.opt_out(ENGLISH, HARBOR).startswith("Harbor Home Health: You won't get")
    assert texts.help_text(ENGLISH) == texts.help_text(
        ENGLISH, replace(HARBOR, name="your agency", office_phone=None)
    )
    released = texts.notice(Kind.RELEASED, shift(), "UTC", None, organization=HARBOR)
    assert released.endswith("Questions? Call them at 617-555-0100.")
    foreign = replace(HARBOR, office_phone="+442071838750")
    assert "call the office at +442071838750" in texts.help_text(ENGLISH, foreign)


@given(
    name=st.text(st.sampled_from("ABC xyz.&'-é{}~łЖ"), min_size=1, max_size=200).filter(str.strip),
    phone=st.sampled_from([None, "+16175550100", "+15550001", "+442071838750"]),
    language=st.sampled_from(Language),
    role=st.sampled_from(["RN", LONG_ROLE]),
    span=st.sampled_from(sorted(SPANS)),
)
def test_every_text_of_any_organization_fits(
    name: str, phone: str | None, language: Language, role: str, span: str
) -> None:
    """Whatever its name and number."""
    agency = Organization(id="org", name=name, office_phone=phone)
    one = shift(*SPANS[span], role=role, location=LONG_PLACE)
    about_a_shift = [
        *(texts.offer(one, "UTC", channel, code, language, agency) for channel in Channel for code in (None, "99")),
        texts.notice(Kind.RELEASED, one, "UTC", None, language, agency),
    ]
    for text in (*about_a_shift, texts.help_text(language, agency), texts.opt_out(language, agency)):
        assert fits_one_segment(text), text


def test_an_offer_in_full() -> None:
    """An offer names role, day, hours in the shift's zone, place, and what to reply."""
    text = texts.offer(shift(location="Quincy 02169"), "UTC", Channel.SMS, None)
    assert text == (
        "Open RN shift Thu Jul 2, 8:00 AM-4:00 PM EDT at Quincy 02169. Reply YES to accept or NO to pass."
    )


def test_a_call_in_full() -> None:
    """A call says the same, and what to press or say."""
    text = texts.offer(shift(), "UTC", Channel.VOICE, None)
    assert text == (
        "Open RN shift Thu Jul 2, 8:00 AM-4:00 PM EDT. To accept, press 1 or say yes. To pass, press 2 or say no."
    )


@pytest.mark.parametrize("location", [None, LONG_PLACE])
@pytest.mark.parametrize("role", ["RN", LONG_ROLE])
def test_a_code_is_named_only_if_there_is_one(location: str | None, role: str) -> None:
    """With a code the text of an offer asks for YES or NO with it; without one no number is named."""
    one = shift(role=role, location=location)
    with_code = texts.offer(one, "UTC", Channel.SMS, "87")
    assert "YES 87" in with_code
    assert "NO 87" in with_code
    assert "87" not in texts.offer(one, "UTC", Channel.SMS, None)


@pytest.mark.parametrize("location", [None, LONG_PLACE])
@pytest.mark.parametrize("role", ["RN", LONG_ROLE])
def test_a_call_names_no_code(location: str | None, role: str) -> None:
    """On a call keys always mean the same, so a number that a caller could press is never a shift's."""
    one = shift(role=role, location=location)
    assert texts.offer(one, "UTC", Channel.VOICE, "87") == texts.offer(one, "UTC", Channel.VOICE, None)


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_place_is_named_only_if_there_is_one(template: str) -> None:
    """A text names the shift's place if there is one, and has no gap otherwise."""
    at = AT[Language(template[:2])]
    assert f"{at}Quincy 02169" in TEMPLATES[template](shift(location="Quincy 02169"))
    without = TEMPLATES[template](shift())
    assert "Quincy" not in without
    assert "None" not in without


@pytest.mark.parametrize("template", OFFERS)
def test_every_offer_says_what_to_reply(template: str) -> None:
    """Even the shortest form of an offer says how to accept and how to decline."""
    for role in ("RN", LONG_ROLE):
        text = TEMPLATES[template](shift(*SPANS["clocks go back"], role=role, location=LONG_PLACE)).lower()
        words = set(re.findall(r"[a-z0-9]+", text.partition(". ")[2]))
        yes = "yes" if template.startswith(ENGLISH) else "si"
        assert {"1", "2"} <= words if template.endswith("call") else {yes, "no"} <= words


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-07-02T08:00", "2026-07-02T16:00", "Thu Jul 2, 8:00 AM-4:00 PM EDT"),
        ("2026-01-02T00:15", "2026-01-02T12:00", "Fri Jan 2, 12:15 AM-12:00 PM EST"),
        ("2026-07-02T12:30", "2026-07-03T00:00", "Thu Jul 2, 12:30 PM-12:00 AM EDT"),
        ("2026-12-31T19:00", "2027-01-01T07:00", "Thu Dec 31, 7:00 PM-7:00 AM EST"),
        ("2026-10-31T23:00", "2026-11-01T07:00", "Sat Oct 31, 11:00 PM EDT-7:00 AM EST"),
        ("2026-03-07T23:00", "2026-03-08T07:00", "Sat Mar 7, 11:00 PM EST-7:00 AM EDT"),
        ("2026-07-02T08:00", "2026-07-04T08:00", "Thu Jul 2, 8:00 AM-Sat Jul 4, 8:00 AM EDT"),
        ("2026-07-02T08:00", "2026-07-03T08:00", "Thu Jul 2, 8:00 AM-Fri Jul 3, 8:00 AM EDT"),
    ],
)
def test_hours_are_local_and_clear(start: str, end: str, expected: str) -> None:
    """Hours are local and name their zone, twice if it changes; a shift over several days names its last day."""
    assert texts.describe(shift(start, end), "UTC") == f"RN shift {expected}"


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("UTC", "12:00 PM-8:00 PM UTC"),
        ("America/Chicago", "7:00 AM-3:00 PM CDT"),
        ("Asia/Kathmandu", "5:45 PM-1:45 AM UTC+0545"),
    ],
)
def test_a_shift_without_a_zone_has_the_services(zone: str, expected: str) -> None:
    """A shift without a zone has the service's; a zone without an abbreviation is shown by its offset."""
    assert texts.describe(replace(shift(), time_zone=None), zone).endswith(expected)


def test_an_unknown_zone_is_refused() -> None:
    """A zone that does not exist is named in the refusal."""
    with pytest.raises(ValueError, match="Mars/Olympus"):
        time_zones.zone("Mars/Olympus")


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("field", ["role", "place"])
def test_other_scripts_are_kept_and_make_a_text_longer(template: str, field: str) -> None:
    """A word in another script is kept; without it the text is one segment."""
    foreign, latin = "\u4e2d\u6587 nurse", "ZW nurse"
    one = shift(role=foreign) if field == "role" else shift(location=foreign)
    other = shift(role=latin) if field == "role" else shift(location=latin)
    assert foreign in TEMPLATES[template](one)
    assert not fits_one_segment(TEMPLATES[template](one))
    assert fits_one_segment(TEMPLATES[template](other))


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("braces", ["{}", "{shift}", "{0}", "%s", "{tag!r}"])
def test_braces_in_the_shifts_words_are_kept(template: str, braces: str) -> None:
    """A role or place with braces is put into the text unchanged."""
    text = TEMPLATES[template](shift(role=braces, location=braces))
    assert text.count(braces) == 2


@pytest.mark.parametrize("kind", [Kind.OPT_OUT, Kind.OPT_IN, Kind.WRONG_NUMBER, Kind.HELP])
def test_other_kinds_are_not_notices_about_a_shift(kind: Kind) -> None:
    """`notice` raises for a kind that is not a notice about a shift."""
    with pytest.raises(ValueError, match=kind):
        texts.notice(kind, shift(), "UTC", None)


def test_no_two_notices_say_the_same() -> None:
    """Every kind of text differs from every other."""
    assert len({say(shift()) for say in TEMPLATES.values()}) == len(TEMPLATES)


def test_the_question_which_of_two_shifts_in_full() -> None:
    """The question lists each shift with its code and says how to reply with one."""
    choices = [("4", shift(), None), ("5", shift("2026-07-02T16:00", "2026-07-03T00:00"), None)]
    assert texts.which_shift(choices, "UTC") == (
        "Reply YES or NO and the number, like YES 4. 4: RN Thu Jul 2, 8AM-4PM EDT; 5: RN Thu Jul 2, 4PM-12AM EDT"
    )


@pytest.mark.parametrize("count", range(1, 41))
@pytest.mark.parametrize("role", ["RN", LONG_ROLE])
@pytest.mark.parametrize(
    ("language", "lead"),
    [
        (ENGLISH, "Reply YES or NO and the number, like YES 60. 60: {} Sat Oct 31, "),
        (SPANISH, "Responda SI o NO al turno que sea, como SI 60. 60: {} sab 31 oct, "),
    ],
)
def test_the_question_which_shift_fits_one_segment(count: int, role: str, language: Language, lead: str) -> None:
    """For any number of shifts the question is one segment, and says if it leaves some out."""
    one = shift(*SPANS["clocks go back"], role=role, location=LONG_PLACE)
    text = texts.which_shift([(str(60 + number), one, None) for number in range(count)], "UTC", language)
    assert fits_one_segment(text), text
    assert text.startswith(lead.format(role))
    named = text.count(role)
    assert 1 <= named <= count
    assert text.endswith("; ...") is (named < count)


@given(
    role=st.text(alphabet="abcRN -'", min_size=1, max_size=30).filter(str.strip),
    place=st.none() | st.text(alphabet="abcQ 0123,.", min_size=1, max_size=60).filter(str.strip),
    start=st.integers(START_OF_2026, START_OF_2026 + 4 * 525_600),
    minutes=st.integers(1, 24 * 60 - 61),
    name=st.sampled_from(sorted(SAYINGS)),
    language=st.sampled_from(Language),
)
def test_any_shift_of_less_than_a_day_fits(
    role: str, place: str | None, start: int, minutes: int, name: str, language: Language
) -> None:
    """A text with any role of 30 and place of 60 characters, any hours and a code of two digits is one segment."""
    one = replace(
        shift(role=role, location=place),
        start_time=datetime.fromtimestamp(start * 60, UTC),
        end_time=datetime.fromtimestamp((start + minutes) * 60, UTC),
    )
    assert fits_one_segment(SAYINGS[name](one, language))
