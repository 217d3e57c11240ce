"""What can happen next in a state: every command of the domain, every hand-over and its results, and a wait.

Five alphabets. `filling` has what decides who gets a shift, `at_night` also what changes quiet hours or their effect,
`sending` what can become of a message, `telling` what a caregiver hears who gets and loses a shift, and `everything`
all commands.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

from app.domain.commands import (
    Advance,
    Assign,
    CancelFanout,
    Command,
    DeleteCaregiver,
    DeleteOrganization,
    DeleteShift,
    FindOffer,
    HandoverResult,
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
)
from app.domain.fanout_records import Fanout
from app.domain.messages import Contact, ContactStatus, Notice
from app.domain.policy import Policy
from app.domain.reading import Intent, Reading
from app.domain.receipts import Consequence, Receipt, ReceiptState
from app.domain.records import (
    Caregiver,
    Channel,
    Kind,
    Organization,
    QuietHours,
    Shift,
)
from prove.world import World

START = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
POLICY = Policy(escalate_after_s=600.0, retention_s=90_000.0, allow_past_shifts=False)
PEOPLE = {
    id_: Caregiver(id=id_, name=f"Nurse {id_}", roles=("RN",), phone=phone)
    for id_, phone in (("A", "+15550001"), ("B", "+15550002"))
}
#: They overlap by an hour.
SHIFTS = {
    id_: Shift(
        id=id_,
        organization_id="org",
        role_required="RN",
        start_time=START + timedelta(hours=starts),
        end_time=START + timedelta(hours=starts + 8),
    )
    for id_, starts in (("s1", 20), ("s2", 27))
}
ORGANIZATION = Organization(id="org", name="Harbor")
#: What a caregiver may say.
WORDS = {
    "yes": Intent.ACCEPT,
    "no": Intent.DECLINE,
    "what?": Intent.UNKNOWN,
    "stop": Intent.STOP,
    "start": Intent.START,
    "help": Intent.HELP,
    "wrong number": Intent.WRONG_NUMBER,
}


_RECEIPTS = [
    Receipt(state=ReceiptState.DELIVERED),
    *(
        Receipt(state=ReceiptState.FAILED, consequence=one)
        for one in Consequence
        if one is not Consequence.CHANNEL_FAULT
    ),
]


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that can happen. `label` is its name in a way that leads to a broken rule."""

    label: str
    #: A command for `decide`; None: it is no command.
    command: Command | None = None
    #: A queued message for `admit`; None: it is no hand-over.
    entry: Contact | Notice | None = None
    #: The provider accepts the message at once.
    accepted: bool = False
    #: The time to wait for, before the command if there is one; None: no time passes.
    until: datetime | None = None


#: The moves that are possible in a state.
Alphabet = Callable[[World], Iterator[Move]]


def filling(world: World) -> Iterator[Move]:
    """Starts, answers that name their shift, a coordinator's word, the worker's steps, messages that go through."""
    for shift_id in SHIFTS:
        yield _start(world, shift_id)
        yield from _coordinator(world, shift_id)
        for caregiver_id in PEOPLE:
            for word in ("yes", "no"):
                yield _reply(world, caregiver_id, word, shift_id)
    yield _reply(world, "A", "yes", "s1", message_id="m1")
    yield from _work(world)
    for entry in _queued(world):
        yield Move(f"send {_named(entry)}", entry=entry, accepted=True)
    yield from _wait(world)


def everything(world: World) -> Iterator[Move]:
    """All commands, each hand-over apart from its result, and every result."""
    for shift_id, shift in SHIFTS.items():
        yield _start(world, shift_id)
        yield _start(world, shift_id, urgent=True)
        yield from _coordinator(world, shift_id)
        yield Move(f"put {shift_id}", PutShift(shift=shift, now=world.now))
        yield _put_later(world, shift_id)
        yield Move(f"delete {shift_id}", DeleteShift(shift_id=shift_id, notice_id=_id(world), now=world.now))
        for caregiver_id in PEOPLE:
            for word in ("yes", "no", "what?"):
                yield _reply(world, caregiver_id, word, shift_id)
    for caregiver_id, caregiver in PEOPLE.items():
        for word in WORDS:
            yield _reply(world, caregiver_id, word)
            yield _reply(world, caregiver_id, word, channel=Channel.VOICE)
        yield _reply(world, caregiver_id, "yes", message_id="m1")
        yield _reply(world, caregiver_id, "stop", message_id="m1")
        yield from _record_of(world, caregiver)
    yield from _organization(world)
    yield from _work(world)
    yield from _messages(world)
    yield from _wait(world)


