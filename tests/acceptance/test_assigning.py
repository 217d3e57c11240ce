"""A coordinator assigns a shift by hand and takes one back, over the whole service with telephones in hand."""

import asyncio
from typing import Any

import httpx
import pytest
from fakes import raising
from office import Office, Phone

from app.domain.records import Kind
from app.errors import TemporaryFailure


async def assign(office: Office, shift_id: str, caregiver_id: str) -> httpx.Response:
    """Assign the shift and let what follows go out."""
    response = await office.assign(shift_id, caregiver_id)
    await office.rest()
    return response


async def release(office: Office, shift_id: str) -> httpx.Response:
    """Release the shift and let what follows go out."""
    response = await office.release(shift_id)
    await office.rest()
    return response


async def shift_of(office: Office, shift_id: str) -> dict[str, Any]:
    """The shift as `GET` gives it."""
    return dict((await office.http.get(f"/shifts/{shift_id}")).json())


async def three_nurses(office: Office) -> tuple[Phone, Phone, Phone]:
    """Ann, Bob and Cat, and a shift they qualify for."""
    ann = await office.caregiver("ann", "+15550001")
    bob = await office.caregiver("bob", "+15550002")
    cat = await office.caregiver("cat", "+15550003")
    await office.shift("s1")
    return ann, bob, cat


async def asked(office: Office) -> tuple[Phone, Phone, Phone]:
    """The three, texted about the shift."""
    phones = await three_nurses(office)
    await office.fanout("s1")
    for phone in phones:
        phone.expect_sms("Open RN shift")
    return phones


async def test_a_shift_is_assigned_by_hand_and_the_caregiver_is_told() -> None:
    """The answer is the shift as GET gives it; the holder is on record, with no channel; nobody is called."""
    async with Office() as office:
        _, bob, _ = await asked(office)
        response = await assign(office, "s1", "bob")
        assert response.status_code == 200
        assert response.json() == await shift_of(office, "s1")
        assert (response.json()["status"], response.json()["assigned_to"]) == ("claimed", "bob")
        bob.expect_sms("You have it", "RN", "Thu Jul 2")
        report = await office.report("s1")
        assert (report["status"], report["claimed_by"], report["claimed_via"]) == ("claimed", "bob", None)
        assert report["claimed_at"] is not None
        await office.minutes(60)


async def test_what_a_coordinator_did_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    """One line for each change, with ids and no name; none where nothing changed."""
    caplog.set_level("INFO", logger="shift_fanout.engine")
    async with Office() as office:
        ann, _, _ = await three_nurses(office)
        for _ in range(2):
            await assign(office, "s1", "ann")
        for _ in range(2):
            await release(office, "s1")
        ann.expect_sms("You have it")
        ann.expect_sms("You no longer have")
    lines = [record.getMessage() for record in caplog.records if record.name == "shift_fanout.engine"]
    assert lines == ["shift.assigned caregiver=ann shift=s1", "shift.released shift=s1"]


async def test_assigning_twice_gives_the_same_answer_and_sends_nothing_twice() -> None:
    """Again, also at once: 200, the same shift, one confirmation."""
    async with Office() as office:
        ann, _, _ = await asked(office)
        first, *others = await asyncio.gather(*(office.assign("s1", "ann") for _ in range(10)))
        await office.rest()
        for other in others:
            assert (other.status_code, other.json()) == (200, first.json())
        ann.expect_sms("You have it")


async def test_the_others_hear_that_it_is_taken_when_they_answer() -> None:
    """As after a claim: nothing unasked, and one notice to whoever says yes."""
    async with Office() as office:
        ann, bob, cat = await asked(office)
        await assign(office, "s1", "bob")
        bob.expect_sms("You have it")
        assert (await ann.replies("YES"))["outcome"] == "already_claimed"
        ann.expect_sms("no longer open")
        assert (await bob.replies("YES"))["outcome"] == "already_yours"
        cat.expect_nothing()


async def test_what_was_queued_is_not_sent_after_an_assignment() -> None:
    """Those the round has not reached are not texted about a shift that is gone."""
    async with Office(sms_rate=1) as office:
        ann, _, cat = await three_nurses(office)
        await office.fanout("s1")
        ann.expect_sms()
        await assign(office, "s1", "cat")
        await office.minutes(30)
        cat.expect_sms("You have it")
        assert (await office.report("s1"))["counts"]["skipped"] == 2


