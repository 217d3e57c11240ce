"""What a text tells people to do works: at each hand-over, the reply that the message asks for does what it says.

Random histories over a few caregivers and shifts run on the rules alone, with the tables of the memory store. When a
message is handed over, every reply that its words ask for is decided on the state of that moment. Decisions are pure,
so this changes nothing and the history goes on.
"""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

from fakes import START
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.domain import texts
from app.domain.commands import (
    Advance,
    Assign,
    CancelFanout,
    Command,
    DeleteCaregiver,
    HandoverResult,
    OptIn,
    PutCaregiver,
    PutShift,
    RecordDelivery,
    RecordSending,
    Release,
    Reply,
    StartFanout,
)
from app.domain.decisions import Delivery, Message, Write
from app.domain.fanout_records import CODE_RESERVED_FOR
from app.domain.languages.english import ENGLISH
from app.domain.languages.spanish import SPANISH
from app.domain.messages import Contact, ContactStatus, Notice, contact_key
from app.domain.policy import Policy
from app.domain.receipts import Consequence, Receipt, ReceiptState
from app.domain.records import (
    Answer,
    Assignment,
    Caregiver,
    Channel,
    Kind,
    Language,
    Outcome,
    Shift,
)
from app.domain.rules.decide import admit, decide
from app.domain.rules.offers import offers_in_context
from app.stores.memory.tables import Tables
from app.understanding.rules import read

POLICY = Policy(retention_s=3 * 86_400.0, allow_past_shifts=False)
NUMBERS = {"ann": "+16175550101", "bob": "+16175550102"}
#: s1 and s2 overlap; s3 is soon; s4 and s5 are days away. (Start in hours from now, length in hours.)
SHIFTS = {"s1": (30.0, 8.0), "s2": (34.0, 8.0), "s3": (2.0, 4.0), "s4": (100.0, 8.0), "s5": (150.0, 8.0)}
LANGUAGES = {"ann": Language.ENGLISH, "bob": Language.SPANISH}
WORDINGS = {Language.ENGLISH: ENGLISH, Language.SPANISH: SPANISH}
WORDS = [
    "YES",
    "NO",
    "YES 1",
    "YES 2",
    "NO 1",
    "NO 2",
    "SI",
    "SI 2",
    "what does it pay?",
    "can't make Friday",
    "STOP",
    "START",
    "HELP",
]
#: What a yes to an offer may come to: the shift is theirs, or they already work then.
TAKEN = {Outcome.CLAIMED, Outcome.CONFLICT}
#: What a listed number may mean by the time the question arrives: another may have taken the shift since.
LISTED_YES = {*TAKEN, Outcome.ALREADY_YOURS, Outcome.ALREADY_CLAIMED, Outcome.UNRECOGNIZED}
LISTED_NO = {Outcome.DECLINED, Outcome.RELEASE_REQUESTED}

who = st.sampled_from(sorted(NUMBERS))
a_shift = st.sampled_from(sorted(SHIFTS))


