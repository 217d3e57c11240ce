"""The queue: what is due, who takes it, and how many a second. The rows of the records are the jobs.

Workers skip what others have locked, so none waits for another. Every comparison is with a time that is passed in,
never with the database's own clock: one clock rules every store.
"""

from collections import deque
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import TypeAdapter
from pydantic_core import to_json

from app.domain.decisions import Decision, Delivery
from app.domain.records import Channel, Contact, Fanout, Notice, contact_key
from app.stores.postgres.connections import Connection
from app.stores.postgres.prefetch import ReadSet
from app.stores.postgres.working_set import WorkingSet
from app.stores.rate_limit import RateLimiter
from app.stores.turns import FIRST_ORDER, OfferQueue, Order, order_after

#: Rows looked at for each channel where those before them were all turned away: they are a closed fanout's, and
#: many. Else no more than can go: what one worker has locked the others pass over.
_LOOK_AT = 100

_TAKE = """
WITH due_notices AS (
    SELECT * FROM notices WHERE status = 'queued' AND due_at IS NOT NULL AND due_at <= %(now)s
    ORDER BY due_at LIMIT %(notices)s FOR UPDATE SKIP LOCKED
), new_notices AS (
    SELECT * FROM notices WHERE status = 'queued' AND due_at IS NULL
    ORDER BY turn LIMIT %(notices)s FOR UPDATE SKIP LOCKED
), due_sms AS (
    SELECT * FROM contacts
    WHERE channel = 'sms' AND status = 'queued' AND due_at IS NOT NULL AND due_at <= %(now)s
    ORDER BY due_at LIMIT %(sms)s FOR UPDATE SKIP LOCKED
), new_sms AS (
    SELECT * FROM contacts WHERE channel = 'sms' AND status = 'queued' AND due_at IS NULL
    ORDER BY turn LIMIT %(sms)s FOR UPDATE SKIP LOCKED
), due_voice AS (
    SELECT * FROM contacts
    WHERE channel = 'voice' AND status = 'queued' AND due_at IS NOT NULL AND due_at <= %(now)s
    ORDER BY due_at LIMIT %(voice)s FOR UPDATE SKIP LOCKED
), new_voice AS (
    SELECT * FROM contacts WHERE channel = 'voice' AND status = 'queued' AND due_at IS NULL
    ORDER BY turn LIMIT %(voice)s FOR UPDATE SKIP LOCKED
)
SELECT json_build_object(
    'notices', (
        SELECT coalesce(json_agg(n), '[]') FROM (SELECT * FROM due_notices UNION ALL SELECT * FROM new_notices) n
    ),
    'sms', (SELECT coalesce(json_agg(c), '[]') FROM (SELECT * FROM due_sms UNION ALL SELECT * FROM new_sms) c),
    'voice', (SELECT coalesce(json_agg(c), '[]') FROM (SELECT * FROM due_voice UNION ALL SELECT * FROM new_voice) c)
)::text
"""
_PACE = "SELECT next_at FROM paces WHERE channel = %s FOR UPDATE"
_SPEND = "UPDATE paces SET next_at = %s WHERE channel = %s"
_EXPIRED = """
WITH over_contacts AS (
    SELECT ctid AS place FROM contacts
    WHERE status = 'sending' AND leased_until <= %(now)s
    ORDER BY leased_until LIMIT %(most)s FOR UPDATE SKIP LOCKED
), over_notices AS (
    SELECT ctid AS place FROM notices WHERE status = 'sending' AND leased_until <= %(now)s
    ORDER BY leased_until LIMIT %(most)s FOR UPDATE SKIP LOCKED
), contacts_taken AS (
    UPDATE contacts SET leased_until = %(until)s FROM over_contacts o
    WHERE contacts.ctid = o.place
    RETURNING contacts.*
), notices_taken AS (
    UPDATE notices SET leased_until = %(until)s FROM over_notices o WHERE notices.ctid = o.place RETURNING notices.*
)
SELECT json_build_object(
    'notices', (SELECT coalesce(json_agg(n), '[]') FROM notices_taken n),
    'contacts', (SELECT coalesce(json_agg(c), '[]') FROM contacts_taken c)
)::text
"""
_RENEW_CONTACTS = """
UPDATE contacts SET leased_until = %s
FROM json_populate_recordset(NULL::contacts, %s) AS r
CROSS JOIN LATERAL (
    SELECT ctid AS place FROM contacts
    WHERE shift_id = r.shift_id AND generation = r.generation AND channel = r.channel
        AND caregiver_id = r.caregiver_id
    OFFSET 0
) AS found
WHERE contacts.ctid = found.place AND contacts.status = 'sending' AND contacts.attempts = r.attempts
"""
_RENEW_NOTICES = """
UPDATE notices SET leased_until = %s
FROM json_populate_recordset(NULL::notices, %s) AS r
CROSS JOIN LATERAL (SELECT ctid AS place FROM notices WHERE id = r.id OFFSET 0) AS found
WHERE notices.ctid = found.place AND notices.status = 'sending' AND notices.attempts = r.attempts
"""
_DUE = """
WITH due AS (
    SELECT ctid AS place FROM fanouts WHERE due_at IS NOT NULL AND leased_until IS NULL AND due_at <= %(now)s
    ORDER BY due_at LIMIT %(most)s FOR UPDATE SKIP LOCKED
), left_behind AS (
    SELECT ctid AS place FROM fanouts WHERE leased_until IS NOT NULL AND leased_until <= %(now)s
    ORDER BY leased_until LIMIT %(most)s FOR UPDATE SKIP LOCKED
), taken AS (
    SELECT place FROM due UNION SELECT place FROM left_behind LIMIT %(most)s
), leased AS (
    UPDATE fanouts SET leased_until = %(until)s FROM taken WHERE fanouts.ctid = taken.place
    RETURNING fanouts.*
)
SELECT coalesce(json_agg(f ORDER BY due_at), '[]')::text FROM leased f
"""
#: What is due by the time it was last looked for waits for a slot or a rate, not for a time.
_NEXT_DUE = """
SELECT least(
    (SELECT min(due_at) FROM fanouts WHERE due_at IS NOT NULL AND leased_until IS NULL),
    (SELECT min(leased_until) FROM fanouts WHERE leased_until IS NOT NULL),
    (SELECT min(due_at) FROM contacts
        WHERE channel = 'sms' AND status = 'queued' AND due_at IS NOT NULL AND due_at > %(looked_at)s),
    (SELECT min(due_at) FROM contacts
        WHERE channel = 'voice' AND status = 'queued' AND due_at IS NOT NULL AND due_at > %(looked_at)s),
    (SELECT min(due_at) FROM notices WHERE status = 'queued' AND due_at IS NOT NULL AND due_at > %(looked_at)s),
    (SELECT min(leased_until) FROM contacts WHERE status = 'sending'),
    (SELECT min(leased_until) FROM notices WHERE status = 'sending')
)
"""

