"""Lists of caregivers and shifts in one request, on both stores."""

import asyncio
from typing import Any

import httpx
import pytest
from described import operation_of
from office import NewOffice, Office


def nurse(n: int, **fields: Any) -> dict[str, Any]:
    """A caregiver of a list. Their ids sort like their numbers."""
    return {"id": f"c{n:04}", "name": f"Nurse {n}", "role": "RN", "phone": f"+1617555{n:04}", **fields}


def visit(id_: str, **fields: Any) -> dict[str, Any]:
    """A shift of a list."""
    times = {"start_time": "2026-07-02T08:00:00-04:00", "end_time": "2026-07-02T16:00:00-04:00"}
    return {"id": id_, "organization_id": "org", "role_required": "RN", **times, **fields}


async def put(office: Office, path: str, rows: object) -> list[tuple[str | None, int]]:
    """Put the list; returns id and status of each result."""
    response = await office.http.put(path, json=rows)
    assert response.status_code == 200, response.text
    fits(response)
    results = response.json()["results"]
    assert all(("detail" in one) is (one["status"] in (409, 422)) for one in results)
    assert all(one.keys() <= {"id", "status", "detail"} for one in results)
    return [(one["id"], one["status"]) for one in results]


def fits(response: httpx.Response) -> None:
    """The answer is as its route is described."""
    operation = operation_of(response.request)
    assert operation is not None
    operation.assert_fits(response)


async def items(office: Office, path: str) -> list[dict[str, Any]]:
    """All records."""
    return list((await office.http.get(path, params={"limit": 1000})).json()["items"])


async def test_a_list_is_put_like_its_records_one_by_one(new_office: NewOffice) -> None:
    """Records and facts are those of single requests; the second time each record is replaced."""
    rows = [nurse(n) for n in range(3)]
    async with new_office() as office:
        assert await put(office, "/caregivers", rows) == [(one["id"], 201) for one in rows]
        assert await put(office, "/caregivers", [*rows[:2], rows[2] | {"name": "Ann"}]) == [
            (one["id"], 200) for one in rows
        ]
        assert await put(office, "/shifts", [visit("s1"), visit("s2")]) == [("s1", 201), ("s2", 201)]
        assert await put(office, "/caregivers", []) == []
        assert [one["name"] for one in await items(office, "/caregivers")] == ["Nurse 0", "Nurse 1", "Ann"]
        assert [one["id"] for one in await items(office, "/shifts")] == ["s1", "s2"]
        log = (await office.http.get("/log")).json()["items"]
        assert [(one["caregiver_id"] or one["shift_id"], one["data"]["change"]) for one in log] == [
            *((one["id"], "added") for one in rows),
            ("c0002", "replaced"),
            ("s1", "added"),
            ("s2", "added"),
        ]


async def test_wrong_records_are_refused_and_the_others_stored(new_office: NewOffice) -> None:
    """Each result says why, in the order of the list."""
    rows: list[Any] = [
        nurse(0),
        nurse(1, phone="nonsense"),
        {key: value for key, value in nurse(2).items() if key != "id"},
        "nonsense",
        None,
        nurse(3, id=7),
        nurse(4, id=""),
        nurse(5, nickname="N"),
        nurse(6),
    ]
    expected = [("c0000", 201), ("c0001", 422), *[(None, 422)] * 4, ("", 422), ("c0005", 422), ("c0006", 201)]
    async with new_office() as office:
        assert await put(office, "/caregivers", rows) == expected
        assert [one["id"] for one in await items(office, "/caregivers")] == ["c0000", "c0006"]
        details = [
            one.get("detail", "") for one in (await office.http.put("/caregivers", json=rows)).json()["results"]
        ]
        assert "phone" in details[1]
        assert details[2] == "id: Field required"
        assert details[7].startswith("nickname")
        assert "nonsense" not in str(details)


