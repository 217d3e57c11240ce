"""Which facts a decision puts on record: the one place that says it, for every command. Pure.

A fact follows from a record that changes: what it was before the decision, and what it will be. So no rule can change
a record and forget its fact.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, assert_never

from app.domain.attention import SILENT_ERRORS
from app.domain.commands import Command, Reply
from app.domain.decisions import ForgetFanout, RemoveCaregiver, RemoveOrganization, RemoveShift, Unassign, Write
from app.domain.facts import CAREGIVER, SERVICE, Fact, FactType
from app.domain.fanout_records import Exclusion, Fanout, FanoutStatus, Offer
from app.domain.messages import (
    NOT_AN_OFFICE,
    ChannelStatus,
    Contact,
    ContactStatus,
    KeptText,
    Notice,
    NumberStatus,
    SentOffer,
    StoredAnswer,
)
from app.domain.records import (
    Answer,
    Assignment,
    Caregiver,
    Channel,
    Kind,
    Organization,
    Outcome,
    Response,
    Shift,
)
from app.domain.state import StateReader

#: The statuses of a message that was not sent, or of which that is not known.
_TROUBLE = frozenset({ContactStatus.FAILED, ContactStatus.UNKNOWN})
#: Fields that follow from others, so that nobody has changed them.
_DERIVED = frozenset({"deleted_at", "facts_changed_at", "utc_offset_s"})
#: The facts of answers about a shift. A claim is on record as the assignment; other answers as a changed record.
_OF_OUTCOME = {
    Outcome.DECLINED: FactType.OFFER_DECLINED,
    Outcome.RELEASE_REQUESTED: FactType.RELEASE_REQUESTED,
    Outcome.UNRECOGNIZED: FactType.REPLY_UNRECOGNIZED,
}
#: The facts of a fanout that gets one of these statuses. `claimed` is on record as the assignment.
_OF_STATUS = {
    FanoutStatus.EXHAUSTED: FactType.FANOUT_EXHAUSTED,
    FanoutStatus.EXPIRED: FactType.FANOUT_EXPIRED,
    FanoutStatus.CANCELLED: FactType.FANOUT_CANCELLED,
}


def facts_of_command(
    state: StateReader, command: Command, result: object, writes: Sequence[Write]
) -> tuple[Fact, ...]:
    """The facts of a decision about a command. `state`: as it was before the decision."""
    if not isinstance(command, Reply):
        actor = getattr(command, "actor", SERVICE)
        return tuple(_Facts(state, command.now, actor).of_writes(writes))
    facts = _Facts(
        state, command.now, command.recorded_by or CAREGIVER, command.channel, recorded_with=command.recorded_with
    )
    found = tuple(facts.of_writes(writes))
    if not found and isinstance(result, Answer) and _is_new(state, command):
        found = tuple(facts.of_answer(result))
    return found


def facts_of_message(state: StateReader, writes: Sequence[Write], now: datetime) -> tuple[Fact, ...]:
    """The facts of a decision about a queued message, which the service itself makes."""
    return tuple(_Facts(state, now, SERVICE).of_writes(writes))


def _is_new(state: StateReader, command: Reply) -> bool:
    """Whether the message is not a repeat, which gets a stored answer."""
    return command.key is None or state.answer(command.key) is None


@dataclass(slots=True)
class _Facts:
    """Makes the facts of one decision."""

    state: StateReader
    now: datetime
    actor: str
    #: How the caregiver's answer came; None: it is no answer.
    channel: Channel | None = None
    #: See `Reply`.
    recorded_with: str | None = None

    def of_writes(self, writes: Sequence[Write]) -> Iterator[Fact]:
        """The facts of all writes. Those of fanouts come last: a fanout is exhausted because somebody declines.

        The deletion of a shift comes after them: its fanout is cancelled for it.
        """
        # A decision may write a fanout several times. The last write counts.
        fanouts = {write.shift_id: write for write in writes if isinstance(write, Fanout)}
        released = set()
        deleted: list[str] = []
        for write in writes:
            match write:
                case Contact():
                    yield from self._of_contact(write)
                case Notice():
                    yield from self._of_notice(write)
                case Assignment():
                    yield from self._of_assignment(write, fanouts.get(write.shift_id))
                case Unassign():
                    released.add(write.shift_id)
                    if write.released:
                        yield from self._of_release(write.shift_id)
                case Response():
                    yield from self._of_response(write, fanouts.get(write.shift_id))
                case NumberStatus():
                    yield from self._of_number(write)
                case Caregiver():
                    before = self.state.caregiver(write.id)
                    whose = _organization_of(write)
                    yield from self._of_record("caregiver", before, write, caregiver_id=write.id, whose=whose)
                case RemoveCaregiver():
                    removed = self.state.caregiver(write.caregiver_id)
                    whose = _organization_of(removed)
                    yield self._changed("caregiver", "deleted", caregiver_id=write.caregiver_id, whose=whose)
                case Organization():
                    organization = self.state.organization(write.id)
                    about = {"organization_id": write.id, "whose": write.id}
                    yield from self._of_record("organization", organization, write, **about)
                case RemoveOrganization():
                    removed_id = write.organization_id
                    yield self._changed("organization", "deleted", organization_id=removed_id, whose=removed_id)
                case Shift():
                    if write.deleted_at is None:
                        yield from self._of_record("shift", self._shift(write.id), write, shift_id=write.id)
                    else:
                        deleted.append(write.id)
                case RemoveShift():
                    deleted.append(write.shift_id)
                case ForgetFanout():
                    yield self._changed("fanout", "forgotten", shift_id=write.shift_id, generation=write.generation)
                case Fanout():
                    # Below, after all others.
                    pass
                case Offer() | Exclusion() | ChannelStatus() | StoredAnswer() | KeptText() | SentOffer() | Fact():
                    # They stand beside another record, which has the fact, or are for the service's own use.
                    pass
                case _:
                    assert_never(write)
        for fanout in fanouts.values():
            yield from self._of_fanout(fanout, released=fanout.shift_id in released)
        for shift_id in deleted:
            if self._shift(shift_id) is not None:
                yield self._changed("shift", "deleted", shift_id=shift_id)

    def of_answer(self, answer: Answer) -> Iterator[Fact]:
        """The fact of an answer that changed no record. One to a stranger is none."""
        if answer.caregiver_id is None:
            return
        whose = _organization_of(self.state.caregiver(answer.caregiver_id))
        about = {"shift_id": answer.shift_id, "caregiver_id": answer.caregiver_id, "whose": whose}
        type_ = _OF_OUTCOME.get(answer.outcome)
        if type_ is not None:
            yield self._fact(type_, **about, **self._by)
        else:
            yield self._changed("response", answer.outcome, **about, **self._by)

    def _of_contact(self, contact: Contact) -> Iterator[Fact]:
        accepted = contact.status.accepted
        if not accepted and contact.status not in _TROUBLE:
            return
        before = self.state.contact(contact.shift_id, contact.generation, contact.channel, contact.caregiver_id)
        if before is not None and (before.status is contact.status or (accepted and before.status.accepted)):
            return
        about: dict[str, Any] = {
            "shift_id": contact.shift_id,
            "caregiver_id": contact.caregiver_id,
            "channel": contact.channel,
            "generation": contact.generation,
        }
        if accepted:
            yield self._fact(FactType.OFFER_SENT, **about)
        else:
            yield self._fact(FactType.OFFER_FAILED, **about, status=contact.status, error=contact.error)

    def _of_notice(self, notice: Notice) -> Iterator[Fact]:
        if notice.kind is Kind.MESSAGE and notice.attempts == 0 and notice.created_at == self.now:
            yield self._changed("message", "added", shift_id=notice.shift_id, caregiver_id=notice.caregiver_id)
        silent = notice.status is ContactStatus.SKIPPED and notice.error in SILENT_ERRORS
        if silent or (notice.status in _TROUBLE and self._status_before(notice) is not notice.status):
            yield self._fact(
                FactType.NOTICE_FAILED,
                shift_id=notice.shift_id,
                caregiver_id=notice.caregiver_id or None,
                kind=notice.kind,
                status=notice.status,
                error=notice.error,
            )

    def _status_before(self, notice: Notice) -> ContactStatus | None:
        before = self.state.message(notice.id)
        return None if before is None else before.status

    def _of_assignment(self, after: Assignment, fanout: Fanout | None) -> Iterator[Fact]:
        about = {"shift_id": after.shift_id, "caregiver_id": after.caregiver_id}
        before = self.state.assignment(after.shift_id)
        if before is None or before.caregiver_id != after.caregiver_id:
            if after.claimed_via is None:
                yield self._fact(FactType.SHIFT_ASSIGNED, **about, **self._closed(fanout))
            else:
                yield self._fact(
                    FactType.SHIFT_FILLED, **about, **self._by, **self._closed(fanout), **self._first_answer(fanout)
                )
        elif before.not_qualified_since is None and after.not_qualified_since is not None:
            yield self._changed("assignment", "no_longer_qualified", **about)

    def _of_release(self, shift_id: str) -> Iterator[Fact]:
        before = self.state.assignment(shift_id)
        if before is not None:
            yield self._fact(FactType.SHIFT_RELEASED, shift_id=shift_id, caregiver_id=before.caregiver_id)

    def _of_response(self, response: Response, fanout: Fanout | None) -> Iterator[Fact]:
        if response.outcome is Outcome.CLAIMED:
            return
        about = {"shift_id": response.shift_id, "caregiver_id": response.caregiver_id}
        type_ = _OF_OUTCOME.get(response.outcome)
        if type_ is not None:
            yield self._fact(type_, **about, channel=response.channel, **self._first_answer(fanout))
        else:
            yield self._changed(
                "response", response.outcome, **about, channel=response.channel, **self._first_answer(fanout)
            )

    def _of_number(self, after: NumberStatus) -> Iterator[Fact]:
        before, owner = self.state.number(after.phone), self.state.caregiver_by_phone(after.phone)
        owner_id = owner.id if owner else None
        whose = _organization_of(owner)
        if after.wrong_number_of and after.wrong_number_of != before.wrong_number_of:
            yield self._fact(
                FactType.CAREGIVER_WRONG_NUMBER, caregiver_id=after.wrong_number_of, whose=whose, **self._by
            )
        if owner_id is None:
            yield from self._of_office_number(before, after)
            return
        if after.opted_out and not before.opted_out:
            yield self._fact(FactType.CAREGIVER_OPTED_OUT, caregiver_id=owner_id, whose=whose, **self._by)
        elif (before.opted_out and not after.opted_out) or (
            before.silence_for(owner_id) and not after.silence_for(owner_id)
        ):
            yield self._fact(FactType.CAREGIVER_OPTED_IN, caregiver_id=owner_id, whose=whose, **self._by)

    def _of_office_number(self, before: NumberStatus, after: NumberStatus) -> Iterator[Fact]:
        """An office ends its alerts, or wants them again. The STOP of a stranger counts, but is about nobody.

        Organizations may share an office, or its number: it is a fact of each.
        """
        if after.opted_out and not before.opted_out:
            type_ = FactType.CAREGIVER_OPTED_OUT
        elif after.wrong_number_of == NOT_AN_OFFICE != before.wrong_number_of:
            type_ = FactType.CAREGIVER_WRONG_NUMBER
        elif before.silence_for(NOT_AN_OFFICE) and not after.silence_for(NOT_AN_OFFICE):
            type_ = FactType.CAREGIVER_OPTED_IN
        else:
            return
        for office in self.state.offices(after.phone):
            yield self._fact(type_, whose=office.id, record="office", organization_id=office.id, **self._by)

    def _of_record(self, record: str, before: Any, after: Any, **about: str | None) -> Iterator[Fact]:
        """A record was added, or some of its fields have other values: `fields` names those."""
        if before is None:
            yield self._changed(record, "added", **about)
        elif names := _changed_fields(before, after):
            yield self._changed(record, "replaced", **about, fields=" ".join(names))

    def _shift(self, shift_id: str) -> Shift | None:
        """The shift before the decision; None also if it was deleted, and only its record was kept."""
        shift = self.state.shift(shift_id)
        return None if shift is None or shift.deleted_at is not None else shift

    def _of_fanout(self, after: Fanout, *, released: bool) -> Iterator[Fact]:
        before = self.state.fanout(after.shift_id)
        about: dict[str, Any] = {"shift_id": after.shift_id, "generation": after.generation}
        if before is None or before.generation != after.generation:
            if before is not None and before.claimable:
                # Its shift has ended, and no worker had noticed before the next generation started.
                expired = {**about, "generation": before.generation, "round": before.round}
                yield self._fact(FactType.FANOUT_EXPIRED, **expired)
            if after.status is FanoutStatus.OPEN:
                shift = self.state.shift(after.shift_id)
                yield self._fact(
                    FactType.FANOUT_STARTED,
                    **about,
                    role=after.role,
                    organization_id=shift and shift.organization_id,
                    urgent=after.urgent or None,
                )
            return
        if after.urgent and not before.urgent:
            yield self._changed("fanout", "urgent", **about)
        if before.round is not after.round:
            late = self.now - before.escalates_at
            yield self._changed("fanout", "escalated", **about, late_ms=late // timedelta(milliseconds=1))
        if after.claimable and before.planned_up_to is not None and after.planned_up_to is None:
            yield self._changed("fanout", "planned", **about, round=after.round)
        if after.unanswered_at is not None and before.unanswered_at is None:
            yield self._fact(FactType.FANOUT_UNANSWERED, **about)
        if before.status is after.status or released:
            return
        type_ = _OF_STATUS.get(after.status)
        if type_ is not None:
            # One that had expired already does not end again.
            yield self._fact(type_, **about, round=after.round if before.claimable else None)
        elif after.status is FanoutStatus.OPEN:
            yield self._changed("fanout", "reopened", **about)

    def _closed(self, after: Fanout | None) -> dict[str, Any]:
        """How far the fanout had got that a holder closes, and how long it took; nothing if none was under way."""
        before = None if after is None else self.state.fanout(after.shift_id)
        if before is None or not before.claimable:
            return {}
        return {
            "generation": before.generation,
            "round": before.round,
            "after_s": int((self.now - before.started_at).total_seconds()),
        }

    def _first_answer(self, after: Fanout | None) -> dict[str, Any]:
        """How long after the start of the fanout this answer came, if it is the first one."""
        before = None if after is None else self.state.fanout(after.shift_id)
        if after is None or after.answered_at is None or before is None or before.answered_at is not None:
            return {}
        return {"first_answer_after_s": int((self.now - after.started_at).total_seconds())}

    @property
    def _by(self) -> dict[str, Any]:
        """How the answer came, if it is one. An office that opts a number in has not answered."""
        return {} if self.channel is None else {"channel": self.channel}

    def _changed(self, record: str, change: str, **about: Any) -> Fact:
        return self._fact(FactType.RECORD_CHANGED, record=record, change=change, **about)

    def _fact(
        self,
        type_: FactType,
        /,
        *,
        shift_id: str | None = None,
        caregiver_id: str | None = None,
        whose: str | None = None,
        **data: Any,
    ) -> Fact:
        """The fact. `whose`: see `Fact.organization_id`."""
        data["key"] = self.recorded_with
        return Fact(
            type=type_,
            at=self.now,
            actor=self.actor,
            shift_id=shift_id,
            caregiver_id=caregiver_id,
            organization_id=whose,
            data=_shared(tuple((name, value) for name, value in data.items() if value is not None)),
        )


def _organization_of(caregiver: Caregiver | None) -> str | None:
    """The only organization for which the caregiver works; None: there are several, or it is not known."""
    ids = () if caregiver is None else caregiver.organization_ids
    return ids[0] if len(ids) == 1 else None


@lru_cache(maxsize=1024)
def _shared(items: tuple[tuple[str, Any], ...]) -> Mapping[str, Any]:
    """The data of a fact. Thousands of facts have the same, which they share.

    With the values of enumerations, because getting each of them takes a store several microseconds.
    """
    return {name: value.value if isinstance(value, StrEnum) else value for name, value in items}


def _changed_fields(before: Any, after: Any) -> Iterable[str]:
    names = (one.name for one in fields(after) if one.compare and one.name not in _DERIVED)
    return [name for name in names if getattr(before, name) != getattr(after, name)]
