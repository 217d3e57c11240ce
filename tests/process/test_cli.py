"""The command line as a real process: its help, its refusals, and the service and the demo that it starts."""

import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from itertools import chain, repeat
from pathlib import Path

import httpx
import pytest
from processes import ROOT, cli, environment, server

import app
from app.cli.main import COMMANDS, Command


def shift_fanout(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run the command to its end."""
    return subprocess.run(
        cli(*arguments), cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_explains_itself(command: Command) -> None:
    """`--help` lists the command with its summary. The command's own `--help` shows its usage."""
    assert f" {command.name} {command.summary}" in " ".join(shift_fanout("--help").stdout.split())
    ended = shift_fanout(command.name, "--help")
    assert ended.returncode == 0
    assert command.summary in " ".join(ended.stdout.split())
    assert f"usage: shift-fanout {command.name}" in ended.stdout


def test_the_version_is_the_packages() -> None:
    """`--version` prints the version of the package in one line."""
    assert shift_fanout("--version").stdout == f"shift-fanout {app.__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "COMMAND"),
        (["fly"], "'fly'"),
        (["serve", "--port", "65536"], "'65536' is not a port from 0 to 65535"),
        (["purge"], "--older-than"),
        (["purge", "--older-than", "soon"], "'soon' is not a number of days from 0 to 36500"),
        (["demo", "--speed", "nan"], "'nan' is not a speed from 1 to 1000000"),
        (["demo", "--speed", "0.5"], "'0.5' is not a speed from 1 to 1000000"),
        (["demo", "--keep", "--no-serve"], "not allowed with"),
        (["fake-twilio", "--number", "5"], "'5' is not a telephone number: write it as +1 555 555 0100"),
        (["fake-twilio", "--after", "-1"], "'-1' is not a number of seconds from 0 to 3600"),
        (["fake-twilio", "--presses", "yes"], "invalid choice: 'yes'"),
    ],
)
def test_wrong_usage_ends_with_status_2(arguments: list[str], words: str) -> None:
    """The last line says what was wrong."""
    ended = shift_fanout(*arguments)
    assert ended.returncode == 2
    assert words in ended.stderr.splitlines()[-1]


