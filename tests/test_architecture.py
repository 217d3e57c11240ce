"""The walls between the modules stand, and each of them is able to fail."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LINT = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache"]

#: (module, a line it must not have)
BREAKAGES = [
    ("domain/records", "import pydantic"),
    ("database", "import app.domain.records"),
    ("domain/rules/decide", "import random"),
    ("domain/rules/replies", "import logging"),
    ("domain/rules/offers", "import app.ports.store"),
    ("domain/rules/rounds", "import time"),
    ("domain/rules/assignments", "import uuid"),
    ("ports/store", "import app.domain.rules.decide"),
    ("runtime/engine", "import app.stores.memory.store"),
    ("runtime/worker", "import fastapi"),
    ("board/hub", "import starlette"),
    ("board/routes", "import app.stores.memory.store"),
    ("board/rows", "import app.domain.rules.decide"),
    ("stores/memory/store", "import app.domain.rules.decide"),
    ("stores/memory/tables", "import app.domain.rules.deliveries"),
    ("notifiers/webhook", "import app.stores.memory.store"),
    ("notifier", "import app.runtime.engine"),
    ("api", "import app.notifiers.webhook"),
    ("web/middleware", "import os"),
    ("runtime/service", "import app.api"),
    ("understanding/rules", "import app.domain.rules.decide"),
    ("stores/postgres/store", "import app.domain.rules.decide"),
    ("stores/postgres/working_set", "import app.stores.memory.tables"),
    ("api", "import app.stores.postgres.store"),
    ("runtime/service", "import psycopg"),
    ("simulation/phones", "import app.stores.memory.store"),
    ("bootstrap", "import app.simulation.phones"),
]


@pytest.mark.parametrize(("module", "line"), BREAKAGES, ids=lambda part: part)
def test_a_forbidden_import_is_caught(module: str, line: str, tmp_path: Path) -> None:
    """The import lint fails for this line in this module."""
    shutil.copytree(ROOT / "app", tmp_path / "app", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    path = tmp_path / "app" / f"{module}.py"
    path.write_text(path.read_text() + f"\n{line}\n")
    ended = subprocess.run(LINT, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ended.returncode == 1, ended.stdout
    assert f"app.{module}".replace("/", ".") in ended.stdout


def test_no_module_is_longer_than_400_lines() -> None:
    """Longer files hold two ideas."""
    too_long = [path.name for path in (ROOT / "app").rglob("*.py") if len(path.read_text().splitlines()) > 400]
    assert too_long == []
