"""The routes of caregivers and shifts: putting, getting, paging, deleting, and what is refused."""

import json
import logging
from pathlib import Path
from typing import Any

import httpx
import pytest
from described import operation_of
from fakes import FakeClock
from office import Office

from app.api import create_app
from app.domain.records import Caregiver
from app.settings import Settings
from app.simulation.phones import PhoneNetwork
from app.stores.memory.store import MemoryStore

CAREGIVER = {"name": "Ann", "role": "RN", "phone": "555-555-0101"}
SHIFT = {
    "organization_id": "org",
    "role_required": "RN",
    "start_time": "2026-07-02T08:00:00-04:00",
    "end_time": "2026-07-02T16:00:00-04:00",
}


def refused(response: httpx.Response, status: int, code: str | None = None) -> None:
    """The response is a problem of that status and code."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json().get("code") == code
    operation = operation_of(response.request)
    assert operation is not None
    operation.assert_fits(response)


async def claimed(office: Office, shift_id: str = "s1", **fields: Any) -> None:
    """A shift that Ann (+15555550101) has claimed."""
    ann = await office.caregiver("ann", "+15555550101")
    await office.shift(shift_id, **fields)
    await office.fanout(shift_id)
    ann.expect_sms()
    assert (await ann.replies("YES"))["outcome"] == "claimed"
    ann.expect_sms("You have it")


# Caregivers.


async def test_a_new_caregiver_is_a_201_and_the_same_again_a_200() -> None:
    """PUT answers with the record as it is kept: 201 if it is new, 200 if it replaces one."""
    async with Office() as office:
        expected = {
            "id": "ann",
            "name": "Ann",
            "role": "RN",
            "roles": ["RN"],
            "phone": "+15555550101",
            "organization_id": None,
            "organization_ids": [],
            "time_zone": None,
            "language": "en",
            "opted_out": False,
            "updated_at": "2026-06-01T10:00:00Z",
        }
        for status in (201, 200, 200):
            response = await office.http.put("/caregivers/ann", json=CAREGIVER)
            assert (response.status_code, response.json()) == (status, expected)
        assert (await office.http.get("/caregivers/ann")).json() == expected


async def test_a_replaced_caregiver_keeps_nothing() -> None:
    """PUT replaces the whole record: what is left out the second time is gone."""
    async with Office() as office:
        await office.http.put("/caregivers/ann", json=CAREGIVER | {"organization_id": "north"})
        await office.http.put("/caregivers/ann", json={"name": " Anna ", "role": " LPN ", "phone": "555 555 0199"})
        assert (await office.http.get("/caregivers/ann")).json() == {
            "id": "ann",
            "name": "Anna",
            "role": "LPN",
            "roles": ["LPN"],
            "phone": "+15555550199",
            "organization_id": None,
            "organization_ids": [],
            "time_zone": None,
            "language": "en",
            "opted_out": False,
            "updated_at": "2026-06-01T10:00:00.000001Z",
        }


@pytest.mark.parametrize("phone", ["+15555550101", "(555) 555-0101", "1.555.555.0101", "5555550101"])
async def test_a_number_belongs_to_one_caregiver(phone: str) -> None:
    """A number that another caregiver has, however written, is a 409 and changes nothing."""
    async with Office() as office:
        await office.http.put("/caregivers/ann", json=CAREGIVER)
        await office.http.put("/caregivers/bob", json=CAREGIVER | {"phone": "555-555-0102"})
        for taker in ("bob", "new"):
            response = await office.http.put(f"/caregivers/{taker}", json=CAREGIVER | {"phone": phone})
            refused(response, 409, "phone_taken")
        assert (await office.http.get("/caregivers/bob")).json()["phone"] == "+15555550102"
        refused(await office.http.get("/caregivers/new"), 404)


@pytest.mark.parametrize("how", ["deleted", "another number"])
async def test_a_number_that_is_free_again_can_be_taken(how: str) -> None:
    """A number is free once its caregiver is deleted or has another one."""
    async with Office() as office:
        await office.http.put("/caregivers/ann", json=CAREGIVER)
        if how == "deleted":
            await office.http.delete("/caregivers/ann")
        else:
            await office.http.put("/caregivers/ann", json=CAREGIVER | {"phone": "555-555-0109"})
        assert (await office.http.put("/caregivers/bob", json=CAREGIVER)).status_code == 201
        assert (await office.inbound("+15555550101", "YES"))["caregiver_id"] == "bob"


async def test_a_deleted_caregiver_is_gone() -> None:
    """DELETE is a 204 without a body; then the caregiver is a 404, is unknown and gets nothing."""
    async with Office() as office:
        await office.caregiver("ann", "+15555550101")
        response = await office.http.delete("/caregivers/ann")
        assert (response.status_code, response.content) == (204, b"")
        refused(await office.http.get("/caregivers/ann"), 404)
        refused(await office.http.delete("/caregivers/ann"), 404, "unknown_caregiver")
        assert (await office.http.get("/caregivers")).json()["items"] == []
        await office.shift("s1")
        await office.fanout("s1")
        office.phone("+15555550101").expect_nothing()
        assert (await office.inbound("+15555550101", "YES"))["outcome"] == "unknown_sender"


async def test_who_holds_a_shift_to_come_stays() -> None:
    """The holder of a shift cannot be deleted before it has ended; afterwards the shift still names them."""
    async with Office() as office:
        await claimed(office, hours="08-16", day=2)
        refused(await office.http.delete("/caregivers/ann"), 409, "holds_shift")
        assert (await office.http.get("/caregivers/ann")).status_code == 200
        # From June 1, 10:00 to July 2, 16:00: one second before the end of the shift, and then its end.
        await office.days(31)
        await office.minutes(6 * 60 - 1 / 60)
        refused(await office.http.delete("/caregivers/ann"), 409, "holds_shift")
        await office.minutes(1 / 60)
        assert (await office.http.delete("/caregivers/ann")).status_code == 204
        assert (await office.http.get("/shifts/s1")).json()["assigned_to"] == "ann"


@pytest.mark.parametrize(
    ("role", "required"), [("rn", "RN"), ("RN", "rn"), (" Rn ", "rN"), ("Pfleger STRASSE", "pfleger stra\u00dfe")]
)
async def test_roles_are_compared_without_case(role: str, required: str) -> None:
    """A caregiver of the role gets the offer whatever the case of either; each keeps its own writing."""
    async with Office() as office:
        ann = await office.caregiver("ann", "+15555550101", role=role)
        await office.shift("s1", role=required)
        await office.fanout("s1")
        ann.expect_sms(required)
        assert (await office.http.get("/caregivers/ann")).json()["role"] == role.strip()


@pytest.mark.parametrize("role", ["RN2", "R N", "LPN", "R"])
async def test_other_roles_are_other_roles(role: str) -> None:
    """A role that is merely alike is not the role."""
    async with Office() as office:
        ann = await office.caregiver("ann", "+15555550101", role=role)
        await office.shift("s1", role="RN")
        await office.fanout("s1")
        ann.expect_nothing()


# Several roles and organizations.


async def test_a_caregiver_of_several_roles_and_organizations() -> None:
    """The answer has the lists and the first of each; roles that compare as the same are one."""
    async with Office() as office:
        body = {
            "name": "Ann",
            "roles": [" RN", "LPN", "rn", "Wound  Care"],
            "phone": "555-555-0101",
            "organization_ids": ["north", "south", "north"],
            "time_zone": "America/Chicago",
            "language": "es",
        }
        expected = {
            "id": "ann",
            "name": "Ann",
            "role": "RN",
            "roles": ["RN", "LPN", "Wound  Care"],
            "phone": "+15555550101",
            "organization_id": "north",
            "organization_ids": ["north", "south"],
            "time_zone": "America/Chicago",
            "language": "es",
            "opted_out": False,
            "updated_at": "2026-06-01T10:00:00Z",
        }
        for status in (201, 200):
            response = await office.http.put("/caregivers/ann", json=body)
            assert (response.status_code, response.json()) == (status, expected)
        assert (await office.http.get("/caregivers/ann")).json() == expected
        log = (await office.http.get("/log")).json()["items"]
        assert [entry["data"]["change"] for entry in log] == ["added"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"role": "RN", "roles": ["RN"]}, "role"),
        ({}, "role"),
        ({"role": None, "roles": None}, "role"),
        ({"roles": []}, "roles"),
        ({"roles": "RN"}, "roles"),
        ({"roles": ["RN", " "]}, "roles.1"),
        ({"role": "RN", "organization_id": "a", "organization_ids": ["a"]}, "organization_id"),
        ({"role": "RN", "organization_id": "a", "organization_ids": []}, "organization_id"),
        ({"role": "RN", "organization_ids": [""]}, "organization_ids.0"),
        ({"role": "RN", "organization_ids": ["a"] * 101}, "organization_ids"),
        ({"role": "RN", "time_zone": "Mars/X"}, "time_zone"),
        ({"role": "RN", "language": "fr"}, "language"),
    ],
)
async def test_a_bad_pair_is_a_422(change: dict[str, Any], field: str) -> None:
    """One field of each pair, and a role at least. The answer names the field."""
    async with Office() as office:
        response = await office.http.put("/caregivers/ann", json={"name": "Ann", "phone": "555-555-0101"} | change)
        refused(response, 422)
        assert [error["field"] for error in response.json()["errors"]] == [field]


async def test_without_an_organization_a_caregiver_works_for_all() -> None:
    """An empty list says the same as no field."""
    async with Office() as office:
        choices: list[dict[str, Any]] = [{"organization_ids": []}, {"organization_id": None}, {}]
        for fields in choices:
            response = await office.http.put("/caregivers/ann", json=CAREGIVER | fields)
            assert (response.json()["organization_id"], response.json()["organization_ids"]) == (None, [])


async def test_each_of_several_roles_is_offered_its_shifts() -> None:
    """Once for each shift, of each of their organizations and of no other; and each may be assigned by hand."""
    async with Office() as office:
        ann = await office.caregiver(
            "ann", "+15555550101", role=None, roles=["RN", "lpn"], organization_ids=["a", "b"]
        )
        for id_, role, organization in (("s1", "LPN", "b"), ("s2", "rn", "a"), ("s3", "RN", "c"), ("s4", "CNA", "a")):
            await office.shift(id_, role=role, organization_id=organization)
            await office.fanout(id_)
            if id_ in ("s1", "s2"):
                ann.expect_sms(f"Open {role} shift")
            ann.expect_nothing()
        s3 = (await office.http.get("/shifts/s3/fanout")).json()
        assert s3["excluded"] == [{"caregiver_id": "ann", "reason": "other_organization"}]
        response = await office.http.post("/shifts/s4/assign", json={"caregiver_id": "ann"})
        refused(response, 409, "not_qualified")
        assert "has roles 'RN' and 'lpn' and works for 'a' and 'b'" in response.json()["detail"]
        assert (await office.assign("s1", "ann")).status_code == 200
        await office.settled()
        ann.expect_sms("You have it: LPN shift")


async def test_a_holder_who_loses_one_of_their_roles() -> None:
    """They keep the shift, which needs a person; another role lost needs nobody."""
    async with Office() as office:
        both: dict[str, Any] = {"role": None, "roles": ["RN", "LPN"]}
        ann = await office.caregiver("ann", "+15555550101", **both)
        await office.shift("s1", role="LPN")
        await office.fanout("s1")
        ann.expect_sms()
        await ann.replies("YES")
        ann.expect_sms("You have it")
        await office.caregiver("ann", "+15555550101", role="LPN")
        assert (await office.http.get("/shifts/s1/fanout")).json()["attention"] == []
        await office.caregiver("ann", "+15555550101", role="RN")
        reasons = [one["reason"] for one in (await office.http.get("/shifts/s1/fanout")).json()["attention"]]
        assert "not_qualified" in reasons


# Opting out.


async def opt_out(office: Office, number: str) -> None:
    """A STOP from the number, and the answer to it."""
    assert (await office.phone(number).replies("STOP"))["outcome"] == "opted_out"
    office.phone(number).expect_sms("START")


async def is_opted_out(office: Office, caregiver_id: str) -> bool:
    """What the caregiver's record and the page of caregivers say of it."""
    record = (await office.http.get(f"/caregivers/{caregiver_id}")).json()
    items = (await office.http.get("/caregivers")).json()["items"]
    assert record in items
    return bool(record["opted_out"])


