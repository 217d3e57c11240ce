"""What coordinators read: a fanout with its contacts and answers, a shift as the board lists it. Frozen, no I/O."""

from dataclasses import dataclass

from app.domain.records import Assignment, Contact, ContactStatus, Exclusion, Fanout, Response, Shift


@dataclass(frozen=True, slots=True, kw_only=True)
class FanoutReport:
    """A fanout as coordinators see it. `contacts`, `responses`, `excluded` are empty in a short report."""

    fanout: Fanout
    assignment: Assignment | None
    counts: dict[ContactStatus, int]
    contacts: tuple[Contact, ...] = ()
    responses: tuple[Response, ...] = ()
    excluded: tuple[Exclusion, ...] = ()

    def status_of(self, contact: Contact) -> ContactStatus:
        """The contact's status; what is queued when the fanout closes is skipped when its turn comes."""
        if contact.status is ContactStatus.QUEUED and not self.fanout.claimable:
            return ContactStatus.SKIPPED
        return contact.status


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A shift as the board lists it, with its fanout summed up."""

    shift: Shift
    assignment: Assignment | None
    #: A short report that has its responses as well; None: no fanout was started.
    report: FanoutReport | None = None
    #: Caregivers with at least one contact in the fanout's generation, on whatever channel.
    asked: int = 0
