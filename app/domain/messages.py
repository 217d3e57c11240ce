"""Messages on record: contacts, notices, answers, and what is known about numbers and channels. Frozen dataclasses.

Times are aware datetimes in UTC.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import NamedTuple

from app.domain.attention_reasons import AttentionReason
from app.domain.records import Answer, Channel, Kind


class ContactStatus(StrEnum):
    """The status of one message.

    `unknown`: the provider gave no clear answer when the message was handed to it, so it may have been sent.
    A message is settled when its status is final: `sent`, `delivered`, `failed`, `unknown` or `skipped`.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    #: A receipt of the provider says that the text arrived, or that the call was answered.
    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"

    @property
    def settled(self) -> bool:
        """Whether the status is final, but for what a receipt of the provider says later."""
        return self not in (ContactStatus.QUEUED, ContactStatus.SENDING)

    @property
    def accepted(self) -> bool:
        """Whether the provider has accepted the message."""
        return self in (ContactStatus.SENT, ContactStatus.DELIVERED)

    @property
    def may_have_arrived(self) -> bool:
        """Whether the message may have reached its number. One that is being handed over may have."""
        return self.accepted or self in (ContactStatus.SENDING, ContactStatus.UNKNOWN)

    @property
    def not_delivered(self) -> bool:
        """Whether the message has reached nobody, and will not."""
        return self in (ContactStatus.FAILED, ContactStatus.SKIPPED)


class HoldReason(StrEnum):
    """Why an offer waits for a time."""

    #: It is night where the caregiver lives.
    QUIET_HOURS = "quiet_hours"
    #: The caregiver has got as many offers in the last 24 hours as the settings allow.
    OFFERS_PER_DAY = "offers_per_day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One offer message to one caregiver in one round. Unique per (shift, generation, round, caregiver)."""

    shift_id: str
    generation: int
    channel: Channel
    caregiver_id: str
    status: ContactStatus
    updated_at: datetime
    #: The number the message goes to, in E.164. A further try after a change of number is another message.
    phone: str
    attempts: int = 0
    error: str | None = None
    #: The earliest time of the next try, where that is not now.
    due_at: datetime | None = None
    #: Why it waits until `due_at`; kept until it is handed over. A call that waits for such a text has its reason.
    #: None: it was not held since the last try.
    held: HoldReason | None = None
    #: When the last try began; None: there was none.
    handed_over_at: datetime | None = None
    #: The text of the last try, kept while it may have been sent: a repeat of the message must carry the same text.
    body: str | None = None
    #: An earlier try ended without an answer, so the message may already have been sent.
    maybe_sent: bool = False
    #: The id under which the last try was handed over (`contact_id`); receipts name it.
    message_id: str | None = None
    #: The provider's own id of the last try that it accepted; None: it gave none. While a message waits for its next
    #: try, and during that, this is still the id of the try before.
    provider_id: str | None = None
    #: When the first try began that may have been sent; None: none may have been.
    first_attempt_at: datetime | None = None
    #: When to ask the provider what became of the message; None: never. No receipt may come by itself.
    ask_at: datetime | None = None
    #: When the service began to end the call of the last try, because it rang in vain; None: it did not.
    ended_at: datetime | None = None

    @property
    def perhaps_received_at(self) -> datetime | None:
        """When the message was handed over and may have reached its number; None if it certainly has not."""
        return self.handed_over_at if self.status.may_have_arrived or self.maybe_sent else None

    @property
    def status_if_given_up(self) -> ContactStatus:
        """The status of a queued message that is not tried again."""
        return ContactStatus.UNKNOWN if self.maybe_sent else ContactStatus.SKIPPED


#: An offer that went out counts towards `Policy.offers_per_day` for this long.
OFFERS_COUNT_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentOffer:
    """That an offer went out to a caregiver. Only on record where `Policy.offers_per_day` limits offers.

    It belongs to no fanout, so that it still counts after the fanout was started again or forgotten.
    """

    #: `Contact.message_id`: a repeat of the message does not count again.
    message_id: str
    caregiver_id: str
    #: `Contact.perhaps_received_at`. None: the message has certainly not gone out; this removes an earlier record.
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """What an alert to an office is about: a reason for a person to look at a shift."""

    reason: AttentionReason
    #: The fanout's.
    generation: int
    #: The caregiver whom the reason is about; None: it is about the shift.
    caregiver_id: str | None = None
    #: How many more alerts the text counts. Those are not sent.
    others: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptText:
    """The words of a reply that was not understood, or of an office's message. Kept only if the settings say so.

    Apart from all other records, so that nothing else has the words: not the log, the events or the process's log.
    """

    id: str
    shift_id: str
    caregiver_id: str
    #: Who wrote: the caregiver (`facts.CAREGIVER`), or whoever sent the office's message.
    actor: str
    at: datetime
    #: The organization that the shift belonged to at that time: the words are for nobody else. None: an
    #: earlier version kept them; then they are shown to whoever has the shift now.
    organization_id: str | None
    body: str = field(repr=False)


#: An alert that was made longer ago says nothing about how many may go out now: none is tried for so long.
ALERTS_MATTER_FOR = timedelta(hours=3)

