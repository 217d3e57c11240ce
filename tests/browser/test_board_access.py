"""Who can use the board, and how: with the key, from the keyboard, with a screen reader, on a narrow screen."""

import itertools
import re
from collections.abc import Callable
from pathlib import Path

import httpx
from board_page import RN, SHIFT, badge, confirm, line, open_shift, send_reply, violations
from keys import by, key_file
from playwright.sync_api import Browser, Page, expect
from processes import Server, server

from app.access.keys import Permission

NewPage = Callable[..., Page]


def test_the_key_is_asked_for_once(browser: Browser, tmp_path: Path, new_page: NewPage) -> None:
    """A wrong key is refused, and the right one is kept for this tab only."""
    with server(tmp_path / "log", FANOUT_API_KEY="sesame") as service:
        page = new_page()
        page.goto(service.url)
        dialog = page.get_by_role("dialog", name="Key needed")
        expect(dialog).to_be_visible()
        page.keyboard.press("Escape")
        dialog.get_by_label("Key").fill("guess")
        confirm(page, "Continue")
        expect(page.get_by_role("dialog")).to_contain_text("refused that key")
        dialog.get_by_label("Key").fill("sesame")
        confirm(page, "Continue")
        expect(badge(page, RN)).to_have_text("Not started")
        open_shift(page).get_by_role("button", name="Start asking").click()
        confirm(page, "Start asking")
        expect(badge(page, RN)).to_have_text("Texting")
        page.reload()
        expect(page.locator("#connection")).to_have_text("Live")
        expect(page.get_by_role("dialog")).to_have_count(0)
        kept = page.evaluate("[localStorage.length, document.cookie, Object.values(sessionStorage)]")
        assert kept == [0, "", ["sesame"]]
        other = new_page()
        other.goto(service.url)
        expect(other.get_by_role("dialog", name="Key needed")).to_be_visible()


def test_a_key_that_may_only_read_has_no_actions(browser: Browser, tmp_path: Path, new_page: NewPage) -> None:
    """Not for the shift and not for a caregiver. A coordinator's key has both."""
    keys = key_file(
        tmp_path / "keys.json", ("reader", Permission.READ, None), ("coordinator", Permission.COORDINATE, None)
    )
    with server(tmp_path / "log", FANOUT_API_KEYS=str(keys)) as service:
        httpx.post(f"{service.url}{SHIFT}/fanout", headers=by("coordinator")).raise_for_status()
        names = re.compile("Stop asking|Assign by hand|Record answer|Text ")
        for name, buttons in (("coordinator", True), ("reader", False)):
            page = new_page()
            page.goto(service.url)
            page.get_by_role("dialog").get_by_label("Key").fill(name)
            confirm(page, "Continue")
            panel = open_shift(page)
            expect(panel.get_by_role("cell", name="Celia Duarte").first).to_be_visible()
            found = panel.get_by_role("button", name=names)
            assert (found.count() > 0) is buttons


def test_nothing_stays_in_the_page_of_a_key_that_was_revoked(
    browser: Browser, tmp_path: Path, new_page: NewPage
) -> None:
    """In no tab, and not behind the dialog either. Another key shows the same shift again."""
    keys = tmp_path / "keys.json"
    kim, lee = ("kim-coordinates", Permission.COORDINATE, None), ("lee-coordinates", Permission.COORDINATE, None)
    key_file(keys, kim, lee)
    with server(tmp_path / "log", FANOUT_API_KEYS=str(keys)) as service:
        httpx.post(f"{service.url}{SHIFT}/fanout", headers=by("kim-coordinates")).raise_for_status()
        first = new_page()
        first.add_init_script("sessionStorage['shift-fanout-key'] ??= 'kim-coordinates'")
        for page in (first, first.context.new_page()):
            page.add_init_script("sessionStorage['shift-fanout-key'] ??= 'kim-coordinates'")
            page.goto(service.url)
            expect(open_shift(page).get_by_role("cell", name="Celia Duarte").first).to_be_visible()
        key_file(keys, lee)
        for page in first.context.pages:
            # The service looks at the keys of open streams every 15 seconds.
            expect(page.get_by_role("dialog")).to_contain_text("refused that key", timeout=30_000)
            assert page.title() == "Shift board"
            assert page.evaluate("[...document.body.children].map((element) => element.localName)") == ["dialog"]
        first.get_by_role("dialog").get_by_label("Key").fill("lee-coordinates")
        confirm(first, "Continue")
        panel = first.get_by_role("region", name="Shift in detail")
        expect(panel.get_by_role("cell", name="Celia Duarte").first).to_be_visible()


def test_a_key_that_cannot_be_sent_is_asked_for_again(browser: Browser, tmp_path: Path, new_page: NewPage) -> None:
    """A key with a character that no header can carry is refused on the page, also if it was stored before."""
    with server(tmp_path / "log", FANOUT_API_KEY="sesame-1") as service:
        page = new_page()
        page.add_init_script("sessionStorage['shift-fanout-key'] ??= 'sesame\\u20131'")
        page.goto(service.url)
        dialog = page.get_by_role("dialog", name="Key needed")
        dialog.get_by_label("Key").fill("sesame\N{EN DASH}1")
        confirm(page, "Continue")
        expect(dialog.get_by_role("alert")).to_contain_text("That is not a key")
        dialog.get_by_label("Key").fill("sesame-1")
        confirm(page, "Continue")
        expect(badge(page, RN)).to_have_text("Not started")
        expect(page.get_by_role("dialog")).to_have_count(0)


