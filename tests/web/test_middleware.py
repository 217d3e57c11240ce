"""What every request passes first, and what any request at all is answered: the key, sizes, paths, garbage."""

import asyncio
import gzip
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from described import Operation, assert_fits, document, operations
from starlette.types import Message, Scope

from app.access.keyring import Keyring
from app.api import create_app
from app.errors import StoreUnavailable
from app.settings import Settings
from app.stores.memory.store import MemoryStore
from app.web.authentication import Authentication
from app.web.middleware import RequestGate
from prove.asgi import scope_of

KEY = "correct-Horse"
LIMIT = 64 * 1024

CAREGIVER = {"name": "Ann", "role": "RN", "phone": "+15555550101"}
SHIFT = {
    "organization_id": "org",
    "role_required": "RN",
    "start_time": "2026-07-02T08:00:00-04:00",
    "end_time": "2026-07-02T16:00:00-04:00",
}
INBOUND = {"from": "+15555550101", "body": "YES"}

#: A good body for each schema that a route takes.
GOOD: dict[str, Any] = {
    "CaregiverIn": CAREGIVER,
    "ShiftIn": SHIFT,
    "CaregiverRowsIn": [CAREGIVER | {"id": "a"}],
    "ShiftRowsIn": [SHIFT | {"id": "a"}],
    "OrganizationIn": {"name": "Harbor"},
    "InboundIn": INBOUND,
    "ReceiptIn": {"id": "m", "status": "delivered"},
    "AssignIn": {"caregiver_id": "a"},
    "TextIn": {"caregiver_id": "a", "body": "Bring your badge"},
    "ReleaseIn": {"caregiver_id": "a"},
    "NothingIn": {},
    "FanoutIn": {"urgent": True},
}
ROUTES = operations()
#: Lists of records have tests of their own.
TAKING_A_BODY = [route for route in ROUTES if route.body_required and route.path not in ("/caregivers", "/shifts")]
EVERY_ROUTE = pytest.mark.parametrize("route", ROUTES, ids=str)
BODY_ROUTES = pytest.mark.parametrize("route", TAKING_A_BODY, ids=str)


def good(route: Operation) -> Any:
    """A body that the route takes, None if it takes none."""
    return None if route.body is None else GOOD[route.body]


@asynccontextmanager
async def service(api_key: str | None = None) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a service without data. Each answer must be one that the description lists."""
    app = create_app(Settings(data=None, console_latency=0, api_key=api_key))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://test", event_hooks={"response": [assert_fits]}
    ) as client:
        yield client


async def put_records(client: httpx.AsyncClient) -> None:
    """A caregiver and a shift, both with the id `a`, so that every route has what it is about."""
    for path, record in (("/caregivers/a", CAREGIVER), ("/shifts/a", SHIFT)):
        assert (await client.put(path, json=record)).is_success


async def state(client: httpx.AsyncClient) -> list[Any]:
    """All that is stored of the two records."""
    paths = ("/caregivers", "/shifts", "/shifts/a/fanout")
    return [(await client.get(path)).json() for path in paths]


async def chunked(content: bytes) -> AsyncIterator[bytes]:
    """The content in pieces, so that the request says nothing of its length."""
    for first in range(0, len(content), 8192):
        yield content[first : first + 8192]


def assert_problem(response: httpx.Response, *statuses: int) -> None:
    """The response is a problem of one of these statuses."""
    request = response.request
    assert response.status_code in statuses, f"{request.method} {request.url}: {response.status_code} {response.text}"
    assert response.headers["content-type"] == "application/problem+json"
    content = response.json()
    assert content["status"] == response.status_code
    assert {"type", "title", "detail"} <= set(content)
    assert all(isinstance(content[name], str) for name in ("type", "title", "detail"))
    assert ("errors" in content) is (response.status_code == 422)


async def assert_nothing_stored(client: httpx.AsyncClient, **headers: str) -> None:
    """There is neither a caregiver nor a shift."""
    for path in ("/caregivers", "/shifts"):
        assert (await client.get(path, headers=headers)).json() == {"items": [], "next": None}


# The key.


@pytest.mark.parametrize(
    "credentials",
    [
        None,
        b"",
        KEY.encode(),
        b"Bearer",
        b"Bearer ",
        b"Basic " + KEY.encode(),
        b"Bearer " + KEY.lower().encode(),
        b"Bearer " + KEY.encode()[:-1],
        b"Bearer " + KEY.encode() + b"x",
        b"Bearer " + KEY.encode() + b" " + KEY.encode(),
        b"Bearer" + KEY.encode(),
        b"Bearer\xff " + KEY.encode(),
        b"Bearer \xff\xfe",
    ],
)
async def test_without_the_key_there_is_no_way_in(credentials: bytes | None) -> None:
    """Without the right key every route is a 401 that names the scheme, and does nothing."""
    headers = [] if credentials is None else [(b"authorization", credentials)]
    async with service(KEY) as client:
        for route in ROUTES:
            if not route.needs_key:
                continue
            response = await client.request(route.method, route.at("a"), json=good(route), headers=headers)
            assert_problem(response, 401)
            assert response.headers["www-authenticate"].startswith("Bearer")
            assert KEY not in response.text
        await assert_nothing_stored(client, authorization=f"Bearer {KEY}")


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEARER", "Bearer "])
async def test_with_the_key_all_is_open(scheme: str) -> None:
    """With the key a route answers; the scheme's case and further spaces do not count."""
    async with service(KEY) as client:
        client.headers["authorization"] = f"{scheme} {KEY}"
        assert (await client.put("/caregivers/a", json=CAREGIVER)).status_code == 201
        assert (await client.post("/messages/inbound", json=INBOUND)).json()["outcome"] == "no_offer"


