"""A POST that is sent again with the same `Idempotency-Key`, on both stores."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from described import operation_of
from keys import by, key_file
from office import NewOffice, Office

from app.access.key_file import add_key, revoke_key
from app.access.keys import Permission
from app.domain.commands import Command, SendText
from app.errors import StoreUnavailable
from app.ports.store import ResultT, Step
from app.stores.memory.store import MemoryStore


def fits(response: httpx.Response) -> httpx.Response:
    """The answer is as its route is described."""
    operation = operation_of(response.request)
    assert operation is not None
    operation.assert_fits(response)
    return response


async def post(office: Office, path: str, key: str, **body: Any) -> httpx.Response:
    """Post with that key; does not wait for messages."""
    return fits(await office.http.post(path, json=body, headers={"Idempotency-Key": key}))


async def roster(office: Office) -> None:
    """Two nurses, and a shift that either may work."""
    await office.caregiver("ann", "+15550001")
    await office.caregiver("bob", "+15550002")
    await office.shift("s1")


async def test_a_late_repeat_starts_nothing(new_office: NewOffice) -> None:
    """Without the key, a repeat that arrives after a cancellation would start the next generation."""
    async with new_office() as office:
        await roster(office)
        first = await post(office, "/shifts/s1/fanout", "k1")
        await office.all_read()
        await office.http.delete("/shifts/s1/fanout")
        again = await post(office, "/shifts/s1/fanout", "k1")
        assert (first.status_code, again.status_code) == (202, 202)
        assert (again.content, again.headers["content-type"]) == (first.content, first.headers["content-type"])
        assert (await office.report("s1"))["status"] == "cancelled"
        await office.days(1)
        assert (await post(office, "/shifts/s1/fanout", "k1")).json()["generation"] == 2
        await office.all_read()


async def test_a_late_repeat_assigns_and_releases_nobody(new_office: NewOffice) -> None:
    """Its answer is the first one, whatever has happened since."""
    async with new_office() as office:
        await roster(office)
        assigned = await post(office, "/shifts/s1/assign", "k1", caregiver_id="ann")
        released = await post(office, "/shifts/s1/release", "k2")
        again = await post(office, "/shifts/s1/assign", "k1", caregiver_id="ann")
        assert (again.content, again.headers["etag"]) == (assigned.content, assigned.headers["etag"])
        assert (await office.http.get("/shifts/s1")).json()["assigned_to"] is None
        await office.assign("s1", "bob")
        assert (await post(office, "/shifts/s1/release", "k2")).content == released.content
        assert (await office.http.get("/shifts/s1")).json()["assigned_to"] == "bob"
        await office.all_read()


async def test_an_inbound_message_is_taken_once(new_office: NewOffice) -> None:
    """For a gateway that has no ids of its messages. A `message_id` does the same, and works without a key."""
    async with new_office() as office:
        await roster(office)
        await office.fanout("s1")
        await office.all_read()
        message = {"from": "+15550001", "body": "what time?"}
        answers = [await post(office, "/messages/inbound", "k1", **message) for _ in range(3)]
        assert [one.json() for one in answers] == [answers[0].json()] * 3
        assert answers[0].json()["outcome"] == "unrecognized"
        log = (await office.http.get("/shifts/s1/log")).json()["items"]
        assert [one["type"] for one in log].count("reply.unrecognized") == 1
        await office.all_read()


async def test_another_request_with_the_key_is_refused(new_office: NewOffice) -> None:
    """Another body, path or route: 422, and nothing is done."""
    async with new_office() as office:
        await roster(office)
        await post(office, "/shifts/s1/assign", "k1", caregiver_id="ann")
        for path, body in (
            ("/shifts/s1/assign", {"caregiver_id": "bob"}),
            ("/shifts/s1/release", {}),
            ("/caregivers/ann/opt-in", {}),
        ):
            response = await post(office, path, "k1", **body)
            assert response.status_code == 422
            assert response.json()["errors"][0]["field"] == "Idempotency-Key"
        assert (await office.http.get("/shifts/s1")).json()["assigned_to"] == "ann"
        await office.all_read()


async def test_a_refused_request_may_be_repeated(new_office: NewOffice) -> None:
    """It has changed nothing, so its answer is not kept."""
    async with new_office() as office:
        await office.caregiver("ann", "+15550001")
        assert (await post(office, "/shifts/s1/assign", "k1", caregiver_id="ann")).status_code == 404
        await office.shift("s1")
        assert (await post(office, "/shifts/s1/assign", "k1", caregiver_id="ann")).status_code == 200
        await office.all_read()


class AnswerLost(MemoryStore):
    """A store whose next transition is carried out, but nobody hears of it."""

    lost = False

    async def transition(self, command: Command, step: Step[ResultT]) -> ResultT:
        """See `Store`."""
        result = await super().transition(command, step)
        if self.lost and isinstance(command, SendText):
            self.lost = False
            raise StoreUnavailable("the connection to the database was lost")
        return result


async def test_a_text_of_which_nobody_knows_whether_it_was_sent_is_sent_once() -> None:
    """A 503 may come after the message was stored. The repeat, which a client must try, sends no second one."""
    store = AnswerLost()
    async with Office(store=store) as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("s1")
        # Without a fanout this store would forget the message as soon as it is sent.
        await office.fanout("s1")
        await office.all_read()
        store.lost = True
        text = {"caregiver_id": "ann", "body": "Please bring the keys"}
        tries = [await post(office, "/shifts/s1/messages", "k1", **text) for _ in range(3)]
        assert [one.status_code for one in tries] == [503, 202, 202]
        assert tries[1].json() == tries[2].json()
        await office.settled()
        ann.expect_sms("Please bring the keys")
        ann.expect_nothing()
        # Another key is another message.
        assert (await post(office, "/shifts/s1/messages", "k2", **text)).json() != tries[1].json()
        await office.settled()
        ann.expect_sms("Please bring the keys")


async def test_two_at_the_same_time_are_carried_out_once(new_office: NewOffice) -> None:
    """One is carried out; the others are a 409 while it is under way, and get its answer after that."""
    async with new_office() as office:
        await roster(office)
        responses = await asyncio.gather(*(post(office, "/shifts/s1/fanout", "k1") for _ in range(5)))
        done = [one for one in responses if one.status_code == 202]
        assert done
        assert all(one.content == done[0].content for one in done)
        assert all(one.headers["retry-after"] for one in responses if one.status_code != 202)
        assert {one.status_code for one in responses} <= {202, 409}
        assert (await post(office, "/shifts/s1/fanout", "k1")).content == done[0].content
        await office.all_read()


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb"])
async def test_a_key_that_is_none_is_refused(key: str) -> None:
    """It must have a length and be readable."""
    async with Office() as office:
        await office.shift("s1")
        response = await post(office, "/shifts/s1/fanout", key)
        assert (response.status_code, response.json()["errors"][0]["field"]) == (422, "Idempotency-Key")


async def test_the_header_means_nothing_elsewhere() -> None:
    """PUT, DELETE and GET do nothing twice by themselves."""
    async with Office(api_key="sesame-sesame-sesame") as office:
        office.http.headers.update({"Idempotency-Key": "k1", "Authorization": "Bearer sesame-sesame-sesame"})
        await office.shift("s1")
        await office.shift("s1", day=3)
        assert (await office.http.get("/shifts/s1")).json()["start_time"].startswith("2026-07-03")
        assert [(await office.http.delete("/shifts/s1")).status_code for _ in range(2)] == [204, 404]


async def test_a_new_key_of_an_old_name_gets_no_stored_answer(new_office: NewOffice, tmp_path: Path) -> None:
    """The answer was given to another key, which may have belonged to another organization."""
    path = key_file(tmp_path / "keys.json", ("admin", Permission.ADMIN, None))
    first = add_key(path, "Kim", "org", Permission.COORDINATE)
    async with new_office(api_keys=path) as office:
        office.http.headers.update(by("admin"))
        await roster(office)
        office.http.headers.update(by(first))
        assert (await post(office, "/shifts/s1/assign", "k1", caregiver_id="ann")).status_code == 200
        revoke_key(path, "Kim")
        office.http.headers.update(by(add_key(path, "Kim", "other", Permission.COORDINATE)))
        assert (await post(office, "/shifts/s1/assign", "k1", caregiver_id="ann")).status_code == 404
        await office.all_read()


@pytest.mark.parametrize(
    ("may", "organization", "status"), [(Permission.READ, "org", 403), (Permission.COORDINATE, "other", 404)]
)
async def test_a_key_that_may_less_than_before_gets_no_stored_answer(
    new_office: NewOffice, tmp_path: Path, may: Permission, organization: str, status: int
) -> None:
    """It is the same key, so nobody has to have it revoked for that."""
    path, admin = tmp_path / "keys.json", ("admin", Permission.ADMIN, None)
    async with new_office(api_keys=key_file(path, admin, ("Kim", Permission.COORDINATE, "org"))) as office:
        office.http.headers.update(by("admin"))
        await roster(office)
        office.http.headers.update(by("Kim"))
        assert (await post(office, "/shifts/s1/assign", "k1", caregiver_id="ann")).status_code == 200
        key_file(path, admin, ("Kim", may, organization))
        assert (await post(office, "/shifts/s1/assign", "k1", caregiver_id="ann")).status_code == status
        await office.all_read()
