"""A coordinator assigns a shift by hand, and releases its holder."""

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fakes import raising
from office import NewOffice, Office, Phone

from app.domain.decisions import Message
from app.domain.records import Kind
from app.errors import PermanentFailure, TemporaryFailure, Uncertain
from app.ports.notifier import Accepted
from app.simulation.phones import DeliveryBehaviour, PhoneNetwork


async def assign(office: Office, shift_id: str, caregiver_id: str) -> httpx.Response:
    """Assign the shift and let the messages go out."""
    response = await office.assign(shift_id, caregiver_id)
    await office.settled()
    return response


async def release(office: Office, shift_id: str) -> httpx.Response:
    """Release the shift's holder and let the messages go out."""
    response = await office.release(shift_id)
    await office.settled()
    return response


async def shift_of(office: Office, shift_id: str) -> dict[str, Any]:
    """The shift as `GET` returns it."""
    return dict((await office.http.get(f"/shifts/{shift_id}")).json())


async def three_nurses(office: Office) -> tuple[Phone, Phone, Phone]:
    """Put three nurses on the roster, and a shift that each of them may work."""
    ann = await office.caregiver("ann", "+15550001")
    bob = await office.caregiver("bob", "+15550002")
    cat = await office.caregiver("cat", "+15550003")
    await office.shift("s1")
    return ann, bob, cat


async def asked(office: Office) -> tuple[Phone, Phone, Phone]:
    """The three nurses after the shift's fanout has texted them."""
    phones = await three_nurses(office)
    await office.fanout("s1")
    for phone in phones:
        phone.expect_sms("Open RN shift")
    return phones


async def test_a_shift_is_assigned_by_hand_and_the_caregiver_is_told() -> None:
    """The answer is the shift with its holder, no channel is recorded, and nobody is called later."""
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
    """Each change is one line with ids and without a name; a request that changes nothing logs nothing."""
    caplog.set_level("INFO", logger="shift_fanout.facts")
    async with Office() as office:
        ann, _, _ = await three_nurses(office)
        for _ in range(2):
            await assign(office, "s1", "ann")
        for _ in range(2):
            await release(office, "s1")
        ann.expect_sms("You have it")
        ann.expect_sms("You no longer have")
    lines = [record for record in caplog.records if record.getMessage().startswith("shift.")]
    assert [(record.getMessage(), record.__dict__["fields"]) for record in lines] == [
        ("shift.assigned", {"shift": "s1", "caregiver": "ann", "actor": "office"}),
        ("shift.released", {"shift": "s1", "caregiver": "ann", "actor": "office"}),
    ]


async def test_assigning_twice_gives_the_same_answer_and_sends_nothing_twice() -> None:
    """Repeated requests, also at the same time, return 200 and the same shift; one confirmation is sent."""
    async with Office() as office:
        ann, _, _ = await asked(office)
        first, *others = await asyncio.gather(*(office.assign("s1", "ann") for _ in range(10)))
        await office.settled()
        for other in others:
            assert (other.status_code, other.json()) == (200, first.json())
        ann.expect_sms("You have it")


async def test_the_others_hear_that_it_is_taken_when_they_answer() -> None:
    """The others get no text by themselves; a yes is answered with one notice that the shift is taken."""
    async with Office() as office:
        ann, bob, cat = await asked(office)
        await assign(office, "s1", "bob")
        bob.expect_sms("You have it")
        assert (await ann.replies("YES"))["outcome"] == "already_claimed"
        ann.expect_sms("no longer open")
        assert (await bob.replies("YES"))["outcome"] == "already_yours"
        cat.expect_nothing()


async def test_what_was_queued_is_not_sent_after_an_assignment() -> None:
    """An assignment in the middle of a round skips the texts that were not handed over."""
    async with Office(sms_rate=1) as office:
        ann, _, cat = await three_nurses(office)
        await office.fanout("s1")
        ann.expect_sms()
        await assign(office, "s1", "cat")
        await office.minutes(30)
        cat.expect_sms("You have it")
        assert (await office.report("s1"))["counts"]["skipped"] == 2


