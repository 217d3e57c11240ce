"""The OpenAPI description, and the page at `/docs` that shows it: Swagger UI, with no file from another host.

Swagger UI comes from the package of the extra `docs`, of which only the files are used. Without it the page says so.
"""

from importlib.util import find_spec
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from app.web.permissions import EVERYBODY, READ
from app.web.problems import ProblemError
from app.web.static_files import PageFiles, page_headers

DOCS_PATH = "/docs"

_PACKAGE = "fastapi_offline"
_HAS_UI = find_spec(_PACKAGE) is not None
_UI_FILES = ("swagger-ui.css", "swagger-ui-bundle.js")
_UI_TAGS = '<link rel="stylesheet" href="docs/swagger-ui.css">\n<script src="docs/swagger-ui-bundle.js"></script>\n'

_FOLDER = Path(__file__).resolve().parent.parent / "static"
_PAGE = (_FOLDER / "docs.html").read_text(encoding="utf-8")
_FILE_NAMES = ("docs.css", "docs.js", *(_UI_FILES if _HAS_UI else ()))

#: Swagger UI's style sheet contains images as data URLs.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = page_headers(_POLICY)
_FILES = PageFiles(directory=_FOLDER, packages=[(_PACKAGE, "static")] if _HAS_UI else None, headers=_HEADERS)

#: The files of the page say nothing about the API: they need no key.
PUBLIC_PATHS = tuple(f"{DOCS_PATH}/{name}" for name in _FILE_NAMES)

router = APIRouter(include_in_schema=False)


def docs_page(*, with_ui: bool = _HAS_UI) -> Response:
    """The page. Its script asks for the key if the description needs one, and then shows the description."""
    return HTMLResponse(_PAGE.replace("</head>", f"{_UI_TAGS}</head>") if with_ui else _PAGE, headers=_HEADERS)


def docs_page_without_key() -> Response:
    """The page with status 401, for a browser that opened it without the key."""
    page = docs_page()
    page.status_code = 401
    page.headers["www-authenticate"] = "Bearer"
    return page


@router.get("/openapi.json", dependencies=[READ])
async def get_description(request: Request) -> Response:
    """The description. FastAPI's own route for it is no `APIRoute`, so it would not check its parameters."""
    description = request.app.openapi()
    root_path = request.scope.get("root_path", "").rstrip("/")
    return JSONResponse({**description, "servers": [{"url": root_path}]} if root_path else description)


@router.api_route(DOCS_PATH, methods=["GET", "HEAD"], dependencies=[READ])
async def get_docs() -> Response:
    """The page."""
    return docs_page()


@router.api_route(DOCS_PATH + "/{name}", methods=["GET", "HEAD"], dependencies=[EVERYBODY])
async def get_docs_file(name: str, request: Request) -> Response:
    """One file of the page."""
    if name not in _FILE_NAMES:
        raise ProblemError(404, "Not Found")
    return await _FILES.get_response(name, request.scope)
