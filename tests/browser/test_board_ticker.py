"""The ticker of the board: short, dismissible, and quiet about what happened while nobody could see it."""

from collections.abc import Callable

import httpx
from board_page import RN, SHIFT, badge, event, row, wait_until_live
from playwright.sync_api import Page, Route, expect
from processes import Server

NewPage = Callable[..., Page]
HHA = "HHA, Milton 02186"
FILLED = "Filled: RN, Quincy 02169, Mon, Mar 1, 7:00 AM – 3:00 PM EST. Ben Whitfield, assigned by hand."
MISSED = "while this page was hidden or not connected."


def assign(service: Server) -> None:
    """Ben gets the first shift."""
    assert httpx.post(service.url + SHIFT + "/assign", json={"caregiver_id": "cg-ben"}).status_code == 200


def set_visibility(page: Page, state: str) -> None:
    """Let the page believe that its tab is `hidden` or `visible`."""
    page.evaluate(
        """(state) => {
            Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        state,
    )


def test_the_ticker_names_three_changes_and_counts_the_others(service: Server, new_page: NewPage) -> None:
    """Five shifts change at once: the one that needs a person comes first."""
    shift = httpx.get(service.url + SHIFT).json()
    before = [row({**shift, "id": f"s{n}", "location": f"Place {n}"}) for n in range(5)]
    at = shift["start_time"]
    holder = {"caregiver_id": "b", "name": "Ben", "at": at, "via": "sms", "release_requested_at": None}
    after = [{**one, "holder": holder} for one in before]
    asked = {"reason": "release_requested", "since": at, "caregiver_id": "b", "name": "Ben"}
    after[4] = {**after[4], "holder": {**holder, "release_requested_at": at}, "attention": [asked]}
    before[4] = {**before[4], "holder": holder}
    bodies = [event("snapshot", *before) + event("changes", *after)]

    def once(route: Route) -> None:
        if bodies:
            route.fulfill(content_type="text/event-stream", body=bodies.pop())
        else:
            route.abort()

    page = new_page()
    page.route("**/events", once)
    page.goto(service.url)
    ticker = page.locator("#ticker")
    expect(ticker).to_contain_text("And 2 more changes.")
    text = ticker.text_content() or ""
    assert text.startswith("Ben asks to be released: RN, Place 4")
    assert [f"Filled: RN, Place {n}" in text for n in range(4)] == [True, True, False, False]


def test_the_ticker_is_dismissed(service: Server, new_page: NewPage) -> None:
    """By its button, which is there only while there is something to dismiss. The next change is shown again."""
    page = new_page()
    page.goto(service.url)
    wait_until_live(page)
    dismiss = page.get_by_role("button", name="Dismiss")
    expect(dismiss).to_have_count(0)
    assign(service)
    expect(page.locator("#ticker")).to_have_text(FILLED)
    dismiss.click()
    expect(page.locator("#ticker")).to_have_text("")
    expect(dismiss).to_have_count(0)
    expect(page.locator("#shifts")).to_be_focused()
    httpx.post(service.url + SHIFT + "/release")
    expect(page.locator("#ticker")).to_contain_text("Open again")


def test_a_hidden_page_announces_when_it_is_visible_again(service: Server, new_page: NewPage) -> None:
    """Within a minute the change is named; after that it is only counted."""
    page = new_page()
    page.clock.install()
    page.goto(service.url)
    wait_until_live(page)
    set_visibility(page, "hidden")
    assign(service)
    expect(badge(page, RN)).to_have_text("Filled")
    # A visible page would have shown it by now.
    page.clock.run_for(1000)
    expect(page.locator("#ticker")).to_have_text("")
    set_visibility(page, "visible")
    expect(page.locator("#ticker")).to_have_text(FILLED)
    set_visibility(page, "hidden")
    httpx.post(service.url + SHIFT + "/release")
    expect(badge(page, RN)).not_to_have_text("Filled")
    page.clock.fast_forward("02:00")
    set_visibility(page, "visible")
    expect(page.locator("#ticker")).to_have_text(f"1 change {MISSED}")


def test_after_a_sleep_changes_are_counted_and_not_named(service: Server, new_page: NewPage) -> None:
    """Ten minutes without a connection: what the page missed in that time is no news."""
    page = new_page()
    page.clock.install()
    page.goto(service.url)
    wait_until_live(page)
    page.route("**/events", lambda route: route.abort())
    page.clock.fast_forward("10:00")
    expect(page.locator("#connection")).to_have_text("Connection lost, trying again")
    assign(service)
    httpx.post(service.url + "/shifts/shift-hha-weekend/assign", json={"caregiver_id": "cg-ines"})
    page.unroute("**/events")
    expect(badge(page, HHA)).to_have_text("Filled")
    expect(page.locator("#ticker")).to_have_text(f"2 changes {MISSED}")
    # What happens from now on is news again.
    httpx.post(service.url + SHIFT + "/release")
    expect(page.locator("#ticker")).to_contain_text("Open again")
