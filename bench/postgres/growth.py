"""What a request costs beside a small and a large roster, and beside few and many fanouts that are over."""

from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from bench import data
from bench.load import Batch
from bench.postgres import engine
from bench.postgres.database import durable, filled
from bench.servers import SUBJECT, Server, helper, serving
from bench.sizes import Sizes
from bench.table import Line, at_least, ratio_of

_LONGEST_S = 300.0
_SMALL = "small"


def growth(sizes: Sizes, client: ProcessPoolExecutor, folder: Path) -> Iterator[Line]:
    """The same requests to three databases in turn: small, many caregivers of other roles, many closed fanouts."""
    del folder
    shifts = sizes.shifts // 2
    large = f"{sizes.stored:,} caregivers", f"{sizes.stored:,} closed fanouts"
    with durable() as server, helper() as process, ExitStack() as processes:
        urls = {
            _SMALL: filled(server, roles=shifts, per_role=10),
            large[0]: filled(server, roles=shifts, per_role=10, others=sizes.stored),
            large[1]: filled(server, roles=shifts, per_role=10, closed=sizes.stored),
        }
        subjects: dict[str, Server] = {}
        for name, url in urls.items():
            process.submit(engine.start_fanouts, url, range(shifts)).result(timeout=_LONGEST_S)
            subjects[name] = processes.enter_context(serving(SUBJECT, client, database_url=url, role="api"))
            subjects[name].send([data.yes(4_000_000, None) for _ in range(500)])
        rates: dict[tuple[str, str], list[float]] = defaultdict(list)
        per_round = shifts // sizes.rounds
        for turn in range(sizes.rounds):
            numbers = range(turn * per_round, (turn + 1) * per_round)
            for name, subject in subjects.items():
                # One half with the shift's id, one without.
                wins = [data.yes(10 * shift + 5, shift if shift % 2 else None) for shift in numbers]
                rates["winning", name].append(_rate(_sent(subject, wins, b'"outcome":"claimed"')))
                lates = [data.yes(10 * shift + other, shift) for shift in numbers for other in (1, 2)]
                rates["late", name].append(_rate(_sent(subject, lates, b'"outcome":"already_claimed"')))
    for name in large:
        for kind in ("winning", "late"):
            ratio = ratio_of(list(zip(rates[kind, name], rates[kind, _SMALL], strict=True)))
            words, ok = at_least(0.8, ratio)
            yield Line(
                name=f"PostgreSQL: {kind} accepts beside {name}",
                figure=f"{median(rates[kind, name]):,.0f}/s",
                baseline=f"beside none {median(rates[kind, _SMALL]):,.0f}/s",
                ratio=ratio,
                goal=words,
                ok=ok,
            )


def _sent(subject: Server, requests: list[bytes], expect: bytes) -> Batch:
    batch = subject.send(requests, connections=engine.AT_ONCE, expect=expect)
    subject.settle()
    return batch


def _rate(batch: Batch) -> float:
    return batch.requests / batch.elapsed_s
