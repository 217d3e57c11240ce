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
import psycopg

from prove.histories.clients import Client, shift_body
from prove.histories.events import Event, Recorder, Value
from prove.histories.faults import Faults
from prove.histories.fleet import Process, fleet
from prove.histories.gateway import Gateway
from prove.histories.specification import Group
from tools.postgres import Server

_CLIENTS_OF_A_GROUP = 3
#: Seconds within which everything that is left to do must be done, on a machine with much else to do.
_SETTLES_S = 30.0
_LEFT = """
SELECT concat_ws(' ', channel, 'offer', shift_id, caregiver_id, status) FROM contacts
WHERE status IN ('queued', 'sending')
UNION ALL
SELECT concat_ws(' ', kind, shift_id, caregiver_id, status) FROM notices WHERE status IN ('queued', 'sending')
"""


@dataclass(frozen=True)
class Plan:
    """How large a history is.

    The same seed does not give the same history: processes and connections take their own time.
    """

    seed: int
    groups: int
    #: How many times each kind of fault is done.
    faults: int
    processes: int = 3


async def make_history(plan: Plan, server: Server, home: Path) -> list[Event]:
    """Run the service on a new database of the server, and return the history. `home`: a folder for logs and clocks.

    Raises TimeoutError if a process does not answer although everything works again.
    """
    chosen = random.Random(plan.seed)
    recorder = Recorder(asyncio.get_running_loop().time)
    groups = [Group.numbered(plan.seed * plan.groups % 90_000 + number) for number in range(plan.groups)]
    database_url = server.new_database()
    limits = httpx.Limits(max_connections=None, keepalive_expiry=1.0)
    async with (
        Gateway(recorder, chosen).listening() as gateway,
        fleet(plan.processes, home, database_url, gateway.url) as processes,
        httpx.AsyncClient(limits=limits, timeout=_SETTLES_S) as http,
    ):
        for process in processes:
            await process.wait(http)
        for group in groups:
            await _put(group, processes[0], http)
        numbers = count()
        clients: list[Client] = []
        for group in groups:
            repeats: list[Value] = []
            clients += [
                Client(group, processes, numbers, recorder, http, chosen, repeats) for _ in range(_CLIENTS_OF_A_GROUP)
            ]
        end = asyncio.Event()
        async with asyncio.TaskGroup() as all_:
            for client in clients:
                all_.create_task(client.work_until(end))
            await Faults(processes, server, recorder, chosen).do_all(plan.faults)
            end.set()
        gateway.reliable = True
        for process in processes:
            await process.wait(http)
        recorder.note("observer", "ok", "settled", {"left": await _left_to_send(database_url)})
        for group in groups:
            reader = Client(group, processes, numbers, recorder, http, chosen, [])
            for shift_id in group.shifts:
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


async def _left_to_send(database_url: str) -> list[str]:
    """Wait until no message is left to be sent. Returns those that are left after a long time.

    It asks the database: the API calls a message skipped as soon as its fanout is closed, or says nothing of a shift
    that was deleted.
    """
    left = ["not known"]
    with suppress(TimeoutError):
        async with (
            asyncio.timeout(_SETTLES_S),
            await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection,
        ):
            while left:
                await asyncio.sleep(0.1)
                rows = await (await connection.execute(_LEFT)).fetchall()
                left = [str(one) for (one,) in rows]
    return left
