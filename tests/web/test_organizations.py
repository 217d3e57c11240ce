"""The routes of organizations: putting, getting, paging, deleting, and what is refused."""

from typing import Any

import httpx
import pytest
from described import operation_of
from office import Office

FULL: dict[str, Any] = {
    "name": "Harbor Home Health",
    "time_zone": "America/New_York",
    "office_phone": "(617) 555-0100",
    "quiet_hours": {"from": "21:00", "to": "07:30"},
    "escalate_after": 90.5,
    "minimum_rest": 8.5,
}
KEPT = {**FULL, "id": "org", "office_phone": "+16175550100", "alerts_stopped": None}
KEPT["updated_at"] = "2026-06-01T10:00:00Z"


def refused(response: httpx.Response, status: int, code: str | None = None) -> None:
    """The response is a problem of that status and code, and is described."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json().get("code") == code
    operation = operation_of(response.request)
    assert operation is not None
    operation.assert_fits(response)


async def test_a_new_organization_is_a_201_and_the_same_again_a_200() -> None:
    """PUT answers with the record as it is kept. GET and the list show the same."""
    async with Office() as office:
        for status in (201, 200):
            response = await office.http.put("/organizations/org", json=FULL)
            assert (response.status_code, response.json()) == (status, KEPT)
        assert (await office.http.get("/organizations/org")).json() == KEPT
        assert (await office.http.get("/organizations")).json() == {"items": [KEPT], "next": None}
        log = (await office.http.get("/log")).json()["items"]
        assert [entry["data"] for entry in log] == [
            {"record": "organization", "organization_id": "org", "change": "added"}
        ]


async def test_only_the_name_is_required() -> None:
    """What is left out, or null, is null. PUT replaces the whole record."""
    async with Office() as office:
        await office.http.put("/organizations/org", json=FULL)
        bare = dict.fromkeys(KEPT) | {"id": "org", "name": "Harbor", "updated_at": "2026-06-01T10:00:00.000001Z"}
        for body in ({"name": " Harbor "}, dict.fromkeys(FULL) | {"name": "Harbor"}):
            assert (await office.http.put("/organizations/org", json=body)).json() == bare


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": None}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"time_zone": "Mars/X"}, "time_zone"),
        ({"office_phone": "911"}, "office_phone"),
        ({"quiet_hours": {"from": "21:00"}}, "quiet_hours.to"),
        ({"quiet_hours": {"from": "21:00", "to": "21:00"}}, "quiet_hours.to"),
        ({"quiet_hours": {"from": "9:00", "to": "21:00"}}, "quiet_hours.from"),
        ({"quiet_hours": {"from": "24:00", "to": "21:00"}}, "quiet_hours.from"),
        ({"quiet_hours": {"from": 2100, "to": "21:00"}}, "quiet_hours.from"),
        ({"quiet_hours": {"from": "21:00:00", "to": "07:00"}}, "quiet_hours.from"),
        ({"quiet_hours": {"from": "21:00", "to": "07:00", "days": 1}}, "quiet_hours.days"),
        ({"quiet_hours": {"start": "21:00", "end": "07:00"}}, "quiet_hours.from"),
        ({"quiet_hours": "21:00-07:00"}, "quiet_hours"),
        ({"escalate_after": 0}, "escalate_after"),
        ({"escalate_after": -1}, "escalate_after"),
        ({"escalate_after": 1e300}, "escalate_after"),
        ({"escalate_after": "600"}, "escalate_after"),
        ({"escalate_after": True}, "escalate_after"),
        ({"minimum_rest": -0.5}, "minimum_rest"),
        ({"minimum_rest": 1e300}, "minimum_rest"),
        ({"minimum_rest": "8h"}, "minimum_rest"),
        ({"city": "Quincy"}, "city"),
    ],
    ids=str,
)
async def test_a_bad_organization_is_a_422(change: dict[str, Any], field: str) -> None:
    """The answer names the field, and nothing is stored."""
    async with Office() as office:
        response = await office.http.put("/organizations/org", json=FULL | change)
        refused(response, 422)
        assert response.json()["errors"][0]["field"] == field
        assert (await office.http.get("/organizations/org")).status_code == 404


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
@pytest.mark.parametrize("field", ["escalate_after", "minimum_rest"])
async def test_what_is_no_number_is_refused(field: str, number: str) -> None:
    """Python's JSON would read these words as numbers."""
    async with Office() as office:
        response = await office.http.put("/organizations/org", content=f'{{"name": "O", "{field}": {number}}}')
        assert response.status_code in (400, 422)


async def test_whole_numbers_and_no_rest_are_taken() -> None:
    """They come back as numbers of the same value."""
    async with Office() as office:
        for rest in (0, 8, 36.25):
            body = {"name": "O", "escalate_after": 600, "minimum_rest": rest}
            found = (await office.http.put("/organizations/org", json=body)).json()
            assert (found["escalate_after"], found["minimum_rest"]) == (600, rest)


async def test_organizations_are_paged() -> None:
    """Pages follow one another, by id."""
    async with Office() as office:
        for id_ in ("c", "a", "b"):
            await office.http.put(f"/organizations/{id_}", json={"name": id_.upper()})
        first = (await office.http.get("/organizations?limit=2")).json()
        assert ([one["id"] for one in first["items"]], first["next"]) == (["a", "b"], "b")
        second = (await office.http.get("/organizations?limit=2&after=b")).json()
        assert ([one["id"] for one in second["items"]], second["next"]) == (["c"], None)
        for query in ("limit=0", "limit=1001", "after=%00", "status=open"):
            refused(await office.http.get(f"/organizations?{query}"), 422)


async def test_an_organization_with_shifts_to_come_stays() -> None:
    """409 until they have ended, then 204; nothing to delete is a 404. Its past shift and its caregiver stay."""
    async with Office() as office:
        refused(await office.http.get("/organizations/org"), 404)
        refused(await office.http.delete("/organizations/org"), 404, "unknown_organization")
        await office.http.put("/organizations/org", json=FULL)
        ann = await office.caregiver("ann", "+15555550101", organization_id="org")
        await office.shift("s1", organization_id="org")
        response = await office.http.delete("/organizations/org")
        refused(response, 409, "has_shifts_to_come")
        assert "s1" in response.json()["detail"]
        await office.shift("s1", organization_id="another")
        assert (await office.http.delete("/organizations/org")).status_code == 204
        refused(await office.http.get("/organizations/org"), 404)
        await office.shift("s1", organization_id="org")
        await office.fanout("s1")
        ann.expect_sms("Open RN shift")
