"""The database fails under load: requests get a 503, and the service recovers by itself."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count

import httpx
import psycopg
import pytest
from fleet import Fleet, accept, assert_nothing_sent_twice, at_once, shift_body
from gateway import Gateway
from processes import Server as ProcessServer
from processes import pause, until

from tools.postgres import Server

#: Seconds within which a restarted database is used again, and within which every request is answered: a call gets no
#: more than seven seconds of the store, see `CALL_LIMIT_S`.
BACK_WITHIN_S = 5.0
ANSWERED_WITHIN_S = 8.0
#: The same for a database that stands still: nothing says so but its silence.
ANSWERED_IN_SILENCE_S = 10.0
CLIENTS = 4
ROSTER = range(2000, 2004)


@dataclass
class Load:
    """Clients that start fanouts and send five yeses to each; they repeat a request that gets a 503."""

    fleet: Fleet
    name: str
    answers: list[httpx.Response] = field(default_factory=list)
    #: The outcomes of the yeses by shift id.
    outcomes: dict[str, list[str]] = field(default_factory=dict)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run the clients inside the block; at its end each finishes its visit."""
        over = threading.Event()
        numbers = count()

        def client() -> None:
            while not over.is_set():
                self._visit(next(numbers))
                pause(0.03)

        clients = [threading.Thread(target=client) for _ in range(CLIENTS)]
        for one in clients:
            one.start()
        try:
            yield
        finally:
            over.set()
            for one in clients:
                one.join()

    def _visit(self, number: int) -> None:
        day, who = divmod(number, 5)
        shift_id = f"{self.name}-{day}"
        self._insist("PUT", f"/shifts/{shift_id}", shift_body(self.name, day))
        self._insist("POST", f"/shifts/{shift_id}/fanout")
        yes = accept(ROSTER[who % len(ROSTER)], shift_id, f"yes-{self.name}-{number}")
        answer = self._insist("POST", "/messages/inbound", yes)
        self.outcomes.setdefault(shift_id, []).append(answer.json()["outcome"])

    def _insist(self, method: str, path: str, json: object = None) -> httpx.Response:
        while True:
            answer = self.fleet.request(method, path, json)
            self.answers.append(answer)
            if answer.status_code != 503:
                return answer
            pause(0.1)

    def told_to_come_back(self) -> list[httpx.Response]:
        """The answers with status 503."""
        return [one for one in self.answers if one.status_code == 503]


@pytest.fixture
def load(pair: Fleet, request: pytest.FixtureRequest) -> Load:
    """A load on `pair`, with its own roster."""
    name = request.node.name
    pair.caregivers(ROSTER, role=name)
    return Load(pair, name)


def nothing_is_half_done(load: Load, gateway: Gateway) -> None:
    """Check that each shift has one holder, each message was sent once, and requests failed with 503 only."""
    assert {one.status_code for one in load.answers} <= {200, 201, 202, 409, 503}
    for one in load.told_to_come_back():
        assert one.headers["content-type"] == "application/problem+json"
        assert int(one.headers["retry-after"]) > 0
    assert max(one.elapsed.total_seconds() for one in load.answers) < ANSWERED_WITHIN_S
    for shift_id, outcomes in load.outcomes.items():
        assert Counter(outcomes)["claimed"] == 1, outcomes
        report = load.fleet.settled(shift_id, contacts=0)
        assert report["status"] == "claimed"
        (confirmation,) = {one.key for one in gateway.wait_for(1, shift_id=shift_id, kind="confirmation")}
        assert confirmation
    assert_nothing_sent_twice(gateway.received)


def all_of_it_is_back(pair: Fleet, gateway: Gateway, load: Load) -> None:
    """Check that both processes are ready in five seconds, all work is done, and one wakes the other."""
    for one in pair.servers:
        until(
            lambda one=one: pair.request("GET", "/ready", at=one).status_code == 200,  # type: ignore[misc]
            lambda: "not ready again",
            BACK_WITHIN_S,
        )
    nothing_is_half_done(load, gateway)
    pair.check_sends_promptly(gateway, role=load.name, contacts=len(ROSTER))


def test_a_restart_of_the_database_under_load(
    pair: Fleet, pair_gateway: Gateway, postgres: Server, load: Load
) -> None:
    """While the database is down requests get a 503 and `/ready` says so; then the service recovers."""
    with load.running():
        until(lambda: len(load.outcomes) > 3, lambda: load.answers)
        postgres.stop("immediate")
        until(load.told_to_come_back, lambda: load.answers, ANSWERED_WITHIN_S)
        for one in pair.servers:
            answer = pair.request("GET", "/ready", at=one)
            assert answer.status_code == 503
            assert "database" in answer.json()["detail"]
            assert pair.request("GET", "/health", at=one).status_code == 200
        postgres.start()
        before = len(load.outcomes)
        until(lambda: len(load.outcomes) > before, lambda: load.answers[-5:], BACK_WITHIN_S)
    all_of_it_is_back(pair, pair_gateway, load)


def test_connections_that_are_cut_under_load(pair: Fleet, pair_gateway: Gateway, load: Load) -> None:
    """All connections are cut six times; requests get a 503 at most, and the service recovers."""
    with load.running():
        for _ in range(6):
            before = len(load.answers)
            with psycopg.connect(pair.database_url, autocommit=True) as connection:
                cut = connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                ).fetchall()
            assert cut
            until(lambda before=before: len(load.answers) > before + 20, lambda: load.answers[-5:])  # type: ignore[misc]
    all_of_it_is_back(pair, pair_gateway, load)


def test_a_database_that_stands_still(pair: Fleet, pair_gateway: Gateway, postgres: Server, load: Load) -> None:
    """Its processes are stopped: requests and `/ready` get a 503 in time, the log says why, and work continues."""
    api, worker = pair.servers
    pair.shift("still", role=load.name)
    with postgres.standing_still():
        calls: list[tuple[str, str, object, ProcessServer]] = [
            ("GET", "/shifts/still", None, api),
            ("GET", "/shifts", None, api),
            ("PUT", "/shifts/still", shift_body(load.name), api),
            ("POST", "/shifts/still/fanout", None, api),
            ("POST", "/messages/inbound", accept(ROSTER[0], "still"), api),
            ("GET", "/ready", None, api),
            ("GET", "/ready", None, worker),
        ]
        for _ in range(2):
            answers = at_once([partial(pair.request, method, path, body, one) for method, path, body, one in calls])
            for answer in answers:
                assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
                assert answer.elapsed.total_seconds() < ANSWERED_IN_SILENCE_S
                assert "database" in answer.json()["detail"]
        assert pair.request("GET", "/health", at=api).status_code == 200
    assert "store.unavailable" in api.log
    for one in pair.servers:
        until(
            lambda one=one: pair.request("GET", "/ready", at=one).status_code == 200,  # type: ignore[misc]
            lambda: "not ready again",
        )
    pair.check_sends_promptly(pair_gateway, role=load.name, contacts=len(ROSTER))
