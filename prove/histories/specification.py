"""What the answers in a history may be: those of the real `decide`, one request after the other.

Each request becomes the command that the service makes of it, on a `World` in which time stands still: no rule that
matters here depends on the minutes of a run, and each process may have another time. The steps of the workers are
left out unless an answer shows one: who is asked, and when, is seen in the messages. A message is a request too. It
changes nothing, and it fits a state in which the last check lets it pass.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

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
from app.domain.decisions import Refusal
from app.domain.fanout_records import OfferState
from app.domain.reading import Reading
from app.domain.records import Answer, Caregiver, Channel, Kind, Shift
from app.domain.rules.decide import decide
from app.web.problems import STATUS_OF
from prove.histories.events import Value
from prove.moves import POLICY, START, WORDS
from prove.rules import marks_after
from prove.world import World

#: Long after any run, so that no shift starts or ends during one.
_FIRST_SHIFT = datetime(2038, 3, 1, 12, tzinfo=UTC)
_NAMES = ("A", "B", "C")
#: A notice of these kinds says that its reader has the shift.
_SAYS_HELD = (Kind.CONFIRMATION, Kind.RELEASE_REQUESTED)
#: Notices that a caregiver gets once about a shift.
_ONCE = (Kind.CLOSED, Kind.CONFLICT, Kind.CLARIFICATION)


@dataclass(frozen=True)
class Group:
    """Three caregivers and two shifts that overlap by an hour. Nothing connects it with other groups."""

    name: str
    people: dict[str, Caregiver] = field(default_factory=dict)
    shifts: dict[str, Shift] = field(default_factory=dict)

    @classmethod
    def numbered(cls, number: int) -> "Group":
        """The group with that number, 0 to 99,999."""
        group = cls(f"g{number}")
        for place, letter in enumerate(_NAMES):
            id_ = f"{group.name}-{letter}"
            phone = f"+1617{2 + place}{number:06}"
            group.people[id_] = Caregiver(id=id_, name=f"Nurse {letter}", roles=(group.name,), phone=phone)
        for place in range(2):
            id_ = f"{group.name}-s{place + 1}"
            start = _FIRST_SHIFT + timedelta(hours=7 * place)
            group.shifts[id_] = Shift(
                id=id_,
                organization_id="org",
                role_required=group.name,
                start_time=start,
                end_time=start + timedelta(hours=8),
            )
        return group

    def world(self) -> World:
        """The state once its records have been put."""
        world = World.empty(START)
        commands: list[Command] = [
            *(PutCaregiver(caregiver=one, now=START) for one in self.people.values()),
            *(PutShift(shift=one, now=START) for one in self.shifts.values()),
        ]
        for command in commands:
            world = world.after(decide(world, command, POLICY).writes)
        return world


@dataclass(frozen=True)
class Request:
    """What a client asked for, or a message that reached the gateway.

    `answer` None: nobody knows the answer. `place`: its place in the history, unique.
    """

    f: str
    value: Value
    answer: Value | None
    place: int


def step_of(group: Group) -> Callable[[World, Request], World | None]:
    """The specification of that group's requests, for `prove.linearizability`."""

    def step(world: World, request: Request) -> World | None:
        if request.f == "message":
            return world if _may_be_sent(world, request.value) else None
        if request.f == "read":
            return world if request.answer in (None, _seen(world, request.value["shift"])) else None
        command = _command(group, request)
        decision = decide(world, command, POLICY)
        if request.f == "put" and request.answer is not None and not _fits(request, decision.result):
            # A shift may be put once nobody is left to ask, which the steps of a worker find.
            world = _planned(world, request.value["shift"])
            decision = decide(world, command, POLICY)
        if request.answer is not None and not _fits(request, decision.result):
            return None
        if not decision.writes:
            return world
        return world.after(decision.writes, marks_after(world, command, decision.writes))

    return step


def _planned(world: World, shift_id: str) -> World:
    """The state after workers have planned the round of the shift's fanout, in as many steps as that takes."""
    while (fanout := world.fanout(shift_id)) is not None and fanout.due_at is not None and fanout.due_at <= START:
        command = Advance(shift_id=shift_id, generation=fanout.generation, now=START)
        decision = decide(world, command, POLICY)
        if not decision.writes:
            break
        world = world.after(decision.writes)
    return world


def _command(group: Group, request: Request) -> Command:
    """The command that the service makes of a request."""
    value, shift_id, notice_id = request.value, request.value["shift"], f"notice-{request.place}"
    match request.f:
        case "start":
            return StartFanout(shift_id=shift_id, now=START)
        case "cancel":
            return CancelFanout(shift_id=shift_id, now=START)
        case "assign":
            return Assign(shift_id=shift_id, caregiver_id=value["caregiver"], notice_id=notice_id, now=START)
        case "release":
            return Release(shift_id=shift_id, notice_id=notice_id, now=START)
        case "delete":
            return DeleteShift(shift_id=shift_id, notice_id=notice_id, now=START)
        case "put":
            return PutShift(shift=group.shifts[shift_id], now=START)
        case "reply":
            return Reply(
                phone=group.people[value["caregiver"]].phone,
                reading=Reading(intent=WORDS[value["words"]]),
                channel=Channel.SMS,
                message_id=value["message_id"],
                shift_id=shift_id,
                notice_id=notice_id,
                now=START,
            )
        case _:
            raise ValueError(f"a history has no {request.f!r}")


def _fits(request: Request, result: object) -> bool:
    """Whether the answer is what the service makes of the result."""
    answer = request.answer or {}
    if isinstance(result, Answer):
        return answer == {
            "status": 200,
            "outcome": result.outcome,
            "shift_id": result.shift_id,
            "caregiver_id": result.caregiver_id,
            "replied": result.reply is not None,
        }
    if isinstance(result, Refusal):
        return bool(answer["status"] == STATUS_OF[result.code])
    status = {"start": 202 if result else 200, "put": 201 if result else 200, "delete": 204}.get(request.f, 200)
    # All but a deletion read the shift once more for their answer. It may have been deleted by then.
    return answer["status"] in (status, status if request.f == "delete" else 404)


def _seen(world: World, shift_id: str) -> Value:
    """What a read of the shift says."""
    shift, held = world.shift(shift_id), world.assignment(shift_id)
    if shift is None or shift.deleted_at is not None:
        return {"status": 404, "holder": None}
    return {"status": 200, "holder": held.caregiver_id if held else None}


def _may_be_sent(world: World, message: Value) -> bool:
    """Whether this is a state in which the last check may have let the message pass.

    `number`: which one it is of its kind, to that caregiver about that shift on that channel, from 1.
    """
    shift_id, caregiver_id, kind, number = message["shift"], message["caregiver"], message["kind"], message["number"]
    if shift_id is None:
        return True
    held = world.assignment(shift_id)
    holds = held is not None and held.caregiver_id == caregiver_id
    # Each time that somebody gets the shift, they are told once, and once more if they lose it again.
    got = world.mark(shift_id, "got by", caregiver_id)
    if kind in _SAYS_HELD:
        return holds and number <= got
    if kind == Kind.RELEASED:
        return not holds and number <= got
    if kind in _ONCE:
        return number == 1 and not (holds and kind == Kind.CLOSED)
    if kind == Kind.OFFER:
        fanout, offer = world.fanout(shift_id), world.offer(shift_id, caregiver_id)
        asked = fanout is not None and fanout.claimable and held is None and number <= fanout.generation
        return asked and (offer is None or offer.state is not OfferState.DECLINED)
    return True
