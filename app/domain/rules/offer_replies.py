"""What follows from a reply about a shift: a yes, a no, or words that are neither. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from typing import Any

from app.domain import texts
from app.domain.fanout_records import OfferState
from app.domain.messages import Contact, ContactStatus, Notice, channel_of
from app.domain.reading import Intent, ShiftTimes, meaning_for
from app.domain.records import (
    Answer,
    Assignment,
    Channel,
    Choice,
    Kind,
    Organization,
    Outcome,
    Shift,
)
from app.domain.rules.conflicts import conflict_of
from app.domain.rules.fanouts import MOVES, Move, close_fanout, skip_queued, with_fewer_open_offers
from app.domain.rules.notices import is_outdated
from app.domain.rules.offers import NOT_ASKED_AGAIN, OfferInContext, offer_in_context
from app.domain.rules.reply_case import ReplyCase
from app.domain.rules.reply_target import (
    candidates_of,
    closed_last,
    held_now,
    holding_of,
    messages_about,
    offer_of_code,
    offer_of_last_call,
)

#: The kinds of notices that say the role, hours and place of a shift to somebody who may accept it.
_TELLS_THE_FACTS = frozenset({Kind.OFFER, Kind.CLARIFICATION})


def offer_named(case: ReplyCase, offers: Sequence[OfferInContext]) -> OfferInContext | None:
    """The offer that the reply names by its call or its code, if it does. `offers`: all of the sender's."""
    command, state = case.command, case.state
    if command.channel is Channel.VOICE and command.recorded_by is None:
        about = offer_of_last_call(state, offers, command.phone, case.now)
        if about is not None:
            return about
    if command.reading.code is None:
        return None
    about = offer_of_code(state, case.caregiver, command.reading.code, case.now)
    if about is not None:
        return about
    return next((one for one in offers if one.implied and one.offer.code == command.reading.code), None)


def _meant(case: ReplyCase) -> tuple[list[OfferInContext], bool]:
    """The offers that the reply could mean, and whether it names a number that belongs to none of them."""
    command, state, caregiver = case.command, case.state, case.caregiver
    if command.shift_id is not None:
        about = offer_in_context(state, caregiver, command.shift_id, case.now)
        return ([about] if about else []), False
    offers = case.offers()
    named = offer_named(case, offers)
    if named is not None:
        return [named], False
    candidates = _answered(case, offers, candidates_of(state, offers, caregiver, case.intent, case.now))
    unclear = command.reading.code is not None and case.intent is not Intent.UNKNOWN
    if not candidates and case.intent is not Intent.UNKNOWN:
        candidates = closed_last(offers, case.now)
        if unclear:
            candidates = [about for about in candidates if not about.claimable]
            unclear = False
    return candidates, unclear


def _answered(
    case: ReplyCase, offers: Sequence[OfferInContext], candidates: list[OfferInContext]
) -> list[OfferInContext]:
    """Those of the candidates that the days, hours and places in the reply choose; all of them if these choose none.

    A no that answers none of them may turn down a shift that they hold: "sick, won't be in Monday" beside an offer of
    Tuesday. A yes to a shift that they hold changes nothing; it is asked back, in case they mean the offer.
    """
    reading = case.command.reading
    if not reading.meanings or reading.code is not None:
        return candidates
    fitting = [about for about in candidates if _meaning(case, about) is not Intent.UNKNOWN]
    held = held_now(case.state, offers, case.caregiver.id, case.now)
    return fitting or [about for about in held if _meaning(case, about) is Intent.DECLINE] or candidates


def decide_about_a_shift(case: ReplyCase) -> Answer:
    """Find the shift that the reply means, then act on yes or no."""
    candidates, unclear = _meant(case)
    if not candidates:
        outcome = Outcome.UNRECOGNIZED if case.intent is Intent.UNKNOWN else Outcome.NO_OFFER
        return case.answer(outcome, shift_id=case.known_shift_id)
    about = candidates[0]
    if unclear or len(candidates) > 1:
        if case.intent is Intent.UNKNOWN and case.holds(about):
            # Without an open offer the candidates are the shifts they hold.
            return _said_by_holder(case, candidates)
        # A number that belongs to none of their offers must not be read as a bare yes or no.
        return _ask_which(case, candidates)
    intent = _meaning(case, about)
    if intent is Intent.ACCEPT:
        return _yes(case, about)
    if intent is Intent.DECLINE:
        return _no(case, about)
    return _unrecognized(case, about)


def _meaning(case: ReplyCase, about: OfferInContext) -> Intent:
    """What the reply means for that shift: "yes for Thursday" accepts a Thursday shift only."""
    reading = case.command.reading
    # Most replies name no day, and need no local times.
    return reading.intent if not reading.meanings else meaning_for(reading, _times_of(case, about.shift))


def _times_of(case: ReplyCase, shift: Shift) -> ShiftTimes:
    organization = case.organization_of(shift)
    zone = texts.local_zone(shift, case.policy.zone_name, organization)
    return replace(_hours(shift, case.policy.zone_name, organization), replied_on=case.now.astimezone(zone).date())


