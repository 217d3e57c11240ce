"""The nouns of the service: frozen records, one small record for each fact.

Imports nothing from the app, no pydantic, nothing that does I/O. Times are aware datetimes in UTC.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import NamedTuple


class Channel(StrEnum):
    """How a caregiver is contacted. The first round of a fanout goes by SMS, the second by voice."""

    SMS = "sms"
    VOICE = "voice"


class FanoutStatus(StrEnum):
    """The status of a fanout. `app.domain.rules.fanouts.MOVES` is the table of legal changes."""

    OPEN = "open"
    CLAIMED = "claimed"
    EXHAUSTED = "exhausted"
    CANCELLED = "cancelled"


class ContactStatus(StrEnum):
    """The status of one message. `unknown`: the hand-over ended without a clear answer, so it may have been sent."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


class Outcome(StrEnum):
    """What an inbound message led to."""

    CLAIMED = "claimed"
    ALREADY_YOURS = "already_yours"
    ALREADY_CLAIMED = "already_claimed"
    CONFLICT = "conflict"
    AMBIGUOUS = "ambiguous"
    DECLINED = "declined"
    RELEASE_REQUESTED = "release_requested"
    UNRECOGNIZED = "unrecognized"
    NO_OFFER = "no_offer"
    OPTED_OUT = "opted_out"
    OPTED_IN = "opted_in"
    HELP = "help"
    UNKNOWN_SENDER = "unknown_sender"


class Kind(StrEnum):
    """The kind of a message: an offer, or one of the notices.

    `confirmation` and `released` are also sent after a coordinator assigns or releases a shift. Every other notice
    answers a message from the caregiver.
    """

    OFFER = "offer"
    CONFIRMATION = "confirmation"
    CLOSED = "closed"
    CONFLICT = "conflict"
    CLARIFICATION = "clarification"
    RELEASE = "release"
    RELEASED = "released"
    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"
    HELP = "help"


class ExclusionReason(StrEnum):
    """Why a caregiver with the required role was not contacted."""

    OPTED_OUT = "opted_out"
    CONFLICT = "conflict"
    OTHER_ORGANIZATION = "other_organization"
    #: Declined in an earlier generation of the fanout.
    DECLINED = "declined"
    #: Held the shift and was released from it.
    RELEASED = "released"


class OfferState(StrEnum):
    """Whether the caregiver can still accept the offer."""

    OPEN = "open"
    DECLINED = "declined"
    #: The caregiver opted out, was deleted or lost the role, so they can no longer accept.
    WITHDRAWN = "withdrawn"
    #: The caregiver held the shift and was released: they are not asked again, but their own yes still counts.
    RELEASED = "released"


#: For this long after an offer closes, a reply may still be about it, and its code is not given to another offer.
CODE_RESTS = timedelta(days=1)


