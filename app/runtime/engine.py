"""Applies commands: the store calls `decide` on its state, writes the decision, and the result comes back."""

import logging
import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast, overload

from app.domain.commands import (
    Advance,
    Assign,
    CancelFanout,
    Command,
    DeleteCaregiver,
    DeleteOrganization,
    DeleteShift,
    EndCall,
    FindOffer,
    OptIn,
    PutCaregiver,
    PutOrganization,
    PutShift,
    RecordDelivery,
    RecordSending,
    Release,
    Reply,
    SendText,
    StartFanout,
)
from app.domain.decisions import Decision, Delivery, OfferToRead, Refusal
from app.domain.messages import Contact, ContactStatus, Notice
from app.domain.policy import Policy
from app.domain.reading import Intent, Reading
from app.domain.records import Answer, Channel, Language
from app.domain.rules.decide import Result, admit, decide, with_facts
from app.domain.rules.replies import language_of_caller, sender_of_open_reply
from app.domain.state import StateReader
from app.ports.clock import Clock
from app.ports.meter import Meter
from app.ports.reader import ReplyReader
from app.ports.store import Store
from app.ports.tracer import Tracer
from app.readers.masking import masked
from app.runtime.guarded_reader import GuardedReader
from app.runtime.office_alerts import alerts_to_check
from app.runtime.short_replies import read_reply
from app.runtime.turns import Turns
from app.understanding.vetoes import question_left_open

log = logging.getLogger("shift_fanout.engine")

#: How long a message waits whose text could not be made because of a fault of the process.
_AFTER_PROCESS_FAULT = timedelta(seconds=1)

#: What no reader can undo.
_RULES_OWN = frozenset({Intent.STOP, Intent.START, Intent.HELP})


