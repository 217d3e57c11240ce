"""A decision: its result or refusal, and the records to write. Frozen data, no I/O."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from app.domain.facts import Fact
from app.domain.fanout_records import Exclusion, Fanout, Offer
from app.domain.messages import (
    ChannelStatus,
    Contact,
    KeptText,
    Notice,
    NumberStatus,
    SentOffer,
    StoredAnswer,
    channel_of,
)
from app.domain.records import (
    Assignment,
    Caregiver,
    Channel,
    Kind,
    Language,
    Organization,
    Response,
    Shift,
)

ResultT = TypeVar("ResultT", covariant=True)


class RefusalCode(StrEnum):
    """Why a command was refused. Losing a race is normal, so a refusal is a value and not an exception."""

    UNKNOWN_SHIFT = "unknown_shift"
    UNKNOWN_CAREGIVER = "unknown_caregiver"
    UNKNOWN_ORGANIZATION = "unknown_organization"
    NEVER_STARTED = "never_started"
    PHONE_TAKEN = "phone_taken"
    HOLDS_SHIFT = "holds_shift"
    HAS_SHIFTS_TO_COME = "has_shifts_to_come"
    SHIFT_CLAIMED = "shift_claimed"
    NOT_QUALIFIED = "not_qualified"
    CONFLICT = "conflict"
    SHIFT_OVER = "shift_over"
    OPTED_OUT = "opted_out"
    OTHER_GENERATION = "other_generation"
    FANOUT_OPEN = "fanout_open"
    #: A shift with a fanout on record would move to another organization.
    FANOUT_ON_RECORD = "fanout_on_record"
    VERSION_CHANGED = "version_changed"
    ALREADY_EXISTS = "already_exists"
    #: Somebody who acts for one organization would store a record of another.
    OTHER_ORGANIZATION = "other_organization"
    #: Somebody who acts for one organization would change a caregiver who works for others too.
    SHARED_CAREGIVER = "shared_caregiver"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """The command was refused and changed nothing. `detail` says why, in words for the API's caller."""

    code: RefusalCode
    detail: str


def unknown_shift(shift_id: str) -> Refusal:
    """The refusal of a command about a shift that does not exist, or that its sender must not see."""
    return Refusal(code=RefusalCode.UNKNOWN_SHIFT, detail=f"there is no shift {shift_id!r}")


def unknown_caregiver(caregiver_id: str) -> Refusal:
    """The refusal of a command about a caregiver who does not exist, or whom its sender must not see."""
    return Refusal(code=RefusalCode.UNKNOWN_CAREGIVER, detail=f"there is no caregiver {caregiver_id!r}")


def unknown_organization(organization_id: str) -> Refusal:
    """The refusal of a command about an organization that does not exist."""
    return Refusal(code=RefusalCode.UNKNOWN_ORGANIZATION, detail=f"there is no organization {organization_id!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferToRead:
    """An offer that is read out on a call. `text`: its words, as in a call of ours, in `language`."""

    shift_id: str
    text: str
    language: Language


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveCaregiver:
    """Delete a caregiver's record: the write that follows from the command `DeleteCaregiver`."""

    caregiver_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveOrganization:
    """Delete an organization's record. Its shifts and caregivers stay."""

    organization_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveShift:
    """Delete a shift's record. It has no assignment and no fanout any more."""

    shift_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unassign:
    """Delete a shift's assignment. The shift itself stays."""

    shift_id: str
    #: Whether the holder is released. False: the shift has ended and is deleted, so nothing changes for them.
    released: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetFanout:
    """Delete what is stored about a fanout: contacts, offers, responses and exclusions.

    With `keep_record` the fanout record itself stays. The shift and its assignment always stay.
    """

    shift_id: str
    generation: int
    keep_record: bool
    #: The caregiver whose offer stays, because they hold the shift and may still be told its number; None: nobody's.
    keep_offer_of: str | None = None


Write = (
    Organization
    | Caregiver
    | Shift
    | Fanout
    | Offer
    | Contact
    | Notice
    | Assignment
    | Response
    | Exclusion
    | NumberStatus
    | ChannelStatus
    | StoredAnswer
    | KeptText
    | SentOffer
    | RemoveCaregiver
    | RemoveOrganization
    | RemoveShift
    | Unassign
    | ForgetFanout
    | Fact
)


def shift_ids_of(writes: Iterable[Write]) -> set[str]:
    """The ids of the shifts that the writes concern."""
    about = (write.id if isinstance(write, Shift) else getattr(write, "shift_id", None) for write in writes)
    return {shift_id for shift_id in about if shift_id is not None}


@dataclass(frozen=True, slots=True)
class Decision(Generic[ResultT]):
    """The result for the caller, and the records that the store writes in this order, in one atomic step.

    Effects and facts are records too. A worker picks up a queued `Contact` or `Notice`, and a `Fanout` once its
    `due_at` has come.
    """

    result: ResultT
    writes: tuple[Write, ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as a notifier gets it. `id` is the idempotency key: the same on every try."""

    id: str
    channel: Channel
    kind: Kind
    to: str
    body: str
    shift_id: str | None
    #: Empty: it goes to an office.
    caregiver_id: str
    organization_id: str | None
    #: The language of `body`, for a provider that reads it aloud.
    language: Language = Language.ENGLISH
    #: When the first try began that may have been sent: this one, if no earlier try may have been.
    first_attempt_at: datetime | None = None
    #: The message is of no use to its reader after this time. A provider that queues it may drop it then.
    worth_until: datetime | None = None


def message_of(entry: Contact | Notice) -> Message:
    """The message that was last handed over for this record. Its shift's organization is not on record."""
    return Message(
        id=entry.id if isinstance(entry, Notice) else entry.message_id or "",
        channel=channel_of(entry),
        kind=entry.kind if isinstance(entry, Notice) else Kind.OFFER,
        to=entry.phone,
        body=entry.body or "",
        shift_id=entry.shift_id,
        caregiver_id=entry.caregiver_id,
        organization_id=entry.organization_id if isinstance(entry, Notice) else None,
        first_attempt_at=entry.first_attempt_at,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A message that may be handed over now. `entry`: its record, a contact or a notice, already marked `sending`."""

    entry: Contact | Notice
    message: Message