@pytest.mark.parametrize("key", ["s\u00e9same \u4e2d\u6587", "with two words", "k" * 500, 'q"uo\\te'])
async def test_any_key_can_be_used(key: str) -> None:
    """A key may have any characters; a request bears it in UTF-8."""
    async with service(key) as client:
        right = [(b"authorization", b"Bearer " + key.encode())]
        wrong = [(b"authorization", b"Bearer " + key.encode("utf-8")[:-1])]
        assert (await client.get("/caregivers", headers=right)).status_code == 200
        assert_problem(await client.get("/caregivers", headers=wrong), 401)


async def test_health_needs_no_key() -> None:
    """The health check is open, and says exactly this, with a key set or not."""
    for key in (None, KEY):
        async with service(key) as client:
            response = await client.get("/health")
        assert response.status_code == 200
        assert response.text == '{"status":"ok"}'
        assert response.headers["content-type"] == "application/json"


@pytest.mark.parametrize("path", ["/openapi.json", "/docs", "/nowhere", "/health/x", "/%2Fhealth", "/caregivers%2F"])
async def test_what_else_there_is_needs_the_key_too(path: str) -> None:
    """The description, and what does not exist, answer nobody without the key."""
    async with service(KEY) as client:
        assert_problem(await client.get(path), 401)


@pytest.mark.parametrize(("key", "warnings"), [(None, 1), (KEY, 0)])
def test_an_open_service_says_so_once(key: str | None, warnings: int, caplog: pytest.LogCaptureFixture) -> None:
    """A start without a key says in one warning that the service is open; one with a key does not."""
    with caplog.at_level(logging.WARNING, "shift_fanout"):
        create_app(Settings(data=None, api_key=key))
    found = [record for record in caplog.records if "FANOUT_API_KEY" in record.getMessage()]
    assert len(found) == warnings
    assert KEY not in caplog.text


# The size of a body.


@BODY_ROUTES
async def test_a_body_of_64_kib_is_taken(route: Operation) -> None:
    """A body of exactly 64 KiB is read, whether its length is known beforehand or not."""
    body = json.dumps(good(route)).encode().ljust(LIMIT)
    async with service() as client:
        await put_records(client)
        assert (await client.request(route.method, route.at("a"), content=body)).is_success
        assert (await client.request(route.method, route.at("a"), content=chunked(body))).is_success


async def test_a_larger_body_is_refused_by_its_length() -> None:
    """One byte more, and any route is a 413 that does nothing."""
    async with service() as client:
        for route in ROUTES:
            limit = 1024 * 1024 if isinstance(good(route), list) else LIMIT
            body = json.dumps(good(route)).encode().ljust(limit + 1)
            assert_problem(await client.request(route.method, route.at("a"), content=body), 413)
        await assert_nothing_stored(client)


