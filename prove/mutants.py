"""Shows that the proof can fail: applies one small fault at a time to a copy of the tree, and runs the layers on it.

A layer that passes on the unchanged tree and fails on a mutant has killed it. A mutant that no layer kills is a gap.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree, ignore_patterns

from prove.mutant_table import HISTORIES, MUTANTS, SCHEDULES, STATES, Mutant

ROOT = Path(__file__).resolve().parent.parent
#: What the layers need of the tree.
_COPIED = ("app", "prove", "tests", "tools", "deploy", "docs", "bench")
#: A layer that takes longer has hung, which a mutant may cause.
_LIMIT_S = 300


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a mutant: by layer, whether the layer has killed it."""

    mutant: Mutant
    killed_by: dict[str, bool]


def mutated(text: str, mutant: Mutant) -> str:
    """The text of the mutant's file with its fault. Raises ValueError unless `old` occurs exactly once."""
    if text.count(mutant.old) != 1:
        raise ValueError(f"mutant {mutant.name!r}: its text occurs {text.count(mutant.old)} times in {mutant.path}")
    return text.replace(mutant.old, mutant.new)


def try_mutant(mutant: Mutant) -> Verdict:
    """Run the layers on a copy of the tree with that fault."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        copy = Path(folder)
        copy_tree(copy)
        file = copy / mutant.path
        file.write_text(mutated(file.read_text(), mutant))
        layers = (STATES, SCHEDULES, *mutant.tests)
        return Verdict(mutant, {layer: not passes(layer, copy) for layer in layers})


def passing_layers() -> dict[str, bool]:
    """Run all layers on an unchanged copy: whether each passes, as it must."""
    layers = dict.fromkeys((STATES, SCHEDULES, *(test for mutant in MUTANTS for test in mutant.tests)))
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        copy_tree(Path(folder))
        return {layer: passes(layer, Path(folder)) for layer in layers}


def copy_tree(target: Path) -> None:
    """Copy what the layers need of this tree."""
    for name in _COPIED:
        copytree(ROOT / name, target / name, ignore=ignore_patterns("__pycache__"), symlinks=True)
    for file in [*ROOT.glob("*.toml"), *ROOT.glob("*.md"), *ROOT.glob("*.json"), ROOT / "justfile"]:
        (target / file.name).write_bytes(file.read_bytes())


def passes(layer: str, tree: Path) -> bool:
    """Whether the layer finds nothing wrong with that tree. A layer that does not end has found something."""
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        ended = subprocess.run(
            _command(layer),
            cwd=tree,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_LIMIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return ended.returncode == 0


def _command(layer: str) -> Sequence[str]:
    if layer in (STATES, SCHEDULES, HISTORIES):
        return [sys.executable, "-m", "prove", layer, "--sample", "--first", "--workers", "1"]
    return [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "-p", "no:cacheprovider", layer]
