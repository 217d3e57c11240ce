"""Twilio's API for messages and calls, in place of the real one. It checks each request against the published
OpenAPI description (tests/data/twilio_api_v2010.json) and keeps what it accepts.
"""

import json
import re
from base64 import b64encode
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import httpx

from app.ports.clock import Clock

SID = "AC" + "0" * 32
TOKEN = "the-secret-token"
BASE_URL = "https://api.twilio.com"

_DESCRIPTION = Path(__file__).parent.parent / "data" / "twilio_api_v2010.json"
#: Words of a schema that say nothing about which values are valid, or, as most formats, nothing that can be checked.
_NOT_CHECKED = {"description", "title", "example", "default", "x-twilio", "format", "nullable"}
_TYPES = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict}
#: Limits that the description states in its prose only.
_LONGEST = {"Body": 1600, "Twiml": 4000}
_EVENTS = {"initiated", "ringing", "answered", "completed"}

#: An error of a request: the status of HTTP and Twilio's code; or what httpx raises.
Answer = tuple[int, int | None] | Exception | httpx.Response


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


class TwilioApi:
    """Takes requests as a transport of httpx does, and answers as Twilio would.

    `faults`: what to answer to the next requests that create or change something, in order: (whether the request is
    carried out all the same, the answer); None: nothing goes wrong. `list_faults`: the same for lists.
    Raises AssertionError for a request that the description does not allow.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.requests: list[Request] = []
        self.messages: list[dict[str, Any]] = []
        self.calls: list[dict[str, Any]] = []
        self.faults: deque[tuple[bool, Answer] | None] = deque()
        self.list_faults: deque[Answer | None] = deque()
        #: Called before each answer; it may wait.
        self.before_answer: Callable[[Request], Any] = lambda _: None

    def connect(self) -> httpx.MockTransport:
        """A connection to this API."""
        return httpx.MockTransport(self._answer)

    def created(self, operation: str) -> list[dict[str, Any]]:
        """The fields of each request for that operation, in order."""
        return [one.fields for one in self.requests if one.operation == operation]

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        asked = _described(request)
        self.requests.append(asked)
        waiting = self.before_answer(asked)
        if waiting is not None:
            await waiting
        expected = "Basic " + b64encode(f"{SID}:{TOKEN}".encode()).decode()
        if request.headers.get("authorization") != expected or SID not in request.url.path:
            return _error(401, 20003)
        if asked.operation.startswith("List"):
            fault = self.list_faults.popleft() if self.list_faults else None
            return self._list(request, asked) if fault is None else _fault(fault)
        carried_out, answer = (self.faults.popleft() if self.faults else None) or (True, None)
        resource = self._carry_out(asked) if carried_out else {}
        if answer is not None:
            return _fault(answer)
        if resource is None:
            return _error(400, 21220)
        kind = "message" if "Message" in asked.operation else "call"
        schema = {"$ref": f"#/components/schemas/api.v2010.account.{kind}"}
        assert not list(_mismatches(resource, schema, kind)), "the answer does not fit the description"
        return httpx.Response(201 if asked.operation.startswith("Create") else 200, json=resource)

    def _carry_out(self, asked: Request) -> dict[str, Any] | None:
        """Do what is asked; returns the resource, None if its state does not allow it."""
        match asked.operation:
            case "CreateMessage":
                resource = self._resource("SM", len(self.messages), asked.fields)
                resource |= {
                    "body": asked.fields["Body"],
                    "date_sent": None,
                    "direction": "outbound-api",
                    "error_code": None,
                    "messaging_service_sid": asked.fields.get("MessagingServiceSid"),
                }
                self.messages.append(resource)
            case "CreateCall":
                resource = self._resource("CA", len(self.calls), asked.fields) | {"direction": "outbound-api"}
                self.calls.append(resource)
            case "UpdateCall":
                resource = next(call for call in self.calls if call["sid"] == asked.sid)
                if asked.fields.get("Status") == "canceled" and resource["status"] in ("queued", "ringing"):
                    resource["status"] = "canceled"
                elif "Twiml" in asked.fields and resource["status"] != "in-progress":
                    return None
            case other:
                raise AssertionError(f"the tests need no {other}")
        return dict(resource)

    def _resource(self, prefix: str, number: int, fields: dict[str, Any]) -> dict[str, Any]:
        return {
            "sid": f"{prefix}{number + 1:032x}",
            "account_sid": SID,
            "to": fields["To"],
            "from": fields.get("From"),
            "status": "queued",
            "date_created": format_datetime(self._clock.now()),
        }

    def _list(self, request: httpx.Request, asked: Request) -> httpx.Response:
        """One page, the newest first."""
        name = "messages" if asked.operation == "ListMessage" else "calls"
        stored = self.messages if name == "messages" else self.calls
        found = [
            one
            for one in reversed(stored)
            if one["to"] == asked.fields["To"] and asked.fields.get("From") in (None, one["from"])
        ]
        size, page = int(asked.fields.get("PageSize", 50)), int(asked.fields.get("Page", 0))
        query = urlencode({**asked.fields, "Page": page + 1, "PageToken": "P"})
        more = f"{request.url.path}?{query}" if len(found) > (page + 1) * size else None
        return httpx.Response(200, json={name: found[page * size : (page + 1) * size], "next_page_uri": more})


def _fault(answer: Answer) -> httpx.Response:
    if isinstance(answer, Exception):
        raise answer
    return answer if isinstance(answer, httpx.Response) else _error(*answer)


def _error(status: int, code: int | None) -> httpx.Response:
    """An error as Twilio writes it. The message has a telephone number, as many of the real ones do."""
    body = {"code": code, "message": "The 'To' number +15555550101 is wrong", "more_info": "", "status": status}
    return (
        httpx.Response(status, json=body) if code is not None else httpx.Response(status, text="<html>sorry</html>")
    )


def _described(request: httpx.Request) -> Request:
    """The request, checked against the description."""
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
    if isinstance(value, str) and not rules.pop("minLength", 0) <= len(value) <= rules.pop("maxLength", len(value)):
        yield f"{where} is {value!r}, of the wrong length"
    if isinstance(value, int) and not rules.pop("minimum", value) <= value <= rules.pop("maximum", value):
        yield f"{where} is {value!r}, out of range"
    for item in value if isinstance(value, list) else []:
        yield from _mismatches(item, rules["items"], where)
    for name, item in value.items() if isinstance(value, dict) else []:
        yield from _mismatches(item, rules["properties"][name], f"{where}.{name}")
    left = rules.keys() - {"items", "properties"}
    assert not left, f"{where}: this check does not know {left}"
