"""The records that all others name: caregivers, shifts, organizations, assignments and answers. Frozen dataclasses.

Imports nothing from the app, no pydantic, nothing that does I/O. Times are aware datetimes in UTC.
"""

import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

#: `updated_at` of a record that no store has stored.
NOT_STORED = datetime.fromtimestamp(0, UTC)


class Channel(StrEnum):
    """How a caregiver is contacted. The first round of a fanout goes by SMS, the second by voice."""

    SMS = "sms"
    VOICE = "voice"


class Outcome(StrEnum):
    """What an inbound message led to."""

    #: A yes won the shift.
    CLAIMED = "claimed"
    #: A yes from the caregiver who holds the shift already.
    ALREADY_YOURS = "already_yours"
    #: A yes that came too late: the fanout is claimed or cancelled.
    ALREADY_CLAIMED = "already_claimed"
    #: A yes from a caregiver who holds a shift that overlaps or leaves too little rest.
    CONFLICT = "conflict"
    #: A yes or no that could mean several shifts.
    AMBIGUOUS = "ambiguous"
    #: A no to an offer.
    DECLINED = "declined"
    #: A no from the holder, who keeps the shift until a coordinator releases them.
    RELEASE_REQUESTED = "release_requested"
    #: Neither yes nor no.
    UNRECOGNIZED = "unrecognized"
    #: A yes or no that fits no offer to this caregiver, or a yes after the caregiver lost the role.
    NO_OFFER = "no_offer"
    #: A call that nobody answered, or without a key or a word.
    NO_ANSWER = "no_answer"
    #: Whoever answered says that the number is not the caregiver's.
    WRONG_NUMBER = "wrong_number"
    #: A STOP, or any other reply from a number that has opted out.
    OPTED_OUT = "opted_out"
    #: A START.
    OPTED_IN = "opted_in"
    #: A question for help.
    HELP = "help"
    #: No caregiver has this number.
    UNKNOWN_SENDER = "unknown_sender"


class Kind(StrEnum):
    """The kind of a message: an offer, or one of the notices.

    `confirmation` answers a yes; it is also sent after a coordinator assigns a shift. `released` is sent only after a
    coordinator releases the holder. `alert` goes to an office, and `message` has an office's own words. Every other
    notice answers a message of its reader.
    """

    OFFER = "offer"
    CONFIRMATION = "confirmation"
    CLOSED = "closed"
    CONFLICT = "conflict"
    CLARIFICATION = "clarification"
    #: Answers a holder who asked to give the shift back. They still hold it: only a coordinator releases them.
    RELEASE_REQUESTED = "release"
    #: A coordinator released the holder.
    RELEASED = "released"
    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"
    WRONG_NUMBER = "wrong_number"
    HELP = "help"
    ALERT = "alert"
    MESSAGE = "message"


def role_key(role: str) -> str:
    """The role in the form used for comparison: NFKC, case folded, a run of white space as one space."""
    return " ".join(unicodedata.normalize("NFKC", role).casefold().split())


class Language(StrEnum):
    """The language of the texts and calls that a caregiver gets."""

    ENGLISH = "en"
    SPANISH = "es"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """The hours of each day, in local time, in which nobody is to be disturbed. They may last over midnight."""

    start: time
    #: Not the same as `start`.
    end: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """An agency whose shifts are offered. What is None is as the settings of the service say."""

    id: str
    name: str
    #: IANA zone in which messages show the times of its shifts, where a shift names none.
    time_zone: str | None = None
    #: E.164. Caregivers call it, and alerts go to it.
    office_phone: str | None = None
    #: None: there are none.
    quiet_hours: QuietHours | None = None
    #: Seconds from the start of a fanout of its shifts to the calls.
    escalate_after_s: float | None = None
    #: The least time between two shifts of a caregiver; None: back to back is allowed.
    minimum_rest: timedelta | None = None
    #: See `Caregiver.updated_at`.
    updated_at: datetime = field(default=NOT_STORED, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caregiver:
    """A person who can be offered shifts."""

    id: str
    name: str
    #: At least one. No two are the same role.
    roles: tuple[str, ...]
    #: E.164, unique among caregivers.
    phone: str
    #: Empty: they work for every organization.
    organization_ids: tuple[str, ...] = ()
    #: IANA zone in which they live; None: not known.
    time_zone: str | None = None
    language: Language = Language.ENGLISH
    #: When an answer of the API about the record last changed. The store sets it, and no two records of a kind have
    #: the same: see `Store.caregivers`. It is no part of the value of the record.
    updated_at: datetime = field(default=NOT_STORED, compare=False)

    @property
    def role(self) -> str:
        """The first of the roles: the only one for those who know of one."""
        return self.roles[0]

    @property
    def organization_id(self) -> str | None:
        """The first of the organizations; None: they work for every organization."""
        return self.organization_ids[0] if self.organization_ids else None

    @property
    def role_keys(self) -> tuple[str, ...]:
        """The roles, in the same order, in the form used for comparison."""
        return tuple(map(role_key, self.roles))

    def works_for(self, organization_id: str) -> bool:
        """Whether the caregiver works for that organization."""
        return not self.organization_ids or organization_id in self.organization_ids

    def may_work(self, shift: "Shift") -> bool:
        """Whether the caregiver has the shift's required role and works for its organization."""
        return role_key(shift.role_required) in self.role_keys and self.works_for(shift.organization_id)


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
    #: Seconds east of UTC of `start_time` as it was given. Texts use it where neither the shift nor the service
    #: names a zone.
    utc_offset_s: int = 0
    #: When role, hours or place last changed after the shift had a fanout; None: never. A yes to an offer that was
    #: handed over before is asked back.
    facts_changed_at: datetime | None = None
    #: When the shift was deleted; None: it was not. The record stays until its fanout is forgotten, so that late
    #: replies are answered. To everybody but the rules the shift no longer exists.
    deleted_at: datetime | None = None
    #: See `Caregiver.updated_at`.
    updated_at: datetime = field(default=NOT_STORED, compare=False)

    def facts(self) -> tuple[object, ...]:
        """What an offer tells a caregiver: role, hours and place."""
        return role_key(self.role_required), self.start_time, self.end_time, self.location

    def has_changed_since(self, moment: datetime | None) -> bool:
        """Whether its facts are not those of a text that was made at `moment`; None: there is no such text."""
        return self.facts_changed_at is not None and (moment is None or moment < self.facts_changed_at)

    def ended_since(self, moment: datetime, now: datetime) -> bool:
        """Whether the shift ended after `moment` and by `now`. A shift may be in the past from the beginning."""
        return moment < self.end_time <= now

    def overlaps(self, other: "Shift") -> bool:
        """Whether the two shifts share any time. Back-to-back shifts do not overlap."""
        return self.start_time < other.end_time and other.start_time < self.end_time


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
    #: Since when the holder's role or organization no longer fits the shift; None: it fits.
    not_qualified_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A caregiver's recorded reaction to one fanout, such as a yes, a no or a STOP.

    There is one for each outcome: the same outcome again replaces the earlier record.
    """

    shift_id: str
    generation: int
    caregiver_id: str
    outcome: Outcome
    at: datetime
    channel: Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of the shifts an ambiguous reply could mean."""

    shift_id: str
    code: str
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the service answers to an inbound message. `reply` is the text sent back; None if none is sent."""

    outcome: Outcome
    shift_id: str | None = None
    caregiver_id: str | None = None
    reply: str | None = None
    choices: tuple[Choice, ...] = ()
