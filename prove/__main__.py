"""The command line of the proof: `python -m prove` runs all parts, and `python -m prove PART` one of them.

Prints one line for each search. Ends with 1 if a rule is broken, and says how to see it again.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from multiprocessing import get_context

from prove import schedules
from prove.scenarios import SCENARIOS
from prove.states import SEARCHES, Counterexample, Search, explore

#: Seeds that a process takes at a time.
_SEEDS_AT_ONCE = 20
#: Failures of one kind that are printed.
_SHOWN = 5


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the parts that the arguments name, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m prove", description=__doc__)
    parser.add_argument("part", nargs="?", choices=sorted(PARTS), help="only this part; without it, all of them")
    parser.add_argument("--sample", action="store_true", help="only as much as fits into a few seconds")
    parser.add_argument("--replay", metavar="TOKEN", help="repeat the schedule that a failure has named")
    parser.add_argument("--workers", type=int, default=2, metavar="N", help="processes at once (2)")
    chosen = parser.parse_args(arguments)
    if chosen.replay is not None:
        failure = schedules.replay(chosen.replay)
        print(failure.rule if failure else "no rule is broken")
        return int(failure is not None)
    failed = False
    for name, part in PARTS.items():
        if chosen.part in (None, name):
            for line, ok in part(sample=chosen.sample, workers=chosen.workers):
                print(f"{name:10} {line}", flush=True)
                failed |= not ok
    return int(failed)


def _search(search: Search, depth: int) -> tuple[str, bool]:
    began_at = time.perf_counter()
    try:
        found = explore(search, depth)
    except Counterexample as example:
        return f"{search.name}: BROKEN: {example}", False
    seconds = time.perf_counter() - began_at
    return (
        f"{search.name}: depth {found.depth}, {found.states:,} states, {found.transitions:,} transitions, "
        f"{len(found.outcomes)} kinds of result, {seconds:.0f} s",
        True,
    )


def _states(*, sample: bool, workers: int) -> Iterator[tuple[str, bool]]:
    depths = [one.depth_of_sample if sample else one.depth for one in SEARCHES]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(_search, SEARCHES, depths)


def _schedules(*, sample: bool, workers: int) -> Iterator[tuple[str, bool]]:
    most = 4 if sample else 10_000
    seeds = [range(first, first + _SEEDS_AT_ONCE) for first in range(0, 20 if sample else 2_000, _SEEDS_AT_ONCE)]
    began_at = time.perf_counter()
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        few = list(pool.map(schedules.few_deviations, SCENARIOS, repeat(most)))
        yield from _schedule_lines(f"one deviation, {len(SCENARIOS)} races", few, time.perf_counter() - began_at)
        began_at = time.perf_counter()
        any_order = list(pool.map(schedules.random_runs, seeds))
        yield from _schedule_lines("random requests in random order", any_order, time.perf_counter() - began_at)


def _schedule_lines(
    name: str, results: Sequence[tuple[int, list[schedules.Failure]]], seconds: float
) -> Iterator[tuple[str, bool]]:
    failures = [failure for _, found in results for failure in found]
    yield f"{name}: {sum(runs for runs, _ in results):,} runs, {len(failures)} broken, {seconds:.0f} s", not failures
    for failure in failures[:_SHOWN]:
        yield f"BROKEN: {failure.rule}; to see it again: python -m prove --replay {failure.token}", False


#: Each part yields lines, each with whether it is as it should be.
PARTS: dict[str, Callable[..., Iterator[tuple[str, bool]]]] = {
    "states": _states,
    "schedules": _schedules,
}

if __name__ == "__main__":
    sys.exit(main())
