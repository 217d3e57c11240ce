"""How well replies are understood, and how fast: `python -m bench.intent FILE...` for any file of labelled replies.

Asks `app.intent.classify` about each row of `bench.labelled_replies` and the reference shift; with `--model` also the
model that the settings name, as the service would. Knows nothing of the rules.
"""

import argparse
import asyncio
import random
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import median

from app.domain.reading import meaning_for
from app.errors import ReaderFailure
from app.intent import REFERENCE_SHIFT, Intent, classify
from app.ports.reader import ReplyReader
from app.readers.masking import masked
from app.readers.model import ModelReader
from app.runtime.guarded_reader import WITHIN_S
from app.settings import Settings
from app.understanding.rules import read
from app.understanding.vetoes import question_left_open
from bench.labelled_replies import Reads, read_file, score_lines, wrong_rows
from bench.sizes import FULL, QUICK, Sizes
from bench.table import Line, at_most, format_table

_DATA = Path(__file__).parent.parent / "tests" / "data"
_ORDINARY_US = 150.0
_LONGEST_US = 1000.0
_LONGEST = 1600
#: A whole message, and lengths just above and below that of the longest reply that is read in full.
_LENGTHS = (_LONGEST, 600, 480, 300)
#: Random mixes of hostile pieces and replies for each repeat of the measurement.
_MIXES = 100
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


class WithModel:
    """Reads as the service does with `FANOUT_READER=model`: the rules, then the model for what they leave unclear."""

    def __init__(self, reader: ReplyReader, within_s: float = WITHIN_S) -> None:
        self._reader = reader
        self._within_s = within_s
        #: Seconds that each question took.
        self.took_s: list[float] = []
        #: Questions without an answer.
        self.failures = 0

    def __call__(self, text: str, channel: str) -> Intent:
        """Read the text of a reply."""
        reading = read(text, channel)
        question = question_left_open(text, channel, reading)
        if question is not None:
            started = time.monotonic()
            try:
                asked = self._reader.read(masked(question.text, ""), channel)
                second = asyncio.run(asyncio.wait_for(asked, self._within_s))
                reading = question.answered(second.intent) or reading
            except (ReaderFailure, TimeoutError):
                self.failures += 1
            self.took_s.append(time.monotonic() - started)
        return meaning_for(reading, REFERENCE_SHIFT)

    def lines(self) -> Iterator[Line]:
        """How many replies the model was asked about, and how long it took."""
        note = f"{self.failures} without an answer; longest {max(self.took_s, default=0.0):.2f} s"
        figure = f"{median(self.took_s):.2f} s" if self.took_s else "-"
        yield Line(
            name="model, median", figure=figure, baseline=f"{len(self.took_s)} questions", ratio=None, note=note
        )


def times(texts: Sequence[str], repeats: int) -> list[float]:
    """Microseconds per text: the fastest of `repeats` runs in the time of this thread."""
    return [min(_time_of(text) for _ in range(repeats)) * 1e6 for text in texts]


def _time_of(text: str) -> float:
    started = time.thread_time()
    classify(text)
    return time.thread_time() - started


def long_texts(texts: Sequence[str], mixes: int) -> Iterator[str]:
    """Texts as long as a message can be, or as long as is read in full, that make a reader work.

    One hostile piece over and over, many replies in a row, and random mixes of both, the same ones in every run.
    """
    for length in _LENGTHS:
        for piece in HOSTILE:
            yield (piece * _LONGEST)[:length]
    for start in range(0, len(texts), 40):
        yield " ".join(texts[start : start + 40])[:_LONGEST]
    chance = random.Random(1600)
    for _ in range(mixes):
        few = [*chance.sample(HOSTILE, 3), *chance.sample(texts, min(2, len(texts)))]
        mix = "".join(chance.choice(few) for _ in range(_LONGEST))
        yield mix[: chance.choice(_LENGTHS)]


def replies(
    sizes: Sizes,
    _client: ProcessPoolExecutor | None,
    _folder: Path,
    files: Sequence[Path] = (),
    reads: Reads = classify,
    *,
    all_rows: bool = False,
) -> Iterator[Line]:
    """The lines for each file (the project's own replies if none is given), then the times of the rules."""
    texts: list[str] = []
    for path in files or sorted(_DATA.glob("*.jsonl")):
        results = read_file(path, reads)
        texts += [result.text for result in results]
        yield from score_lines(path.stem, results)
        for row in wrong_rows(results, all_rows=all_rows):
            print(f"{path.stem}: {row}")
    repeats = sizes.repeats * 3
    ordinary = times(texts, repeats)
    goal = at_most(_ORDINARY_US, median(ordinary), "us")
    note = f"longest {max(ordinary):.0f} us"
    yield Line(
        name="median reply", figure=f"{median(ordinary):.0f} us", baseline="-", ratio=None, goal=goal, note=note
    )
    hostile = list(long_texts(texts, _MIXES * sizes.repeats))
    slowest = max(zip(times(hostile, repeats), hostile, strict=True))
    goal = at_most(_LONGEST_US, slowest[0], "us")
    note = f"slowest of {len(hostile)} long texts: {slowest[1][:40]!r}... of {len(slowest[1])} characters"
    yield Line(name="hostile reply", figure=f"{slowest[0]:.0f} us", baseline="-", ratio=None, goal=goal, note=note)


def main() -> int:
    """Print the table for the files named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.intent", description="Score files of labelled replies.")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="JSON lines; default: tests/data")
    parser.add_argument("--quick", action="store_true", help="measure the times only roughly")
    parser.add_argument("--rows", action="store_true", help="print every wrong row, not only the dangerous ones")
    parser.add_argument("--model", action="store_true", help="also ask the model of FANOUT_MODEL_URL, as the service")
    options = parser.parse_args()
    model = None
    if options.model:
        settings = Settings.from_env()
        if settings.model_url is None or settings.model_name is None:
            parser.error("--model needs FANOUT_MODEL_URL and FANOUT_MODEL_NAME")
        model = WithModel(ModelReader(settings.model_url, settings.model_name, settings.model_key))
    sizes = QUICK if options.quick else FULL
    lines = list(replies(sizes, None, Path(), options.files, model or classify, all_rows=options.rows))
    if model is not None:
        lines += model.lines()
    print(format_table(lines))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
