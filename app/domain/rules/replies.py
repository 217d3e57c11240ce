"""What follows from an inbound message. Pure.

The order is fixed: a known message id, the sender, an unanswered call, STOP, START, HELP and wrong numbers, then the
shift meant, then yes or no (`offer_replies`).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from app.domain import texts
from app.domain.commands import FindOffer, Reply
from app.domain.decisions import Decision, OfferToRead, Write
from app.domain.facts import CAREGIVER
from app.domain.fanout_records import Fanout, OfferState
from app.domain.messages import KeptText, StoredAnswer, delivery_key
from app.domain.policy import Policy
from app.domain.reading import Intent, Reading
from app.domain.records import (
    Answer,
    Caregiver,
    Channel,
    Kind,
    Language,
    Organization,
    Outcome,
    Response,
)
from app.domain.rules.access import answer_for_sender
from app.domain.rules.fanouts import after_silence, withdraw_offer
from app.domain.rules.offer_replies import decide_about_a_shift, offer_named
from app.domain.rules.offers import OfferInContext, offer_in_context, offers_in_context, without_marks
from app.domain.rules.office_replies import answer_to_office
from app.domain.rules.reply_case import ReplyCase
from app.domain.rules.reply_target import could_still_win, offer_of_last_call, organization_that_writes
from app.domain.state import StateReader

#: What an office may ask of a number that only tells it something.
_OFFICE_MAY_ASK = frozenset({Intent.STOP, Intent.START, Intent.HELP, Intent.WRONG_NUMBER})
#: A yes of somebody who opted out is answered at most this often.
_START_HINT_EVERY = timedelta(days=1)
#: What only the caregiver's own phone can say. The office has `OptIn` for a new consent, and corrects wrong numbers.
_ONLY_BY_PHONE = frozenset({Intent.START, Intent.WRONG_NUMBER})
#: A provider's clock may be behind ours by this much, and it says only the second in which a text was sent.
_CLOCK_GRACE = timedelta(seconds=5)


def reply(state: StateReader, command: Reply, policy: Policy) -> Decision[Answer]:
    """Decide an inbound message. A repeated message id, or id of a signed request, gets the stored answer and changes
    nothing.
    """
    delivery = None if command.delivery_id is None else delivery_key(command.delivery_id)
    known = None if delivery is None else state.answer(delivery)
    if known is not None:
        return Decision(answer_for_sender(state, command, known)[0])
    key, reused = command.key, False
    if key is not None:
        known = state.answer(key)
        # Gateways reuse ids, and a STOP must count: done twice it changes nothing.
        reused = known is not None and known.outcome is not Outcome.OPTED_OUT and _is_stop(command)
        if known is not None and not reused:
            return Decision(answer_for_sender(state, command, known)[0])
    answered = _answered_in_the_same_call(state, command)
    answer, writes = (answered, []) if answered is not None else _decide(state, command, policy)
    writes += _first_answers(state, writes, command)
    answer, stands = answer_for_sender(state, command, answer)
    if not stands:
        writes = []
    if answer.outcome is Outcome.UNRECOGNIZED and command.text and answer.shift_id and answer.caregiver_id:
        shift = state.shift(answer.shift_id)
        writes.append(
            KeptText(
                id=command.notice_id,
                shift_id=answer.shift_id,
                caregiver_id=answer.caregiver_id,
                actor=command.recorded_by or CAREGIVER,
                at=command.now,
                organization_id=shift.organization_id if shift is not None else None,
                body=command.text,
            )
        )
    keys = (None if reused else key, delivery)
    writes += [StoredAnswer(key=one, answer=answer, at=command.now) for one in keys if one is not None]
    return Decision(answer, tuple(writes))


def _first_answers(state: StateReader, writes: Sequence[Write], command: Reply) -> list[Write]:
    """The fanouts of which this is the first answer, with its time, as they are after `writes`."""
    fanouts = {write.shift_id: write for write in writes if isinstance(write, Fanout)}
    found: list[Write] = []
    for write in writes:
        if isinstance(write, Response) and write.outcome is not Outcome.NO_ANSWER:
            before = state.fanout(write.shift_id)
            if before is not None and before.claimable and before.answered_at is None:
                found.append(replace(fanouts.get(write.shift_id, before), answered_at=command.now))
    return found


def _answered_in_the_same_call(state: StateReader, command: Reply) -> Answer | None:
    key = command.key_answered_as
    return None if key is None else state.answer(key)


def find_offer(state: StateReader, command: FindOffer, policy: Policy) -> Decision[OfferToRead | None]:
    """The offer that a caller could answer: of the shift that the call is about, else of the last call, else the
    soonest one. None: there is none, or the number is not to be asked.
    """
    caregiver = state.caregiver_by_phone(command.phone)
    if caregiver is None or state.number(command.phone).silence_for(caregiver.id) is not None:
        return Decision(None)
    if command.shift_id is not None:
        named = offer_in_context(state, caregiver, command.shift_id, command.now)
        found = could_still_win([named] if named else [], caregiver)
    else:
        offers = [about for about in offers_in_context(state, caregiver, command.now) if about.open]
        called = offer_of_last_call(state, offers, command.phone, command.now)
        found = sorted(
            could_still_win([called] if called else offers, caregiver),
            key=lambda about: (about.shift.start_time, about.shift.id),
        )
    if not found:
        return Decision(None)
    shift = found[0].shift
    language = caregiver.language
    organization = state.organization(shift.organization_id)
    text = texts.offer(shift, policy.zone_name, Channel.VOICE, None, language, organization)
    return Decision(OfferToRead(shift_id=shift.id, text=text, language=language))


def language_of_caller(state: StateReader, command: FindOffer) -> Language:
    """The language of the caregiver who calls; English if nobody has that number."""
    caregiver = state.caregiver_by_phone(command.phone)
    return Language.ENGLISH if caregiver is None else caregiver.language


def sender_of_open_reply(state: StateReader, command: Reply) -> str | None:
    """The name of the caregiver who sent the reply, if what happens depends on its words. Decides nothing.

    None for a known message id, a number that nobody has, that opted out or that is a wrong one, and for a caregiver
    without an offer: a second reader need not see such words.
    """
    if command.key is not None and state.answer(command.key):
        return None
    caregiver = state.caregiver_by_phone(command.phone)
    if caregiver is None or state.number(command.phone).silence_for(caregiver.id) is not None:
        return None
    return caregiver.name if offers_in_context(state, caregiver, command.now) else None


def _is_stop(command: Reply) -> bool:
    return command.reading.intent is Intent.STOP


def _decide(state: StateReader, command: Reply, policy: Policy) -> tuple[Answer, list[Write]]:
    caregiver = state.caregiver_by_phone(command.phone)
    if caregiver is None:
        return _of_a_stranger(state, command)
    if command.reading.empty and command.channel is Channel.VOICE:
        return _no_answer(state, command, policy, caregiver)
    recorded = command.recorded_by is not None
    if (recorded and command.reading.intent in _ONLY_BY_PHONE) or _precedes_an_open_offer(state, command, caregiver):
        command = replace(command, reading=Reading(intent=Intent.UNKNOWN))
    case = ReplyCase(state, command, policy, caregiver, command.reading.intent)
    is_wrong_number = case.number.wrong_number_of == caregiver.id
    match case.intent:
        case Intent.STOP:
            answer = _opt_out(case)
        case _ if case.number.opted_out and case.intent not in (Intent.START, Intent.HELP):
            answer = _of_somebody_opted_out(case)
        case _ if is_wrong_number:
            answer = _after_a_wrong_number(case)
        case Intent.START:
            answer = _opt_in(case)
        case Intent.HELP:
            answer = case.answer(
                Outcome.HELP, reply=case.automatic(Kind.HELP, texts.help_text(case.language, _organization(case)))
            )
        case Intent.WRONG_NUMBER:
            answer = _wrong_number(case)
        case _:
            answer = decide_about_a_shift(case)
    return answer, case.writes


def _precedes_an_open_offer(state: StateReader, command: Reply, caregiver: Caregiver) -> bool:
    """Whether a yes or no was sent before an offer that is open now was made: nobody knows what it is about."""
    sent_at = command.sent_at
    if sent_at is None or command.reading.intent not in (Intent.ACCEPT, Intent.DECLINE):
        return False
    offers = offers_in_context(state, caregiver, command.now)
    return any(about.open and about.fanout.started_at > sent_at + _CLOCK_GRACE for about in offers)


def _of_a_stranger(state: StateReader, command: Reply) -> tuple[Answer, list[Write]]:
    """A number that no caregiver has gets no answer. But a STOP holds even if a caregiver gets the number later."""
    intent = command.reading.intent
    if command.recorded_by is not None and intent in _ONLY_BY_PHONE:
        return Answer(outcome=Outcome.UNKNOWN_SENDER), []
    if intent in _OFFICE_MAY_ASK and (office := _office(state, command)) is not None:
        if command.within not in (None, office.id):
            return Answer(outcome=Outcome.UNKNOWN_SENDER), []
        return answer_to_office(state, command, office)
    writes: list[Write] = []
    if intent in (Intent.STOP, Intent.START):
        writes.append(replace(state.number(command.phone), opted_out=intent is Intent.STOP))
    return Answer(outcome=Outcome.UNKNOWN_SENDER), writes


def _office(state: StateReader, command: Reply) -> Organization | None:
    """The organization whose office has this number: that of the sender, if several have it."""
    own = None if command.within is None else state.organization(command.within)
    if own is not None and own.office_phone == command.phone:
        return own
    return next(iter(state.offices(command.phone)), None)


def _no_answer(
    state: StateReader, command: Reply, policy: Policy, caregiver: Caregiver
) -> tuple[Answer, list[Write]]:
    """A call that nobody answered, or without a key or a word: nothing is sent back. Its end is on record."""
    case = ReplyCase(state, command, policy, caregiver, Intent.UNKNOWN)
    shift_id = case.known_shift_id
    if command.answered_as is not None and shift_id is not None:
        called = offer_in_context(state, caregiver, shift_id, command.now)
        if called is not None and not called.implied:
            case.respond(called, Outcome.NO_ANSWER)
    if command.shift_id is None and command.recorded_by is None:
        about = offer_of_last_call(state, case.offers(), command.phone, command.now)
        shift_id = about.shift.id if about else None
    return case.answer(Outcome.NO_ANSWER, shift_id=shift_id), case.writes


def _organization(case: ReplyCase) -> Organization | None:
    """The organization in whose name a STOP or HELP is answered: the one that it was said to, if that is known."""
    if case.command.within is not None:
        return case.state.organization(case.command.within)
    return organization_that_writes(case.state, case.caregiver, case.now)


def _opt_out(case: ReplyCase) -> Answer:
    if case.number.opted_out:
        return case.answer(Outcome.OPTED_OUT)
    case.set_number(opted_out=True)
    _withdraw_all(case, Outcome.OPTED_OUT)
    text = None
    if case.number.wrong_number_of != case.caregiver.id:
        text = case.automatic(Kind.OPT_OUT, texts.opt_out(case.language, _organization(case)))
    return case.answer(Outcome.OPTED_OUT, reply=text)


def _withdraw_all(case: ReplyCase, outcome: Outcome) -> None:
    """Withdraw every open offer: no message goes to the number any more."""
    case.writes += without_marks(case.state, case.caregiver.id)
    for about in offers_in_context(case.state, case.caregiver, case.now):
        if about.open:
            case.writes += withdraw_offer(case.state, about, case.now)
            case.respond(about, outcome)


def _opt_in(case: ReplyCase) -> Answer:
    case.set_number(opted_out=False, start_hint_at=None)
    case.writes += after_silence(case.state, case.caregiver, case.now)
    return case.answer(Outcome.OPTED_IN, reply=case.automatic(Kind.OPT_IN, texts.opt_in(case.language)))


def _of_somebody_opted_out(case: ReplyCase) -> Answer:
    """A yes neither claims nor opts in. It is marked for a coordinator, and answered once a day: text START first."""
    if case.intent is Intent.WRONG_NUMBER:
        case.set_number(wrong_number_of=case.caregiver.id)
    if case.intent is Intent.DECLINE:
        _settle_yeses(case)
        _show_to_a_coordinator(case, case.offers())
    if case.intent is not Intent.ACCEPT:
        return case.answer(Outcome.OPTED_OUT)
    meant = _would_have_won(case)
    for about in meant:
        case.keep(about, opted_out_yes_at=case.now, **_withdrawn_if_implied(about))
    hinted_at = case.number.start_hint_at
    hint = None
    due = hinted_at is None or hinted_at + _START_HINT_EVERY <= case.now
    # Only their own message allows an answer after a STOP.
    if due and case.command.recorded_by is None:
        # Once a day is limit enough: it must not use up the answer to the START that it asks for.
        hint = case.notice(Kind.OPT_OUT, texts.start_first(case.language))
        case.set_number(start_hint_at=case.now)
    shift_id = meant[0].shift.id if len(meant) == 1 else None
    return case.answer(Outcome.OPTED_OUT, shift_id=shift_id, reply=hint)


def _settle_yeses(case: ReplyCase) -> None:
    """A clear no takes back what they said while opted out."""
    for about in case.offers():
        if about.offer.opted_out_yes_at is not None:
            case.keep(about, opted_out_yes_at=None)


def _show_to_a_coordinator(case: ReplyCase, offers: Sequence[OfferInContext]) -> None:
    """Mark the shifts they have: what was said may mean that they don't come, and no text may answer it."""
    for about in offers:
        if case.holds(about):
            case.not_understood(about)


