"""The service's own OpenAPI description, for tests: which operations there are, and whether an answer fits."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

import httpx

from app.api import create_app
from app.settings import Settings

#: Words of a schema that say nothing about which values are valid.
_ANNOTATIONS = {"title", "description", "default", "examples"}
_TYPES = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": bool,
    "array": list,
    "object": dict,
    "null": type(None),
}


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path. `body` is the schema of its JSON body, and None if it takes none."""

    method: str
    path: str
    responses: dict[str, Any] = field(repr=False)
    body: str | None = None
    body_required: bool = False
    needs_key: bool = False

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def at(self, id_: str) -> str:
        """The path with the id, written as in a URL, in place of each parameter."""
        return re.sub(r"{\w+}", lambda _: id_, self.path)

    @property
    def has_id(self) -> bool:
        """Whether its path names a record."""
        return "{" in self.path

    @property
    def streams(self) -> bool:
        """Whether its answer never ends."""
        return any("text/event-stream" in one.get("content", {}) for one in self.responses.values())

    def assert_fits(self, response: httpx.Response) -> None:
        """The answer has a status, a content type, a body and headers that are described."""
        what = f"{self}: {response.status_code}"
        described = self.responses.get(str(response.status_code))
        assert described is not None, f"{what} is not described"
        for name in described.get("headers", {}):
            assert name in response.headers, f"{what} is without {name}"
        contents = described.get("content", {})
        if not contents:
            assert response.content == b"", f"{what} has a body"
            return
        media_type = response.headers["content-type"].partition(";")[0]
        assert media_type in contents, f"{what} is {media_type}, not {list(contents)}"
        if media_type in ("text/plain", "text/csv"):
            return
        wrong = list(mismatches(json.loads(response.content), contents[media_type]["schema"], document()))
        assert not wrong, f"{what}: {'; '.join(wrong)}"


@cache
def document() -> dict[str, Any]:
    """The description of a service that wants a key."""
    return create_app(Settings(data=None, api_key="key")).openapi()


@cache
def operations() -> list[Operation]:
    """Every operation that is described; those without an id in the path first."""
    found = []
    for path, item in document()["paths"].items():
        for method, described in item.items():
            body = described.get("requestBody", {})
            schema = body.get("content", {}).get("application/json", {}).get("schema", {})
            found.append(
                Operation(
                    method.upper(),
                    path,
                    described["responses"],
                    schema.get("$ref", "").rpartition("/")[2] or None,
                    body.get("required", False),
                    "security" in described,
                )
            )
    return sorted(found, key=lambda one: (one.has_id, str(one)))


def operation_of(request: httpx.Request) -> Operation | None:
    """The operation that the request is for; None: there is none."""
    path = request.url.raw_path.partition(b"?")[0].decode()
    for one in operations():
        if one.method == request.method and re.fullmatch(re.sub(r"{\w+}", "[^/]+", one.path), path):
            return one
    return None


async def assert_fits(response: httpx.Response) -> None:
    """The answer fits the description, if there is one of its operation. A hook for clients of httpx."""
    await response.aread()
    if (operation := operation_of(response.request)) is not None:
        operation.assert_fits(response)


def mismatches(value: object, schema: dict[str, Any], within: dict[str, Any], where: str = "$") -> Iterator[str]:
    """What is wrong with the value; references are looked up in `within`. Names that no schema has are wrong too.

    Raises AssertionError for a word of JSON Schema that it does not know, so that nothing is passed over.
    """
    rules = {word: rule for word, rule in schema.items() if word not in _ANNOTATIONS}
    if "$ref" in rules:
        target: Any = within
        for name in rules.pop("$ref").removeprefix("#/").split("/"):
            target = target[name]
        yield from mismatches(value, target, within, where)
    if "anyOf" in rules:
        choices = rules.pop("anyOf")
        if all(list(mismatches(value, choice, within, where)) for choice in choices):
            yield f"{where} is {value!r}, which fits none of {choices}"
    kind = rules.pop("type", None)
    if kind is not None and type(value) is not _TYPES[kind]:
        yield f"{where} is {value!r}, not of type {kind}"
        return
    if value not in rules.pop("enum", [value]):
        yield f"{where} is {value!r}, which is not listed"
    if value != rules.pop("const", value):
        yield f"{where} is {value!r}, not the constant"
    if rules.pop("format", None) == "date-time":
        assert isinstance(value, str)
        if not value.endswith("Z") or datetime.fromisoformat(value).utcoffset() is None:
            yield f"{where} is {value!r}, not a time in UTC with a Z"
    items = rules.pop("items", {})
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from mismatches(item, items, within, f"{where}[{number}]")
    required, properties = rules.pop("required", []), rules.pop("properties", {})
    names, others = rules.pop("propertyNames", {}), rules.pop("additionalProperties", None)
    if kind == "object" and isinstance(value, dict):
        yield from (f"{where}.{name} is missing" for name in required if name not in value)
        for name, item in value.items():
            yield from mismatches(name, names, within, f"{where}.{name}")
            if name in properties or others is not None:
                yield from mismatches(item, properties.get(name, others), within, f"{where}.{name}")
            else:
                yield f"{where}.{name} is not described"
    assert not rules, f"{where}: this check does not know {list(rules)}"