@BODY_ROUTES
@pytest.mark.parametrize("length", [None, "5", "abc", "-1", "", "0" * 30 + "5"])
async def test_a_larger_body_is_refused_without_its_length(route: Operation, length: str | None) -> None:
    """A body that is larger than it said, or said nothing, is a 413 all the same."""
    body = json.dumps(good(route)).encode().ljust(LIMIT + 1)
    headers = {} if length is None else {"content-length": length}
    async with service() as client:
        assert_problem(await client.request(route.method, route.at("a"), content=chunked(body), headers=headers), 413)
        await assert_nothing_stored(client)


@pytest.mark.parametrize("length", ["65537", "9" * 19, "9" * 5000])
async def test_a_length_alone_is_enough(length: str) -> None:
    """A body that is announced too large is not waited for, however large the number."""
    async with service() as client:
        response = await client.post("/messages/inbound", content=b"{}", headers={"content-length": length})
        assert_problem(response, 413)


async def test_a_refusal_before_the_body_has_come_ends_the_connection() -> None:
    """Otherwise the server would read on for as long as the client sends. Other refusals keep it."""
    bearer = {"authorization": f"Bearer {KEY}"}
    async with service(KEY) as client:
        refused = [
            await client.post("/shifts/a/fanout", content=b"{}"),
            await client.post("/shifts/a/fanout", content=chunked(b"{}")),
            await client.post("/messages/inbound", headers=bearer, content=b"{}" + b" " * LIMIT),
        ]
        assert [one.status_code for one in refused] == [401, 401, 413]
        assert [one.headers.get("connection") for one in refused] == ["close"] * 3
        kept = [
            await client.post("/shifts/a/fanout"),
            await client.get("/shifts/a"),
            await client.post("/messages/inbound", headers=bearer, content=b"{"),
        ]
        assert [one.status_code for one in kept] == [401, 401, 400]
        assert [one.headers.get("connection") for one in kept] == [None] * 3


async def test_a_larger_body_starts_no_fanout() -> None:
    """Where a route reads no body, one that is too large and does not say so is refused before it acts."""
    async with service() as client:
        await client.put("/shifts/a", json=SHIFT)
        assert_problem(await client.post("/shifts/a/fanout", content=chunked(b" " * (LIMIT + 1))), 413)
        assert_problem(await client.get("/shifts/a/fanout"), 404)


