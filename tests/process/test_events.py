"""Events over real HTTP: signed so that the published library accepts them, and `kill -9` loses none."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
from processes import Server, server, until
from standardwebhooks import Webhook

from tools.postgres import Server as Postgres

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SHIFTS = 12


class Receiver:
    """Takes events whose signature the library accepts. Refuses the first try of every third one."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []
        self.tries = 0
        self._seen: set[str] = set()
        self._lock = threading.Lock()

    def take(self, body: bytes, headers: dict[str, str]) -> int:
        """Returns the status to answer with."""
        Webhook(SECRET).verify(body, headers)
        id_ = headers["webhook-id"]
        event = json.loads(body)
        with self._lock:
            self.tries += 1
            if int(id_) % 3 == 0 and id_ not in self._seen:
                self._seen.add(id_)
                return 503
            self.taken.append((id_, event["data"]["shift_id"]))
        return 204


@contextmanager
def listening(receiver: Receiver) -> Iterator[str]:
    """Serve the receiver on a free port; yields its URL."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            status = receiver.take(body, {name.lower(): value for name, value in self.headers.items()})
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()

        def handle(self) -> None:
            try:
                super().handle()
            except ConnectionError:
                # The process that sent the event was killed.
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name in the base class
            """Write no log."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{http.server_port}/"
    finally:
        http.shutdown()
        http.server_close()
        thread.join()


def test_a_killed_process_loses_no_event(postgres: Postgres, tmp_path: Path) -> None:
    """What it had not sent is sent after the next start, in order for each shift, at least once."""
    receiver = Receiver()
    with (
        listening(receiver) as url,
        server(
            tmp_path / "log",
            FANOUT_DATABASE_URL=postgres.new_database(),
            FANOUT_CONSOLE_LATENCY="0",
            FANOUT_EVENTS_URL=url,
            FANOUT_EVENTS_SECRET=SECRET,
        ) as service,
    ):
        for n in range(SHIFTS):
            start_and_cancel(service, n)
            if n % 4 == 3:
                service.kill()
                service.start()
                until(service.answers, lambda: service.log)
        log = httpx.get(f"{service.url}/log", params={"limit": 1000}).json()["items"]
        expected = {one["id"]: one["shift_id"] for one in log if one["type"] not in ("offer.sent", "record.changed")}
        assert len(expected) == 3 * SHIFTS
        # An event whose sender was killed comes again when its lease has ended.
        until(lambda: expected.keys() <= {id_ for id_, _ in receiver.taken}, lambda: service.log)
    assert {id_ for id_, _ in receiver.taken} == expected.keys()
    for shift_id in set(expected.values()):
        first = list(dict.fromkeys(int(id_) for id_, about in receiver.taken if about == shift_id))
        assert first == sorted(first)


def start_and_cancel(service: Server, n: int) -> None:
    """Three facts about one shift that are sent: started, nobody to ask, cancelled."""
    shift = f"{service.url}/shifts/s{n}"
    body = {
        "organization_id": "org",
        "role_required": "RN",
        "start_time": "2038-03-01T08:00:00Z",
        "end_time": "2038-03-01T16:00:00Z",
    }
    assert httpx.put(shift, json=body).status_code == 201
    assert httpx.post(f"{shift}/fanout").status_code == 202
    until(lambda: httpx.get(f"{shift}/fanout").json()["status"] == "exhausted", lambda: service.log)
    assert httpx.delete(f"{shift}/fanout").status_code == 200
