"""The office is told by text that a shift needs a person: once for each reason, no storm, nothing after a STOP."""

from typing import Any

from office import NewOffice, Office, Phone

from app.domain.attention_reasons import AttentionReason
from app.domain.commands import PutOrganization
from app.domain.decisions import Message
from app.domain.gsm7 import fits_one_segment
from app.domain.records import Channel, Kind, Organization
from app.errors import PermanentFailure, TemporaryFailure

OFFICE = "+16175550100"
SHIFT = "RN shift Thu Jul 2, 8:00 AM-4:00 PM UTC"


def away(_: Message) -> None:
    """The behaviour of a provider that is away."""
    raise TemporaryFailure("HTTP 503")


def take(_: Message) -> None:
    """The behaviour of a provider that takes everything."""


def refuse_confirmations(message: Message) -> None:
    """The behaviour of a provider that takes everything else."""
    if message.kind is Kind.CONFIRMATION:
        raise PermanentFailure("HTTP 400")


async def with_office_phone(office: Office, phone: str = OFFICE) -> Phone:
    """The telephone of the office of `org`, the organization of all shifts."""
    await office.http.get("/ready")
    organization = Organization(id="org", name="Acme Home Care", office_phone=phone)
    await office.app.state.service.engine.handle(PutOrganization(organization=organization, now=office.clock.now()))
    return Phone(office, phone)


async def notices(office: Office, shift_id: str = "s1") -> list[dict[str, Any]]:
    """The alerts among the notices of the shift."""
    return [one for one in (await office.report(shift_id))["notices"] if one["kind"] == "alert"]


async def test_an_alert_says_which_shift_why_and_where_to_look(new_office: NewOffice) -> None:
    """One text of one segment, to no caregiver, when nobody is left. A second "no" says nothing new."""
    async with new_office() as office:
        desk = await with_office_phone(office)
        ann = await office.caregiver("ann", "+15550001")
        await office.fanout(await office.shift("s1"))
        ann.expect_sms("Open")
        await ann.replies("no")
        alert = desk.expect_sms()
        assert alert.body == f"{SHIFT}: nobody is left who could say yes. See the board."
        assert fits_one_segment(alert.body)
        assert (alert.kind, alert.channel, alert.shift_id, alert.organization_id) == (
            "alert",
            Channel.SMS,
            "s1",
            "org",
        )
        assert alert.caregiver_id == ""
        (entry,) = await notices(office)
        assert (entry["status"], entry["caregiver_id"], entry["id"]) == ("sent", None, alert.id)
        # She changes her mind and then asks to be released: another reason.
        await ann.replies("yes")
        ann.expect_sms("You have it")
        await ann.replies("I can't make it after all")
        ann.expect_sms("We told the office")
        desk.expect_sms("the holder asks to give it back")
        await ann.replies("no, I can't")
        assert len(await notices(office)) == 2


async def test_unanswered_and_expired_are_told_when_they_begin(new_office: NewOffice) -> None:
    """These begin by time alone. Without an office phone nobody is told."""
    async with new_office() as office:
        await office.caregiver("ann", "+15550001")
        desk = await with_office_phone(office)
        await office.shift("s1")
        await office.shift("s2", organization_id="other")
        await office.fanout("s1")
        await office.fanout("s2")
        await office.minutes(19.9)
        desk.expect_nothing()
        await office.minutes(0.2)
        desk.expect_sms("nobody has said yes in time")
        await office.days(32)
        desk.expect_sms("it has ended, nobody had it")
        await office.all_read()


async def test_a_caregiver_who_could_not_be_told(new_office: NewOffice) -> None:
    """The confirmation failed for good. The alert itself, and an alert that failed, alert nobody."""

    def refuse(message: Message) -> None:
        if message.kind in (Kind.CONFIRMATION, Kind.ALERT):
            raise PermanentFailure("HTTP 400")

    async with new_office() as office:
        await with_office_phone(office)
        await office.caregiver("ann", "+15550001")
        await office.shift("s1")
        office.notifier.behaviour = refuse
        await office.assign("s1", "ann")
        await office.settled()
        (entry,) = await notices(office)
        assert (entry["status"], entry["error"]) == ("failed", "HTTP 400")
        log = (await office.http.get("/shifts/s1/log")).json()["items"]
        failed = [one["data"]["kind"] for one in log if one["type"] == "notice.failed"]
        assert failed == ["confirmation", "alert"]


