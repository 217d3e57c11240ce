"""Makes a history: several processes on one PostgreSQL, clients that all ask at the same time, and faults.

After the faults everything works again, and the service gets time to settle what is left to do. What the shifts look
like then is in the history too. `check.py` says whether the rules explain it.
"""

import asyncio
import random
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import httpx

from prove.histories.clients import Client, shift_body
from prove.histories.events import Event, Recorder, Value
from prove.histories.faults import Faults
from prove.histories.fleet import Process, fleet
from prove.histories.gateway import Gateway
from prove.histories.specification import Group
from tools.postgres import Server

_CLIENTS_OF_A_GROUP = 3
#: Seconds within which everything that is left to do must be done, on a machine with much else to do.
_SETTLES_S = 45.0


@dataclass(frozen=True)
class Plan:
    """How large a history is.

    The same seed does not give the same history: processes and connections take their own time.
    """

    seed: int
    groups: int
    #: How long it lasts, at least. Each kind of fault is done at least once.
    seconds: float
    processes: int = 3


async def make_history(plan: Plan, server: Server, home: Path) -> list[Event]:
    """Run the service on a new database of the server, and return the history. `home`: a folder for logs and clocks.

    Raises TimeoutError if a process does not answer although everything works again.
    """
    chosen = random.Random(plan.seed)
    recorder = Recorder(asyncio.get_running_loop().time)
    groups = [Group.numbered(plan.seed * plan.groups % 90_000 + number) for number in range(plan.groups)]
    limits = httpx.Limits(max_connections=None, keepalive_expiry=1.0)
    async with (
        Gateway(recorder, chosen).listening() as gateway,
        fleet(plan.processes, home, server.new_database(), gateway.url) as processes,
        httpx.AsyncClient(limits=limits) as http,
    ):
        for process in processes:
            await process.wait(http)
        for group in groups:
            await _put(group, processes[0], http)
        numbers = count()
        clients = [
            Client(group, processes, numbers, recorder, http, chosen)
            for group in groups
            for _ in range(_CLIENTS_OF_A_GROUP)
        ]
        end = asyncio.Event()
        async with asyncio.TaskGroup() as all_:
            for client in clients:
                all_.create_task(client.work_until(end))
            await Faults(processes, server, recorder, chosen).go_on_for(plan.seconds)
            end.set()
        gateway.reliable = True
        for process in processes:
            await process.wait(http)
        for group in groups:
            reader = Client(group, processes, numbers, recorder, http, chosen)
            for shift_id in group.shifts:
                left = await _left_to_send(shift_id, processes[0], http)
                recorder.note("observer", "ok", "settled", {"shift": shift_id, "left": left})
                answered = False
                while not answered:
                    answered = await reader.ask("read", {"shift": shift_id})
    return recorder.events


async def _put(group: Group, process: Process, http: httpx.AsyncClient) -> None:
    """Put the records of the group."""
    for person in group.people.values():
        body = {"name": person.name, "role": person.role, "phone": person.phone}
        (await http.put(f"{process.url}/caregivers/{person.id}", json=body)).raise_for_status()
    for shift in group.shifts.values():
        (await http.put(f"{process.url}/shifts/{shift.id}", json=shift_body(shift))).raise_for_status()


async def _left_to_send(shift_id: str, process: Process, http: httpx.AsyncClient) -> list[Value]:
    """Wait until no message about the shift is left to be sent. Returns those that are left after a long time."""
    left: list[Value] = []
    with suppress(TimeoutError):
        async with asyncio.timeout(_SETTLES_S):
            while True:
                with suppress(httpx.TransportError):
                    answer = await http.get(f"{process.url}/shifts/{shift_id}/fanout")
                    if answer.status_code == 404:
                        return []
                    if answer.status_code == 200:
                        report = answer.json()
                        messages = [*report["contacts"], *report["notices"]]
                        left = [one for one in messages if one["status"] in ("queued", "sending")]
                        if not left:
                            return []
                await asyncio.sleep(0.1)
    return left
