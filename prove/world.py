"""One state of a small service: all records in one dictionary, which implements `StateReader`.

It has no queue, no locks and no indexes, so it is a short second description of what a store does with a decision.
It never changes: `after` returns another state.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar, assert_never

from app.domain.decisions import ForgetFanout, RemoveCaregiver, RemoveOrganization, RemoveShift, Unassign, Write
from app.domain.facts import Fact
from app.domain.fanout_records import Exclusion, Fanout, Offer
from app.domain.messages import (
    ChannelStatus,
    Contact,
    ContactStatus,
    HoldReason,
    KeptText,
    MessageKey,
    Notice,
    NumberStatus,
    SentOffer,
    StoredAnswer,
)
from app.domain.records import (
    Answer,
    Assignment,
    Caregiver,
    Channel,
    Organization,
    Response,
    Shift,
)
from app.domain.state import StateReader

#: What identifies a record among its kind.
Key = tuple[Any, ...]

RecordT = TypeVar("RecordT")

#: What belongs to one generation of a fanout: dropped when the next one begins.
_OF_A_GENERATION = (Contact, Response, Exclusion)


@dataclass(frozen=True, slots=True)
class Mark:
    """A number that the state remembers: the last code of a caregiver, or what a check has counted for a shift.

    `key` begins with the id of the caregiver or the shift.
    """

    key: tuple[str, ...]
    count: int


class Numbered:
    """Gives each different record a number, so that a state is a short list of numbers and is quickly compared."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[Key, object], int] = {}

    def number(self, key: Key, record: object) -> int:
        """The number of that record under that key. Notices that differ only in their id have the same one."""
        named = (("notice",), replace(record, id="")) if isinstance(record, Notice) else (key, record)
        found = self._numbers.get(named)
        if found is None:
            found = self._numbers[named] = len(self._numbers)
        return found