async def test_a_notice_that_no_longer_may_be_sent_alerts_too(new_office: NewOffice) -> None:
    """Ann opted out, so she is not told that she has the shift. That is found right before the message is sent."""
    async with new_office() as office:
        desk = await with_office_phone(office)
        ann = await office.caregiver("ann", "+15550001")
        await ann.replies("STOP")
        ann.expect_sms()
        await office.shift("s1")
        await office.assign("s1", "ann")
        await office.settled()
        desk.expect_sms("a caregiver could not be told")


async def test_what_is_settled_before_it_goes_out_is_not_sent(new_office: NewOffice) -> None:
    """The alert waits for its next try. Meanwhile somebody takes the shift."""
    async with new_office() as office:
        desk = await with_office_phone(office)
        ann = await office.caregiver("ann", "+15550001")
        await office.fanout(await office.shift("s1"))
        ann.expect_sms()
        office.notifier.behaviour = away
        await ann.replies("no")
        (entry,) = await notices(office)
        assert entry["status"] == "queued"
        await ann.replies("yes")
        office.notifier.behaviour = lambda _: None
        await office.minutes(2)
        ann.expect_sms("You have it")
        desk.expect_nothing()
        (entry,) = await notices(office)
        assert (entry["status"], entry["error"]) == ("skipped", "no longer true")


async def test_many_at_once_are_one_text(new_office: NewOffice) -> None:
    """Nobody can be asked for any of twelve shifts, while the provider is away: the fifth text is the last."""
    async with new_office() as office:
        desk = await with_office_phone(office)
        office.notifier.behaviour = away
        for n in range(12):
            await office.post(await office.shift(f"s{n:02}", role="CNA"))
        await office.settled()
        office.notifier.behaviour = lambda _: None
        await office.minutes(2)
        for _ in range(4):
            desk.expect_sms("nobody is left who could say yes. See the board.")
        desk.expect_sms("nobody is left who could say yes. 7 more alerts: see the board.")
        desk.expect_nothing()
        await office.minutes(15)
        alerts = [entry for n in range(12) for entry in await notices(office, f"s{n:02}")]
        assert [entry["error"] for entry in alerts if entry["status"] == "skipped"] == ["in another alert"] * 7


async def test_one_after_another_is_no_storm(new_office: NewOffice) -> None:
    """After five texts within the hour there is one each quarter of an hour, and only if something has come up."""
    async with new_office() as office:
        desk = await with_office_phone(office)
        for n in range(8):
            await office.fanout(await office.shift(f"s{n}", role="CNA"))
        for _ in range(5):
            desk.expect_sms("nobody is left who could say yes. See the board.")
        await office.minutes(14.9)
        desk.expect_nothing()
        await office.minutes(0.2)
        desk.expect_sms("2 more alerts: see the board.")
        await office.minutes(40)
        desk.expect_nothing()
        # The first five are an hour ago.
        await office.minutes(10)
        await office.fanout(await office.shift("s9", role="CNA"))
        desk.expect_sms("nobody is left who could say yes. See the board.")


async def test_the_office_ends_the_alerts_by_stop(new_office: NewOffice) -> None:
    """STOP, START and HELP of its number are answered, even before the first alert. Nothing else is."""
    async with new_office() as office:
        desk = await with_office_phone(office)
        answer = await desk.replies("HELP")
        assert (answer["outcome"], answer["caregiver_id"]) == ("help", None)
        assert answer["reply"] == desk.expect_sms("Alerts come to this number").body
        assert (await desk.replies("STOP"))["outcome"] == "opted_out"
        desk.expect_sms("No more alerts")
        assert (await desk.replies("STOP"))["outcome"] == "opted_out"
        assert (await desk.replies("yes"))["outcome"] == "unknown_sender"
        await office.fanout(await office.shift("s1", role="CNA"))
        desk.expect_nothing()
        (entry,) = await notices(office)
        assert (entry["status"], entry["error"]) == ("skipped", "opted out")
        assert (await desk.replies("START"))["outcome"] == "opted_in"
        desk.expect_sms("Alerts about shifts that need a person go to this number again")
        await office.fanout(await office.shift("s2", role="CNA"))
        desk.expect_sms("nobody is left")
        stranger = Phone(office, "+16175550101")
        assert (await stranger.replies("HELP"))["outcome"] == "unknown_sender"


