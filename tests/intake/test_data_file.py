"""The data file: the records that a good one becomes, and the line that a bad one is refused with."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
import pytest
from fakes import START, FakeClock

from app.api import create_app
from app.domain.records import Caregiver, Organization, Shift
from app.errors import StartRefused
from app.intake.data_file import DataFile, read_data_file
from app.settings import SAMPLE_DATA, Settings
from app.stores.memory.store import MemoryStore

ANN = {"id": "ann", "name": "Ann", "role": "RN", "phone": "555-555-0101"}
BOB = {"id": "bob", "name": "Bob", "role": "LPN", "phone": "+15555550102", "organization_id": "north"}
SHIFT = {
    "id": "s1",
    "organization_id": "north",
    "role_required": "RN",
    "start_time": "2026-07-02T08:00:00-04:00",
    "end_time": "2026-07-02T16:00:00-04:00",
    "time_zone": "America/New_York",
    "location": "Quincy 02169",
}


def write(path: Path, content: object) -> Path:
    """Write the content to the path: bytes unchanged, anything else as JSON. Returns the path."""
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def read(path: Path) -> DataFile:
    """The records of a file, for a service that starts at START, in UTC."""
    return read_data_file(path, now=START, zone_name="UTC")


def refusal(path: Path) -> str:
    """The line with which the file is refused."""
    with pytest.raises(StartRefused) as refused:
        read(path)
    message = str(refused.value)
    assert message.startswith(f"FANOUT_DATA={str(path)!r}: ")
    assert "\n" not in message
    return message.removeprefix(f"FANOUT_DATA={str(path)!r}: ")


def test_a_good_file_becomes_records(tmp_path: Path) -> None:
    """Caregivers and shifts come out in the file's order, numbers in E.164 and times in UTC."""
    found = read(write(tmp_path / "a.json", {"caregivers": [BOB, ANN], "shifts": [SHIFT]}))
    assert found.caregivers == (
        Caregiver(id="bob", name="Bob", roles=("LPN",), phone="+15555550102", organization_ids=("north",)),
        Caregiver(id="ann", name="Ann", roles=("RN",), phone="+15555550101"),
    )
    assert found.shifts == (
        Shift(
            id="s1",
            organization_id="north",
            role_required="RN",
            start_time=datetime(2026, 7, 2, 12, tzinfo=UTC),
            end_time=datetime(2026, 7, 2, 20, tzinfo=UTC),
            time_zone="America/New_York",
            location="Quincy 02169",
            utc_offset_s=-4 * 3600,
        ),
    )


@pytest.mark.parametrize("content", [{}, {"caregivers": []}, {"shifts": [], "comment": "later"}])
def test_missing_parts_are_empty(tmp_path: Path, content: object) -> None:
    """A file without caregivers or without shifts is accepted, and unknown keys are ignored."""
    found = read(write(tmp_path / "a.json", content))
    assert (found.caregivers, found.shifts) == ((), ())


def test_a_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    """A file from an editor that writes a byte order mark is accepted."""
    content = b"\xef\xbb\xbf" + json.dumps({"caregivers": [ANN]}).encode()
    assert len(read(write(tmp_path / "a.json", content)).caregivers) == 1


def test_a_missing_file(tmp_path: Path) -> None:
    """A path without a file is refused, and the line has the path."""
    assert refusal(tmp_path / "none.json") == "No such file or directory"


def test_a_directory(tmp_path: Path) -> None:
    """A directory is refused, and the line has the path."""
    assert refusal(tmp_path) == "Is a directory"


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"caregivers: []", b"\xff\xfe\xfd"],
    ids=["empty", "cut off", "yaml", "not utf-8"],
)
def test_not_json(tmp_path: Path, content: bytes) -> None:
    """A file that is not JSON is refused as not JSON."""
    assert refusal(write(tmp_path / "a.json", content)).startswith("not JSON: ")


@pytest.mark.parametrize(
    "content",
    [b"[" * 100_000, b'{"a":' * 100_000, b"9" * 5000],
    ids=["deep lists", "deep objects", "huge number"],
)
def test_too_much_to_read(tmp_path: Path, content: bytes) -> None:
    """A file that is nested too deeply, or has too long a number, is refused, but not as something else than JSON."""
    assert refusal(write(tmp_path / "a.json", content)).startswith("cannot be read: ")


@pytest.mark.parametrize("content", [[], [ANN], "caregivers", 5, None, True])
def test_not_an_object(tmp_path: Path, content: object) -> None:
    """JSON that is not an object is refused with the shape that it must have."""
    assert refusal(write(tmp_path / "a.json", content)) == 'must be {"caregivers": [...], "shifts": [...]}'


