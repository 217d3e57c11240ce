"""Which shift a reply means when it gives no shift id, and when a bare YES or NO would not do. Pure.

What a text tells people to do works: `number_needed` says what `meant_by_bare_word` would come to at the hand-over.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from app.domain.fanout_records import CODE_RESERVED_FOR
from app.domain.messages import Contact, Notice
from app.domain.reading import Intent
from app.domain.records import (
    Assignment,
    Caregiver,
    Channel,
    Kind,
    Organization,
    Shift,
)
from app.domain.rules.offers import OfferInContext, has_other_open, offer_in_context, offers_in_context
from app.domain.state import StateReader

#: For this long after a claim, a bare YES may repeat it.
_REPEATED_YES = timedelta(minutes=10)
#: For this long after a call, an answer by voice is about the shift of the call.
_CALL_LASTS = timedelta(minutes=30)


def offer_of_code(state: StateReader, caregiver: Caregiver, code: str, now: datetime) -> OfferInContext | None:
    """The caregiver's offer of that code, unless it closed more than a day ago: then the code may mean another."""
    offer = state.offer_by_code(caregiver.id, code)
    about = offer_in_context(state, caregiver, offer.shift_id, now) if offer else None
    if about is None or about.closed_at is None or about.closed_at + CODE_RESERVED_FOR > now or about.claimable:
        return about
    return about if holding_of(state, caregiver.id, about.shift.id) else None


def last_call(
    state: StateReader, offers: Sequence[OfferInContext], phone: str
) -> tuple[datetime, OfferInContext] | None:
    """When the last call to `phone` was handed over, and the offer it was about; None if there was no call."""
    calls = []
    for about in offers:
        call = state.contact(about.shift.id, about.fanout.generation, Channel.VOICE, about.offer.caregiver_id)
        if call is not None and call.phone == phone and call.perhaps_received_at is not None:
            calls.append((call.perhaps_received_at, about))
    return max(calls, key=lambda call: call[0], default=None)


def offer_of_last_call(
    state: StateReader, offers: Sequence[OfferInContext], phone: str, now: datetime
) -> OfferInContext | None:
    """The offer that the last call to `phone` was about, if the call was within half an hour; else None."""
    last = last_call(state, offers, phone)
    return last[1] if last is not None and last[0] + _CALL_LASTS > now else None


def candidates_of(
    state: StateReader, offers: Sequence[OfferInContext], caregiver: Caregiver, intent: Intent, now: datetime
) -> list[OfferInContext]:
    """The offers that a bare reply could mean, soonest shift first. `offers`: all of the caregiver's.

    Of a yes: open offers; if there is none, shifts they asked to give back; if there is none, shifts claimed within
    the last ten minutes. Of a no: open offers, and a held shift if the last message to them was about it; if there
    is no open offer, the shifts they hold. Of anything else: open offers; else offers that a yes could still win (a
    change of mind after a no); else shifts they hold. Shifts that they held and that have ended are none of these.
    """
    opened = [about for about in offers if about.open]
    held = [about for about in offers if holding_that_lasts(state, caregiver.id, about.shift, now)]
    current = held_now(state, offers, caregiver.id, now)
    match intent:
        case Intent.ACCEPT:
            found = opened or _given_back(state, held) or _just_claimed(state, held, now)
        case Intent.DECLINE if opened:
            found = [*opened, *(about for about in current if _last_message_was_about(state, about, offers))]
        case Intent.DECLINE:
            found = current
        case _:
            found = opened or could_still_win(offers, caregiver) or current
    return sorted(found, key=lambda about: (about.shift.start_time, about.shift.id))


def held_now(
    state: StateReader, offers: Sequence[OfferInContext], caregiver_id: str, now: datetime
) -> list[OfferInContext]:
    """The shifts among these that the caregiver holds and that have not ended, soonest first."""
    held = [one for one in offers if one.shift.end_time > now and holding_of(state, caregiver_id, one.shift.id)]
    return sorted(held, key=lambda about: (about.shift.start_time, about.shift.id))


def could_still_win(offers: Sequence[OfferInContext], caregiver: Caregiver) -> list[OfferInContext]:
    """The offers that a yes could still win, whatever the caregiver has answered so far."""
    return [about for about in offers if about.claimable and caregiver.may_work(about.shift)]


def organization_that_writes(state: StateReader, caregiver: Caregiver, now: datetime) -> Organization | None:
    """The caregiver's only organization; else the one that the last message to them came from.

    None if there is no such organization, or it has no record.
    """
    if len(caregiver.organization_ids) == 1:
        return state.organization(caregiver.organization_ids[0])
    offers = offers_in_context(state, caregiver, now)
    ids = {about.shift.organization_id for about in offers}
    if len(ids) > 1:
        times = [(at, about) for about in offers if (at := _last_message_at(state, about)) is not None]
        ids = {max(times, key=lambda pair: pair[0])[1].shift.organization_id} if times else set()
    return state.organization(ids.pop()) if ids else None


