"""How well replies are understood, and how fast: `python -m bench.intent FILE...` for any file of labelled replies.

A file has one JSON object a line: `text`, `channel` ("sms" if missing), and `ok`, the list of acceptable labels, or
one `label`. Reads the rows and asks `app.intent.classify` about the reference shift; knows nothing of the rules.
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from app.intent import Intent, classify
from bench.sizes import FULL, QUICK, Sizes
from bench.table import Goal, Line, at_most, format_table

_DATA = Path(__file__).parent.parent / "tests" / "data"
_ACCURACY = _RECALL = 0.95
_ORDINARY_US = 150.0
_LONGEST_US = 1000.0
_LONGEST = 1600
#: What a wrong label of each kind would do: claim a shift, silence somebody, undo an opt-out.
_NEVER_WRONG = frozenset({Intent.ACCEPT, Intent.STOP, Intent.START, Intent.WRONG_NUMBER})
#: Texts that make a reader work: repeated up to the longest message and up to the longest that is read in full.
HOSTILE = (
    *(
        "i will ",
        "yes ",
        "8-",
        "8 to ",
        "$1 ",
        "(555) ",
        "wed jul 2 ",
        "open rn shift ",
        "reply yes to ",
        '"',
        "> \n",
    ),
    *(
        "\n ",
        " ",
        "~\n",
        "on tuesday ",
        "sent from ",
        "s t o p ",
        "do not want to ",
        "i'll'll",
        "a",
        "9",
        "👍🏽",
        "ﷺ",
        "e\u0301",
    ),
    *(
        "acceptt ",
        "so very really ",
        "stop the damn ",
        "no i cant ",
        "a.",
        "i? ",
        "yes2 ",
        "unsubscrib ",
        "que no me ",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One labelled reply and what it was taken for."""

    text: str
    ok: tuple[str, ...]
    got: Intent

    @property
    def right(self) -> bool:
        return self.got in self.ok

    @property
    def dangerous(self) -> bool:
        """Whether the mistake claims a shift, silences somebody, or leaves a STOP or a yes the wrong way round."""
        if self.right:
            return False
        missed_stop = "STOP" in self.ok
        return self.got in _NEVER_WRONG or missed_stop or (self.got is Intent.DECLINE and "ACCEPT" in self.ok)


def read_file(path: Path) -> list[Result]:
    """Every row of the file, classified."""
    results = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        ok = tuple(row.get("ok") or [row["label"]])
        results.append(Result(text=row["text"], ok=ok, got=classify(row["text"], row.get("channel", "sms"))))
    return results


def lines_of(name: str, results: Sequence[Result]) -> Iterator[Line]:
    """Accuracy, recall of each label, and the number of dangerous mistakes."""
    accuracy = sum(result.right for result in results) / len(results)
    yield _line(f"{name}: accuracy", accuracy, len(results), _ACCURACY)
    wanted = Counter(result.ok[0] for result in results if len(result.ok) == 1)
    found = Counter(result.ok[0] for result in results if len(result.ok) == 1 and result.right)
    for label, total in sorted(wanted.items()):
        goal = _RECALL if label in {"ACCEPT", "DECLINE"} else 1.0 if label == "STOP" else None
        yield _line(f"{name}: recall of {label}", found[label] / total, total, goal)
    dangerous = sum(result.dangerous for result in results)
    yield Line(
        name=f"{name}: dangerous", figure=str(dangerous), baseline="-", ratio=None, goal=at_most(0, dangerous, "rows")
    )


def _line(name: str, share: float, rows: int, goal: float | None) -> Line:
    wanted = None if goal is None else Goal(f">= {goal:g}", share >= goal)
    return Line(name=name, figure=f"{share:.3f}", baseline=f"{rows} rows", ratio=None, goal=wanted)


def times(texts: Sequence[str], repeats: int) -> list[float]:
    """Microseconds per text: the fastest of `repeats` runs in the time of this thread."""
    found = []
    for text in texts:
        best = min(_time_of(text) for _ in range(repeats))
        found.append(best * 1e6)
    return found


def _time_of(text: str) -> float:
    started = time.thread_time()
    classify(text)
    return time.thread_time() - started


def replies(
    sizes: Sizes, _client: ProcessPoolExecutor | None, _folder: Path, files: Sequence[Path] = ()
) -> Iterator[Line]:
    """The lines for each file (the project's own replies if none is given), then the times."""
    texts: list[str] = []
    for path in files or sorted(_DATA.glob("*.jsonl")):
        results = read_file(path)
        texts += [result.text for result in results]
        yield from lines_of(path.stem, results)
        for result in results:
            if result.dangerous:
                print(f"dangerous: {'/'.join(result.ok)} read as {result.got}: {result.text}")
    repeats = sizes.repeats * 3
    ordinary = median(times(texts, repeats))
    goal = at_most(_ORDINARY_US, ordinary, "us")
    yield Line(name="median reply", figure=f"{ordinary:.0f} us", baseline="-", ratio=None, goal=goal)
    longest = [(piece * _LONGEST)[:length] for piece in HOSTILE for length in (_LONGEST, 600, 300)]
    longest += [" ".join(texts[start : start + 40])[:_LONGEST] for start in range(0, len(texts), 40)]
    slowest = max(zip(times(longest, repeats), longest, strict=True))
    goal = at_most(_LONGEST_US, slowest[0], "us")
    yield Line(
        name="longest reply",
        figure=f"{slowest[0]:.0f} us",
        baseline="-",
        ratio=None,
        goal=goal,
        note=f"slowest: {slowest[1][:20]!r} x {len(slowest[1])}",
    )


def main() -> int:
    """Print the table for the files named on the command line."""
    arguments = sys.argv[1:]
    files = [Path(argument) for argument in arguments if argument != "--quick"]
    print(format_table(list(replies(QUICK if "--quick" in arguments else FULL, None, Path(), files))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
