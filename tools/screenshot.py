"""Draws docs/board.png: the board over a service that it starts itself, on a morning of its own.

Run by `just screenshot`; needs Debian's Chromium, as the browser tests do.
"""

import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import uvicorn
from playwright.sync_api import expect, sync_playwright

from app.api import create_app
from app.clock import SystemClock
from app.settings import Settings

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "board.png"
#: A quarter to six, in Boston.
MORNING = datetime(2027, 3, 1, 10, 45, tzinfo=UTC)

_NAMES = {
    "RN": "Amara Okafor, Ben Whitfield, Celia Duarte, Dmitri Volkov, Esther Cohen, Fiona Walsh, George Adeyemi",
    "LPN": "Dolores Reyes, Emmanuel Pierre",
    "CNA": "Farida Karimi, Grace Mbeki, Hector Santos, Imani Brooks, Jonas Lindqvist",
    "HHA": "Ines Calloway, Jonah Tran, Keiko Mori, Luis Ortega",
}
_SHIFTS = [
    ("rn-day", "RN", 1, 8, 8, "Quincy 02169"),
    ("cna-day", "CNA", 1, 9, 4, "Dorchester 02122"),
    ("hha-noon", "HHA", 1, 12, 5, "Milton 02186"),
    ("lpn-late", "LPN", 1, 15, 4, "Weymouth 02188"),
    ("rn-night", "RN", 1, 19, 12, "Braintree 02184"),
    ("cna-next", "CNA", 2, 8, 8, "Hingham 02043"),
    ("hha-next", "HHA", 2, 10, 4, "Quincy 02170"),
]


class MovedClock(SystemClock):
    """The real clock, set to that morning; `ahead` can be moved on."""

    def __init__(self) -> None:
        self.ahead = MORNING - super().now()

    def now(self) -> datetime:
        """See `Clock`."""
        return super().now() + self.ahead


def roster() -> dict[str, str]:
    """Telephone numbers by name."""
    names = [name for of_role in _NAMES.values() for name in of_role.split(", ")]
    return {name: f"+1617555{n:04}" for n, name in enumerate(names, start=100)}


def data() -> dict[str, list[dict[str, str]]]:
    """The data file."""
    role_of = {name: role for role, names in _NAMES.items() for name in names.split(", ")}
    midnight = datetime.fromisoformat("2027-03-01T00:00:00-05:00")
    return {
        "caregivers": [
            {"id": name.lower().replace(" ", "-"), "name": name, "role": role_of[name], "phone": phone}
            for name, phone in roster().items()
        ],
        "shifts": [
            {
                "id": id_,
                "organization_id": "northstar-home-health",
                "role_required": role,
                "start_time": (midnight + timedelta(days=day - 1, hours=hour)).isoformat(),
                "end_time": (midnight + timedelta(days=day - 1, hours=hour + length)).isoformat(),
                "time_zone": "America/New_York",
                "location": place,
            }
            for id_, role, day, hour, length, place in _SHIFTS
        ],
    }


@contextmanager
def service(clock: MovedClock) -> Iterator[str]:
    """The service on a free port of this machine; its address."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "data.json"
        file.write_text(json.dumps(data()))
        settings = Settings(data=file, console_latency=0, timezone="America/New_York", log_level="ERROR")
        app = create_app(settings, clock=clock)
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            thread.join(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
        server.should_exit = True
        thread.join()


def live_the_morning(http: httpx.Client, clock: MovedClock) -> None:
    """Shifts in every state: filled, texting with a question, calling, nobody left, release requested."""

    def ask(shift_id: str) -> None:
        http.post(f"/shifts/{shift_id}/fanout").raise_for_status()
        while sum(http.get(f"/shifts/{shift_id}/fanout").json()["counts"][one] for one in ("queued", "sending")):
            pass

    def say(name: str, words: str, shift_id: str, minutes: float = 0.5) -> None:
        clock.ahead += timedelta(minutes=minutes)
        message = {"from": roster()[name], "body": words, "shift_id": shift_id}
        http.post("/messages/inbound", json=message).raise_for_status()

    ask("hha-noon")
    ask("hha-next")
    say("Keiko Mori", "no", "hha-noon")
    say("Luis Ortega", "yes please", "hha-next")
    ask("cna-day")
    say("Grace Mbeki", "YES", "cna-day", minutes=2)
    say("Hector Santos", "yes", "cna-day")
    say("Luis Ortega", "sorry, can't make it after all", "hha-next", minutes=3)
    clock.ahead += timedelta(minutes=5)
    ask("lpn-late")
    say("Dolores Reyes", "no", "lpn-late")
    say("Emmanuel Pierre", "No, sorry", "lpn-late")
    ask("rn-day")
    say("Esther Cohen", "no", "rn-day")
    say("Celia Duarte", "what is the pay for that one?", "rn-day", minutes=1)
    say("Dmitri Volkov", "Not this time", "rn-day")


def main() -> None:
    """Live the morning and take the picture."""
    clock = MovedClock()
    with service(clock) as url, httpx.Client(base_url=url) as http, sync_playwright() as driver:
        live_the_morning(http, clock)
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1400, "height": 900}, device_scale_factor=1.5)
        page.goto(f"{url}/#shift=rn-day")
        expect(page.locator("#connection")).to_have_text("Live")
        expect(page.locator("[data-name=caregivers] tbody tr")).to_have_count(7)
        page.locator("#detail h2").evaluate("heading => heading.blur()")
        page.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    main()
