"""The service's own texts that come back: they are no answer, and hide none that stands beside them."""

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from textwrap import wrap

import pytest

from app.domain import office_texts
from app.domain.attention_reasons import AttentionReason
from app.domain.languages.english import ENGLISH
from app.domain.languages.spanish import SPANISH
from app.domain.languages.wording import Wording
from app.domain.reading import Intent
from app.domain.records import Shift
from app.understanding.offer_codes import offer_code
from app.understanding.rules import classify, read

#: The fields of a wording that are no texts.
PARTS = frozenset({
    *("days", "months", "date", "shift", "short_shift", "place", "one_hour", "hours", "yes", "no", "numbered"),
    *("your_agency", "office_number"),
})  # fmt: skip
HOURS = {
    ENGLISH.yes: ("Mon Nov 30, 7:00 AM-3:00 PM EST", "Sat Oct 31, 11PM EDT-Sun Nov 1, 11PM EST"),
    SPANISH.yes: ("lun 30 nov, 7:00 AM-3:00 PM EST", "mié 30 dic, 11PM-7AM UTC+0530"),
}
FIELDS = [
    pytest.param(wording, field.name, id=f"{wording.yes} {field.name}")
    for wording in (ENGLISH, SPANISH)
    for field in fields(Wording)
    if field.name not in PARTS
]


def forms_of(wording: Wording, field: str) -> tuple[str, ...]:
    """The templates of a text, from long to short."""
    forms = getattr(wording, field)
    return (forms,) if isinstance(forms, str) else tuple(forms)


def texts_of(wording: Wording, field: str, form: str) -> Iterator[str]:
    """A text as it is sent: with and without a number and a place, with long and short hours, and from an agency."""
    hours, short_hours = HOURS[wording.yes]
    for code, place, short in (
        (None, "", False),
        (None, "Quincy 02169", True),
        ("2", "", True),
        ("2", "St. Mary's, Weymouth, MA 02190", False),
    ):
        shift = (wording.short_shift if short else wording.shift).format(
            role="Home Health Aide",
            hours=short_hours if short else hours,
            place=wording.place.format(location=place) if place else "",
        )
        yes, no = (
            wording.numbered.format(answer=answer, code=code) if code and field != "which_shift" else answer
            for answer in (wording.yes, wording.no)
        )
        text = form.format(
            shift=shift,
            yes=yes,
            no=no,
            example=wording.numbered.format(answer=wording.yes, code="2"),
            agency="Visiting Angels",
            rest=wording.one_hour if short else wording.hours.format(count="10.5"),
            office_number=wording.office_number.format(number="(617) 555-0199") if code else "",
        )
        if field == "which_shift":
            text += f"2: RN {hours}; 14: Home Health Aide {short_hours}; ..."
        yield text if short else f"Visiting Angels: {text}"


@pytest.mark.parametrize(("wording", "field"), FIELDS)
def test_a_text_of_ours_alone_means_nothing(wording: Wording, field: str) -> None:
    """A text that a phone sends back is no answer and names no offer, also as a quotation."""
    for text in (text for form in forms_of(wording, field) for text in texts_of(wording, field, form)):
        for said in (text, f"“{text}”", f"{text}\n{text}"):
            assert classify(said) is Intent.UNKNOWN, said
            assert offer_code(said) is None, said


@pytest.mark.parametrize(("wording", "field"), FIELDS)
def test_words_beside_a_text_of_ours_count(wording: Wording, field: str) -> None:
    """What the sender writes before or after a text of ours is read as if it stood alone."""
    said = {"yes": Intent.ACCEPT, "no": Intent.DECLINE, "STOP": Intent.STOP}
    for text in (text for form in forms_of(wording, field) for text in texts_of(wording, field, form)):
        for answer, intent in said.items():
            wrapped = "\n".join(wrap(text, 60))
            beside = (f"{text}\n{answer}", f'"{text}" {answer}', f"{text} {answer}", f"{wrapped}\n\n{answer}")
            for whole in (*beside, f"{answer}\n{text}"):
                assert read(whole, "sms").intent is intent, whole


