"""The stream of the live board: what viewers see and when, and what it costs."""

import asyncio
import json
import signal
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import pytest
import uvicorn
from fakes import FakeClock
from office import Office
from store_driver import shift
from viewer import Browser

from app.api import create_app
from app.board.hub import Hub
from app.board.pages import version
from app.board.routes import told_to_stop
from app.domain.commands import PutShift
from app.domain.decisions import Decision
from app.domain.reports import Overview
from app.settings import Settings
from app.simulation.clock import settled
from app.simulation.phones import PhoneNetwork
from app.stores.memory.store import MemoryStore


class CountingStore(MemoryStore):
    """Counts what the board reads, and fails while told to."""

    def __init__(self) -> None:
        super().__init__()
        self.lists = 0
        self.read: list[str] = []
        self.broken = False

    async def shifts_from(self, start: datetime, limit: int) -> list[str]:
        """See `Store`."""
        self.lists += 1
        if self.broken:
            raise OSError("the store is away")
        return await super().shifts_from(start, limit)

    async def overviews(self, shift_ids: Collection[str]) -> list[Overview]:
        """See `Store`."""
        self.read += shift_ids
        return await super().overviews(shift_ids)


def ids(data: dict[str, Any]) -> list[str]:
    """The shifts of an event, in its order."""
    return [row["shift"]["id"] for row in data["rows"]]


async def test_a_viewer_sees_the_whole_page_first() -> None:
    """Every shift by start time, with the service's time; nothing twice."""
    async with Office() as office:
        await office.shift("late", day=5)
        await office.shift("early", day=3, time_zone="America/New_York", location="Quincy 02169")
        async with Browser(office.app) as browser:
            ((name, data),) = browser.new()
            assert (name, ids(data), data["gone"], data["more"]) == ("snapshot", ["early", "late"], [], False)
            assert (data["now"], data["time_zone"]) == ("2026-06-01T10:00:00Z", "UTC")
            assert data["version"] == version()
            assert data["rows"][0] == {
                "shift": (await office.http.get("/shifts/early")).json(),
                "holder": None,
                "fanout": None,
                "sums": None,
            }
            await office.minutes(0.1)
            assert browser.new() == []


async def test_the_stream_is_one_that_no_proxy_keeps() -> None:
    """The type of server-sent events; neither stored nor buffered on the way."""
    async with Office() as office, Browser(office.app) as browser:
        assert browser.status == 200
        assert browser.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert browser.headers["cache-control"] == "no-store"
        assert browser.headers["x-accel-buffering"] == "no"
        assert "content-length" not in browser.headers


async def test_a_fill_arrives_as_it_happens() -> None:
    """Start, texts, a no, an odd answer and the yes: each is in the next frame, and only that shift's row."""
    async with Office() as office:
        ann, ben, eve = [
            await office.caregiver(name, f"+1555000{n:04}") for n, name in enumerate(("ann", "ben", "eve"))
        ]
        await office.shift("s1")
        await office.shift("s2", day=4)
        async with Browser(office.app) as browser:
            browser.new()
            await office.fanout("s1")
            await office.all_read()
            await office.minutes(0.01)
            (*_, (name, data)) = browser.new()
            assert (name, ids(data)) == ("changes", ["s1"])
            assert data["rows"][0]["fanout"]["counts"]["sent"] == 3
            assert data["rows"][0]["sums"] == {"asked": 3, "answered": 0, "declined": 0, "unclear": 0}
            await ann.replies("no")
            await ben.replies("what does it pay?")
            ben.expect_sms()
            await office.minutes(0.01)
            (*_, (_, data)) = browser.new()
            assert data["rows"][0]["sums"] == {"asked": 3, "answered": 2, "declined": 1, "unclear": 1}
            await eve.replies("yes", channel="voice")
            eve.expect_sms()
            await office.minutes(0.01)
            (*_, row) = [row for _, data in browser.new() for row in data["rows"]]
            assert row["shift"]["status"] == "claimed"
            assert row["holder"] == {
                "caregiver_id": "eve",
                "name": "Name of eve",
                "at": row["fanout"]["claimed_at"],
                "via": "voice",
                "release_requested_at": None,
            }
            assert row["sums"] == {"asked": 3, "answered": 3, "declined": 1, "unclear": 0}


