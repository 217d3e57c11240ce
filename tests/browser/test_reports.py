"""The page of the report about filled shifts: its days, figures, chart, tables and file, also on paper."""

import csv
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from board_page import RN, SHIFT, confirm, send_reply, violations
from keys import by, key_file
from playwright.sync_api import Browser, Page, Route, expect
from processes import Server, server

from app.access.keys import Permission

NewPage = Callable[..., Page]
NONE = {"first_answer_median_s": None, "first_answer_p90_s": None, "fill_median_s": None, "fill_p90_s": None}


def figures(asked: int, filled: int, *times: float) -> dict[str, Any]:
    """The figures of a group, as the service gives them."""
    return {"asked": asked, "filled": filled, **(dict(zip(NONE, times, strict=True)) if times else NONE)}


REPORT = {
    "from": "2026-11-01",
    "to": "2026-11-28",
    "time_zone": "America/New_York",
    "total": figures(41, 33, 62.5, 305, 125.5, 4000),
    "by_role": [
        {"role": "home health aide", **figures(1, 0)},
        {"role": "rn", **figures(40, 33, 62.5, 305, 125.5, 4000)},
    ],
    "by_round": [
        {"round": "sms", **figures(41, 30, 62.5, 305, 120, 590)},
        {"round": "voice", **figures(9, 3, 700, 900, 1200, 4000)},
    ],
    "by_hour": [
        {"hour": 0, **figures(1, 0)},
        {"hour": 13, **figures(32, 30, 60, 300, 100, 500)},
        {"hour": 23, **figures(8, 3, 70, 310, 900, 4000)},
    ],
}


