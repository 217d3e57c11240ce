"""The demo: the real service fills made-up shifts over a simulated telephone network, in simulated time."""

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
from app.domain.records import Caregiver, Shift
from app.errors import PermanentFailure
from app.intake.bodies import CaregiverIn, ShiftIn
from app.ports.clock import Clock
from app.settings import Settings
from app.simulation.clock import PacedClock
from app.simulation.phones import PhoneNetwork, PhoneReply, Reaction
from app.simulation.reactions import reaction
from app.simulation.scenario import START, TIME_ZONE, Scenario, generate_scenario
from app.simulation.timeline import Timeline, summary

#: The demo ignores the environment's settings, so that a run is the same on any machine. With a retention of ten
#: years nothing is deleted, however long the board stays up.
_SETTINGS = Settings(log_level="ERROR", retention=315_360_000.0, timezone=TIME_ZONE.key)
#: Simulated seconds until a text or a call is delivered.
_MESSAGE_LATENCY_S = 1.0
#: How often the demo checks whether all fanouts are finished.
_POLL_EVERY = timedelta(seconds=30)
#: A shift that nobody has claimed this long after the calls went out counts as unfilled.
_GIVE_UP_AFTER = timedelta(minutes=5)
#: After the summary the clock slows down to this speed, so that a viewer can read the board.
_MAX_SPEED_AFTER_SUMMARY = 60.0


@dataclass(frozen=True, slots=True)
class _AgencyClient:
    """Does over the HTTP API what the agency's office and its message gateway do."""

    http: httpx.AsyncClient

    async def request(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """The answer's JSON. Raises `httpx.HTTPStatusError` if the service refuses the request."""
        content = None if body is None else to_json(body)
        response = await self.http.request(method, path, content=content)
        response.raise_for_status()
        return dict(response.json())

    async def register(self, scenario: Scenario) -> None:
        """Send a PUT for every caregiver and shift."""
        for caregiver in scenario.caregivers:
            await self.request("PUT", f"/caregivers/{caregiver.id}", _put_body(caregiver, CaregiverIn))
        for _, shift in scenario.shifts:
            await self.request("PUT", f"/shifts/{shift.id}", _put_body(shift, ShiftIn))

    async def fill(self, scenario: Scenario, clock: Clock, timeline: Timeline) -> list[dict[str, Any]]:
        """Post each shift's fanout at its time. Returns the reports, in order, once all fanouts are finished."""
        for after_s, shift in scenario.shifts:
            await sleep_until(clock, START + timedelta(seconds=after_s))
            timeline.fanout_posted(shift, await self.request("POST", f"/shifts/{shift.id}/fanout"))
        while True:
            fanouts = [await self.request("GET", f"/shifts/{shift.id}/fanout") for _, shift in scenario.shifts]
            if all(_is_finished(fanout, clock.now()) for fanout in fanouts):
                return fanouts
            await sleep_until(clock, clock.now() + _POLL_EVERY)

    async def forward_replies(self, replies: asyncio.Queue[PhoneReply], timeline: Timeline) -> None:
        """Post every reply as an inbound message, until the task is cancelled."""
        for number in count(1):
            reply = await replies.get()
            body = {
                "from": reply.number,
                "body": reply.body,
                "channel": reply.channel,
                "message_id": f"demo-{number}",
            }
            timeline.reply_answered(reply, await self.request("POST", "/messages/inbound", body))


def _put_body(record: Caregiver | Shift, body: type[CaregiverIn | ShiftIn]) -> dict[str, object]:
    """The fields of the record that a PUT of it takes; they have the same names."""
    return {name: getattr(record, name) for name in body.model_fields}


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
    """Fill the shifts of the seed's scenario, `speed` times as fast as real time; `write` receives each line.

    The same seed gives the same lines at any speed. If `listening` is given, the API and the board are served on it
    until the summary is written, or with `keep` until the process is told to stop.
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
        # The server belongs to no task group: a group would cancel it after a failure, and it must shut down
        # properly. The clock keeps running until the server has shut down, because open requests may wait for timers.
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
    """Print a heading, then run the demo and print its timeline.

    `keep` None: keep serving if standard output is a terminal.
    """

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
            # The reader of the output, such as `head`, has closed it: end the demo quietly. Standard output now
            # goes to the null device, so that the interpreter's final flush does not fail. The error is not raised
            # here, because the service would take it for a failed delivery.
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
            f"The board is at http://{shown_host}:{port}/ and the API documentation at http://{shown_host}:{port}/docs."
        )
    start = START.astimezone(TIME_ZONE)
    write(f"Seed {seed}, {speed:g} times as fast as real time. It is {start:%A, %B} {start.day}, in New York.\n")
    if output_open:
        asyncio.run(play_until_output_closes())
