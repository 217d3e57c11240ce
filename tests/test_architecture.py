"""The walls between the modules stand, and each of them is able to fail."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LINT = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache"]

#: (module, a line it must not have, the contract that says so)
BREAKAGES = [
    ("errors", "import app.domain.records", "Each room imports only rooms below it"),
    ("domain/records", "import app.ports.clock", "Each room imports only rooms below it"),
    ("ports/store", "import app.database", "Each room imports only rooms below it"),
    ("database", "import app.stores.rate_limit", "Each room imports only rooms below it"),
    ("understanding/rules", "import app.intent", "Each room imports only rooms below it"),
    ("intake/bodies", "import app.settings", "Each room imports only rooms below it"),
    ("notifiers/webhook", "import app.stores.memory.store", "Each room imports only rooms below it"),
    ("notifier", "import app.runtime.engine", "Each room imports only rooms below it"),
    ("runtime/worker", "import app.bootstrap", "Each room imports only rooms below it"),
    ("web/routes/messages", "import app.bootstrap", "Each room imports only rooms below it"),
    ("web/rendering", "import app.board.rows", "Each room imports only rooms below it"),
    ("board/hub", "import app.api", "Each room imports only rooms below it"),
    ("api", "import app.simulation.phones", "Each room imports only rooms below it"),
    ("simulation/demo", "import app.cli.main", "Each room imports only rooms below it"),
    ("domain/records", "import app.domain.texts", "In the domain, rules stand on commands, commands on records"),
    ("domain/rules/offers", "import app.domain.rules.rounds", "Among the rules, each imports only simpler ones"),
    ("web/routes/messages", "import app.domain.rules.decide", "Only the runtime reaches the rules"),
    ("stores/memory/store", "import app.domain.rules.decide", "Only the runtime reaches the rules"),
    ("stores/memory/tables", "import app.stores.postgres.store", "The two stores do not know each other"),
    ("stores/postgres/store", "import app.stores.memory.store", "The two stores do not know each other"),
    ("api", "import app.stores.postgres.store", "An extra is imported only where it was asked for"),
    ("domain/rules/decide", "import random", "Domain and understanding are pure"),
    ("domain/rules/replies", "import logging", "Domain and understanding are pure"),
    ("understanding/tokens", "import time", "Domain and understanding are pure"),
    ("runtime/service", "import fastapi", "No HTTP framework below the web"),
    ("board/hub", "import starlette", "No HTTP framework below the web"),
    ("runtime/service", "import psycopg", "The database driver stays in its store"),
]


def lint(root: Path, tmp_path: Path) -> "subprocess.CompletedProcess[str]":
    """Run the import lint on a copy of the project in `tmp_path`."""
    shutil.copy(root / "pyproject.toml", tmp_path)
    return subprocess.run(LINT, cwd=tmp_path, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("module", "line", "contract"), BREAKAGES, ids=lambda part: part)
def test_a_forbidden_import_is_caught(module: str, line: str, contract: str, tmp_path: Path) -> None:
    """The contract breaks for this line in this module."""
    shutil.copytree(ROOT / "app", tmp_path / "app", ignore=shutil.ignore_patterns("__pycache__"))
    path = tmp_path / "app" / f"{module}.py"
    path.write_text(path.read_text() + f"\n{line}\n")
    ended = lint(ROOT, tmp_path)
    assert ended.returncode == 1, ended.stdout
    broken = [row for row in ended.stdout.splitlines() if row.startswith(contract) and row.endswith("BROKEN")]
    assert broken, ended.stdout


@pytest.mark.parametrize("room", ["app", "app/domain", "app/domain/rules"])
def test_a_module_that_is_placed_nowhere_is_caught(room: str, tmp_path: Path) -> None:
    """A new module in a layered room must get a layer."""
    shutil.copytree(ROOT / "app", tmp_path / "app", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / room / "helpers.py").write_text('"""New."""\n')
    ended = lint(ROOT, tmp_path)
    assert ended.returncode == 1, ended.stdout
    assert "helpers" in ended.stdout


def test_no_module_is_longer_than_400_lines() -> None:
    """Longer files hold two ideas."""
    too_long = [path.name for path in (ROOT / "app").rglob("*.py") if len(path.read_text().splitlines()) > 400]
    assert too_long == []
