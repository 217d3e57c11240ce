"""The writes of a transaction: the last state of each record, one statement per table, all sent together.

The rows of a statement are one JSON array, with the columns as keys. Contacts and notices are written without a lock,
so their statements compare each row with what was read. A difference is raised as a serialization failure, like
PostgreSQL's own, and the transaction is decided again.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, LiteralString

from pydantic_core import to_json

from app.domain.decisions import (
    shift_ids_of,
)
from app.domain.due_steps import pending_work
from app.domain.messages import (
    OFFERS_COUNT_FOR,
    Contact,
    ContactKey,
    ContactStatus,
    Notice,
    StoredAnswer,
)
from app.domain.records import (
    Caregiver,
    role_key,
)
from app.ports.store import search_text
from app.stores.postgres import events, kept_texts, log, statements, updates
from app.stores.postgres.last_writes import LastWrites
from app.stores.postgres.transaction import Transaction
from app.stores.postgres.working_set import WorkingSet

#: A reply may refer to a claim for this long, even after the shift has ended.
_CLAIM_RELEVANT_FOR = timedelta(days=1)
#: Storing an offer that went out deletes at most this many that no longer count.
_FORGOTTEN_PER_SENT_OFFER = 4


@dataclass
class SaveResult:
    """What a transaction wrote, for the listeners of this process and of others."""

    #: Whether there is new work for a worker.
    work: bool = False
    #: Whether to announce the work to other processes: it may be too much for one worker, or a fanout has a new due
    #: time.
    announce: bool = False
    #: How many answers were stored.
    answers: int = 0
    #: How many facts were written, and whether one of them is an event to send.
    facts: int = 0
    events: bool = False
    #: The shifts that the writes concern.
    shift_ids: set[str] = field(default_factory=set)


async def save(
    transaction: Transaction, state: WorkingSet, leased_until: datetime | None = None, *, sends_events: bool = False
) -> SaveResult:
    """Send the writes of `state`. Messages marked `sending` are leased until `leased_until`.

    `sends_events`: whether facts are queued as outgoing events.
    """
    writer = _Writer(transaction, state, leased_until, sends_events=sends_events)
    await writer.send()
    return writer.result


class _Writer:
    """Collects the last state of each record and sends the statements that write it."""

    def __init__(
        self, transaction: Transaction, state: WorkingSet, leased_until: datetime | None, *, sends_events: bool
    ) -> None:
        self.result = SaveResult(shift_ids=shift_ids_of(state.writes))
        self._transaction = transaction
        self._state = state
        self._leased_until = leased_until
        self._sends_events = sends_events
        self._last = LastWrites(state.writes)

    async def send(self) -> None:
        """Send all statements, in an order in which each finds the rows it refers to."""
        removed = [id_ for id_, caregiver in self._last.caregivers.items() if caregiver is None]
        if removed:
            await self._transaction.execute(statements.DELETE_CAREGIVERS, (removed,))
        await self._execute(
            statements.UPSERT_CAREGIVERS,
            map(_caregiver_row, filter(None, self._last.caregivers.values())),
        )
        removed = [id_ for id_, organization in self._last.organizations.items() if organization is None]
        if removed:
            await self._transaction.execute(statements.DELETE_ORGANIZATIONS, (removed,))
        await self._execute(
            statements.UPSERT_ORGANIZATIONS, map(_row, filter(None, self._last.organizations.values()))
        )
        await self._execute(
            statements.UPSERT_SHIFTS,
            (
                {**_row(one), "role_key": role_key(one.role_required), "search_text": search_text(one)}
                for one in filter(None, self._last.shifts.values())
            ),
        )
        await self._send_assignments()
        await self._forget()
        removed = [id_ for id_, shift in self._last.shifts.items() if shift is None]
        if removed:
            await self._transaction.execute(statements.DELETE_SHIFTS, (removed,))
            await self._transaction.execute(statements.FORGET_NOTICES, (removed,))
        turns = self._turns()
        await self._send_fanouts(turns)
        await self._send_offers()
        await self._send_contacts(turns)
        await self._count_sent_offers()
        await self._send_notices()
        await self._execute(kept_texts.INSERT, map(_row, self._last.texts))
        await self._execute(statements.UPSERT_RESPONSES, map(_row, self._last.responses.values()))
        exclusions = self._last.exclusions.values()
        await self._execute(statements.UPSERT_EXCLUSIONS, (_row(one) for one in exclusions if one.reason is not None))
        await self._execute(statements.DELETE_EXCLUSIONS, (_row(one) for one in exclusions if one.reason is None))
        await self._execute(statements.UPSERT_NUMBERS, map(_row, self._last.numbers.values()))
        if self._last.channels:
            await self._execute(statements.UPDATE_CHANNELS, map(_row, self._last.channels.values()))
            self.result.work = self.result.announce = True
        await self._execute(
            statements.INSERT_ANSWERS,
            (_answer_row(one) for one in self._last.answers.values()),
        )
        self.result.answers = len(self._last.answers)
        await self._send_facts()

    async def _execute(
        self, statement: LiteralString, rows: Iterable[Mapping[str, Any]], *, every_row: bool = False
    ) -> None:
        """Send the statement with these rows, if there are any.

        With `every_row` each of them must insert or change a row; if one does not, the transaction fails as a
        serialization failure.
        """
        listed = list(rows)
        if listed:
            given = to_json(listed, timedelta_mode="float").decode()
            if every_row:
                counted: LiteralString = (
                    f"WITH changed AS ({statement} RETURNING 1) "  # noqa: S608  # two constants
                    "SELECT expect_rows((SELECT count(*) FROM changed), %s)"
                )
                await self._transaction.execute(counted, (given, len(listed)))
            else:
                await self._transaction.execute(statement, (given,))

    async def _send_assignments(self) -> None:
        if self._last.unassigned:
            shift_ids = sorted(self._last.unassigned)
            await self._transaction.execute(statements.DELETE_ASSIGNMENTS, (shift_ids,))
        assigned = self._last.assignments.values()
        rows = ({**_row(one), "matters_until": one.claimed_at + _CLAIM_RELEVANT_FOR} for one in assigned)
        await self._execute(statements.UPSERT_ASSIGNMENTS, rows, every_row=True)

    async def _forget(self) -> None:
        if not self._last.forgotten:
            return
        shift_ids = sorted(one.shift_id for one in self._last.forgotten)
        for statement in statements.FORGET_DETAILS:
            await self._transaction.execute(statement, (shift_ids,))
        kept = [(one.shift_id, one.keep_offer_of) for one in self._last.forgotten if one.keep_offer_of is not None]
        await self._transaction.execute(
            statements.FORGET_OFFERS, (shift_ids, [shift_id for shift_id, _ in kept], [id_ for _, id_ in kept])
        )
        without_record = sorted(one.shift_id for one in self._last.forgotten if not one.keep_record)
        if without_record:
            await self._transaction.execute(statements.FORGET_FANOUTS, (without_record,))

    def _turns(self) -> dict[ContactKey, int]:
        """The turn number of each new contact. It counts the contacts of a round, so that fanouts send in turn."""
        turns: dict[ContactKey, int] = {}
        last: dict[str, int] = {}
        for key in self._last.contacts:
            if key not in self._state.messages.contacts_before:
                turns[key] = last[key.shift_id] = last.get(key.shift_id, self._last_turn(key.shift_id) or 0) + 1
        return turns

    def _last_turn(self, shift_id: str) -> int | None:
        """The last turn number of the fanout's round; None if a round begins: then the statement chooses it."""
        before, after = self._state.fanouts_before.get(shift_id), self._last.fanouts.get(shift_id)
        if before is None or (
            after is not None and (before.generation, before.round) != (after.generation, after.round)
        ):
            return None
        return self._state.last_turns.get(shift_id, 0)

    async def _send_fanouts(self, turns: Mapping[ContactKey, int]) -> None:
        last = {key.shift_id: turn for key, turn in turns.items()}
        rows = []
        for shift_id, fanout in self._last.fanouts.items():
            rows.append({**_row(fanout), "last_turn": last.get(shift_id, self._last_turn(shift_id))})
            before = self._state.fanouts_before.get(shift_id)
            if fanout.due_at is not None and (before is None or pending_work(before) != pending_work(fanout)):
                self.result.work = self.result.announce = True
        await self._execute(statements.UPSERT_FANOUTS, rows)

    async def _send_offers(self) -> None:
        coded = [
            offer
            for key, offer in self._last.offers.items()
            if key not in self._state.offers.before or self._state.offers.before[key].code != offer.code
        ]
        await self._execute(statements.TRANSFER_CODES, map(_row, coded))
        # If a caregiver gets several codes, the last one counts.
        last = {offer.caregiver_id: int(offer.code) for offer in coded}
        await self._execute(
            statements.UPDATE_LAST_CODES, ({"id": id_, "last_code": code} for id_, code in last.items())
        )
        await self._execute(statements.UPSERT_OFFERS, map(_row, self._last.offers.values()))

    async def _send_contacts(self, turns: Mapping[ContactKey, int]) -> None:
        new, changed = [], []
        counts: Counter[tuple[str, int, str]] = Counter()
        # Always in the order of their keys, so that two transactions cannot deadlock.
        for key, contact in sorted(self._last.contacts.items()):
            before = self._state.messages.contacts_before.get(key)
            counts[key.shift_id, key.generation, contact.status] += 1
            if before is None:
                new.append({**_row(contact), "turn": turns[key]})
                self.result.announce = True
            else:
                counts[key.shift_id, key.generation, before.status] -= 1
                changed.append(self._row_to_update(contact, before))
            self.result.work |= contact.status is ContactStatus.QUEUED
        await self._execute(statements.INSERT_CONTACTS, new)
        await self._execute(statements.UPDATE_CONTACTS, changed, every_row=True)
        await self._execute(
            statements.ADD_TO_COUNTS,
            (
                {"shift_id": shift_id, "generation": generation, "status": status, "contacts": contacts}
                for (shift_id, generation, status), contacts in sorted(counts.items())
                if contacts
            ),
        )

    async def _count_sent_offers(self) -> None:
        sent = sorted(self._last.sent_offers.values(), key=lambda one: one.message_id)
        not_sent = [one.message_id for one in sent if one.at is None]
        if not_sent:
            await self._transaction.execute(statements.DELETE_SENT_OFFERS, (not_sent,))
        counted = [one for one in sent if one.at is not None]
        await self._execute(statements.UPSERT_SENT_OFFERS, map(_row, counted))
        latest = max((one.at for one in sent if one.at is not None), default=None)
        if latest is not None:
            given = (latest - OFFERS_COUNT_FOR, _FORGOTTEN_PER_SENT_OFFER * len(counted))
            await self._transaction.execute(statements.FORGET_SENT_OFFERS, given)

    async def _send_notices(self) -> None:
        rows: dict[LiteralString, list[dict[str, Any]]] = defaultdict(list)
        for id_, notice in self._last.notices.items():
            before = self._state.messages.notices_before.get(id_)
            self.result.work |= notice.status is ContactStatus.QUEUED
            if before is None:
                rows[statements.INSERT_NOTICES].append(_row(notice))
            elif notice.shift_id is not None or not notice.status.settled:
                rows[statements.UPDATE_NOTICES].append(self._row_to_update(notice, before))
            else:
                rows[statements.DELETE_SETTLED_NOTICES].append(self._row_to_update(notice, before))
        await self._execute(statements.INSERT_NOTICES, rows[statements.INSERT_NOTICES])
        await self._execute(statements.UPDATE_NOTICES, rows[statements.UPDATE_NOTICES], every_row=True)
        await self._execute(
            statements.DELETE_SETTLED_NOTICES, rows[statements.DELETE_SETTLED_NOTICES], every_row=True
        )

    async def _send_facts(self) -> None:
        """Append the facts, as the last statements: from here on the transaction holds the lock of the log."""
        if self._last.facts:
            await updates.note(self._transaction, self._last.facts)
            self.result.facts = len(self._last.facts)
            self.result.events = self._sends_events and any(fact.type.is_event for fact in self._last.facts)
            await self._execute(events.INSERT if self.result.events else log.INSERT, map(_row, self._last.facts))

    def _row_to_update(self, entry: Contact | Notice, before: Contact | Notice) -> dict[str, Any]:
        leased_until = self._leased_until if entry.status is ContactStatus.SENDING else None
        return {
            **_row(entry),
            "leased_until": leased_until,
            "was_status": before.status,
            "was_attempts": before.attempts,
        }


