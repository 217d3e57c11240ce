"""What coordinators do on the board: start and stop a fanout, assign, release, and record answers by phone."""

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import httpx
from board_page import RN, SHIFT, badge, confirm, line, open_shift, send_reply
from playwright.sync_api import Browser, Page, Route, expect
from processes import ROOT, Server, server

from app.clock import SystemClock

NewPage = Callable[..., Page]
HOUR = timedelta(hours=1)


def test_stop_asking(service: Server, new_page: NewPage) -> None:
    """The fanout is cancelled only after the question is confirmed, and can be started again."""
    httpx.post(service.url + SHIFT + "/fanout")
    page = new_page()
    page.goto(service.url)
    detail = open_shift(page)
    detail.get_by_role("button", name="Stop asking").click()
    confirm(page, "Go back")
    assert httpx.get(service.url + SHIFT + "/fanout").json()["status"] == "open"
    detail.get_by_role("button", name="Stop asking").click()
    confirm(page, "Stop asking")
    expect(badge(page, RN)).to_have_text("Cancelled")
    detail.get_by_role("button", name="Start asking").click()
    confirm(page, "Start asking")
    expect(badge(page, RN)).to_have_text("Texting")
    assert httpx.get(service.url + SHIFT + "/fanout").json()["generation"] == 2


def test_an_expired_shift_that_was_moved_is_open_and_can_be_asked_about(service: Server, new_page: NewPage) -> None:
    """Once its fanout has expired there is nothing to start; at a later time the shift is open again."""
    shift = httpx.get(service.url + SHIFT).json()
    body = {key: shift[key] for key in ("organization_id", "role_required", "start_time", "end_time", "location")}
    now = SystemClock().now()
    soon = {"start_time": (now - HOUR).isoformat(), "end_time": (now + timedelta(seconds=3)).isoformat()}
    httpx.put(service.url + SHIFT, json={**body, **soon}).raise_for_status()
    httpx.post(service.url + SHIFT + "/fanout").raise_for_status()
    page = new_page()
    page.goto(service.url)
    detail = open_shift(page)
    expect(detail.locator(".badge")).to_have_text("Ended unfilled")
    expect(detail.locator("section.person")).to_contain_text("The shift has ended, and nobody had it")
    expect(detail.get_by_role("button", name="Start asking")).to_have_count(0)
    httpx.put(service.url + SHIFT, json=body).raise_for_status()
    expect(badge(page, RN)).to_have_text("Not started")
    expect(detail.locator("section.person")).to_be_hidden()
    detail.get_by_role("button", name="Start asking").click()
    confirm(page, "Start asking")
    expect(badge(page, RN)).to_have_text("Texting")
    assert httpx.get(service.url + SHIFT + "/fanout").json()["generation"] == 2


def test_a_refusal_is_shown_in_the_words_of_the_service(service: Server, new_page: NewPage) -> None:
    """If a yes arrives while the question is open, the question shows the service's refusal."""
    httpx.post(service.url + SHIFT + "/fanout")
    page = new_page()
    page.goto(service.url)
    open_shift(page).get_by_role("button", name="Stop asking").click()
    send_reply(service, "+15550002", "YES")
    confirm(page, "Stop asking")
    detail = httpx.delete(service.url + SHIFT + "/fanout").json()["detail"]
    expect(page.get_by_role("dialog").get_by_role("alert")).to_have_text(re.compile(re.escape(detail), re.IGNORECASE))
    confirm(page, "Go back")
    expect(badge(page, RN)).to_have_text("Filled")


