"""What coordinators read: a fanout with its contacts and answers, and a shift as the board lists it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.domain.fanout_records import (
    Exclusion,
    Fanout,
    FanoutStatus,
    Offer,
)
from app.domain.messages import Contact, ContactStatus, HoldReason, Notice
from app.domain.records import (
    Assignment,
    Channel,
    Organization,
    Outcome,
    Response,
    Shift,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldMessages:
    """The messages of a fanout on one channel that are held until the same time for the same reason."""

    channel: Channel
    until: datetime
    reason: HoldReason
    #: How many: one for each caregiver.
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FanoutReport:
    """A fanout as coordinators see it.

    In a short report `contacts` and `excluded` are empty. All else is there: `app.domain.attention` needs it.
    """

    shift: Shift
    fanout: Fanout
    assignment: Assignment | None
    counts: dict[ContactStatus, int]
    contacts: tuple[Contact, ...] = ()
    responses: tuple[Response, ...] = ()
    excluded: tuple[Exclusion, ...] = ()
    notices: tuple[Notice, ...] = ()
    #: The offers whose caregiver said something that a person may have to look at (`Offer.marked`), in any order.
    marked_offers: tuple[Offer, ...] = ()
    #: The messages that are held, or were held until now and that have not gone out yet; in any order.
    held: tuple[HeldMessages, ...] = ()
    #: When a contact last failed. It counts only if every contact has failed; else it may be None.
    last_failed_at: datetime | None = None

    @property
    def answers(self) -> tuple[Response, ...]:
        """The responses that caregivers gave. A call that nobody answered is none."""
        return tuple(response for response in self.responses if response.outcome is not Outcome.NO_ANSWER)

    def claimable_at(self, now: datetime) -> bool:
        """Whether a yes at `now` can win the shift."""
        return self.fanout.claimable_at(now, self.shift)

    def status_at(self, now: datetime) -> FanoutStatus:
        """The fanout's status at `now`: expired from the shift's end on, even if no worker has written it yet."""
        return self.fanout.status_at(now, self.shift)

    def held_at(self, now: datetime) -> tuple[HeldMessages, ...]:
        """The messages that are still held at `now`, those that go out first before the others.

        Quiet hours hold nothing of an urgent fanout; the number of offers in a day does.
        """
        if not self.claimable_at(now):
            return ()
        held = (
            one
            for one in self.held
            if one.until > now and not (self.fanout.urgent and one.reason is HoldReason.QUIET_HOURS)
        )
        return tuple(sorted(held, key=lambda one: (one.until, one.channel)))

    def held_until(self, now: datetime) -> datetime | None:
        """The earliest time at which a message that quiet hours hold goes out; None: they hold none.

        Until the round is planned it is the time that the start of the fanout foresaw.
        """
        for one in self.held_at(now):
            if one.reason is HoldReason.QUIET_HOURS:
                return one.until
        foreseen = self.fanout.held_until
        planning = self.claimable_at(now) and self.fanout.planned_up_to is not None and not self.fanout.urgent
        return foreseen if planning and foreseen is not None and foreseen > now else None

    @property
    def first_offer_at(self) -> datetime | None:
        """When the first of the held offers goes out, if no offer has gone out yet; None: one has, or none is held.

        The time may be past: a rate can delay it.
        """
        if any(count for status, count in self.counts.items() if status.may_have_arrived):
            return None
        return min((one.until for one in self.held), default=None)

    def status_of(self, contact: Contact) -> ContactStatus:
        """The contact's status. A queued contact of a closed fanout has the status that a worker will give it."""
        if contact.status is ContactStatus.QUEUED and not self.fanout.claimable:
            return contact.status_if_given_up
        return contact.status


def counts_as_reported(
    fanout: Fanout, counts: Mapping[ContactStatus, int], perhaps_sent: int
) -> dict[ContactStatus, int]:
    """The number of contacts in each status, counted as `FanoutReport.status_of` says.

    `counts`: how many have each status on record. `perhaps_sent`: how many of the queued ones may have been sent by
    an earlier try. It matters only for a closed fanout.
    """
    reported = {status: counts.get(status, 0) for status in ContactStatus}
    if not fanout.claimable:
        queued = reported[ContactStatus.QUEUED]
        unknown = min(perhaps_sent, queued)
        reported[ContactStatus.UNKNOWN] += unknown
        reported[ContactStatus.SKIPPED] += queued - unknown
        reported[ContactStatus.QUEUED] = 0
    return reported


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A shift as the board lists it, with a summary of its fanout."""

    shift: Shift
    assignment: Assignment | None
    #: Of the shift; None: it has no record.
    organization: Organization | None = None
    #: A short report; None: no fanout was started.
    report: FanoutReport | None = None
    #: How many caregivers have a contact in this generation, on any channel.
    asked: int = 0
