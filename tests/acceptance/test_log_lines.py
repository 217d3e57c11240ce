"""The lines that the service logs: one for each fact, with the request that led to it, and none too often."""

import asyncio
import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import ANY

import pytest
from fakes import FakeClock
from office import NewOffice, Office
from twilio_side import TwilioOffice

from app.api import create_app
from app.errors import StoreUnavailable
from app.observability.logs import JsonFormatter, SafeFormatter
from app.settings import Settings
from app.stores.memory.store import MemoryStore


class Lines(logging.Handler):
    """Keeps what the service would write."""

    def __init__(self, formatter: logging.Formatter) -> None:
        super().__init__()
        self.setFormatter(formatter)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """See `logging.Handler`."""
        self.found.append(self.format(record))

    def starting(self, *names: str) -> list[str]:
        """The lines that begin with one of these names."""
        return [line for line in self.found if line.startswith(names)]


@contextmanager
def lines_of_the_log(formatter: logging.Formatter | None = None, level: int = logging.INFO) -> Iterator[Lines]:
    """The lines of the service's log while the block runs."""
    log, lines = logging.getLogger("shift_fanout"), Lines(formatter or SafeFormatter("%(message)s"))
    before = log.level
    log.addHandler(lines)
    log.setLevel(level)
    try:
        yield lines
    finally:
        log.removeHandler(lines)
        log.setLevel(before)


def without_ids(line: str) -> str:
    """The line without the id that was made for its request."""
    return re.sub(r" request=[0-9a-f]{16}$", " request=ID", line)


async def test_each_fact_is_one_line(new_office: NewOffice) -> None:
    """From the first record to the end: who asked for it, and in which request; the worker's lines have none."""
    with lines_of_the_log() as lines:
        async with new_office(api_key="sesame") as office:
            office.http.headers["authorization"] = "Bearer sesame"
            ann = await office.caregiver("ann", "+15550001")
            await office.fanout(await office.shift("s1"))
            await office.minutes(10)
            await ann.replies("STOP")
            await office.http.delete("/shifts/s1/fanout")
            await office.days(8)
            await office.all_read()
    assert [without_ids(line) for line in lines.starting("fanout.", "record.", "caregiver.")] == [
        "record.changed caregiver=ann record=caregiver change=added actor=key request=ID",
        "record.changed shift=s1 record=shift change=added actor=key request=ID",
        "fanout.started shift=s1 generation=1 role=rn organization_id=org actor=key request=ID",
        "record.changed shift=s1 record=fanout change=planned generation=1 round=sms actor=service",
        "record.changed shift=s1 record=fanout change=escalated generation=1 late_ms=0 actor=service",
        "record.changed shift=s1 record=fanout change=planned generation=1 round=voice actor=service",
        "caregiver.opted_out caregiver=ann channel=sms actor=caregiver request=ID",
        "fanout.exhausted shift=s1 generation=1 round=voice actor=caregiver request=ID",
        "fanout.cancelled shift=s1 generation=1 round=voice actor=key request=ID",
        "record.changed shift=s1 record=fanout change=forgotten generation=1 actor=service",
    ]


async def test_lines_of_requests_at_once_have_their_own_ids(new_office: NewOffice) -> None:
    """PostgreSQL decides many commands in one transaction; each fact still names the request it came by."""
    with lines_of_the_log() as lines:
        async with new_office() as office:

            async def put(n: int) -> None:
                body = {"name": "x", "role": "RN", "phone": f"+155500{n:02}"}
                headers = {"x-request-id": f"request-{n}"}
                answer = await office.http.put(f"/caregivers/c{n}", json=body, headers=headers)
                assert answer.headers["x-request-id"] == f"request-{n}"

            await asyncio.gather(*(put(n) for n in range(20)))
    found = lines.starting("record.changed caregiver=")
    assert len(found) == 20
    for line in found:
        number = re.search(r"caregiver=c(\d+) ", line)
        assert number is not None
        assert line.endswith(f" request=request-{number[1]}"), line


async def test_thousands_of_lines_are_for_debug() -> None:
    """An offer that was sent, and an answer that changes nothing, have their line at DEBUG."""
    for level, expected in ((logging.INFO, 0), (logging.DEBUG, 2)):
        with lines_of_the_log(level=level) as lines:
            async with Office() as office:
                ann = await office.caregiver("ann", "+15550001")
                await office.fanout(await office.shift("s1"))
                await office.http.delete("/shifts/s1/fanout")
                await ann.replies("yes")
                await office.all_read()
        found = lines.starting("offer.sent", "record.changed shift=s1 caregiver=ann record=response")
        assert len(found) == expected


