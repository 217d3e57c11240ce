"""What must hold in every state and at every step, said without the rules of `app.domain.rules`.

Each rule of the proof is a few lines over records. `Broken` says which one does not hold.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from app.domain.attention import attention_of
from app.domain.attention_reasons import AttentionReason
from app.domain.commands import Command, Reply
from app.domain.decisions import Delivery, ForgetFanout, Message, Unassign, Write
from app.domain.facts import Fact, FactType
from app.domain.fanout_records import (
    Fanout,
    FanoutStatus,
    Offer,
    OfferState,
)
from app.domain.fanout_reports import FanoutReport
from app.domain.messages import Contact, ContactStatus, HoldReason, MessageKey, Notice
from app.domain.reading import Intent
from app.domain.records import (
    Answer,
    Assignment,
    Caregiver,
    Channel,
    Kind,
    Outcome,
    Response,
    Shift,
)
from prove.world import Mark, World

#: Notices that say whether their reader has the shift.
_SAYS_HELD = {Kind.CONFIRMATION: True, Kind.RELEASE_REQUESTED: True, Kind.CLOSED: False, Kind.RELEASED: False}
#: Sent once for each time that the caregiver gets the shift; the others once for a shift.
_ABOUT_A_HOLDING = frozenset({Kind.CONFIRMATION, Kind.RELEASE_REQUESTED, Kind.RELEASED})
_ONCE = frozenset({Kind.CLOSED, Kind.CONFLICT, Kind.CLARIFICATION})
_DIRECT_ANSWERS = frozenset({Kind.OPT_OUT, Kind.OPT_IN, Kind.WRONG_NUMBER, Kind.HELP})
_MAY_HAVE_ARRIVED = frozenset({ContactStatus.SENT, ContactStatus.DELIVERED, ContactStatus.UNKNOWN})
#: Outcomes after which the caregiver may still not know that they have the shift: nothing is sent back.
_KNOWS_NOTHING = frozenset({Outcome.ALREADY_YOURS, Outcome.UNRECOGNIZED, Outcome.NO_ANSWER})
_UNDER_WAY = frozenset({ContactStatus.QUEUED, ContactStatus.SENDING})
#: The marks of the last word to a caregiver about a shift.
_LAST_WORD, _HAS_IT, _HAS_IT_NOT = "last word to", 1, 2
#: Quiet hours hold no text about a shift that starts within this time: the default of the service.
_STARTS_SOON = timedelta(hours=6)


class Broken(Exception):
    """A rule does not hold. The message says which one."""


def require(holds: bool, rule: str) -> None:
    """Raise `Broken` with the rule if it does not hold."""
    if not holds:
        raise Broken(rule)


def marks_after(before: World, command: Command, writes: Sequence[Write]) -> list[Mark]:
    """What later checks must remember: the last generation of each fanout, how often each caregiver got each shift,
    what each was last told about it, and who is not to be asked again.

    Somebody who said no or was released is not asked again, unless they say yes or get the shift after that.
    """
    marks: dict[tuple[str, ...], int] = {}
    for write in writes:
        match write:
            case Assignment() if before.assignment(write.shift_id) is None:
                got = (write.shift_id, "got by", write.caregiver_id)
                marks[got] = before.mark(*got) + 1
                marks[write.shift_id, "not for", write.caregiver_id] = 0
            case Unassign() if (held := before.assignment(write.shift_id)) is not None:
                marks[write.shift_id, "not for", held.caregiver_id] = 1
            case Fanout():
                marks[write.shift_id, "last generation"] = write.generation
            case Offer(state=OfferState.DECLINED):
                marks[write.shift_id, "not for", write.caregiver_id] = 1
            case Notice() if write.shift_id is not None and _has_just_said(before, write):
                word = _HAS_IT if _SAYS_HELD[write.kind] else _HAS_IT_NOT
                marks[write.shift_id, _LAST_WORD, write.caregiver_id] = word
            case ForgetFanout():
                kept = [mark.key for mark in before.all(Mark) if mark.key[:2] == (write.shift_id, "not for")]
                marks.update(dict.fromkeys(kept, 0))
    if isinstance(command, Reply) and command.reading.intent is Intent.ACCEPT:
        said = before.caregiver_by_phone(command.phone)
        kept = [mark.key for mark in before.all(Mark) if said and mark.key[1:] == ("not for", said.id)]
        marks.update(dict.fromkeys(kept, 0))
    return [Mark(key, count) for key, count in marks.items()]


def _has_just_said(before: World, notice: Notice) -> bool:
    """Whether the notice says who has its shift, and may have reached its reader for the first time.

    Its repeat says nothing: the receiver drops it if the first one arrived.
    """
    stored = before.notice(notice.id)
    handed_over = stored is not None and stored.status is ContactStatus.SENDING and not stored.maybe_sent
    return handed_over and notice.kind in _SAYS_HELD and (notice.maybe_sent or notice.status in _MAY_HAVE_ARRIVED)


def check_decision(before: World, command: Command, result: object, writes: Sequence[Write], after: World) -> None:
    """Check one command: one winner, one answer for a message id, a fact for each holder, generations that count."""
    _check_generations(before, writes)
    holders = [write for write in writes if isinstance(write, Assignment)]
    won = [one for one in holders if before.assignment(one.shift_id) is None]
    for one in holders:
        held = before.assignment(one.shift_id)
        require(held is None or held.caregiver_id == one.caregiver_id, "a shift that is held gets no second holder")
    facts = [write for write in writes if isinstance(write, Fact)]
    filled = [fact for fact in facts if fact.type in (FactType.SHIFT_FILLED, FactType.SHIFT_ASSIGNED)]
    require(len(filled) == len(won), "each holder is on record once")
    if isinstance(command, Reply) and isinstance(result, Answer):
        claims = result.outcome is Outcome.CLAIMED
        known = _known_answer(before, command)
        if known is not None:
            require(result == known and not writes, "a message id has one answer, and a repeat changes nothing")
            return
        require(claims == bool(won), "'claimed' is said to whoever gets the shift, and only then")
        for one in won:
            _check_claim(before, command, one)
        if result.outcome is Outcome.UNRECOGNIZED and not command.reading.courtesy and result.shift_id is not None:
            _check_words(after, result.shift_id, result.caregiver_id)


def _check_words(after: World, shift_id: str, caregiver_id: str | None) -> None:
    """The holder may have written that they are late or don't come, so a person looks until the shift is over."""
    held, fanout, shift = after.assignment(shift_id), after.fanout(shift_id), after.shift(shift_id)
    if held is None or fanout is None or shift is None or held.caregiver_id != caregiver_id:
        return
    reasons = [(one.reason, one.caregiver_id) for one in attention_of(_report(after, fanout, shift), after.now)]
    seen = (AttentionReason.UNRECOGNIZED, caregiver_id) in reasons
    require(seen or shift.end_time <= after.now, "words of the holder that were not understood ask for a person")


