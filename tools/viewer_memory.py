"""Measures how much memory the service takes for each viewer of the board, in a process of its own.

Run by `python -m tools.viewer_memory [VIEWERS] [SHIFTS]`. Viewers that read everything come first; then as many that
read nothing after the first bytes. Prints kB of resident memory for each viewer, while shifts change. Linux only.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from tools.ports import free_port

_START_S = 30.0
#: The start of the first shift.
_FIRST = datetime(2099, 1, 1, tzinfo=UTC)
#: How many shifts change, one after the other, before the memory is read.
_CHANGES = 50


def write_data(path: Path, shifts: int) -> None:
    """Write a data file with so many shifts and no caregiver."""
    path.write_text(json.dumps({"caregivers": [], "shifts": [shift(n) for n in range(shifts)]}))


def shift(number: int, location: str = "Quincy 02169") -> dict[str, str]:
    """A shift of eight hours that starts so many minutes after the first one."""
    begin = _FIRST + timedelta(minutes=number)
    return {
        "id": f"shift-{number:04}",
        "organization_id": "sunrise-home-care",
        "role_required": "RN",
        "start_time": begin.isoformat(),
        "end_time": (begin + timedelta(hours=8)).isoformat(),
        "location": location,
    }


def resident_kb(pid: int) -> int:
    """The resident memory of the process, in kB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1])


async def view(port: int, *, reads: bool) -> asyncio.Task[None]:
    """Open the stream and return once its snapshot has begun. The task holds the connection until it is cancelled."""
    # A small limit, so that a viewer that does not read leaves the rest to the service.
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**12)
    writer.write(b"GET /events HTTP/1.1\r\nHost: service\r\n\r\n")
    await reader.read(2**12)

    async def hold() -> None:
        while reads and await reader.read(2**16):
            pass
        await asyncio.Event().wait()
        writer.close()

    return asyncio.get_running_loop().create_task(hold())


async def change_shifts(url: str, shifts: int) -> None:
    """Change one shift after the other, so slowly that each change is an event of its own."""
    async with httpx.AsyncClient(base_url=url) as http:
        for n in range(_CHANGES):
            body = shift(n % shifts, location=f"Place {n}")
            (await http.put(f"/shifts/{body.pop('id')}", json=body)).raise_for_status()
            await asyncio.sleep(0.25)


async def measure(pid: int, port: int, viewers: int, shifts: int) -> None:
    """Let viewers come and write what each of them takes."""
    url = f"http://127.0.0.1:{port}"
    await _wait_until_up(url)
    # What the first viewer makes the service load stays for all, so it does not count.
    held = [await view(port, reads=True)]
    await change_shifts(url, shifts)
    for name, reads in (("read everything", True), ("have stopped reading", False)):
        before = resident_kb(pid)
        held += [await view(port, reads=reads) for _ in range(viewers)]
        await change_shifts(url, shifts)
        each = (resident_kb(pid) - before) / viewers
        sys.stdout.write(f"{viewers} viewers that {name}, {shifts} shifts: {each:.1f} kB each\n")
    for task in held:
        task.cancel()


async def _wait_until_up(url: str) -> None:
    async with asyncio.timeout(_START_S), httpx.AsyncClient(base_url=url) as http:
        while True:
            try:
                await http.get("/health")
            except httpx.TransportError:
                await asyncio.sleep(0.1)
            else:
                return


def main(viewers: str = "200", shifts: str = "500") -> None:
    """Start the service in a process of its own and measure it."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data.json"
        write_data(data, int(shifts))
        command = [sys.executable, "-m", "uvicorn", "app.api:create_app", "--factory", "--port", str(port)]
        environment = {"FANOUT_DATA": str(data), "FANOUT_LOG_LEVEL": "ERROR"}
        with subprocess.Popen([*command, "--log-level", "error"], env=environment) as process:
            try:
                asyncio.run(measure(process.pid, port, int(viewers), int(shifts)))
            finally:
                process.kill()


if __name__ == "__main__":
    main(*sys.argv[1:3])