async def test_an_opt_out_outlives_put() -> None:
    """A PUT of the caregiver does not opt them in again."""
    async with Office() as office:
        await office.caregiver("ann", "+15555550101")
        await opt_out(office, "+15555550101")
        await office.caregiver("ann", "+15555550101", role="LPN")
        assert await is_opted_out(office, "ann")


async def test_an_opt_out_outlives_delete() -> None:
    """A number that said STOP is still opted out when its caregiver comes back, or anybody else with it."""
    async with Office() as office:
        for caregiver_id in ("ann", "ann", "bob"):
            phone = await office.caregiver(caregiver_id, "+15555550101")
            if caregiver_id == "ann" and not await is_opted_out(office, "ann"):
                await opt_out(office, "+15555550101")
            assert await is_opted_out(office, caregiver_id)
            phone.expect_nothing()
            assert (await office.http.delete(f"/caregivers/{caregiver_id}")).status_code == 204


async def test_an_opt_out_belongs_to_the_number() -> None:
    """A caregiver with a new number is asked again; with the old one again they are not."""
    async with Office() as office:
        await office.caregiver("ann", "+15555550101")
        await opt_out(office, "+15555550101")
        await office.caregiver("ann", "+15555550102")
        assert not await is_opted_out(office, "ann")
        await office.caregiver("ann", "+15555550101")
        assert await is_opted_out(office, "ann")


