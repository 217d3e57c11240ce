"""A PostgreSQL server that writes durably, and databases filled by SQL, which is faster than through the service."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from tools.postgres import MISSING_MESSAGE, Server, binaries, running

#: The same caregivers and shifts that `bench.data.write_data_file` makes.
_CAREGIVERS = """
INSERT INTO caregivers (id, name, role, phone, role_key)
SELECT 'cg-' || lpad(n::text, greatest(5, length(n::text)), '0'), 'Name ' || n, role, '+1617' || 5000000 + n,
    lower(role)
FROM generate_series(%(first)s::bigint, %(first)s::bigint + %(count)s - 1) AS n
CROSS JOIN LATERAL (SELECT 'ROLE-' || lpad((n / %(per_role)s)::text, 5, '0') AS role) AS r
"""
_SHIFTS = """
INSERT INTO shifts (id, organization_id, role_required, start_time, end_time, time_zone, location)
SELECT 'shift-' || lpad(n::text, 5, '0'), 'org', 'ROLE-' || lpad(n::text, 5, '0'),
    timestamptz '2031-03-03 13:00Z', timestamptz '2031-03-03 21:00Z', 'America/New_York', 'Quincy 02169'
FROM generate_series(0, %(count)s - 1) AS n
"""
#: Closed fanouts that are still kept: each was offered to one caregiver, who claimed it. Their shifts, caregivers and
#: role are used by nothing else.
_CLOSED = (
    """
    INSERT INTO caregivers (id, name, role, phone, role_key, last_code)
    SELECT 'old-' || n, 'Name', 'OLD', '+1212' || 2000000 + n, 'old', 1 FROM generate_series(1, %(count)s) AS n
    """,
    """
    INSERT INTO shifts (id, organization_id, role_required, start_time, end_time, claimed)
    SELECT 'old-' || n, 'org', 'OLD', now() + interval '1 day', now() + interval '2 days', true
    FROM generate_series(1, %(count)s) AS n
    """,
    """
    INSERT INTO fanouts (shift_id, generation, role, status, round, started_at, escalates_at, can_still_accept,
        late_first, closed_at, due_at, last_turn)
    SELECT 'old-' || n, 1, 'old', 'claimed', 'sms', now(), now() + interval '10 minutes', 0, false, now(),
        now() + %(due_in)s::interval, 1
    FROM generate_series(1, %(count)s) AS n
    """,
    """
    INSERT INTO assignments (shift_id, caregiver_id, claimed_at, claimed_via, during, matters_until)
    SELECT 'old-' || n, 'old-' || n, now(), 'sms', tstzrange(now() + interval '1 day', now() + interval '2 days'),
        now() + interval '2 days'
    FROM generate_series(1, %(count)s) AS n
    """,
    """
    INSERT INTO offers (shift_id, caregiver_id, generation, code, state, notices_sent, turn)
    SELECT 'old-' || n, 'old-' || n, 1, '1', 'open', '{}', nextval('turns')
    FROM generate_series(1, %(count)s) AS n
    """,
    """
    INSERT INTO contacts (shift_id, generation, channel, caregiver_id, status, updated_at, attempts, maybe_sent, turn)
    SELECT 'old-' || n, 1, 'sms', 'old-' || n, 'sent', now(), 1, false, 1 FROM generate_series(1, %(count)s) AS n
    """,
    """
    INSERT INTO responses (shift_id, generation, caregiver_id, outcome, at, channel)
    SELECT 'old-' || n, 1, 'old-' || n, 'claimed', now(), 'sms' FROM generate_series(1, %(count)s) AS n
    """,
    """
    INSERT INTO inbound_messages (message_id, answer, at)
    SELECT 'old-' || n, '{"outcome": "claimed"}', now() FROM generate_series(1, %(count)s) AS n
    """,
)


@contextmanager
def durable_server() -> Iterator[Server]:
    """A server that waits for the disk, as in production. Raises RuntimeError if there are no PostgreSQL binaries."""
    bin_ = binaries()
    if bin_ is None:
        raise RuntimeError(MISSING_MESSAGE)
    with running(bin_, durable=True) as server:
        yield server


def filled_database(server: Server, *, roles: int, per_role: int, others: int = 0, closed: int = 0) -> str:
    """Create a database with one shift and `per_role` caregivers for each role; returns its URL.

    `others`: further caregivers, whose roles no shift needs. `closed`: fanouts that were claimed.
    """
    url = server.new_database()
    with psycopg.connect(url) as connection:
        connection.execute(_CAREGIVERS, {"first": 0, "count": roles * per_role, "per_role": per_role})
        connection.execute(_SHIFTS, {"count": roles})
        if others:
            first = roles * per_role
            connection.execute(_CAREGIVERS, {"first": first, "count": others, "per_role": per_role})
    if closed:
        add_closed(url, closed)
    with psycopg.connect(url, autocommit=True) as connection:
        # Leaves the database as autovacuum would after a while.
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
    return url


def add_closed(url: str, count: int, *, overdue: bool = False) -> None:
    """Store that many fanouts that were claimed. `overdue`: they are due to be forgotten since an hour ago."""
    with psycopg.connect(url) as connection:
        for statement in _CLOSED:
            connection.execute(statement.encode(), {"count": count, "due_in": "-1 hour" if overdue else "7 days"})
