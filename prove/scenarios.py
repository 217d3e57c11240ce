"""What is asked of the service in a run: requests in batches, sent at the same time, and the faults of the provider.

The named scenarios are the races that decide who gets a shift. `random_scenario` makes up others from a seed.
"""

import random
from dataclasses import dataclass
from typing import Any

from prove.moves import PEOPLE, SHIFTS


@dataclass(frozen=True, slots=True)
class Operation:
    """One request."""

    method: str
    path: str
    body: Any = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Requests that are sent at the same time."""

    operations: tuple[Operation, ...]
    #: Seconds until the next batch. During them whatever falls due is done.
    then_wait_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Batches of requests, and what the provider does."""

    name: str
    batches: tuple[Batch, ...]
    shift_ids: tuple[str, ...] = tuple(SHIFTS)
    #: What happens to each message that is tried: "", "temporary", "permanent" or "unanswered"; then all arrive.
    faults: tuple[str, ...] = ()
    #: Seconds that the provider takes for a message.
    takes_s: float = 0.0


def start(shift_id: str) -> Operation:
    """Post a fanout."""
    return Operation("POST", f"/shifts/{shift_id}/fanout")


def cancel(shift_id: str) -> Operation:
    """Cancel a fanout."""
    return Operation("DELETE", f"/shifts/{shift_id}/fanout")


def assign(shift_id: str, caregiver_id: str) -> Operation:
    """Assign a shift by hand."""
    return Operation("POST", f"/shifts/{shift_id}/assign", {"caregiver_id": caregiver_id})


def release(shift_id: str) -> Operation:
    """Release the holder of a shift."""
    return Operation("POST", f"/shifts/{shift_id}/release")


def delete(shift_id: str) -> Operation:
    """Delete a shift."""
    return Operation("DELETE", f"/shifts/{shift_id}")


def says(caregiver_id: str, words: str, shift_id: str | None = None, message_id: str | None = None) -> Operation:
    """A caregiver's text."""
    body = {"from": PEOPLE[caregiver_id].phone, "body": words, "shift_id": shift_id, "message_id": message_id}
    return Operation("POST", "/messages/inbound", {key: value for key, value in body.items() if value is not None})


def _records() -> Batch:
    people = [
        Operation("PUT", f"/caregivers/{one.id}", {"name": one.name, "role": one.role, "phone": one.phone})
        for one in PEOPLE.values()
    ]
    shifts = [
        Operation(
            "PUT",
            f"/shifts/{one.id}",
            {
                "organization_id": one.organization_id,
                "role_required": one.role_required,
                "start_time": one.start_time.isoformat(),
                "end_time": one.end_time.isoformat(),
            },
        )
        for one in SHIFTS.values()
    ]
    return Batch((*people, *shifts))


RECORDS = _records()
_BOTH_ASKED = Batch((start("s1"), start("s2")), then_wait_s=5)


def _after_texts(name: str, *operations: Operation, **fields: Any) -> Scenario:
    """A race among these requests once both caregivers have the texts about both shifts."""
    return Scenario(name=name, batches=(_BOTH_ASKED, Batch(operations, 5)), **fields)


def _with_start(name: str, *operations: Operation, **fields: Any) -> Scenario:
    """A race among these requests and the start of the fanout."""
    return Scenario(name=name, batches=(Batch((start("s1"), *operations), 5),), **fields)


SCENARIOS = [
    _after_texts("two-yeses", says("A", "yes", "s1"), says("B", "yes", "s1")),
    _after_texts("overlapping-yeses", says("A", "yes", "s1"), says("A", "yes", "s2")),
    _after_texts("yes-and-cancel", says("A", "yes", "s1"), cancel("s1")),
    _after_texts("yes-and-assign", says("A", "yes", "s1"), assign("s1", "B"), assign("s2", "A")),
    _after_texts("yes-and-delete", says("A", "yes", "s1"), delete("s1"), says("B", "yes", "s1")),
    _after_texts("yes-twice", says("A", "yes", "s1", "m1"), says("A", "yes", "s1", "m1")),
    _after_texts("yes-and-no", says("A", "yes", "s1"), says("A", "no", "s1"), says("B", "stop")),
    _with_start("yes-beside-the-round", says("A", "yes", "s1"), says("B", "yes", "s1")),
    _with_start("stop-beside-the-round", says("A", "stop"), says("B", "no", "s1")),
    _with_start("start-twice-and-cancel", start("s1"), cancel("s1"), says("A", "yes", "s1")),
    _with_start("yes-while-sending", says("A", "yes", "s1"), takes_s=3.0),
    Scenario(
        name="yes-beside-the-calls",
        batches=(Batch((start("s1"),), 599.9), Batch((says("A", "yes", "s1"),), 0.2), Batch((release("s1"),))),
    ),
    _after_texts("released-and-asked-again", assign("s1", "A"), release("s1"), start("s1"), says("B", "yes", "s1")),
    _with_start("a-provider-with-faults", says("B", "yes", "s1"), faults=("temporary", "unanswered", "permanent")),
]


def random_scenario(seed: int) -> Scenario:
    """A scenario from a seed: three batches of one to five requests."""
    chosen = random.Random(seed)
    batches = []
    for _ in range(3):
        operations = tuple(_random_operation(chosen) for _ in range(chosen.randint(1, 5)))
        batches.append(Batch(operations, chosen.choice([0, 1, 12, 300, 601])))
    faults = tuple(chosen.choice(["", "", "", "temporary", "permanent", "unanswered"]) for _ in range(8))
    takes_s = chosen.choice([0.0, 0.0, 2.0, 30.0])
    return Scenario(name=f"random-{seed}", batches=tuple(batches), faults=faults, takes_s=takes_s)


def _random_operation(chosen: random.Random) -> Operation:
    shift_id, caregiver_id = chosen.choice(list(SHIFTS)), chosen.choice(list(PEOPLE))
    words = chosen.choices(["yes", "no", "stop", "start", "what time?"], weights=[8, 3, 1, 1, 1])[0]
    reply = says(caregiver_id, words, chosen.choice([shift_id, shift_id, None]), chosen.choice([None, None, "m1"]))
    others = [start(shift_id), cancel(shift_id), assign(shift_id, caregiver_id), release(shift_id), delete(shift_id)]
    return chosen.choices([reply, *others], weights=[8, 6, 1, 1, 1, 0.3])[0]


SCENARIOS_BY_NAME = {one.name: one for one in SCENARIOS}


def scenario_named(name: str) -> Scenario:
    """The scenario of that name. Raises KeyError if there is none."""
    if name.startswith("random-"):
        return random_scenario(int(name.removeprefix("random-")))
    return SCENARIOS_BY_NAME[name]