async def test_the_stop_of_an_office_is_on_record(new_office: NewOffice) -> None:
    """In the log, once each time, as about no caregiver; the organization shows it, under another version."""
    async with new_office() as office:
        desk = await with_office_phone(office)
        known = await office.http.get("/organizations/org")
        assert known.json()["alerts_stopped"] is None
        for words in ("STOP", "STOP", "START", "START", "STOP"):
            await desk.replies(words)
        stranger = Phone(office, "+16175550101")
        await stranger.replies("STOP")
        log = (await office.http.get("/log")).json()["items"]
        found = [one for one in log if one["type"].startswith("caregiver.")]
        assert [one["type"].removeprefix("caregiver.") for one in found] == ["opted_out", "opted_in", "opted_out"]
        data = {"record": "office", "organization_id": "org", "channel": "sms"}
        assert all((one["caregiver_id"], one["data"]) == (None, data) for one in found)
        assert {one["actor"] for one in found} == {"caregiver"}
        now = await office.http.get("/organizations/org")
        assert now.json()["alerts_stopped"] == "opted_out"
        assert (await office.http.get("/organizations")).json()["items"] == [now.json()]
        stale = {"if-match": known.headers["etag"]}
        body = {"name": "Acme Home Care", "office_phone": OFFICE}
        assert (await office.http.put("/organizations/org", json=body, headers=stale)).status_code == 412
        fresh = {"if-match": now.headers["etag"]}
        assert (await office.http.put("/organizations/org", json=body, headers=fresh)).status_code == 200
        await office.all_read()


async def test_a_stranger_ends_the_alerts_to_a_mistyped_number(new_office: NewOffice) -> None:
    """One apology, then silence, on record and visible, until the office gets another number or texts START."""
    async with new_office() as office:
        desk = await with_office_phone(office)
        known = await office.http.get("/organizations/org")
        answer = await desk.replies("wrong number")
        assert (answer["outcome"], answer["caregiver_id"]) == ("wrong_number", None)
        assert answer["reply"] == desk.expect_sms("Sorry about that", "No more alerts").body
        assert fits_one_segment(answer["reply"])
        for words in ("wrong number", "HELP", "you have the wrong number"):
            await desk.replies(words)
            desk.expect_nothing()
        await office.fanout(await office.shift("s1", role="CNA"))
        desk.expect_nothing()
        (entry,) = await notices(office)
        assert (entry["status"], entry["error"]) == ("skipped", "wrong number")
        now = await office.http.get("/organizations/org")
        assert now.json()["alerts_stopped"] == "wrong_number"
        assert now.headers["etag"] != known.headers["etag"]
        changed = await office.http.get("/organizations", params={"updated_after": known.json()["updated_at"]})
        assert [one["id"] for one in changed.json()["items"]] == ["org"]
        assert (await desk.replies("START"))["outcome"] == "opted_in"
        desk.expect_sms("go to this number again")
        assert (await office.http.get("/organizations/org")).json()["alerts_stopped"] is None
        await office.fanout(await office.shift("s2", role="CNA"))
        desk.expect_sms("nobody is left")
        log = (await office.http.get("/log")).json()["items"]
        found = [one for one in log if one["type"].startswith("caregiver.")]
        assert [one["type"] for one in found] == ["caregiver.wrong_number", "caregiver.opted_in"]
        data = {"record": "office", "organization_id": "org", "channel": "sms"}
        assert all((one["caregiver_id"], one["data"]) == (None, data) for one in found)


async def test_a_mistyped_number_says_nothing_about_a_caregiver_who_has_it(new_office: NewOffice) -> None:
    """The stranger is a caregiver, as the office finds out: offers go to her, but still no alerts."""
    async with new_office() as office:
        desk = await with_office_phone(office)
        await desk.replies("you have the wrong number")
        desk.expect_sms("Sorry about that")
        ann = await office.caregiver("ann", OFFICE)
        await office.fanout(await office.shift("s1"))
        ann.expect_sms("Open RN shift")
        await ann.replies("no")
        desk.expect_nothing()


async def test_a_stop_is_on_record_for_each_organization_that_shares_the_office(new_office: NewOffice) -> None:
    """Each has it in its own log, and each shows it."""
    async with new_office() as office:
        desk = await with_office_phone(office)
        for id_ in ("east", "west"):
            body = {"name": id_, "office_phone": OFFICE}
            assert (await office.http.put(f"/organizations/{id_}", json=body)).status_code == 201
        for words, type_, stopped in (
            ("STOP", "caregiver.opted_out", "opted_out"),
            ("START", "caregiver.opted_in", None),
            ("wrong number", "caregiver.wrong_number", "wrong_number"),
        ):
            await desk.replies(words)
            desk.expect_sms()
            log = (await office.http.get("/log")).json()["items"]
            found = [one["data"]["organization_id"] for one in log if one["type"] == type_]
            assert found == ["east", "org", "west"]
            items = (await office.http.get("/organizations")).json()["items"]
            assert {one["alerts_stopped"] for one in items} == {stopped}