@pytest.mark.parametrize("part", ["caregivers", "shifts"])
@pytest.mark.parametrize("rows", [{}, "x", 1, None, {"ann": ANN}])
def test_a_part_that_is_not_a_list(tmp_path: Path, part: str, rows: object) -> None:
    """A part that is not a list is refused by name."""
    assert refusal(write(tmp_path / "a.json", {part: rows})) == f"{part} must be a list"


@pytest.mark.parametrize("part", ["caregivers", "shifts"])
@pytest.mark.parametrize("row", [[], "x", 1, None])
def test_a_record_that_is_not_an_object(tmp_path: Path, part: str, row: object) -> None:
    """A record that is not an object is refused with its place in the file."""
    assert refusal(write(tmp_path / "a.json", {part: [row]})) == f"{part}[0]: must be an object"


@pytest.mark.parametrize("id_", [None, "", "x" * 129, "a\nb", 7, ["x"]])
def test_a_bad_id(tmp_path: Path, id_: object) -> None:
    """An id that is missing, empty, too long, not a string or not printable is refused with its place."""
    content = {"caregivers": [BOB, ANN | {"id": id_}]}
    assert refusal(write(tmp_path / "a.json", content)).startswith("caregivers[1]: id: ")


def test_shifts_are_moved_ahead_of_the_start(tmp_path: Path) -> None:
    """With `relative_to` the week of that Monday becomes the week after the start, a Monday in June 2026."""
    content = {"relative_to": "2026-06-29", "caregivers": [ANN], "shifts": [SHIFT]}
    found = read(write(tmp_path / "a.json", content))
    assert len(found.caregivers) == 1
    assert [shift.start_time for shift in found.shifts] == [datetime(2026, 6, 11, 12, tzinfo=UTC)]


@pytest.mark.parametrize("value", [None, "2026-06-30", "soon", 20260629, []])
def test_a_bad_relative_to(tmp_path: Path, value: object) -> None:
    """A `relative_to` that is not a Monday is refused by name, also in a file without shifts."""
    expected = "relative_to: must be the date of a Monday, like 2038-03-01, in the years 1971 to 2999"
    assert refusal(write(tmp_path / "a.json", {"relative_to": value})) == expected


BAD_RECORDS: list[tuple[str, dict[str, Any], str]] = [
    ("caregivers", ANN | {"phone": "none"}, "caregivers[1] (id 'ann'): phone: not a telephone number"),
    ("caregivers", ANN | {"phone": 5550001}, "caregivers[1] (id 'ann'): phone: "),
    ("caregivers", {"id": "ann"}, "caregivers[1] (id 'ann'): name: Field required; role: Field required; phone: "),
    ("caregivers", ANN | {"role": "  "}, "caregivers[1] (id 'ann'): role: "),
    ("caregivers", ANN | {"name": "\ud800"}, "caregivers[1] (id 'ann'): name: "),
    ("shifts", SHIFT | {"start_time": "2026-07-02T08:00:00"}, "shifts[1] (id 's1'): start_time: "),
    ("shifts", SHIFT | {"start_time": 1_782_993_600}, "shifts[1] (id 's1'): start_time: must be a date and time"),
    ("shifts", SHIFT | {"end_time": SHIFT["start_time"]}, "shifts[1] (id 's1'): end_time: must be after start_time"),
    ("shifts", SHIFT | {"time_zone": "Mars/X"}, "shifts[1] (id 's1'): time_zone: not the name of a time zone"),
    (
        "organizations",
        {"id": "o", "name": "O", "quiet_hours": {"from": "9:00"}},
        "organizations[1] (id 'o'): quiet_hours",
    ),
    ("organizations", {"id": "o"}, "organizations[1] (id 'o'): name: Field required"),
    ("shifts", SHIFT | {"location": "x" * 61}, "shifts[1] (id 's1'): location: "),
]


def test_organizations_become_records(tmp_path: Path) -> None:
    """Their zone is that of their shifts when the week is moved."""
    north = {"id": "north", "name": "North", "time_zone": "America/New_York", "minimum_rest": 8}
    night = SHIFT | {"start_time": "2026-03-02T23:00:00-05:00", "end_time": "2026-03-03T07:00:00-05:00"}
    del night["time_zone"]
    content = {"relative_to": "2026-03-02", "organizations": [north], "shifts": [night]}
    found = read(write(tmp_path / "a.json", content))
    assert found.organizations == (
        Organization(id="north", name="North", time_zone="America/New_York", minimum_rest=timedelta(hours=8)),
    )
    assert found.shifts[0].start_time.astimezone(ZoneInfo("America/New_York")).hour == 23
    assert found.unknown_fields == ()
    unknown = read(write(tmp_path / "b.json", {"organizations": [north | {"city": "Quincy"}]}))
    assert unknown.unknown_fields == ("organizations.city",)


