"""What follows from a caregiver's reply. Pure.

Checks run in this order: is the message id known; who sent it; STOP, START, HELP; which shift; yes or no.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache

from app.domain import texts
from app.domain.commands import Reply
from app.domain.decisions import Decision, Write
from app.domain.policy import Policy
from app.domain.reading import Intent, ShiftTimes
from app.domain.records import (
    Answer,
    Assignment,
    Caregiver,
    Choice,
    ContactStatus,
    Kind,
    Notice,
    Offer,
    OfferState,
    OptOut,
    Outcome,
    Response,
    Shift,
    StoredAnswer,
    overlap,
)
from app.domain.rules.fanouts import MOVES, Move, close_fanout, skip_queued, withdrawn, without_candidates
from app.domain.rules.offers import NOT_ASKED_AGAIN, OfferInContext, offer_in_context, offers_in_context
from app.domain.rules.reply_target import candidates_of, closed_last, holding_of, offer_of_code
from app.domain.state import StateReader


@dataclass
class _Case:
    """A reply while the service decides what follows from it: what is known about it, and the writes so far."""

    state: StateReader
    command: Reply
    policy: Policy
    caregiver: Caregiver
    #: What the words mean before the shift is known. `_decide_about_a_shift` classifies them again with the shift's
    #: hours.
    intent: Intent
    writes: list[Write] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        return self.command.now

    def answer(
        self,
        outcome: Outcome,
        *,
        shift_id: str | None = None,
        reply: str | None = None,
        choices: Sequence[Choice] = (),
    ) -> Answer:
        return Answer(
            outcome=outcome,
            shift_id=shift_id,
            caregiver_id=self.caregiver.id,
            reply=reply,
            choices=tuple(choices),
        )

    def notice(self, kind: Kind, body: str, shift_id: str | None = None) -> str:
        self.writes.append(
            Notice(
                id=self.command.notice_id,
                kind=kind,
                caregiver_id=self.caregiver.id,
                body=body,
                status=ContactStatus.QUEUED,
                updated_at=self.now,
                shift_id=shift_id,
            )
        )
        return body

    def respond(self, about: OfferInContext, outcome: Outcome) -> None:
        self.writes.append(
            Response(
                shift_id=about.shift.id,
                generation=about.fanout.generation,
                caregiver_id=self.caregiver.id,
                outcome=outcome,
                at=self.now,
                channel=self.command.channel,
            )
        )


def reply(state: StateReader, command: Reply, policy: Policy) -> Decision[Answer]:
    """What follows from an inbound message. A repeated message id gets the stored answer and changes nothing."""
    if command.message_id is not None:
        known = state.answer(command.message_id)
        if known is not None:
            return Decision(known)
    answer, writes = _decide(state, command, policy)
    if command.message_id is not None:
        writes.append(StoredAnswer(message_id=command.message_id, answer=answer, at=command.now))
    return Decision(answer, tuple(writes))


def _decide(state: StateReader, command: Reply, policy: Policy) -> tuple[Answer, list[Write]]:
    caregiver = state.caregiver_by_phone(command.phone)
    intent = command.understand(None)
    if caregiver is None:
        # An unknown sender gets no answer. But a STOP counts, even if a caregiver is given that number later.
        writes: list[Write] = []
        if intent is Intent.STOP or intent is Intent.START:
            writes.append(OptOut(phone=command.phone, opted_out=intent is Intent.STOP))
        return Answer(outcome=Outcome.UNKNOWN_SENDER), writes
    case = _Case(state, command, policy, caregiver, intent)
    opted_out = state.opted_out(command.phone)
    if intent is Intent.STOP:
        answer = _opt_out(case, first=not opted_out)
    elif intent is Intent.START:
        case.writes.append(OptOut(phone=command.phone, opted_out=False))
        answer = case.answer(Outcome.OPTED_IN, reply=case.notice(Kind.OPT_IN, texts.OPT_IN))
    elif intent is Intent.HELP:
        answer = case.answer(Outcome.HELP, reply=case.notice(Kind.HELP, texts.HELP))
    elif opted_out:
        answer = case.answer(Outcome.OPTED_OUT)
    else:
        answer = _decide_about_a_shift(case)
    return answer, case.writes


def _opt_out(case: _Case, *, first: bool) -> Answer:
    if not first:
        return case.answer(Outcome.OPTED_OUT)
    case.writes.append(OptOut(phone=case.command.phone, opted_out=True))
    for about in offers_in_context(case.state, case.caregiver, case.now):
        if about.open:
            case.writes += withdrawn(case.state, about, case.now)
            case.respond(about, Outcome.OPTED_OUT)
    return case.answer(Outcome.OPTED_OUT, reply=case.notice(Kind.OPT_OUT, texts.OPT_OUT))


def _decide_about_a_shift(case: _Case) -> Answer:
    """Find the shift that the reply means (by its id, a code, or the candidates), then act on yes or no."""
    command = case.command
    yes_or_no = case.intent is not Intent.UNKNOWN
    if command.shift_id is not None:
        about = offer_in_context(case.state, case.caregiver, command.shift_id, case.now)
        candidates = [about] if about else []
    elif (
        command.code is not None
        and (about := offer_of_code(case.state, case.caregiver, command.code, case.now)) is not None
    ):
        candidates = [about]
    else:
        offers = offers_in_context(case.state, case.caregiver, case.now)
        candidates = candidates_of(case.state, case.caregiver, offers, case.intent, case.now)
        unclear = command.code is not None and yes_or_no
        if candidates and (unclear or len(candidates) > 1):
            # A code that belongs to none of the caregiver's offers must not be read as a bare yes or no.
            return _ask_which(case, candidates)
        if not candidates and yes_or_no:
            candidates = closed_last(offers, case.now)
            if unclear:
                candidates = [about for about in candidates if not about.fanout.claimable]
    if not candidates:
        known = command.shift_id if command.shift_id and case.state.shift(command.shift_id) else None
        return case.answer(Outcome.NO_OFFER if yes_or_no else Outcome.UNRECOGNIZED, shift_id=known)
    about = candidates[0]
    # "Yes for Thursday" accepts a Thursday shift only.
    intent = command.understand(_hours(about.shift, case.policy.zone_name))
    if intent is Intent.ACCEPT:
        return _yes(case, about)
    if intent is Intent.DECLINE:
        return _no(case, about)
    return _unrecognized(case, about)


@lru_cache(maxsize=4096)
def _hours(shift: Shift, default_zone: str) -> ShiftTimes:
    return ShiftTimes(*texts.local_hours(shift, default_zone))


def _keep(case: _Case, about: OfferInContext, offer: Offer) -> None:
    """Write the offer. If it was only implied, add it to the fanout's count of open offers."""
    case.writes.append(offer)
    if about.implied and about.fanout.claimable and offer.state is OfferState.OPEN:
        case.writes.append(replace(about.fanout, can_still_accept=about.fanout.can_still_accept + 1))