@lru_cache(maxsize=4096)
def _hours(shift: Shift, default_zone: str | None, organization: Organization | None) -> ShiftTimes:
    return ShiftTimes(*texts.local_hours(shift, default_zone, organization), place=shift.location or "")


def _yes(case: ReplyCase, about: OfferInContext) -> Answer:
    shift, fanout = about.shift, about.fanout
    case.understood()
    holding = holding_of(case.state, case.caregiver.id, shift.id)
    if holding is not None:
        if holding.release_requested_at is not None:
            case.writes.append(replace(holding, release_requested_at=None))
        case.respond(about, Outcome.ALREADY_YOURS)
        return case.answer(Outcome.ALREADY_YOURS, shift_id=shift.id)
    status = MOVES.get((fanout.status, Move.CLAIM)) if about.claimable else None
    if status is None:
        case.respond(about, Outcome.ALREADY_CLAIMED)
        late = _accepted_late(about)
        if late:
            case.keep(about, **late)
        changed = _read_other_facts(case, about)
        reply = case.tell(about, Kind.CLOSED, texts.closed_after_change(case.language) if changed else None)
        return case.answer(Outcome.ALREADY_CLAIMED, shift_id=shift.id, reply=reply)
    if not case.caregiver.may_work(shift):
        return case.answer(Outcome.NO_OFFER, shift_id=shift.id)
    # Before new facts are offered: a text must not ask for a yes that cannot win.
    conflict = conflict_of(case.state, shift, case.caregiver)
    if conflict is not None:
        case.respond(about, Outcome.CONFLICT)
        reply = case.tell(about, Kind.CONFLICT, _too_little_rest(case, shift, conflict.rest))
        return case.answer(Outcome.CONFLICT, shift_id=shift.id, reply=reply)
    if _read_other_facts(case, about):
        return _offer_new_facts(case, about)
    # The assignment comes first: the store refuses a second holder.
    assignment = Assignment(
        shift_id=shift.id,
        caregiver_id=case.caregiver.id,
        claimed_at=case.now,
        claimed_via=case.command.channel,
    )
    case.writes.insert(0, assignment)
    reply = case.tell(about, Kind.CONFIRMATION)
    case.writes.append(close_fanout(fanout, shift, status, case.now, case.policy))
    case.respond(about, Outcome.CLAIMED)
    return case.answer(Outcome.CLAIMED, shift_id=shift.id, reply=reply)


def _too_little_rest(case: ReplyCase, shift: Shift, rest: timedelta | None) -> str | None:
    """What a caregiver with too little rest hears; None if the shifts overlap, which has the usual text."""
    if rest is None:
        return None
    return texts.too_little_rest(shift, case.policy.zone_name, rest, case.language, case.organization_of(shift))


def _read_other_facts(case: ReplyCase, about: OfferInContext) -> bool:
    """Whether role, hours or place have changed since they were last told to the caregiver."""
    shift, state, caregiver_id = about.shift, case.state, case.caregiver.id
    if shift.facts_changed_at is None or state.offer(shift.id, caregiver_id) is None:
        return False
    if case.command.heard_of is not None:
        # The call may have begun before the change, whatever was sent since.
        return shift.has_changed_since(case.command.heard_of)
    return not any(
        _received(one, case) and not shift.has_changed_since(one.first_attempt_at)
        for one in messages_about(state, shift.id, caregiver_id)
        if isinstance(one, Contact) or one.kind in _TELLS_THE_FACTS
    )


def _received(message: Contact | Notice, case: ReplyCase) -> bool:
    """Whether the caregiver has got the message, as far as this is known.

    A message that may or may not have been sent does not count, nor one that is being handed over: the provider may
    refuse it, and the yes may be to an earlier one. An answer on a call shows that they are on the phone, unless the
    provider has said that the call failed.
    """
    if channel_of(message) is Channel.VOICE:
        if case.command.channel is Channel.VOICE and case.command.recorded_by is None:
            return message.perhaps_received_at is not None
        # A call that nobody answered has an error.
        return message.status.accepted and message.error is None
    return message.status.accepted


def _offer_new_facts(case: ReplyCase, about: OfferInContext) -> Answer:
    """A yes is to what was read: offer the shift again as it is now, and wait for another yes."""
    case.not_understood(about)
    reply = None
    if not any(
        notice.kind is Kind.OFFER and notice.status is ContactStatus.QUEUED and not is_outdated(notice, about.shift)
        for notice in case.state.notices_about(about.shift.id, case.caregiver.id)
    ):
        # It takes the place of a text about the shift that waits.
        case.writes += skip_queued(case.state, about, case.now, Channel.SMS)
        reply = case.notice(Kind.OFFER, case.text(about, Kind.OFFER), about.shift)
    return case.answer(Outcome.UNRECOGNIZED, shift_id=about.shift.id, reply=reply)


