"""Takes the picture docs/board.png: the board of the demo, just after the calls for its last shift went out.

Run by `just screenshot`. Needs Debian's Chromium, as the browser tests do. Takes about a minute.
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
#: The shift whose details are shown. With the demo's default seed nobody accepts it by text, and one call fails.
_OPENED = "lpn-dorchester"
_SPEED = 30
_PATIENCE_MS = 120_000


@contextmanager
def demo() -> Iterator[str]:
    """Run the demo on a free port; yields the URL of its board."""
    command = [sys.executable, "-m", "app", "demo", "--port", "0", "--speed", str(_SPEED), "--keep"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        if process.stdout is None:
            raise AssertionError("the process has no pipe")
        address = re.search(r"http://\S+?/", process.stdout.readline())
        if address is None:
            raise RuntimeError("the demo did not print the URL of its board")
        yield address.group()
        process.kill()


def main() -> None:
    """Watch the demo until the calls are out and take the picture."""
    with demo() as url, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1400, "height": 900}, device_scale_factor=1.5)
        page.goto(f"{url}#shift={_OPENED}")
        detail = page.locator("#detail")
        expect(detail).to_contain_text("Calling", timeout=_PATIENCE_MS)
        # The failed call shows that the calls are out; the answers have not come yet.
        expect(detail.locator("[data-name=caregivers]")).to_contain_text("failed", timeout=_PATIENCE_MS)
        page.locator("#detail h2").evaluate("heading => heading.blur()")
        page.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    main()
