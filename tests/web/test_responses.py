"""What the routes send is what OpenAPI says they send, for every route and every status."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from described import assert_fits, mismatches, operation_of, operations
from office import Office
from viewer import Browser

CAREGIVER = {"name": "Ann", "role": "RN", "phone": "+15555550101"}
#: Every route may answer these, in front of the framework: `test_middleware.py` has each of them for each route, and
#: `test_permissions.py` those of keys.
OF_THE_GATE = {"401", "403", "408", "413", "415", "429", "503"}
#: Only keys of one organization get these: `test_permissions.py`.
OF_ANOTHER_ORGANIZATION = {("PUT /shifts/{shift_id}", "404"), ("PUT /caregivers/{caregiver_id}", "404")}
#: Only while a request with the same `Idempotency-Key` is under way: `tests/acceptance/test_idempotency_keys.py`.
OF_TWO_AT_ONCE = {
    ("POST /messages/inbound", "409"),
    ("POST /messages/status", "409"),
    ("POST /caregivers/{caregiver_id}/opt-in", "409"),
}


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    """An office whose every answer is compared with the description; in the end, none may be without a comparison."""
    seen: set[tuple[str, str]] = set()
    async with Office(past_shifts=False) as office:

        async def compare(response: httpx.Response) -> None:
            operation = operation_of(response.request)
            assert operation is not None, f"{response.request} is not described"
            await assert_fits(response)
            seen.add((str(operation), str(response.status_code)))

        office.http.event_hooks = {"response": [compare]}
        yield office
        await office.all_read()
    described = {
        (str(one), status) for one in operations() if not one.streams for status in set(one.responses) - OF_THE_GATE
    }
    missing = described - seen - OF_ANOTHER_ORGANIZATION - OF_TWO_AT_ONCE
    assert not missing, f"never sent: {missing}"


async def test_every_route_sends_what_is_described(office: Office) -> None:
    """A day of an office in which every route answers with every status it has."""
    await succeed(office)
    await fail(office)


async def fail(office: Office) -> None:
    """After a day on which Ann got shift s1 and s2 is still open: bad requests, missing records, conflicts."""
    http = office.http
    for route in operations():
        if route.body is not None:
            assert (await http.request(route.method, route.at("a"), content=b"{")).status_code == 400
            assert (await http.request(route.method, route.at("a"), content=b"7")).status_code == 422
        if route.has_id and not route.body_required:
            assert (await http.request(route.method, route.at("%00"))).status_code == 422
            assert (await http.request(route.method, route.at("nothing"))).status_code == 404, str(route)
        elif route.method == "GET" and "422" in route.responses:
            assert (await http.get(f"{route.path}?limit=0")).status_code == 422
    assert (await office.assign("nothing", "ann")).status_code == 404
    shift = {
        "organization_id": "org",
        "role_required": "RN",
        "start_time": "2026-07-02T08:00:00Z",
        "end_time": "2026-07-02T16:00:00Z",
    }
    for conflict in (
        await http.put("/caregivers/new", json=CAREGIVER),
        await http.delete("/caregivers/ann"),
        await http.put("/shifts/s1", json=shift),
        await http.delete("/shifts/s1/fanout"),
        await office.assign("s1", "ben"),
        await office.release("s1", "ben"),
        await office.post("past"),
    ):
        assert conflict.status_code == 409, conflict.text
    assert (await http.delete("/shifts/s1/fanout", headers={"if-match": "*"})).status_code == 400
    old = {"if-match": '"another"'}
    organization = {"name": "Harbor"}
    for changed in (
        await http.put("/caregivers/ann", json=CAREGIVER, headers=old),
        await http.put("/shifts/s2", json=shift, headers=old),
        await http.put("/organizations/org", json=organization, headers=old),
        *[await http.delete(path, headers=old) for path in ("/caregivers/ben", "/shifts/s2", "/organizations/org")],
    ):
        assert changed.status_code == 412, changed.text
    assert (await http.delete("/organizations/org")).status_code == 409
    words = {"caregiver_id": "ben", "body": "Please call us."}
    assert (await http.post("/shifts/nothing/messages", json=words)).status_code == 404
    assert (await office.inbound("+15555550102", "STOP"))["outcome"] == "opted_out"
    assert (await http.post("/shifts/s2/messages", json=words)).status_code == 409
    # As without the extra.
    office.app.state.service.meter = None
    assert (await http.get("/metrics")).status_code == 501


async def succeed(office: Office) -> None:
    """A day on which everything works."""
    http = office.http
    for probe in ("/health", "/health/engine", "/ready", "/metrics"):
        assert (await http.get(probe)).is_success
    assert (await http.get("/board")).is_success
    assert (await http.get("/health/engine")).is_success
    ann = await office.caregiver("ann", "+15555550101")
    ben = await office.caregiver("ben", "+15555550102", organization_id="org")
    await office.caregiver("ben", "+15555550102", organization_id="org")
    await office.caregiver("cara", "+15555550103", organization_id="another")
    for page in ("/caregivers", "/caregivers?limit=1", "/caregivers/ann"):
        assert (await http.get(page)).is_success
    for shift_id in ("s1", "s1", "s2"):
        await office.shift(shift_id, day=2 if shift_id == "s1" else 4, location="Quincy 02169")
        await office.fanout(shift_id)
        if shift_id == "s1":
            assert (await http.delete("/shifts/s1/fanout")).is_success
    await office.fanout("s1")
    await office.fanout("s2")
    assert (await ann.replies("YES"))["choices"]
    await ann.replies("NO", shift_id="s1")
    await office.minutes(11)
    assert (await ben.replies("1", channel="voice", shift_id="s1"))["outcome"] == "claimed"
    assert (await ben.replies("NO", shift_id="s1"))["outcome"] == "release_requested"
    shift = ("/shifts/s1", "/shifts/s1/fanout", "/shifts/s1/log", "/shifts/s1/board", "/shifts/s1/board/log")
    for page in ("/shifts", "/shifts?limit=1", "/log", *shift):
        assert (await http.get(page)).is_success
    assert (await office.release("s1", "ben")).is_success
    assert (await office.assign("s1", "ann")).is_success
    assert (await office.inbound("+15555559999", "YES"))["outcome"] == "unknown_sender"
    assert (await http.post("/messages/status", json={"id": "unknown", "status": "delivered"})).status_code == 200
    assert (await http.delete("/caregivers/cara")).status_code == 204
    await keep_records(office)
    assert (await http.get("/reports/fills?from=2026-06-01&to=2026-06-30")).is_success
    words = {"caregiver_id": "ben", "body": "Please call us."}
    assert (await http.post("/shifts/s1/messages", json=words)).status_code == 202
    assert (await http.post("/caregivers/ann/opt-in")).is_success
    await office.shift("past", start_time="2026-05-31T08:00:00Z", end_time="2026-05-31T16:00:00Z")


async def keep_records(office: Office) -> None:
    """Organizations, lists of records, records that have not changed, and a shift that is no longer needed."""
    http = office.http
    for organization_id, status in (("org", 201), ("org", 200), ("elm", 201)):
        put = await http.put(f"/organizations/{organization_id}", json={"name": "Harbor"})
        assert put.status_code == status
    assert (await http.get("/organizations")).is_success
    for path in ("/organizations/org", "/caregivers/ann", "/shifts/s1"):
        etag = (await http.get(path)).headers["etag"]
        assert (await http.get(path, headers={"if-none-match": etag})).status_code == 304
    assert (await http.delete("/organizations/elm")).status_code == 204
    assert (await http.put("/caregivers", json=[{"id": "ann", **CAREGIVER}])).status_code == 200
    await office.shift("spare", day=20)
    assert (await http.put("/shifts", json=[])).status_code == 200
    assert (await http.delete("/shifts/spare")).status_code == 204


async def test_the_stream_is_sent_as_described() -> None:
    """The stream has the one content type that the description names."""
    async with Office() as office, Browser(office.app) as browser:
        (stream,) = (one for one in operations() if one.streams)
        assert stream.path == "/events"
        assert browser.headers["content-type"].partition(";")[0] in stream.responses["200"]["content"]


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        (1, {"type": "string"}),
        (True, {"type": "integer"}),
        ("x", {"enum": ["y"]}),
        ("x", {"const": "y"}),
        (None, {"anyOf": [{"type": "string"}, {"type": "integer"}]}),
        ("2026-07-02T08:00:00", {"type": "string", "format": "date-time"}),
        ("2026-07-02T08:00:00+00:00", {"type": "string", "format": "date-time"}),
        ({}, {"type": "object", "required": ["a"]}),
        ({"b": 1}, {"type": "object", "properties": {"a": {"type": "integer"}}}),
        ({"a": "1"}, {"type": "object", "properties": {"a": {"type": "integer"}}}),
        ({"b": 1}, {"type": "object", "additionalProperties": {"type": "integer"}, "propertyNames": {"enum": ["a"]}}),
        ([1, "2"], {"type": "array", "items": {"type": "integer"}}),
        (1, {"$ref": "#/components/schemas/Text"}),
    ],
)
def test_the_comparison_can_fail(value: object, schema: dict[str, Any]) -> None:
    """The comparison that these tests rest on finds what does not fit."""
    document = {"components": {"schemas": {"Text": {"type": "string"}}}}
    assert list(mismatches(value, schema, document))
