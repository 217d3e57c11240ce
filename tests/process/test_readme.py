"""The commands in the README do what it says, line by line."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from processes import ROOT, cli, server, until

README = (ROOT / "README.md").read_text()
_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
#: What differs from run to run: timestamps, ids, dates and daylight saving time. Weekdays and hours stay the same.
_CHANGING = re.compile(
    rf"\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z|[0-9a-f]{{32}}|\b({_MONTHS}) \d{{1,2}}\b|\bE[SD]T\b"
)


def steady(text: str) -> str:
    """The text without what differs from run to run."""
    return _CHANGING.sub("*", text)


def session() -> list[tuple[str, str]]:
    """The (command, output) pairs of the README's console session."""
    (block,) = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    pairs = re.findall(r"^\$ (.*)\n([^$]*)", block, re.MULTILINE)
    return [(line, output.strip()) for line, output in pairs]


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl: install it to run the README's session")
def test_the_session_of_the_readme_prints_what_the_readme_shows(tmp_path: Path) -> None:
    """Each curl, sent to a service with an empty environment, prints the output that the README shows."""
    assert len(session()) >= 4
    with server(tmp_path / "log") as running:
        for line, output in session():
            arguments = shlex.split(line.replace("localhost:8000", running.url.removeprefix("http://")))
            ended = subprocess.run(arguments, capture_output=True, text=True, timeout=20, check=True)
            assert steady(ended.stdout.strip()) == steady(output), line
        (text,) = re.findall(r"```text\nINFO (.*?)\n```", README)
        until(lambda: steady(text) in steady(running.log), lambda: running.log)


def test_the_demo_prints_what_the_readme_shows() -> None:
    """The demo prints every line of the README's shortened output, in this order."""
    (shown,) = re.findall(r"```text\n((?:\.{3}\n)?\d\d:.*?)```", README, re.DOTALL)
    ended = subprocess.run(
        cli("demo", "--no-serve", "--speed", "1000000"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    printed = iter(ended.stdout.splitlines())
    for line in shown.splitlines():
        assert line == "..." or line in printed, line
