"""Limits that hold over all processes together: rates, and the tries of a message that crashes its worker."""

from pathlib import Path

from fleet import fleet_of
from gateway import Gateway, Received, listening
from processes import until

RATE = 20.0
#: Seconds by which timers, connections and a busy machine may delay a message.
SLACK_S = 0.4


def test_a_rate_holds_over_two_workers(database_url: str, tmp_path: Path) -> None:
    """Two workers together send at most twenty texts a second, in every period."""
    gateway = Gateway()
    with (
        listening(gateway) as url,
        fleet_of(
            *("all", "worker"),
            folder=tmp_path,
            database_url=database_url,
            gateway_url=url,
            FANOUT_SMS_RATE=str(RATE),
        ) as fleet,
    ):
        fleet.caregivers(range(40), role="RN")
        fleet.shift("s1", role="RN")
        fleet.request("POST", "/shifts/s1/fanout")
        at = [one.at for one in gateway.wait_for(40)]
    for first, begin in enumerate(at):
        for last, end in enumerate(at[first:], first):
            assert last - first <= RATE * (end - begin + SLACK_S)


def test_a_message_that_keeps_killing_its_worker_is_given_up(database_url: str, tmp_path: Path) -> None:
    """After five tries the message is `unknown`, and all others of the same worker are sent."""
    gateway = Gateway()
    with (
        listening(gateway) as url,
        fleet_of(
            *("api", "worker"), folder=tmp_path, database_url=database_url, gateway_url=url, FANOUT_LEASE="0.5"
        ) as fleet,
    ):
        (worker,) = fleet.workers

        def deadly(received: Received) -> int:
            if received.message["caregiver_id"] == "cg-3":
                worker.process.kill()
            return 200

        gateway.behave = deadly
        fleet.caregivers(range(10), role="RN")
        fleet.shift("s1", role="RN")
        fleet.request("POST", "/shifts/s1/fanout")

        def given_up() -> object:
            if worker.process.poll() is not None:
                worker.start()
            counts = fleet.report("s1")["counts"]
            return counts["sent"] + counts["unknown"] == 10

        until(given_up, lambda: fleet.report("s1"), 60.0)
        statuses = {one["caregiver_id"]: (one["status"], one["attempts"]) for one in fleet.report("s1")["contacts"]}
        assert statuses.pop("cg-3") == ("unknown", 5)
        assert {status for status, _ in statuses.values()} == {"sent"}, statuses
        tries = [one for one in gateway.received if one.message["caregiver_id"] == "cg-3"]
        assert len(tries) == 5
        assert len({one.key for one in gateway.received}) == 10
