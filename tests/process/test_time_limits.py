"""A test that hangs is a failure with a traceback, whatever catches the first interruption."""

import os
import subprocess
import sys
from pathlib import Path

from processes import ROOT

HANGING = """
import asyncio
import threading

import pytest


def hang():
    threading.Event().wait()


@pytest.fixture
def hangs_afterwards():
    yield
    hang()


def test_by_itself():
    hang()


def test_in_a_task():
    async def start_a_task_that_hangs():
        async def hanging():
            hang()

        task = asyncio.get_running_loop().create_task(hanging())
        task.add_done_callback(asyncio.Task.exception)
        await asyncio.Event().wait()

    asyncio.run(start_a_task_that_hangs())


def test_after_a_failure(hangs_afterwards):
    raise ValueError


def test_that_ends():
    pass
"""


def test_every_hang_is_reported_and_the_others_still_run(tmp_path: Path) -> None:
    """Three tests hang, one of them in its teardown after it failed; the fourth passes."""
    (tmp_path / "test_hanging.py").write_text(HANGING)
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "time_limits", "--timeout", "1", "--tb=short"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT / "tests" / "support")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "3 failed, 1 passed, 1 error in" in ended.stdout.splitlines()[-1], ended.stdout
    assert ended.stdout.count("E   Failed: Timeout (>1.0s)") == 3