async def test_a_shift_nobody_was_asked_about_can_be_assigned() -> None:
    """The shift gets a claimed fanout; a POST finds it claimed and contacts nobody."""
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
    """Whatever the fanout's status is, a caregiver can be assigned, even one who declined."""
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
    """The answer is a 409 that names the holder, and nothing changes."""
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
    """The answer is a 409 that names the overlapping shift."""
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
    """The answer is a 409 with the role and organization of both."""
    async with Office() as office:
        await office.caregiver("dan", "+15550004", **fields)
        await office.shift("s1")
        refused = await assign(office, "s1", "dan")
        assert (refused.status_code, refused.json()["code"]) == (409, "not_qualified")
        for word in ("'RN'", "'org'", *(f"'{value}'" for value in fields.values())):
            assert word in refused.json()["detail"]


async def test_unknown_shifts_and_caregivers_are_404() -> None:
    """Both routes answer 404 for an unknown id, and 422 for a body without a caregiver."""
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
    """A STOP stops messages, so the caregiver holds the shift and no confirmation is sent."""
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
    """Whichever comes first, the shift has one holder, and only the holder gets a confirmation."""
    async with Office() as office:
        for n in range(20):
            await office.caregiver(f"cg-{n}", f"+1555555{n:04}")
        await office.shift("s1")
        await office.post("s1")
        replies = [office.inbound(f"+1555555{n:04}", "YES") for n in range(10)]
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
    """The answer is the open shift, the fanout is cancelled, and a later yes is too late."""
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
    """With another holder the answer is a 409 and nothing changes; else the release works as without a name."""
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
        assert late.json()["detail"] == "caregiver 'bob' (Name of bob) has shift 's1' now, not caregiver 'ann'"
        await office.settled()
        assert await office.report("s1") == before
        first = await office.release("s1", "bob")
        await office.settled()
        bob.expect_sms("You no longer have")
        again = await office.release("s1", "ann")
        assert (first.status_code, first.json()["status"]) == (200, "open")
        assert (again.status_code, again.json()) == (200, first.json())


@pytest.mark.parametrize(
    ("body", "status"), [("", 200), (" ", 200), ("{}", 200), ("{", 400), ('{"caregiver_id": 1}', 422)]
)
async def test_the_body_of_a_release_may_be_left_out(body: str, status: int) -> None:
    """No body, an empty body and an empty object mean the same; any other body is validated."""
    async with Office() as office:
        ann, _, _ = await three_nurses(office)
        await assign(office, "s1", "ann")
        ann.expect_sms("You have it")
        assert (await office.http.post("/shifts/s1/release", content=body)).status_code == status
        await office.settled()
        if status == 200:
            ann.expect_sms("You no longer have")


async def test_releasing_twice_gives_the_same_answer_and_sends_nothing_twice() -> None:
    """Repeated releases, also at the same time, return 200 and send one notice; of an open shift, none."""
    async with Office() as office:
        ann, _, _ = await asked(office)
        before = await release(office, "s1")
        assert (before.status_code, before.json()["status"]) == (200, "open")
        assert (await office.report("s1"))["status"] == "open"
        await ann.replies("YES")
        ann.expect_sms("You have it")
        first, *others = await asyncio.gather(*(office.release("s1") for _ in range(10)))
        await office.settled()
        for other in others:
            assert (other.status_code, other.json()) == (200, first.json())
        ann.expect_sms("You no longer have")
        await office.http.delete("/shifts/s1/fanout")


async def test_a_released_caregiver_is_not_asked_again_but_may_claim() -> None:
    """The next generation excludes them with the reason `released`; their clear yes still claims the shift."""
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
        await office.settled()
        for phone in (bob, cat):
            phone.expect_sms("Open RN shift")
        await office.minutes(10)
        for phone in (bob, cat):
            phone.expect_call("Open RN shift")
        assert (await office.report("s1"))["excluded"] == [{"caregiver_id": "ann", "reason": "released"}]
        assert (await ann.replies("NO"))["outcome"] == "declined"
        assert (await ann.replies("YES"))["outcome"] == "claimed"
        ann.expect_sms("You have it")


async def test_with_only_the_released_caregiver_left_the_next_generation_is_exhausted() -> None:
    """Nobody is left to ask, and the released caregiver may still claim the shift."""
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


async def test_a_caregiver_who_gets_loses_and_gets_a_shift_is_told_each_time() -> None:
    """A confirmation and a release notice are sent once for each time the caregiver holds the shift."""
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


async def test_a_confirmation_that_has_become_wrong_is_not_sent() -> None:
    """The shift is released while the confirmation waits for its retry: "you have it" must not come last."""
    async with Office() as office:
        ann, _, _ = await three_nurses(office)
        office.notifier.behaviour = raising(TemporaryFailure("HTTP 503"))
        await assign(office, "s1", "ann")
        await release(office, "s1")
        ann.expect_sms("You no longer have")
        await office.minutes(5)
        ann.expect_nothing()


