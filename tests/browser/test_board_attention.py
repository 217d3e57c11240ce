"""What needs a person: each reason in words, with the name of the caregiver, most urgent shift first."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from board_page import RN, SHIFT, answer_stream_with, badge, event, line, open_shift, row, send_reply
from playwright.sync_api import Page, expect
from processes import Server

NewPage = Callable[..., Page]

#: The time of the events that the tests send, see `board_page.event`.
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def shift_at(shift: dict[str, Any], place: str, hours: float) -> dict[str, Any]:
    """The shift at another place, of eight hours, and starting so many hours from now."""
    start = NOW + timedelta(hours=hours)
    times = {"start_time": start.isoformat(), "end_time": (start + timedelta(hours=8)).isoformat()}
    return {**shift, **times, "id": place, "location": place}


def why(reason: str, name: str | None = None) -> dict[str, Any]:
    """An entry of a row's attention."""
    return {"reason": reason, "since": NOW.isoformat(), "caregiver_id": name and name.lower(), "name": name}


def test_each_reason_has_its_words(service: Server, new_page: NewPage) -> None:
    """In the line of its shift. Replies that were not understood share one line. The title counts the shifts."""
    shift = httpx.get(service.url + SHIFT).json()
    ann = {"caregiver_id": "ann", "name": "Ann", "at": NOW.isoformat(), "via": "sms", "release_requested_at": None}
    expected = {
        "exhausted": "Nobody is left who could say yes",
        "unanswered": "Nobody has accepted in time",
        "starts_soon": "Starts soon, and nobody has the shift",
        "expired": "The shift has ended, and nobody had it",
        "release_requested": "Ann asks to be released",
        "unrecognized": "The reply of Ann was not understood, and 2 more like it",
        "not_told": "Ann could not be told that they no longer have the shift",
        "not_qualified": "Ann has the shift, but their role or organization no longer fits",
        "undelivered": "Every message has failed, so nobody has heard of the shift",
        "opted_out_yes": "Ann said yes, but has opted out of messages",
        "brand_new": "brand new: Ann",
    }
    rows = []
    for reason in expected:
        about = None if reason in ("exhausted", "unanswered", "starts_soon", "expired", "undelivered") else "Ann"
        attention = [why(reason, about)]
        if reason == "unrecognized":
            attention += [why(reason, "Ben"), why(reason, "Celia")]
        rows.append(row({**shift, "id": reason, "location": reason}, attention=attention))
    rows.append(row({**shift, "id": "told", "location": "told"}, holder=ann, attention=[why("not_told", "Ann")]))
    rows.append(row({**shift, "id": "held", "location": "held"}, holder=ann, attention=[why("unrecognized", "Ann")]))
    rows.append(row({**shift, "id": "quiet", "location": "quiet"}))
    page = new_page()
    answer_stream_with(page, event("snapshot", *rows))
    page.goto(service.url)
    for reason, words in expected.items():
        expect(line(page, f"RN, {reason}").locator(".reason")).to_have_text(words)
    expect(line(page, "RN, told").locator(".reason")).to_have_text("Ann could not be told that they have the shift")
    expect(line(page, "RN, held").locator(".reason")).to_have_text("Ann has the shift, but may not come")
    expect(line(page, "RN, quiet").locator(".reason")).to_have_count(0)
    expect(page).to_have_title("(13) Shift board")
    expect(page.get_by_role("button", name="Needs a person")).to_have_text("Needs a person 13")


def test_the_most_urgent_shift_is_first(service: Server, new_page: NewPage) -> None:
    """Under "Needs a person" the next shift to start is first, one that has ended last. Else that one is folded."""
    shift = httpx.get(service.url + SHIFT).json()
    rows = [
        row(shift_at(shift, "ended", -20), **fanout("expired"), attention=[why("expired")]),
        row(shift_at(shift, "running", -1), **fanout("open"), attention=[why("starts_soon")]),
        row(shift_at(shift, "soon", 1), **fanout("open"), attention=[why("starts_soon")]),
        row(shift_at(shift, "calm", 2)),
        row(shift_at(shift, "tomorrow", 20), **fanout("exhausted"), attention=[why("exhausted")]),
    ]
    page = new_page()
    answer_stream_with(page, event("snapshot", *rows))
    page.goto(service.url)
    expect(page.locator("li.shift:visible h3")).to_have_text(["RN, running", "RN, soon", "RN, calm", "RN, tomorrow"])
    page.get_by_text("Ended in the last day: 1 shift").click()
    expect(badge(page, "RN, ended")).to_have_text("Ended unfilled")
    page.get_by_role("button", name="Needs a person").click()
    expect(page.locator("li.shift h3")).to_have_text(["RN, running", "RN, soon", "RN, tomorrow", "RN, ended"])
    assert page.url.endswith("#show=person")


def fanout(status: str) -> dict[str, Any]:
    """The fields of a row whose fanout has asked nobody."""
    counts = dict.fromkeys(("queued", "sending", "sent", "delivered", "failed", "unknown", "skipped"), 0)
    fields = {"generation": 1, "status": status, "round": "sms", "started_at": NOW.isoformat()}
    return {
        "fanout": {**fields, "escalates_at": NOW.isoformat(), "counts": counts},
        "sums": {"asked": 0, "answered": 0, "declined": 0, "unclear": 0},
    }


def test_what_becomes_of_the_notices_is_shown(service: Server, new_page: NewPage) -> None:
    """A yes of a caregiver who has opted out is announced; the confirmation of another one is listed as sent."""
    httpx.post(service.url + SHIFT + "/fanout")
    page = new_page()
    page.goto(service.url)
    detail = open_shift(page)
    send_reply(service, "+15550003", "STOP")
    send_reply(service, "+15550003", "YES", shift_id="shift-rn-monday")
    expect(page.locator("#ticker")).to_contain_text(f"Celia Duarte said yes, but has opted out of messages: {RN}")
    expect(detail.locator("section.person")).to_contain_text("They do not have the shift. Call them. +15550003")
    send_reply(service, "+15550002", "YES", shift_id="shift-rn-monday")
    expect(badge(page, RN)).to_have_text("Filled")
    expect(detail.locator("section.person")).to_be_hidden()
    notice = detail.locator("[data-name=notices] tbody tr").filter(has_text="Ben Whitfield")
    expect(notice).to_contain_text("They have the shift")
    expect(notice).to_contain_text("sent")
