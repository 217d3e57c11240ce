"""What the memory store keeps about one shift's fanout beside the fanout itself. Imports nothing that does I/O."""

from bisect import bisect_left, insort
from datetime import datetime

from app.database import InMemoryKeyValueDatabase
from app.domain.records import Channel, Contact, ContactStatus, Exclusion, Offer, Outcome, Response


class FanoutDetails:
    """Everything small that belongs to one shift's fanout; forgotten as a whole."""

    __slots__ = ("accepted_late", "asked", "contacts", "counts", "excluded", "generation", "offers", "responses")

    def __init__(self, generation: int) -> None:
        #: By caregiver, over all generations.
        self.offers: InMemoryKeyValueDatabase[str, Offer] = InMemoryKeyValueDatabase()
        #: (late_at, caregiver id) of the offers that have one, in order.
        self.accepted_late: list[tuple[datetime, str]] = []
        self.begin_generation(generation)

    def begin_generation(self, generation: int) -> None:
        """Begin the next generation: what was sent and answered in the last one is not looked at again."""
        self.generation = generation
        #: By caregiver, one database per round.
        self.contacts: dict[Channel, InMemoryKeyValueDatabase[str, Contact]] = {}
        self.counts: dict[ContactStatus, int] = {}
        #: Caregivers with a contact in any round.
        self.asked = 0
        self.responses: dict[tuple[str, Outcome], Response] = {}
        self.excluded: dict[str, Exclusion] = {}

    def put_offer(self, offer: Offer) -> Offer | None:
        """Store the offer and keep the late ones in order; returns what was there before."""
        before = self.offers.get(offer.caregiver_id)
        self.offers.put(offer.caregiver_id, offer)
        late_before = before.accepted_late_at if before else None
        if offer.accepted_late_at != late_before:
            if late_before is not None:
                del self.accepted_late[bisect_left(self.accepted_late, (late_before, offer.caregiver_id))]
            if offer.accepted_late_at is not None:
                insort(self.accepted_late, (offer.accepted_late_at, offer.caregiver_id))
        return before

    def first_accepted_late(self, limit: int) -> list[Offer]:
        """At most `limit` offers whose yes came too late, in the order of those answers."""
        found = (self.offers.get(caregiver_id) for _, caregiver_id in self.accepted_late[:limit])
        return [offer for offer in found if offer is not None]

    def put_contact(self, contact: Contact) -> Contact | None:
        """Store the contact and keep the counts; returns what was there before."""
        contacts = self.contacts.get(contact.channel)
        if contacts is None:
            contacts = self.contacts[contact.channel] = InMemoryKeyValueDatabase()
        before = contacts.get(contact.caregiver_id)
        contacts.put(contact.caregiver_id, contact)
        if before is not None:
            self.counts[before.status] -= 1
        elif not any(contact.caregiver_id in others for others in self.contacts.values() if others is not contacts):
            self.asked += 1
        self.counts[contact.status] = self.counts.get(contact.status, 0) + 1
        return before
