"""The command line of the benchmarks: runs them one after the other and prints one table."""

import argparse
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from textwrap import fill

from uvicorn.loops.auto import auto_loop_factory
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from bench import intent, large_fanout, memory, slow_messages, soak, throughput, webhook_handover
from bench.postgres import bulk, claims, contacts, growth, late_accepts, latency, many
from bench.servers import helper_process
from bench.sizes import FULL, QUICK, Sizes
from bench.table import Line, format_table, not_measured

#: The receiver of its messages ends after an hour.
_LONGEST_SOAK_MINUTES = 50
_HIGHEST_RATE = 1000


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One benchmark, which `--only NAME` selects. `summary`: one sentence for `--help`."""

    #: Takes the sizes, the process that sends the requests, and a folder for files of this run.
    measure: Callable[[Sizes, ProcessPoolExecutor, Path], Iterator[Line]]
    summary: str


BENCHMARKS: dict[str, Benchmark] = {
    "late": Benchmark(
        throughput.late_accepts,
        "Replies per second when caregivers accept a shift that somebody else has, with a small and a large roster.",
    ),
    "wins": Benchmark(
        throughput.fanouts_and_wins,
        "Fanouts started per second, and replies per second that each win an open shift.",
    ),
    "slow": Benchmark(
        slow_messages.slow_messages,
        "Time until a whole fanout is sent when each message takes a second, and the answer time of its POST.",
    ),
    "large-fanout": Benchmark(
        large_fanout.large_fanout,
        "How long other requests wait while a fanout to a large roster is planned and sent.",
    ),
    "memory": Benchmark(
        memory.memory,
        "Memory that an open fanout to ten caregivers takes once its messages are sent.",
    ),
    "webhook": Benchmark(
        webhook_handover.webhook_handover,
        "Messages per second of processor time that the webhook notifier hands over.",
    ),
    "intent": Benchmark(
        intent.replies,
        "How many labelled replies are understood, which mistakes are dangerous, and how long reading one takes.",
    ),
    "pg-claims": Benchmark(
        claims.claims,
        "With PostgreSQL: winning replies per second, over HTTP and directly at the engine.",
    ),
    "pg-contacts": Benchmark(
        contacts.contacts,
        "With PostgreSQL: queued messages that one, two and four worker processes send per second.",
    ),
    "pg-late": Benchmark(
        late_accepts.late_accepts,
        "With PostgreSQL: replies per second that accept a shift that somebody else has, also with events on.",
    ),
    "bulk": Benchmark(
        bulk.bulk,
        "With PostgreSQL: how much faster a list of caregivers is stored than the same caregivers one by one.",
    ),
    "pg-growth": Benchmark(
        growth.growth,
        "With PostgreSQL: how much slower replies become with many other caregivers or closed fanouts stored.",
    ),
    "pg-latency": Benchmark(
        latency.latency,
        "With PostgreSQL and nothing else to do: time from a POST to its first text, and lateness of the calls.",
    ),
    "pg-many": Benchmark(
        many.many,
        "With PostgreSQL: first texts beside overdue work, a burst of fanouts, and steps of fanouts per second.",
    ),
    "soak": Benchmark(
        soak.soak,
        "What grows under constant load with short retention, on both stores: memory, descriptors, tasks, tables.",
    ),
}


def main() -> int:
    """Run the benchmarks that the command line names; all of them if it names none. Returns the exit status."""
    options = parse(sys.argv[1:])
    # SIGTERM leaves through every `with` block, as Ctrl-C does, so that no child process is left over.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, helper_process() as client:
        sizes = QUICK if options.quick else FULL
        if options.minutes is not None:
            sizes = replace(sizes, soak_minutes=options.minutes)
        if options.rate is not None:
            sizes = replace(sizes, soak_rate=options.rate)
        lines: list[Line] = []
        for name in options.only or BENCHMARKS:
            print(f"{time.monotonic() - start:4.0f} s: measuring {name} ...", file=sys.stderr, flush=True)
            measure = partial(intent.replies, files=options.files) if options.files else BENCHMARKS[name].measure
            lines += measured(name, partial(measure, sizes, client, Path(folder)))
    print(_about(quick=options.quick, took_s=time.monotonic() - start))
    print(format_table(lines))
    return exit_status(lines)


def measured(name: str, measure: Callable[[], Iterator[Line]]) -> list[Line]:
    """The lines of one benchmark. If it fails: those before the failure, and one with the reason."""
    lines: list[Line] = []
    try:
        lines.extend(measure())
    except Exception as exc:  # noqa: BLE001
        lines.append(not_measured(name, f"{type(exc).__name__}: {exc}"))
    return lines


def exit_status(lines: Sequence[Line]) -> int:
    """0 if every line was measured. Else 1, and standard error says which ones were not."""
    failed = [line.name for line in lines if not line.measured]
    if failed:
        print(f"not measured: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of the command line. Ends the process if they do not go together."""
    parser = argument_parser()
    options = parser.parse_args(arguments)
    if options.files and options.only != ["intent"]:
        parser.error("files are read only by --only intent")
    if options.minutes is not None and "soak" not in (options.only or BENCHMARKS):
        parser.error("--minutes is for the soak")
    if options.rate is not None and "soak" not in (options.only or BENCHMARKS):
        parser.error("--rate is for the soak")
    return options


def argument_parser() -> argparse.ArgumentParser:
    """Build the argument parser; its help has one sentence for each benchmark."""
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Measure the service, each figure next to a baseline of the same run, and print one table.",
        epilog="Names for --only:\n" + "\n".join(_explained(name) for name in BENCHMARKS),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--quick", action="store_true", help="small sizes and rough figures, in a minute or two")
    parser.add_argument(
        "--only",
        choices=BENCHMARKS,
        metavar="NAME",
        action="append",
        help="run only the benchmark NAME (see below); may be given several times",
    )
    parser.add_argument("--minutes", type=_minutes, help="how long the soak lasts (default: 1, or 0.1 with --quick)")
    parser.add_argument("--rate", type=_rate, help="laps that the soak begins a second at each store (default: 3)")
    parser.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="with --only intent: the files of labelled replies"
    )
    return parser


def _minutes(text: str) -> float:
    minutes = float(text)
    if not 0 < minutes <= _LONGEST_SOAK_MINUTES:
        raise argparse.ArgumentTypeError(f"must be above 0 and at most {_LONGEST_SOAK_MINUTES}")
    return minutes


def _rate(text: str) -> float:
    rate = float(text)
    if not 0 < rate <= _HIGHEST_RATE:
        raise argparse.ArgumentTypeError(f"must be above 0 and at most {_HIGHEST_RATE}")
    return rate


def _explained(name: str) -> str:
    return fill(BENCHMARKS[name].summary, 79, initial_indent=f"  {name:<14}", subsequent_indent=" " * 16)


def _about(*, quick: bool, took_s: float) -> str:
    loop = auto_loop_factory()
    return (
        f"uvicorn picked {getattr(loop, '__module__', '?').partition('.')[0]} and {AutoHTTPProtocol.__name__}; "
        f"Python {sys.version.split()[0]}, {os.cpu_count()} cores; no access log; took {took_s:.0f} s"
        + ("; QUICK sizes" if quick else "")
    )


if __name__ == "__main__":
    sys.exit(main())
