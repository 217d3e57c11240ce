"""Checks a history: is there an order of its requests, one after the other, in which `decide` gives these answers?

Each group of a history is checked alone: nothing connects it with others.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.records import Kind
from prove.contradiction import contradiction
from prove.histories.events import Call, Event, Value, calls
from prove.histories.specification import Group, Request, step_of
from prove.linearizability import Operation, linearize
from prove.rules import Broken, require
from prove.world import World


@dataclass(frozen=True)
class Counts:
    """What a history that breaks no rule had."""

    requests: int
    #: Of these, without an answer.
    unknown: int
    messages: int
    faults: int
    #: Situations that the search for an order has looked at.
    looked_at: int


def check(events: Sequence[Event]) -> Counts:
    """Raise Broken if a rule is broken, or Undecided."""
    asked = list(calls(events))
    messages = _messages(events)
    looked_at = 0
    for event in events:
        require(not event.value.get("left"), f"in the end no message is left to be sent: {event.value.get('left')}")
    for number in _group_numbers(events):
        group = Group.numbered(number)
        operations = _of_group(group, number, asked, messages)
        for operation in operations:
            answer = operation.request.answer
            failed = answer is not None and answer.get("status", 200) >= 500
            require(not failed, f"no request fails: {operation.request}")
        looked_at += _check_group(group, operations)
    return Counts(
        requests=len(asked),
        unknown=sum(call.answered is None for call in asked),
        messages=len(messages),
        faults=sum(event.process == "nemesis" and "ended" not in event.value for event in events),
        looked_at=looked_at,
    )


def answers_that_contradict(events: Sequence[Event]) -> list[str]:
    """The requests whose answers contradict each other in the first group that no order explains, one per line.

    Empty if there is none, or if only what the end of a history must be is not so.
    """
    asked, messages = list(calls(events)), _messages(events)
    for number in _group_numbers(events):
        group = Group.numbered(number)
        operations = _of_group(group, number, asked, messages)
        found = contradiction(
            group.world(), operations, step_of(group), lambda request: replace(request, answer=None)
        )
        if found:
            return [_described(one.request) for one in found]
    return []


def _group_numbers(events: Sequence[Event]) -> list[int]:
    return sorted({_group_number(event.value) for event in events if event.value.get("shift")})


def _of_group(
    group: Group, number: int, asked: Sequence[Call], messages: Sequence[Operation[Request]]
) -> list[Operation[Request]]:
    """The requests of the group, and then the messages about its shifts."""
    return [
        *(_operation(call) for call in asked if _group_number(call.asked.value) == number),
        *(one for one in messages if one.request.value["shift"] in group.shifts),
    ]


def _operation(call: Call) -> Operation[Request]:
    asked = call.asked
    request = Request(asked.f, asked.value, call.answer, asked.index)
    ended = None if call.answered is None else call.answered.index
    return Operation(request, asked.index, ended, reads=asked.f == "read")


def _group_number(value: Value) -> int:
    return int(value["shift"].partition("-")[0].removeprefix("g"))


def _messages(events: Sequence[Event]) -> list[Operation[Request]]:
    """The messages that arrived, each once, as requests that took effect at some time before they arrived.

    Raises Broken if a key stands for two messages.
    """
    first: dict[str, Event] = {}
    counts: dict[tuple[str, ...], int] = {}
    found = []
    for event in events:
        if event.f != "message" or event.value["end"] == "refused":
            continue
        identity = {name: event.value[name] for name in ("to", "kind", "channel", "shift", "caregiver")}
        known = first.setdefault(event.value["key"], event)
        require(identity.items() <= known.value.items(), f"a key stands for one message: {event.value}")
        if known is event and event.value["shift"] is not None:
            about = tuple(str(one) for one in identity.values())
            counts[about] = counts.get(about, 0) + 1
            value = event.value | {"number": counts[about]}
            found.append(Operation(Request("message", value, {}, event.index), 0, event.index, reads=True))
    return found


def _check_group(group: Group, operations: list[Operation[Request]]) -> int:
    """Returns how many situations the search has looked at."""
    confirmed = {
        (one.request.value["shift"], one.request.value["caregiver"])
        for one in operations
        if one.request.f == "message" and one.request.value["kind"] == Kind.CONFIRMATION
    }

    # Somebody who is opted out when they get the shift is not told, not even if they opt in later. A person is asked.
    said_stop = {one.request.value["caregiver"] for one in operations if one.request.value.get("words") == "stop"}

    def holders_are_told(world: World) -> bool:
        for shift_id in group.shifts:
            held = world.assignment(shift_id)
            if held is None or held.caregiver_id in said_stop:
                continue
            if (shift_id, held.caregiver_id) not in confirmed:
                return False
        return True

    verdict = linearize(group.world(), operations, step_of(group), holders_are_told)
    if not verdict.explained:
        done = "\n  ".join(_described(one) for one in verdict.order[-12:])
        stuck = "\n  ".join(_described(one) for one in verdict.stuck_at)
        raise Broken(
            f"no order of the requests of {group.name} explains all answers and messages."
            f" The longest that explains some ends with\n  {done}\nand none of these fits next:\n  {stuck}"
        )
    return verdict.looked_at


def _described(request: Request) -> str:
    return f"{request.place}: {request.f} {request.value} -> {request.answer if request.answer else 'not known'}"
