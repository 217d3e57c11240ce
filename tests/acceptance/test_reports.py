"""`GET /reports/fills`: how well shifts were filled, on both stores."""

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from described import operation_of
from fakes import START, FakeClock
from keys import by, key_file
from office import NewOffice, Office

from app.access.keys import Permission
from app.domain.facts import LogEntry


async def report(office: Office, **query: str) -> dict[str, Any]:
    """The report as JSON."""
    response = fits(await office.http.get("/reports/fills", params=query))
    assert response.status_code == 200, response.text
    return dict(response.json())


def fits(response: httpx.Response) -> httpx.Response:
    """The answer is as its route is described."""
    operation = operation_of(response.request)
    assert operation is not None
    operation.assert_fits(response)
    return response


async def busy_day(office: Office) -> None:
    """On June 1: s1 is filled by text after two minutes, s2 by a call after eleven, s3 by nobody."""
    ann = await office.caregiver("ann", "+15550001")
    bob = await office.caregiver("bob", "+15550002", role="LPN")
    await office.shift("s1")
    await office.shift("s2", day=3, role="LPN")
    await office.shift("s3", day=4)
    await office.fanout("s1")
    await office.fanout("s2")
    await office.minutes(1)
    await bob.replies("who is this")
    await office.minutes(1)
    await ann.replies("YES")
    await office.fanout("s3")
    await office.minutes(9)
    await bob.replies("1", channel="voice")
    await office.all_read()


async def test_what_a_day_comes_to(new_office: NewOffice) -> None:
    """Counts and times in all, and by role, round and hour; each fanout once."""
    async with new_office() as office:
        await busy_day(office)
        found = await report(office, **{"from": "2026-06-01", "to": "2026-06-01"})
        assert (found["from"], found["to"], found["time_zone"]) == ("2026-06-01", "2026-06-01", "UTC")
        assert found["total"] == {
            "asked": 3,
            "filled": 2,
            "first_answer_median_s": 90,
            "first_answer_p90_s": 120,
            "fill_median_s": 390,
            "fill_p90_s": 660,
        }
        roles = {one["role"]: (one["asked"], one["filled"]) for one in found["by_role"]}
        assert roles == {"lpn": (1, 1), "rn": (2, 1)}
        rounds = {one["round"]: (one["asked"], one["filled"], one["fill_median_s"]) for one in found["by_round"]}
        assert rounds == {"sms": (3, 1, 120), "voice": (1, 1, 660)}
        assert [(one["hour"], one["asked"]) for one in found["by_hour"]] == [(10, 3)]


async def test_other_days_do_not_count(new_office: NewOffice) -> None:
    """Neither before nor after; without dates it is the last four weeks."""
    async with new_office() as office:
        await busy_day(office)
        for day in ("2026-05-31", "2026-06-02"):
            assert (await report(office, **{"from": day, "to": day}))["total"]["asked"] == 0
        assert (await report(office))["total"]["asked"] == 3
        await office.days(27)
        assert (await report(office))["total"]["asked"] == 3
        await office.days(1)
        assert (await report(office))["total"]["asked"] == 0
        await office.all_read()


async def ask(office: Office, name: str) -> None:
    """Ask about the shift of that name, whose role only the caregiver of that name has."""
    phone = f"+1555{1000 + int(name[1:])}"
    await office.caregiver(name, phone, role=name)
    await office.shift(name, role=name, start_time="2026-11-20T12:00:00Z", end_time="2026-11-20T20:00:00Z")
    await office.fanout(name)


