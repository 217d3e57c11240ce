"""`GET /metrics`: what happened to a fanout, as figures that Prometheus reads."""

import re

import pytest
from fakes import raising
from office import NewOffice, Office
from prometheus_client.parser import text_string_to_metric_families

from app.errors import PermanentFailure, StoreUnavailable
from app.ports.store import StoreFigures
from app.stores.memory.store import MemoryStore

#: The names of the figures, without those about the process itself.
NAMES = {
    "fanout_started",
    "fanout_closed",
    "fanout_time_to_fill_seconds",
    "fanout_time_to_first_answer_seconds",
    "fanout_open",
    "fanout_attention",
    "fanout_escalation_lateness_seconds",
    "fanout_messages",
    "fanout_oldest_queued_seconds",
    "fanout_queued",
    "fanout_lag_seconds",
    "fanout_forget_lag_seconds",
    "fanout_provider_seconds",
    "fanout_replies",
    "fanout_transition_seconds",
    "fanout_worker_last_turn_timestamp_seconds",
    "fanout_board_viewers",
    "fanout_wrong_keys",
    "fanout_build_info",
}


async def figures(office: Office) -> dict[str, float]:
    """The samples that are not 0, by name and labels as the text has them, without buckets."""
    # What was read from the store is kept for five seconds.
    await office.minutes(0.1)
    response = await office.http.get("/metrics")
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("text/plain; version=")
    return {
        sample.name + "".join(f" {name}={value}" for name, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
        if sample.value and not sample.name.endswith("_bucket")
    }


async def test_a_filled_shift(new_office: NewOffice) -> None:
    """From its start through a no, the calls and a yes: each is counted once, with its time."""
    async with new_office(sms_notifier="console") as office:
        ann = await office.caregiver("ann", "+15550001")
        ben = await office.caregiver("ben", "+15550002")
        await office.fanout(await office.shift("s1"))
        await office.minutes(2)
        await ann.replies("no")
        assert (await figures(office))["fanout_open"] == 1
        await office.minutes(8)
        await ben.replies("1", channel="voice")
        await ben.replies("yes")
        found = await figures(office)
        await office.all_read()
    expected = {
        "fanout_started_total": 1,
        "fanout_closed_total how=claimed round=voice": 1,
        "fanout_time_to_fill_seconds_count": 1,
        "fanout_time_to_fill_seconds_sum": 606,
        "fanout_time_to_first_answer_seconds_count": 1,
        "fanout_time_to_first_answer_seconds_sum": 120,
        "fanout_escalation_lateness_seconds_count": 1,
        "fanout_messages_total channel=sms kind=offer result=sent": 2,
        "fanout_messages_total channel=voice kind=offer result=sent": 1,
        "fanout_messages_total channel=sms kind=confirmation result=sent": 1,
        "fanout_provider_seconds_count channel=sms": 3,
        "fanout_replies_total channel=sms outcome=declined": 1,
        "fanout_replies_total channel=voice outcome=claimed": 1,
        "fanout_replies_total channel=sms outcome=already_yours": 1,
        "fanout_transition_seconds_count command=Reply": 3,
        "fanout_transition_seconds_count command=StartFanout": 1,
    }
    assert {name: found.get(name) for name in expected} == expected
    assert "fanout_open" not in found
    assert found["fanout_worker_last_turn_timestamp_seconds"] == pytest.approx(office.clock.now().timestamp(), abs=60)


async def test_other_ends_of_a_fanout(new_office: NewOffice) -> None:
    """Assigned, cancelled and expired; an assignment without a fanout ends none."""
    async with new_office(past_shifts=False) as office:
        await office.caregiver("ann", "+15550001")
        for n, name in enumerate(("assigned", "cancelled", "expired", "alone")):
            await office.shift(name, day=2 + n)
        for name in ("assigned", "cancelled", "expired"):
            await office.fanout(name)
        await office.minutes(1)
        await office.assign("assigned", "ann")
        await office.assign("alone", "ann")
        await office.http.delete("/shifts/cancelled/fanout")
        await office.minutes(10)
        await office.days(35)
        await office.http.delete("/shifts/expired/fanout")
        found = await figures(office)
        await office.all_read()
    assert {name: value for name, value in found.items() if name.startswith("fanout_closed")} == {
        "fanout_closed_total how=assigned round=sms": 1,
        "fanout_closed_total how=cancelled round=sms": 1,
        "fanout_closed_total how=expired round=voice": 1,
    }
    assert found["fanout_time_to_fill_seconds_count"] == 1


async def test_shifts_that_need_a_person_are_counted_by_reason() -> None:
    """The same as the board shows; gone when it is settled."""
    async with Office() as office:
        await office.caregiver("ann", "+15550001")
        office.notifier.behaviour = raising(PermanentFailure("no such number"))
        await office.fanout(await office.shift("s1"))
        await office.fanout(await office.shift("s2", role="LPN"))
        found = await figures(office)
        assert {name: value for name, value in found.items() if "attention" in name} == {
            "fanout_attention reason=exhausted": 1,
            "fanout_attention reason=undelivered": 1,
        }
        assert found["fanout_messages_total channel=sms kind=offer result=permanent"] == 1
        await office.assign("s1", "ann")
        assert "fanout_attention reason=undelivered" not in await figures(office)
        await office.all_read()


async def test_what_waits_has_an_age() -> None:
    """A text that the rate holds back, and a step that no worker takes."""
    async with Office(sms_rate=0.01, role="api") as office:
        await office.caregiver("ann", "+15550001")
        await office.post(await office.shift("s1"))
        await office.minutes(1)
        found = await figures(office)
        assert found["fanout_lag_seconds"] == pytest.approx(66)
        assert "fanout_worker_last_turn_timestamp_seconds" not in found, "this process has no worker"
        assert (await office.http.get("/ready")).json() == {"status": "ready", "lag_s": pytest.approx(66)}
    async with Office(sms_rate=0.001) as office:
        await office.caregiver("ann", "+15550001")
        await office.caregiver("ben", "+15550002")
        await office.fanout(await office.shift("s1"))
        await office.minutes(2)
        found = await figures(office)
        assert found["fanout_oldest_queued_seconds"] == pytest.approx(126)
        assert "fanout_lag_seconds" not in found
        await office.all_read()


class Away(MemoryStore):
    """A store whose figures can be away, and which counts how often they are read."""

    def __init__(self) -> None:
        super().__init__()
        self.away = False
        self.reads = 0

    async def figures(self, now: object) -> StoreFigures:
        """See `Store`."""
        self.reads += 1
        if self.away:
            raise StoreUnavailable("the database is away")
        return await super().figures(now)  # type: ignore[arg-type]


async def test_without_the_store_the_other_figures_still_come() -> None:
    """Nobody should be blind just then. What is read from the store is left out, not 0."""
    store = Away()
    async with Office(store=store) as office:
        await office.caregiver("ann", "+15550001")
        store.away = True
        response = await office.http.get("/metrics")
        assert response.status_code == 200
        assert "fanout_started_total 0.0" in response.text
        assert "fanout_open" not in response.text


async def test_the_store_is_read_once_in_five_seconds() -> None:
    """However many scrape."""
    store = Away()
    async with Office(store=store) as office:
        for _ in range(5):
            await office.http.get("/metrics")
        assert store.reads == 1
        await office.minutes(5 / 60)
        await office.http.get("/metrics")
        assert store.reads == 2


async def test_no_label_is_an_id_or_a_number() -> None:
    """The labels have few values that are known, whatever ids and numbers there are."""
    async with Office() as office:
        ann = await office.caregiver("cg-7781", "+15557781")
        await office.fanout(await office.shift("shift-7782"))
        await ann.replies("yes", message_id="m-7783")
        await office.inbound("+15557784", "who is this?", shift_id="shift-7785")
        await office.minutes(1)
        text = (await office.http.get("/metrics")).text
        await office.all_read()
    lines = [line for line in text.splitlines() if line.startswith("fanout_")]
    labels = {match for line in lines for match in re.findall(r'(\w+)="([^"]*)"', line)}
    assert {name for name, _ in labels} == {
        "channel", "kind", "result", "outcome", "command", "reason", "how", "round", "le", "version",
    }  # fmt: skip
    for name, value in labels - {one for one in labels if one[0] in ("le", "version")}:
        assert re.fullmatch(r"[A-Za-z_]+", value), (name, value)
    assert not re.search(r"778[1-5]|\borg\b", "\n".join(lines))


async def test_the_names_are_those_of_the_documentation() -> None:
    """Every figure is there from the start, or once its first event has come; none has another name."""
    async with Office() as office:
        ann = await office.caregiver("ann", "+15550001")
        await office.fanout(await office.shift("s1"))
        await ann.replies("yes")
        await office.minutes(1)
        text = (await office.http.get("/metrics")).text
        await office.all_read()
    names = {family.name for family in text_string_to_metric_families(text)}
    ours = {name for name in names if name.startswith("fanout")}
    assert {name.removesuffix("_info") for name in ours} == {name.removesuffix("_info") for name in NAMES}
    assert "process_resident_memory_bytes" in names


async def test_the_key_is_needed_unless_the_figures_are_open() -> None:
    """`FANOUT_METRICS_OPEN=1` opens nothing else."""
    async with Office(api_key="secret") as office:
        assert (await office.http.get("/metrics")).status_code == 401
        answer = await office.http.get("/metrics", headers={"authorization": "Bearer secret"})
        assert answer.status_code == 200
    async with Office(api_key="secret", metrics_open=True) as office:
        assert (await office.http.get("/metrics")).status_code == 200
        assert (await office.http.get("/shifts")).status_code == 401
    async with Office(api_key="secret", metrics_open=True, role="worker") as office:
        assert (await office.http.get("/metrics")).status_code == 200


async def test_without_the_extra_it_says_so() -> None:
    """A 501 that names the extra."""
    async with Office() as office:
        office.app.state.service.meter = None
        answer = await office.http.get("/metrics")
        assert (answer.status_code, "extra `metrics`" in answer.json()["detail"]) == (501, True)


async def test_wrong_keys_are_counted() -> None:
    """Those that are told to wait too; a request without a key is none."""
    async with Office(api_key="k" * 20) as office:
        await office.http.get("/shifts")
        for _ in range(62):
            await office.http.get("/shifts", headers={"authorization": "Bearer wrong"})
        office.http.headers.update({"authorization": f"Bearer {'k' * 20}"})
        assert (await figures(office))["fanout_wrong_keys_total"] == 62
