"""What to do in a process that a server's supervisor started: `uvicorn --workers`, `--reload`, gunicorn.

Knows how servers start their processes. Never imports the service.
"""

import multiprocessing
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from app.errors import StartRefused, several_processes_need_a_database

#: uvicorn's supervisor and gunicorn's end themselves if a process ends with this status. After any other status they
#: start it again, for ever.
_STARTUP_FAILURE = 3
_WORKERS_ARGUMENT = re.compile(r"(?:-w|--workers)[ =]?(\d+)\b")


def refuse_several_processes() -> None:
    """Raise StartRefused if the server runs several processes, which would each have a memory of their own."""
    processes = _processes()
    if processes > 1:
        raise StartRefused(several_processes_need_a_database(f"the server was told to run {processes} processes"))


@contextmanager
def refusals_end_the_supervisor() -> Iterator[None]:
    """Let a StartRefused also end the supervisor that started this process, if there is one."""
    try:
        yield
    except StartRefused as exc:
        process = multiprocessing.current_process()
        if multiprocessing.parent_process() is None and not _by_gunicorn():
            raise
        # Several processes refuse for the same reason. The first one says so.
        if process.name.rpartition("-")[2] in ("1", process.name):
            sys.stderr.write(f"{exc.reason}\n")
        raise SystemExit(_STARTUP_FAILURE) from None


def _processes() -> int:
    """How many processes the server runs; 1 if that cannot be known."""
    if _by_gunicorn():
        found = _WORKERS_ARGUMENT.search(" ".join(sys.argv))
        return int(found[1]) if found else 1
    # uvicorn passes its configuration to the processes that it starts. The command line would not be enough: a
    # program can start them with `uvicorn.run(..., workers=2)`. Python has no public name for these arguments.
    config = getattr(multiprocessing.current_process(), "_kwargs", {}).get("config")
    # With `--reload` uvicorn runs one process, whatever `--workers` says.
    return 1 if getattr(config, "should_reload", False) else int(getattr(config, "workers", None) or 1)


def _by_gunicorn() -> bool:
    return os.environ.get("SERVER_SOFTWARE", "").startswith("gunicorn/")