@EVERY_ROUTE
async def test_half_a_request_does_nothing(route: Operation) -> None:
    """A connection that breaks in the middle of a body is no fault, is not answered, and changes nothing.

    Routes that read no body are no exception: what was asked for did not arrive whole.
    """
    app = create_app(Settings(data=None, console_latency=0))
    coming: list[Message] = [
        {"type": "http.request", "body": json.dumps(good(route)).encode()[:-1], "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent: list[Message] = []

    async def receive() -> Message:
        return coming.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:
        await put_records(client)
        before = await state(client)
        await app(scope_of(route.method, route.at("a"), [(b"host", b"test")]), receive, send)
        assert sent == []
        assert await state(client) == before


@EVERY_ROUTE
async def test_a_body_that_does_not_come_is_a_408(route: Operation) -> None:
    """A request that is never finished ends within a time, here at once, and never reaches the application."""
    app = create_app(Settings(data=None, console_latency=0))
    reached: list[Scope] = []

    async def behind(scope: Scope, *_: object) -> None:
        reached.append(scope)

    service = app.state.service
    authentication = Authentication(Keyring(None, None), service.clock)
    gate = RequestGate(behind, service=service, authentication=authentication, public_paths=(), body_within_s=0)
    sent: list[Message] = []

    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError("nothing comes")

    async def send(message: Message) -> None:
        sent.append(message)

    scope = scope_of(route.method, route.at("a"), [(b"host", b"test")])
    scope["headers"].append((b"content-length", b"2"))
    await gate(scope, receive, send)
    start, body = sent
    assert (start["status"], json.loads(body["body"])["status"]) == (408, 408)
    assert (b"connection", b"close") in start["headers"]
    assert reached == []


# A store that is away.


class LostStore(MemoryStore):
    """Cannot be reached while `lost`."""

    lost = True

    async def open(self) -> None:
        """See `Store`."""
        if self.lost:
            raise StoreUnavailable("the database cannot be reached")


@EVERY_ROUTE
async def test_without_a_store_there_is_a_503(route: Operation) -> None:
    """Every route but the health check is a 503 that says when to try again; the next request may work."""
    store = LostStore()
    app = create_app(Settings(data=None, console_latency=0), store=store)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:
        response = await client.request(route.method, route.at("a"), json=good(route))
        if route.path == "/health":
            assert response.status_code == 200
        else:
            assert_problem(response, 503)
            assert int(response.headers["retry-after"]) > 0
            assert "Retry-After" in route.responses["503"]["headers"]
        store.lost = False
        assert (await client.put("/caregivers/a", json=CAREGIVER)).status_code == 201


# Paths.

IDS = [
    "a/b",
    "/",
    "//",
    "a/fanout",
    "/fanout/",
    "%2F",
    "a%2Fb",
    "a b",
    " ",
    "a?b=c&d",
    "a#b",
    "a;b,c",
    "a+b",
    "\u00e9t\u00e9",
    "\u4e2d\u6587",
    "\U0001f600" * 128,
    "x" * 128,
    "'; DROP TABLE caregivers; --",
    "{caregiver_id}",
    "\U0010ffff",
]


async def test_an_id_that_is_not_utf8_is_a_422() -> None:
    """Such bytes would all become the same character, and so different ids the same one."""
    async with service() as client:
        for path in ("/caregivers/%ff", "/caregivers/%C3%28"):
            assert (await client.put(path, json=CAREGIVER)).status_code == 422


@pytest.mark.parametrize("id_", IDS)
async def test_any_string_is_an_id(id_: str) -> None:
    """An id of up to 128 characters names its record through every route, whatever its characters."""
    caregiver, shift = f"/caregivers/{quote(id_, safe='')}", f"/shifts/{quote(id_, safe='')}"
    async with service() as client:
        assert (await client.put(caregiver, json=CAREGIVER)).json()["id"] == id_
        assert (await client.put(shift, json=SHIFT)).json()["id"] == id_
        assert (await client.get(caregiver)).json()["id"] == id_
        assert (await client.get(shift)).json()["id"] == id_
        assert (await client.post(f"{shift}/fanout")).status_code == 202
        assert (await client.get(f"{shift}/fanout")).json()["shift_id"] == id_
        assert (await client.delete(f"{shift}/fanout")).json()["status"] == "cancelled"
        assert (await client.delete(caregiver)).status_code == 204
        assert_problem(await client.get(caregiver), 404)


@pytest.mark.parametrize("written", ["a%2Fb", "a%2fb"])
async def test_the_case_of_an_escape_does_not_count(written: str) -> None:
    """A slash in an id may be escaped in either case."""
    async with service() as client:
        assert (await client.put(f"/caregivers/{written}", json=CAREGIVER)).json()["id"] == "a/b"


async def test_a_bare_slash_is_not_part_of_an_id() -> None:
    """Without escaping, a slash divides the path, and there is no such route."""
    async with service() as client:
        assert_problem(await client.put("/caregivers/a/b", json=CAREGIVER), 404)


@pytest.mark.parametrize("id_", ["a%00", "%0A", "a%0Ab", "a%7F", "a%C2%85", "a%09", "x" * 129, "%2F" * 129])
async def test_a_bad_id_is_a_422(id_: str) -> None:
    """Control characters and a 129th character are refused on every route that names a record."""
    async with service() as client:
        for route in ROUTES:
            if route.has_id:
                assert_problem(await client.request(route.method, route.at(id_), json=good(route)), 422)
        await assert_nothing_stored(client)


@pytest.mark.parametrize("id_", ["%FF", "%ED%A0%80", "a%C3", "%"])
async def test_an_id_that_is_not_utf8_is_no_fault(id_: str) -> None:
    """A path that is not UTF-8 is answered like any other, never with a 5xx."""
    async with service() as client:
        for route in ROUTES:
            if not route.has_id:
                continue
            response = await client.request(route.method, route.at(id_), json=good(route))
            if not response.is_success:
                assert_problem(response, 404, 409, 422)


@pytest.mark.parametrize(
    "path",
    ["/nowhere", "/caregiver", "/caregivers/a/b/c", "/shifts/a/fanouts", "/messages", "/static/", "/%00", "/%FF"],
)
async def test_what_is_not_there_is_a_404(path: str) -> None:
    """A path that no route has is a 404 problem, with any method."""
    async with service() as client:
        for method in ("GET", "POST", "PUT", "DELETE", "PATCH", "BREW"):
            assert_problem(await client.request(method, path, json={}), 404)


@pytest.mark.parametrize("path", sorted({route.at("a") for route in ROUTES}))
async def test_a_method_that_is_not_there_is_a_405(path: str) -> None:
    """A method that a path does not have is a 405 whose Allow names every one it has (RFC 9110, 15.5.6)."""
    allowed = {route.method for route in ROUTES if route.at("a") == path}
    if path in ("/health", "/health/engine", "/ready"):
        allowed.add("HEAD")
    async with service() as client:
        for method in {"GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"} - allowed:
            response = await client.request(method, path)
            assert_problem(response, 405)
            assert {name.strip() for name in response.headers["allow"].split(",")} == allowed


# Garbage.

NOT_JSON = {
    "empty": b"",
    "blank": b"  \n",
    "cut off": b'{"name": "An',
    "text": b"YES",
    "form": b"from=%2B15555550101&body=YES",
    "single quotes": b"{'name': 'Ann'}",
    "two values": b"{} {}",
    "byte order mark": b"\xef\xbb\xbf{}",
    "not utf-8": b'{"name": "\xff\xfe", "body": "\xff"}',
    "utf-16": '{"name": "Ann"}'.encode("utf-16"),
    "overlong": b'{"name": "\xc0\xaf"}',
    "lone surrogate": b'{"name": "\\ud800", "from": "\\udfff", "organization_id": "\\ud800"}',
    "encoded surrogate": b'{"name": "\xed\xa0\x80"}',
    "null byte": b"\x00",
    "control character": b'{"name": "a\x01b"}',
    "gzip": b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
}
EVERY_FIELD = [*CAREGIVER, *SHIFT, *INBOUND]
WRONG_SHAPE = {
    "null": b"null",
    "true": b"true",
    "number": b"5",
    "huge exponent": b"1e999999999",
    "string": b'"YES"',
    "list": b"[]",
    "list of objects": b"[{}]",
    "nothing in it": b"{}",
    "only unknown fields": b'{"x": 1, "__class__": "y", "constructor": {}}',
    "all null": json.dumps(dict.fromkeys(EVERY_FIELD)).encode(),
    "all numbers": json.dumps(dict.fromkeys(EVERY_FIELD, 5)).encode(),
    "all huge": json.dumps(dict.fromkeys(EVERY_FIELD, 10**400)).encode(),
    "all lists": json.dumps({field: [[]] for field in EVERY_FIELD}).encode(),
    "all objects": json.dumps({field: {} for field in EVERY_FIELD}).encode(),
    "all empty": json.dumps(dict.fromkeys(EVERY_FIELD, "")).encode(),
    "all null bytes": json.dumps(dict.fromkeys(EVERY_FIELD, "\x00")).encode(),
    "all long": json.dumps(dict.fromkeys(EVERY_FIELD, "x" * 5000)).encode(),
}
#: JSON, but more than the parser reads, and the words of the refusal.
BEYOND_LIMITS = {
    "deep lists": (b"[" * 10_000 + b"]" * 10_000, "nested"),
    "deep objects": (b'{"a":' * 5000 + b"1" + b"}" * 5000, "nested"),
    "deep list in an unknown field": (
        b'{"from": "+15555550101", "x": ' + b"[" * 10_000 + b"]" * 10_000 + b"}",
        "nested",
    ),
    "huge number": (b"9" * 5000, "digits"),
    "huge number in an unknown field": (b'{"from": "+15555550101", "x": -' + b"9" * 5000 + b"}", "digits"),
}
#: JSON or not is a matter of opinion here; that it is refused is not.
EITHER = {
    "deep and cut off": b"[" * 5000,
    "all NaN": b'{"name": NaN, "organization_id": NaN, "from": NaN}',
    "all infinite": b'{"name": Infinity, "organization_id": -Infinity, "from": Infinity}',
}


async def refused_everywhere(garbage: bytes, *statuses: int) -> None:
    """Every route that takes a body refuses this one, and nothing is stored."""
    async with service() as client:
        for route in TAKING_A_BODY:
            assert_problem(await client.request(route.method, route.at("a"), content=garbage), *statuses)
        await assert_nothing_stored(client)


@pytest.mark.parametrize("garbage", NOT_JSON)
async def test_not_json_is_a_400(garbage: str) -> None:
    """A body that is not JSON in UTF-8 is a 400 on every route that takes one, and stores nothing."""
    await refused_everywhere(NOT_JSON[garbage], 400)


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "br", "deflate, gzip", "identity, gzip", "\x1b[31m"])
async def test_an_encoded_body_is_a_415_that_names_the_encoding(encoding: str) -> None:
    """On every route. The answer says which encoding would do."""
    body = gzip.compress(json.dumps(INBOUND).encode())
    headers = [(b"content-encoding", encoding.encode())]
    async with service() as client:
        for route in ROUTES:
            if route.streams:
                continue
            response = await client.request(route.method, route.at("a"), content=body, headers=headers)
            assert response.headers["accept-encoding"] == "identity"
            assert response.headers["connection"] == "close"
            assert_problem(response, 415)
            assert repr(encoding.lower()) in response.json()["detail"]
        await assert_nothing_stored(client)


