"""What goes into the core and what comes out: commands, refusals, decisions. Frozen; no I/O, no pydantic.

Commands are imperatives and carry the time (and, where needed, ids and chance) they are decided with.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from app.domain.reading import Intent, ShiftTimes
from app.domain.records import (
    Assignment,
    Caregiver,
    Channel,
    Contact,
    Exclusion,
    Fanout,
    Kind,
    Notice,
    Offer,
    OptOut,
    Response,
    Shift,
    StoredAnswer,
)

ResultT = TypeVar("ResultT", covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What an operator decides once, at the start of the process."""

    #: Seconds from the start of a fanout to its voice round.
    escalate_after_s: float = 600.0
    #: Seconds that closed fanouts and stored answers are kept, at least.
    retention_s: float = 604_800.0
    #: The zone in which messages show times of a shift that names none.
    zone_name: str = "UTC"


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


class RefusalCode(StrEnum):
    """Why a command was refused. Losing a race is normal business, so a refusal is a value."""

    UNKNOWN_SHIFT = "unknown_shift"
    UNKNOWN_CAREGIVER = "unknown_caregiver"
    NEVER_STARTED = "never_started"
    PHONE_TAKEN = "phone_taken"
    HOLDS_SHIFT = "holds_shift"
    SHIFT_CLAIMED = "shift_claimed"
    NOT_QUALIFIED = "not_qualified"
    CONFLICT = "conflict"
    FANOUT_OPEN = "fanout_open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A command that changed nothing, and why in words fit for the caller."""

    code: RefusalCode
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveCaregiver:
    """Take a caregiver's record out of the roster."""

    caregiver_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unassign:
    """Take the shift's assignment away; the shift stays."""

    shift_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetFanout:
    """Drop all that is recorded of a fanout: contacts, offers, responses, exclusions, notices.

    With `keep_record` the fanout itself stays. The shift and its assignment stay in any case.
    """

    shift_id: str
    generation: int
    keep_record: bool


Write = (
    Caregiver
    | Shift
    | Fanout
    | Offer
    | Contact
    | Notice
    | Assignment
    | Response
    | Exclusion
    | OptOut
    | StoredAnswer
    | RemoveCaregiver
    | Unassign
    | ForgetFanout
)


def concerned(writes: Iterable[Write]) -> set[str]:
    """The ids of the shifts that the writes are about."""
    about = (write.id if isinstance(write, Shift) else getattr(write, "shift_id", None) for write in writes)
    return {shift_id for shift_id in about if shift_id is not None}


@dataclass(frozen=True, slots=True)
class Decision(Generic[ResultT]):
    """The result for the caller and the records to write, in order, in one atomic step.

    A queued `Contact` or `Notice` is an effect: the store hands it to a worker after the write. So is a
    `Fanout` with `due_at`.
    """

    result: ResultT
    writes: tuple[Write, ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message on its way to the provider. `id` is the idempotency key, the same on every try."""

    id: str
    channel: Channel
    kind: Kind
    to: str
    body: str
    shift_id: str | None
    caregiver_id: str
    organization_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A message cleared for the hand-over, with the record (marked `sending`) that stands for it."""

    entry: Contact | Notice
    message: Message
