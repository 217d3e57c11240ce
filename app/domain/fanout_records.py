"""The records of a fanout: the attempt to fill a shift, its offers, and who was left out. Frozen dataclasses.

Imports nothing that does I/O. Times are aware datetimes in UTC.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.records import Channel, Kind, Shift


class FanoutStatus(StrEnum):
    """The status of a fanout. `app.domain.rules.fanouts.MOVES` is the table of legal changes."""

    OPEN = "open"
    CLAIMED = "claimed"
    EXHAUSTED = "exhausted"
    #: The shift ended while the fanout was open or exhausted.
    EXPIRED = "expired"
    CANCELLED = "cancelled"


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
    #: A count: how many caregivers have an open offer.
    can_still_accept: int = 0
    #: How far planning of this round has got: "" = not started, an id = up to and including it, None = finished.
    #: While `late_first` is set, it is only a marker that changes with each batch: planning by id has not begun.
    planned_up_to: str | None = ""
    #: Some caregivers who accepted too late last time are not planned yet. They come before all others.
    late_first: bool = False
    #: When the fanout became exhausted; None while it is not.
    exhausted_at: datetime | None = None
    #: When the first answer of a caregiver came while a yes could still win; None: none has.
    answered_at: datetime | None = None
    #: When it was put on record that nobody has accepted although answers were due; None: it is not.
    unanswered_at: datetime | None = None
    #: When the fanout was claimed or cancelled, the holder released, or the shift ended without one.
    closed_at: datetime | None = None
    #: When the worker must next send `Advance` for this fanout; None: never.
    due_at: datetime | None = None
    #: A coordinator said that it is urgent: no quiet hours hold its messages.
    urgent: bool = False
    #: After planning: the latest time at which a message of this fanout that quiet hours hold goes out. Before the
    #: first batch is planned: the earliest such time, as the start of the fanout foresaw it. If nothing had gone out
    #: when answers were due: the time at which the first offer goes out. None: no message is held.
    held_until: datetime | None = None

    @property
    def wait(self) -> timedelta:
        """The time from the start to the calls."""
        return self.escalates_at - self.started_at

    @property
    def answers_due_at(self) -> datetime:
        """When a person must look if nobody has accepted: the calls are then out as long as the wait before them.

        Where texts are held, the calls follow half a wait after those.
        """
        called_at = self.escalates_at
        if self.held_until is not None:
            called_at = max(called_at, self.held_until + self.wait / 2)
        return called_at + self.wait

    @property
    def claimable(self) -> bool:
        """Whether a yes can still win the shift. `expires` says whether the shift's end forbids it."""
        return self.status in (FanoutStatus.OPEN, FanoutStatus.EXHAUSTED)

    def expires(self, shift: Shift) -> datetime | None:
        """When the shift's end closes the fanout; None if it started after that, which an operator may allow."""
        return shift.end_time if self.started_at < shift.end_time else None

    def status_at(self, now: datetime, shift: Shift) -> FanoutStatus:
        """The status at `now`: expired from the shift's end on, even if no worker has written it yet."""
        return FanoutStatus.EXPIRED if self.claimable and shift.ended_since(self.started_at, now) else self.status

    def claimable_at(self, now: datetime, shift: Shift) -> bool:
        """Whether a yes at `now` can win the shift."""
        return self.claimable and self.status_at(now, shift) is not FanoutStatus.EXPIRED


class OfferState(StrEnum):
    """Whether the offer waits for the caregiver's answer, or why it no longer does. A later yes may still count."""

    OPEN = "open"
    DECLINED = "declined"
    #: Withdrawn because the caregiver opted out, was deleted or lost the role. After a START a yes counts again.
    WITHDRAWN = "withdrawn"
    #: The caregiver held the shift and was released: they are not asked again, but their own yes still counts.
    RELEASED = "released"


#: For this long after an offer closes, a reply may still be about it, and its code is not given to another offer.
#: After that the code is free again.
CODE_RESERVED_FOR = timedelta(days=1)


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
    #: When a decline, a withdrawal or a release closed it. A claim or a cancellation is recorded on the fanout.
    closed_at: datetime | None = None
    #: Kinds of notice already sent to the caregiver about this shift. When the caregiver is released, CONFIRMATION
    #: and RELEASE_REQUESTED are removed, so that they can be sent again.
    notices_sent: tuple[Kind, ...] = ()
    #: When the caregiver accepted too late. The next generation asks these caregivers first, in the order of these
    #: times, and clears this.
    accepted_late_at: datetime | None = None
    #: How many questions the caregiver was sent about it without a clear yes or no since.
    questions_sent: int = 0
    #: When the caregiver last said something about it that was not understood; None after a clear yes or no.
    unclear_since: datetime | None = None
    #: When the caregiver said yes while opted out; None after they opted in.
    opted_out_yes_at: datetime | None = None

    @property
    def marked(self) -> bool:
        """Whether a person may have to look at what the caregiver said about it."""
        return self.unclear_since is not None or self.opted_out_yes_at is not None

    def without_marks(self) -> "Offer":
        """The offer with everything settled that the caregiver said about it."""
        return replace(self, questions_sent=0, unclear_since=None, opted_out_yes_at=None)


class ExclusionReason(StrEnum):
    """Why a caregiver with the required role was not contacted."""

    OPTED_OUT = "opted_out"
    WRONG_NUMBER = "wrong_number"
    CONFLICT = "conflict"
    OTHER_ORGANIZATION = "other_organization"
    #: Declined in an earlier generation of the fanout.
    DECLINED = "declined"
    #: Held the shift and was released from it.
    RELEASED = "released"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """Why a caregiver with the required role was not contacted. `reason` None removes an earlier record."""

    shift_id: str
    generation: int
    caregiver_id: str
    reason: ExclusionReason | None
