"""The service's log: set up only if the process has none, no phone number in full, and no forged field or line."""

import ast
import json
import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from fakes import FakeClock

from app.api import create_app
from app.observability.logs import SafeFormatter, set_up
from app.settings import Settings
from app.simulation.clock import settled

ROOT = Path(__file__).resolve().parents[2]
NUMBER = "+16175550108"


@contextmanager
def no_logging_set_up() -> Iterator[None]:
    """Remove the handlers of the root logger and of the service's, as in a fresh process; restore them afterwards.

    This is not a fixture, because pytest adds its own handlers to the root logger after the fixtures are set up.
    """
    loggers = (logging.getLogger(), logging.getLogger("shift_fanout"))
    before = [(log, log.handlers[:], log.level) for log in loggers]
    for log in loggers:
        log.handlers.clear()
    try:
        yield
    finally:
        for log, handlers, level in before:
            log.handlers[:] = handlers
            log.setLevel(level)


def formatted(message: str, *args: object, fault: BaseException | None = None, stack: str | None = None) -> str:
    """The line that the formatter makes from a record."""
    about = None if fault is None else (type(fault), fault, fault.__traceback__)
    record = logging.LogRecord("shift_fanout.x", logging.INFO, __file__, 1, message, args, about, sinfo=stack)
    return SafeFormatter("%(levelname)s %(message)s").format(record)


@pytest.mark.parametrize(
    ("message", "args", "expected"),
    [
        (f"to {NUMBER}", (), "INFO to ***08"),
        ("to %s", (NUMBER,), "INFO to ***08"),
        ("%s and %s", (NUMBER, "+15550001"), "INFO ***08 and ***01"),
        ("%r", ({"to": NUMBER},), "INFO {'to': '***08'}"),
        ("+123456789012345", (), "INFO ***45"),
        ("+1234567", (), "INFO ***67"),
        ("shift 6175550108 at 10:00", (), "INFO shift 6175550108 at 10:00"),
        ("retry in +5 s", (), "INFO retry in +5 s"),
    ],
)
def test_numbers_are_masked(message: str, args: tuple[object, ...], expected: str) -> None:
    """Every E.164 number in a line, from its text or its arguments, shows its last two digits only."""
    assert formatted(message, *args) == expected


def test_numbers_in_tracebacks_are_masked() -> None:
    """A number in an exception, or in the one it came from, is masked in the traceback."""
    try:
        try:
            raise ValueError(f"bad number {NUMBER}")
        except ValueError as cause:
            raise RuntimeError(f"cannot send to {NUMBER}") from cause
    except RuntimeError as exc:
        line = formatted("fault", fault=exc)
    assert NUMBER not in line
    assert "RuntimeError: cannot send to ***08" in line
    assert "ValueError: bad number ***08" in line


def test_numbers_in_stacks_are_masked() -> None:
    """A number in the stack of a record is masked."""
    assert formatted("here", stack=f'File "x.py" in send(to="{NUMBER}")').endswith('send(to="***08")')


#: Ids that imitate a field, end a value or a line, or change what a terminal shows.
FORGED = [
    "x caregiver=y",
    'x" caregiver="y',
    "x\\",
    "x=y",
    "x\ncaregiver=y",
    "x\r\n2026-07-02 INFO shift_fanout.engine: shift.assigned caregiver=y",
    "x\u2028caregiver=y",
    "x\tcaregiver=y",
    "\x1b[2K\x1b[1Acaregiver=y",
    "\u202ex",
    "",
    " ",
    "caf\u00e9",
]


@pytest.mark.parametrize("forged", FORGED)
def test_a_value_cannot_imitate_a_field_or_a_line(forged: str) -> None:
    """A line splits into the fields of its format, and each value reads back as what was logged."""
    line = formatted("shift.assigned caregiver=%s shift=%s", forged, "s-1")
    assert line.isascii()
    assert line.isprintable()
    values = re.fullmatch(r'INFO shift\.assigned caregiver=("(?:[^"\\]|\\.)*") shift=s-1', line)
    assert values, line
    assert json.loads(values[1]) == forged