Admit = Callable[[WorkingSet, Contact | Notice], Decision[Delivery | None]]


@dataclass(frozen=True)
class _Found:
    notices: list[Notice]
    sms: list[Contact]
    voice: list[Contact]


@dataclass(frozen=True)
class _Expired:
    notices: list[Notice]
    contacts: list[Contact]


_FOUND = TypeAdapter(_Found)
_EXPIRED_ONES = TypeAdapter(_Expired)
_FANOUTS = TypeAdapter(list[Fanout])


class Taken:
    """Rows locked for one lease, and what the rates allow of them. `order` says whose turn it is."""

    def __init__(
        self,
        found: _Found,
        paces: Mapping[Channel, RateLimiter],
        order: Order,
        now: datetime,
        total: int,
        full: bool,
    ) -> None:
        self.entries: list[Contact | Notice] = [*found.notices, *found.sms, *found.voice]
        self.paces = paces
        self.order = order
        self.deliveries: list[Delivery] = []
        self._now = now
        self._total = total
        self._full = full
        self._left = {channel: pace.allowance(now) for channel, pace in paces.items()}

    def read_set(self) -> ReadSet:
        """What the last look at these reads."""
        read_set = ReadSet(now=self._now)
        for entry in self.entries:
            read_set.caregivers.add(entry.caregiver_id)
            if entry.shift_id is not None:
                read_set.shifts.add(entry.shift_id)
                read_set.pairs.add((entry.shift_id, entry.caregiver_id))
        return read_set

    def admitted(self, state: WorkingSet, admit: Admit) -> None:
        """Ask `admit` for each, as far as `total` and the rates go. Raises MissingReads, having changed nothing."""
        left, order = dict(self._left), self.order
        deliveries: list[Delivery] = []
        notices: deque[Notice] = deque()
        offers: dict[OfferQueue, deque[Contact]] = {queue: deque() for queue in order}
        for entry in self.entries:
            if isinstance(entry, Notice):
                notices.append(entry)
            else:
                offers[OfferQueue(entry.channel, entry.due_at is not None)].append(entry)
        state.saw(self.entries)
        while len(deliveries) < self._total:
            queue = None
            if notices and left[Channel.SMS] > 0:
                decision = admit(state, notices.popleft())
            else:
                queue = next((one for one in order if offers[one] and left[one.channel] > 0), None)
                if queue is None:
                    break
                decision = admit(state, offers[queue].popleft())
            for write in decision.writes:
                state.put(write)
            if decision.result is not None:
                left[decision.result.message.channel] -= 1
                deliveries.append(decision.result)
                if queue is not None:
                    order = order_after(order, queue)
        self._left, self.order, self.deliveries = left, order, deliveries

    @property
    def more(self) -> bool:
        """Whether rows that were not looked at could go now."""
        return self._full and len(self.deliveries) < self._total and any(left > 0 for left in self._left.values())

    @property
    def next_at(self) -> datetime | None:
        """When a rate lets the next message of its channel go; None: none holds anything back."""
        held_back = (self.paces[channel].next_at for channel, left in self._left.items() if left <= 0)
        return min(held_back, default=None)


