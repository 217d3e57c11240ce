"""The stream of the live board: which events viewers get and when, and how much is read for them."""

import asyncio
import json
import signal
import sys
from collections.abc import Collection
from datetime import datetime
from typing import Any

import pytest
import uvicorn
from fakes import FakeClock, raising
from office import Office
from store_driver import shift
from viewer import Browser

from app.api import create_app
from app.board.hub import Hub
from app.board.pages import version
from app.board.stream import on_stop_signal
from app.domain.commands import PutShift
from app.domain.decisions import Decision
from app.domain.fanout_reports import Overview
from app.errors import Misconfigured, PermanentFailure, StoreUnavailable
from app.settings import Settings
from app.simulation.clock import settled
from app.simulation.phones import PhoneNetwork
from app.stores.memory.store import MemoryStore


class CountingStore(MemoryStore):
    """Records what the board reads. Raises `error` while `broken` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.lists = 0
        self.read: list[str] = []
        self.broken = False
        self.error: Exception = OSError("the store is away")

    async def shift_ids_from(self, start: datetime, limit: int, organization_id: str | None = None) -> list[str]:
        """See `Store`."""
        self.lists += 1
        if self.broken:
            raise self.error
        return await super().shift_ids_from(start, limit, organization_id)

    async def overviews(self, shift_ids: Collection[str]) -> list[Overview]:
        """See `Store`."""
        self.read += shift_ids
        return await super().overviews(shift_ids)


def ids(data: dict[str, Any]) -> list[str]:
    """The shift ids of an event's rows, in order."""
    return [row["shift"]["id"] for row in data["rows"]]


async def test_the_first_event_has_every_row() -> None:
    """Shifts by start time, the service's time and version. No event follows while nothing changes."""
    async with Office() as office:
        await office.shift("late", day=5)
        await office.shift("early", day=3, time_zone="America/New_York", location="Quincy 02169")
        async with Browser(office.app) as browser:
            ((name, data),) = browser.new()
            assert (name, ids(data), data["gone"], data["more"]) == ("snapshot", ["early", "late"], [], False)
            assert (data["now"], data["time_zone"]) == ("2026-06-01T10:00:00Z", "UTC")
            assert data["rates"] == {"sms": None, "voice": None}
            assert data["version"] == version()
            assert data["rows"][0] == {
                "shift": (await office.http.get("/shifts/early")).json(),
                "organization": None,
                "holder": None,
                "fanout": None,
                "sums": None,
                "attention": [],
                "held": [],
            }
            await office.minutes(0.1)
            assert browser.new() == []


async def test_the_ticker_gets_every_fact_even_of_what_was_undone() -> None:
    """Start, assign, release and start again before the next event: the row shows none of it, the facts all.

    A viewer that joins later gets them in its snapshot, and nobody gets them twice.
    """
    async with Office() as office:
        await office.caregiver("ann", "+16175550001")
        await office.shift("s1")
        async with Browser(office.app) as browser:
            ((_, data),) = browser.new()
            assert data["facts"] == []
            for path, body in (
                ("fanout", None),
                ("assign", {"caregiver_id": "ann"}),
                ("release", {}),
                ("fanout", None),
            ):
                await office.http.post(f"/shifts/s1/{path}", json=body)
            await office.minutes(0.01)
            found = [fact for _, data in browser.new() for fact in data.get("facts", [])]
            assert [(fact["type"], fact["name"]) for fact in found] == [
                ("shift.assigned", "Name of ann"),
                ("shift.released", "Name of ann"),
            ]
            log = (await office.http.get("/shifts/s1/log")).json()["items"]
            assert found == [
                {**one, "name": "Name of ann"} for one in log if one["id"] in {fact["id"] for fact in found}
            ]
            starts = [one["data"]["generation"] for one in log if one["type"] == "fanout.started"]
            assert starts == [1, 2]
            await office.shift("s2", day=5)
            await office.minutes(0.01)
            assert [data["facts"] for _, data in browser.new()] == [[]]
            async with Browser(office.app) as late:
                ((_, data),) = late.new()
                assert data["facts"] == found
            await office.all_read()


async def test_events_have_the_rates() -> None:
    """The page says by them when the last queued text will be out."""
    async with Office(sms_rate=0.5, voice_rate=2.0) as office, Browser(office.app) as browser:
        ((_, data),) = browser.new()
        assert data["rates"] == {"sms": 0.5, "voice": 2.0}


