"""A sample of schedules of the whole service, and proof that a schedule finds a race and can be repeated."""

import asyncio

import pytest

from app.domain.commands import Command
from app.ports.store import Step
from prove.rules import Broken
from prove.scenarios import SCENARIOS, Scenario, scenario_named
from prove.schedules import (
    RandomSchedule,
    RecordingStore,
    ResultT,
    Schedule,
    check,
    few_deviations,
    random_runs,
    replay,
    run,
)


class TornStore(RecordingStore):
    """A store that lets other tasks run between a decision and its writes."""

    async def transition(self, command: Command, step: Step[ResultT]) -> ResultT:
        """See `Store`."""
        decisions = []

        def noted(state: object, command: Command) -> object:
            decisions.append(step(state, command))  # type: ignore[arg-type]
            raise InterruptedError

        try:
            await super().transition(command, noted)  # type: ignore[arg-type]
        except InterruptedError:
            await asyncio.sleep(0)
        return await super().transition(command, lambda *_: decisions[0])


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.name)
def test_a_race_breaks_no_rule_in_the_usual_order_and_near_it(scenario: Scenario) -> None:
    """A few of the schedules that differ from asyncio's order at one choice."""
    runs, failures = few_deviations(scenario, 4)
    assert runs > 2
    assert failures == []


def test_random_requests_in_random_order_break_no_rule() -> None:
    """A few seeds."""
    assert random_runs(range(10)) == (10, [])


def test_a_schedule_can_be_repeated() -> None:
    """The same seed gives the same decisions in the same order; another seed gives another order."""

    def decisions(seed: int) -> list[str]:
        history = run(scenario_named("random-2"), RandomSchedule(seed))
        return [f"{one.at} {type(one.asked).__name__}" for one in history.decisions]

    assert decisions(1) == decisions(1)
    assert len({tuple(decisions(seed)) for seed in range(4)}) > 1


@pytest.mark.parametrize("name", ["two-yeses", "overlapping-yeses", "yes-and-cancel", "yes-twice"])
def test_a_store_that_is_not_atomic_is_found(name: str) -> None:
    """What the store decides is then no longer what the rules decide one decision after the other."""
    race = scenario_named(name)
    check(run(race, Schedule()))
    with pytest.raises(Broken):
        check(run(race, Schedule(), TornStore))


def test_a_token_repeats_a_run() -> None:
    """A token of either kind is understood, and an unknown one is refused."""
    assert replay("two-yeses/12:1") is None
    assert replay("random-3@3") is None
    with pytest.raises(KeyError):
        replay("three-yeses/")
