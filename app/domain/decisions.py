"""What comes out of a decision: a result or a refusal, and the records to write. Frozen; no I/O."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

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
