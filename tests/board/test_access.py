"""The stream of the board shows a viewer what their key may see, for as long as it may."""

import json
from pathlib import Path

import pytest
from keys import by, key_file
from office import Office
from viewer import Browser

from app.access.keys import Permission

NORTH, SOUTH = "+15555550101", "+15555550102"
#: Stands in every field of the southern organization that may have words.
SECRET = "southern"
#: A key for everything, and one for the organization `north`.
ADMIN, OF_NORTH = ("admin", Permission.ADMIN, None), ("north", Permission.COORDINATE, "north")
#: Minutes in which the board shows every change.
SOON = 0.05


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """The file of both keys."""
    return key_file(tmp_path / "keys.json", ADMIN, OF_NORTH)


async def fill(office: Office) -> None:
    """A shift and a caregiver of each of two organizations, whom its fanout asks."""
    office.http.headers.update(by("admin"))
    for where, phone in (("north", NORTH), (SECRET, SOUTH)):
        await office.caregiver(f"{where}-amy", phone, name=f"Amy {where}", organization_id=where)
        await office.shift(f"{where}-shift", organization_id=where, location=f"{where} place")
        await office.fanout(f"{where}-shift")
    await office.all_read()


async def test_the_stream_has_nothing_of_another_organization(keys: Path) -> None:
    """No shift, no name, no line of the ticker, and no event for their writes: at the beginning and later."""
    async with Office(api_keys=keys) as office:
        await fill(office)
        viewers = [Browser(office.app, headers=by(name)) for name in ("north", "admin")]
        async with viewers[0] as north, viewers[1] as all_:
            ((name, first),) = north.new()
            assert name == "snapshot"
            assert [row["shift"]["id"] for row in first["rows"]] == ["north-shift"]
            all_.new()
            await office.inbound(SOUTH, "YES")
            await office.minutes(SOON)
            assert [fact["name"] for _, data in all_.new() for fact in data["facts"]] == [f"Amy {SECRET}"]
            assert north.new() == []
            await office.inbound(NORTH, "YES")
            await office.minutes(SOON)
            changes = north.new()
            assert [fact["name"] for _, data in changes for fact in data["facts"]] == ["Amy north"]
            assert SECRET not in json.dumps([first, changes])
        await office.all_read()


async def test_a_shift_that_moves_to_another_organization_leaves_the_board(keys: Path) -> None:
    """And is there again when it comes back."""
    async with Office(api_keys=keys) as office:
        office.http.headers.update(by("admin"))
        await office.shift("moved", organization_id="north")
        async with Browser(office.app, headers=by("north")) as north:
            north.new()
            await office.shift("moved", organization_id=SECRET)
            await office.minutes(SOON)
            ((_, changes),) = north.new()
            assert (changes["rows"], changes["gone"]) == ([], ["moved"])
            await office.shift("moved", organization_id="north")
            await office.minutes(SOON)
            ((_, changes),) = north.new()
            assert [row["shift"]["id"] for row in changes["rows"]] == ["moved"]


@pytest.mark.parametrize("left", [(), (("north", Permission.INBOUND, "north"),)], ids=["revoked", "may less"])
async def test_the_stream_of_a_key_that_may_not_read_ends(
    keys: Path, left: tuple[tuple[str, Permission, str | None], ...]
) -> None:
    """Before the next event, whether the key was revoked or may do less than before. Other streams go on."""
    async with Office(api_keys=keys) as office:
        await fill(office)
        viewers = [Browser(office.app, headers=by(name)) for name in ("north", "admin")]
        async with viewers[0] as north, viewers[1] as all_:
            north.new()
            all_.new()
            key_file(keys, ADMIN, *left)
            await office.inbound(NORTH, "YES")
            await office.minutes(SOON)
            assert north.new() == []
            assert north.ended
            assert len(all_.new()) == 1
            assert not all_.ended
        await office.all_read()


async def test_the_board_says_who_may_change_something(tmp_path: Path) -> None:
    """So that the page offers nothing that would be refused."""
    path = key_file(tmp_path / "keys.json", ADMIN, OF_NORTH, ("reader", Permission.READ, None))
    async with Office(api_keys=path) as office:
        await fill(office)
        for name, may_change in (("admin", True), ("north", True), ("reader", False)):
            detail = await office.http.get("/shifts/north-shift/board", headers=by(name))
            assert detail.json()["may_change"] is may_change
