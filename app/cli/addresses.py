"""How the commands name the service that they were given."""

import httpx


def shown(url: str) -> str:
    """The URL without what may be secret: user, password, path and query. "the service" if it is no URL."""
    try:
        parts = httpx.URL(url)
    except httpx.InvalidURL:
        return "the service"
    return str(httpx.URL(scheme=parts.scheme, host=parts.host, port=parts.port)) if parts.host else "the service"
