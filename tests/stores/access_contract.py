"""What any `Store` must do for somebody who acts for one organization. A backend joins with `StoreContract`."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fakes import START
from store_driver import Driver, caregiver, shift

from app.domain.commands import (
    Advance,
    Assign,
    CancelFanout,
    DeleteCaregiver,
    DeleteShift,
    HandoverResult,
    OptIn,
    PutCaregiver,
    PutShift,
    RecordDelivery,
    Release,
    Reply,
    SendText,
    StartFanout,
)
from app.domain.decisions import Refusal, RefusalCode
from app.domain.facts import Fact, FactType, LogEntry
from app.domain.messages import ContactStatus
from app.domain.reading import Intent, Reading
from app.domain.receipts import Receipt, ReceiptState
from app.domain.records import Answer, Channel, Outcome, Shift
from app.ports.store import ShiftFilter

#: Works for the organization of `shift`, for another one, for both, and for all.
OURS, THEIRS = caregiver(1, organization_id="org"), caregiver(2, organization_id="other")
BOTH, ALL = replace(caregiver(3), organization_ids=("other", "org")), caregiver(4)


def theirs(id_: str, day: int = 1) -> Shift:
    """A shift of another organization."""
    return replace(shift(id_, day=day), organization_id="other")


def reply(
    n: int, intent: Intent, within: str | None, *, shift_id: str | None = None, id_: str | None = None
) -> Reply:
    """A reply of caregiver `n` that somebody posts who acts for `within`."""
    return Reply(
        phone=f"+1555{n:07}",
        reading=Reading(intent=intent),
        channel=Channel.SMS,
        message_id=id_,
        shift_id=shift_id,
        notice_id=f"notice-{n}-{within}-{shift_id}-{id_}",
        now=START + timedelta(minutes=1),
        within=within,
    )


class AccessContract:
    """The suite for the filters by organization, and for commands of one organization."""

    async def test_caregivers_of_an_organization(self, driver: Driver) -> None:
        """Those who work for it, for several or for all, each once, by id; pages are full and follow each other."""
        await driver.put_caregivers(OURS, THEIRS, BOTH, ALL)

        async def listed(within: str | None, after: str = "", limit: int = 9) -> list[str]:
            return [one.id for one, _ in await driver.store.caregivers(after, limit, within)]

        assert await listed("org") == [OURS.id, BOTH.id, ALL.id]
        assert await listed("other") == [THEIRS.id, BOTH.id, ALL.id]
        assert await listed("nobody") == [ALL.id]
        assert await listed(None) == [OURS.id, THEIRS.id, BOTH.id, ALL.id]
        assert await listed("org", limit=2) == [OURS.id, BOTH.id]
        assert await listed("org", after=BOTH.id, limit=2) == [ALL.id]
        moved = replace(OURS, organization_ids=("other",))
        await driver.put_caregivers(moved, replace(ALL, organization_ids=("org",)))
        assert await listed("org") == [BOTH.id, ALL.id]
        assert await listed("other") == [OURS.id, THEIRS.id, BOTH.id]
        await driver.do(DeleteCaregiver(caregiver_id=BOTH.id, now=driver.now))
        assert await listed("org") == [ALL.id]

    async def test_shifts_of_an_organization(self, driver: Driver) -> None:
        """In the list, whatever else it asks for, and in the order of the board. A moved shift moves there too."""
        for one in (shift("a", day=3), theirs("b", day=2), shift("c"), theirs("d", day=4)):
            await driver.do(PutShift(shift=one, now=driver.now))

        async def listed(**conditions: str) -> list[str]:
            shift_filter = ShiftFilter(within="org", **conditions)  # type: ignore[arg-type]  # all of them are texts
            return [one.id for one, _ in await driver.store.shifts("", 9, shift_filter)]

        assert await listed() == ["a", "c"]
        assert await listed(organization_id="other") == []
        assert await listed(organization_id="org") == ["a", "c"]
        assert await listed(text="other") == []
        assert await listed(text="b") == []
        assert await listed(role="RN") == ["a", "c"]
        assert await driver.store.shift_ids_from(START, 9, "org") == ["c", "a"]
        assert await driver.store.shift_ids_from(START, 1, "org") == ["c"]
        assert await driver.store.shift_ids_from(START + timedelta(days=2), 9, "org") == ["a"]
        assert await driver.store.shift_ids_from(START, 9, "nobody") == []
        await driver.do(PutShift(shift=theirs("c"), now=driver.now))
        await driver.do(DeleteShift(shift_id="a", notice_id="n", now=driver.now))
        assert await driver.store.shift_ids_from(START, 9, "org") == []
        assert await driver.store.shift_ids_from(START, 9, "other") == ["c", "b", "d"]

    async def test_the_log_of_an_organization(self, driver: Driver) -> None:
        """The facts of its shifts and of its own caregivers, in pages, of all types or of some."""
        await driver.put_caregivers(OURS, THEIRS, BOTH, ALL)
        await driver.start_fanout(shift("s1"))
        await driver.start_fanout(theirs("s2"))
        for n in (3, 4):
            await driver.says(n, Intent.DECLINE, "s1")
            await driver.says(n, Intent.DECLINE, "s2")
        await driver.says(2, Intent.ACCEPT, "s2")
        await driver.says(1, Intent.STOP)
        await driver.says(4, Intent.STOP)
        whole = await driver.store.log(0, 1000)
        ours = [one for one in whole if one.fact.shift_id == "s1" or one.fact.caregiver_id == OURS.id]
        assert {one.fact.type for one in ours} >= {FactType.CAREGIVER_OPTED_OUT, FactType.OFFER_DECLINED}
        found: list[LogEntry] = []
        while page := await driver.store.log(found[-1].id if found else 0, 2, organization_id="org"):
            assert len(page) <= 2
            found += page
        assert found == ours
        of_shift = [one for one in ours if one.fact.shift_id == "s1"]
        assert await driver.store.log(0, 99, "s1", organization_id="org") == of_shift
        assert await driver.store.log(0, 99, "s2", organization_id="org") == []
        types = (FactType.OFFER_DECLINED, FactType.SHIFT_FILLED)
        declined = [one for one in of_shift if one.fact.type is FactType.OFFER_DECLINED]
        assert len(declined) == 2
        assert await driver.store.log_of_types(types, 0, 99, "org") == declined
        assert await driver.store.log_of_types(types, declined[0].id, 1, "org") == declined[1:]

    async def test_a_fact_stays_with_the_organization_that_had_the_shift(self, driver: Driver) -> None:
        """Also once the shift belongs to another one; and a fact about no shift has an organization of its own."""
        await driver.do(PutShift(shift=shift("s1"), now=driver.now, actor="before"))
        await driver.do(PutShift(shift=theirs("s1"), now=driver.now, actor="moved"))
        await driver.do(PutShift(shift=theirs("s1", day=2), now=driver.now, actor="after"))
        own = Fact(type=FactType.CAREGIVER_OPTED_IN, at=driver.now, actor="own", organization_id="org")
        await driver.write(own)

        async def actors(within: str) -> list[str]:
            return [one.fact.actor for one in await driver.store.log(0, 99, organization_id=within)]

        ours, others = await actors("org"), await actors("other")
        assert ours[0] == "before"
        assert ours[-1] == "own"
        assert others[-1] == "after"
        assert sorted(ours + others) == ["after", "before", "moved", "own"]

    @pytest.mark.parametrize(
        "command",
        [
            PutShift(shift=theirs("s2", day=5), now=START),
            PutShift(shift=shift("s2"), now=START),
            PutShift(shift=theirs("s1"), now=START),
            DeleteShift(shift_id="s2", notice_id="n", now=START),
            StartFanout(shift_id="s2", now=START),
            CancelFanout(shift_id="s2", now=START),
            Release(shift_id="s2", held_by=None, notice_id="n", now=START),
            Assign(shift_id="s2", caregiver_id=ALL.id, notice_id="n", now=START),
            Assign(shift_id="s1", caregiver_id=THEIRS.id, notice_id="n", now=START),
            SendText(shift_id="s2", caregiver_id=ALL.id, body="b", notice_id="n", now=START),
            SendText(shift_id="s1", caregiver_id=THEIRS.id, body="b", notice_id="n", now=START),
            PutCaregiver(caregiver=replace(THEIRS, name="Another"), now=START),
            PutCaregiver(caregiver=replace(THEIRS, organization_ids=("org",)), now=START),
            PutCaregiver(caregiver=replace(OURS, organization_ids=("org", "other")), now=START),
            PutCaregiver(caregiver=replace(BOTH, organization_ids=("org",)), now=START),
            DeleteCaregiver(caregiver_id=THEIRS.id, now=START),
            DeleteCaregiver(caregiver_id=BOTH.id, now=START),
            OptIn(caregiver_id=THEIRS.id, now=START),
            OptIn(caregiver_id=ALL.id, now=START),
        ],
        ids=lambda one: type(one).__name__,
    )
    async def test_a_command_about_what_is_not_ours_is_refused(self, driver: Driver, command: Any) -> None:
        """And changes nothing. Without `within` the same command is not refused for that reason."""
        outsider = {
            RefusalCode.UNKNOWN_SHIFT,
            RefusalCode.UNKNOWN_CAREGIVER,
            RefusalCode.OTHER_ORGANIZATION,
            RefusalCode.SHARED_CAREGIVER,
        }
        await driver.put_caregivers(OURS, THEIRS, BOTH, ALL)
        await driver.do(PutShift(shift=shift("s1"), now=driver.now))
        await driver.start_fanout(theirs("s2"))
        end = await driver.store.log_end()
        refused = await driver.do(replace(command, within="org"))
        assert isinstance(refused, Refusal)
        assert refused.code in outsider
        assert await driver.store.log_end() == end
        report = await driver.store.report("s2", full=True)
        assert report is not None
        assert report.notices == ()
        allowed = await driver.do(command)
        assert not isinstance(allowed, Refusal) or allowed.code not in outsider

    async def test_a_reply_to_one_organization_says_nothing_to_another(self, driver: Driver) -> None:
        """It claims no shift of another one and tells of none; a caregiver of another one is an unknown sender."""
        await driver.put_caregivers(OURS, THEIRS, BOTH, ALL)
        await driver.start_fanout(theirs("s2"))
        for command, outcome in (
            (reply(2, Intent.ACCEPT, "org"), Outcome.UNKNOWN_SENDER),
            (reply(3, Intent.ACCEPT, "org"), Outcome.NO_OFFER),
            (reply(3, Intent.ACCEPT, "org", shift_id="s2"), Outcome.NO_OFFER),
            (reply(4, Intent.DECLINE, "org"), Outcome.NO_OFFER),
        ):
            answer = await driver.do(command)
            assert isinstance(answer, Answer)
            assert (answer.outcome, answer.shift_id, answer.choices, answer.reply) == (outcome, None, (), None)
        report = await driver.store.report("s2", full=True)
        assert report is not None
        assert (report.assignment, report.responses, report.notices) == (None, (), ())
        found = await driver.store.caregiver(THEIRS.id)
        assert found == (THEIRS, False)
        # A STOP is about the number.
        answer = await driver.do(reply(2, Intent.STOP, "org"))
        assert answer == Answer(outcome=Outcome.UNKNOWN_SENDER)
        assert await driver.store.caregiver(THEIRS.id) == (THEIRS, True)
        # The same yes to their own organization counts.
        answer = await driver.do(reply(3, Intent.ACCEPT, "other"))
        assert isinstance(answer, Answer)
        assert (answer.outcome, answer.shift_id) == (Outcome.CLAIMED, "s2")

    async def test_a_reply_is_about_the_shifts_of_the_organization_that_it_is_said_to(self, driver: Driver) -> None:
        """A bare yes that could mean shifts of two organizations means ours; only without one it is ambiguous."""
        await driver.put_caregivers(ALL)
        await driver.start_fanout(shift("s1"))
        await driver.start_fanout(shift("s3", day=3))
        await driver.start_fanout(theirs("s2", day=2))
        whole = await driver.do(reply(4, Intent.ACCEPT, None))
        assert isinstance(whole, Answer)
        assert [choice.shift_id for choice in whole.choices] == ["s1", "s2", "s3"]
        ours = await driver.do(reply(4, Intent.ACCEPT, "org"))
        assert isinstance(ours, Answer)
        assert (ours.outcome, [choice.shift_id for choice in ours.choices]) == (Outcome.AMBIGUOUS, ["s1", "s3"])
        answer = await driver.do(reply(4, Intent.ACCEPT, "other"))
        assert isinstance(answer, Answer)
        assert (answer.outcome, answer.shift_id) == (Outcome.CLAIMED, "s2")

    async def test_a_message_id_belongs_to_the_organization_that_posts_it(self, driver: Driver) -> None:
        """Two gateways may number their messages alike. Neither hears what the other was answered."""
        await driver.put_caregivers(ALL, THEIRS)
        await driver.start_fanout(shift("s1", day=3))
        await driver.start_fanout(theirs("s2"))
        first = await driver.do(reply(4, Intent.ACCEPT, "other", id_="m1"))
        assert isinstance(first, Answer)
        assert first.outcome is Outcome.CLAIMED
        own = await driver.do(reply(4, Intent.DECLINE, "org", id_="m1"))
        assert isinstance(own, Answer)
        assert (own.outcome, own.shift_id) == (Outcome.DECLINED, "s1")
        assert await driver.do(reply(4, Intent.ACCEPT, "other", id_="m1")) == first
        # An id that somebody has used up who acts for another organization still counts.
        await driver.start_fanout(theirs("s4", day=5))
        unknown = await driver.do(reply(2, Intent.ACCEPT, "org", id_="m2"))
        assert isinstance(unknown, Answer)
        assert unknown.outcome is Outcome.UNKNOWN_SENDER
        claimed = await driver.do(reply(2, Intent.ACCEPT, "other", id_="m2"))
        assert isinstance(claimed, Answer)
        assert (claimed.outcome, claimed.shift_id) == (Outcome.CLAIMED, "s4")

    async def test_a_stored_answer_about_a_shift_that_has_moved_is_not_told(self, driver: Driver) -> None:
        """The shift is another organization's by then."""
        await driver.put_caregivers(ALL)
        await driver.start_fanout(shift("s1"))
        first = await driver.do(reply(4, Intent.DECLINE, "org", id_="m1"))
        assert isinstance(first, Answer)
        assert (first.outcome, first.shift_id) == (Outcome.DECLINED, "s1")
        await driver.do(CancelFanout(shift_id="s1", now=driver.now))
        # It keeps its organization until its fanout is forgotten.
        await driver.do(Advance(shift_id="s1", generation=1, forget_early=True, now=driver.now))
        await driver.do(PutShift(shift=theirs("s1"), now=driver.now))
        again = await driver.do(reply(4, Intent.DECLINE, "org", id_="m1"))
        assert isinstance(again, Answer)
        assert (again.outcome, again.shift_id) == (Outcome.NO_OFFER, None)

    async def test_a_receipt_counts_for_the_own_messages(self, driver: Driver) -> None:
        """One about the message of another organization is as one about an unknown message."""
        await driver.put_caregivers(ALL)
        await driver.start_fanout(theirs("s2"))
        deliveries = await driver.lease()
        await driver.record_results(deliveries, HandoverResult.SENT)
        receipt = RecordDelivery(
            message_id=deliveries[0].message.id,
            provider_id=None,
            receipt=Receipt(state=ReceiptState.DELIVERED, error=None),
            now=driver.now,
        )
        assert await driver.do(replace(receipt, within="org")) is False

        async def statuses() -> list[ContactStatus]:
            report = await driver.store.report("s2", full=True)
            assert report is not None
            return [report.status_of(one) for one in report.contacts]

        assert await statuses() == [ContactStatus.SENT]
        assert await driver.do(replace(receipt, within="other")) is True
        assert await statuses() == [ContactStatus.DELIVERED]
