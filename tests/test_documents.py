"""The documents say what the code does: states, rooms, settings, routes, outcomes, paths and links."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from fastapi import FastAPI
from processes import ROOT, command
from starlette.routing import Route

from app.api import create_app
from app.board import routes as board
from app.domain.fanout_records import FanoutStatus
from app.domain.records import Outcome
from app.domain.rules.fanouts import MOVES, Move
from app.settings import Settings

README = (ROOT / "README.md").read_text()
API = (ROOT / "docs" / "api.md").read_text()
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text()
PAGES = [
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    ROOT / "PROJECT_REFLECTION.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
METHODS = frozenset({"GET", "PUT", "POST", "DELETE", "PATCH"})
#: The API description and the files of the board. They need no row in the tables of routes.
NOT_IN_THE_TABLE = ("/docs", "/redoc", "/openapi.json", "/static")

Moves = set[tuple[FanoutStatus | None, Move, FanoutStatus]]


def section(page: str, heading: str) -> str:
    """The text of `page` below that heading, up to the next heading of the same or a higher level."""
    level = heading.index(" ")
    _, _, rest = page.partition(f"\n{heading}\n")
    assert rest, f"there is no heading {heading!r}"
    return re.split(rf"^#{{1,{level}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def first_cells(table: str) -> list[str]:
    """The first cell of each row of the tables in that text, without the head of the first table."""
    return re.findall(r"^\| (.*?) \|", table, re.MULTILINE)[1:]


def spans(text: str) -> list[str]:
    """The code spans of a text, outside of fenced blocks."""
    prose = re.sub(r"^ *```.*?^ *```", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"`([^`\n]+)`", prose)


def drawn_moves(diagram: str) -> Moves:
    """The moves in a mermaid state diagram: `before --> after: move, move`; `[*]` is the state without a fanout."""
    arrows = re.findall(r"^ +(\S+) --> (\w+): (.+)$", diagram, re.MULTILINE)
    return {
        (None if before == "[*]" else FanoutStatus(before), Move(move), FanoutStatus(after))
        for before, after, moves in arrows
        for move in moves.split(", ")
    }


def served(app: FastAPI) -> set[tuple[str, str]]:
    """The (method, path) of every route. Parameters lose their names; HEAD is left out."""
    found = {(method.upper(), path) for path, operations in app.openapi()["paths"].items() for method in operations}
    for route in (*app.routes, *board.router.routes):
        if isinstance(route, Route):
            found |= {(method, route.path) for method in route.methods or ()}
    return {
        (method, re.sub(r"{\w+}", "{}", path))
        for method, path in found
        if method in METHODS and not path.startswith(NOT_IN_THE_TABLE)
    }


def documented(table: str) -> set[tuple[str, str]]:
    """The (method, path) of each route in a table. Parameters lose their names."""
    routes = re.findall(r"`([A-Z]+) (/[^`?]*)", "\n".join(first_cells(table)))
    return {(method, re.sub(r"{\w+}", "{}", path)) for method, path in routes}


def settings_read(source: str) -> set[str]:
    """The names of environment variables in the source of the settings."""
    texts = (node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant))
    return {text for text in texts if isinstance(text, str) and re.fullmatch(r"FANOUT_[A-Z_]+", text)}


def missing_paths(page: str) -> Iterator[str]:
    """The paths and modules in a text that do not exist. `NNNN_name` stands for the name of a numbered file."""
    top = {entry.name for entry in ROOT.iterdir()}
    for span in spans(page):
        name = span.replace("NNNN_name", "*")
        if re.fullmatch(r"app(\.\w+){2,}", name):
            name = name.replace(".", "/") + "*"
        elif not re.fullmatch(r"[\w./*-]+", name) or "/" not in name or name.split("/")[0] not in top:
            continue
        if not any(ROOT.glob(name.rstrip("/"))):
            yield span


def test_the_drawn_states_are_the_table_of_moves() -> None:
    """The diagram has every move of the table, and no other."""
    (diagram,) = re.findall(r"```mermaid\nstateDiagram-v2\n(.*?)```", ARCHITECTURE, re.DOTALL)
    assert drawn_moves(diagram) == {(before, move, after) for (before, move), after in MOVES.items()}


def test_every_move_is_explained() -> None:
    """The table below the diagram has a row for each move."""
    explained = first_cells(section(ARCHITECTURE, "## The states of a fanout"))
    assert sorted(explained) == sorted(f"`{move}`" for move in Move)


def test_every_room_is_described() -> None:
    """The table of rooms has each folder and file at the top of `app`."""
    described = {span for cell in first_cells(section(ARCHITECTURE, "## Rooms")) for span in spans(cell)}
    existing = {
        f"app/{entry.name}"
        for entry in (ROOT / "app").iterdir()
        if (entry / "__init__.py").exists() or (entry.suffix == ".py" and not entry.name.startswith("__"))
    }
    assert described == existing


def test_the_layers_are_those_of_the_import_contract() -> None:
    """The list of layers is the first contract of layers, line by line."""
    (layers,) = re.findall(r"```text\n(.*?)```", section(ARCHITECTURE, "### Layers"), re.DOTALL)
    lint = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    (contract,) = [one for one in lint["contracts"] if one.get("containers") == ["app"]]
    assert layers.splitlines() == contract["layers"]


def test_every_setting_is_in_the_readme_and_no_other() -> None:
    """README's table has a row for each variable that the settings read."""
    named = re.findall(r"FANOUT_[A-Z_]+", "\n".join(first_cells(section(README, "## Settings"))))
    assert len(named) == len(set(named))
    assert set(named) == settings_read((ROOT / "app" / "settings.py").read_text())


