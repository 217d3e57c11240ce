"""`kill -9` at random moments: the other processes, or restarted ones, do all the work, and do it once.

Each run has a seed. KILL_RUNS in the environment sets the number of runs of each test.
"""

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

import psycopg
import pytest
from fleet import Fleet, accept, assert_nothing_sent_twice, at_once, fleet_of
from gateway import Gateway, Received, listening
from processes import pause, until

from tools.postgres import Server

RUNS = int(os.environ.get("KILL_RUNS", "3"))
ROSTER = 12
ESCALATES_AFTER_S = 2.5
#: Seconds after a claim in which an offer that was leased before it may still arrive, on a busy machine.
IN_FLIGHT_S = 0.7


class UnreliableGateway:
    """A gateway that delays some messages and refuses some once; the same messages in every run."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def __call__(self, received: Received) -> int:
        """See `Behaviour`."""
        first = received.key not in self._seen
        self._seen.add(received.key)
        message = received.message
        chance = random.Random(" ".join(str(message[name]) for name in ("kind", "channel", "to", "shift_id")))
        pause(chance.choice([0.0, 0.0, 0.1, 0.4]))
        return 503 if first and chance.random() < 0.2 else 200


@pytest.fixture(scope="module")
def gateway() -> Gateway:
    """The gateway to which the processes post."""
    return Gateway(UnreliableGateway())


@pytest.fixture(scope="module")
def fleet(gateway: Gateway, postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    """One process of each role; the rate makes a round take more than a second."""
    with (
        listening(gateway) as url,
        fleet_of(
            *("api", "all", "worker"),
            folder=tmp_path_factory.mktemp("kills"),
            database_url=postgres.new_database(),
            gateway_url=url,
            FANOUT_LEASE="1",
            FANOUT_ESCALATE_AFTER=str(ESCALATES_AFTER_S),
            FANOUT_SMS_RATE="20",
        ) as running,
    ):
        yield running


class Run:
    """Two shifts at the same hours, offered to the same caregivers."""

    def __init__(self, fleet: Fleet, gateway: Gateway, name: str, first: int) -> None:
        self.chance = random.Random(name)
        self.numbers = range(first, first + ROSTER)
        self.shifts = [f"{name}-early", f"{name}-late"]
        self._fleet = fleet
        self._gateway = gateway
        fleet.wait()
        fleet.caregivers(self.numbers, role=name)
        for shift_id in self.shifts:
            fleet.shift(shift_id, role=name)
            assert fleet.request_until_answered("POST", f"/shifts/{shift_id}/fanout").status_code in (200, 202)

    def moment(self, earliest_s: float, latest_s: float) -> None:
        """Wait for a random time."""
        pause(self.chance.uniform(earliest_s, latest_s))

    def kill(self) -> None:
        """Kill one or more processes, and start them again."""
        victims = self.chance.sample(self._fleet.servers, self.chance.randint(1, len(self._fleet.servers)))
        for one in victims:
            one.kill()
        for one in victims:
            one.start()

    def yeses(self) -> list[Callable[[], str]]:
        """One call for each caregiver and shift that sends a yes until it is answered; returns the outcome."""
        messages = [accept(n, shift_id) for n in self.numbers for shift_id in self.shifts]
        self.chance.shuffle(messages)
        return [partial(self._outcome, message) for message in messages]

    def _outcome(self, message: dict[str, object]) -> str:
        return str(self._fleet.request_until_answered("POST", "/messages/inbound", message).json()["outcome"])

    def everybody_was_reached(self) -> None:
        """Check that everybody was called about both shifts, and texted unless the call came first.

        All under the stored ids. A text whose worker was killed while it sent it may have gone out.
        """
        for shift_id in self.shifts:
            report = self._fleet.settled(shift_id, contacts=2 * ROSTER)
            late = [one for one in report["contacts"] if one["status"] in ("skipped", "unknown")]
            assert report["counts"]["sent"] == 2 * ROSTER - len(late), report
            assert {one["channel"] for one in late} <= {"sms"}, report
            offers = [one for one in self._gateway.taken if one.message["kind"] == "offer"]
            taken = {one.key for one in offers if one.message["shift_id"] == shift_id}
            assert taken >= {one["id"] for one in report["contacts"] if one["status"] == "sent"}
            assert taken <= {one["id"] for one in report["contacts"] if one["status"] != "skipped"}

    def _nothing_is_left(self) -> bool:
        """Whether no message is stored as queued or sending. Reports show those of a closed fanout as skipped."""
        with psycopg.connect(self._fleet.database_url) as connection:
            left = connection.execute(
                "SELECT FROM contacts WHERE shift_id = ANY(%(shifts)s) AND status IN ('queued', 'sending')"
                " UNION ALL"
                " SELECT FROM notices WHERE shift_id = ANY(%(shifts)s) AND status IN ('queued', 'sending')",
                {"shifts": self.shifts},
            )
            return left.rowcount == 0

    def each_shift_has_one_holder(self, outcomes: list[str]) -> None:
        """Check that two caregivers hold the shifts, each was told once, and no offer was sent after the claim."""
        assert Counter(outcomes)["claimed"] == len(self.shifts), outcomes
        until(self._nothing_is_left, lambda: [self._fleet.report(shift_id) for shift_id in self.shifts], 30.0)
        holders = []
        for shift_id in self.shifts:
            report = self._fleet.report(shift_id)
            assert report["status"] == "claimed"
            assert (
                report["claimed_by"]
                == self._fleet.request_until_answered("GET", f"/shifts/{shift_id}").json()["assigned_to"]
            )
            holders.append(report["claimed_by"])
            confirmations = self._gateway.matching(kind="confirmation", shift_id=shift_id)
            assert {one.message["caregiver_id"] for one in confirmations} == {report["claimed_by"]}
            claimed_at = datetime.fromisoformat(report["claimed_at"]).timestamp()
            first = {one.key: one.at for one in reversed(self._gateway.matching(shift_id=shift_id, kind="offer"))}
            assert max(first.values(), default=0.0) < claimed_at + IN_FLIGHT_S
        assert len(set(holders)) == len(holders)
        assert_nothing_sent_twice(self._gateway.taken)


@pytest.mark.parametrize("seed", range(RUNS))
def test_a_kill_in_the_round_and_one_in_the_wait(fleet: Fleet, gateway: Gateway, seed: int) -> None:
    """Processes are killed in the SMS round and before the calls, and still everybody is texted and called."""
    run = Run(fleet, gateway, f"round-{seed}", 100 * seed)
    run.moment(0.0, 0.8)
    run.kill()
    run.moment(0.5, ESCALATES_AFTER_S)
    run.kill()
    run.everybody_was_reached()
    run.each_shift_has_one_holder(at_once(run.yeses()))


@pytest.mark.parametrize("seed", range(RUNS))
def test_a_kill_in_the_claim(fleet: Fleet, gateway: Gateway, seed: int) -> None:
    """Processes are killed while everybody accepts, and each yes gets one answer, also when it is repeated."""
    run = Run(fleet, gateway, f"claim-{seed}", 10_000 + 100 * seed)
    yeses = run.yeses()
    run.moment(0.0, 0.8)

    def killed() -> str:
        run.moment(0.0, 0.3)
        run.kill()
        return ""

    *outcomes, _ = at_once([*yeses, killed])
    run.each_shift_has_one_holder(outcomes)
    assert at_once(yeses) == outcomes
