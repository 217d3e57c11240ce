"""Versions of records in HTTP: the header `ETag` of an answer, and the conditions `If-Match` and `If-None-Match`.

Source: RFC 9110, sections 8.8.3, 13.1.1 and 13.1.2.
"""

import re
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, Request
from starlette.responses import Response

from app.domain.versions import ANY_VERSION
from app.web.problems import ProblemError

_ETAG = re.compile(r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
_DESCRIBED = {"ETag": {"description": "The version of the record", "schema": {"type": "string"}}}

#: The `responses` of a route that takes `If-None-Match`.
NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    304: {"description": "The version in `If-None-Match`", "headers": _DESCRIBED}
}


class NotModified(Exception):
    """Ends a GET with a 304: the client has this version already."""

    def __init__(self, version: str) -> None:
        super().__init__(version)
        self.version = version


async def _if_match(
    if_match: Annotated[
        str | None, Header(description="The `ETag` that the record must have, or `*`: it must exist. Else 412")
    ] = None,
) -> tuple[str, ...] | None:
    """The versions in `If-Match`; None without it. A weak ETag never matches, and neither does anything else."""
    return None if if_match is None else _versions(if_match, weak_too=False)


def _versions(header: str, *, weak_too: bool) -> tuple[str, ...]:
    """The versions in a condition. An ETag that looks like the star is none."""
    if header.strip() == ANY_VERSION:
        return (ANY_VERSION,)
    found = _ETAG.findall(header)
    return tuple(version for weak, version in found if (weak_too or not weak) and version != ANY_VERSION)


#: The versions that the record may have; None: any, and it need not exist.
IfMatchDep = Annotated[tuple[str, ...] | None, Depends(_if_match)]


async def _known_versions(
    if_none_match: Annotated[
        str | None, Header(description="The `ETag` that you have: 304 if it is the same")
    ] = None,
) -> frozenset[str]:
    return frozenset() if if_none_match is None else frozenset(_versions(if_none_match, weak_too=True))


async def _if_none_match(
    if_none_match: Annotated[
        str | None, Header(description="`*`: the record must not exist; or an `ETag` that it must not have. Else 412")
    ] = None,
) -> tuple[str, ...]:
    return () if if_none_match is None else _versions(if_none_match, weak_too=True)


#: The versions that the record must not have.
IfNoneMatchDep = Annotated[tuple[str, ...], Depends(_if_none_match)]


async def _without_condition(request: Request) -> None:
    for name in ("If-Match", "If-None-Match"):
        if name in request.headers:
            raise ProblemError(
                400, f"{name}: nothing was done, as only the PUT and DELETE of a single record compare versions"
            )


#: A dependency of the other routes that change something. A request whose condition does not hold must not be carried
#: out (RFC 9110, section 13.2.1), so a condition that nobody compares must not be ignored in silence.
without_condition = Depends(_without_condition)

#: The versions that the client has, weak or not.
KnownVersionsDep = Annotated[frozenset[str], Depends(_known_versions)]


def tag(response: Response, version: str, known: frozenset[str] = frozenset()) -> None:
    """Add the version to the answer. Raises NotModified if it is among the `known` ones."""
    if known & {version, ANY_VERSION}:
        raise NotModified(version)
    response.headers["etag"] = f'"{version}"'


def add_not_modified_handler(app: FastAPI) -> None:
    """Answer 304 where a route raises NotModified."""

    @app.exception_handler(NotModified)
    async def _not_modified(_: Request, error: NotModified) -> Response:
        return Response(status_code=304, headers={"etag": f'"{error.version}"'})