def at_night(world: World) -> Iterator[Move]:
    """What `filling` has, urgent starts, and changes of the organization."""
    for shift_id in SHIFTS:
        yield _start(world, shift_id, urgent=True)
    yield from _organization(world)
    yield from filling(world)


def sending(world: World) -> Iterator[Move]:
    """Hand-overs apart from their results, every result, receipts, and a yes, a no or a STOP meanwhile."""
    for word in ("yes", "no", "stop"):
        yield _reply(world, "A", word, "s1")
    yield from _work(world)
    yield from _messages(world)
    yield from _wait(world)


def telling(world: World) -> Iterator[Move]:
    """A gets and loses a shift, which may be moved meanwhile: what they are told, with every result and receipt.

    What the office and A do happens a second later: the order of records of the same moment is not known.
    """
    later = world.at(world.now + timedelta(seconds=1))
    moves = [move for move in _coordinator(later, "s1") if move.label in ("assign s1 to A", "release s1")]
    moves += [_reply(later, "A", word, "s1") for word in ("yes", "no", "stop", "start")]
    yield from (replace(move, until=later.now) for move in (*moves, _put_later(later, "s1")))
    yield from _messages(world)
    for notice in world.all(Notice):
        if notice.status is ContactStatus.SENT:
            yield from _receipts(world, notice, notice.id)
    yield from _wait(world)


def _start(world: World, shift_id: str, *, urgent: bool = False) -> Move:
    label = f"start {shift_id}{' urgently' if urgent else ''}"
    return Move(label, StartFanout(shift_id=shift_id, urgent=urgent, now=world.now))


def _put_later(world: World, shift_id: str) -> Move:
    shift, later = SHIFTS[shift_id], timedelta(hours=8)
    moved = replace(shift, start_time=shift.start_time + later, end_time=shift.end_time + later)
    return Move(f"put {shift_id} later", PutShift(shift=moved, now=world.now))


def _coordinator(world: World, shift_id: str) -> Iterator[Move]:
    yield Move(f"cancel {shift_id}", CancelFanout(shift_id=shift_id, now=world.now))
    yield Move(f"release {shift_id}", Release(shift_id=shift_id, notice_id=_id(world), now=world.now))
    for caregiver_id in PEOPLE:
        command = Assign(shift_id=shift_id, caregiver_id=caregiver_id, notice_id=_id(world), now=world.now)
        yield Move(f"assign {shift_id} to {caregiver_id}", command)


def _reply(
    world: World,
    caregiver_id: str,
    word: str,
    shift_id: str | None = None,
    *,
    channel: Channel = Channel.SMS,
    message_id: str | None = None,
) -> Move:
    """The words of a caregiver, about one shift or about whichever the rules take them for."""
    command = Reply(
        phone=PEOPLE[caregiver_id].phone,
        reading=Reading(intent=WORDS[word]),
        channel=channel,
        message_id=message_id,
        shift_id=shift_id,
        notice_id=_id(world),
        now=world.now,
    )
    about = f" to {shift_id}" if shift_id else ""
    how = (" on a call" if channel is Channel.VOICE else "") + (f" as message {message_id}" if message_id else "")
    return Move(f"{caregiver_id} says {word!r}{about}{how}", command)


