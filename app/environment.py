"""Environment variables: reads one, and parses its value.

Each parser returns the value that a text stands for, and raises ValueError with what the value must be.
"""

import ipaddress
import math
import re
from base64 import b64decode
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import httpx

from app.domain.phone_numbers import to_e164
from app.domain.time_zones import is_zone
from app.errors import StartRefused

ValueT = TypeVar("ValueT")

_TEN_YEARS_S = 10 * 365 * 86_400.0
#: A token of RFC 9110, section 5.6.2.
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
#: Headers that every request may have, so that none of them can be a signature. In lower case.
# fmt: off
_STANDARD_HEADERS = frozenset([
    "accept", "accept-charset", "accept-encoding", "accept-language", "authorization", "cache-control",
    "connection", "content-encoding", "content-length", "content-type", "cookie", "date", "expect", "forwarded",
    "from", "host", "keep-alive", "origin", "pragma", "proxy-authorization", "proxy-connection", "range", "referer",
    "te", "trailer", "transfer-encoding", "upgrade", "user-agent", "via", "x-forwarded-for", "x-forwarded-host",
    "x-forwarded-port", "x-forwarded-proto", "x-real-ip",
])
# fmt: on
#: The characters of a URL; others are written as a percent sign and two hexadecimal digits (RFC 3986, section 2).
_URL_CHARACTERS = re.compile(r"(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+")
_LONGEST_SPOKEN_NAME = 60
#: Stands for a value in an error.
_NOT_SHOWN = "(value not shown)"


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
            raise StartRefused(f"{name}={_NOT_SHOWN if secret else _shown(text)}: {exc}") from None

    def words(self, name: str, default: frozenset[str], allowed: Collection[str]) -> frozenset[str]:
        """The words in that variable, separated by commas. Unlike other variables, an empty one means none.

        Raises StartRefused if one of them is not among `allowed`.
        """
        text = self._environ.get(name)
        if text is None:
            return default
        found = frozenset(word.strip().lower() for word in text.split(",") if word.strip())
        if found - set(allowed):
            wrong = _shown(min(found - set(allowed)))
            raise StartRefused(f"{name}={_shown(text)}: {wrong} is none of {', '.join(sorted(allowed))}")
        return found

    def is_set(self, name: str) -> bool:
        """Whether there is such a variable, be it empty."""
        return name in self._environ

    def path(self, name: str, default: Path | None) -> Path | None:
        """The path in that variable. Unlike other variables, an empty one means "no file"."""
        text = self._environ.get(name)
        if text is None:
            return default if default is not None and default.is_file() else None
        return self.read(name, None, file_path)


def _shown(text: str) -> str:
    """The text as an error shows it. A URL that was meant for another variable may contain a password."""
    return _NOT_SHOWN if "://" in text else repr(text)


def file_path(text: str) -> Path:
    """The path of a file."""
    if "://" in text:
        raise ValueError("must be the path of a file, not a URL")
    return Path(text)


def _number(text: str, allowed: str, least: float, most: float) -> float:
    try:
        # Python also accepts underscores between digits, and the digits of other scripts.
        number = float(text) if text.isascii() and "_" not in text else math.nan
    except ValueError:
        number = math.nan
    if not least <= number <= most:
        raise ValueError(f"must be {allowed}")
    return number


def seconds(text: str) -> float:
    """A number of seconds."""
    return _number(text, "a number of seconds from 0 to ten years", 0.0, _TEN_YEARS_S)


def days(text: str) -> float:
    """A number of days."""
    return _number(text, "a number of days, more than 0 and at most ten years", 1 / 1440, _TEN_YEARS_S / 86_400)


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
        # The client must take it too: it refuses host names that are not valid in IDNA.
        httpx.URL(text)
    except (ValueError, httpx.InvalidURL):
        # The message of this error can quote the URL, and the URL can contain a password.
        valid = False
    if not valid or not text.isprintable():
        raise ValueError("must be an http:// or https:// URL")
    return text


