"""The check right before a message is handed over, and what follows from the result of the hand-over. Pure."""

from dataclasses import replace
from datetime import datetime, timedelta

from app.domain import texts
from app.domain.commands import RecordSending, Sending
from app.domain.decisions import Decision, Delivery, Message, Write
from app.domain.policy import Policy
from app.domain.records import (
    Caregiver,
    Channel,
    Contact,
    ContactStatus,
    Exclusion,
    ExclusionReason,
    Fanout,
    Kind,
    Notice,
    OfferState,
    Shift,
    contact_id,
    overlap,
)
from app.domain.rules.fanouts import skipped
from app.domain.rules.offers import has_other_open
from app.domain.state import StateReader

#: The first try and the retries, together.
MAX_ATTEMPTS = 5
#: The longest wait before the first retry, in seconds; it doubles with each further retry. The README promises half a
#: second; the rest is for the timer and the connection.
FIRST_RETRY_S = 0.4
#: The longest `Retry-After` that is followed, in seconds. A longer one is cut to this.
LONGEST_REST_S = 3600.0

#: Whether a notice of that kind tells the caregiver that they have the shift. By the time of a retry it may be wrong.
_SAYS_HELD = {Kind.CONFIRMATION: True, Kind.RELEASE: True, Kind.CLOSED: False, Kind.RELEASED: False}
#: Direct answers to the caregiver's own message: sent even after they opted out.
_DIRECT_ANSWERS = frozenset({Kind.OPT_OUT, Kind.OPT_IN, Kind.HELP})


def admit(state: StateReader, entry: Contact | Notice, now: datetime, policy: Policy) -> Decision[Delivery | None]:
    """Whether a queued message may still be sent; the store asks right before the hand-over.

    Result: the delivery, its record marked `sending` and the try already counted (so that a message that crashes its
    worker is not tried for ever); or None, and the record is skipped.
    """
    if isinstance(entry, Notice):
        return _admit_notice(state, entry, now)
    return _admit_offer(state, entry, now, policy)


def _admit_notice(state: StateReader, notice: Notice, now: datetime) -> Decision[Delivery | None]:
    caregiver = state.caregiver(notice.caregiver_id)
    silent = caregiver is not None and state.opted_out(caregiver.phone) and notice.kind not in _DIRECT_ANSWERS
    if caregiver is None or silent or _outdated(state, notice):
        return Decision(None, (replace(notice, status=ContactStatus.SKIPPED, updated_at=now),))
    sending = replace(
        notice,
        status=ContactStatus.SENDING,
        updated_at=now,
        attempts=notice.attempts + 1,
        due_at=None,
    )
    shift = state.shift(notice.shift_id) if notice.shift_id is not None else None
    message = Message(
        id=notice.id,
        channel=Channel.SMS,
        kind=notice.kind,
        to=caregiver.phone,
        body=notice.body,
        shift_id=notice.shift_id,
        caregiver_id=caregiver.id,
        organization_id=shift.organization_id if shift else None,
    )
    return Decision(Delivery(entry=sending, message=message), (sending,))


def _outdated(state: StateReader, notice: Notice) -> bool:
    """Whether the notice has become wrong: the caregiver has got or lost the shift since it was queued."""
    says_held = _SAYS_HELD.get(notice.kind)
    if says_held is None or notice.shift_id is None:
        return False
    holding = state.assignment(notice.shift_id)
    return says_held is not (holding is not None and holding.caregiver_id == notice.caregiver_id)


def _admit_offer(state: StateReader, contact: Contact, now: datetime, policy: Policy) -> Decision[Delivery | None]:
    shift, fanout = state.shift(contact.shift_id), state.fanout(contact.shift_id)
    caregiver = state.caregiver(contact.caregiver_id)
    error = _obstacle(state, contact, shift, fanout, caregiver)
    if error is not None or shift is None or fanout is None or caregiver is None:
        return Decision(None, (skipped(contact, now, error),))
    if overlap(shift, state.held_by(caregiver.id)):
        exclusion = Exclusion(
            shift_id=shift.id,
            generation=contact.generation,
            caregiver_id=caregiver.id,
            reason=ExclusionReason.CONFLICT,
        )
        return Decision(None, (skipped(contact, now, "conflict"), exclusion))
    body = contact.body
    if body is None:
        offer = state.offer(shift.id, caregiver.id)
        code = offer.code if offer and has_other_open(state, caregiver, shift.id) else None
        body = texts.offer(shift, policy.zone_name, contact.channel, code)
    sending = replace(
        contact,
        status=ContactStatus.SENDING,
        updated_at=now,
        attempts=contact.attempts + 1,
        due_at=None,
        body=body,
    )
    message = Message(
        id=contact_id(contact, fanout.started_at),
        channel=contact.channel,
        kind=Kind.OFFER,
        to=caregiver.phone,
        body=body,
        shift_id=shift.id,
        caregiver_id=caregiver.id,
        organization_id=shift.organization_id,
    )
    return Decision(Delivery(entry=sending, message=message), (sending,))


