"""The service, the simulated telephone company and the doctor as real processes, with real requests between them."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from processes import ROOT, cli, command, environment, server, until

from tools.ports import free_port


@contextmanager
def fake_twilio(*options: str) -> Iterator[dict[str, str]]:
    """The settings that the command prints, while it runs."""
    with subprocess.Popen(
        cli("fake-twilio", "--port", "0", *options), cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline().endswith("Start the service with:\n")
        lines = [running.stdout.readline().rstrip("\n") for _ in range(7)]
        try:
            yield dict(line.split("=", 1) for line in lines)
        finally:
            running.kill()


def doctor(settings: dict[str, str], *options: str) -> "subprocess.CompletedProcess[str]":
    """Run the command to its end."""
    return subprocess.run(
        cli("doctor", *options),
        cwd=ROOT,
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def test_a_shift_is_filled_and_the_doctor_finds_nothing(tmp_path: Path) -> None:
    """With the printed settings: the doctor's text arrives, and a reply by text gets a sample shift."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with (
        fake_twilio("--service", url) as settings,
        server(tmp_path / "log", command, port=port, **settings) as running,
        httpx.Client(base_url=url) as office,
    ):
        company = settings["FANOUT_TWILIO_BASE_URL"]
        found = doctor(settings, "--to", "+15550009")
        assert found.returncode == 0, found.stdout + found.stderr
        assert [tuple(line.split(":")[0].split(maxsplit=1)) for line in found.stdout.splitlines()] == [
            ("ok", "settings"),
            ("WARNING", "database"),
            ("WARNING", "API key"),
            ("ok", "public address"),
            ("ok", "account"),
            ("ok", "number"),
            ("ok", "text"),
        ]
        httpx.put(f"{company}/phones/+15550001", json={"replies": "YES", "after_s": 0}).raise_for_status()
        office.post("/shifts/shift-rn-monday/fanout").raise_for_status()
        shift = "/shifts/shift-rn-monday"
        until(lambda: office.get(shift).json()["assigned_to"] == "cg-amara", lambda: running.log)
        assert httpx.get(f"{company}/problems").json() == []


def test_the_doctor_ends_with_status_1_if_there_is_a_problem() -> None:
    """Nothing answers at the public address, and settings may be wrong."""
    with fake_twilio("--service", f"http://127.0.0.1:{free_port()}") as settings:
        found = doctor(settings)
        assert found.returncode == 1
        (problem,) = [line for line in found.stdout.splitlines() if line.startswith("PROBLEM")]
        assert problem.startswith("PROBLEM  public address: nothing answers there (ConnectError)")
        found = doctor({**settings, "FANOUT_TWILIO_AUTH_TOKEN": ""})
        assert (found.returncode, found.stderr) == (1, "")
        assert found.stdout.startswith("PROBLEM  settings: FANOUT_TWILIO_AUTH_TOKEN not set")
