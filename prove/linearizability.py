"""Decides whether a history of operations that overlap in time is one that they could have made one after the other.

The algorithm of Wing and Gong, with Lowe's memory of what was tried: it takes the operations in an order that does
not contradict their times, and goes back if an answer does not fit. It knows nothing of shifts: a `Specification`
says which answers fit.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Generic, Protocol, TypeVar


class State(Protocol):
    """A state of what is specified. It never changes."""

    @property
    def identity(self) -> bytes:
        """Equal for two states that no later answer can tell apart."""


StateT = TypeVar("StateT", bound=State)
RequestT = TypeVar("RequestT")

#: The state after the request was carried out in a state, or None if its answer does not fit that state.
Specification = Callable[[StateT, RequestT], StateT | None]


@dataclass(frozen=True, slots=True)
class Operation(Generic[RequestT]):
    """One operation. It took effect at one moment between `invoked` and `ended`, two places in the history.

    `ended` None: nobody knows how it ended, so it took effect at some moment after `invoked`, or never.
    """

    request: RequestT
    invoked: int
    ended: int | None
    #: It changes nothing in any state.
    reads: bool = False


@dataclass(slots=True)
class Verdict(Generic[StateT, RequestT]):
    """What the search has found."""

    explained: bool
    #: An order of requests that explains all answers. If there is none: the one that explains them for longest.
    order: list[RequestT]
    #: The state after that order.
    state: StateT
    #: Those of which one would have to come next, and none fits.
    stuck_at: list[RequestT]
    #: How many different situations were looked at.
    looked_at: int


class Undecided(Exception):
    """The search has looked at as many situations as it may, and has found no order."""


@dataclass(slots=True)
class _Situation(Generic[StateT]):
    """Some operations are done, and led to a state."""

    #: A bit for each operation that is done.
    done: int
    state: StateT
    #: The operations that this situation adds to the one before, in order.
    added: list[int] = field(default_factory=list)
    #: What has not been tried from here.
    choices: "Iterator[_Situation[StateT]]" = field(default_factory=lambda: iter(()))


def linearize(
    start: StateT,
    operations: Sequence[Operation[RequestT]],
    step: Specification[StateT, RequestT],
    accepts: Callable[[StateT], bool] = lambda _: True,
    *,
    most: int = 300_000,
) -> Verdict[StateT, RequestT]:
    """Look for an order that explains all answers and ends in a state that `accepts`.

    Raises Undecided after `most` situations.
    """
    search = _Search(operations, step)
    path = [search.settled(_Situation(0, start))]
    seen = {search.identity(path[0])}
    best: list[int] = []
    reached, stuck = -1.0, path[0]
    while path:
        here = path[-1]
        order = [number for situation in path for number in situation.added]
        explained = search.complete(here) and accepts(here.state)
        if explained or search.explained_until(here) > reached:
            best, reached, stuck = order, search.explained_until(here), here
        if explained:
            break
        following = next((one for one in here.choices if search.identity(one) not in seen), None)
        if following is None:
            path.pop()
            continue
        seen.add(search.identity(following))
        if len(seen) > most:
            raise Undecided(f"no order among {most:,} situations")
        path.append(following)
    return Verdict(
        explained=bool(path),
        order=[operations[number].request for number in best],
        state=stuck.state,
        stuck_at=[operations[number].request for number in search.candidates(stuck.done)],
        looked_at=len(seen),
    )


class _Search(Generic[StateT, RequestT]):
    """The operations of a history, and what may come next after some of them."""

    def __init__(self, operations: Sequence[Operation[RequestT]], step: Specification[StateT, RequestT]) -> None:
        self._operations = operations
        self._step = step
        self._by_start = sorted(range(len(operations)), key=lambda number: operations[number].invoked)
        self._required = sum(1 << number for number, one in enumerate(operations) if one.ended is not None)

    def complete(self, situation: _Situation[StateT]) -> bool:
        """Whether every operation that has an answer is done."""
        return not self._required & ~situation.done

    def explained_until(self, situation: _Situation[StateT]) -> float:
        """The place in the history of the first answer that is not explained yet."""
        ends = (one.ended for number, one in enumerate(self._operations) if not situation.done >> number & 1)
        return min((end for end in ends if end is not None), default=inf)

    def identity(self, situation: _Situation[StateT]) -> tuple[int, bytes]:
        """Equal for two situations from which the same orders lead on."""
        return situation.done, situation.state.identity

    def candidates(self, done: int) -> list[int]:
        """The operations that began before the first of those that are left has ended. Without an answer: last."""
        found: list[int] = []
        first_end: float = inf
        for number in self._by_start:
            if done >> number & 1:
                continue
            one = self._operations[number]
            if one.invoked > first_end:
                break
            found.append(number)
            first_end = min(first_end, inf if one.ended is None else one.ended)
        return sorted(found, key=lambda number: self._operations[number].ended is None)

    def settled(self, situation: _Situation[StateT]) -> _Situation[StateT]:
        """Carry out each read as soon as its answer fits: that contradicts no order of the others."""
        done, state, added = situation.done, situation.state, list(situation.added)
        more = True
        while more:
            more = False
            for number in self.candidates(done):
                one = self._operations[number]
                if one.reads and self._step(state, one.request) is not None:
                    done |= 1 << number
                    added.append(number)
                    more = True
        return _Situation(done, state, added, self._next(done, state))

    def _next(self, done: int, state: StateT) -> Iterator[_Situation[StateT]]:
        for number in self.candidates(done):
            one = self._operations[number]
            after = None if one.reads else self._step(state, one.request)
            if after is not None:
                yield self.settled(_Situation(done | 1 << number, after, [number]))