@pytest.mark.parametrize(("part", "record", "expected"), BAD_RECORDS)
def test_a_bad_record(tmp_path: Path, part: str, record: dict[str, Any], expected: str) -> None:
    """The refusal names the file, the record by place and id, the field and the reason."""
    good: dict[str, dict[str, Any]] = {"caregivers": BOB, "shifts": SHIFT, "organizations": {"name": "First"}}
    first = good[part] | {"id": "first"}
    assert refusal(write(tmp_path / "a.json", {part: [first, record]})).startswith(expected)


@pytest.mark.parametrize(("part", "record"), [("caregivers", ANN), ("shifts", SHIFT)])
def test_an_id_that_appears_twice(tmp_path: Path, part: str, record: dict[str, Any]) -> None:
    """Two records of one kind with one id are refused, even if they are the same."""
    message = refusal(write(tmp_path / "a.json", {part: [record, record]}))
    assert message == f"{part}[1]: id {record['id']!r} appears twice in the file"


def test_a_caregiver_and_a_shift_may_share_an_id(tmp_path: Path) -> None:
    """Ids are unique among caregivers and among shifts, but a caregiver and a shift may have the same id."""
    content = {"caregivers": [ANN], "shifts": [SHIFT | {"id": "ann"}]}
    assert len(read(write(tmp_path / "a.json", content)).shifts) == 1


@pytest.mark.parametrize("phone", ["555-555-0101", "(555) 555-0101", "+1 555 555 0101", "15555550101"])
def test_two_caregivers_with_the_same_number(tmp_path: Path, phone: str) -> None:
    """Two caregivers with the same number are refused, also if it is written in two ways."""
    content = {"caregivers": [ANN, BOB | {"phone": phone}]}
    expected = "caregivers[1] (id 'bob'): phone: caregiver 'ann' has the same number"
    assert refusal(write(tmp_path / "a.json", content)) == expected


def is_uuid(text: str) -> bool:
    """Whether the text is a UUID."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def test_the_sample_data_fits_the_brief() -> None:
    """The sample has several roles, ids that are not UUIDs, and a caregiver who matches two shifts."""
    sample = read(SAMPLE_DATA)
    assert len({caregiver.role.casefold() for caregiver in sample.caregivers}) > 2
    ids = [caregiver.id for caregiver in sample.caregivers] + [shift.id for shift in sample.shifts]
    assert not all(map(is_uuid, ids))
    matches = Counter(
        caregiver.id for caregiver in sample.caregivers for shift in sample.shifts if caregiver.may_work(shift)
    )
    assert max(matches.values()) >= 2
    matched = {shift.id for caregiver in sample.caregivers for shift in sample.shifts if caregiver.may_work(shift)}
    assert matched == {shift.id for shift in sample.shifts}


async def test_the_sample_data_is_there_after_the_start() -> None:
    """A service that starts on the sample file answers with all its records, each shift a few days ahead."""
    clock = FakeClock()
    app = create_app(Settings(data=SAMPLE_DATA, console_latency=0), clock=clock)
    sample = read(SAMPLE_DATA)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:
        caregivers = (await client.get("/caregivers")).json()["items"]
        shifts = (await client.get("/shifts")).json()["items"]
    assert {one["id"] for one in caregivers} == {one.id for one in sample.caregivers}
    assert {one["id"] for one in shifts} == {one.id for one in sample.shifts}
    assert {one["status"] for one in shifts} == {"open"}
    starts = {one["id"]: datetime.fromisoformat(one["start_time"]) for one in shifts}
    assert starts["shift-rn-monday"] == datetime(2026, 6, 8, 11, tzinfo=UTC)
    assert all(START < start < START + timedelta(days=14) for start in starts.values())


@pytest.mark.parametrize(("zone_name", "hour"), [("UTC", 13), ("America/New_York", 12)])
async def test_a_shift_of_the_sample_without_a_zone_has_the_services(zone_name: str, hour: int) -> None:
    """It starts at the same hour in FANOUT_TIMEZONE as in the week of the file, which is in winter."""
    app = create_app(Settings(data=SAMPLE_DATA, timezone=zone_name, console_latency=0), clock=FakeClock())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:
        assert (await client.get("/shifts/lpn-4417")).json()["start_time"] == f"2026-06-10T{hour}:00:00Z"


async def test_a_restart_does_not_move_what_is_there_already() -> None:
    """A second start in another week adds what is missing and overwrites nothing."""
    store = MemoryStore()
    starts = []
    for now in (START, START + timedelta(days=30)):
        app = create_app(Settings(data=SAMPLE_DATA, console_latency=0), clock=FakeClock(now), store=store)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:
            starts.append((await client.get("/shifts/shift-rn-monday")).json()["start_time"])
    assert starts == ["2026-06-08T11:00:00Z"] * 2