async def test_a_record_that_comes_twice_is_put_twice(new_office: NewOffice) -> None:
    """The last one of an id counts. Of a number, the first one: the number is taken then."""
    rows = [
        nurse(1),
        nurse(2),
        nurse(1, name="Ann"),
        nurse(3, phone=nurse(2)["phone"]),
        nurse(1, phone="+16175559999"),
    ]
    rows.append(nurse(4, phone=nurse(1)["phone"]))
    async with new_office() as office:
        statuses = [status for _, status in await put(office, "/caregivers", rows)]
        assert statuses == [201, 201, 200, 409, 200, 201]
        found = {one["id"]: (one["name"], one["phone"]) for one in await items(office, "/caregivers")}
        assert found == {
            "c0001": ("Nurse 1", "+16175559999"),
            "c0002": ("Nurse 2", "+16175550002"),
            "c0004": ("Nurse 4", "+16175550001"),
        }


async def test_shifts_that_may_not_change_are_refused(new_office: NewOffice) -> None:
    """A claimed shift and one that is being filled are a 409 each, and stay as they are."""
    async with new_office() as office:
        ann = await office.caregiver("ann", "+15550001")
        await put(office, "/shifts", [visit(id_) for id_ in ("s1", "s2", "s3")])
        await office.assign("s1", "ann")
        await office.fanout("s2")
        ann.expect_sms("You have it")
        moved = [visit(id_, location="Salem") for id_ in ("s1", "s2", "s3")]
        assert await put(office, "/shifts", moved) == [("s1", 409), ("s2", 409), ("s3", 200)]
        assert [one["location"] for one in await items(office, "/shifts")] == [None, None, "Salem"]


async def test_a_thousand_records_are_the_most(new_office: NewOffice) -> None:
    """They are stored in one request, while others are answered; one more is a 422, and nothing is stored."""
    rows = [nurse(n) for n in range(1001)]
    async with new_office() as office:
        response = await office.http.put("/caregivers", json=rows)
        assert (response.status_code, await items(office, "/caregivers")) == (422, [])
        fits(response)
        lists = asyncio.gather(put(office, "/caregivers", rows[:1000]), put(office, "/caregivers", rows[999::-1]))
        await asyncio.sleep(0)
        assert (await office.http.get("/health")).status_code == 200
        assert not lists.done()
        both = await lists
        assert sorted(status for results in both for _, status in results) == [200] * 1000 + [201] * 1000
        assert len(await items(office, "/caregivers")) == 1000


@pytest.mark.parametrize(
    ("method", "path", "bytes_", "status"),
    [
        ("PUT", "/caregivers", 1024 * 1024, 200),
        ("PUT", "/shifts", 1024 * 1024 + 1, 413),
        ("PUT", "/caregivers/ann", 64 * 1024 + 1, 413),
        ("POST", "/caregivers", 64 * 1024 + 1, 413),
    ],
)
async def test_only_a_list_may_be_a_mebibyte(method: str, path: str, bytes_: int, status: int) -> None:
    """The limit of other bodies stays."""
    async with Office() as office:
        assert (
            await office.http.request(method, path, content=b"[" + b" " * (bytes_ - 2) + b"]")
        ).status_code == status


@pytest.mark.parametrize(("body", "status"), [(b"{}", 422), (b"nonsense", 400), (b"", 400), (b'"x"', 422)])
async def test_what_is_no_list_is_refused(body: bytes, status: int) -> None:
    """As the wrong body of any other request."""
    async with Office() as office:
        response = await office.http.put("/shifts", content=body)
        assert response.status_code == status
        fits(response)


@pytest.mark.parametrize("header", ["If-Match", "If-None-Match"])
@pytest.mark.parametrize("path", ["/caregivers", "/shifts"])
async def test_a_condition_for_a_list_is_refused(path: str, header: str) -> None:
    """It is about the version of one record. To ignore it could overwrite what somebody else has changed."""
    async with Office() as office:
        rows = [nurse(1)] if path == "/caregivers" else [visit("s1")]
        response = await office.http.put(path, json=rows, headers={header: "*"})
        fits(response)
        assert response.status_code == 400
        assert response.json()["detail"].startswith(header)
        assert await items(office, path) == []
