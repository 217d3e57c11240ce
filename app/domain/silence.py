"""Why no alert goes to the number of an office. Pure."""

from app.domain.messages import NOT_AN_OFFICE, Silence
from app.domain.state import StateReader


def silence_of_office(state: StateReader, phone: str) -> Silence | None:
    """Why no alert goes to the number; None if one may.

    That it is not the office's counts until a START from there. That it is not a caregiver's counts until the
    caregiver who is on record with it gets another one.
    """
    number = state.number(phone)
    if number.opted_out:
        return Silence.OPTED_OUT
    if number.wrong_number_of == NOT_AN_OFFICE:
        return Silence.WRONG_NUMBER
    owner = None if number.wrong_number_of is None else state.caregiver(number.wrong_number_of)
    return Silence.WRONG_NUMBER if owner is not None and owner.phone == phone else None
