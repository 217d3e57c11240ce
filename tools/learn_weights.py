"""Learns the weights of `app/understanding/weights.tsv` from labelled replies, or measures what they are worth.

    export PYTHONPATH=tests/support                              # the tests import from there
    uv run --group learn python -m tools.learn_weights            # learns from tests/data/*.jsonl and writes the file
    uv run --group learn python -m tools.learn_weights --check    # scores each eighth of the files by the other ones

Learned too are a sample of the combinations in `tests/understanding/test_combinations.py` (answers beside doubts),
the phrases in `test_dangerous.py` and `test_intent.py` there, and words that nobody knows, which are no answer.
`tests/data/unseen` is never learned from. A reply with several acceptable labels is learned by its first.
"""

import json
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from itertools import chain, product
from math import sqrt
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction import DictVectorizer
from sklearn.neural_network import MLPClassifier

from app.domain.reading import Intent, is_of
from app.understanding import rules, weighing
from app.understanding.evidence import Evidence
from app.understanding.offer_codes import coded
from app.understanding.requests import requests_in
from app.understanding.shift_facts import REFERENCE_SHIFT, Fact
from app.understanding.tidying import tidy, without_quotes, without_signature
from app.understanding.tokens import tokens_of
from tests.understanding import test_combinations as examples
from tests.understanding import test_dangerous as classes
from tests.understanding import test_intent as intents

DATA = Path("tests/data")
WEIGHTS = Path("app/understanding/weights.tsv")
#: The answers, whose recall is printed.
CLASSES = (Intent.ACCEPT, Intent.DECLINE, Intent.UNKNOWN)
#: How the units learn: how small weights are kept, how many replies are read at a time, how often all of them are,
#: and how much a reply weighs. Found by trial on replies that were held out.
RESTRAINT, BATCH, ROUNDS, SCALE = 1e-3, 64, 9, 1.5
#: How many replies must have a feature.
MET_AT_LEAST = 3
FOLDS = 8
#: How many combinations are drawn for each doubt, no and courtesy.
COMBINATIONS = 6
# What may stand between a yes and what takes it back.
_COURTESY = ("Thanks", "See you then")
# Words that nobody knows ("#") are no answer, whatever stands beside them.
_SYLLABLES = [first + second for first, second in product("bdfgklmprtvz", "aeiou")]
_UNKNOWN_WORDS = ("#", "# #", "# the #", "the # is #", "# # # #")
_BESIDE_WORDS = (
    *(
        "{}",
        "{} wednesday",
        "{} on wed",
        "{} on wed shift 2",
        "{} by wednesday",
        "{} in Quincy",
        "{} 8 to 4",
        "ok {}",
    ),
    *("{} thanks", "hi {}", "good morning {}", "{} lol", "{} this shift", "wed {}", "{} it", "{}!", "{} shift 4821"),
)
_BESIDE_STOP = (examples.YES, examples.NO, examples.POLITE)


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
    pick: Callable[[Sequence[str]], str] = Random(1).choice
    yes, joint = partial(pick, examples.YES), partial(pick, examples.JOINTS)
    texts: list[tuple[str, str]] = []
    for _ in range(COMBINATIONS):
        texts += [(Intent.UNKNOWN, f"{yes()}{joint()}{doubt}") for doubt in examples.DOUBTS_BEHIND]
        texts += [(Intent.UNKNOWN, f"{doubt} {yes()}") for doubt in examples.DOUBTS_BEFORE]
        texts += [(Intent.UNKNOWN, f"{yes()}{joint()}{no}") for no in examples.NO]
        texts += [(Intent.UNKNOWN, f"{no}{joint()}{yes()}") for no in examples.NO]
        texts += [(Intent.DECLINE, f"{no}{joint()}{pick(examples.POLITE)}") for no in examples.NO]
        texts += [(Intent.ACCEPT, f"{yes()}. {harmless}") for harmless in examples.HARMLESS]
    for stop in examples.STOP:
        for beside in _BESIDE_STOP * 4:
            texts += [
                (Intent.STOP, f"{stop}{joint()}{pick(beside)}"),
                (Intent.STOP, f"{pick(beside)}{joint()}{stop}"),
            ]
    for table, may_mean in classes.CLASSES.values():
        said = (text for text in examples.phrases(table) for _ in range(COMBINATIONS))
        # What is no clear answer may be one or the other; such a reply is asked back.
        label = Intent.UNKNOWN if len(may_mean) == 2 else min(may_mean)
        texts += [(label, text) for text in said if len(may_mean) <= 2]
    for meant, table in intents.PHRASES.items():
        texts += [(meant, text) for text in intents.phrases(table) for _ in range(COMBINATIONS)]
    for words, pattern in product(_UNKNOWN_WORDS, _BESIDE_WORDS * COMBINATIONS):
        unknown = "".join("".join(pick(_SYLLABLES) for _ in "123") if one == "#" else one for one in words)
        texts.append((Intent.UNKNOWN, pattern.format(unknown)))
    stories = partial(pick, examples.STORIES)
    for doubt in (*examples.DOUBTS_BEHIND, *examples.LONG_DOUBTS):
        texts += [
            (Intent.UNKNOWN, f"{stories()}. {yes()} {doubt}"),
            (Intent.UNKNOWN, f"{yes()}, {doubt}. {stories()}"),
            (Intent.UNKNOWN, f"{yes()}. {stories()}. {doubt}"),
            *((Intent.UNKNOWN, f"{said}. {courtesy}. {doubt}") for said in (yes(), yes()) for courtesy in _COURTESY),
        ]
    for story in examples.STORIES:
        texts += [(Intent.ACCEPT, f"{yes()}. {story}") for _ in range(COMBINATIONS * 6)]
        texts += [(Intent.ACCEPT, f"{story}. {yes()}") for _ in range(COMBINATIONS * 6)]
    conclusions = product(examples.CONDITIONS, (" ", ", ", ". "), examples.CONCLUSIONS)
    texts += [(Intent.UNKNOWN, "".join(parts)) for parts in conclusions]
    return (Row(text, "sms", label, frozenset({label})) for label, text in texts)