async def test_a_notice_waits_for_the_one_before_it(new_office: NewOffice) -> None:
    """The gateway needs two seconds for "you no longer have it". What follows must not overtake it."""
    async with new_office() as office:
        ann, _, _ = await three_nurses(office)
        await assign(office, "s1", "ann")
        ann.expect_sms("You have it")
        office.notifier.takes_s = 2
        await release(office, "s1")
        office.notifier.takes_s = 0
        await office.minutes(0.5 / 60)
        await assign(office, "s1", "ann")
        await office.minutes(1.25 / 60)
        ann.expect_nothing()
        # The gateway answers: the next one goes out at once.
        await office.minutes(0.25 / 60)
        ann.expect_sms("You no longer have")
        ann.expect_sms("You have it")


async def statuses(office: Office) -> list[tuple[str, str, str | None]]:
    """Kind, status and error of each notice about s1, oldest first."""
    return [(one["kind"], one["status"], one["error"]) for one in (await office.report("s1"))["notices"]]


async def test_what_still_holds_is_not_said_again(new_office: NewOffice) -> None:
    """A caregiver is released and assigned again before they are told, and later the other way round."""
    async with new_office(sms_rate=1) as office:
        ann, _, _ = await three_nurses(office)
        await assign(office, "s1", "ann")
        await office.release("s1")
        await office.assign("s1", "ann")
        await office.minutes(1)
        ann.expect_sms("You have it")
        ann.expect_nothing()
        skipped = [("released", "skipped", "no longer true"), ("confirmation", "skipped", "already told")]
        assert await statuses(office) == [("confirmation", "sent", None), *skipped]
        assert (await office.report("s1"))["attention"] == []
        await release(office, "s1")
        await office.assign("s1", "ann")
        await office.release("s1")
        await office.minutes(1)
        ann.expect_sms("You no longer have")


@pytest.mark.parametrize(
    ("confirmed", "released", "told"),
    [
        (None, Uncertain("HTTP 502"), ["You have it"]),
        (PermanentFailure("HTTP 400"), PermanentFailure("HTTP 400"), []),
        (Uncertain("HTTP 502"), PermanentFailure("HTTP 400"), []),
    ],
)
async def test_what_may_have_been_taken_back_is_said_again(
    new_office: NewOffice, confirmed: Exception | None, released: Exception, told: list[str]
) -> None:
    """The caregiver may have heard that they lost the shift, or may never have heard that they have it."""
    async with new_office() as office:
        ann, _, _ = await three_nurses(office)
        office.notifier.behaviour = raising(confirmed, released)
        await assign(office, "s1", "ann")
        await release(office, "s1")
        await assign(office, "s1", "ann")
        for words in [*told, "You have it"]:
            ann.expect_sms(words)


async def test_a_confirmation_that_waited_until_it_was_true_again_is_enough(new_office: NewOffice) -> None:
    """The gateway is down while a caregiver is assigned, released and assigned again: nothing has gone out."""
    async with new_office() as office:
        ann, _, _ = await three_nurses(office)
        office.notifier.behaviour = raising(*[TemporaryFailure("HTTP 503")] * 4)
        await assign(office, "s1", "ann")
        await office.release("s1")
        await office.minutes(0.1 / 60)
        await assign(office, "s1", "ann")
        await office.minutes(1)
        ann.expect_sms("You have it")
        ann.expect_nothing()
        assert sorted(status for _, status, _ in await statuses(office)) == ["sent", "skipped", "skipped"]
        assert (await office.report("s1"))["attention"] == []


@dataclass
class GatewayWithKeys(PhoneNetwork):
    """A gateway that drops the repeats of a message that it has taken. An `OSError` loses only its answer."""

    honours_keys: bool = True

    async def send(self, message: Message) -> Accepted | None:
        """See `Notifier`."""
        if message.id in {one.id for one in self.sent}:
            self.behaviour(message)
            return None
        try:
            return await super().send(message)
        except OSError:
            self.sent.append(message)
            self._arrive(message, self.phone(message.to))
            raise