async def test_a_body_without_an_encoding_may_say_so() -> None:
    """So may a request without a body, whatever it says."""
    async with service() as client:
        for encoding in ("identity", "", " Identity "):
            headers = {"content-encoding": encoding}
            assert (await client.post("/messages/inbound", json=INBOUND, headers=headers)).status_code == 200
        assert (await client.get("/shifts", headers={"content-encoding": "gzip"})).status_code == 200


@pytest.mark.parametrize("garbage", WRONG_SHAPE)
async def test_json_of_the_wrong_shape_is_a_422(garbage: str) -> None:
    """JSON that is not what a route takes is a 422 on every one of them, and stores nothing."""
    await refused_everywhere(WRONG_SHAPE[garbage], 422)


@pytest.mark.parametrize("garbage", EITHER)
async def test_monstrous_json_is_refused(garbage: str) -> None:
    """Thousands of levels without an end, and numbers that are none, are refused and store nothing."""
    await refused_everywhere(EITHER[garbage], 400, 422)


@pytest.mark.parametrize("garbage", BEYOND_LIMITS)
async def test_json_that_is_too_much_is_a_422(garbage: str) -> None:
    """JSON beyond the limits of the parser is not called something else than JSON, whatever field it is in."""
    body, reason = BEYOND_LIMITS[garbage]
    async with service() as client:
        for route in TAKING_A_BODY:
            response = await client.request(route.method, route.at("a"), content=body)
            assert_problem(response, 422)
            assert reason in response.json()["detail"]
            assert [error["field"] for error in response.json()["errors"]] == ["body"]
        await assert_nothing_stored(client)


