"""Files of a page: what a browser kept is used again only while it is still the same."""

import os
from pathlib import Path

import httpx

from app.web.static_files import PageFiles, page_headers, version_of


async def tag_of(folder: Path, policy: str = "default-src 'none'", known: str = "") -> str | None:
    """The etag under which the folder's file is served; None: the known one is still right."""
    files = PageFiles(directory=folder, headers=page_headers(policy))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=files), base_url="http://test") as client:
        response = await client.get("/page.js", headers={"if-none-match": known})
    assert "last-modified" not in response.headers
    return None if response.status_code == 304 else response.headers["etag"]


def write(folder: Path, content: str, modified: int) -> Path:
    """The folder with one file of that content and time."""
    folder.mkdir(exist_ok=True)
    (folder / "page.js").write_text(content)
    os.utime(folder / "page.js", (modified, modified))
    return folder


async def test_the_tag_follows_the_content(tmp_path: Path) -> None:
    """Two builds whose file has the same size and time have different tags; the same content has the same tag."""
    first, second = write(tmp_path / "first", "old", 0), write(tmp_path / "second", "new", 0)
    tag = await tag_of(first)
    assert tag is not None
    assert await tag_of(second, known=tag) not in (None, tag)
    assert await tag_of(write(tmp_path / "third", "old", 7), known=tag) is None


async def test_a_file_that_is_edited_has_another_tag(tmp_path: Path) -> None:
    """While the process runs, too."""
    tag = await tag_of(write(tmp_path, "old", 0))
    assert tag is not None
    assert await tag_of(write(tmp_path, "new", 1), known=tag) not in (None, tag)


async def test_the_tag_follows_the_policy(tmp_path: Path) -> None:
    """A browser takes over new headers only with new content, so another policy is another tag."""
    tag = await tag_of(write(tmp_path, "same", 0))
    assert tag is not None
    assert await tag_of(tmp_path, known=tag) is None
    assert await tag_of(tmp_path, "default-src 'self'", known=tag) not in (None, tag)


def test_the_version_follows_every_file(tmp_path: Path) -> None:
    """A change of any file, whatever its size and time, is another version; the same files are the same one."""
    versions = [version_of(write(tmp_path, content, 0)) for content in ("old", "new", "old")]
    assert versions[0] == versions[2] != versions[1]