def test_the_compose_file_passes_on_every_setting() -> None:
    """`FANOUT_ROLE` is that of each process. A variable that is not set outside has its default inside."""
    compose = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())
    inside = {name: str(value) for name, value in compose["x-service"]["environment"].items()}
    assert settings_read((ROOT / "app" / "settings.py").read_text()) - set(inside) == {"FANOUT_ROLE"}
    required = {"FANOUT_API_KEY": "the-key", "FANOUT_DATABASE_URL": "postgresql://fanout:secret@postgres/fanout"}
    defaults = {name: re.sub(r"\$\{\w+:?-?(.*)\}", r"\1", value) for name, value in inside.items()} | required
    assert Settings.from_env(defaults) == Settings.from_env(required)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_prose_is_wrapped(page: Path) -> None:
    """No line of prose is longer than 120 characters. Tables and fenced blocks may be wider."""
    prose = re.sub(r"^ *```.*?^ *```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    assert [line for line in prose.splitlines() if len(line) > 120 and not line.startswith("|")] == []


@pytest.mark.parametrize("record", sorted((ROOT / "docs" / "adr").glob("*.md")), ids=lambda record: record.name)
def test_decision_records_are_short(record: Path) -> None:
    """docs/contributing.md wants less than thirty lines."""
    assert len(record.read_text().splitlines()) < 30


@pytest.mark.parametrize("page", [README, API], ids=["README.md", "docs/api.md"])
def test_every_route_is_described_and_no_other(page: str) -> None:
    """Both tables of routes have each method and path that the application serves."""
    assert documented(section(page, "## Routes")) == served(create_app(Settings()))


def test_every_outcome_is_described() -> None:
    """The table of outcomes has a row for each."""
    named = spans("\n".join(first_cells(section(API, "## Replies"))))
    assert set(Outcome) <= set(named)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file(page: Path) -> None:
    """Relative links lead to a file, and those to a part of a page to one of its headings."""
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", page.read_text()):
        path, _, anchor = target.partition("#")
        linked = page.parent / path if path else page
        assert linked.exists(), target
        titles = re.findall(r"(?m)^#+ (.+)$", linked.read_text()) if anchor else []
        assert not anchor or anchor in {re.sub(r"[^\w -]", "", one).lower().replace(" ", "-") for one in titles}, (
            target
        )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_exists(page: Path) -> None:
    """Each path and each module that a document names exists."""
    assert list(missing_paths(page.read_text())) == []


@pytest.mark.parametrize("page", [page for page in PAGES if page.parent.name != "adr"], ids=lambda page: page.name)
def test_files_are_named_by_their_path(page: Path) -> None:
    """Documents name a source file by its path from the root, so that a test can check that it exists."""
    names = [
        span for span in spans(page.read_text()) if re.fullmatch(r"[\w./-]+\.(py|js|css|sql|toml|ya?ml|conf)", span)
    ]
    assert [name for name in names if not (ROOT / name).exists()] == []


def test_the_start_command_is_the_one_that_is_tested() -> None:
    """The tests of processes start the service as README tells a newcomer to."""
    (start,) = {line for line in README.splitlines() if line.startswith("uv run uvicorn")}
    assert start.removeprefix("uv run ").split() == command(1234)[2:-2]


def test_the_gate_runs_the_commands_of_the_readme() -> None:
    """`.ci/run` runs the same checks as a newcomer."""
    gate = (ROOT / ".ci" / "run").read_text().splitlines()
    for line in ("uv run pytest", "uv run ruff check"):
        assert line in README.splitlines()
        assert line in gate


def test_just_check_runs_the_commands_of_the_gate() -> None:
    """`just check` and the recipes it depends on run the same commands in the same order as `.ci/run`."""
    recipes: dict[str, list[str]] = {}
    for head, body in re.findall(r"(?m)^([\w *]+:.*)\n((?: {4}.+\n?)*)", (ROOT / "justfile").read_text()):
        recipes[head.partition(":")[0].split()[0]] = [head.partition(":")[2], *body.split("\n")]
    needed, *own = recipes["check"]
    lines = [line for name in needed.split() for line in recipes[name][1:]] + own
    commands = [line.strip().removeprefix("HYPOTHESIS_PROFILE=gate ") for line in lines if line.strip()]
    gate = (ROOT / ".ci" / "run").read_text().splitlines()
    assert commands == [line for line in gate if line.startswith("uv run ")]


def test_the_default_install_has_the_four_dependencies_of_the_task() -> None:
    """Everything else is an extra or a development dependency."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = sorted(re.split(r"[<>=~!]", dependency)[0] for dependency in project["dependencies"])
    assert names == ["fastapi", "httpx", "pydantic", "uvicorn"]


def measured(what: str) -> float:
    """The smallest figure a second in the row of docs/performance.md that begins with these words."""
    page = (ROOT / "docs" / "performance.md").read_text()
    (row,) = re.findall(rf"^\| {re.escape(what)} \| (.*?) \|", page, re.MULTILINE)
    return min(float(figure.replace(",", "")) for figure in re.findall(r"([\d,.]+)/s", row))


def test_the_example_of_capacity_uses_the_figures_that_were_measured() -> None:
    """Who plans by docs/postgres.md buys as many processes as docs/performance.md says are needed."""
    example = " ".join(section((ROOT / "docs" / "postgres.md").read_text(), "## More than one database").split())
    messages, planned, forgotten = (
        measured(f"{what}, 1 worker process")
        for what in (
            "contacts leased, sent and recorded",
            "fanouts planned, with ten texts each sent beside it",
            "fanouts forgotten",
        )
    )
    replies = measured("late accepts, with / without `shift_id`")
    assert f"recorded {messages:,.0f} messages a second" in example
    assert f"answered {replies:,.0f} replies a second" in example
    assert f"planned {planned:,.0f} fanouts of ten a second" in example
    assert f"forgot {forgotten:,.0f} a second" in example
    assert f"1,040 a second at the peak | {1040 / messages:.0%}".replace("%", " %") in example
    assert f"210 a second at the peak | {210 / replies:.0%}".replace("%", " %") in example
