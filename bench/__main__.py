"""The command line of the benchmarks: runs them one after the other and prints one table."""

import argparse
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from textwrap import fill

from uvicorn.loops.auto import auto_loop_factory
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from bench import deafness, handover, intent, memory, slow_messages, throughput
from bench.postgres import claims, contacts, growth, late, latency
from bench.servers import helper
from bench.sizes import FULL, QUICK, Sizes
from bench.table import Line, format_table, not_measured


ROWS: dict[str, Row] = {
    "late": throughput.late_accepts,
    "wins": throughput.fanouts_and_wins,
    "slow": slow_messages.slow_messages,
    "deaf": deafness.deafness,
    "memory": memory.memory,
    "webhook": handover.handover,
    "intent": intent.replies,
    "pg-claims": claims.claims,
    "pg-contacts": contacts.contacts,
    "pg-late": late.late,
    "pg-growth": growth.growth,
    "pg-latency": latency.latency,
}


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="small sizes, a minute or two; for a look, not for a record"
    )
    parser.add_argument("--only", choices=sorted(ROWS), action="append", help="this row only; may be given again")
    parser.add_argument("files", nargs="*", type=Path, help="labelled replies to read instead of the project's own")
    options = parser.parse_args()
    rows = ROWS | {"intent": partial(intent.replies, files=options.files)}
    # A polite end takes the same way out as Ctrl-C, through every `with` block.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    start = time.monotonic()
    lines: list[Line] = []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, helper() as client:
        for name in options.only or rows:
            print(f"{time.monotonic() - start:4.0f} s: measuring {name} ...", file=sys.stderr, flush=True)
            try:
                lines.extend(rows[name](QUICK if options.quick else FULL, client, Path(folder)))
            except Exception as exc:  # noqa: BLE001  # the other rows are still worth having
                lines.append(not_measured(name, f"{type(exc).__name__}: {exc}"))
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
    return parser


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