@pytest.mark.parametrize("command", ["serve", "demo", "fake-twilio"])
def test_a_port_that_is_taken_is_one_line_and_status_1(command: str) -> None:
    """The process ends with one line and without a traceback."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = shift_fanout(command, "--port", str(port))
    assert (ended.returncode, ended.stdout) == (1, "")
    (line,) = ended.stderr.splitlines()
    assert line.startswith(f"cannot listen on 127.0.0.1 port {port}: ")
    assert "in use" in line


def test_serve_starts_the_service_until_sigterm(tmp_path: Path) -> None:
    """`serve` reads its settings from the environment, and SIGTERM ends it."""
    with server(tmp_path / "log", lambda port: cli("serve", "--port", str(port)), FANOUT_API_KEY="k") as running:
        assert httpx.get(running.url + "/health").json() == {"status": "ok"}
        assert httpx.get(running.url + "/shifts").status_code == 401
        running.process.send_signal(signal.SIGTERM)
        assert running.wait_for_exit() in (0, -signal.SIGTERM)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("FANOUT_NOTIFIER", "pigeon", "FANOUT_NOTIFIER='pigeon'"),
        ("WEB_CONCURRENCY", "2", "WEB_CONCURRENCY=2: several processes need a FANOUT_DATABASE_URL"),
    ],
)
def test_serve_refuses_a_bad_setting_in_one_line(name: str, value: str, words: str) -> None:
    """A bad setting stops `serve` as it stops the uvicorn command. No process is started for it."""
    ended = subprocess.run(
        cli("serve", "--port", "0"),
        cwd=ROOT,
        env=environment(**{name: value}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    (line,) = ended.stderr.splitlines()
    assert words in line


def test_the_demo_ends_after_its_summary_without_a_terminal() -> None:
    """Standard output is not a terminal here. The summary counts every shift as filled or unfilled."""
    ended = shift_fanout("demo", "--port", "0", "--speed", "1000000")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "\x1b" not in ended.stdout
    sums, median_time = ended.stdout.splitlines()[-2:]
    assert median_time.startswith("median time to fill: ")
    shifts, filled, unfilled = (int(sums.split()[position]) for position in (0, 2, 4))
    assert filled + unfilled == shifts == 6


@pytest.mark.skipif(sys.platform == "win32", reason="needs pseudo-terminals: run it on Linux or macOS")
@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_the_demo_on_a_terminal_has_colours_and_a_countdown(no_color: str, coloured: bool) -> None:
    """With NO_COLOR the countdown stays, without colours."""
    ours, theirs = os.openpty()
    settings = environment(NO_COLOR=no_color, TERM="xterm")
    # At this speed the run takes about half a second, so that the countdown is shown.
    demo = cli("demo", "--no-serve", "--speed", "5000")
    with subprocess.Popen(demo, cwd=ROOT, env=settings, stdout=theirs, stderr=theirs) as running:
        os.close(theirs)
        written = b""
        # On Linux reading fails once the process has closed its end.
        with suppress(OSError):
            while chunk := os.read(ours, 65_536):
                written += chunk
        os.close(ours)
        assert running.wait(timeout=30) == 0
    text = written.decode()
    assert "calls in " in text
    assert ("\x1b[32m" in text) == coloured
    assert text.splitlines()[-1].startswith("median time to fill: ")


def test_viewers_do_not_disturb_the_demo() -> None:
    """With requests during the whole run, and at another speed, the demo prints the same lines below its heading."""
    alone = shift_fanout("demo", "--no-serve", "--speed", "1000000").stdout.splitlines()[1:]
    with subprocess.Popen(
        cli("demo", "--port", "0", "--speed", "1000"), cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True
    ) as watched:
        assert watched.stdout is not None
        address = watched.stdout.readline().split()[4]
        requests = 0
        with httpx.Client(base_url=address) as viewer:
            for path in chain.from_iterable(repeat(("/shifts", "/caregivers", "/shifts/rn-quincy/fanout"))):
                try:
                    viewer.get(path)
                except httpx.TransportError:
                    break
                requests += 1
        assert watched.stdout.read().splitlines()[1:] == alone
    assert requests > 10


def test_the_demo_can_keep_the_board_up_until_it_is_interrupted(tmp_path: Path) -> None:
    """The API still answers after the summary, and Ctrl-C ends the process without a traceback."""
    demo = "demo", "--keep", "--speed", "1000000"
    with server(tmp_path / "log", lambda port: cli(*demo, "--port", str(port))) as running:
        running.wait_for("Ctrl-C ends it")
        assert httpx.get(running.url + "/shifts/rn-quincy/fanout").status_code == 200
        running.process.send_signal(signal.SIGINT)
        assert running.wait_for_exit() == 130
        assert "Traceback" not in running.log


def test_an_open_board_does_not_disturb_the_end_of_the_demo() -> None:
    """The event stream ends as a complete response, and the demo prints no error."""
    with subprocess.Popen(
        cli("demo", "--port", "0", "--speed", "1000", "--no-keep"),
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as demo:
        assert demo.stdout is not None
        assert demo.stderr is not None
        address = demo.stdout.readline().split()[4]
        with httpx.stream("GET", f"{address}events", timeout=30) as events:
            assert "event: changes" in list(events.iter_lines())
        assert "6 shifts" in demo.stdout.read()
        assert demo.stderr.read() == ""
        assert demo.wait(timeout=30) == 0


@pytest.mark.parametrize("serving", [["--no-serve"], ["--port", "0"]], ids=["alone", "serving"])
def test_a_closed_pipe_ends_the_demo_quietly(serving: list[str]) -> None:
    """A closed pipe, as in `shift-fanout demo | head`, ends the demo without an error."""
    with subprocess.Popen(
        cli("demo", *serving, "--speed", "1000000"),
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as demo:
        assert demo.stdout is not None
        assert demo.stderr is not None
        while not demo.stdout.readline().startswith("Seed 1"):
            pass
        demo.stdout.close()
        assert demo.stderr.read() == ""
        assert demo.wait(timeout=30) == 0