def test_plain_values_are_written_as_they_are() -> None:
    """Ids, times, paths, numbers and None need no quotes."""
    line = formatted("a=%s b=%s c=%d d=%s e=%s", "cg-1_x.y", "2026-07-02T08:00:00Z", 3, None, "/srv/data.json")
    assert line == "INFO a=cg-1_x.y b=2026-07-02T08:00:00Z c=3 d=None e=/srv/data.json"


def test_free_text_after_fields_is_quoted_too() -> None:
    """What a gateway answers is not taken for a field."""
    line = formatted("message.not_confirmed caregiver=%s: %s", "ann", "refused: caregiver=bob")
    assert line == 'INFO message.not_confirmed caregiver=ann: "refused: caregiver=bob"'


def test_a_text_without_fields_stays_readable_on_one_line() -> None:
    """A message of the console notifier is not quoted, and it has no character that is not printable."""
    line = formatted("sms to %s: %s", "***08", "Open RN shift at Caf\u00e9\nx\x1b[31m")
    assert line == "INFO sms to ***08: Open RN shift at Caf\u00e9\\nx\\x1b[31m"


def test_a_traceback_cannot_imitate_a_line() -> None:
    """Each of its lines is indented, and it has no escape codes, also if another handler formatted it before."""
    try:
        raise ValueError("x\nINFO shift.assigned caregiver=y \x1b[31m")
    except ValueError as exc:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "fault", (), (type(exc), exc, exc.__traceback__))
    assert "\nINFO shift.assigned" in logging.Formatter().format(record)
    first, *rest = SafeFormatter("%(message)s").format(record).split("\n")
    assert first == "fault"
    assert "  INFO shift.assigned caregiver=y \\x1b[31m" in rest
    assert all(line.startswith("  ") for line in rest)


def test_other_handlers_get_the_record_as_it_was() -> None:
    """The formatter changes a copy."""
    record = logging.LogRecord("x", logging.INFO, __file__, 1, "a=%s", ("x y",), None)
    assert SafeFormatter("%(message)s").format(record) == 'a="x y"'
    assert record.getMessage() == "a=x y"


async def test_ids_from_requests_cannot_imitate_fields(capsys: pytest.CaptureFixture[str]) -> None:
    """A claim, an assignment and a release by ids that look like fields: each line has its own fields once."""
    caregiver_id, shift_id = 'x" caregiver=y', "s shift=z"
    shift = {
        "organization_id": "org",
        "role_required": "RN",
        "start_time": "2026-07-02T08:00:00Z",
        "end_time": "2026-07-02T16:00:00Z",
    }
    with no_logging_set_up():
        app = create_app(Settings(data=None, console_latency=0), clock=FakeClock())
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:
            caregiver = {"name": "Ann", "role": "RN", "phone": "617-555-0108"}
            await client.put(f"/caregivers/{quote(caregiver_id)}", json=caregiver)
            await client.put(f"/shifts/{quote(shift_id)}", json=shift)
            await client.post(f"/shifts/{quote(shift_id)}/fanout")
            await settled()
            await client.post("/messages/inbound", json={"from": "617-555-0108", "body": "YES"})
            await client.post(f"/shifts/{quote(shift_id)}/release", json={})
            await client.post(f"/shifts/{quote(shift_id)}/assign", json={"caregiver_id": caregiver_id})
            await settled()
    lines = [line.partition(": ")[2] for line in capsys.readouterr().err.splitlines()]
    lines = [line.partition(" request=")[0] for line in lines]
    who = json.dumps(caregiver_id)
    about, took = f'shift="s shift=z" caregiver={who}', "generation=1 round=sms after_s=0"
    assert [line for line in lines if line.startswith("shift.")] == [
        f"shift.filled {about} channel=sms {took} first_answer_after_s=0 actor=caregiver",
        f"shift.released {about} actor=office",
        f"shift.assigned {about} actor=office",
    ]