def _record_of(world: World, caregiver: Caregiver) -> Iterator[Move]:
    """What the office can do to a caregiver's record, and write to them."""
    other = replace(caregiver, phone=caregiver.phone + "9")
    yield Move(f"put {caregiver.id}", PutCaregiver(caregiver=caregiver, now=world.now))
    yield Move(
        f"put {caregiver.id} as an aide", PutCaregiver(caregiver=replace(caregiver, roles=("CNA",)), now=world.now)
    )
    yield Move(f"put {caregiver.id} with another number", PutCaregiver(caregiver=other, now=world.now))
    yield Move(f"delete {caregiver.id}", DeleteCaregiver(caregiver_id=caregiver.id, now=world.now))
    yield Move(f"opt {caregiver.id} in", OptIn(caregiver_id=caregiver.id, now=world.now))
    text = SendText(
        shift_id="s1", caregiver_id=caregiver.id, body="Please call us.", notice_id=_id(world), now=world.now
    )
    yield Move(f"write to {caregiver.id}", text)
    yield Move(f"{caregiver.id} calls", FindOffer(phone=caregiver.phone, shift_id=None, now=world.now))


def _organization(world: World) -> Iterator[Move]:
    night = replace(
        ORGANIZATION, quiet_hours=QuietHours(start=time(9), end=time(12)), minimum_rest=timedelta(hours=8)
    )
    yield Move("put org", PutOrganization(organization=ORGANIZATION, now=world.now))
    yield Move("put org with quiet hours and rest", PutOrganization(organization=night, now=world.now))
    yield Move("delete org", DeleteOrganization(organization_id="org", now=world.now))


def _work(world: World) -> Iterator[Move]:
    """The steps of a worker that are due."""
    for fanout in world.all(Fanout):
        if fanout.due_at is not None and fanout.due_at <= world.now:
            command = Advance(shift_id=fanout.shift_id, generation=fanout.generation, now=world.now)
            yield Move(f"advance {fanout.shift_id}", command)


def _queued(world: World) -> Iterator[Contact | Notice]:
    """The messages that a worker may take now."""
    for entry in _all_messages(world):
        if entry.status is ContactStatus.QUEUED and (entry.due_at is None or entry.due_at <= world.now):
            yield entry


def _all_messages(world: World) -> list[Contact | Notice]:
    return [*world.all(Notice), *world.all(Contact)]


def _messages(world: World) -> Iterator[Move]:
    """Hand-overs, their results, and receipts."""
    for entry in _queued(world):
        yield Move(f"hand over {_named(entry)}", entry=entry)
    for entry in _all_messages(world):
        if entry.status is ContactStatus.SENDING:
            for result in HandoverResult:
                yield Move(f"{result} {_named(entry)}", result_of(entry, result, world.now))
        elif isinstance(entry, Contact) and entry.status is ContactStatus.SENT and entry.message_id is not None:
            yield from _receipts(world, entry, entry.message_id)


def _receipts(world: World, entry: Contact | Notice, message_id: str) -> Iterator[Move]:
    for receipt in _RECEIPTS:
        command = RecordDelivery(message_id=message_id, provider_id=None, receipt=receipt, now=world.now)
        yield Move(f"receipt {receipt.state} {receipt.consequence} {_named(entry)}", command)


def result_of(entry: Contact | Notice, result: HandoverResult, now: datetime) -> RecordSending:
    """The command that records how a hand-over ended."""
    error = None if result is HandoverResult.SENT else "a fault"
    return RecordSending(entry=entry, result=result, error=error, retry_after_s=None, jitter=1.0, now=now)


def _wait(world: World) -> Iterator[Move]:
    """Wait for the next time at which something falls due, whether a worker has done what is due now or not."""
    times: list[datetime | None] = [one.start_time for one in world.all(Shift)]
    times += [one.end_time for one in world.all(Shift)]
    times += [one.due_at for one in world.all(Fanout)]
    times += [one.due_at for one in _all_messages(world)]
    later = [at for at in times if at is not None and at > world.now]
    if later:
        yield Move("wait", until=min(later))


def _named(entry: Contact | Notice) -> str:
    kind = entry.kind if isinstance(entry, Notice) else Kind.OFFER
    channel = entry.channel if isinstance(entry, Contact) else Channel.SMS
    return f"{channel} {kind} {entry.shift_id} to {entry.caregiver_id}"


def _id(world: World) -> str:
    return f"notice-{world.steps}"
