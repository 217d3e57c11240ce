"""What any store must do with organizations, and with caregivers of several roles and organizations."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from store_driver import Driver, caregiver, shift

from app.domain.attention_reasons import AttentionReason
from app.domain.commands import (
    CancelFanout,
    DeleteCaregiver,
    DeleteOrganization,
    DeleteShift,
    PutCaregiver,
    PutOrganization,
    PutShift,
    StartFanout,
)
from app.domain.decisions import Refusal, RefusalCode
from app.domain.messages import Alert, ContactStatus, Notice, Silence
from app.domain.reading import Intent
from app.domain.records import (
    Kind,
    Language,
    Organization,
    Outcome,
    QuietHours,
    role_key,
)

FULL = Organization(
    id="org",
    name="Harbor Home Health",
    time_zone="America/New_York",
    office_phone="+16175550100",
    quiet_hours=QuietHours(start=time(21), end=time(7, 30)),
    escalate_after_s=90.5,
    minimum_rest=timedelta(hours=36, minutes=30),
)


class OrganizationContract:
    """The suite for organizations."""

    async def test_an_organization_comes_back_as_it_was_put(self, driver: Driver) -> None:
        """With all its fields or with none; a second PUT replaces it; an unknown one is not found."""
        assert await driver.do(PutOrganization(organization=FULL, now=driver.now)) is True
        assert await driver.store.organization("org") == FULL
        assert await driver.read(lambda state: state.organization("org")) == FULL
        bare = Organization(id="org", name="Harbor")
        assert await driver.do(PutOrganization(organization=bare, now=driver.now)) is False
        assert await driver.store.organization("org") == bare
        assert await driver.store.organization("nothing") is None
        assert await driver.read(lambda state: state.organization("nothing")) is None

    async def test_an_office_is_found_by_its_number(self, driver: Driver) -> None:
        """All of them by id, if several have the number; none once no organization has it."""
        await driver.do(PutOrganization(organization=replace(FULL, id="b"), now=driver.now))
        await driver.do(PutOrganization(organization=replace(FULL, id="a"), now=driver.now))
        found = await driver.read(lambda state: state.offices("+16175550100"))
        assert [one.id for one in found] == ["a", "b"]
        for id_ in ("a", "b"):
            changed = replace(FULL, id=id_, office_phone=None)
            await driver.do(PutOrganization(organization=changed, now=driver.now))
        assert not await driver.read(lambda state: state.offices("+16175550100"))

    async def test_the_alerts_to_a_number(self, driver: Driver) -> None:
        """Settled ones too, but not those of long ago, nor other notices to the number. Each is as it was made."""
        await driver.do(PutShift(shift=shift("s1", day=9), now=driver.now))
        await driver.do(StartFanout(shift_id="s1", now=driver.now))
        alert = Alert(reason=AttentionReason.UNRECOGNIZED, generation=2, caregiver_id="cg-00001", others=3)
        made = [
            Notice(
                id=str(hours),
                kind=Kind.ALERT,
                caregiver_id="",
                body="text",
                phone="+16175550100",
                status=ContactStatus.QUEUED,
                created_at=driver.now + timedelta(hours=hours),
                updated_at=driver.now,
                shift_id="s1",
                alert=alert,
            )
            for hours in (0, 7, 8)
        ]
        other = replace(made[2], id="other", kind=Kind.HELP, alert=None)
        elsewhere = replace(made[2], id="elsewhere", phone="+16175550101")
        await driver.write(*made, other, elsewhere)
        driver.now += timedelta(hours=8)
        changed = replace(made[1], status=ContactStatus.SKIPPED, alert=replace(alert, others=0))
        await driver.do(PutShift(shift=shift("s2", day=9), now=driver.now))
        await driver.change_notice(changed)
        found = await driver.read(lambda state: state.alerts_to("+16175550100"))
        assert sorted(found, key=lambda one: one.id) == [changed, made[2]]
        assert await driver.read(lambda state: state.alerts_to("+16175550999")) == []

    async def test_the_numbers_that_get_no_alert(self, driver: Driver) -> None:
        """Those that opted out, and those of a caregiver of whom they are not the number; no others."""
        await driver.put_caregivers(*(caregiver(n) for n in (1, 2, 3)))
        for n, intent in ((1, Intent.STOP), (2, Intent.WRONG_NUMBER), (3, Intent.WRONG_NUMBER), (4, Intent.STOP)):
            await driver.says(n, intent)
        await driver.put_caregivers(replace(caregiver(3), phone="+16175550100"))
        asked = [caregiver(n).phone for n in range(1, 6)]
        assert await driver.store.silent_numbers(asked) == {
            caregiver(1).phone: Silence.OPTED_OUT,
            caregiver(2).phone: Silence.WRONG_NUMBER,
            caregiver(4).phone: Silence.OPTED_OUT,
        }
        assert await driver.store.silent_numbers([]) == {}

    @pytest.mark.parametrize("hours_of_rest", [{"a": 10}, {"b": 10}, {"a": 10, "b": 8}, {"a": 8, "b": 10}])
    @pytest.mark.parametrize("gap_h", [9.5, 10])
    @pytest.mark.parametrize("first_is_held", [True, False])
    async def test_the_longer_rest_of_two_organizations_counts(
        self, driver: Driver, hours_of_rest: dict[str, int], gap_h: float, first_is_held: bool
    ) -> None:
        """Whichever of the two shifts a caregiver has, and however many they had before."""
        for id_, hours in hours_of_rest.items():
            organization = Organization(id=id_, name=id_, minimum_rest=timedelta(hours=hours))
            await driver.do(PutOrganization(organization=organization, now=driver.now))
        await driver.put_caregivers(caregiver(1))
        first = replace(shift("first", day=2), organization_id="a")
        begins = first.end_time + timedelta(hours=gap_h)
        second = replace(
            first, id="second", organization_id="b", start_time=begins, end_time=begins + timedelta(hours=4)
        )
        held, wanted = (first, second) if first_is_held else (second, first)
        for one in (held, wanted):
            await driver.do(PutShift(shift=one, now=driver.now))
        assert await driver.assign(1, held.id) is True
        await driver.do(StartFanout(shift_id=wanted.id, now=driver.now))
        answer = await driver.says(1, Intent.ACCEPT, wanted.id)
        assert answer.outcome is (Outcome.CLAIMED if gap_h == 10 else Outcome.CONFLICT)

    async def test_a_shift_that_has_ended_needs_its_rest(self, driver: Driver) -> None:
        """Its organization demands ten hours, and that of the next shift none. It ended nine hours ago."""
        organization = Organization(id="strict", name="Strict", minimum_rest=timedelta(hours=10))
        await driver.do(PutOrganization(organization=organization, now=driver.now))
        await driver.put_caregivers(caregiver(1))
        worked = replace(shift("worked", day=3), organization_id="strict")
        await driver.do(PutShift(shift=worked, now=driver.now))
        assert await driver.assign(1, "worked") is True
        driver.now = worked.end_time + timedelta(hours=8, minutes=30)
        # Its fanout is forgotten.
        await driver.advance()
        starts = {"soon": worked.end_time + timedelta(hours=9), "later": worked.end_time + timedelta(hours=10)}
        for id_, start in starts.items():
            one = replace(shift(id_), start_time=start, end_time=start + timedelta(minutes=30))
            await driver.do(PutShift(shift=one, now=driver.now))
            await driver.do(StartFanout(shift_id=id_, now=driver.now))
        outcomes = [(await driver.says(1, Intent.ACCEPT, id_)).outcome for id_ in starts]
        assert outcomes == [Outcome.CONFLICT, Outcome.CLAIMED]

    async def test_organizations_are_paged_by_id(self, driver: Driver) -> None:
        """Following the pages finds each once."""
        for id_ in ("c", "a", "B", "b"):
            await driver.do(PutOrganization(organization=Organization(id=id_, name=id_), now=driver.now))
        assert [one.id for one in await driver.store.organizations("", 3)] == ["B", "a", "b"]
        assert [one.id for one in await driver.store.organizations("b", 3)] == ["c"]

    async def test_an_organization_stays_while_it_has_shifts_to_come(self, driver: Driver) -> None:
        """A shift that has begun still counts; once it has ended the organization can be deleted."""
        delete = DeleteOrganization(organization_id="org", now=driver.now)
        refused = await driver.do(delete)
        assert isinstance(refused, Refusal)
        assert refused.code is RefusalCode.UNKNOWN_ORGANIZATION
        await driver.do(PutOrganization(organization=FULL, now=driver.now))
        await driver.do(PutShift(shift=shift("s1"), now=driver.now))
        await driver.do(PutShift(shift=replace(shift("s2", day=9), organization_id="other"), now=driver.now))
        running = shift("s1").end_time - timedelta(seconds=1)
        refused = await driver.do(replace(delete, now=running))
        assert isinstance(refused, Refusal)
        assert refused.code is RefusalCode.HAS_SHIFTS_TO_COME
        assert "s1" in refused.detail
        assert await driver.do(replace(delete, now=shift("s1").end_time)) is True
        assert await driver.store.organization("org") is None

    async def test_the_fanouts_that_quiet_hours_hold(self, driver: Driver) -> None:
        """Of that organization, open, with a message that waits for the end of the hours, of a shift to come."""
        night = Organization(id="org", name="Elm", quiet_hours=QuietHours(start=time(9), end=time(11)))
        await driver.put_caregivers(caregiver(1))
        for organization in (night, replace(night, id="other"), Organization(id="awake", name="Oak")):
            await driver.do(PutOrganization(organization=organization, now=driver.now))
        for id_, organization_id in (("b", "org"), ("a", "org"), ("gone", "org"), ("c", "other"), ("d", "awake")):
            await driver.start_fanout(replace(shift(id_, day=3), organization_id=organization_id))
        await driver.do(CancelFanout(shift_id="gone", now=driver.now))

        async def held(organization_id: str, now: datetime = driver.now) -> list[str]:
            found = await driver.read(lambda state: state.held_fanouts(organization_id, now))
            return [fanout.shift_id for fanout in found]

        assert await held("org") == ["a", "b"]
        assert await held("other") == ["c"]
        assert await held("awake") == await held("nothing") == []
        assert await held("org", shift("a", day=3).end_time) == []
        await driver.do(PutOrganization(organization=replace(night, quiet_hours=None), now=driver.now))
        await driver.advance()
        assert len(await driver.lease()) == 3  # of "a", "b" and "d"
        assert await held("org") == []

    async def test_a_deleted_shift_is_none_to_come(self, driver: Driver) -> None:
        """Its record may stay, for late replies, but its organization can be deleted."""
        await driver.do(PutOrganization(organization=FULL, now=driver.now))
        await driver.start_fanout(shift("s1"))
        await driver.do(DeleteShift(shift_id="s1", notice_id="n1", now=driver.now))
        assert await driver.do(DeleteOrganization(organization_id="org", now=driver.now)) is True

    async def test_changes_of_an_organization_are_on_record(self, driver: Driver) -> None:
        """Added, replaced (with the names of the fields) and deleted; a PUT that changes nothing is no change."""
        for organization in (FULL, FULL, replace(FULL, name="Harbor", time_zone=None)):
            await driver.do(PutOrganization(organization=organization, now=driver.now, actor="kim"))
        await driver.do(DeleteOrganization(organization_id="org", now=driver.now, actor="kim"))
        facts = [entry.fact for entry in await driver.store.log(0, 10)]
        assert [fact.data for fact in facts] == [
            {"record": "organization", "organization_id": "org", "change": "added"},
            {"record": "organization", "organization_id": "org", "change": "replaced", "fields": "name time_zone"},
            {"record": "organization", "organization_id": "org", "change": "deleted"},
        ]
        assert {fact.actor for fact in facts} == {"kim"}

    async def test_a_caregiver_comes_back_with_all_roles_and_organizations(self, driver: Driver) -> None:
        """In their order, with zone and language, by id, in a page and by number."""
        one = replace(
            caregiver(1),
            roles=("RN", "Wound care", "LPN"),
            organization_ids=("org", "b"),
            time_zone="America/Chicago",
            language=Language.SPANISH,
        )
        await driver.put_caregivers(one)
        assert await driver.store.caregiver(one.id) == (one, False)
        assert await driver.store.caregivers("", 5) == [(one, False)]
        assert await driver.read(lambda state: state.caregiver_by_phone(one.phone)) == one
        fewer = replace(one, roles=("LPN",), organization_ids=())
        await driver.do(PutCaregiver(caregiver=fewer, now=driver.now))
        assert await driver.store.caregiver(one.id) == (fewer, False)

    async def test_the_roster_of_a_role_has_everybody_who_has_it(self, driver: Driver) -> None:
        """As the first of their roles or as another one, each once, by id; and nobody who no longer has it."""
        nurse, both, aide = caregiver(1), replace(caregiver(2), roles=("CNA", "RN")), caregiver(3, "CNA")
        await driver.put_caregivers(nurse, both, aide)

        async def roster(role: str, after: str = "", limit: int = 9) -> list[str]:
            return [one.id for one in await driver.read(lambda state: state.roster(role_key(role), after, limit))]

        assert await roster("RN") == [nurse.id, both.id]
        assert await roster("CNA") == [both.id, aide.id]
        assert await roster("CNA", both.id) == [aide.id]
        assert await roster("RN", "", 1) == [nurse.id]
        await driver.do(PutCaregiver(caregiver=replace(both, roles=("CNA", "LPN")), now=driver.now))
        assert await roster("RN") == [nurse.id]
        assert await roster("LPN") == [both.id]
        await driver.do(DeleteCaregiver(caregiver_id=both.id, now=driver.now))
        assert await roster("CNA") == [aide.id]

    async def test_a_yes_counts_for_any_of_the_roles(self, driver: Driver) -> None:
        """Also before planning has reached the caregiver, and only for their organizations."""
        both = replace(caregiver(2), roles=("CNA", "RN"), organization_ids=("b", "org"))
        await driver.put_caregivers(both, replace(caregiver(3), organization_ids=("b", "c")))
        await driver.start_fanout(shift("s1"))
        for number in (2, 3):
            assert [one.message.caregiver_id for one in await driver.lease()] == ([both.id] if number == 2 else [])
        assert (await driver.says(2, Intent.ACCEPT)).outcome is Outcome.CLAIMED

    async def test_the_wait_of_the_organization_is_fixed_at_the_start(self, driver: Driver) -> None:
        """Its fanouts escalate after it, also if the organization changes or is added later; 0.5 is a wait too."""
        await driver.put_caregivers(caregiver(1))
        await driver.do(PutOrganization(organization=FULL, now=driver.now))
        await driver.start_fanout(shift("s1"))
        quick = replace(FULL, escalate_after_s=0.5)
        await driver.do(PutOrganization(organization=quick, now=driver.now))
        await driver.start_fanout(shift("s2", day=2))
        await driver.start_fanout(replace(shift("s3", day=3), organization_id="unknown"))
        waits = []
        for shift_id in ("s1", "s2", "s3"):
            report = await driver.store.report(shift_id, full=False)
            assert report is not None
            waits.append(report.fanout.wait.total_seconds())
        assert waits == [90.5, 0.5, 600]

    async def test_help_is_answered_in_the_name_of_who_wrote_last(self, driver: Driver) -> None:
        """Of the caregiver's only organization; else of the one that the last message came from; else of nobody."""
        only = replace(caregiver(1, "CNA"), organization_ids=("b",))
        await driver.put_caregivers(only, caregiver(2))
        for organization in (FULL, Organization(id="b", name="Elm Care")):
            await driver.do(PutOrganization(organization=organization, now=driver.now))

        async def asks(n: int) -> str:
            driver.now += timedelta(hours=2)
            return (await driver.says(n, Intent.HELP)).reply or ""

        assert "from Elm Care." in await asks(1)
        assert "from your agency." in await asks(2)
        await driver.start_fanout(replace(shift("s2", day=3), organization_id="b"))
        assert "from Elm Care." in await asks(2)
        await driver.lease()
        await driver.start_fanout(shift("s1", day=3))
        assert "from Elm Care." in await asks(2)
        await driver.lease()
        assert "from Harbor Home Health." in await asks(2)
        await driver.start_fanout(replace(shift("s3", day=4), organization_id="unknown"))
        driver.now += timedelta(seconds=1)
        await driver.lease()
        assert "from your agency." in await asks(2)
        assert ((await driver.says(1, Intent.STOP)).reply or "").startswith("Elm Care: ")