def _obstacle(
    state: StateReader,
    contact: Contact,
    shift: Shift | None,
    fanout: Fanout | None,
    caregiver: Caregiver | None,
) -> str | None:
    """Why an offer must not be sent any more, as the contact's `error` says it; None if it may be sent."""
    if shift is None or fanout is None or fanout.generation != contact.generation or not fanout.claimable:
        return "fanout is no longer open"
    if caregiver is None or not caregiver.may_work(shift):
        return "no longer matches"
    if state.opted_out(caregiver.phone):
        return "opted out"
    offer = state.offer(contact.shift_id, contact.caregiver_id)
    if offer is not None and offer.state is OfferState.DECLINED:
        return "declined"
    if offer is None or offer.state is not OfferState.OPEN:
        return "no longer matches"
    return None


def record_sending(state: StateReader, command: RecordSending) -> Decision[bool]:
    """Record the result of a hand-over.

    Result: False if this result is outdated: the message already has one, or a later try has begun.
    """
    entry = command.entry
    if isinstance(entry, Notice):
        stored: Contact | Notice | None = state.notice(entry.id)
    else:
        stored = state.contact(entry.shift_id, entry.generation, entry.channel, entry.caregiver_id)
    # A worker whose lease ended may still report the result of its `send`.
    waiting = stored is not None and (
        stored.status is ContactStatus.SENDING
        or (stored.status is ContactStatus.UNKNOWN and command.sending is Sending.SENT)
    )
    if stored is None or not waiting or stored.attempts != entry.attempts:
        return Decision(False)
    return Decision(True, (_after(state, stored, command),))


def _after(state: StateReader, entry: Contact | Notice, command: RecordSending) -> Write:
    maybe_sent = entry.maybe_sent or command.sending in (Sending.UNKNOWN, Sending.UNANSWERED)
    match command.sending:
        case Sending.SENT:
            return _settled(replace(entry, status=ContactStatus.SENT, updated_at=command.now, error=None))
        case Sending.UNKNOWN:
            status = ContactStatus.UNKNOWN
        case Sending.PERMANENT:
            status = ContactStatus.UNKNOWN if maybe_sent else ContactStatus.FAILED
        case Sending.TEMPORARY | Sending.UNANSWERED if entry.attempts < MAX_ATTEMPTS:
            return _retry(state, entry, command, maybe_sent=maybe_sent)
        case Sending.TEMPORARY | Sending.UNANSWERED:
            status = ContactStatus.UNKNOWN if maybe_sent else ContactStatus.FAILED
    return _settled(replace(entry, status=status, updated_at=command.now, error=command.error, maybe_sent=maybe_sent))


def _settled(entry: Contact | Notice) -> Contact | Notice:
    """The record of a settled message: without the text, which was kept for retries."""
    return replace(entry, body=None) if isinstance(entry, Contact) else entry


def _retry(state: StateReader, entry: Contact | Notice, command: RecordSending, *, maybe_sent: bool) -> Write:
    """The entry, queued for a retry. An offer that must not be sent any more is skipped instead."""
    if isinstance(entry, Contact):
        shift, fanout = state.shift(entry.shift_id), state.fanout(entry.shift_id)
        if _obstacle(state, entry, shift, fanout, state.caregiver(entry.caregiver_id)) is not None:
            return skipped(replace(entry, maybe_sent=maybe_sent), command.now, command.error)
    return replace(
        entry,
        status=ContactStatus.QUEUED,
        updated_at=command.now,
        error=command.error,
        maybe_sent=maybe_sent,
        due_at=command.now + timedelta(seconds=_wait_s(entry.attempts, command)),
    )


def _wait_s(attempts: int, command: RecordSending) -> float:
    """Seconds until the retry.

    The wait doubles with each attempt. Jitter shortens it by up to a half, so that not all retries come at once.
    """
    wait_s = FIRST_RETRY_S * 2.0 ** (attempts - 1) * (0.5 + command.jitter / 2)
    return max(wait_s, min(command.retry_after_s or 0.0, LONGEST_REST_S))
