"""The word "Live" on the board, which must be true whenever it is there."""

import re
from collections.abc import Callable

import httpx
from board_page import RN, SHIFT, answer_stream_with, badge, event, line, row, wait_until_live
from playwright.sync_api import Browser, Page, Request, expect
from processes import Server

NewPage = Callable[..., Page]


def test_a_silent_connection_is_not_called_live(service: Server, new_page: NewPage) -> None:
    """Twenty seconds without an event: since when. With the next event the board is live again."""
    page = new_page()
    page.clock.install()
    page.goto(service.url)
    wait_until_live(page)
    page.clock.fast_forward(21_000)
    connection = page.locator("#connection")
    expect(connection).to_have_text(re.compile(r"^No word from the service since \d+:\d\d:\d\d [AP]M UTC$"))
    expect(connection).to_have_attribute("data-state", "stale")
    httpx.post(service.url + SHIFT + "/assign", json={"caregiver_id": "cg-ben"})
    wait_until_live(page)


def test_a_dead_connection_is_opened_again_after_a_sleep(service: Server, new_page: NewPage) -> None:
    """The computer slept for ten minutes: the page opens a new connection at once and drops the old one."""
    page = new_page()
    page.clock.install()
    requests: list[Request] = []
    page.on("request", lambda request: requests.append(request) if request.url.endswith("/events") else None)
    page.goto(service.url)
    wait_until_live(page)
    assert len(requests) == 1
    page.clock.fast_forward("10:00")
    wait_until_live(page)
    assert len(requests) == 2


def test_without_a_network_the_board_is_not_called_live(service: Server, new_page: NewPage) -> None:
    """The browser reports that it is offline; the board does not wait until the silence proves it."""
    page = new_page()
    page.goto(service.url)
    wait_until_live(page)
    page.context.set_offline(True)
    expect(page.locator("#connection")).to_have_text("Connection lost, trying again")
    page.context.set_offline(False)
    wait_until_live(page)
    expect(badge(page, RN)).to_have_text("Not started")


def test_what_could_not_be_shown_is_not_called_live(service: Server, browser: Browser) -> None:
    """One event of two could not be shown: the page is connected, but it may be out of date."""
    shift = httpx.get(service.url + SHIFT).json()
    # Not the fixture's page, because this one logs an error.
    with browser.new_context() as context:
        page = context.new_page()
        page.add_init_script(
            """addEventListener("DOMContentLoaded", () => {
                const words = document.querySelector("#connection-words");
                window.said = [];
                new MutationObserver(() => said.push(words.textContent)).observe(words, { childList: true });
            });"""
        )
        answer_stream_with(page, event("snapshot", row(shift), {"shift": None}))
        page.goto(service.url)
        expect(page.locator("#connection")).to_contain_text("Connection lost")
        assert page.evaluate("said")[0] == "May be out of date, reload the page"


def test_the_board_says_when_the_last_text_is_out(service: Server, new_page: NewPage) -> None:
    """At one text a second, 120 that wait take two minutes; without a rate, or for a few, there is no such line."""
    shift = httpx.get(service.url + SHIFT).json()
    httpx.post(service.url + SHIFT + "/fanout")
    fanout = httpx.get(service.url + SHIFT + "/fanout").json()
    fanout["escalates_at"] = "2026-03-01T13:00:00Z"
    sums = {"asked": 150, "answered": 0, "declined": 0, "unclear": 0}

    def waiting(count: int) -> dict[str, object]:
        return row(shift, fanout={**fanout, "counts": {**fanout["counts"], "queued": count}}, sums=sums)

    page = new_page()
    answer_stream_with(page, event("snapshot", waiting(120), rates={"sms": 1.0, "voice": None}))
    page.goto(service.url)
    # The event is at 12:00 UTC, and the shift in New York.
    expect(line(page, RN)).to_contain_text(re.compile(r"Last text at about 7:0[2-3] AM"))
    for event_text in (
        event("snapshot", waiting(120), rates={"sms": None, "voice": 1.0}),
        event("snapshot", waiting(9), rates={"sms": 1.0, "voice": 1.0}),
        event("snapshot", waiting(0), rates={"sms": 1.0, "voice": 1.0}),
    ):
        page = new_page()
        answer_stream_with(page, event_text)
        page.goto(service.url)
        expect(line(page, RN)).to_contain_text("Calls in")
        expect(line(page, RN)).not_to_contain_text("Last text")
