"""Right-to-left names on the board: each is isolated, so that it cannot reorder the text around it."""

import re
from collections.abc import Callable

import httpx
from board_page import SHIFT, badge, line, send_reply
from playwright.sync_api import Page, expect
from processes import Server

NAME = "פנינה לוי"
PLACE = "רחוב הרצל 5"
PHONE = "+15550090"


def exposed_texts(page: Page) -> list[str]:
    """The texts of the page with the name or the place in them that are not isolated."""
    return list(
        page.evaluate(
            """(names) => {
                const found = [];
                const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
                while (walker.nextNode()) {
                    const { data, parentElement } = walker.currentNode;
                    const outside = names.some((name) => data.replaceAll(`\\u2068${name}\\u2069`, "").includes(name));
                    if (outside && !parentElement.closest("bdi")) found.push(data);
                }
                return found;
            }""",
            [NAME, PLACE],
        )
    )


def test_every_name_is_isolated(service: Server, new_page: Callable[..., Page]) -> None:
    """In the list, the ticker, the panel with its log, and the dialogs; a place counts as a name."""
    assert httpx.put(
        f"{service.url}/caregivers/pnina", json={"name": NAME, "role": "RN", "phone": PHONE}
    ).status_code in (200, 201)
    shift = {**httpx.get(service.url + SHIFT).json(), "location": PLACE}
    body = {key: shift[key] for key in ("organization_id", "role_required", "start_time", "end_time", "location")}
    assert httpx.put(service.url + SHIFT, json=body).status_code == 200
    title = f"RN, {PLACE}"
    page = new_page()
    page.goto(service.url)
    page.get_by_role("link", name=title, exact=True).click()
    detail = page.get_by_role("region", name="Shift in detail")
    httpx.post(service.url + SHIFT + "/fanout")
    send_reply(service, PHONE, "what does it pay?")
    expect(detail.locator("section.person")).to_contain_text(NAME)
    assert exposed_texts(page) == []
    detail.get_by_role("button", name="Assign by hand").click()
    expect(page.get_by_role("option").filter(has_text=NAME)).to_have_count(1)
    assert exposed_texts(page) == []
    page.keyboard.press("Escape")
    send_reply(service, PHONE, "YES")
    expect(badge(page, title)).to_have_text("Filled")
    expect(page.locator("#ticker")).to_contain_text(NAME)
    expect(detail.locator("[data-name=log]")).to_contain_text(NAME)
    assert exposed_texts(page) == []
    for button in (f"Record answer of {NAME}", "Release"):
        detail.get_by_role("button", name=button).click()
        expect(page.get_by_role("dialog")).to_contain_text(NAME)
        assert exposed_texts(page) == []
        page.keyboard.press("Escape")
    expect(line(page, title)).to_contain_text(re.compile(f"{NAME}\\s*by text"))
