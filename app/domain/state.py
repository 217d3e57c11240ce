"""What a decision may read. A specification only; the stores implement it, the core reads through it."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from app.domain.records import Answer, Assignment, Caregiver, Channel, Contact, Fanout, Notice, Offer, Shift


class StateReader(Protocol):
    """What a decision may read: one consistent state, which does not change while the decision is made."""

    def caregiver(self, caregiver_id: str) -> Caregiver | None:
        """The caregiver of that id."""

    def caregiver_by_phone(self, phone: str) -> Caregiver | None:
        """The caregiver who has that number, in E.164."""

    def opted_out(self, phone: str) -> bool:
        """Whether that number refuses messages."""

    def shift(self, shift_id: str) -> Shift | None:
        """The shift of that id."""

    def fanout(self, shift_id: str) -> Fanout | None:
        """The shift's fanout, in its latest generation."""

    def assignment(self, shift_id: str) -> Assignment | None:
        """Who holds the shift."""

    def held_by(self, caregiver_id: str) -> Iterable[Shift]:
        """The shifts assigned to the caregiver, in any order."""

    def offer(self, shift_id: str, caregiver_id: str) -> Offer | None:
        """What was offered to the caregiver about the shift, in whatever generation."""

    def offers_of(self, caregiver_id: str) -> Iterable[Offer]:
        """The caregiver's offers that their code still names, newest first."""

    def last_code(self, caregiver_id: str) -> int:
        """The code given to the caregiver last, 0 if none was; outlives the offer itself."""

    def offer_by_code(self, caregiver_id: str, code: str) -> Offer | None:
        """The caregiver's offer that the code names."""

    def fanouts_in_planning(self, role: str) -> Iterable[Fanout]:
        """The fanouts for that role (in the form of `role_key`) whose round is still being written down."""

    def roster(self, role: str, after: str, limit: int) -> Sequence[Caregiver]:
        """At most `limit` caregivers of that role (in the form of `role_key`) above `after`, by id."""

    def late(self, shift_id: str, limit: int) -> Sequence[Offer]:
        """At most `limit` of the shift's offers that have `late_at`, by that, then by caregiver id."""

    def contact(self, shift_id: str, generation: int, channel: Channel, caregiver_id: str) -> Contact | None:
        """The contact of that round with that caregiver."""

    def notice(self, notice_id: str) -> Notice | None:
        """The notice of that id, while it is not settled."""

    def answer(self, message_id: str) -> Answer | None:
        """The answer stored for an inbound message id."""
