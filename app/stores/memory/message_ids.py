"""Where messages are found by the ids that receipts name. Holds the keys of records, not the records. Does no I/O."""

from collections.abc import Iterable

from app.domain.messages import Contact, ContactKey, Notice, contact_key


class MessageIds:
    """Our ids and the providers' ids of messages that were handed over."""

    def __init__(self) -> None:
        #: By the id under which a contact was last handed over.
        self.contacts: dict[str, ContactKey] = {}
        #: The shifts of notices, by the notice's id.
        self.shifts_of_notices: dict[str, str] = {}
        #: Our ids, by the provider's own id.
        self.of_provider: dict[str, str] = {}

    def put_contact(self, before: Contact | None, contact: Contact) -> None:
        """Note the ids of the contact. `before`: its record until now."""
        if before is not None and (before.message_id, before.provider_id) != (
            contact.message_id,
            contact.provider_id,
        ):
            self.forget((before,))
        if contact.message_id is not None:
            self.contacts[contact.message_id] = contact_key(contact)
            if contact.provider_id is not None:
                self.of_provider[contact.provider_id] = contact.message_id

    def put_notice(self, before: Notice | None, notice: Notice, shift_id: str | None) -> None:
        """Note the ids of a notice that is kept. `shift_id`: where it is kept; None: it is about no shift."""
        if before is not None:
            self.forget((before,))
        if shift_id is not None:
            self.shifts_of_notices[notice.id] = shift_id
        if notice.provider_id is not None:
            self.of_provider[notice.provider_id] = notice.id

    def forget(self, entries: Iterable[Contact | Notice]) -> None:
        """Forget the ids of these messages."""
        for entry in entries:
            message_id = entry.id if isinstance(entry, Notice) else entry.message_id
            if message_id is not None:
                self.contacts.pop(message_id, None)
                self.shifts_of_notices.pop(message_id, None)
            if entry.provider_id is not None:
                self.of_provider.pop(entry.provider_id, None)
