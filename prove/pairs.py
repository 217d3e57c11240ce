"""Pairs of commands about one shift, which the trials on PostgreSQL carry out together or one after the other."""

from collections.abc import Callable
from datetime import timedelta

from app.domain.commands import (
    Advance,
    Assign,
    CancelFanout,
    Command,
    DeleteShift,
    PutCaregiver,
    PutShift,
    Release,
    Reply,
    StartFanout,
)
from app.domain.reading import Intent, Reading
from app.domain.records import Caregiver, Channel, Shift
from prove.moves import START

#: The commands of a pair, by name; all are about the same shift.
NAMES = ("claim A", "claim B", "decline A", "assign B", "release", "cancel", "start", "advance", "delete")
#: What was done before the pair.
SITUATIONS = ("asked", "held")
#: These, and those in which nobody has been asked yet, or nobody is asked any more. Each command changes something in
#: one of them.
ALL_SITUATIONS = (*SITUATIONS, "started", "cancelled")


def commands_of(first: str, second: str, situation: str, key: str) -> tuple[list[Command], Command, Command]:
    """The commands before the pair, and the two of it. `key`: a number, which keeps the records of pairs apart."""
    digits = f"{abs(int(key)):06}"
    people = [
        Caregiver(id=f"{who}{key}", name=who, roles=(f"role {key}",), phone=f"+1617{number}{digits}")
        for who, number in (("A", 5), ("B", 6))
    ]
    shift = Shift(
        id=f"s{key}",
        organization_id="org",
        role_required=f"role {key}",
        start_time=START + timedelta(hours=20),
        end_time=START + timedelta(hours=28),
    )
    before: list[Command] = [
        *(PutCaregiver(caregiver=one, now=START) for one in people),
        PutShift(shift=shift, now=START),
        StartFanout(shift_id=shift.id, now=START),
    ]
    if situation != "started":
        before.append(Advance(shift_id=shift.id, generation=1, now=START))
    if situation == "cancelled":
        before.append(CancelFanout(shift_id=shift.id, now=START))
    if situation == "held":
        before.append(Assign(shift_id=shift.id, caregiver_id=people[0].id, notice_id=f"n{key}-0", now=START))

    def command(name: str, number: int) -> Command:
        notice_id, about, now = f"n{key}-{number}", shift.id, START
        verb, _, who = name.partition(" ")
        person = people[who == "B"]
        made: dict[str, Callable[[], Command]] = {
            "claim": lambda: _reply(person, Intent.ACCEPT, about, notice_id),
            "decline": lambda: _reply(person, Intent.DECLINE, about, notice_id),
            "assign": lambda: Assign(shift_id=about, caregiver_id=person.id, notice_id=notice_id, now=now),
            "release": lambda: Release(shift_id=about, notice_id=notice_id, now=now),
            "cancel": lambda: CancelFanout(shift_id=about, now=now),
            "start": lambda: StartFanout(shift_id=about, now=now),
            "advance": lambda: Advance(shift_id=about, generation=1, now=now),
            "delete": lambda: DeleteShift(shift_id=about, notice_id=notice_id, now=now),
        }
        return made[verb]()

    return before, command(first, 1), command(second, 2)


def _reply(person: Caregiver, intent: Intent, shift_id: str, notice_id: str) -> Reply:
    return Reply(
        phone=person.phone,
        reading=Reading(intent=intent),
        channel=Channel.SMS,
        message_id=None,
        shift_id=shift_id,
        notice_id=notice_id,
        now=START,
    )
