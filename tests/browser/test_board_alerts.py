"""Sound and desktop notifications of the board: off by default, one per browser, and only for what is new."""

import re
from collections.abc import Callable
from typing import Literal

import httpx
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it has no types
from board_page import RN, SHIFT, badge, send_reply, wait_until_live
from playwright.sync_api import Page, expect
from processes import Server

NewPage = Callable[..., Page]

#: Stand-ins for the browser's sound and notifications, which record their uses. The permission is given by `answer`.
FAKES = """
    window.beeps = 0;
    window.notifications = [];
    window.answer = "granted";
    window.AudioContext = class {
        state = "suspended";
        currentTime = 0;
        destination = {};
        async resume() { this.state = "running"; }
        createOscillator() { return { frequency: {}, connect() {}, start() { window.beeps += 1; }, stop() {} }; }
        createGain() { return { gain: { setValueAtTime() {}, linearRampToValueAtTime() {} }, connect() {} }; }
    };
    window.Notification = class {
        static permission = "default";
        static async requestPermission() { return (Notification.permission = window.answer); }
        constructor(title, options) { window.notifications.push(Object.assign(this, { title, ...options })); }
        close() { this.closed = true; }
    };
    document.hasFocus = () => false;
"""


def board(new_page: NewPage, service: Server) -> Page:
    """A live board with the stand-ins, also in later tabs of its browser."""
    page = new_page()
    page.context.add_init_script(FAKES)
    page.goto(service.url)
    wait_until_live(page)
    return page


def choose(page: Page, *options: str) -> None:
    """Choose these alerts and save."""
    page.get_by_role("button", name="Alerts").click()
    for option in options:
        page.get_by_label(re.compile(option)).check()
    page.get_by_role("dialog").get_by_role("button", name="Save").click()


def assign(service: Server) -> None:
    """Ben gets the first shift."""
    assert httpx.post(service.url + SHIFT + "/assign", json={"caregiver_id": "cg-ben"}).status_code == 200


def test_there_are_no_alerts_unless_they_are_chosen(service: Server, new_page: NewPage) -> None:
    """A fill is announced on the page only, and the browser stores nothing."""
    page = board(new_page, service)
    expect(page.get_by_role("button", name="Alerts")).to_have_text("Alerts: off")
    assign(service)
    expect(page.locator("#ticker")).to_contain_text("Filled")
    assert page.evaluate("[beeps, notifications.length, localStorage.length]") == [0, 0, 0]


def test_chosen_alerts_come_with_a_fill_and_with_what_needs_a_person(service: Server, new_page: NewPage) -> None:
    """Each with the words of the ticker; a notification that needs a person stays. A click on one opens the shift."""
    page = board(new_page, service)
    choose(page, "sound", "notification")
    expect(page.get_by_role("button", name="Alerts")).to_have_text("Alerts: on")
    # Saving plays a sample.
    assert page.evaluate("beeps") == 1
    httpx.post(service.url + SHIFT + "/fanout")
    send_reply(service, "+15550002", "YES")
    expect(badge(page, RN)).to_have_text("Filled")
    send_reply(service, "+15550002", "sorry, I can't make it", shift_id="shift-rn-monday")
    expect(badge(page, RN)).to_have_text("Release requested")
    shift = "RN, Quincy 02169, Mon, Mar 1, 7:00 AM – 3:00 PM EST"
    fields = "({ title, body, requireInteraction }) => [title, body, requireInteraction]"
    shown = page.evaluate(f"notifications.map({fields})")
    assert shown == [
        ["Shift filled", f"Filled: {shift}. Ben Whitfield, by text.", False],
        ["Needs a person", f"Ben Whitfield asks to be released: {shift}.", True],
    ]
    page.evaluate("notifications[1].onclick()")
    expect(page.get_by_role("region", name="Shift in detail").get_by_role("heading", name=RN)).to_be_visible()
    assert page.evaluate("notifications[1].closed") is True
    httpx.post(service.url + SHIFT + "/release")
    expect(page.locator("#ticker")).to_contain_text("Open again")
    assert page.evaluate("notifications.length") == 2, "that a shift is open again is a mere note"


def test_a_sound_is_played_by_one_tab(service: Server, new_page: NewPage) -> None:
    """The choice holds for all tabs of the browser. A tab that nobody has used yet may not play and says so."""
    first = board(new_page, service)
    choose(first, "sound")
    second = first.context.new_page()
    second.goto(service.url)
    wait_until_live(second)
    expect(second.get_by_role("button", name="Alerts")).to_have_text("Alerts: click here for sound")
    second.locator("h1").click()
    expect(second.get_by_role("button", name="Alerts")).to_have_text("Alerts: on")
    # The sample of the first tab is over once the lock of the sound is free.
    first.evaluate("navigator.locks.request('shift-fanout-sound', () => { window.beeps = 0; })")
    assign(service)
    for tab in (first, second):
        expect(tab.locator("#ticker")).to_contain_text("Filled")
    assert first.evaluate("beeps") + second.evaluate("beeps") == 1


def test_a_refused_permission_is_said(service: Server, new_page: NewPage) -> None:
    """The browser's user has blocked notifications: the dialog says so, and nothing is stored."""
    page = board(new_page, service)
    page.evaluate("window.answer = 'denied'")
    choose(page, "notification")
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("does not allow notifications")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Alerts")).to_have_text("Alerts: off")
    assert page.evaluate("localStorage.length") == 0


def test_there_is_no_alert_for_what_happened_during_a_sleep(service: Server, new_page: NewPage) -> None:
    """Ten minutes later a fill is no news: the page counts it and makes no noise."""
    page = new_page()
    page.context.add_init_script(FAKES)
    page.clock.install()
    page.goto(service.url)
    wait_until_live(page)
    choose(page, "sound", "notification")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.clock.run_for(5000)
    page.evaluate("window.beeps = 0")
    page.route("**/events", lambda route: route.abort())
    page.clock.fast_forward("10:00")
    expect(page.locator("#connection")).to_have_text("Connection lost, trying again")
    assign(service)
    page.unroute("**/events")
    expect(page.locator("#ticker")).to_contain_text("1 change while")
    assert page.evaluate("[beeps, notifications.length]") == [0, 0]


def test_axe_finds_nothing_in_the_dialog_and_the_ticker(service: Server, new_page: NewPage) -> None:
    """Light and dark, on a narrow screen: names, roles and contrasts are right."""
    # Only for axe, which is put into the page as a script.
    page = new_page(bypass_csp=True, viewport={"width": 320, "height": 900})
    page.goto(service.url)
    wait_until_live(page)
    assign(service)
    expect(page.locator("#ticker")).to_contain_text("Filled")
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        assert Axe().run(page).response["violations"] == []
        page.get_by_role("button", name="Alerts").click()
        assert Axe().run(page).response["violations"] == []
        page.keyboard.press("Escape")


def test_the_browsers_own_sound_is_played(service: Server, new_page: NewPage) -> None:
    """Without stand-ins: saving unblocks the sound and plays the sample without an error."""
    page = new_page()
    page.goto(service.url)
    wait_until_live(page)
    choose(page, "sound")
    expect(page.get_by_role("button", name="Alerts")).to_have_text("Alerts: on")
