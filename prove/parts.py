"""The parts of the proof, as lines that say what was tried."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from prove import lost_commits, merges, mutants, pairs, schedules
from prove.histories.check import check
from prove.histories.events import write
from prove.histories.run import Plan, make_history
from prove.linearizability import Undecided
from prove.mutant_table import HISTORIES, MUTANTS, Mutant
from prove.rules import Broken
from prove.scenarios import SCENARIOS
from prove.states import SEARCHES, Counterexample, Search, explore
from tools.postgres import binaries, running

ResultT = TypeVar("ResultT")

#: What a part says, and whether all is as it should be.
Line = tuple[str, bool]

#: Seeds that a process takes at a time.
_SEEDS_AT_ONCE = 20
#: Histories that are made unless somebody asks for more.
DEFAULT_COUNT = 6
#: Failures of one kind that are printed.
_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the command line asks for; see its help."""

    sample: bool = False
    #: Whether a part may end at the first rule that is broken.
    first: bool = False
    workers: int = 2
    #: How many histories are made.
    count: int = DEFAULT_COUNT


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


def _states(options: Options) -> Iterator[Line]:
    depths = [one.depth_of_sample if options.sample else one.depth for one in SEARCHES]
    yield from _mapped(options.workers, _search, SEARCHES, depths)


def _schedules(options: Options) -> Iterator[Line]:
    most = 4 if options.sample else 200
    seeds = [range(one, one + _SEEDS_AT_ONCE) for one in range(0, 20 if options.sample else 2_000, _SEEDS_AT_ONCE)]
    few = _mapped(options.workers, schedules.few_deviations, SCENARIOS, repeat(most))
    yield from schedule_lines(f"one deviation, {len(SCENARIOS)} races", few, first=options.first)
    any_order = _mapped(options.workers, schedules.random_runs, seeds)
    yield from schedule_lines("random requests in random order", any_order, first=options.first)


def schedule_lines(
    name: str, results: Iterable[tuple[int, list[schedules.Failure]]], *, first: bool
) -> Iterator[Line]:
    """The lines about these results of `prove.schedules`. `first`: none after a failure is waited for."""
    began_at = time.perf_counter()
    runs, failures = 0, list[schedules.Failure]()
    for more, found in results:
        runs += more
        failures += found
        if first and failures:
            break
    yield f"{name}: {runs:,} runs, {len(failures)} broken, {time.perf_counter() - began_at:.0f} s", not failures
    for failure in failures[:_SHOWN]:
        yield f"BROKEN: {failure.rule}; to see it again: python -m prove --replay {failure.token}", False


def _merges(options: Options) -> Iterator[Line]:
    """Pairs of commands on PostgreSQL: merged, with the first killed, and with the answer to its COMMIT lost."""
    found = binaries()
    if found is None:
        yield "no PostgreSQL for this system: nothing was tried", True
        return
    firsts, seconds = (("claim A",), ("claim B", "cancel")) if options.sample else (pairs.NAMES, pairs.NAMES)
    merged, killed = "pairs, at each stop of the first", "pairs, the first killed at each stop"
    lost = "commands, the answer to the COMMIT of what they wrote lost"
    trials: list[tuple[str, Callable[[str], Coroutine[Any, Any, int]]]] = [
        *((merged, partial(merges.race, first=one, second=two)) for one in firsts for two in seconds),
        *((killed, partial(merges.race, first=one, second="claim B", kills=True)) for one in firsts),
        *((lost, partial(lost_commits.lose_answers, first=one)) for one in firsts),
    ]
    began_at = time.perf_counter()
    with running(found) as server:
        urls = [server.new_database() for _ in trials]
        results = list(_mapped(options.workers, _try, urls, [trial for _, trial in trials]))
    for what in (merged, killed, lost):
        chosen = [result for result, (kind, _) in zip(results, trials, strict=True) if kind == what]
        count, failures = sum(count for count, _ in chosen), [failure for _, failure in chosen if failure]
        yield f"{len(chosen)} {what}: {count:,} trials, {len(failures)} broken", not failures
        for failure in failures[:_SHOWN]:
            yield f"BROKEN: {failure}", False
    yield f"{time.perf_counter() - began_at:.0f} s", True


