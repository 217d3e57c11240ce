"""The search for an order, on a register that is read and written."""

import itertools
import random
from dataclasses import dataclass, replace

import pytest

from prove.contradiction import contradiction
from prove.linearizability import Operation, Undecided, linearize


@dataclass(frozen=True)
class Register:
    """A number."""

    value: int = 0

    @property
    def identity(self) -> bytes:
        """See `State`."""
        return str(self.value).encode()


@dataclass(frozen=True)
class Request:
    """A read that saw `value`, a write of it, or a swap that wrote `value` and saw `before`."""

    f: str
    value: int
    before: int | None = None


def step(register: Register, request: Request) -> Register | None:
    """The specification of a register."""
    if request.f == "read":
        return register if register.value == request.value else None
    if request.before not in (None, register.value):
        return None
    return Register(request.value)


def write(value: int, invoked: int, ended: int | None, before: int | None = None) -> Operation[Request]:
    """A write; with `before`, a swap."""
    return Operation(Request("write", value, before), invoked, ended)


def read(value: int, invoked: int, ended: int | None) -> Operation[Request]:
    """A read."""
    return Operation(Request("read", value), invoked, ended, reads=True)


@pytest.mark.parametrize(
    ("operations", "explained"),
    [
        ([write(1, 0, 1), read(1, 2, 3)], True),
        ([write(1, 0, 1), read(0, 2, 3)], False),
        # While a write is under way, a read may see the old or the new value, but not the new and then the old.
        ([write(1, 0, 9), read(0, 1, 2), read(1, 3, 4)], True),
        ([write(1, 0, 9), read(1, 1, 2), read(0, 3, 4)], False),
        # Two swaps at once: one of them is the first.
        ([write(1, 0, 9, before=0), write(2, 1, 8, before=1)], True),
        ([write(1, 0, 9, before=0), write(2, 1, 8, before=0)], False),
        # An unknown write may have happened, at any later time, or not at all.
        ([write(1, 0, None), read(0, 1, 2), read(1, 3, 4)], True),
        ([write(1, 0, None), read(0, 1, 2)], True),
        ([read(1, 0, 1), write(1, 2, None)], False),
        # A write that changes nothing must not be taken before its turn.
        ([write(0, 0, 9), write(1, 1, 2), read(0, 3, 4)], True),
    ],
)
def test_a_history_is_explained_or_not(operations: list[Operation[Request]], explained: bool) -> None:
    """By hand."""
    assert linearize(Register(), operations, step).explained is explained


def every_order(operations: list[Operation[Request]]) -> bool:
    """Whether any order of any choice of the unknown ones explains the history, tried one by one."""
    known = [one for one in operations if one.ended is not None]
    unknown = [one for one in operations if one.ended is None]
    for count in range(len(unknown) + 1):
        for chosen in itertools.combinations(unknown, count):
            for order in itertools.permutations([*known, *chosen]):
                register: Register | None = Register()
                for place, one in enumerate(order):
                    if any(later.ended is not None and later.ended < one.invoked for later in order[place:]):
                        register = None
                    register = register and step(register, one.request)
                if register is not None:
                    return True
    return False


@pytest.mark.parametrize("seed", range(60))
def test_the_search_agrees_with_trying_every_order(seed: int) -> None:
    """On random histories of up to five operations."""
    chosen = random.Random(seed)
    operations = []
    for _ in range(chosen.randint(2, 5)):
        invoked = chosen.randint(0, 10)
        ended = chosen.choice([None, *[invoked + 1 + chosen.randint(0, 8)] * 3])
        value = chosen.randint(0, 2)
        if chosen.random() < 0.4:
            operations.append(read(value, invoked, ended))
        else:
            operations.append(write(value, invoked, ended, before=chosen.choice([None, 0, 1])))
    assert linearize(Register(), operations, step).explained is every_order(operations)


def test_what_cannot_come_next_is_named() -> None:
    """So that a reader sees where a history breaks."""
    verdict = linearize(Register(), [write(1, 0, 1), read(1, 2, 3), read(2, 4, 5)], step)
    assert verdict.order == [Request("write", 1), Request("read", 1)]
    assert verdict.stuck_at == [Request("read", 2)]


def test_a_state_may_have_to_be_accepted() -> None:
    """An unknown write is used if only the state after it is accepted."""
    operations = [write(1, 0, None)]
    assert linearize(Register(), operations, step).order == []
    verdict = linearize(Register(), operations, step, lambda register: register.value == 1)
    assert verdict.order == [Request("write", 1)]


def test_a_search_that_takes_too_long_says_so() -> None:
    """Nothing is known then."""
    operations = [write(number, 0, 9) for number in range(9)] + [read(99, 10, 11)]
    with pytest.raises(Undecided, match="no order among 50 situations"):
        linearize(Register(), operations, step, most=50)


def unanswered(request: Request) -> Request:
    """The request of which nobody knows what it saw."""
    return replace(request, before=None)


def test_a_contradiction_is_found_without_the_rest() -> None:
    """Neither what came later nor what has nothing to do with it is in it.

    The first write is: without its answer it may have come after the other one.
    """
    first, second, found = write(1, 0, 1, before=0), write(3, 6, 7, before=2), read(1, 8, 9)
    history = [read(0, -2, -1), first, write(2, 4, None), second, found, write(4, 10, 11)]
    assert contradiction(Register(), history, step, unanswered) == [first, second, found]


def test_what_an_order_explains_has_no_contradiction() -> None:
    """Nor is one claimed if the search would take too long."""
    assert contradiction(Register(), [write(1, 0, 1), read(1, 2, 3)], step, unanswered) == []
    operations = [write(number, 0, 9) for number in range(9)] + [read(99, 10, 11)]
    assert contradiction(Register(), operations, step, unanswered, most=50) == []
