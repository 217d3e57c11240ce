"""Shows that the proof can fail: applies one small fault at a time to a copy of the tree, and runs layers on it.

A layer that passes on the unchanged tree and fails on a mutant has killed it. A layer that ends with an error has
not killed it: a mutant must run and break a rule. Each mutant names its layers. One of them that does not kill it is
a gap, except a history: what happens in that depends on the speed of the machine.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree, ignore_patterns

from prove.mutant_table import HISTORIES, MUTANTS, SCHEDULES, STATES, Mutant

ROOT = Path(__file__).resolve().parent.parent
#: What the layers need of the tree.
_COPIED = ("app", "prove", "tests", "tools", "deploy", "docs", "bench")
#: A layer that takes longer has hung, which a mutant may cause.
_LIMIT_S = 300


#: What `python -m prove` and pytest end with if nothing is wrong, and if a rule is broken or a test fails. Any other
#: status means that an error has ended them, or that there is no such test.
_PASSED, _FAILED = 0, 1
#: Characters of a layer's output that an error shows, counted from its end.
_SHOWN = 2_000


class DoesNotRun(Exception):
    """A layer has neither passed nor found a fault, so it says nothing about the mutant."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a mutant: by layer, whether the layer has killed it."""

    mutant: Mutant
    killed_by: dict[str, bool]

    @property
    def missed_by(self) -> list[str]:
        """The layers that should have killed it and have not."""
        dead = any(self.killed_by.values())
        return [layer for layer, kills in self.killed_by.items() if not kills and not (dead and layer == HISTORIES)]


def mutated(text: str, mutant: Mutant) -> str:
    """The text of the mutant's file with its fault. Raises ValueError unless `old` occurs exactly once."""
    if text.count(mutant.old) != 1:
        raise ValueError(f"mutant {mutant.name!r}: its text occurs {text.count(mutant.old)} times in {mutant.path}")
    return text.replace(mutant.old, mutant.new)


def try_mutant(original: Path, mutant: Mutant) -> Verdict:
    """Run the mutant's layers on a copy of the original with that fault. Raises `DoesNotRun` as `passes` does."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        copy = Path(folder) / "tree"
        copytree(original, copy, symlinks=True)
        file = copy / mutant.path
        file.write_text(mutated(file.read_text(), mutant))
        return Verdict(mutant, {layer: not passes(layer, copy) for layer in mutant.layers})


def layers_that_pass(original: Path) -> Iterator[tuple[str, bool]]:
    """Run each layer that a mutant names on a copy of the original. Each must pass."""
    with tempfile.TemporaryDirectory(prefix="unchanged-") as folder:
        copy = Path(folder) / "tree"
        copytree(original, copy, symlinks=True)
        for layer in dict.fromkeys(layer for mutant in MUTANTS for layer in mutant.layers):
            yield layer, passes(layer, copy)


@contextmanager
def original_tree() -> Iterator[Path]:
    """A copy of what the layers need of this tree, compiled, until the block ends. Nothing must change it."""
    with tempfile.TemporaryDirectory(prefix="original-") as folder:
        copy_tree(Path(folder))
        subprocess.run([sys.executable, "-m", "compileall", "-q", folder], check=True)
        yield Path(folder)


def copy_tree(target: Path) -> None:
    """Copy what the layers need of this tree."""
    for name in _COPIED:
        copytree(ROOT / name, target / name, ignore=ignore_patterns("__pycache__"), symlinks=True)
    for file in [*ROOT.glob("*.toml"), *ROOT.glob("*.md"), *ROOT.glob("*.json"), ROOT / "justfile"]:
        (target / file.name).write_bytes(file.read_bytes())


def passes(layer: str, tree: Path) -> bool:
    """Whether the layer finds nothing wrong with that tree. A layer that does not end has found something.

    Raises `DoesNotRun` if an error ends the layer.
    """
    # Without files of byte code each process would compile every library again.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment = {**kept, "PYTHONPATH": str(tree)}
    # Not a pipe: a process that a layer has left behind would keep that open.
    with tempfile.TemporaryFile("w+") as output:
        try:
            ended = subprocess.run(
                _command(layer),
                cwd=tree,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=_LIMIT_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return False
        if ended.returncode not in (_PASSED, _FAILED):
            output.seek(0)
            raise DoesNotRun(f"{layer} ended with {ended.returncode}:\n{output.read()[-_SHOWN:]}")
    return ended.returncode == _PASSED


def _command(layer: str) -> Sequence[str]:
    if layer in (STATES, SCHEDULES, HISTORIES):
        return [sys.executable, "-m", "prove", layer, "--sample", "--first", "--workers", "1"]
    return [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "-p", "no:cacheprovider", layer]
