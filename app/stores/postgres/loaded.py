"""What one load statement finds, as it comes out of the database."""

from dataclasses import dataclass

from app.domain.records import (
    Assignment,
    Caregiver,
    Contact,
    Fanout,
    Notice,
    Offer,
    Shift,
    StoredAnswer,
)


@dataclass(frozen=True)
class Loaded:
    """What one load statement found, as it comes out of the database."""

    caregivers: list[Caregiver]
    opt_outs: list[str]
    last_codes: dict[str, int]
    shifts: list[Shift]
    fanouts: list[Fanout]
    #: Shift id -> the turn that the last contact of its fanout's round got.
    last_turns: dict[str, int]
    assignments: list[Assignment]
    #: Those that got their code first come first.
    offers: list[Offer]
    #: (shift id, caregiver id) of the offers that their code still names.
    offers_with_code: list[tuple[str, str]]
    contacts: list[Contact]
    notices: list[Notice]
    answers: list[StoredAnswer]
    #: (number of the roster, caregiver id), in order.
    rosters: list[tuple[int, str]]
