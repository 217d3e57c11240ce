"""The whole service in simulated time with random requests, replies, faults and waits.

A model that knows only the API's answers checks every message when it is handed over, and every report.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any, TypeVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule
from office import Office

from app.domain.decisions import Message
from app.domain.records import Channel, Kind
from app.errors import PermanentFailure, TemporaryFailure
from app.ports.clock import Clock
from app.simulation.phones import PhoneNetwork, deliver_all

ResultT = TypeVar("ResultT")

pytestmark = pytest.mark.timeout(180)

NUMBERS = {f"cg-{n}": f"+1555000{n}" for n in range(4)}
#: s1 and s2 overlap; s3 overlaps with neither.
OVERLAPPING = {"s1": "s2", "s2": "s1"}
SHIFTS = {"s1": (2, "08-16"), "s2": (2, "12-20"), "s3": (3, "08-16")}
#: Direct answers, which are allowed after a STOP.
DIRECT = {Kind.OPT_OUT, Kind.OPT_IN, Kind.HELP}
#: Whether a notice of that kind says that the caregiver has the shift.
SAYS_HELD = {Kind.CONFIRMATION: True, Kind.RELEASE_REQUESTED: True, Kind.CLOSED: False, Kind.RELEASED: False}
#: Notices about one holding of a shift: sent again when the caregiver holds it again.
ABOUT_A_HOLDING = {Kind.CONFIRMATION, Kind.RELEASE_REQUESTED, Kind.RELEASED}
WORDS = ["YES", "NO", "STOP", "START", "HELP", "maybe later?", "YES 1", "NO 2", "yes 3", "yes 77"]


def fails_for_now(_: Message) -> None:
    """The provider fails for now."""
    raise TemporaryFailure("HTTP 503")


def refuses(_: Message) -> None:
    """The provider will never accept the message."""
    raise PermanentFailure("HTTP 400")


def breaks(_: Message) -> None:
    """The connection breaks, so nobody knows whether the message was sent."""
    raise OSError("connection reset")


class WatchedNotifier(PhoneNetwork):
    """Lets the machine check each message when it is handed over."""

    machine: "ServiceMachine"

    async def send(self, message: Message) -> None:
        """See `Notifier`."""
        self.machine.watch(message)
        await super().send(message)


class ServiceMachine(RuleBasedStateMachine):
    """Calls the API and keeps a model of the service that is built from the answers only."""

    message_ids = Bundle("message_ids")

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        # The model forgets nothing, and 60 steps of a day at most are less than a year.
        self.office = Office(notifier=self.watched, max_in_flight=3, sms_rate=20, retention=365 * 86_400.0)
        self.holder: dict[str, str] = {}
        self.state: dict[str, str] = {}
        self.escalates_at: dict[str, datetime] = {}
        self.generation: Counter[str] = Counter()
        self.silent: set[str] = set()
        #: By the sender and the message id.
        self.answers: dict[tuple[str, str], dict[str, Any]] = {}
        self.offers: dict[tuple[str, int, str, Channel], str] = {}
        self.notices: defaultdict[tuple[str, str, Kind], set[str]] = defaultdict(set)
        #: How often somebody got a shift, by (shift, caregiver).
        self.holdings: Counter[tuple[str, str]] = Counter()
        #: Who was released in which generation.
        self.released: dict[tuple[str, str], int] = {}
        self.done: set[str] = set()
        self.declined: set[tuple[str, str]] = set()

    def watched(self, clock: Clock) -> WatchedNotifier:
        """A notifier whose messages this machine checks."""
        notifier = WatchedNotifier(clock)
        notifier.machine = self
        return notifier

    def run(self, work: Coroutine[Any, Any, ResultT]) -> ResultT:
        """Run the coroutine in this machine's event loop."""
        return self.loop.run_until_complete(work)

    @initialize()
    def open_office(self) -> None:
        """Put four caregivers and three shifts."""

        async def fill() -> None:
            for id_, number in NUMBERS.items():
                await self.office.caregiver(id_, number)
            for id_, (day, hours) in SHIFTS.items():
                await self.office.shift(id_, day, hours)

        self.run(fill())

    def watch(self, message: Message) -> None:
        """Check what must hold whenever a message is handed over."""
        if message.kind in DIRECT:
            return
        assert message.to not in self.silent, "a message after STOP"
        assert message.shift_id is not None or message.kind is Kind.CLARIFICATION
        if message.kind is not Kind.OFFER:
            if message.shift_id is not None:
                self.watch_notice(message, message.shift_id)
            return
        shift_id = message.shift_id
        assert shift_id is not None
        assert self.state[shift_id] == "open", "an offer of a closed fanout"
        assert (shift_id, message.caregiver_id) not in self.declined, "an offer to a caregiver who declined"
        assert (shift_id, message.caregiver_id) not in self.released, "an offer to a caregiver who was released"
        key_of_offer = (shift_id, self.generation[shift_id], message.caregiver_id, message.channel)
        assert self.offers.setdefault(key_of_offer, message.id) == message.id, "an offer twice"
        assert message.id not in self.done, "sent again after it was sent"
        if message.channel is Channel.VOICE:
            assert self.office.clock.now() >= self.escalates_at[shift_id], "a call before its time"

    def watch_notice(self, message: Message, shift_id: str) -> None:
        """Check that the notice is true at this moment and was not sent too often."""
        if message.kind in SAYS_HELD:
            holds = self.holder.get(shift_id) == message.caregiver_id
            assert holds is SAYS_HELD[message.kind], "a notice that is not true"
        seen = self.notices[shift_id, message.caregiver_id, message.kind]
        seen.add(message.id)
        most = self.holdings[shift_id, message.caregiver_id] if message.kind in ABOUT_A_HOLDING else 1
        assert len(seen) <= most, "a notice twice"

    @rule(shift_id=st.sampled_from(sorted(SHIFTS)), times=st.integers(1, 3))
    def start(self, shift_id: str, times: int) -> None:
        """Post the fanout up to three times."""
        for _ in range(times):
            response = self.run(self.office.post(shift_id))
            expect_start = self.state.get(shift_id) in (None, "cancelled")
            assert response.status_code == (202 if expect_start else 200)
            if expect_start:
                self.generation[shift_id] += 1
                self.state[shift_id] = "open"
                started = datetime.fromisoformat(response.json()["started_at"])
                self.escalates_at[shift_id] = started + timedelta(minutes=10)
            assert response.json()["generation"] == self.generation[shift_id]

    @rule(shift_id=st.sampled_from(sorted(SHIFTS)))
    def cancel(self, shift_id: str) -> None:
        """Delete the fanout."""
        response = self.run(self.office.http.delete(f"/shifts/{shift_id}/fanout"))
        state = self.state.get(shift_id)
        assert response.status_code == {None: 404, "claimed": 409}.get(state, 200)
        if response.status_code == 200:
            self.state[shift_id] = "cancelled"

    @rule(shift_id=st.sampled_from(sorted(SHIFTS)), who=st.sampled_from(sorted(NUMBERS)), times=st.integers(1, 2))
    def assign(self, shift_id: str, who: str, times: int) -> None:
        """Assign the shift to a caregiver, once or twice."""
        for _ in range(times):
            response = self.run(self.office.assign(shift_id, who))
            holder = self.holder.get(shift_id)
            if holder is None and self.holder.get(OVERLAPPING.get(shift_id, "")) != who:
                assert response.status_code == 200
                self.gets(shift_id, who)
            else:
                assert response.status_code == (200 if holder == who else 409)
            if response.status_code == 200:
                assert (response.json()["status"], response.json()["assigned_to"]) == ("claimed", who)

    def gets(self, shift_id: str, who: str) -> None:
        """Record that the caregiver holds the shift from now on."""
        assert shift_id not in self.holder, "a second holder"
        assert self.holder.get(OVERLAPPING.get(shift_id, "")) != who, "overlapping shifts"
        self.holder[shift_id] = who
        self.holdings[shift_id, who] += 1
        self.generation[shift_id] = self.generation[shift_id] or 1
        self.state[shift_id] = "claimed"

    @rule(shift_id=st.sampled_from(sorted(SHIFTS)), times=st.integers(1, 2))
    def release(self, shift_id: str, times: int) -> None:
        """Release the shift, once or twice."""
        for _ in range(times):
            response = self.run(self.office.release(shift_id))
            assert response.status_code == 200
            assert (response.json()["status"], response.json()["assigned_to"]) == ("open", None)
            if shift_id in self.holder:
                self.released[shift_id, self.holder.pop(shift_id)] = self.generation[shift_id]
                self.state[shift_id] = "cancelled"

    @rule(
        target=message_ids,
        who=st.sampled_from(sorted(NUMBERS)),
        words=st.sampled_from(WORDS),
        shift_id=st.none() | st.sampled_from(sorted(SHIFTS)),
        number=st.integers(0, 10_000),
    )
    def reply(self, who: str, words: str, shift_id: str | None, number: int) -> str:
        """A caregiver replies; the message id may be one that was used before."""
        message_id = f"m-{number}"
        self.handle_reply(who, words, shift_id, message_id)
        return message_id

    @rule(message_id=message_ids, who=st.sampled_from(sorted(NUMBERS)), words=st.sampled_from(WORDS))
    def repeat(self, message_id: str, who: str, words: str) -> None:
        """A message id is sent a second time. From another caregiver it is another message."""
        self.handle_reply(who, words, None, message_id)

    @rule(words=st.sampled_from(["YES", "YES 1", "NO"]), shift_id=st.sampled_from(sorted(SHIFTS)))
    def all_reply_at_once(self, words: str, shift_id: str) -> None:
        """All caregivers send the same reply at the same simulated time."""
        for who in NUMBERS:
            self.handle_reply(who, words, shift_id, None)

    def handle_reply(self, who: str, words: str, shift_id: str | None, message_id: str | None) -> None:
        """Send the reply, compare the answer with the model and update the model."""
        fields = {"message_id": message_id, "shift_id": shift_id}
        answer = self.run(self.office.inbound(NUMBERS[who], words, **fields))
        if message_id is not None:
            first = self.answers.setdefault((who, message_id), answer)
            # A STOP counts even under an id that was used before.
            if words != "STOP" or first["outcome"] == "opted_out":
                assert answer == first, "a message id with two answers"
                if first is not answer:
                    return
        outcome, about = answer["outcome"], answer["shift_id"]
        if outcome == "opted_out":
            self.silent.add(NUMBERS[who])
        elif outcome == "opted_in":
            self.silent.discard(NUMBERS[who])
        elif outcome == "claimed":
            assert self.state[about] == "open"
            self.gets(about, who)
        elif outcome == "declined":
            self.declined.add((about, who))
        elif outcome in ("already_yours", "release_requested"):
            assert self.holder[about] == who
        elif outcome == "already_claimed":
            assert self.state[about] in ("claimed", "cancelled")
            assert self.holder.get(about) != who
            # For the next generation a late yes cancels an earlier no, and a release in an earlier generation.
            if self.released.get((about, who)) != self.generation[about]:
                self.declined.discard((about, who))
                self.released.pop((about, who), None)

    @rule(
        behaviour=st.sampled_from([deliver_all, deliver_all, fails_for_now, refuses, breaks]),
        takes_s=st.sampled_from([0, 1, 60]),
    )
    def provider_changes(self, behaviour: Any, takes_s: float) -> None:
        """From now on the provider works, fails, or takes longer than its time limit."""
        self.office.notifier.behaviour = behaviour
        self.office.notifier.takes_s = takes_s

    @rule(honours=st.booleans())
    def receiver_changes(self, honours: bool) -> None:
        """From now on an unanswered message may, or may not, be sent again under its key."""
        self.office.notifier.honours_keys = honours

    @rule(seconds=st.sampled_from([0.1, 0.5, 3, 11, 60, 599, 600, 3600, 86_400]))
    def time_passes(self, seconds: float) -> None:
        """Move the clock; everything that falls due meanwhile runs in order."""
        self.run(self.office.clock.advance(seconds))

    @invariant()
    def the_service_agrees(self) -> None:
        """The reports agree with the model: holders, statuses and counts."""
        self.done = {message.id for message in self.office.notifier.sent}
        assert len(self.done) == len(self.office.notifier.sent), "one key sent twice"
        for shift_id in self.state:
            report = self.run(self.office.report(shift_id))
            known = "open" if report["status"] == "exhausted" else report["status"]
            assert known == self.state[shift_id]
            assert report["claimed_by"] == self.holder.get(shift_id)
            listed = Counter(contact["status"] for contact in report["contacts"])
            assert listed == +Counter(report["counts"])
            seen = Counter((contact["caregiver_id"], contact["channel"]) for contact in report["contacts"])
            assert not seen or max(seen.values()) == 1

    def teardown(self) -> None:
        """With a working provider, nothing stays queued or sending."""
        self.office.notifier.behaviour = deliver_all
        self.office.notifier.takes_s = 0
        self.run(self.office.clock.advance(7200))
        for shift_id in self.state:
            counts = self.run(self.office.report(shift_id))["counts"]
            assert counts["queued"] == counts["sending"] == 0
        self.run(self.office.http.aclose())
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.run(asyncio.sleep(0))
        self.loop.close()


TestService = ServiceMachine.TestCase
