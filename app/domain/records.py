"""The nouns of the service: frozen records, one small record per fact.

Nothing of the app is imported here, no pydantic, nothing that does I/O. Times are aware datetimes in UTC.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import NamedTuple


class Channel(StrEnum):
    """How somebody is reached. The first round of a fanout goes by SMS, the second by voice."""

    SMS = "sms"
    VOICE = "voice"


class FanoutStatus(StrEnum):
    """Where a fanout stands; `app.core.MOVES` is the table of legal changes."""

    OPEN = "open"
    CLAIMED = "claimed"
    EXHAUSTED = "exhausted"
    CANCELLED = "cancelled"


class ContactStatus(StrEnum):
    """What is known of one message. `unknown`: handed over, but nobody knows whether it went out."""

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
    """Why a message is sent: an offer, or a notice. `confirmation` and `released` tell of a change made by hand
    too; every other notice answers the caregiver's own message.
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
    """Why somebody who matches the role was left out of a round."""

    OPTED_OUT = "opted_out"
    CONFLICT = "conflict"
    OTHER_ORGANIZATION = "other_organization"
    #: Said no in an earlier generation of the same shift's fanout.
    DECLINED = "declined"
    #: Held the shift and was released from it.
    RELEASED = "released"


class OfferState(StrEnum):
    """Whether a caregiver could still say yes to a shift they were offered."""

    OPEN = "open"
    DECLINED = "declined"
    #: Opted out, deleted, or no longer of the role: cannot say yes any more.
    WITHDRAWN = "withdrawn"
    #: Held the shift and was released from it: not asked again, but a clear yes of theirs still counts.
    RELEASED = "released"


#: How long a closed offer is still what a reply may be about, and its code names no other.
CODE_RESTS = timedelta(days=1)


def role_key(role: str) -> str:
    """The form in which roles are compared: case and surrounding space do not count."""
    return role.strip().casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Caregiver:
    """Somebody who can be asked. `organization_id` None: works for every organisation."""

    id: str
    name: str
    role: str
    #: E.164, unique among caregivers.
    phone: str
    organization_id: str | None = None

    def may_work(self, shift: "Shift") -> bool:
        """Whether role and organisation allow this caregiver to take the shift."""
        return role_key(self.role) == role_key(shift.role_required) and (
            self.organization_id is None or self.organization_id == shift.organization_id
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A span of work that needs one caregiver of a role."""

    id: str
    organization_id: str
    role_required: str
    start_time: datetime
    end_time: datetime
    #: IANA zone in which messages show the times; None: the service's default zone.
    time_zone: str | None = None
    location: str | None = None

    def overlaps(self, other: "Shift") -> bool:
        """Whether the two share any time; one that starts when the other ends does not."""
        return self.start_time < other.end_time and other.start_time < self.end_time


@dataclass(frozen=True, slots=True, kw_only=True)
class Fanout:
    """One attempt (`generation`) to fill a shift. Stays small however many are contacted."""

    shift_id: str
    generation: int
    #: The role asked for, in the form of `role_key`.
    role: str
    status: FanoutStatus
    round: Channel
    started_at: datetime
    #: When the voice round starts if the shift is still open; fixed when the fanout starts.
    escalates_at: datetime
    #: Caregivers offered the shift who could still say yes.
    can_still_accept: int = 0
    #: The round is being written down: None when done, else the caregiver id reached ("" at first).
    planned_up_to: str | None = ""
    #: Those whose yes came too late last time are being written down, before all others.
    late_first: bool = False
    #: When it was claimed, cancelled, or its holder released.
    closed_at: datetime | None = None
    #: When the fanout next needs `Advance`; None: nothing is due.
    due_at: datetime | None = None

    @property
    def claimable(self) -> bool:
        """Whether a yes can still win the shift."""
        return self.status in (FanoutStatus.OPEN, FanoutStatus.EXHAUSTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What stands between one caregiver and one shift, over all generations of its fanout."""

    shift_id: str
    caregiver_id: str
    #: The generation in which it was last made.
    generation: int
    #: Digits that name this offer among the caregiver's own.
    code: str
    state: OfferState = OfferState.OPEN
    #: When their own word or a release closed it; a claim or a cancellation is on the fanout.
    closed_at: datetime | None = None
    #: Kinds of notice already sent to them about this shift; those about holding it go with a release.
    notices_sent: tuple[Kind, ...] = ()
    #: When they said yes too late; until they are asked again, before those who did not.
    accepted_late_at: datetime | None = None
    #: Whether they were sent a list of shifts to choose from with this one in it.
    listed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One offer message to one caregiver in one round; unique per (shift, generation, round, caregiver)."""

    shift_id: str
    generation: int
    channel: Channel
    caregiver_id: str
    status: ContactStatus
    updated_at: datetime
    attempts: int = 0
    error: str | None = None
    #: Waiting for a further try: not before this time.
    due_at: datetime | None = None
    #: The words of the first try, while there may be another: under one key a receiver must see one text.
    body: str | None = None
    #: An earlier try may have gone out although nobody answered.
    maybe_sent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One message to a caregiver that is no offer; sent before waiting offers, always as an SMS."""

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
    #: How they said yes; None: assigned by hand.
    claimed_via: Channel | None
    #: Set while the holder has asked to give the shift back.
    release_requested_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What one caregiver answered about one fanout; of the same answer, the last time they gave it."""

    shift_id: str
    generation: int
    caregiver_id: str
    outcome: Outcome
    at: datetime
    channel: Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """Why a caregiver who matches the role was left out; `reason` None takes the record back."""

    shift_id: str
    generation: int
    caregiver_id: str
    reason: ExclusionReason | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOut:
    """Whether a number refuses messages. Belongs to the number, not to the caregiver."""

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
    """The one answer a message id has; a repeat of the id gets it again."""

    message_id: str
    answer: Answer
    at: datetime


def overlap(shift: Shift, held: Iterable[Shift]) -> Shift | None:
    """The first of the shifts `held` that overlaps `shift`, None if none does."""
    return next((other for other in held if other.id != shift.id and other.overlaps(shift)), None)


class ContactKey(NamedTuple):
    """Which contact."""

    shift_id: str
    generation: int
    channel: Channel
    caregiver_id: str


def contact_key(contact: Contact) -> ContactKey:
    """The key of the contact."""
    return ContactKey(contact.shift_id, contact.generation, contact.channel, contact.caregiver_id)


def contact_id(contact: Contact, started_at: datetime) -> str:
    """The contact's id and idempotency key: 32 hexadecimal digits, the same on every try and after a restart.

    `started_at` is that of its fanout, so that a generation that is numbered anew is not taken for the old.
    """
    parts = (
        contact.shift_id,
        str(contact.generation),
        contact.channel,
        contact.caregiver_id,
        started_at.isoformat(),
    )
    return blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()
