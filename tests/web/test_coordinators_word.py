"""What a coordinator says over HTTP: a new consent, a cancellation of what they saw, and a shift that is over."""

from typing import Any

import httpx
import pytest
from described import assert_fits
from office import Office

ANN = "+15555550101"


async def refused(response: httpx.Response, status: int, code: str | None = None) -> None:
    """The response is a problem of that status and code, as described."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json().get("code") == code
    await assert_fits(response)


# Opting in.


async def opt_in(office: Office, caregiver_id: str) -> dict[str, Any]:
    """Record the caregiver's new consent; returns their record."""
    response = await office.http.post(f"/caregivers/{caregiver_id}/opt-in")
    assert response.status_code == 200, response.text
    await assert_fits(response)
    assert response.json() == (await office.http.get(f"/caregivers/{caregiver_id}")).json()
    return dict(response.json())


async def test_a_new_consent_lifts_an_opt_out() -> None:
    """The record says so, and the next fanout asks them again. Repeating it changes nothing."""
    async with Office() as office:
        ann = await office.caregiver("ann", ANN)
        await ann.replies("STOP")
        ann.expect_sms("START")
        assert (await office.http.get("/caregivers/ann")).json()["opted_out"] is True
        for _ in range(2):
            assert (await opt_in(office, "ann"))["opted_out"] is False
        ann.expect_nothing()
        await office.shift("s1")
        await office.fanout("s1")
        ann.expect_sms("Open RN shift")


async def test_a_new_consent_lifts_the_mark_of_a_wrong_number() -> None:
    """After somebody said that it is not the caregiver's number, only the office can say that it is."""
    async with Office() as office:
        ann = await office.caregiver("ann", ANN)
        await ann.replies("Wrong number")
        ann.expect_sms("Sorry")
        await office.shift("s1")
        await office.fanout("s1")
        ann.expect_nothing()
        await opt_in(office, "ann")
        await office.settled()
        await office.shift("s2", day=4)
        await office.fanout("s2")
        assert [one.shift_id for one in ann.unread][-1] == "s2"
        await office.all_read()


async def test_a_consent_of_nobody_is_a_404() -> None:
    """A caregiver that nobody put has no number."""
    async with Office() as office:
        await refused(await office.http.post("/caregivers/nobody/opt-in"), 404, "unknown_caregiver")


@pytest.mark.parametrize("path", ["/caregivers/ann/opt-in", "/shifts/s1/fanout"])
@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 400), (b"YES", 400), (b"\xff", 400), (b"[]", 422), (b'"x"', 422), (b"null", 422)],
)
async def test_a_body_that_may_be_left_out_is_read_strictly(path: str, body: bytes, status: int) -> None:
    """What is not JSON is a 400, JSON that is no object a 422, and nothing is done."""
    async with Office() as office:
        ann = await office.caregiver("ann", ANN)
        await ann.replies("STOP")
        await office.shift("s1")
        await refused(await office.http.post(path, content=body), status)
        assert (await office.http.get("/caregivers/ann")).json()["opted_out"] is True
        await refused(await office.http.get("/shifts/s1/fanout"), 404)
        await office.all_read()


# Cancelling the generation that was seen.


async def test_only_the_generation_that_is_named_is_cancelled() -> None:
    """A coordinator who looked at an older generation is told so, and the newer one goes on."""
    async with Office() as office:
        await office.caregiver("ann", ANN)
        await office.shift("s1")
        await office.fanout("s1")
        assert (await office.http.delete("/shifts/s1/fanout?generation=1")).json()["status"] == "cancelled"
        assert (await office.fanout("s1"))["generation"] == 2
        for other in (1, 3, 2**31 - 1):
            await refused(await office.http.delete(f"/shifts/s1/fanout?generation={other}"), 409, "other_generation")
            assert (await office.report("s1"))["status"] == "open"
        for _ in range(2):
            response = await office.http.delete("/shifts/s1/fanout?generation=2")
            assert (response.status_code, response.json()["status"]) == (200, "cancelled")
            await assert_fits(response)
        await office.all_read()


@pytest.mark.parametrize(
    "generation",
    ["0", "-1", "1.0", "1.5", "x", "", "%201", "1_0", "%2B1", "\u0661", str(2**31), "9" * 40, "9" * 5000, "null"],
)
async def test_what_is_no_generation_is_a_422(generation: str) -> None:
    """Generations are whole numbers from 1 that fit the database; nothing is cancelled."""
    async with Office() as office:
        await office.caregiver("ann", ANN)
        await office.shift("s1")
        await office.fanout("s1")
        response = await office.http.delete(f"/shifts/s1/fanout?generation={generation}")
        await refused(response, 422)
        assert [error["field"] for error in response.json()["errors"]] == ["generation"]
        assert (await office.report("s1"))["status"] == "open"
        await office.all_read()


async def test_a_fanout_that_was_never_started_has_no_generation() -> None:
    """Naming one is a 404, as without it."""
    async with Office() as office:
        await office.shift("s1")
        await refused(await office.http.delete("/shifts/s1/fanout?generation=1"), 404, "never_started")


# A shift that is over.

PAST = {"start_time": "2026-06-01T01:00:00Z", "end_time": "2026-06-01T10:00:00Z"}


async def test_a_shift_that_has_ended_is_not_filled() -> None:
    """Neither asking nor assigning makes sense any more; the code says why."""
    async with Office(past_shifts=False) as office:
        ann = await office.caregiver("ann", ANN)
        await office.http.put("/shifts/s1", json={"organization_id": "org", "role_required": "RN", **PAST})
        await refused(await office.post("s1"), 409, "shift_over")
        await refused(await office.assign("s1", "ann"), 409, "shift_over")
        await refused(await office.http.get("/shifts/s1/fanout"), 404)
        ann.expect_nothing()


async def test_a_shift_is_filled_until_its_end() -> None:
    """One that has begun but not ended may still be filled."""
    async with Office(past_shifts=False) as office:
        await office.caregiver("ann", ANN)
        body = {"organization_id": "org", "role_required": "RN", **PAST, "end_time": "2026-06-01T10:00:00.001Z"}
        await office.http.put("/shifts/s1", json=body)
        assert (await office.post("s1")).status_code == 202
        await office.all_read()


async def test_past_shifts_may_be_allowed() -> None:
    """With the setting an old shift can be asked for and assigned, as the tries of a demo need it."""
    async with Office(past_shifts=True) as office:
        await office.caregiver("ann", ANN)
        await office.http.put("/shifts/s1", json={"organization_id": "org", "role_required": "RN", **PAST})
        assert (await office.post("s1")).status_code == 202
        assert (await office.assign("s1", "ann")).status_code == 200
        await office.all_read()