@cache
def evidence_of(row: Row) -> Evidence:
    """The evidence of the reply, as `rules.read` sees it."""
    reply, _ = coded(tokens_of(without_signature(without_quotes(tidy(row.text)))), row.channel)
    return Evidence(reply)


def foreign_facts(row: Row) -> frozenset[Fact]:
    """What the reply names that is not the shift's."""
    return frozenset(fact for fact in weighing.facts_named(evidence_of(row)) if not is_of(fact, REFERENCE_SHIFT))


def learned(rows: Sequence[Row]) -> str:
    """The file of the weights that fit the rows best."""
    rows = [*rows, *combined()]
    read = [(evidence_of(row), foreign_facts(row)) for row in rows]
    labels = [Intent(row.label) for row in rows]
    said = Counter(chain.from_iterable(set(weighing.words_of(*one)) for one in read))
    vocabulary = {word for word, times in said.items() if times >= MET_AT_LEAST} | {"*"}
    found = [
        frozenset(map("".join, weighing.features(one, requests_in(one.words), vocabulary, foreign)))
        for one, foreign in read
    ]
    met = Counter(chain.from_iterable(found))
    vectors = [
        {feature: SCALE / sqrt(len(features)) for feature in features if met[feature] >= MET_AT_LEAST}
        for features in found
    ]
    vectorizer = DictVectorizer(dtype=np.float32)
    model = MLPClassifier((weighing.UNITS,), alpha=RESTRAINT, batch_size=BATCH, max_iter=ROUNDS, random_state=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # more rounds learn the replies by heart
        model.fit(vectorizer.fit_transform(vectors), labels)
    return _rounded(vectorizer.get_feature_names_out().tolist(), model)


def _rounded(names: Sequence[str], model: MLPClassifier) -> str:
    """The file of weights: of each feature, the nearest step of each unit."""
    incoming, outgoing = model.coefs_
    starts, ends = model.intercepts_
    steps = np.abs(incoming).max(axis=0) / (weighing.ZERO - 1)
    rounded = (np.rint(incoming / steps) + weighing.ZERO).astype(np.uint8)
    parts = {weighing.STARTS: starts, weighing.STEPS: steps * SCALE}
    order = list(model.classes_)
    neither = order.index(Intent.UNKNOWN)
    for meaning in weighing.BARS:
        one = order.index(meaning)
        parts[f"({meaning})"] = [ends[one] - ends[neither], *(outgoing[:, one] - outgoing[:, neither])]
    lines = [f"{name}\t{' '.join(f'{number:.6g}' for number in part)}" for name, part in parts.items()]
    lines += sorted(f"{name}\t{one.tobytes().hex()}" for name, one in zip(names, rounded, strict=True))
    return "".join(f"{line}\n" for line in lines)


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
        weighing.WEIGHTS = weighing.read_weights(weights)  # those of this round
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
        WEIGHTS.write_text(learned([row for path in paths for row in read_rows(path)]), encoding="utf-8")


if __name__ == "__main__":
    main()
