"""The path of a request: below the root path, and with the slashes that belong to an id. No framework."""

from urllib.parse import unquote

from starlette.types import Scope

#: Stands for a slash that is part of an id. No URL decodes to a lone surrogate, so it stands for nothing else.
_SLASH = "\ud800"


def path_in_app(scope: Scope) -> str:
    """The path as the routes name it: without the root path under which a proxy or another application serves it.

    ASGI's `path` includes the root path; some clients, such as httpx's transport, leave it out.
    """
    path: str = scope["path"]
    root: str = scope.get("root_path", "")
    return path[len(root) :] if path == root or path.startswith(f"{root}/") else path


def protect_slashes(scope: Scope) -> Scope:
    """The scope, in whose path a slash that is part of an id (%2F) does not divide segments.

    `restore_slashes` gives the id back.
    """
    raw_path: bytes = scope.get("raw_path") or b""
    if b"%2f" not in raw_path.lower():
        return scope
    segments = raw_path.decode("latin-1").split("/")
    # A copy: the server logs the path of its own scope.
    return {**scope, "path": "/".join(unquote(segment).replace("/", _SLASH) for segment in segments)}


def restore_slashes(segment: str) -> str:
    """The id that this segment of a protected path stands for."""
    return segment.replace(_SLASH, "/")