def _check_generations(before: World, writes: Sequence[Write]) -> None:
    for fanout in (write for write in writes if isinstance(write, Fanout)):
        last, known = before.mark(fanout.shift_id, "last generation"), before.fanout(fanout.shift_id)
        goes_on = known is not None and known.generation == fanout.generation
        follows = last if goes_on else last + 1
        require(fanout.generation == follows, "generations count on, also after a fanout was forgotten")


def _known_answer(before: World, command: Reply) -> Answer | None:
    if command.message_id is None or command.reading.intent is Intent.STOP:
        return None
    return before.answer(MessageKey(command.phone, command.channel, command.message_id))


def _check_claim(before: World, command: Reply, one: Assignment) -> None:
    """A yes wins only a shift that is asked about, has not ended, and that its sender may work."""
    fanout, shift = before.fanout(one.shift_id), before.shift(one.shift_id)
    caregiver = before.caregiver(one.caregiver_id)
    require(command.reading.intent is Intent.ACCEPT, "only a yes wins a shift")
    if fanout is None or shift is None or caregiver is None:
        raise Broken("a yes wins only a shift that is asked about")
    asked = fanout.status in (FanoutStatus.OPEN, FanoutStatus.EXHAUSTED)
    require(asked and before.now < shift.end_time, "a yes wins only a shift that is asked about")
    require(shift.role_required in caregiver.roles, "a yes wins only a shift of the caregiver's role")
    require(not before.number(command.phone).opted_out, "a yes after STOP wins nothing")


