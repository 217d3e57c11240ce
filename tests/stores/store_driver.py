"""Runs the rules on a store without a worker, one command at a time, for the tests of the stores."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from fakes import START

from app.domain.attention_reasons import AttentionReason
from app.domain.commands import (
    Advance,
    Assign,
    CancelFanout,
    Command,
    HandoverResult,
    PutCaregiver,
    PutShift,
    RecordDelivery,
    RecordSending,
    Release,
    Reply,
    StartFanout,
)
from app.domain.decisions import Decision, Delivery, Write, shift_ids_of
from app.domain.messages import Contact, Notice
from app.domain.policy import Policy
from app.domain.reading import Intent, Reading
from app.domain.receipts import Consequence, Receipt, ReceiptState
from app.domain.records import Answer, Caregiver, Channel, Shift
from app.domain.rules.decide import Result, admit, decide
from app.domain.state import StateReader
from app.ports.store import Leased, Store

POLICY = Policy(retention_s=3600, alerts=frozenset(AttentionReason))
LEASE = timedelta(seconds=10)
#: For transitions with a step of the test's own, where the command does not matter.
ANY_COMMAND = CancelFanout(shift_id="", now=START)

ResultT = TypeVar("ResultT")


def caregiver(n: int, role: str = "RN", organization_id: str | None = None) -> Caregiver:
    """Caregiver number `n`. Their ids sort like their numbers."""
    return Caregiver(
        id=f"cg-{n:05}",
        name=f"Nurse {n}",
        roles=(role,),
        phone=f"+1555{n:07}",
        organization_ids=() if organization_id is None else (organization_id,),
    )


def shift(id_: str, day: int = 1, role: str = "RN") -> Shift:
    """A shift of eight hours, `day` days after the start of the tests."""
    start = START + timedelta(days=day)
    return Shift(
        id=id_, organization_id="org", role_required=role, start_time=start, end_time=start + timedelta(hours=8)
    )


class Driver:
    """The rules on a store, without a worker. `name` keeps its notice ids apart from those of another driver."""

    def __init__(self, store: Store, name: str = "", policy: Policy = POLICY) -> None:
        self.store = store
        self._policy = policy
        self._name = name
        self.now = START
        self._notices = 0

    async def do(self, command: Command) -> Result:
        """Apply the command through the store."""

        def step(state: StateReader, command: Command) -> Decision[Result]:
            return decide(state, command, self._policy)

        return await self.store.transition(command, step)

    async def read(self, what: Callable[[StateReader], ResultT]) -> ResultT:
        """What a decision would read now."""
        return await self.store.transition(replace(ANY_COMMAND, now=self.now), lambda state, _: Decision(what(state)))

    async def write(self, *writes: Write) -> None:
        """Apply a decision of these writes, which no rule may make. Like a rule, it reads the shifts first."""

        def step(state: StateReader, _: Command) -> Decision[None]:
            for shift_id in shift_ids_of(writes):
                state.assignment(shift_id)
            return Decision(None, writes)

        await self.store.transition(replace(ANY_COMMAND, now=self.now), step)

    async def change_notice(self, notice: Notice) -> None:
        """Write the notice, which must be stored, as a rule does that has read it."""

        def step(state: StateReader, _: Command) -> Decision[None]:
            assert state.message(notice.id) is not None
            return Decision(None, (notice,))

        await self.store.transition(replace(ANY_COMMAND, now=self.now), step)

    async def put_caregivers(self, *caregivers: Caregiver) -> None:
        """Put the caregivers."""
        await asyncio.gather(*(self.do(PutCaregiver(caregiver=one, now=self.now)) for one in caregivers))

    async def start_fanout(self, one: Shift) -> None:
        """Put the shift, start its fanout and plan its first round."""
        await self.do(PutShift(shift=one, now=self.now))
        assert await self.do(StartFanout(shift_id=one.id, now=self.now)) is True
        await self.advance()

    async def advance(self, later: timedelta = timedelta(0)) -> int:
        """Move the time and do all that is due then. Returns the number of steps."""
        self.now += later
        steps = 0
        while done := await self.advance_once(10):
            steps += done
        return steps

    async def advance_once(self, limit: int = 1) -> int:
        """Do one step of at most `limit` due fanouts. Returns how many were due."""
        due = await self.store.due_fanouts(self.now, self.now + LEASE, limit)
        for fanout in due:
            await self.do(Advance(shift_id=fanout.shift_id, generation=fanout.generation, now=self.now))
        return len(due)

    async def says(
        self,
        n: int,
        intent: Intent,
        shift_id: str | None = None,
        message_id: str | None = None,
        *,
        code: str | None = None,
    ) -> Answer:
        """Caregiver number `n` replies, perhaps naming an offer by its code."""
        self._notices += 1
        answer = await self.do(
            Reply(
                phone=f"+1555{n:07}",
                reading=Reading(intent=intent, code=code),
                channel=Channel.SMS,
                message_id=message_id,
                shift_id=shift_id,
                notice_id=f"notice-{self._name}{self._notices}",
                now=self.now,
            )
        )
        assert isinstance(answer, Answer)
        return answer

    async def assign(self, n: int, shift_id: str) -> Result:
        """Assign the shift to caregiver number `n` by hand."""
        self._notices += 1
        notice_id = f"notice-{self._name}{self._notices}"
        return await self.do(Assign(shift_id=shift_id, caregiver_id=f"cg-{n:05}", notice_id=notice_id, now=self.now))

    async def release(self, shift_id: str) -> Result:
        """Release the holder of the shift."""
        self._notices += 1
        return await self.do(
            Release(shift_id=shift_id, notice_id=f"notice-{self._name}{self._notices}", now=self.now)
        )

    async def holder(self, shift_id: str) -> str | None:
        """The id of the caregiver who holds the shift, if somebody does."""
        found = await self.store.shift(shift_id)
        assert found is not None
        return found[1].caregiver_id if found[1] else None

    async def lease(self, total: int = 10_000) -> list[Delivery]:
        """Take at most `total` messages with as many calls of `Store.lease` as that needs."""
        found: list[Delivery] = []
        more = True
        while more and len(found) < total:
            leased = await self.lease_once(total - len(found))
            found += leased.deliveries
            more = leased.more
        return found

    async def lease_once(self, total: int) -> Leased:
        """Call `Store.lease` once."""

        def step(state: StateReader, entry: Contact | Notice) -> Decision[Delivery | None]:
            return admit(state, entry, self.now, self._policy)

        return await self.store.lease(self.now, self.now + LEASE, total, step)

    async def record_results(self, deliveries: Sequence[Delivery], sending: HandoverResult, **fields: float) -> None:
        """Record the same result for all these deliveries."""
        for delivery in deliveries:
            await self.do(
                RecordSending(
                    entry=delivery.entry,
                    result=sending,
                    error=None if sending is HandoverResult.SENT else "a fault",
                    retry_after_s=fields.get("retry_after_s"),
                    jitter=1.0,
                    now=self.now,
                )
            )

    async def send(self, provider_id: str | None = None) -> Delivery:
        """Hand over the one message that waits; its provider accepts it under that id."""
        (delivery,) = await self.lease()
        await self.record_accepted(delivery, provider_id)
        return delivery

    async def record_accepted(self, delivery: Delivery, provider_id: str | None) -> None:
        """Record that the provider has accepted the message under that id."""
        await self.do(
            RecordSending(
                entry=delivery.entry,
                result=HandoverResult.SENT,
                error=None,
                retry_after_s=None,
                jitter=1.0,
                provider_id=provider_id,
                now=self.now,
            )
        )

    async def receipt(
        self,
        message_id: str,
        state: ReceiptState,
        provider_id: str | None = None,
        *,
        error: str | None = None,
        consequence: Consequence = Consequence.NONE,
    ) -> bool:
        """Record a receipt; returns whether it changed anything."""
        receipt = Receipt(state=state, error=error, consequence=consequence)
        command = RecordDelivery(message_id=message_id, provider_id=provider_id, receipt=receipt, now=self.now)
        return await self.do(command) is True

    async def contacts(self, shift_id: str) -> list[Contact]:
        """The contacts of the fanout, by round."""
        report = await self.store.report(shift_id, full=True)
        assert report is not None
        return list(report.contacts)

    async def take_over(self) -> list[Contact | Notice]:
        """Take over the messages whose lease has ended."""
        return await self.store.take_over(self.now, self.now + LEASE, 100)

    async def record_result(self, entry: Contact | Notice, sending: HandoverResult) -> None:
        """Record the result of a message that was taken over."""
        await self.do(
            RecordSending(entry=entry, result=sending, error="a fault", retry_after_s=None, jitter=1.0, now=self.now)
        )

    async def counts(self, shift_id: str) -> Counter[str]:
        """The number of the fanout's contacts in each status that has any."""
        report = await self.store.report(shift_id, full=False)
        assert report is not None
        return +Counter({status.value: count for status, count in report.counts.items()})
