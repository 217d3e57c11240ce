"""What a decision may read. A specification: the stores implement it, the rules read through it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from app.domain.fanout_records import Fanout, Offer
from app.domain.messages import ChannelStatus, Contact, ContactStatus, MessageKey, Notice, NumberStatus, SentOffer
from app.domain.records import (
    Answer,
    Assignment,
    Caregiver,
    Channel,
    Organization,
    Shift,
)


class StateReader(Protocol):
    """One consistent state, which does not change while a decision is made.

    A method that returns `None` has found no such record.
    """

    def caregiver(self, caregiver_id: str) -> Caregiver | None:
        """The caregiver with that id."""

    def caregiver_by_phone(self, phone: str) -> Caregiver | None:
        """The caregiver with that phone number (E.164)."""

    def number(self, phone: str) -> NumberStatus:
        """What is known about that phone number; the defaults if nothing is."""

    def channel(self, channel: Channel) -> ChannelStatus:
        """What is known about that channel's provider; the defaults if nothing is."""

    def shift(self, shift_id: str) -> Shift | None:
        """The shift with that id."""

    def fanout(self, shift_id: str) -> Fanout | None:
        """The shift's fanout, in its latest generation."""

    def forgotten_generation(self, shift_id: str) -> int:
        """The generation of the shift's fanout that was forgotten last, as far as the log knows it; 0: of none.

        Read only of a shift without a fanout.
        """

    def assignment(self, shift_id: str) -> Assignment | None:
        """The shift's assignment; None if nobody holds the shift."""

    def organization(self, organization_id: str) -> Organization | None:
        """The organization with that id. Shifts and caregivers may name one that has no record."""

    def shift_to_come(self, organization_id: str, now: datetime) -> Shift | None:
        """The shift of that organization that ends next after `now`, of several the first by id; no deleted one."""

    def held_by(self, caregiver_id: str) -> Iterable[Shift]:
        """The shifts assigned to the caregiver, in any order."""

    def offer(self, shift_id: str, caregiver_id: str) -> Offer | None:
        """The caregiver's offer of the shift, of any generation."""

    def offers_of(self, caregiver_id: str) -> Iterable[Offer]:
        """The caregiver's offers that can still be addressed by their code, newest first."""

    def last_code(self, caregiver_id: str) -> int:
        """The last code given to the caregiver, 0 if there was none. It is kept when the offer is forgotten."""

    def offer_by_code(self, caregiver_id: str, code: str) -> Offer | None:
        """The caregiver's offer with that code."""

    def held_fanouts(self, organization_id: str, now: datetime) -> Sequence[Fanout]:
        """The fanouts of which quiet hours hold a message, by shift id.

        Those that are open or exhausted, of shifts of that organization that end after `now`. If another transition
        that makes quiet hours hold a message of such a fanout runs at the same time, it either has ended before this
        is read, or it reads what this transition writes.
        """

    def fanouts_in_planning(self, role: str) -> Iterable[Fanout]:
        """The fanouts for that role (as `role_key` gives it) whose round is still being planned."""

    def roster(self, role: str, after: str, limit: int) -> Sequence[Caregiver]:
        """At most `limit` caregivers with that role (as `role_key` gives it) and an id above `after`, by id."""

    def accepted_late(self, shift_id: str, limit: int) -> Sequence[Offer]:
        """At most `limit` of the shift's offers with `accepted_late_at`, by that time, then by caregiver id."""

    def contact(self, shift_id: str, generation: int, channel: Channel, caregiver_id: str) -> Contact | None:
        """The contact of that round with that caregiver."""

    def contact_counts(self, shift_id: str, generation: int) -> Mapping[ContactStatus, int]:
        """How many contacts of that generation, the fanout's latest one, have each status.

        A transition that reads this waits until others that write about the shift have ended.
        """

    def notice(self, notice_id: str) -> Notice | None:
        """The notice with that id, until it is settled."""

    def message(self, message_id: str) -> Contact | Notice | None:
        """The contact or notice that was last handed over under that id, settled ones included.

        Of contacts only those of the fanout's latest generation are found. None also if it was forgotten.
        """

    def message_of_provider(self, provider_id: str) -> Contact | Notice | None:
        """The same for the provider's own id."""

    def alerts_to(self, phone: str) -> Sequence[Notice]:
        """The alerts to that number, settled ones included, in any order.

        Those that were made longer ago than `ALERTS_MATTER_FOR` may be missing.
        """

    def sent_offers(self, caregiver_id: str) -> Sequence[SentOffer]:
        """The offers that went out to the caregiver, of all fanouts and generations, in any order.

        Those that went out longer ago than `OFFERS_COUNT_FOR` may be missing.
        """

    def offices(self, phone: str) -> Sequence[Organization]:
        """The organizations whose office has that number (E.164), by id."""

    def notices_about(self, shift_id: str, caregiver_id: str) -> Sequence[Notice]:
        """The notices to the caregiver about the shift, settled ones included, in any order."""

    def answer(self, key: MessageKey) -> Answer | None:
        """The answer stored for an inbound message."""
