"""Figures for Prometheus. Needs the extra `metrics`; only `bootstrap` imports this module.

Each process counts what it has done itself since it started: sum over the processes. What is read from the store
(`fanout_open`, `fanout_attention`, `fanout_queued`, `fanout_oldest_queued_seconds`, `fanout_lag_seconds`,
`fanout_forget_lag_seconds`) is the same in each.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import accumulate
from typing import TYPE_CHECKING

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

from app.domain.attention_reasons import AttentionReason
from app.domain.facts import Fact, FactType
from app.domain.records import Channel, Kind, Outcome
from app.ports.meter import Gauges, Meter

#: Seconds: 15 s to 4 h.
_LONG = (15, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 14400)
_LATENESS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
_PROVIDER = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_TRANSITION = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1)

#: How a fanout ends, by the fact that says so.
_HOW = {
    FactType.SHIFT_FILLED: "claimed",
    FactType.SHIFT_ASSIGNED: "assigned",
    FactType.FANOUT_CANCELLED: "cancelled",
    FactType.FANOUT_EXPIRED: "expired",
}


class PrometheusMeter:
    """Implements `Meter`. No label is an id or a number: their values are few and known."""

    def __init__(self, version: str) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # the library's function has no types
        self._registry = CollectorRegistry()
        self._at_scrape = _AtScrape()
        self._registry.register(self._at_scrape)
        ProcessCollector(registry=self._registry)
        Info("fanout_build", "The version of this program.", registry=self._registry).info({"version": version})
        self._started = self._counter("fanout_started", "Fanouts that were started.")
        self._closed = self._counter(
            "fanout_closed",
            "Fanouts that ended: claimed by a caregiver, assigned, cancelled or expired; and in which round.",
            "how",
            "round",
        )
        for how in _HOW.values():
            for channel in Channel:
                self._closed.labels(how, channel.value)
        self._time_to_fill = self._histogram(
            "fanout_time_to_fill_seconds", "From the start of a fanout until somebody had the shift.", _LONG
        )
        self._time_to_first_answer = self._histogram(
            "fanout_time_to_first_answer_seconds", "From the start of a fanout to the first answer, a no too.", _LONG
        )
        self._lateness = self._histogram(
            "fanout_escalation_lateness_seconds", "How late the calls of a fanout began.", _LATENESS
        )
        self._messages = self._counter(
            "fanout_messages",
            "Tries to hand a message to a provider, by their result.",
            "channel",
            "kind",
            "result",
        )
        self._provider = self._histogram(
            "fanout_provider_seconds", "How long a provider took to answer such a try.", _PROVIDER, "channel"
        )
        self._last_turn: Gauge | None = None

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(name, text, labels, registry=self._registry)

    def _histogram(self, name: str, text: str, buckets: Sequence[float], *labels: str) -> Histogram:
        return Histogram(name, text, labels, buckets=buckets, registry=self._registry)

    def count_facts(self, facts: Sequence[Fact]) -> None:
        """See `Meter`."""
        for fact in facts:
            if fact.type is FactType.FANOUT_STARTED:
                self._started.inc()
                continue
            data = fact.data
            if data.get("record") == "response" and "first_answer_after_s" not in data:
                # Most answers: they have nothing to count.
                continue
            how, round_ = _HOW.get(fact.type), data.get("round")
            # Without a round no fanout was under way.
            if how is not None and round_ is not None:
                self._closed.labels(how, str(round_)).inc()
            for name, histogram, unit in (
                ("after_s", self._time_to_fill, 1),
                ("first_answer_after_s", self._time_to_first_answer, 1),
                ("late_ms", self._lateness, 1000),
            ):
                value = data.get(name)
                if isinstance(value, int):
                    histogram.observe(value / unit)

    def transition_ended(self, command: str, seconds: float) -> None:
        """See `Meter`."""
        self._at_scrape.transitions[command].observe(seconds)

    def reply_answered(self, channel: Channel, outcome: Outcome) -> None:
        """See `Meter`."""
        self._at_scrape.replies[channel, outcome] += 1

    def handover_ended(self, channel: Channel, kind: Kind, result: str, seconds: float) -> None:
        """See `Meter`."""
        self._messages.labels(channel.value, kind.value, result).inc()
        self._provider.labels(channel.value).observe(seconds)

    def iteration_ended(self, at: datetime) -> None:
        """See `Meter`. The gauge exists only where there is a worker: 0 would mean that it last worked in 1970."""
        if self._last_turn is None:
            self._last_turn = Gauge(
                "fanout_worker_last_turn_timestamp_seconds",
                "When the worker of this process last finished an iteration of its loop.",
                registry=self._registry,
            )
        self._last_turn.set(at.timestamp())

    def exposition(self, gauges: Gauges | None, *, board_viewers: int, wrong_keys: int) -> tuple[bytes, str]:
        """See `Meter`."""
        self._at_scrape.gauges = gauges
        self._at_scrape.board_viewers, self._at_scrape.wrong_keys = board_viewers, wrong_keys
        return generate_latest(self._registry), CONTENT_TYPE_LATEST


class _Durations:
    """The numbers of a histogram, counted without a lock: every call is made on the event loop."""

    __slots__ = ("counts", "total_s")

    def __init__(self) -> None:
        #: How many were in each bucket, and above the last one.
        self.counts = [0] * (len(_TRANSITION) + 1)
        self.total_s = 0.0

    def observe(self, seconds: float) -> None:
        """Count one."""
        self.counts[bisect_left(_TRANSITION, seconds)] += 1
        self.total_s += seconds

    def buckets(self) -> list[tuple[str, float]]:
        """The upper bound of each bucket, with how many were at most that long."""
        bounds = [*map(floatToGoString, _TRANSITION), "+Inf"]
        return list(zip(bounds, accumulate(self.counts), strict=True))


class _AtScrape(Collector):
    """What is put together at the scrape: the gauges, whose values were read just before, and what each reply counts.

    The library's own counters take several microseconds, which a reply should not wait for.
    """

    def __init__(self) -> None:
        self.gauges: Gauges | None = None
        self.board_viewers = self.wrong_keys = 0
        self.transitions: defaultdict[str, _Durations] = defaultdict(_Durations)
        self.replies: defaultdict[tuple[Channel, Outcome], int] = defaultdict(int)

    def collect(self) -> Iterable[Metric]:
        """See `Collector`."""
        replies = CounterMetricFamily(
            "fanout_replies", "Inbound messages that were answered, repeats too.", labels=["channel", "outcome"]
        )
        for (channel, outcome), count in self.replies.items():
            replies.add_metric([channel.value, outcome.value], count)
        yield replies
        transitions = HistogramMetricFamily(
            "fanout_transition_seconds", "How long a command took in the store.", labels=["command"]
        )
        for command, durations in self.transitions.items():
            transitions.add_metric([command], durations.buckets(), durations.total_s)
        yield transitions
        yield _gauge("fanout_board_viewers", "Open streams of the board in this process.", self.board_viewers)
        yield CounterMetricFamily("fanout_wrong_keys", "Requests that came with a wrong key.", value=self.wrong_keys)
        if self.gauges is None:
            return
        at, store = self.gauges.at, self.gauges.store
        yield _gauge("fanout_open", "Fanouts that are open, over all processes.", store.open_fanouts)
        yield _gauge(
            "fanout_queued",
            "Messages that may be sent now, over all processes; at most 1,000 of each queue are counted.",
            store.queued,
        )
        yield _gauge(
            "fanout_oldest_queued_seconds",
            "How long the oldest message has waited that may be sent now, over all processes.",
            _age_s(store.queued_since, at),
        )
        yield _gauge(
            "fanout_lag_seconds",
            "How long the oldest step of a fanout has waited that is due, over all processes.",
            _age_s(store.due_since, at),
        )
        yield _gauge(
            "fanout_forget_lag_seconds",
            "How long the oldest fanout has waited that is due to be forgotten, over all processes.",
            _age_s(store.to_forget_since, at),
        )
        attention = GaugeMetricFamily(
            "fanout_attention",
            "Shifts on the board that need a person, by reason: at most 500 shifts that start from a day ago on.",
            labels=["reason"],
        )
        for reason in AttentionReason:
            attention.add_metric([reason.value], self.gauges.attention.get(reason, 0))
        yield attention


def _gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, value=value)


def _age_s(since: datetime | None, at: datetime) -> float:
    return 0.0 if since is None else max(0.0, (at - since).total_seconds())


if TYPE_CHECKING:
    _: Meter = PrometheusMeter("0")