async def test_start_takes_an_opt_out_back() -> None:
    """After START the record says so."""
    async with Office() as office:
        await office.caregiver("ann", "+15555550101")
        await opt_out(office, "+15555550101")
        assert (await office.phone("+15555550101").replies("START"))["outcome"] == "opted_in"
        office.phone("+15555550101").expect_sms("STOP")
        assert not await is_opted_out(office, "ann")


def started(path: Path, store: MemoryStore) -> httpx.AsyncClient:
    """A client of a service that starts on that data file and on what the store has."""
    clock = FakeClock()
    settings = Settings(data=path, console_latency=0)
    app = create_app(settings, clock=clock, notifier=PhoneNetwork(clock), store=store)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test")


async def test_a_reload_overwrites_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A start on a data file adds what is not there, and leaves records and opt-outs as they are."""
    path = tmp_path / "data.json"
    rows = [CAREGIVER | {"id": "ann"}, CAREGIVER | {"id": "bob", "phone": "555-555-0102"}]
    path.write_text(json.dumps({"caregivers": rows[:1], "shifts": [SHIFT | {"id": "s1"}]}))
    store = MemoryStore()
    caplog.set_level(logging.INFO)
    async with started(path, store) as client:
        await client.put("/caregivers/ann", json=CAREGIVER | {"name": "Anna"})
        await client.put("/shifts/s1", json=SHIFT | {"location": "Quincy"})
        await client.post("/messages/inbound", json={"from": "5555550101", "body": "STOP"})
    assert caplog.text.count("added: organizations=0 caregivers=1 shifts=1") == 1
    path.write_text(json.dumps({"caregivers": rows, "shifts": [SHIFT | {"id": "s1"}]}))
    async with started(path, store) as client:
        ann, bob = (await client.get("/caregivers")).json()["items"]
        assert (ann["name"], ann["opted_out"]) == ("Anna", True)
        assert (bob["id"], bob["opted_out"]) == ("bob", False)
        assert (await client.get("/shifts/s1")).json()["location"] == "Quincy"
    assert caplog.text.count("added: organizations=0 caregivers=1 shifts=0") == 1


async def test_what_can_no_longer_be_added_is_left_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Ann's number is Bea's by now, and s1 was another organization's. The rest is added, also what was deleted."""
    path = tmp_path / "data.json"
    cid = {"id": "cid", "phone": "555-555-0103"}
    rows = {"caregivers": [CAREGIVER | {"id": "ann"}, CAREGIVER | cid], "shifts": [SHIFT | {"id": "s1"}]}
    path.write_text(json.dumps({"caregivers": [], "shifts": []}))
    store = MemoryStore()
    async with started(path, store) as client:
        await client.put("/caregivers/bea", json=CAREGIVER)
        await client.put("/caregivers/cid", json=CAREGIVER | {"phone": cid["phone"]})
        await client.put("/shifts/s1", json=SHIFT | {"organization_id": "other"})
        await client.post("/shifts/s1/fanout")
        for record in ("caregivers/cid", "shifts/s1"):
            assert (await client.delete(f"/{record}")).status_code == 204
    path.write_text(json.dumps(rows))
    async with started(path, store) as client:
        assert [one["id"] for one in (await client.get("/caregivers")).json()["items"]] == ["bea", "cid"]
        assert (await client.get("/shifts/s1")).status_code == 404
    left_out = [line for line in caplog.messages if line.startswith("data.left_out")]
    assert left_out == [
        f"data.left_out path={path} caregiver=ann reason=phone: that number belongs to caregiver 'bea'",
        f"data.left_out path={path} shift=s1 reason=shift 's1' has a fanout on record for organization 'other': "
        "put it under another id",
    ]


