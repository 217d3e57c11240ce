"""`GET /shifts`: its filters, their pages, and the values that are refused."""

import httpx
import pytest
from described import assert_fits
from office import Office


async def ids(office: Office, query: str) -> list[str]:
    """The ids of the page."""
    response = await office.http.get(f"/shifts?{query}")
    assert response.status_code == 200, response.text
    await assert_fits(response)
    return [one["id"] for one in response.json()["items"]]


async def put_shifts(office: Office) -> None:
    """Four open shifts, and one that Ann has."""
    await office.caregiver("ann", "+15555550101")
    await office.shift("a1", day=1, role="RN", organization_id="north", location="Oak Lane")
    await office.shift("b2", day=2, role="Home Health Aide", organization_id="south")
    await office.shift("c3", day=3, role="LPN", organization_id="north", location="100% Elm")
    await office.shift("d4", day=4, role="RN", organization_id="south", location="OAK park")
    await office.shift("e5", day=5, role="RN", organization_id="North")
    await office.assign("d4", "ann")
    await office.all_read()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "a1 b2 c3 d4 e5"),
        ("status=claimed", "d4"),
        ("status=open", "a1 b2 c3 e5"),
        ("organization_id=north", "a1 c3"),
        ("role=rn", "a1 d4 e5"),
        ("role=home%20%20health%20AIDE", "b2"),
        ("role=%EF%BC%B2%EF%BC%AE", "a1 d4 e5"),
        ("role=R", ""),
        ("starts_from=2026-07-03T08:00:00Z", "c3 d4 e5"),
        ("starts_from=2026-07-03T08:00:00.001Z", "d4 e5"),
        ("starts_before=2026-07-03T08:00:00Z", "a1 b2"),
        ("starts_from=2026-07-02T04:00:00-04:00&starts_before=2026-07-04T00:00:00%2B02:00", "b2 c3"),
        ("text=oak", "a1 d4"),
        ("text=%25", "c3"),
        ("text=4", "d4"),
        ("text=outh", "b2 d4"),
        ("text=", "a1 b2 c3 d4 e5"),
        ("text=nothing", ""),
        ("status=open&organization_id=north&role=RN&text=lane&starts_before=2026-07-02T00:00:00Z", "a1"),
        ("status=claimed&organization_id=north", ""),
    ],
)
async def test_a_list_has_the_shifts_that_meet_every_condition(query: str, expected: str) -> None:
    """Conditions can be combined; roles and texts are compared without case and spacing."""
    async with Office() as office:
        await put_shifts(office)
        assert await ids(office, query) == expected.split()


async def test_a_filtered_list_has_pages() -> None:
    """`next` leads to the next match, and is null behind the last."""
    async with Office() as office:
        await put_shifts(office)
        found, after = [], ""
        for expected_next in ("a1", "d4", None):
            page = (await office.http.get("/shifts", params={"role": "RN", "limit": 1, "after": after})).json()
            found += [one["id"] for one in page["items"]]
            assert page["next"] == expected_next
            after = page["next"] or ""
        assert found == ["a1", "d4", "e5"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("status", "closed"),
        ("status", "OPEN"),
        ("status", ""),
        ("organization_id", ""),
        ("organization_id", "x" * 129),
        ("organization_id", "a\nb"),
        ("role", ""),
        ("role", " "),
        ("role", "x" * 81),
        ("role", "a\u202eb"),
        ("starts_from", ""),
        ("starts_from", "2026-07-03"),
        ("starts_from", "2026-07-03T08:00:00"),
        ("starts_from", "1782979200"),
        ("starts_before", "tomorrow"),
        ("starts_before", "9999-12-31T23:59:59-14:00"),
        ("text", "x" * 201),
        ("text", "a\x00b"),
    ],
)
async def test_a_bad_condition_is_a_422(field: str, value: str) -> None:
    """A value that cannot be is a 422 that names its parameter."""
    async with Office() as office:
        response: httpx.Response = await office.http.get("/shifts", params={field: value})
        assert response.status_code == 422
        assert [error["field"] for error in response.json()["errors"]] == [field]
        await assert_fits(response)


@pytest.mark.parametrize("query", ["status=open&status=claimed", "role=RN&role=RN", "limit=1&role=RN&limit=2"])
async def test_a_parameter_that_comes_twice_is_a_422(query: str) -> None:
    """Nobody could know which of the two counts."""
    async with Office() as office:
        response = await office.http.get(f"/shifts?{query}")
        assert response.status_code == 422
        name = query.partition("=")[0]
        assert response.json()["errors"] == [{"field": name, "message": "must not be given twice"}]
        await assert_fits(response)
