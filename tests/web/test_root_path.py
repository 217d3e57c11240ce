"""The service under a root path, by uvicorn's `--root-path` or mounted in another application: all of it works."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from office import Office
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send
from viewer import Browser

from app.access.keyring import Keyring
from app.api import create_app
from app.board.pages import public_paths
from app.settings import Settings
from app.web.authentication import Authentication
from app.web.middleware import RequestGate
from app.web.routes.docs import PUBLIC_PATHS

KEY = "sesame"
ROOT = "/agency/fanout"


def served(app: ASGIApp) -> ASGIApp:
    """As uvicorn serves it with `--root-path`: the proxy took the root path away, uvicorn puts it back."""

    async def server(scope: Scope, receive: Receive, send: Send) -> None:
        paths = {"path": scope["path"], "raw_path": scope["raw_path"], "root_path": ROOT}
        assert scope["path"].startswith(f"{ROOT}/")
        await app({**scope, **paths}, receive, send)

    return server


def mounted(app: ASGIApp) -> ASGIApp:
    """As a part of another application."""
    return Starlette(routes=[Mount(ROOT, app)])


@pytest.fixture(params=[served, mounted])
def put_under(request: pytest.FixtureRequest) -> Callable[[ASGIApp], ASGIApp]:
    """Puts an application under the root path."""
    put: Callable[[ASGIApp], ASGIApp] = request.param
    return put


@asynccontextmanager
async def client_of(app: ASGIApp) -> AsyncIterator[httpx.AsyncClient]:
    """A client whose paths are below the root path."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=f"http://test{ROOT}") as client:
        yield client


def service(**settings: Any) -> ASGIApp:
    """A service that wants the key."""
    return create_app(Settings(data=None, api_key=KEY, **settings))


async def test_the_key_is_wanted_where_it_always_is(put_under: Callable[[ASGIApp], ASGIApp]) -> None:
    """Probes and the board's files are open, everything else, known or not, wants the key."""
    async with client_of(put_under(service())) as client:
        for path in ("/health", "/ready", *public_paths(), *PUBLIC_PATHS):
            assert (await client.get(path)).status_code == 200, path
        for path in ("/caregivers", "/openapi.json", "/nowhere", "/health/x", "/static/nothing.js"):
            assert (await client.get(path)).status_code == 401, path
        assert "key-form" in (await client.get("/docs", headers={"accept": "text/html"})).text
        client.headers["authorization"] = f"Bearer {KEY}"
        assert (await client.get("/caregivers")).status_code == 200
        assert (await client.get("/nowhere")).status_code == 404


async def test_ids_with_slashes_name_their_records(put_under: Callable[[ASGIApp], ASGIApp]) -> None:
    """A slash in an id is told from one that divides the path."""
    body = {"name": "Ann", "role": "RN", "phone": "+15555550101"}
    async with client_of(put_under(service())) as client:
        client.headers["authorization"] = f"Bearer {KEY}"
        assert (await client.put("/caregivers/a%2Fb", json=body)).json()["id"] == "a/b"
        assert (await client.get("/caregivers/a%2Fb")).json()["id"] == "a/b"


async def test_a_405_names_the_methods_of_the_path(put_under: Callable[[ASGIApp], ASGIApp]) -> None:
    """Also of a path that several routes serve."""
    async with client_of(put_under(service())) as client:
        response = await client.patch("/caregivers/a", headers={"authorization": f"Bearer {KEY}"})
        assert (response.status_code, response.headers["allow"]) == (405, "DELETE, GET, PUT")


async def test_the_description_names_the_root_path(put_under: Callable[[ASGIApp], ASGIApp]) -> None:
    """A client made of the description finds the service."""
    async with client_of(put_under(service())) as client:
        response = await client.get("/openapi.json", headers={"authorization": f"Bearer {KEY}"})
        assert response.json()["servers"] == [{"url": ROOT}]


async def test_a_worker_answers_its_probes(put_under: Callable[[ASGIApp], ASGIApp]) -> None:
    """A process that only sends is asked for its health there too."""
    async with Office() as office:
        service = office.app.state.service
        authentication = Authentication(Keyring(None, None), service.clock)
        worker = RequestGate(
            office.app, service=service, authentication=authentication, public_paths=(), probes_only=True
        )
        async with client_of(put_under(worker)) as client:
            assert (await client.get("/health")).status_code == 200
            assert (await client.get("/caregivers")).status_code == 404


async def test_inbound_messages_are_answered_by_the_gate(put_under: Callable[[ASGIApp], ASGIApp]) -> None:
    """The short way is found there too: the application behind the gate is not called."""

    async def behind(*_: object) -> None:
        raise AssertionError("the framework was called")

    async with Office() as office:
        service = office.app.state.service
        authentication = Authentication(Keyring(None, None), service.clock)
        gate = RequestGate(behind, service=service, authentication=authentication, public_paths=())
        async with client_of(put_under(gate)) as client:
            response = await client.post("/messages/inbound", json={"from": "+15555550101", "body": "YES"})
            assert response.json()["outcome"] == "unknown_sender"


async def test_the_board_is_streamed(put_under: Callable[[ASGIApp], ASGIApp]) -> None:
    """The stream starts with the whole board."""
    async with Office() as office:
        under = put_under(office.app)

        async def proxy(scope: Scope, receive: Receive, send: Send) -> None:
            path = ROOT + scope["path"]
            await under({**scope, "path": path, "raw_path": path.encode()}, receive, send)

        async with Browser(proxy) as browser:
            assert [name for name, _ in browser.events] == ["snapshot"]
