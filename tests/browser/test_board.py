"""The board in a real browser: coordinators see shifts fill, and each shift in detail."""

import json
import re
import signal
from collections.abc import Callable
from pathlib import Path

import httpx
from board_page import RN, SHIFT, answer_stream_with, badge, confirm, event, line, open_shift, row, send_reply
from playwright.sync_api import Browser, Locator, Page, Route, expect
from processes import Server, server

from tools.ports import free_port

NewPage = Callable[..., Page]


def test_a_shift_fills_before_your_eyes(service: Server, new_page: NewPage) -> None:
    """The page shows the texts, the countdown, a no, an unclear reply and the yes, and is never reloaded."""
    page = new_page()
    page.goto(service.url)
    page.evaluate("window.neverReloaded = true")
    expect(badge(page, RN)).to_have_text("Not started")
    detail = open_shift(page)
    detail.get_by_role("button", name="Start asking").click()
    confirm(page, "Start asking")
    expect(badge(page, RN)).to_have_text("Texting")
    countdown = line(page, RN).locator(".countdown")
    expect(countdown).to_have_text(re.compile(r"Calls in 9:5\d"))
    before = countdown.text_content()
    assert before is not None
    expect(countdown).not_to_have_text(before)
    expect(
        detail.locator("[data-name=caregivers]").get_by_role("row", name=re.compile("^Ben Whitfield"))
    ).to_contain_text("sent")
    assert send_reply(service, "+15550001", "No")["outcome"] == "declined"
    expect(line(page, RN).locator(".sums")).to_contain_text("1declined")
    assert send_reply(service, "+15550003", "what does it pay?")["outcome"] == "unrecognized"
    not_understood = "The reply of Celia Duarte was not understood"
    expect(detail.locator("section.person li")).to_have_text(
        re.compile(rf"^{not_understood} \(since .*\)\. Call them\. \+15550003$")
    )
    expect(line(page, RN).locator(".reason")).to_have_text(not_understood)
    expect(page.locator("#ticker")).to_contain_text(f"{not_understood}: {RN}")
    assert send_reply(service, "+15550002", "YES")["outcome"] == "claimed"
    expect(badge(page, RN)).to_have_text("Filled")
    expect(line(page, RN)).to_contain_text(re.compile(r"Ben Whitfield\s*by text, .* [AP]M EST"))
    told = page.locator("#ticker[role=status]")
    expect(told).to_have_text(f"Filled: {RN}, Mon, Mar 1, 7:00 AM – 3:00 PM EST. Ben Whitfield, by text.")
    expect(
        detail.locator("[data-name=caregivers]").get_by_role("row", name=re.compile("^Ben Whitfield"))
    ).to_contain_text("Yes, has the shift")
    expect(detail.locator("[data-name=log] tbody tr").first).to_contain_text("Yes, has the shift (by text)")
    assert page.evaluate("window.neverReloaded") is True


def test_the_calls_start_when_the_countdown_ends(browser: Browser, tmp_path: Path, new_page: NewPage) -> None:
    """When the countdown ends the list says that caregivers are called, and the panel shows the calls."""
    with server(tmp_path / "log", FANOUT_CONSOLE_LATENCY="0", FANOUT_ESCALATE_AFTER="2") as service:
        page = new_page()
        page.goto(service.url)
        detail = open_shift(page)
        httpx.post(service.url + SHIFT + "/fanout")
        expect(badge(page, RN)).to_have_text("Texting")
        expect(badge(page, RN)).to_have_text("Calling")
        expect(line(page, RN)).to_contain_text("Calling since")
        expect(detail.locator("[data-name=caregivers] [data-head=Call]").first).to_contain_text("sent")