async def long_day(office: Office) -> None:
    """November 1 in New York has 25 hours: clocks go back at 2 AM. Six fanouts, one of them on the day before and one
    on the day after, and each ends in another way.
    """
    await ask(office, "s1")  # 11:58 PM
    await office.minutes(2)
    await ask(office, "s2")  # 12:00 AM
    await office.phone("+15551001").replies("YES")
    await office.minutes(1)
    assert (await office.assign("s2", "s2")).status_code == 200
    await office.minutes(89)
    await ask(office, "s3")  # 1:30 AM EDT
    await office.minutes(12)
    await office.phone("+15551003").replies("1", channel="voice")
    await office.minutes(48)
    await ask(office, "s4")  # 1:30 AM EST
    await office.http.delete("/shifts/s4/fanout")
    assert (await office.assign("s4", "s4")).status_code == 200
    await office.release("s4")
    office.clock.set_forward(22 * 3600)
    await office.minutes(29)
    await ask(office, "s5")  # 11:59 PM
    await office.phone("+15551005").replies("no")
    await office.minutes(1)
    await ask(office, "s6")  # 12:00 AM
    await office.minutes(3)
    await office.phone("+15551006").replies("YES")
    await office.release("s6")
    await office.fanout("s6")
    await office.all_read()


async def test_a_day_is_that_of_the_zone(new_office: NewOffice) -> None:
    """From midnight to midnight, however long that is. How a fanout ended says whether, when and in which round."""
    clock = FakeClock(datetime(2026, 11, 1, 3, 58, tzinfo=UTC))
    async with new_office(clock=clock, timezone="America/New_York") as office:
        await long_day(office)
        day = await report(office, **{"from": "2026-11-01", "to": "2026-11-01"})
        assert {one["role"]: (one["asked"], one["filled"], one["fill_median_s"]) for one in day["by_role"]} == {
            "s2": (1, 1, 60),
            "s3": (1, 1, 720),
            "s4": (1, 0, None),
            "s5": (1, 0, None),
        }
        assert {one["role"]: one["first_answer_median_s"] for one in day["by_role"]} == {
            "s2": None,
            "s3": 720,
            "s4": None,
            "s5": 0,
        }
        assert [(one["round"], one["asked"], one["filled"]) for one in day["by_round"]] == [
            ("sms", 4, 1),
            ("voice", 1, 1),
        ]
        assert [(one["hour"], one["asked"], one["filled"]) for one in day["by_hour"]] == [
            (0, 1, 1),
            (1, 2, 1),
            (23, 1, 0),
        ]
        # Filled on the day after its start, it is a fanout of the day on which it started.
        before = await report(office, **{"from": "2026-10-31", "to": "2026-10-31"})
        assert (before["total"]["asked"], before["total"]["filled"], before["total"]["fill_median_s"]) == (1, 1, 120)
        after = await report(office, **{"from": "2026-11-02", "to": "2026-11-02"})
        assert (after["total"]["asked"], after["total"]["filled"], after["total"]["fill_median_s"]) == (2, 1, 180)
        total = await report(office, **{"from": "2026-10-31", "to": "2026-11-02"})
        assert (total["total"]["asked"], total["total"]["filled"]) == (7, 4)


async def test_an_organization_has_the_days_of_its_zone(tmp_path: Path) -> None:
    """A key for it gets them; a key for all, and an organization without a zone, get those of the service."""
    keys = key_file(tmp_path / "keys.json", ("all", Permission.ADMIN, None), ("org", Permission.READ, "org"))
    async with Office(api_keys=keys, timezone="Europe/Berlin") as office:
        office.http.headers.update(by("all"))

        async def zone_and_day(name: str) -> tuple[str, str]:
            found = (await office.http.get("/reports/fills", headers=by(name))).json()
            return found["time_zone"], found["to"]

        assert await zone_and_day("org") == ("Europe/Berlin", "2026-06-01")
        # It is 10 AM in UTC: midnight of the next day in the first zone, and 11 PM of the day before in the second.
        for zone, day in (
            ("Pacific/Kiritimati", "2026-06-02"),
            ("Pacific/Pago_Pago", "2026-05-31"),
            (None, "2026-06-01"),
        ):
            await office.http.put("/organizations/org", json={"name": "North", "time_zone": zone})
            assert await zone_and_day("org") == (zone or "Europe/Berlin", day)
            assert await zone_and_day("all") == ("Europe/Berlin", "2026-06-01")


