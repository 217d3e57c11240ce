"""The service's own OpenAPI description, used by tests: which operations there are, and whether an answer fits."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
from fastapi import FastAPI

#: Words of a schema that say nothing about which values are valid.
_ANNOTATIONS = {"title", "description", "default", "examples"}
_TYPES = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict, "null": type(None)}


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path, as OpenAPI describes it. `body` names the schema of its JSON body, if it takes one."""

    method: str
    path: str
    body: str | None
    body_required: bool
    described: dict[str, Any]

    def at(self, id_: str) -> str:
        """The path with the id, written as in a URL, in place of each parameter."""
        return re.sub(r"{\w+}", lambda _: id_, self.path)


def operations(app: FastAPI) -> Iterator[Operation]:
    """Every operation of the application that is described."""
    for path, item in app.openapi()["paths"].items():
        for method, described in item.items():
            body = described.get("requestBody", {})
            schema = body.get("content", {}).get("application/json", {}).get("schema", {})
            name = schema.get("$ref", "").rpartition("/")[2] or None
            yield Operation(method.upper(), path, name, body.get("required", False), described)


def operation_of(app: FastAPI, request: httpx.Request) -> Operation:
    """The operation that the request is for; one without parameters before one with."""
    path = request.url.raw_path.partition(b"?")[0].decode()
    for operation in sorted(operations(app), key=lambda one: one.path.count("{")):
        if operation.method == request.method and re.fullmatch(re.sub(r"{\w+}", "[^/]+", operation.path), path):
            return operation
    raise AssertionError(f"{request.method} {path} is not described")


def assert_described(app: FastAPI, response: httpx.Response) -> Operation:
    """The answer has a status, a content type and a body that its operation describes."""
    operation = operation_of(app, response.request)
    what = f"{operation.method} {operation.path}: {response.status_code}"
    described = operation.described["responses"].get(str(response.status_code))
    assert described is not None, f"{what} is not described"
    contents = described.get("content", {})
    if not contents:
        assert response.content == b"", f"{what} has a body"
        return operation
    media_type = response.headers["content-type"]
    assert media_type in contents, f"{what} is {media_type}, not {list(contents)}"
    wrong = list(mismatches(json.loads(response.content), contents[media_type]["schema"], app.openapi()))
    assert not wrong, f"{what}: {'; '.join(wrong)}"
    for name in described.get("headers", {}):
        assert name in response.headers, f"{what} is without {name}"
    return operation


def mismatches(value: object, schema: dict[str, Any], document: dict[str, Any], where: str = "$") -> Iterator[str]:
    """What is wrong with the value. A property that the schema does not name is wrong too.

    Raises AssertionError for a word of JSON Schema that it does not know, so that nothing is passed over.
    """
    rules = {word: rule for word, rule in schema.items() if word not in _ANNOTATIONS}
    if "$ref" in rules:
        target: Any = document
        for name in rules.pop("$ref").removeprefix("#/").split("/"):
            target = target[name]
        yield from mismatches(value, target, document, where)
    if "anyOf" in rules:
        choices = rules.pop("anyOf")
        if all(list(mismatches(value, choice, document, where)) for choice in choices):
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
            yield from mismatches(item, items, document, f"{where}[{number}]")
    required, properties = rules.pop("required", []), rules.pop("properties", {})
    names, others = rules.pop("propertyNames", {}), rules.pop("additionalProperties", None)
    if kind == "object" and isinstance(value, dict):
        yield from (f"{where}.{name} is missing" for name in required if name not in value)
        for name, item in value.items():
            yield from mismatches(name, names, document, f"{where}.{name}")
            if name in properties or others is not None:
                yield from mismatches(item, properties.get(name, others), document, f"{where}.{name}")
            else:
                yield f"{where}.{name} is not described"
    assert not rules, f"{where}: this check does not know {list(rules)}"
