"""The OpenAPI description: sound in itself, and true to what the routes do."""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi.routing import iter_route_contexts

from app.api import create_app
from app.domain.attention_reasons import AttentionReason
from app.domain.fanout_records import ExclusionReason, FanoutStatus
from app.domain.messages import ContactStatus
from app.domain.records import Channel, Kind, Outcome
from app.settings import Settings

METHODS = {"get", "put", "post", "delete", "patch", "head", "options", "trace"}

#: Routes that are no part of the API: pages, their files, the description itself.
NOT_DESCRIBED = {"/", "/reports", "/static/{name}", "/docs", "/docs/{name}", "/openapi.json"}


def without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object, in which no name may stand twice."""
    names = [name for name, _ in pairs]
    assert len(names) == len(set(names)), f"a name stands twice in {names}"
    return dict(pairs)


#: What the service has served, by its key. Building it takes most of the time of a test.
_SERVED: dict[str | None, str] = {}


async def served(api_key: str | None = None) -> dict[str, Any]:
    """The description as the service serves it; a new object for each test."""
    if api_key not in _SERVED:
        app = create_app(Settings(data=None, console_latency=0, api_key=api_key))
        headers = {} if api_key is None else {"authorization": f"Bearer {api_key}"}
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:
            response = await client.get("/openapi.json", headers=headers)
        assert response.status_code == 200
        _SERVED[api_key] = response.text
    return dict(json.loads(_SERVED[api_key], object_pairs_hook=without_repeats))


def operations(description: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and description of every operation."""
    for path, item in description["paths"].items():
        for method, operation in item.items():
            yield method, path, operation


def every(name: str, node: object) -> Iterator[Any]:
    """Every value of that name, wherever it stands."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == name:
                yield value
            yield from every(name, value)
    elif isinstance(node, list):
        for value in node:
            yield from every(name, value)


@pytest.mark.parametrize("api_key", [None, "sesame"])
async def test_the_description_is_sound(api_key: str | None) -> None:
    """It is OpenAPI 3 JSON: operations have an id of their own, descriptions and well-formed responses."""
    description = await served(api_key)
    assert description["openapi"].startswith("3.1")
    assert description["info"]["title"]
    assert description["info"]["version"]
    ids = [operation["operationId"] for *_, operation in operations(description)]
    assert len(ids) == len(set(ids))
    for method, path, operation in operations(description):
        assert method in METHODS
        assert path.startswith("/")
        assert operation["description"]
        for status, response in operation["responses"].items():
            assert re.fullmatch("[1-5][0-9]{2}", status)
            assert response["description"]


@pytest.mark.parametrize("api_key", [None, "sesame"])
async def test_every_reference_resolves(api_key: str | None) -> None:
    """Every $ref points to something that is there."""
    description = await served(api_key)
    references = set(every("$ref", description))
    assert len(references) > 10
    for reference in references:
        assert reference.startswith("#/")
        node = description
        for name in reference.removeprefix("#/").split("/"):
            node = node[name]


async def test_every_schema_is_used() -> None:
    """Nothing is described that no route takes or gives, such as the framework's own errors."""
    description = await served()
    used = {reference.rpartition("/")[2] for reference in every("$ref", description)}
    assert set(description["components"]["schemas"]) == used


async def test_every_route_of_the_api_is_described() -> None:
    """Whatever the application routes is described with all its methods, but for its pages and HEAD of the probes."""
    app = create_app(Settings(data=None))
    routed = {(route.path, method) for route in iter_route_contexts(app.routes) for method in route.methods or ()}
    described = {(path, method.upper()) for method, path, _ in operations(await served())}
    assert described
    hidden = {("/health", "HEAD"), ("/health/engine", "HEAD"), ("/ready", "HEAD")}
    assert hidden <= routed
    assert {path for path, _ in routed - described - hidden} == NOT_DESCRIBED
    assert described <= routed


async def test_path_parameters_are_declared() -> None:
    """Each parameter in a path is declared as required, with the limits of an id."""
    for _, path, operation in operations(await served()):
        declared = {one["name"]: one for one in operation.get("parameters", []) if one["in"] == "path"}
        assert set(declared) == set(re.findall(r"{(\w+)}", path))
        for one in declared.values():
            assert one["required"] is True
            assert (one["schema"]["minLength"], one["schema"]["maxLength"]) == (1, 128)