@pytest.fixture(scope="module")
def quiet_service(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A service in which nothing happens. Its report is empty."""
    with server(tmp_path_factory.mktemp("quiet") / "log", FANOUT_DATA="") as running:
        yield running


def answer_with(page: Page, report: dict[str, Any]) -> None:
    """Give the page this report, with the days that it asks for."""

    def answer(route: Route) -> None:
        asked = dict(httpx.URL(route.request.url).params)
        route.fulfill(json={**report, **{name: asked[name] for name in ("from", "to") if name in asked}})

    page.route("**/reports/fills*", answer)


def open_report(page: Page, service: Server, fragment: str = "") -> None:
    """Open the page and wait for the report."""
    page.goto(f"{service.url}/reports{fragment}")
    expect(page.locator("#report")).to_have_attribute("aria-busy", "false")


def table(page: Page, title: str) -> list[list[str]]:
    """The rows of the body of a table, as they are written."""
    rows = page.get_by_role("table", name=title, exact=True).locator("tbody tr").all()
    return [[" ".join(cell.split()) for cell in row.locator("th, td").all_inner_texts()] for row in rows]


def test_the_board_leads_to_the_figures_of_its_shifts(service: Server, new_page: NewPage) -> None:
    """A shift that was asked about and filled is counted, and the way back leads to the board."""
    httpx.post(service.url + SHIFT + "/fanout").raise_for_status()
    assert send_reply(service, "+15550002", "YES")["outcome"] == "claimed"
    page = new_page()
    page.goto(service.url)
    page.get_by_role("link", name="Reports").click()
    expect(page.get_by_role("heading", name="Filled shifts")).to_be_visible()
    expect(page.locator(".sums")).to_contain_text("asked about1")
    assert [row[:3] for row in table(page, "By role")] == [["RN", "1", "1 100%"]]
    assert [row[:3] for row in table(page, "By round")] == [["Texts", "1", "1 100%"], ["Calls", "0", "0"]]
    page.get_by_role("link", name="Back to the board").click()
    expect(page.get_by_role("link", name=RN, exact=True)).to_be_visible()


def test_every_figure_is_shown(quiet_service: Server, new_page: NewPage) -> None:
    """Of all, and in the tables: counts, shares and times, if there are any."""
    page = new_page()
    answer_with(page, REPORT)
    open_report(page, quiet_service)
    expect(page).to_have_title("Filled shifts, November 1 – 28, 2026 - Shift board")
    expect(page.get_by_text("Days and hours are those of the zone America/New York.")).to_be_visible()
    totals = [" ".join(text.split()) for text in page.locator(".sums dd").all_inner_texts()]
    assert totals == ["41", "33 80%", "1 min 3 s", "5 min 5 s", "2 min 6 s", "1 h 7 min"]
    nothing = ["none"] * 4
    assert table(page, "By role") == [
        ["Home health aide", "1", "0 0%", *nothing],
        ["RN", "40", "33 83%", "1 min 3 s", "5 min 5 s", "2 min 6 s", "1 h 7 min"],
    ]
    assert table(page, "By round") == [
        ["Texts", "41", "30 73%", "1 min 3 s", "5 min 5 s", "2 min", "9 min 50 s"],
        ["Calls", "9", "3 33%", "12 min", "15 min", "20 min", "1 h 7 min"],
    ]
    assert table(page, "By hour of the day") == [
        ["12 AM", "1", "0 0%", *nothing],
        ["1 PM", "32", "30 94%", "1 min", "5 min", "1 min 40 s", "8 min 20 s"],
        ["11 PM", "8", "3 38%", "1 min 10 s", "5 min 10 s", "15 min", "1 h 7 min"],
    ]


def test_every_figure_is_explained(quiet_service: Server, new_page: NewPage) -> None:
    """Each heading of the tables, and each table, has its meaning on the page."""
    page = new_page()
    answer_with(page, REPORT)
    open_report(page, quiet_service)
    explained = page.locator(".meanings dt").all_inner_texts()
    words = {word.replace("\N{NO-BREAK SPACE}", " ") for word in page.locator("thead th").all_text_contents()}
    for word in words - {"Role", "Round", "Hour"} | set(
        page.locator("table").locator("xpath=../h3").all_inner_texts()
    ):
        assert any(word.lower() in one.lower() for one in explained), word


def test_the_chart_is_drawn_from_the_figures(quiet_service: Server, new_page: NewPage) -> None:
    """A bar for each hour, at its place, as high as its figures; lines at round numbers."""
    page = new_page()
    answer_with(page, REPORT)
    open_report(page, quiet_service)
    place = "(bars) => bars.map((bar) => ['x', 'y', 'width', 'height'].map((name) => bar.getAttribute(name)))"
    bars = page.locator("svg.chart .bar")
    expect(bars).to_have_count(3)
    assert bars.locator(".asked").evaluate_all(place) == [
        ["0.583%", "97.5%", "3%", "2.5%"],
        ["54.75%", "20%", "3%", "80%"],
        ["96.417%", "80%", "3%", "20%"],
    ]
    assert bars.locator(".filled").evaluate_all(place) == [
        ["54.75%", "25%", "3%", "75%"],
        ["96.417%", "92.5%", "3%", "7.5%"],
    ]
    assert page.locator("svg.chart .grid text").all_text_contents() == ["0", "10", "20", "30", "40"]
    assert bars.nth(1).locator("title").text_content() == "1 PM – 2 PM: 32 asked about, 30 filled"


@pytest.mark.parametrize(
    ("most", "lines"),
    [
        (1, [0, 1]),
        (4, [0, 1, 2, 3, 4]),
        (5, [0, 2, 4, 6]),
        (20, [0, 5, 10, 15, 20]),
        (21, [0, 10, 20, 30]),
        (999, [0, 500, 1000]),
        (12_345, [0, 5000, 10_000, 15_000]),
    ],
)
def test_the_lines_are_at_round_numbers(
    quiet_service: Server, new_page: NewPage, most: int, lines: list[int]
) -> None:
    """In steps of 1, 2 or 5, or ten, a hundred ... times as much: at most four, up to the highest bar."""
    page = new_page()
    open_report(page, quiet_service)
    module = f"{quiet_service.url}/static/hour-chart.js"
    found = page.evaluate("async ([module, most]) => (await import(module)).gridLines(most)", [module, most])
    assert found == lines


def test_a_screen_reader_gets_the_chart_in_words(quiet_service: Server, new_page: NewPage) -> None:
    """A title and a description, which names the table with the same figures."""
    page = new_page()
    answer_with(page, REPORT)
    open_report(page, quiet_service)
    chart = page.get_by_role("img", name="Shifts asked about and filled, by hour of the day")
    expect(chart).to_have_accessible_description(
        "Most were asked about between 1 PM and 2 PM: 32 shifts, of which 30 were filled. "
        "The table “By hour of the day” has the figures of every hour."
    )


def test_the_days_are_chosen_and_kept_in_the_address(quiet_service: Server, new_page: NewPage) -> None:
    """By two days, or as the last ones until today. A reload and the back button keep them."""
    page = new_page()
    answer_with(page, REPORT)
    open_report(page, quiet_service)
    first, last = page.get_by_label("From"), page.get_by_label("To", exact=True)
    expect(first).to_have_value("2026-11-01")
    expect(page.get_by_role("button", name="28 days")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="7 days").click()
    expect(first).to_have_value("2026-11-22")
    expect(page.get_by_role("button", name="7 days")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="28 days")).to_have_attribute("aria-pressed", "false")
    assert page.url.endswith("/reports#days=7")
    first.fill("2025-12-30")
    expect(page.get_by_role("heading", name="December 30, 2025 – November 28, 2026")).to_be_visible()
    page.reload()
    expect(first).to_have_value("2025-12-30")
    expect(last).to_have_value("2026-11-28")
    page.go_back()
    expect(first).to_have_value("2026-11-22")


def test_an_empty_period_says_so(quiet_service: Server, new_page: NewPage) -> None:
    """Without a chart, tables or a file."""
    page = new_page()
    open_report(page, quiet_service, "#from=2020-01-01&to=2020-01-31")
    expect(page.get_by_role("heading", name="January 1 – 31, 2020")).to_be_visible()
    expect(page.get_by_text("No shift was asked about in these days.")).to_be_visible()
    expect(page.locator("svg, table")).to_have_count(0)
    expect(page.get_by_role("button", name="Download as CSV")).to_be_hidden()


def test_a_wrong_choice_is_refused_in_words(quiet_service: Server, new_page: NewPage) -> None:
    """The fields keep it, so that it can be corrected; then the report comes back."""
    page = new_page()
    open_report(page, quiet_service, "#from=2026-11-28&to=2026-11-01")
    expect(page.get_by_role("status")).to_have_text(re.compile("^From: must not be after `to`"))
    expect(page.locator("#content")).to_be_empty()
    expect(page.get_by_role("heading")).to_have_text(["Filled shifts"])
    page.get_by_label("From").fill("2026-10-01")
    expect(page.get_by_role("heading", name="October 1 – November 1, 2026")).to_be_visible()
    expect(page.locator("#note")).to_be_empty()


def test_a_slow_answer_does_not_replace_a_later_one(quiet_service: Server, new_page: NewPage) -> None:
    """The report is that of the days chosen last, in whatever order the answers come."""
    page = new_page()
    held: list[Route] = []
    page.route("**/reports/fills?from=2026-01-01*", lambda route: held.append(route))
    open_report(page, quiet_service, "#from=2026-02-01&to=2026-02-28")
    page.evaluate("location.hash = 'from=2026-01-01&to=2026-01-31'")
    expect(page.locator("#report")).to_have_attribute("aria-busy", "true")
    page.evaluate("location.hash = 'from=2026-03-01&to=2026-03-31'")
    expect(page.get_by_role("heading", name="March 1 – 31, 2026")).to_be_visible()
    with page.expect_response("**/reports/fills?from=2026-01-01*"):
        held[0].continue_()
    page.evaluate("() => new Promise(requestAnimationFrame)")
    expect(page.get_by_role("heading", name="March 1 – 31, 2026")).to_be_visible()


def test_the_figures_are_saved_as_csv(service: Server, new_page: NewPage) -> None:
    """The file of the days on the page."""
    httpx.post(service.url + SHIFT + "/fanout").raise_for_status()
    page = new_page()
    open_report(page, service)
    today = page.get_by_label("To", exact=True).input_value()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as CSV").click()
    assert re.fullmatch(rf"filled-shifts-20..-..-..-to-{today}\.csv", download.value.suggested_filename)
    with Path(download.value.path()).open(newline="") as file:
        lines = list(csv.DictReader(file))
    assert [(line["group"], line["asked"]) for line in lines][:2] == [("total", "1"), ("role", "1")]


def test_a_key_of_one_organization_sees_its_own_figures(browser: Browser, tmp_path: Path, new_page: NewPage) -> None:
    """The page asks for the key and counts the shifts of that organization, in the table and in the file."""
    shift = {"role_required": "RN", "start_time": "2038-03-01T12:00:00Z", "end_time": "2038-03-01T20:00:00Z"}
    shifts = [{**shift, "id": f"shift-{name}", "organization_id": name} for name in ("north", "south")]
    data = tmp_path / "data.json"
    data.write_text(json.dumps({"caregivers": [], "shifts": shifts}))
    keys = key_file(tmp_path / "keys.json", ("all", Permission.ADMIN, None), ("north", Permission.READ, "north"))
    with server(tmp_path / "log", FANOUT_API_KEYS=str(keys), FANOUT_DATA=str(data)) as service:
        for id_ in ("shift-north", "shift-south"):
            httpx.post(f"{service.url}/shifts/{id_}/fanout", headers=by("all")).raise_for_status()
        for name, asked in (("all", "2"), ("north", "1")):
            page = new_page()
            page.goto(f"{service.url}/reports")
            page.get_by_role("dialog", name="Key needed").get_by_label("Key").fill(name)
            confirm(page, "Continue")
            expect(page.locator(".sums")).to_contain_text(f"asked about{asked}")
            with page.expect_download() as download:
                page.get_by_role("button", name="Download as CSV").click()
            assert f"total,,{asked},0" in Path(download.value.path()).read_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_report(quiet_service: Server, new_page: NewPage, scheme: str) -> None:
    """Wide and at 320 px, and without anything to report."""
    page = new_page(bypass_csp=True, color_scheme=scheme)
    open_report(page, quiet_service)
    faults = violations(page)
    answer_with(page, REPORT)
    page.reload()
    expect(page.locator("svg.chart").last).to_be_visible()
    for width in (1400, 320):
        page.set_viewport_size({"width": width, "height": 900})
        faults += violations(page)
    assert faults == []


def test_no_width_needs_sideways_scrolling(quiet_service: Server, new_page: NewPage) -> None:
    """From 320 px on; and no table is wider than its card."""
    page = new_page()
    answer_with(page, REPORT)
    open_report(page, quiet_service)
    too_wide = "(cards) => cards.filter((card) => card.scrollWidth > card.clientWidth).length"
    for width in (320, 360, 390, 500, 700, 1000, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator(".card").evaluate_all(too_wide) == 0, width


def test_on_paper_it_is_the_report_alone(quiet_service: Server, new_page: NewPage) -> None:
    """Black on white also from a dark screen; no fields and buttons; the chart as on the screen."""
    page = new_page(color_scheme="dark", viewport={"width": 680, "height": 900})
    answer_with(page, REPORT)
    open_report(page, quiet_service)
    page.emulate_media(media="print")
    for element in (page.get_by_label("From"), page.get_by_role("button"), page.get_by_text("Back to the board")):
        expect(element.first).to_be_hidden()
    expect(page.get_by_role("heading", name="November 1 – 28, 2026")).to_be_visible()
    expect(page.locator("svg.chart .bar").first).to_be_visible()
    expect(page.get_by_text("What the figures mean")).to_be_visible()
    colours = "(element) => [getComputedStyle(element).color, getComputedStyle(element).backgroundColor]"
    assert page.locator(".card").first.evaluate(colours) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 680
