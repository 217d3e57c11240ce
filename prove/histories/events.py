"""The events of a history, and the file in which they stand: one JSON object per line, as Jepsen writes histories.

A client that asks for something is an `invoke`. Its end is `ok` with the answer; `fail` if it certainly did not
happen; or `info` if nobody knows whether it did, and then the client goes on under a new process number. Faults are
`info` events of the process `nemesis`, and messages that reach the gateway are `ok` events of the process `gateway`.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

#: What every event is about, by names of its `f`: see `prove.histories.specification`.
Value = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """One line. `time`: nanoseconds since the history began. `index`: its place, from 0."""

    process: int | str
    type: Literal["invoke", "ok", "fail", "info"]
    f: str
    value: Value
    time: int
    index: int


class Recorder:
    """Notes events in the order in which they come. `now_s`: a clock that is never set back, in seconds."""

    def __init__(self, now_s: Callable[[], float]) -> None:
        self.events: list[Event] = []
        self._now_s = now_s
        self._began_s = now_s()

    def note(self, process: int | str, type_: Literal["invoke", "ok", "fail", "info"], f: str, value: Value) -> None:
        """Add an event."""
        elapsed_ns = round((self._now_s() - self._began_s) * 1e9)
        self.events.append(Event(process, type_, f, value, elapsed_ns, len(self.events)))


def write(events: Iterable[Event], file: Path) -> None:
    """Write the history to the file."""
    file.write_text("".join(json.dumps(asdict(event)) + "\n" for event in events))


def read(file: Path) -> list[Event]:
    """The history in the file. Raises ValueError or TypeError if it is none."""
    return [Event(**json.loads(line)) for line in file.read_text().splitlines()]


@dataclass(frozen=True, slots=True)
class Call:
    """What a client asked for. `answered` None: nobody knows how it ended."""

    asked: Event
    answered: Event | None

    @property
    def answer(self) -> Value | None:
        """The answer; None: it is not known."""
        return None if self.answered is None else dict(self.answered.value["answer"])


def calls(events: Iterable[Event]) -> Iterator[Call]:
    """What clients asked for, each with its answer, but not what certainly did not happen."""
    open_: dict[int | str, Event] = {}
    for event in events:
        match event.type:
            case "invoke":
                open_[event.process] = event
            case "ok" if event.process in open_:
                yield Call(open_.pop(event.process), event)
            case "fail":
                del open_[event.process]
            case _:
                pass
    # Those that ended as `info`, and those that were still under way at the end.
    yield from (Call(event, None) for event in open_.values())