def encrypted_url(text: str) -> str:
    """A base URL, without a slash at its end: of this service, or of a provider's API.

    Answers of caregivers, and tokens, must not cross a network unencrypted.
    """
    try:
        parts = urlsplit(http_url(text))
        valid = "@" not in parts.netloc and (parts.scheme == "https" or _is_loopback(parts.hostname or ""))
    except ValueError:
        valid = False
    if not valid or "?" in text or "#" in text:
        raise ValueError("must be an https:// URL without a user, a query and a fragment (http:// only on loopback)")
    if not _URL_CHARACTERS.fullmatch(text):
        raise ValueError("must be a URL without spaces and other characters that no URL may have")
    return text.rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def phone(text: str) -> str:
    """A telephone number, in E.164."""
    try:
        return to_e164(text)
    except ValueError as exc:
        raise ValueError(f"must be a telephone number: {exc}") from None


def header_name(text: str) -> str:
    """The name of a header."""
    if not _HEADER_NAME.fullmatch(text):
        raise ValueError("must be the name of a header")
    if text.lower() in _STANDARD_HEADERS:
        raise ValueError("must be the name of a header for signatures, such as X-Twilio-Signature")
    return text


def on_or_off(text: str) -> bool:
    """`on` is True, `off` is False."""
    return one_of(("on", "off"))(text) == "on"


def one_or_zero(text: str) -> bool:
    """`1` is True, `0` is False."""
    return one_of(("0", "1"))(text) == "1"


def spoken_name(text: str) -> str:
    """A name that a voice can say."""
    if not text.isprintable() or len(text) > _LONGEST_SPOKEN_NAME:
        raise ValueError(f"must be a name of at most {_LONGEST_SPOKEN_NAME} printable characters")
    return text


def keys(text: str) -> tuple[str, ...]:
    """One or more keys, with commas between them."""
    found = tuple(key(one.strip()) for one in text.split(","))
    if not all(found):
        raise ValueError("must be one key, or several with commas between them")
    return found


def key(text: str) -> str:
    """A key, as it can stand in a header."""
    if not (text.isascii() and text.isprintable()):
        raise ValueError("must be a key of printable ASCII characters")
    return text


def account_id(prefix: str, base_url: str) -> Callable[[str], str]:
    """An id at the provider with that URL, of any length. At Twilio it begins with the prefix."""
    host = urlsplit(base_url).hostname or ""
    is_twilio = f".{host}".endswith(".twilio.com") or _is_loopback(host)

    def parse(text: str) -> str:
        if is_twilio and not (text.startswith(prefix) and text.isascii() and text.isalnum()):
            raise ValueError(f"must be {prefix} and then letters and digits")
        # The ids of SignalWire and Telnyx are UUIDs.
        if not (text.isascii() and text.replace("-", "").isalnum()):
            raise ValueError("must be letters, digits and hyphens")
        return text

    return parse


def model_name(text: str) -> str:
    """The name under which a server knows a model."""
    if not text.isprintable() or len(text) > 200:
        raise ValueError("must be the name of a model, at most 200 characters")
    return text


def signing_secret(text: str) -> str:
    """A secret of the Standard Webhooks specification: `whsec_` and base64."""
    try:
        valid = text.startswith("whsec_") and bool(b64decode(text.removeprefix("whsec_"), validate=True))
    except ValueError:
        valid = False
    if not valid:
        raise ValueError("must be whsec_ and a key in base64")
    return text


def signing_secrets(text: str) -> tuple[str, ...]:
    """One or more such secrets, with commas between them."""
    try:
        return tuple(signing_secret(one.strip()) for one in text.split(","))
    except ValueError:
        raise ValueError("must be whsec_ and a key in base64, or several of them with commas between them") from None


def zone_name(text: str) -> str:
    """The name of a time zone."""
    if text.upper() == "UTC":
        return "UTC"
    if not is_zone(text):
        raise ValueError("must be an IANA time zone such as America/New_York")
    return text
