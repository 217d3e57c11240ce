"""The service against a real HTTP gateway: what it posts, what it does when the gateway stumbles."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
from processes import ROOT, server


class Gateway:
    """Receives messages; `answers` are the statuses of the first ones, 200 from then on."""

    def __init__(self, *answers: int) -> None:
        self.received: list[tuple[str, dict[str, Any]]] = []
        self.came = threading.Condition()
        self._answers = list(answers)

    def take(self, key: str, message: dict[str, Any]) -> int:
        """Note a message; returns the status to answer."""
        with self.came:
            self.received.append((key, message))
            self.came.notify_all()
            return self._answers.pop(0) if self._answers else 200

    def wait_for(self, count: int) -> list[tuple[str, dict[str, Any]]]:
        """Return what was received once it is that many."""
        with self.came:
            assert self.came.wait_for(lambda: len(self.received) >= count, timeout=20), self.received
            return list(self.received)


@contextmanager
def listening(gateway: Gateway) -> Iterator[str]:
    """Serve the gateway on a free port; gives its URL."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            status = gateway.take(self.headers["idempotency-key"], json.loads(body))
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name it has there
            """Quiet."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{http.server_port}/messages"
    finally:
        http.shutdown()
        http.server_close()
        thread.join()


def test_a_fill_over_a_gateway_that_stumbles_first(tmp_path: Path) -> None:
    """Texts (one of them after a 503, under the same key), calls after the set time, the confirmation."""
    gateway = Gateway(503)
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
        keys = [key for key, _ in texts]
        assert len(set(keys)) == 3
        assert keys.count(keys[0]) == 2
        key, message = texts[0]
        assert message == {
            "id": key,
            "channel": "sms",
            "kind": "offer",
            "to": message["to"],
            "body": "Open RN shift Mon Mar 1, 7:00 AM-3:00 PM EST at Quincy 02169. "
            "Reply YES to accept or NO to pass.",
            "shift_id": "shift-rn-monday",
            "caregiver_id": message["caregiver_id"],
            "organization_id": "northstar-home-health",
        }
        calls = gateway.wait_for(7)[4:]
        assert sorted(one["to"] for _, one in calls) == ["+15550001", "+15550002", "+15550003"]
        assert {one["channel"] for _, one in calls} == {"voice"}
        said = {"from": "+15550002", "body": "1", "channel": "voice", "message_id": "CA1"}
        answers = [httpx.post(running.url + "/messages/inbound", json=said).json() for _ in range(2)]
        assert answers[0] == answers[1]
        assert answers[0]["outcome"] == "claimed"
        (_, confirmation) = gateway.wait_for(8)[7]
        assert (confirmation["kind"], confirmation["body"]) == ("confirmation", answers[0]["reply"])
        report = httpx.get(running.url + "/shifts/shift-rn-monday/fanout").json()
        assert {contact["id"] for contact in report["contacts"]} == {key for key, _ in gateway.wait_for(8)[:7]}
    assert len(gateway.received) == 8


def test_a_gateway_that_is_not_there_fails_the_message_and_not_the_service(tmp_path: Path) -> None:
    """Refused connections are tried again; the service answers all the while."""
    with server(
        tmp_path / "log",
        FANOUT_NOTIFIER="webhook",
        FANOUT_WEBHOOK_URL="http://127.0.0.1:9/",
        FANOUT_DATA=str(ROOT / "sample_data.json"),
    ) as running:
        httpx.post(running.url + "/shifts/shift-rn-monday/fanout")
        running.wait_for("message.temporary")
        report = httpx.get(running.url + "/shifts/shift-rn-monday/fanout").json()
        assert report["counts"]["queued"] == 3
        assert {contact["error"] for contact in report["contacts"]} == {"no connection: ConnectError"}
