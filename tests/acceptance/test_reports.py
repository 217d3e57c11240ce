"""`GET /reports/fills`: how well shifts were filled, on both stores."""

import csv
import io
from datetime import timedelta
from typing import Any

import httpx
import pytest
from described import operation_of
from fakes import START
from office import NewOffice, Office

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
    "query",
    [
        "from=2026-06-02&to=2026-06-01",
        "from=2025-05-31&to=2026-06-01",
        "from=nonsense",
        "to=2026-02-30",
        "from=0001-01-01&to=0001-01-02",
        "to=9999-12-31",
        "until=2026-06-01",
    ],
)
async def test_a_wrong_period_is_refused(query: str) -> None:
    """It is a 422: dates that are none, in the wrong order, or too far apart."""
    async with Office() as office:
        assert fits(await office.http.get(f"/reports/fills?{query}")).status_code == 422