def check_handover(before: World, delivery: Delivery) -> None:
    """Check one message at the moment at which it is handed over."""
    message, entry = delivery.message, delivery.entry
    silent = before.number(message.to).opted_out and message.kind not in _DIRECT_ANSWERS
    require(not silent, "no message after STOP")
    if isinstance(entry, Contact):
        _check_offer(before, message, entry)
    elif message.shift_id is not None:
        _check_notice(before, message, entry, message.shift_id)


def _check_offer(before: World, message: Message, entry: Contact) -> None:
    shift, fanout = before.shift(entry.shift_id), before.fanout(entry.shift_id)
    if shift is None or fanout is None:
        raise Broken("no offer of a shift that does not exist")
    require(before.assignment(entry.shift_id) is None, "no offer after the fill")
    open_ = fanout.status in (FanoutStatus.OPEN, FanoutStatus.EXHAUSTED) and before.now < shift.end_time
    require(open_ and fanout.generation == entry.generation, "no offer of a fanout that is closed")
    offer = before.offer(entry.shift_id, entry.caregiver_id)
    require(offer is None or offer.state is not OfferState.DECLINED, "no offer after a no")
    require(offer is None or offer.state is not OfferState.RELEASED, "no offer after a release")
    require(
        not before.mark(entry.shift_id, "not for", entry.caregiver_id), "who said no or was released is not asked"
    )
    overlapping = any(held.id != shift.id and _overlap(held, shift) for held in before.held_by(entry.caregiver_id))
    require(not overlapping, "no offer of a shift that overlaps one they hold")
    soon = entry.channel is Channel.SMS and before.now >= shift.start_time - _STARTS_SOON
    disturbs = _is_quiet(before, shift) and not fanout.urgent and not soon
    require(not disturbs, "no offer in quiet hours, unless it is urgent or a text about a shift that starts soon")
    if entry.channel is Channel.VOICE:
        text = before.contact(entry.shift_id, entry.generation, Channel.SMS, entry.caregiver_id)
        # A provider may say that no text reaches the number: then the call need not wait.
        unreachable = text is not None and text.status is ContactStatus.FAILED
        require(before.now >= fanout.escalates_at or unreachable, "no call before its time")
    stored = before.contact(entry.shift_id, entry.generation, entry.channel, entry.caregiver_id)
    if stored is None or stored.status is not ContactStatus.QUEUED:
        raise Broken("no message twice")
    same = stored.message_id in (None, message.id) or stored.phone != message.to
    require(same, "every try of a message has the same key")


def _is_quiet(world: World, shift: Shift) -> bool:
    """Whether the shift's organization has quiet hours now. Those of the proof are in UTC and end on the same day."""
    organization = world.organization(shift.organization_id)
    hours = organization.quiet_hours if organization is not None else None
    return hours is not None and hours.start <= world.now.time() < hours.end


def _check_notice(before: World, message: Message, entry: Notice, shift_id: str) -> None:
    stored = before.notice(entry.id)
    require(stored is not None and stored.status is ContactStatus.QUEUED, "no message twice")
    others = before.notices_about(shift_id, entry.caregiver_id)
    overtakes = any(one.status is ContactStatus.SENDING for one in others)
    require(not overtakes, "no notice overtakes another one about the shift")
    if message.kind in _SAYS_HELD:
        held = before.assignment(shift_id)
        holds = held is not None and held.caregiver_id == message.caregiver_id
        require(holds is _SAYS_HELD[message.kind], "a notice is true when it is handed over")


