"""Simultaneous requests to several processes: each is decided once, in the database."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import cycle

import pytest
from fleet import Fleet, accept, at_once, fleet_of, phone
from gateway import Gateway, listening

from tools.postgres import Server


@pytest.fixture(scope="module")
def gateway() -> Gateway:
    """The gateway to which the worker posts."""
    return Gateway()


@pytest.fixture(scope="module")
def fleet(gateway: Gateway, postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    """Three `api` processes and a `worker`."""
    with (
        listening(gateway) as url,
        fleet_of(
            *("api", "api", "api", "worker"),
            folder=tmp_path_factory.mktemp("races"),
            database_url=postgres.new_database(),
            gateway_url=url,
        ) as running,
    ):
        yield running


def answers_to(fleet: Fleet, messages: list[dict[str, object]]) -> list[dict[str, object]]:
    """Post the messages at the same time, to the processes in turn; returns the answers."""
    responses = at_once(
        [
            partial(fleet.request, "POST", "/messages/inbound", message, at=api)
            for message, api in zip(messages, cycle(fleet.apis))  # one of them is endless
        ]
    )
    assert {one.status_code for one in responses} == {200}
    return [one.json() for one in responses]


def test_two_hundred_accepts_over_three_processes_have_one_winner(fleet: Fleet, gateway: Gateway) -> None:
    """One yes is `claimed` and 199 are `already_claimed`; there is one assignment and one confirmation."""
    fleet.caregivers(range(200), role="RN")
    fleet.shift("s1", role="RN")
    assert fleet.request("POST", "/shifts/s1/fanout").status_code == 202
    answers = answers_to(fleet, [accept(n, "s1") for n in range(200)])
    assert Counter(one["outcome"] for one in answers) == {"claimed": 1, "already_claimed": 199}
    (winner,) = (one["caregiver_id"] for one in answers if one["outcome"] == "claimed")
    assert {fleet.request("GET", "/shifts/s1", at=api).json()["assigned_to"] for api in fleet.apis} == {winner}
    # Once the last of the late ones has been told, a second confirmation would have arrived too.
    told = gateway.wait_for(199, kind="closed", shift_id="s1")
    assert len({one.message["caregiver_id"] for one in told}) == 199
    (confirmation,) = gateway.matching(kind="confirmation", shift_id="s1")
    assert confirmation.message["caregiver_id"] == winner


def test_overlapping_shifts_accepted_at_the_same_instant_are_one_assignment_each(fleet: Fleet) -> None:
    """Ten caregivers each accept two overlapping shifts at different processes: one is claimed, one a conflict."""
    numbers = range(300, 310)
    for n in numbers:
        fleet.caregivers([n], role=f"role {n}")
        for name in ("early", "late"):
            fleet.shift(f"{name}-{n}", role=f"role {n}")
            assert fleet.request("POST", f"/shifts/{name}-{n}/fanout").status_code == 202
    answers = answers_to(fleet, [accept(n, f"{name}-{n}") for n in numbers for name in ("early", "late")])
    for n, pair in zip(numbers, zip(answers[::2], answers[1::2], strict=True), strict=True):
        assert sorted(str(one["outcome"]) for one in pair) == ["claimed", "conflict"]
        holders = [fleet.request("GET", f"/shifts/{name}-{n}").json()["assigned_to"] for name in ("early", "late")]
        assert Counter(holders) == {f"cg-{n}": 1, None: 1}


def test_a_message_that_arrives_at_all_processes_at_once_is_answered_once(fleet: Fleet, gateway: Gateway) -> None:
    """Thirty copies of a STOP and of a yes get the same answer, and one text is sent back."""
    fleet.caregivers([400, 401], role="CNA")
    fleet.shift("s4", role="CNA")
    assert fleet.request("POST", "/shifts/s4/fanout").status_code == 202
    stop: dict[str, object] = {"from": phone(400), "body": "STOP", "message_id": "stop-400"}
    for message, outcome, kind in ((stop, "opted_out", "opt_out"), (accept(401, "s4"), "claimed", "confirmation")):
        first, *others = answers_to(fleet, [message] * 30)
        assert first["outcome"] == outcome
        assert all(one == first for one in others)
        caregiver_id = first["caregiver_id"]
        # The text sent for a later message comes after any second text for this one.
        fleet.request("POST", "/messages/inbound", {"from": message["from"], "body": "HELP"})
        gateway.wait_for(1, kind="help", caregiver_id=caregiver_id)
        assert len(gateway.matching(kind=kind, caregiver_id=caregiver_id)) == 1


def test_a_fanout_posted_thirty_times_contacts_nobody_twice(fleet: Fleet, gateway: Gateway) -> None:
    """One of thirty answers is a 202, and each caregiver gets one text."""
    fleet.caregivers(range(500, 540), role="LPN")
    fleet.shift("s5", role="LPN")
    posts = [partial(fleet.request, "POST", "/shifts/s5/fanout", at=api) for api in fleet.apis * 10]
    assert Counter(one.status_code for one in at_once(posts)) == {202: 1, 200: 29}
    fleet.settled("s5", contacts=40)
    asked = Counter(one.message["caregiver_id"] for one in gateway.matching(shift_id="s5"))
    assert asked == {f"cg-{n}": 1 for n in range(500, 540)}