async def test_the_stream_is_neither_cached_nor_buffered() -> None:
    """Headers of a server-sent event stream that tell caches and proxies to pass it on at once."""
    async with Office() as office, Browser(office.app) as browser:
        assert browser.status == 200
        assert browser.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert browser.headers["cache-control"] == "no-store"
        assert browser.headers["x-accel-buffering"] == "no"
        assert "content-length" not in browser.headers


async def test_each_step_of_a_fanout_is_sent_as_it_happens() -> None:
    """Start, texts, a no, an unclear reply and the yes: each is in the next event, with only that shift's row."""
    async with Office() as office:
        ann, ben, eve = [
            await office.caregiver(name, f"+1617555{n:04}") for n, name in enumerate(("ann", "ben", "eve"))
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
                "not_qualified_since": None,
            }
            assert row["sums"] == {"asked": 3, "answered": 3, "declined": 1, "unclear": 0}


def reasons(data: dict[str, Any]) -> list[tuple[str, str | None]]:
    """The reasons of the attention in an event's only row, each with the name of the caregiver it is about."""
    (row,) = data["rows"]
    return [(one["reason"], one["name"]) for one in row["attention"]]


async def test_time_alone_changes_the_attention_of_a_row() -> None:
    """Nobody answers: the shift is unanswered after 20 minutes, starts soon two hours before its start, and expires.

    Each is sent at its time, not at the next read of the list.
    """
    async with Office() as office:
        await office.caregiver("ann", "+16175550001")
        await office.days(31)
        # It is 10 o'clock on July 2.
        await office.shift("s1", day=2, hours="14-15")
        await office.fanout("s1")
        await office.minutes(12)
        await office.all_read()
        async with Browser(office.app) as browser:
            browser.new()
            for minutes, expected in (
                (8, [("unanswered", None)]),
                (100, [("unanswered", None), ("starts_soon", None)]),
                (180, [("expired", None)]),
            ):
                await office.minutes(minutes - 0.01)
                assert [name for name, _ in browser.new() if name != "time"] == []
                await office.clock.advance(0.7)
                ((name, data),) = [event for event in browser.new() if event[0] != "time"]
                assert (name, reasons(data)) == ("changes", expected)
            assert data["rows"][0]["fanout"]["status"] == "expired"


async def test_rows_are_read_again_only_when_time_changes_them() -> None:
    """A shift that became unanswered is read at that moment, and the shift without a fanout is not."""
    store = CountingStore()
    async with Office(store=store) as office:
        await office.caregiver("ann", "+16175550001")
        await office.shift("s1")
        await office.shift("s2")
        await office.fanout("s1")
        await office.minutes(19.9)
        await office.all_read()
        async with Browser(office.app):
            store.read.clear()
            await office.clock.advance(7)
            assert store.read == ["s1"]


async def test_the_attention_names_the_caregiver() -> None:
    """The name is that of the caregiver who must be called, in the stream and in the detail."""
    async with Office() as office:
        ann = await office.caregiver("ann", "+16175550001")
        await office.caregiver("ben", "+16175550002")
        await office.shift("s1")
        await office.fanout("s1")
        await ann.replies("what does it pay?")
        await office.all_read()
        async with Browser(office.app) as browser:
            ((_, data),) = browser.new()
            assert reasons(data) == [("unrecognized", "Name of ann")]
            detail = (await office.http.get("/shifts/s1/board")).json()
            assert detail["attention"] == data["rows"][0]["attention"]
            assert detail["attention"][0]["caregiver_id"] == "ann"


async def test_the_detail_has_the_notices_and_what_became_of_them() -> None:
    """The confirmation, and the notice of the release, which the gateway refuses."""
    async with Office() as office:
        ann = await office.caregiver("ann", "+16175550001")
        await office.shift("s1")
        await office.fanout("s1")
        await ann.replies("yes")
        await office.all_read()
        office.notifier.behaviour = raising(PermanentFailure("landline"))
        await office.release("s1", "ann")
        await office.settled()
        detail = (await office.http.get("/shifts/s1/board")).json()
        assert [(one["kind"], one["status"], one["name"], one["attempts"]) for one in detail["notices"]] == [
            ("confirmation", "sent", "Name of ann", 1),
            ("released", "failed", "Name of ann", 1),
        ]
        assert detail["notices"][1]["error"]
        assert [(one["reason"], one["name"]) for one in detail["attention"]] == [("not_told", "Name of ann")]


