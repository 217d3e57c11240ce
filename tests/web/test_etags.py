"""Versions of single records: the ETag of an answer, and writing only over the version that was read."""

from typing import Any

import httpx
import pytest
from described import Operation, operation_of, operations
from office import Office

PUTS: dict[str, dict[str, Any]] = {
    "/caregivers/ann": {"name": "Ann", "role": "RN", "phone": "+15555550101"},
    "/shifts/s1": {
        "organization_id": "org",
        "role_required": "RN",
        "start_time": "2026-07-02T08:00:00-04:00",
        "end_time": "2026-07-02T16:00:00-04:00",
    },
    "/organizations/org": {"name": "Harbor", "quiet_hours": {"from": "21:00", "to": "07:00"}, "minimum_rest": 8},
}
CHANGES = {
    "/caregivers/ann": {"name": "Anna"},
    "/shifts/s1": {"location": "Salem"},
    "/organizations/org": {"name": "Elm"},
}


def etag(response: httpx.Response) -> str:
    """The ETag of the answer, which must be described and strong."""
    assert response.status_code in (200, 201), response.text
    value = response.headers["etag"]
    assert value.startswith('"')
    assert value.endswith('"')
    return str(value)


def refused(response: httpx.Response) -> None:
    """The response is the problem for another version."""
    assert (response.status_code, response.json()["code"]) == (412, "version_changed")
    operation = operation_of(response.request)
    assert operation is not None
    operation.assert_fits(response)


@pytest.mark.parametrize("path", PUTS)
async def test_an_etag_is_the_same_until_the_record_changes(path: str) -> None:
    """PUT and GET give the same; so does the same PUT again; another PUT gives another."""
    async with Office() as office:
        first = etag(await office.http.put(path, json=PUTS[path]))
        assert etag(await office.http.get(path)) == first
        assert etag(await office.http.put(path, json=PUTS[path])) == first
        assert etag(await office.http.put(path, json=PUTS[path] | CHANGES[path])) != first
        assert etag(await office.http.put(path, json=PUTS[path])) == first


@pytest.mark.parametrize("path", PUTS)
async def test_only_the_version_that_was_read_is_written_over(path: str) -> None:
    """PUT and DELETE with an ETag that is out of date are a 412 and change nothing; so is one that is weak."""
    async with Office() as office:
        old = etag(await office.http.put(path, json=PUTS[path]))
        changed = PUTS[path] | CHANGES[path]
        response = await office.http.put(path, json=changed, headers={"if-match": f'"x", {old}'})
        new = etag(response)
        for given in (old, f"W/{new}", "*,", '"*"', new.strip('"'), '""', ""):
            refused(await office.http.put(path, json=PUTS[path], headers={"if-match": given}))
            refused(await office.http.delete(path, headers={"if-match": given}))
        assert etag(await office.http.get(path)) == new
        if path != "/organizations/org":
            assert (await office.http.delete(path, headers={"if-match": new})).status_code == 204


@pytest.mark.parametrize("path", PUTS)
async def test_a_star_means_that_the_record_exists(path: str) -> None:
    """PUT with `If-Match: *` replaces and never adds. DELETE of what does not exist is a 404 as without it."""
    async with Office() as office:
        star = {"if-match": "*"}
        refused(await office.http.put(path, json=PUTS[path], headers=star))
        refused(await office.http.put(path, json=PUTS[path], headers={"if-match": '"x"'}))
        assert (await office.http.delete(path, headers=star)).status_code == 404
        await office.http.put(path, json=PUTS[path])
        assert (await office.http.put(path, json=PUTS[path], headers=star)).status_code == 200
        assert (await office.http.delete(path, headers=star)).status_code == 204


@pytest.mark.parametrize("path", PUTS)
async def test_a_put_that_must_not_replace_only_adds(path: str) -> None:
    """With `If-None-Match: *`; with an ETag it replaces every version but that one. What was deleted may be added."""
    async with Office() as office:
        new = {"if-none-match": "*"}
        current = etag(await office.http.put(path, json=PUTS[path], headers=new))
        changed = PUTS[path] | CHANGES[path]
        for given in ("*", current, f"W/{current}", f'"x", {current}'):
            response = await office.http.put(path, json=changed, headers={"if-none-match": given})
            assert (response.status_code, response.json()["code"]) == (412, "already_exists")
            operation = operation_of(response.request)
            assert operation is not None
            operation.assert_fits(response)
        assert etag(await office.http.get(path)) == current
        for given in ('"*"', '"x"', ""):
            response = await office.http.put(path, json=PUTS[path], headers={"if-none-match": given})
            assert response.status_code == 200
        both = {"if-match": current, "if-none-match": "*"}
        assert (await office.http.put(path, json=changed, headers=both)).status_code == 412
        assert (await office.http.delete(path)).status_code == 204
        assert (await office.http.put(path, json=PUTS[path], headers=new)).status_code == 201


@pytest.mark.parametrize("path", PUTS)
async def test_what_the_client_has_is_not_sent_again(path: str) -> None:
    """GET with the ETag in `If-None-Match`, weak or not, is a 304 without a body."""
    async with Office() as office:
        current = etag(await office.http.put(path, json=PUTS[path]))
        for given in (current, f"W/{current}", f'"x", {current}', "*"):
            response = await office.http.get(path, headers={"if-none-match": given})
            assert (response.status_code, response.content, response.headers["etag"]) == (304, b"", current)
        assert (await office.http.get(path, headers={"if-none-match": '"x"'})).status_code == 200


async def test_an_answer_that_changes_has_another_etag() -> None:
    """A caregiver who opts out, and a shift that somebody claims, have other versions."""
    async with Office() as office:
        ann = await office.caregiver("ann", "+15555550101")
        await office.shift("s1")
        shift = etag(await office.http.get("/shifts/s1"))
        caregiver = etag(await office.http.get("/caregivers/ann"))
        assigned = await office.assign("s1", "ann")
        assert etag(assigned) == etag(await office.http.get("/shifts/s1")) != shift
        await ann.replies("STOP")
        await office.all_read()
        assert etag(await office.http.get("/caregivers/ann")) != caregiver


def _comparing_nothing() -> list[Operation]:
    """The requests that change something and compare no version; replies and receipts are never refused."""
    return [
        operation
        for operation in operations()
        if operation.method in ("POST", "PUT", "DELETE")
        and "412" not in operation.responses
        and not operation.path.startswith(("/messages/", "/webhooks/"))
    ]


@pytest.mark.parametrize("header", ["If-Match", "If-None-Match"])
@pytest.mark.parametrize("operation", _comparing_nothing(), ids=str)
async def test_a_condition_that_nobody_compares_is_refused(operation: Operation, header: str) -> None:
    """To ignore it could assign or release a shift that somebody else has changed meanwhile."""
    async with Office() as office:
        body = [] if operation.method == "PUT" else {"caregiver_id": "ann", "body": "hello"}
        response = await office.http.request(operation.method, operation.at("a"), json=body, headers={header: "*"})
        assert response.status_code == 400, response.text
        assert response.json()["detail"].startswith(f"{header}: nothing was done")
        operation.assert_fits(response)
