"""The command line of the proof: `python -m prove` runs all parts, and `python -m prove PART` one of them.

Prints a line for each search as soon as it ends, and a summary with the time of each part. Ends with 1 if a rule is
broken, and says how to see it again. Ends with 2 if a part raises an error: then that part has not decided anything.
"""

import argparse
import os
import sys
import time
import traceback
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from prove import schedules
from prove.histories.check import answers_that_contradict, check
from prove.histories.events import read
from prove.linearizability import Undecided
from prove.parts import DEFAULT_COUNT, PARTS, SIDE_BY_SIDE, Options
from prove.rules import Broken


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the parts that the arguments name, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m prove", description=__doc__)
    parser.add_argument("part", nargs="?", choices=sorted(PARTS), help="only this part; without it, all of them")
    parser.add_argument("--sample", action="store_true", help="only as much as fits into a few seconds")
    parser.add_argument("--first", action="store_true", help="end each part at the first rule that is broken")
    parser.add_argument("--replay", metavar="TOKEN", help="repeat the schedule that a failure has named")
    parser.add_argument("--check", metavar="FILE", type=Path, help="check a history again that a failure has kept")
    parser.add_argument(
        "--count", type=int, default=DEFAULT_COUNT, metavar="N", help=f"how many histories are made ({DEFAULT_COUNT})"
    )
    parser.add_argument("--workers", type=int, default=2, metavar="N", help="processes at once (2)")
    chosen = parser.parse_args(arguments)
    if chosen.replay is not None:
        failure = schedules.replay(chosen.replay)
        print(failure.rule if failure else "no rule is broken")
        return int(failure is not None)
    if chosen.check is not None:
        return _check(chosen.check)
    options = Options(sample=chosen.sample, first=chosen.first, workers=chosen.workers, count=chosen.count)
    groups = [[name for name in group if chosen.part in (None, name)] for group in SIDE_BY_SIDE]
    began_at = time.perf_counter()
    with ThreadPoolExecutor(len(groups)) as pool:
        parts = [
            one for group in pool.map(lambda group: [_run(name, options) for name in group], groups) for one in group
        ]
    for part in parts:
        judged = "FAILED with an error" if part.crashed else _judged(part.failures)
        print(f"summary    {part.name}: {judged}, {part.seconds:.0f} s")
    failures = sum(part.failures for part in parts)
    if len(parts) > 1:
        print(f"summary    all parts, two of them at a time: {_judged(failures)}, {_taken(began_at)}")
    return 2 if any(part.crashed for part in parts) else int(failures > 0)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part that has been run."""

    name: str
    #: How many of its lines say that something is broken.
    failures: int
    #: Whether an error has ended it before it had tried everything.
    crashed: bool
    seconds: float


def _run(name: str, options: Options) -> _Part:
    """Run a part and print its lines, or the error that ends it: the parts after it are run all the same."""
    failures, crashed, began_at = 0, False, time.perf_counter()
    try:
        for line, ok in PARTS[name](options):
            print(f"{name:10} {line}", flush=True)
            failures += not ok
            if options.first and failures:
                break
    except Exception:  # noqa: BLE001  # printed, and the exit status says so
        traceback.print_exc()
        crashed = True
    return _Part(name, failures, crashed, time.perf_counter() - began_at)


def _judged(failures: int) -> str:
    return f"{failures} BROKEN" if failures else "no rule is broken"


def _taken(began_at: float) -> str:
    """The time since then, and the processor time of this process and its children, but not of PostgreSQL."""
    used = os.times()
    processor_s = used.user + used.system + used.children_user + used.children_system
    return f"{time.perf_counter() - began_at:.0f} s ({processor_s:.0f} s of processor time without PostgreSQL)"


def _check(file: Path) -> int:
    events = read(file)
    try:
        print(check(events))
    except (Broken, Undecided) as failure:
        print(failure)
        lines = answers_that_contradict(events) if isinstance(failure, Broken) else []
        if lines:
            print("These answers alone contradict each other, whatever became of all other requests:")
            print("".join(f"  {line}\n" for line in lines), end="")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
