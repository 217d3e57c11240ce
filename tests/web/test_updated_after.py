"""Lists of what changed after a time, as a system that keeps a copy of the records reads them."""

from typing import Any

import pytest
from described import operation_of
from office import Office

START = "2000-01-01T00:00:00Z"
CAREGIVER = {"name": "Ann", "role": "RN", "phone": "555-555-0101"}
SHIFT = {
    "organization_id": "north",
    "role_required": "RN",
    "start_time": "2026-06-03T08:00:00-04:00",
    "end_time": "2026-06-03T16:00:00-04:00",
}
BODIES: dict[str, list[dict[str, Any]]] = {
    "caregivers": [CAREGIVER | {"phone": f"555-556-000{number}"} for number in range(4)],
    "shifts": [SHIFT] * 4,
    "organizations": [{"name": "Harbor"}] * 4,
}
CHANGES: dict[str, dict[str, Any]] = {
    "caregivers": {"name": "Anna"},
    "shifts": {"location": "Elm Street"},
    "organizations": {"name": "Harbor East"},
}


class Copy:
    """Reads the list to its end, from where it ended the last time."""

    def __init__(self, office: Office, kind: str) -> None:
        self._office, self._kind, self._after = office, kind, START

    async def catch_up(self) -> str:
        """The ids of what changed, in the order of the changes; two records a page."""
        ids: list[str] = []
        query: dict[str, Any] | None = {"updated_after": self._after, "limit": 2}
        while query is not None:
            response = await self._office.http.get(f"/{self._kind}", params=query)
            assert response.status_code == 200, response.text
            operation = operation_of(response.request)
            assert operation is not None
            operation.assert_fits(response)
            page = response.json()
            for item in page["items"]:
                assert item == (await self._office.http.get(f"/{self._kind}/{item['id']}")).json()
                ids.append(item["id"])
                self._after = item["updated_at"]
            query = query | {"after": page["next"]} if page["next"] else None
        return " ".join(ids)


@pytest.mark.parametrize("kind", BODIES)
async def test_a_copy_sees_each_change_once(kind: str) -> None:
    """All records the first time, then those that changed, in the order of their last changes, over all pages."""
    async with Office() as office:
        copy, bodies = Copy(office, kind), BODIES[kind]
        for id_, body in zip("dbca", bodies, strict=True):
            assert (await office.http.put(f"/{kind}/{id_}", json=body)).status_code == 201
        assert await copy.catch_up() == "d b c a"
        assert await copy.catch_up() == ""
        await office.http.put(f"/{kind}/c", json=bodies[2])
        assert await copy.catch_up() == ""
        for id_, body in (("c", bodies[2]), ("d", bodies[0]), ("b", bodies[1])):
            assert (await office.http.put(f"/{kind}/{id_}", json=body | CHANGES[kind])).status_code == 200
        assert await copy.catch_up() == "c d b"
        assert (await office.http.delete(f"/{kind}/c")).status_code == 204
        assert await copy.catch_up() == ""


async def test_a_claim_changes_the_shift_and_a_stop_the_caregiver() -> None:
    """What the answers of the API show about a record belongs to it, also if it is not in the body of a PUT."""
    async with Office() as office:
        await office.http.put("/caregivers/ann", json=CAREGIVER)
        await office.http.put("/shifts/s1", json=SHIFT)
        caregivers, shifts = Copy(office, "caregivers"), Copy(office, "shifts")
        assert (await caregivers.catch_up(), await shifts.catch_up()) == ("ann", "s1")
        response = await office.http.post("/shifts/s1/assign", json={"caregiver_id": "ann"})
        assert response.status_code == 200
        assert (await caregivers.catch_up(), await shifts.catch_up()) == ("", "s1")
        ann = office.phone("+15555550101")
        assert (await ann.replies("STOP"))["outcome"] == "opted_out"
        await office.settled()
        ann.expect_sms("won't get shift texts")
        assert (await caregivers.catch_up(), await shifts.catch_up()) == ("ann", "")


@pytest.mark.parametrize("kind", BODIES)
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("updated_after=yesterday", "updated_after"),
        ("updated_after=2026-06-01T10:00:00", "updated_after"),
        ("updated_after=2026-06-01T10:00:00Z&after=ann", "after"),
        ("updated_since=2026-06-01T10:00:00Z", "updated_since"),
    ],
)
async def test_what_is_no_time_is_refused(kind: str, query: str, field: str) -> None:
    """A time has an offset; with it, `after` is the `next` of the page before."""
    async with Office() as office:
        response = await office.http.get(f"/{kind}?{query}")
        assert response.status_code == 422, response.text
        assert response.headers["content-type"] == "application/problem+json"
        assert field in response.text