async def test_no_alert_goes_to_a_wrong_number(new_office: NewOffice) -> None:
    """A stranger said that the number is not Ann's. The office took it for its own. Ann gets another one later."""
    async with new_office() as office:
        ann = await office.caregiver("ann", OFFICE)
        await ann.replies("wrong number")
        ann.expect_sms("We won't text or call this number again")
        desk = await with_office_phone(office)
        await office.fanout(await office.shift("s1", role="CNA"))
        desk.expect_nothing()
        (entry,) = await notices(office)
        assert (entry["status"], entry["error"]) == ("skipped", "wrong number")
        assert (await office.http.get("/organizations/org")).json()["alerts_stopped"] == "wrong_number"
        await office.caregiver("ann", "+15550001")
        await office.fanout(await office.shift("s2", role="CNA"))
        desk.expect_sms("nobody is left")
        assert (await office.http.get("/organizations/org")).json()["alerts_stopped"] is None


async def test_an_office_gets_alerts_again_once_its_number_is_confirmed(new_office: NewOffice) -> None:
    """The number is Ann's after all, as the office knows."""
    async with new_office() as office:
        ann = await office.caregiver("ann", OFFICE)
        await ann.replies("wrong number")
        ann.expect_sms()
        desk = await with_office_phone(office)
        assert (await office.http.post("/caregivers/ann/opt-in")).status_code == 200
        await office.fanout(await office.shift("s1", role="CNA"))
        desk.expect_sms("nobody is left")


async def test_an_office_hears_what_began_before_it_had_a_number(new_office: NewOffice) -> None:
    """Once its number is set: what still needs a person, once, and not what was settled meanwhile."""
    async with new_office() as office:
        ann = await office.caregiver("ann", "+15550001")
        for id_ in ("s1", "s2", "s3", "s4"):
            await office.shift(id_, role="CNA" if id_ == "s1" else "RN", day=2 + int(id_[1]))
        for id_ in ("s1", "s2", "s3"):
            await office.fanout(id_)
        await office.http.delete("/shifts/s3/fanout")
        await office.shift("other", role="CNA", organization_id="other")
        await office.fanout("other")
        office.notifier.behaviour = refuse_confirmations
        await office.assign("s4", "ann")
        await office.minutes(25)
        office.notifier.behaviour = take
        ann.unread.clear()
        desk = await with_office_phone(office)
        await office.settled()
        told = [desk.expect_sms().body for _ in range(3)]
        desk.expect_nothing()
        assert {one.split(": ")[1].split(".")[0] for one in told} == {
            "nobody is left who could say yes",
            "nobody has said yes in time",
            "a caregiver could not be told",
        }
        # Told once, whatever changes of the organization.
        await with_office_phone(office)
        await with_office_phone(office, "+16175550177")
        await office.minutes(1)
        desk.expect_nothing()
        office.phone("+16175550177").expect_nothing()


async def test_many_that_began_before_are_told_as_one(new_office: NewOffice) -> None:
    """The fifth text says how many more there are, as always."""
    async with new_office() as office:
        for number in range(8):
            await office.fanout(await office.shift(f"s{number}", role="CNA", day=2 + number))
        desk = await with_office_phone(office)
        await office.settled()
        for _ in range(4):
            desk.expect_sms("See the board.")
        desk.expect_sms("3 more alerts: see the board.")
        await office.minutes(60)
        desk.expect_nothing()


async def test_a_corrected_number_hears_what_a_stranger_was_told(new_office: NewOffice) -> None:
    """It is told once. An alert that waits for the old number goes to the new one."""
    async with new_office() as office:
        stranger = await with_office_phone(office, "+16175550199")
        await office.fanout(await office.shift("s1", role="CNA"))
        stranger.expect_sms("nobody is left")
        await stranger.replies("wrong number")
        stranger.expect_sms("Sorry about that")
        await office.fanout(await office.shift("s2", role="CNA", day=5))
        desk = await with_office_phone(office)
        await office.settled()
        desk.expect_sms("nobody is left")
        desk.expect_sms("nobody is left")
        office.notifier.behaviour = away
        await office.fanout(await office.shift("s4", role="CNA", day=9))
        other = await with_office_phone(office, "+16175550177")
        office.notifier.behaviour = take
        await office.minutes(5)
        other.expect_sms("nobody is left")
        desk.expect_nothing()
        entries = [(one["status"], one["error"]) for one in await notices(office, "s4")]
        assert entries == [("skipped", "number changed"), ("sent", None)]


