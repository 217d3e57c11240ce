"""The service with a real HTTP gateway: what it posts, and what it does if the gateway fails."""

import re
from pathlib import Path

import httpx
from gateway import Gateway, answering, listening
from processes import ROOT, server


def test_a_fill_over_a_gateway_that_fails_once(tmp_path: Path) -> None:
    """The texts (one is repeated under its key after a 503), the calls and the confirmation arrive."""
    gateway = Gateway(answering(503))
    with (
        listening(gateway) as url,
        server(
            tmp_path / "log",
            FANOUT_NOTIFIER="webhook",
            FANOUT_WEBHOOK_URL=url,
            FANOUT_ESCALATE_AFTER="1.5",
            FANOUT_DATA=str(ROOT / "sample_data.json"),
        ) as running,
    ):
        assert httpx.post(running.url + "/shifts/shift-rn-monday/fanout").status_code == 202
        texts = gateway.wait_for(4)
        keys = [one.key for one in texts]
        assert len(set(keys)) == 3
        assert keys.count(keys[0]) == 2
        key, message, _ = texts[0]
        assert message == {
            "id": key,
            "channel": "sms",
            "kind": "offer",
            "to": message["to"],
            "body": message["body"],
            "shift_id": "shift-rn-monday",
            "caregiver_id": message["caregiver_id"],
            "organization_id": "northstar-home-health",
        }
        assert re.fullmatch(
            r"Open RN shift Mon \w+ \d+, 7:00 AM-3:00 PM E[SD]T at Quincy 02169\. "
            r"Reply YES to accept or NO to pass\.",
            message["body"],
        )
        calls = gateway.wait_for(7)[4:]
        assert sorted(one.message["to"] for one in calls) == ["+15550001", "+15550002", "+15550003"]
        assert {one.message["channel"] for one in calls} == {"voice"}
        said = {"from": "+15550002", "body": "1", "channel": "voice", "message_id": "CA1"}
        answers = [httpx.post(running.url + "/messages/inbound", json=said).json() for _ in range(2)]
        assert answers[0] == answers[1]
        assert answers[0]["outcome"] == "claimed"
        confirmation = gateway.wait_for(8)[7].message
        assert (confirmation["kind"], confirmation["body"]) == ("confirmation", answers[0]["reply"])
        report = httpx.get(running.url + "/shifts/shift-rn-monday/fanout").json()
        assert {contact["id"] for contact in report["contacts"]} == {one.key for one in gateway.wait_for(8)[:7]}
    assert len(gateway.received) == 8


def test_a_gateway_that_does_not_listen_delays_messages_and_not_the_service(tmp_path: Path) -> None:
    """Messages stay queued after a refused connection, and the service answers requests."""
    with server(
        tmp_path / "log",
        FANOUT_NOTIFIER="webhook",
        FANOUT_WEBHOOK_URL="http://127.0.0.1:9/",
        FANOUT_DATA=str(ROOT / "sample_data.json"),
    ) as running:
        httpx.post(running.url + "/shifts/shift-rn-monday/fanout")
        running.wait_for("message.not_confirmed result=temporary")
        report = httpx.get(running.url + "/shifts/shift-rn-monday/fanout").json()
        assert report["counts"]["queued"] == 3
        assert {contact["error"] for contact in report["contacts"]} == {"no connection: ConnectError"}