def test_an_answer_by_phone_is_recorded_once(service: Server, new_page: NewPage) -> None:
    """If the response to the first try is lost, the second try sends the same message id."""
    httpx.post(service.url + SHIFT + "/fanout")
    page = new_page()
    page.goto(service.url)
    detail = open_shift(page)
    detail.get_by_role("button", name="Record answer of Celia Duarte").click()
    sent: list[str] = []

    def lose_the_first(route: Route) -> None:
        sent.append(json.loads(route.request.post_data or "")["message_id"])
        if len(sent) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/messages/inbound", lose_the_first)
    confirm(page, "Record")
    assert sent == [], "nothing was chosen yet"
    page.get_by_label("Yes, they take the shift").check()
    confirm(page, "Record")
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("cannot be reached")
    confirm(page, "Record")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(badge(page, RN)).to_have_text("Filled")
    expect(line(page, RN)).to_contain_text("by phone")
    assert len(sent) == 2
    assert len(set(sent)) == 1
    report = httpx.get(service.url + SHIFT + "/fanout").json()
    assert [(one["outcome"], one["channel"]) for one in report["responses"]] == [("claimed", "voice")]


def test_words_on_the_phone_are_understood_like_a_text(service: Server, new_page: NewPage) -> None:
    """Words that are neither yes nor no leave the caregiver under "needs a person"; a no does not."""
    httpx.post(service.url + SHIFT + "/fanout")
    page = new_page()
    page.goto(service.url)
    detail = open_shift(page)
    detail.get_by_role("button", name="Record answer of Celia Duarte").click()
    page.get_by_label("In their own words").check()
    page.get_by_role("textbox", name="Their own words").fill("maybe, let me ask my husband")
    confirm(page, "Record")
    expect(detail.locator("section.person")).to_contain_text("Celia Duarte")
    detail.get_by_role("button", name="Record answer of Celia Duarte").click()
    page.get_by_label("No", exact=True).check()
    confirm(page, "Record")
    expect(page.locator("#ticker")).to_have_text("Celia Duarte, by phone: No.")
    expect(detail.locator("section.person")).to_be_hidden()
    # The same words are announced again, because the region is emptied in between.
    page.evaluate(
        """() => {
            const ticker = document.querySelector("#ticker");
            window.said = [];
            new MutationObserver(() => said.push(ticker.textContent)).observe(ticker, { childList: true });
        }"""
    )
    detail.get_by_role("button", name="Record answer of Celia Duarte").click()
    page.get_by_label("No", exact=True).check()
    confirm(page, "Record")
    # Wait for a second, which is much longer than the announcement takes.
    heard = "new Promise((done) => setTimeout(() => done(said), 1000))"
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.evaluate(heard) == ["", "Celia Duarte, by phone: No."]


def test_a_shift_is_assigned_by_hand_and_released(service: Server, new_page: NewPage) -> None:
    """The chosen caregiver holds the shift; after the release it is open, and a fanout can start."""
    page = new_page()
    page.goto(service.url)
    detail = open_shift(page)
    detail.get_by_role("button", name="Assign by hand").click()
    page.get_by_label("Find", exact=True).fill("whit")
    expect(page.get_by_label("Caregiver", exact=True)).to_have_value("cg-ben")
    expect(page.get_by_role("dialog").get_by_role("option")).to_have_text("Ben Whitfield, +15550002")
    confirm(page, "Assign")
    expect(badge(page, RN)).to_have_text("Filled")
    expect(line(page, RN)).to_contain_text(re.compile(r"Ben Whitfield\s*assigned by hand"))
    detail.get_by_role("button", name="Release").click()
    confirm(page, "Release")
    expect(badge(page, RN)).not_to_have_text("Filled")
    told = page.locator("#ticker")
    expect(told).to_have_text(
        "Open again: RN, Quincy 02169, Mon, Mar 1, 7:00 AM – 3:00 PM EST. Ben Whitfield no longer has it."
    )
    expect(told).to_have_attribute("data-kind", "note")
    assert httpx.get(service.url + SHIFT).json()["status"] == "open"
    detail.get_by_role("button", name="Start asking").click()
    confirm(page, "Start asking")
    expect(badge(page, RN)).to_have_text("Texting")