class World:
    """Implements `StateReader`. `now`: the time of the state."""

    __slots__ = ("_numbered", "_numbers", "_tables", "now", "steps")

    def __init__(
        self,
        numbered: Numbered,
        now: datetime,
        tables: Mapping[type[Any], Mapping[Key, Any]],
        numbers: Mapping[tuple[type[Any], Key], int],
        steps: int = 0,
    ) -> None:
        self._numbered = numbered
        #: Kind of record -> key -> record.
        self._tables = tables
        self._numbers = numbers
        self.now = now
        #: How many decisions led here; no two notices on one way have the same.
        self.steps = steps

    @classmethod
    def empty(cls, now: datetime) -> "World":
        """A state without records."""
        return cls(Numbered(), now, {}, {})

    @property
    def identity(self) -> bytes:
        """Equal for two states that differ at most in the ids of their notices."""
        return array("d", (self.now.timestamp(), *sorted(self._numbers.values()))).tobytes()

    def at(self, now: datetime) -> "World":
        """The same records at another time."""
        return World(self._numbered, now, self._tables, self._numbers, self.steps)

    def after(self, writes: Iterable[Write], marks: Iterable[Mark] = ()) -> "World":
        """The state after a decision with these writes. `marks`: what the checks remember of the past."""
        tables = _Tables(self._tables)
        for write in (*writes, *marks):
            tables.apply(write)
        numbers = dict(self._numbers)
        for kind, table in tables.changed.items():
            before = self._tables.get(kind, {})
            for key in before.keys() - table.keys():
                del numbers[kind, key]
            for key, record in table.items():
                if before.get(key) is not record:
                    numbers[kind, key] = self._numbered.number((kind, key), record)
        return World(self._numbered, self.now, {**self._tables, **tables.changed}, numbers, self.steps + 1)

    def all(self, kind: type[RecordT]) -> list[RecordT]:
        """All records of that kind, by their keys; notices in the order in which they were made, as in a store.

        Of two notices of the same moment the later one counts, and in a run of the service their ids are random.
        """
        table = self._tables.get(kind, {})
        if kind is Notice:
            return list(table.values())
        return [table[key] for key in sorted(table)] if len(table) > 1 else list(table.values())

    def _get(self, kind: type[RecordT], *key: Any) -> RecordT | None:
        return self._tables.get(kind, {}).get(key)

    def mark(self, *key: str) -> int:
        """The mark with that key; 0 if there is none."""
        found = self._get(Mark, *key)
        return found.count if found is not None else 0

    # `StateReader`.

    def caregiver(self, caregiver_id: str) -> Caregiver | None:
        """See `StateReader`."""
        return self._get(Caregiver, caregiver_id)

    def caregiver_by_phone(self, phone: str) -> Caregiver | None:
        """See `StateReader`."""
        return next((one for one in self.all(Caregiver) if one.phone == phone), None)

    def number(self, phone: str) -> NumberStatus:
        """See `StateReader`."""
        return self._get(NumberStatus, phone) or NumberStatus(phone=phone)

    def channel(self, channel: Channel) -> ChannelStatus:
        """See `StateReader`."""
        return self._get(ChannelStatus, channel) or ChannelStatus(channel=channel)

    def shift(self, shift_id: str) -> Shift | None:
        """See `StateReader`."""
        return self._get(Shift, shift_id)

    def fanout(self, shift_id: str) -> Fanout | None:
        """See `StateReader`."""
        return self._get(Fanout, shift_id)

    def forgotten_generation(self, shift_id: str) -> int:
        """See `StateReader`."""
        return self.mark(shift_id, "forgotten generation")

    def assignment(self, shift_id: str) -> Assignment | None:
        """See `StateReader`."""
        return self._get(Assignment, shift_id)

    def organization(self, organization_id: str) -> Organization | None:
        """See `StateReader`."""
        return self._get(Organization, organization_id)

    def shift_to_come(self, organization_id: str, now: datetime) -> Shift | None:
        """See `StateReader`."""
        return min(self._to_come(organization_id, now), key=lambda one: (one.end_time, one.id), default=None)

    def held_fanouts(self, organization_id: str, now: datetime) -> list[Fanout]:
        """See `StateReader`."""
        held = [one for one in self.all(Contact) if one.held is HoldReason.QUIET_HOURS]
        ids = {one.shift_id for one in held if one.status is ContactStatus.QUEUED}
        found = (self.fanout(shift.id) for shift in self._to_come(organization_id, now) if shift.id in ids)
        return [one for one in found if one is not None and one.claimable]

    def _to_come(self, organization_id: str, now: datetime) -> list[Shift]:
        """The shifts of the organization that have not ended, by id."""
        return [
            one
            for one in self.all(Shift)
            if one.organization_id == organization_id and one.deleted_at is None and one.end_time > now
        ]

    def held_by(self, caregiver_id: str) -> list[Shift]:
        """See `StateReader`."""
        held = (one.shift_id for one in self.all(Assignment) if one.caregiver_id == caregiver_id)
        return [shift for shift_id in held if (shift := self.shift(shift_id)) is not None]

    def offer(self, shift_id: str, caregiver_id: str) -> Offer | None:
        """See `StateReader`."""
        return self._get(Offer, shift_id, caregiver_id)

    def offers_of(self, caregiver_id: str) -> list[Offer]:
        """See `StateReader`. Codes of a small world only grow, so the highest is the newest."""
        found = (one for one in self.all(Offer) if one.caregiver_id == caregiver_id)
        return sorted(found, key=lambda one: int(one.code), reverse=True)

    def last_code(self, caregiver_id: str) -> int:
        """See `StateReader`."""
        return self.mark(caregiver_id, "last code")

    def offer_by_code(self, caregiver_id: str, code: str) -> Offer | None:
        """See `StateReader`."""
        return next((one for one in self.offers_of(caregiver_id) if one.code == code), None)

    def fanouts_in_planning(self, role: str) -> list[Fanout]:
        """See `StateReader`."""
        return [one for one in self.all(Fanout) if one.role == role and one.planned_up_to is not None]

    def roster(self, role: str, after: str, limit: int) -> list[Caregiver]:
        """See `StateReader`."""
        return [one for one in self.all(Caregiver) if role in one.role_keys and one.id > after][:limit]

    def accepted_late(self, shift_id: str, limit: int) -> list[Offer]:
        """See `StateReader`."""
        late = [one for one in self.all(Offer) if one.shift_id == shift_id and one.accepted_late_at is not None]
        return sorted(late, key=lambda one: (one.accepted_late_at, one.caregiver_id))[:limit]

    def contact(self, shift_id: str, generation: int, channel: Channel, caregiver_id: str) -> Contact | None:
        """See `StateReader`."""
        return self._get(Contact, shift_id, generation, channel, caregiver_id)

    def contact_counts(self, shift_id: str, generation: int) -> Mapping[ContactStatus, int]:
        """See `StateReader`."""
        return Counter(
            one.status for one in self.all(Contact) if (one.shift_id, one.generation) == (shift_id, generation)
        )

    def notice(self, notice_id: str) -> Notice | None:
        """See `StateReader`."""
        found = self._notice(notice_id)
        return found if found is not None and not found.status.settled else None

    def _notice(self, notice_id: str) -> Notice | None:
        return self._get(Notice, notice_id)

    def message(self, message_id: str) -> Contact | Notice | None:
        """See `StateReader`."""
        contacts = (one for one in self.all(Contact) if one.message_id == message_id)
        return self._notice(message_id) or next(contacts, None)

    def message_of_provider(self, provider_id: str) -> Contact | Notice | None:
        """See `StateReader`. The provider of the small world gives no ids of its own."""
        return None

    def alerts_to(self, phone: str) -> Sequence[Notice]:
        """See `StateReader`."""
        return [one for one in self.all(Notice) if one.alert is not None and one.phone == phone]

    def sent_offers(self, caregiver_id: str) -> Sequence[SentOffer]:
        """See `StateReader`."""
        return [one for one in self.all(SentOffer) if one.caregiver_id == caregiver_id]

    def offices(self, phone: str) -> list[Organization]:
        """See `StateReader`."""
        return [one for one in self.all(Organization) if one.office_phone == phone]

    def notices_about(self, shift_id: str, caregiver_id: str) -> list[Notice]:
        """See `StateReader`."""
        return [one for one in self.all(Notice) if one.shift_id == shift_id and one.caregiver_id == caregiver_id]

    def answer(self, key: MessageKey) -> Answer | None:
        """See `StateReader`."""
        stored = self._get(StoredAnswer, key)
        return stored.answer if stored else None


