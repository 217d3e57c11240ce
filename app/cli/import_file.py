"""`shift-fanout import`: puts the caregivers or shifts of a CSV file into a running service.

Every line is checked before the first is sent, so that a broken line is named with its number and not lost.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from pydantic import BaseModel, ValidationError

from app.cli.addresses import shown
from app.errors import StartRefused
from app.intake.bodies import CaregiverRowIn, ShiftRowIn
from app.intake.errors import describe_errors

_MODELS: dict[str, type[BaseModel]] = {"caregivers": CaregiverRowIn, "shifts": ShiftRowIn}
#: The column by which the kind of a file is known.
_KIND_OF = {"phone": "caregivers", "start_time": "shifts"}
#: Columns with several values in a cell.
_LIST_COLUMNS = frozenset({"roles", "organization_ids"})
#: What stands between the values.
_SEPARATOR = "|"
#: Columns with one value, and the list that several in a cell go into.
_LIST_COLUMN_OF = {"role": "roles", "organization_id": "organization_ids"}
#: Records of one request. They stay below the limit of its body, whatever is in their fields.
_ROWS_PER_REQUEST = 200
_TIME_LIMIT_S = 60.0


@dataclass(slots=True)
class Outcome:
    """What became of the lines of a file."""

    added: int = 0
    replaced: int = 0
    #: (number of the line, what is wrong with it), in the order of the file.
    refused: list[tuple[int, str]] = field(default_factory=list)

    def lines(self) -> list[str]:
        """The lines to print."""
        wrong = [f"line {number}: {reason}" for number, reason in sorted(self.refused)]
        return [*wrong, f"{self.added} added, {self.replaced} replaced, {len(self.refused)} refused"]


@dataclass(slots=True)
class Records:
    """The records of a file. `refused`: the lines that are wrong."""

    kind: str
    #: The number of each record's line, and its fields.
    rows: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)


def read_file(path: Path, kind: str | None) -> Records:
    """See `read`. Raises StartRefused also if the file cannot be read."""
    try:
        content = path.read_bytes()
    except OSError as exc:
        raise StartRefused(f"{path}: {exc.strerror or exc}") from exc
    try:
        return read(content, kind)
    except StartRefused as exc:
        raise StartRefused(f"{path}: {exc.reason}") from exc


def read(content: bytes, kind: str | None) -> Records:
    """Read and check the lines of a CSV file. Raises StartRefused if it is none, or if its columns are wrong.

    It is UTF-8, perhaps with a byte order mark, as spreadsheets write it.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise StartRefused(f"not UTF-8: {exc.reason} at byte {exc.start}; save the file as CSV in UTF-8") from exc
    if not text.strip():
        raise StartRefused("the file is empty")
    header = text.partition("\n")[0]
    delimiter = ";" if header.count(";") > header.count(",") else ","
    # Strict, because otherwise `"Ann"x` would be read as Annx.
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = [name.strip().lower() for name in next(lines, [])]
    except csv.Error as exc:
        raise StartRefused(f"line 1: {_not_csv(exc)}") from exc
    kind = kind or next((_KIND_OF[name] for name in names if name in _KIND_OF), None)
    if kind is None:
        raise StartRefused("line 1: neither a column phone nor start_time: name the kind with --kind")
    _check_columns(names, _MODELS[kind])
    return _records(lines, names, kind)


def _check_columns(names: Sequence[str], model: type[BaseModel]) -> None:
    unknown = [name for name in names if name not in model.model_fields]
    if unknown:
        raise StartRefused(f"line 1: no field is called {', '.join(map(repr, unknown))}")
    if "id" not in names:
        raise StartRefused("line 1: there is no column id")
    if len(set(names)) < len(names):
        raise StartRefused("line 1: a column comes twice")


def _records(lines: Iterator[list[str]], names: Sequence[str], kind: str) -> Records:
    found = Records(kind)
    places: dict[str, int] = {}
    # A cell may have line breaks: the reader's own count is that of the last line of a record.
    number = 2
    while True:
        here = number
        try:
            cells = next(lines, None)
        except csv.Error as exc:
            found.refused.append((here, _not_csv(exc)))
            cells = []
        if cells is None:
            return found
        number = getattr(lines, "line_num", number) + 1
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(names):
            found.refused.append((here, f"{len(cells)} cells, but there are {len(names)} columns"))
            continue
        row = dict(_field(kind, name, cell) for name, cell in zip(names, cells, strict=False) if cell.strip())
        first = places.setdefault(str(row.get("id")), here)
        try:
            _MODELS[kind].model_validate(row)
        except ValidationError as exc:
            found.refused.append((here, describe_errors(exc)))
            continue
        if first != here:
            found.refused.append((here, f"id: line {first} has the same"))
            continue
        found.rows.append((here, row))


def _not_csv(error: csv.Error) -> str:
    """What is wrong with a line whose cells cannot be told apart. A quote that is not closed takes the rest."""
    if str(error) == "unexpected end of data":
        return "a quote that begins here is not closed"
    return f"not CSV: {error}"


def _field(kind: str, name: str, cell: str) -> tuple[str, str | list[str]]:
    """The field that the cell is about, and its value. A shift has one organization, whose id may have a |."""
    if kind == "caregivers" and _SEPARATOR in cell:
        name = _LIST_COLUMN_OF.get(name, name)
    return name, [part.strip() for part in cell.split(_SEPARATOR)] if name in _LIST_COLUMNS else cell.strip()


async def send(
    http: httpx.AsyncClient, url: str, key: str | None, records: Records, *, all_or_nothing: bool
) -> Outcome:
    """Put the records into the service. With `all_or_nothing`, nothing is sent if a line is wrong.

    The service may still refuse a record that its other records forbid, such as a number that somebody else has.
    Raises StartRefused if the service does not take the list.
    """
    outcome = Outcome(refused=list(records.refused))
    if all_or_nothing and records.refused:
        return outcome
    headers = {} if key is None else {"authorization": f"Bearer {key}"}
    for first in range(0, len(records.rows), _ROWS_PER_REQUEST):
        rows = records.rows[first : first + _ROWS_PER_REQUEST]
        body = [row for _, row in rows]
        try:
            response = await http.put(f"{url}/{records.kind}", json=body, headers=headers, timeout=_TIME_LIMIT_S)
        except (httpx.HTTPError, httpx.InvalidURL) as exc:
            raise StartRefused(f"{shown(url)} does not answer: {type(exc).__name__}; import the file again") from exc
        if response.status_code != 200:
            stored = outcome.added + outcome.replaced
            raise StartRefused(
                f"{shown(url)} answers {response.status_code}, after {stored} records: {response.text[:300]}"
            )
        for (number, _), result in zip(rows, response.json()["results"], strict=True):
            outcome.added += result["status"] == 201
            outcome.replaced += result["status"] == 200
            if result["status"] not in (200, 201):
                outcome.refused.append((number, result["detail"]))
    return outcome
