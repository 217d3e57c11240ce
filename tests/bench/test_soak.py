"""The soak: what grows under constant load."""

import socket
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from bench.servers import helper_process
from bench.sizes import QUICK
from bench.soak import side_by_side
from bench.soak_load import PatientConnection
from bench.table import format_table
from tools.postgres import Server


@pytest.mark.process
@pytest.mark.timeout(120)
def test_a_soak_of_a_second_compares_its_end_with_its_start(postgres: Server, tmp_path: Path) -> None:
    """Each store has a line for each figure; PostgreSQL also for its tables."""
    url = postgres.new_database()
    with helper_process() as client:
        lines = list(side_by_side(url, replace(QUICK, soak_minutes=1 / 60), client, tmp_path))
    postgres.drop(url)
    table = format_table(lines)
    process = ["resident memory, kB", "descriptors", "Python objects", "asyncio tasks"]
    tables = ["dead tuples", "rows", "all tables, kB"]
    objects, rows = ["objects of ", "tasks of "], ["rows of ", "size of "]
    processor, blocks = "processor time in ms, for each lap", "blocks of the database, for each lap"
    laps = ["load behind its schedule, at most", "p50 of a claim", "p99 of a claim"]
    in_memory = [*process, *objects, processor, *laps]
    expected = [*in_memory, *process, *tables, *objects, *rows, processor, blocks, *laps]
    names = [line.name.partition(": ")[2] for line in lines]
    assert len(names) == len(expected), table
    assert all(name.startswith(begin) for name, begin in zip(names, expected, strict=True)), table
    assert all(line.ratio for line in lines if line.name.endswith(("memory, kB", "descriptors", "claim"))), table
    assert any("0 times 503" in line.note for line in lines), table


class _Answers(threading.Thread):
    """A server that gives these answers to the requests of one connection."""

    def __init__(self, *answers: bytes) -> None:
        super().__init__(daemon=True)
        self._answers = answers
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]

    def run(self) -> None:
        with self._listening, self._listening.accept()[0] as connection:
            for answer in self._answers:
                connection.recv(1 << 16)
                connection.sendall(answer)


@pytest.mark.process
def test_a_request_that_is_refused_is_sent_again_and_counted() -> None:
    """A machine that is too slow for a moment must not end a soak of an hour."""
    refused = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 2\r\n\r\n{}"
    server = _Answers(refused, refused, b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
    server.start()
    with PatientConnection(server.port, retry_s=0.0) as connection:
        assert connection.request(b"GET / HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 200")
        assert connection.refused == 2