async def test_the_responses_of_a_route() -> None:
    """Each error is a problem; each success is JSON, but for the stream; a 503 says when to try again."""
    for _, path, operation in operations(await served()):
        responses = operation["responses"]
        assert {"408", "413", "422"} <= set(responses)
        assert ("503" in responses) is (path != "/health")
        # To cancel takes no body, but a condition on its version is refused.
        has_bad_request = "requestBody" in operation or operation["operationId"] == "cancel_fanout"
        assert ("400" in responses) is has_bad_request
        for status, response in responses.items():
            if status >= "400":
                assert response["content"] == {
                    "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                }
                assert ("Retry-After" in response.get("headers", {})) is (status == "503")
            elif status in ("204", "304"):
                assert "content" not in response
            else:
                other = {"/events": "text/event-stream", "/metrics": "text/plain"}
                also_csv = {"text/csv"} if path == "/reports/fills" else set()
                assert set(response["content"]) == {other.get(path, "application/json"), *also_csv}


async def test_operations_are_named_by_their_functions() -> None:
    """A generated client has methods with readable names, in groups."""
    found = {(method, path): one for method, path, one in operations(await served())}
    assert found["post", "/shifts/{shift_id}/fanout"]["operationId"] == "start_fanout"
    for operation in found.values():
        assert re.fullmatch("[a-z]+(_[a-z]+)*", operation["operationId"])
        assert len(operation["tags"]) == 1


@pytest.mark.parametrize(
    ("schema", "values"),
    [
        ("Outcome", Outcome),
        ("FanoutStatus", FanoutStatus),
        ("ContactStatus", ContactStatus),
        ("Channel", Channel),
        ("ExclusionReason", ExclusionReason),
        ("Kind", Kind),
        ("AttentionReason", AttentionReason),
    ],
)
async def test_what_is_one_of_several_is_enumerated(schema: str, values: type[Outcome]) -> None:
    """Every outcome, status, channel and reason is listed by name."""
    assert (await served())["components"]["schemas"][schema]["enum"] == [value.value for value in values]


def test_the_words_of_the_service_stay() -> None:
    """Outcomes, statuses and channels are those that callers were promised."""
    assert {*Outcome} == {
        "claimed", "already_yours", "already_claimed", "conflict", "ambiguous", "declined", "release_requested",
        "unrecognized", "no_offer", "no_answer", "wrong_number", "opted_out", "opted_in", "help", "unknown_sender",
    }  # fmt: skip
    assert {*FanoutStatus} == {"open", "claimed", "exhausted", "expired", "cancelled"}
    assert {*ContactStatus} == {"queued", "sending", "sent", "delivered", "failed", "unknown", "skipped"}
    assert {*Channel} == {"sms", "voice"}
    assert {*ExclusionReason} == {
        "opted_out", "wrong_number", "conflict", "other_organization", "declined", "released",
    }  # fmt: skip
    assert {*AttentionReason} == {
        "exhausted", "unanswered", "starts_soon", "expired", "release_requested", "unrecognized", "not_told",
        "not_qualified", "undelivered", "opted_out_yes",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("schema", "required", "optional"),
    [
        (
            "CaregiverIn",
            {"name", "phone"},
            {"role", "roles", "organization_id", "organization_ids", "time_zone", "language"},
        ),
        (
            "ShiftIn",
            {"organization_id", "role_required", "start_time", "end_time"},
            {"time_zone", "location"},
        ),
        (
            "OrganizationIn",
            {"name"},
            {"time_zone", "office_phone", "quiet_hours", "escalate_after", "minimum_rest"},
        ),
        ("AssignIn", {"caregiver_id"}, set()),
        ("InboundIn", {"from", "body"}, {"channel", "message_id", "shift_id", "recorded_by"}),
        ("ReceiptIn", {"id", "status"}, {"error"}),
    ],
)
async def test_request_bodies(schema: str, required: set[str], optional: set[str]) -> None:
    """Each body that is taken is described with its fields, and which of them may be left out."""
    described = (await served())["components"]["schemas"][schema]
    assert set(described["required"]) == required
    assert set(described["properties"]) == required | optional


async def test_bodies_are_described_as_json() -> None:
    """A route that takes a body says which, and whether it is required."""
    optional = set()
    for *_, operation in operations(await served()):
        if body := operation.get("requestBody"):
            (content,) = body["content"].items()
            assert content[0] == "application/json"
            assert content[1]["schema"]["$ref"].startswith("#/components/schemas/")
            if not body.get("required"):
                optional.add(operation["operationId"])
    assert optional == {"release_shift", "start_fanout", "opt_in_caregiver"}


async def test_without_a_key_nothing_is_secured() -> None:
    """An open service describes no key and no 401."""
    description = await served()
    assert "securitySchemes" not in description["components"]
    for *_, operation in operations(description):
        assert "security" not in operation
        assert "401" not in operation["responses"]


async def test_with_a_key_every_route_but_the_probes_is_secured() -> None:
    """With a key each operation but `/health` and `/ready` wants a bearer token and may answer 401."""
    description = await served("sesame")
    assert "sesame" not in json.dumps(description)
    (scheme,) = description["components"]["securitySchemes"].items()
    assert scheme[1] == {"type": "http", "scheme": "bearer"}
    for _, path, operation in operations(description):
        if path in ("/health", "/ready"):
            assert "security" not in operation
            assert "401" not in operation["responses"]
        else:
            assert operation["security"] == [{scheme[0]: []}]
            assert "application/problem+json" in operation["responses"]["401"]["content"]


async def test_limits_of_pages_are_described() -> None:
    """A page's limit is described with its bounds and its default, for each list."""
    pages = 0
    for *_, operation in operations(await served()):
        for one in operation.get("parameters", []):
            if one["name"] == "limit":
                pages += 1
                limit = one["schema"]
                assert (limit["minimum"], limit["maximum"], limit["default"]) == (1, 1000, 100)
                assert one["required"] is False
    assert pages == 6
