"""Environment variables: reads one, and parses its value.

Each parser returns the value that a text stands for, and raises ValueError with what the value must be.
"""

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from app.domain.time_zones import is_zone
from app.errors import StartRefused

ValueT = TypeVar("ValueT")

_TEN_YEARS_S = 10 * 365 * 86_400.0


class Environment:
    """Reads variables. A variable that is not set or is empty gets its default."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def read(self, name: str, default: ValueT, parse: Callable[[str], ValueT], *, secret: bool = False) -> ValueT:
        """The value of that variable.

        Raises StartRefused with the variable, its value (unless it is a secret) and what the value must be.
        """
        given = self._environ.get(name, "")
        text = given.strip()
        if not text:
            if given and secret:
                # Without a key the API would be open, although somebody tried to set one.
                raise StartRefused(f"{name}: must not be blank; leave it empty or unset for none")
            return default
        try:
            return parse(text)
        except ValueError as exc:
            shown = "(value not shown)" if secret else repr(text)
            raise StartRefused(f"{name}={shown}: {exc}") from None

    def path(self, name: str, default: Path | None) -> Path | None:
        """The path in that variable. Unlike other variables, an empty one means "no file"."""
        text = self._environ.get(name)
        if text is None:
            return default if default is not None and default.is_file() else None
        return Path(text.strip()) if text.strip() else None


def _number(text: str, allowed: str, least: float, most: float) -> float:
    try:
        # Python also accepts underscores between digits.
        number = math.nan if "_" in text else float(text)
    except ValueError:
        number = math.nan
    if not least <= number <= most:
        raise ValueError(f"must be {allowed}")
    return number


def seconds(text: str) -> float:
    """A number of seconds."""
    return _number(text, "a number of seconds from 0 to ten years", 0.0, _TEN_YEARS_S)


def lease(text: str) -> float:
    """The length of a lease, in seconds."""
    return _number(text, "a number of seconds from 0.5 to 3600", 0.5, 3600.0)


def postgres_url(text: str) -> str:
    """The URL of a PostgreSQL database."""
    try:
        valid = text.startswith(("postgresql://", "postgres://")) and bool(urlsplit(text))
    except ValueError:
        valid = False
    if not valid:
        raise ValueError("must be a postgresql:// URL, or unset to store everything in memory")
    return text


def past_shifts(text: str) -> bool:
    """Whether shifts that have ended may be offered."""
    return one_of(("allow", "refuse"))(text) == "allow"


def rate(text: str) -> float:
    """A number per second."""
    return _number(text, "a number per second from 0.001 to 100000, or unset for no limit", 0.001, 100_000.0)


def count(text: str) -> int:
    """A whole number above zero."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 6 and int(text) > 0):
        raise ValueError("must be a whole number from 1 to 999999")
    return int(text)


def one_of(allowed: tuple[str, ...], fold: Callable[[str], str] = str.lower) -> Callable[[str], str]:
    """One of these words, folded."""

    def parse(text: str) -> str:
        if fold(text) not in allowed:
            raise ValueError(f"must be one of {', '.join(allowed)}")
        return fold(text)

    return parse


def http_url(text: str) -> str:
    """The URL of a web server. It may contain a user and a password."""
    try:
        parts = urlsplit(text)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        # The message of this error can quote the URL, and the URL can contain a password.
        valid = False
    if not valid or not text.isprintable():
        raise ValueError("must be an http:// or https:// URL")
    return text


def key(text: str) -> str:
    """A key, as it can stand in a header."""
    if not (text.isascii() and text.isprintable()):
        raise ValueError("must be a key of printable ASCII characters")
    return text


def zone_name(text: str) -> str:
    """The name of a time zone."""
    if text.upper() == "UTC":
        return "UTC"
    if not is_zone(text):
        raise ValueError("must be an IANA time zone such as America/New_York")
    return text
