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


def fact(n: int, shift_id: str, **fields: object) -> dict[str, object]:
    """A fact as the stream has it: Ben has taken the shift, unless `fields` says otherwise."""
    ben = {"caregiver_id": "b", "name": "Ben", "actor": "caregiver", "data": {"channel": "sms"}}
    return {"id": str(n), "at": "2026-03-01T12:00:00Z", "type": "shift.filled", "shift_id": shift_id, **ben, **fields}


def answer_events_once(page: Page, body: str) -> None:
    """Answer the first request for the stream with these events; the connection is lost after them."""
    bodies = [body]

    def once(route: Route) -> None:
        if bodies:
            route.fulfill(content_type="text/event-stream", body=bodies.pop())
        else:
            route.abort()

    page.route("**/events", once)


def test_the_ticker_names_three_changes_and_counts_the_others(service: Server, new_page: NewPage) -> None:
    """Five shifts change at once: the one that needs a person comes first."""
    shift = httpx.get(service.url + SHIFT).json()
    before = [row({**shift, "id": f"s{n}", "location": f"Place {n}"}) for n in range(5)]
    asked = {"reason": "release_requested", "since": shift["start_time"], "caregiver_id": "b", "name": "Ben"}
    after = {**before[4], "attention": [asked]}
    page = new_page()
    facts = [fact(n + 1, f"s{n}") for n in range(4)]
    answer_events_once(page, event("snapshot", *before) + event("changes", after, facts=facts))
    page.goto(service.url)
    ticker = page.locator("#ticker")
    expect(ticker).to_contain_text("And 2 more changes.")
    text = ticker.text_content() or ""
    assert text.startswith("Ben asks to be released: RN, Place 4")
    assert [f"Filled: RN, Place {n}" in text for n in range(4)] == [True, True, False, False]


def test_the_ticker_announces_each_fact_once(service: Server, new_page: NewPage) -> None:
    """Neither those from before the page was opened, nor those that a second snapshot has again.

    What was undone before the next event is announced too, with the name of who did it.
    """
    one = row({**httpx.get(service.url + SHIFT).json(), "id": "s1", "location": "Place 1"})
    old = fact(6, "s1", type="shift.released", actor="office", data={})
    new = [
        fact(7, "s1", type="shift.assigned", actor="Dana", data={}),
        fact(8, "s1", type="shift.released", actor="Dana", data={}),
    ]
    page = new_page()
    again = event("snapshot", one, facts=[old, *new])
    answer_events_once(page, event("snapshot", one, facts=[old]) + event("changes", facts=new) + again)
    page.goto(service.url)
    hours = "Place 1, Mon, Mar 1, 7:00 AM – 3:00 PM EST"
    expect(page.locator("#ticker")).to_have_text(
        f"Filled: RN, {hours}. Ben, assigned by hand, by Dana. "
        f"Open again: RN, {hours}. Ben no longer has it, by Dana."
    )


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
