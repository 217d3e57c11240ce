"""Every sequence of moves in a small world, on the rules of the service: breadth first, each state once.

Two caregivers, two shifts that overlap. A state that was seen before is not continued a second time, whatever way led
to it, so the count of states is much smaller than the count of sequences. The counts are the same in every run.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass, field

from app.domain.commands import Command, HandoverResult, PutCaregiver, PutOrganization, PutShift
from app.domain.decisions import Decision
from app.domain.policy import Policy
from app.domain.rules.decide import Result, admit, decide
from app.domain.state import StateReader
from prove.moves import (
    ORGANIZATION,
    PEOPLE,
    POLICY,
    SHIFTS,
    START,
    Alphabet,
    Move,
    at_night,
    everything,
    filling,
    result_of,
    sending,
    telling,
)
from prove.rules import Broken, check_decision, check_handover, check_state, marks_after
from prove.world import World


@dataclass(frozen=True, slots=True)
class Search:
    """One search: where it begins, what may happen, and how many moves deep it goes."""

    name: str
    alphabet: Alphabet
    _: KW_ONLY
    #: The labels of the moves that lead to its first state: moves of `telling` if that is the alphabet, else of
    #: `at_night`.
    begin: tuple[str, ...] = ()
    depth: int
    #: For the tests, which have only seconds.
    depth_of_sample: int


_ASKED = (
    "start s1", "advance s1", "send sms offer s1 to A", "send sms offer s1 to B",
    "start s2", "advance s2", "send sms offer s2 to A", "send sms offer s2 to B",
)  # fmt: skip
_TEXTS_WAIT = ("start s1", "advance s1", "start s2", "advance s2")
_AGAIN = (
    "assign s1 to A", "hand over sms confirmation s1 to A", "unanswered sms confirmation s1 to A",
    "release s1", "hand over sms released s1 to A", "sent sms released s1 to A", "assign s1 to A",
)  # fmt: skip
#: The label of the move that sets quiet hours, in which the time of the first state lies.
NIGHT = "put org with quiet hours and rest"
_HELD = (NIGHT, *_TEXTS_WAIT)
_FORGOTTEN = ("start s1", "cancel s1", "advance s1", "wait", "wait", "advance s1")
_ENDED = (*_ASKED, "wait", "wait", "wait", "wait")
_CALLED = (*_ASKED, "wait", "advance s1", "advance s1", "advance s2", "advance s2")

#: Those that take longest come first, so that processes that share them end at about the same time.
SEARCHES = [
    Search("filling, once both are asked", filling, begin=_ASKED, depth=5, depth_of_sample=2),
    Search("all commands, once both are asked", everything, begin=_ASKED, depth=3, depth_of_sample=1),
    Search(
        "filling, once A was released", filling, begin=("assign s1 to A", "release s1"), depth=5, depth_of_sample=3
    ),
    Search("telling, once A has s1 again", telling, begin=_AGAIN, depth=5, depth_of_sample=4),
    Search("telling, from the start", telling, depth=6, depth_of_sample=4),
    Search("filling, from the start", filling, depth=5, depth_of_sample=3),
    Search("filling, once both texts wait", filling, begin=_TEXTS_WAIT, depth=4, depth_of_sample=2),
    Search("filling, once the calls are due", filling, begin=_CALLED, depth=4, depth_of_sample=1),
    Search("at night, once both texts are held", at_night, begin=_HELD, depth=4, depth_of_sample=2),
    Search("sending, once texts wait", sending, begin=("start s1", "advance s1"), depth=6, depth_of_sample=5),
    Search("sending, once calls wait", sending, begin=_CALLED, depth=4, depth_of_sample=1),
    Search("all commands, from the start", everything, depth=3, depth_of_sample=2),
    Search("at night, from the start", at_night, begin=(NIGHT,), depth=4, depth_of_sample=3),
    Search("filling, once s1 has ended", filling, begin=_ENDED, depth=4, depth_of_sample=1),
    Search("filling, once a fanout was forgotten", filling, begin=_FORGOTTEN, depth=4, depth_of_sample=2),
    Search("all commands, once both texts are held", everything, begin=_HELD, depth=2, depth_of_sample=1),
    Search("all commands, once the calls are due", everything, begin=_CALLED, depth=2, depth_of_sample=1),
]


#: As `decide`: a test gives a wrong one.
Decide = Callable[[StateReader, Command, Policy], Decision[Result]]


@dataclass(slots=True)
class Found:
    """What a search has seen."""

    states: int = 0
    transitions: int = 0
    depth: int = 0
    #: How often each result of a command or hand-over occurred: a search that never sees a claim shows nothing.
    outcomes: Counter[str] = field(default_factory=Counter)


class Counterexample(Exception):
    """A rule does not hold. `way`: the labels of the moves that lead there, the last one breaks it."""

    def __init__(self, rule: str, way: Sequence[str]) -> None:
        self.rule = rule
        self.way = tuple(way)
        super().__init__(f"{rule}; after: {' / '.join(way)}")


def first_world() -> World:
    """The organization, the caregivers and the shifts. Nothing has happened yet."""
    world = World.empty(START)
    commands: list[Command] = [
        PutOrganization(organization=ORGANIZATION, now=START),
        *(PutCaregiver(caregiver=one, now=START) for one in PEOPLE.values()),
        *(PutShift(shift=one, now=START) for one in SHIFTS.values()),
    ]
    for command in commands:
        world = world.after(decide(world, command, POLICY).writes)
    return world


def step(world: World, move: Move, outcomes: Counter[str], decide: Decide = decide) -> World:
    """The state after the move, by the rules of the service. Raises `Broken` if a rule of the proof does not hold.

    `outcomes`: the result is counted there.
    """
    if move.until is not None:
        world = world.at(move.until)
    if move.command is not None:
        return _decided(world, move.command, outcomes, decide)
    if move.entry is None:
        if move.until is None:
            raise ValueError(f"nothing happens: {move}")
        return world
    decision = admit(world, move.entry, world.now, POLICY)
    after = world.after(decision.writes)
    outcomes["handed over" if decision.result else "held or skipped"] += 1
    if decision.result is not None:
        check_handover(world, decision.result)
        if move.accepted:
            sent = result_of(decision.result.entry, HandoverResult.SENT, world.now)
            after = _decided(after, sent, outcomes, decide)
    return after


def _decided(world: World, command: Command, outcomes: Counter[str], decide: Decide) -> World:
    decision = decide(world, command, POLICY)
    after = world.after(decision.writes, marks_after(world, command, decision.writes))
    result = decision.result
    outcomes[f"{type(command).__name__} {getattr(result, 'outcome', getattr(result, 'code', bool(result)))}"] += 1
    check_decision(world, command, result, decision.writes, after)
    return after


def walk(labels: Sequence[str], alphabet: Alphabet = at_night) -> World:
    """The state after the moves with these labels. Raises `Counterexample` if one of them breaks a rule."""
    world = first_world()
    for number, label in enumerate(labels, start=1):
        move = next(one for one in alphabet(world) if one.label == label)
        try:
            world = step(world, move, Counter())
            check_state(world)
        except Broken as broken:
            raise Counterexample(str(broken), labels[:number]) from broken
    return world


def explore(search: Search, depth: int, decide: Decide = decide) -> Found:
    """Search all states that at most `depth` moves lead to. Raises `Counterexample`: the shortest way to a fault.

    An error that a move raises has a note with the way to it.
    """
    world = walk(search.begin, telling if search.alphabet is telling else at_night)
    found = Found(states=1)
    seen = {world.identity}
    #: Each state of the last level with the way that led to it.
    level: list[tuple[World, tuple[str, ...]]] = [(world, ())]
    while level and found.depth < depth:
        found.depth += 1
        following: list[tuple[World, tuple[str, ...]]] = []
        for world, way in level:
            for move in search.alphabet(world):
                found.transitions += 1
                try:
                    after = step(world, move, found.outcomes, decide)
                    identity = after.identity
                    if identity in seen:
                        continue
                    check_state(after)
                except Broken as broken:
                    raise Counterexample(str(broken), (*search.begin, *way, move.label)) from broken
                except Exception as error:
                    error.add_note(f"{search.name}; after: {' / '.join((*search.begin, *way, move.label))}")
                    raise
                seen.add(identity)
                if found.depth < depth:
                    following.append((after, (*way, move.label)))
        level = following
    found.states = len(seen)
    return found
