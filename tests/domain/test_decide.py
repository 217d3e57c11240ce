"""The table of a fanout's moves: every status and every move, through the real commands."""

from datetime import timedelta

import pytest
from fakes import START

from app.domain.commands import (
    Advance,
    Assign,
    CancelFanout,
    Command,
    PutCaregiver,
    PutShift,
    Release,
    Reply,
    StartFanout,
)
from app.domain.decisions import Decision, Refusal
from app.domain.fanout_records import Fanout, FanoutStatus
from app.domain.policy import Policy
from app.domain.reading import Intent, Reading
from app.domain.records import Answer, Caregiver, Channel, Outcome, Shift
from app.domain.rules.decide import Result, decide
from app.domain.rules.fanouts import MOVES, Move
from app.stores.memory.tables import Tables

POLICY = Policy()
SHIFT = Shift(
    id="s1",
    organization_id="org",
    role_required="RN",
    start_time=START + timedelta(days=1),
    end_time=START + timedelta(days=1, hours=8),
)


class World:
    """The tables of the memory store, changed by `decide` alone."""

    def __init__(self, *caregivers: str) -> None:
        self.tables = Tables(POLICY.retention_s)
        self.now = START
        self.do(PutShift(shift=SHIFT, now=START))
        for n, id_ in enumerate(caregivers):
            caregiver = Caregiver(id=id_, name=id_, roles=("rn ",), phone=f"+1555000{n}")
            self.do(PutCaregiver(caregiver=caregiver, now=self.now))

    def do(self, command: Command) -> Result:
        """Decide the command and write; returns the result."""
        decision: Decision[Result] = decide(self.tables, command, POLICY)
        for write in decision.writes:
            self.tables.put(write)
        return decision.result

    def advance(self, minutes: float = 0) -> None:
        """Let time pass, then do all that is due for the fanout."""
        self.now += timedelta(minutes=minutes)
        while self.do(Advance(shift_id="s1", generation=self.fanout.generation, now=self.now)):
            pass

    def let_the_shift_end(self) -> None:
        """Move the time to the end of the shift, with everything that is due on the way."""
        self.advance(minutes=10)
        self.advance(minutes=(SHIFT.end_time - self.now) / timedelta(minutes=1))

    def says(self, n: int, intent: Intent) -> Outcome:
        """The n-th caregiver replies about the shift."""
        answer = self.do(
            Reply(
                phone=f"+1555000{n}",
                reading=Reading(intent=intent),
                channel=Channel.SMS,
                message_id=None,
                shift_id="s1",
                notice_id=f"notice-{self.now}",
                now=self.now,
            )
        )
        assert isinstance(answer, Answer)
        return answer.outcome

    @property
    def fanout(self) -> Fanout:
        """The fanout of the shift."""
        fanout = self.tables.fanout("s1")
        assert fanout is not None
        return fanout


def world_in(status: FanoutStatus | None) -> World:
    """A world with two nurses and a completely planned fanout in that status (None: without a fanout)."""
    world = World("ann", "bob")
    if status is not None:
        world.do(StartFanout(shift_id="s1", now=world.now))
        world.advance()
    if status is FanoutStatus.CLAIMED:
        world.says(0, Intent.ACCEPT)
    if status is FanoutStatus.CANCELLED:
        world.do(CancelFanout(shift_id="s1", now=world.now))
    if status is FanoutStatus.EXHAUSTED:
        world.says(0, Intent.DECLINE)
        world.says(1, Intent.DECLINE)
    if status is FanoutStatus.EXPIRED:
        world.let_the_shift_end()
    return world


def make(world: World, move: Move) -> None:
    """Do what causes the move where it is legal."""
    match move:
        case Move.START:
            world.do(StartFanout(shift_id="s1", now=world.now))
        case Move.CLAIM:
            world.says(1, Intent.ACCEPT)
        case Move.CANCEL:
            world.do(CancelFanout(shift_id="s1", now=world.now))
        case Move.ASSIGN:
            world.do(Assign(shift_id="s1", caregiver_id="bob", notice_id="n1", now=world.now))
        case Move.RELEASE:
            world.do(Release(shift_id="s1", notice_id="n2", now=world.now))
        case Move.EXHAUST:
            world.says(0, Intent.DECLINE)
            world.says(1, Intent.DECLINE)
        case Move.ESCALATE:
            world.advance(minutes=10)
        case Move.REOPEN:
            caregiver = Caregiver(id="new", name="new", roles=("RN",), phone="+15550009")
            world.do(PutCaregiver(caregiver=caregiver, now=world.now))
            world.advance(minutes=10)
        case Move.EXPIRE:
            if world.tables.fanout("s1") is not None:
                world.let_the_shift_end()


@pytest.mark.parametrize("move", Move)
@pytest.mark.parametrize("status", [None, *FanoutStatus])
def test_every_move_leads_where_the_table_says_and_others_change_nothing(
    status: FanoutStatus | None, move: Move
) -> None:
    """A legal move leads to the status of the table; any other leaves the status unchanged."""
    world = world_in(status)
    before = world.tables.fanout("s1")
    if before is not None or move not in (Move.ESCALATE, Move.REOPEN):
        # Without a fanout nothing can fall due.
        make(world, move)
    expected = MOVES.get((status, move), status)
    after = world.tables.fanout("s1")
    assert (after.status if after else None) is expected
    generations = (after.generation if after else 0) - (before.generation if before else 0)
    assert generations == ((status, move) in MOVES and (move is Move.START or status is None))


def test_only_a_release_leads_out_of_claimed() -> None:
    """A release is the only move from `claimed`."""
    assert [move for status, move in MOVES if status is FanoutStatus.CLAIMED] == [Move.RELEASE]


def test_every_status_can_be_reached() -> None:
    """Each status is the result of a move."""
    assert set(MOVES.values()) == set(FanoutStatus)


@pytest.mark.parametrize("status", [FanoutStatus.CLAIMED, FanoutStatus.CANCELLED])
def test_the_escalation_of_a_closed_fanout_does_nothing(status: FanoutStatus) -> None:
    """At `escalates_at` a claimed or cancelled fanout stays unchanged."""
    world = world_in(status)
    before = world.fanout
    world.advance(minutes=10)
    assert world.fanout == before


def test_refusals_are_values() -> None:
    """A command about an unknown shift, or one without a fanout, results in a refusal and writes nothing."""
    world = World()
    for command in (
        StartFanout(shift_id="nope", now=START),
        CancelFanout(shift_id="nope", now=START),
        CancelFanout(shift_id="s1", now=START),
        Assign(shift_id="nope", caregiver_id="nope", notice_id="n1", now=START),
        Assign(shift_id="s1", caregiver_id="nope", notice_id="n1", now=START),
        Release(shift_id="nope", notice_id="n1", now=START),
    ):
        decision = decide(world.tables, command, POLICY)
        assert isinstance(decision.result, Refusal)
        assert decision.writes == ()
