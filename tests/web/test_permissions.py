"""Which key may use which route, and that a key of one organization finds nothing of another."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from described import assert_fits, operations
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from keys import by, key_file
from office import Office
from starlette.routing import BaseRoute

from app.access.key_file import add_key, revoke_key
from app.access.keys import GRANTS, ApiKey, Permission
from app.api import create_app
from app.settings import Settings
from app.web.permissions import Needs, check_permission
from app.web.problems import ProblemError

NORTH, SOUTH, EVERYWHERE, NEW = "+15555550101", "+15555550202", "+15555550303", "+15555550404"
#: The records of the other organization have these words in every field that may have words.
SECRET = "southern"


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """A key of each kind for everything, and each for the organization `north`; an admin of `south`."""
    every = [(str(may), may, None) for may in Permission]
    north = [(f"north {may}", may, "north") for may in Permission]
    return key_file(tmp_path / "keys.json", *every, *north, ("south", Permission.ADMIN, "south"))


def needs_of(dependant: Dependant) -> Iterator[Needs]:
    """The permissions that a route names."""
    if isinstance(dependant.call, Needs):
        yield dependant.call
    for one in dependant.dependencies:
        yield from needs_of(one)


def routes() -> list[APIRoute]:
    """Every route of the service that FastAPI answers."""
    app = create_app(Settings(data=None))
    found: list[BaseRoute] = [context.route for context in iter_route_contexts(app.routes)]
    return [one for one in found if isinstance(one, APIRoute)]


def permission_of(route: APIRoute) -> Permission | None:
    """What a route wants."""
    (needs,) = needs_of(route.dependant)
    return needs.permission


def test_every_route_names_one_permission() -> None:
    """A route that names none would be open to every key. Only files and probes are for everybody."""
    found = routes()
    assert len(found) > 20
    without = [one.path for one in found if len(list(needs_of(one.dependant))) != 1]
    assert without == []
    for_everybody = {one.path for one in found if permission_of(one) is None}
    assert for_everybody == {"/", "/reports", "/static/{name}", "/docs/{name}", "/health", "/ready"}


def test_a_refusal_names_the_permissions_as_the_key_file_does() -> None:
    """In the words of `keys add`, and not as Python writes them."""
    gateway = ApiKey(name="gateway", may=Permission.INBOUND)
    with pytest.raises(ProblemError, match=r"may only 'inbound'; .* needs a key that may 'coordinate'$"):
        check_permission(gateway, Permission.COORDINATE)


def test_what_changes_something_wants_more_than_reading() -> None:
    """No route of another method than GET and HEAD is open to a key that may read."""
    for route in routes():
        if permission_of(route) is Permission.READ:
            assert route.methods is not None
            assert route.methods <= {"GET", "HEAD"}, route.path


def at(route: APIRoute, id_: str) -> str:
    """The path of the route, with this id wherever it wants one."""
    return "/".join(id_ if part.startswith("{") else part for part in route.path.split("/"))


@pytest.mark.parametrize("may", Permission)
async def test_a_key_may_what_its_word_says(keys: Path, may: Permission) -> None:
    """In every route: a 403 where the key may not, and never one where it may."""
    async with Office(api_keys=keys) as office:
        for route in routes():
            wanted = permission_of(route)
            for method in sorted(route.methods or ()):
                if wanted is None or route.path == "/events":
                    continue
                response = await office.http.request(method, at(route, "nothing"), headers=by(str(may)), json={})
                assert (response.status_code == 403) is (wanted not in GRANTS[may]), (method, route.path)


async def fill(http: httpx.AsyncClient) -> None:
    """A shift and a caregiver of each organization, with a fanout of each, and one caregiver who works for all."""
    for where, phone in (("north", NORTH), ("south", SOUTH)):
        word = SECRET if where == "south" else where
        caregiver = {"name": f"Amy {word}", "role": "RN", "phone": phone, "organization_id": where}
        assert (await http.put(f"/caregivers/{word}-amy", json=caregiver, headers=by("admin"))).is_success
        shift = {
            "organization_id": where,
            "role_required": "RN",
            "start_time": "2026-07-02T08:00:00Z",
            "end_time": "2026-07-02T16:00:00Z",
            "location": f"{word} place",
        }
        assert (await http.put(f"/shifts/{word}-shift", json=shift, headers=by("admin"))).is_success
    everywhere = {"name": "Eve", "role": "RN", "phone": EVERYWHERE}
    assert (await http.put("/caregivers/eve", json=everywhere, headers=by("admin"))).is_success
    for word in ("north", SECRET):
        assert (await http.post(f"/shifts/{word}-shift/fanout", headers=by("admin"))).status_code == 202


async def test_a_key_of_one_organization_finds_nothing_of_another(keys: Path) -> None:
    """Every route about the other one's records is a 404, and no answer of any route has a word of theirs."""
    bodies: dict[str, Any] = {
        "/shifts/{shift_id}/assign": {"caregiver_id": "north-amy"},
        "/messages/inbound": {"from": SOUTH, "body": "YES", "shift_id": f"{SECRET}-shift"},
        "/messages/status": {"id": "unknown", "status": "delivered"},
    }
    async with Office(api_keys=keys) as office:
        await fill(office.http)
        await office.all_read()
        before = await everything(office.http)
        for route in routes():
            for method in sorted(route.methods or ()):
                if permission_of(route) is None or route.path in ("/events", "/docs"):
                    continue
                ids = {"{shift_id}": f"{SECRET}-shift", "{caregiver_id}": f"{SECRET}-amy"}
                for id_ in [id_ for name, id_ in ids.items() if name in route.path] or ["south"]:
                    url = at(route, id_)
                    body = bodies.get(route.path, {})
                    if method == "PUT":
                        is_shift = "shift_id" in route.path
                        path = f"/shifts/{SECRET}-shift" if is_shift else f"/caregivers/{SECRET}-amy"
                        body = await put_body(office.http, path)
                    response = await office.http.request(method, url, headers=by("north admin"), json=body)
                    if "{" in route.path:
                        assert response.status_code in (403, 404), (method, url, response.text)
                    said = response.text.replace(id_, "").replace("/openapi.json", "")
                    assert SECRET not in said, (method, url)
                    assert SOUTH not in said
        assert await everything(office.http) == before