def _tell(case: _Case, about: OfferInContext, kind: Kind) -> str | None:
    """Send the notice, unless the caregiver already got this kind about this shift. Returns its text, or None."""
    if kind in about.offer.notices_sent:
        if about.implied:
            _keep(case, about, about.offer)
        return None
    _keep(case, about, replace(about.offer, notices_sent=(*about.offer.notices_sent, kind)))
    if kind is Kind.CLARIFICATION:
        body = texts.clarification(about.shift, case.policy.zone_name)
    else:
        body = texts.notice(kind, about.shift, case.policy.zone_name)
    return case.notice(kind, body, about.shift.id)


def _yes(case: _Case, about: OfferInContext) -> Answer:
    shift, fanout = about.shift, about.fanout
    holding = holding_of(case.state, case.caregiver.id, shift.id)
    if holding is not None:
        if holding.release_requested_at is not None:
            case.writes.append(replace(holding, release_requested_at=None))
        case.respond(about, Outcome.ALREADY_YOURS)
        return case.answer(Outcome.ALREADY_YOURS, shift_id=shift.id)
    status = MOVES.get((fanout.status, Move.CLAIM))
    if status is None:
        case.respond(about, Outcome.ALREADY_CLAIMED)
        told = _tell(case, _late(about, case.now), Kind.CLOSED)
        return case.answer(Outcome.ALREADY_CLAIMED, shift_id=shift.id, reply=told)
    if not case.caregiver.may_work(shift):
        return case.answer(Outcome.NO_OFFER, shift_id=shift.id)
    if overlap(shift, case.state.held_by(case.caregiver.id)):
        case.respond(about, Outcome.CONFLICT)
        told = _tell(case, about, Kind.CONFLICT)
        return case.answer(Outcome.CONFLICT, shift_id=shift.id, reply=told)
    # The assignment comes first: the store refuses a second holder.
    case.writes.append(
        Assignment(
            shift_id=shift.id,
            caregiver_id=case.caregiver.id,
            claimed_at=case.now,
            claimed_via=case.command.channel,
        )
    )
    told = _tell(case, about, Kind.CONFIRMATION)
    case.writes.append(close_fanout(fanout, shift, status, case.now, case.policy))
    case.respond(about, Outcome.CLAIMED)
    return case.answer(Outcome.CLAIMED, shift_id=shift.id, reply=told)


