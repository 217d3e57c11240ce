"""Finds a small part of a history that no order explains, so that a reader sees what contradicts what.

It leaves out only what cannot have made the rest explainable: a read, the end of the history, or an answer. An
operation without its answer may have taken effect at any time or never. So what is left is a contradiction by itself.
It knows nothing of shifts.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from prove.linearizability import Operation, RequestT, Specification, StateT, Undecided, linearize

#: Situations that a search may look at. An answer stays if the search without it takes longer.
_MOST = 1_000


def contradiction(
    start: StateT,
    operations: Sequence[Operation[RequestT]],
    step: Specification[StateT, RequestT],
    unanswered: Callable[[RequestT], RequestT],
    *,
    most: int = _MOST,
) -> list[Operation[RequestT]]:
    """The operations whose answers contradict each other, in the order in which they began.

    `unanswered` takes the answer out of a request. Whatever became of the other operations, no order explains these
    answers. Empty if there is an order, or if the search for one takes more than `most` situations.
    """

    def weakened(one: Operation[RequestT]) -> list[Operation[RequestT]]:
        return [] if one.reads else [replace(one, request=unanswered(one.request), ended=None)]

    def until(end: int) -> list[Operation[RequestT]]:
        """What is known at that place: what began before, with the answers that came until then."""
        begun = [one for one in operations if one.invoked < end]
        return [kept for one in begun for kept in ([one] if _answered(one, end) else weakened(one))]

    def contradicts(some: Sequence[Operation[RequestT]]) -> bool:
        try:
            return not linearize(start, some, step, most=most).explained
        except Undecided:
            return False

    left = _shortest(sorted(one.ended for one in operations if one.ended is not None), until, contradicts)
    # First many at a time, then fewer.
    size = len(left)
    while size:
        answered = [one for one in left if one.ended is not None]
        for chosen in (answered[first : first + size] for first in range(0, len(answered), size)):
            weaker = [kept for one in left for kept in (weakened(one) if one in chosen else [one])]
            if contradicts(weaker):
                left = weaker
        size //= 2
    return sorted((one for one in left if one.ended is not None), key=lambda operation: operation.invoked)


def _answered(one: Operation[RequestT], end: int) -> bool:
    return one.ended is not None and one.ended <= end


def _shortest(
    ends: Sequence[int],
    until: Callable[[int], list[Operation[RequestT]]],
    contradicts: Callable[[Sequence[Operation[RequestT]]], bool],
) -> list[Operation[RequestT]]:
    """The shortest beginning that contradicts itself; empty if there is none. Then so does every longer one."""
    low, high = 0, len(ends)
    while low < high:
        middle = (low + high) // 2
        if contradicts(until(ends[middle])):
            high = middle
        else:
            low = middle + 1
    return until(ends[low]) if low < len(ends) else []