def test_everything_works_from_the_keyboard(service: Server, new_page: NewPage) -> None:
    """Keys open a shift and close its question and its panel, and the focus is on the right element each time."""
    page = new_page()
    page.goto(service.url)
    expect(badge(page, RN)).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the shifts")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name=RN)).to_be_focused()
    page.keyboard.press("Enter")
    heading = page.get_by_role("region", name="Shift in detail").get_by_role("heading", name=RN)
    expect(heading).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Start asking")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="Start asking")).to_be_focused()
    page.keyboard.press("Escape")
    expect(heading).to_be_hidden()
    expect(page.get_by_role("link", name=RN)).to_be_focused()


def test_the_panel_and_the_focus_stay(service: Server, new_page: NewPage) -> None:
    """Escape in a field and the skip link keep the panel open, and a change keeps the focus."""
    httpx.post(service.url + SHIFT + "/fanout")
    send_reply(service, "+15550003", "what does it pay?")
    page = new_page()
    page.goto(service.url)
    detail = open_shift(page)
    heading = detail.get_by_role("heading", name=RN)
    page.get_by_role("searchbox", name="Find a shift").fill("RN")
    page.keyboard.press("Escape")
    expect(heading).to_be_visible()
    page.get_by_role("link", name="Skip to the shifts").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#shifts")).to_be_focused()
    expect(heading).to_be_visible()
    call = detail.locator("section.person").get_by_role("link", name="+15550003")
    call.focus()
    send_reply(service, "+15550001", "no")
    expect(
        detail.locator("[data-name=caregivers]").get_by_role("row", name=re.compile("^Amara Okafor"))
    ).to_contain_text("No")
    expect(call).to_be_focused()


def test_a_pressed_filter_and_a_new_fill_are_visible_in_forced_colours(service: Server, new_page: NewPage) -> None:
    """A pressed filter has a thicker border, and a filled line is highlighted for a while."""
    page = new_page(forced_colors="active", reduced_motion="reduce")
    page.goto(service.url)
    thick = "(element) => parseFloat(getComputedStyle(element).borderTopWidth)"
    pressed = page.get_by_role("group", name="Show shifts").get_by_role("button", name="All")
    assert pressed.evaluate(thick) > page.get_by_role("button", name="Not started").evaluate(thick)
    expect(badge(page, RN)).to_have_text("Not started")
    httpx.post(service.url + SHIFT + "/assign", json={"caregiver_id": "cg-ben"})
    expect(line(page, RN)).to_have_class(re.compile("flash"))
    expect(line(page, RN)).not_to_have_class(re.compile("flash"))


def test_axe_finds_nothing(service: Server, new_page: NewPage) -> None:
    """axe finds no fault in the list, the panel and the questions: light and dark, wide and 320 px."""
    for shift in ("shift-rn-monday", "shift-rn-night", "lpn-4417"):
        httpx.post(f"{service.url}/shifts/{shift}/fanout")
    send_reply(service, "+15550002", "YES", shift_id="shift-rn-monday")
    send_reply(service, "+15550003", "what does it pay?", shift_id="shift-rn-night")
    for phone in ("+15550004", "+15550005"):
        send_reply(service, phone, "No")
    httpx.delete(f"{service.url}/shifts/lpn-4417/fanout")
    # axe is put into the page as a script, which the page's policy forbids.
    page = new_page(bypass_csp=True)
    page.goto(service.url)
    expect(badge(page, RN)).to_have_text("Filled")
    page.get_by_text("Date, role, organization").click()
    faults = []
    for scheme, width in itertools.product(("light", "dark"), (1400, 320)):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of its literals
        page.set_viewport_size({"width": width, "height": 900})
        faults += violations(page)
        open_shift(page, "RN, Braintree 02184").get_by_role("button", name="Stop asking").wait_for()
        faults += violations(page)
        for button in ("Stop asking", "Assign by hand", "Record answer of Celia Duarte"):
            page.get_by_role("button", name=button).click()
            faults += violations(page)
            page.keyboard.press("Escape")
        page.get_by_role("button", name="Close").click()
    assert faults == []


def test_nothing_is_wider_than_the_screen(service: Server, new_page: NewPage) -> None:
    """The list, the panel and a question need no sideways scrolling."""
    httpx.post(service.url + SHIFT + "/fanout")
    send_reply(service, "+15550003", "what does it pay?")
    for width in (320, 560, 800, 1100, 1400):
        page = new_page(viewport={"width": width, "height": 800})
        page.goto(service.url)
        expect(badge(page, RN)).to_have_text("Texting")
        page.get_by_text("Date, role, organization").click()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        expect(open_shift(page).locator("section.person")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.get_by_role("button", name="Assign by hand").click()
        box = page.get_by_role("dialog").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
