"""Twilio's published OpenAPI description (tests/data/twilio_api_v2010.json): which requests and answers fit it."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx

_DESCRIPTION = Path(__file__).parent.parent / "data" / "twilio_api_v2010.json"
#: Words of a schema that say nothing about which values are valid, or, as most formats, nothing that can be checked.
_NOT_CHECKED = {"description", "title", "example", "default", "x-twilio", "format", "nullable"}
_TYPES = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict}
#: Limits that the description states in its prose only.
_LONGEST = {"Body": 1600, "Twiml": 4000}
_EVENTS = {"initiated", "ringing", "answered", "completed"}


@cache
def document() -> dict[str, Any]:
    """The published description."""
    described: dict[str, Any] = json.loads(_DESCRIPTION.read_text())
    return described


@dataclass(frozen=True, slots=True)
class Request:
    """A request that fits the description. `fields`: of its form or its query, repeated ones as lists."""

    operation: str
    fields: dict[str, Any]
    sid: str | None


def check_answer(operation: str, content: dict[str, Any]) -> None:
    """Check the messages or calls in an answer. Raises AssertionError for one that the description does not allow."""
    kind = "message" if "Message" in operation else "call"
    schema = {"$ref": f"#/components/schemas/api.v2010.account.{kind}"}
    for record in content[f"{kind}s"] if operation.startswith("List") else [content]:
        wrong = list(_mismatches(record, schema, kind))
        assert not wrong, f"the answer does not fit the description: {wrong}"


def check_request(request: httpx.Request) -> Request:
    """What the request asks for. Raises AssertionError for one that the description does not allow."""
    path, item, sid = next(_paths_of(request.url.path))
    operation = item[request.method.lower()]
    parameters = {one["name"]: one["schema"] for one in operation.get("parameters", []) if one["in"] == "query"}
    query = parse_qsl(request.url.query.decode(), keep_blank_values=True, strict_parsing=bool(request.url.query))
    fields = dict(query)
    assert len(fields) == len(query), f"{path}: a repeated parameter"
    wrong = [f"{path}: no parameter {name}" for name in fields if name not in parameters]
    for name in fields.keys() & parameters.keys():
        wrong += _mismatches(_typed(fields[name], parameters[name]), parameters[name], name)
    if "requestBody" in operation:
        assert not fields, f"{path}: a query on a POST"
        fields, more = _form(request, operation["requestBody"])
        wrong += more
    else:
        assert not request.content, f"{path}: a body on a GET"
    assert not wrong, "; ".join(wrong)
    return Request(operation["operationId"], fields, sid)


def _paths_of(path: str) -> Iterator[tuple[str, dict[str, Any], str | None]]:
    for template, item in document()["paths"].items():
        found = re.fullmatch(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", template), path)
        if found:
            yield template, item, found.groupdict().get("Sid")
    raise AssertionError(f"there is no {path}")


def _form(request: httpx.Request, body: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The fields of the form, and what is wrong with them."""
    (media_type, described), *_ = body["content"].items()
    assert request.headers["content-type"] == media_type
    schema = described["schema"]
    pairs = parse_qsl(request.content.decode("ascii"), keep_blank_values=True, strict_parsing=True)
    fields: dict[str, Any] = {}
    wrong = []
    for name, value in pairs:
        known = schema["properties"].get(name)
        if known is None:
            wrong.append(f"there is no field {name}")
        elif known.get("type") == "array":
            fields.setdefault(name, []).append(value)
        elif name in fields:
            wrong.append(f"{name} is repeated")
        else:
            fields[name] = _typed(value, known)
    for name, value in fields.items():
        wrong += _mismatches(value, schema["properties"][name], name)
    wrong += [f"{name} is missing" for name in schema.get("required", []) if name not in fields]
    wrong += [f"{name} is too long" for name, most in _LONGEST.items() if len(fields.get(name, "")) > most]
    validity_s = fields.get("ValidityPeriod", 1)
    if isinstance(validity_s, int) and not 1 <= validity_s <= 36000:
        wrong.append("ValidityPeriod is out of range")
    if not _EVENTS.issuperset(fields.get("StatusCallbackEvent", [])):
        wrong.append("there is no such event")
    return fields, wrong


def _typed(value: str, schema: dict[str, Any]) -> Any:
    """The value of a field, as a number if the description says so."""
    return int(value) if schema.get("type") == "integer" and re.fullmatch(r"-?\d+", value) else value


def _mismatches(value: Any, schema: dict[str, Any], where: str) -> Iterator[str]:
    """What is wrong with the value. Raises AssertionError for a word of the schema that this does not know."""
    if value is None and (schema.get("nullable") or "$ref" in schema):
        return
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        yield from _mismatches(value, document()["components"]["schemas"][name], where)
        return
    rules = {word: rule for word, rule in schema.items() if word not in _NOT_CHECKED}
    kind = rules.pop("type", None)
    if kind is not None and not isinstance(value, _TYPES[kind]):
        yield f"{where} is {value!r}, not of type {kind}"
        return
    if value not in rules.pop("enum", [value]):
        yield f"{where} is {value!r}, which is not listed"
    if schema.get("format") == "uri" and not re.fullmatch(r"https?://[\w.:-]+(/[!-~]*)?", value, re.ASCII):
        yield f"{where} is {value!r}, not a URL"
    if not re.search(rules.pop("pattern", ""), str(value)):
        yield f"{where} is {value!r}, which does not fit the pattern"
    if isinstance(value, str):
        least, most = rules.pop("minLength", 0), rules.pop("maxLength", len(value))
        if not least <= len(value) <= most:
            yield f"{where} is {value!r}, of the wrong length"
    if isinstance(value, int):
        least, most = rules.pop("minimum", value), rules.pop("maximum", value)
        if not least <= value <= most:
            yield f"{where} is {value!r}, out of range"
    for item in value if isinstance(value, list) else []:
        yield from _mismatches(item, rules["items"], where)
    for name, item in value.items() if isinstance(value, dict) else []:
        yield from _mismatches(item, rules["properties"][name], f"{where}.{name}")
    left = rules.keys() - {"items", "properties"}
    assert not left, f"{where}: this check does not know {left}"
