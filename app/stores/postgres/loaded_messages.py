"""The contacts and notices that a transaction has loaded, with its writes so far. No SQL, no awaits."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from app.domain.messages import Contact, ContactKey, ContactStatus, Notice, SentOffer, contact_key
from app.stores.postgres.loaded import Loaded


class LoadedMessages:
    """Finds messages by their keys, their ids and whom they are about. `WorkingSet` says what was looked up."""

    def __init__(self, loaded: Loaded) -> None:
        #: Contacts and notices as they were loaded: their updates compare the rows with these.
        self.contacts_before = {contact_key(contact): contact for contact in loaded.contacts}
        self.notices_before = {notice.id: notice for notice in loaded.notices}
        self._contacts = dict(self.contacts_before)
        self._counts = {(id_, generation): counts for id_, generation, counts in loaded.contact_counts}
        self._sent_offers = {sent.message_id: sent for sent in loaded.sent_offers}
        self._notices = {notice.id: notice for notice in (*loaded.alerts, *loaded.notices_about, *loaded.notices)}

    def add_locked(self, entries: Iterable[Contact | Notice]) -> None:
        """Record these locked messages as read, so that `save` can compare them with their rows.

        `contact` and `notice` do not return them.
        """
        for entry in entries:
            if isinstance(entry, Contact):
                self.contacts_before[contact_key(entry)] = entry
            else:
                self.notices_before[entry.id] = entry

    def put(self, entry: Contact | Notice | SentOffer) -> None:
        """Store what was written about a message."""
        if isinstance(entry, Contact):
            self._contacts[contact_key(entry)] = entry
        elif isinstance(entry, Notice):
            self._notices[entry.id] = entry
        elif entry.at is None:
            self._sent_offers.pop(entry.message_id, None)
        else:
            self._sent_offers[entry.message_id] = entry

    def contact(self, key: ContactKey) -> Contact | None:
        """The contact with that key."""
        return self._contacts.get(key)

    def counts(self, shift_id: str, generation: int) -> Mapping[ContactStatus, int]:
        """See `StateReader.contact_counts`: the counts in the database, and what the writes change about them."""
        counts = Counter(self._counts[shift_id, generation])
        for key, contact in self._contacts.items():
            if (key.shift_id, key.generation) == (shift_id, generation):
                counts.update([contact.status])
                stored = self.contacts_before.get(key)
                counts.subtract([stored.status] if stored is not None else [])
        return counts

    def unsettled_notice(self, notice_id: str) -> Notice | None:
        """The notice with that id, if it is not settled."""
        found = self._notices.get(notice_id)
        return found if found is not None and not found.status.settled else None

    def message(self, message_id: str) -> Contact | Notice | None:
        """The message that was last handed over under that id."""
        found = (one for one in self._contacts.values() if one.message_id == message_id)
        return next(found, None) or self._notices.get(message_id)

    def message_of_provider(self, provider_id: str) -> Contact | Notice | None:
        """The message with that id of the provider's."""
        entries: tuple[Contact | Notice, ...] = (*self._contacts.values(), *self._notices.values())
        return next((one for one in entries if one.provider_id == provider_id), None)

    def alerts_to(self, phone: str) -> Sequence[Notice]:
        """The alerts to that number."""
        return [one for one in self._notices.values() if one.alert is not None and one.phone == phone]

    def sent_offers(self, caregiver_id: str) -> Sequence[SentOffer]:
        """The offers that went out to the caregiver."""
        return [one for one in self._sent_offers.values() if one.caregiver_id == caregiver_id]

    def notices_about(self, shift_id: str, caregiver_id: str) -> Sequence[Notice]:
        """The notices to the caregiver about the shift."""
        pair = (shift_id, caregiver_id)
        return [one for one in self._notices.values() if (one.shift_id, one.caregiver_id) == pair]
