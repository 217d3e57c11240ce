"""The README's commands do what it says, line by line."""

import re
import shlex
import shutil
import subprocess
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest
from processes import ROOT, cli, command, server

from app.domain.records import Outcome
from app.settings import Settings

README = (ROOT / "README.md").read_text()
#: What differs from run to run.
_CHANGING = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z|[0-9a-f]{32}")


def session() -> list[tuple[str, str]]:
    """The (command, output) pairs of the README's console session."""
    (block,) = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    pairs = re.findall(r"^\$ (.*)\n([^$]*)", block, re.MULTILINE)
    return [(line, output.strip()) for line, output in pairs]


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl: install it to run the README's session")
def test_the_session_of_the_readme_prints_what_the_readme_shows(tmp_path: Path) -> None:
    """Each curl, against a service with an empty environment, gives the output that is printed there."""
    assert len(session()) >= 4
    with server(tmp_path / "log") as running:
        for line, output in session():
            said = shlex.split(line.replace("localhost:8000", running.url.removeprefix("http://")))
            ended = subprocess.run(said, capture_output=True, text=True, timeout=20, check=True)
            assert _CHANGING.sub("*", ended.stdout.strip()) == _CHANGING.sub("*", output), line
        (text,) = re.findall(r"```text\nINFO (.*?)\n```", README)
        running.wait_for(text)


def test_the_demo_prints_what_the_readme_shows() -> None:
    """Every line of the shortened output, in its order."""
    (shown,) = re.findall(r"```text\n(\d\d:.*?)```", README, re.DOTALL)
    ended = subprocess.run(
        cli("demo", "--no-serve", "--speed", "1000000"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    printed = iter(ended.stdout.splitlines())
    for line in shown.splitlines():
        assert line == "..." or line in printed, line


def test_the_start_command_is_the_one_that_is_tested() -> None:
    """What the process tests run is what the README tells a newcomer to run."""
    (start,) = {line for line in README.splitlines() if line.startswith("uv run uvicorn")}
    assert start.removeprefix("uv run ").split() == command(1234)[2:-2]


def test_the_gate_runs_the_test_command_of_the_readme() -> None:
    """`.ci/run` runs the same command as a newcomer."""
    gate = (ROOT / ".ci" / "run").read_text().splitlines()
    for line in ("uv run pytest", "uv run ruff check"):
        assert line in README.splitlines()
        assert line in gate


def test_every_setting_and_every_outcome_is_in_the_readme() -> None:
    """No setting without its row, no outcome without its row."""
    for field in fields(Settings):
        assert f"`FANOUT_{field.name.upper()}`" in README
    for outcome in Outcome:
        assert f"`{outcome}`" in README


def test_every_file_the_docs_link_to_exists() -> None:
    """Relative links of the README and of the docs lead somewhere."""
    for page in (ROOT / "README.md", ROOT / "PROJECT_REFLECTION.md", *(ROOT / "docs").rglob("*.md")):
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_default_install_has_the_four_dependencies_of_the_brief() -> None:
    """What goes beyond is an extra or a dev dependency."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = sorted(re.split(r"[<>=~!]", dependency)[0] for dependency in project["dependencies"])
    assert names == ["fastapi", "httpx", "pydantic", "uvicorn"]
