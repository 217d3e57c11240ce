"""Lists the shifts that a filter accepts.

Which index is best depends on the conditions and on their values. So the values are part of the statement (psycopg's
client-side cursor quotes them), and PostgreSQL plans each statement for its values. All other statements of the
store are planned once.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, LiteralString

import psycopg

from app.domain.records import role_key
from app.ports.store import ShiftFilter, folded
from app.stores.postgres.connections import Connection

_SHIFTS: LiteralString = "SELECT row_to_json(s)::text, row_to_json(a)::text FROM shifts s LEFT JOIN assignments a"
#: In the list of claimed shifts, the search may begin in either table.
_CLAIMED: LiteralString = "SELECT row_to_json(s)::text, row_to_json(a)::text FROM shifts s JOIN assignments a"
_ORGANIZATION_NAMES: LiteralString = "SELECT id, name FROM organizations"


async def list_shifts(
    connection: Connection, after: str | datetime, limit: int, shift_filter: ShiftFilter
) -> list[tuple[Any, ...]]:
    """The rows of `Store.shifts`: the JSON of the shift, and that of its assignment or None."""
    named: list[str] = []
    if shift_filter.text is not None:
        # There are few organizations, and PostgreSQL does not fold text as `folded` does.
        names = await (await psycopg.AsyncClientCursor(connection).execute(_ORGANIZATION_NAMES)).fetchall()
        named = [id_ for id_, name in names if folded(shift_filter.text) in folded(name)]
    query, values = page(after, limit, shift_filter, named)
    return await (await psycopg.AsyncClientCursor(connection).execute(query, values)).fetchall()


def page(
    after: str | datetime, limit: int, shift_filter: ShiftFilter, named: Sequence[str] = ()
) -> tuple[LiteralString, list[object]]:
    """The statement for a page of the list, and its values. `named`: organizations whose names have the text."""
    order: LiteralString = "s.id" if isinstance(after, str) else "s.updated_at"
    conditions: list[tuple[LiteralString, *tuple[object, ...]]] = [(f"{order} > %s", after)]
    if shift_filter.claimed and isinstance(after, str):
        conditions.append(("a.shift_id > %s", after))
    if shift_filter.organization_id is not None:
        conditions.append(("s.organization_id = %s", shift_filter.organization_id))
    if shift_filter.within is not None:
        conditions.append(("s.organization_id = %s", shift_filter.within))
    if shift_filter.role is not None:
        conditions.append(("s.role_key = %s", role_key(shift_filter.role)))
    if shift_filter.starts_from is not None:
        conditions.append(("s.start_time >= %s", shift_filter.starts_from))
    if shift_filter.starts_before is not None:
        conditions.append(("s.start_time < %s", shift_filter.starts_before))
    if shift_filter.text is not None:
        found: LiteralString = "(strpos(s.search_text, %s) > 0 OR s.organization_id = ANY(%s))"
        conditions.append((found, folded(shift_filter.text), list(named)))
    where = " AND ".join(text for text, *_ in conditions)
    if shift_filter.claimed is False:
        where += " AND NOT s.claimed"
    where += " AND s.deleted_at IS NULL"
    source = _CLAIMED if shift_filter.claimed else _SHIFTS
    query = f"{source} ON a.shift_id = s.id WHERE {where} ORDER BY {order} LIMIT %s"
    return query, [*(value for _, *values in conditions for value in values), limit]
