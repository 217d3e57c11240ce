"""The whole service in one process under schedules that this module chooses, and each history checked by the rules.

asyncio runs the callbacks that are ready in the order in which they became ready. Here the next one is any of them:
the schedule says which, so a run can be repeated exactly. The service, its worker, its HTTP layer and the memory
store are the real ones; time is a clock that the run moves.

What the store did is then done again, one decision after the other, by `decide` and `admit` on a `World`: every
answer and every hand-over must be the same, and the rules of the proof must hold at each step.
"""

import asyncio
import random
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from app.api import create_app
from app.domain.commands import Command
from app.domain.decisions import Decision, Delivery, Message
from app.domain.messages import Contact, Notice
from app.domain.policy import Policy
from app.domain.rules.decide import admit, decide
from app.domain.state import StateReader
from app.errors import PermanentFailure, TemporaryFailure
from app.ports.clock import Clock
from app.ports.store import Admit, Leased, Step
from app.settings import Settings
from app.simulation.clock import SteppedClock
from app.simulation.phones import PhoneNetwork
from app.stores.memory.store import MemoryStore
from prove.asgi import Application, request
from prove.moves import START
from prove.rules import Broken, check_decision, check_handover, check_state, marks_after, require
from prove.scenarios import RECORDS, Operation, Scenario, scenario_named
from prove.world import World

ResultT = TypeVar("ResultT")


class Schedule:
    """Which of the callbacks that are ready runs next. This one keeps asyncio's order; others override `pick`.

    It chooses only while `active`: not while records are put, nor while results are read.
    """

    def __init__(self) -> None:
        self.active = False
        #: How many callbacks were ready at each choice.
        self.widths: list[int] = []

    def choose(self, width: int) -> int:
        """The index of the next callback among `width` that are ready, oldest first."""
        if not self.active:
            return 0
        self.widths.append(width)
        return self.pick(len(self.widths) - 1, width)

    def pick(self, number: int, width: int) -> int:
        """The index at that choice, the first of which is 0."""
        return 0


class DeviatingSchedule(Schedule):
    """asyncio's order but for a few choices."""

    def __init__(self, deviations: Mapping[int, int]) -> None:
        """`deviations`: number of the choice -> index of the callback that runs instead of the oldest."""
        super().__init__()
        self._deviations = deviations

    def pick(self, number: int, width: int) -> int:
        """See `Schedule`."""
        return min(self._deviations.get(number, 0), width - 1)


class RandomSchedule(Schedule):
    """Any order, from a seed."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._random = random.Random(seed)

    def pick(self, number: int, width: int) -> int:
        """See `Schedule`."""
        return self._random.randrange(width)


class _ReadyCallbacks(deque[Any]):
    """The event loop's queue of callbacks, which the schedule takes from."""

    def __init__(self, schedule: Schedule) -> None:
        super().__init__()
        self._schedule = schedule

    def popleft(self) -> Any:
        if len(self) > 1:
            index = self._schedule.choose(len(self))
            if index:
                chosen = self[index]
                del self[index]
                return chosen
        return super().popleft()


class ScheduledLoop(asyncio.SelectorEventLoop):
    """asyncio's own event loop with callbacks in the order of a schedule."""

    def __init__(self, schedule: Schedule) -> None:
        super().__init__()
        # asyncio has no public way to choose. Both names are as old as asyncio.
        self._ready = _ReadyCallbacks(schedule)


@dataclass(slots=True)
class Recorded:
    """One decision of the store."""

    at: datetime
    #: A command, or the message that was to be handed over.
    asked: Command | Contact | Notice
    result: object


