"""What the demo prints: a line for whatever happens, in sums where it happens to many, and the summary at the end."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from app.domain.decisions import Message
from app.domain.records import Channel, Kind, Shift
from app.domain.texts import describe
from app.ports.clock import Clock
from app.simulation.phones import Said
from app.simulation.scenario import ZONE

_VERBS = {Channel.SMS: "texted", Channel.VOICE: "called"}
_BY = {"sms": "text", "voice": "call", None: "hand"}


class Timeline:
    """Writes lines as things happen. Messages of one moment, shift and channel become one line."""

    def __init__(self, clock: Clock, names: Mapping[str, str], write: Callable[[str], object]) -> None:
        self._clock = clock
        self._names = names
        self._write = write
        #: Offers of this moment that went through, and that did not.
        self._through: Counter[tuple[str, Channel]] = Counter()
        self._failed: Counter[tuple[str, Channel]] = Counter()

    def opened(self, shift: Shift, answer: dict[str, Any]) -> None:
        """A fanout was posted."""
        calls_at = _local(datetime.fromisoformat(answer["escalates_at"]))
        self._line(shift.id, f"open: {describe(shift, 'UTC')}; calls at {calls_at}")

    def reached(self, message: Message) -> None:
        """A message went through."""
        self._note(self._through, message)

    def failed(self, message: Message) -> None:
        """A message did not."""
        self._note(self._failed, message)

    def _note(self, counts: Counter[tuple[str, Channel]], message: Message) -> None:
        # Notices answer somebody; the line of what they said shows it.
        if message.kind is Kind.OFFER and message.shift_id is not None:
            if not self._through and not self._failed:
                # Behind all timers of this moment.
                self._clock.call_at(self._clock.now(), self._write_sums)
            counts[message.shift_id, message.channel] += 1

    def _write_sums(self) -> None:
        for shift_id, channel in sorted(self._through | self._failed):
            failed = self._failed[shift_id, channel]
            lost = f"; {failed} did not go through" if failed else ""
            self._line(shift_id, f"{_VERBS[channel]} {self._through[shift_id, channel]}{lost}")
        self._through.clear()
        self._failed.clear()

    def answered(self, said: Said, answer: dict[str, Any]) -> None:
        """Somebody answered, and what it led to."""
        shift_id = answer["shift_id"] or said.about.shift_id or ""
        name = self._names[said.about.caregiver_id]
        self._line(shift_id, f'{name}, by {_BY[said.channel]}: "{said.body}" -> {answer["outcome"]}')

    def _line(self, shift_id: str, what: str) -> None:
        self._write(f"{_local(self._clock.now())}  {shift_id:<14}  {what}")


def summary(
    shifts: Sequence[Shift],
    fanouts: Sequence[dict[str, Any]],
    names: Mapping[str, str],
    sent: Sequence[Message],
) -> list[str]:
    """Who got which shift, by which channel, how long after its start, over how many messages; the sums below."""
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
            by = _BY[fanout["claimed_via"]]
            after = _span(datetime.fromisoformat(fanout["claimed_at"]) - datetime.fromisoformat(fanout["started_at"]))
        starts = shift.start_time.astimezone(ZONE).strftime("%a %H:%M")
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


def _local(moment: datetime) -> str:
    return moment.astimezone(ZONE).strftime("%H:%M:%S")


def _span(span: timedelta) -> str:
    minutes, seconds = divmod(round(span.total_seconds()), 60)
    return f"{minutes}m {seconds:02}s"
