"""The records of the memory store: one database per kind, and the `StateReader` over them. No I/O, no awaits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from app.database import InMemoryKeyValueDatabase
from app.domain.decisions import ForgetFanout, RemoveCaregiver, RemoveOrganization, RemoveShift, Unassign, Write
from app.domain.facts import Fact
from app.domain.fanout_records import (
    CODE_RESERVED_FOR,
    Exclusion,
    Fanout,
    FanoutStatus,
    Offer,
)
from app.domain.messages import (
    ChannelStatus,
    Contact,
    ContactStatus,
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
from app.stores.memory.alerts import Alerts
from app.stores.memory.fanout_details import FanoutDetails
from app.stores.memory.log import Log
from app.stores.memory.message_ids import MessageIds
from app.stores.memory.offer_codes import OfferCodes
from app.stores.memory.sent_offers import SentOffers
from app.stores.memory.shift_table import ShiftTable

#: In the place of a generation, while a shift has no fanout.
_NO_GENERATION = 0
#: The last messages about such a shift that are kept: those that the office wrote.
_NOTICES_WITHOUT_FANOUT = 100
#: Storing one answer deletes at most this many that are older than the retention.
_ANSWERS_DROPPED_PER_WRITE = 4


class Tables:
    """All records. Implements `StateReader`."""

    def __init__(self, retention_s: float, log: Log | None = None) -> None:
        """`log`: what is asked about fanouts that were forgotten; None: nothing is known about them."""
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
        self.shifts = ShiftTable()
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
        self._codes = OfferCodes()
        self.message_ids = MessageIds()
        self._alerts = Alerts()
        self._sent_offers = SentOffers()
        self._log = log

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
        return self.shifts.shift(shift_id)

    def fanout(self, shift_id: str) -> Fanout | None:
        """See `StateReader`."""
        return self.fanouts.get(shift_id)

    def forgotten_generation(self, shift_id: str) -> int:
        """See `StateReader`."""
        return 0 if self._log is None else self._log.forgotten_generation(shift_id)

    def assignment(self, shift_id: str) -> Assignment | None:
        """See `StateReader`."""
        return self.shifts.assignment(shift_id)

    def organization(self, organization_id: str) -> Organization | None:
        """See `StateReader`."""
        return self.organizations.get(organization_id)

    def shift_to_come(self, organization_id: str, now: datetime) -> Shift | None:
        """See `StateReader`."""
        return self.shifts.next_to_end(organization_id, now)

    def held_by(self, caregiver_id: str) -> Iterable[Shift]:
        """See `StateReader`."""
        return self.shifts.held_by(caregiver_id)

    def offer(self, shift_id: str, caregiver_id: str) -> Offer | None:
        """See `StateReader`."""
        details = self.details.get(shift_id)
        return details.offers.get(caregiver_id) if details else None

    def offers_of(self, caregiver_id: str) -> Iterable[Offer]:
        """See `StateReader`."""
        for shift_id in self._codes.shifts_of(caregiver_id):
            offer = self.offer(shift_id, caregiver_id)
            if offer is not None:
                yield offer

    def last_code(self, caregiver_id: str) -> int:
        """See `StateReader`."""
        return self._codes.last(caregiver_id)

    def offer_by_code(self, caregiver_id: str, code: str) -> Offer | None:
        """See `StateReader`."""
        shift_id = self._codes.shift_of(caregiver_id, code)
        return None if shift_id is None else self.offer(shift_id, caregiver_id)

    def held_fanouts(self, organization_id: str, now: datetime) -> Sequence[Fanout]:
        """See `StateReader`."""
        ids = sorted(shift.id for shift in self.shifts.to_come(organization_id, now))
        found = ((self.fanouts.get(id_), self.details.get(id_)) for id_ in ids)
        return [one for one, details in found if one and details and one.claimable and details.held_by_night]

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

    def sent_offers(self, caregiver_id: str) -> Sequence[SentOffer]:
        """See `StateReader`."""
        return self._sent_offers.to(caregiver_id)

    def offices(self, phone: str) -> Sequence[Organization]:
        """See `StateReader`."""
        return self.organizations.find("office_phone", phone)

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
        """Check a decision before any of it is written: raises ValueError as `ShiftTable.check` does.

        `put` refuses nothing, so a decision that passes is written as a whole.
        """
        self.shifts.check(writes)

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
                self.shifts.assign(write)
            case Unassign():
                self.shifts.unassign(write.shift_id)
            case Caregiver():
                known = self.caregivers.get(write.id)
                self.caregivers.put(write.id, replace(write, updated_at=known.updated_at) if known else write)
            case Shift():
                self.shifts.put(write)
            case NumberStatus():
                self.numbers.put(write.phone, write)
            case ChannelStatus():
                self.channels.put(write.channel, write)
            case SentOffer():
                self._sent_offers.put(write)
            case Organization():
                stored = self.organizations.get(write.id)
                self.organizations.put(write.id, replace(write, updated_at=stored.updated_at) if stored else write)
            case RemoveOrganization():
                self.organizations.delete(write.organization_id)
            case RemoveShift():
                self.shifts.remove(write.shift_id)
                self._drop_details(write.shift_id)
            case RemoveCaregiver():
                self.caregivers.delete(write.caregiver_id)
                self._codes.forget_last(write.caregiver_id)
            case ForgetFanout():
                self._forget_fanout(write)
            case KeptText() | Fact():
                # Stored by `MemoryStore` itself.
                pass
            case _:
                assert_never(write)

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

    def _put_offer(self, offer: Offer) -> None:
        before = self._details_without_new_generation(offer).put_offer(offer)
        if before is None or before.code != offer.code:
            self._codes.give(
                offer.caregiver_id, offer.code, offer.shift_id, lambda shift_id: self._code_is_free(offer, shift_id)
            )

    def _code_is_free(self, newest: Offer, shift_id: str) -> bool:
        """Whether the code of that shift's offer is free again for `newest`, an offer to the same caregiver."""
        new_fanout, fanout = self.fanouts.get(newest.shift_id), self.fanouts.get(shift_id)
        offer = self.offer(shift_id, newest.caregiver_id)
        if new_fanout is None or (offer is not None and fanout is not None and fanout.closed_at is None):
            # A yes may still win it.
            return False
        closed_at = (offer.closed_at if offer else None) or (fanout.closed_at if fanout else None)
        holder = self.assignment(shift_id)
        held = holder is not None and holder.caregiver_id == newest.caregiver_id
        return closed_at is not None and closed_at + CODE_RESERVED_FOR <= new_fanout.started_at and not held

    def _details_without_new_generation(self, offer: Offer) -> FanoutDetails:
        """The details in which to store the offer. An offer of an older generation does not reset them to it."""
        details = self.details.get(offer.shift_id)
        return details if details is not None else self._details_of(offer.shift_id, offer.generation)

    def _put_notice(self, notice: Notice) -> None:
        before = self._notice_of(notice.id)
        if notice.status.settled:
            self.notices.delete(notice.id)
        else:
            self.notices.put(notice.id, notice)
        self._alerts.put(notice)
        shift_id = notice.shift_id
        if shift_id is not None and not self._keep_notice(notice, shift_id):
            shift_id = None
        if not notice.status.settled or shift_id is not None:
            self.message_ids.put_notice(before, notice, shift_id)
        elif before is not None:
            self.message_ids.forget((before,))

    def _keep_notice(self, notice: Notice, shift_id: str) -> bool:
        """Keep the notice with what is known about its shift, also before there is a fanout. False: no such shift."""
        fanout = self.fanouts.get(shift_id)
        if fanout is not None:
            self._details_of(shift_id, fanout.generation).notices[notice.id] = notice
            return True
        if self.shifts.shift(shift_id) is None:
            return False
        details = self.details.get(shift_id) or self._details_of(shift_id, _NO_GENERATION)
        details.notices[notice.id] = notice
        if len(details.notices) > _NOTICES_WITHOUT_FANOUT:
            oldest = next(iter(details.notices.values()))
            del details.notices[oldest.id]
            self.message_ids.forget((oldest,))
        return True

    def _put_answer(self, stored: StoredAnswer) -> None:
        self.answers.put(stored.key, stored)
        for _ in range(_ANSWERS_DROPPED_PER_WRITE):
            oldest = self.answers.oldest()
            if oldest is None or oldest[1] is stored or oldest[1].at + self._answer_retention > stored.at:
                break
            self.answers.delete(oldest[0])

    def _drop_details(self, shift_id: str) -> FanoutDetails | None:
        """Delete what is known about a shift besides its own record, and return it."""
        details = self.details.delete(shift_id)
        if details is not None:
            self.message_ids.forget((*details.all_contacts(), *details.notices.values()))
        return details

    def _forget_fanout(self, write: ForgetFanout) -> None:
        details = self._drop_details(write.shift_id)
        if details is not None:
            for offer in details.offers:
                if offer.caregiver_id == write.keep_offer_of:
                    self._details_of(write.shift_id, write.generation).put_offer(offer)
                    continue
                self._codes.take_back(offer.caregiver_id, offer.code, offer.shift_id)
        if not write.keep_record:
            self.fanouts.delete(write.shift_id)
