"""The documentation at `/docs`: without any other host, and a page that asks for the key where one is needed."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from app.api import create_app
from app.settings import Settings
from app.web.routes.docs import PUBLIC_PATHS, docs_page

#: What browsers send when somebody opens a page.
BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
KEY = "sesame"


@asynccontextmanager
async def service(api_key: str | None = None) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a service that may want a key."""
    app = create_app(Settings(data=None, api_key=api_key))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:
        yield client


def is_page(response: httpx.Response) -> bool:
    """Whether it is the documentation's page, under a policy that lets in nothing from elsewhere."""
    policy = response.headers.get("content-security-policy", "")
    assert not re.search(r"https?:|[*]|unsafe", policy)
    return (
        "default-src 'none'" in policy
        and response.headers["content-type"].startswith("text/html")
        and 'id="key-form"' in response.text
    )


async def test_an_open_service_shows_its_documentation() -> None:
    """The page is a 200 for any client."""
    async with service() as client:
        for headers in (BROWSER, {}):
            response = await client.get("/docs", headers=headers)
            assert response.status_code == 200
            assert is_page(response)
        assert (await client.head("/docs")).status_code == 200
        assert (await client.get("/redoc")).status_code == 404


async def test_a_browser_without_the_key_is_asked_for_it() -> None:
    """It gets a 401 whose body is the page; other clients, and other paths, get the problem."""
    async with service(KEY) as client:
        response = await client.get("/docs", headers=BROWSER)
        assert (response.status_code, response.headers["www-authenticate"]) == (401, "Bearer")
        assert is_page(response)
        assert KEY not in response.text
        for path, headers in (
            ("/docs", {}),
            ("/docs", {"accept": "application/json"}),
            ("/docs/x", BROWSER),
            ("/openapi.json", BROWSER),
        ):
            response = await client.get(path, headers=headers)
            assert response.status_code == 401
            assert response.headers["content-type"] == "application/problem+json"


async def test_with_the_key_there_is_the_page() -> None:
    """A client that sends the key gets a 200."""
    async with service(KEY) as client:
        response = await client.get("/docs", headers={"authorization": f"Bearer {KEY}"})
        assert response.status_code == 200
        assert is_page(response)


@pytest.mark.parametrize("path", PUBLIC_PATHS)
async def test_a_file_of_the_page_needs_no_key(path: str) -> None:
    """The page asks for the key by its own script, and the same files are for everybody."""
    async with service(KEY) as client:
        response = await client.get(path)
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/css" if path.endswith(".css") else "text/javascript")
        assert response.headers["cache-control"] == "no-cache"
        again = await client.get(path, headers={"if-none-match": response.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


async def test_the_page_names_its_own_files_only() -> None:
    """Each script and style is one that is served, under a relative path; nothing is inline or from another host."""
    async with service() as client:
        html = (await client.get("/docs")).text
        named = re.findall(r'<(?:script|link rel="stylesheet")[^>]*\s(?:src|href)="([^"]*)"', html)
        assert len(named) == 4
        assert {f"/{name}" for name in named} == set(PUBLIC_PATHS)
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", html)
        for path in ("/docs", "/docs/docs.js", "/docs/docs.css"):
            assert not re.search(r"(?:https?:)?//\w", (await client.get(path)).text)


async def test_no_other_file_of_the_package_is_served() -> None:
    """The package has files for other pages too."""
    async with service() as client:
        for name in ("redoc.standalone.js", "favicon.png", "docs.html", "nothing.js", "%2e%2e%2fcore.py"):
            assert (await client.get(f"/docs/{name}")).status_code == 404


def test_without_the_extra_the_page_says_what_to_install() -> None:
    """It names no file that is not there, and links the description."""
    html = bytes(docs_page(with_ui=False).body).decode()
    assert "swagger-ui-bundle" not in html
    assert "uv sync --extra docs" in html
    assert '<a id="description" href="openapi.json">' in html
