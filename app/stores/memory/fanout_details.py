"""What the memory store keeps about one shift's fanout, in addition to the fanout's own record. Does no I/O."""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from app.database import InMemoryKeyValueDatabase
from app.domain.fanout_records import Exclusion, Offer
from app.domain.messages import Contact, ContactStatus, HoldReason, Notice
from app.domain.records import Channel, Outcome, Response


class FanoutDetails:
    """Offers, contacts, answers, exclusions and notices of one shift. Deleted as a whole with the fanout or shift.

    A shift has only notices before its first fanout.
    """

    __slots__ = (
        "accepted_late",
        "asked",
        "contacts",
        "counts",
        "excluded",
        "generation",
        "held",
        "last_failed_at",
        "marked_offers",
        "notices",
        "offers",
        "queued_perhaps_sent",
        "responses",
    )

    def __init__(self, generation: int) -> None:
        #: By caregiver id, over all generations.
        self.offers: InMemoryKeyValueDatabase[str, Offer] = InMemoryKeyValueDatabase()
        #: (`accepted_late_at`, caregiver id) of the offers whose yes came too late, sorted.
        self.accepted_late: list[tuple[datetime, str]] = []
        #: By id, over all generations, settled ones included.
        self.notices: dict[str, Notice] = {}
        #: By caregiver id: the offers with `Offer.marked`.
        self.marked_offers: dict[str, Offer] = {}
        self.begin_generation(generation)

    def begin_generation(self, generation: int) -> None:
        """Begin a generation. The contacts and responses of the previous one are dropped: nothing reads them."""
        self.generation = generation
        #: One database for each round, by caregiver id.
        self.contacts: dict[Channel, InMemoryKeyValueDatabase[str, Contact]] = {}
        self.counts: dict[ContactStatus, int] = {}
        #: How many of the queued contacts may have been sent by an earlier try.
        self.queued_perhaps_sent = 0
        #: The contacts that are held, by channel, `due_at` and reason.
        self.held: Counter[tuple[Channel, datetime, HoldReason]] = Counter()
        #: When a contact last failed.
        self.last_failed_at: datetime | None = None
        #: Caregivers with a contact in any round.
        self.asked = 0
        self.responses: dict[tuple[str, Outcome], Response] = {}
        self.excluded: dict[str, Exclusion] = {}

    @property
    def held_by_night(self) -> bool:
        """Whether quiet hours hold one of the contacts."""
        return any(reason is HoldReason.QUIET_HOURS for _, _, reason in self.held)

    def put_offer(self, offer: Offer) -> Offer | None:
        """Store the offer; returns the caregiver's offer before it."""
        before = self.offers.get(offer.caregiver_id)
        self.offers.put(offer.caregiver_id, offer)
        if offer.marked:
            self.marked_offers[offer.caregiver_id] = offer
        else:
            self.marked_offers.pop(offer.caregiver_id, None)
        late_before = before.accepted_late_at if before else None
        if offer.accepted_late_at != late_before:
            if late_before is not None:
                del self.accepted_late[bisect_left(self.accepted_late, (late_before, offer.caregiver_id))]
            if offer.accepted_late_at is not None:
                insort(self.accepted_late, (offer.accepted_late_at, offer.caregiver_id))
        return before

    def first_accepted_late(self, limit: int) -> list[Offer]:
        """At most `limit` offers whose yes came too late, in the order in which the answers came."""
        found = (self.offers.get(caregiver_id) for _, caregiver_id in self.accepted_late[:limit])
        return [offer for offer in found if offer is not None]

    def all_contacts(self) -> Iterator[Contact]:
        """The contacts of the generation, round by round."""
        return (contact for contacts in self.contacts.values() for contact in contacts)

    def put_contact(self, contact: Contact) -> Contact | None:
        """Store the contact and update the counts; returns the contact before it."""
        contacts = self.contacts.get(contact.channel)
        if contacts is None:
            contacts = self.contacts[contact.channel] = InMemoryKeyValueDatabase()
        before = contacts.get(contact.caregiver_id)
        contacts.put(contact.caregiver_id, contact)
        if before is not None:
            self.counts[before.status] -= 1
            self.queued_perhaps_sent -= _queued_perhaps_sent(before)
            if (was_held := _held(before)) is not None:
                self.held[was_held] -= 1
                if not self.held[was_held]:
                    del self.held[was_held]
        elif not any(contact.caregiver_id in others for others in self.contacts.values() if others is not contacts):
            self.asked += 1
        self.counts[contact.status] = self.counts.get(contact.status, 0) + 1
        self.queued_perhaps_sent += _queued_perhaps_sent(contact)
        if (held := _held(contact)) is not None:
            self.held[held] += 1
        if contact.status is ContactStatus.FAILED:
            self.last_failed_at = contact.updated_at
        return before


def _queued_perhaps_sent(contact: Contact) -> bool:
    return contact.status is ContactStatus.QUEUED and contact.maybe_sent


def _held(contact: Contact) -> tuple[Channel, datetime, HoldReason] | None:
    """The channel and the time of a message that is held, and why; None: it is not held."""
    if contact.status is not ContactStatus.QUEUED or contact.held is None or contact.due_at is None:
        return None
    return contact.channel, contact.due_at, contact.held
