"""Plans a round in batches: whom to contact, whom to leave out, and why. Pure.

The only thing it reads from a fanout's status is `claimable`.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import blake2b
from typing import Any

from app.domain.decisions import Write
from app.domain.fanout_records import (
    Exclusion,
    ExclusionReason,
    Fanout,
    Offer,
    OfferState,
)
from app.domain.messages import Contact, ContactStatus, HoldReason, Silence
from app.domain.policy import Policy
from app.domain.records import Caregiver, Channel, Shift
from app.domain.rules.conflicts import conflict_of
from app.domain.rules.holds import earliest_call, held_by_night, waits_to_go_first
from app.domain.rules.offers import NOT_ASKED_AGAIN, offer_for_generation
from app.domain.state import StateReader

#: Caregivers planned in one step. A small batch, because other requests wait while a step runs.
BATCH_SIZE = 100

#: Why a caregiver is left out whose number is silent.
_EXCLUSIONS = {
    Silence.OPTED_OUT: ExclusionReason.OPTED_OUT,
    Silence.WRONG_NUMBER: ExclusionReason.WRONG_NUMBER,
}


def next_batch(
    state: StateReader, fanout: Fanout, shift: Shift, now: datetime, policy: Policy
) -> tuple[list[Write], Fanout]:
    """The offers, contacts and exclusions of the next caregivers, and the fanout with its progress.

    First come the caregivers who accepted too late in an earlier generation, in the order of their answers; then all
    caregivers with the role. The batches go by id, and each is shuffled: see `_place`. What quiet hours hold already
    gets the time that is right by now: see `with_round_to_plan`.
    """
    held_until = fanout.held_until
    if fanout.planned_up_to == "" and held_until is not None and held_until > now:
        # The batches find out until when messages are held. What the start foresaw was a guess.
        held_until = None
    batch = _Batch(
        state,
        fanout,
        shift,
        now,
        policy,
        can_still_accept=fanout.can_still_accept,
        held_until=held_until,
    )
    late = state.accepted_late(shift.id, BATCH_SIZE) if fanout.late_first else ()
    for offer in late:
        batch.plan_late(offer)
    if late:
        return batch.writes, batch.progress(planned_up_to=late[-1].caregiver_id)
    cursor: str | None = "" if fanout.late_first else fanout.planned_up_to
    caregivers = state.roster(fanout.role, cursor or "", BATCH_SIZE)
    for caregiver in sorted(caregivers, key=lambda one: _place(fanout, one)):
        batch.review_held(caregiver)
        if state.contact(shift.id, fanout.generation, fanout.round, caregiver.id) is None:
            batch.plan(caregiver, state.offer(shift.id, caregiver.id))
    cursor = None if len(caregivers) < BATCH_SIZE else caregivers[-1].id
    return batch.writes, batch.progress(planned_up_to=cursor, late_first=False)


def with_round_to_plan(fanout: Fanout, now: datetime) -> Fanout:
    """The fanout, with its round to be planned once more: what quiet hours hold may have to wait for another time.

    Each batch decides it for its caregivers. The caller sets the due time.
    """
    held_until = None if fanout.held_until is None else min(fanout.held_until, now)
    return replace(fanout, planned_up_to="", held_until=held_until)


def holds_message_to(state: StateReader, fanout: Fanout, caregiver_id: str, now: datetime) -> bool:
    """Whether quiet hours hold a text or a call of the fanout to that caregiver."""
    contacts = (state.contact(fanout.shift_id, fanout.generation, channel, caregiver_id) for channel in Channel)
    return any(contact is not None and _waits_for_morning(contact, now) for contact in contacts)


def foreseen_hold(state: StateReader, fanout: Fanout, shift: Shift, now: datetime, policy: Policy) -> datetime | None:
    """When the first text goes out that quiet hours will hold, before the round is planned; None: none will wait.

    It looks at the caregivers of the first batch only: the answer to a request must not wait for a long roster.
    """
    organization = state.organization(shift.organization_id)
    if organization is None or organization.quiet_hours is None:
        return None
    nights = [
        held_by_night(state, fanout, shift, caregiver, Channel.SMS, now, policy)
        for caregiver in state.roster(fanout.role, "", BATCH_SIZE)
        if caregiver.may_work(shift)
        and state.number(caregiver.phone).silence_for(caregiver.id) is None
        and conflict_of(state, shift, caregiver) is None
    ]
    return min((night.until for night in nights if night is not None), default=None)


@dataclass
class _Batch:
    """The writes of one batch, and how many caregivers can still accept after it."""

    state: StateReader
    fanout: Fanout
    shift: Shift
    now: datetime
    policy: Policy
    can_still_accept: int
    #: See `Fanout`.
    held_until: datetime | None
    writes: list[Write] = field(default_factory=list)
    #: Caregiver id -> the text that quiet hours hold until another time than before, as it will be written.
    _moved: dict[str, Contact] = field(default_factory=dict)

    def progress(self, **changes: Any) -> Fanout:
        """The fanout after the batch, with these changes."""
        return replace(self.fanout, can_still_accept=self.can_still_accept, held_until=self.held_until, **changes)

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
        elif (silence := self.state.number(caregiver.phone).silence_for(caregiver.id)) is not None:
            self._leave_out(caregiver, _EXCLUSIONS[silence])
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
        if fanout.round is Channel.VOICE:
            # Deletes the exclusion that the SMS round may have recorded.
            self._leave_out(caregiver, None)
            at, held = self._time_of_call(caregiver)
        else:
            at, held = self._unless_night(caregiver, Channel.SMS, self.now)
        self.writes.append(
            Contact(
                shift_id=shift.id,
                generation=fanout.generation,
                channel=fanout.round,
                caregiver_id=caregiver.id,
                status=ContactStatus.QUEUED,
                updated_at=self.now,
                phone=caregiver.phone,
                due_at=at if at > self.now else None,
                held=held,
            )
        )

    def _time_of_call(self, caregiver: Caregiver) -> tuple[datetime, HoldReason | None]:
        """When to call, and why not earlier: see `earliest_call`.

        A text that has not gone out by now is skipped: its caregiver is called instead. It goes out all the same
        where it is held, or where quiet hours hold the call but not the text.
        """
        text = self._moved.get(caregiver.id) or self._contact(Channel.SMS, caregiver)
        at, held = self._unless_night(caregiver, Channel.VOICE, earliest_call(text, self.fanout, self.now))
        if text is None or text.status is not ContactStatus.QUEUED:
            return at, held
        if waits_to_go_first(text, self.fanout, self.now):
            if text.held is HoldReason.QUIET_HOURS and text.due_at is not None:
                self._extend_hold(text.due_at)
            return at, text.held
        if held is None:
            self.writes.append(skip(text, self.now, "called instead"))
        else:
            self.writes.append(replace(text, updated_at=self.now, due_at=text.due_at or self.now, held=held))
        return at, held

    def _unless_night(
        self, caregiver: Caregiver, channel: Channel, at: datetime
    ) -> tuple[datetime, HoldReason | None]:
        """When a message goes out that would go out at `at`, and why not then."""
        night = held_by_night(self.state, self.fanout, self.shift, caregiver, channel, at, self.policy)
        if night is None:
            return at, None
        self._extend_hold(night.until)
        return night

    def review_held(self, caregiver: Caregiver) -> None:
        """Give the messages that quiet hours hold the time that is right by now. A call still waits for its text.

        It may be another time: the hours, the caregiver's zone or that of the organization have changed since, or the
        fanout became urgent.
        """
        text = self._contact(Channel.SMS, caregiver)
        if text is not None and _waits_for_morning(text, self.now):
            at, _ = self._unless_night(caregiver, Channel.SMS, self.now)
            if at != text.due_at:
                text = self._moved[caregiver.id] = replace(text, due_at=at, updated_at=self.now)
                self.writes.append(text)
        if self.fanout.round is not Channel.VOICE:
            return
        call = self._contact(Channel.VOICE, caregiver)
        if call is not None and _waits_for_morning(call, self.now):
            at, _ = self._time_of_call(caregiver)
            if at != call.due_at:
                self.writes.append(replace(call, due_at=at, updated_at=self.now))

    def _contact(self, channel: Channel, caregiver: Caregiver) -> Contact | None:
        return self.state.contact(self.shift.id, self.fanout.generation, channel, caregiver.id)

    def _extend_hold(self, until: datetime) -> None:
        """Note that quiet hours hold a message until then."""
        self.held_until = until if self.held_until is None else max(self.held_until, until)

    def _leave_out(self, caregiver: Caregiver, reason: ExclusionReason | None) -> None:
        self.writes.append(
            Exclusion(
                shift_id=self.shift.id,
                generation=self.fanout.generation,
                caregiver_id=caregiver.id,
                reason=reason,
            )
        )


def _place(fanout: Fanout, caregiver: Caregiver) -> bytes:
    """Sorts the caregivers of a batch, in each fanout in another order, so that nobody is always the last one.

    It follows from the fanout, not from chance: a batch that is planned once more has the same order.
    """
    parts = (fanout.shift_id, str(fanout.generation), fanout.started_at.isoformat(), caregiver.id)
    return blake2b("\0".join(parts).encode(), digest_size=16).digest()


def _waits_for_morning(contact: Contact, now: datetime) -> bool:
    """Whether the message waits, and quiet hours are the reason."""
    waits = contact.status is ContactStatus.QUEUED and contact.due_at is not None and contact.due_at > now
    return waits and contact.held is HoldReason.QUIET_HOURS


def skip(contact: Contact, now: datetime, error: str | None = None) -> Contact:
    """The contact, skipped; `unknown` instead if an earlier try may have been sent.

    `error`: why it is skipped. The error of an earlier try is kept instead, because it says what went wrong.
    """
    return replace(
        contact,
        status=contact.status_if_given_up,
        updated_at=now,
        error=contact.error or error,
        due_at=None,
        held=None,
        body=None,
    )