async def test_only_the_chosen_reasons_are_told(new_office: NewOffice) -> None:
    """`unrecognized` and `opted_out_yes` are told if they are chosen, and nothing else is then."""
    chosen = frozenset({AttentionReason.UNRECOGNIZED, AttentionReason.OPTED_OUT_YES})
    async with new_office(alerts=chosen) as office:
        desk = await with_office_phone(office)
        ann, ben = await office.caregiver("ann", "+15550001"), await office.caregiver("ben", "+15550002")
        await office.fanout(await office.shift("s1"))
        await ann.replies("what does it pay?")
        desk.expect_sms("a reply was not understood")
        await ben.replies("STOP")
        await ben.replies("yes")
        desk.expect_sms("someone who opted out said yes")
        await ann.replies("no")
        desk.expect_nothing()
        await office.all_read()


async def test_words_that_need_nobody_use_up_no_alert(new_office: NewOffice) -> None:
    """Ben's question after ann got the shift, and her thanks. Then she is late, and the office hears of it."""
    async with new_office(alerts=frozenset({AttentionReason.UNRECOGNIZED})) as office:
        desk = await with_office_phone(office)
        ann, ben = await office.caregiver("ann", "+15550001"), await office.caregiver("ben", "+15550002")
        await office.fanout(await office.shift("s1"))
        await ann.replies("yes")
        assert (await ben.replies("what does it pay?", shift_id="s1"))["outcome"] == "unrecognized"
        await ann.replies("ok thanks")
        desk.expect_nothing()
        await ann.replies("running 40 min late")
        desk.expect_sms("a reply was not understood")
        await office.all_read()


async def shift_at(office: Office, id_: str, start: str, end: str) -> str:
    """A shift today, which is June 1; it is 10:00."""
    return await office.shift(id_, start_time=f"2026-06-01T{start}:00Z", end_time=f"2026-06-01T{end}:00Z")


async def test_a_shift_that_nobody_has_is_told_two_hours_before_its_start(new_office: NewOffice) -> None:
    """Once, whatever else is due then. The calls are neither earlier nor later for it."""
    async with new_office(alerts=frozenset({AttentionReason.STARTS_SOON})) as office:
        desk = await with_office_phone(office)
        ann = await office.caregiver("ann", "+15550001")
        for id_, start in (("before_the_calls", "12:05"), ("after_the_calls", "13:00"), ("taken", "13:30")):
            await office.fanout(await shift_at(office, id_, start, "20:00"))
            ann.expect_sms()
        await office.minutes(4.9)
        desk.expect_nothing()
        await office.minutes(0.2)
        desk.expect_sms("12:05 PM-8:00 PM UTC: it starts soon, nobody has it. See the board.")
        await office.minutes(4.8)
        ann.expect_nothing()
        await office.minutes(0.2)
        for _ in range(3):
            ann.expect_call()
        office.clock.set_forward(49 * 60)
        await office.minutes(0.8)
        desk.expect_nothing()
        await office.minutes(0.2)
        desk.expect_sms("1:00 PM-8:00 PM UTC: it starts soon")
        await office.http.delete("/shifts/after_the_calls/fanout")
        await office.http.delete("/shifts/before_the_calls/fanout")
        await ann.replies("yes")
        ann.expect_sms("You have it")
        await office.days(1)
        desk.expect_nothing()


async def test_a_shift_that_starts_soon_already_is_told_at_once(new_office: NewOffice) -> None:
    """When its fanout starts, and again in the next generation, which is another attempt; but no more often."""
    async with new_office(alerts=frozenset({AttentionReason.STARTS_SOON})) as office:
        desk = await with_office_phone(office)
        ann = await office.caregiver("ann", "+15550001")
        await office.fanout(await shift_at(office, "s1", "11:00", "20:00"))
        desk.expect_sms("it starts soon, nobody has it")
        await ann.replies("no")
        await office.minutes(11)
        desk.expect_nothing()
        await office.http.delete("/shifts/s1/fanout")
        await office.fanout("s1")
        desk.expect_sms("it starts soon, nobody has it")
        assert len(await notices(office)) == 2
        await office.all_read()