class Queue:
    """The statements of the queue. `rates`: messages per second of each channel, over all processes.

    Whose turn it is each process remembers for itself: if each of them alternates, all of them together do.
    """

    def __init__(self, rates: Mapping[Channel, float | None]) -> None:
        self._rates = rates
        self._looked_at = datetime.fromtimestamp(0, UTC)
        self._look_at = 0
        self._order = FIRST_ORDER

    async def take(self, connection: Connection, now: datetime, total: int) -> Taken:
        """Lock what may go next. Rates are taken from a row of their own, which makes workers take turns."""
        self._looked_at = now
        paces = {}
        for channel in Channel:
            rate = self._rates.get(channel)
            paces[channel] = RateLimiter(rate)
            if rate is not None:
                cursor = await connection.execute(_PACE, (channel.value,))
                await connection.answers()
                row = await cursor.fetchone()
                paces[channel] = RateLimiter(rate, row[0] if row else None)
        allowed = {channel: min(total, pace.allowance(now)) for channel, pace in paces.items()}
        look_at = {channel: max(count, self._look_at) if count > 0 else 0 for channel, count in allowed.items()}
        notices = allowed[Channel.SMS]
        if not any(look_at.values()):
            return Taken(_Found([], [], []), paces, self._order, now, total, full=False)
        cursor = await connection.execute(
            _TAKE,
            {"now": now, "notices": notices, "sms": look_at[Channel.SMS], "voice": look_at[Channel.VOICE]},
        )
        await connection.answers()
        row = await cursor.fetchone()
        found = _FOUND.validate_json(row[0] if row else "{}")
        full = (
            0 < notices <= len(found.notices)
            or 0 < look_at[Channel.SMS] <= len(found.sms)
            or 0 < look_at[Channel.VOICE] <= len(found.voice)
        )
        return Taken(found, paces, self._order, now, total, full)

    async def spend(self, connection: Connection, taken: Taken, now: datetime) -> None:
        """Take the tokens of what goes."""
        spent = set()
        for delivery in taken.deliveries:
            channel = delivery.message.channel
            taken.paces[channel].spend(now)
            spent.add(channel)
        for channel in sorted(spent):
            if self._rates.get(channel) is not None:
                await connection.execute(_SPEND, (taken.paces[channel].next_at, channel.value))

    def committed(self, taken: Taken) -> None:
        """Remember for the next lease whose turn it is, and whether to look further than this one did."""
        self._order = taken.order
        self._look_at = _LOOK_AT if taken.entries and not taken.deliveries else 0

    async def renew(self, connection: Connection, entries: Collection[Contact | Notice], until: datetime) -> None:
        """See `Store`."""
        contacts = [
            {
                "shift_id": one.shift_id,
                "generation": one.generation,
                "channel": one.channel,
                "caregiver_id": one.caregiver_id,
                "attempts": one.attempts,
            }
            # In the order in which results are written: see `saving`.
            for one in sorted((one for one in entries if isinstance(one, Contact)), key=contact_key)
        ]
        notices = [{"id": one.id, "attempts": one.attempts} for one in entries if isinstance(one, Notice)]
        if contacts:
            await connection.execute(_RENEW_CONTACTS, (until, to_json(contacts).decode()))
        if notices:
            await connection.execute(_RENEW_NOTICES, (until, to_json(notices).decode()))

    async def expired(
        self, connection: Connection, now: datetime, until: datetime, limit: int
    ) -> list[Contact | Notice]:
        """See `Store`."""
        cursor = await connection.execute(_EXPIRED, {"now": now, "until": until, "most": limit})
        row = await cursor.fetchone()
        found = _EXPIRED_ONES.validate_json(row[0] if row else "{}")
        return [*found.notices, *found.contacts]

    async def due_fanouts(self, connection: Connection, now: datetime, until: datetime, limit: int) -> list[Fanout]:
        """See `Store`."""
        cursor = await connection.execute(_DUE, {"now": now, "until": until, "most": limit})
        row = await cursor.fetchone()
        return _FANOUTS.validate_json(row[0]) if row else []

    async def next_due(self, connection: Connection) -> datetime | None:
        """See `Store`."""
        cursor = await connection.execute(_NEXT_DUE, {"looked_at": self._looked_at})
        row = await cursor.fetchone()
        return row[0] if row else None
