"""The check right before a message is handed over, and the message as it goes out. Pure."""

from dataclasses import replace
from datetime import datetime, timedelta

from app.domain import texts
from app.domain.attention import MUST_ARRIVE
from app.domain.decisions import Decision, Delivery, Message, Write
from app.domain.fanout_records import (
    Exclusion,
    ExclusionReason,
    Fanout,
    OfferState,
)
from app.domain.messages import ALREADY_TOLD, SILENCE_ERRORS, Contact, ContactStatus, Notice, contact_id
from app.domain.policy import Policy
from app.domain.records import Caregiver, Channel, Kind, Shift
from app.domain.rules.alerts import admit_alert
from app.domain.rules.conflicts import conflict_of
from app.domain.rules.daily_limit import held_by_limit
from app.domain.rules.holds import Hold, earliest_call, held_by_night
from app.domain.rules.notices import ASKS_FOR_A_REPLY, give_up, given_up_at, is_outdated, start_sending, text_about
from app.domain.rules.offers import has_other_open, offers_in_context
from app.domain.rules.reply_target import holding_of, last_call, messages_about
from app.domain.rules.rounds import skip
from app.domain.state import StateReader

#: Direct answers to the caregiver's own message: sent to numbers that no other message may go to.
_DIRECT_ANSWERS = frozenset({Kind.OPT_OUT, Kind.OPT_IN, Kind.WRONG_NUMBER, Kind.HELP})

#: A notice that waits for another message is due when the result of that is recorded (`record_sending`). It is looked
#: at again after this time too: the result may be recorded by another process at the same moment.
_LOOK_AGAIN = timedelta(seconds=1)


def admit(state: StateReader, entry: Contact | Notice, now: datetime, policy: Policy) -> Decision[Delivery | None]:
    """Whether a queued message may still be sent; the store asks right before the hand-over.

    Result: the delivery, its record marked `sending` and the try already counted (so that a message that crashes its
    worker is not tried for ever); or None, and the record is skipped, or waits for a later time. A notice waits while
    another message to the caregiver about the shift is being handed over.
    """
    if isinstance(entry, Notice):
        return _admit_notice(state, entry, now, policy)
    return _admit_offer(state, entry, now, policy)


def _admit_notice(state: StateReader, notice: Notice, now: datetime, policy: Policy) -> Decision[Delivery | None]:
    if notice.alert is not None:
        return admit_alert(state, notice, notice.alert, now, policy)
    if not notice.caregiver_id:
        # A direct answer to an office.
        delivery = start_sending(notice, notice.body, now)
        return Decision(delivery, (delivery.entry,))
    caregiver = state.caregiver(notice.caregiver_id)
    shift = state.shift(notice.shift_id) if notice.shift_id is not None else None
    # A direct answer goes to the number that asked, whoever has it now.
    direct = notice.kind in _DIRECT_ANSWERS
    error = None
    if caregiver is None:
        error = "no longer on the roster"
    elif not direct and (silence := state.number(caregiver.phone).silence_for(caregiver.id)):
        error = SILENCE_ERRORS[silence]
    elif _outdated(state, notice, caregiver, now):
        error = "no longer true"
    elif _repeats_last_word(state, notice, caregiver):
        error = ALREADY_TOLD
    elif not direct and notice.phone != caregiver.phone:
        return Decision(None, _to_new_number(notice, caregiver.phone, now))
    if caregiver is None or error is not None:
        return Decision(None, (give_up(notice, now, error),))
    if _must_wait(state, notice):
        return Decision(None, (replace(notice, updated_at=now, due_at=now + _LOOK_AGAIN),))
    body = notice.body
    if not notice.maybe_sent and shift is not None and notice.kind in ASKS_FOR_A_REPLY:
        # What a text tells people to do must hold now, not when it was queued or failed before.
        offer = state.offer(shift.id, caregiver.id)
        body = text_about(state, notice.kind, caregiver, shift, offer.code, now, policy) if offer else body
    delivery = start_sending(notice, body, now, caregiver.language)
    return Decision(delivery, (delivery.entry,))