def role_key(role: str) -> str:
    """The role in the form used for comparison: without surrounding space, case folded."""
    return role.strip().casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Caregiver:
    """A person who can be offered shifts. `organization_id` None: they work for every organisation."""

    id: str
    name: str
    role: str
    #: E.164, unique among caregivers.
    phone: str
    organization_id: str | None = None

    def may_work(self, shift: "Shift") -> bool:
        """Whether the caregiver has the shift's required role and works for its organisation."""
        return role_key(self.role) == role_key(shift.role_required) and (
            self.organization_id is None or self.organization_id == shift.organization_id
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A period of work that needs one caregiver with a given role."""

    id: str
    organization_id: str
    role_required: str
    start_time: datetime
    end_time: datetime
    #: IANA zone in which messages show the times; None: the service's default zone.
    time_zone: str | None = None
    location: str | None = None

    def overlaps(self, other: "Shift") -> bool:
        """Whether the two shifts share any time. Back-to-back shifts do not overlap."""
        return self.start_time < other.end_time and other.start_time < self.end_time


@dataclass(frozen=True, slots=True, kw_only=True)
class Fanout:
    """One attempt (`generation`) to fill a shift. The record stays small however many caregivers are contacted."""

    shift_id: str
    generation: int
    #: The required role, as `role_key` gives it.
    role: str
    status: FanoutStatus
    round: Channel
    started_at: datetime
    #: When the voice round starts if the shift is still open; fixed when the fanout starts.
    escalates_at: datetime
    #: How many caregivers have an open offer.
    can_still_accept: int = 0
    #: How far planning of this round has got: "" = not started, an id = up to and including it, None = finished.
    planned_up_to: str | None = ""
    #: Planning still has to do the caregivers who accepted too late last time; they come before all others.
    late_first: bool = False
    #: When the fanout was claimed or cancelled, or the shift's holder was released.
    closed_at: datetime | None = None
    #: When the worker must next send `Advance` for this fanout; None: never.
    due_at: datetime | None = None

    @property
    def claimable(self) -> bool:
        """Whether a yes can still win the shift."""
        return self.status in (FanoutStatus.OPEN, FanoutStatus.EXHAUSTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The offer of one shift to one caregiver. One record serves all generations of the fanout."""

    shift_id: str
    caregiver_id: str
    #: The generation in which the offer was last made.
    generation: int
    #: Digits that identify this offer among all offers to this caregiver, as in "YES 2".
    code: str
    state: OfferState = OfferState.OPEN
    #: When the caregiver's own reply or a release closed it. A claim or a cancellation is recorded on the fanout.
    closed_at: datetime | None = None
    #: Kinds of notice already sent to them about this shift. A release removes the kinds about holding it.
    notices_sent: tuple[Kind, ...] = ()
    #: When they accepted too late. The next generation asks them first, in the order of these times, and clears this.
    accepted_late_at: datetime | None = None
    #: Whether a text that lists several shifts to choose from has named this one.
    listed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One offer message to one caregiver in one round. Unique per (shift, generation, round, caregiver)."""

    shift_id: str
    generation: int
    channel: Channel
    caregiver_id: str
    status: ContactStatus
    updated_at: datetime
    attempts: int = 0
    error: str | None = None
    #: Set while the message waits for a retry: the earliest time of the retry.
    due_at: datetime | None = None
    #: The text of the first try, kept until the message is settled: every try under one key must carry the same text.
    body: str | None = None
    #: An earlier try ended without an answer, so the message may already have been sent.
    maybe_sent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One message to a caregiver that is not an offer. Always an SMS; sent before queued offers."""

    id: str
    kind: Kind
    caregiver_id: str
    body: str
    status: ContactStatus
    updated_at: datetime
    shift_id: str | None = None
    attempts: int = 0
    error: str | None = None
    due_at: datetime | None = None
    maybe_sent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Who holds a shift. A shift has at most one."""

    shift_id: str
    caregiver_id: str
    claimed_at: datetime
    #: The channel of their yes; None: a coordinator assigned the shift.
    claimed_via: Channel | None
    #: When the holder asked to give the shift back; None: they have not, or took it back.
    release_requested_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer of one caregiver about one fanout. A repeated answer replaces the earlier one."""

    shift_id: str
    generation: int
    caregiver_id: str
    outcome: Outcome
    at: datetime
    channel: Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """Why a caregiver with the required role was not contacted. `reason` None removes an earlier record."""

    shift_id: str
    generation: int
    caregiver_id: str
    reason: ExclusionReason | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOut:
    """Whether a phone number has opted out. It belongs to the number, not to the caregiver."""

    phone: str
    opted_out: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of the shifts an ambiguous reply could mean."""

    shift_id: str
    code: str
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to an inbound message. `reply` is the text sent back, None if nothing is."""

    outcome: Outcome
    shift_id: str | None = None
    caregiver_id: str | None = None
    reply: str | None = None
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAnswer:
    """The answer to an inbound message id. A repeat of the id gets the same answer."""

    message_id: str
    answer: Answer
    at: datetime


def overlap(shift: Shift, held: Iterable[Shift]) -> Shift | None:
    """The first of the shifts `held` that overlaps `shift`, None if none does."""
    return next((other for other in held if other.id != shift.id and other.overlaps(shift)), None)


class ContactKey(NamedTuple):
    """Identifies a contact."""

    shift_id: str
    generation: int
    channel: Channel
    caregiver_id: str


def contact_key(contact: Contact) -> ContactKey:
    """The key of the contact."""
    return ContactKey(contact.shift_id, contact.generation, contact.channel, contact.caregiver_id)


def contact_id(contact: Contact, started_at: datetime) -> str:
    """The contact's id and idempotency key: 32 hexadecimal digits, the same on every try and after a restart.

    `started_at` is the start of its fanout: after a fanout is forgotten, generations start at 1 again, and the key of
    an old generation must not be used for a new one.
    """
    parts = (
        contact.shift_id,
        str(contact.generation),
        contact.channel,
        contact.caregiver_id,
        started_at.isoformat(),
    )
    return blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()
