"""What an office may say of its number, to which alerts go: STOP, START, HELP and "wrong number". Pure."""

from dataclasses import replace

from app.domain import office_texts
from app.domain.commands import Reply
from app.domain.decisions import Write
from app.domain.messages import MOST_AUTOMATIC_ANSWERS, NOT_AN_OFFICE, ContactStatus, Notice
from app.domain.reading import Intent
from app.domain.records import Answer, Kind, Organization, Outcome
from app.domain.state import StateReader


def answer_to_office(state: StateReader, command: Reply, office: Organization) -> tuple[Answer, list[Write]]:
    """STOP and "wrong number" end the alerts to the number, START lets them begin again. These and HELP are answered.

    `command` is one of the four. A wrong number gets one apology, and nothing more until a START.
    """
    number = state.number(command.phone)
    changed, silent, is_wrong = number, number.opted_out, number.wrong_number_of == NOT_AN_OFFICE
    match command.reading.intent:
        case Intent.STOP:
            outcome, kind, text = Outcome.OPTED_OUT, Kind.OPT_OUT, office_texts.ALERTS_OFF
            changed, silent = replace(number, opted_out=True), silent or is_wrong
        case Intent.WRONG_NUMBER:
            outcome, kind, text = Outcome.WRONG_NUMBER, Kind.WRONG_NUMBER, office_texts.WRONG_NUMBER
            changed, silent = replace(number, wrong_number_of=NOT_AN_OFFICE), silent or is_wrong
        case Intent.START:
            outcome, kind, text = Outcome.OPTED_IN, Kind.OPT_IN, office_texts.ALERTS_ON
            wrong_number_of = None if is_wrong else number.wrong_number_of
            changed, silent = replace(number, opted_out=False, wrong_number_of=wrong_number_of), False
        case _:
            outcome, kind, text = Outcome.HELP, Kind.HELP, office_texts.HELP
            silent = is_wrong
    recent = number.recent_answers(command.now)
    if silent or command.answered_by_provider or len(recent) >= MOST_AUTOMATIC_ANSWERS:
        return Answer(outcome=outcome), [changed]
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
    return Answer(outcome=outcome, reply=text), [replace(changed, answered_at=(*recent, command.now)), notice]
