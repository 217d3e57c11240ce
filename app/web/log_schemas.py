"""The JSON of the log, and of the events that are posted to another system. See `schemas`."""

from datetime import datetime

# Before Python 3.12 pydantic takes only this TypedDict, and installs it.
from typing_extensions import TypedDict

from app.domain.facts import FactType


class LogEntryOut(TypedDict):
    """Something that happened. `actor`: who asked for it; `caregiver`, `service`, or whose key the request had.

    `data` has what the type does not say, such as the channel, the generation of the fanout, or the `status` and
    `error` of a message. A `record.changed` names the `record` and what `change` happened to it.
    """

    id: str
    at: datetime
    type: FactType
    shift_id: str | None
    caregiver_id: str | None
    actor: str
    data: dict[str, str | int | None]


class LogPage(TypedDict):
    """Entries of the log, oldest first. `next` goes into `after`; null: these were the last ones so far."""

    items: list[LogEntryOut]
    next: str | None


class EventDataOut(TypedDict):
    """What an event is about. It also has the fields of `data` of its entry in the log."""

    id: str
    shift_id: str | None
    caregiver_id: str | None
    actor: str


class EventOut(TypedDict):
    """Something that happened, as it is posted to `FANOUT_EVENTS_URL`."""

    type: FactType
    timestamp: datetime
    data: EventDataOut