def test_the_panel_of_a_deleted_shift_has_nothing_to_press(service: Server, new_page: NewPage) -> None:
    """Somebody else deletes the shift: the panel says so. Put again, it is shown again."""
    httpx.post(service.url + SHIFT + "/fanout")
    shift = httpx.get(service.url + SHIFT).json()
    page = new_page()
    page.goto(service.url)
    detail = open_shift(page)
    expect(detail.get_by_role("button", name="Stop asking")).to_be_visible()
    httpx.delete(service.url + SHIFT).raise_for_status()
    expect(detail.get_by_role("heading", level=2)).to_have_text("No such shift")
    expect(detail.get_by_role("alert")).to_have_text("There is no shift 'shift-rn-monday'. It may have been deleted.")
    expect(detail.get_by_role("button")).to_have_text(["Close"])
    expect(detail.locator(".badge, [data-until]")).to_have_count(0)
    body = {key: shift[key] for key in ("organization_id", "role_required", "start_time", "end_time", "location")}
    httpx.put(service.url + SHIFT, json=body).raise_for_status()
    expect(detail.get_by_role("button", name="Start asking")).to_be_visible()
    expect(detail.get_by_role("alert")).to_have_count(0)
    expect(detail.get_by_role("cell", name="Shift deleted")).to_be_visible()


def test_stop_does_not_end_a_later_fanout(service: Server, new_page: NewPage) -> None:
    """A colleague has stopped and started again while the question was open: the service refuses."""
    httpx.post(service.url + SHIFT + "/fanout")
    page = new_page()
    page.goto(service.url)
    open_shift(page).get_by_role("button", name="Stop asking").click()
    httpx.delete(service.url + SHIFT + "/fanout")
    httpx.post(service.url + SHIFT + "/fanout")
    confirm(page, "Stop asking")
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("generation 2, not 1")
    report = httpx.get(service.url + SHIFT + "/fanout").json()
    assert (report["generation"], report["status"]) == (2, "open")


def test_the_likely_caregivers_come_first(service: Server, new_page: NewPage) -> None:
    """Each stands under what is known about them: late yes, no answer, no, opted out, overlap, other organization."""
    put_caregiver(service, "cg-far", "Farah Osei", "+16175550101", organization_id="elsewhere")
    put_caregiver(service, "cg-held", "Hana Kim", "+16175550102")
    httpx.put(service.url + "/shifts/overlapping", json=overlapping(service))
    httpx.post(service.url + "/shifts/overlapping/assign", json={"caregiver_id": "cg-held"})
    httpx.post(service.url + SHIFT + "/fanout")
    put_caregiver(service, "cg-new", "Nora Silva", "+16175550103")
    put_caregiver(service, "cg-stop", "Stan Levy", "+16175550104")
    send_reply(service, "+16175550104", "STOP")
    send_reply(service, "+15550001", "NO", shift_id="shift-rn-monday")
    page = new_page()
    page.goto(service.url)
    detail = open_shift(page)
    detail.get_by_role("button", name="Assign by hand").click()
    dialog = page.get_by_role("dialog")
    groups = dialog.locator("optgroup")
    # The dialog shows the people of the detail at once, and the others when they have come.
    expect(groups).to_have_count(6)
    found = groups.evaluate_all("(all) => all.map((one) => [one.label, one.textContent])")
    assert found == [
        ["Not asked yet", "Nora Silva, +16175550103"],
        ["Asked, no answer", "Ben Whitfield, +15550002Celia Duarte, +15550003"],
        ["Said no", "Amara Okafor, +15550001"],
        ["Opted out of messages", "Stan Levy, +16175550104"],
        ["Holds a shift at that time or too close to it", "Hana Kim, +16175550102"],
        ["Works for another organization", "Farah Osei, +16175550101"],
    ]
    dialog.get_by_label("Caregiver", exact=True).select_option("cg-held")
    confirm(page, "Assign")
    expect(dialog.get_by_role("alert")).to_contain_text("(Hana Kim) has shift 'overlapping' at that time")
    confirm(page, "Go back")
    send_reply(service, "+15550002", "YES", shift_id="shift-rn-monday")
    send_reply(service, "+15550003", "YES", shift_id="shift-rn-monday")
    detail.get_by_role("button", name="Release").click()
    confirm(page, "Release")
    detail.get_by_role("button", name="Assign by hand").click()
    expect(groups.first).to_have_attribute("label", "Said yes, too late")
    # With the keyboard alone: Tab leads from the search to the list.
    dialog.get_by_label("Find", exact=True).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(dialog.get_by_label("Caregiver", exact=True)).to_have_value("cg-celia")
    page.keyboard.press("Enter")
    expect(line(page, RN)).to_contain_text(re.compile(r"Celia Duarte\s*assigned by hand"))