def _would_have_won(case: ReplyCase) -> list[OfferInContext]:
    """What a yes from a silent number is about: the offer it names, else every offer that it could win."""
    state, caregiver, now = case.state, case.caregiver, case.now
    if case.command.shift_id is not None:
        named = offer_in_context(state, caregiver, case.command.shift_id, now)
        offers = [named] if named else []
    else:
        offers = case.offers()
        named = offer_named(case, offers)
        offers = [named] if named else offers
    return could_still_win(offers, caregiver)


def _withdrawn_if_implied(about: OfferInContext) -> dict[str, Any]:
    """Planning would withdraw the offer of a silent number when it reaches it; here that is done at once."""
    if not about.implied or about.offer.state is not OfferState.OPEN:
        return {}
    return {"state": OfferState.WITHDRAWN, "closed_at": about.now}


def _wrong_number(case: ReplyCase) -> Answer:
    """One apology; then no message goes to the number until its caregiver gets another, or the office opts it in."""
    case.set_number(wrong_number_of=case.caregiver.id)
    _withdraw_all(case, Outcome.WRONG_NUMBER)
    # The confirmation of a shift that the caregiver has went to a stranger, whichever organization sent it.
    _show_to_a_coordinator(case, offers_in_context(case.state, case.caregiver, case.now))
    return case.answer(
        Outcome.WRONG_NUMBER, reply=case.automatic(Kind.WRONG_NUMBER, texts.wrong_number(case.language))
    )


def _after_a_wrong_number(case: ReplyCase) -> Answer:
    """A stranger's words change nothing, and nothing is sent back, even to HELP.

    A START ends their own STOP, but the office must confirm the number. A yes might be the caregiver's own after all,
    so a coordinator sees it.
    """
    if case.intent is Intent.START:
        case.set_number(opted_out=False)
    if case.intent is Intent.ACCEPT:
        for about in _would_have_won(case):
            case.keep(about, **_withdrawn_if_implied(about))
            case.not_understood(about)
    return case.answer(Outcome.WRONG_NUMBER)