@pytest.mark.parametrize("levels", [150, 199])
@pytest.mark.parametrize("number", ["9" * 4300, "1e999", "-0", "1." + "9" * 5000])
async def test_what_the_limits_allow_is_read(levels: int, number: str) -> None:
    """Fields that a gateway adds may be odd up to those limits."""
    async with service() as client:
        odd = "[" * levels + number + "]" * levels
        content = json.dumps(INBOUND)[:-1] + f', "x": {odd}}}'
        response = await client.post("/messages/inbound", content=content)
        assert (response.status_code, response.json()["outcome"]) == (200, "unknown_sender")


@pytest.mark.parametrize("garbage", [*NOT_JSON, *WRONG_SHAPE, *EITHER, *BEYOND_LIMITS])
async def test_no_garbage_is_a_5xx(garbage: str) -> None:
    """Whatever body comes to whatever route, the answer is a success or a problem of the caller's."""
    bodies = NOT_JSON | WRONG_SHAPE | EITHER | {name: body for name, (body, _) in BEYOND_LIMITS.items()}
    body = bodies[garbage]
    async with service() as client:
        await put_records(client)
        for route in ROUTES:
            if route.streams:
                continue
            response = await client.request(route.method, route.at("a"), content=body)
            if not response.is_success:
                assert_problem(response, *range(400, 500))


WRONG_VALUES = {
    "null": None,
    "true": True,
    "number": 5,
    "fraction": 1.5,
    "huge": 10**30,
    "list": ["x"],
    "object": {"x": 1},
    "null byte": "\x00",
    "newline": "a\nb",
    "long": "x" * 2000,
}


#: Every field of every body that is required, and whether null stands for one that is left out.
FIELDS = [
    (route, name, {"type": "null"} in schema.get("anyOf", ()))
    for route in TAKING_A_BODY
    for name, schema in document()["components"]["schemas"][route.body]["properties"].items()
]