async def test_a_shift_nobody_was_asked_about_can_be_assigned() -> None:
    """It has a fanout that is claimed: a post finds it so and contacts nobody."""
    async with Office() as office:
        ann, bob, _ = await three_nurses(office)
        assert (await assign(office, "s1", "ann")).status_code == 200
        ann.expect_sms("You have it")
        report = await office.report("s1")
        assert (report["generation"], report["status"], report["contacts"]) == (1, "claimed", [])
        assert (await office.post("s1")).status_code == 200
        assert (await bob.replies("YES", shift_id="s1"))["outcome"] == "no_offer"
        assert (await ann.replies("NO"))["outcome"] == "release_requested"
        ann.expect_sms("yours until they call")
        await office.minutes(60)


@pytest.mark.parametrize("before", ["open", "exhausted", "cancelled"])
async def test_a_shift_can_be_assigned_whatever_became_of_its_fanout(before: str) -> None:
    """Also to somebody who said no before: the office has talked to them."""
    async with Office() as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("s1")
        await office.fanout("s1")
        ann.expect_sms()
        if before != "open":
            await ann.replies("NO")
        if before == "cancelled":
            await office.http.delete("/shifts/s1/fanout")
        assert (await office.report("s1"))["status"] == before
        assert (await assign(office, "s1", "ann")).status_code == 200
        ann.expect_sms("You have it")
        report = await office.report("s1")
        assert (report["status"], report["generation"]) == ("claimed", 1)
        assert (await ann.replies("can't make it"))["outcome"] == "release_requested"
        ann.expect_sms("yours until they call")


async def test_a_taken_shift_is_not_assigned_to_somebody_else() -> None:
    """409 in words, whether it was claimed or assigned; nothing changes."""
    async with Office() as office:
        ann, bob, _ = await asked(office)
        await bob.replies("YES")
        bob.expect_sms("You have it")
        refused = await assign(office, "s1", "ann")
        assert (refused.status_code, refused.json()["code"]) == (409, "shift_claimed")
        assert "'bob'" in refused.json()["detail"]
        assert (await assign(office, "s1", "bob")).status_code == 200
        assert (await office.report("s1"))["claimed_via"] == "sms"
        ann.expect_nothing()


async def test_somebody_who_works_at_that_time_is_not_assigned() -> None:
    """409 names the shift that is in the way."""
    async with Office() as office:
        ann, _, _ = await three_nurses(office)
        await assign(office, "s1", "ann")
        ann.expect_sms("You have it")
        await office.shift("s2", hours="15-23")
        refused = await assign(office, "s2", "ann")
        assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
        assert "'s1'" in refused.json()["detail"]
        assert (await shift_of(office, "s2"))["status"] == "open"
        assert (await office.http.get("/shifts/s2/fanout")).status_code == 404


@pytest.mark.parametrize("fields", [{"role": "CNA"}, {"role": "RN", "organization_id": "elsewhere"}])
async def test_somebody_who_is_not_qualified_is_not_assigned(fields: dict[str, str]) -> None:
    """409 says what the shift needs and what the caregiver has."""
    async with Office() as office:
        await office.caregiver("dan", "+15550004", **fields)
        await office.shift("s1")
        refused = await assign(office, "s1", "dan")
        assert (refused.status_code, refused.json()["code"]) == (409, "not_qualified")
        for word in ("'RN'", "'org'", *(f"'{value}'" for value in fields.values())):
            assert word in refused.json()["detail"]


async def test_unknown_shifts_and_caregivers_are_404() -> None:
    """For both commands; a body without a caregiver is a 422."""
    async with Office() as office:
        await three_nurses(office)
        for response in (
            await assign(office, "nothing", "ann"),
            await assign(office, "s1", "nobody"),
            await release(office, "nothing"),
        ):
            assert response.status_code == 404
        assert (await office.http.post("/shifts/s1/assign", json={})).status_code == 422
        assert (await office.http.post("/shifts/s1/assign", content="{")).status_code == 400


async def test_somebody_who_opted_out_can_be_assigned_and_gets_no_message() -> None:
    """A STOP is about messages, not about work."""
    async with Office() as office:
        ann, _, _ = await three_nurses(office)
        await ann.replies("STOP")
        ann.expect_sms("START")
        assert (await assign(office, "s1", "ann")).status_code == 200
        assert (await release(office, "s1")).status_code == 200
        await office.minutes(5)
        ann.expect_nothing()


