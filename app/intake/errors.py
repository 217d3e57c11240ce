"""Turns pydantic's validation errors into messages for the sender of the data. They never contain the values."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

_MOST_ERRORS = 20
#: FastAPI puts one of these before the name of the field.
_PLACES = frozenset({"body", "path", "query", "header"})


def describe_errors(error: ValidationError) -> str:
    """The first twenty errors in one line, like `phone: not a telephone number; role: Field required`."""
    fields = field_errors(error.errors(include_url=False, include_input=False))
    return "; ".join(f"{field['field']}: {field['message']}" for field in fields)


def field_errors(errors: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """`{"field", "message"}` for each of the first twenty errors; `field` is `body` if the body itself is wrong."""
    fields = []
    for error in errors[:_MOST_ERRORS]:
        where = [str(part) for part in error["loc"]]
        if len(where) > 1 and where[0] in _PLACES:
            where = where[1:]
        message = str(error["msg"]).removeprefix("Value error, ")
        fields.append({"field": ".".join(where) if where else "body", "message": message})
    return fields