async def test_a_write_that_leaves_the_row_as_it_is_is_told() -> None:
    """The holder says yes once more: no sum moves, but who has the shift opened should look again."""
    async with Office() as office:
        ann = await office.caregiver("ann", "+15550000001")
        await office.shift("s1")
        await office.shift("s2", day=4)
        await office.fanout("s1")
        await ann.replies("yes")
        await office.all_read()
        async with Browser(office.app) as browser:
            browser.new()
            await ann.replies("yes", shift_id="s1")
            await office.all_read()
            await office.minutes(0.01)
            events = browser.new()
            assert {(name, *ids(data)) for name, data in events} == {("changes",)}
            assert {id_ for _, data in events for id_ in data["touched"]} == {"s1"}
            await office.minutes(3)
            assert {name for name, _ in browser.new()} == {"time"}


async def test_a_holder_without_a_name_is_still_shown() -> None:
    """Somebody who left the roster after their shift ended."""
    async with Office() as office:
        ann = await office.caregiver("ann", "+15550000001")
        await office.shift("s1")
        await office.fanout("s1")
        await ann.replies("yes")
        await office.all_read()
        await office.minutes(60 * 24 * 31 + 60 * 8)
        await office.http.delete("/caregivers/ann")
        async with Browser(office.app) as browser:
            ((_, data),) = browser.new()
            assert data["rows"][0]["holder"]["caregiver_id"] == "ann"
            assert data["rows"][0]["holder"]["name"] is None


async def test_many_changes_make_few_frames() -> None:
    """A round of 300 in five seconds, each text a change: at most five frames a second, the last one complete."""
    async with Office(notifier=lambda clock: PhoneNetwork(clock, takes_s=0.5), max_in_flight=30) as office:
        for n in range(300):
            await office.caregiver(f"cg-{n:03}", f"+1555{n:07}")
        await office.shift("s1")
        async with Browser(office.app) as browser:
            browser.new()
            await office.fanout("s1")
            await office.clock.advance(5.3)
            await office.all_read()
            frames = browser.new()
            assert 5 <= len(frames) <= 27
            assert frames[-1][1]["rows"][0]["fanout"]["counts"]["sent"] == 300


async def test_a_viewer_that_does_not_read_costs_a_set_of_ids() -> None:
    """A thousand changes while it sleeps are one frame when it wakes; the others are not held up."""
    async with Office() as office:
        await office.shift("s1")
        async with Browser(office.app) as stuck, Browser(office.app) as reader:
            stuck.sleeps()
            for n in range(50):
                await office.shift(f"s{n % 5}", location=f"Place {n}")
                await office.clock.advance(0.3)
            assert len(reader.new()) == 51
            await stuck.wakes()
            frames = stuck.new()
            # One was on its way when it fell asleep.
            assert [name for name, _ in frames] == ["snapshot", "changes", "changes"]
            assert {row["shift"]["location"] for row in frames[-1][1]["rows"]} == {
                "Place 45", "Place 46", "Place 47", "Place 48", "Place 49",
            }  # fmt: skip


async def test_a_viewer_that_sleeps_from_the_start_gets_one_snapshot() -> None:
    """What happened meanwhile is in it."""
    async with Office() as office, Browser(office.app, reads=False) as browser:
        for n in range(20):
            await office.shift("s1", location=f"Place {n}")
            await office.clock.advance(0.3)
        await browser.wakes()
        ((name, data),) = browser.new()
        assert (name, data["rows"][0]["shift"]["location"]) == ("snapshot", "Place 19")


async def test_something_is_heard_every_fifteen_seconds() -> None:
    """With nothing to tell, the service's time."""
    async with Office() as office, Browser(office.app) as browser:
        browser.new()
        await office.clock.advance(14)
        assert browser.new() == []
        await office.clock.advance(31)
        assert [name for name, _ in browser.new()] == ["time"] * 3


async def test_nothing_is_read_while_nobody_watches() -> None:
    """Before the first viewer, and after the last: no read of the store, whatever happens."""
    store = CountingStore()
    async with Office(store=store) as office:
        await office.caregiver("ann", "+15550000001")
        await office.shift("s1")
        await office.fanout("s1")
        await office.all_read()
        assert (store.lists, store.read) == (0, [])
        async with Browser(office.app), Browser(office.app):
            assert (store.lists, store.read) == (1, ["s1"])
        await office.shift("s2", day=4)
        await office.minutes(10)
        await office.all_read()
        assert (store.lists, store.read) == (1, ["s1"])


