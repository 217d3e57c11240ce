"""The board's pages: the files in `static/`, served without the key. They contain no data of the agency."""

from pathlib import Path

from app.web.static_files import PageFiles, page_headers, version_of

FOLDER = Path(__file__).resolve().parent / "static"
#: The files that are pages, and their paths. The others are served as `/static/NAME`. No page is deeper than another,
#: because the links in the files are relative to the page.
PAGES = {"index.html": "/", "reports.html": "/reports"}

#: Nothing inline, nothing from another host, no text that becomes markup.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)

FILES = PageFiles(directory=FOLDER, headers=page_headers(_POLICY))


def public_paths() -> list[str]:
    """The paths of the pages and their files, which need no key."""
    return [PAGES.get(file.name, f"/static/{file.name}") for file in FOLDER.iterdir()]


def version() -> str:
    """A hash of the files of the pages, as hexadecimal digits."""
    return version_of(FOLDER)
