"""The demo over real HTTP between the service and the simulated telephone company."""

import subprocess

from processes import ROOT, cli, environment


def lines_of(*options: str) -> list[str]:
    """What the demo prints below its heading."""
    ended = subprocess.run(
        cli("demo", "--no-serve", "--speed", "1000000", *options),
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout.splitlines()[1:]


def test_the_timeline_is_the_same_through_twilio() -> None:
    """Every text, call and answer comes at the same time. Only calls without an answer are on record in addition."""
    plain, through_twilio = lines_of(), lines_of("--twilio")
    end = plain.index("", 1)
    assert end > 20
    assert through_twilio[:end] == plain[:end]
    assert through_twilio[-2:] == plain[-2:]
