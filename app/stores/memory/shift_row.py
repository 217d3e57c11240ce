"""A row of the memory store's table of shifts."""

from dataclasses import dataclass

from app.domain.records import Assignment, Shift


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """A shift and its assignment. They are one row, so that a shift cannot have two holders."""

    shift: Shift
    assignment: Assignment | None = None

    @property
    def listed(self) -> bool:
        """Whether lists contain the shift: not once it was deleted."""
        return self.shift.deleted_at is None
