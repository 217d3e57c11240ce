"""How many messages the `webhook` notifier hands over per second of processor time.

The baseline is the load client, which sends the same requests over raw connections.
"""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from pydantic_core import to_json

from app.clock import SystemClock
from app.domain.decisions import Message
from app.domain.records import Channel, Kind
from app.notifiers.webhook import WebhookNotifier
from app.ports.notifier import Notifier
from bench import data
from bench.connection import BlockingConnection
from bench.load import Batch, run_in_uvicorn_loop, send_all
from bench.servers import helper_process
from bench.sizes import Sizes
from bench.table import Line, ratio_of
from tools.ports import free_port

_ROOT = Path(__file__).resolve().parent.parent
_LONGEST_S = 120.0


def webhook_handover(sizes: Sizes, client: ProcessPoolExecutor, folder: Path) -> Iterator[Line]:
    """Call the notifier directly, without the service; each number of messages in flight has its own process."""
    del client, folder
    with receiving() as port:
        for in_flight in sizes.in_flight:
            with helper_process() as sender:
                turns = sender.submit(
                    measure_both, port, max(sizes.messages, in_flight), in_flight, sizes.rounds
                ).result(timeout=_LONGEST_S + 10)
            yield Line(
                name=f"webhook hand-over, {in_flight:,} in flight",
                figure=f"{median(ours.per_cpu_second for ours, _ in turns):,.0f}/s and core",
                baseline=f"raw {median(raw.per_cpu_second for _, raw in turns):,.0f}/s and core",
                ratio=ratio_of([(ours.per_cpu_second, raw.per_cpu_second) for ours, raw in turns]),
                note=f"per second of real time {median(ours.per_second for ours, _ in turns):,.0f}/s, "
                f"raw {median(raw.per_second for _, raw in turns):,.0f}/s",
            )


@contextmanager
def receiving() -> Iterator[int]:
    """Run `bench.receiver` in a process until the block ends. Yields its port once it answers."""
    port = free_port()
    with subprocess.Popen([sys.executable, "-m", "bench.receiver", str(port)], cwd=_ROOT) as process:
        try:
            for _ in range(200):
                try:
                    with BlockingConnection(port) as connection:
                        connection.request(data.http_request("GET", "/"))
                    break
                except OSError:
                    time.sleep(0.05)
            else:
                raise RuntimeError("the receiver did not start")
            yield port
        finally:
            process.kill()


def measure_both(port: int, messages: int, in_flight: int, rounds: int) -> list[tuple[Batch, Batch]]:
    """For each round, the batch of the notifier and the batch of the raw connections."""
    return run_in_uvicorn_loop(_measure_both(port, messages, in_flight, rounds), _LONGEST_S)


async def _measure_both(port: int, messages: int, in_flight: int, rounds: int) -> list[tuple[Batch, Batch]]:
    notifier = WebhookNotifier(f"http://127.0.0.1:{port}/hook", SystemClock())
    turns: list[tuple[Batch, Batch]] = []
    try:
        # Open the connections before the first round; `send_all` also opens its own before it measures.
        await _send_with_notifier(notifier, max(in_flight, 50), in_flight)
        for _ in range(rounds):
            ours = await _send_with_notifier(notifier, messages, in_flight)
            # Ten times as many messages, because a batch as small as the notifier's is too short to measure.
            batch = await send_all(port, map(_as_request, _messages(10 * messages)), 10 * messages, in_flight)
            turns.append((ours, batch))
    finally:
        await notifier.aclose()
    return turns


async def _send_with_notifier(notifier: Notifier, count: int, in_flight: int) -> Batch:
    waiting = _messages(count)

    async def send_some() -> None:
        for message in waiting:
            await notifier.send(message)

    cpu_s, start = time.process_time(), time.perf_counter()
    await asyncio.gather(*(send_some() for _ in range(in_flight)))
    return Batch(count, count, time.perf_counter() - start, time.process_time() - cpu_s)


def _messages(count: int) -> Iterator[Message]:
    for number in range(count):
        yield Message(
            id=f"{number:032x}",
            channel=Channel.SMS,
            kind=Kind.OFFER,
            to=data.phone(number),
            body="RN shift Mon Mar 3, 8 AM-4 PM EST, Quincy 02169. Can you take it? Reply YES or NO.",
            shift_id=data.shift_id(0),
            caregiver_id=f"cg-{number:05}",
            organization_id="org",
        )


def _as_request(message: Message) -> bytes:
    return data.http_request("POST", "/hook", to_json(message), f"idempotency-key: {message.id}\r\n")
