"""How much is measured: in full, and with `--quick`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """The sizes of one run."""

    #: Times that baseline and service take turns.
    rounds: int = 7
    #: Requests per turn where they are not used up.
    batch: int = 2000
    #: Caregivers of the large roster.
    roster: int = 20_000
    #: Open shifts of ten caregivers each.
    shifts: int = 2000
    #: Caregivers of the fanout whose messages take a second.
    slow_fanout: int = 1000
    #: Fanouts whose memory is measured.
    memory_fanouts: int = 2000
    #: Messages per turn of the webhook.
    messages: int = 1000
    #: How many calls of the webhook notifier are under way at once.
    in_flight: tuple[int, ...] = (1, 50, 1000)
    #: Messages queued in the database for workers to send.
    queued: int = 10_000
    #: Caregivers, and closed fanouts, of the large databases.
    stored: int = 200_000
    #: Fanouts one after the other, for the times of an idle system.
    latencies: int = 30
    #: Repetitions of what takes seconds.
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
    repeats=1,
)
