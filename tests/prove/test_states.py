"""A sample of the search of all states, and proof that the search sees a fault."""

from dataclasses import replace

import pytest

from app.domain.commands import Assign, Command, PutOrganization, Release
from app.domain.decisions import Decision, Delivery, ForgetFanout
from app.domain.fanout_records import Fanout, Offer
from app.domain.messages import Contact, ContactStatus, Notice
from app.domain.policy import Policy
from app.domain.records import Assignment, Kind, Organization
from app.domain.rules.decide import Result, admit, decide
from app.domain.state import StateReader
from prove.moves import POLICY, telling
from prove.rules import Broken, check_handover
from prove.states import NIGHT, SEARCHES, Counterexample, Decide, Search, explore, walk


def search_named(name: str) -> Search:
    """The search of that name."""
    return next(one for one in SEARCHES if one.name == name)


@pytest.mark.parametrize("search", SEARCHES, ids=lambda one: one.name)
def test_no_rule_is_broken_in_a_sample(search: Search) -> None:
    """No state near the beginning of a search breaks a rule."""
    found = explore(search, search.depth_of_sample)
    assert found.depth == search.depth_of_sample
    assert found.states > 1


def test_the_counts_are_the_same_in_every_run() -> None:
    """An outsider gets the same numbers."""
    first, second = (explore(search_named("filling, once both texts wait"), 2) for _ in range(2))
    assert first == second


def test_a_sample_sees_what_decides_who_gets_a_shift() -> None:
    """The search is not empty: it sees wins, late answers, conflicts, refused and repeated commands."""
    outcomes = explore(search_named("filling, once both texts wait"), 2).outcomes
    assert {"Reply claimed", "Reply already_claimed", "Reply conflict", "Assign shift_claimed"} <= outcomes.keys()


def test_a_decision_may_remove_the_last_record_of_a_kind_and_go_on() -> None:
    """The rest of its writes find none."""
    world = walk(("start s1", "advance s1"))
    forget = ForgetFanout(shift_id="s1", generation=1, keep_record=False)
    assert world.all(Contact) != []
    assert world.after([forget, forget]).all(Contact) == []


def test_notices_are_in_the_order_in_which_they_were_made() -> None:
    """Also if their ids, which are random in a run of the service, sort the other way round."""
    world = walk(("assign s1 to A",))
    (notice,) = world.all(Notice)
    world = world.after([replace(notice, id="b"), replace(notice, id="a")])
    assert [one.id for one in world.after([replace(notice, id="b", attempts=1)]).all(Notice)] == [notice.id, "b", "a"]


def holder_twice(state: StateReader, command: Command, policy: Policy) -> Decision[Result]:
    """The rules of the service, but each holder is written twice."""
    decision = decide(state, command, policy)
    extra = [replace(one, caregiver_id="B") for one in decision.writes if isinstance(one, Assignment)]
    return replace(decision, writes=(*decision.writes, *extra))


def test_a_text_in_quiet_hours_breaks_a_rule() -> None:
    """Unless its fanout is urgent. A hand-over that the last check let pass before the hours were set shows it."""
    world = walk(("start s1", "advance s1"))
    delivery = admit(world, world.all(Contact)[0], world.now, POLICY).result
    assert isinstance(delivery, Delivery)
    night = world.after(walk((NIGHT,)).all(Organization))
    with pytest.raises(Broken, match="no offer in quiet hours"):
        check_handover(night, delivery)
    urgent = night.after([replace(one, urgent=True) for one in night.all(Fanout)])
    check_handover(urgent, delivery)


def test_quiet_hours_hold_the_fanouts_of_the_organization_that_are_open() -> None:
    """By shift id, as in a store; one that was cancelled is not among them."""
    asked = (NIGHT, "start s2", "advance s2", "start s1", "advance s1")
    world = walk(asked)
    assert [one.shift_id for one in world.held_fanouts("org", world.now)] == ["s1", "s2"]
    assert world.held_fanouts("another", world.now) == []
    cancelled = walk((*asked, "cancel s1"))
    assert [one.shift_id for one in cancelled.held_fanouts("org", cancelled.now)] == ["s2"]
    assert walk(("start s1", "advance s1")).held_fanouts("org", world.now) == []


