"""The import contracts hold for the package, and each of them fails for an import that it forbids."""

import shutil
import subprocess
import sys
from copy import deepcopy
from pathlib import Path

import grimp
import pytest
from importlinter import Contract
from importlinter.api import read_configuration
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.independence import IndependenceContract
from importlinter.contracts.layers import LayersContract
from importlinter.contracts.protected import ProtectedContract

ROOT = Path(__file__).resolve().parent.parent
KINDS: dict[str, type[Contract]] = {
    "forbidden": ForbiddenContract,
    "independence": IndependenceContract,
    "layers": LayersContract,
    "protected": ProtectedContract,
}

#: (module, a line it must not have, the start of the name of the contract that forbids it)
BREAKAGES = [
    ("errors", "import app.domain.records", "Each room imports only rooms below it"),
    ("domain/records", "import app.ports.clock", "Each room imports only rooms below it"),
    ("ports/store", "import app.database", "Each room imports only rooms below it"),
    ("database", "import app.stores.rate_limit", "Each room imports only rooms below it"),
    ("understanding/rules", "import app.intent", "Each room imports only rooms below it"),
    ("intake/bodies", "import app.settings", "Each room imports only rooms below it"),
    ("notifiers/webhook", "import app.stores.memory.store", "Each room imports only rooms below it"),
    ("readers/model", "import app.notifiers.webhook", "Each room imports only rooms below it"),
    ("notifier", "import app.runtime.engine", "Each room imports only rooms below it"),
    ("access/keyring", "import app.web.params", "Each room imports only rooms below it"),
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


@pytest.fixture(scope="module")
def package() -> grimp.ImportGraph:
    """Every module of the package with what it imports, read from the source once."""
    return grimp.build_graph("app", include_external_packages=True, cache_dir=None)


@pytest.fixture
def graph(package: grimp.ImportGraph) -> grimp.ImportGraph:
    """A copy of the graph that a test may change."""
    return deepcopy(package)


def contracts() -> list[Contract]:
    """The contracts of pyproject.toml."""
    configuration = read_configuration(str(ROOT / "pyproject.toml"))
    return [
        KINDS[options["type"]](options["name"], configuration["session_options"], options)
        for options in configuration["contracts_options"]
    ]


def kept(graph: grimp.ImportGraph, name: str) -> bool:
    """Whether the graph keeps the contract whose name starts so. A contract may change the graph it checks."""
    (contract,) = [one for one in contracts() if one.name.startswith(name)]
    return contract.check(deepcopy(graph), verbose=False).kept


@pytest.mark.parametrize("contract", contracts(), ids=lambda contract: contract.name)
def test_the_package_keeps_every_contract(contract: Contract, graph: grimp.ImportGraph) -> None:
    """The contracts hold, and each has a row in `BREAKAGES`."""
    assert contract.check(graph, verbose=False).kept
    assert any(contract.name.startswith(name) for _, _, name in BREAKAGES)


@pytest.mark.parametrize(("module", "line", "contract"), BREAKAGES, ids=lambda part: part)
def test_a_forbidden_import_is_caught(module: str, line: str, contract: str, graph: grimp.ImportGraph) -> None:
    """The contract breaks if this module imports that one."""
    importer, imported = "app." + module.replace("/", "."), line.removeprefix("import ")
    assert {importer, imported} <= graph.modules
    graph.add_import(importer=importer, imported=imported)
    assert not kept(graph, contract)


@pytest.mark.parametrize(
    ("package_name", "contract"),
    [
        ("app", "Each room imports only rooms below it"),
        ("app.domain", "In the domain, rules stand on commands, commands on records"),
        ("app.domain.rules", "Among the rules, each imports only simpler ones"),
    ],
)
def test_a_module_without_a_layer_is_caught(package_name: str, contract: str, graph: grimp.ImportGraph) -> None:
    """A new module of a layered package must be given a layer."""
    graph.add_module(f"{package_name}.helpers")
    assert not kept(graph, contract)


def test_the_lint_command_reads_the_source_and_the_contracts(tmp_path: Path) -> None:
    """`lint-imports` fails for a line in a file, as in the gate; the other tests add imports to a graph."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "app", tmp_path / "app", ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / "app" / "errors.py").open("a") as module:
        module.write("import app.domain.records\n")
    command = "from importlinter.cli import lint_imports_command as lint; lint()"
    ended = subprocess.run(
        [sys.executable, "-c", command, "--no-cache"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1, ended.stdout
    assert "app.errors is not allowed to import app.domain" in ended.stdout


def test_no_module_is_longer_than_400_lines() -> None:
    """A longer file holds two ideas."""
    too_long = [path.name for path in (ROOT / "app").rglob("*.py") if len(path.read_text().splitlines()) > 400]
    assert too_long == []