def _row(record: Any) -> dict[str, Any]:
    """The record as a row: its fields have the names of its columns.

    With the values of enumerations, because `to_json` takes several microseconds to get each of them. Every member
    has its value in `_value_`; to ask each value of each record whether it is a member takes as long as all the rest.
    """
    names, values_of = _columns(type(record))
    return {name: getattr(value, "_value_", value) for name, value in zip(names, values_of(record), strict=True)}


def _answer_row(stored: StoredAnswer) -> dict[str, Any]:
    key = stored.key
    return {
        "phone": key.phone,
        "channel": key.channel._value_,
        "message_id": key.message_id,
        "answer": _row(stored.answer),
        "at": stored.at,
    }


def _caregiver_row(caregiver: Caregiver) -> dict[str, Any]:
    """With the first role and organization too, which programs of an earlier version read."""
    return {
        **_row(caregiver),
        "role": caregiver.role,
        "role_key": caregiver.role_keys[0],
        "role_keys": caregiver.role_keys,
        "organization_id": caregiver.organization_id,
    }


_COLUMNS: dict[type, tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]] = {}


def _columns(kind: type) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    """The names of the columns of such records, two at least, and a function that gets their values."""
    columns = _COLUMNS.get(kind)
    if columns is None:
        names = tuple(one.name for one in fields(kind))
        columns = _COLUMNS[kind] = names, attrgetter(*names)
    return columns