def nothing_moved(state: StateReader, command: Command, policy: Policy) -> Decision[Result]:
    """The rules of the service, but other quiet hours of an organization leave its fanouts as they are."""
    decision = decide(state, command, policy)
    if not isinstance(command, PutOrganization):
        return decision
    return replace(decision, writes=tuple(one for one in decision.writes if not isinstance(one, Fanout)))


def test_a_text_that_waits_for_hours_that_are_over_breaks_a_rule() -> None:
    """The shortest way to it is to take the quiet hours away."""
    with pytest.raises(Counterexample, match=r"no text waits for the end of quiet hours that are over; .*/ put org$"):
        explore(search_named("at night, once both texts are held"), 1, nothing_moved)


def unseen(state: StateReader, command: Command, policy: Policy) -> Decision[Result]:
    """The rules of the service, but no offer shows that words about it were not understood."""
    decision = decide(state, command, policy)
    writes = (replace(one, unclear_since=None) if isinstance(one, Offer) else one for one in decision.writes)
    return replace(decision, writes=tuple(writes))


def test_words_of_the_holder_that_nobody_sees_break_a_rule() -> None:
    """The shortest way to it is an assignment, and words that are neither yes nor no."""
    way = r"words of the holder .* ask for a person; after: assign s1 to A / A says 'what\?'"
    with pytest.raises(Counterexample, match=way):
        explore(search_named("all commands, from the start"), 2, unseen)


SAID = "sent sms confirmation s1 to A"
AGAIN = ("assign s1 to A", "release s1", "assign s1 to A", "hand over sms confirmation s1 to A", SAID)


def test_a_confirmation_that_was_true_again_when_it_went_out_is_one() -> None:
    """It was made for an earlier assignment, and the one of this is skipped as already told."""
    world = walk((*AGAIN, "hand over sms confirmation s1 to A"), telling)
    confirmations = [one for one in world.all(Notice) if one.kind is Kind.CONFIRMATION]
    assert sorted(one.status for one in confirmations) == [ContactStatus.SENT, ContactStatus.SKIPPED]


def silent_about(kind: type[Assign | Release]) -> Decide:
    """The rules of the service, but a caregiver who has heard of the shift hears nothing of commands of that kind."""

    def decides(state: StateReader, command: Command, policy: Policy) -> Decision[Result]:
        decision = decide(state, command, policy)
        if not isinstance(command, kind) or not state.notices_about(command.shift_id, "A"):
            return decision
        return replace(decision, writes=tuple(one for one in decision.writes if not isinstance(one, Notice)))

    return decides


@pytest.mark.parametrize(
    ("kind", "search", "way"),
    [
        (Release, "telling, from the start", "whoever loses a shift hears of it"),
        (Assign, "filling, once A was released", r"whoever gets a shift hears of it, .* / assign s1 to \w$"),
    ],
)
def test_a_last_word_that_is_wrong_breaks_a_rule(kind: type[Assign | Release], search: str, way: str) -> None:
    """Somebody was told that they have a shift, and not that they lost it, or the other way round."""
    with pytest.raises(Counterexample, match=way):
        explore(search_named(search), 4, silent_about(kind))


def crashing(state: StateReader, command: Command, policy: Policy) -> Decision[Result]:
    """The rules of the service, but an assignment raises an error."""
    if isinstance(command, Assign):
        raise KeyError("assign")
    return decide(state, command, policy)


def test_an_error_says_after_which_moves() -> None:
    """It is no counterexample: nothing was decided."""
    with pytest.raises(KeyError) as caught:
        explore(search_named("filling, from the start"), 1, crashing)
    assert caught.value.__notes__ == ["filling, from the start; after: assign s1 to A"]


def test_a_fault_is_found_by_its_shortest_way() -> None:
    """With a wrong rule, the search says which moves lead to the fault, and which rule they break."""
    with pytest.raises(Counterexample, match="each holder is on record once; after: assign s1 to A"):
        explore(search_named("filling, from the start"), 3, holder_twice)
