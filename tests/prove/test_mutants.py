"""The table of mutants fits the source, and a mutant is killed, survives, or is refused as it should be."""

import ast
import re
from pathlib import Path

import pytest

from prove.mutant_table import HISTORIES, MUTANTS, SCHEDULES, STATES, Mutant
from prove.mutants import ROOT, Verdict, copy_tree, mutated, passes
from prove.parts import mutant_line


def test_there_are_at_least_twenty_mutants_with_names_of_their_own() -> None:
    """No mutant is named twice."""
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS) >= 20


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: one.name)
def test_a_mutant_fits_the_source(mutant: Mutant) -> None:
    """Its text is there once, the mutated file is still Python, and the files of its tests exist."""
    ast.parse(mutated((ROOT / mutant.path).read_text(), mutant))
    files = [layer.partition("::")[0] for layer in mutant.layers if layer not in (STATES, SCHEDULES, HISTORIES)]
    assert [file for file in files if not (ROOT / file).exists()] == []


def test_a_text_that_is_not_there_once_is_refused() -> None:
    """Else a mutant would go on passing for killed after its line has changed."""
    with pytest.raises(ValueError, match="occurs 0 times"):
        mutated("something else", MUTANTS[0])
    with pytest.raises(ValueError, match="occurs 2 times"):
        mutated(MUTANTS[0].old * 2, MUTANTS[0])


@pytest.mark.timeout(120)
@pytest.mark.process
def test_a_layer_passes_on_a_copy_and_fails_on_a_mutant(tmp_path: Path) -> None:
    """The search of states, without the guard of the claim."""
    copy_tree(tmp_path)
    assert passes(STATES, tmp_path)
    mutant = MUTANTS[0]
    file = tmp_path / mutant.path
    file.write_text(mutated(file.read_text(), mutant))
    assert not passes(STATES, tmp_path)


@pytest.mark.timeout(120)
@pytest.mark.process
@pytest.mark.parametrize(
    ("layer", "why"),
    [
        (STATES, "states ended with 2"),
        ("tests/prove/test_states.py::test_that_does_not_exist", "test_that_does_not_exist ended with 4"),
    ],
)
def test_a_mutant_that_crashes_is_not_killed(tmp_path: Path, layer: str, why: str) -> None:
    """Nor is one whose test does not exist."""
    copy_tree(tmp_path)
    mutant = Mutant("crashes", "app/domain/rules/offers.py", "_SHORT_CODES = 99", "_SHORT_CODES = None", (layer,))
    line, ok = mutant_line(tmp_path, mutant)
    assert line.startswith("crashes: DOES NOT RUN")
    assert why in line
    assert not ok


@pytest.mark.parametrize(
    ("killed_by", "missed_by"),
    [
        ({STATES: True, SCHEDULES: True}, []),
        ({STATES: True, SCHEDULES: False}, [SCHEDULES]),
        ({STATES: True, HISTORIES: False}, []),
        ({STATES: False, HISTORIES: True}, [STATES]),
        ({HISTORIES: False}, [HISTORIES]),
    ],
)
def test_only_a_history_may_miss_a_mutant_that_another_layer_kills(
    killed_by: dict[str, bool], missed_by: list[str]
) -> None:
    """What happens in a history depends on the speed of the machine."""
    assert Verdict(MUTANTS[0], killed_by).missed_by == missed_by


def test_the_documentation_has_every_mutant_with_the_layers_that_kill_it() -> None:
    """A mutant that is added or renamed needs a new run."""
    text = (ROOT / "docs" / "one-winner.md").read_text()
    table = text.partition("| fault | killed by |\n|---|---|\n")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| (.*) \| (.*) \|$", table, re.MULTILINE)
    killers = {name: {layer.strip("`") for layer in layers.split(", ")} for name, layers in rows}
    assert list(killers) == [mutant.name for mutant in MUTANTS]
    for mutant in MUTANTS:
        assert killers[mutant.name] == set(mutant.layers)