def test_the_open_panel_follows_its_shift(service: Server, new_page: NewPage) -> None:
    """The panel changes when the shift's line does not, and for a past shift that has no line."""
    httpx.post(service.url + SHIFT + "/fanout")
    send_reply(service, "+15550002", "YES")
    page = new_page()
    page.goto(service.url)
    ben = open_shift(page).locator("[data-name=caregivers]").get_by_role("row", name=re.compile("^Ben Whitfield"))
    expect(ben).to_contain_text("Yes, has the shift")
    assert send_reply(service, "+15550002", "YES", shift_id="shift-rn-monday")["outcome"] == "already_yours"
    expect(ben).to_contain_text("Yes again, has the shift")
    times = {"start_time": "2025-03-01T12:00:00Z", "end_time": "2025-03-01T20:00:00Z"}
    body = {"organization_id": "northstar-home-health", "role_required": "RN", **times}
    assert httpx.put(service.url + "/shifts/old", json=body).status_code == 201
    page.goto(service.url + "/#shift=old")
    detail = page.get_by_role("region", name="Shift in detail")
    expect(detail.locator(".badge")).to_have_text("Ended unfilled")
    assert httpx.post(service.url + "/shifts/old/assign", json={"caregiver_id": "cg-ben"}).status_code == 200
    expect(detail.locator(".badge")).to_have_text("Filled")
    expect(detail.get_by_role("button", name="Release")).to_be_visible()


def test_the_log_says_what_happened_and_on_which_day(service: Server, new_page: NewPage) -> None:
    """Over all attempts and by whom; an entry of another day than the one above has its date."""
    httpx.post(service.url + SHIFT + "/assign", json={"caregiver_id": "cg-ben"})
    page = new_page()
    page.goto(service.url)
    entries = open_shift(page).locator("[data-name=log] tbody tr")
    expect(entries).to_have_count(2)
    expect(entries.first).to_contain_text("Assigned by handBen Whitfield")
    expect(entries.last).to_contain_text("Shift added")
    httpx.post(service.url + SHIFT + "/release")
    httpx.post(service.url + SHIFT + "/fanout")

    # Nothing of the first attempt is missing after the second one has started.
    expect(entries.filter(has_text="Asking started again (attempt 2)")).to_have_count(1)
    expect(entries.filter(has_text="Released by handBen Whitfield")).to_have_count(1)
    expect(entries.filter(has_text="Assigned by handBen Whitfield")).to_have_count(1)

    def long_ago(route: Route) -> None:
        log = route.fetch().json()
        if route.request.url.endswith("after=0"):
            log["items"][0]["at"] = "2026-03-01T12:00:00Z"
        route.fulfill(json=log)

    page.route("**/board/log?*", long_ago)
    page.reload()
    expect(entries.first).to_contain_text(re.compile(r"^\d+:\d\d:\d\d [AP]M"))
    expect(entries.last).to_contain_text("Sun, Mar 1, 7:00:00 AMShift added")


def test_the_page_survives_a_restart_of_the_service(browser: Browser, tmp_path: Path, new_page: NewPage) -> None:
    """The page says that the connection is lost, and then shows the state of the new process."""
    port = free_port()
    page = new_page()
    with server(tmp_path / "log", port=port, FANOUT_CONSOLE_LATENCY="0") as service:
        httpx.post(service.url + SHIFT + "/fanout")
        page.goto(service.url)
        expect(badge(page, RN)).to_have_text("Texting")
        expect(page.locator("#connection")).to_have_text("Live")
        service.process.send_signal(signal.SIGTERM)
        service.wait_for_exit()
        expect(page.locator("#connection")).to_have_text("Connection lost, trying again")
    with server(tmp_path / "log", port=port, FANOUT_CONSOLE_LATENCY="0") as service:
        expect(page.locator("#connection")).to_have_text("Live")
        # The store is in memory, so the new process has no fanout.
        expect(badge(page, RN)).to_have_text("Not started")
        httpx.post(service.url + SHIFT + "/fanout")
        expect(badge(page, RN)).to_have_text("Texting")


