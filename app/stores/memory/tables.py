"""The records of the memory store: one database per kind, and the `StateReader` over them. No I/O, no awaits."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from app.database import InMemoryKeyValueDatabase
from app.domain.decisions import ForgetFanout, RemoveCaregiver, RemoveOrganization, RemoveShift, Unassign, Write
from app.domain.fanout_records import (
    CODE_RESERVED_FOR,
    Exclusion,
    Fanout,
    FanoutStatus,
    Offer,
)
from app.domain.messages import ChannelStatus, Contact, ContactStatus, MessageKey, Notice, NumberStatus, StoredAnswer
from app.domain.records import (
    Answer,
    Assignment,
    Caregiver,
    Channel,
    Organization,
    Response,
    Shift,
    role_key,
)
from app.stores.memory.alerts import Alerts
from app.stores.memory.fanout_details import FanoutDetails
from app.stores.memory.message_ids import MessageIds
from app.stores.memory.shift_row import ShiftRow

#: When a caregiver has this many codes, and at each doubling after that, the codes that are free again are deleted.
_CODES_BEFORE_DROPPING = 32
#: Storing one answer deletes at most this many that are older than the retention.
_ANSWERS_DROPPED_PER_WRITE = 4


class Tables:
    """All records. Implements `StateReader`."""

    def __init__(self, retention_s: float) -> None:
        self._answer_retention = timedelta(seconds=retention_s)
        self.caregivers: InMemoryKeyValueDatabase[str, Caregiver] = InMemoryKeyValueDatabase(
            {"all": lambda caregiver: True, "phone": lambda caregiver: caregiver.phone},
            {
                "role": lambda caregiver: caregiver.role_keys,
                # None stands for all of them.
                "organization": lambda caregiver: caregiver.organization_ids or (None,),
            },
        )
        self.organizations: InMemoryKeyValueDatabase[str, Organization] = InMemoryKeyValueDatabase(
            {"all": lambda organization: True, "office_phone": lambda organization: organization.office_phone}
        )
        self.shifts: InMemoryKeyValueDatabase[str, ShiftRow] = InMemoryKeyValueDatabase(
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
        self.fanouts: InMemoryKeyValueDatabase[str, Fanout] = InMemoryKeyValueDatabase(
            {
                "in_planning": lambda fanout: fanout.role if fanout.planned_up_to is not None else None,
                "open": lambda fanout: True if fanout.status is FanoutStatus.OPEN else None,
            }
        )
        self.details: InMemoryKeyValueDatabase[str, FanoutDetails] = InMemoryKeyValueDatabase()
        self.notices: InMemoryKeyValueDatabase[str, Notice] = InMemoryKeyValueDatabase()
        self.answers: InMemoryKeyValueDatabase[MessageKey, StoredAnswer] = InMemoryKeyValueDatabase()
        self.numbers: InMemoryKeyValueDatabase[str, NumberStatus] = InMemoryKeyValueDatabase()
        self.channels: InMemoryKeyValueDatabase[Channel, ChannelStatus] = InMemoryKeyValueDatabase()
        #: Caregiver id -> code -> shift id. The code given out last is last.
        self._codes: dict[str, dict[str, str]] = {}
        self._last_code: dict[str, int] = {}
        self.message_ids = MessageIds()
        self._alerts = Alerts()

    # `StateReader`.

    def caregiver(self, caregiver_id: str) -> Caregiver | None:
        """See `StateReader`."""
        return self.caregivers.get(caregiver_id)

    def caregiver_by_phone(self, phone: str) -> Caregiver | None:
        """See `StateReader`."""
        return next(iter(self.caregivers.find("phone", phone)), None)

    def number(self, phone: str) -> NumberStatus:
        """See `StateReader`."""
        return self.numbers.get(phone) or NumberStatus(phone=phone)

    def channel(self, channel: Channel) -> ChannelStatus:
        """See `StateReader`."""
        return self.channels.get(channel) or ChannelStatus(channel=channel)

    def shift(self, shift_id: str) -> Shift | None:
        """See `StateReader`."""
        row = self.shifts.get(shift_id)
        return row.shift if row else None

    def fanout(self, shift_id: str) -> Fanout | None:
        """See `StateReader`."""
        return self.fanouts.get(shift_id)

    def listed_shift(self, shift_id: str) -> ShiftRow | None:
        """The shift and its assignment; None if there is no such shift, or if it was deleted."""
        row = self.shifts.get(shift_id)
        return row if row is not None and row.listed else None

    def assignment(self, shift_id: str) -> Assignment | None:
        """See `StateReader`."""
        row = self.shifts.get(shift_id)
        return row.assignment if row else None

    def organization(self, organization_id: str) -> Organization | None:
        """See `StateReader`."""
        return self.organizations.get(organization_id)

    def shift_to_come(self, organization_id: str, now: datetime) -> Shift | None:
        """See `StateReader`. It reads the organization's shifts, which only its deletion asks for."""
        shifts = (row.shift for row in self.shifts.find("organization", organization_id) if row.listed)
        to_come = (shift for shift in shifts if shift.end_time > now)
        return min(to_come, key=lambda shift: (shift.end_time, shift.id), default=None)

    def held_by(self, caregiver_id: str) -> Iterable[Shift]:
        """See `StateReader`."""
        return [row.shift for row in self.shifts.find("holder", caregiver_id)]

    def offer(self, shift_id: str, caregiver_id: str) -> Offer | None:
        """See `StateReader`."""
        details = self.details.get(shift_id)
        return details.offers.get(caregiver_id) if details else None

    def offers_of(self, caregiver_id: str) -> Iterable[Offer]:
        """See `StateReader`."""
        for shift_id in reversed(self._codes.get(caregiver_id, {}).values()):
            offer = self.offer(shift_id, caregiver_id)
            if offer is not None:
                yield offer

    def last_code(self, caregiver_id: str) -> int:
        """See `StateReader`."""
        return self._last_code.get(caregiver_id, 0)

    def offer_by_code(self, caregiver_id: str, code: str) -> Offer | None:
        """See `StateReader`."""
        shift_id = self._codes.get(caregiver_id, {}).get(code)
        return None if shift_id is None else self.offer(shift_id, caregiver_id)

    def fanouts_in_planning(self, role: str) -> Iterable[Fanout]:
        """See `StateReader`."""
        return self.fanouts.find("in_planning", role)

    def roster(self, role: str, after: str, limit: int) -> Sequence[Caregiver]:
        """See `StateReader`."""
        return self.caregivers.find("role", role, after=after, limit=limit)

    def accepted_late(self, shift_id: str, limit: int) -> Sequence[Offer]:
        """See `StateReader`."""
        details = self.details.get(shift_id)
        return details.first_accepted_late(limit) if details else []

    def contact(self, shift_id: str, generation: int, channel: Channel, caregiver_id: str) -> Contact | None:
        """See `StateReader`."""
        details = self.details.get(shift_id)
        if details is None or details.generation != generation or channel not in details.contacts:
            return None
        return details.contacts[channel].get(caregiver_id)

    def contact_counts(self, shift_id: str, generation: int) -> Mapping[ContactStatus, int]:
        """See `StateReader`."""
        details = self.details.get(shift_id)
        return dict(details.counts) if details is not None and details.generation == generation else {}

    def notice(self, notice_id: str) -> Notice | None:
        """See `StateReader`."""
        return self.notices.get(notice_id)

    def message(self, message_id: str) -> Contact | Notice | None:
        """See `StateReader`."""
        key = self.message_ids.contacts.get(message_id)
        return self._notice_of(message_id) if key is None else self.contact(*key)

    def _notice_of(self, message_id: str) -> Notice | None:
        shift_id = self.message_ids.shifts_of_notices.get(message_id)
        details = self.details.get(shift_id) if shift_id is not None else None
        return details.notices.get(message_id) if details else self.notices.get(message_id)

    def message_of_provider(self, provider_id: str) -> Contact | Notice | None:
        """See `StateReader`."""
        message_id = self.message_ids.of_provider.get(provider_id)
        return None if message_id is None else self.message(message_id)

    def alerts_to(self, phone: str) -> Sequence[Notice]:
        """See `StateReader`."""
        return self._alerts.to(phone)

    def office(self, phone: str) -> Organization | None:
        """See `StateReader`."""
        return next(iter(self.organizations.find("office_phone", phone, limit=1)), None)

    def notices_about(self, shift_id: str, caregiver_id: str) -> Sequence[Notice]:
        """See `StateReader`."""
        details = self.details.get(shift_id)
        notices = details.notices.values() if details else ()
        return [notice for notice in notices if notice.caregiver_id == caregiver_id]

    def answer(self, key: MessageKey) -> Answer | None:
        """See `StateReader`."""
        stored = self.answers.get(key)
        return stored.answer if stored else None

    # Writing.

    def check(self, writes: Iterable[Write]) -> None:
        """Check a decision before any of it is written.

        Raises ValueError if the writes, applied in this order, give a shift a second holder or assign a shift that
        does not exist. The rules never decide this; the check is a second safeguard. `put` refuses
        nothing, so a decision that passes is written as a whole.
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
                    if write.shift_id not in shift_ids and write.shift_id not in self.shifts:
                        raise ValueError(f"shift {write.shift_id!r} does not exist")
                    if write.shift_id not in holders:
                        before = self.assignment(write.shift_id)
                        holders[write.shift_id] = before.caregiver_id if before else None
                    if holders[write.shift_id] not in (None, write.caregiver_id):
                        raise ValueError(f"shift {write.shift_id!r} has a holder already")
                    holders[write.shift_id] = write.caregiver_id

    def put(self, write: Write) -> None:
        """Write one record. Call `check` with the whole decision first."""
        match write:
            case Contact():
                self._put_contact(write)
            case Offer():
                self._put_offer(write)
            case Fanout():
                self.fanouts.put(write.shift_id, write)
                self._details_of(write.shift_id, write.generation)
            case StoredAnswer():
                self._put_answer(write)
            case Notice():
                self._put_notice(write)
            case Response():
                responses = self._details_of(write.shift_id, write.generation).responses
                # Moved to the end: responses are in the order in which each answer was last given.
                responses.pop((write.caregiver_id, write.outcome), None)
                responses[write.caregiver_id, write.outcome] = write
            case Exclusion():
                excluded = self._details_of(write.shift_id, write.generation).excluded
                if write.reason is None:
                    excluded.pop(write.caregiver_id, None)
                else:
                    excluded[write.caregiver_id] = write
            case Assignment():
                self.shifts.update(write.shift_id, lambda row: ShiftRow(row.shift, write) if row else None)
            case Unassign():
                self.shifts.update(write.shift_id, lambda row: ShiftRow(row.shift) if row else None)
            case Caregiver():
                self.caregivers.put(write.id, write)
            case Shift():
                self._put_shift(write)
            case NumberStatus():
                self.numbers.put(write.phone, write)
            case ChannelStatus():
                self.channels.put(write.channel, write)
            case Organization():
                self.organizations.put(write.id, write)
            case RemoveOrganization():
                self.organizations.delete(write.organization_id)
            case RemoveShift():
                self._remove_shift(write.shift_id)
            case RemoveCaregiver():
                self.caregivers.delete(write.caregiver_id)
                self._last_code.pop(write.caregiver_id, None)
            case ForgetFanout():
                self._forget_fanout(write)

    def _details_of(self, shift_id: str, generation: int) -> FanoutDetails:
        details = self.details.get(shift_id)
        if details is None:
            details = FanoutDetails(generation)
            self.details.put(shift_id, details)
        elif details.generation != generation:
            self.message_ids.forget(details.all_contacts())
            details.begin_generation(generation)
        return details

    def _put_contact(self, contact: Contact) -> None:
        before = self._details_of(contact.shift_id, contact.generation).put_contact(contact)
        self.message_ids.put_contact(before, contact)

    def _put_shift(self, shift: Shift) -> None:
        before = self.shifts.get(shift.id)
        if before is not None:
            self.starts.delete((before.shift.start_time, shift.id))
        if shift.deleted_at is None:
            self.starts.put((shift.start_time, shift.id), shift)
        self.shifts.put(shift.id, ShiftRow(shift, before.assignment if before else None))

    def _remove_shift(self, shift_id: str) -> None:
        row = self.shifts.delete(shift_id)
        if row is not None:
            self.starts.delete((row.shift.start_time, shift_id))

    def _put_offer(self, offer: Offer) -> None:
        before = self._details_without_new_generation(offer).put_offer(offer)
        if before is None or before.code != offer.code:
            codes = self._codes.setdefault(offer.caregiver_id, {})
            if len(codes) >= _CODES_BEFORE_DROPPING and len(codes).bit_count() == 1:
                self._drop_free_codes(offer, codes)
            # Removed first, so that the new entry is the last one.
            codes.pop(offer.code, None)
            codes[offer.code] = offer.shift_id
            self._last_code[offer.caregiver_id] = int(offer.code)

    def _drop_free_codes(self, newest: Offer, codes: dict[str, str]) -> None:
        """Delete the codes that are free again, so that a caregiver's codes stay few.

        Called only when their number reaches a power of two, so that the cost per new code stays small.
        """
        fanout = self.fanouts.get(newest.shift_id)
        if fanout is None:
            return
        for code, shift_id in list(codes.items()):
            offer, about = self.offer(shift_id, newest.caregiver_id), self.fanouts.get(shift_id)
            if offer is not None and about is not None and about.closed_at is None:
                # A yes may still win it.
                continue
            closed_at = (offer and offer.closed_at) or (about and about.closed_at)
            holder = self.assignment(shift_id)
            held = holder is not None and holder.caregiver_id == newest.caregiver_id
            if closed_at and closed_at + CODE_RESERVED_FOR <= fanout.started_at and not held:
                del codes[code]

    def _details_without_new_generation(self, offer: Offer) -> FanoutDetails:
        """The details in which to store the offer. An offer of an older generation does not reset them to it."""
        details = self.details.get(offer.shift_id)
        return details if details is not None else self._details_of(offer.shift_id, offer.generation)

    def _put_notice(self, notice: Notice) -> None:
        before = self._notice_of(notice.id)
        unsettled = notice.status in (ContactStatus.QUEUED, ContactStatus.SENDING)
        if unsettled:
            self.notices.put(notice.id, notice)
        else:
            self.notices.delete(notice.id)
        self._alerts.put(notice)
        fanout = self.fanouts.get(notice.shift_id) if notice.shift_id is not None else None
        if fanout is not None:
            self._details_of(fanout.shift_id, fanout.generation).notices[notice.id] = notice
        if unsettled or fanout is not None:
            self.message_ids.put_notice(before, notice, fanout.shift_id if fanout is not None else None)
        elif before is not None:
            self.message_ids.forget((before,))

    def _put_answer(self, stored: StoredAnswer) -> None:
        self.answers.put(stored.key, stored)
        for _ in range(_ANSWERS_DROPPED_PER_WRITE):
            oldest = self.answers.oldest()
            if oldest is None or oldest[1] is stored or oldest[1].at + self._answer_retention > stored.at:
                break
            self.answers.delete(oldest[0])

    def _forget_fanout(self, write: ForgetFanout) -> None:
        details = self.details.delete(write.shift_id)
        if details is not None:
            self.message_ids.forget((*details.all_contacts(), *details.notices.values()))
            for offer in details.offers:
                if offer.caregiver_id == write.keep_offer_of:
                    self._details_of(write.shift_id, write.generation).put_offer(offer)
                    continue
                codes = self._codes.get(offer.caregiver_id, {})
                if codes.get(offer.code) == offer.shift_id:
                    del codes[offer.code]
                if not codes:
                    self._codes.pop(offer.caregiver_id, None)
        if not write.keep_record:
            self.fanouts.delete(write.shift_id)
