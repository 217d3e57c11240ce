"""The board at twice the text size: everything grows, and nothing is wider than the screen."""

import shutil
from collections.abc import Iterator

import httpx
import pytest
from board_page import RN, SHIFT, badge, open_shift, send_reply
from playwright.sync_api import Browser, Page, expect
from processes import Server


@pytest.fixture(scope="module")
def large_text(browser: Browser) -> Iterator[Browser]:
    """A browser whose user has set the text size to 32 px, twice the usual one."""
    running = browser.browser_type.launch(
        executable_path=shutil.which("chromium"), args=["--no-sandbox", "--blink-settings=defaultFontSize=32"]
    )
    yield running
    running.close()


def assert_nothing_sticks_out(page: Page, width: int) -> None:
    """No sideways scrolling, in the page, the panel and an open dialog."""
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for element in page.locator("#detail:visible, dialog[open]").all():
        assert element.evaluate("(element) => element.scrollWidth - element.clientWidth") <= 0
        box = element.bounding_box()
        assert box is not None
        assert 0 <= box["x"] <= box["x"] + box["width"] <= width


@pytest.mark.parametrize("width", [320, 640, 1280, 1920])
def test_twice_the_text_size_needs_no_sideways_scrolling(service: Server, large_text: Browser, width: int) -> None:
    """In the list, the panel and the dialogs, with a caregiver whose name is one long word."""
    name = "Wolfeschlegelsteinhausenbergerdorff"
    body = {"name": name, "role": "RN", "phone": "+15550099"}
    assert httpx.put(f"{service.url}/caregivers/long", json=body).status_code == 201
    httpx.post(service.url + SHIFT + "/fanout")
    send_reply(service, "+15550099", "what does it pay?")
    with large_text.new_context(viewport={"width": width, "height": 900}) as context:
        page = context.new_page()
        page.goto(service.url)
        expect(badge(page, RN)).to_have_text("Texting")
        assert page.evaluate("getComputedStyle(document.body).fontSize") == "30px"
        assert_nothing_sticks_out(page, width)
        detail = open_shift(page)
        expect(detail.locator("section.person")).to_contain_text(name)
        assert_nothing_sticks_out(page, width)
        for button in ("Assign by hand", f"Record answer of {name}"):
            detail.get_by_role("button", name=button).click()
            expect(page.get_by_role("dialog")).to_be_visible()
            assert_nothing_sticks_out(page, width)
            page.keyboard.press("Escape")


def test_every_text_grows_with_the_text_size(service: Server, browser: Browser, large_text: Browser) -> None:
    """No element keeps a font size in pixels: each is twice as large as at the usual size."""

    def font_sizes(browser: Browser) -> list[float]:
        size = "(elements) => elements.map((element) => parseFloat(getComputedStyle(element).fontSize))"
        with browser.new_context() as context:
            page = context.new_page()
            page.goto(service.url)
            open_shift(page)
            return list(page.locator("body *").evaluate_all(size))

    usual = font_sizes(browser)
    assert font_sizes(large_text) == pytest.approx([2 * size for size in usual], rel=0.01)