@pytest.mark.parametrize("first", ["yes", "assignment"])
async def test_yeses_and_assignments_at_the_same_instant_have_one_winner(first: str) -> None:
    """However they race: one holder, who alone is told that they have it."""
    async with Office() as office:
        for n in range(20):
            await office.caregiver(f"cg-{n}", f"+1555{n:07}")
        await office.shift("s1")
        await office.post("s1")
        replies = [office.inbound(f"+1555{n:07}", "YES") for n in range(10)]
        by_hand = [office.assign("s1", f"cg-{n}") for n in range(10, 20)]
        pairs = zip(replies, by_hand, strict=True) if first == "yes" else zip(by_hand, replies, strict=True)
        answers = await asyncio.gather(*(step for pair in pairs for step in pair))
        assigned = [one for one in answers if isinstance(one, httpx.Response) and one.status_code == 200]
        claimed = [one for one in answers if isinstance(one, dict) and one["outcome"] == "claimed"]
        assert len(assigned) + len(claimed) == 1
        await office.minutes(30)
        (told,) = (message for message in office.notifier.sent if message.kind is Kind.CONFIRMATION)
        assert (await shift_of(office, "s1"))["assigned_to"] == told.caregiver_id
        await office.all_read()


async def test_a_released_shift_is_open_and_its_holder_is_told() -> None:
    """The answer is the shift as GET gives it; the fanout is cancelled, and a yes then comes too late."""
    async with Office() as office:
        ann, bob, _ = await asked(office)
        await ann.replies("YES")
        ann.expect_sms("You have it")
        response = await release(office, "s1")
        assert (response.status_code, response.json()) == (200, await shift_of(office, "s1"))
        assert (response.json()["status"], response.json()["assigned_to"]) == ("open", None)
        ann.expect_sms("You no longer have the RN shift Thu Jul 2")
        report = await office.report("s1")
        assert (report["status"], report["claimed_by"], report["claimed_at"]) == ("cancelled", None, None)
        assert (await bob.replies("YES"))["outcome"] == "already_claimed"
        bob.expect_sms("no longer open")
        await office.minutes(60)


async def test_a_release_that_names_the_holder_takes_the_shift_from_nobody_else() -> None:
    """409 in words and nothing changed if somebody else has it; else as without a name, however often."""
    async with Office() as office:
        ann, bob, _ = await three_nurses(office)
        await assign(office, "s1", "ann")
        ann.expect_sms("You have it")
        await release(office, "s1")
        ann.expect_sms("You no longer have")
        await assign(office, "s1", "bob")
        bob.expect_sms("You have it")
        before = await office.report("s1")
        late = await office.release("s1", "ann")
        assert (late.status_code, late.json()["code"]) == (409, "shift_claimed")
        assert late.json()["detail"] == "caregiver 'bob' has shift 's1' by now, not 'ann'"
        await office.rest()
        assert await office.report("s1") == before
        first = await office.release("s1", "bob")
        await office.rest()
        bob.expect_sms("You no longer have")
        again = await office.release("s1", "ann")
        assert (first.status_code, first.json()["status"]) == (200, "open")
        assert (again.status_code, again.json()) == (200, first.json())


@pytest.mark.parametrize(
    ("body", "status"), [("", 200), (" ", 200), ("{}", 200), ("{", 400), ('{"caregiver_id": 1}', 422)]
)
async def test_the_body_of_a_release_may_be_left_out(body: str, status: int) -> None:
    """None, an empty one and an empty object say the same; what is there must be right."""
    async with Office() as office:
        ann, _, _ = await three_nurses(office)
        await assign(office, "s1", "ann")
        ann.expect_sms("You have it")
        assert (await office.http.post("/shifts/s1/release", content=body)).status_code == status
        await office.rest()
        if status == 200:
            ann.expect_sms("You no longer have")


async def test_releasing_twice_gives_the_same_answer_and_sends_nothing_twice() -> None:
    """Also at once; and a shift nobody has is as released as it can be."""
    async with Office() as office:
        ann, _, _ = await asked(office)
        before = await release(office, "s1")
        assert (before.status_code, before.json()["status"]) == (200, "open")
        assert (await office.report("s1"))["status"] == "open"
        await ann.replies("YES")
        ann.expect_sms("You have it")
        first, *others = await asyncio.gather(*(office.release("s1") for _ in range(10)))
        await office.rest()
        for other in others:
            assert (other.status_code, other.json()) == (200, first.json())
        ann.expect_sms("You no longer have")
        await office.http.delete("/shifts/s1/fanout")


