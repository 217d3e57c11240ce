"""The demo: the real service fills made-up shifts over simulated telephones, in simulated time."""

import asyncio
import os
import socket
import sys
from collections.abc import Callable
from functools import partial

import httpx
import uvicorn

from app.simulation.agency import Agency
from app.simulation.carriers import Carrier, GatewayCarrier
from app.simulation.clock import PacedClock
from app.simulation.scenario import START, TIME_ZONE, generate_scenario
from app.simulation.terminal import Output
from app.simulation.timeline import Timeline, summary
from app.simulation.twilio_carrier import TwilioCarrier

#: Real seconds between two updates of the status line.
_STATUS_EVERY_S = 0.2
#: After the summary the clock slows down to this speed, so that a viewer can read the board.
_MAX_SPEED_AFTER_SUMMARY = 60.0


async def play_scenario(
    *,
    seed: int,
    speed: float,
    write: Callable[[str], object],
    show_status: Callable[[str], object] = lambda _: None,
    coloured: bool = False,
    listening: socket.socket | None = None,
    keep: bool = False,
    twilio: bool = False,
) -> None:
    """Fill the shifts of the seed's scenario, `speed` times as fast as real time.

    With `twilio`, texts and calls go over HTTP to a simulated telephone company, and its webhooks come back.
    The same seed gives the same lines at any speed. `write` receives each line, with colours if `coloured`.
    `show_status` receives the countdown to the calls, several times a second. If `listening` is given, the API and
    the board are served on it until the summary is written, or with `keep` until the process is told to stop.
    """
    scenario = generate_scenario(seed)
    names = {caregiver.id: caregiver.name for caregiver in scenario.caregivers}
    clock = PacedClock(START, speed)
    over = False

    def write_until_over(line: str) -> None:
        # Time still passes while the servers shut down.
        if not over:
            write(line)

    timeline = Timeline(clock, names, write_until_over, coloured=coloured)
    if twilio and listening is None:
        # The webhooks need a port, whether or not the board is to be seen.
        listening = socket.create_server(("127.0.0.1", 0))
    carrier: Carrier
    if twilio and listening is not None:
        carrier = TwilioCarrier(seed, scenario, clock, timeline, service=listening)
    else:
        carrier = GatewayCarrier(seed, scenario, clock, timeline)
    app = carrier.new_app()
    http = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://demo")
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
    async with http, asyncio.TaskGroup() as background:
        clock_task = background.create_task(clock.run())
        status_task = background.create_task(_keep_status(timeline, show_status))
        # The server belongs to no task group: a group would cancel it after a failure, and it must shut down
        # properly. The clock keeps running until the server has shut down, because open requests may wait for timers.
        server_task = None if listening is None else asyncio.create_task(server.serve([listening]))
        try:
            async with asyncio.TaskGroup() as tasks:
                agency = Agency(http, clock, timeline)
                forwarding = tasks.create_task(carrier.run(agency))
                fanouts = await agency.fill(scenario)
                status_task.cancel()
                show_status("")
                for line in summary([shift for _, shift in scenario.shifts], fanouts, names, carrier.sent):
                    write(line)
                over = not keep
                if server_task is not None and keep:
                    write("\nThe board stays up. Ctrl-C ends it.")
                    clock.speed = min(speed, _MAX_SPEED_AFTER_SUMMARY)
                    await server_task
                forwarding.cancel()
        finally:
            status_task.cancel()
            if server_task is not None:
                app.state.board.close()
                server.should_exit = True
                await server_task
            clock_task.cancel()


async def _keep_status(timeline: Timeline, show_status: Callable[[str], object]) -> None:
    """Show the countdown to the calls until the task is cancelled."""
    while True:
        show_status(timeline.countdown())
        await asyncio.sleep(_STATUS_EVERY_S)


def run(*, seed: int, speed: float, listening: socket.socket | None, keep: bool | None, twilio: bool = False) -> None:
    """Print a heading, then run the demo and print its timeline.

    `keep` None: keep serving if standard output is a terminal.
    """

    playing: asyncio.Task[None] | None = None
    output_open = True

    output = Output(sys.stdout)

    def send(to: Callable[[str], None], text: str) -> None:
        nonlocal output_open
        if not output_open:
            return
        try:
            to(text)
        except BrokenPipeError:
            # The reader of the output, such as `head`, has closed it: end the demo quietly. Standard output now
            # goes to the null device, so that the interpreter's final flush does not fail. The error is not raised
            # here, because the service would take it for a failed delivery.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            output_open = False
            if playing is not None:
                playing.cancel()

    write = partial(send, output.write)

    async def play_until_output_closes() -> None:
        nonlocal playing
        playing = asyncio.create_task(
            play_scenario(
                seed=seed,
                speed=speed,
                write=write,
                show_status=partial(send, output.show_status),
                coloured=output.has_colours,
                listening=listening,
                keep=keep_serving,
                twilio=twilio,
            )
        )
        try:
            await playing
        except asyncio.CancelledError:
            if output_open:
                raise

    keep_serving = listening is not None and (sys.stdout.isatty() if keep is None else keep)
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