def losing_answers(kind: Kind) -> DeliveryBehaviour:
    """Of the first message of that kind the answer is lost until there is a second; that is refused meanwhile."""
    ids: list[str] = []
    repeated = False

    def behave(message: Message) -> None:
        nonlocal repeated
        if message.kind is not kind:
            return
        if message.id not in ids:
            ids.append(message.id)
        if len(ids) == 1:
            raise OSError("connection reset")
        repeated = repeated or message.id == ids[0]
        if not repeated:
            raise TemporaryFailure("HTTP 503")

    return behave


async def test_a_repeat_is_not_the_last_word(new_office: NewOffice) -> None:
    """The gateway took "you have it" before "you no longer have it", and its repeat, which it drops, comes after."""
    async with new_office(notifier=GatewayWithKeys) as office:
        ann, _, _ = await three_nurses(office)
        office.notifier.behaviour = losing_answers(Kind.CONFIRMATION)
        await assign(office, "s1", "ann")
        await office.minutes(1)
        ann.expect_sms("You have it")
        await release(office, "s1")
        ann.expect_sms("You no longer have")
        await assign(office, "s1", "ann")
        await office.minutes(5)
        ann.expect_sms("You have it")


async def test_a_repeat_is_not_the_last_word_about_a_release_either(new_office: NewOffice) -> None:
    """The same with the two texts the other way round."""
    async with new_office(notifier=GatewayWithKeys) as office:
        ann, _, _ = await three_nurses(office)
        await assign(office, "s1", "ann")
        ann.expect_sms("You have it")
        office.notifier.behaviour = losing_answers(Kind.RELEASED)
        await release(office, "s1")
        await office.minutes(1)
        ann.expect_sms("You no longer have")
        await assign(office, "s1", "ann")
        ann.expect_sms("You have it")
        await release(office, "s1")
        await office.minutes(5)
        ann.expect_sms("You no longer have")


async def test_a_confirmation_of_other_hours_is_sent(new_office: NewOffice) -> None:
    """The shift was moved between the release and the next assignment, so the earlier confirmation is wrong."""
    async with new_office(sms_rate=1) as office:
        ann, _, _ = await three_nurses(office)
        await assign(office, "s1", "ann")
        ann.expect_sms("You have it", "8:00 AM")
        await office.minutes(0.1 / 60)
        await office.release("s1")
        await office.shift("s1", hours="10-18")
        await office.assign("s1", "ann")
        await office.minutes(1)
        ann.expect_sms("You have it", "10:00 AM")


async def test_an_own_yes_is_confirmed_in_any_case(new_office: NewOffice) -> None:
    """Released by the office but not told yet, they claim the shift again, and wait for the answer."""
    async with new_office(sms_rate=1) as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("s1")
        await assign(office, "s1", "ann")
        ann.expect_sms("You have it")
        await office.release("s1")
        await office.post("s1")
        assert (await office.inbound(ann.number, "YES"))["outcome"] == "claimed"
        await office.minutes(1)
        ann.expect_sms("You have it")


async def test_somebody_elses_yes_does_not_repeat_a_release(new_office: NewOffice) -> None:
    """Ann heard of the first release, and of nothing after it. That Bob has accepted the shift changes nothing."""
    async with new_office() as office:
        ann, bob, _ = await three_nurses(office)
        await assign(office, "s1", "ann")
        await office.minutes(1)
        ann.expect_sms("You have it")
        await release(office, "s1")
        ann.expect_sms("You no longer have")
        await office.minutes(1)
        office.notifier.behaviour = raising(*[TemporaryFailure("HTTP 503")] * 2)
        await assign(office, "s1", "ann")
        await office.release("s1")
        await office.post("s1")
        assert (await office.inbound(bob.number, "YES"))["outcome"] == "claimed"
        await office.minutes(1)
        bob.expect_sms("You have it")
        ann.expect_nothing()


async def test_a_release_frees_the_holder_for_other_shifts() -> None:
    """After the release the caregiver can have an overlapping shift, or be deleted."""
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
    """After the retention time only the claim is stored; a release still works and excludes the holder."""
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


async def test_a_holder_who_was_deleted_is_released_without_a_notice() -> None:
    """A holder can be deleted once the shift has ended; the release after that sends nothing."""
    async with Office() as office:
        ann, _, _ = await three_nurses(office)
        await office.shift("past", day=1, hours="00-08")
        await assign(office, "past", "ann")
        ann.expect_sms("You have it")
        await office.days(31)
        assert (await office.http.delete("/caregivers/ann")).status_code == 204
        assert (await release(office, "past")).json()["assigned_to"] is None