async def test_a_record_of_another_organization_is_answered_like_none(keys: Path) -> None:
    """Every route says the same, word for word, so that nobody learns which ids another organization uses."""
    bodies = {"assign": {"caregiver_id": "a"}, "messages": {"caregiver_id": "a", "body": "Hello"}}
    # A PUT of an id that is free stores the record.
    about_one = [one for one in routes() if "_id}" in one.path and "PUT" not in (one.methods or ())]
    different, compared = [], 0
    async with Office(api_keys=keys) as office:
        await fill(office.http)
        await office.all_read()
        for route in about_one:
            theirs = {"s": f"{SECRET}-shift", "c": f"{SECRET}-amy", "o": "south"}[route.path[1]]
            body = bodies.get(route.path.rsplit("/", 1)[-1])
            for method in sorted(route.methods or ()):
                said = []
                for id_ in (theirs, "no-such-record"):
                    sent = office.http.request(method, at(route, id_), headers=by("north admin"), json=body)
                    answer = await sent
                    said.append((answer.status_code, answer.text.replace(id_, "ID")))
                compared += 1
                if said[0] != said[1]:
                    different.append((method, route.path, said))
    assert not different
    assert compared > 12


async def everything(http: httpx.AsyncClient) -> list[Any]:
    """All that an admin sees."""
    paths = ("/caregivers", "/shifts", "/log", f"/shifts/{SECRET}-shift/fanout", "/shifts/north-shift/fanout")
    return [(await http.get(path, headers=by("admin"))).json() for path in paths]


async def put_body(http: httpx.AsyncClient, path: str) -> dict[str, Any]:
    """The record at this path, as the body of a PUT of somebody else's organization."""
    record: dict[str, Any] = (await http.get(path, headers=by("admin"))).json()
    wanted = ("name", "role", "phone", "role_required", "start_time", "end_time", "organization_id")
    return {name: value for name, value in record.items() if name in wanted} | {"organization_id": "north"}


async def test_lists_have_what_is_of_the_organization_and_what_is_of_all(keys: Path) -> None:
    """Pages stay full, and their order is that of the ids."""
    async with Office(api_keys=keys) as office:
        await fill(office.http)
        await office.all_read()

        async def listed(path: str, name: str = "north read") -> list[str]:
            return [one["id"] for one in (await office.http.get(path, headers=by(name))).json()["items"]]

        assert await listed("/caregivers") == ["eve", "north-amy"]
        assert await listed("/caregivers", "south") == ["eve", f"{SECRET}-amy"]
        assert await listed("/caregivers?limit=1&after=eve") == ["north-amy"]
        assert await listed("/shifts") == ["north-shift"]
        assert await listed("/shifts?organization_id=south") == []
        log = (await office.http.get("/log", headers=by("north read"))).json()["items"]
        assert {entry["shift_id"] for entry in log} == {None, "north-shift"}
        assert {entry["caregiver_id"] for entry in log if entry["shift_id"] is None} == {"north-amy"}
        board = (await office.http.get("/board", headers=by("north read"))).json()
        assert [row["shift"]["id"] for row in board["rows"]] == ["north-shift"]
        report = (await office.http.get("/shifts/north-shift/fanout", headers=by("north read"))).json()
        assert report["excluded"] == []