def _repeats_last_word(state: StateReader, notice: Notice, caregiver: Caregiver) -> bool:
    """Whether the last message about the shift has told the caregiver the same.

    They were released and assigned again, say, before "you no longer have it" went out. A confirmation that answers
    their own yes is sent in any case: they wait for it.
    """
    shift = state.shift(notice.shift_id) if notice.shift_id is not None else None
    if notice.kind not in MUST_ARRIVE or shift is None:
        return False
    holding = holding_of(state, caregiver.id, shift.id)
    if holding is not None and holding.claimed_via is not None:
        return False
    said_at: list[datetime] = []
    otherwise_at: list[datetime] = []
    for one in messages_about(state, shift.id, caregiver.id):
        says_the_same = (
            isinstance(one, Notice)
            and one.kind is notice.kind
            and one.status.accepted
            and one.phone == caregiver.phone
            and not shift.has_changed_since(one.first_attempt_at)
        )
        if says_the_same and one.first_attempt_at is not None:
            # Of a message that was tried several times the first try may have arrived, and the others been dropped.
            said_at.append(one.first_attempt_at)
        elif one.perhaps_received_at is not None:
            otherwise_at.append(one.perhaps_received_at)
    last_otherwise = max(otherwise_at, default=None)
    return any(last_otherwise is None or at > last_otherwise for at in said_at)


def _must_wait(state: StateReader, notice: Notice) -> bool:
    """Whether another message to the caregiver about the shift is being handed over.

    A slow gateway might take this one first. Then "you no longer have it" would come after "you have it".
    """
    return notice.shift_id is not None and any(
        one.status is ContactStatus.SENDING for one in messages_about(state, notice.shift_id, notice.caregiver_id)
    )


def _to_new_number(notice: Notice, phone: str, now: datetime) -> tuple[Notice, Notice]:
    """The notice given up, and one of its own id for the caregiver's new number: a key belongs to one number."""
    again = replace(
        notice,
        id=f"{notice.id}-{phone[1:]}",
        phone=phone,
        updated_at=now,
        attempts=0,
        error=None,
        maybe_sent=False,
        provider_id=None,
        first_attempt_at=None,
    )
    return give_up(notice, now, "number changed"), again


def _outdated(state: StateReader, notice: Notice, caregiver: Caregiver, now: datetime) -> bool:
    """Whether the notice has become wrong since it was queued: somebody got or lost the shift, or it has ended."""
    if notice.shift_id is None:
        # A list of shifts to choose from, which may all have changed.
        return notice.kind is Kind.CLARIFICATION and now >= given_up_at(notice)
    shift, fanout = state.shift(notice.shift_id), state.fanout(notice.shift_id)
    ended = shift is not None and shift.ended_since(notice.created_at, now)
    holding = state.assignment(notice.shift_id)
    if holding is not None and holding.caregiver_id != notice.caregiver_id:
        holding = None
    open_to_a_yes = shift is not None and fanout is not None and fanout.claimable_at(now, shift)
    match notice.kind:
        case Kind.CONFIRMATION:
            return holding is None or ended
        case Kind.RELEASE_REQUESTED:
            return holding is None or holding.release_requested_at is None or ended
        case Kind.RELEASED:
            return holding is not None
        case Kind.CLOSED:
            return holding is not None or open_to_a_yes
        case Kind.CLARIFICATION | Kind.OFFER:
            return (
                not open_to_a_yes
                or shift is None
                or not caregiver.may_work(shift)
                or is_outdated(notice, shift)
                or conflict_of(state, shift, caregiver) is not None
            )
        case _:
            return False


def _admit_offer(state: StateReader, contact: Contact, now: datetime, policy: Policy) -> Decision[Delivery | None]:
    shift, fanout = state.shift(contact.shift_id), state.fanout(contact.shift_id)
    caregiver = state.caregiver(contact.caregiver_id)
    error = obstacle(state, contact, shift, fanout, caregiver, now)
    if error is not None or shift is None or fanout is None or caregiver is None:
        return Decision(None, (skip(contact, now, error),))
    if conflict_of(state, shift, caregiver) is not None:
        exclusion = Exclusion(
            shift_id=shift.id,
            generation=contact.generation,
            caregiver_id=caregiver.id,
            reason=ExclusionReason.CONFLICT,
        )
        return Decision(None, (skip(contact, now, "conflict"), exclusion))
    held = _held(state, contact, fanout, shift, caregiver, now, policy)
    if held is not None:
        return Decision(None, (replace(contact, updated_at=now, due_at=held.until, held=held.reason),))
    writes: list[Write] = []
    if contact.channel is Channel.VOICE and contact.held is not None:
        text = _text_before(state, contact)
        if text is not None and text.status is ContactStatus.QUEUED:
            writes.append(skip(text, now, "called instead"))
    delivery = _offer_delivery(state, contact, fanout, shift, caregiver, now, policy)
    return Decision(delivery, (delivery.entry, *writes))


