"""In whatever order receipts and the result of the hand-over arrive, a message ends in the same state."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import reduce

from fakes import START
from hypothesis import given
from hypothesis import strategies as st
from store_driver import POLICY, caregiver, shift

from app.domain.commands import (
    Advance,
    Command,
    EndCall,
    HandoverResult,
    PutCaregiver,
    PutShift,
    RecordDelivery,
    RecordSending,
    StartFanout,
)
from app.domain.decisions import Delivery, Write
from app.domain.messages import Contact, ContactStatus
from app.domain.receipts import Consequence, Receipt, ReceiptState, latest
from app.domain.records import Channel
from app.domain.rules.decide import decide
from app.domain.rules.deliveries import admit
from app.stores.memory.tables import Tables

ACCEPTED, CANCELED, FAILED, NO_ANSWER, DELIVERED = ReceiptState

#: A provider gives one reason for a failure, but a repeat may have lost it.
reasons = st.tuples(st.sampled_from(["a", "b"]), st.sampled_from(Consequence))


class Shift:
    """A shift with one contact on that channel, which was handed over."""

    def __init__(self, channel: Channel) -> None:
        self.tables = Tables(POLICY.retention_s)
        self.now = START
        self.do(PutCaregiver(caregiver=caregiver(1), now=START))
        self.do(PutShift(shift=shift("s1"), now=START))
        self.do(StartFanout(shift_id="s1", now=START))
        self.advance()
        if channel is Channel.VOICE:
            self.now += timedelta(minutes=10)
            self.advance()
            self.advance()
        decision = admit(self.tables, self.contact(channel), self.now, POLICY)
        assert decision.result is not None
        self.delivery: Delivery = decision.result
        self.write(decision.writes)

    def do(self, command: Command) -> None:
        """Decide the command and write."""
        self.write(decide(self.tables, command, POLICY).writes)

    def write(self, writes: Sequence[Write]) -> None:
        """Write the records."""
        for write in writes:
            self.tables.put(write)

    def advance(self) -> None:
        """Do the next step of the fanout."""
        self.do(Advance(shift_id="s1", generation=1, now=self.now))

    def contact(self, channel: Channel) -> Contact:
        """The contact on that channel."""
        found = self.tables.contact("s1", 1, channel, caregiver(1).id)
        assert found is not None
        return found

    def hears(self, arriving: Receipt | None) -> None:
        """A receipt arrives; None: the result of the hand-over."""
        message = self.delivery.message
        if arriving is None:
            sent = RecordSending(
                entry=self.delivery.entry,
                result=HandoverResult.SENT,
                error=None,
                retry_after_s=None,
                jitter=0.5,
                provider_id="SM1",
                receipt=Receipt(state=ACCEPTED),
                now=self.now,
            )
            self.do(sent)
        else:
            self.do(RecordDelivery(message_id=message.id, provider_id="SM1", receipt=arriving, now=self.now))


def state_after(channel: Channel, arriving: Sequence[Receipt | None], *, ended: bool = False) -> Contact:
    """The contact after these have arrived, in this order. `ended`: the service had begun to end the call."""
    one = Shift(channel)
    if ended:
        one.hears(None)
        one.do(EndCall(message_id=one.delivery.message.id, provider_id="SM1", now=one.now))
    for receipt in arriving:
        one.hears(receipt)
    # When the first try began matters only while there may be another.
    return replace(one.contact(channel), first_attempt_at=None)


@given(
    channel=st.sampled_from(Channel),
    ended=st.booleans(),
    reason=reasons,
    states=st.lists(st.sampled_from(ReceiptState)),
    data=st.data(),
)
def test_every_order_ends_in_the_same_state(
    channel: Channel, ended: bool, reason: tuple[str, Consequence], states: list[ReceiptState], data: st.DataObject
) -> None:
    """Late, repeated and reordered receipts do no harm, also before the hand-over is on record."""
    if channel is Channel.SMS:
        # Nobody answers or ends a text.
        states, ended = [state for state in states if state not in (NO_ANSWER, CANCELED)], False
    else:
        # What would have another call made is not reported for a call that rang.
        reason = reason[0], Consequence.NONE
    arriving: list[Receipt | None] = [None]
    for state in states:
        with_reason = Receipt(state=state, error=reason[0], consequence=reason[1]) if state is FAILED else None
        arriving.append(data.draw(st.sampled_from([with_reason or Receipt(state=state), Receipt(state=state)])))
    again = data.draw(st.permutations(arriving + data.draw(st.lists(st.sampled_from(arriving)))))
    contact = state_after(channel, again, ended=ended)
    assert contact == state_after(channel, arriving, ended=ended)

    final = reduce(latest, filter(None, arriving), Receipt(state=ACCEPTED))
    expected = {
        ACCEPTED: ContactStatus.SENT,
        CANCELED: ContactStatus.SKIPPED if ended else ContactStatus.FAILED,
        NO_ANSWER: ContactStatus.SENT,
        FAILED: ContactStatus.FAILED,
        DELIVERED: ContactStatus.DELIVERED,
    }[final.state]
    if final.consequence in (Consequence.RETRY, Consequence.CHANNEL_FAULT):
        expected = ContactStatus.QUEUED
    assert contact.status is expected
    assert (contact.error is None) is (
        final.state in (ACCEPTED, DELIVERED) or contact.status is ContactStatus.SKIPPED
    )
