"""The log: what happened, over all generations of a fanout, and who asked for it."""

from typing import Any

import httpx
import pytest
from fakes import raising
from office import NewOffice, Office

from app.errors import PermanentFailure, Uncertain

Entry = dict[str, Any]


async def log_of(office: Office, path: str = "/shifts/s1/log") -> list[Entry]:
    """The entries of a log, oldest first."""
    response = await office.http.get(path)
    assert response.status_code == 200, response.text
    assert response.json()["next"] is None
    return list(response.json()["items"])


def told(entries: list[Entry]) -> list[tuple[str, str | None, str]]:
    """Each entry in short: its type, or the change of a record; its caregiver; its actor."""
    return [
        (
            f"{one['data']['record']} {one['data']['change']}" if one["type"] == "record.changed" else one["type"],
            one["caregiver_id"],
            one["actor"],
        )
        for one in entries
    ]


async def test_the_log_of_a_shift_over_two_generations(new_office: NewOffice) -> None:
    """After assign, release and start again nothing of the first round is missing."""
    async with new_office() as office:
        ann = await office.caregiver("ann", "+15550001")
        ben = await office.caregiver("ben", "+15550002")
        await office.fanout(await office.shift("s1"))
        await ann.replies("no")
        await office.minutes(1)
        assert (await office.assign("s1", "ben")).status_code == 200
        await office.minutes(1)
        assert (await office.release("s1")).status_code == 200
        await office.fanout("s1")
        entries = await log_of(office)
        await office.all_read()
        assert not ann.unread
        assert not ben.unread
    first = [
        ("shift added", None, "office"),
        ("fanout.started", None, "office"),
        ("fanout planned", None, "service"),
        ("offer.sent", "ann", "service"),
        ("offer.sent", "ben", "service"),
        ("offer.declined", "ann", "caregiver"),
        ("shift.assigned", "ben", "office"),
    ]
    second = [
        ("shift.released", "ben", "office"),
        ("fanout.started", None, "office"),
        ("fanout planned", None, "service"),
        ("fanout.exhausted", None, "service"),
    ]
    assert told(entries) == first + second
    assert [one["data"]["generation"] for one in entries if one["type"] == "fanout.started"] == [1, 2]
    assert {one["shift_id"] for one in entries} == {"s1"}
    assert entries[5]["data"] == {"channel": "sms", "first_answer_after_s": 0}
    assert entries[6]["data"] == {"generation": 1, "round": "sms", "after_s": 60}
    assert entries[6]["at"] == "2026-06-01T10:01:00Z"
    assert sorted(map(int, (one["id"] for one in entries))) == [int(one["id"]) for one in entries]


async def test_calls_nobody_answers_and_the_end_of_the_shift(new_office: NewOffice) -> None:
    """The escalation, its second wait and the end of the shift are on record once each, when they come."""
    async with new_office(past_shifts=False) as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.fanout(await office.shift("s1", hours="08-16"))
        await office.minutes(19.9)
        before = told(await log_of(office))
        assert before[-3:] == [
            ("fanout escalated", None, "service"),
            ("fanout planned", None, "service"),
            ("offer.sent", "ann", "service"),
        ]
        await office.minutes(0.1)
        assert told(await log_of(office)) == [*before, ("fanout.unanswered", None, "service")]
        await office.days(40)
        assert told(await log_of(office))[len(before) + 1 :] == [
            ("fanout.expired", None, "service"),
            ("fanout forgotten", None, "service"),
        ]
        ann.expect_sms()
        ann.expect_call()


async def test_a_notice_that_may_no_longer_be_sent_is_on_record(new_office: NewOffice) -> None:
    """Ann opted out, so she is not told that she has the shift. That is found right before the message is sent."""
    async with new_office() as office:
        ann = await office.caregiver("ann", "+15550001")
        await ann.replies("STOP")
        ann.expect_sms()
        await office.assign(await office.shift("s1"), "ann")
        await office.settled()
        last = (await log_of(office))[-1]
        reason = {"kind": "confirmation", "status": "skipped", "error": "opted out"}
        assert (last["type"], last["data"]) == ("notice.failed", reason)


