"""What processes of each role do and do not do, and when they are ready."""

import psycopg
from fleet import Fleet
from gateway import Gateway
from processes import pause


def test_a_request_to_one_process_wakes_the_worker_in_another(pair: Fleet, pair_gateway: Gateway) -> None:
    """A worker that pauses sends the texts of a fanout posted to another process within two seconds."""
    pair.caregivers([1000], role="roles")
    pair.check_sends_promptly(pair_gateway, role="roles", contacts=1)


def test_without_a_worker_nothing_is_sent_and_nothing_lost(pair: Fleet, pair_gateway: Gateway) -> None:
    """An `api` process only stores the fanout; a worker that starts later sends its texts."""
    pair.caregivers([1010, 1011], role="no worker")
    pair.shift("left", role="no worker")
    (worker,) = pair.workers
    worker.kill()
    assert pair.request("POST", "/shifts/left/fanout").status_code == 202
    # In one process the first text would be out within a few milliseconds.
    pause(0.5)
    assert pair_gateway.matching(shift_id="left") == []
    worker.start()
    pair_gateway.wait_for(2, shift_id="left")


def test_a_worker_answers_its_probes_only(pair: Fleet) -> None:
    """A worker answers `/health` and `/ready`; any other path is a 404 that names FANOUT_ROLE."""
    (worker,) = pair.workers
    assert pair.request("GET", "/health", at=worker).json() == {"status": "ok"}
    assert pair.request("GET", "/ready", at=worker).json()["status"] == "ready"
    for method, path in (("GET", "/shifts"), ("POST", "/messages/inbound"), ("GET", "/docs")):
        refused = pair.request(method, path, at=worker)
        assert refused.status_code == 404
        assert "FANOUT_ROLE" in refused.json()["detail"]


def test_a_newer_schema_makes_a_process_not_ready(pair: Fleet) -> None:
    """`/ready` is 503 with the reason while the schema is newer than the program, and 200 afterwards."""
    for change, status, reason in (
        ("INSERT INTO schema_migrations VALUES (9999)", 503, "install a newer shift-fanout"),
        ("DELETE FROM schema_migrations WHERE version = 9999", 200, ""),
    ):
        with psycopg.connect(pair.database_url) as connection:
            connection.execute(change)
        for one in pair.servers:
            answer = pair.request("GET", "/ready", at=one)
            assert answer.status_code == status
            assert reason in answer.text
            assert pair.request("GET", "/health", at=one).status_code == 200
