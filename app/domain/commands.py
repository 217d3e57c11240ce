"""What can be asked of the service. Each command carries the time, ids and random numbers of its decision. Frozen.

`actor`: who asks, for the record; the service itself unless the sender says otherwise. `within`: the only
organization that the sender acts for; None: all of them (`app.domain.rules.access`). `if_match`: the versions
(`app.domain.versions`) of which the record must have one; `("*",)` if it need only exist; None: no condition.
`if_none_match`: the versions of which it must have none; `("*",)` if it must not exist.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.domain.attention_reasons import AttentionReason
from app.domain.facts import SERVICE
from app.domain.messages import Contact, MessageKey, Notice, message_key
from app.domain.reading import Reading
from app.domain.receipts import Receipt
from app.domain.records import Caregiver, Channel, Organization, Shift


@dataclass(frozen=True, slots=True, kw_only=True)
class PutCaregiver:
    """Add a caregiver, or replace the one with the same id."""

    caregiver: Caregiver
    now: datetime
    actor: str = SERVICE
    if_match: tuple[str, ...] | None = None
    if_none_match: tuple[str, ...] = ()
    within: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteCaregiver:
    """Delete a caregiver. Refused while they hold a shift that has not ended."""

    caregiver_id: str
    now: datetime
    actor: str = SERVICE
    if_match: tuple[str, ...] | None = None
    within: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PutOrganization:
    """Add an organization, or replace the one with the same id."""

    organization: Organization
    now: datetime
    actor: str = SERVICE
    if_match: tuple[str, ...] | None = None
    if_none_match: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteOrganization:
    """Delete an organization. Refused while it has a shift that has not ended."""

    organization_id: str
    now: datetime
    actor: str = SERVICE
    if_match: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PutShift:
    """Add a shift, or replace the one with the same id. Refused once it is claimed or while its fanout is open."""

    shift: Shift
    now: datetime
    actor: str = SERVICE
    if_match: tuple[str, ...] | None = None
    if_none_match: tuple[str, ...] = ()
    within: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteShift:
    """Delete a shift: cancel its fanout, and release its holder if it has not ended."""

    shift_id: str
    #: A new id for the notice to the former holder.
    notice_id: str
    now: datetime
    actor: str = SERVICE
    if_match: tuple[str, ...] | None = None
    within: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OptIn:
    """The office records a new consent: lift the opt-out and the wrong-number mark of the caregiver's number."""

    caregiver_id: str
    now: datetime
    actor: str = SERVICE
    within: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StartFanout:
    """Start a fanout for a shift, unless one is open, claimed or exhausted."""

    shift_id: str
    #: Quiet hours do not hold its messages. If it is open or exhausted already, those that they hold go out now.
    urgent: bool = False
    now: datetime
    actor: str = SERVICE
    within: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelFanout:
    """Cancel the fanout of a shift. Refused once the shift is claimed, or if another generation is the latest."""

    shift_id: str
    #: The generation to cancel; None: whichever is the latest.
    generation: int | None = None
    now: datetime
    actor: str = SERVICE
    within: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign:
    """A coordinator assigns the shift to a caregiver. Refused if somebody else has it or they can't take it."""

    shift_id: str
    caregiver_id: str
    #: A new id for the notice to the caregiver.
    notice_id: str
    now: datetime
    actor: str = SERVICE
    within: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendText:
    """The office writes to a caregiver about a shift. Refused if no message may go to their number."""

    shift_id: str
    caregiver_id: str
    body: str = field(repr=False)
    #: A new id for the message.
    notice_id: str
    #: The id of the message instead, if the request is one that may be sent again: the same for each repeat.
    keyed_id: str | None = None
    now: datetime
    actor: str = SERVICE
    within: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A coordinator releases the holder. Refused if `held_by` is given and another caregiver holds the shift."""

    shift_id: str
    held_by: str | None = None
    #: A new id for the notice to the former holder.
    notice_id: str
    now: datetime
    actor: str = SERVICE
    within: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TellOffice:
    """Alert the office of a shift's organization to what needs a person, where it has not been told.

    Facts alert it when a reason begins. This is for those that began while it had no number, or a wrong one.
    """

    shift_id: str
    #: The reasons that hold, each with the caregiver whom it is about; None: it is about the shift.
    reasons: tuple[tuple[AttentionReason, str | None], ...]
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """Do what is due for a fanout: plan the next batch of its round, escalate, or forget it."""

    shift_id: str
    generation: int
    #: Forget a closed fanout now, although its retention is not over.
    forget_early: bool = False
    #: When the first held offer goes out (`FanoutReport.first_offer_at`), read by the worker once answers are due.
    #: Until then nobody has been asked. None: an offer has gone out, or answers are not due.
    first_offer_at: datetime | None = None
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An inbound SMS or phone answer. `phone` is E.164."""

    phone: str
    #: What its words mean.
    reading: Reading
    #: The words themselves, if they may be kept; else None, so that no store can keep them.
    text: str | None = field(default=None, repr=False)
    channel: Channel
    message_id: str | None
    #: Set if this reply reports the end of a call: the message id of an answer in that call. If there is such an
    #: answer, nothing happens.
    answered_as: str | None = None
    #: When the provider received it, if that may have been a while ago; None: just now.
    sent_at: datetime | None = None
    #: When the offer that was heard on the call was put into words; None: not known.
    heard_of: datetime | None = None
    #: Whether the provider itself has answered this STOP, START or HELP, so that nothing is sent back.
    answered_by_provider: bool = False
    #: The id of the signed request in which it came; None: it was not signed. Each id counts once.
    delivery_id: str | None = None
    #: Who in the office has heard the answer and passes it on; None: it comes from the caregiver's own phone.
    recorded_by: str | None = None
    #: The name of the key that was used for that, if it is not the name of `recorded_by`.
    recorded_with: str | None = None
    shift_id: str | None
    #: A new id for the notice sent back, if there is one.
    notice_id: str
    now: datetime
    within: str | None = None

    @property
    def key(self) -> MessageKey | None:
        """The key under which its answer is stored; None: it has no message id."""
        return None if self.message_id is None else self._key_of(self.message_id)

    @property
    def key_answered_as(self) -> MessageKey | None:
        """The key under which the answer of `answered_as` is stored; None: this is not the end of a call."""
        return None if self.answered_as is None else self._key_of(self.answered_as)

    def _key_of(self, message_id: str) -> MessageKey:
        return message_key(self.phone, self.channel, message_id, self.within)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindOffer:
    """Find the offer that somebody who calls from `phone` (E.164) could answer. It changes nothing."""

    phone: str
    #: The shift that the call is about; None: not known yet.
    shift_id: str | None
    now: datetime