async def test_every_answer_is_on_record(new_office: NewOffice) -> None:
    """One entry for an answer, with its channel; none for a message that comes again."""
    async with new_office() as office:
        ann = await office.caregiver("ann", "+15550001")
        ben = await office.caregiver("ben", "+15550002")
        await office.fanout(await office.shift("s1"))
        start = len(await log_of(office))
        await ann.replies("is it far?", message_id="m1")
        await ann.replies("is it far?", message_id="m1")
        await ben.replies("yes", message_id="m2")
        await ann.replies("yes")
        await ben.replies("yes")
        await ben.replies("can't make it", channel="voice")
        await ben.replies("", channel="voice", shift_id="s1")
        entries = (await log_of(office))[start:]
        await office.all_read()
    assert told(entries) == [
        ("reply.unrecognized", "ann", "caregiver"),
        ("shift.filled", "ben", "caregiver"),
        ("response already_claimed", "ann", "caregiver"),
        ("response already_yours", "ben", "caregiver"),
        ("release.requested", "ben", "caregiver"),
        ("response no_answer", "ben", "caregiver"),
    ]
    assert [one["data"]["channel"] for one in entries] == ["sms"] * 4 + ["voice"] * 2


async def test_what_the_number_said_is_on_record(new_office: NewOffice) -> None:
    """STOP, START, "wrong number" and the office's opt-in: about the caregiver, and about no shift."""
    async with new_office() as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.fanout(await office.shift("s1"))
        for words in ("STOP", "STOP", "START", "wrong number"):
            await ann.replies(words)
        await office.http.post("/caregivers/ann/opt-in")
        await office.http.post("/caregivers/ann/opt-in")
        entries = [one for one in await log_of(office, "/log") if one["type"].startswith("caregiver.")]
        of_shift = told(await log_of(office))
        await office.all_read()
    assert told(entries) == [
        ("caregiver.opted_out", "ann", "caregiver"),
        ("caregiver.opted_in", "ann", "caregiver"),
        ("caregiver.wrong_number", "ann", "caregiver"),
        ("caregiver.opted_in", "ann", "office"),
    ]
    assert {one["shift_id"] for one in entries} == {None}
    assert ("response opted_out", "ann", "caregiver") in of_shift
    assert ("fanout reopened", None, "caregiver") in of_shift


async def test_a_message_that_does_not_arrive(new_office: NewOffice) -> None:
    """An offer that failed or may have gone out, and a confirmation that failed, with the reason."""
    async with new_office() as office:
        office.notifier.behaviour = raising(PermanentFailure("HTTP 400"), PermanentFailure("HTTP 400"))
        ann = await office.caregiver("ann", "+15550001")
        await office.fanout(await office.shift("s1"))
        await ann.replies("yes")
        office.notifier.behaviour = raising(Uncertain("HTTP 504"))
        await office.fanout(await office.shift("s2", day=3))
        failed = [one for one in await log_of(office) if one["type"].endswith(".failed")]
        unknown = [one for one in await log_of(office, "/shifts/s2/log") if one["type"].endswith(".failed")]
        await office.all_read()
    reason = {"status": "failed", "error": "HTTP 400"}
    assert [(one["type"], one["data"]) for one in failed] == [
        ("offer.failed", {"channel": "sms", "generation": 1, **reason}),
        ("notice.failed", {"kind": "confirmation", **reason}),
    ]
    assert [one["data"] for one in unknown] == [
        {"channel": "sms", "generation": 1, "status": "unknown", "error": "HTTP 504"}
    ]


async def test_records_that_the_office_changes(new_office: NewOffice) -> None:
    """What was added, replaced or deleted, with the names of the changed fields; the same again is no change."""
    async with new_office(api_key="sesame") as office:
        office.http.headers["authorization"] = "Bearer sesame"
        await office.caregiver("ann", "+15550001")
        await office.caregiver("ann", "+15550001")
        await office.caregiver("ann", "+15550002", role="LPN")
        await office.http.delete("/caregivers/ann")
        await office.shift("s1")
        await office.shift("s1", hours="09-17")
        await office.fanout("s1")
        await office.http.delete("/shifts/s1/fanout")
        entries = await log_of(office, "/log")
    assert [(one["data"]["change"], one["data"].get("fields")) for one in entries[:3]] == [
        ("added", None),
        ("replaced", "roles phone"),
        ("deleted", None),
    ]
    assert entries[4]["data"] == {"record": "shift", "change": "replaced", "fields": "start_time end_time"}
    assert {one["actor"] for one in entries if one["type"] != "fanout.exhausted"} == {"key", "service"}
    assert told(entries)[-1] == ("fanout.cancelled", None, "key")


