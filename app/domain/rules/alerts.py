"""Alerts: the texts that tell an office that a shift needs a person. Pure.

An alert follows from a fact or a mark on a record, so there is one at most for each reason and generation of a
fanout. It is checked again right before it is sent: what has been settled by then is not sent, and if many shifts
need a person at once, one alert stands for the others. See ADR 21.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import assert_never

from app.domain import office_texts
from app.domain.attention import MUST_ARRIVE, SILENT_ERRORS, every_offer_failed, missed_notices, starts_soon_at
from app.domain.attention_reasons import AttentionReason
from app.domain.commands import TellOffice
from app.domain.decisions import Decision, Delivery, Write
from app.domain.facts import Fact, FactType
from app.domain.fanout_records import Fanout, FanoutStatus, Offer
from app.domain.messages import SILENCE_ERRORS, Alert, Contact, ContactStatus, Notice, contact_key
from app.domain.policy import Policy
from app.domain.records import Kind, Shift
from app.domain.rules.notices import give_up, start_sending
from app.domain.silence import silence_of_office
from app.domain.state import StateReader

#: This many alerts go to a number within an hour as they come.
_MOST_PER_HOUR = 5
_HOUR = timedelta(hours=1)
#: After them there is at most one each time this has passed, which stands for all that wait.
_NEXT_AFTER = timedelta(minutes=15)
#: The `error` of an alert whose number is no longer that of the office.
_NUMBER_CHANGED = "number changed"
#: The `error` of an alert that was skipped although its reason held.
_NOT_TOLD_ERRORS = SILENT_ERRORS | {_NUMBER_CHANGED}

_REASONS = {
    FactType.FANOUT_EXHAUSTED: AttentionReason.EXHAUSTED,
    FactType.FANOUT_UNANSWERED: AttentionReason.UNANSWERED,
    FactType.FANOUT_EXPIRED: AttentionReason.EXPIRED,
    FactType.RELEASE_REQUESTED: AttentionReason.RELEASE_REQUESTED,
}


def alerts_after(
    state: StateReader, writes: Sequence[Write], facts: Iterable[Fact], now: datetime, policy: Policy
) -> list[Notice]:
    """The alerts that follow from a decision. `state`: as it was before the decision."""
    found: dict[str, Notice] = {}
    reasons = list(_reasons(state, writes, facts, now))
    if AttentionReason.UNDELIVERED in policy.alerts:
        reasons += [(AttentionReason.UNDELIVERED, fanout, None) for fanout in _undelivered(state, writes, now)]
    for reason, fanout, caregiver_id in reasons:
        if reason in policy.alerts:
            notice = _new_alert(state, reason, fanout, caregiver_id, now, policy)
            if notice is not None and state.message(notice.id) is None:
                found.setdefault(notice.id, notice)
    return list(found.values())


def tell_office(state: StateReader, command: TellOffice, policy: Policy) -> Decision[bool]:
    """Alert the office to those of the reasons of which it has not been told. Result: whether there were any.

    What no longer holds is dropped right before it is sent, and many at once are one text, as for other alerts.
    """
    fanout, found = state.fanout(command.shift_id), dict[str, Notice]()
    earlier = {one.id: one for one in state.notices_about(command.shift_id, "") if one.alert is not None}
    for reason, caregiver_id in command.reasons:
        notice = None
        if reason in policy.alerts:
            notice = _new_alert(state, reason, fanout, caregiver_id, command.now, policy)
        if notice is None or silence_of_office(state, notice.phone) is not None:
            continue
        same = (one for id_, one in earlier.items() if id_.startswith(notice.id))
        if any(_told(state, one, notice.phone) for one in same):
            continue
        if notice.id in earlier:
            # A key belongs to one number.
            notice = replace(notice, id=f"{notice.id}-{notice.phone[1:]}")
        if notice.id not in earlier:
            found.setdefault(notice.id, notice)
    return Decision(bool(found), tuple(found.values()))


def _told(state: StateReader, alert: Notice, phone: str) -> bool:
    """Whether an office that has the number `phone` by now has been told by the alert, or will be."""
    if alert.perhaps_received_at is not None:
        # If no alert may go to that number by now, its owner is not the office.
        return alert.phone == phone or silence_of_office(state, alert.phone) is None
    if alert.status is ContactStatus.SKIPPED:
        return alert.error not in _NOT_TOLD_ERRORS
    return alert.phone == phone


def _reasons(
    state: StateReader, writes: Sequence[Write], facts: Iterable[Fact], now: datetime
) -> Iterator[tuple[AttentionReason, Fanout | None, str | None]]:
    """The reasons for attention that begin, each with its fanout and the caregiver whom it is about, if any."""
    for fact in facts:
        reason = _reason(fact)
        if reason is not None and fact.shift_id is not None:
            yield reason, state.fanout(fact.shift_id), fact.caregiver_id
    # These have no fact of their own: not every reply that was not understood needs a person.
    for write in writes:
        if isinstance(write, Offer) and write.unclear_since == now:
            yield AttentionReason.UNRECOGNIZED, state.fanout(write.shift_id), write.caregiver_id
        if isinstance(write, Offer) and write.opted_out_yes_at == now:
            yield AttentionReason.OPTED_OUT_YES, state.fanout(write.shift_id), write.caregiver_id
    for fanout in {write.shift_id: write for write in writes if isinstance(write, Fanout)}.values():
        shift = state.shift(fanout.shift_id)
        if shift is not None and starts_soon_at(shift) <= now and fanout.claimable_at(now, shift):
            # It began at the due time of the fanout, or before the fanout started. The alert has one id.
            yield AttentionReason.STARTS_SOON, fanout, None


def _undelivered(state: StateReader, writes: Sequence[Write], now: datetime) -> Iterator[Fanout]:
    """The fanouts of which, after these writes, every offer that was tried has failed. Not while one is planned."""
    contacts = {contact_key(write): write for write in writes if isinstance(write, Contact)}
    fanouts = {write.shift_id: write for write in writes if isinstance(write, Fanout)}
    planned = [id_ for id_ in fanouts if (before := state.fanout(id_)) and before.planned_up_to is not None]
    for shift_id in dict.fromkeys([*planned, *(key.shift_id for key in contacts)]):
        changed = [contact for key, contact in contacts.items() if key.shift_id == shift_id]
        if any(not contact.status.not_delivered for contact in changed):
            continue
        shift, fanout = state.shift(shift_id), fanouts.get(shift_id) or state.fanout(shift_id)
        if shift is None or fanout is None or fanout.planned_up_to is not None or not fanout.claimable_at(now, shift):
            continue
        counts = Counter(state.contact_counts(shift_id, fanout.generation))
        for contact in changed:
            counts[contact.status] += 1
            stored = state.contact(*contact_key(contact))
            if stored is not None:
                counts[stored.status] -= 1
        if every_offer_failed(counts):
            yield fanout


def _reason(fact: Fact) -> AttentionReason | None:
    """The reason for attention that a fact begins; None if it begins none."""
    if fact.type is FactType.NOTICE_FAILED:
        return AttentionReason.NOT_TOLD if fact.data.get("kind") in MUST_ARRIVE else None
    if fact.type is FactType.RECORD_CHANGED:
        return AttentionReason.NOT_QUALIFIED if fact.data.get("change") == "no_longer_qualified" else None
    return _REASONS.get(fact.type)


def _new_alert(
    state: StateReader,
    reason: AttentionReason,
    fanout: Fanout | None,
    caregiver_id: str | None,
    now: datetime,
    policy: Policy,
) -> Notice | None:
    shift = None if fanout is None else state.shift(fanout.shift_id)
    organization = None if shift is None else state.organization(shift.organization_id)
    if shift is None or fanout is None or organization is None or organization.office_phone is None:
        return None
    return Notice(
        id=_alert_id(fanout, reason),
        kind=Kind.ALERT,
        caregiver_id="",
        body=_text(state, shift, reason, 0, policy),
        phone=organization.office_phone,
        status=ContactStatus.QUEUED,
        created_at=now,
        updated_at=now,
        shift_id=shift.id,
        organization_id=shift.organization_id,
        alert=Alert(reason=reason, generation=fanout.generation, caregiver_id=caregiver_id),
    )


def _alert_id(fanout: Fanout, reason: AttentionReason) -> str:
    """The id of the alert, 32 hexadecimal digits: the same for every process, so that none is made twice.

    With the start of the fanout, because a generation may come again: see `contact_id`.
    """
    parts = (fanout.shift_id, str(fanout.generation), fanout.started_at.isoformat(), reason)
    return blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()


def _text(state: StateReader, shift: Shift, reason: AttentionReason, others: int, policy: Policy) -> str:
    organization = state.organization(shift.organization_id)
    zone_name = organization.time_zone if organization and organization.time_zone else policy.zone_name
    return office_texts.alert(shift, zone_name, reason, others)


def admit_alert(
    state: StateReader, notice: Notice, alert: Alert, now: datetime, policy: Policy
) -> Decision[Delivery | None]:
    """Whether the alert may still be sent, and how many others it stands for: see `deliveries.admit`."""
    shift = state.shift(notice.shift_id) if notice.shift_id is not None else None
    silence = silence_of_office(state, notice.phone)
    if silence is not None:
        return Decision(None, (give_up(notice, now, SILENCE_ERRORS[silence]),))
    if shift is None or _settled(state, shift, alert, now):
        return Decision(None, (give_up(notice, now, "no longer true"),))
    organization = state.organization(shift.organization_id)
    if organization is None or organization.office_phone != notice.phone:
        return Decision(None, (give_up(notice, now, _NUMBER_CHANGED),))
    if notice.maybe_sent:
        # A repeat must carry the same text.
        return _sent(notice, notice.body, now)
    others = [one for one in state.alerts_to(notice.phone) if one.id != notice.id and one.alert is not None]
    if any(_stands_for(one, notice) for one in others):
        return Decision(None, (give_up(notice, now, "in another alert"),))
    sent_at = sorted(at for one in others if (at := one.perhaps_received_at) is not None and at + _HOUR > now)
    limited = len(sent_at) >= _MOST_PER_HOUR
    if limited and sent_at[-1] + _NEXT_AFTER > now:
        return Decision(None, (replace(notice, updated_at=now, due_at=sent_at[-1] + _NEXT_AFTER),))
    waiting = 0
    if limited or len(sent_at) == _MOST_PER_HOUR - 1:
        waiting = sum(one.status is ContactStatus.QUEUED and not one.maybe_sent for one in others)
    body = _text(state, shift, alert.reason, waiting, policy)
    return _sent(replace(notice, alert=replace(alert, others=waiting)), body, now)


def _sent(notice: Notice, body: str, now: datetime) -> Decision[Delivery | None]:
    delivery = start_sending(notice, body, now)
    return Decision(delivery, (delivery.entry,))


def _stands_for(sent: Notice, notice: Notice) -> bool:
    """Whether the text of the alert `sent` counts `notice`."""
    if sent.alert is None or not sent.alert.others or sent.handed_over_at is None:
        return False
    gone_out = sent.status.settled and sent.status.may_have_arrived
    return gone_out and sent.handed_over_at >= notice.created_at


def _settled(state: StateReader, shift: Shift, alert: Alert, now: datetime) -> bool:
    """Whether nobody has to look any more, as far as `attention_of` would say so from what a decision reads."""
    fanout = state.fanout(shift.id)
    if fanout is None or fanout.generation != alert.generation:
        return True
    status, holding = fanout.status_at(now, shift), state.assignment(shift.id)
    over = shift.end_time <= now
    claimable = fanout.claimable_at(now, shift)
    holds = holding is not None and holding.caregiver_id == alert.caregiver_id and not over
    offer = state.offer(shift.id, alert.caregiver_id) if alert.caregiver_id is not None else None
    match alert.reason:
        case AttentionReason.EXHAUSTED:
            return status is not FanoutStatus.EXHAUSTED
        case AttentionReason.UNANSWERED:
            return status is not FanoutStatus.OPEN
        case AttentionReason.STARTS_SOON:
            return not claimable
        case AttentionReason.UNDELIVERED:
            return not claimable or not every_offer_failed(state.contact_counts(shift.id, fanout.generation))
        case AttentionReason.EXPIRED:
            return status is not FanoutStatus.EXPIRED
        case AttentionReason.RELEASE_REQUESTED:
            return over or holding is None or holding.release_requested_at is None
        case AttentionReason.NOT_QUALIFIED:
            return over or holding is None or holding.not_qualified_since is None
        case AttentionReason.UNRECOGNIZED:
            return not (claimable or holds) or offer is None or offer.unclear_since is None
        case AttentionReason.OPTED_OUT_YES:
            return not claimable or offer is None or offer.opted_out_yes_at is None
        case AttentionReason.NOT_TOLD:
            about = state.notices_about(shift.id, alert.caregiver_id) if alert.caregiver_id is not None else ()
            return over or not missed_notices(about)
        case _:
            assert_never(alert.reason)
