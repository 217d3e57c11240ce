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
from app.simulation.phones import PhoneNetwork, Reaction, Said
from app.simulation.reactions import reaction
from app.simulation.scenario import START, ZONE, Town, made_up
from app.simulation.timeline import Timeline, summary
from app.web import rendering

#: Of the environment nothing counts, so that a run repeats on any machine.
_SETTINGS = Settings(log_level="ERROR", retention=315_360_000.0, timezone=ZONE.key)
#: How long a text or call takes to get through.
_TAKES_S = 1.0
#: How often it is looked whether all is over.
_LOOK_EVERY = timedelta(seconds=30)
#: A shift that nobody has taken so long after the calls stays unfilled.
_PATIENCE = timedelta(minutes=5)
#: After the summary time goes no faster than this, for those who look at the board.
_UNHURRIED = 60.0


@dataclass(frozen=True, slots=True)
class _Office:
    """The agency's way to the service: its HTTP API."""

    http: httpx.AsyncClient

    async def ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """The answer; a request that is refused ends the demo."""
        content = None if body is None else to_json(body)
        response = await self.http.request(method, path, content=content)
        response.raise_for_status()
        return dict(response.json())

    async def register(self, town: Town) -> None:
        """Put everybody and every shift on the books."""
        for caregiver in town.caregivers:
            await self.ask("PUT", f"/caregivers/{caregiver.id}", rendering.caregiver(caregiver, opted_out=False))
        for _, shift in town.shifts:
            await self.ask("PUT", f"/shifts/{shift.id}", rendering.shift(shift, None))

    async def fill(self, town: Town, clock: Clock, timeline: Timeline) -> list[dict[str, Any]]:
        """Post the fanouts, each at its time; returns all of them once nothing more is to be expected."""
        for after_s, shift in town.shifts:
            await sleep_until(clock, START + timedelta(seconds=after_s))
            timeline.opened(shift, await self.ask("POST", f"/shifts/{shift.id}/fanout"))
        while True:
            fanouts = [await self.ask("GET", f"/shifts/{shift.id}/fanout") for _, shift in town.shifts]
            if all(_is_over(fanout, clock.now()) for fanout in fanouts):
                return fanouts
            await sleep_until(clock, clock.now() + _LOOK_EVERY)

    async def pass_on(self, answers: asyncio.Queue[Said], timeline: Timeline) -> None:
        """Hand in what caregivers say, for ever, as their gateway does."""
        for number in count(1):
            said = await answers.get()
            body = {
                "from": said.number,
                "body": said.body,
                "channel": said.channel,
                "message_id": f"demo-{number}",
            }
            timeline.answered(said, await self.ask("POST", "/messages/inbound", body))


def _is_over(fanout: dict[str, Any], now: datetime) -> bool:
    return fanout["status"] != "open" or now >= datetime.fromisoformat(fanout["escalates_at"]) + _PATIENCE


async def play(
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
    town = made_up(seed)
    names = {caregiver.id: caregiver.name for caregiver in town.caregivers}
    clock = PacedClock(START, speed)
    timeline = Timeline(clock, names, write)

    def carry(message: Message) -> None:
        if message.to == town.dead_number:
            timeline.failed(message)
            raise PermanentFailure("number out of service")

    def hold(message: Message) -> Reaction | None:
        timeline.reached(message)
        return reaction(seed, message)

    answers: asyncio.Queue[Said] = asyncio.Queue()
    network = PhoneNetwork(clock, takes_s=_TAKES_S, behaviour=carry, gateway=answers.put_nowait)
    for caregiver in town.caregivers:
        network.phone(caregiver.phone).holder = hold
    app = create_app(_SETTINGS, clock=clock, notifier=network)
    http = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://demo")
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
    async with http, asyncio.TaskGroup() as around:
        time_flies = around.create_task(clock.run())
        # In no group: it is to end in order, however the rest ended, and time goes on until it has.
        serving = None if listening is None else asyncio.create_task(server.serve([listening]))
        try:
            async with asyncio.TaskGroup() as tasks:
                office = _Office(http)
                gateway = tasks.create_task(office.pass_on(answers, timeline))
                await office.register(town)
                fanouts = await office.fill(town, clock, timeline)
                for line in summary([shift for _, shift in town.shifts], fanouts, names, network.sent):
                    write(line)
                if serving is not None and keep:
                    write("\nThe board stays up. Ctrl-C ends it.")
                    clock.speed = min(speed, _UNHURRIED)
                    await serving
                gateway.cancel()
        finally:
            if serving is not None:
                app.state.board.close()
                server.should_exit = True
                await serving
            time_flies.cancel()


def run(*, seed: int, speed: float, listening: socket.socket | None, keep: bool | None) -> None:
    """Play to standard output, below a heading. `keep` None: if standard output is a terminal."""

    playing: asyncio.Task[None] | None = None
    read = True

    def write(line: str) -> None:
        nonlocal read
        if not read:
            return
        try:
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
        except BrokenPipeError:
            # Whoever reads the output, such as `head`, has seen enough; nor must the interpreter's last flush fail.
            # Raised here it would be a fault of whatever wanted the line, such as a telephone.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            read = False
            if playing is not None:
                playing.cancel()

    async def played() -> None:
        nonlocal playing
        playing = asyncio.create_task(play(seed=seed, speed=speed, write=write, listening=listening, keep=stays))
        try:
            await playing
        except asyncio.CancelledError:
            if read:
                raise

    stays = sys.stdout.isatty() if keep is None else keep
    if listening is not None:
        host, port = listening.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        write(f"The board is at http://{shown}:{port}/ and the API's description at http://{shown}:{port}/docs.")
    monday = START.astimezone(ZONE)
    write(f"Seed {seed}, {speed:g} times as fast as real time. It is {monday:%A, %B} {monday.day}, in New York.\n")
    if read:
        asyncio.run(played())