async def test_a_write_that_does_not_change_the_row_is_reported() -> None:
    """The holder says yes again: no count changes, but a page that shows the shift in detail must reload it."""
    async with Office() as office:
        ann = await office.caregiver("ann", "+16175550001")
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
    """The holder was deleted after the shift ended: the row has their id and no name."""
    async with Office() as office:
        ann = await office.caregiver("ann", "+16175550001")
        await office.shift("s1")
        await office.fanout("s1")
        await ann.replies("yes")
        await office.all_read()
        await office.days(31)
        await office.minutes(8 * 60)
        await office.http.delete("/caregivers/ann")
        async with Browser(office.app) as browser:
            ((_, data),) = browser.new()
            assert data["rows"][0]["holder"]["caregiver_id"] == "ann"
            assert data["rows"][0]["holder"]["name"] is None


async def test_many_changes_make_few_events() -> None:
    """300 texts within five seconds: at most five events a second, and the last one has the final counts."""
    async with Office(notifier=lambda clock: PhoneNetwork(clock, takes_s=0.5), max_in_flight=30) as office:
        for n in range(300):
            await office.caregiver(f"cg-{n:03}", f"+1617{2_000_000 + n}")
        await office.shift("s1")
        async with Browser(office.app) as browser:
            browser.new()
            await office.fanout("s1")
            await office.clock.advance(5.3)
            await office.all_read()
            events = browser.new()
            assert 5 <= len(events) <= 27
            assert events[-1][1]["rows"][0]["fanout"]["counts"]["sent"] == 300


async def test_a_viewer_that_does_not_read_gets_one_event_for_all_changes() -> None:
    """50 changes while it does not read are one event when it reads again. The other viewer gets each of them."""
    async with Office() as office:
        await office.shift("s1")
        async with Browser(office.app) as stuck, Browser(office.app) as reader:
            stuck.sleeps()
            for n in range(50):
                await office.shift(f"s{n % 5}", location=f"Place {n}")
                await office.clock.advance(0.3)
            assert len(reader.new()) == 51
            await stuck.wakes()
            events = stuck.new()
            # The first `changes` was already being sent when it stopped reading.
            assert [name for name, _ in events] == ["snapshot", "changes", "changes"]
            assert {row["shift"]["location"] for row in events[-1][1]["rows"]} == {
                "Place 45", "Place 46", "Place 47", "Place 48", "Place 49",
            }  # fmt: skip


async def test_a_viewer_that_reads_late_gets_the_latest_snapshot() -> None:
    """20 changes before its first read are all in the snapshot, and no other event follows."""
    async with Office() as office, Browser(office.app, reads=False) as browser:
        for n in range(20):
            await office.shift("s1", location=f"Place {n}")
            await office.clock.advance(0.3)
        await browser.wakes()
        ((name, data),) = browser.new()
        assert (name, data["rows"][0]["shift"]["location"]) == ("snapshot", "Place 19")


async def test_viewers_share_the_rows_and_keep_none_of_them() -> None:
    """A snapshot is sent in pieces of at most 16 KiB. Once they are sent, only the hub refers to them."""
    async with Office() as office:
        await office.shifts({f"s{n:02}": 2 for n in range(120)})
        async with Browser(office.app) as one, Browser(office.app) as two:
            assert len(ids(one.new()[0][1])) == len(ids(two.new()[0][1])) == 120
            hub: Hub = office.app.state.board.of(None)
            pieces = hub.all_rows()
            assert hub.all_rows() is pieces
            assert max(map(len, pieces[:-1])) == 2**14
            alone = (pieces[0] + pieces[1],)
            assert sys.getrefcount(pieces[0]) == sys.getrefcount(alone[0])


async def test_an_event_is_sent_every_fifteen_seconds() -> None:
    """While nothing changes, `time` events keep the connection open."""
    async with Office() as office, Browser(office.app) as browser:
        browser.new()
        await office.clock.advance(14)
        assert browser.new() == []
        await office.clock.advance(31)
        assert [name for name, _ in browser.new()] == ["time"] * 3


