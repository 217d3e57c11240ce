"""Files of a web page. Browsers keep them, ask on each load whether they have changed, and get their exact type."""

import os
from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

#: Not left to the operating system's table of types, which differs from machine to machine.
MEDIA_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".png": "image/png",
    ".svg": "image/svg+xml",
}


def page_headers(content_security_policy: str) -> dict[str, str]:
    """The headers of a page and its files under that policy."""
    return {
        # Kept, but never used without asking: after an upgrade no browser runs old code.
        "cache-control": "no-cache",
        "content-security-policy": content_security_policy,
        "cross-origin-opener-policy": "same-origin",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
    }


class PageFiles(StaticFiles):
    """Static files with the headers of their page."""

    def __init__(self, *, headers: Mapping[str, str], **where: Any) -> None:
        """`where`: the `directory` or the `packages` of Starlette's StaticFiles."""
        # An installer may link to files instead of copying them.
        super().__init__(follow_symlink=True, **where)
        self._headers = dict(headers)
        self._headers_tag = _digest(repr(self._headers).encode())

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """See Starlette, whose etag is made of time and size: two builds of an image may have the same of both."""
        file = Path(full_path)
        content_tag = _content_tag(file, stat_result.st_mtime_ns, stat_result.st_size)
        response = FileResponse(
            file,
            status_code,
            {**self._headers, "etag": f'"{content_tag}-{self._headers_tag}"'},
            MEDIA_TYPES.get(file.suffix),
            stat_result=stat_result,
        )
        del response.headers["last-modified"]
        if self.is_not_modified(response.headers, Headers(scope=scope)):
            return NotModifiedResponse(response.headers)
        return response


def version_of(folder: Path) -> str:
    """Hexadecimal digits that change with the content of any file in the folder."""
    return _digest(b"".join(_digest(file.read_bytes()).encode() for file in sorted(folder.iterdir())))


@lru_cache(maxsize=100)
def _content_tag(file: Path, _modified_ns: int, _size: int) -> str:
    # Time and size are parameters so that a file that has changed is read again.
    return _digest(file.read_bytes())


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=8).hexdigest()
