"""Why no alert goes to the number of an office. Pure."""

from app.domain.messages import NOT_AN_OFFICE, Silence
from app.domain.state import StateReader


def silence_of_office(state: StateReader, phone: str) -> Silence | None:
    """Why no alert goes to the number; None if one may.

    That it is not the office's counts until a START from there. That it is not a caregiver's counts until the
    caregiver who is on record with it gets another one.
    """
    number = state.number(phone)
    silence = number.silence_for(NOT_AN_OFFICE)
    if silence is not None:
        return silence
    owner = None if number.wrong_number_of is None else state.caregiver(number.wrong_number_of)
    return Silence.WRONG_NUMBER if owner is not None and owner.phone == phone else None
