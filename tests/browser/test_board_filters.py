"""The filters of the board find shifts among all shifts, and stay in the address."""

import json
import re
from collections.abc import Callable
from pathlib import Path

from board_page import line, open_shift, wait_until_live
from playwright.sync_api import Browser, Page, expect
from processes import server

NewPage = Callable[..., Page]

#: The stream has the first 500 of these.
FIRST = [
    {
        "id": f"s-{n:03}",
        "organization_id": "org",
        "role_required": "RN",
        "start_time": f"2099-03-{1 + n // 40:02}T{n % 20:02}:00:00Z",
        "end_time": f"2099-03-{1 + n // 40:02}T{n % 20 + 3:02}:00:00Z",
        "location": f"Place {n:03}",
    }
    for n in range(500)
]
#: In New York this shift starts on the evening of May 1.
LATER = {
    "id": "later",
    "organization_id": "bayside",
    "role_required": "LPN",
    "start_time": "2099-05-01T20:00:00-04:00",
    "end_time": "2099-05-02T04:00:00-04:00",
    "time_zone": "America/New_York",
    "location": "Quincy 02169",
}
LPN = "LPN, Quincy 02169"


def test_filters_find_all_shifts_and_stay_in_the_address(browser: Browser, tmp_path: Path, new_page: NewPage) -> None:
    """By text, day, role and organization; after a reload, beside an opened shift, and until they are cleared."""
    data = tmp_path / "data.json"
    bayside = {"id": "bayside", "name": "Bayside Home Care"}
    data.write_text(json.dumps({"organizations": [bayside], "shifts": [*FIRST, LATER]}))
    with server(tmp_path / "log", FANOUT_DATA=str(data), FANOUT_LOG_LEVEL="ERROR") as service:
        page = new_page()
        page.goto(service.url)
        wait_until_live(page)
        shown = page.locator("li.shift")
        expect(shown).to_have_count(500)
        expect(page.locator("#note")).to_contain_text("A search or a filter finds the later ones.")
        find = page.get_by_role("searchbox", name="Find a shift")

        find.fill("quincy")
        expect(line(page, LPN)).to_be_visible()
        expect(shown).to_have_count(1)
        assert page.url.endswith("#text=quincy")
        open_shift(page, LPN)
        page.reload()
        expect(page.get_by_role("region", name="Shift in detail").get_by_role("heading", name=LPN)).to_be_visible()
        expect(line(page, LPN)).to_be_visible()
        expect(shown).to_have_count(1)
        page.get_by_role("button", name="Close").click()
        assert page.url.endswith("#text=quincy")
        find.fill("bayside HOME")
        expect(line(page, LPN)).to_be_visible()
        expect(shown).to_have_count(1)
        page.get_by_role("button", name="Clear the filters").click()
        expect(shown).to_have_count(500)

        page.locator("summary").click()
        page.get_by_label("From").fill("2099-05-01")
        expect(line(page, LPN)).to_be_visible()
        expect(shown).to_have_count(1)
        page.get_by_label("To").fill("2099-05-01")
        expect(page.locator("summary")).to_have_text("Date, role, organization (2 set)")
        expect(line(page, LPN)).to_be_visible()
        page.get_by_label("From").fill("2099-05-02")
        expect(page.locator("#note")).to_contain_text("No shift matches")
        page.get_by_label("From").fill("")
        page.get_by_label("To").fill("2099-03-01")
        expect(shown).to_have_count(40)
        page.get_by_role("button", name="Clear the filters").click()

        # Both selects offer what has been found so far.
        find.fill("later")
        page.get_by_label("Role").select_option("LPN")
        find.fill("")
        expect(line(page, LPN)).to_be_visible()
        expect(shown).to_have_count(1)
        page.get_by_label("Role").select_option("All roles")
        page.get_by_label("Organization").select_option(label="Bayside Home Care")
        expect(line(page, LPN)).to_be_visible()
        expect(page.get_by_role("button", name="All", exact=False).first).to_have_text(re.compile("All 1"))
