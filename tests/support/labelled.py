"""The labelled replies of tests/data and what the rules read in them. Each file is read once for all tests."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.domain.reading import Intent, Reading, meaning_for
from app.intent import REFERENCE_SHIFT
from app.understanding.rules import read

_DATA = Path(__file__).parent.parent / "data"
FILES = sorted(_DATA.glob("*.jsonl"))
#: Replies from which nothing is learned: neither rules nor weights.
UNSEEN = sorted((_DATA / "unseen").glob("*.jsonl"))


@dataclass(frozen=True, slots=True)
class LabelledReply:
    """A reply and its reading. `ok`: the labels that are right."""

    text: str
    channel: str
    ok: tuple[str, ...]
    reading: Reading

    @property
    def intent(self) -> Intent:
        """What it means for the reference shift, as `classify` says."""
        return meaning_for(self.reading, REFERENCE_SHIFT)


@cache
def labelled_replies(path: Path) -> tuple[LabelledReply, ...]:
    """The replies of a file, in its order."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return tuple(
        LabelledReply(
            row["text"], row["channel"], tuple(row.get("ok") or [row["label"]]), read(row["text"], row["channel"])
        )
        for row in rows
    )


def all_labelled_replies() -> list[LabelledReply]:
    """The replies of all files from which something may be learned."""
    return [reply for path in FILES for reply in labelled_replies(path)]