async def test_nobody_moves_a_record_to_or_from_another_organization(keys: Path) -> None:
    """A key of one organization stores records of that one only."""
    async with Office(api_keys=keys) as office:
        await fill(office.http)
        await office.all_read()
        shift = await put_body(office.http, "/shifts/north-shift")
        moved = {**shift, "organization_id": "south"}
        response = await office.http.put("/shifts/new", json=moved, headers=by("north coordinate"))
        assert (response.status_code, response.json()["code"]) == (403, "other_organization")
        assert (await office.http.get("/shifts/new", headers=by("admin"))).status_code == 404
        caregiver = {"name": "New", "role": "RN", "phone": NEW}
        for organizations in ({}, {"organization_id": "south"}):
            body = {**caregiver, **organizations}
            response = await office.http.put("/caregivers/new", json=body, headers=by("north coordinate"))
            assert (response.status_code, response.json()["code"]) == (403, "other_organization")
        own = {**caregiver, "organization_id": "north"}
        assert (await office.http.put("/caregivers/new", json=own, headers=by("north coordinate"))).status_code == 201


async def test_who_works_for_all_is_asked_and_assigned_but_not_changed(keys: Path) -> None:
    """That would change what the other organizations have."""
    async with Office(api_keys=keys) as office:
        await fill(office.http)
        north = by("north coordinate")
        assert (await office.http.get("/caregivers/eve", headers=north)).status_code == 200
        body = {"name": "Eve", "role": "RN", "phone": EVERYWHERE, "organization_id": "north"}
        for response in (
            await office.http.put("/caregivers/eve", json=body, headers=north),
            await office.http.delete("/caregivers/eve", headers=north),
            await office.http.post("/caregivers/eve/opt-in", headers=north),
        ):
            assert (response.status_code, response.json()["code"]) == (403, "shared_caregiver")
        assigned = await office.http.post("/shifts/north-shift/assign", json={"caregiver_id": "eve"}, headers=north)
        assert assigned.json()["assigned_to"] == "eve"
        # The detail of a conflict does not name the other one's shift.
        refused = await office.http.post(
            f"/shifts/{SECRET}-shift/assign", json={"caregiver_id": "eve"}, headers=by("south")
        )
        assert refused.status_code == 409
        assert "another shift at that time" in refused.json()["detail"]
        await office.all_read()


async def test_the_log_says_whose_key_it_was(keys: Path) -> None:
    """By the name of the key."""
    async with Office(api_keys=keys) as office:
        await fill(office.http)
        await office.http.post(
            "/shifts/north-shift/assign", json={"caregiver_id": "north-amy"}, headers=by("north coordinate")
        )
        log = (await office.http.get("/shifts/north-shift/log", headers=by("read"))).json()["items"]
        assert [one["actor"] for one in log if one["type"] == "shift.assigned"] == ["north coordinate"]
        await office.all_read()


async def test_wrong_keys_are_slowed_down_and_right_ones_are_not(caplog: pytest.LogCaptureFixture) -> None:
    """After sixty wrong keys in a minute every route is a 429 to them; a request without a key counts as none."""
    async with Office(api_key="k" * 20) as office:
        for _ in range(100):
            assert (await office.http.get("/shifts")).status_code == 401
        wrong = [(await office.http.get("/shifts", headers=by("wrong"))).status_code for _ in range(61)]
        assert wrong == [401] * 60 + [429]
        for operation in operations():
            if operation.needs_key:
                response = await office.http.request(operation.method, operation.at("a"), headers=by("wrong"))
                assert response.status_code == 429
                assert 0 < int(response.headers["retry-after"]) <= 61
                await assert_fits(response)
        assert (await office.http.get("/shifts", headers=by("k" * 20))).status_code == 200
        await office.minutes(1)
        assert (await office.http.get("/shifts", headers=by("wrong"))).status_code == 401
        assert len([one for one in caplog.records if "keys.wrong" in one.getMessage()]) == 2


async def test_a_key_that_is_revoked_ends_without_a_restart(tmp_path: Path) -> None:
    """And one that is added begins."""
    path = key_file(tmp_path / "keys.json", ("Kim", Permission.READ, None), ("Lee", Permission.READ, None))
    async with Office(api_keys=path) as office:
        assert (await office.http.get("/shifts", headers=by("Kim"))).status_code == 200
        revoke_key(path, "Kim")
        assert (await office.http.get("/shifts", headers=by("Kim"))).status_code == 401
        new = add_key(path, "New", None, Permission.READ)
        assert (await office.http.get("/shifts", headers=by(new))).status_code == 200