async def test_an_office_hears_that_no_offer_was_delivered(new_office: NewOffice) -> None:
    """When the last offer fails, by its own result or by a receipt, and once for all rounds."""

    def refuse(message: Message) -> None:
        if message.kind is Kind.OFFER:
            raise PermanentFailure("HTTP 400")

    async with new_office(alerts=frozenset({AttentionReason.UNDELIVERED})) as office:
        desk = await with_office_phone(office)
        for n in (1, 2):
            await office.caregiver(f"c{n}", f"+1555000{n}")
        office.notifier.behaviour = refuse
        await office.fanout(await office.shift("s1"))
        alert = desk.expect_sms(f"{SHIFT}: no offer could be delivered. See the board.")
        assert [one["id"] for one in await notices(office)] == [alert.id]
        (reason,) = (await office.report("s1"))["attention"]
        assert reason["reason"] == "undelivered"
        await office.minutes(11)
        assert (await office.report("s1"))["counts"]["failed"] == 4
        desk.expect_nothing()

        office.notifier.behaviour = lambda _: None
        bea = await office.caregiver("bea", "+15550003", role="CNA")
        await office.fanout(await office.shift("s2", role="CNA"))
        receipt = {"id": bea.expect_sms().id, "status": "failed", "error": "unreachable"}
        desk.expect_nothing()
        assert (await office.http.post("/messages/status", json=receipt)).status_code == 200
        await office.settled()
        desk.expect_sms("no offer could be delivered")
        await office.all_read()


async def test_one_offer_that_was_delivered_is_enough(new_office: NewOffice) -> None:
    """What failed before and after it alerts nobody. Neither do offers of which none was tried."""

    def refuse(message: Message) -> None:
        if message.kind is Kind.OFFER and message.to != "+15550002":
            raise PermanentFailure("HTTP 400")

    async with new_office(alerts=frozenset({AttentionReason.UNDELIVERED})) as office:
        await with_office_phone(office)
        for n in (1, 2, 3):
            await office.caregiver(f"c{n}", f"+1555000{n}")
        office.notifier.behaviour = refuse
        await office.fanout(await office.shift("s1"))
        assert (await office.report("s1"))["counts"]["failed"] == 2
        await office.fanout(await office.shift("s2", role="CNA"))
        assert await notices(office) == []
        assert await notices(office, "s2") == []
        await office.all_read()


async def test_an_office_hears_that_the_holder_no_longer_qualifies(new_office: NewOffice) -> None:
    """Their role is changed. Not if it fits again before the text goes out."""
    async with new_office(alerts=frozenset({AttentionReason.NOT_QUALIFIED})) as office:
        desk = await with_office_phone(office)
        for id_ in ("ann", "bea"):
            await office.caregiver(id_, "+15550001" if id_ == "ann" else "+15550002")
        await office.assign(await office.shift("s1"), "ann")
        await office.caregiver("ann", "+15550001", role="CNA")
        await office.settled()
        desk.expect_sms(f"{SHIFT}: the holder no longer qualifies. See the board.")
        await office.assign(await office.shift("s2"), "bea")
        office.notifier.behaviour = away
        await office.caregiver("bea", "+15550002", role="CNA")
        await office.settled()
        await office.caregiver("bea", "+15550002")
        office.notifier.behaviour = lambda _: None
        await office.minutes(2)
        desk.expect_nothing()
        (entry,) = await notices(office, "s2")
        assert (entry["status"], entry["error"]) == ("skipped", "no longer true")
        await office.all_read()


async def test_a_reason_that_begins_again_is_told_once(new_office: NewOffice) -> None:
    """The holder asks to be released, takes it back and asks again. The board says so the second time too."""
    async with new_office() as office:
        desk = await with_office_phone(office)
        ann = await office.caregiver("ann", "+15550001")
        await office.fanout(await office.shift("s1"))
        await ann.replies("yes")
        await ann.replies("I can't make it")
        desk.expect_sms("the holder asks to give it back")
        await ann.replies("yes")
        assert (await office.report("s1"))["attention"] == []
        await ann.replies("I can't make it")
        desk.expect_nothing()
        assert [one["reason"] for one in (await office.report("s1"))["attention"]] == ["release_requested"]
        assert len(await notices(office)) == 1
        await office.all_read()
