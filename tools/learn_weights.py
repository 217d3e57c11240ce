"""Learns the weights of `app/understanding/weights.tsv` from labelled replies, or measures what they are worth.

    export PYTHONPATH=tests/support                              # the tests import from there
    uv run --group learn python -m tools.learn_weights            # learns from tests/data/*.jsonl and writes the file
    uv run --group learn python -m tools.learn_weights --check    # scores each eighth of the files by the other ones

Learned too is a sample of the combinations of `tests/understanding/test_combinations.py`: answers beside doubts.
`tests/data/unseen` is never learned from. A reply with several acceptable labels is learned by its first.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache, partial
from itertools import chain, product
from math import sqrt
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from app.domain.reading import Intent, meaning_for
from app.understanding import rules, weighing
from app.understanding.evidence import Evidence
from app.understanding.offer_codes import coded
from app.understanding.shift_facts import REFERENCE_SHIFT
from app.understanding.tidying import tidy, without_quotes, without_signature
from app.understanding.tokens import tokens_of
from tests.understanding import test_combinations as examples

DATA = Path("tests/data")
WEIGHTS = Path("app/understanding/weights.tsv")
#: Classes, in the order in which the file has their weights.
CLASSES = (Intent.ACCEPT, Intent.DECLINE, Intent.UNKNOWN)
#: How freely the weights may follow the replies.
FREEDOM = 80.0
#: How many replies must have a feature, and the smallest weight that is worth a line.
MET_AT_LEAST, SMALLEST = 3, 0.2
FOLDS = 8
#: How many combinations are drawn for each doubt, no and courtesy.
COMBINATIONS = 6
#: How much more an error counts that takes an unclear reply for an answer.
CAUTION = 1.5
# What may stand between a yes and what takes it back.
_COURTESY = ("Thanks", "See you then")
# Labels that say nothing of what the words mean.
_NOTHING = frozenset({"^", "$", "word", "name", "junk", "pause", "number"})


class Row(NamedTuple):
    """A labelled reply."""

    text: str
    channel: str
    label: str
    ok: frozenset[str]


def read_rows(path: Path) -> list[Row]:
    """The rows of a JSONL file."""
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            row: dict[str, Any] = json.loads(line)
            ok = row.get("ok") or [row["label"]]
            rows.append(Row(row["text"], row.get("channel", "sms"), row.get("label") or ok[0], frozenset(ok)))
    return rows


def combined() -> Iterable[Row]:
    """Clear answers beside doubts, which leave no answer, and beside courtesies, which leave it; always the same."""
    pick = Random(1).choice
    yes, joint = partial(pick, examples.YES), partial(pick, examples.JOINTS)
    texts: list[tuple[str, str]] = []
    for _ in range(COMBINATIONS):
        texts += [(Intent.UNKNOWN, f"{yes()}{joint()}{doubt}") for doubt in examples.DOUBTS_BEHIND]
        texts += [(Intent.UNKNOWN, f"{doubt} {yes()}") for doubt in examples.DOUBTS_BEFORE]
        texts += [(Intent.UNKNOWN, f"{yes()}{joint()}{no}") for no in examples.NO]
        texts += [(Intent.UNKNOWN, f"{no}{joint()}{yes()}") for no in examples.NO]
        texts += [(Intent.DECLINE, f"{no}{joint()}{pick(examples.POLITE)}") for no in examples.NO]
        texts += [(Intent.ACCEPT, f"{yes()}. {harmless}") for harmless in examples.HARMLESS]
    stories = partial(pick, examples.STORIES)
    for doubt in (*examples.DOUBTS_BEHIND, *examples.LONG_DOUBTS):
        texts += [
            (Intent.UNKNOWN, f"{stories()}. {yes()} {doubt}"),
            (Intent.UNKNOWN, f"{yes()}, {doubt}. {stories()}"),
            (Intent.UNKNOWN, f"{yes()}. {stories()}. {doubt}"),
            *((Intent.UNKNOWN, f"{said}. {courtesy}. {doubt}") for said in (yes(), yes()) for courtesy in _COURTESY),
        ]
    for story in examples.STORIES:
        texts += [(Intent.ACCEPT, f"{yes()}. {story}") for _ in range(COMBINATIONS * 3)]
    conclusions = product(examples.CONDITIONS, (" ", ", ", ". "), examples.CONCLUSIONS)
    texts += [(Intent.UNKNOWN, "".join(parts)) for parts in conclusions]
    return (Row(text, "sms", label, frozenset({label})) for label, text in texts)


@cache
def evidence_of(row: Row) -> Evidence:
    """The evidence of the reply, as `rules.read` sees it."""
    reply, _ = coded(tokens_of(without_signature(without_quotes(tidy(row.text)))), row.channel)
    return Evidence(reply)


def _names_another(row: Row) -> bool:
    """Whether the reply names another day, place or hours: a rule of the domain then decides, and no weight."""
    reading = weighing.as_a_yes(evidence_of(row))
    return row.label not in CLASSES[:2] and meaning_for(reading, REFERENCE_SHIFT) is not Intent.ACCEPT


def learned(rows: Sequence[Row]) -> dict[str, weighing.Weight]:
    """The weights that fit the rows best; what is added for every reply stands under `BIAS`."""
    rows = [row for row in (*rows, *combined()) if not _names_another(row)]
    evidence = [evidence_of(row) for row in rows]
    said = Counter(chain.from_iterable(set(weighing.words_of(one)) for one in evidence))
    vocabulary = {word for word, times in said.items() if times >= MET_AT_LEAST} | {"*"}
    found = [frozenset(map("".join, weighing.features(one, vocabulary))) for one in evidence]
    met = Counter(chain.from_iterable(found))
    vectors = [
        {feature: 1 / sqrt(len(features)) for feature in features if met[feature] >= MET_AT_LEAST}
        for features in found
    ]
    labels = [Intent(row.label) if row.label in CLASSES[:2] else Intent.UNKNOWN for row in rows]
    vectorizer = DictVectorizer()
    weighs = [CAUTION if label is Intent.UNKNOWN else 1.0 for label in labels]
    model = LogisticRegression(C=FREEDOM, max_iter=300)
    model.fit(vectorizer.fit_transform(vectors), labels, sample_weight=weighs)
    place = {name: index for index, name in enumerate(model.classes_)}
    yes, no, neither = (place[name] for name in CLASSES)
    names = [weighing.BIAS, *vectorizer.get_feature_names_out()]
    columns = [model.intercept_, *model.coef_.T]
    weights = {
        name: _careful(
            name, round(float(column[yes] - column[neither]), 1), round(float(column[no] - column[neither]), 1)
        )
        for name, column in zip(names, columns, strict=True)
    }
    return {
        name: weight
        for name, weight in weights.items()
        if name == weighing.BIAS or name in vocabulary or max(map(abs, weight)) >= SMALLEST
    }


def _careful(name: str, yes: float, no: float) -> weighing.Weight:
    """The weights of a feature. What nobody foresaw never speaks for an answer, as chance would have it."""
    unforeseen = "*" in name.split(" ") or (name.startswith("@") and _NOTHING.issuperset(name[1:].split("@")))
    return weighing.Weight(min(yes, 0.0), min(no, 0.0)) if unforeseen else weighing.Weight(yes, no)


def write(weights: dict[str, weighing.Weight]) -> None:
    """Write the file, sorted by feature."""
    lines = (f"{name}\t{weight.yes:g} {weight.no:g}\n" for name, weight in sorted(weights.items()))
    WEIGHTS.write_text("".join(lines), encoding="utf-8")


def score(rows: Iterable[Row]) -> Counter[str]:
    """How many of the rows are read well, by label, and how many wrongly in a dangerous way."""
    counts: Counter[str] = Counter()
    for row in rows:
        got = rules.classify(row.text, row.channel)
        counts.update({"rows": 1, row.label: 1})
        if got in row.ok:
            counts.update({"right": 1, f"{row.label} right": 1})
        elif got is Intent.ACCEPT:
            counts["wrong ACCEPT"] += 1
        elif got is Intent.DECLINE and row.label == Intent.ACCEPT:
            counts["DECLINE for a yes"] += 1
    return counts


def check(paths: Sequence[Path]) -> None:
    """Print for each file what its replies score with weights that were learned from other files."""
    rows = {path: read_rows(path) for path in paths}
    total: Counter[str] = Counter()
    for held in (paths[first::FOLDS] for first in range(FOLDS)):
        held_texts = {row.text for path in held for row in rows[path]}
        weights = learned(
            [row for path in paths if path not in held for row in rows[path] if row.text not in held_texts]
        )
        weighing._BIAS = complex(*weights.pop(weighing.BIAS))  # the weights of this round
        weighing._WEIGHTS = weighing.by_feature(weights)
        for path in held:
            counts = score(rows[path])
            total += counts
            _print(path.name, counts)
    _print("all", total)


def _print(name: str, counts: Counter[str]) -> None:
    recalls = (f"{label} {counts[f'{label} right'] / max(1, counts[label]):.3f}" for label in CLASSES)
    dangers = (f"{danger} {counts[danger]}" for danger in ("wrong ACCEPT", "DECLINE for a yes"))
    start = f"{name:32} rows {counts['rows']:5} right {counts['right'] / counts['rows']:.3f}"
    sys.stdout.write(" ".join([start, *recalls, *dangers]) + "\n")


def main() -> None:
    """See the module's text."""
    paths = [Path(name) for name in sys.argv[1:] if not name.startswith("-")] or sorted(DATA.glob("*.jsonl"))
    if "--check" in sys.argv:
        check(paths)
    else:
        write(learned([row for path in paths for row in read_rows(path)]))


if __name__ == "__main__":
    main()
