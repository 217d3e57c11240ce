"""What coordinators read: a fanout with its contacts and answers, and a shift as the board lists it."""

from dataclasses import dataclass

from app.domain.records import Assignment, Contact, ContactStatus, Exclusion, Fanout, Response, Shift


@dataclass(frozen=True, slots=True, kw_only=True)
class FanoutReport:
    """A fanout as coordinators see it. In a short report `contacts`, `responses` and `excluded` are empty."""

    fanout: Fanout
    assignment: Assignment | None
    counts: dict[ContactStatus, int]
    contacts: tuple[Contact, ...] = ()
    responses: tuple[Response, ...] = ()
    excluded: tuple[Exclusion, ...] = ()

    def status_of(self, contact: Contact) -> ContactStatus:
        """The contact's status. A queued contact of a closed fanout counts as skipped: a worker will skip it."""
        if contact.status is ContactStatus.QUEUED and not self.fanout.claimable:
            return ContactStatus.SKIPPED
        return contact.status


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A shift as the board lists it, with a summary of its fanout."""

    shift: Shift
    assignment: Assignment | None
    #: A report without contacts and exclusions; None if no fanout was started.
    report: FanoutReport | None = None
    #: How many caregivers have a contact in this generation, on any channel.
    asked: int = 0
