"""Limits that hold over all processes together: rates, and the tries of a message that crashes its worker."""

from pathlib import Path

from fleet import fleet_of
from gateway import Gateway, Received, listening
from processes import until

RATE = 20.0
#: Seconds by which timers, connections and a busy machine may delay a message.
SLACK_S = 0.4
#: How often a message is handed over, of which the last time a worker survives it.
TRIES = 3


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


def test_a_message_that_kills_its_worker_holds_up_no_other(database_url: str, tmp_path: Path) -> None:
    """It is tried again under its key until a worker survives it, and all others are sent meanwhile."""
    gateway = Gateway()
    with (
        listening(gateway) as url,
        fleet_of(
            *("api", "worker"), folder=tmp_path, database_url=database_url, gateway_url=url, FANOUT_LEASE="0.5"
        ) as fleet,
    ):
        (worker,) = fleet.workers

        def deadly(received: Received) -> int:
            if received.message["caregiver_id"] == "cg-3" and len(gateway.matching(caregiver_id="cg-3")) < TRIES:
                worker.process.kill()
            return 200

        gateway.behave = deadly
        fleet.caregivers(range(10), role="RN")
        fleet.shift("s1", role="RN")
        fleet.request("POST", "/shifts/s1/fanout")

        def all_sent() -> object:
            if worker.process.poll() is not None:
                worker.start()
            return fleet.report("s1")["counts"]["sent"] == 10

        until(all_sent, lambda: fleet.report("s1"), 60.0)
        (attempts,) = (one["attempts"] for one in fleet.report("s1")["contacts"] if one["caregiver_id"] == "cg-3")
        assert attempts == len(gateway.matching(caregiver_id="cg-3")) == TRIES
        assert len({one.key for one in gateway.received}) == 10
