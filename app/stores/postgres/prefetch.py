"""What a decision reads and what it locks, known from its command, so that two statements can lock and load it.

A decision may read or write more than is known here. Then the store loads or locks that too and decides again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import NamedTuple, assert_never

from app.domain.commands import (
    Advance,
    Assign,
    CancelFanout,
    Command,
    DeleteCaregiver,
    DeleteOrganization,
    DeleteShift,
    EndCall,
    FindOffer,
    OptIn,
    PutCaregiver,
    PutOrganization,
    PutShift,
    RecordDelivery,
    RecordSending,
    Release,
    Reply,
    SendText,
    StartFanout,
    TellOffice,
)
from app.domain.decisions import ForgetFanout, RemoveCaregiver, RemoveOrganization, RemoveShift, Unassign, Write
from app.domain.facts import Fact
from app.domain.fanout_records import CODE_RESERVED_FOR, Exclusion, Fanout, Offer
from app.domain.messages import (
    ALERTS_MATTER_FOR,
    OFFERS_COUNT_FOR,
    ChannelStatus,
    Contact,
    ContactKey,
    ContactStatus,
    HoldReason,
    KeptText,
    MessageKey,
    Notice,
    NumberStatus,
    SentOffer,
    StoredAnswer,
    contact_key,
    delivery_key,
)
from app.domain.records import Assignment, Caregiver, Channel, Organization, Response, Shift

_LATEST = datetime.max.replace(tzinfo=UTC)


class LateKey(NamedTuple):
    """The first `limit` offers of a shift whose yes came too late."""

    shift_id: str
    limit: int


class RosterKey(NamedTuple):
    """At most `limit` caregivers of a role whose ids come after `after`."""

    role: str
    after: str
    limit: int


@dataclass
class ReadSet:
    """The keys of what is to be loaded.

    A caregiver is loaded with the opt-out of their number, their offers that still matter and the shifts they hold;
    a shift with its fanout and its assignment.
    """

    message_keys: set[MessageKey] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    caregivers: set[str] = field(default_factory=set)
    shifts: set[str] = field(default_factory=set)
    #: Shifts of which it is read, if they have no fanout, which one was forgotten last.
    forgotten: set[str] = field(default_factory=set)
    #: Those of the shifts that are loaded are loaded too, and the first one of each caregiver.
    organizations: set[str] = field(default_factory=set)
    #: Organizations of which a shift that has not ended is looked for.
    with_shifts_to_come: set[str] = field(default_factory=set)
    #: Organizations of which the fanouts are loaded that quiet hours hold.
    with_held_fanouts: set[str] = field(default_factory=set)
    #: (shift id, caregiver id) of offers.
    offers: set[tuple[str, str]] = field(default_factory=set)
    #: (shift id, phone) of offers whose caregiver is only known by number.
    offers_by_phone: set[tuple[str, str]] = field(default_factory=set)
    contacts: set[ContactKey] = field(default_factory=set)
    #: (shift id, generation) whose contacts are counted. A transition locks these shifts.
    counted: set[tuple[str, int]] = field(default_factory=set)
    notices: set[str] = field(default_factory=set)
    #: (shift id, caregiver id) whose notices are read, settled ones included.
    notice_pairs: set[tuple[str, str]] = field(default_factory=set)
    #: Numbers to which the alerts are read, and numbers of which it is read whether they are an office's.
    alerted_phones: set[str] = field(default_factory=set)
    office_phones: set[str] = field(default_factory=set)
    #: Caregivers of whom the offers that went out to them are read.
    sent_to: set[str] = field(default_factory=set)
    #: The ids by which receipts name messages. Their contacts and notices are found with them before all else.
    message_ids: set[str] = field(default_factory=set)
    provider_ids: set[str] = field(default_factory=set)
    rosters: set[RosterKey] = field(default_factory=set)
    late: set[LateKey] = field(default_factory=set)
    roles: set[str] = field(default_factory=set)
    #: The earliest `now` of the commands.
    now: datetime = _LATEST

    def add(self, other: "ReadSet") -> None:
        """Add all keys of `other`."""
        for name in _READ_SET_FIELDS:
            getattr(self, name).update(getattr(other, name))
        self.now = min(self.now, other.now)

    @property
    def alerts_since(self) -> datetime:
        """Alerts that were made earlier do not matter."""
        return self.now - ALERTS_MATTER_FOR

    @property
    def sent_since(self) -> datetime:
        """Offers that went out earlier no longer count."""
        return self.now - OFFERS_COUNT_FOR

    @property
    def relevant_since(self) -> datetime:
        """No reply can be about an offer that closed at this time or earlier, and its code may be given out again."""
        return self.now - CODE_RESERVED_FOR


class MissingReads(BaseException):
    """A decision read something that was not loaded. `read_set` names it.

    Not an Exception, so that code which catches the errors of a decision passes this on to the store.
    """

    def __init__(self, read_set: ReadSet) -> None:
        super().__init__("not loaded")
        self.read_set = read_set


_READ_SET_FIELDS = tuple(one.name for one in fields(ReadSet) if one.name != "now")


def add_reads(command: Command, to: ReadSet) -> None:
    """Add what the decision about the command is known to read."""
    to.now = min(to.now, command.now)
    match command:
        case Reply():
            to.phones.add(command.phone)
            if command.delivery_id is not None:
                to.message_keys.add(delivery_key(command.delivery_id))
            to.message_keys.update(key for key in (command.key, command.key_answered_as) if key is not None)
            if command.shift_id is not None:
                to.shifts.add(command.shift_id)
                to.offers_by_phone.add((command.shift_id, command.phone))
        case FindOffer():
            to.phones.add(command.phone)
        case RecordSending():
            if isinstance(command.entry, Notice):
                to.notices.add(command.entry.id)
            else:
                to.contacts.add(contact_key(command.entry))
            if command.entry.shift_id is not None and command.entry.caregiver_id:
                to.notice_pairs.add((command.entry.shift_id, command.entry.caregiver_id))
        case RecordDelivery() | EndCall():
            to.message_ids.add(command.message_id)
        case PutCaregiver():
            to.caregivers.add(command.caregiver.id)
            to.phones.add(command.caregiver.phone)
        case DeleteCaregiver() | OptIn():
            to.caregivers.add(command.caregiver_id)
        case PutOrganization():
            to.organizations.add(command.organization.id)
            to.with_held_fanouts.add(command.organization.id)
        case DeleteOrganization():
            to.organizations.add(command.organization_id)
            to.with_shifts_to_come.add(command.organization_id)
        case PutShift():
            to.shifts.add(command.shift.id)
        case SendText():
            to.caregivers.add(command.caregiver_id)
            to.shifts.add(command.shift_id)
            if command.keyed_id is not None:
                to.message_ids.add(command.keyed_id)
        case Assign():
            to.caregivers.add(command.caregiver_id)
            to.shifts.add(command.shift_id)
            to.offers.add((command.shift_id, command.caregiver_id))
            to.forgotten.add(command.shift_id)
        case StartFanout():
            to.shifts.add(command.shift_id)
            to.forgotten.add(command.shift_id)
        case Advance() | CancelFanout() | Release() | DeleteShift() | TellOffice():
            to.shifts.add(command.shift_id)
        case _:
            assert_never(command)


@dataclass
class Locks:
    """What a transaction locks before it reads.

    The name of a lock is `c:` and a caregiver id, `h:` and a channel, `o:` and an organization id, or `s:` and a
    shift id. Locks are taken in the order of their names, so caregivers come first. A lock is on the name and not on
    a row: there need not be a row. Only leases take those of `n:` and the ids of a shift and a caregiver.
    """

    names: set[str] = field(default_factory=set)
    #: The caregivers who have these numbers.
    phones: set[str] = field(default_factory=set)
    #: These shifts, if their fanout is open or exhausted: otherwise a reply does not change them.
    claimable: set[str] = field(default_factory=set)
    #: The shifts offered to the caregivers who have these numbers, under the same condition.
    offered_to: set[str] = field(default_factory=set)


def caregiver_lock(caregiver_id: str) -> str:
    """The name of a caregiver's lock."""
    return f"c:{caregiver_id}"


