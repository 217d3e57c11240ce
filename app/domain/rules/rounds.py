"""Plans a round in batches: whom to contact, whom to leave out, and why. Pure.

The only thing it reads from a fanout's status is `claimable`.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from app.domain.decisions import Write
from app.domain.messages import Contact, ContactStatus
from app.domain.records import (
    Caregiver,
    Channel,
    Exclusion,
    ExclusionReason,
    Fanout,
    Offer,
    OfferState,
    Shift,
)
from app.domain.rules.conflicts import conflict_of
from app.domain.rules.offers import NOT_ASKED_AGAIN, offer_for_generation
from app.domain.state import StateReader

#: Caregivers planned in one step. A small batch, because other requests wait while a step runs.
BATCH_SIZE = 100


def next_batch(state: StateReader, fanout: Fanout, shift: Shift, now: datetime) -> tuple[list[Write], Fanout]:
    """The offers, contacts and exclusions of the next caregivers, and the fanout with its progress.

    First come the caregivers who accepted too late in an earlier generation, in the order of their answers; then all
    caregivers with the role, by id.
    """
    batch = _Batch(state, fanout, shift, now, can_still_accept=fanout.can_still_accept)
    late = state.accepted_late(shift.id, BATCH_SIZE) if fanout.late_first else ()
    for offer in late:
        batch.plan_late(offer)
    if late:
        return batch.writes, replace(
            fanout, can_still_accept=batch.can_still_accept, planned_up_to=late[-1].caregiver_id
        )
    cursor: str | None = "" if fanout.late_first else fanout.planned_up_to
    caregivers = state.roster(fanout.role, cursor or "", BATCH_SIZE)
    for caregiver in caregivers:
        if state.contact(shift.id, fanout.generation, fanout.round, caregiver.id) is None:
            batch.plan(caregiver, state.offer(shift.id, caregiver.id))
    cursor = None if len(caregivers) < BATCH_SIZE else caregivers[-1].id
    return batch.writes, replace(
        fanout, can_still_accept=batch.can_still_accept, planned_up_to=cursor, late_first=False
    )


@dataclass
class _Batch:
    """The writes of one batch, and how many caregivers can still accept after it."""

    state: StateReader
    fanout: Fanout
    shift: Shift
    now: datetime
    can_still_accept: int
    writes: list[Write] = field(default_factory=list)

    def plan_late(self, offer: Offer) -> None:
        """Plan a caregiver who accepted too late last time, if they may still work the shift."""
        offer = replace(offer, accepted_late_at=None)
        self.writes.append(offer)
        caregiver = self.state.caregiver(offer.caregiver_id)
        if caregiver is not None and caregiver.may_work(self.shift):
            self.plan(caregiver, offer)

    def plan(self, caregiver: Caregiver, before: Offer | None) -> None:
        """Queue a message to the caregiver, or record why they get none. `before`: their offer so far."""
        if not caregiver.may_work(self.shift):
            self._leave_out(caregiver, ExclusionReason.OTHER_ORGANIZATION)
        elif (number := self.state.number(caregiver.phone)).silent_for(caregiver.id):
            opted_out = ExclusionReason.OPTED_OUT if number.opted_out else ExclusionReason.WRONG_NUMBER
            self._leave_out(caregiver, opted_out)
            if before is None:
                # They have the role, so a stored offer is needed: after a START they may still claim the shift.
                offer = offer_for_generation(self.state, None, self.fanout, caregiver.id, self.now)
                self.writes.append(replace(offer, state=OfferState.WITHDRAWN, closed_at=self.now))
        elif before is not None and before.state in NOT_ASKED_AGAIN:
            if before.generation != self.fanout.generation:
                self._leave_out(caregiver, NOT_ASKED_AGAIN[before.state])
        else:
            self._offer(caregiver, before)

    def _offer(self, caregiver: Caregiver, before: Offer | None) -> None:
        shift, fanout = self.shift, self.fanout
        if before is None or before.state is not OfferState.OPEN or before.generation != fanout.generation:
            self.writes.append(offer_for_generation(self.state, before, fanout, caregiver.id, self.now))
            self.can_still_accept += 1
        if not fanout.claimable:
            return
        if conflict_of(self.state, shift, caregiver) is not None:
            self._leave_out(caregiver, ExclusionReason.CONFLICT)
            return
        call_at = None
        if fanout.round is Channel.VOICE:
            # Deletes the exclusion that the SMS round may have recorded.
            self._leave_out(caregiver, None)
            call_at = self._time_of_call(caregiver)
        self.writes.append(
            Contact(
                shift_id=shift.id,
                generation=fanout.generation,
                channel=fanout.round,
                caregiver_id=caregiver.id,
                status=ContactStatus.QUEUED,
                updated_at=self.now,
                phone=caregiver.phone,
                due_at=call_at,
            )
        )

    def _time_of_call(self, caregiver: Caregiver) -> datetime | None:
        """When to call; None: now. Nobody is called within half the wait of their own text.

        A text that has not gone out by now is skipped: its caregiver is called instead.
        """
        text = self.state.contact(self.shift.id, self.fanout.generation, Channel.SMS, caregiver.id)
        if text is None:
            return None
        if text.status is ContactStatus.QUEUED:
            self.writes.append(skipped(text, self.now, "called instead"))
        if text.perhaps_received_at is None:
            return None
        # It may have arrived as late as its hand-over ended. A receipt may come much later, and delays no call.
        ended_at = text.perhaps_received_at if text.status is ContactStatus.DELIVERED else text.updated_at
        received_at = max(text.perhaps_received_at, ended_at)
        call_at = received_at + self.fanout.wait / 2
        return call_at if call_at > self.now else None

    def _leave_out(self, caregiver: Caregiver, reason: ExclusionReason | None) -> None:
        self.writes.append(
            Exclusion(
                shift_id=self.shift.id,
                generation=self.fanout.generation,
                caregiver_id=caregiver.id,
                reason=reason,
            )
        )


def skipped(contact: Contact, now: datetime, error: str | None = None) -> Contact:
    """The contact, skipped; `unknown` instead if an earlier try may have been sent.

    `error`: why it is skipped. The error of an earlier try is kept instead, because it says what went wrong.
    """
    status = ContactStatus.UNKNOWN if contact.maybe_sent else ContactStatus.SKIPPED
    return replace(contact, status=status, updated_at=now, error=contact.error or error, due_at=None, body=None)
