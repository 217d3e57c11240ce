"""The memory store forgets the ids of messages with the messages."""

import pytest
from fakes import START

from app.domain.decisions import ForgetFanout, Write
from app.domain.messages import Contact, ContactStatus
from app.domain.records import Channel
from app.stores.memory.tables import Tables


def contact(generation: int, message_id: str | None, provider_id: str | None) -> Contact:
    """A contact of that generation with these ids."""
    return Contact(
        shift_id="s1",
        generation=generation,
        channel=Channel.SMS,
        caregiver_id="ann",
        status=ContactStatus.SENT,
        updated_at=START,
        phone="+15550001",
        message_id=message_id,
        provider_id=provider_id,
    )


@pytest.mark.parametrize(
    "write",
    [
        ForgetFanout(shift_id="s1", generation=1, keep_record=False),
        ForgetFanout(shift_id="s1", generation=1, keep_record=True),
        contact(2, None, None),
        contact(1, None, None),
    ],
)
def test_no_id_outlives_its_message(write: Write) -> None:
    """Whether the fanout is forgotten, or begins its next generation, or the contact goes out under another id."""
    tables = Tables(3600)
    tables.put(contact(1, "m1", "SM1"))
    assert tables.message("m1") == tables.message_of_provider("SM1") == contact(1, "m1", "SM1")
    tables.put(write)
    assert not tables.message_ids.contacts
    assert not tables.message_ids.of_provider