def test_a_caregiver_who_would_have_too_little_rest_is_not_shown_as_free(service: Server, new_page: NewPage) -> None:
    """The rest before and after counts, as either organization demands it; a shift that leaves enough does not."""
    shift = httpx.get(service.url + SHIFT).json()
    start, end = (datetime.fromisoformat(shift[name]) for name in ("start_time", "end_time"))
    for id_, rest in ((shift["organization_id"], 8), ("strict", 12)):
        httpx.put(f"{service.url}/organizations/{id_}", json={"name": id_, "minimum_rest": rest}).raise_for_status()

    phones = [f"+1617555010{digit}" for digit in range(4)]

    def hold(id_: str, name: str, start: datetime, organization_id: str) -> None:
        """A caregiver holds a shift of one hour."""
        put_caregiver(service, id_, name, phones.pop())
        times = {"start_time": start.isoformat(), "end_time": (start + HOUR).isoformat()}
        body = {"organization_id": organization_id, "role_required": "RN", **times}
        httpx.put(f"{service.url}/shifts/of-{id_}", json=body).raise_for_status()
        httpx.post(f"{service.url}/shifts/of-{id_}/assign", json={"caregiver_id": id_}).raise_for_status()

    own = shift["organization_id"]
    hold("early", "Before", start - 8 * HOUR, own)
    hold("late", "After it", end + 7 * HOUR, own)
    hold("far", "Far away", start - 9 * HOUR, own)
    hold("strict", "Strictly", start - 12 * HOUR, "strict")
    page = new_page()
    page.goto(service.url)
    open_shift(page).get_by_role("button", name="Assign by hand").click()
    groups = page.get_by_role("dialog").locator("optgroup")
    expect(groups).to_have_count(2)
    close = groups.nth(1)
    expect(close).to_have_attribute("label", "Holds a shift at that time or too close to it")
    expect(close.locator("option")).to_contain_text(["After it", "Before", "Strictly"])
    expect(groups.nth(0)).to_contain_text("Far away")


def put_caregiver(service: Server, id_: str, name: str, phone: str, **fields: str) -> None:
    """Add a nurse to the roster."""
    body = {"name": name, "role": "RN", "phone": phone, **fields}
    assert httpx.put(f"{service.url}/caregivers/{id_}", json=body).status_code == 201


def overlapping(service: Server) -> dict[str, str]:
    """The body of a shift at the time of the first one."""
    shift = httpx.get(service.url + SHIFT).json()
    return {name: shift[name] for name in ("organization_id", "role_required", "start_time", "end_time")}


def test_only_the_holder_whose_name_was_shown_is_released(service: Server, new_page: NewPage) -> None:
    """A release that was confirmed for one holder is refused if another one holds the shift by then."""

    def hand_over(to: str) -> None:
        httpx.post(service.url + SHIFT + "/release")
        httpx.post(service.url + SHIFT + "/assign", json={"caregiver_id": to})

    hand_over("cg-ben")
    page = new_page()
    page.goto(service.url)
    detail = open_shift(page)
    expect(detail.locator(".now")).to_contain_text("Ben Whitfield")
    # One right after the other, so that the page never sees the shift without a holder.
    hand_over("cg-celia")
    expect(detail.locator(".now")).to_contain_text("Celia Duarte")
    detail.get_by_role("button", name="Release").click()
    expect(page.get_by_role("dialog")).to_contain_text("Release Celia Duarte?")
    hand_over("cg-amara")
    confirm(page, "Release")
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("(Amara Okafor) has shift")
    assert httpx.get(service.url + SHIFT).json()["assigned_to"] == "cg-amara"


