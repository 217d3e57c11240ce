"""The service as a real process: its start, its log, its refusals to start, and its end."""

import json
import signal
import socket
import subprocess
from pathlib import Path

import httpx
import pytest
from processes import ROOT, command, environment, server, until

from tools.ports import free_port


def test_an_empty_environment_fills_a_shift_of_the_sample_data(tmp_path: Path) -> None:
    """The plain uvicorn command logs texts with masked numbers, and a yes claims the shift."""
    with server(tmp_path / "log", command) as running:
        assert "FANOUT_API_KEY is not set" in running.log
        posted = httpx.post(running.url + "/shifts/shift-rn-monday/fanout")
        assert posted.status_code == 202
        running.wait_for("sms to ***01: Open RN shift Mon ")
        answer = httpx.post(running.url + "/messages/inbound", json={"from": "+15550001", "body": "YES"})
        assert answer.json()["outcome"] == "claimed"
        shift = httpx.get(running.url + "/shifts/shift-rn-monday").json()
        assert (shift["status"], shift["assigned_to"]) == ("claimed", "cg-amara")
        running.wait_for("sms to ***01: You have it")
        assert "5550001" not in running.log


def test_sigterm_finishes_the_deliveries_in_progress(tmp_path: Path) -> None:
    """Texts that take one and a half seconds still go out; then the process ends by the signal."""
    with server(tmp_path / "log", command, FANOUT_CONSOLE_LATENCY="1.5") as running:
        httpx.post(running.url + "/shifts/shift-rn-monday/fanout")
        running.process.send_signal(signal.SIGTERM)
        assert running.wait_for_exit() in (0, -signal.SIGTERM)
        assert running.log.count("sms to") == 3
        assert "Traceback" not in running.log


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("FANOUT_ESCALATE_AFTER", "soon", ["FANOUT_ESCALATE_AFTER='soon'", "seconds"]),
        ("FANOUT_NOTIFIER", "pigeon", ["FANOUT_NOTIFIER='pigeon'", "console", "webhook"]),
        ("FANOUT_NOTIFIER", "webhook", ["FANOUT_WEBHOOK_URL"]),
        ("FANOUT_DATA", "/nowhere/data.json", ["FANOUT_DATA='/nowhere/data.json'", "No such file"]),
    ],
)
def test_a_bad_setting_stops_the_start_with_one_line(setting: str, value: str, words: list[str]) -> None:
    """The process ends with status 1 and one line instead of a traceback."""
    ended = subprocess.run(
        command(free_port()),
        cwd=ROOT,
        env=environment(**{setting: value}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    (line,) = ended.stderr.strip().splitlines()
    assert all(word in line for word in words), line


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_open_board_does_not_keep_the_process(number: signal.Signals, tmp_path: Path) -> None:
    """Two event streams that are open at the signal end as complete responses, and the process ends."""
    with (
        server(tmp_path / "log", command) as running,
        httpx.stream("GET", running.url + "/events") as one,
        httpx.stream("GET", running.url + "/events") as other,
    ):
        streams = [one.iter_lines(), other.iter_lines()]
        assert [next(lines) for lines in streams] == ["event: snapshot"] * 2
        running.process.send_signal(number)
        for lines in streams:
            assert "event: time" not in list(lines)
        assert running.wait_for_exit() in (0, -number)
        assert "Traceback" not in running.log


def test_a_browser_that_never_reads_does_not_keep_the_process(tmp_path: Path) -> None:
    """At the signal more data is on its way to the browser than all buffers hold, and the process still ends."""
    shifts = [
        {
            "id": f"s-{n:03}",
            "organization_id": "\N{HEAVY CHECK MARK}" * 128,
            "role_required": "\N{HEAVY CHECK MARK}" * 80,
            "location": "\N{HEAVY CHECK MARK}" * 60,
            "start_time": "2099-03-01T08:00:00Z",
            "end_time": "2099-03-01T16:00:00Z",
        }
        for n in range(500)
    ]
    data = tmp_path / "data.json"
    data.write_text(json.dumps({"caregivers": [], "shifts": shifts}))
    with server(tmp_path / "log", command, FANOUT_DATA=str(data)) as running, socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        # With small segments the service's send buffer is small as well.
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
        client.connect(("127.0.0.1", int(running.url.rpartition(":")[2])))
        client.sendall(b"GET /events HTTP/1.1\r\nhost: x\r\n\r\n")
        while b"snapshot" not in client.recv(100):
            pass
        running.process.send_signal(signal.SIGTERM)
        assert running.wait_for_exit() in (0, -signal.SIGTERM)
        assert "Traceback" not in running.log


def test_a_client_that_does_not_read_its_answer_gives_no_traceback(tmp_path: Path) -> None:
    """At the signal a long report is on its way to a client that does not read: one line says that it is cut off."""
    people = [{"id": f"{'c' * 100}-{n}", "name": "N", "role": "RN", "phone": f"+1617555{n:04}"} for n in range(3000)]
    shift = {
        "id": "s",
        "organization_id": "org",
        "role_required": "RN",
        "start_time": "2099-03-01T08:00:00Z",
        "end_time": "2099-03-01T16:00:00Z",
    }
    data = tmp_path / "data.json"
    data.write_text(json.dumps({"caregivers": people, "shifts": [shift]}))
    with (
        server(
            tmp_path / "log", command, FANOUT_DATA=str(data), FANOUT_CONSOLE_LATENCY="0", FANOUT_LOG_LEVEL="ERROR"
        ) as running,
        socket.socket() as client,
    ):

        def sent() -> bool:
            fanout = httpx.post(running.url + "/shifts/s/fanout", timeout=20).json()
            return bool(fanout["counts"]["sent"] == len(people))

        until(sent, lambda: running.log[-2000:], 60.0)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
        client.connect(("127.0.0.1", int(running.url.rpartition(":")[2])))
        client.sendall(b"GET /shifts/s/fanout HTTP/1.1\r\nhost: x\r\n\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 200")
        running.process.send_signal(signal.SIGTERM)
        assert running.wait_for_exit() in (0, -signal.SIGTERM)
        assert "Traceback" not in running.log
        assert running.log.count("returned without completing response") == 1


def test_a_request_that_is_never_finished_does_not_keep_the_process(tmp_path: Path) -> None:
    """At SIGTERM a request with an incomplete body is answered with a 408, and the process ends."""
    with server(tmp_path / "log", command) as running, socket.socket() as client:
        client.connect(("127.0.0.1", int(running.url.rpartition(":")[2])))
        client.sendall(b"POST /messages/inbound HTTP/1.1\r\nhost: x\r\ncontent-length: 50\r\n\r\n{")
        httpx.get(running.url + "/health")
        running.process.send_signal(signal.SIGTERM)
        assert running.wait_for_exit() in (0, -signal.SIGTERM)
        assert client.recv(100).startswith(b"HTTP/1.1 408")


def test_half_a_request_is_not_acted_on(tmp_path: Path) -> None:
    """A chunked yes without its last chunk claims nothing."""
    with server(tmp_path / "log", command, FANOUT_CONSOLE_LATENCY="0") as running:
        httpx.post(running.url + "/shifts/shift-rn-monday/fanout")
        body = b'{"from": "+15550001", "body": "YES"}'
        with socket.socket() as client:
            client.connect(("127.0.0.1", int(running.url.rpartition(":")[2])))
            head = b"POST /messages/inbound HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"
            client.sendall(head + b"%x\r\n" % len(body) + body + b"\r\n")
            httpx.get(running.url + "/health")
        httpx.get(running.url + "/health")
        assert httpx.get(running.url + "/shifts/shift-rn-monday").json()["status"] == "open"
