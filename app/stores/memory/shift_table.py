"""The shifts of the memory store with their assignments, found by id, holder, role, organization and start.

No I/O, no awaits.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from app.database import InMemoryKeyValueDatabase
from app.domain.decisions import Unassign, Write
from app.domain.records import Assignment, Shift, role_key


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """A shift and its assignment. They are one row, so that a shift cannot have two holders."""

    shift: Shift
    assignment: Assignment | None = None

    @property
    def listed(self) -> bool:
        """Whether lists contain the shift: not once it was deleted."""
        return self.shift.deleted_at is None


class ShiftTable:
    """Every shift, with who holds it."""

    def __init__(self) -> None:
        self.rows: InMemoryKeyValueDatabase[str, ShiftRow] = InMemoryKeyValueDatabase(
            {
                "all": lambda row: row.listed or None,
                "claimed": lambda row: row.assignment is not None if row.listed else None,
                "organization": lambda row: row.shift.organization_id if row.listed else None,
                "role": lambda row: role_key(row.shift.role_required) if row.listed else None,
                "holder": lambda row: row.assignment.caregiver_id if row.assignment else None,
            }
        )
        #: Shifts by (start time, shift id), so that they are found in the order in which they start.
        self.starts: InMemoryKeyValueDatabase[tuple[datetime, str], Shift] = InMemoryKeyValueDatabase(
            {"all": lambda shift: True, "organization": lambda shift: shift.organization_id}
        )

    def shift(self, shift_id: str) -> Shift | None:
        """The shift with that id."""
        row = self.rows.get(shift_id)
        return row.shift if row else None

    def listed(self, shift_id: str) -> ShiftRow | None:
        """The shift and its assignment; None if there is no such shift, or if it was deleted."""
        row = self.rows.get(shift_id)
        return row if row is not None and row.listed else None

    def assignment(self, shift_id: str) -> Assignment | None:
        """The shift's assignment; None if nobody holds the shift."""
        row = self.rows.get(shift_id)
        return row.assignment if row else None

    def held_by(self, caregiver_id: str) -> list[Shift]:
        """The shifts assigned to the caregiver, in any order."""
        return [row.shift for row in self.rows.find("holder", caregiver_id)]

    def next_to_end(self, organization_id: str, now: datetime) -> Shift | None:
        """The shift of that organization that ends next after `now`, of several the first by id; no deleted one.

        It reads all shifts of the organization.
        """
        to_come = self.to_come(organization_id, now)
        return min(to_come, key=lambda shift: (shift.end_time, shift.id), default=None)

    def to_come(self, organization_id: str, now: datetime) -> Iterator[Shift]:
        """The shifts of that organization that end after `now`, in any order; no deleted one. Reads all of them."""
        rows = self.rows.find("organization", organization_id)
        return (row.shift for row in rows if row.listed and row.shift.end_time > now)

    def check(self, writes: Iterable[Write]) -> None:
        """Check a decision before any of it is written.

        Raises ValueError if the writes, applied in this order, give a shift a second holder or assign a shift that
        does not exist. The rules never decide this; the check is a second safeguard.
        """
        shift_ids: set[str] = set()
        holders: dict[str, str | None] = {}
        for write in writes:
            match write:
                case Shift():
                    shift_ids.add(write.id)
                case Unassign():
                    holders[write.shift_id] = None
                case Assignment():
                    if write.shift_id not in shift_ids and write.shift_id not in self.rows:
                        raise ValueError(f"shift {write.shift_id!r} does not exist")
                    if write.shift_id not in holders:
                        before = self.assignment(write.shift_id)
                        holders[write.shift_id] = before.caregiver_id if before else None
                    if holders[write.shift_id] not in (None, write.caregiver_id):
                        raise ValueError(f"shift {write.shift_id!r} has a holder already")
                    holders[write.shift_id] = write.caregiver_id

    def put(self, shift: Shift) -> None:
        """Store the shift. Its assignment and its `updated_at` stay."""
        before = self.rows.get(shift.id)
        if before is not None:
            self.starts.delete((before.shift.start_time, shift.id))
            shift = replace(shift, updated_at=before.shift.updated_at)
        if shift.deleted_at is None:
            self.starts.put((shift.start_time, shift.id), shift)
        self.rows.put(shift.id, ShiftRow(shift, before.assignment if before else None))

    def set_updated_at(self, shift_id: str, at: datetime) -> bool:
        """Store when the shift changed. Returns False if there is no such shift, or if it was deleted."""
        row = self.listed(shift_id)
        if row is None:
            return False
        shift = replace(row.shift, updated_at=at)
        self.starts.put((shift.start_time, shift_id), shift)
        self.rows.put(shift_id, replace(row, shift=shift))
        return True

    def assign(self, assignment: Assignment) -> None:
        """Store who holds the shift. Does nothing if there is no such shift."""
        self.rows.update(assignment.shift_id, lambda row: ShiftRow(row.shift, assignment) if row else None)

    def unassign(self, shift_id: str) -> None:
        """Nobody holds the shift any more."""
        self.rows.update(shift_id, lambda row: ShiftRow(row.shift) if row else None)

    def remove(self, shift_id: str) -> None:
        """Delete the shift and its assignment."""
        row = self.rows.delete(shift_id)
        if row is not None:
            self.starts.delete((row.shift.start_time, shift_id))