@pytest.mark.parametrize(
    ("route", "field", "nullable"), FIELDS, ids=[f"{route} {field}" for route, field, _ in FIELDS]
)
async def test_each_field_is_checked(route: Operation, field: str, nullable: bool) -> None:
    """A wrong value in one field is a 422 that names just that field, and stores nothing."""
    right = {"null"} if nullable else set()
    # A text message may have any characters.
    right |= {"null byte", "newline"} if field == "body" else set()
    # A reason of a gateway is shortened and cleaned, never refused: the receipt counts.
    right |= {"long", "null byte", "newline"} if field == "error" else set()
    right |= {"list"} if field in ("roles", "organization_ids") else set()
    right |= {"number", "fraction"} if field in ("escalate_after", "minimum_rest") else set()
    wrong = [value for name, value in WRONG_VALUES.items() if name not in right]
    async with service() as client:
        for value in wrong:
            body = (good(route) or {}) | {field: value}
            response = await client.request(route.method, route.at("a"), json=body)
            assert_problem(response, 422)
            # A field of an object is named with the object.
            assert {error["field"].partition(".")[0] for error in response.json()["errors"]} == {field}
        await assert_nothing_stored(client)


@BODY_ROUTES
@pytest.mark.parametrize("media_type", [None, "text/plain", "application/x-www-form-urlencoded", "nonsense"])
async def test_a_good_body_is_taken_under_any_name(route: Operation, media_type: str | None) -> None:
    """A gateway that calls its JSON something else, or nothing, is understood."""
    headers = {} if media_type is None else {"content-type": media_type}
    content = json.dumps(good(route))
    async with service() as client:
        await put_records(client)
        assert (await client.request(route.method, route.at("a"), content=content, headers=headers)).is_success


UNKNOWN: dict[str, Any] = {"id": 7, "opted_out": True, "status": "claimed", "x": {"y": [None, 10**30]}}
OFFICE_BODIES = {"CaregiverIn", "ShiftIn", "AssignIn", "ReleaseIn", "OrganizationIn", "TextIn"}
#: Whoever writes these bodies means every field of them.
OF_THE_OFFICE = [route for route in ROUTES if route.body in OFFICE_BODIES]
#: Gateways add fields of their own, and fields may come to mean something later. A list has no fields.
OF_OTHERS = [route for route in ROUTES if isinstance(good(route), dict) and route not in OF_THE_OFFICE]


@pytest.mark.parametrize("route", OF_THE_OFFICE, ids=str)
@pytest.mark.parametrize("name", [*UNKNOWN, "Name", "caregiver_id ", "\u202e", "", "x" * 200])
async def test_a_field_that_does_not_exist_is_named(route: Operation, name: str) -> None:
    """A misspelled field must not be lost in silence: it is a 422 that names it, and nothing is done."""
    async with service() as client:
        await put_records(client)
        before = await state(client)
        body = (good(route) or {}) | {name: UNKNOWN.get(name, "x")}
        response = await client.request(route.method, route.at("a"), json=body)
        assert_problem(response, 422)
        assert [error["field"] for error in response.json()["errors"]] == [name]
        assert await state(client) == before


@pytest.mark.parametrize("route", OF_OTHERS, ids=str)
async def test_a_gateway_may_add_fields(route: Operation) -> None:
    """Fields that mean nothing to the service do no harm to a message, whatever is in them."""
    async with service() as client:
        answers = []
        for body in (UNKNOWN | (good(route) or {}), good(route)):
            await put_records(client)
            response = await client.request(route.method, route.at("a"), json=body)
            assert response.is_success
            answers.append((response.status_code, response.json().get("outcome")))
            await client.delete("/shifts/a/fanout")
        assert answers[0] == answers[1]


