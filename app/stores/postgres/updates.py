"""When records last changed: the statements that store the times by which lists with `updated_after` are ordered.

A reader continues after the last time it has read, so no transaction may commit an earlier time later. As for the ids
of facts, the lock of the log gives that: see `log`. These statements come right before the facts are appended. They
wait for no lock after that of the log: the transaction holds the lock on the name of every record it changes.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import LiteralString

from app.domain.facts import Fact, ListedKind
from app.stores.postgres.log import LOCK
from app.stores.postgres.transaction import Transaction

#: Each row gets a time of its own, counted from the one that a function of the migrations gives. Rows are found as
#: `statements` says.
_TIMES: LiteralString = f"WITH {LOCK}, first AS MATERIALIZED (SELECT next_updates(%s, %s) AS at FROM held)"  # noqa: S608  # a constant
_CAREGIVERS: LiteralString = f"""
{_TIMES} UPDATE caregivers SET updated_at = first.at + (r.n - 1) * interval '1 microsecond'
FROM first CROSS JOIN unnest(%s::text[]) WITH ORDINALITY AS r(id, n)
CROSS JOIN LATERAL (SELECT ctid AS row_id FROM caregivers WHERE id = r.id OFFSET 0) AS found
WHERE caregivers.ctid = found.row_id
"""  # noqa: S608  # constants
_ORGANIZATIONS: LiteralString = f"""
{_TIMES} UPDATE organizations SET updated_at = first.at + (r.n - 1) * interval '1 microsecond'
FROM first CROSS JOIN unnest(%s::text[]) WITH ORDINALITY AS r(id, n)
CROSS JOIN LATERAL (SELECT ctid AS row_id FROM organizations WHERE id = r.id OFFSET 0) AS found
WHERE organizations.ctid = found.row_id
"""  # noqa: S608  # constants
#: A shift also changes when it gets a holder or loses one. `claimed` repeats that, for the index of open shifts.
_SHIFTS: LiteralString = f"""
{_TIMES} UPDATE shifts SET updated_at = first.at + (r.n - 1) * interval '1 microsecond',
    claimed = a.shift_id IS NOT NULL
FROM first CROSS JOIN unnest(%s::text[]) WITH ORDINALITY AS r(id, n)
CROSS JOIN LATERAL (SELECT ctid AS row_id FROM shifts WHERE id = r.id OFFSET 0) AS found
LEFT JOIN LATERAL (SELECT shift_id FROM assignments WHERE shift_id = r.id OFFSET 0) AS a ON true
WHERE shifts.ctid = found.row_id
"""  # noqa: S608  # constants
_STATEMENTS: dict[ListedKind, LiteralString] = {
    "caregiver": _CAREGIVERS,
    "organization": _ORGANIZATIONS,
    "shift": _SHIFTS,
}


async def note(transaction: Transaction, facts: Iterable[Fact]) -> None:
    """Store that the records changed which the facts update: at the time of the last of these facts, or later."""
    ids: dict[ListedKind, set[str]] = defaultdict(set)
    changed_at: datetime | None = None
    for fact in facts:
        if (updated := fact.updates) is not None:
            ids[updated.kind].add(updated.id)
            changed_at = fact.at if changed_at is None else max(changed_at, fact.at)
    for kind, changed in ids.items():
        await transaction.execute(_STATEMENTS[kind], (changed_at, len(changed), sorted(changed)))
