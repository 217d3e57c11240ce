"""Requests per second: late accepts, winning accepts, fanout posts. Service and baselines are measured in turns."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench import data
from bench.load import Batch
from bench.servers import ASGI_BASELINE, FASTAPI_BASELINE, SERVICE, Server, serving
from bench.sizes import Sizes
from bench.table import Line, rate_line, ratio_of

_CLOSED = b'"outcome":"already_claimed"'
_CLAIMED = b'"outcome":"claimed"'


@dataclass
class Comparison:
    """The running service and both baselines. In each round every server gets one batch of requests."""

    fastapi: Server
    asgi: Server
    service: Server
    #: Per round: requests per second of the service, bare FastAPI and bare ASGI.
    rates: list[tuple[float, float, float]] = field(default_factory=list)
    #: Per round: processor seconds per request of the service and of bare FastAPI, with the work after the answer.
    costs: list[tuple[float, float]] = field(default_factory=list)
    #: Per round: the share of the time in which the client was busy.
    client_shares: list[float] = field(default_factory=list)

    def round(self, requests: list[bytes], expect: bytes, plain: list[bytes]) -> None:
        """Send `requests` to the service, which must answer with `expect`, and `plain` to both baselines."""
        fastapi, fastapi_cost = _send(self.fastapi, plain, b"")
        service, service_cost = _send(self.service, requests, expect)
        asgi, _ = _send(self.asgi, plain, b"")
        self.rates.append((service.per_second, fastapi.per_second, asgi.per_second))
        if service_cost is not None and fastapi_cost is not None:
            self.costs.append((service_cost, fastapi_cost))
        self.client_shares.append(service.client_cpu_s / service.elapsed_s)

    def line(self, name: str, goal: float) -> Line:
        """The rounds since the last call as a line of the table; `goal`: the smallest ratio to bare FastAPI."""
        service, fastapi, asgi = zip(*self.rates, strict=True)
        to_asgi = ratio_of(list(zip(service, asgi, strict=True)))
        note = f"{to_asgi:.2f} x bare ASGI ({median(asgi):,.0f}/s)"
        if self.costs:
            note += (
                f"; CPU/request {1e6 * median(cost for cost, _ in self.costs):.0f} us, work after the answer included"
            )
            note += f" ({ratio_of(self.costs):.2f} x bare FastAPI's)"
        share = median(self.client_shares)
        if share > 0.9:
            note += f"; the client was {share:.0%} busy: the service may be faster"
        self.rates, self.costs, self.client_shares = [], [], []
        return rate_line(name, service, "bare FastAPI", fastapi, goal=goal, note=note)


def _send(server: Server, requests: list[bytes], expect: bytes) -> tuple[Batch, float | None]:
    before = server.cpu_s()
    batch = server.send(requests, expect=expect)
    server.wait_until_idle()
    after = server.cpu_s()
    return batch, None if before is None or after is None else (after - before) / batch.requests


@contextmanager
def baselines(client: ProcessPoolExecutor) -> Iterator[tuple[Server, Server]]:
    """Bare FastAPI and bare ASGI, running and warmed up."""
    with serving(FASTAPI_BASELINE, client) as fastapi, serving(ASGI_BASELINE, client) as asgi:
        for server in (fastapi, asgi):
            server.send([data.yes_request(0, 0) for _ in range(500)])
        yield fastapi, asgi


@contextmanager
def comparing(both: tuple[Server, Server], client: ProcessPoolExecutor, **settings: object) -> Iterator[Comparison]:
    """Start the service with these settings and compare it with the running baselines."""
    with serving(SERVICE, client, console_latency=0, **settings) as service:
        # Warm up with messages of unknown senders, which change nothing.
        service.send([data.yes_request(4_000_000, None) for _ in range(500)])
        yield Comparison(*both, service)


def late_accepts(sizes: Sizes, client: ProcessPoolExecutor, folder: Path) -> Iterator[Line]:
    """Caregivers accept a shift that somebody else has, with and without its id, with a small and a large roster."""
    with baselines(client) as both:
        for roster in (10, sizes.roster):
            path = data.write_data_file(folder / "late.json", roles=1, caregivers_per_role=roster)
            for shift in (0, None):
                with comparing(both, client, data=path) as comparison:
                    fill_first_shift(comparison.service)
                    name = f"late accepts, roster {roster:,}, {'with' if shift == 0 else 'without'} shift_id"
                    yield from late_lines(comparison, sizes, name, roster, shift, goal=1.0)


def fill_first_shift(service: Server) -> None:
    """Start the fanout of the first shift and let the first caregiver accept it."""
    service.send([data.fanout_request(0)])
    service.wait_until_idle()
    service.send([data.yes_request(0, 0)], expect=_CLAIMED)


def late_lines(
    comparison: Comparison, sizes: Sizes, name: str, roster: int, shift: int | None, *, goal: float
) -> Iterator[Line]:
    """All caregivers but the first reply YES.

    With a large roster there is a line for the first reply of each caregiver, and one for their further replies.
    """
    others = range(1, roster)
    if roster > 10:
        # The first late reply of a caregiver also sends them the message that the shift is no longer open.
        per_round = min(sizes.batch, len(others) // sizes.rounds)
        for turn in range(sizes.rounds):
            _late_round(comparison, others[turn * per_round : (turn + 1) * per_round], shift)
        yield comparison.line(f"{name}, first", goal)
    callers = [others[number % len(others)] for number in range(sizes.batch)]
    comparison.service.send([data.yes_request(caregiver, shift) for caregiver in set(callers)], expect=_CLOSED)
    comparison.service.wait_until_idle()
    for _ in range(sizes.rounds):
        _late_round(comparison, callers, shift)
    yield comparison.line(f"{name}, again", goal)


def _late_round(comparison: Comparison, callers: Sequence[int], shift: int | None) -> None:
    requests = [data.yes_request(caregiver, shift) for caregiver in callers]
    comparison.round(requests, _CLOSED, [data.yes_request(caregiver, shift) for caregiver in callers])


def fanouts_and_wins(sizes: Sizes, client: ProcessPoolExecutor, folder: Path) -> Iterator[Line]:
    """Start a fanout to ten caregivers for each of many shifts; then one caregiver of each shift replies YES."""
    path = data.write_data_file(folder / "open.json", roles=sizes.shifts, caregivers_per_role=10)
    per_round = sizes.shifts // sizes.rounds
    rounds = [range(turn * per_round, (turn + 1) * per_round) for turn in range(sizes.rounds)]
    with baselines(client) as both, comparing(both, client, data=path) as comparison:
        for shifts in rounds:
            plain = [data.yes_request(10 * shift, shift) for shift in shifts]
            comparison.round([data.fanout_request(shift) for shift in shifts], b'"status":"open"', plain)
        yield comparison.line("fanout posts, 10 caregivers each", 0.5)
        for shifts in rounds:
            # Half of the replies name the shift.
            requests = [data.yes_request(10 * shift + 5, shift if shift % 2 else None) for shift in shifts]
            comparison.round(requests, _CLAIMED, [data.yes_request(10 * shift + 5, shift) for shift in shifts])
        yield comparison.line(f"winning accepts, {sizes.shifts:,} open shifts", 0.5)
