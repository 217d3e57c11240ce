"""Draws docs/board.png: the board while the demo runs, at the moment when the last shift's calls go out.

Run by `just screenshot`; needs Debian's Chromium, as the browser tests do. Takes about a minute.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "board.png"
#: The demo's first seed leaves this one to the calls; one number is out of service.
_OPENED = "lpn-dorchester"
_SPEED = 30
_PATIENCE_MS = 120_000


@contextmanager
def demo() -> Iterator[str]:
    """The demo on a free port; its board's address."""
    command = [sys.executable, "-m", "app", "demo", "--port", "0", "--speed", str(_SPEED), "--keep"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        if process.stdout is None:
            raise AssertionError("a pipe was asked for")
        address = re.search(r"http://\S+?/", process.stdout.readline())
        if address is None:
            raise RuntimeError("the demo did not say where its board is")
        yield address.group()
        process.kill()


def main() -> None:
    """Watch the demo up to the moment and take the picture."""
    with demo() as url, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1400, "height": 900}, device_scale_factor=1.5)
        page.goto(f"{url}#shift={_OPENED}")
        detail = page.locator("#detail")
        expect(detail).to_contain_text("Calling", timeout=_PATIENCE_MS)
        # The calls have gone through, and the answers are still to come.
        expect(detail.locator("[data-name=caregivers]")).to_contain_text("failed", timeout=_PATIENCE_MS)
        page.locator("#detail h2").evaluate("heading => heading.blur()")
        page.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    main()
