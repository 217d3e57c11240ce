"""The board's files, `app/board/static`: read once, served without the key, checked anew by browsers on each load."""

from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

_FOLDER = Path(__file__).resolve().parent / "static"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_HEADERS = {
    # Kept, but never used without asking: after an upgrade no browser shows yesterday's code.
    "cache-control": "no-cache",
    # Nothing inline, nothing from elsewhere, no text that becomes markup.
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class Page:
    """One file as it is served."""

    content: bytes
    media_type: str
    etag: str


@cache
def pages() -> dict[str, Page]:
    """The files by path: `/` and `/static/NAME`. Read on the first call."""
    found = {}
    for file in sorted(_FOLDER.iterdir()):
        if file.suffix in _TYPES:
            path = "/" if file.name == "index.html" else f"/static/{file.name}"
            content = file.read_bytes()
            found[path] = Page(content, _TYPES[file.suffix], f'"{blake2b(content, digest_size=16).hexdigest()}"')
    return found


def version() -> str:
    """Names this state of all files; another version of the board has another."""
    return blake2b("".join(page.etag for page in pages().values()).encode(), digest_size=8).hexdigest()


def add_pages(app: Starlette) -> None:
    """Serve each file on its path, for GET and HEAD."""
    for path in pages():
        app.add_route(path, _serve, methods=["GET"], include_in_schema=False)


async def _serve(request: Request) -> Response:
    page = pages()[request.url.path]
    headers = {**_HEADERS, "etag": page.etag}
    known = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    if page.etag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(page.content, headers=headers, media_type=page.media_type)