class Late(MemoryStore):
    """A store in which another process adds a caregiver right after a first look for it."""

    async def caregiver(self, caregiver_id: str) -> tuple[Caregiver, bool] | None:
        """See `Store`."""
        return None


async def test_what_another_process_adds_meanwhile_is_not_overwritten(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The record was not there when the start looked, and is when it adds it."""
    path = tmp_path / "data.json"
    path.write_text(json.dumps({"caregivers": [CAREGIVER | {"id": "ann"}]}))
    store = Late()
    caplog.set_level(logging.INFO)
    async with started(path, store) as client:
        await client.put("/caregivers/ann", json=CAREGIVER | {"name": "Anna"})
    async with started(path, store) as client:
        assert [one["name"] for one in (await client.get("/caregivers")).json()["items"]] == ["Anna"]
    assert caplog.text.count("added: organizations=0 caregivers=0 shifts=0") == 1
    assert "left_out" not in caplog.text


# Shifts.


async def test_a_new_shift_is_a_201_and_the_same_again_a_200() -> None:
    """PUT answers with the record as it is kept, its times in UTC with a Z."""
    async with Office() as office:
        expected = {
            "id": "s1",
            "organization_id": "org",
            "role_required": "RN",
            "start_time": "2026-07-02T12:00:00Z",
            "end_time": "2026-07-02T20:00:00Z",
            "time_zone": "America/New_York",
            "location": "Quincy 02169",
            "status": "open",
            "assigned_to": None,
            "updated_at": "2026-06-01T10:00:00Z",
        }
        body = SHIFT | {"time_zone": "America/New_York", "location": " Quincy 02169 "}
        for status in (201, 200):
            response = await office.http.put("/shifts/s1", json=body)
            assert (response.status_code, response.json()) == (status, expected)
        assert (await office.http.get("/shifts/s1")).json() == expected


async def test_a_replaced_shift_keeps_nothing() -> None:
    """PUT replaces the whole record, optional fields too."""
    async with Office() as office:
        await office.http.put("/shifts/s1", json=SHIFT | {"time_zone": "America/New_York", "location": "Quincy"})
        await office.http.put("/shifts/s1", json=SHIFT)
        found = (await office.http.get("/shifts/s1")).json()
        assert (found["time_zone"], found["location"]) == (None, None)


async def test_a_shift_that_is_not_there() -> None:
    """A shift that nobody put is a 404."""
    async with Office() as office:
        refused(await office.http.get("/shifts/s1"), 404)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("start_time", "2026-07-02T08:00:00"),
        ("start_time", "2026-07-02"),
        ("start_time", "1782979200"),
        ("start_time", 1_782_979_200),
        ("start_time", "tomorrow"),
        ("start_time", "2026-02-30T08:00:00Z"),
        ("start_time", "2026-07-02T25:00:00Z"),
        ("start_time", "0001-01-01T00:00:00+14:00"),
        ("end_time", "9999-12-31T23:59:59-14:00"),
        ("end_time", "2026-07-02T16:00:00"),
        ("end_time", "2026-07-02T08:00:00-04:00"),
        ("end_time", "2026-07-02T12:00:00Z"),
        ("end_time", "2026-07-02T13:00:00+02:00"),
        ("time_zone", "Mars/Olympus_Mons"),
        ("time_zone", "America"),
        ("time_zone", "localtime"),
        ("time_zone", "posixrules"),
        ("time_zone", "posix/America/New_York"),
        ("time_zone", "right/America/New_York"),
        ("time_zone", ""),
        ("time_zone", "../../etc/passwd"),
        ("location", "x" * 61),
        ("location", ""),
        ("role_required", " "),
        ("role_required", "x" * 81),
        ("organization_id", ""),
        ("organization_id", "x" * 129),
    ],
)
async def test_a_bad_shift_is_a_422(field: str, value: object) -> None:
    """Times without an offset, an end that is not after the start, a zone that is none, words too long."""
    async with Office() as office:
        response = await office.http.put("/shifts/s1", json=SHIFT | {field: value})
        refused(response, 422)
        assert [error["field"] for error in response.json()["errors"]] == [field]
        refused(await office.http.get("/shifts/s1"), 404)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-07-02T23:00:00-04:00", "2026-07-03T07:00:00-04:00"),
        ("2026-07-02T08:00:00-04:00", "2026-07-02T12:00:01Z"),
        ("1999-01-01T00:00:00Z", "1999-01-01T08:00:00.5Z"),
        ("2026-07-02t08:00:00z", "2026-07-02t09:00:00z"),
    ],
)
async def test_a_good_span_is_taken(start: str, end: str) -> None:
    """Overnight, in two offsets, in the past, in small letters: a span with its end after its start is good."""
    async with Office() as office:
        response = await office.http.put("/shifts/s1", json=SHIFT | {"start_time": start, "end_time": end})
        assert response.status_code == 201


async def test_a_shift_does_not_change_while_it_is_offered() -> None:
    """While its fanout is open a shift cannot be replaced; cancelled, it can, and an offer is of the new one."""
    async with Office() as office:
        ann = await office.caregiver("ann", "+15555550101")
        await office.http.put("/shifts/s1", json=SHIFT)
        await office.fanout("s1")
        ann.expect_sms("8:00 AM")
        later = SHIFT | {"start_time": "2026-07-02T09:00:00-04:00"}
        refused(await office.http.put("/shifts/s1", json=later), 409, "fanout_open")
        assert (await office.http.get("/shifts/s1")).json()["start_time"] == "2026-07-02T12:00:00Z"
        await office.http.delete("/shifts/s1/fanout")
        assert (await office.http.put("/shifts/s1", json=later)).status_code == 200
        await office.fanout("s1")
        ann.expect_sms("9:00 AM")


async def test_a_shift_that_nobody_can_take_may_change() -> None:
    """A fanout that is exhausted is not open: its shift can be replaced."""
    async with Office() as office:
        await office.http.put("/shifts/s1", json=SHIFT)
        await office.fanout("s1")
        assert (await office.report("s1"))["status"] == "exhausted"
        assert (await office.http.put("/shifts/s1", json=SHIFT)).status_code == 200


async def test_a_claimed_shift_does_not_change() -> None:
    """A shift that somebody has cannot be replaced, and names them."""
    async with Office() as office:
        await claimed(office)
        refused(await office.http.put("/shifts/s1", json=SHIFT | {"location": "elsewhere"}), 409, "shift_claimed")
        found = (await office.http.get("/shifts/s1")).json()
        assert (found["status"], found["assigned_to"], found["location"]) == ("claimed", "ann", None)


async def test_the_status_filter() -> None:
    """Shifts can be asked for by status; without one all come, and no other status is known."""
    async with Office() as office:
        await claimed(office, "s3")
        for id_ in ("s5", "s1", "s4", "s2"):
            await office.shift(id_, role="CNA")

        async def ids(query: str) -> list[str]:
            return [shift["id"] for shift in (await office.http.get(f"/shifts{query}")).json()["items"]]

        assert await ids("") == ["s1", "s2", "s3", "s4", "s5"]
        assert await ids("?status=open") == ["s1", "s2", "s4", "s5"]
        assert await ids("?status=claimed") == ["s3"]
        assert await ids("?status=open&limit=2&after=s1") == ["s2", "s4"]
        assert await ids("?status=claimed&after=s3") == []
        for unknown in ("closed", "OPEN", "", "open,claimed"):
            refused(await office.http.get(f"/shifts?status={unknown}"), 422)


# Pages.


async def put_many(office: Office, kind: str, ids: list[str]) -> None:
    """Records of that kind with these ids."""
    for number, id_ in enumerate(ids):
        body = SHIFT if kind == "shifts" else CAREGIVER | {"phone": f"555-556-{number:04}"}
        assert (await office.http.put(f"/{kind}/{id_}", json=body)).status_code == 201


async def pages(office: Office, kind: str, limit: int) -> list[list[str]]:
    """The ids of every page, followed by `next` from the first to the last."""
    found: list[list[str]] = []
    after: str | None = ""
    while after is not None:
        page = (await office.http.get(f"/{kind}", params={"limit": limit, "after": after})).json()
        assert set(page) == {"items", "next"}
        found.append([item["id"] for item in page["items"]])
        assert page["next"] in (None, found[-1][-1] if found[-1] else None)
        after = page["next"]
    return found


@pytest.mark.parametrize("kind", ["caregivers", "shifts"])
@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (1, [["10"], ["9"], ["B"], ["a"], ["a b"], ["b"]]),
        (2, [["10", "9"], ["B", "a"], ["a b", "b"]]),
        (4, [["10", "9", "B", "a"], ["a b", "b"]]),
        (5, [["10", "9", "B", "a", "a b"], ["b"]]),
        (6, [["10", "9", "B", "a", "a b", "b"]]),
        (1000, [["10", "9", "B", "a", "a b", "b"]]),
    ],
)
async def test_pages_follow_one_another(kind: str, limit: int, expected: list[list[str]]) -> None:
    """Pages come by id, each as long as asked, with nothing twice and no empty page at the end."""
    async with Office() as office:
        await put_many(office, kind, ["b", "10", "a", "9", "B", "a b"])
        assert await pages(office, kind, limit) == expected


@pytest.mark.parametrize("kind", ["caregivers", "shifts"])
async def test_a_page_has_a_hundred_by_default(kind: str) -> None:
    """Without a limit a page has 100 records."""
    async with Office() as office:
        await put_many(office, kind, [f"{number:03}" for number in range(101)])
        page = (await office.http.get(f"/{kind}")).json()
        assert (len(page["items"]), page["next"]) == (100, "099")
        assert [one["id"] for one in (await office.http.get(f"/{kind}?after=099")).json()["items"]] == ["100"]


@pytest.mark.parametrize("kind", ["caregivers", "shifts"])
async def test_pages_go_on_where_a_record_was(kind: str) -> None:
    """The id after which a page begins need not exist."""
    async with Office() as office:
        await put_many(office, kind, ["a", "c"])
        page = (await office.http.get(f"/{kind}?after=b")).json()
        assert ([item["id"] for item in page["items"]], page["next"]) == (["c"], None)


@pytest.mark.parametrize("kind", ["caregivers", "shifts"])
@pytest.mark.parametrize("limit", ["0", "-1", "1001", "x", ""])
async def test_the_limits_of_a_page(kind: str, limit: str) -> None:
    """A page of none, of more than a thousand, or of what is no number is a 422."""
    async with Office() as office:
        refused(await office.http.get(f"/{kind}?limit={limit}"), 422)


@pytest.mark.parametrize("kind", ["caregivers", "shifts"])
async def test_a_page_after_what_is_no_id_is_refused(kind: str) -> None:
    """Control characters are in no id, and a database may not take them."""
    async with Office() as office:
        refused(await office.http.get(f"/{kind}?after=%00"), 422)


@pytest.mark.parametrize("kind", ["caregivers", "shifts"])
async def test_an_item_is_the_record(kind: str) -> None:
    """A page's items are what GET says of each."""
    async with Office() as office:
        await put_many(office, kind, ["a"])
        (item,) = (await office.http.get(f"/{kind}")).json()["items"]
        assert item == (await office.http.get(f"/{kind}/a")).json()