@pytest.mark.parametrize(("wording", "field"), FIELDS)
def test_a_text_of_ours_that_was_cut_off_means_nothing(wording: Wording, field: str) -> None:
    """A gateway or a phone may cut a text off behind the hours of its shift; what is left is still ours."""
    form = forms_of(wording, field)[0]
    for text in texts_of(wording, field, form):
        for at in (100, 120, 140, 153):
            for said in (text[:at], f"{text[:at]}..."):
                assert classify(said) is Intent.UNKNOWN, said
            assert classify(f"{text[:at]}...\nSTOP") is Intent.STOP


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("Open to it, yes", Intent.ACCEPT),
        ("Sorry about that. I can't make it tonight", Intent.DECLINE),
        ("Open RN shift Mon Nov 30, 7:00 AM-3:00 PM EST at Quincy STOP", Intent.STOP),
        ("STOP: Open RN shift Mon Nov 30, 7:00 AM-3:00 PM EST. Reply YES or NO.", Intent.STOP),
        ("No: Open RN shift Mon Nov 30, 7:00 AM-3:00 PM EST. Reply YES or NO.", Intent.DECLINE),
        ("I can't do this: Open RN shift Mon Nov 30, 7:00 AM-3:00 PM EST. Reply YES or NO.", Intent.DECLINE),
        ("Yes to RN shift Mon Nov 30, 7:00 AM-3:00 PM EST", Intent.ACCEPT),
    ],
)
def test_words_of_a_person_are_no_text_of_ours(said: str, intent: Intent) -> None:
    """What only begins like a text of ours, or stands before it, is the sender's own."""
    assert read(said, "sms").intent is intent


def answers_to_office() -> list[str]:
    """What an office hears after STOP, START, HELP and "wrong number"."""
    return [
        text for name, text in vars(office_texts).items() if name.isupper() and name[0] != "_" and type(text) is str
    ]


def alerts() -> list[str]:
    """Every alert, from long to short, about a shift with and without a place, for itself and for others."""
    start = datetime(2026, 11, 30, 12, tzinfo=UTC)
    shift = Shift(
        id="monday",
        organization_id="agency",
        role_required="Home Health Aide",
        start_time=start,
        end_time=start + timedelta(hours=8),
        location="St. Mary's, Weymouth, MA 02190",
    )
    shifts = (
        shift,
        replace(shift, location=None),
        replace(shift, location="Assisted Living and Memory Care, Marina Bay, Quincy MA 02171"),
    )
    return [
        office_texts.alert(one, "America/New_York", reason, others)
        for one in shifts
        for reason in AttentionReason
        for others in (0, 1, 2, 30)
    ]


def test_a_text_that_comes_back_from_an_office_means_nothing() -> None:
    """An office's phone that sends everything back, as a forward or a quotation, doesn't end the alerts."""
    assert len(answers_to_office()) == 4
    for text in (*answers_to_office(), *alerts()):
        for said in (text, f"Fwd: {text}", f"“{text}”", f"{text}\n{text}", "\n".join(wrap(text, 60))):
            assert classify(said) is Intent.UNKNOWN, said


def test_words_of_an_office_beside_a_text_of_ours_count() -> None:
    """What the office writes before or after a text of ours is read as if it stood alone."""
    wrong = {"STOP": Intent.STOP, "Wrong number": Intent.WRONG_NUMBER, "START": Intent.START}
    for text in (*answers_to_office(), *alerts()):
        for answer, intent in wrong.items():
            for whole in (f"{text}\n{answer}", f'"{text}" {answer}', f"{text} {answer}", f"{answer}\n{text}"):
                assert read(whole, "sms").intent is intent, whole


def test_an_alert_that_was_cut_off_ends_nothing() -> None:
    """A gateway may cut an alert off anywhere; what is left doesn't end the alerts."""
    for text in alerts():
        for at in range(40, len(text), 3):
            assert classify(text[:at]) not in {Intent.STOP, Intent.WRONG_NUMBER}, text[:at]
            assert classify(f"{text[:at]}...\nSTOP") is Intent.STOP, text[:at]
