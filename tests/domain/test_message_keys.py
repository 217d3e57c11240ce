"""The key of an offer, by which receivers drop repeats."""

from dataclasses import replace
from datetime import timedelta

from fakes import START

from app.domain.messages import Contact, ContactStatus, contact_id
from app.domain.records import Channel

CONTACT = Contact(
    shift_id="s1",
    generation=1,
    channel=Channel.SMS,
    caregiver_id="ann",
    status=ContactStatus.QUEUED,
    updated_at=START,
    phone="+15550001",
)


def test_a_generation_that_comes_again_has_other_keys() -> None:
    """After an older database was restored, or the log lost a fanout. Every try of one fanout has the same key."""
    key = contact_id(CONTACT, START)
    assert contact_id(replace(CONTACT, attempts=3, status=ContactStatus.SENT), START) == key
    assert contact_id(CONTACT, START + timedelta(microseconds=1)) != key
    assert contact_id(replace(CONTACT, phone="+15550002"), START) != key
