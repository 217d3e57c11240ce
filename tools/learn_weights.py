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
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import chain, product
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from app.domain.reading import Intent, NamedDay, NamedHours, NamedPlace, is_of
from app.understanding import rules, weighing
from app.understanding.cover import phrases_of
from app.understanding.named_facts import facts_in, words_of
from app.understanding.offer_codes import coded
from app.understanding.requests import requests_in
from app.understanding.shift_facts import REFERENCE_SHIFT
from app.understanding.tidying import tidy, without_quotes, without_signature
from app.understanding.tokens import tokens_of
from tests.understanding import test_combinations as examples
from tests.understanding import test_dangerous as classes
from tests.understanding import test_intent as intents
from tests.understanding import test_named_elsewhere as elsewhere
from tools.net_learner import Learner, ReadReply

DATA = Path("tests/data")
WEIGHTS = Path("app/understanding/weights.tsv")
#: The answers, whose recall is printed.
CLASSES = (Intent.ACCEPT, Intent.DECLINE, Intent.UNKNOWN)
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
# Where somebody is, even if the shift is there, is no answer; the shift that a text was about is none either.
_HERE = ("I'm in Quincy", "im in quincy", "Hey I'm in Quincy right now", "I'm in Quincy with my niece")
_ABOUT = (
    "Home Health Aide Sat Oct 31, 11PM-7AM at Quincy 02169.",
    "RN Fri, Jul 4, 7 AM-3 PM in Milton.",
    "LPN Sun 7 PM",
)
_THAT_ONE = ("I'll take the Quincy one", "I want the Quincy shift", "yes to the Quincy case", "I'll take Quincy")
# The shift alone is no answer, as in a text that is passed on.
_THE_SHIFT = ("RN shift Wed Jul 2, 8:00 AM-4:00 PM EST", "Open RN shift Wed, Jul 2, 8 AM-4 PM in Quincy 02169")
_NO_ANSWERS = ("{}", "Fwd: {}", "{} ?", "RN shift wed quincy", "{}. What is this?", "Look at this: {}")
# A no to one day and a yes to another.
_TWO_DAYS = (
    "Not {no} but {yes} yes",
    "No to {no}, yes to {yes}",
    "{yes} yes, {no} no",
    "can't do {no} but {yes} works",
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
        for no in examples.NO:
            polite = pick(examples.POLITE)
            texts += [(Intent.DECLINE, f"{no}{joint()}{polite}"), (Intent.DECLINE, f"{polite}{joint()}{no}")]
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
    texts += [(Intent.UNKNOWN, here) for here in _HERE for _ in range(COMBINATIONS)]
    texts += [(Intent.DECLINE, f"{shift}{joint}{no}") for shift, joint, no in product(_ABOUT, "\n ", examples.NO)]
    for one, other in ((day, "Wednesday") for day in ("Friday", "Thursday", "the 9th")):
        texts += [(Intent.ACCEPT, form.format(no=one, yes=other)) for form in _TWO_DAYS * COMBINATIONS]
        texts += [(Intent.DECLINE, form.format(no=other, yes=one)) for form in _TWO_DAYS * COMBINATIONS]
    texts += [(Intent.ACCEPT, one) for one in _THAT_ONE for _ in range(COMBINATIONS * 4)]
    for shift in _THE_SHIFT * COMBINATIONS:
        texts += [(Intent.UNKNOWN, form.format(shift)) for form in _NO_ANSWERS]
        texts += [(Intent.ACCEPT, f"Yes to {shift}"), (Intent.DECLINE, f"No to {shift}")]
    reluctant = product(examples.RELUCTANCE, (" ", ", ", ". "), examples.CONCLUSIONS)
    texts += [(Intent.ACCEPT, "".join(parts)) for parts in reluctant]
    texts += [(meant, text) for text, meant in elsewhere.BESIDE_THE_ANSWER for _ in range(COMBINATIONS)]
    conclusions = product(examples.CONDITIONS, (" ", ", ", ". "), examples.CONCLUSIONS)
    texts += [(Intent.UNKNOWN, "".join(parts)) for parts in conclusions]
    return (Row(text, "sms", label, frozenset({label})) for label, text in texts)


def read_words(row: Row) -> list[ReadReply]:
    """The words of the reply as the net sees them, what it asks of us, and what it means.

    A yes that names the day, the hours or the place is also learned as it reads if that is another shift's.
    """
    reply, _ = coded(tokens_of(without_signature(without_quotes(tidy(row.text)))), row.channel)
    asked = {*requests_in(reply.words), row.channel}
    facts = facts_in(reply)
    named = {fact for several in facts.values() for fact in several}
    foreign = {fact for fact in named if not is_of(fact, REFERENCE_SHIFT)}
    labels = [phrase.label for phrase in phrases_of(reply.words)]
    read = [ReadReply(words_of(reply, facts, foreign), labels, asked, Intent(row.label))]
    if row.label == Intent.ACCEPT and len(row.text) % 3:  # of two in three, or a day would count as a doubt
        changes = ({one for one in named - foreign if isinstance(one, kind)} for kind in _KINDS)
        read += [
            ReadReply(words_of(reply, facts, foreign | changed), labels, asked, Intent.UNKNOWN)
            for changed in changes
            if changed
        ]
    return read


_KINDS = (NamedDay, NamedHours, NamedPlace)


def learned(rows: Sequence[Row]) -> str:
    """The file of the weights that fit the rows best."""
    learner = Learner([one for row in chain(rows, combined()) for one in read_words(row)])
    learner.learn()
    return learner.lines()


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
        weighing.NET = weighing.read_net(weights)  # that of this round
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