async def test_the_store_is_not_read_without_viewers() -> None:
    """No read before the first viewer joins and after the last one leaves, whatever is written."""
    store = CountingStore()
    async with Office(store=store) as office:
        await office.caregiver("ann", "+16175550001")
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
    """One of a hundred shifts changes: one overview is read, however many viewers there are."""
    store = CountingStore()
    async with Office(store=store) as office:
        await office.shifts({f"s{n:02}": 2 for n in range(100)})
        async with Browser(office.app) as one, Browser(office.app) as two:
            await office.clock.advance(1)
            store.read.clear()
            await office.shift("s42", location="Elsewhere")
            await office.clock.advance(1)
            assert store.read == ["s42"]
            assert ids(one.new()[-1][1]) == ids(two.new()[-1][1]) == ["s42"]


async def test_the_board_lists_at_most_500_shifts() -> None:
    """The first 500 by start time, and `more`. A shift that moves to the front pushes the last one out."""
    async with Office() as office:
        await office.shifts({f"s{n:03}": 3 + n // 100 for n in range(501)})
        await office.shift("last", day=20)
        async with Browser(office.app) as browser:
            ((_, data),) = browser.new()
            assert ids(data) == [f"s{n:03}" for n in range(500)]
            assert data["more"] is True
            await office.shift("last", day=1)
            await office.clock.advance(1)
            ((_, data),) = browser.new()
            assert (ids(data), data["gone"], data["more"]) == (["last"], ["s499"], True)


async def test_a_change_of_a_shift_that_is_not_listed_is_not_sent() -> None:
    """The 501st shift changes: no event."""
    async with Office() as office:
        await office.shifts({f"s{n:03}": 2 for n in range(501)})
        async with Browser(office.app) as browser:
            browser.new()
            await office.shift("s500", location="Elsewhere")
            await office.clock.advance(1)
            assert browser.new() == []


async def test_a_501st_shift_sets_more() -> None:
    """It is added while a viewer is there: an event with `more` and without rows."""
    async with Office() as office:
        await office.shifts({f"s{n:03}": 2 for n in range(500)})
        async with Browser(office.app) as browser:
            browser.new()
            await office.shift("t")
            await office.clock.advance(1)
            ((name, data),) = browser.new()
            assert (name, data["rows"], data["gone"], data["more"]) == ("changes", [], [], True)


async def test_a_shift_leaves_the_board_a_day_after_its_start() -> None:
    """Time alone removes it, without a write."""
    async with Office() as office:
        await office.days(31)
        await office.minutes(21 * 60)
        await office.shift("s1", day=2, hours="08-16")
        async with Browser(office.app) as browser:
            assert ids(browser.new()[0][1]) == ["s1"]
            await office.minutes(62)
            removed = [data["gone"] for name, data in browser.new() if name == "changes"]
            assert removed == [["s1"]]


async def test_a_store_that_fails_is_read_again(caplog: pytest.LogCaptureFixture) -> None:
    """The stream stays open, and changes made during the failure are sent after it."""
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


async def test_a_store_that_is_away_is_a_line_without_a_traceback(caplog: pytest.LogCaptureFixture) -> None:
    """It is tried again every second, so a traceback each time would bury the rest of the log."""
    store = CountingStore()
    store.error = StoreUnavailable("no database connection within 2 s")
    async with Office(store=store) as office:
        await office.shift("s1")
        store.broken = True
        async with Browser(office.app):
            await office.clock.advance(2)
        lines = [(one.levelname, one.getMessage(), one.exc_info) for one in caplog.records if "board" in one.name]
    assert set(lines) == {("WARNING", "board.paused no database connection within 2 s", None)}
    assert len(lines) >= 2


async def test_every_viewer_is_told_since_when_the_store_cannot_be_read() -> None:
    """Within 20 s without a write, and at once for viewers who join later. The end of the failure is sent as well."""
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


async def test_a_channel_whose_provider_refuses_everything_is_reported() -> None:
    """From the first refusal until the first message that goes out, also to a viewer who comes later."""
    fault = {"channel": "sms", "fault": "HTTP 401"}
    async with Office() as office:
        office.notifier.behaviour = raising(Misconfigured("HTTP 401"))
        ann = await office.caregiver("ann", "+15550001")
        await office.shift("s1")
        async with Browser(office.app) as first:
            assert [data["channel_faults"] for _, data in first.new()] == [[]]
            await office.fanout("s1")
            await office.clock.advance(1)
            assert first.new()[-1][1]["channel_faults"] == [fault]
            async with Browser(office.app) as late:
                assert [data["channel_faults"] for _, data in late.new()] == [[fault]]
            await office.clock.advance(60)
            ann.expect_sms()
            assert first.new()[-1][1]["channel_faults"] == []


async def test_every_row_is_read_again_however_busy_it_is() -> None:
    """Without a reported write a row is read again within a minute, also while another shift keeps changing."""
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
    """An open stream ends as a complete response. One opened later ends at once, without events."""
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


async def test_a_browser_that_stopped_reading_does_not_block_the_shutdown() -> None:
    """It stopped in the middle of an event. The end of the lifespan ends its response all the same."""
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


async def test_the_store_is_closed_after_the_last_read(caplog: pytest.LogCaptureFixture) -> None:
    """A read is under way when the service stops, and would fail with the closed store: it is given up before."""

    class ClosedStore(MemoryStore):
        """Reads take until the store is closed, and then fail."""

        def __init__(self) -> None:
            super().__init__()
            self.closed = asyncio.Event()
            self.reading = 0

        async def shift_ids_from(self, start: datetime, limit: int, organization_id: str | None = None) -> list[str]:
            """See `Store`."""
            self.reading += 1
            try:
                await self.closed.wait()
            finally:
                self.reading -= 1
            raise OSError("the store is closed")

        async def aclose(self) -> None:
            """See `Store`."""
            assert not self.reading
            self.closed.set()
            await settled()

    store = ClosedStore()
    async with Office(lifespan=True, store=store) as office:
        # The stream of this viewer has no turn before the store is closed.
        office.app.state.board.of(None).join()
        await settled()
        assert store.reading == 1
        await office.stop()
    assert "board.fault" not in caplog.text


@pytest.mark.parametrize(("given", "then"), [(None, 6), (60, 60)])
async def test_the_server_gets_a_limit_for_its_shutdown(given: int | None, then: int) -> None:
    """On the signal, uvicorn without a limit is given six seconds; a limit of its own stays."""
    server = uvicorn.Server(uvicorn.Config(lambda: None, timeout_graceful_shutdown=given))
    before = signal.signal(signal.SIGTERM, server.handle_exit)
    try:
        with on_stop_signal(lambda: None):
            assert server.config.timeout_graceful_shutdown == given
            signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert server.should_exit
    assert server.config.timeout_graceful_shutdown == then


async def test_a_service_that_starts_again_streams_again() -> None:
    """Viewers can join during a second lifespan of the same application."""
    app = create_app(Settings(data=None), clock=FakeClock())
    for _ in range(2):
        async with app.router.lifespan_context(app), Browser(app) as browser:
            assert [name for name, _ in browser.events] == ["snapshot"]


def test_a_viewer_of_a_closed_event_loop_does_not_disturb_later_ones() -> None:
    """It never called `leave`. Writes and viewers in another event loop work as usual."""

    async def join_without_leaving() -> None:
        """Join and end, like an event loop that is stopped early."""
        hub.join()
        await settled()

    async def join_later() -> list[str]:
        await store.transition(
            PutShift(shift=shift("s1"), now=FakeClock().now()), lambda *_: Decision(True, (shift("s1"),))
        )
        viewer = hub.join()
        event = await viewer.next_event()
        hub.leave(viewer)
        assert event is not None
        return ids(json.loads(b"".join(event).partition(b"data: ")[2]))

    store = MemoryStore()
    hub = Hub(store, FakeClock(), version="1", zone_name="UTC")
    store.on_change(hub.on_write)
    asyncio.run(join_without_leaving())
    assert asyncio.run(join_later()) == ["s1"]


async def test_without_the_key_there_is_no_stream() -> None:
    """401 without the key, the stream with it."""
    async with Office(api_key="sesame") as office:
        async with Browser(office.app) as stranger:
            assert (stranger.status, stranger.ended) == (401, True)
        async with Browser(office.app, headers={"authorization": "Bearer sesame"}) as browser:
            assert [name for name, _ in browser.events] == ["snapshot"]


async def test_a_signal_reaches_the_board_and_the_server() -> None:
    """The board is closed and the server's own handler is called. That handler is in place again afterwards."""
    called: list[str] = []
    before = signal.signal(signal.SIGTERM, lambda *_: called.append("server"))
    try:
        servers_own = signal.getsignal(signal.SIGTERM)
        with on_stop_signal(lambda: called.append("board")):
            signal.raise_signal(signal.SIGTERM)
            await settled()
            assert called == ["server", "board"]
        assert signal.getsignal(signal.SIGTERM) is servers_own
    finally:
        signal.signal(signal.SIGTERM, before)


async def test_a_signal_handler_set_in_between_stays() -> None:
    """A handler that replaced ours is not replaced by the earlier one."""
    before = signal.getsignal(signal.SIGTERM)

    def other(*_: object) -> None:
        """A handler that other code has set."""

    try:
        signal.signal(signal.SIGTERM, lambda *_: None)
        with on_stop_signal(lambda: None):
            signal.signal(signal.SIGTERM, other)
        assert signal.getsignal(signal.SIGTERM) is other
    finally:
        signal.signal(signal.SIGTERM, before)


async def test_the_detail_has_a_row_per_caregiver() -> None:
    """Caregivers who were texted, called or excluded, and who declined: names, messages, answers and reasons."""
    async with Office() as office:
        ann = await office.caregiver("ann", "+16175550001")
        ben = await office.caregiver("ben", "+16175550002")
        await office.caregiver("out", "+16175550003", organization_id="elsewhere")
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
        assert people["ann"]["phone"] == "+16175550001"
        assert [(one["channel"], one["status"]) for one in people["ben"]["messages"]] == [
            ("sms", "sent"),
            ("voice", "sent"),
        ]
        assert [one["outcome"] for one in people["ann"]["responses"]] == ["declined"]
        assert (people["out"]["excluded"], people["out"]["messages"]) == ("other_organization", [])


async def test_a_row_has_the_name_and_the_zone_of_the_organization() -> None:
    """The shift's own zone comes first. The row of an organization without a record has neither."""
    async with Office() as office:
        zone = "America/New_York"
        await office.http.put("/organizations/org", json={"name": "Harbor Home Health", "time_zone": zone})
        await office.shift("s1", organization_id="org")
        await office.shift("s2", organization_id="org", time_zone="America/Chicago")
        await office.shift("s3", organization_id="other")
        details = [(await office.http.get(f"/shifts/{id_}/board")).json() for id_ in ("s1", "s2", "s3")]
        assert [(one["organization"], one["shift"]["time_zone"]) for one in details] == [
            ("Harbor Home Health", zone),
            ("Harbor Home Health", "America/Chicago"),
            (None, None),
        ]


async def test_the_detail_of_a_shift_without_a_fanout() -> None:
    """The shift without caregivers. 404 for a shift that does not exist."""
    async with Office() as office:
        await office.shift("s1")
        detail = (await office.http.get("/shifts/s1/board")).json()
        assert (detail["shift"]["id"], detail["fanout"], detail["caregivers"]) == ("s1", None, [])
        missing = await office.http.get("/shifts/nothing/board")
        assert (missing.status_code, missing.headers["content-type"]) == (404, "application/problem+json")


async def test_the_detail_has_a_row_for_a_holder_who_was_not_asked() -> None:
    """The shift was assigned by hand. The coordinator must be able to record it if they withdraw by phone."""
    async with Office() as office:
        await office.caregiver("ann", "+16175550001")
        await office.shift("s1")
        await office.assign("s1", "ann")
        await office.all_read()
        (row,) = (await office.http.get("/shifts/s1/board")).json()["caregivers"]
        assert (row["caregiver_id"], row["name"], row["phone"]) == ("ann", "Name of ann", "+16175550001")
        assert (row["messages"], row["responses"], row["excluded"]) == ([], [], None)


async def test_the_detail_of_several_chunks_is_complete() -> None:
    """250 caregivers, one of them deleted since: each is in it once, and only the deleted one has no name."""
    async with Office() as office:
        for n in range(250):
            await office.caregiver(f"cg-{n:03}", f"+1617{2_000_000 + n}")
        await office.shift("s1")
        await office.fanout("s1")
        await office.all_read()
        await office.http.delete("/caregivers/cg-007")
        people = (await office.http.get("/shifts/s1/board")).json()["caregivers"]
        assert sorted(one["caregiver_id"] for one in people) == [f"cg-{n:03}" for n in range(250)]
        assert [one["caregiver_id"] for one in people if one["name"] is None] == ["cg-007"]


async def test_the_board_does_not_list_older_shifts() -> None:
    """A shift that started more than a day ago is not listed."""
    async with Office() as office:
        await office.days(40)
        await office.shift("old", day=9)
        await office.shift("new", day=30)
        async with Browser(office.app) as browser:
            assert ids(browser.new()[0][1]) == ["new"]