def closed_last(offers: Sequence[OfferInContext], now: datetime) -> list[OfferInContext]:
    """A list with the offer that closed last; empty if none closed within the last day."""
    recent = [
        (about.closed_at, about)
        for about in offers
        if about.closed_at is not None and about.closed_at + CODE_RESERVED_FOR > now
    ]
    return [max(recent, key=lambda pair: pair[0])[1]] if recent else []


def number_needed(state: StateReader, kind: Kind, caregiver: Caregiver, shift: Shift, now: datetime) -> bool:
    """Whether a message of that kind must name the offer's number, because the bare word it asks for would not do.

    At the moment of the hand-over, when this message is the last one to the caregiver. It asks for a yes or a no to
    an offer (`offer`, `clarification`), a no by the holder (`confirmation`), or a yes by a holder who asked to give
    the shift back (`release`).
    """
    if has_other_open(state, caregiver, shift.id, now):
        return True
    others = [other for other in state.held_by(caregiver.id) if other.id != shift.id]
    if kind is Kind.CONFIRMATION:
        return shift.end_time <= now or any(other.end_time > now for other in others)
    if kind is Kind.RELEASE_REQUESTED:
        holdings = (holding_that_lasts(state, caregiver.id, other, now) for other in others)
        return any(holding is not None and holding.release_requested_at is not None for holding in holdings)
    about = offer_in_context(state, caregiver, shift.id, now)
    if about is None or about.open:
        return False
    # They declined it, say, and no other offer is open: the word may mean a shift they hold, or nothing.
    offers = offers_in_context(state, caregiver, now)
    return any(
        [one.shift.id for one in meant_by_bare_word(state, offers, caregiver, word, now)] != [shift.id]
        for word in (Intent.ACCEPT, Intent.DECLINE)
    )


def meant_by_bare_word(
    state: StateReader, offers: Sequence[OfferInContext], caregiver: Caregiver, intent: Intent, now: datetime
) -> list[OfferInContext]:
    """The offers that a bare yes or no could mean: the candidates, else the offer that closed last."""
    return candidates_of(state, offers, caregiver, intent, now) or closed_last(offers, now)


def holding_of(state: StateReader, caregiver_id: str, shift_id: str) -> Assignment | None:
    """The shift's assignment if this caregiver holds it, else None."""
    assignment = state.assignment(shift_id)
    return assignment if assignment and assignment.caregiver_id == caregiver_id else None


def holding_that_lasts(state: StateReader, caregiver_id: str, shift: Shift, now: datetime) -> Assignment | None:
    """The shift's assignment if this caregiver holds it and it has not ended since they got it, else None.

    A shift that has ended can be neither given back nor kept, so no question is asked about it.
    """
    holding = holding_of(state, caregiver_id, shift.id)
    return None if holding is None or shift.ended_since(holding.claimed_at, now) else holding


def _given_back(state: StateReader, held: Sequence[OfferInContext]) -> list[OfferInContext]:
    return [about for about in held if (holding := state.assignment(about.shift.id)) and holding.release_requested_at]


def _just_claimed(state: StateReader, held: Sequence[OfferInContext], now: datetime) -> list[OfferInContext]:
    return [
        about
        for about in held
        if (holding := state.assignment(about.shift.id)) and holding.claimed_at + _REPEATED_YES > now
    ]


def _last_message_was_about(state: StateReader, held: OfferInContext, offers: Sequence[OfferInContext]) -> bool:
    """Whether the last message about a shift was about that one, which they hold.

    Answers about no single shift do not count: after a question about several, a no could still mean this one.
    """
    last = _last_message_at(state, held)
    others = [_last_message_at(state, about) for about in offers if about is not held]
    return last is not None and all(at is None or at < last for at in others)


def _last_message_at(state: StateReader, about: OfferInContext) -> datetime | None:
    """When a message about that shift last went to the caregiver; None if none did."""
    messages = messages_about(state, about.shift.id, about.offer.caregiver_id)
    return max((at for one in messages if (at := one.perhaps_received_at) is not None), default=None)


def messages_about(state: StateReader, shift_id: str, caregiver_id: str) -> list[Contact | Notice]:
    """The messages to the caregiver about the shift: the notices, and the offers of the latest generation."""
    messages: list[Contact | Notice] = list(state.notices_about(shift_id, caregiver_id))
    fanout = state.fanout(shift_id)
    if fanout is not None:
        offers = (state.contact(shift_id, fanout.generation, channel, caregiver_id) for channel in Channel)
        messages += [contact for contact in offers if contact is not None]
    return messages
