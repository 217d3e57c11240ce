"""What follows from STOP, START and HELP of an office, whose number gets alerts, and when it gets none. Pure."""

from dataclasses import replace

from app.domain import office_texts
from app.domain.commands import Reply
from app.domain.decisions import Write
from app.domain.messages import MOST_AUTOMATIC_ANSWERS, ContactStatus, Notice, Silence
from app.domain.reading import Intent
from app.domain.records import Answer, Kind, Organization, Outcome
from app.domain.state import StateReader


def silence_of_office(state: StateReader, phone: str) -> Silence | None:
    """Why no alert goes to the number; None if one may.

    A wrong number counts until the caregiver who is on record with it gets another one.
    """
    number = state.number(phone)
    if number.opted_out:
        return Silence.OPTED_OUT
    owner = None if number.wrong_number_of is None else state.caregiver(number.wrong_number_of)
    return Silence.WRONG_NUMBER if owner is not None and owner.phone == phone else None


def answer_to_office(state: StateReader, command: Reply, office: Organization) -> tuple[Answer, list[Write]]:
    """STOP ends the alerts to the number, START lets them begin again. Each is answered, as HELP is.

    `command` is one of these three.
    """
    number = state.number(command.phone)
    match command.reading.intent:
        case Intent.STOP:
            outcome, kind, text = Outcome.OPTED_OUT, Kind.OPT_OUT, office_texts.ALERTS_OFF
        case Intent.START:
            outcome, kind, text = Outcome.OPTED_IN, Kind.OPT_IN, office_texts.ALERTS_ON
        case _:
            outcome, kind, text = Outcome.HELP, Kind.HELP, office_texts.HELP
    opted_out = {Outcome.OPTED_OUT: True, Outcome.OPTED_IN: False}.get(outcome, number.opted_out)
    recent = number.recent_answers(command.now)
    again = outcome is Outcome.OPTED_OUT and number.opted_out
    if again or command.answered_by_provider or len(recent) >= MOST_AUTOMATIC_ANSWERS:
        return Answer(outcome=outcome), [replace(number, opted_out=opted_out)]
    notice = Notice(
        id=command.notice_id,
        kind=kind,
        caregiver_id="",
        body=text,
        phone=command.phone,
        status=ContactStatus.QUEUED,
        created_at=command.now,
        updated_at=command.now,
        organization_id=office.id,
    )
    answered = replace(number, opted_out=opted_out, answered_at=(*recent, command.now))
    return Answer(outcome=outcome, reply=text), [answered, notice]