def _overlap(one: Shift, other: Shift) -> bool:
    return one.start_time < other.end_time and other.start_time < one.end_time


def check_state(world: World) -> None:
    """Check one state: no overlap, no notice too many, and nobody left without a word."""
    for caregiver in world.all(Caregiver):
        held = world.held_by(caregiver.id)
        overlapping = any(one.id < other.id and _overlap(one, other) for one in held for other in held)
        require(not overlapping, "no caregiver holds two shifts that overlap")
    for fanout in world.all(Fanout):
        shift = world.shift(fanout.shift_id)
        if shift is not None and shift.deleted_at is None:
            _check_fanout(world, fanout, shift)
    _check_notices(world)


def _check_fanout(world: World, fanout: Fanout, shift: Shift) -> None:
    held = world.assignment(fanout.shift_id)
    claimed = fanout.status is FanoutStatus.CLAIMED
    require(claimed == (held is not None), "a fanout is claimed as long as somebody holds its shift")
    if fanout.status in (FanoutStatus.OPEN, FanoutStatus.EXHAUSTED):
        require(fanout.due_at is not None, "a fanout that is asked about has a next step")
        if fanout.planned_up_to is None and world.now < shift.end_time:
            offers = [one for one in world.all(Offer) if one.shift_id == shift.id]
            waiting = [one for one in offers if one.state is OfferState.OPEN and one.generation == fanout.generation]
            require(fanout.can_still_accept == len(waiting), "the count of open offers is right")
        overdue = fanout.status is FanoutStatus.EXHAUSTED or fanout.answers_due_at <= world.now
        require(not overdue or _asks_for_person(world, fanout, shift), "a shift that nobody takes asks for a person")
    elif fanout.status is FanoutStatus.EXPIRED and shift.end_time <= world.now:
        require(_asks_for_person(world, fanout, shift), "a shift that ended without a holder asks for a person")
    if fanout.claimable and fanout.planned_up_to is None:
        _check_held_texts(world, fanout, shift)
    if held is not None and world.now < shift.end_time and fanout.due_at is not None:
        told = _is_told(world, held) or _asks_for_person(world, fanout, shift)
        require(told, "whoever gets a shift hears of it, or a person is asked to look")
    if world.now < shift.end_time and fanout.due_at is not None:
        _check_former_holders(world, fanout, shift)


def _check_former_holders(world: World, fanout: Fanout, shift: Shift) -> None:
    """Nobody is left with the word that they have a shift that they no longer have."""
    held = world.assignment(shift.id)
    for caregiver in world.all(Caregiver):
        holds = held is not None and held.caregiver_id == caregiver.id
        notices = world.notices_about(shift.id, caregiver.id)
        believed = any(_SAYS_HELD.get(one.kind) and one.status in _MAY_HAVE_ARRIVED for one in notices)
        if holds or not believed or _last_word(world, shift.id, caregiver.id, has_it=False):
            continue
        coming = any(not _SAYS_HELD.get(one.kind, True) and one.status in _UNDER_WAY for one in notices)
        since = max((one.created_at for one in notices if one.kind is Kind.RELEASED), default=world.now)
        told = coming or _has_shown(world, shift.id, caregiver.id, since) or _asks_for_person(world, fanout, shift)
        require(told, "whoever loses a shift hears of it, or a person is asked to look")


