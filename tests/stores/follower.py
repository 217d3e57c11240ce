"""A reader that keeps a copy of the records in step, by nothing but pages of what changed after a time."""

from typing import Any

from app.domain.records import NOT_STORED
from app.ports.store import ShiftFilter, Store


class Follower:
    """Keeps a copy of all caregivers, organizations and shifts."""

    def __init__(self) -> None:
        self._after = dict.fromkeys(("caregivers", "organizations", "shifts"), NOT_STORED)
        self.copy: dict[str, dict[str, Any]] = {kind: {} for kind in self._after}

    async def catch_up(self, store: Store) -> dict[str, list[str]]:
        """Read what changed since the last call, two records a page. Returns their ids, in the order they came."""
        seen: dict[str, list[str]] = {kind: [] for kind in self._after}
        for kind in self._after:
            while page := await _read(store, kind, self._after[kind], 2):
                for record, shown in page:
                    assert record.updated_at > self._after[kind]
                    self._after[kind] = record.updated_at
                    self.copy[kind][record.id] = shown
                    seen[kind].append(record.id)
        return seen

    async def assert_in_step(self, store: Store) -> None:
        """Assert that the copy has every record as the lists show it. It keeps records that were deleted."""
        for kind, copy in self.copy.items():
            listed = {record.id: shown for record, shown in await _read(store, kind, "", 1000)}
            assert {id_: shown for id_, shown in copy.items() if id_ in listed} == listed, kind


async def _read(store: Store, kind: str, after: Any, limit: int) -> list[tuple[Any, Any]]:
    """A page of the list: each record, and what answers of the API say about it."""
    if kind == "caregivers":
        return [(one, (one, opted_out)) for one, opted_out in await store.caregivers(after, limit)]
    if kind == "organizations":
        return [(one, one) for one in await store.organizations(after, limit)]
    shifts = await store.shifts(after, limit, ShiftFilter())
    return [(one, (one, assignment and assignment.caregiver_id)) for one, assignment in shifts]