def test_every_field_of_the_log_is_an_argument() -> None:
    """No message of the service is put together before it is logged, so the formatter sees each value."""
    levels = {f"log.{level}" for level in ("debug", "info", "warning", "error", "exception", "critical")}
    calls = 0
    for path in (ROOT / "app").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in levels:
                calls += 1
                assert isinstance(node.args[0], ast.Constant), f"{path}:{node.lineno}"
    assert calls > 10


def test_without_other_logging_the_log_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    """In a fresh process the service logs its level and above to standard error, with numbers masked."""
    with no_logging_set_up():
        set_up("INFO")
        logging.getLogger("shift_fanout.notifier").info("sms to %s", NUMBER)
        logging.getLogger("shift_fanout.notifier").debug("not this")
        logging.getLogger("another.library").warning("nor this")
    out, err = capsys.readouterr()
    assert out == ""
    lines = [line for line in err.splitlines() if "another" not in line and "nor this" not in line]
    assert len(lines) == 1
    assert lines[0].endswith(" INFO shift_fanout.notifier: sms to ***08")


@pytest.mark.parametrize(
    ("level", "shown"), [("DEBUG", 4), ("INFO", 3), ("WARNING", 2), ("ERROR", 1), ("CRITICAL", 0)]
)
def test_the_level_is_where_the_log_begins(level: str, shown: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Records below the level are not shown."""
    with no_logging_set_up():
        set_up(level)
        log = logging.getLogger("shift_fanout.worker")
        for say in (log.debug, log.info, log.warning, log.error):
            say("line")
    assert capsys.readouterr().err.count("shift_fanout.worker: line") == shown


def test_setting_up_twice_logs_once(capsys: pytest.CaptureFixture[str]) -> None:
    """A second application in the process does not log every line twice."""
    with no_logging_set_up():
        set_up("INFO")
        set_up("INFO")
        logging.getLogger("shift_fanout").info("once")
    assert capsys.readouterr().err.count("once") == 1


@pytest.mark.parametrize("name", ["", "shift_fanout"])
def test_existing_handlers_are_left_alone(name: str) -> None:
    """If the root logger or the service's has a handler, neither handlers nor levels change."""
    theirs = logging.StreamHandler(sys.stderr)
    with no_logging_set_up():
        log = logging.getLogger(name)
        log.addHandler(theirs)
        log.setLevel("ERROR")
        app_level = logging.getLogger("shift_fanout").level
        set_up("DEBUG")
        assert log.handlers == [theirs]
        assert log.level == logging.ERROR
        assert logging.getLogger("shift_fanout").level == app_level
        assert logging.getLogger("shift_fanout").handlers == ([theirs] if name else [])


async def test_a_whole_fanout_logs_no_number(capsys: pytest.CaptureFixture[str]) -> None:
    """From the start of the fanout to the claim each message is logged, and no line shows a number."""
    with no_logging_set_up():
        app = create_app(Settings(data=None, console_latency=0), clock=FakeClock())
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:
            caregiver = {"name": "Ann", "role": "RN", "phone": "617-555-0108"}
            await client.put("/caregivers/ann", json=caregiver)
            await client.put("/caregivers/bob", json=caregiver)
            shift = {
                "organization_id": "org",
                "role_required": "RN",
                "start_time": "2026-07-02T08:00:00Z",
                "end_time": "2026-07-02T16:00:00Z",
            }
            await client.put("/shifts/s1", json=shift)
            await client.post("/shifts/s1/fanout")
            await settled()
            answer = await client.post("/messages/inbound", json={"from": "617-555-0108", "body": "YES"})
            await settled()
    assert answer.json()["outcome"] == "claimed"
    log = capsys.readouterr().err
    assert "sms to ***08: Open RN shift Thu Jul 2" in log
    assert "sms to ***08: You have it" in log
    assert not re.search(r"6\D?1\D?7\D*555\D?0108", log)