async def test_a_forgotten_fanout_counts(new_office: NewOffice) -> None:
    """The report is made of the log, which is kept for longer."""
    async with new_office(retention=3600) as office:
        await busy_day(office)
        await office.http.delete("/shifts/s1")
        before = await report(office)
        await office.days(3)
        assert (await office.http.get("/shifts/s1/fanout")).status_code == 404
        after = await report(office)
        assert (after["total"]["asked"], after["total"]["filled"]) == (3, before["total"]["filled"])
        await office.all_read()


async def test_the_facts_are_read_page_by_page(new_office: NewOffice) -> None:
    """No fact is read twice or left out, also of those at the same time."""
    async with new_office() as office:
        await busy_day(office)
        store, now = office.app.state.service.store, office.clock.now()
        all_of_them = await store.fill_facts(START, 0, now + timedelta(days=1), 100)
        assert len(all_of_them) == 7
        read: list[LogEntry] = []
        start, after = START, 0
        while page := await store.fill_facts(start, after, now + timedelta(days=1), 2):
            read += page
            start, after = page[-1].fact.at, page[-1].id
        assert read == all_of_them
        assert [one.fact.at for one in await store.fill_facts(START, 0, START + timedelta(minutes=2), 100)] == [
            one.fact.at for one in all_of_them if one.fact.at < START + timedelta(minutes=2)
        ]


async def test_a_spreadsheet_gets_csv(new_office: NewOffice) -> None:
    """One line for each group, with the same figures. No value is taken for a formula."""
    async with new_office() as office:
        await busy_day(office)
        await office.shift("s9", role="=SUM(A1)")
        await office.fanout("s9")
        response = fits(await office.http.get("/reports/fills", headers={"accept": "text/csv"}))
        assert response.headers["content-type"].startswith("text/csv")
        lines = list(csv.DictReader(io.StringIO(response.text)))
        assert [(one["group"], one["value"]) for one in lines] == [
            ("total", ""),
            ("role", "'=sum(a1)"),
            ("role", "lpn"),
            ("role", "rn"),
            ("round", "sms"),
            ("round", "voice"),
            ("hour", "10"),
        ]
        assert lines[0]["fill_median_s"] == "390.0"
        assert lines[1]["fill_median_s"] == ""


@pytest.mark.parametrize(
    ("accept", "is_csv"),
    [
        ("text/csv", True),
        ("TEXT/CSV; charset=utf-8", True),
        ("text/csv, application/json", True),
        ("application/json, text/csv", False),
        ("text/csv;q=0", False),
        ("text/csv;q=0.5, application/json;q=0.9", False),
        ("application/json;q=0.5, text/csv;q=0.9", True),
        ("text/csv;q=much", False),
        ("text/*", True),
        ("text/*;q=0.2, application/json;q=0.1", True),
        ("text/*, */*", False),
        ("text/csv, */*", True),
        ("*/*", False),
        ("text/csv;q=0, text/*", False),
        ("", False),
    ],
)
async def test_the_form_that_the_client_prefers(accept: str, is_csv: bool) -> None:
    """By the weights in its `Accept`, then by the order. JSON if it names neither."""
    async with Office() as office:
        response = fits(await office.http.get("/reports/fills", headers={"accept": accept}))
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/csv") is is_csv
        assert response.headers["vary"] == "accept"


@pytest.mark.parametrize(
    "query",
    [
        "from=2026-06-02&to=2026-06-01",
        "from=2025-05-31&to=2026-06-01",
        "from=nonsense",
        "from=1780000000",
        "from=2026-06-01&from=2026-06-01",
        "to=2026-02-30",
        "from=0001-01-01&to=0001-01-02",
        "to=9999-12-31",
        "to=0001-01-01",
        "to=1970-12-31",
        "until=2026-06-01",
    ],
)
async def test_a_wrong_period_is_refused(query: str) -> None:
    """It is a 422: dates that are none, in the wrong order, or too far apart."""
    async with Office() as office:
        assert fits(await office.http.get(f"/reports/fills?{query}")).status_code == 422