def _accepted_late(about: OfferInContext) -> dict[str, Any]:
    """The changes to the offer of a caregiver who accepted too late: the next generation asks them first.

    None for a caregiver who was released from the shift in this generation.
    """
    offer, generation = about.offer, about.fanout.generation
    if offer.generation == generation and (offer.state is OfferState.RELEASED or offer.accepted_late_at is not None):
        return {}
    return {
        "state": OfferState.OPEN,
        "closed_at": None,
        "generation": generation,
        "accepted_late_at": offer.accepted_late_at or about.now,
    }


def _no(case: ReplyCase, about: OfferInContext) -> Answer:
    shift = about.shift
    case.understood()
    holding = holding_of(case.state, case.caregiver.id, shift.id)
    if holding is not None:
        if not case.holds(about):
            # The shift is over, so there is nothing to give back.
            return case.answer(Outcome.NO_OFFER, shift_id=shift.id)
        if holding.release_requested_at is None:
            case.writes.append(replace(holding, release_requested_at=case.now))
        case.respond(about, Outcome.RELEASE_REQUESTED)
        reply = case.tell(about, Kind.RELEASE_REQUESTED)
        return case.answer(Outcome.RELEASE_REQUESTED, shift_id=shift.id, reply=reply)
    if about.offer.state not in NOT_ASKED_AGAIN:
        case.keep(about, state=OfferState.DECLINED, closed_at=case.now, accepted_late_at=None)
        if about.open and not about.implied:
            case.writes.append(with_fewer_open_offers(about.fanout, case.now))
        case.writes += skip_queued(case.state, about, case.now)
    case.respond(about, Outcome.DECLINED)
    return case.answer(Outcome.DECLINED, shift_id=shift.id)


def _unrecognized(case: ReplyCase, about: OfferInContext) -> Answer:
    """Ask back once, unless they have another shift at that time: a yes could not win.

    A change of mind after a no is asked back too; a question about a closed offer would confuse.
    """
    if case.holds(about):
        return _said_by_holder(case, [about])
    if not about.claimable or holding_of(case.state, case.caregiver.id, about.shift.id) is not None:
        case.respond(about, Outcome.UNRECOGNIZED)
        return case.answer(Outcome.UNRECOGNIZED, shift_id=about.shift.id)
    case.not_understood(about)
    sent, reply = about.offer.notices_sent, None
    if Kind.CLARIFICATION not in sent and conflict_of(case.state, about.shift, case.caregiver) is None:
        reply = case.automatic(Kind.CLARIFICATION, case.text(about, Kind.CLARIFICATION), about.shift)
        if reply is not None:
            case.keep(about, notices_sent=(*sent, Kind.CLARIFICATION), questions_sent=about.offer.questions_sent + 1)
    return case.answer(Outcome.UNRECOGNIZED, shift_id=about.shift.id, reply=reply)


def _said_by_holder(case: ReplyCase, held: Sequence[OfferInContext]) -> Answer:
    """Words about shifts that they have: a person must look, unless they are only the thanks for the confirmation.

    They may be late, or not come at all. A question about a closed offer would confuse, so none is sent.
    """
    for about in held:
        if case.command.reading.courtesy:
            case.respond(about, Outcome.UNRECOGNIZED)
        else:
            case.not_understood(about)
    return case.answer(Outcome.UNRECOGNIZED, shift_id=held[0].shift.id if len(held) == 1 else None)


def _ask_which(case: ReplyCase, candidates: Sequence[OfferInContext]) -> Answer:
    """Ask which of several shifts is meant. A shift that was asked about in vain before needs a person.

    A yes or a no is always asked back; other words once about the same shifts. The office, which has recorded the
    answer, asks again itself.
    """
    recorded = case.command.recorded_by is not None
    unasked = any(not about.offer.questions_sent for about in candidates)
    ask = not recorded and (case.intent is not Intent.UNKNOWN or unasked)
    meant = [(about.offer.code, about.shift, case.organization_of(about.shift)) for about in candidates]
    zone = case.policy.zone_name
    reply = case.automatic(Kind.CLARIFICATION, texts.which_shift(meant, zone, case.language)) if ask else None
    for about in candidates:
        in_vain = bool(about.offer.questions_sent) or (ask and reply is None)
        gives_back = case.intent is Intent.DECLINE and case.holds(about)
        if (in_vain and gives_back) or (about.claimable and (in_vain or case.intent is Intent.UNKNOWN)):
            case.not_understood(about)
        case.keep(about, questions_sent=about.offer.questions_sent + ask)
    if case.intent is Intent.UNKNOWN:
        return case.answer(Outcome.UNRECOGNIZED, reply=reply)
    choices = [
        Choice(shift_id=shift.id, code=code, summary=texts.describe(shift, zone, organization=organization))
        for code, shift, organization in meant
    ]
    return case.answer(Outcome.AMBIGUOUS, reply=reply, choices=choices)
