"""What an organization sets for its shifts, from the first text to the last call."""

from collections.abc import Mapping

from office import Office

HARBOR = {"name": "Harbor Home Health", "time_zone": "America/New_York", "office_phone": "617-555-0100"}
#: The same without a number at which the office gets alerts.
WITHOUT_PHONE = {name: value for name, value in HARBOR.items() if name != "office_phone"}
#: A shift of 8:00 to 16:00 in UTC in July is one of 4:00 to 12:00 in New York.
EARLY = "4:00 AM-12:00 PM EDT"


async def put(office: Office, organization_id: str, body: Mapping[str, object]) -> None:
    """Add or replace an organization."""
    assert (await office.http.put(f"/organizations/{organization_id}", json=body)).status_code in (200, 201)


async def test_an_offer_names_the_organization_and_its_local_time() -> None:
    """By text and by call, and in all that follows about the shift the hours are those of its zone."""
    async with Office() as office:
        await put(office, "org", HARBOR)
        ann, bob = await office.caregiver("ann", "+15555550101"), await office.caregiver("bob", "+15555550102")
        await office.shift("s1", organization_id="org")
        await office.fanout("s1")
        for phone in (ann, bob):
            phone.expect_sms("Harbor Home Health: Open RN shift", EARLY, "Reply YES to accept")
        await office.minutes(10)
        ann.expect_call("Harbor Home Health: Open RN shift", EARLY, "press 1")
        bob.expect_call()
        await ann.replies("YES")
        ann.expect_sms("You have it", EARLY)
        await bob.replies("YES")
        bob.expect_sms("no longer open")
        assert (await office.release("s1")).status_code == 200
        await office.settled()
        ann.expect_sms("You no longer have", "Call them at 617-555-0100")


async def test_the_shifts_own_zone_comes_first() -> None:
    """An organization's zone is only the default of its shifts; the service's is that of an unknown organization."""
    async with Office() as office:
        await put(office, "org", HARBOR)
        ann = await office.caregiver("ann", "+15555550101")
        for id_, fields in {"s1": {"time_zone": "America/Chicago"}, "s2": {}}.items():
            await office.shift(id_, day=len(id_), organization_id="org" if id_ == "s1" else "unknown", **fields)
            await office.fanout(id_)
            ann.expect_sms("CDT" if id_ == "s1" else "UTC")


async def test_a_yes_for_a_day_means_the_day_in_the_organizations_zone() -> None:
    """A shift that starts at 2:00 in UTC is one of the evening before in New York."""
    async with Office() as office:
        await put(office, "org", HARBOR)
        ann = await office.caregiver("ann", "+15555550101")
        await office.shift("s1", day=2, hours="02-10", organization_id="org")
        await office.fanout("s1")
        ann.expect_sms("Wed Jul 1, 10:00 PM")
        assert (await ann.replies("Yes for Thursday"))["outcome"] == "unrecognized"
        ann.expect_sms("Sorry")
        assert (await ann.replies("Yes for Wednesday"))["outcome"] == "claimed"
        ann.expect_sms("You have it")


async def test_the_organization_sets_the_wait_before_the_calls() -> None:
    """It is fixed when the fanout starts; other organizations have the wait of the service."""
    async with Office() as office:
        await put(office, "org", WITHOUT_PHONE | {"escalate_after": 120})
        ann, bob = await office.caregiver("ann", "+15555550101"), await office.caregiver("bob", "+15555550102", "LPN")
        await office.shift("s1", organization_id="org")
        await office.shift("s2", organization_id="other", role="LPN")
        await office.fanout("s1")
        await office.fanout("s2")
        ann.expect_sms()
        bob.expect_sms()
        await put(office, "org", WITHOUT_PHONE | {"escalate_after": 3600})
        await office.minutes(2)
        ann.expect_call()
        bob.expect_nothing()
        await office.minutes(8)
        bob.expect_call()


async def test_help_and_stop_are_answered_in_the_name_of_the_organization() -> None:
    """Of the caregiver's only one, or of the one that wrote last; without a record in neutral words."""
    async with Office() as office:
        await put(office, "org", HARBOR)
        await put(office, "elm", {"name": "Elm Care"})
        ann = await office.caregiver("ann", "+15555550101", organization_id="elm")
        bob = await office.caregiver("bob", "+15555550102", organization_ids=["org", "elm"])
        cat = await office.caregiver("cat", "+15555550103", organization_id="unknown")
        await ann.replies("HELP")
        ann.expect_sms("Open shifts from Elm Care.", "call the office.")
        await cat.replies("HELP")
        cat.expect_sms("Open shifts from your agency.")
        await bob.replies("HELP")
        bob.expect_sms("Open shifts from your agency.")
        await office.shift("s1", organization_id="org")
        await office.fanout("s1")
        bob.expect_sms("Harbor Home Health: Open RN shift")
        await bob.replies("HELP")
        bob.expect_sms("Open shifts from Harbor Home Health.", "call the office at 617-555-0100.")
        await bob.replies("STOP")
        bob.expect_sms("Harbor Home Health: You won't get shift texts or calls")
        await ann.replies("STOP")
        ann.expect_sms("Elm Care: You won't get")
        # Nobody is left who could take the shift.
        office.phone("617-555-0100").expect_sms("RN shift")


async def test_the_question_which_shift_has_each_in_its_own_zone() -> None:
    """Two organizations in two zones: the question and its choices show the hours of each."""
    async with Office() as office:
        await put(office, "org", HARBOR)
        await put(office, "elm", {"name": "Elm Care", "time_zone": "America/Chicago"})
        ann = await office.caregiver("ann", "+15555550101")
        for id_, organization in (("s1", "org"), ("s2", "elm")):
            await office.shift(id_, day=int(id_[1]), organization_id=organization)
            await office.fanout(id_)
            ann.expect_sms()
        answer = await ann.replies("YES")
        assert answer["outcome"] == "ambiguous"
        assert ["EDT" in answer["choices"][0]["summary"], "CDT" in answer["choices"][1]["summary"]] == [True, True]
        ann.expect_sms("4AM-12PM EDT", "3AM-11AM CDT")
