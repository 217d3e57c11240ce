"""The reads of the HTTP API and the board: single records, pages and reports. Each finds its rows by an index."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from app.domain.attention import every_offer_failed
from app.domain.fanout_records import Exclusion, Fanout, Offer
from app.domain.fanout_reports import FanoutReport, HeldMessages, Overview, counts_as_reported
from app.domain.messages import ChannelStatus, Contact, ContactStatus, Notice, Silence
from app.domain.records import (
    Assignment,
    Caregiver,
    Channel,
    Organization,
    Response,
    Shift,
)
from app.ports.store import ShiftFilter
from app.stores.postgres.connections import Connection
from app.stores.postgres.shift_list import list_shifts

_CAREGIVERS = """
SELECT row_to_json(c)::text, coalesce(n.opted_out, false)
FROM caregivers c LEFT JOIN LATERAL (SELECT opted_out FROM numbers WHERE phone = c.phone OFFSET 0) AS n ON true
"""
_CAREGIVER = _CAREGIVERS + "WHERE c.id = %s"
_CAREGIVER_PAGE = _CAREGIVERS + "WHERE c.id > %s ORDER BY c.id LIMIT %s"
_UPDATED_CAREGIVERS = _CAREGIVERS + "WHERE c.updated_at > %s ORDER BY c.updated_at LIMIT %s"
_UPDATED_CAREGIVERS_OF_ORGANIZATION = _CAREGIVERS + (
    "WHERE c.updated_at > %s AND (c.organization_ids = '{}' OR %s = ANY(c.organization_ids)) "
    "ORDER BY c.updated_at LIMIT %s"
)
_ORGANIZATIONS = "SELECT row_to_json(o)::text FROM organizations o "
_ORGANIZATION = _ORGANIZATIONS + "WHERE id = %s"
_ORGANIZATION_PAGE = _ORGANIZATIONS + "WHERE id > %s ORDER BY id LIMIT %s"
_UPDATED_ORGANIZATIONS = _ORGANIZATIONS + "WHERE updated_at > %s ORDER BY updated_at LIMIT %s"
#: Those who work for the organization, and those who work for all: two lists, each in the order of the ids.
_CAREGIVER_PAGE_OF_ORGANIZATION = f"""
SELECT c.* FROM (
    (
        SELECT caregiver_id FROM caregiver_organizations WHERE organization_id = %(organization)s
        AND caregiver_id > %(after)s ORDER BY organization_id, caregiver_id LIMIT %(limit)s
    ) UNION ALL (
        SELECT caregiver_id FROM caregiver_organizations WHERE organization_id = ''
        AND caregiver_id > %(after)s ORDER BY organization_id, caregiver_id LIMIT %(limit)s
    )
) AS o CROSS JOIN LATERAL ({_CAREGIVERS} WHERE c.id = o.caregiver_id OFFSET 0) AS c
"""  # noqa: S608  # constants
_SILENT_NUMBERS = """
SELECT n.phone, n.opted_out FROM unnest(%s::text[]) AS k(phone)
CROSS JOIN LATERAL (SELECT * FROM numbers WHERE phone = k.phone OFFSET 0) AS n
LEFT JOIN LATERAL (SELECT phone FROM caregivers WHERE id = n.wrong_number_of OFFSET 0) AS c ON true
WHERE n.opted_out OR n.wrong_number_of = '' OR c.phone = n.phone
"""
_SHIFTS = """
SELECT row_to_json(s)::text, row_to_json(a)::text
FROM shifts s LEFT JOIN LATERAL (SELECT * FROM assignments WHERE shift_id = s.id OFFSET 0) AS a ON true
"""
_SHIFT = _SHIFTS + "WHERE s.id = %s AND s.deleted_at IS NULL"
_CONTACTS = """
SELECT coalesce(json_agg(json_build_array(turn, c)), '[]')::text FROM (
    SELECT * FROM contacts
    WHERE shift_id = %s AND generation = %s AND channel = %s AND caregiver_id > %s
    ORDER BY caregiver_id LIMIT %s
) AS c
"""
_EXCLUSIONS = """
SELECT coalesce(json_agg(e ORDER BY e.turn), '[]')::text FROM exclusions e WHERE shift_id = %s AND generation = %s
"""

_SHIFTS_FROM = """
SELECT id FROM shifts WHERE start_time >= %s AND deleted_at IS NULL ORDER BY start_time, id LIMIT %s
"""
_SHIFTS_OF_ORGANIZATION_FROM = """
SELECT id FROM shifts WHERE organization_id = %s AND start_time >= %s AND deleted_at IS NULL
ORDER BY organization_id, start_time, id LIMIT %s
"""
_CAREGIVERS_BY_ID = """
SELECT coalesce(json_agg(c), '[]')::text
FROM unnest(%s::text[]) AS r(id) CROSS JOIN LATERAL (SELECT * FROM caregivers WHERE id = r.id OFFSET 0) AS c
"""
_OVERVIEWS = """
SELECT row_to_json(s)::text, row_to_json(a)::text, row_to_json(f)::text, coalesce((
    SELECT json_object_agg(c.status, c.contacts) FROM fanout_counts c
    WHERE c.shift_id = f.shift_id AND c.generation = f.generation AND c.status <> 'asked'
), '{}')::text, coalesce((
    SELECT c.contacts FROM fanout_counts c
    WHERE c.shift_id = f.shift_id AND c.generation = f.generation AND c.status = 'asked'
), 0), (
    SELECT coalesce(json_agg(r ORDER BY r.turn), '[]') FROM responses r
    WHERE r.shift_id = f.shift_id AND r.generation = f.generation
)::text, (
    SELECT coalesce(json_agg(n ORDER BY n.turn), '[]') FROM notices n WHERE n.shift_id = s.id
)::text, (
    SELECT coalesce(json_agg(o), '[]') FROM offers o
    WHERE o.shift_id = s.id AND (o.unclear_since IS NOT NULL OR o.opted_out_yes_at IS NOT NULL)
)::text, (
    SELECT coalesce(json_agg(h), '[]') FROM (
        SELECT c.channel, c.due_at AS until, c.held AS reason, count(*) AS count FROM contacts c
        WHERE c.shift_id = f.shift_id AND c.generation = f.generation AND c.status = 'queued'
            AND c.held IS NOT NULL AND c.due_at IS NOT NULL
        GROUP BY c.channel, c.due_at, c.held
    ) AS h
)::text, (SELECT row_to_json(o) FROM organizations o WHERE o.id = s.organization_id)::text
FROM shifts s
LEFT JOIN LATERAL (SELECT * FROM assignments WHERE shift_id = s.id OFFSET 0) AS a ON true
LEFT JOIN LATERAL (SELECT * FROM fanouts WHERE shift_id = s.id OFFSET 0) AS f ON true
WHERE s.id = ANY(%s) AND s.deleted_at IS NULL
"""
_FANOUTS_CLOSED_BEFORE = """
SELECT shift_id, generation FROM fanouts
WHERE closed_at < %s AND due_at IS NOT NULL AND planned_up_to IS NULL ORDER BY closed_at LIMIT %s
"""
_CHANNELS = "SELECT coalesce(json_agg(c), '[]')::text FROM channels c WHERE channel IN ('sms', 'voice')"
#: Read only where every contact failed.
_LAST_FAILED = """
SELECT max(updated_at) FROM contacts
WHERE shift_id = %s AND generation = %s AND channel IN ('sms', 'voice') AND status = 'failed'
"""
#: Read only where a closed fanout has queued contacts, until a worker has given those up.
_QUEUED_PERHAPS_SENT = """
SELECT count(*) FROM contacts
WHERE shift_id = %s AND generation = %s AND channel IN ('sms', 'voice') AND status = 'queued' AND maybe_sent
"""
#: Contacts read in one statement. Parsing all of a large report at once would block the event loop.
_CONTACTS_PER_READ = 1000

_CAREGIVER_ROW = TypeAdapter(Caregiver)
_CAREGIVER_ROWS = TypeAdapter(list[Caregiver])
_ORGANIZATION_ROW = TypeAdapter(Organization)
_SHIFT_ROW = TypeAdapter(Shift)
_ASSIGNMENT_ROW = TypeAdapter(Assignment)
_FANOUT_ROW = TypeAdapter(Fanout)
_COUNTS = TypeAdapter(dict[ContactStatus, int])
_CONTACT_ROWS = TypeAdapter(list[tuple[int, Contact]])
_RESPONSE_ROWS = TypeAdapter(list[Response])
_EXCLUSION_ROWS = TypeAdapter(list[Exclusion])
_NOTICE_ROWS = TypeAdapter(list[Notice])
_OFFER_ROWS = TypeAdapter(list[Offer])
_HELD_ROWS = TypeAdapter(list[HeldMessages])
_CHANNEL_ROWS = TypeAdapter(list[ChannelStatus])


async def caregiver(connection: Connection, caregiver_id: str) -> tuple[Caregiver, bool] | None:
    """See `Store`."""
    row = await (await connection.execute(_CAREGIVER, (caregiver_id,))).fetchone()
    return _caregiver(row) if row else None


async def caregivers(
    connection: Connection, after: str | datetime, limit: int, organization_id: str | None
) -> list[tuple[Caregiver, bool]]:
    """See `Store`."""
    if isinstance(after, datetime):
        if organization_id is None:
            cursor = await connection.execute(_UPDATED_CAREGIVERS, (after, limit))
        else:
            cursor = await connection.execute(_UPDATED_CAREGIVERS_OF_ORGANIZATION, (after, organization_id, limit))
        return [_caregiver(row) for row in await cursor.fetchall()]
    if organization_id is None:
        rows = await (await connection.execute(_CAREGIVER_PAGE, (after, limit))).fetchall()
        return [_caregiver(row) for row in rows]
    given = {"organization": organization_id, "after": after, "limit": limit}
    rows = await (await connection.execute(_CAREGIVER_PAGE_OF_ORGANIZATION, given)).fetchall()
    return sorted(map(_caregiver, rows), key=lambda found: found[0].id)[:limit]


async def organization(connection: Connection, organization_id: str) -> Organization | None:
    """See `Store`."""
    row = await (await connection.execute(_ORGANIZATION, (organization_id,))).fetchone()
    return _ORGANIZATION_ROW.validate_json(row[0]) if row else None


async def organizations(connection: Connection, after: str | datetime, limit: int) -> list[Organization]:
    """See `Store`."""
    query = _ORGANIZATION_PAGE if isinstance(after, str) else _UPDATED_ORGANIZATIONS
    rows = await (await connection.execute(query, (after, limit))).fetchall()
    return [_ORGANIZATION_ROW.validate_json(row[0]) for row in rows]


async def silent_numbers(connection: Connection, phones: Collection[str]) -> dict[str, Silence]:
    """See `Store`."""
    rows = await (await connection.execute(_SILENT_NUMBERS, (list(phones),))).fetchall()
    return {phone: Silence.OPTED_OUT if opted_out else Silence.WRONG_NUMBER for phone, opted_out in rows}


async def shift(connection: Connection, shift_id: str) -> tuple[Shift, Assignment | None] | None:
    """See `Store`."""
    row = await (await connection.execute(_SHIFT, (shift_id,))).fetchone()
    return _shift(row) if row else None


async def shifts(
    connection: Connection, after: str | datetime, limit: int, shift_filter: ShiftFilter
) -> list[tuple[Shift, Assignment | None]]:
    """See `Store`."""
    return [_shift(row) for row in await list_shifts(connection, after, limit, shift_filter)]


async def report(connection: Connection, shift_id: str, *, full: bool) -> FanoutReport | None:
    """See `Store`. A full report takes several statements; they all see the same state."""
    if not full:
        return await _report(connection, shift_id, full=False)
    async with connection.transaction():
        await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return await _report(connection, shift_id, full=True)


async def _report(connection: Connection, shift_id: str, *, full: bool) -> FanoutReport | None:
    found = await overviews(connection, [shift_id])
    report = found[0].report if found else None
    if report is None or not full:
        return report
    key = (shift_id, report.fanout.generation)
    contacts = [one for channel in Channel for one in await _contacts(connection, key, channel)]
    excluded = await (await connection.execute(_EXCLUSIONS, key)).fetchone()
    return replace(
        report,
        contacts=tuple(contacts),
        excluded=tuple(_EXCLUSION_ROWS.validate_json(excluded[0] if excluded else "[]")),
    )


async def channels(connection: Connection) -> list[ChannelStatus]:
    """See `Store`."""
    row = await (await connection.execute(_CHANNELS)).fetchone()
    return _CHANNEL_ROWS.validate_json(row[0] if row else "[]")


async def fanouts_closed_before(connection: Connection, before: datetime, limit: int) -> list[tuple[str, int]]:
    """See `PostgresStore`."""
    rows = await (await connection.execute(_FANOUTS_CLOSED_BEFORE, (before, limit))).fetchall()
    return [(shift_id, generation) for shift_id, generation in rows]


async def shift_ids_from(
    connection: Connection, start: datetime, limit: int, organization_id: str | None
) -> list[str]:
    """See `Store`."""
    if organization_id is None:
        cursor = await connection.execute(_SHIFTS_FROM, (start, limit))
    else:
        cursor = await connection.execute(_SHIFTS_OF_ORGANIZATION_FROM, (organization_id, start, limit))
    return [id_ for (id_,) in await cursor.fetchall()]


async def caregivers_by_id(connection: Connection, caregiver_ids: Collection[str]) -> list[Caregiver]:
    """See `Store`."""
    row = await (await connection.execute(_CAREGIVERS_BY_ID, (list(caregiver_ids),))).fetchone()
    return _CAREGIVER_ROWS.validate_json(row[0] if row else "[]")


async def overviews(connection: Connection, shift_ids: Collection[str]) -> list[Overview]:
    """See `Store`."""
    rows = await (await connection.execute(_OVERVIEWS, (list(shift_ids),))).fetchall()
    return [await _overview(connection, row) for row in rows]


async def _overview(connection: Connection, row: tuple[Any, ...]) -> Overview:
    shift_row, assignment, fanout_row, counts, asked, responses, notices, marked_offers, held, office = row
    about, assigned = _shift((shift_row, assignment))
    organization = None if office is None else _ORGANIZATION_ROW.validate_json(office)
    if fanout_row is None:
        return Overview(shift=about, assignment=assigned, organization=organization)
    fanout = _FANOUT_ROW.validate_json(fanout_row)
    report = FanoutReport(
        shift=about,
        fanout=fanout,
        assignment=assigned,
        counts=await _counts(connection, fanout, counts),
        responses=tuple(_RESPONSE_ROWS.validate_json(responses)),
        notices=tuple(_NOTICE_ROWS.validate_json(notices)),
        marked_offers=tuple(_OFFER_ROWS.validate_json(marked_offers)),
        held=tuple(_HELD_ROWS.validate_json(held)),
    )
    if every_offer_failed(report.counts):
        key = (fanout.shift_id, fanout.generation)
        last = await (await connection.execute(_LAST_FAILED, key)).fetchone()
        report = replace(report, last_failed_at=last[0] if last else None)
    return Overview(shift=about, assignment=assigned, organization=organization, report=report, asked=asked)


async def _counts(connection: Connection, fanout: Fanout, counted: str) -> dict[ContactStatus, int]:
    """The number of contacts in each status, counted as `FanoutReport.status_of` says."""
    counts, perhaps_sent = _COUNTS.validate_json(counted), 0
    if not fanout.claimable and counts.get(ContactStatus.QUEUED):
        key = (fanout.shift_id, fanout.generation)
        row = await (await connection.execute(_QUEUED_PERHAPS_SENT, key)).fetchone()
        perhaps_sent = row[0] if row else 0
    return counts_as_reported(fanout, counts, perhaps_sent)


async def _contacts(connection: Connection, key: tuple[str, int], channel: Channel) -> list[Contact]:
    """The contacts of one round, in the order in which they were queued."""
    found: list[tuple[int, Contact]] = []
    after = ""
    while True:
        row = await (await connection.execute(_CONTACTS, (*key, channel.value, after, _CONTACTS_PER_READ))).fetchone()
        page = _CONTACT_ROWS.validate_json(row[0] if row else "[]")
        found += page
        if len(page) < _CONTACTS_PER_READ:
            return [contact for _, contact in sorted(found, key=lambda pair: pair[0])]
        after = max(contact.caregiver_id for _, contact in page)


def _caregiver(row: tuple[Any, ...]) -> tuple[Caregiver, bool]:
    return _CAREGIVER_ROW.validate_json(row[0]), row[1]


def _shift(row: tuple[Any, ...]) -> tuple[Shift, Assignment | None]:
    return _SHIFT_ROW.validate_json(row[0]), _ASSIGNMENT_ROW.validate_json(row[1]) if row[1] else None
