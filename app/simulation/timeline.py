"""What the demo prints: a line for each event, one for all offers of a round, the countdown, and a summary."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from statistics import median
from typing import Any

from app.domain.attention_reasons import AttentionReason
from app.domain.decisions import Message
from app.domain.records import Channel, Kind, Outcome, Shift
from app.domain.texts import describe
from app.ports.clock import Clock
from app.simulation.phones import PhoneReply
from app.simulation.scenario import TIME_ZONE
from app.simulation.terminal import Colour, painted

_VERBS = {Channel.SMS: "texted", Channel.VOICE: "called"}
_CHANNEL_NAMES = {"sms": "text", "voice": "call", None: "hand"}


class Timeline:
    """Writes a line for each event. Offers of one shift on one channel at one moment are counted in one line."""

    def __init__(
        self, clock: Clock, names: Mapping[str, str], write: Callable[[str], object], *, coloured: bool = False
    ) -> None:
        self._clock = clock
        self._names = names
        self._write = write
        self._coloured = coloured
        #: When the calls of a shift are due, by shift id; only shifts that are being asked by text.
        self._calls_at: dict[str, datetime] = {}
        #: Offers of this moment by (shift id, channel): how many were delivered, and how many failed.
        self._sent: Counter[tuple[str, Channel]] = Counter()
        self._failed: Counter[tuple[str, Channel]] = Counter()

    def fanout_posted(self, shift: Shift, answer: dict[str, Any]) -> None:
        """Write that the shift's fanout was posted; `answer` is the service's."""
        self._calls_at[shift.id] = datetime.fromisoformat(answer["escalates_at"])
        calls_at = _local_time(self._calls_at[shift.id])
        self._write_line(shift.id, f"open: {describe(shift, 'UTC')}; calls at {calls_at}")

    def countdown(self) -> str:
        """How long until the calls of each shift that is still open, soonest first; empty if there is none."""
        now = self._clock.now()
        left = sorted(((at - now).total_seconds(), shift_id) for shift_id, at in self._calls_at.items() if at > now)
        spans = ", ".join(f"{_format_span(left_s)} {shift_id}" for left_s, shift_id in left)
        return f"calls in {spans}" if spans else ""

    def message_sent(self, message: Message) -> None:
        """Count an offer that was delivered; write any other message."""
        self._show(message, self._sent, f'"{message.body}"')

    def message_failed(self, message: Message) -> None:
        """Count an offer that failed; write that another message failed."""
        self._show(message, self._failed, "did not go through")

    def _show(self, message: Message, counts: Counter[tuple[str, Channel]], what: str) -> None:
        if message.kind is not Kind.OFFER:
            name = self._names.get(message.caregiver_id, "the office")
            self._write_line(message.shift_id or "", f"to {name}: {what}", Colour.GREY)
        elif message.shift_id is not None:
            if not self._sent and not self._failed:
                # A new timer for the current time runs after all other timers of this moment.
                self._clock.call_at(self._clock.now(), self._write_counts)
            counts[message.shift_id, message.channel] += 1

    def _write_counts(self) -> None:
        for shift_id, channel in sorted(self._sent | self._failed):
            failed = self._failed[shift_id, channel]
            failures = f"; {failed} did not go through" if failed else ""
            self._write_line(shift_id, f"{_VERBS[channel]} {self._sent[shift_id, channel]}{failures}")
        self._sent.clear()
        self._failed.clear()

    def reply_answered(self, reply: PhoneReply, answer: dict[str, Any]) -> None:
        """Write what a caregiver replied and which outcome the service answered."""
        shift_id = answer["shift_id"] or reply.in_reply_to.shift_id or ""
        name = self._names[reply.in_reply_to.caregiver_id]
        outcome = answer["outcome"]
        if outcome == Outcome.CLAIMED:
            self._calls_at.pop(shift_id, None)
        self._write_line(
            shift_id,
            f'{name}, by {_CHANNEL_NAMES[reply.channel]}: "{reply.body}" -> {outcome}',
            Colour.GREEN if outcome == Outcome.CLAIMED else None,
        )

    def needs_a_person(self, shift_id: str, reason: AttentionReason, caregiver_id: str | None) -> None:
        """Write that the coordinator sees a new reason to look at the shift."""
        who = f", {self._names[caregiver_id]}" if caregiver_id else ""
        self._write_line(shift_id, f"needs a person: {reason}{who}", Colour.RED)

    def holder_released(self, shift_id: str, holder_id: str | None) -> None:
        """Write that the coordinator took the shift back and asks again."""
        holder = self._names[holder_id] if holder_id else "the holder"
        self._write_line(shift_id, f"the office releases {holder} and asks again", Colour.YELLOW)

    def _write_line(self, shift_id: str, what: str, colour: Colour | None = None) -> None:
        shown = painted(what, colour) if self._coloured and colour else what
        self._write(f"{_local_time(self._clock.now())}  {shift_id:<14}  {shown}")


def summary(
    shifts: Sequence[Shift],
    fanouts: Sequence[dict[str, Any]],
    names: Mapping[str, str],
    sent: Sequence[Message],
) -> list[str]:
    """The lines of the summary: a table with one row for each shift, and the totals.

    A row says who holds the shift, on which channel they accepted, how long after the fanout's start, and how many
    texts, calls and responses the shift took. The last line is the median of these times. `fanouts` are reports in
    the order of `shifts`.
    """
    rows = [("shift", "starts", "filled by", "by", "after", "texts", "calls", "answers")]
    per_shift = Counter((message.shift_id, message.channel) for message in sent)
    times_to_fill_s: list[float] = []
    for shift, fanout in zip(shifts, fanouts, strict=True):
        holder, by, after = "- unfilled -", "", ""
        if fanout["claimed_by"] is not None:
            holder = names.get(fanout["claimed_by"], fanout["claimed_by"])
            by = _CHANNEL_NAMES[fanout["claimed_via"]]
            claimed_at, started_at = (datetime.fromisoformat(fanout[name]) for name in ("claimed_at", "started_at"))
            times_to_fill_s.append((claimed_at - started_at).total_seconds())
            after = _format_span(times_to_fill_s[-1])
        starts = shift.start_time.astimezone(TIME_ZONE).strftime("%a %H:%M")
        texts, calls = (str(per_shift[shift.id, channel]) for channel in Channel)
        rows.append((shift.id, starts, holder, by, after, texts, calls, str(len(fanout["responses"]))))
    total = Counter(message.channel for message in sent)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    filled = len(times_to_fill_s)
    sums = (
        f"{len(shifts)} shifts: {filled} filled, {len(shifts) - filled} unfilled; "
        f"{len(sent)} messages: {total[Channel.SMS]} texts, {total[Channel.VOICE]} calls"
    )
    median_time = _format_span(median(times_to_fill_s)) if times_to_fill_s else "- nothing filled -"
    return ["", *lines, "", sums, f"median time to fill: {median_time}"]


def _local_time(moment: datetime) -> str:
    return moment.astimezone(TIME_ZONE).strftime("%H:%M:%S")


def _format_span(span_s: float) -> str:
    minutes, seconds = divmod(round(span_s), 60)
    return f"{minutes}m {seconds:02}s"
