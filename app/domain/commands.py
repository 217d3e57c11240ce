"""What can be asked of the service. Each command carries the time, ids and random numbers of its decision. Frozen."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.reading import Intent, ShiftTimes
from app.domain.records import Caregiver, Channel, Contact, Notice, Shift


@dataclass(frozen=True, slots=True, kw_only=True)
class PutCaregiver:
    """Add a caregiver or replace the one of that id."""

    caregiver: Caregiver
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteCaregiver:
    """Forget a caregiver; refused while they hold a shift that has not ended."""

    caregiver_id: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PutShift:
    """Add a shift or replace the one of that id; refused once claimed or while its fanout is open."""

    shift: Shift


@dataclass(frozen=True, slots=True, kw_only=True)
class StartFanout:
    """Start filling a shift, unless that is under way or done."""

    shift_id: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelFanout:
    """Stop filling a shift; refused once it is claimed."""

    shift_id: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign:
    """Give a shift to a caregiver by hand; refused if somebody else has it or they can't take it."""

    shift_id: str
    caregiver_id: str
    #: Fresh; names the notice to the caregiver.
    notice_id: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Take a shift back from whoever holds it; refused if `held_by` is given and somebody else does."""

    shift_id: str
    held_by: str | None = None
    #: Fresh; names the notice to the one who held it.
    notice_id: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """Do what is due for a fanout: write down the next slice of its round, escalate, or forget it."""

    shift_id: str
    generation: int
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An inbound SMS or phone answer. `phone` is E.164."""

    phone: str
    #: What the words mean as an answer to the shift of those hours; None: it is not known which shift is
    #: meant, so a day or hour they name is taken to be the shift's. Pure, and the same for the same hours.
    understand: Callable[[ShiftTimes | None], Intent]
    #: The offer code in the words, if there is one.
    code: str | None
    channel: Channel
    message_id: str | None
    shift_id: str | None
    #: Fresh; names the notice sent back, if one is.
    notice_id: str
    now: datetime


class Sending(StrEnum):
    """How a hand-over to the provider ended."""

    SENT = "sent"
    #: Surely not sent, may work later.
    TEMPORARY = "temporary"
    #: Surely not sent, and will not be.
    PERMANENT = "permanent"
    #: May have been sent; the receiver cannot tell a repeat from a new message.
    UNKNOWN = "unknown"
    #: May have been sent; the receiver drops a repeat of the same key, so it may be tried again.
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSending:
    """Note how the hand-over of a contact or notice ended."""

    entry: "Contact | Notice"
    sending: Sending
    error: str | None
    #: The provider asked not to be called again for this many seconds.
    retry_after_s: float | None
    #: From 0 to 1, drawn anew: spreads the retries of many messages.
    jitter: float
    now: datetime


Command = (
    PutCaregiver
    | DeleteCaregiver
    | PutShift
    | StartFanout
    | CancelFanout
    | Assign
    | Release
    | Advance
    | Reply
    | RecordSending
)
