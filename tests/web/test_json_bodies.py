"""Bodies on FastAPI's own routes: strict JSON whatever the content type, blank where a body may be left out."""

import json

import httpx
import pytest
from fastapi import FastAPI
from office import Office
from starlette.types import Receive, Scope, Send

from app.access.keys import ANYBODY

SHIFT = {
    "organization_id": "org",
    "role_required": "RN",
    "start_time": "2026-07-02T08:00:00Z",
    "end_time": "2026-07-02T16:00:00Z",
}


@pytest.mark.parametrize("media_type", [None, "application/json", "text/plain", "image/png; charset=x"])
@pytest.mark.parametrize("body", [b"", b" \r\n\t", b"{}", b'{"caregiver_id": null}', b'{"caregiver_id": "ann"}'])
async def test_an_optional_body_may_be_left_out(body: bytes, media_type: str | None) -> None:
    """Nothing, blanks and an object are all taken."""
    headers = {} if media_type is None else {"content-type": media_type}
    async with Office() as office:
        await office.caregiver("ann", "+15555550101")
        await office.shift("s1")
        await office.assign("s1", "ann")
        response = await office.http.post("/shifts/s1/release", content=body, headers=headers)
        assert (response.status_code, response.json()["assigned_to"]) == (200, None)
        await office.all_read()


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 400), (b"NaN", 400), (b"\xff", 400), (b"null", 422), (b"[]", 422), (b'{"caregiver_id": 5}', 422)],
)
async def test_an_optional_body_is_read_strictly_too(body: bytes, status: int) -> None:
    """What is not JSON is a 400, JSON of the wrong shape a 422, and the holder keeps the shift."""
    async with Office() as office:
        await office.caregiver("ann", "+15555550101")
        await office.shift("s1")
        await office.assign("s1", "ann")
        assert (await office.http.post("/shifts/s1/release", content=body)).status_code == status
        assert (await office.http.get("/shifts/s1")).json()["assigned_to"] == "ann"
        await office.all_read()


@pytest.mark.parametrize("value", [float("nan"), float("-inf"), [float("inf")]])
async def test_nan_is_not_json_in_unknown_fields_either(value: object) -> None:
    """NaN and the infinities are no JSON (RFC 8259, 6), wherever they are."""
    async with Office() as office:
        response = await office.http.put("/shifts/s1", content=json.dumps(SHIFT | {"x": value}))
        assert (response.status_code, response.json()["detail"]) == (400, "the body is not JSON in UTF-8")


@pytest.mark.parametrize(
    "body",
    [
        b'{"from": "+15555550101", "body": "YES"}',
        b'{"from": "+15555550101", "body": "YES", "x": NaN}',
        b'{"from": "+15555559999", "body": "YES", "channel": "voice", "message_id": "m1", "shift_id": "s1"}',
        b'{"from": "1", "body": 5}',
        b'{"from": "+15555550101"}',
        b"[]",
        b"nonsense",
        b"",
    ],
)
async def test_the_route_of_inbound_messages_answers_as_the_gate_does(body: bytes) -> None:
    """The gate answers them in front of the routes; the route behind it gives the same answer."""
    async with Office() as office:
        await office.caregiver("ann", "+15555550101")
        stack = FastAPI.build_middleware_stack(office.app)

        async def without_gate(scope: Scope, receive: Receive, send: Send) -> None:
            await stack({**scope, "app": office.app, "state": {"key": ANYBODY}}, receive, send)

        answers = []
        for app in (office.app, without_gate):
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:
                response = await client.post("/messages/inbound", content=body)
                answers.append((response.status_code, response.headers["content-type"], response.json()))
        assert answers[0] == answers[1]