class Engine:
    """Applies commands to a store under one policy."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        policy: Policy,
        reader: ReplyReader | None = None,
        second_reader: ReplyReader | None = None,
        meter: Meter | None = None,
        tracer: Tracer | None = None,
    ) -> None:
        """`reader` reads the replies instead of the rules; None: the rules read them.

        `second_reader` is asked about replies that are still UNKNOWN then; None: nobody is.
        """
        self._store = store
        self._clock = clock
        self._policy = policy
        self._reader = None if reader is None else GuardedReader(reader, clock)
        self._second_reader = None if second_reader is None else GuardedReader(second_reader, clock)
        self._turns = Turns(clock)
        self._meter = meter
        self._tracer = tracer

    @overload
    async def handle(self, command: Reply) -> Answer: ...
    @overload
    async def handle(self, command: FindOffer) -> OfferToRead | None: ...
    @overload
    async def handle(self, command: Advance | RecordSending | RecordDelivery | EndCall) -> bool: ...
    @overload
    async def handle(self, command: SendText) -> str | Refusal: ...
    @overload
    async def handle(self, command: PutOrganization | DeleteOrganization) -> bool | Refusal: ...
    @overload
    async def handle(
        self,
        command: StartFanout
        | CancelFanout
        | Assign
        | Release
        | PutCaregiver
        | DeleteCaregiver
        | OptIn
        | PutShift
        | DeleteShift,
    ) -> bool | Refusal: ...
    async def handle(self, command: Command) -> Result:
        """Apply the command; returns the result of its decision."""
        if self._tracer is None:
            return await self._transition(command)
        with self._tracer.span(f"transition {type(command).__name__}") as span:
            result = await self._transition(command)
            if isinstance(result, Refusal):
                span.set(refusal=result.code)
            return result

    async def _transition(self, command: Command) -> Result:
        began_at = self._clock.now()
        result = await self._store.transition(command, self._step)
        if self._meter is not None:
            self._meter.transition_ended(type(command).__name__, (self._clock.now() - began_at).total_seconds())
        if isinstance(command, PutOrganization) and not isinstance(result, Refusal):
            to_check = await alerts_to_check(self._store, self._policy, command.organization, self._clock.now())
            if to_check:
                # Together, so that one text can stand for many.
                await self._store.transitions(to_check, self._step)
        return result

    async def handle_all(self, commands: Sequence[PutCaregiver] | Sequence[PutShift]) -> list[bool | Refusal]:
        """Apply the commands in this order, as `handle` does; returns their results."""
        if self._tracer is None or not commands:
            results = await self._store.transitions(commands, self._step)
        else:
            with self._tracer.span(f"transitions {type(commands[0]).__name__}", count=len(commands)):
                results = await self._store.transitions(commands, self._step)
        # These two commands have no other result.
        return cast("list[bool | Refusal]", results)

    async def handle_reply(
        self,
        phone: str,
        body: str,
        channel: Channel,
        message_id: str | None,
        shift_id: str | None,
        *,
        keyword: Intent | None = None,
        sent_at: datetime | None = None,
        heard_of: datetime | None = None,
        delivery_id: str | None = None,
        recorded_by: str | None = None,
        recorded_with: str | None = None,
        within: str | None = None,
    ) -> Answer:
        """Read an inbound message from `phone` (E.164) and act on it.

        `keyword`: STOP, START or HELP, if the provider took the message for that and has answered it. It counts as
        that whatever our own rules read, because the provider acts on it too. But a clear yes is an answer to an
        offer: YES is one of the words that undo a STOP at a provider. `sent_at`: when the provider received it, if
        that may have been a while ago. `heard_of`, `delivery_id`, `recorded_by`, `recorded_with`, `within`: see
        `Reply`.

        A reader takes its time, and different times for different replies. Replies of one number are acted on in the
        order in which they came all the same.
        """
        reading = read_reply(body, channel)
        if keyword is Intent.START and reading.intent is Intent.ACCEPT:
            keyword = None
        if keyword is not None:
            reading = Reading(intent=keyword)
        return await self._in_turn(
            Reply(
                phone=phone,
                reading=reading,
                # A text in PostgreSQL cannot have a null character, and the sender cannot correct the words.
                text=body.replace("\x00", " ") if self._policy.keeps_text else None,
                channel=channel,
                message_id=message_id,
                answered_by_provider=keyword is not None,
                sent_at=sent_at,
                heard_of=heard_of,
                delivery_id=delivery_id,
                recorded_by=recorded_by,
                recorded_with=recorded_with,
                within=within,
                shift_id=shift_id,
                notice_id=_fresh_id(),
                now=self._clock.now(),
            ),
            body,
        )

    async def handle_call_end(self, phone: str, call_id: str, shift_id: str | None) -> Answer:
        """Record that a call to `phone` (E.164) has ended. If nobody answered it, that is a `no_answer`.

        `call_id`: the message id of an answer in that call. The end may be reported more than once.
        """
        return await self._in_turn(
            Reply(
                phone=phone,
                reading=Reading(intent=Intent.UNKNOWN, empty=True),
                channel=Channel.VOICE,
                message_id=f"{call_id}:ended",
                answered_as=call_id,
                shift_id=shift_id,
                notice_id=_fresh_id(),
                now=self._clock.now(),
            ),
            "",
        )

    async def find_offer(self, phone: str, shift_id: str | None) -> OfferToRead | None:
        """The offer that somebody who calls from `phone` (E.164) could answer; None if there is none.

        `shift_id`: the shift that the call is about, if that is known.
        """
        return await self.handle(FindOffer(phone=phone, shift_id=shift_id, now=self._clock.now()))

    async def language_of(self, phone: str) -> Language:
        """The language of whoever calls from `phone` (E.164); English for a stranger."""
        command = FindOffer(phone=phone, shift_id=None, now=self._clock.now())
        return await self._store.transition(command, _language)

    async def _in_turn(self, command: Reply, body: str) -> Answer:
        if self._tracer is None:
            return await self._read_and_act(command, body)
        with self._tracer.span("reply", channel=command.channel) as span:
            answer = await self._read_and_act(command, body)
            span.set(outcome=answer.outcome, shift=answer.shift_id)
            return answer

    async def _read_and_act(self, command: Reply, body: str) -> Answer:
        if self._reader is None and self._second_reader is None:
            # Nothing to wait for: without a task switch, replies are acted on in the order in which they came.
            return await self._act_on(command)
        with self._turns.take(command.phone) as turn:
            if turn is not None:
                if not _left_to_the_rules(command, body):
                    command = await self._read_further(command, body)
                await turn.wait()
                command = replace(command, now=self._clock.now())
            return await self._act_on(command)

    async def _read_further(self, command: Reply, body: str) -> Reply:
        """The command with the reading of the reader, and if that is UNKNOWN, of the second reader.

        The second one sees the reply without names and numbers, only of caregivers who have something to answer, and
        may not say what the rules forbid (`app.understanding.vetoes`).
        """
        if self._reader is not None:
            reading = await self._reader.read(body, command.channel)
            if reading is not None:
                # The rules know a courtesy by its words, also for a reader that says no more than yes, no or unclear.
                reading = replace(reading, courtesy=reading.courtesy or command.reading.courtesy)
                command = replace(command, reading=reading)
        question = question_left_open(body, command.channel, command.reading) if self._second_reader else None
        if self._second_reader is None or question is None:
            return command
        sender = await self._store.transition(command, _sender)
        if sender is None:
            return command
        second = await self._second_reader.read(masked(question.text, sender), command.channel)
        answered = question.answered(second.intent) if second is not None else None
        return replace(command, reading=answered or command.reading)

    async def _act_on(self, command: Reply) -> Answer:
        answer = await self.handle(command)
        if self._meter is not None:
            self._meter.reply_answered(command.channel, answer.outcome)
        return answer

    async def assign(self, shift_id: str, caregiver_id: str, *, actor: str, within: str | None) -> bool | Refusal:
        """Assign the shift to the caregiver. False: they already have it."""
        now = self._clock.now()
        command = Assign(
            shift_id=shift_id,
            caregiver_id=caregiver_id,
            notice_id=_fresh_id(),
            now=now,
            actor=actor,
            within=within,
        )
        return await self.handle(command)

    async def send_text(
        self,
        shift_id: str,
        caregiver_id: str,
        body: str,
        *,
        keyed_id: str | None = None,
        actor: str,
        within: str | None,
    ) -> str | Refusal:
        """Write to the caregiver about the shift, in the office's own words. Returns the id of the message.

        `keyed_id`: see `SendText`.
        """
        return await self.handle(
            SendText(
                shift_id=shift_id,
                caregiver_id=caregiver_id,
                body=body,
                notice_id=_fresh_id(),
                keyed_id=keyed_id,
                now=self._clock.now(),
                actor=actor,
                within=within,
            )
        )

    async def release(self, shift_id: str, held_by: str | None, *, actor: str, within: str | None) -> bool | Refusal:
        """Release the holder of the shift; with `held_by`, only that caregiver. False: nobody holds it."""
        now = self._clock.now()
        command = Release(
            shift_id=shift_id, held_by=held_by, notice_id=_fresh_id(), now=now, actor=actor, within=within
        )
        return await self.handle(command)

    async def delete_shift(
        self, shift_id: str, *, actor: str, within: str | None, if_match: tuple[str, ...] | None = None
    ) -> bool | Refusal:
        """Delete the shift. True: it is deleted."""
        return await self.handle(
            DeleteShift(
                shift_id=shift_id,
                notice_id=_fresh_id(),
                now=self._clock.now(),
                actor=actor,
                within=within,
                if_match=if_match,
            )
        )

    def admit(self, state: StateReader, entry: Contact | Notice) -> Decision[Delivery | None]:
        """Decide for `Store.lease` whether a message may be sent. If that raises, only this message fails.

        A fault of the process, such as too many open files, says nothing about the message: it is tried again.
        """
        now = self._clock.now()
        try:
            return admit(state, entry, now, self._policy)
        except (OSError, MemoryError):
            log.exception("process.fault caregiver=%s shift=%s", entry.caregiver_id, entry.shift_id)
            return Decision(None, (replace(entry, updated_at=now, due_at=now + _AFTER_PROCESS_FAULT),))
        except Exception:
            log.exception("message.fault caregiver=%s shift=%s", entry.caregiver_id, entry.shift_id)
            failed = replace(entry, status=ContactStatus.FAILED, updated_at=now, error="internal fault")
            return Decision(None, with_facts(state, (failed,), now, self._policy))

    def _step(self, state: StateReader, command: Command) -> Decision[Result]:
        return decide(state, command, self._policy)


def _left_to_the_rules(command: Reply, body: str) -> bool:
    """Whether no reader is asked: about a message without words, a key, and the requests that must always work.

    A STOP must be obeyed by law (47 CFR 64.1200(a)(10)), also if a reader takes it for something else.
    """
    is_key = command.channel is Channel.VOICE and len(body.strip()) == 1
    return command.reading.empty or is_key or command.reading.intent in _RULES_OWN


def _language(state: StateReader, command: Command) -> Decision[Language]:
    """A decision that only looks up the language of a caller."""
    return Decision(language_of_caller(state, command) if isinstance(command, FindOffer) else Language.ENGLISH)


def _sender(state: StateReader, command: Command) -> Decision[str | None]:
    """A decision that only looks up who sent an unclear reply."""
    return Decision(sender_of_open_reply(state, command) if isinstance(command, Reply) else None)


def _fresh_id() -> str:
    """A random id of 32 hexadecimal digits."""
    return os.urandom(16).hex()
