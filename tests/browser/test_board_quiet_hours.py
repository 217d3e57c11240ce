"""What waits for the end of quiet hours: the board says how many, until when, and can send it at once."""

import json
from collections.abc import Callable
from typing import Any

import httpx
from board_page import RN, SHIFT, answer_stream_with, confirm, event, line, open_shift, row
from playwright.sync_api import Page, Route, expect
from processes import Server

NewPage = Callable[..., Page]

STATUSES = ("queued", "sending", "sent", "delivered", "failed", "unknown", "skipped")


def waiting(shift: dict[str, Any], *held: dict[str, Any], round_: str = "sms", sent: int = 0) -> dict[str, Any]:
    """A row with an open fanout, of which these messages wait."""
    counts = {**dict.fromkeys(STATUSES, 0), "queued": sum(one["caregivers"] for one in held), "sent": sent}
    times = {"started_at": "2026-03-01T11:59:00Z", "escalates_at": "2026-03-01T12:09:00Z"}
    return row(
        shift,
        fanout={"generation": 1, "status": "open", "round": round_, **times, "counts": counts},
        sums={"asked": 4, "answered": 0, "declined": 0, "unclear": 0},
        held=list(held),
    )


def held(channel: str, caregivers: int, until: str, reason: str = "quiet_hours") -> dict[str, Any]:
    """An entry of a row's list of what waits."""
    return {"channel": channel, "caregivers": caregivers, "until": until, "reason": reason}


def test_the_board_says_until_when_messages_wait(service: Server, new_page: NewPage) -> None:
    """A line per channel and time, in the zone of the shift; it does not say that calls begin which wait as well."""
    shift = httpx.get(service.url + SHIFT).json()
    zones = {"time_zone": "America/New_York"}
    rows = [
        waiting({**shift, **zones, "id": "all", "location": "all"}, held("sms", 3, "2026-03-01T13:00:00Z")),
        waiting({**shift, **zones, "id": "some", "location": "some"}, held("sms", 1, "2026-03-01T15:00:00Z"), sent=3),
        waiting(
            {**shift, **zones, "id": "calls", "location": "calls"},
            held("voice", 1200, "2026-03-02T12:00:00Z"),
            round_="voice",
            sent=4,
        ),
        waiting(
            {**shift, **zones, "id": "limit", "location": "limit"},
            held("sms", 2, "2026-03-01T13:00:00Z", "offers_per_day"),
        ),
    ]
    page = new_page()
    answer_stream_with(page, event("snapshot", *rows))
    page.goto(service.url)
    progress = {place: line(page, f"RN, {place}").locator(".now") for place in ("all", "some", "calls", "limit")}
    expect(progress["all"]).to_have_text("Texts to 3 caregivers wait until 8:00 AM EST (quiet hours)")
    expect(progress["some"]).to_contain_text("Text to 1 caregiver waits until 10:00 AM EST (quiet hours)Calls in")
    expect(progress["calls"]).to_have_text(
        "Calls to 1,200 caregivers wait until Mon, Mar 2, 7:00 AM EST (quiet hours)"
    )
    expect(progress["limit"]).to_have_text("Texts to 2 caregivers wait until 8:00 AM EST (number of offers in a day)")


def test_what_waits_is_sent_at_once_on_request(service: Server, new_page: NewPage) -> None:
    """The button is there while something waits; it posts the fanout once more, as urgent."""
    shift = httpx.get(service.url + SHIFT).json()
    detail = {**waiting(shift, held("sms", 3, "2026-03-01T13:00:00Z")), "caregivers": [], "notices": []}
    posted: list[object] = []

    def send(route: Route) -> None:
        posted.append(route.request.post_data_json)
        detail["held"] = []
        route.fulfill(json={"status": "open"})

    page = new_page()
    answer_stream_with(page, event("snapshot", row(shift)))
    page.route(f"**{SHIFT}/board", lambda route: route.fulfill(body=json.dumps(detail)))
    page.route(f"**{SHIFT}/fanout", send)
    page.goto(service.url)
    panel = open_shift(page, RN)
    panel.get_by_role("button", name="Urgent: send now").click()
    confirm(page, "Send now")
    expect(panel.get_by_role("button", name="Urgent: send now")).to_have_count(0)
    assert posted == [{"urgent": True}]
