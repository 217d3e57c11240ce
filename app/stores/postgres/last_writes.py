"""The writes of a transaction by kind, of each record only the last one. No SQL."""

from collections.abc import Iterable
from typing import assert_never

from app.domain.decisions import (
    ForgetFanout,
    RemoveCaregiver,
    RemoveOrganization,
    RemoveShift,
    Unassign,
    Write,
)
from app.domain.facts import Fact
from app.domain.fanout_records import Exclusion, Fanout, Offer
from app.domain.messages import (
    ChannelStatus,
    Contact,
    ContactKey,
    KeptText,
    MessageKey,
    Notice,
    NumberStatus,
    SentOffer,
    StoredAnswer,
    contact_key,
)
from app.domain.records import (
    Assignment,
    Caregiver,
    Channel,
    Organization,
    Response,
    Shift,
)


class LastWrites:
    """What to write: None stands for a record that is deleted."""

    def __init__(self, writes: Iterable[Write]) -> None:
        self.caregivers: dict[str, Caregiver | None] = {}
        self.organizations: dict[str, Organization | None] = {}
        self.shifts: dict[str, Shift | None] = {}
        #: Shifts whose holder is taken away before anybody is assigned.
        self.unassigned: set[str] = set()
        self.assignments: dict[str, Assignment] = {}
        self.fanouts: dict[str, Fanout] = {}
        self.offers: dict[tuple[str, str], Offer] = {}
        self.contacts: dict[ContactKey, Contact] = {}
        self.notices: dict[str, Notice] = {}
        self.responses: dict[tuple[str, int, str, str], Response] = {}
        self.exclusions: dict[tuple[str, int, str], Exclusion] = {}
        self.numbers: dict[str, NumberStatus] = {}
        self.channels: dict[Channel, ChannelStatus] = {}
        self.answers: dict[MessageKey, StoredAnswer] = {}
        self.forgotten: list[ForgetFanout] = []
        self.texts: list[KeptText] = []
        self.sent_offers: dict[str, SentOffer] = {}
        self.facts: list[Fact] = []
        for write in writes:
            self._collect(write)

    def _collect(self, write: Write) -> None:
        # What is written most comes first: each case that does not match takes a part of a microsecond.
        match write:
            case Fact():
                self.facts.append(write)
            case StoredAnswer():
                self.answers[write.key] = write
            case Response():
                key = (write.shift_id, write.generation, write.caregiver_id, write.outcome)
                self.responses.pop(key, None)
                self.responses[key] = write
            case Contact():
                self.contacts[contact_key(write)] = write
            case Notice():
                self.notices[write.id] = write
            case Offer():
                self.offers[write.shift_id, write.caregiver_id] = write
            case Fanout():
                self.fanouts[write.shift_id] = write
            case Assignment():
                self.assignments[write.shift_id] = write
            case Caregiver():
                self.caregivers[write.id] = write
            case RemoveCaregiver():
                self.caregivers[write.caregiver_id] = None
            case Organization():
                self.organizations[write.id] = write
            case RemoveOrganization():
                self.organizations[write.organization_id] = None
            case Shift():
                self.shifts[write.id] = write
            case RemoveShift():
                self.shifts[write.shift_id] = None
            case Unassign():
                self.unassigned.add(write.shift_id)
                self.assignments.pop(write.shift_id, None)
            case Exclusion():
                self.exclusions[write.shift_id, write.generation, write.caregiver_id] = write
            case NumberStatus():
                self.numbers[write.phone] = write
            case ChannelStatus():
                self.channels[write.channel] = write
            case KeptText():
                self.texts.append(write)
            case SentOffer():
                self.sent_offers[write.message_id] = write
            case ForgetFanout():
                self.forgotten.append(write)
            case _:
                assert_never(write)
