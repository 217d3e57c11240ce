"""`serve` and clients that are silent or endless, with few files to open."""

import socket
from pathlib import Path

import httpx
import pytest
from processes import cli, server

from tools.ports import free_port

FILES = 128


def serve_with_few_files(port: int) -> list[str]:
    """The command `serve` with a limit of open files."""
    return ["sh", "-c", f'ulimit -n {FILES}; exec "$@"', "sh", *cli("serve", "--port", str(port))]


def test_silent_connections_stop_neither_requests_nor_texts(tmp_path: Path) -> None:
    """With more silent connections than the process may open files, a shift is posted and its texts go out."""
    port = free_port()
    silent: list[socket.socket] = []
    with server(tmp_path / "log", serve_with_few_files, port=port, FANOUT_CONSOLE_LATENCY="0") as running:
        try:
            silent += [socket.create_connection(("127.0.0.1", port)) for _ in range(FILES + 50)]
            shift = {
                "organization_id": "northstar-home-health",
                "role_required": "RN",
                "start_time": "2037-01-02T08:00:00+05:45",
                "end_time": "2037-01-02T16:00:00+05:45",
                "time_zone": "Asia/Kathmandu",
            }
            assert httpx.put(running.url + "/shifts/far", json=shift).status_code == 201
            assert httpx.post(running.url + "/shifts/far/fanout").status_code == 202
            running.wait_for("sms to ***01: Open RN shift Fri Jan 2, 8:00 AM-4:00 PM UTC+0545")
            counts = httpx.get(running.url + "/shifts/far/fanout").json()["counts"]
            assert counts["failed"] == 0
            assert "Too many open files" not in running.log
            assert running.log.count("http.too_many_connections") == 1
        finally:
            for one in silent:
                one.close()


def test_a_header_without_an_end_is_cut_at_once(tmp_path: Path) -> None:
    """Of 50 MB the server takes a few, and answers others meanwhile."""
    port = free_port()
    with server(tmp_path / "log", serve_with_few_files, port=port) as running, socket.socket() as client:
        client.connect(("127.0.0.1", port))
        client.sendall(b"GET /health HTTP/1.1\r\nhost: x\r\nx: ")
        with pytest.raises(OSError, match=r"reset|[Bb]roken pipe"):
            client.sendall(b"a" * 50_000_000)
        assert httpx.get(running.url + "/health").status_code == 200