def test_records_and_versions_are_shown_safely(service: Server, new_page: NewPage) -> None:
    """Markup in a record is shown as text; a full list says that there is more; a newer version asks to be loaded."""
    location = "<img src=x onerror=alert(1)> 02169"
    times = {"start_time": "2099-01-01T08:00:00Z", "end_time": "2099-01-01T16:00:00Z"}
    body = {"organization_id": "org", "role_required": "RN", "location": location, **times}
    assert httpx.put(service.url + "/shifts/odd%2F..%3Fid%23", json=body).status_code == 201
    page = new_page()
    page.goto(service.url)
    expect(open_shift(page, f"RN, {location}")).to_contain_text("odd/..?id#")
    assert page.locator("main img").count() == 0
    listed = row(httpx.get(service.url + SHIFT).json())
    event = {"now": "2026-03-01T12:00:00Z", "time_zone": "UTC", "more": True, "gone": [], "rows": [listed]}
    stream = "".join(f"event: snapshot\ndata: {json.dumps({**event, 'version': v})}\n\n" for v in ("old", "new"))
    page.route("**/events", lambda route: route.fulfill(content_type="text/event-stream", body=stream))
    page.goto(service.url + "/#")
    page.reload()
    expect(page.locator("#note")).to_contain_text("finds the later ones")
    expect(page.locator("#banner")).to_contain_text("reload the page")


def test_a_shift_that_cannot_be_shown_does_not_break_the_board(service: Server, browser: Browser) -> None:
    """An unknown zone is shown in UTC; an event that cannot be shown is reported, and the next is shown."""
    listed = row(httpx.get(service.url + SHIFT).json())
    odd = {**listed, "shift": {**listed["shift"], "id": "odd", "location": "Odd", "time_zone": "posix/Nowhere"}}
    # Not the fixture's page, because this one logs an error.
    with browser.new_context() as context:
        page = context.new_page()
        logged: list[str] = []
        page.on("console", lambda said: logged.append(said.text) if said.type == "error" else None)
        answer_stream_with(page, event("snapshot", {"shift": None}), event("snapshot", listed, odd))
        page.goto(service.url)
        expect(line(page, "RN, Odd")).to_contain_text("12:00 PM – 8:00 PM UTC")
        expect(line(page, RN)).to_contain_text("7:00 AM – 3:00 PM EST")
        expect(page.locator("#banner")).to_contain_text("Something could not be shown")
        assert logged[0].startswith("An event could not be shown")


def test_a_stale_board_is_not_called_live(service: Server, new_page: NewPage) -> None:
    """While the store fails, the page says since when it is out of date, also to a viewer who connects then."""
    page = new_page()
    listed = row(httpx.get(service.url + SHIFT).json())
    page.add_init_script(
        """addEventListener("DOMContentLoaded", () => {
            const words = document.querySelector("#connection-words");
            window.said = [];
            new MutationObserver(() => said.push(words.textContent)).observe(words, { childList: true });
        });"""
    )
    answer_stream_with(page, event("snapshot", listed, stale_since="2026-03-01T11:58:30Z"))
    page.goto(service.url)
    expect(page.locator("#connection")).to_contain_text("Connection lost")
    told = "The service can't read its records. Not up to date since 11:58:30 AM UTC"
    assert page.evaluate("said")[:2] == [told, "Connection lost, trying again"]


def test_a_paused_channel_is_said_above_the_board(service: Server, new_page: NewPage) -> None:
    """With the provider's reason, and that nothing is lost."""
    page = new_page()
    listed = row(httpx.get(service.url + SHIFT).json())
    faults = [{"channel": "sms", "fault": "our number is not registered"}]
    answer_stream_with(page, event("snapshot", listed, channel_faults=faults))
    page.goto(service.url)
    said = "Texts are paused. The provider refuses them: our number is not registered. Nothing is lost"
    expect(page.locator("#banner")).to_contain_text(said)


