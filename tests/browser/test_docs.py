"""The documentation in a real browser: nothing from another host, and the key where one is needed."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect
from processes import command, server

KEY = "sesame-42"


def test_the_documentation_needs_nothing_from_elsewhere(new_page: Callable[..., Page], tmp_path: Path) -> None:
    """An open service shows every operation at once."""
    with server(tmp_path / "log") as service:
        page = new_page()
        page.goto(service.url + "/docs")
        expect(page.locator("#operations-fanouts-start_fanout")).to_be_visible()
        expect(page.locator("#key-form")).to_be_hidden()
        expect(page.locator("#without-ui")).to_be_hidden()


def test_the_documentation_asks_for_the_key(new_page: Callable[..., Page], tmp_path: Path) -> None:
    """A wrong key is asked for again; with the right one an operation can be tried out, also after a reload."""
    with server(tmp_path / "log", FANOUT_API_KEY=KEY) as service:
        page = new_page()
        answer = page.goto(service.url + "/docs")
        assert answer is not None
        assert answer.status == 401
        page.get_by_label("key").fill("wrong")
        page.get_by_role("button", name="Show the documentation").click()
        expect(page.get_by_role("status")).to_have_text("The service does not accept this key.")
        page.get_by_label("key").fill(KEY)
        page.get_by_role("button", name="Show the documentation").click()
        operation = page.locator("#operations-caregivers-list_caregivers")
        expect(operation).to_be_visible()
        operation.locator(".opblock-summary-control").click()
        operation.get_by_role("button", name="Try it out").click()
        operation.get_by_role("button", name="Execute").click()
        expect(operation.locator(".live-responses-table .response .response-col_status")).to_contain_text("200")
        page.reload()
        expect(operation).to_be_visible()


def test_without_the_extra_the_description_can_be_read(new_page: Callable[..., Page], tmp_path: Path) -> None:
    """The page says what to install; its link leads to the description, although a link sends no key."""
    with server(tmp_path / "log", FANOUT_API_KEY=KEY) as service:
        page = new_page()
        page.route("**/swagger-ui*", lambda route: route.fulfill(status=404))
        page.goto(service.url + "/docs")
        page.get_by_label("key").fill(KEY)
        page.get_by_role("button", name="Show the documentation").click()
        expect(page.locator("#without-ui")).to_contain_text("uv sync --extra docs")
        page.get_by_role("link", name="openapi.json").click()
        expect(page.locator("body")).to_contain_text('"operationId": "start_fanout"')


def test_the_pages_work_under_a_root_path(new_page: Callable[..., Page], tmp_path: Path) -> None:
    """The board and the documentation load their files and their data relative to where they are."""
    with server(tmp_path / "log", lambda port: [*command(port), "--root-path", "/agency"]) as service:
        page = new_page()
        page.goto(service.url + "/")
        expect(page.locator("#connection-words")).to_have_text("Live")
        page.goto(service.url + "/docs")
        expect(page.locator("#operations-fanouts-start_fanout")).to_be_visible()