async def test_the_log_is_read_in_pages(new_office: NewOffice) -> None:
    """Following `next` reads every entry once; a reader that goes on after the last id gets what is new."""
    async with new_office() as office:
        for n in range(5):
            await office.caregiver(f"c{n}", f"+1555000{n}")
        found: list[str] = []
        after = "0"
        while after:
            page = (await office.http.get("/log", params={"after": after, "limit": 2})).json()
            found += [one["caregiver_id"] for one in page["items"]]
            last, after = page["items"][-1]["id"], page["next"]
        assert found == [f"c{n}" for n in range(5)]
        assert (await office.http.get("/log", params={"after": last})).json() == {"items": [], "next": None}
        await office.shift("s1")
        (new,) = (await office.http.get("/log", params={"after": last})).json()["items"]
        assert new["shift_id"] == "s1"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/shifts/nothing/log", 404),
        ("/log?after=x", 422),
        ("/log?after=-1", 422),
        ("/log?after=99999999999999999999", 422),
        ("/log?limit=0", 422),
        ("/log?limit=1001", 422),
        ("/log?before=1", 422),
        ("/shifts/s1/log?after=1.0", 422),
        ("/log?after=9223372036854775807", 200),
    ],
)
async def test_bad_input(path: str, status: int, new_office: NewOffice) -> None:
    """An unknown shift is a 404; what is no id of the log, and a parameter that does not exist, a 422."""
    async with new_office() as office:
        response: httpx.Response = await office.http.get(path)
    assert response.status_code == status
    if status != 200:
        assert response.headers["content-type"] == "application/problem+json"


async def test_receipts_are_no_second_hand_over(new_office: NewOffice) -> None:
    """A text that arrives stays one `offer.sent`; one that fails later is an `offer.failed` as well."""
    async with new_office() as office:
        await office.caregiver("ann", "+15550001")
        await office.caregiver("ben", "+15550002")
        await office.fanout(await office.shift("s1"))
        ann, ben = (one["id"] for one in (await office.report("s1"))["contacts"])
        await office.http.post("/messages/status", json={"id": ann, "status": "delivered"})
        await office.http.post("/messages/status", json={"id": ben, "status": "failed", "error": "no such number"})
        entries = [one for one in await log_of(office) if one["type"].startswith("offer.")]
        await office.all_read()
    assert told(entries) == [
        ("offer.sent", "ann", "service"),
        ("offer.sent", "ben", "service"),
        ("offer.failed", "ben", "service"),
    ]
    assert entries[2]["data"] == {"channel": "sms", "generation": 1, "status": "failed", "error": "no such number"}


async def test_how_long_it_took_is_on_record(new_office: NewOffice) -> None:
    """The first answer of a fanout and the one that fills it carry the time since the start."""
    async with new_office() as office:
        phones = [await office.caregiver(f"c{n}", f"+1555000{n}") for n in range(4)]
        await office.fanout(await office.shift("s1"))
        await office.minutes(1.5)
        await phones[0].replies("how much does it pay?")
        await office.minutes(1)
        await phones[1].replies("no")
        await office.minutes(8)
        await phones[2].replies("yes")
        await phones[3].replies("yes")
        entries = await log_of(office)
        await office.all_read()
    answers = [one for one in entries if one["actor"] == "caregiver"]
    assert [(one["type"], one["data"]) for one in answers] == [
        ("reply.unrecognized", {"channel": "sms", "first_answer_after_s": 90}),
        ("offer.declined", {"channel": "sms"}),
        ("shift.filled", {"channel": "sms", "generation": 1, "round": "voice", "after_s": 630}),
        ("record.changed", {"record": "response", "change": "already_claimed", "channel": "sms"}),
    ]
    (escalated,) = [one["data"] for one in entries if one["data"].get("change") == "escalated"]
    assert escalated == {"record": "fanout", "change": "escalated", "generation": 1, "late_ms": 0}


async def test_the_first_answer_may_be_the_one_that_wins(new_office: NewOffice) -> None:
    """And each generation has a first answer of its own."""
    async with new_office() as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.caregiver("ben", "+15550002")
        await office.fanout(await office.shift("s1"))
        await office.minutes(1)
        await ann.replies("yes")
        await office.release("s1")
        await office.fanout("s1")
        await office.minutes(2)
        await office.inbound("+15550002", "yes")
        entries = await log_of(office)
        await office.all_read()
    filled = [one["data"] for one in entries if one["type"] == "shift.filled"]
    assert [(one["generation"], one["after_s"], one["first_answer_after_s"]) for one in filled] == [
        (1, 60, 60),
        (2, 120, 120),
    ]