def _offer_delivery(
    state: StateReader,
    contact: Contact,
    fanout: Fanout,
    shift: Shift,
    caregiver: Caregiver,
    now: datetime,
    policy: Policy,
) -> Delivery:
    """The delivery of the offer. Its record is marked `sending`, and the try is counted."""
    if contact.phone != caregiver.phone:
        # To another number it is another message, which nobody has received yet.
        contact = replace(
            contact, phone=caregiver.phone, body=None, maybe_sent=False, provider_id=None, first_attempt_at=None
        )
    body = contact.body
    if body is None:
        offer = state.offer(shift.id, caregiver.id)
        code = offer.code if offer and has_other_open(state, caregiver, shift.id, now) else None
        organization = state.organization(shift.organization_id)
        body = texts.offer(shift, policy.zone_name, contact.channel, code, caregiver.language, organization)
    message_id = contact_id(contact, fanout.started_at)
    entry = replace(
        contact,
        status=ContactStatus.SENDING,
        updated_at=now,
        attempts=contact.attempts + 1,
        due_at=None,
        held=None,
        handed_over_at=_time_of_call(state, caregiver, now) if contact.channel is Channel.VOICE else now,
        first_attempt_at=contact.first_attempt_at or now,
        message_id=message_id,
        body=body,
    )
    message = Message(
        id=message_id,
        channel=contact.channel,
        kind=Kind.OFFER,
        to=caregiver.phone,
        body=body,
        shift_id=shift.id,
        caregiver_id=caregiver.id,
        organization_id=shift.organization_id,
        language=caregiver.language,
        first_attempt_at=entry.first_attempt_at,
        worth_until=_worth_until(fanout, shift, contact.channel, now),
    )
    return Delivery(entry=entry, message=message)


def _held(
    state: StateReader,
    contact: Contact,
    fanout: Fanout,
    shift: Shift,
    caregiver: Caregiver,
    now: datetime,
    policy: Policy,
) -> Hold | None:
    """Until when the offer must still wait, and why; None: it may go out now."""
    if contact.channel is Channel.VOICE and contact.held is not None:
        # It was planned while the text that goes first was held.
        at = earliest_call(_text_before(state, contact), fanout, now)
        if at > now:
            return Hold(at, contact.held)
    night = held_by_night(state, fanout, shift, caregiver, contact.channel, now, policy)
    return night or held_by_limit(state, contact, caregiver, now, policy)


def _text_before(state: StateReader, call: Contact) -> Contact | None:
    """The text of the same offer."""
    return state.contact(call.shift_id, call.generation, Channel.SMS, call.caregiver_id)


def _worth_until(fanout: Fanout, shift: Shift, channel: Channel, now: datetime) -> datetime:
    """Until when an offer is of use: a text until its caregiver is called, a call until the shift ends."""
    expires = fanout.expires(shift)
    if channel is Channel.VOICE:
        return expires if expires is not None else now + fanout.wait
    called_at = max(fanout.escalates_at, now + fanout.wait / 2)
    return called_at if expires is None else min(called_at, expires)


def _time_of_call(state: StateReader, caregiver: Caregiver, now: datetime) -> datetime:
    """`now`, but later than any earlier call to the number: an answer on a call is about the last one."""
    last = last_call(state, offers_in_context(state, caregiver, now), caregiver.phone)
    return now if last is None else max(now, last[0] + timedelta(microseconds=1))


def obstacle(
    state: StateReader,
    contact: Contact,
    shift: Shift | None,
    fanout: Fanout | None,
    caregiver: Caregiver | None,
    now: datetime,
) -> str | None:
    """Why an offer must not be sent any more, in words for the contact's `error`; None if it may be sent."""
    if shift is None or fanout is None or fanout.generation != contact.generation:
        return "fanout is no longer open"
    if not fanout.claimable_at(now, shift):
        return "shift is over" if fanout.claimable else "fanout is no longer open"
    if contact.channel is Channel.SMS and fanout.round is Channel.VOICE and not _goes_first(state, contact):
        return "called instead"
    if caregiver is None or not caregiver.may_work(shift):
        return "no longer matches"
    silence = state.number(caregiver.phone).silence_for(caregiver.id)
    if silence is not None:
        return SILENCE_ERRORS[silence]
    offer = state.offer(contact.shift_id, contact.caregiver_id)
    if offer is not None and offer.state is OfferState.DECLINED:
        return "declined"
    if offer is None or offer.state is not OfferState.OPEN:
        return "no longer matches"
    return None


def _goes_first(state: StateReader, text: Contact) -> bool:
    """Whether the call of the same offer waits for the text, which was held when the round of calls began.

    A text that was held, and that the provider has not taken at once, is tried again until that call is due.
    """
    if text.held is not None:
        return True
    call = state.contact(text.shift_id, text.generation, Channel.VOICE, text.caregiver_id)
    return call is not None and call.status is ContactStatus.QUEUED and call.held is not None
