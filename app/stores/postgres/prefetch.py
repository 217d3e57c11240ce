"""What a decision needs to read, collected before it is read: a store with a database loads it in one statement."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from app.domain.commands import (
    Advance,
    Assign,
    CancelFanout,
    Command,
    DeleteCaregiver,
    PutCaregiver,
    PutShift,
    RecordSending,
    Release,
    Reply,
    StartFanout,
)
from app.domain.decisions import ForgetFanout, RemoveCaregiver, Unassign, Write
from app.domain.records import (
    CODE_RESTS,
    Assignment,
    Caregiver,
    Contact,
    ContactKey,
    Fanout,
    Notice,
    Offer,
    Shift,
    contact_key,
)

_LATEST = datetime.max.replace(tzinfo=UTC)


class LateKey(NamedTuple):
    """How many of which shift's late ones."""

    shift_id: str
    limit: int


class RosterKey(NamedTuple):
    """Which stretch of which role's roster."""

    role: str
    after: str
    limit: int


@dataclass
class ReadSet:
    """Keys to load. A caregiver comes with all that is theirs: number, opt-out, offers, held shifts."""

    message_ids: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    caregivers: set[str] = field(default_factory=set)
    shifts: set[str] = field(default_factory=set)
    #: (shift id, caregiver id) of offers.
    pairs: set[tuple[str, str]] = field(default_factory=set)
    #: The same by (shift id, phone), where the caregiver is not known yet.
    phone_pairs: set[tuple[str, str]] = field(default_factory=set)
    contacts: set[ContactKey] = field(default_factory=set)
    notices: set[str] = field(default_factory=set)
    rosters: set[RosterKey] = field(default_factory=set)
    late: set[LateKey] = field(default_factory=set)
    roles: set[str] = field(default_factory=set)
    #: The earliest time that a decision takes for now.
    now: datetime = _LATEST

    def add(self, other: "ReadSet") -> None:
        """Read what the other reads as well."""
        for name in _KEY_SETS:
            getattr(self, name).update(getattr(other, name))
        self.now = min(self.now, other.now)

    @property
    def relevant_since(self) -> datetime:
        """Offers that were closed by then can no longer be what a reply is about, nor is their code in use."""
        return self.now - CODE_RESTS if self.now - CODE_RESTS > _EARLIEST else _EARLIEST


class MissingReads(BaseException):
    """A decision read what was not loaded; `read_set` is what it takes to go on.

    No Exception: whoever catches what goes wrong in a decision must let this through to the store.
    """

    def __init__(self, read_set: ReadSet) -> None:
        super().__init__("not loaded")
        self.read_set = read_set


_KEY_SETS = tuple(one.name for one in fields(ReadSet) if one.name != "now")
_EARLIEST = datetime.min.replace(tzinfo=UTC) + timedelta(days=2)


def read_set_of(command: Command) -> ReadSet:
    """What the decision about the command is known to read. If it reads more, that is loaded then."""
    match command:
        case Reply():
            read_set = ReadSet(phones={command.phone}, now=command.now)
            if command.message_id is not None:
                read_set.message_ids.add(command.message_id)
            if command.shift_id is not None:
                read_set.shifts.add(command.shift_id)
                read_set.phone_pairs.add((command.shift_id, command.phone))
            return read_set
        case RecordSending(entry=Contact() as contact):
            return ReadSet(contacts={contact_key(contact)}, now=command.now)
        case RecordSending(entry=Notice() as notice):
            return ReadSet(notices={notice.id}, now=command.now)
        case PutCaregiver():
            return ReadSet(caregivers={command.caregiver.id}, phones={command.caregiver.phone}, now=command.now)
        case DeleteCaregiver():
            return ReadSet(caregivers={command.caregiver_id}, now=command.now)
        case PutShift():
            return ReadSet(shifts={command.shift.id})
        case Assign():
            return ReadSet(
                caregivers={command.caregiver_id},
                shifts={command.shift_id},
                pairs={(command.shift_id, command.caregiver_id)},
                now=command.now,
            )
        case Advance() | StartFanout() | CancelFanout() | Release():
            return ReadSet(shifts={command.shift_id}, now=command.now)
        case _:
            return ReadSet()


@dataclass
class Locks:
    """What a transaction locks before it reads.

    Names are `c:` and a caregiver id, or `s:` and a shift id; they are taken in their order, caregivers first.
    A lock is on the name, not on a row: it holds where there is no row yet, and writes nothing.
    """

    names: set[str] = field(default_factory=set)
    #: Whoever has these numbers.
    phones: set[str] = field(default_factory=set)
    #: These shifts, if a yes or a no could still change something about them.
    claimable: set[str] = field(default_factory=set)
    #: The shifts, likewise, that were offered to whoever has these numbers.
    offered_to: set[str] = field(default_factory=set)

    def add(self, other: "Locks") -> None:
        """Take those, too."""
        for name in _KEYS_OF_LOCKS:
            getattr(self, name).update(getattr(other, name))


_KEYS_OF_LOCKS = tuple(one.name for one in fields(Locks))


def caregiver_lock(caregiver_id: str) -> str:
    """The name of a caregiver's lock."""
    return f"c:{caregiver_id}"


def shift_lock(shift_id: str) -> str:
    """The name of a shift's lock."""
    return f"s:{shift_id}"


def locks_of(command: Command) -> Locks:
    """What the command is known to write under. If it writes under more, that is locked then."""
    match command:
        case Reply(shift_id=None):
            return Locks(phones={command.phone}, offered_to={command.phone})
        case Reply(shift_id=str(shift_id)):
            return Locks(phones={command.phone}, claimable={shift_id})
        case PutCaregiver():
            return Locks(names={caregiver_lock(command.caregiver.id)})
        case DeleteCaregiver():
            return Locks(names={caregiver_lock(command.caregiver_id)})
        case PutShift():
            return Locks(names={shift_lock(command.shift.id)})
        case Assign():
            return Locks(names={shift_lock(command.shift_id), caregiver_lock(command.caregiver_id)})
        case StartFanout() | CancelFanout() | Release():
            return Locks(names={shift_lock(command.shift_id)})
        case _:
            # A result touches one contact, which is compared as it is set. A step of a round locks everybody it
            # reaches, and then the shift: who that is must be read first.
            return Locks()


def locks_of_writes(writes: Iterable[Write]) -> set[str]:
    """The names of the locks under which these records may be written."""
    names: set[str] = set()
    for write in writes:
        match write:
            case Caregiver():
                names.add(caregiver_lock(write.id))
            case RemoveCaregiver() | Offer():
                names.add(caregiver_lock(write.caregiver_id))
            case Shift():
                names.add(shift_lock(write.id))
            case Fanout() | ForgetFanout() | Unassign():
                names.add(shift_lock(write.shift_id))
            case Assignment():
                names |= {shift_lock(write.shift_id), caregiver_lock(write.caregiver_id)}
            case _:
                # These are compared with what was read as they are set, or are facts that never change.
                pass
    return names