def test_times_are_in_the_zone_of_the_shift(service: Server, new_page: NewPage) -> None:
    """On a computer in Tokyo whose clock is an hour late, times have the shift's zone and the countdown is right."""
    page = new_page(timezone_id="Asia/Tokyo")
    page.add_init_script("const real = Date.now; Date.now = () => real() - 3_600_000;")
    page.goto(service.url)
    expect(line(page, RN)).to_contain_text("7:00 AM – 3:00 PM EST")
    httpx.post(service.url + SHIFT + "/fanout")
    expect(line(page, RN).locator(".countdown")).to_have_text(re.compile(r"Calls in 9:5\d"))
    expect(open_shift(page)).to_contain_text("Monday, March 1, 2038, 7:00 AM – 3:00 PM EST (America/New_York)")
    # In this night the clocks go forward.
    times = {"start_time": "2099-03-07T23:00:00-05:00", "end_time": "2099-03-08T07:00:00-04:00"}
    night = {"organization_id": "org", "role_required": "RN", "time_zone": "America/New_York", **times}
    httpx.put(service.url + "/shifts/night", json=night)
    expect(line(page, "RN")).to_contain_text("11:00 PM EST – 7:00 AM EDT (ends Sun, Mar 8)")
    # This shift names no zone, so it has the service's.
    expect(line(page, "LPN")).to_contain_text("1:00 PM – 5:00 PM UTC")


def test_two_hundred_shifts_and_five_thousand_caregivers(browser: Browser, tmp_path: Path, new_page: NewPage) -> None:
    """The list has all shifts, the panel a page of caregivers, and a caregiver is found by name quickly."""
    caregivers = [
        {"id": f"cg-{n:04}", "name": f"Nurse {n:04}", "role": "RN", "phone": f"+1617{2_000_000 + n}"}
        for n in range(5000)
    ]
    shifts = [
        {
            "id": f"s-{n:03}",
            "organization_id": "org",
            "role_required": "RN",
            "start_time": f"2099-03-{1 + n // 20:02}T{n % 20:02}:00:00Z",
            "end_time": f"2099-03-{1 + n // 20:02}T{n % 20 + 3:02}:00:00Z",
            "location": f"Place {n:03}",
        }
        for n in range(200)
    ]
    data = tmp_path / "data.json"
    data.write_text(json.dumps({"caregivers": caregivers, "shifts": shifts}))
    with server(
        tmp_path / "log", FANOUT_CONSOLE_LATENCY="0", FANOUT_DATA=str(data), FANOUT_LOG_LEVEL="ERROR"
    ) as service:
        page = new_page()
        page.goto(service.url)
        expect(page.locator("li.shift")).to_have_count(200)
        httpx.post(f"{service.url}/shifts/s-100/fanout")
        expect(line(page, "RN, Place 100").locator(".sums")).to_contain_text("5,000sent")
        detail = open_shift(page, "RN, Place 100")
        rows = detail.locator("[data-name=caregivers] tbody tr")
        expect(rows).to_have_count(50)
        expect(detail).to_contain_text("1–50 of 5,000")
        assert_the_first_ten_are_named(service, detail)
        detail.get_by_role("searchbox", name="Find a caregiver").fill("4711")
        expect(rows).to_have_count(1)
        expect(rows).to_contain_text("Nurse 4711")
        took_ms = page.evaluate(
            """() => new Promise((done) => {
                const start = performance.now();
                document.querySelector("#find").dispatchEvent(new Event("input"));
                requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start)));
            })"""
        )
        # Drawing 200 lines takes well under 50 ms on an idle machine.
        assert took_ms < 1000
        page.locator("#find").fill("place 19")
        expect(page.locator("li.shift")).to_have_count(10)


def assert_the_first_ten_are_named(service: Server, detail: Locator) -> None:
    """Of twelve unclear replies the panel names ten, and the table has all of them under a filter."""
    for n in range(12):
        send_reply(service, f"+1617{2_000_000 + n}", "what does it pay?", shift_id="s-100")
    person = detail.locator("section.person li")
    expect(person).to_have_count(11)
    expect(person.last).to_have_text("and 2 more.")
    detail.get_by_role("button", name="Not understood").click()
    expect(detail.locator("[data-name=caregivers] tbody tr")).to_have_count(12)
    detail.get_by_role("button", name="All").click()