async def test_only_what_changed_is_read() -> None:
    """One of a hundred shifts changes: one overview is read, for any number of viewers."""
    store = CountingStore()
    async with Office(store=store) as office:
        for n in range(100):
            await office.shift(f"s{n:02}")
        async with Browser(office.app) as one, Browser(office.app) as two:
            await office.clock.advance(1)
            store.read.clear()
            await office.shift("s42", location="Elsewhere")
            await office.clock.advance(1)
            assert store.read == ["s42"]
            assert ids(one.new()[-1][1]) == ids(two.new()[-1][1]) == ["s42"]


async def test_the_page_is_bounded() -> None:
    """The first 500 by start time, and a word that there are more; one that moves to the front pushes one out."""
    async with Office() as office:
        for n in range(501):
            await office.shift(f"s{n:03}", day=3 + n // 100)
        await office.shift("last", day=20)
        async with Browser(office.app) as browser:
            ((_, data),) = browser.new()
            assert ids(data) == [f"s{n:03}" for n in range(500)]
            assert data["more"] is True
            await office.shift("last", day=1)
            await office.clock.advance(1)
            ((_, data),) = browser.new()
            assert (ids(data), data["gone"], data["more"]) == (["last"], ["s499"], True)


async def test_a_change_far_down_the_list_is_not_told() -> None:
    """A shift that is not on the page does not come onto it by changing."""
    async with Office() as office:
        for n in range(501):
            await office.shift(f"s{n:03}")
        async with Browser(office.app) as browser:
            browser.new()
            await office.shift("s500", location="Elsewhere")
            await office.clock.advance(1)
            assert browser.new() == []


async def test_more_shifts_than_fit_are_told_of() -> None:
    """The 501st arrives while somebody watches: no row, but the word that there are more."""
    async with Office() as office:
        for n in range(500):
            await office.shift(f"s{n:03}")
        async with Browser(office.app) as browser:
            browser.new()
            await office.shift("t")
            await office.clock.advance(1)
            ((name, data),) = browser.new()
            assert (name, data["rows"], data["gone"], data["more"]) == ("changes", [], [], True)


async def test_a_shift_leaves_the_board_a_day_after_its_start() -> None:
    """By itself, without any other change."""
    async with Office() as office:
        office.clock._now = datetime.fromisoformat("2026-07-03T07:00:00Z")
        await office.shift("s1", day=2, hours="08-16")
        async with Browser(office.app) as browser:
            assert ids(browser.new()[0][1]) == ["s1"]
            await office.minutes(62)
            gone = [data["gone"] for name, data in browser.new() if name == "changes"]
            assert gone == [["s1"]]


async def test_a_store_that_fails_is_asked_again(caplog: pytest.LogCaptureFixture) -> None:
    """The stream stays open; what changed meanwhile arrives once the store is back."""
    store = CountingStore()
    async with Office(store=store) as office:
        await office.shift("s1")
        store.broken = True
        async with Browser(office.app) as browser:
            await office.clock.advance(20)
            assert [name for name, _ in browser.new()] == ["time"] * 2
            store.broken = False
            await office.clock.advance(1)
            assert [name for name, _ in browser.new()] == ["snapshot"]
            store.broken = True
            await office.shift("s1", location="Elsewhere")
            await office.clock.advance(5)
            ((name, data),) = browser.new()
            assert (name, data["rows"]) == ("changes", [])
            store.broken = False
            await office.clock.advance(1)
            ((name, data),) = browser.new()
            assert (name, data["rows"][0]["shift"]["location"]) == ("changes", "Elsewhere")
    assert "board.fault" in caplog.text


async def test_everybody_hears_since_when_the_store_cannot_be_read() -> None:
    """Without any change, within some seconds, and who comes meanwhile too; and that it is over."""
    store = CountingStore()
    async with Office(store=store) as office:
        await office.shift("s1")
        async with Browser(office.app) as early:
            ((_, data),) = early.new()
            assert data["stale_since"] is None
            store.broken = True
            await office.clock.advance(20)
            since = [data["stale_since"] for _, data in early.new()]
            assert set(since) - {None} == {"2026-06-01T10:00:00Z"}
            assert since[-1] is not None
            async with Browser(office.app) as late:
                ((name, data),) = late.new()
                assert (name, data["stale_since"]) == ("snapshot", since[-1])
                store.broken = False
                await office.clock.advance(1)
                assert [data["stale_since"] for _, data in late.new()] == [None]
    store.broken = True
    async with Office(store=store) as office, Browser(office.app) as first:
        assert [(name, data["stale_since"]) for name, data in first.new()] == [("time", "2026-06-01T10:00:00Z")]


async def test_every_row_is_read_again_however_busy_it_is() -> None:
    """A change that nobody told of is seen within a minute, while another shift changes all the time."""
    store = CountingStore()
    async with Office(store=store) as office:
        await office.shift("s1")
        await office.shift("busy")
        async with Browser(office.app):
            store.read.clear()
            for n in range(70):
                await office.shift("busy", location=f"Place {n}")
                await office.clock.advance(1)
            assert store.read.count("s1") == 1


async def test_the_end_of_the_lifespan_ends_the_streams() -> None:
    """Each stream ends as a whole response does; one that comes later ends at once."""
    office = Office(lifespan=True)
    async with office:
        browser = Browser(office.app)
        await browser.__aenter__()
        assert not browser.ended
    await settled()
    assert browser.ended
    await browser.leaves()
    async with Browser(office.app) as late:
        assert (late.ended, late.events) == (True, [])


async def test_a_browser_that_never_reads_again_does_not_keep_its_stream() -> None:
    """It stopped in the middle of a frame; the end of the lifespan ends the response without it."""
    office = Office(lifespan=True)
    async with office:
        await office.shift("s1")
        stuck = Browser(office.app)
        await stuck.__aenter__()
        stuck.sleeps()
        await office.shift("s2")
        await office.clock.advance(1)
        assert not stuck.returned
    await settled()
    assert stuck.returned
    assert not stuck.ended


@pytest.mark.parametrize(("given", "then"), [(None, 6), (60, 60)])
async def test_a_server_waits_a_while_but_not_for_ever(given: int | None, then: int) -> None:
    """uvicorn without a limit gets one as the signal comes; one that was given a limit keeps it."""
    server = uvicorn.Server(uvicorn.Config(lambda: None, timeout_graceful_shutdown=given))
    before = signal.signal(signal.SIGTERM, server.handle_exit)
    try:
        with told_to_stop(lambda: None):
            assert server.config.timeout_graceful_shutdown == given
            signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert server.should_exit
    assert server.config.timeout_graceful_shutdown == then


async def test_a_service_that_starts_again_streams_again() -> None:
    """A second lifespan of the same application has viewers too."""
    app = create_app(Settings(data=None), clock=FakeClock())
    for _ in range(2):
        async with app.router.lifespan_context(app), Browser(app) as browser:
            assert [name for name, _ in browser.events] == ["snapshot"]


def test_a_viewer_of_an_event_loop_that_is_gone_harms_nobody() -> None:
    """It never left. A write in another loop works as ever, and so do viewers there."""

    async def forsaken() -> None:
        """Watch, and end as a loop does that is stopped in the middle."""
        hub.join()
        await settled()

    async def later() -> list[str]:
        await store.transition(PutShift(shift=shift("s1")), lambda *_: Decision(True, (shift("s1"),)))
        viewer = hub.join()
        frame = await viewer.next_event()
        hub.leave(viewer)
        assert frame is not None
        return ids(json.loads(frame.partition(b"data: ")[2]))

    store = MemoryStore()
    hub = Hub(store, FakeClock(), version="1", zone_name="UTC")
    asyncio.run(forsaken())
    assert asyncio.run(later()) == ["s1"]


async def test_without_the_key_there_is_no_stream() -> None:
    """401 without it, the stream with it."""
    async with Office(api_key="sesame") as office:
        async with Browser(office.app) as stranger:
            assert (stranger.status, stranger.ended) == (401, True)
        async with Browser(office.app, headers={"authorization": "Bearer sesame"}) as browser:
            assert [name for name, _ in browser.events] == ["snapshot"]


async def test_a_signal_is_heard_by_both() -> None:
    """The board is closed, the server's own handler is called, and stays after that."""
    heard: list[str] = []
    before = signal.signal(signal.SIGTERM, lambda *_: heard.append("server"))
    try:
        mine = signal.getsignal(signal.SIGTERM)
        with told_to_stop(lambda: heard.append("board")):
            signal.raise_signal(signal.SIGTERM)
            await settled()
            assert heard == ["server", "board"]
        assert signal.getsignal(signal.SIGTERM) is mine
    finally:
        signal.signal(signal.SIGTERM, before)


async def test_a_handler_set_meanwhile_stays() -> None:
    """Whoever takes the signal over keeps it."""
    before = signal.getsignal(signal.SIGTERM)

    def other(*_: object) -> None:
        """Somebody else's."""

    try:
        signal.signal(signal.SIGTERM, lambda *_: None)
        with told_to_stop(lambda: None):
            signal.signal(signal.SIGTERM, other)
        assert signal.getsignal(signal.SIGTERM) is other
    finally:
        signal.signal(signal.SIGTERM, before)


async def test_the_detail_has_a_row_per_caregiver() -> None:
    """Texted, called, declined, left out: with names, numbers, messages, answers and reasons."""
    async with Office() as office:
        ann = await office.caregiver("ann", "+15550000001")
        ben = await office.caregiver("ben", "+15550000002")
        await office.caregiver("out", "+15550000003", organization_id="elsewhere")
        await office.shift("s1")
        await office.fanout("s1")
        ann.expect_sms()
        ben.expect_sms()
        await ann.replies("no")
        await office.minutes(10)
        ben.expect_call()
        await ben.replies("yes", channel="voice")
        ben.expect_sms()
        detail = (await office.http.get("/shifts/s1/board")).json()
        assert (detail["holder"]["name"], detail["holder"]["via"]) == ("Name of ben", "voice")
        assert detail["fanout"]["round"] == "voice"
        people = {one["caregiver_id"]: one for one in detail["caregivers"]}
        assert {id_: one["name"] for id_, one in people.items()} == {
            "ann": "Name of ann",
            "ben": "Name of ben",
            "out": "Name of out",
        }
        assert people["ann"]["phone"] == "+15550000001"
        assert [(one["channel"], one["status"]) for one in people["ben"]["messages"]] == [
            ("sms", "sent"),
            ("voice", "sent"),
        ]
        assert [one["outcome"] for one in people["ann"]["responses"]] == ["declined"]
        assert (people["out"]["excluded"], people["out"]["messages"]) == ("other_organization", [])


async def test_the_detail_of_a_shift_without_a_fanout() -> None:
    """The shift, and nobody yet; 404 for one there is not."""
    async with Office() as office:
        await office.shift("s1")
        detail = (await office.http.get("/shifts/s1/board")).json()
        assert (detail["shift"]["id"], detail["fanout"], detail["caregivers"]) == ("s1", None, [])
        missing = await office.http.get("/shifts/nothing/board")
        assert (missing.status_code, missing.headers["content-type"]) == (404, "application/problem+json")


async def test_the_detail_has_a_row_for_the_holder_whom_nobody_asked() -> None:
    """Assigned by hand, asked nothing: their no must be written down by somebody."""
    async with Office() as office:
        await office.caregiver("ann", "+15550000001")
        await office.shift("s1")
        await office.assign("s1", "ann")
        await office.all_read()
        (row,) = (await office.http.get("/shifts/s1/board")).json()["caregivers"]
        assert (row["caregiver_id"], row["name"], row["phone"]) == ("ann", "Name of ann", "+15550000001")
        assert (row["messages"], row["responses"], row["excluded"]) == ([], [], None)


async def test_the_detail_of_thousands_is_whole() -> None:
    """250 caregivers, one of them gone since: every one is in it once, those known with their names."""
    async with Office() as office:
        for n in range(250):
            await office.caregiver(f"cg-{n:03}", f"+1555{n:07}")
        await office.shift("s1")
        await office.fanout("s1")
        await office.all_read()
        await office.http.delete("/caregivers/cg-007")
        people = (await office.http.get("/shifts/s1/board")).json()["caregivers"]
        assert [one["caregiver_id"] for one in people] == [f"cg-{n:03}" for n in range(250)]
        assert [one["caregiver_id"] for one in people if one["name"] is None] == ["cg-007"]


async def test_the_board_sees_no_further_back_than_a_day() -> None:
    """Shifts that started two days ago are the past."""
    async with Office() as office:
        office.clock._now += timedelta(days=40)
        await office.shift("old", day=9)
        await office.shift("new", day=30)
        async with Browser(office.app) as browser:
            assert ids(browser.new()[0][1]) == ["new"]
