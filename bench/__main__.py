"""`python -m bench [--quick] [--only NAME]`: measures row after row, prints one table."""

import argparse
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from uvicorn.loops.auto import auto_loop_factory
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from bench import large_fanout, memory, slow_messages, throughput, webhook_handover
from bench.postgres import claims, contacts, growth, late_accepts, latency
from bench.servers import helper_process
from bench.sizes import FULL, QUICK, Sizes
from bench.table import Line, format_table, not_measured

Row = Callable[[Sizes, ProcessPoolExecutor, Path], Iterator[Line]]

ROWS: dict[str, Row] = {
    "late": throughput.late_accepts,
    "wins": throughput.fanouts_and_wins,
    "slow": slow_messages.slow_messages,
    "deaf": large_fanout.large_fanout,
    "memory": memory.memory,
    "webhook": webhook_handover.webhook_handover,
    "pg-claims": claims.claims,
    "pg-contacts": contacts.contacts,
    "pg-late": late_accepts.late_accepts,
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
    options = parser.parse_args()
    # A polite end takes the same way out as Ctrl-C, through every `with` block.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    start = time.monotonic()
    lines: list[Line] = []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, helper_process() as client:
        for name in options.only or ROWS:
            print(f"{time.monotonic() - start:4.0f} s: measuring {name} ...", file=sys.stderr, flush=True)
            try:
                lines.extend(ROWS[name](QUICK if options.quick else FULL, client, Path(folder)))
            except Exception as exc:  # noqa: BLE001  # the other rows are still worth having
                lines.append(not_measured(name, f"{type(exc).__name__}: {exc}"))
    print(_about(quick=options.quick, took_s=time.monotonic() - start))
    print(format_table(lines))
    return 0


def _about(*, quick: bool, took_s: float) -> str:
    loop = auto_loop_factory()
    return (
        f"uvicorn picked {getattr(loop, '__module__', '?').partition('.')[0]} and {AutoHTTPProtocol.__name__}; "
        f"Python {sys.version.split()[0]}, {os.cpu_count()} cores; no access log; took {took_s:.0f} s"
        + ("; QUICK sizes" if quick else "")
    )


if __name__ == "__main__":
    sys.exit(main())