def _late(about: OfferInContext, now: datetime) -> OfferInContext:
    """A copy of the offer, marked as accepted too late: the next generation asks this caregiver first.

    A caregiver who was released from the shift in this generation is not marked.
    """
    offer, generation = about.offer, about.fanout.generation
    if offer.generation == generation and (offer.state is OfferState.RELEASED or offer.accepted_late_at is not None):
        return about
    late = replace(
        offer,
        state=OfferState.OPEN,
        closed_at=None,
        generation=generation,
        accepted_late_at=offer.accepted_late_at or now,
    )
    return OfferInContext(late, about.fanout, about.shift, implied=True)


def _no(case: _Case, about: OfferInContext) -> Answer:
    shift = about.shift
    holding = holding_of(case.state, case.caregiver.id, shift.id)
    if holding is not None:
        if holding.release_requested_at is None:
            case.writes.append(replace(holding, release_requested_at=case.now))
        case.respond(about, Outcome.RELEASE_REQUESTED)
        told = _tell(case, about, Kind.RELEASE)
        return case.answer(Outcome.RELEASE_REQUESTED, shift_id=shift.id, reply=told)
    if about.offer.state not in NOT_ASKED_AGAIN:
        declined = replace(about.offer, state=OfferState.DECLINED, closed_at=case.now, accepted_late_at=None)
        case.writes.append(declined)
        if about.open and not about.implied:
            case.writes.append(without_candidates(about.fanout))
        case.writes += skip_queued(case.state, about, case.now)
    case.respond(about, Outcome.DECLINED)
    return case.answer(Outcome.DECLINED, shift_id=shift.id)


def _unrecognized(case: _Case, about: OfferInContext) -> Answer:
    case.respond(about, Outcome.UNRECOGNIZED)
    # A question about a shift that is no longer open would only confuse.
    told = _tell(case, about, Kind.CLARIFICATION) if about.open else None
    return case.answer(Outcome.UNRECOGNIZED, shift_id=about.shift.id, reply=told)


def _ask_which(case: _Case, candidates: Sequence[OfferInContext]) -> Answer:
    """Ask which shift is meant, but only if a candidate was not a candidate of an earlier question."""
    new = [about for about in candidates if not about.offer.listed]
    for about in candidates:
        if about in new:
            _keep(case, about, replace(about.offer, listed=True))
        elif about.implied:
            _keep(case, about, about.offer)
    pairs = [(about.offer.code, about.shift) for about in candidates]
    zone = case.policy.zone_name
    body = texts.which_shift(pairs, zone)
    told = case.notice(Kind.CLARIFICATION, body) if new else None
    if case.intent is Intent.UNKNOWN:
        return case.answer(Outcome.UNRECOGNIZED, reply=told)
    choices = [Choice(shift_id=shift.id, code=code, summary=texts.describe(shift, zone)) for code, shift in pairs]
    return case.answer(Outcome.AMBIGUOUS, reply=told, choices=choices)
