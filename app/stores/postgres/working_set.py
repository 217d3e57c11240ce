"""The part of the database that a transaction has loaded, with the writes of its decisions so far.

A `StateReader`. Reading anything that was not loaded raises `MissingReads`. The store then loads it and decides
again, which is safe because decisions are pure. No SQL, no awaits.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import assert_never

from app.domain.decisions import ForgetFanout, RemoveCaregiver, RemoveOrganization, RemoveShift, Unassign, Write
from app.domain.facts import Fact
from app.domain.fanout_records import Exclusion, Fanout, Offer
from app.domain.messages import (
    ChannelStatus,
    Contact,
    ContactKey,
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
from app.stores.postgres.loaded import Loaded
from app.stores.postgres.loaded_messages import LoadedMessages
from app.stores.postgres.loaded_offers import LoadedOffers
from app.stores.postgres.prefetch import LateKey, MissingReads, ReadSet, RosterKey


class WorkingSet:
    """Implements `StateReader` over what was loaded."""

    def __init__(self, read_set: ReadSet, rosters: Sequence[RosterKey], loaded: Loaded) -> None:
        """`rosters`: the keys of the loaded rosters, in the order of their numbers in `loaded`."""
        self.writes: list[Write] = []
        self.offers = LoadedOffers(loaded)
        self.messages = LoadedMessages(loaded)
        self.fanouts_before = {fanout.shift_id: fanout for fanout in loaded.fanouts}
        self.last_turns: Mapping[str, int] = loaded.last_turns
        self._read_set = read_set
        self._caregivers = {caregiver.id: caregiver for caregiver in loaded.caregivers}
        self._by_phone = {caregiver.phone: caregiver.id for caregiver in loaded.caregivers}
        self._looked_up_caregivers = read_set.caregivers | self._caregivers.keys()
        self._looked_up_phones = read_set.phones | self._by_phone.keys()
        self._numbers = {number.phone: number for number in loaded.numbers}
        self._channels = {status.channel: status for status in loaded.channels}
        self._shifts = {shift.id: shift for shift in loaded.shifts}
        self._looked_up_shifts = read_set.shifts | self._shifts.keys()
        self._organizations = {organization.id: organization for organization in loaded.organizations}
        self._looked_up_organizations = read_set.organizations.union(
            (one.organization_id for one in loaded.shifts), (one.organization_id or "" for one in loaded.caregivers)
        )
        self._shifts_to_come = loaded.shifts_to_come
        self._forgotten = loaded.forgotten
        self._held_fanouts = loaded.held_fanouts
        self._fanouts = dict(self.fanouts_before)
        self._assignments = {assignment.shift_id: assignment for assignment in loaded.assignments}
        #: Caregiver id -> the shifts they hold.
        self._held: dict[str, set[str]] = defaultdict(set)
        for assignment in loaded.assignments:
            self._held[assignment.caregiver_id].add(assignment.shift_id)
        self._looked_up_roles = read_set.roles.union(*(caregiver.role_keys for caregiver in loaded.caregivers))
        self._offices = loaded.offices
        self._answers = {stored.key: stored.answer for stored in loaded.answers}
        self._rosters: dict[RosterKey, list[Caregiver]] = {key: [] for key in rosters}
        for number, caregiver_id in loaded.rosters:
            self._rosters[rosters[number - 1]].append(self._caregivers[caregiver_id])
        self._looked_up_offers = self._find_looked_up_offers(read_set)

    def _find_looked_up_offers(self, read_set: ReadSet) -> set[tuple[str, str]]:
        """The (shift id, caregiver id) whose offer was loaded if it exists."""
        pairs = read_set.offers | self.offers.before.keys()
        pairs |= {
            (shift_id, self._by_phone[phone])
            for shift_id, phone in read_set.offers_by_phone
            if phone in self._by_phone
        }
        with_role: dict[str, list[str]] = defaultdict(list)
        for caregiver in self._caregivers.values():
            for role in caregiver.role_keys:
                with_role[role].append(caregiver.id)
        for fanout in self._fanouts.values():
            if fanout.planned_up_to is not None:
                pairs |= {(fanout.shift_id, caregiver_id) for caregiver_id in with_role.get(fanout.role, ())}
        return pairs

    @property
    def shifts(self) -> Mapping[str, Shift]:
        """The shifts that are loaded, by id."""
        return self._shifts

    # `StateReader`.

    def caregiver(self, caregiver_id: str) -> Caregiver | None:
        """See `StateReader`."""
        self._require_caregiver(caregiver_id)
        return self._caregivers.get(caregiver_id)

    def caregiver_by_phone(self, phone: str) -> Caregiver | None:
        """See `StateReader`."""
        if phone not in self._looked_up_phones:
            raise MissingReads(ReadSet(phones={phone}))
        caregiver_id = self._by_phone.get(phone)
        return self._caregivers.get(caregiver_id) if caregiver_id is not None else None

    def number(self, phone: str) -> NumberStatus:
        """See `StateReader`."""
        if phone not in self._looked_up_phones:
            raise MissingReads(ReadSet(phones={phone}))
        return self._numbers.get(phone) or NumberStatus(phone=phone)

    def channel(self, channel: Channel) -> ChannelStatus:
        """See `StateReader`."""
        return self._channels.get(channel) or ChannelStatus(channel=channel)

    def shift(self, shift_id: str) -> Shift | None:
        """See `StateReader`."""
        self._require_shift(shift_id)
        return self._shifts.get(shift_id)

    def fanout(self, shift_id: str) -> Fanout | None:
        """See `StateReader`."""
        self._require_shift(shift_id)
        return self._fanouts.get(shift_id)

    def forgotten_generation(self, shift_id: str) -> int:
        """See `StateReader`."""
        if shift_id not in self._read_set.forgotten and shift_id not in self._forgotten:
            raise MissingReads(ReadSet(forgotten={shift_id}))
        return self._forgotten.get(shift_id, 0)

    def assignment(self, shift_id: str) -> Assignment | None:
        """See `StateReader`."""
        self._require_shift(shift_id)
        return self._assignments.get(shift_id)

    def organization(self, organization_id: str) -> Organization | None:
        """See `StateReader`."""
        if organization_id not in self._looked_up_organizations:
            raise MissingReads(ReadSet(organizations={organization_id}))
        return self._organizations.get(organization_id)

    def shift_to_come(self, organization_id: str, now: datetime) -> Shift | None:
        """See `StateReader`."""
        if organization_id not in self._read_set.with_shifts_to_come:
            raise MissingReads(ReadSet(with_shifts_to_come={organization_id}))
        # The shifts of this transaction too: a command before this one may have added or moved one.
        shifts = [one for one in self._shifts.values() if one.organization_id == organization_id]
        if (stored := self._shifts_to_come.get(organization_id)) is not None and stored.id not in self._shifts:
            shifts.append(stored)
        to_come = (shift for shift in shifts if shift.end_time > now and shift.deleted_at is None)
        return min(to_come, key=lambda shift: (shift.end_time, shift.id), default=None)

    def held_by(self, caregiver_id: str) -> Iterable[Shift]:
        """See `StateReader`. Without shifts that ended too long ago to conflict with any shift loaded here."""
        self._require_caregiver(caregiver_id)
        return [self._shifts[shift_id] for shift_id in sorted(self._held.get(caregiver_id, ()))]

    def offer(self, shift_id: str, caregiver_id: str) -> Offer | None:
        """See `StateReader`."""
        if (shift_id, caregiver_id) not in self._looked_up_offers:
            raise MissingReads(ReadSet(offers={(shift_id, caregiver_id)}))
        return self.offers.get(shift_id, caregiver_id)

    def offers_of(self, caregiver_id: str) -> Iterable[Offer]:
        """See `StateReader`. Without offers that closed so long ago that their code is free again."""
        self._require_caregiver(caregiver_id)
        return self.offers.of(caregiver_id)

    def last_code(self, caregiver_id: str) -> int:
        """See `StateReader`."""
        self._require_caregiver(caregiver_id)
        return self.offers.last_code(caregiver_id)

    def offer_by_code(self, caregiver_id: str, code: str) -> Offer | None:
        """See `StateReader`. Without offers that closed so long ago that their code is free again."""
        self._require_caregiver(caregiver_id)
        return self.offers.by_code(caregiver_id, code)

    def held_fanouts(self, organization_id: str, now: datetime) -> Sequence[Fanout]:
        """See `StateReader`. Without those whose first held message a decision of this transaction writes."""
        if organization_id not in self._read_set.with_held_fanouts:
            raise MissingReads(ReadSet(with_held_fanouts={organization_id}))
        ids = sorted(id_ for of, id_ in self._held_fanouts if of == organization_id)
        found = (self._fanouts.get(id_) for id_ in ids if self._shifts[id_].end_time > now)
        return [fanout for fanout in found if fanout is not None and fanout.claimable]

    def fanouts_in_planning(self, role: str) -> Iterable[Fanout]:
        """See `StateReader`."""
        if role not in self._looked_up_roles:
            raise MissingReads(ReadSet(roles={role}))
        found = (one for one in self._fanouts.values() if one.planned_up_to is not None and one.role == role)
        return sorted(found, key=lambda fanout: fanout.shift_id)

    def roster(self, role: str, after: str, limit: int) -> Sequence[Caregiver]:
        """See `StateReader`."""
        key = RosterKey(role, after, limit)
        if key not in self._rosters:
            raise MissingReads(ReadSet(rosters={key}))
        return self._rosters[key]

    def accepted_late(self, shift_id: str, limit: int) -> Sequence[Offer]:
        """See `StateReader`."""
        if LateKey(shift_id, limit) not in self._read_set.late:
            raise MissingReads(ReadSet(late={LateKey(shift_id, limit)}))
        return self.offers.accepted_late(shift_id, limit)

    def contact(self, shift_id: str, generation: int, channel: Channel, caregiver_id: str) -> Contact | None:
        """See `StateReader`."""
        key = ContactKey(shift_id, generation, channel, caregiver_id)
        found = self.messages.contact(key)
        if found is None and key not in self._read_set.contacts:
            raise MissingReads(ReadSet(contacts=self._contacts_read_next(key)))
        return found

    def _contacts_read_next(self, key: ContactKey) -> set[ContactKey]:
        """The contact and those that the decision will read next.

        While a round is planned, these are the contacts of all caregivers in the batch, in both rounds; else those of
        this caregiver.
        """
        rosters = ({caregiver.id for caregiver in roster} for roster in self._rosters.values())
        planned_with = set[str]().union(*(ids for ids in rosters if key.caregiver_id in ids))
        if any(late.shift_id == key.shift_id for late in self._read_set.late):
            planned_with |= self.offers.caregivers_offered(key.shift_id)
        if planned_with:
            return {
                key._replace(caregiver_id=caregiver_id, channel=channel)
                for caregiver_id in {key.caregiver_id, *planned_with}
                for channel in Channel
            }
        # A contact is compared with the caregiver's contacts about other shifts.
        others = [
            self._fanouts[shift_id]
            for shift_id in self.offers.shifts_offered_to(key.caregiver_id)
            if shift_id in self._fanouts
        ]
        keys = [key, *(key._replace(shift_id=one.shift_id, generation=one.generation) for one in others)]
        return {one._replace(channel=channel) for one in keys for channel in Channel}

    def contact_counts(self, shift_id: str, generation: int) -> Mapping[ContactStatus, int]:
        """See `StateReader`."""
        if (shift_id, generation) not in self._read_set.counted:
            raise MissingReads(ReadSet(counted={(shift_id, generation)}))
        return self.messages.counts(shift_id, generation)

    def notice(self, notice_id: str) -> Notice | None:
        """See `StateReader`."""
        if notice_id not in self._read_set.notices:
            raise MissingReads(ReadSet(notices={notice_id}))
        return self.messages.unsettled_notice(notice_id)

    def message(self, message_id: str) -> Contact | Notice | None:
        """See `StateReader`."""
        if message_id not in self._read_set.message_ids:
            raise MissingReads(ReadSet(message_ids={message_id}))
        return self.messages.message(message_id)

    def message_of_provider(self, provider_id: str) -> Contact | Notice | None:
        """See `StateReader`."""
        if provider_id not in self._read_set.provider_ids:
            raise MissingReads(ReadSet(provider_ids={provider_id}))
        return self.messages.message_of_provider(provider_id)

    def alerts_to(self, phone: str) -> Sequence[Notice]:
        """See `StateReader`."""
        if phone not in self._read_set.alerted_phones:
            raise MissingReads(ReadSet(alerted_phones={phone}))
        return self.messages.alerts_to(phone)

    def sent_offers(self, caregiver_id: str) -> Sequence[SentOffer]:
        """See `StateReader`."""
        if caregiver_id not in self._read_set.sent_to:
            # A lease reads those of one caregiver after another.
            raise MissingReads(ReadSet(sent_to={caregiver_id, *self._caregivers}))
        return self.messages.sent_offers(caregiver_id)

    def offices(self, phone: str) -> Sequence[Organization]:
        """See `StateReader`."""
        if phone not in self._read_set.office_phones:
            raise MissingReads(ReadSet(office_phones={phone}))
        return [one for one in self._offices if one.office_phone == phone]

    def notices_about(self, shift_id: str, caregiver_id: str) -> Sequence[Notice]:
        """See `StateReader`."""
        if (shift_id, caregiver_id) not in self._read_set.notice_pairs:
            # They are compared with the notices about the caregiver's other shifts.
            others = {(id_, caregiver_id) for id_ in self.offers.shifts_offered_to(caregiver_id)}
            raise MissingReads(ReadSet(notice_pairs={(shift_id, caregiver_id), *others}))
        return self.messages.notices_about(shift_id, caregiver_id)

    def answer(self, key: MessageKey) -> Answer | None:
        """See `StateReader`."""
        if key not in self._read_set.message_keys:
            raise MissingReads(ReadSet(message_keys={key}))
        return self._answers.get(key)

    def _require_caregiver(self, caregiver_id: str) -> None:
        if caregiver_id not in self._looked_up_caregivers:
            raise MissingReads(ReadSet(caregivers={caregiver_id}))

    def _require_shift(self, shift_id: str) -> None:
        if shift_id not in self._looked_up_shifts:
            raise MissingReads(ReadSet(shifts={shift_id}))

    # Writing, so that later decisions of the same transaction see what earlier ones wrote.

    def apply(self, write: Write) -> None:
        """Apply one write. Raises ValueError, with nothing changed, if it gives a shift a second holder."""
        # What is written most comes first: each case that does not match takes a part of a microsecond.
        match write:
            case Response() | Exclusion() | KeptText() | Fact():
                pass
            case StoredAnswer():
                self._answers[write.key] = write.answer
            case Contact() | Notice() | SentOffer():
                self.messages.put(write)
            case Offer():
                self.offers.put(write)
            case Fanout():
                self._fanouts[write.shift_id] = write
            case Assignment():
                self._assign(write)
            case Caregiver():
                self._remove_caregiver(write.id)
                self._caregivers[write.id] = write
                self._by_phone[write.phone] = write.id
            case Organization():
                self._organizations[write.id] = write
            case RemoveOrganization():
                self._organizations.pop(write.organization_id, None)
            case RemoveCaregiver():
                self._remove_caregiver(write.caregiver_id)
                self.offers.forget_last_code(write.caregiver_id)
            case NumberStatus():
                self._numbers[write.phone] = write
            case ChannelStatus():
                self._channels[write.channel] = write
            case Shift():
                self._shifts[write.id] = write
            case RemoveShift():
                self._shifts.pop(write.shift_id, None)
            case Unassign():
                self._unassign(write.shift_id)
            case ForgetFanout():
                if not write.keep_record:
                    self._fanouts.pop(write.shift_id, None)
                    self._forgotten[write.shift_id] = write.generation
            case _:
                assert_never(write)
        self.writes.append(write)

    def _remove_caregiver(self, caregiver_id: str) -> None:
        before = self._caregivers.pop(caregiver_id, None)
        if before is not None:
            self._by_phone.pop(before.phone, None)

    def _assign(self, assignment: Assignment) -> None:
        held = self._assignments.get(assignment.shift_id)
        if held is not None and held.caregiver_id != assignment.caregiver_id:
            raise ValueError(f"shift {assignment.shift_id!r} has a holder already")
        self._assignments[assignment.shift_id] = assignment
        self._held[assignment.caregiver_id].add(assignment.shift_id)

    def _unassign(self, shift_id: str) -> None:
        before = self._assignments.pop(shift_id, None)
        if before is not None:
            self._held[before.caregiver_id].discard(shift_id)
