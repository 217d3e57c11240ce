"""The board's files: served without the key, strictly, and never stale."""

import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path, PurePath

import httpx
import pytest
from processes import ROOT

from app.api import create_app
from app.board.pages import FOLDER, PAGES, public_paths, version
from app.settings import Settings
from app.web.static_files import version_of

PATHS = sorted(public_paths())
HTML = {path: name for name, path in PAGES.items()}


def file_name(path: str) -> str:
    """The name of the file behind the path."""
    return HTML.get(path, PurePath(path).name)


def content(path: str) -> bytes:
    """The file behind the path."""
    return (FOLDER / file_name(path)).read_bytes()


@pytest.fixture
async def browser() -> AsyncIterator[httpx.AsyncClient]:
    """A client without the key, of a service that has one."""
    app = create_app(Settings(data=None, api_key="sesame"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://service") as client:
        yield client


def test_every_file_of_the_folder_is_a_page() -> None:
    """Nothing lies in the folder that is not served."""
    files = {file.name for file in (ROOT / "app" / "board" / "static").iterdir()}
    assert {file_name(path) for path in PATHS} == files


@pytest.mark.parametrize("path", PATHS)
async def test_a_page_loads_without_the_key(browser: httpx.AsyncClient, path: str) -> None:
    """Its content, its type, which no browser may guess at, and a policy that lets in nothing else."""
    response = await browser.get(path)
    assert response.status_code == 200
    assert response.content == content(path)
    kinds = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
    assert response.headers["content-type"].startswith(kinds[PurePath(file_name(path)).suffix])
    assert response.headers["x-content-type-options"] == "nosniff"
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"https?:|[*]", policy)


@pytest.mark.parametrize("path", PATHS)
async def test_what_a_browser_keeps_it_asks_about(browser: httpx.AsyncClient, path: str) -> None:
    """Known content is a 304 without a body; another version's tag gets the content."""
    response = await browser.get(path)
    assert response.headers["cache-control"] == "no-cache"
    tag = response.headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}'):
        again = await browser.get(path, headers={"if-none-match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert (await browser.get(path, headers={"if-none-match": '"other"'})).status_code == 200


async def test_a_page_has_a_head_and_no_other_method(browser: httpx.AsyncClient) -> None:
    """HEAD is GET without the body."""
    head = await browser.head("/")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(content("/")))
    assert (await browser.post("/", headers={"authorization": "Bearer sesame"})).status_code == 405


async def test_only_the_files_are_open(browser: httpx.AsyncClient) -> None:
    """What the board shows, and paths that only look like its files, want the key."""
    for path in (
        "/events",
        "/shifts",
        "/shifts/a/board",
        "/static/",
        "/static/../edge.py",
        "/static/nothing.js",
        "/reports/",
    ):
        assert (await browser.get(path)).status_code == 401


def test_nothing_is_inline_or_from_elsewhere() -> None:
    """No script or style within the page, no address of another host, and no way of text into markup."""
    for path in HTML:
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", content(path).decode()), path
    for path in PATHS:
        text = content(path).decode()
        assert not re.search(r"(?:src|href|url|import)\s*[=(]?\s*[\"']?(?:https?:)?//", text), path
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", text), path


def test_every_file_that_a_file_names_is_there() -> None:
    """Imports, links and scripts lead to pages."""
    for path in PATHS:
        for name in re.findall(r"(?:from|src=|href=) ?[\"'](?:\./|static/)([\w.-]+)[\"']", content(path).decode()):
            assert f"/static/{name}" in PATHS, f"{path} names {name}"


def test_paths_are_relative_to_the_page() -> None:
    """The page may be served under a root path, which no file of it knows."""
    for path in PATHS:
        assert not re.search(r"(?:src=|href=|call\(\"[A-Z]+\", |fetch\()[\"'`]/", content(path).decode()), path


def test_the_version_follows_the_files(tmp_path: Path) -> None:
    """A copy of the page has its version; a change of any one file gives another."""
    copy = tmp_path / "static"
    shutil.copytree(FOLDER, copy)
    versions = {version_of(copy)}
    assert versions == {version()}
    for file in copy.iterdir():
        before = file.read_bytes()
        file.write_bytes(before + b"\n")
        versions.add(version_of(copy))
        file.write_bytes(before)
    assert len(versions) == 1 + len(list(copy.iterdir()))
    assert all(re.fullmatch(r"[0-9a-f]{16}", one) for one in versions)