def _try(url: str, trials: Callable[[str], Coroutine[Any, Any, int]]) -> tuple[int, str | None]:
    """Carry out the trials on the database. Returns their number, and the rule that one of them broke."""
    # Connections are lost on purpose: the lines of the log about that would stand between those of the proof.
    logging.getLogger("shift_fanout").setLevel(logging.CRITICAL)
    try:
        return asyncio.run(trials(url)), None
    except Broken as broken:
        return 0, str(broken)


def _histories(options: Options) -> Iterator[Line]:
    """So many histories of several processes with faults; the sample is one."""
    if binaries() is None:
        yield "no PostgreSQL for this system: nothing was tried", True
        return
    plans = [Plan(0, groups=4, faults=2, processes=2)]
    if not options.sample:
        plans = [Plan(seed, groups=6, faults=2, processes=3) for seed in range(1, options.count + 1)]
    began_at = time.perf_counter()
    results = list(_mapped(min(options.workers, len(plans)), _history, plans))
    counts: Counter[str] = Counter()
    for result in results:
        counts.update({} if isinstance(result, str) else result)
    failures = [result for result in results if isinstance(result, str)]
    yield (
        f"{len(plans)} histories of {plans[0].processes} processes: {counts['requests']:,} requests "
        f"({counts['unknown']} of them without an answer), {counts['messages']:,} messages, "
        f"{counts['faults']} faults, {len(failures)} broken, {time.perf_counter() - began_at:.0f} s",
        not failures,
    )
    for failure in failures[:_SHOWN]:
        yield f"BROKEN: {failure}", False


def _history(plan: Plan) -> dict[str, int] | str:
    """Make a history on a server of its own and check it. Returns what it had, or what is wrong with it."""
    found = binaries()
    if found is None:
        raise RuntimeError("the caller has looked")
    try:
        with TemporaryDirectory(prefix="history-") as home, running(found) as server:
            events = asyncio.run(make_history(plan, server, Path(home)))
    except TimeoutError as failure:
        return str(failure)
    try:
        return asdict(check(events))
    except (Broken, Undecided) as failure:
        file = Path(f"history-{plan.seed}.jsonl")
        write(events, file)
        return f"{failure}\nto check it again: python -m prove --check {file}"


def _mutants(options: Options) -> Iterator[Line]:
    """Each mutant with the layers that kill it. The sample tries none: each takes several seconds."""
    if options.sample:
        return
    with mutants.original_tree() as original, ThreadPoolExecutor(options.workers) as pool:
        unchanged = pool.submit(lambda: list(mutants.layers_that_pass(original)))
        # A history mostly waits. At the end it would leave a processor with nothing to do.
        in_order = sorted(MUTANTS, key=lambda one: HISTORIES not in one.layers)
        yield from pool.map(partial(mutant_line, original), in_order)
        for layer, passes in unchanged.result():
            yield f"the unchanged tree {'passes' if passes else 'FAILS'} {layer}", passes


def mutant_line(original: Path, mutant: Mutant) -> Line:
    """Try the mutant on a copy of the original, and say what has killed it."""
    try:
        verdict = mutants.try_mutant(original, mutant)
    except mutants.DoesNotRun as error:
        return f"{mutant.name}: DOES NOT RUN, so nothing has killed it: {error}", False
    killers = [layer for layer, kills in verdict.killed_by.items() if kills]
    said = f"killed by {', '.join(killers)}" if killers else "SURVIVES"
    if killers and verdict.missed_by:
        said += f", but NOT by {', '.join(verdict.missed_by)}"
    return f"{mutant.name}: {said}", not verdict.missed_by


#: Each part yields lines, each with whether it is as it should be.
PARTS: dict[str, Callable[[Options], Iterator[Line]]] = {
    "states": _states,
    "schedules": _schedules,
    "merges": _merges,
    "histories": _histories,
    "mutants": _mutants,
}
#: Parts of the same group run one after the other, the groups side by side: the first group needs processors, the
#: second mostly waits for databases and for time to pass.
SIDE_BY_SIDE = [("states", "schedules", "mutants"), ("merges", "histories")]
