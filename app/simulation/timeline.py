"""What the demo prints: one line for each event, one line for all texts of a round, and a summary at the end."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from app.domain.decisions import Message
from app.domain.records import Channel, Kind, Shift
from app.domain.texts import describe
from app.ports.clock import Clock
from app.simulation.phones import PhoneReply
from app.simulation.scenario import TIME_ZONE

_VERBS = {Channel.SMS: "texted", Channel.VOICE: "called"}
_CHANNEL_NAMES = {"sms": "text", "voice": "call", None: "hand"}


class Timeline:
    """Writes a line for each event. Offers of one shift on one channel at one moment are counted in one line."""

    def __init__(self, clock: Clock, names: Mapping[str, str], write: Callable[[str], object]) -> None:
        self._clock = clock
        self._names = names
        self._write = write
        #: Offers of this moment by (shift id, channel): how many were delivered, and how many failed.
        self._sent: Counter[tuple[str, Channel]] = Counter()
        self._failed: Counter[tuple[str, Channel]] = Counter()

    def fanout_posted(self, shift: Shift, answer: dict[str, Any]) -> None:
        """Write that the shift's fanout was posted; `answer` is the service's."""
        calls_at = _local_time(datetime.fromisoformat(answer["escalates_at"]))
        self._write_line(shift.id, f"open: {describe(shift, 'UTC')}; calls at {calls_at}")

    def message_sent(self, message: Message) -> None:
        """Count an offer that was delivered."""
        self._count(self._sent, message)

    def message_failed(self, message: Message) -> None:
        """Count an offer that failed."""
        self._count(self._failed, message)

    def _count(self, counts: Counter[tuple[str, Channel]], message: Message) -> None:
        # Only offers are counted: other messages answer a reply, whose own line shows the outcome.
        if message.kind is Kind.OFFER and message.shift_id is not None:
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
        self._write_line(
            shift_id, f'{name}, by {_CHANNEL_NAMES[reply.channel]}: "{reply.body}" -> {answer["outcome"]}'
        )

    def _write_line(self, shift_id: str, what: str) -> None:
        self._write(f"{_local_time(self._clock.now())}  {shift_id:<14}  {what}")


def summary(
    shifts: Sequence[Shift],
    fanouts: Sequence[dict[str, Any]],
    names: Mapping[str, str],
    sent: Sequence[Message],
) -> list[str]:
    """The lines of the summary: a table with one row for each shift, and the totals.

    A row says who holds the shift, on which channel they accepted, how long after the fanout's start, and how many
    texts, calls and responses the shift took. `fanouts` are reports in the order of `shifts`.
    """
    rows = [("shift", "starts", "filled by", "by", "after", "texts", "calls", "answers")]
    per_shift = Counter((message.shift_id, message.channel) for message in sent)
    filled = 0
    for shift, fanout in zip(shifts, fanouts, strict=True):
        holder, by, after = "- unfilled -", "", ""
        if fanout["claimed_by"] is not None:
            filled += 1
            holder = names.get(fanout["claimed_by"], fanout["claimed_by"])
            if fanout["release_requested_at"] is not None:
                holder += " (asks for release)"
            by = _CHANNEL_NAMES[fanout["claimed_via"]]
            after = _format_span(
                datetime.fromisoformat(fanout["claimed_at"]) - datetime.fromisoformat(fanout["started_at"])
            )
        starts = shift.start_time.astimezone(TIME_ZONE).strftime("%a %H:%M")
        texts, calls = (str(per_shift[shift.id, channel]) for channel in Channel)
        rows.append((shift.id, starts, holder, by, after, texts, calls, str(len(fanout["responses"]))))
    total = Counter(message.channel for message in sent)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    sums = (
        f"{len(shifts)} shifts: {filled} filled, {len(shifts) - filled} unfilled; "
        f"{len(sent)} messages: {total[Channel.SMS]} texts, {total[Channel.VOICE]} calls"
    )
    return ["", *lines, "", sums]


def _local_time(moment: datetime) -> str:
    return moment.astimezone(TIME_ZONE).strftime("%H:%M:%S")


def _format_span(span: timedelta) -> str:
    minutes, seconds = divmod(round(span.total_seconds()), 60)
    return f"{minutes}m {seconds:02}s"
