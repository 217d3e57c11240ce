"""`shift-fanout import`: which lines of a CSV file are stored, and what is said of the others."""

from pathlib import Path

import pytest
from office import Office

from app.cli.import_file import Outcome, Records, read, read_file, send
from app.errors import StartRefused

CAREGIVERS = "id,name,role,phone\nann,Ann,RN,617-555-0101\nbob,Bob,LPN,617-555-0102\n"
SHIFTS = (
    "id,organization_id,role_required,start_time,end_time,location\n"
    "s1,org,RN,2026-07-02T08:00:00-04:00,2026-07-02T16:00:00-04:00,\n"
)


async def imported(office: Office, content: str, *, all_or_nothing: bool = False) -> Outcome:
    """What becomes of the file."""
    records = read(content.encode(), None)
    return await send(office.http, "http://service", None, records, all_or_nothing=all_or_nothing)


async def ids(office: Office, kind: str) -> list[str]:
    """The ids of the stored records."""
    return [one["id"] for one in (await office.http.get(f"/{kind}")).json()["items"]]


async def test_caregivers_and_shifts_are_stored() -> None:
    """The columns say which they are. A second import replaces them."""
    async with Office() as office:
        assert (await imported(office, CAREGIVERS)).lines() == ["2 added, 0 replaced, 0 refused"]
        assert (await imported(office, CAREGIVERS)).lines() == ["0 added, 2 replaced, 0 refused"]
        assert (await imported(office, SHIFTS)).lines() == ["1 added, 0 replaced, 0 refused"]
        assert (await ids(office, "caregivers"), await ids(office, "shifts")) == (["ann", "bob"], ["s1"])
        assert (await office.http.get("/shifts/s1")).json()["location"] is None


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_file_as_excel_writes_it(ends: str) -> None:
    """With a byte order mark, semicolons, capital letters, quotes, empty lines, and several values in a cell."""
    lines = ["ID;Name;Roles;Phone", 'ann;"Lee; Ann";RN | LPN;617-555-0101', ";;;", "", "bob;Bob;RN;617-555-0102"]
    records = read(b"\xef\xbb\xbf" + ends.join(lines).encode(), None)
    assert (records.kind, records.refused) == ("caregivers", [])
    assert [(number, row["name"], row["roles"]) for number, row in records.rows] == [
        (2, "Lee; Ann", ["RN", "LPN"]),
        (5, "Bob", ["RN"]),
    ]


def test_several_values_in_a_column_for_one() -> None:
    """A stranger's file may have both roles under `role`. The id of a shift's organization is taken as it is."""
    records = read(b"id,name,role,phone,organization_id\nann,Ann,RN|LPN,617-555-0101,north | south\n", None)
    assert records.refused == []
    assert records.rows[0][1] == {
        "id": "ann",
        "name": "Ann",
        "roles": ["RN", "LPN"],
        "phone": "617-555-0101",
        "organization_ids": ["north", "south"],
    }
    shifts = "id,organization_id,role_required,start_time,end_time\ns1,a|b,RN,2026-07-02T08:00Z,2026-07-02T16:00Z\n"
    assert [row["organization_id"] for _, row in read(shifts.encode(), None).rows] == ["a|b"]


def test_a_broken_line_is_named_with_its_number() -> None:
    """Also after a cell with a line break, which counts as two lines."""
    content = CAREGIVERS + 'cat,"Cat\nLee",RN,1\ndan,Dan,RN,617-555-0103,x\nann,Ann,RN,617-555-0104\n,Eve,RN\n'
    records = read(content.encode(), None)
    assert [row["id"] for _, row in records.rows] == ["ann", "bob"]
    assert [number for number, _ in records.refused] == [4, 6, 7, 8]
    reasons = dict(records.refused)
    assert "phone" in reasons[4]
    assert reasons[6] == "5 cells, but there are 4 columns"
    assert reasons[7] == "id: line 2 has the same"
    assert "id" in reasons[8]


async def test_the_other_lines_are_stored_or_none() -> None:
    """As the option says. What the service refuses is named with its line too."""
    async with Office() as office:
        wrong = CAREGIVERS + "cat,Cat,RN,nonsense\n"
        outcome = await imported(office, wrong, all_or_nothing=True)
        assert (outcome.added, await ids(office, "caregivers")) == (0, [])
        assert [number for number, _ in outcome.refused] == [4]
        outcome = await imported(office, wrong)
        assert (outcome.added, await ids(office, "caregivers")) == (2, ["ann", "bob"])
        outcome = await imported(office, "id,name,role,phone\neve,Eve,RN,617-555-0101\nfay,Fay,RN,617-555-0109\n")
        assert outcome.lines() == [
            "line 2: phone: that number belongs to caregiver 'ann'",
            "1 added, 0 replaced, 1 refused",
        ]


async def test_a_large_file_takes_several_requests() -> None:
    """Each line is stored, and counted once."""
    lines = [f"c{n:04},Nurse {n},RN,+1617555{n:04}" for n in range(450)]
    async with Office() as office:
        outcome = await imported(office, "\n".join(["id,name,role,phone", *lines]))
        assert outcome.lines() == ["450 added, 0 replaced, 0 refused"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "^the file is empty"),
        (b"\xef\xbb\xbf \r\n", "^the file is empty"),
        (b"id,name\n", "neither a column phone nor start_time"),
        (b"name,role,phone\n", "there is no column id"),
        (b"id,name,role,phone,nickname\n", "no field is called 'nickname'"),
        (b"id,name,role,phone,phone\n", "a column comes twice"),
        (b"id,name,role,phone\nann,\xe9,RN,1\n", "not UTF-8"),
    ],
)
def test_what_is_no_such_file_is_refused(content: bytes, reason: str) -> None:
    """One line says why."""
    with pytest.raises(StartRefused, match=reason):
        read(content, None)


async def test_a_service_that_refuses_the_list_is_named() -> None:
    """A wrong key, for example. Nothing is lost: the file can be imported again."""
    async with Office(api_key="sesame-sesame-sesame") as office:
        records = Records("caregivers", [(2, {"id": "ann"})])
        with pytest.raises(StartRefused, match="http://service answers 401, after 0 records"):
            await send(office.http, "http://service", "wrong", records, all_or_nothing=False)


def test_a_file_that_is_not_there_is_named() -> None:
    """With the reason of the system."""
    with pytest.raises(StartRefused, match=r"nowhere\.csv: No such file"):
        read_file(Path("nowhere.csv"), None)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('bob,"Bob"by,RN,617-555-0102', "not CSV: ',' expected after '\"'"),
        (f"bob,{'x' * 200_000},RN,617-555-0102", "not CSV: field larger than field limit (131072)"),
    ],
)
def test_a_line_that_is_no_csv_is_named_and_the_others_are_read(line: str, reason: str) -> None:
    """It is one broken line like any other."""
    lines = ["id,name,role,phone", "ann,Ann,RN,617-555-0101", line, "cat,Cat,RN,617-555-0103"]
    records = read("\n".join(lines).encode(), None)
    assert records.refused == [(3, reason)]
    assert [(number, row["id"]) for number, row in records.rows] == [(2, "ann"), (4, "cat")]


def test_a_quote_that_is_not_closed_is_named_where_it_begins() -> None:
    """All that follows is in its cell, so none of it is stored."""
    records = read(
        b'id,name,role,phone\nann,Ann,RN,617-555-0101\nbob,"Bob,RN,617-555-0102\ncat,Cat,RN,5550103\n', None
    )
    assert records.refused == [(3, "a quote that begins here is not closed")]
    assert [number for number, _ in records.rows] == [2]
