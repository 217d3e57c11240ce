"""Several tabs of one browser: they share one stream, and each is as live as a single one."""

from collections.abc import Callable
from pathlib import Path

import httpx
from board_page import RN, SHIFT, badge, wait_until_live
from playwright.sync_api import Browser, BrowserContext, Page, expect
from processes import Server, server

from tools.ports import free_port

NewPage = Callable[..., Page]


def streams_opened(context: BrowserContext) -> list[Page]:
    """The pages that ask for the stream from now on, in order; the list grows."""
    found: list[Page] = []
    context.on(
        "request", lambda request: found.append(request.frame.page) if request.url.endswith("/events") else None
    )
    return found


def tabs(page: Page, url: str, count: int) -> list[Page]:
    """That many live tabs of one browser, the first being `page`."""
    opened = [page, *(page.context.new_page() for _ in range(count - 1))]
    for tab in opened:
        tab.goto(url)
        wait_until_live(tab)
    return opened


def test_all_tabs_share_one_stream(service: Server, new_page: NewPage) -> None:
    """Eight tabs, two more than a browser has connections: each shows all rows and a change, over one request."""
    page = new_page()
    asked = streams_opened(page.context)
    opened = tabs(page, service.url, 8)
    httpx.post(service.url + SHIFT + "/assign", json={"caregiver_id": "cg-ben"})
    for tab in opened:
        expect(badge(tab, RN)).to_have_text("Filled")
        expect(tab.locator("li.shift")).to_have_count(5)
        expect(tab.locator("#ticker")).to_contain_text("Filled")
    assert asked == [page]


def test_another_tab_takes_over_when_the_one_with_the_stream_is_closed(service: Server, new_page: NewPage) -> None:
    """The others go on: what happened in between is announced, and what happens next is shown."""
    page = new_page()
    asked = streams_opened(page.context)
    first, second, third = tabs(page, service.url, 3)
    first.close()
    httpx.post(service.url + SHIFT + "/assign", json={"caregiver_id": "cg-ben"})
    for tab in (second, third):
        expect(badge(tab, RN)).to_have_text("Filled")
        expect(tab.locator("#ticker")).to_contain_text("Filled")
        wait_until_live(tab)
    assert asked == [first, second]


def test_a_tab_takes_the_lead_from_one_that_has_stopped_working(service: Server, new_page: NewPage) -> None:
    """The leader relays nothing any more. It closes its stream, and both tabs follow the new one."""
    page = new_page()
    asked = streams_opened(page.context)
    page.goto(service.url)
    wait_until_live(page)
    page.evaluate(
        """() => {
            const real = BroadcastChannel.prototype.postMessage;
            BroadcastChannel.prototype.postMessage = function (message) {
                if (message.name === "snapshot") real.call(this, message);
            };
        }"""
    )
    other = page.context.new_page()
    # Its half minute of silence takes a second and a half.
    other.add_init_script("const real = setInterval; window.setInterval = (call, ms) => real(call, ms / 20);")
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/events")):
        other.goto(service.url)
    httpx.post(service.url + SHIFT + "/assign", json={"caregiver_id": "cg-ben"})
    for tab in (page, other):
        expect(badge(tab, RN)).to_have_text("Filled")
        wait_until_live(tab)
    assert asked == [page, other]


def test_a_tab_learns_that_the_shared_connection_is_lost(browser: Browser, tmp_path: Path, new_page: NewPage) -> None:
    """Both say so, and only the one that had the stream tries again. Afterwards both are live again."""
    port = free_port()
    page = new_page()
    with server(tmp_path / "log", port=port, FANOUT_CONSOLE_LATENCY="0") as service:
        first, second = tabs(page, service.url, 2)
        asked = streams_opened(page.context)
        service.process.terminate()
        service.wait_for_exit()
        for tab in (first, second):
            expect(tab.locator("#connection")).to_have_text("Connection lost, trying again")
    with server(tmp_path / "log", port=port, FANOUT_CONSOLE_LATENCY="0"):
        for tab in (first, second):
            wait_until_live(tab)
    assert {tab is first for tab in asked} == {True}


def test_tabs_with_different_keys_share_nothing(browser: Browser, tmp_path: Path, new_page: NewPage) -> None:
    """A tab without the key asks for it and shows no shift, although another tab of the browser is live."""
    with server(tmp_path / "log", FANOUT_API_KEY="sesame") as service:
        page = new_page()
        asked = streams_opened(page.context)
        page.add_init_script("sessionStorage['shift-fanout-key'] ??= 'sesame'")
        page.goto(service.url)
        wait_until_live(page)
        strangers = [page.context.new_page() for _ in range(2)]
        for stranger in strangers:
            stranger.goto(service.url)
            expect(stranger.get_by_role("dialog", name="Key needed")).to_be_visible()
            expect(stranger.locator("li.shift")).to_have_count(0)
        for stranger in strangers:
            stranger.get_by_role("textbox", name="Key").fill("sesame")
            stranger.get_by_role("button", name="Continue").click()
            wait_until_live(stranger)
        # Each stranger was refused once, and then joined the others.
        assert asked == [page, *strangers]


def test_without_locks_each_tab_has_its_own_stream(service: Server, new_page: NewPage) -> None:
    """As on a plain http address of another computer, where browsers offer no locks."""
    page = new_page()
    page.context.add_init_script("Object.defineProperty(Navigator.prototype, 'locks', { value: undefined })")
    asked = streams_opened(page.context)
    first, second = tabs(page, service.url, 2)
    httpx.post(service.url + SHIFT + "/assign", json={"caregiver_id": "cg-ben"})
    for tab in (first, second):
        expect(badge(tab, RN)).to_have_text("Filled")
    assert asked == [first, second]
