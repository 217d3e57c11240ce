"""The board in a browser: what the browser tests look for in the page, and events that a test sends to it."""

import json
import re
from typing import Any

import httpx
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it has no types
from playwright.sync_api import Locator, Page, expect
from processes import Server

#: The first shift of the sample data.
RN = "RN, Quincy 02169"
SHIFT = "/shifts/shift-rn-monday"


def line(page: Page, title: str) -> Locator:
    """The line of a shift in the list."""
    return page.locator("li.shift").filter(has=page.get_by_role("link", name=title, exact=True))


def badge(page: Page, title: str) -> Locator:
    """The state of a shift in the list."""
    return line(page, title).locator(".badge")


def open_shift(page: Page, title: str = RN) -> Locator:
    """Open a shift and return its panel."""
    page.get_by_role("link", name=title, exact=True).click()
    detail = page.get_by_role("region", name="Shift in detail")
    expect(detail.get_by_role("heading", name=title)).to_be_visible()
    return detail


def confirm(page: Page, action: str) -> None:
    """Press this button of the open dialog."""
    page.get_by_role("dialog").get_by_role("button", name=action, exact=True).click()


def send_reply(service: Server, phone: str, body: str, **fields: str) -> dict[str, Any]:
    """Send a caregiver's reply and return the service's answer."""
    answer = httpx.post(service.url + "/messages/inbound", json={"from": phone, "body": body, **fields})
    return dict(answer.json())


def wait_until_live(page: Page) -> None:
    """Wait until the board has all rows and says that it is live."""
    expect(page.locator("#connection")).to_have_text(re.compile("^Live$"))


def row(shift: dict[str, Any], **fields: object) -> dict[str, Any]:
    """A row of the board: a shift without a fanout, unless `fields` says otherwise."""
    return {"shift": shift, "holder": None, "fanout": None, "sums": None, "attention": [], "held": [], **fields}


def event(name: str, *rows: object, **fields: object) -> str:
    """One event of the stream, as the service formats it."""
    data: dict[str, object] = {
        "now": "2026-03-01T12:00:00Z",
        "stale_since": None,
        "channel_faults": [],
        "version": "1",
        "time_zone": "UTC",
        "more": False,
        "gone": [],
        "touched": [],
    }
    return f"event: {name}\ndata: {json.dumps({**data, 'rows': rows, **fields})}\n\n"


def answer_stream_with(page: Page, *events: str) -> None:
    """Answer the page's requests for the stream with these events, and end the response each time."""
    page.route("**/events", lambda route: route.fulfill(content_type="text/event-stream", body="".join(events)))


def violations(page: Page) -> list[str]:
    """The faults that axe finds in the page, each with the elements."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {[node['html'][:120] for node in one['nodes']]}" for one in found]