#: An `Idempotency-Key` means the same request for this long. Then it may be used for another one.
KEYS_COUNT_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One message that is not an offer. Always an SMS; sent before queued offers."""

    id: str
    kind: Kind
    #: Empty: it goes to an office.
    caregiver_id: str
    body: str
    #: The number the message goes to, in E.164, as it was when the message was made.
    phone: str
    status: ContactStatus
    created_at: datetime
    updated_at: datetime
    shift_id: str | None = None
    organization_id: str | None = None
    attempts: int = 0
    error: str | None = None
    due_at: datetime | None = None
    handed_over_at: datetime | None = None
    maybe_sent: bool = False
    #: See `Contact` for these three.
    provider_id: str | None = None
    first_attempt_at: datetime | None = None
    ask_at: datetime | None = None
    #: Of an alert: what it is about.
    alert: Alert | None = None

    @property
    def perhaps_received_at(self) -> datetime | None:
        """When the message was handed over and may have reached its number; None if it certainly has not."""
        return self.handed_over_at if self.status.may_have_arrived or self.maybe_sent else None

    @property
    def status_if_given_up(self) -> ContactStatus:
        """The status of a queued message that is not tried again."""
        return ContactStatus.UNKNOWN if self.maybe_sent else ContactStatus.SKIPPED


class Silence(StrEnum):
    """Why nothing goes to a number but a direct answer."""

    OPTED_OUT = "opted_out"
    #: It is not the number of the caregiver, or of the office, that is on record with it.
    WRONG_NUMBER = "wrong_number"


#: The `error` of a message that was not sent for this reason.
SILENCE_ERRORS = {Silence.OPTED_OUT: "opted out", Silence.WRONG_NUMBER: "wrong number"}

#: The `error` of a notice that was not sent because the last message about the shift has said the same.
ALREADY_TOLD = "already told"

#: In the place of a caregiver's id, which is never empty: the number is not that of an office.
NOT_AN_OFFICE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberStatus:
    """What is known about a phone number. It belongs to the number, so it outlives changes of the caregiver."""

    phone: str
    opted_out: bool = False
    #: The caregiver whose number it is not, or `NOT_AN_OFFICE`, as its user says; None: nobody said so.
    wrong_number_of: str | None = None
    #: When a yes of somebody opted out was last answered with "text START first".
    start_hint_at: datetime | None = None
    #: When the last automatic answers went to the number; at most `MOST_AUTOMATIC_ANSWERS` times.
    answered_at: tuple[datetime, ...] = ()

    def recent_answers(self, now: datetime) -> tuple[datetime, ...]:
        """When automatic answers went to the number within the last hour."""
        return tuple(at for at in self.answered_at if at + _ANSWERS_WITHIN > now)

    def silence_for(self, caregiver_id: str) -> Silence | None:
        """Why nothing goes to the number for this caregiver but a direct answer; None if all messages may.

        `NOT_AN_OFFICE`: for an office.
        """
        if self.opted_out:
            return Silence.OPTED_OUT
        return Silence.WRONG_NUMBER if self.wrong_number_of == caregiver_id else None


#: The time in which automatic answers to one number are counted.
_ANSWERS_WITHIN = timedelta(hours=1)
#: No more than this many go to a number within that time: its user may be a machine as well.
MOST_AUTOMATIC_ANSWERS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelStatus:
    """How fast a channel's provider takes messages, as its answers have shown. The defaults: as fast as we like."""

    channel: Channel
    #: No message is handed over before this time.
    paused_until: datetime | None = None
    #: When the pause began: an answer to an earlier hand-over says nothing new.
    paused_at: datetime | None = None
    #: Seconds between two hand-overs; 0: no spacing.
    interval_s: float = 0.0
    #: How many times in a row the provider said "too many".
    throttled: int = 0
    #: Why the provider refuses everything (a wrong key, say); None: it does not.
    fault: str | None = None
    #: The provider accepted messages and reported the fault later. Only one that is delivered shows that it is over.
    fault_until_delivered: bool = False


#: A receipt is asked for if none has settled a message this long after it was handed over.
ASK_AFTER = {Channel.SMS: timedelta(minutes=5), Channel.VOICE: timedelta(minutes=3)}
#: It is asked for no longer than this after the hand-over.
ASK_UNTIL = timedelta(days=1)


def channel_of(entry: Contact | Notice) -> Channel:
    """The channel of the message."""
    return entry.channel if isinstance(entry, Contact) else Channel.SMS


def ask_again_at(handed_over_at: datetime, now: datetime) -> datetime | None:
    """When to ask again after the provider was asked at `now`: the wait doubles. None: no more, after a day."""
    age = now - handed_over_at
    return now + age if 2 * age <= ASK_UNTIL else None


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
    """The contact's id and idempotency key: 32 hexadecimal digits, the same on every try to the same number.

    `started_at` is the start of its fanout: once the log no longer has a fanout that was forgotten, or after an older
    database was restored, a generation may come again, and the key of the old one must not be used for the new one.
    """
    parts = (
        contact.shift_id,
        str(contact.generation),
        contact.channel,
        contact.caregiver_id,
        contact.phone,
        started_at.isoformat(),
    )
    return blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()


class MessageKey(NamedTuple):
    """Identifies an inbound message: gateways number their messages, so an id belongs to its sender and channel."""

    phone: str
    channel: Channel
    message_id: str


def message_key(phone: str, channel: Channel, message_id: str, within: str | None) -> MessageKey:
    """Identifies a message that somebody passes on who acts for the organization `within`; None: for all of them.

    Each organization may have a gateway of its own, and their gateways may number their messages alike. An id has no
    control characters, so no other pair of organization and id gives the same key.
    """
    return MessageKey(phone, channel, message_id if within is None else f"{within}\x1f{message_id}")


def delivery_key(delivery_id: str) -> MessageKey:
    """Identifies a signed request, whose id belongs to no sender: no phone number is empty."""
    return MessageKey("", Channel.SMS, delivery_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAnswer:
    """The answer to an inbound message id. A repeat of the id gets the same answer."""

    key: MessageKey
    answer: Answer
    at: datetime
