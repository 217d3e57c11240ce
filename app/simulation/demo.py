"""The demo: the real service, API and worker included, in a made-up town with a simulated telephone network."""

import asyncio
import os
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import httpx
import uvicorn
from pydantic_core import to_json

from app.api import create_app
from app.clock import sleep_until
from app.domain.decisions import Message
from app.errors import PermanentFailure
from app.ports.clock import Clock
from app.settings import Settings
from app.simulation.clock import PacedClock
from app.simulation.phones import PhoneNetwork, PhoneReply, Reaction
from app.simulation.reactions import reaction
from app.simulation.scenario import START, TIME_ZONE, Scenario, generate_scenario
from app.simulation.timeline import Timeline, summary
from app.web import rendering

#: Of the environment nothing counts, so that a run repeats on any machine.
_SETTINGS = Settings(log_level="ERROR", retention=315_360_000.0, timezone=TIME_ZONE.key)
#: How long a text or call takes to get through.
_MESSAGE_LATENCY_S = 1.0
#: How often it is looked whether all is over.
_POLL_EVERY = timedelta(seconds=30)
#: A shift that nobody has taken so long after the calls stays unfilled.
_GIVE_UP_AFTER = timedelta(minutes=5)
#: After the summary time goes no faster than this, for those who look at the board.
_MAX_SPEED_AFTER_SUMMARY = 60.0


@dataclass(frozen=True, slots=True)
class _AgencyClient:
    """The agency's way to the service: its HTTP API."""

    http: httpx.AsyncClient

    async def request(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """The answer; a request that is refused ends the demo."""
        content = None if body is None else to_json(body)
        response = await self.http.request(method, path, content=content)
        response.raise_for_status()
        return dict(response.json())

    async def register(self, scenario: Scenario) -> None:
        """Put everybody and every shift on the books."""
        for caregiver in scenario.caregivers:
            await self.request("PUT", f"/caregivers/{caregiver.id}", rendering.caregiver(caregiver, opted_out=False))
        for _, shift in scenario.shifts:
            await self.request("PUT", f"/shifts/{shift.id}", rendering.shift(shift, None))

    async def fill(self, scenario: Scenario, clock: Clock, timeline: Timeline) -> list[dict[str, Any]]:
        """Post the fanouts, each at its time; returns all of them once nothing more is to be expected."""
        for after_s, shift in scenario.shifts:
            await sleep_until(clock, START + timedelta(seconds=after_s))
            timeline.fanout_posted(shift, await self.request("POST", f"/shifts/{shift.id}/fanout"))
        while True:
            fanouts = [await self.request("GET", f"/shifts/{shift.id}/fanout") for _, shift in scenario.shifts]
            if all(_is_finished(fanout, clock.now()) for fanout in fanouts):
                return fanouts
            await sleep_until(clock, clock.now() + _POLL_EVERY)

    async def forward_replies(self, replies: asyncio.Queue[PhoneReply], timeline: Timeline) -> None:
        """Hand in what caregivers say, for ever, as their gateway does."""
        for number in count(1):
            reply = await replies.get()
            body = {
                "from": reply.number,
                "body": reply.body,
                "channel": reply.channel,
                "message_id": f"demo-{number}",
            }
            timeline.reply_answered(reply, await self.request("POST", "/messages/inbound", body))


def _is_finished(fanout: dict[str, Any], now: datetime) -> bool:
    return fanout["status"] != "open" or now >= datetime.fromisoformat(fanout["escalates_at"]) + _GIVE_UP_AFTER


async def play_scenario(
    *,
    seed: int,
    speed: float,
    write: Callable[[str], object],
    listening: socket.socket | None = None,
    keep: bool = False,
) -> None:
    """Fill the shifts of the seed's town, `speed` times as fast as real time; `write` gets every line.

    One seed always writes the same lines, at whatever speed. The API is served on `listening` if that is given:
    until the summary, or with `keep` until the process is told to stop.
    """
    scenario = generate_scenario(seed)
    names = {caregiver.id: caregiver.name for caregiver in scenario.caregivers}
    clock = PacedClock(START, speed)
    timeline = Timeline(clock, names, write)

    def deliver(message: Message) -> None:
        if message.to == scenario.out_of_service_number:
            timeline.message_failed(message)
            raise PermanentFailure("number out of service")

    def react(message: Message) -> Reaction | None:
        timeline.message_sent(message)
        return reaction(seed, message)

    replies: asyncio.Queue[PhoneReply] = asyncio.Queue()
    network = PhoneNetwork(clock, takes_s=_MESSAGE_LATENCY_S, behaviour=deliver, gateway=replies.put_nowait)
    for caregiver in scenario.caregivers:
        network.phone(caregiver.phone).holder = react
    app = create_app(_SETTINGS, clock=clock, notifier=network)
    http = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://demo")
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
    async with http, asyncio.TaskGroup() as background:
        clock_task = background.create_task(clock.run())
        # In no group: it is to end in order, however the rest ended, and time goes on until it has.
        server_task = None if listening is None else asyncio.create_task(server.serve([listening]))
        try:
            async with asyncio.TaskGroup() as tasks:
                agency = _AgencyClient(http)
                forwarding = tasks.create_task(agency.forward_replies(replies, timeline))
                await agency.register(scenario)
                fanouts = await agency.fill(scenario, clock, timeline)
                for line in summary([shift for _, shift in scenario.shifts], fanouts, names, network.sent):
                    write(line)
                if server_task is not None and keep:
                    write("\nThe board stays up. Ctrl-C ends it.")
                    clock.speed = min(speed, _MAX_SPEED_AFTER_SUMMARY)
                    await server_task
                forwarding.cancel()
        finally:
            if server_task is not None:
                app.state.board.close()
                server.should_exit = True
                await server_task
            clock_task.cancel()


def run(*, seed: int, speed: float, listening: socket.socket | None, keep: bool | None) -> None:
    """Play to standard output, below a heading. `keep` None: if standard output is a terminal."""

    playing: asyncio.Task[None] | None = None
    output_open = True

    def write(line: str) -> None:
        nonlocal output_open
        if not output_open:
            return
        try:
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
        except BrokenPipeError:
            # Whoever reads the output, such as `head`, has seen enough; nor must the interpreter's last flush fail.
            # Raised here it would be a fault of whatever wanted the line, such as a telephone.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            output_open = False
            if playing is not None:
                playing.cancel()

    async def play_until_output_closes() -> None:
        nonlocal playing
        playing = asyncio.create_task(
            play_scenario(seed=seed, speed=speed, write=write, listening=listening, keep=keep_serving)
        )
        try:
            await playing
        except asyncio.CancelledError:
            if output_open:
                raise

    keep_serving = sys.stdout.isatty() if keep is None else keep
    if listening is not None:
        host, port = listening.getsockname()[:2]
        shown_host = f"[{host}]" if ":" in host else host
        write(
            f"The board is at http://{shown_host}:{port}/ and the API's description at http://{shown_host}:{port}/docs."
        )
    start = START.astimezone(TIME_ZONE)
    write(f"Seed {seed}, {speed:g} times as fast as real time. It is {start:%A, %B} {start.day}, in New York.\n")
    if output_open:
        asyncio.run(play_until_output_closes())
