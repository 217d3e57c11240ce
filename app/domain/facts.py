"""Facts: what has happened, each on record once. Frozen data, which imports nothing from the app.

The log, the board and the outgoing events read these records; none of them is written a second time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal, NamedTuple

#: The actor of a caregiver's own answer.
CAREGIVER = "caregiver"
#: The actor of what nobody asked for: a message was sent, a round began, a shift ended.
SERVICE = "service"


class FactType(StrEnum):
    """What has happened. Outgoing events have the same names."""

    FANOUT_STARTED = "fanout.started"
    #: No caregiver is left who could still accept.
    FANOUT_EXHAUSTED = "fanout.exhausted"
    #: The calls went out as long ago as the wait before them, and nobody has accepted.
    FANOUT_UNANSWERED = "fanout.unanswered"
    #: The shift ended, and nobody had taken it.
    FANOUT_EXPIRED = "fanout.expired"
    FANOUT_CANCELLED = "fanout.cancelled"
    OFFER_SENT = "offer.sent"
    #: An offer did not go out, or it is not known whether it did: `status` says which.
    OFFER_FAILED = "offer.failed"
    OFFER_DECLINED = "offer.declined"
    #: A caregiver's yes won the shift.
    SHIFT_FILLED = "shift.filled"
    #: A coordinator gave the shift to a caregiver.
    SHIFT_ASSIGNED = "shift.assigned"
    #: A coordinator took the shift back from its holder.
    SHIFT_RELEASED = "shift.released"
    #: The holder asks to give the shift back.
    RELEASE_REQUESTED = "release.requested"
    REPLY_UNRECOGNIZED = "reply.unrecognized"
    #: A message that is not an offer did not go out, or it is not known whether it did: `status` says which.
    NOTICE_FAILED = "notice.failed"
    CAREGIVER_OPTED_OUT = "caregiver.opted_out"
    CAREGIVER_OPTED_IN = "caregiver.opted_in"
    CAREGIVER_WRONG_NUMBER = "caregiver.wrong_number"
    #: Anything else that is on record: `record` says what, `change` what happened to it.
    RECORD_CHANGED = "record.changed"

    @property
    def is_event(self) -> bool:
        """Whether it is sent to `FANOUT_EVENTS_URL`. A fanout has thousands of the other kinds."""
        return self not in (FactType.OFFER_SENT, FactType.RECORD_CHANGED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that happened, as a decision records it. It is never changed."""

    type: FactType
    at: datetime
    #: Who asked for it: `CAREGIVER`, `SERVICE`, or whoever sent the command.
    actor: str
    #: None: it is about no single shift.
    shift_id: str | None = None
    caregiver_id: str | None = None
    #: What the type does not say. Small values, without a phone number: a large fanout has thousands of facts.
    data: Mapping[str, str | int | None] = field(default_factory=dict)
    #: Whose log it is in, besides the log of everything, if it is about no shift. Facts about a shift are in the log
    #: of the shift's organization. None: those about a caregiver who works for several or for all.
    organization_id: str | None = field(default=None, compare=False)

    @property
    def stream(self) -> str:
        """Names the facts that are sent in order with this one: those of its shift, else those of its caregiver."""
        if self.shift_id is not None:
            return f"s:{self.shift_id}"
        return "" if self.caregiver_id is None else f"c:{self.caregiver_id}"

    @property
    def updates(self) -> "Updated | None":
        """The record about which answers of the API are different after this fact; None if there is none."""
        # The most frequent first: each comparison takes time, and a list of records has a thousand of these facts.
        match self.type:
            case FactType.RECORD_CHANGED:
                match self.data.get("record"):
                    case "caregiver":
                        return _updated("caregiver", self.caregiver_id)
                    case "shift":
                        return _updated("shift", self.shift_id)
                    case "organization":
                        return _updated("organization", self.data.get("organization_id"))
            case FactType.SHIFT_FILLED | FactType.SHIFT_ASSIGNED | FactType.SHIFT_RELEASED:
                return _updated("shift", self.shift_id)
            case FactType.CAREGIVER_OPTED_OUT | FactType.CAREGIVER_OPTED_IN | FactType.CAREGIVER_WRONG_NUMBER:
                if self.caregiver_id is None:  # the number of an office
                    return _updated("organization", self.data.get("organization_id"))
                if self.type is FactType.CAREGIVER_WRONG_NUMBER:
                    return None
                return _updated("caregiver", self.caregiver_id)
        return None


#: Kinds of records that lists of the API contain.
ListedKind = Literal["caregiver", "organization", "shift"]


class Updated(NamedTuple):
    """A record that lists of the API contain."""

    kind: ListedKind
    id: str


def _updated(kind: ListedKind, id_: object) -> Updated | None:
    return None if id_ is None else Updated(kind, str(id_))


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """A fact in the log. The ids grow in the order in which the facts were written."""

    id: int
    fact: Fact
