"""The parts of the proof, as lines that say what was tried."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from itertools import repeat
from multiprocessing import get_context
from typing import Any, TypeVar

from prove import mutants, schedules
from prove.mutant_table import MUTANTS
from prove.scenarios import SCENARIOS
from prove.states import SEARCHES, Counterexample, Search, explore

ResultT = TypeVar("ResultT")

#: What a part says, and whether all is as it should be.
Line = tuple[str, bool]

#: Seeds that a process takes at a time.
_SEEDS_AT_ONCE = 20
#: Failures of one kind that are printed.
_SHOWN = 5


def _mapped(workers: int, work: Callable[..., ResultT], *arguments: Iterable[Any]) -> Iterator[ResultT]:
    """The results of `work` in order, from that many processes; in this process if it is one."""
    if workers == 1:
        yield from map(work, *arguments)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(work, *arguments)


def _search(search: Search, depth: int) -> Line:
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


def _states(*, sample: bool, workers: int) -> Iterator[Line]:
    depths = [one.depth_of_sample if sample else one.depth for one in SEARCHES]
    yield from _mapped(workers, _search, SEARCHES, depths)


def _schedules(*, sample: bool, workers: int) -> Iterator[Line]:
    most = 4 if sample else 10_000
    seeds = [range(first, first + _SEEDS_AT_ONCE) for first in range(0, 20 if sample else 2_000, _SEEDS_AT_ONCE)]
    began_at = time.perf_counter()
    few = list(_mapped(workers, schedules.few_deviations, SCENARIOS, repeat(most)))
    yield from _schedule_lines(f"one deviation, {len(SCENARIOS)} races", few, time.perf_counter() - began_at)
    began_at = time.perf_counter()
    any_order = list(_mapped(workers, schedules.random_runs, seeds))
    yield from _schedule_lines("random requests in random order", any_order, time.perf_counter() - began_at)


def _schedule_lines(
    name: str, results: Sequence[tuple[int, list[schedules.Failure]]], seconds: float
) -> Iterator[Line]:
    failures = [failure for _, found in results for failure in found]
    yield f"{name}: {sum(runs for runs, _ in results):,} runs, {len(failures)} broken, {seconds:.0f} s", not failures
    for failure in failures[:_SHOWN]:
        yield f"BROKEN: {failure.rule}; to see it again: python -m prove --replay {failure.token}", False


def _mutants(*, sample: bool, workers: int) -> Iterator[Line]:
    """Each mutant with the layers that kill it. The sample tries none: each takes several seconds."""
    if sample:
        return
    with ThreadPoolExecutor(workers) as pool:
        unchanged = pool.submit(mutants.passing_layers)
        for verdict in pool.map(mutants.try_mutant, MUTANTS):
            killers = [layer for layer, kills in verdict.killed_by.items() if kills]
            yield (
                f"{verdict.mutant.name}: {'killed by ' + ', '.join(killers) if killers else 'SURVIVES'}",
                bool(killers),
            )
        for layer, passes in unchanged.result().items():
            yield f"the unchanged tree {'passes' if passes else 'FAILS'} {layer}", passes


#: Each part yields lines, each with whether it is as it should be.
PARTS: dict[str, Callable[..., Iterator[Line]]] = {
    "states": _states,
    "schedules": _schedules,
    "mutants": _mutants,
}