@pytest.mark.parametrize("sent", ["", "two words", "a" * 129, "caf\u00e9", 'x"y'])
async def test_an_id_that_is_not_sane_is_replaced(sent: str) -> None:
    """It could imitate a field of the log."""
    async with Office() as office:
        answer = await office.http.get("/health", headers=[(b"x-request-id", sent.encode())])
        assert re.fullmatch("[0-9a-f]{16}", answer.headers["x-request-id"])
        one, another = [(await office.http.get("/nothing")).headers["x-request-id"] for _ in range(2)]
        assert one != another


class Away(MemoryStore):
    """A store that is away once `away` is set."""

    away = False

    async def check(self) -> None:
        """See `Store`."""
        if self.away:
            raise StoreUnavailable("the database is away")


async def test_refusals_are_logged_once_a_minute() -> None:
    """A 401, and a 503, each with how many there were since its last line."""
    store = Away()
    with lines_of_the_log() as lines:
        async with Office(api_key="sesame", store=store) as office:
            for _ in range(3):
                assert (await office.http.get("/shifts")).status_code == 401
            store.away = True
            for _ in range(2):
                assert (await office.http.get("/ready")).status_code == 503
            await office.minutes(1)
            await office.http.get("/shifts")
    assert [without_ids(line) for line in lines.starting("request.refused")] == [
        "request.refused status=401 method=GET path=/shifts more_since_last_line=0 request=ID",
        "request.refused status=503 method=GET path=/ready more_since_last_line=0 request=ID",
        "request.refused status=401 method=GET path=/shifts more_since_last_line=2 request=ID",
    ]


class NotThere(MemoryStore):
    """A store that cannot be opened."""

    async def open(self) -> None:
        """See `Store`."""
        raise StoreUnavailable("the database is away")


async def test_a_refusal_names_whose_request_it_was() -> None:
    """By the name of the key, even if the service cannot start. Probes and webhooks have no key: nobody is named."""
    with lines_of_the_log() as lines:
        async with Office(api_key="sesame", store=NotThere()) as office:
            for path, headers in (("/shifts", {"authorization": "Bearer sesame"}), ("/ready", {})):
                assert (await office.http.get(path, headers=headers)).status_code == 503
                await office.minutes(1)
        async with TwilioOffice() as calls:
            assert (await calls.http.post("/webhooks/twilio/sms", content=b"")).status_code == 401
    assert [without_ids(line) for line in lines.starting("request.refused", "twilio.bad_signature")] == [
        "request.refused status=503 method=GET path=/shifts more_since_last_line=0 actor=key request=ID",
        "request.refused status=503 method=GET path=/ready more_since_last_line=0 request=ID",
        ANY,
        "request.refused status=401 method=POST path=/webhooks/twilio/sms more_since_last_line=0 request=ID",
    ]
    assert not [line for line in lines.found if "actor=office" in line and "twilio" in line]


async def test_lines_as_json() -> None:
    """Each is one object with the message and the fields, and no number is in it."""
    with lines_of_the_log(JsonFormatter()) as lines:
        async with Office() as office:
            await office.caregiver("cg +16175550108", "+15550001")
            logging.getLogger("shift_fanout.x").info("to %s\nnext", "+16175550108")
            try:
                raise ValueError("+16175550108")
            except ValueError:
                logging.getLogger("shift_fanout.x").exception("x.fault")
    found = [json.loads(line) for line in lines.found]
    assert all("\n" not in line and "6175550108" not in line for line in lines.found)
    (added,) = [line for line in found if line["message"] == "record.changed"]
    assert (added["caregiver"], added["change"], added["actor"]) == ("cg ***08", "added", "office")
    assert re.fullmatch("[0-9a-f]{16}", added["request"])
    assert re.fullmatch(r"2\d{3}-\d\d-\d\dT[0-9:.]+Z", added["at"])
    assert found[-2]["message"] == "to ***08\nnext"
    assert "ValueError: ***08" in found[-1]["traceback"]


async def test_the_settings_are_logged_at_the_start_without_secrets() -> None:
    """Those that differ from the defaults."""
    environ = {
        "FANOUT_ESCALATE_AFTER": "60",
        "FANOUT_API_KEY": "sesame-key",
        "FANOUT_NOTIFIER": "webhook",
        "FANOUT_WEBHOOK_URL": "https://me:sesame@gateway.example/",
        "FANOUT_EVENTS_URL": "https://me:sesame@hr.example/",
        "FANOUT_EVENTS_SECRET": "whsec_c2VzYW1l",
    }
    with lines_of_the_log() as lines:
        app = create_app(Settings.from_env(environ), clock=FakeClock())
        async with app.router.lifespan_context(app):
            pass
    (line,) = lines.starting("service.settings")
    assert {
        "escalate_after=60.0",
        "notifier=webhook",
        "api_key=set",
        "events_url=set",
        "webhook_url=set",
    } <= set(line.split())
    assert "sesame" not in line
    assert "c2Vz" not in line
    assert "6175550100" not in line
    assert "lease=" not in line, "it has its default"