class Instructions(RuleBasedStateMachine):
    """Two nurses, five shifts, and a provider that takes messages in any order and at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.tables = Tables(POLICY.retention_s)
        self.now = START
        self.ids = 0
        #: Messages that wait, oldest first.
        self.queue: dict[Any, Contact | Notice] = {}
        #: Messages that were handed over, and whose result is not known yet.
        self.under_way: list[Delivery] = []
        #: The ids of all messages that were handed over.
        self.handed_over: list[str] = []

    @initialize()
    def fill(self) -> None:
        """Two nurses and five shifts."""
        for id_ in NUMBERS:
            self.do(PutCaregiver(caregiver=self.nurse(id_), now=self.now))
        for shift_id in SHIFTS:
            self.do(PutShift(shift=self.shift(shift_id, 0.0), now=self.now))

    def nurse(self, id_: str, role: str = "RN", language: Language | None = None) -> Caregiver:
        """That caregiver, with that role and language; None: their own."""
        language = language or LANGUAGES[id_]
        return Caregiver(id=id_, name=id_, roles=(role,), phone=NUMBERS[id_], language=language)

    def shift(self, shift_id: str, later_h: float) -> Shift:
        """That shift, `later_h` hours later than at first."""
        start_h, length_h = SHIFTS[shift_id]
        start = START + timedelta(hours=start_h + later_h)
        return Shift(
            id=shift_id,
            organization_id="org",
            role_required="RN",
            start_time=start,
            end_time=start + timedelta(hours=length_h),
        )

    def do(self, command: Command) -> Any:
        """Apply the command; returns its result."""
        decision = decide(self.tables, command, POLICY)
        self.write(decision.writes)
        return decision.result

    def write(self, writes: tuple[Write, ...]) -> None:
        """Apply these writes, and keep the queue of messages."""
        self.tables.check(writes)
        for write in writes:
            self.tables.put(write)
            if isinstance(write, Contact | Notice):
                key = contact_key(write) if isinstance(write, Contact) else write.id
                self.queue.pop(key, None)
                if write.status is ContactStatus.QUEUED:
                    self.queue[key] = write

    def fresh_id(self) -> str:
        """An id for a notice."""
        self.ids += 1
        return f"notice-{self.ids}"

    def reply_of(self, number: str, body: str, channel: Channel, shift_id: str | None = None) -> Reply:
        """The command for an inbound message."""
        return Reply(
            phone=number,
            reading=read(body, channel),
            channel=channel,
            message_id=None,
            shift_id=shift_id,
            notice_id=self.fresh_id(),
            now=self.now,
        )

    @rule(shift_id=a_shift, steps=st.integers(0, 3))
    def start(self, shift_id: str, steps: int) -> None:
        """Post a fanout; a worker may do some of its steps at once."""
        self.do(StartFanout(shift_id=shift_id, now=self.now))
        self.work(steps)

    @rule(shift_id=a_shift, id_=who)
    def assign(self, shift_id: str, id_: str) -> None:
        """A coordinator assigns a shift."""
        self.do(Assign(shift_id=shift_id, caregiver_id=id_, notice_id=self.fresh_id(), now=self.now))

    @rule(shift_id=a_shift, how=st.sampled_from(["release", "cancel"]))
    def take_back(self, shift_id: str, how: str) -> None:
        """A coordinator releases the holder, or cancels the fanout."""
        if how == "release":
            self.do(Release(shift_id=shift_id, notice_id=self.fresh_id(), now=self.now))
        else:
            self.do(CancelFanout(shift_id=shift_id, now=self.now))

    @rule(shift_id=a_shift, id_=who, what=st.sampled_from(["hours", "role", "back", "language", "delete", "opt in"]))
    def change_a_record(self, shift_id: str, id_: str, what: str) -> None:
        """The office changes the hours of a shift, a caregiver's role or language, deletes one, or opts one in."""
        match what:
            case "hours":
                moved = self.tables.shift(shift_id)
                assert moved is not None
                later_h = 1.0 if moved.start_time == self.shift(shift_id, 0.0).start_time else 0.0
                self.do(PutShift(shift=self.shift(shift_id, later_h), now=self.now))
            case "role" | "back":
                role = "CNA" if what == "role" else "RN"
                self.do(PutCaregiver(caregiver=self.nurse(id_, role), now=self.now))
            case "language":
                language = next(one for one in Language if one is not LANGUAGES[id_])
                self.do(PutCaregiver(caregiver=self.nurse(id_, language=language), now=self.now))
            case "delete":
                self.do(DeleteCaregiver(caregiver_id=id_, now=self.now))
            case _:
                self.do(OptIn(caregiver_id=id_, now=self.now))

    @rule(
        id_=who,
        words=st.sampled_from(WORDS),
        channel=st.sampled_from([Channel.SMS, Channel.SMS, Channel.VOICE]),
        shift_id=st.none() | a_shift,
    )
    def reply(self, id_: str, words: str, channel: Channel, shift_id: str | None) -> None:
        """A caregiver replies, to whatever they may have in mind."""
        self.do(self.reply_of(NUMBERS[id_], words, channel, shift_id))

    @rule(seconds=st.sampled_from([1, 60, 300, 600, 3600, 20_000, 90_000]))
    def time_passes(self, seconds: int) -> None:
        """The clock moves on. Workers may have stood still meanwhile: nothing that is due is done by this."""
        self.now += timedelta(seconds=seconds)

    @rule(steps=st.integers(1, 3))
    def work(self, steps: int) -> None:
        """A worker does some of what is due."""
        for _ in range(steps):
            for shift_id in SHIFTS:
                fanout = self.tables.fanout(shift_id)
                if fanout is not None:
                    self.do(Advance(shift_id=shift_id, generation=fanout.generation, now=self.now))

    @precondition(lambda self: self.queue)
    @rule(positions=st.lists(st.integers(0, 9), min_size=1, max_size=6))
    def hand_over(self, positions: list[int]) -> None:
        """Some of the messages that wait are handed over, and each does what it says."""
        for position in positions:
            ready = [entry for entry in self.queue.values() if entry.due_at is None or entry.due_at <= self.now]
            if not ready:
                return
            entry = ready[position % len(ready)]
            decision = admit(self.tables, entry, self.now, POLICY)
            self.write(decision.writes)
            if decision.result is not None:
                self.under_way.append(decision.result)
                self.handed_over.append(decision.result.message.id)
                if not entry.maybe_sent:
                    # A repeat that may be the second of two must have the words of the first.
                    self.check_from_now_on(decision.result)

    @precondition(lambda self: self.under_way)
    @rule(
        sending=st.sampled_from(
            [HandoverResult.SENT, HandoverResult.SENT, HandoverResult.TEMPORARY, HandoverResult.UNANSWERED]
        )
    )
    def results_arrive(self, sending: HandoverResult) -> None:
        """The provider answers."""
        for delivery in self.under_way:
            error = None if sending is HandoverResult.SENT else "HTTP 503"
            self.do(
                RecordSending(
                    entry=delivery.entry, result=sending, error=error, retry_after_s=None, jitter=0.5, now=self.now
                )
            )
        self.under_way.clear()

    @precondition(lambda self: self.handed_over)
    @rule(position=st.integers(0, 30), state=st.sampled_from(ReceiptState), consequence=st.sampled_from(Consequence))
    def a_receipt_arrives(self, position: int, state: ReceiptState, consequence: Consequence) -> None:
        """The provider says what became of a message, perhaps of one from long ago."""
        failed = state is ReceiptState.FAILED
        receipt = Receipt(state=state, consequence=consequence if failed else Consequence.NONE)
        message_id = self.handed_over[position % len(self.handed_over)]
        self.do(RecordDelivery(message_id=message_id, provider_id=None, receipt=receipt, now=self.now))

    def check_from_now_on(self, delivery: Delivery) -> None:
        """Check the message in this state; after a change of its shift, once the provider has taken the message."""
        shift = None if delivery.message.shift_id is None else self.tables.shift(delivery.message.shift_id)
        if shift is None or shift.facts_changed_at is None:
            self.check(delivery.message)
        self.write((replace(delivery.entry, status=ContactStatus.SENT),))
        self.check(delivery.message)
        self.write((delivery.entry,))

    def check(self, message: Message) -> None:
        """Every reply that the message asks for does what the message says."""
        if message.channel is Channel.VOICE:
            self.expect(message, "1", TAKEN)
            self.expect(message, "2", {Outcome.DECLINED})
            return
        match message.kind:
            case Kind.OFFER | Kind.CLARIFICATION if message.shift_id is not None:
                self.expect(message, self.asked_for(WORDINGS[message.language].yes, message), TAKEN)
                self.expect(message, self.asked_for(WORDINGS[message.language].no, message), {Outcome.DECLINED})
            case Kind.CLARIFICATION:
                self.check_list(message)
            case Kind.CONFIRMATION:
                self.expect(
                    message, self.asked_for(WORDINGS[message.language].no, message), {Outcome.RELEASE_REQUESTED}
                )
            case Kind.RELEASE_REQUESTED:
                _, writes = self.expect(
                    message, self.asked_for(WORDINGS[message.language].yes, message), {Outcome.ALREADY_YOURS}
                )
                kept = [write for write in writes if isinstance(write, Assignment)]
                assert [one.release_requested_at for one in kept] == [None], "the shift is not taken back"
        if "START" in message.body:
            self.expect(message, "START", {Outcome.OPTED_IN})
        if "STOP" in message.body:
            self.expect(message, "STOP", {Outcome.OPTED_OUT})
        for word in ("HELP", "AYUDA"):
            if word in message.body:
                self.expect(message, word, {Outcome.HELP})

    def check_list(self, message: Message) -> None:
        """Each number in a list of shifts means its shift, with a YES and with a NO."""
        # The list is in the language that was theirs when they were asked.
        language = next(one for one in Language if WORDINGS[one].which_shift[:6] == message.body[:6])
        words = WORDINGS[language]
        for code, summary in re.findall(r"(\d+): (RN [^;]+)", message.body):
            (shift,) = [one for one in self.listable() if texts.describe(one, None, language, short=True) == summary]
            about = replace(message, shift_id=shift.id)
            caregiver = self.tables.caregiver(message.caregiver_id)
            if caregiver is None or not caregiver.may_work(shift):
                continue
            # A purge may have forgotten the offer while the list waited. Then its number means nothing, and the reply
            # is asked back.
            forgotten = self.tables.offer(shift.id, caregiver.id) is None
            asked_back = {Outcome.AMBIGUOUS} if forgotten else set()
            self.expect(about, words.numbered.format(answer=words.yes, code=code), LISTED_YES | asked_back)
            self.expect(about, words.numbered.format(answer=words.no, code=code), LISTED_NO | asked_back)

    def listable(self) -> list[Shift]:
        """The shifts as they are, and as they were before their hours changed."""
        found = [self.shift(shift_id, later_h) for shift_id in SHIFTS for later_h in (0.0, 1.0)]
        assert len({one.start_time for one in found}) == len(found)
        return found

    def asked_for(self, word: str, message: Message) -> str:
        """The reply that the text asks for: the word, with the number if it names one."""
        numbered = WORDINGS[message.language].numbered.format(answer=word, code=r"\d+")
        found = re.search(rf"\b(?:{numbered}|{word})\b", message.body)
        assert found is not None, f"no {word} in {message.body!r}"
        return found[0]

    def expect(self, message: Message, words: str, outcomes: set[Outcome]) -> tuple[Answer, tuple[Write, ...]]:
        """If these words came back now, one of these outcomes would follow, about the message's shift."""
        decision = decide(self.tables, self.reply_of(message.to, words, message.channel), POLICY)
        answer = decision.result
        assert isinstance(answer, Answer)
        told = f"{message.channel} {message.body!r} and then {words!r}: {answer}"
        assert answer.outcome in outcomes, told
        if message.shift_id is not None and answer.outcome not in (Outcome.OPTED_OUT, Outcome.AMBIGUOUS):
            assert answer.shift_id == message.shift_id, told
        return answer, decision.writes

    @invariant()
    def no_code_names_two_shifts(self) -> None:
        """Stored or implied, a code is unique among one caregiver's offers, but for those that closed a day ago."""
        for id_ in NUMBERS:
            caregiver = self.tables.caregiver(id_)
            if caregiver is not None:
                codes = [
                    about.offer.code
                    for about in offers_in_context(self.tables, caregiver, self.now)
                    if about.closed_at is None or about.closed_at + CODE_RESERVED_FOR > self.now or about.claimable
                ]
                assert len(set(codes)) == len(codes), codes


TestInstructions = Instructions.TestCase