class _Tables:
    """The tables of a state while a decision is written. Only those that change are copied."""

    def __init__(self, before: Mapping[type[Any], Mapping[Key, Any]]) -> None:
        self._before = before
        self.changed: dict[type[Any], dict[Key, Any]] = {}

    def _table(self, kind: type[Any]) -> dict[Key, Any]:
        if kind not in self.changed:
            self.changed[kind] = dict(self._before.get(kind, {}))
        return self.changed[kind]

    def _read(self, kind: type[Any]) -> Mapping[Key, Any]:
        # A table whose last record was removed is empty, and not as it was before.
        return self.changed[kind] if kind in self.changed else self._before.get(kind, {})

    def apply(self, write: "Write | Mark") -> None:
        """Write one record."""
        match write:
            case Fact() | KeptText():
                pass
            case Mark():
                self._table(Mark)[write.key] = write
            case Caregiver():
                self._table(Caregiver)[(write.id,)] = write
            case RemoveCaregiver():
                self._table(Caregiver).pop((write.caregiver_id,), None)
                self._table(Mark).pop((write.caregiver_id, "last code"), None)
            case Organization():
                self._table(Organization)[(write.id,)] = write
            case RemoveOrganization():
                self._table(Organization).pop((write.organization_id,), None)
            case Shift():
                self._table(Shift)[(write.id,)] = write
            case RemoveShift():
                self._table(Shift).pop((write.shift_id,), None)
            case Assignment():
                self._table(Assignment)[(write.shift_id,)] = write
            case Unassign():
                self._table(Assignment).pop((write.shift_id,), None)
            case Fanout():
                before = self._read(Fanout).get((write.shift_id,))
                if before is None or before.generation != write.generation:
                    self._drop(write.shift_id, _OF_A_GENERATION)
                self._table(Fanout)[(write.shift_id,)] = write
            case Offer():
                self._table(Offer)[write.shift_id, write.caregiver_id] = write
                last = self._read(Mark).get((write.caregiver_id, "last code"))
                if last is None or int(write.code) > last.count:
                    self.apply(Mark((write.caregiver_id, "last code"), int(write.code)))
            case Contact():
                key = (write.shift_id, write.generation, write.channel, write.caregiver_id)
                self._table(Contact)[key] = write
            case Notice():
                self._table(Notice)[(write.id,)] = write
            case Response():
                self._table(Response)[write.shift_id, write.caregiver_id, write.outcome] = write
            case Exclusion():
                if write.reason is None:
                    self._table(Exclusion).pop((write.shift_id, write.caregiver_id), None)
                else:
                    self._table(Exclusion)[write.shift_id, write.caregiver_id] = write
            case NumberStatus():
                self._table(NumberStatus)[(write.phone,)] = write
            case ChannelStatus():
                self._table(ChannelStatus)[(write.channel,)] = write
            case StoredAnswer():
                self._table(StoredAnswer)[(write.key,)] = write
            case SentOffer(at=None):
                self._table(SentOffer).pop((write.message_id,), None)
            case SentOffer():
                self._table(SentOffer)[(write.message_id,)] = write
            case ForgetFanout():
                self._forget(write)
            case _:
                assert_never(write)

    def _drop(self, shift_id: str, kinds: Sequence[type[Any]]) -> None:
        for kind in kinds:
            for key in [key for key in self._read(kind) if key[0] == shift_id]:
                del self._table(kind)[key]

    def _forget(self, write: ForgetFanout) -> None:
        kept = self._read(Offer).get((write.shift_id, write.keep_offer_of))
        self._drop(write.shift_id, (*_OF_A_GENERATION, Offer))
        if kept is not None:
            self._table(Offer)[write.shift_id, kept.caregiver_id] = kept
        for key, notice in list(self._read(Notice).items()):
            if notice.shift_id == write.shift_id and notice.status.settled:
                del self._table(Notice)[key]
        # A store reads this from the log, which is all that this world keeps of a log.
        self.apply(Mark((write.shift_id, "forgotten generation"), write.generation))
        if not write.keep_record:
            self._table(Fanout).pop((write.shift_id,), None)


if TYPE_CHECKING:
    _: StateReader = World.empty(datetime.min.replace(tzinfo=UTC))
