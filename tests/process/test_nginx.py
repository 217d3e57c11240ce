"""The nginx file of the deployment, in front of two processes, with a real nginx."""

import json
import shutil
import socket
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
from processes import ROOT, Server, cli, pause, server, until

from tools.ports import free_port

pytestmark = pytest.mark.skipif(shutil.which("nginx") is None, reason="needs nginx: apt-get install nginx-light")

#: Each takes two connections, and nginx has 512 by default.
VIEWERS = 260


@contextmanager
def behind_nginx(folder: Path) -> Iterator[tuple[str, list[Server]]]:
    """Two processes of the service, each with a memory of its own, behind nginx; yields nginx's URL and them."""
    with ExitStack() as stack:
        apis = [
            stack.enter_context(server(folder / f"api-{n}", lambda port: cli("serve", "--port", str(port))))
            for n in (1, 2)
        ]
        port = free_port()
        text = (ROOT / "deploy/nginx.conf").read_text().replace("listen 80;", f"listen 127.0.0.1:{port};")
        for n, api in enumerate(apis, 1):
            text = text.replace(f"api-{n}:8000", api.url.removeprefix("http://"))
        (folder / "nginx.conf").write_text(text)
        own = f"daemon off; pid {folder}/pid; error_log {folder}/error.log;"
        nginx = subprocess.Popen(["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", own])
        stack.callback(nginx.wait)
        stack.callback(nginx.terminate)

        def listens() -> bool:
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", port)) == 0

        until(listens, lambda: (folder / "error.log").read_text())
        yield f"http://127.0.0.1:{port}", apis


def test_viewers_do_not_keep_replies_out(tmp_path: Path) -> None:
    """With hundreds of open boards a reply still gets through, and every board has its stream."""
    viewers: list[socket.socket] = []
    with behind_nginx(tmp_path) as (url, _):
        address = ("127.0.0.1", int(url.rpartition(":")[2]))
        try:
            for _ in range(VIEWERS):
                viewers.append(socket.create_connection(address, timeout=20))
                viewers[-1].sendall(b"GET /events HTTP/1.1\r\nhost: x\r\n\r\n")
            assert Counter(one.recv(15) for one in viewers) == {b"HTTP/1.1 200 OK": VIEWERS}
            answer = httpx.post(url + "/messages/inbound", json={"from": "+15550001", "body": "yes"}, timeout=20)
            assert answer.status_code == 200
        finally:
            for one in viewers:
                one.close()


def test_a_list_of_the_largest_size_gets_through(tmp_path: Path) -> None:
    """nginx takes what the service takes, and refuses a longer body of any other request."""
    record = {"id": "cg-one", "name": "Ann", "role": "RN", "phone": "+16175550123"}
    body = json.dumps([record]).ljust(1024 * 1024)
    with behind_nginx(tmp_path) as (url, _):
        answer = httpx.put(url + "/caregivers", content=body, timeout=20)
        assert answer.json() == {"results": [{"id": "cg-one", "status": 201}]}
        assert httpx.put(url + "/caregivers/cg-one", content=body, timeout=20).status_code == 413


def test_no_request_fails_while_one_process_after_the_other_restarts(tmp_path: Path) -> None:
    """The second process is stopped as soon as the first is ready again."""
    answers: Counter[int | str] = Counter()
    stopping = threading.Event()

    def ask(url: str, number: int) -> None:
        with httpx.Client(base_url=url, timeout=30) as client:
            while not stopping.is_set():
                message = {"from": "+15550001", "body": "hello", "message_id": f"{number}-{answers.total()}"}
                try:
                    answers[client.post("/messages/inbound", json=message).status_code] += 1
                except httpx.TransportError as exc:
                    answers[repr(exc)] += 1
                pause(0.01)

    with behind_nginx(tmp_path) as (url, apis):
        threads = [threading.Thread(target=ask, args=(url, number)) for number in range(3)]
        for thread in threads:
            thread.start()
        try:
            for api in apis:
                api.process.terminate()
                api.wait_for_exit()
                api.start()
                wait_until_ready(api)
        finally:
            stopping.set()
            for thread in threads:
                thread.join()
    assert answers.total() > 50
    assert set(answers) == {200}, answers


def wait_until_ready(api: Server) -> None:
    """Wait until the process answers `GET /ready` with a 200."""
    until(
        lambda: api.answers() and httpx.get(api.url + "/ready").status_code == 200,
        lambda: api.log[-2000:],
        within_s=60.0,
    )
