"""How much is measured, in a full run and with `--quick`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """The sizes of one run."""

    #: How many times baseline and service are measured, in turns.
    rounds: int = 7
    #: Requests per round, where the same requests can be sent again.
    batch: int = 2000
    #: Caregivers in the large roster.
    roster: int = 20_000
    #: Open shifts, each with ten caregivers to contact.
    shifts: int = 2000
    #: Caregivers contacted by the fanout whose messages take a second each.
    slow_fanout: int = 1000
    #: Fanouts whose memory is measured.
    memory_fanouts: int = 2000
    #: Messages per round of the webhook benchmark.
    messages: int = 1000
    #: How many messages the webhook notifier sends at the same time; one line of the table for each.
    in_flight: tuple[int, ...] = (1, 50, 1000)
    #: Messages that are queued in the database before the workers start.
    queued: int = 10_000
    #: Caregivers stored in one large database, and closed fanouts stored in the other.
    stored: int = 200_000
    #: Fanouts, one after the other, of the latency benchmark.
    latencies: int = 30
    #: Fanouts that are overdue to be forgotten, and fanouts that start within a few seconds.
    overdue: int = 2000
    burst: int = 500
    #: How long the soak lasts, in minutes.
    soak_minutes: float = 1.0
    #: Laps that the soak begins a second at each store. Each has about ten requests and eight messages.
    soak_rate: float = 3.0
    #: How many times measurements are repeated that take seconds each.
    repeats: int = 3


FULL = Sizes()
QUICK = Sizes(
    rounds=3,
    batch=300,
    roster=2000,
    shifts=300,
    slow_fanout=200,
    memory_fanouts=200,
    messages=100,
    in_flight=(1, 50),
    queued=2000,
    stored=20_000,
    latencies=5,
    overdue=500,
    burst=100,
    soak_minutes=0.1,
    repeats=1,
)