def channel_lock(channel: Channel) -> str:
    """The name of a channel's lock."""
    return f"h:{channel}"


def notice_lock(shift_id: str, caregiver_id: str) -> str:
    """The name of the lock of the notices to that caregiver about that shift."""
    return f"n:{shift_id}\n{caregiver_id}"


def organization_lock(organization_id: str) -> str:
    """The name of an organization's lock."""
    return f"o:{organization_id}"


def shift_lock(shift_id: str) -> str:
    """The name of a shift's lock."""
    return f"s:{shift_id}"


def add_locks(command: Command, to: Locks) -> None:
    """Add the locks that the writes of the command are known to need."""
    match command:
        case Reply():
            to.phones.add(command.phone)
            if command.shift_id is None:
                to.offered_to.add(command.phone)
            else:
                to.claimable.add(command.shift_id)
        case PutCaregiver():
            to.names.add(caregiver_lock(command.caregiver.id))
        case DeleteCaregiver() | OptIn() | SendText(keyed_id=str()):
            to.names.add(caregiver_lock(command.caregiver_id))
        case PutOrganization():
            to.names.add(organization_lock(command.organization.id))
        case DeleteOrganization():
            to.names.add(organization_lock(command.organization_id))
        case PutShift():
            to.names.add(shift_lock(command.shift.id))
        case Assign():
            to.names.update((shift_lock(command.shift_id), caregiver_lock(command.caregiver_id)))
        case StartFanout() | CancelFanout() | Release() | DeleteShift():
            to.names.add(shift_lock(command.shift_id))
        case RecordSending() | RecordDelivery() | EndCall():
            # They write one message, whose update compares it with what was read.
            pass
        case SendText() | TellOffice() | FindOffer():
            # They write new messages, which no other transaction can write, or nothing.
            pass
        case Advance():
            # The caregivers are only known after the roster has been read.
            pass
        case _:
            assert_never(command)


