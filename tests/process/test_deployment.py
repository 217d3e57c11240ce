"""The Dockerfile and the compose file, as far as they can be tried without Docker."""

import re
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import yaml
from processes import ROOT

from app.settings import Settings

DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text()
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
#: What somebody who starts it must set. Characters that a URL would have to quote.
GIVEN = {"POSTGRES_PASSWORD": "p@ss/w:rd#%", "FANOUT_API_KEY": "a-key-of-the-office"}


def substituted(part: Any, given: Mapping[str, str]) -> Any:
    """That part of the file with its variables as Compose fills them in. Raises KeyError if one has to be given."""

    def value(found: re.Match[str]) -> str:
        name, operator, default = found[1], found[2], found[3]
        return given[name] if operator == ":?" else given.get(name, default)

    if isinstance(part, dict):
        return {key: substituted(one, given) for key, one in part.items()}
    if isinstance(part, list):
        return [substituted(one, given) for one in part]
    return re.sub(r"\$\{(\w+)(:-|-|:\?)([^}]*)\}", value, part) if isinstance(part, str) else part


def compose_file() -> dict[str, Any]:
    """The compose file, with variables only where they must be given."""
    return dict(substituted(yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text()), GIVEN))


def services() -> dict[str, dict[str, Any]]:
    """Its services, by name."""
    return dict(compose_file()["services"])


@contextmanager
def answering(status: int) -> Iterator[int]:
    """A server that answers `/ready` with this status; yields its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Answer."""
            self.send_response(status if self.path == "/ready" else 404)
            self.end_headers()

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Write nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("name", ["migrate", "api-1", "api-2", "worker-1", "worker-2"])
def test_a_service_accepts_its_environment(name: str) -> None:
    """With nothing set but what must be: variables left empty are as good as unset."""
    environment = services()[name]["environment"]
    settings = Settings.from_env(environment)
    assert settings.database_url == "postgresql://fanout@postgres/fanout"
    assert environment["PGPASSWORD"] == GIVEN["POSTGRES_PASSWORD"]
    assert settings.role == {"a": "api", "w": "worker", "m": "all"}[name[0]]


@pytest.mark.parametrize(("status", "ended"), [(200, 0), (503, 1)])
def test_the_health_check_fails_while_a_process_is_not_ready(status: int, ended: int) -> None:
    """It is run as the file has it, but for the port."""
    kind, program, *arguments = services()["api-1"]["healthcheck"]["test"]
    assert (kind, program) == ("CMD", "python")
    with answering(status) as port:
        command = [sys.executable, *(one.replace(":8000", f":{port}") for one in arguments)]
        assert subprocess.run(command, check=False, capture_output=True).returncode == ended


def test_the_image_installs_extras_and_starts_a_script_that_exist() -> None:
    """Names that the project has, and every extra that a setting of the compose file needs."""
    extras = set(re.findall(r"--extra (\w+)", DOCKERFILE))
    assert {"postgres", "metrics", "traces"} <= extras <= PROJECT["optional-dependencies"].keys()
    started = re.search(r'CMD \["([\w-]+)"', DOCKERFILE)
    assert started is not None
    own = [one for one in services().values() if one["image"] == "shift-fanout"]
    commands = [one.get("entrypoint") or one.get("command") or [started[1]] for one in own]
    assert len(own) == 6
    assert {command[0] for command in commands} <= PROJECT["scripts"].keys()


def test_volumes_and_dependencies_are_declared() -> None:
    """What a service mounts or waits for is in the file or in the folder."""
    declared = compose_file()["volumes"].keys()
    for service in services().values():
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            assert source in declared or (ROOT / "deploy" / source).is_file()
        assert set(service.get("depends_on", ())) <= services().keys()
