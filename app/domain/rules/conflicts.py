"""Whether a caregiver's other shifts leave room for a shift: no overlap, and enough rest before and after. Pure."""

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from app.domain.records import Caregiver, Shift
from app.domain.state import StateReader


class Conflict(NamedTuple):
    """Why a caregiver can't have a shift: another one of theirs, of whichever organization."""

    other: Shift
    #: The rest that there must be between the two shifts, and is not; None: they overlap.
    rest: timedelta | None


def conflict_of(state: StateReader, shift: Shift, caregiver: Caregiver) -> Conflict | None:
    """The shift of the caregiver that leaves no room for `shift`, an overlap before a lack of rest; None: none does.

    Between two shifts there must be the rest that the organization of either demands, whichever is longer.
    """
    held = list(state.held_by(caregiver.id))
    other = _overlap(shift, held)
    if other is not None:
        return Conflict(other, None)
    for one in held:
        rest = max(_rest_of(state, shift), _rest_of(state, one))
        if one.id != shift.id and _between(shift, one) < rest:
            return Conflict(one, rest)
    return None


def _rest_of(state: StateReader, shift: Shift) -> timedelta:
    """The rest before and after the shift that its organization demands."""
    organization = state.organization(shift.organization_id)
    return (organization.minimum_rest if organization is not None else None) or timedelta(0)


def _between(shift: Shift, other: Shift) -> timedelta:
    """The time between two shifts that do not overlap."""
    return max(shift.start_time - other.end_time, other.start_time - shift.end_time)


def _overlap(shift: Shift, held: Iterable[Shift]) -> Shift | None:
    """The first of the shifts `held` that overlaps `shift`, None if none does."""
    return next((other for other in held if other.id != shift.id and other.overlaps(shift)), None)
