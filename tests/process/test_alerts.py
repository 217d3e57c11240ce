"""`kill -9` of processes that send alerts: none is lost, and none goes out twice but a repeat under the same key."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fleet import Fleet, fleet_of
from gateway import Gateway, Received, listening
from processes import pause, until

from tools.postgres import Server

SHIFTS = [f"s{n}" for n in range(4)]


def slow(_: Received) -> int:
    """The behaviour of a gateway that takes every message, after a while."""
    pause(0.3)
    return 200


@pytest.fixture
def gateway() -> Gateway:
    """The gateway to which the processes post."""
    return Gateway(slow)


@pytest.fixture
def fleet(gateway: Gateway, postgres: Server, tmp_path: Path) -> Iterator[Fleet]:
    """Two processes that answer requests and send. A lease ends after a second."""
    database_url = postgres.new_database()
    with (
        listening(gateway) as url,
        fleet_of(
            *("all", "all"), folder=tmp_path, database_url=database_url, gateway_url=url, FANOUT_LEASE="1"
        ) as running,
    ):
        yield running
    postgres.drop(database_url)


def test_no_alert_is_lost_and_none_is_sent_as_another_message(fleet: Fleet, gateway: Gateway) -> None:
    """One process, or both, are killed while the gateway has an alert in hand, and started again.

    Nobody has the role, so each fanout is exhausted at once. An alert whose process was killed while it was sent may
    reach the gateway again, but under the same key and with the same words: it drops the repeat.
    """
    office = {"name": "Harbor", "office_phone": "+16175550100"}
    assert fleet.request_until_answered("PUT", "/organizations/org", office).status_code == 201
    for day, shift_id in enumerate(SHIFTS):
        fleet.shift(shift_id, role="RN", day=day)
    for n, shift_id in enumerate(SHIFTS):
        assert fleet.request_until_answered("POST", f"/shifts/{shift_id}/fanout").status_code == 202
        gateway.wait_for(1, kind="alert", shift_id=shift_id)
        # The gateway has not answered yet.
        victims = fleet.servers if n % 2 else fleet.servers[:1]
        for one in victims:
            one.kill()
        for one in victims:
            one.start()

    def statuses() -> list[str]:
        notices = [one for shift_id in SHIFTS for one in fleet.report(shift_id)["notices"]]
        return [one["status"] for one in notices if one["kind"] == "alert"]

    until(lambda: statuses() == ["sent"] * len(SHIFTS), statuses, 20.0)
    sent = {(one.message["shift_id"], one.key, one.message["body"]) for one in gateway.matching(kind="alert")}
    assert sorted(shift_id for shift_id, _, _ in sent) == SHIFTS
    assert len({key for _, key, _ in sent}) == len(SHIFTS)