def locks_needed(read_set: ReadSet, writes: Iterable[Write], shifts: Mapping[str, Shift]) -> set[str]:
    """The names of the locks that a transaction must hold to read this and to write these records.

    If two transactions counted the contacts of a fanout at the same time, neither would see that after both of them
    every offer has failed. If quiet hours held a message while they are changed, the message would wait for the end
    of the old ones. `shifts`: those that are loaded, by id.
    """
    names = {shift_lock(shift_id) for shift_id, _ in read_set.counted}
    for write in writes:
        match write:
            case Caregiver():
                names.add(caregiver_lock(write.id))
            case Organization():
                names.add(organization_lock(write.id))
            case RemoveOrganization():
                names.add(organization_lock(write.organization_id))
            case RemoveCaregiver() | Offer():
                names.add(caregiver_lock(write.caregiver_id))
            case Shift():
                names.add(shift_lock(write.id))
            case Contact(status=ContactStatus.QUEUED, held=HoldReason.QUIET_HOURS) if write.shift_id in shifts:
                names.add(organization_lock(shifts[write.shift_id].organization_id))
            case ChannelStatus():
                names.add(channel_lock(write.channel))
            case Fanout() | ForgetFanout() | RemoveShift() | Unassign():
                names.add(shift_lock(write.shift_id))
            case Assignment():
                names |= {shift_lock(write.shift_id), caregiver_lock(write.caregiver_id)}
            case Contact() | Notice():
                # No lock: the update compares the row with what was read.
                pass
            case NumberStatus() | Response() | Exclusion() | StoredAnswer() | SentOffer() | KeptText() | Fact():
                # No lock of their own.
                pass
            case _:
                assert_never(write)
    return names