def _check_held_texts(world: World, fanout: Fanout, shift: Shift) -> None:
    """A text that waits for the end of quiet hours does so in them. Its time is right again after a change."""
    quiet = _is_quiet(world, shift) and not fanout.urgent
    texts = (one for one in world.all(Contact) if one.shift_id == shift.id and one.channel is Channel.SMS)
    for text in texts:
        held = text.status is ContactStatus.QUEUED and text.held is HoldReason.QUIET_HOURS
        waits = held and text.due_at is not None and text.due_at > world.now
        require(quiet or not waits, "no text waits for the end of quiet hours that are over")


def _is_told(world: World, held: Assignment) -> bool:
    """Whether "you have it" is the last word to the holder, or will be, or they have said since that they know."""
    if _has_shown(world, held.shift_id, held.caregiver_id, held.claimed_at):
        return True
    notices = [one for one in world.notices_about(held.shift_id, held.caregiver_id) if one.kind is Kind.CONFIRMATION]
    if any(one.status in _UNDER_WAY for one in notices):
        return True
    return _last_word(world, held.shift_id, held.caregiver_id, has_it=True)


def _last_word(world: World, shift_id: str, caregiver_id: str, *, has_it: bool) -> bool:
    """Whether the last notice that the caregiver may have got says that they have the shift, or have it not.

    Of a notice that was tried several times the first try may have arrived and the others been dropped, or not.
    """
    said_at, otherwise_at = list[datetime](), list[datetime]()
    for one in world.notices_about(shift_id, caregiver_id):
        may_have_arrived = one.maybe_sent or one.status in _MAY_HAVE_ARRIVED
        if one.kind not in _SAYS_HELD or not may_have_arrived or not one.first_attempt_at or not one.handed_over_at:
            continue
        if _SAYS_HELD[one.kind] is has_it:
            said_at.append(one.first_attempt_at)
        else:
            otherwise_at.append(one.handed_over_at)
    if not said_at or not otherwise_at:
        return bool(said_at)
    if max(said_at) == max(otherwise_at):
        return world.mark(shift_id, _LAST_WORD, caregiver_id) == (_HAS_IT if has_it else _HAS_IT_NOT)
    return max(said_at) > max(otherwise_at)


def _has_shown(world: World, shift_id: str, caregiver_id: str, since: datetime) -> bool:
    """Whether the caregiver has got an answer after that moment that says who has the shift."""
    return any(
        (one.shift_id, one.caregiver_id) == (shift_id, caregiver_id)
        and one.at > since
        and one.outcome not in _KNOWS_NOTHING
        for one in world.all(Response)
    )


def _asks_for_person(world: World, fanout: Fanout, shift: Shift) -> bool:
    return bool(attention_of(_report(world, fanout, shift), world.now))


def _check_notices(world: World) -> None:
    counts: dict[tuple[str, str, Kind], int] = {}
    for notice in world.all(Notice):
        if notice.shift_id is not None and notice.status in _MAY_HAVE_ARRIVED:
            key = (notice.shift_id, notice.caregiver_id, notice.kind)
            counts[key] = counts.get(key, 0) + 1
    for (shift_id, caregiver_id, kind), count in counts.items():
        if kind in _ONCE or kind in _ABOUT_A_HOLDING:
            most = world.mark(shift_id, "got by", caregiver_id) if kind in _ABOUT_A_HOLDING else 1
            require(count <= most, f"no {kind} notice twice")


def _report(world: World, fanout: Fanout, shift: Shift) -> FanoutReport:
    contacts = [one for one in world.all(Contact) if one.shift_id == shift.id]
    failed = [one.updated_at for one in contacts if one.status is ContactStatus.FAILED]
    return FanoutReport(
        shift=shift,
        fanout=fanout,
        assignment=world.assignment(shift.id),
        counts=Counter(one.status for one in contacts),
        responses=tuple(one for one in world.all(Response) if one.shift_id == shift.id),
        notices=tuple(one for one in world.all(Notice) if one.shift_id == shift.id),
        marked_offers=tuple(one for one in world.all(Offer) if one.shift_id == shift.id and one.marked),
        last_failed_at=max(failed, default=None),
    )