@pytest.mark.parametrize("body", ["", " ", "\x00", "\u202e", "\U0001f44d" * 800, "x" * 1600, "9" * 1600, "YES" * 500])
@pytest.mark.parametrize("channel", ["sms", "voice"])
async def test_any_text_of_a_known_sender_has_an_outcome(body: str, channel: str) -> None:
    """A text of up to 1,600 characters, however odd, is answered with an outcome."""
    async with service() as client:
        await client.put("/caregivers/a", json=CAREGIVER)
        response = await client.post("/messages/inbound", json=INBOUND | {"body": body, "channel": channel})
        assert response.status_code == 200
        nothing_said = channel == "voice" and not body.strip()
        assert response.json()["outcome"] in (("no_answer",) if nothing_said else ("unrecognized", "no_offer"))


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=-1",
        "limit=1001",
        "limit=ten",
        "limit=1.5",
        "limit=NaN",
        "limit=",
        "limit=%00",
        "limit=" + "9" * 400,
        "after=" + "x" * 129,
    ],
)
async def test_a_bad_query_is_a_422(query: str) -> None:
    """A query value that is not allowed is a 422 that names it."""
    async with service() as client:
        for path in ("/caregivers", "/shifts"):
            response = await client.get(f"{path}?{query}")
            assert_problem(response, 422)
            assert [error["field"] for error in response.json()["errors"]] == [query.partition("=")[0]]


@pytest.mark.parametrize("query", ["after=%FF", "after=%ED%A0%80", "&&&", "after"])
async def test_an_odd_query_is_no_fault(query: str) -> None:
    """A query that is merely odd is answered."""
    async with service() as client:
        assert (await client.get(f"/caregivers?{query}")).status_code == 200


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("x=1", ["x"]),
        ("limt=5&limit_=5&x=1&x=2", ["limt", "limit_", "x"]),
        ("Limit=5", ["Limit"]),
        ("=", [""]),
        ("%", ["%"]),
        ("%FF=1", ["\ufffd"]),
        ("%00", ["\x00"]),
        ("x" * 5000, ["x" * 5000]),
    ],
)
async def test_a_parameter_that_does_not_exist_is_named(query: str, names: list[str]) -> None:
    """A misspelled filter must not be lost in silence: on every route it is a 422 that names it and does nothing."""
    async with service() as client:
        await put_records(client)
        before = await state(client)
        for route in ROUTES:
            response = await client.request(route.method, f"{route.at('a')}?{query}", json=good(route))
            assert_problem(response, 422)
            assert [error["field"] for error in response.json()["errors"]] == names
        assert await state(client) == before


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "path", ["/", "/static/main.js", "/docs", "/docs/docs.js", "/openapi.json", "/health", "/ready"]
)
async def test_pages_and_probes_have_no_parameters(method: str, path: str) -> None:
    """What is no part of the API is as strict. Without a query each of them answers."""
    async with service() as client:
        if (method, path) != ("HEAD", "/openapi.json"):
            assert (await client.request(method, path)).status_code == 200
            assert (await client.request(method, f"{path}?v=1")).status_code == 422


# HEAD.


@pytest.mark.parametrize("path", ["/health", "/ready"])
async def test_a_probe_may_be_a_head(path: str) -> None:
    """It has the status and the headers of the GET and no content, with a key set or not."""
    for key in (None, KEY):
        async with service(key) as client:
            get, head = await client.get(path), await client.head(path)
            assert (head.status_code, head.content) == (200, b"")
            assert {**head.headers, "x-request-id": ""} == {**get.headers, "x-request-id": ""}


async def test_a_head_has_no_content_whatever_the_answer() -> None:
    """Refusals too: of the gate, of the router, and of a process that is not ready."""
    async with service(KEY) as client:
        unauthorized = await client.head("/shifts/a")
    store = LostStore()
    app = create_app(Settings(data=None, console_latency=0), store=store)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:
        not_ready = await client.head("/ready")
        store.lost = False
        not_found, not_allowed = await client.head("/nowhere"), await client.head("/shifts/a")
    answers = (unauthorized, not_ready, not_found, not_allowed)
    assert [one.status_code for one in answers] == [401, 503, 404, 405]
    for one in answers:
        assert one.content == b""
        assert int(one.headers["content-length"]) > 0


@pytest.mark.parametrize("path", ["/", "/static/main.js", "/docs", "/docs/docs.js"])
async def test_a_page_is_open_for_reading_only(path: str) -> None:
    """Without the key any other method is a 401 problem, even for a browser; with it, a 405."""
    html = {"accept": "text/html"}
    async with service(KEY) as client:
        for method in ("POST", "PUT", "DELETE", "PATCH"):
            assert_problem(await client.request(method, path, headers=html), 401)
            bearer = {"authorization": f"Bearer {KEY}"}
            assert_problem(await client.request(method, path, headers=html | bearer), 405)