class HandoverResult(StrEnum):
    """What is known after a message was handed to the provider, and whether it may be tried again."""

    SENT = "sent"
    #: Certainly not sent; a later try may succeed.
    TEMPORARY = "temporary"
    #: Certainly not sent; no later try will succeed.
    PERMANENT = "permanent"
    #: Certainly not sent: the provider takes no more messages on this channel for now.
    THROTTLED = "throttled"
    #: Certainly not sent: the provider refuses everything, because something is set up wrongly.
    MISCONFIGURED = "misconfigured"
    #: Not handed over at all: the worker noticed in time that its lease had ended.
    RETURNED = "returned"
    #: May have been sent, and the receiver would treat a repeat as a new message: not tried again.
    UNKNOWN = "unknown"
    #: May have been sent, but the receiver drops a repeat of the same key: tried again.
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSending:
    """Record what is known after a message was handed to the provider. `entry`: its record, a contact or a notice."""

    entry: "Contact | Notice"
    result: HandoverResult
    error: str | None
    #: The provider asked us to wait this many seconds before the next request; None: it did not ask.
    retry_after_s: float | None
    #: A random number from 0 to 1, which spreads the retries of many messages.
    jitter: float
    #: The provider's own id of the message, if it accepted it and gave one.
    provider_id: str | None = None
    #: What the provider said about the message when it accepted it, or why it never will; None: nothing.
    receipt: Receipt | None = None
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDelivery:
    """Record what the provider says about a message that it has taken. Nothing happens if the id is unknown."""

    #: The id that the notifier got: `Message.id`.
    message_id: str
    #: The provider's own id; None: it did not say.
    provider_id: str | None
    receipt: Receipt
    now: datetime
    within: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndCall:
    """Record that the service is about to end a call that rings in vain."""

    #: The id that the notifier got: `Message.id`.
    message_id: str
    provider_id: str
    now: datetime


Command = (
    PutCaregiver
    | DeleteCaregiver
    | PutOrganization
    | DeleteOrganization
    | OptIn
    | PutShift
    | DeleteShift
    | StartFanout
    | CancelFanout
    | Assign
    | Release
    | SendText
    | TellOffice
    | Advance
    | Reply
    | FindOffer
    | RecordSending
    | RecordDelivery
    | EndCall
)
