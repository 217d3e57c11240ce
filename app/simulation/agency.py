"""The demo's agency: its office posts shifts and coordinates them, its gateway posts the replies, all over HTTP."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import httpx
from pydantic_core import to_json

from app.clock import sleep_until
from app.domain.attention_reasons import AttentionReason
from app.domain.fanout_records import FanoutStatus
from app.domain.records import Caregiver, Shift
from app.intake.bodies import CaregiverIn, ShiftIn
from app.ports.clock import Clock
from app.simulation.phones import PhoneReply
from app.simulation.scenario import START, Scenario
from app.simulation.timeline import Timeline

#: How often the coordinator looks at the shifts that need a person.
_LOOKS_EVERY = timedelta(seconds=30)
#: The coordinator phones a holder who wants to give the shift back. After this time they release them and ask again.
_RELEASES_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Agency:
    """Does what the agency's office and its message gateway do."""

    http: httpx.AsyncClient
    clock: Clock
    timeline: Timeline

    async def fill(self, scenario: Scenario) -> list[dict[str, Any]]:
        """Post each shift's fanout at its time and coordinate the shifts.

        Returns the fanouts as the API shows them, in the order of the scenario, once no shift is in progress: each is
        held by somebody who keeps it, or nobody has accepted and the coordinator knows.
        Raises `httpx.HTTPStatusError` if the service refuses a request.
        """
        await self._register(scenario)
        async with asyncio.TaskGroup() as tasks:
            posting = tasks.create_task(self._post_fanouts(scenario))
            await self._coordinate(scenario, posting)
        return [await self._request("GET", f"/shifts/{shift.id}/fanout") for _, shift in scenario.shifts]

    async def forward_replies(self, replies: asyncio.Queue[PhoneReply]) -> None:
        """Post every reply as an inbound message, until the task is cancelled."""
        for number in count(1):
            reply = await replies.get()
            body = {
                "from": reply.number,
                "body": reply.body,
                "channel": reply.channel,
                "message_id": f"demo-{number}",
            }
            self.timeline.reply_answered(reply, await self._request("POST", "/messages/inbound", body))

    async def _register(self, scenario: Scenario) -> None:
        for caregiver in scenario.caregivers:
            await self._request("PUT", f"/caregivers/{caregiver.id}", _put_body(caregiver, CaregiverIn))
        for _, shift in scenario.shifts:
            await self._request("PUT", f"/shifts/{shift.id}", _put_body(shift, ShiftIn))

    async def _post_fanouts(self, scenario: Scenario) -> None:
        for after_s, shift in scenario.shifts:
            await sleep_until(self.clock, START + timedelta(seconds=after_s))
            await self._ask(shift)

    async def _ask(self, shift: Shift) -> None:
        self.timeline.fanout_posted(shift, await self._request("POST", f"/shifts/{shift.id}/fanout"))

    async def _coordinate(self, scenario: Scenario, posting: asyncio.Task[None]) -> None:
        """Look at the shifts that need a person, until no shift is in progress."""
        known: set[tuple[str, AttentionReason, str | None]] = set()
        while True:
            await sleep_until(self.clock, self.clock.now() + _LOOKS_EVERY)
            in_progress = not posting.done()
            for _, shift in scenario.shifts:
                fanout = await self._fanout(shift)
                if fanout is None:
                    continue
                in_progress |= _in_progress(fanout)
                for attention in fanout["attention"]:
                    reason, caregiver_id = AttentionReason(attention["reason"]), attention["caregiver_id"]
                    if (shift.id, reason, caregiver_id) not in known:
                        known.add((shift.id, reason, caregiver_id))
                        self.timeline.needs_a_person(shift.id, reason, caregiver_id)
                    wants_out = reason is AttentionReason.RELEASE_REQUESTED
                    since = datetime.fromisoformat(attention["since"])
                    if wants_out and since + _RELEASES_AFTER <= self.clock.now():
                        await self._replace_holder(shift, caregiver_id)
            if not in_progress:
                return

    async def _replace_holder(self, shift: Shift, holder_id: str | None) -> None:
        released = {} if holder_id is None else {"caregiver_id": holder_id}
        await self._request("POST", f"/shifts/{shift.id}/release", released)
        self.timeline.holder_released(shift.id, holder_id)
        await self._ask(shift)

    async def _fanout(self, shift: Shift) -> dict[str, Any] | None:
        """The shift's fanout as the API shows it; None if it was not posted yet."""
        response = await self.http.get(f"/shifts/{shift.id}/fanout")
        if response.status_code == httpx.codes.NOT_FOUND:
            return None
        response.raise_for_status()
        return dict(response.json())

    async def _request(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        content = None if body is None else to_json(body)
        response = await self.http.request(method, path, content=content)
        response.raise_for_status()
        return dict(response.json())


def _in_progress(fanout: Mapping[str, Any]) -> bool:
    reasons = {one["reason"] for one in fanout["attention"]}
    asking = fanout["status"] == FanoutStatus.OPEN
    return AttentionReason.RELEASE_REQUESTED in reasons or (asking and AttentionReason.UNANSWERED not in reasons)


def _put_body(record: Caregiver | Shift, body: type[CaregiverIn | ShiftIn]) -> dict[str, object]:
    """The fields of the record that a PUT of it takes; they have the same names."""
    # A body has the lists or the single values that stand for them.
    left_out = {"role", "organization_id"} if isinstance(record, Caregiver) else set()
    return {name: getattr(record, name) for name in body.model_fields if name not in left_out}