async def test_the_released_one_is_not_asked_again_but_may_claim() -> None:
    """A post starts the next generation without them, on record; their clear yes still counts."""
    async with Office() as office:
        ann, bob, cat = await asked(office)
        await ann.replies("YES")
        ann.expect_sms("You have it")
        await ann.replies("NO")
        ann.expect_sms("yours until they call")
        await release(office, "s1")
        ann.expect_sms("You no longer have")
        again = await office.post("s1")
        assert (again.status_code, again.json()["generation"]) == (202, 2)
        await office.rest()
        for phone in (bob, cat):
            phone.expect_sms("Open RN shift")
        await office.minutes(10)
        for phone in (bob, cat):
            phone.expect_call("Open RN shift")
        assert (await office.report("s1"))["excluded"] == [{"caregiver_id": "ann", "reason": "released"}]
        assert (await ann.replies("NO"))["outcome"] == "declined"
        assert (await ann.replies("YES"))["outcome"] == "claimed"
        ann.expect_sms("You have it")


async def test_with_only_the_released_one_left_the_next_generation_is_exhausted() -> None:
    """Nobody is left to ask; who was released may still claim."""
    async with Office() as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("s1")
        await assign(office, "s1", "ann")
        ann.expect_sms("You have it")
        await release(office, "s1")
        ann.expect_sms("You no longer have")
        await office.fanout("s1")
        assert (await office.report("s1"))["status"] == "exhausted"
        assert (await ann.replies("YES"))["outcome"] == "claimed"
        ann.expect_sms("You have it")


async def test_whoever_gets_loses_and_gets_a_shift_is_told_each_time() -> None:
    """A notice is sent once in each holding, and again when it is true anew."""
    async with Office() as office:
        ann, _, _ = await three_nurses(office)
        for _ in range(3):
            await assign(office, "s1", "ann")
            ann.expect_sms("You have it")
            await ann.replies("NO", shift_id="s1")
            ann.expect_sms("yours until they call")
            await ann.replies("NO", shift_id="s1")
            await release(office, "s1")
            ann.expect_sms("You no longer have")


async def test_a_notice_that_has_become_untrue_is_not_sent() -> None:
    """A confirmation waits for its retry while the shift is released: "you have it" must not come last."""
    async with Office() as office:
        ann, _, _ = await three_nurses(office)
        office.notifier.behaviour = raising(TemporaryFailure("HTTP 503"))
        await assign(office, "s1", "ann")
        await release(office, "s1")
        ann.expect_sms("You no longer have")
        await office.minutes(5)
        ann.expect_nothing()


async def test_a_release_frees_the_holder_for_other_shifts() -> None:
    """What overlapped before is theirs to take; the caregiver may also be deleted."""
    async with Office() as office:
        ann, _, _ = await three_nurses(office)
        await assign(office, "s1", "ann")
        ann.expect_sms("You have it")
        assert (await office.http.delete("/caregivers/ann")).status_code == 409
        await release(office, "s1")
        ann.expect_sms("You no longer have")
        await office.shift("s2", hours="12-20")
        assert (await assign(office, "s2", "ann")).status_code == 200
        ann.expect_sms("You have it", "12:00 PM")
        await release(office, "s2")
        ann.expect_sms("You no longer have")
        assert (await office.http.delete("/caregivers/ann")).status_code == 204


async def test_a_shift_whose_details_were_forgotten_can_be_released() -> None:
    """After the retention only the claim is left; the one released from it is still not asked."""
    async with Office(retention=3600) as office:
        ann, bob, cat = await asked(office)
        await ann.replies("YES")
        ann.expect_sms("You have it")
        await office.minutes(61)
        assert (await office.report("s1"))["contacts"] == []
        assert (await release(office, "s1")).json()["status"] == "open"
        ann.expect_sms("You no longer have")
        assert (await office.fanout("s1"))["generation"] == 2
        for phone in (bob, cat):
            phone.expect_sms("Open RN shift")
        assert (await office.report("s1"))["excluded"] == [{"caregiver_id": "ann", "reason": "released"}]
        await office.http.delete("/shifts/s1/fanout")


async def test_a_holder_who_is_no_longer_on_the_roster_is_released_in_silence() -> None:
    """Once a shift has ended its holder may be deleted; taking the shift back then tells nobody."""
    async with Office() as office:
        ann, _, _ = await three_nurses(office)
        await office.shift("past", day=1, hours="00-08")
        await assign(office, "past", "ann")
        ann.expect_sms("You have it")
        await office.days(31)
        assert (await office.http.delete("/caregivers/ann")).status_code == 204
        assert (await release(office, "past")).json()["assigned_to"] is None
