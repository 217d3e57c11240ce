"""A sample of the search of all states, and proof that the search sees a fault."""

from dataclasses import replace

import pytest

from app.domain.commands import Command
from app.domain.decisions import Decision, ForgetFanout
from app.domain.messages import Contact
from app.domain.policy import Policy
from app.domain.records import Assignment
from app.domain.rules.decide import Result, decide
from app.domain.state import StateReader
from prove.states import SEARCHES, Counterexample, Search, explore, walk


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


def holder_twice(state: StateReader, command: Command, policy: Policy) -> Decision[Result]:
    """The rules of the service, but each holder is written twice."""
    decision = decide(state, command, policy)
    extra = [replace(one, caregiver_id="B") for one in decision.writes if isinstance(one, Assignment)]
    return replace(decision, writes=(*decision.writes, *extra))


def test_a_fault_is_found_by_its_shortest_way() -> None:
    """With a wrong rule, the search says which moves lead to the fault, and which rule they break."""
    with pytest.raises(Counterexample, match="each holder is on record once; after: assign s1 to A"):
        explore(search_named("filling, from the start"), 3, holder_twice)
