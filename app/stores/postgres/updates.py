"""When records last changed: the statements that store the times by which lists with `updated_after` are ordered.

A reader continues after the last time it has read, so no transaction may commit an earlier time later. As for the ids
of facts, the lock of the log gives that: see `log`. These statements come right before the facts are appended. They
wait for no lock after that of the log: the transaction holds the lock on the name of every record it changes.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import LiteralString

from app.domain.facts import Fact, ListedKind
from app.stores.postgres.connections import Connection
from app.stores.postgres.log import LOCK

#: Each row gets a time of its own, from the function of the migration. Rows are found as `statements` says.
_CAREGIVERS: LiteralString = f"""
WITH {LOCK} UPDATE caregivers SET updated_at = next_update(%s)
FROM held CROSS JOIN unnest(%s::text[]) AS r(id)
CROSS JOIN LATERAL (SELECT ctid AS row_id FROM caregivers WHERE id = r.id OFFSET 0) AS found
WHERE caregivers.ctid = found.row_id
"""  # noqa: S608  # constants
_ORGANIZATIONS: LiteralString = f"""
WITH {LOCK} UPDATE organizations SET updated_at = next_update(%s) FROM held WHERE id = ANY(%s)
"""  # noqa: S608  # constants
#: A shift also changes when it gets a holder or loses one. `claimed` repeats that, for the index of open shifts.
_SHIFTS: LiteralString = f"""
WITH {LOCK} UPDATE shifts SET updated_at = next_update(%s), claimed = a.shift_id IS NOT NULL
FROM held CROSS JOIN unnest(%s::text[]) AS r(id)
CROSS JOIN LATERAL (SELECT ctid AS row_id FROM shifts WHERE id = r.id OFFSET 0) AS found
LEFT JOIN LATERAL (SELECT shift_id FROM assignments WHERE shift_id = r.id OFFSET 0) AS a ON true
WHERE shifts.ctid = found.row_id
"""  # noqa: S608  # constants
_STATEMENTS: dict[ListedKind, LiteralString] = {
    "caregiver": _CAREGIVERS,
    "organization": _ORGANIZATIONS,
    "shift": _SHIFTS,
}


async def note(connection: Connection, facts: Iterable[Fact]) -> None:
    """Store that the records changed which the facts update: at the time of the last of these facts, or later."""
    updating = [fact for fact in facts if fact.updates is not None]
    ids: dict[ListedKind, set[str]] = defaultdict(set)
    for updated in filter(None, (fact.updates for fact in updating)):
        ids[updated.kind].add(updated.id)
    for kind, changed in ids.items():
        await connection.execute(_STATEMENTS[kind], (max(fact.at for fact in updating), sorted(changed)))
