"""What `POST`, `GET` and `DELETE .../fanout` say: contacts, notices, attention, and who was left out."""

from typing import Any

import httpx
from described import assert_fits
from fakes import raising
from office import Office

from app.errors import PermanentFailure, TemporaryFailure

SUMMARY = {
    "shift_id",
    "generation",
    "status",
    "round",
    "started_at",
    "escalates_at",
    "held_until",
    "claimed_by",
    "claimed_at",
    "claimed_via",
    "release_requested_at",
    "counts",
    "attention",
}
IN_FULL = SUMMARY | {"contacts", "responses", "excluded", "notices"}


async def checked(response: httpx.Response, status: int) -> dict[str, Any]:
    """The JSON of an answer of that status, which must fit the description."""
    assert response.status_code == status, response.text
    await assert_fits(response)
    return dict(response.json())


async def test_only_get_has_the_lists() -> None:
    """POST and DELETE leave out every list but `attention`."""
    async with Office() as office:
        await office.shift("s1")
        assert (await checked(await office.post("s1"), 202)).keys() == SUMMARY
        assert (await checked(await office.post("s1"), 200)).keys() == SUMMARY
        assert (await checked(await office.http.get("/shifts/s1/fanout"), 200)).keys() == IN_FULL
        assert (await checked(await office.http.delete("/shifts/s1/fanout"), 200)).keys() == SUMMARY


async def test_notices_and_their_fate() -> None:
    """Every message about the shift that is no offer is listed, the oldest first, and not counted as a contact."""
    async with Office() as office:
        ann = await office.caregiver("ann", "+15555550101")
        bob = await office.caregiver("bob", "+15555550102")
        await office.shift("s1")
        await office.fanout("s1")
        office.notifier.behaviour = raising(None, PermanentFailure("no such number"))
        await ann.replies("YES")
        await office.minutes(1)
        await bob.replies("YES")
        report = await checked(await office.http.get("/shifts/s1/fanout"), 200)
        assert report["counts"]["sent"] == 2
        assert sum(report["counts"].values()) == 2
        confirmation, closed = report["notices"]
        assert len({confirmation.pop("id"), closed.pop("id"), *(one["id"] for one in report["contacts"])}) == 4
        assert confirmation == {
            "caregiver_id": "ann",
            "kind": "confirmation",
            "status": "sent",
            "attempts": 1,
            "updated_at": "2026-06-01T10:00:00Z",
            "error": None,
        }
        assert closed == {
            "caregiver_id": "bob",
            "kind": "closed",
            "status": "failed",
            "attempts": 1,
            "updated_at": "2026-06-01T10:01:00Z",
            "error": "no such number",
        }
        await office.all_read()


async def test_a_notice_has_the_id_of_its_message() -> None:
    """A coordinator finds the message in the log of the gateway by this id."""
    async with Office() as office:
        ann = await office.caregiver("ann", "+15555550101")
        await office.shift("s1")
        await office.assign("s1", "ann")
        await office.settled()
        message = ann.expect_sms("You have it")
        (notice,) = (await office.report("s1"))["notices"]
        assert (notice["id"], notice["kind"]) == (message.id, message.kind)


async def test_contacts_have_their_attempts_and_the_last_error() -> None:
    """After a failure that may pass, the offer waits with its error; once it is sent, it has two attempts."""
    async with Office() as office:
        ann = await office.caregiver("ann", "+15555550101")
        await office.shift("s1")
        office.notifier.behaviour = raising(TemporaryFailure("out of order"))
        await office.fanout("s1")
        (waiting,) = (await office.report("s1"))["contacts"]
        assert (waiting["status"], waiting["attempts"], waiting["error"]) == ("queued", 1, "out of order")
        await office.minutes(1)
        report = await checked(await office.http.get("/shifts/s1/fanout"), 200)
        (sent,) = report["contacts"]
        assert (sent["status"], sent["attempts"], sent["error"]) == ("sent", 2, None)
        assert sent["id"] == ann.expect_sms().id == waiting["id"]


async def test_who_was_left_out_and_why() -> None:
    """Each reason to leave out a caregiver of the role has its word."""
    async with Office() as office:
        numbers = {
            name: f"+1555555010{n}"
            for n, name in enumerate(("stop", "wrong", "busy", "other", "no", "released", "asked"), 1)
        }
        phones = {name: await office.caregiver(name, number) for name, number in numbers.items()}
        await office.caregiver("other", numbers["other"], organization_id="elsewhere")
        await phones["stop"].replies("STOP")
        await phones["wrong"].replies("Wrong number")
        await office.shift("held")
        await office.assign("held", "busy")
        await office.shift("s1")
        await office.fanout("s1")
        await phones["no"].replies("NO", shift_id="s1")
        await office.assign("s1", "released")
        await office.release("s1")
        await office.fanout("s1")
        report = await checked(await office.http.get("/shifts/s1/fanout"), 200)
        assert {one["caregiver_id"]: one["reason"] for one in report["excluded"]} == {
            "stop": "opted_out",
            "wrong": "wrong_number",
            "busy": "conflict",
            "other": "other_organization",
            "no": "declined",
            "released": "released",
        }
        assert {one["caregiver_id"] for one in report["contacts"]} == {"asked"}
        await office.all_read()


async def attention(office: Office, shift_id: str = "s1") -> list[tuple[str, str, str | None]]:
    """The reasons for a person to look at the shift. All three routes agree on the list."""
    report = await checked(await office.http.get(f"/shifts/{shift_id}/fanout"), 200)
    if report["status"] in ("open", "claimed", "exhausted"):
        assert (await checked(await office.post(shift_id), 200))["attention"] == report["attention"]
    return [(one["reason"], one["since"], one["caregiver_id"]) for one in report["attention"]]


async def test_the_three_routes_agree_on_why_a_person_must_look() -> None:
    """A shift without a match is exhausted until it is cancelled. The acceptance tests have each reason."""
    async with Office() as office:
        await office.shift("s1")
        await office.fanout("s1")
        assert await attention(office) == [("exhausted", "2026-06-01T10:00:00Z", None)]
        cancelled = await checked(await office.http.delete("/shifts/s1/fanout"), 200)
        assert (cancelled["status"], cancelled["attention"]) == ("cancelled", [])


async def test_an_end_shows_before_a_worker_has_seen_it() -> None:
    """From the shift's end on every answer says `expired`, even if the workers are behind."""
    async with Office() as office:
        await office.caregiver("ann", "+15555550101")
        await office.shift("s1", start_time="2026-06-01T15:00:00Z", end_time="2026-06-01T16:00:00Z")
        await office.fanout("s1")
        office.clock.set_forward(6 * 3600)
        report = await checked(await office.http.get("/shifts/s1/fanout"), 200)
        assert report["status"] == "expired"
        assert [one["reason"] for one in report["attention"]] == ["expired"]
        await office.all_read()
