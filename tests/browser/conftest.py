"""A headless Chromium, driven by Playwright."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from processes import ROOT, Server, server

#: How long a test waits for the page; long, because the machine may be slow.
_PATIENCE_MS = 15_000
#: How Chromium's own messages about unsuccessful responses begin. Tests check what the page shows instead.
_EXPECTED = ("Failed to load resource", "the server responded with a status")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all tests of a module. Its driver runs an event loop, so no test beside it can be async."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("needs a browser: apt-get install chromium")
    expect.set_options(timeout=_PATIENCE_MS)
    with sync_playwright() as driver:
        # As root, as in a container, Chromium does not start with its sandbox.
        running = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """A function that opens a page in a new session, with the options of Playwright's `new_context`.

    The test fails if a page logs an error, throws, breaks its own policy or asks another host for anything.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def new(**options: object) -> Page:
        context = browser.new_context(**options)  # type: ignore[arg-type]  # passed on as they are
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(_PATIENCE_MS)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.on(
            "request",
            lambda request: None if request.url.startswith("http://127.0.0.1:") else faults.append(request.url),
        )
        return page

    yield new
    for context in contexts:
        context.close()
    unexpected = [fault for fault in faults if not fault.startswith(_EXPECTED)]
    assert unexpected == []


@pytest.fixture
def service(browser: Browser, tmp_path: Path) -> Iterator[Server]:
    """A service whose messages take no time, with the sample data in the week of the file, March 2038."""
    content = json.loads((ROOT / "sample_data.json").read_text())
    del content["relative_to"]
    data = tmp_path / "data.json"
    data.write_text(json.dumps(content))
    with server(tmp_path / "log", FANOUT_CONSOLE_LATENCY="0", FANOUT_DATA=str(data)) as running:
        yield running