class RecordingStore(MemoryStore):
    """The memory store, which notes every decision in the order in which it was made."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(retention_s=POLICY.retention_s)
        self._clock = clock
        self.history: list[Recorded] = []

    async def transition(self, command: Command, step: Step[ResultT]) -> ResultT:
        """See `Store`."""
        number = len(self.history)

        def noted(state: StateReader, command: Command) -> Decision[ResultT]:
            decision = step(state, command)
            self.history.append(Recorded(command.now, command, decision.result))
            return decision

        try:
            return await super().transition(command, noted)
        except Exception:
            del self.history[number:]
            raise

    async def lease(self, now: datetime, until: datetime, limit: int, admit: Admit) -> Leased:
        """See `Store`."""

        def noted(state: StateReader, entry: Contact | Notice) -> Decision[Delivery | None]:
            decision = admit(state, entry)
            self.history.append(Recorded(self._clock.now(), entry, decision.result))
            return decision

        return await super().lease(now, until, limit, noted)


#: Seconds of a run after its last request: longer than the calls and the answers to them take.
_LASTS_S = 3600
POLICY = Policy(allow_past_shifts=False, retention_s=90_000.0)


@dataclass
class History:
    """What one run did."""

    decisions: list[Recorded] = field(default_factory=list)
    #: Each request with its answer, in the order in which the answers came.
    answers: list[tuple[Operation, int, dict[str, Any]]] = field(default_factory=list)
    attempts: list[Message] = field(default_factory=list)
    sent: list[Message] = field(default_factory=list)
    #: Shift -> who holds it at the end, as the API says.
    holders: dict[str, str | None] = field(default_factory=dict)
    #: How many messages are not settled at the end, as the API says.
    unsettled: int = 0


def run(
    scenario: Scenario, schedule: Schedule, new_store: Callable[[Clock], RecordingStore] | None = None
) -> History:
    """Run the scenario under the schedule. `new_store`: a test gives a wrong one."""
    loop = ScheduledLoop(schedule)
    try:
        return loop.run_until_complete(_run(scenario, schedule, new_store or RecordingStore))
    finally:
        tasks = asyncio.all_tasks(loop)
        for task in tasks:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        loop.close()


async def _run(scenario: Scenario, schedule: Schedule, new_store: Callable[[Clock], RecordingStore]) -> History:
    clock = SteppedClock(START)
    network = PhoneNetwork(clock, behaviour=_faults(scenario), takes_s=scenario.takes_s)
    store = new_store(clock)
    settings = Settings(past_shifts=False, retention=POLICY.retention_s, log_level="CRITICAL")
    app = create_app(settings, clock=clock, notifier=network, store=store)
    history = History()
    for batch in (RECORDS, *scenario.batches):
        schedule.active = batch is not RECORDS
        await asyncio.gather(*(_ask(app, operation, history) for operation in batch.operations))
        await clock.advance(batch.then_wait_s)
    await clock.advance(_LASTS_S)
    schedule.active = False
    for shift_id in scenario.shift_ids:
        _, shift = await request(app, "GET", f"/shifts/{shift_id}")
        history.holders[shift_id] = shift.get("assigned_to")
        _, fanout = await request(app, "GET", f"/shifts/{shift_id}/fanout")
        counts = fanout.get("counts", {})
        history.unsettled += counts.get("queued", 0) + counts.get("sending", 0)
    history.decisions = store.history
    history.attempts = [message for _, message in network.attempts]
    history.sent = network.sent
    return history


def _faults(scenario: Scenario) -> Any:
    """The provider fails as the scenario says, message after message."""
    faults = iter(scenario.faults)

    def behave(_: Message) -> None:
        match next(faults, ""):
            case "temporary":
                raise TemporaryFailure("HTTP 503")
            case "permanent":
                raise PermanentFailure("HTTP 400")
            case "unanswered":
                raise OSError("connection reset")

    return behave


async def _ask(app: Application, operation: Operation, history: History) -> None:
    history.answers.append((operation, *await request(app, operation.method, operation.path, operation.body)))


def check(history: History) -> None:
    """Raise `Broken` if the history breaks a rule, or is not what the rules do one decision after the other."""
    world = World.empty(START)
    for recorded in history.decisions:
        world = world.at(recorded.at)
        asked = recorded.asked
        if isinstance(asked, Contact | Notice):
            admitted = admit(world, asked, recorded.at, POLICY)
            require(admitted.result == recorded.result, "a hand-over is as the rules decide it")
            if admitted.result is not None:
                check_handover(world, admitted.result)
            world = world.after(admitted.writes)
        else:
            decision = decide(world, asked, POLICY)
            require(decision.result == recorded.result, f"{type(asked).__name__} is answered as the rules decide")
            after = world.after(decision.writes, marks_after(world, asked, decision.writes))
            check_decision(world, asked, decision.result, decision.writes, after)
            world = after
        check_state(world)
    for operation, status, _ in history.answers:
        require(status < 500, f"no request fails: {operation}")
    _check_end(history, world)


def _check_end(history: History, world: World) -> None:
    for shift_id, holder in history.holders.items():
        held = world.assignment(shift_id)
        require((held.caregiver_id if held else None) == holder, "the API names the holder that the decisions made")
    require(history.unsettled == 0, "in the end no message is queued or under way")
    arrived = Counter(message.id for message in history.sent)
    require(all(count == 1 for count in arrived.values()), "no message arrives twice")
    admitted = Counter(
        recorded.result.message.id for recorded in history.decisions if isinstance(recorded.result, Delivery)
    )
    tried = Counter(message.id for message in history.attempts)
    require(tried <= admitted, "no message is tried without the last check")


@dataclass(frozen=True, slots=True)
class Failure:
    """A run that broke a rule. `token` repeats it: see `replay`."""

    token: str
    rule: str


def attempt(scenario: Scenario, schedule: Schedule, token: str) -> Failure | None:
    """Run the scenario and check its history. None: no rule was broken. An error has a note with the token."""
    try:
        check(run(scenario, schedule))
    except Broken as broken:
        return Failure(token, str(broken))
    except Exception as error:
        error.add_note(f"to see it again: python -m prove --replay {token}")
        raise
    return None


def few_deviations(scenario: Scenario, most: int) -> tuple[int, list[Failure]]:
    """Run asyncio's order and each schedule that differs from it at one choice, `most` of them at most.

    Returns the number of runs and the failures.
    """
    usual = Schedule()
    failures = [attempt(scenario, usual, f"{scenario.name}/")]
    singles = [(number, index) for number, width in enumerate(usual.widths) for index in range(1, width)]
    # Spread evenly if there are too many.
    chosen = singles[:: max(1, -(-len(singles) // most))]
    for number, index in chosen:
        token = f"{scenario.name}/{number}:{index}"
        failures.append(attempt(scenario, DeviatingSchedule({number: index}), token))
    return len(failures), [failure for failure in failures if failure is not None]


def random_runs(seeds: Iterable[int]) -> tuple[int, list[Failure]]:
    """Run one scenario for each seed, made up from it, in an order from it. Returns the same as `few_deviations`."""
    failures = [
        attempt(scenario_named(f"random-{seed}"), RandomSchedule(seed), f"random-{seed}@{seed}") for seed in seeds
    ]
    return len(failures), [failure for failure in failures if failure is not None]


def replay(token: str) -> Failure | None:
    """Repeat the run that a failure names. Raises KeyError or ValueError for a token that no failure has."""
    name, separator, order = token.partition("@")
    if separator:
        return attempt(scenario_named(name), RandomSchedule(int(order)), token)
    name, _, order = token.partition("/")
    pairs = (pair.split(":") for pair in order.split(",") if pair)
    deviations = {int(number): int(index) for number, index in pairs}
    return attempt(scenario_named(name), DeviatingSchedule(deviations), token)
