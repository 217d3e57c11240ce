"""What `POST`, `GET` and `DELETE .../fanout` say: contacts, notices, attention, and who was left out."""

from typing import Any

import httpx
import pytest
from described import assert_fits
from fakes import raising
from office import Office

from app.domain.commands import Reply
from app.domain.reading import Intent
from app.domain.records import Channel
from app.errors import PermanentFailure, TemporaryFailure

SUMMARY = {
    "shift_id",
    "generation",
    "status",
    "round",
    "started_at",
    "escalates_at",
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


async def is_not_theirs(office: Office, number: str) -> None:
    """Whoever answers at the number says that it is not the caregiver's. Which words say so is tested elsewhere."""
    reply = Reply(
        phone=number,
        understand=lambda _: Intent.WRONG_NUMBER,
        code=None,
        channel=Channel.SMS,
        message_id=None,
        shift_id=None,
        notice_id="sorry",
        now=office.clock.now(),
    )
    answer = await office.app.state.service.engine.handle(reply)
    assert answer.outcome == "wrong_number"


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
        await is_not_theirs(office, numbers["wrong"])
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


async def test_a_fanout_that_needs_nobody() -> None:
    """While texts are out and nobody has answered, there is nothing to look at."""
    async with Office() as office:
        await office.caregiver("ann", "+15555550101")
        await office.shift("s1")
        await office.fanout("s1")
        assert await attention(office) == []
        await office.all_read()


async def test_nobody_to_ask_needs_a_person() -> None:
    """A shift without a match is exhausted, and stays so until it is cancelled."""
    async with Office() as office:
        await office.shift("s1")
        await office.fanout("s1")
        assert await attention(office) == [("exhausted", "2026-06-01T10:00:00Z", None)]
        cancelled = await checked(await office.http.delete("/shifts/s1/fanout"), 200)
        assert (cancelled["status"], cancelled["attention"]) == ("cancelled", [])


async def test_calls_that_nobody_answers_need_a_person() -> None:
    """After the calls have been out for as long as the wait before them, nobody having accepted."""
    async with Office() as office:
        await office.caregiver("ann", "+15555550101")
        await office.shift("s1")
        await office.fanout("s1")
        await office.minutes(20 - 1 / 60)
        assert await attention(office) == []
        await office.minutes(1 / 60)
        assert await attention(office) == [("unanswered", "2026-06-01T10:20:00Z", None)]
        await office.all_read()


async def test_a_shift_that_starts_soon_and_then_ends() -> None:
    """It needs a person two hours before its start, and once it has ended with nobody."""
    async with Office() as office:
        await office.caregiver("ann", "+15555550101")
        await office.shift("s1", start_time="2026-06-01T12:05:00Z", end_time="2026-06-01T12:30:00Z")
        await office.fanout("s1")
        assert await attention(office) == []
        await office.minutes(5)
        assert await attention(office) == [("starts_soon", "2026-06-01T10:05:00Z", None)]
        await office.minutes(145)
        assert await attention(office) == [("expired", "2026-06-01T12:30:00Z", None)]
        report = await office.report("s1")
        assert report["status"] == "expired"
        cancelled = await checked(await office.http.delete("/shifts/s1/fanout"), 200)
        assert (cancelled["status"], cancelled["attention"]) == ("cancelled", [])
        await office.all_read()


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


async def test_words_that_were_not_understood_need_a_person() -> None:
    """Until the caregiver gives a clear answer."""
    async with Office() as office:
        ann = await office.caregiver("ann", "+15555550101")
        await office.caregiver("bob", "+15555550102")
        await office.shift("s1")
        await office.fanout("s1")
        await ann.replies("what does it pay?")
        assert await attention(office) == [("unrecognized", "2026-06-01T10:00:00Z", "ann")]
        await ann.replies("NO")
        assert await attention(office) == []
        await office.all_read()


async def test_a_holder_who_gives_it_back_needs_a_person() -> None:
    """Until they take it back, or are released."""
    async with Office() as office:
        ann = await office.caregiver("ann", "+15555550101")
        await office.shift("s1")
        await office.assign("s1", "ann")
        await office.settled()
        await ann.replies("NO")
        assert await attention(office) == [("release_requested", "2026-06-01T10:00:00Z", "ann")]
        await ann.replies("YES")
        assert await attention(office) == []
        await office.all_read()


async def test_a_holder_who_no_longer_fits_needs_a_person() -> None:
    """The record may change, and the shift shows it until it fits again."""
    async with Office() as office:
        await office.caregiver("ann", "+15555550101")
        await office.shift("s1")
        await office.assign("s1", "ann")
        await office.settled()
        await office.caregiver("ann", "+15555550101", role="LPN")
        assert await attention(office) == [("not_qualified", "2026-06-01T10:00:00Z", "ann")]
        await office.caregiver("ann", "+15555550101")
        assert await attention(office) == []
        await office.all_read()


@pytest.mark.parametrize("how", ["failed", "opted out"])
async def test_a_holder_who_was_not_told_needs_a_person(how: str) -> None:
    """If the confirmation failed or was not sent because of an opt-out."""
    async with Office() as office:
        ann = await office.caregiver("ann", "+15555550101")
        await office.shift("s1")
        if how == "opted out":
            await ann.replies("STOP")
        else:
            office.notifier.behaviour = raising(PermanentFailure("no such number"))
        await office.assign("s1", "ann")
        await office.settled()
        assert await attention(office) == [("not_told", "2026-06-01T10:00:00Z", "ann")]
        await office.all_read()


async def test_offers_that_all_failed_need_a_person() -> None:
    """Nobody has heard of the shift."""
    async with Office() as office:
        await office.caregiver("ann", "+15555550101")
        await office.shift("s1")
        office.notifier.behaviour = raising(PermanentFailure("no such number"))
        await office.fanout("s1")
        assert ("undelivered", "2026-06-01T10:00:00Z", None) in await attention(office)


async def test_a_yes_after_stop_needs_a_person() -> None:
    """A clear yes of somebody opted out does not claim the shift, but the office should know."""
    async with Office() as office:
        ann = await office.caregiver("ann", "+15555550101")
        await office.caregiver("bob", "+15555550102")
        await office.shift("s1")
        await office.fanout("s1")
        await ann.replies("STOP")
        assert (await ann.replies("YES"))["outcome"] == "opted_out"
        assert await attention(office) == [("opted_out_yes", "2026-06-01T10:00:00Z", "ann")]
        await office.all_read()