def test_answers_of_caregivers_who_were_not_asked_are_recorded(service: Server, new_page: NewPage) -> None:
    """A caregiver who was assigned by hand says no; after the release, left out of the fanout, they say yes."""
    httpx.post(service.url + SHIFT + "/assign", json={"caregiver_id": "cg-ben"})
    page = new_page()
    page.goto(service.url)
    detail = open_shift(page)
    detail.get_by_role("button", name="Record answer of Ben Whitfield").click()
    page.get_by_label("No", exact=True).check()
    confirm(page, "Record")
    expect(badge(page, RN)).to_have_text("Release requested")
    detail.get_by_role("button", name="Release").click()
    confirm(page, "Release")
    detail.get_by_role("button", name="Start asking").click()
    confirm(page, "Start asking")
    left_out = detail.locator("[data-name=excluded]")
    expect(left_out).to_contain_text("Was released from this shift")
    left_out.get_by_role("button", name="Record answer of Ben Whitfield").click()
    page.get_by_label("Yes, they take the shift").check()
    confirm(page, "Record")
    expect(line(page, RN)).to_contain_text(re.compile(r"Ben Whitfield\s*by phone"))


def test_a_holder_who_asks_for_release_is_flagged(service: Server, new_page: NewPage) -> None:
    """The holder's no changes the badge, is announced, and puts the shift under "needs a person"."""
    httpx.post(service.url + SHIFT + "/fanout")
    send_reply(service, "+15550002", "YES")
    page = new_page()
    page.goto(service.url)
    expect(badge(page, RN)).to_have_text("Filled")
    assert send_reply(service, "+15550002", "sorry, I can't make it", shift_id="shift-rn-monday")["outcome"] == (
        "release_requested"
    )
    expect(badge(page, RN)).to_have_text("Release requested")
    expect(page.locator("#ticker")).to_contain_text("Ben Whitfield asks to be released")
    expect(page.locator("#ticker")).to_have_attribute("data-kind", "person")
    page.get_by_role("group", name="Show shifts").get_by_role("button", name="Needs a person").click()
    expect(page.locator("li.shift")).to_have_count(1)
    expect(open_shift(page).locator("section.person")).to_contain_text("Ben Whitfield asks to be released")


def test_a_reply_that_was_not_understood_is_answered(browser: Browser, new_page: NewPage, tmp_path: Path) -> None:
    """With FANOUT_KEEP_TEXT the panel shows its words, and what the office writes back."""
    content = json.loads((ROOT / "sample_data.json").read_text())
    del content["relative_to"]
    data = tmp_path / "kept.json"
    data.write_text(json.dumps(content))
    kept = server(tmp_path / "kept", FANOUT_CONSOLE_LATENCY="0", FANOUT_DATA=str(data), FANOUT_KEEP_TEXT="1")
    with kept as service:
        httpx.post(service.url + SHIFT + "/fanout")
        send_reply(service, "+15550002", "what does it pay?")
        page = new_page()
        page.goto(service.url)
        detail = open_shift(page)
        texts = detail.locator("section[data-name=texts]")
        expect(texts).to_contain_text("what does it pay?")
        texts.get_by_role("button", name="Answer Ben Whitfield").click()
        page.get_by_label("Your words").fill("Monday, 38 an hour \U0001f44d")
        confirm(page, "Send")
        expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("does not have")
        page.get_by_label("Your words").fill("Monday, 38 an hour")
        confirm(page, "Send")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(texts).to_contain_text("The office, to Ben Whitfield")
        expect(texts).to_contain_text("Monday, 38 an hour")
        expect(detail.locator("section[data-name=log]")).to_contain_text("The office sent a text")
