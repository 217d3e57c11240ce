"""Validation errors in words that fit the sender."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError


def describe_errors(error: ValidationError) -> str:
    """`phone: not a telephone number; role: Field required`, without the values."""
    fields = field_errors(error.errors(include_url=False, include_input=False))
    return "; ".join(f"{one['field']}: {one['message']}" for one in fields)


def field_errors(errors: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """`{"field", "message"}` for each of pydantic's errors, at most twenty; never the values themselves."""
    found = []
    for error in errors[:_MOST_ERRORS]:
        where = [str(part) for part in error["loc"]]
        if len(where) > 1 and where[0] in _PLACES:
            where = where[1:]
        message = str(error["msg"]).removeprefix("Value error, ")
        found.append({"field": ".".join(where) or "body", "message": message})
    return found


_MOST_ERRORS = 20


_PLACES = frozenset({"body", "path", "query", "header"})
