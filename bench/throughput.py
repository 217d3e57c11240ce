"""Requests per second: late accepts, winning accepts, fanout posts. Service and baselines take turns."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench import data
from bench.load import Batch
from bench.servers import FLOOR, LIMIT, SUBJECT, Server, serving
from bench.sizes import Sizes
from bench.table import Line, at_least, ratio_of

_CLOSED = b'"outcome":"already_claimed"'
_CLAIMED = b'"outcome":"claimed"'


@dataclass
class Race:
    """The floor, the limit and the service, all up; batches go to one after the other."""

    floor: Server
    limit: Server
    subject: Server
    #: Per round: requests a second of the service, the floor, the limit.
    rates: list[tuple[float, float, float]] = field(default_factory=list)
    #: Per round: the server's processor seconds per request, what follows the answer included; service, floor.
    costs: list[tuple[float, float]] = field(default_factory=list)
    client_shares: list[float] = field(default_factory=list)

    def round(self, requests: list[bytes], expect: bytes, plain: list[bytes]) -> None:
        """One batch for each; `plain` are inbound messages for the baselines."""
        floor, floor_cost = _timed(self.floor, plain, b"")
        subject, subject_cost = _timed(self.subject, requests, expect)
        limit, _ = _timed(self.limit, plain, b"")
        self.rates.append((_rate(subject), _rate(floor), _rate(limit)))
        if subject_cost is not None and floor_cost is not None:
            self.costs.append((subject_cost, floor_cost))
        self.client_shares.append(subject.client_cpu_s / subject.elapsed_s)

    def line(self, name: str, goal: float) -> Line:
        """The rounds so far as a line of the table; forgets them."""
        ratio = ratio_of([(subject, floor) for subject, floor, _ in self.rates])
        to_limit = ratio_of([(subject, limit) for subject, _, limit in self.rates])
        note = f"{to_limit:.2f} x limit ({median(limit for _, _, limit in self.rates):,.0f}/s)"
        if self.costs:
            note += f"; CPU/request {1e6 * median(cost for cost, _ in self.costs):.0f} us, what follows included"
            note += f" ({ratio_of(self.costs):.2f} x floor's)"
        share = median(self.client_shares)
        if share > 0.9:
            note += f"; the client was {share:.0%} busy: the service may be faster"
        words, ok = at_least(goal, ratio)
        line = Line(
            name=name,
            figure=f"{median(subject for subject, _, _ in self.rates):,.0f}/s",
            baseline=f"floor {median(floor for _, floor, _ in self.rates):,.0f}/s",
            ratio=ratio,
            goal=words,
            ok=ok,
            note=note,
        )
        self.rates, self.costs, self.client_shares = [], [], []
        return line


def _rate(batch: Batch) -> float:
    return batch.requests / batch.elapsed_s


def _timed(server: Server, requests: list[bytes], expect: bytes) -> tuple[Batch, float | None]:
    before = server.cpu_s()
    batch = server.send(requests, expect=expect)
    server.settle()
    after = server.cpu_s()
    return batch, None if before is None or after is None else (after - before) / batch.requests


@contextmanager
def baselines(client: ProcessPoolExecutor) -> Iterator[tuple[Server, Server]]:
    """The floor and the limit, warmed up."""
    with serving(FLOOR, client) as floor, serving(LIMIT, client) as limit:
        for server in (floor, limit):
            server.send([data.yes(0, 0) for _ in range(500)])
        yield floor, limit


@contextmanager
def race_of(both: tuple[Server, Server], client: ProcessPoolExecutor, **settings: object) -> Iterator[Race]:
    """The service with these settings against the two baselines."""
    with serving(SUBJECT, client, console_latency=0, **settings) as subject:
        # Strangers, so that the service is as warm as the baselines and has changed nothing.
        subject.send([data.yes(4_000_000, None) for _ in range(500)])
        yield Race(*both, subject)


def late_accepts(sizes: Sizes, client: ProcessPoolExecutor, folder: Path) -> Iterator[Line]:
    """YES to a shift somebody else has, with its id and without, from a small and from a large roster."""
    with baselines(client) as both:
        for roster in (10, sizes.roster):
            path = data.write_data(folder / "late.json", roles=1, caregivers_per_role=roster)
            for shift in (0, None):
                with race_of(both, client, data=path) as race:
                    claim_first(race.subject)
                    name = f"late accepts, roster {roster:,}, {'with' if shift == 0 else 'without'} shift_id"
                    yield from late_lines(race, sizes, name, roster, shift, goal=1.0)


def claim_first(subject: Server) -> None:
    """Start the fanout of the first shift and let the first caregiver have it."""
    subject.send([data.fanout(0)])
    subject.settle()
    subject.send([data.yes(0, 0)], expect=_CLAIMED)


def late_lines(race: Race, sizes: Sizes, name: str, roster: int, shift: int | None, *, goal: float) -> Iterator[Line]:
    """The others of the roster say YES: from a large one each of them first once, then all again."""
    others = range(1, roster)
    if roster > 10:
        # Everybody's first: each is told once that the shift is gone, which is a message to be sent.
        per_round = min(sizes.batch, len(others) // sizes.rounds)
        for turn in range(sizes.rounds):
            _late_round(race, others[turn * per_round : (turn + 1) * per_round], shift)
        yield race.line(f"{name}, first", goal)
    told = [others[number % len(others)] for number in range(sizes.batch)]
    race.subject.send([data.yes(caregiver, shift) for caregiver in set(told)], expect=_CLOSED)
    race.subject.settle()
    for _ in range(sizes.rounds):
        _late_round(race, told, shift)
    yield race.line(f"{name}, again", goal)


def _late_round(race: Race, callers: Sequence[int], shift: int | None) -> None:
    requests = [data.yes(caregiver, shift) for caregiver in callers]
    race.round(requests, _CLOSED, [data.yes(caregiver, shift) for caregiver in callers])


def fanouts_and_wins(sizes: Sizes, client: ProcessPoolExecutor, folder: Path) -> Iterator[Line]:
    """Start a fanout of ten for each of many shifts, then let one caregiver of each say YES."""
    path = data.write_data(folder / "open.json", roles=sizes.shifts, caregivers_per_role=10)
    per_round = sizes.shifts // sizes.rounds
    rounds = [range(turn * per_round, (turn + 1) * per_round) for turn in range(sizes.rounds)]
    with baselines(client) as both, race_of(both, client, data=path) as race:
        for shifts in rounds:
            plain = [data.yes(10 * shift, shift) for shift in shifts]
            race.round([data.fanout(shift) for shift in shifts], b'"status":"open"', plain)
        yield race.line("fanout posts, 10 caregivers each", 0.5)
        for shifts in rounds:
            # One half with the shift's id, one without.
            requests = [data.yes(10 * shift + 5, shift if shift % 2 else None) for shift in shifts]
            race.round(requests, _CLAIMED, [data.yes(10 * shift + 5, shift) for shift in shifts])
        yield race.line(f"winning accepts, {sizes.shifts:,} open shifts", 0.5)
