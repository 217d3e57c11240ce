"""Every setting of the service. The service reads the environment only here.

It imports nothing from `app` except `app.domain.time_zones` and `app.errors`.
"""

import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from app.domain.time_zones import is_zone
from app.errors import StartRefused

ValueT = TypeVar("ValueT")

_PACKAGE = Path(__file__).resolve().parent
_SAMPLE_IN_CHECKOUT = _PACKAGE.parent / "sample_data.json"
#: Loaded by default, so that a first start shows something. A checkout has it at the root, a wheel in the package.
#: `app/sample_data.json` is a symbolic link for the build of the wheel. It is not used in a checkout, because git on
#: Windows may check it out as a text file.
SAMPLE_DATA = _SAMPLE_IN_CHECKOUT if _SAMPLE_IN_CHECKOUT.is_file() else _PACKAGE / "sample_data.json"

_TEN_YEARS_S = 10 * 365 * 86_400.0
_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_NOTIFIERS = ("console", "webhook")
_ROLES = ("all", "api", "worker")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an operator can set. Each field is the environment variable of the same name with `FANOUT_` before it."""

    #: Seconds from the start of a fanout to its voice round.
    escalate_after: float = 600.0
    notifier: str = "console"
    webhook_url: str | None = field(default=None, repr=False)
    #: Seconds the console notifier takes for an SMS; a call takes twice as long.
    console_latency: float = 1.0
    log_level: str = "INFO"
    #: A JSON file whose caregivers and shifts are added at the start; None: nothing is loaded.
    data: Path | None = None
    #: The PostgreSQL database that stores everything; None: the process stores everything in memory.
    database_url: str | None = field(default=None, repr=False)
    #: What this process does: `api` answers requests, `worker` sends messages, `all` does both.
    role: str = "all"
    #: Seconds after which another worker takes over the messages of a worker that died.
    lease: float = 10.0
    #: Closed fanouts and stored answers are kept for at least this many seconds.
    retention: float = 604_800.0
    #: The largest number of notifier calls under way at once.
    max_in_flight: int = 1000
    #: Texts, and calls, that all processes together hand to the provider per second; None: no limit.
    sms_rate: float | None = None
    voice_rate: float | None = None
    #: The IANA zone in which messages show the times of a shift that names no zone; None: the offset of its start.
    timezone: str | None = None
    #: Whether a shift that has ended may be offered and assigned; None: only with the console notifier.
    past_shifts: bool | None = None
    #: The key that each request must have; None: no key is needed.
    api_key: str | None = field(default=None, repr=False)

    @property
    def allow_past_shifts(self) -> bool:
        """Whether a shift that has ended may be offered and assigned."""
        return self.notifier == "console" if self.past_shifts is None else self.past_shifts

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """The settings in `environ`; without it, in the environment of the process.

        Raises StartRefused with the variable, its value (unless it is a secret) and what the value must be.
        """
        env = _Environment(os.environ if environ is None else environ)
        notifier = env.read("FANOUT_NOTIFIER", "console", _one_of(_NOTIFIERS))
        webhook_url = env.read("FANOUT_WEBHOOK_URL", None, _http_url, secret=True)
        if notifier == "webhook" and webhook_url is None:
            raise StartRefused("FANOUT_WEBHOOK_URL is not set: FANOUT_NOTIFIER=webhook needs a URL to post to")
        database_url = env.read("FANOUT_DATABASE_URL", None, _postgres_url, secret=True)
        role = env.read("FANOUT_ROLE", "all", _one_of(_ROLES))
        if role != "all" and database_url is None:
            raise StartRefused(
                f"FANOUT_ROLE={role!r}: needs a FANOUT_DATABASE_URL, because processes cannot share what is in memory"
            )
        processes = env.read("WEB_CONCURRENCY", 1, _count)
        if processes > 1 and database_url is None:
            raise StartRefused(
                f"WEB_CONCURRENCY={processes}: several processes need a FANOUT_DATABASE_URL, "
                "because each has a memory of its own: start one process"
            )
        return cls(
            escalate_after=env.read("FANOUT_ESCALATE_AFTER", 600.0, _seconds),
            notifier=notifier,
            webhook_url=webhook_url,
            console_latency=env.read("FANOUT_CONSOLE_LATENCY", 1.0, _seconds),
            log_level=env.read("FANOUT_LOG_LEVEL", "INFO", _one_of(_LOG_LEVELS, str.upper)),
            data=env.data_file(SAMPLE_DATA if notifier == "console" and database_url is None else None),
            database_url=database_url,
            role=role,
            lease=env.read("FANOUT_LEASE", 10.0, _lease),
            retention=env.read("FANOUT_RETENTION", 604_800.0, _seconds),
            max_in_flight=env.read("FANOUT_MAX_IN_FLIGHT", 1000, _count),
            sms_rate=env.read("FANOUT_SMS_RATE", None, _rate),
            voice_rate=env.read("FANOUT_VOICE_RATE", None, _rate),
            timezone=env.read("FANOUT_TIMEZONE", None, _zone_name),
            past_shifts=env.read("FANOUT_PAST_SHIFTS", None, _past_shifts),
            api_key=env.read("FANOUT_API_KEY", None, _key, secret=True),
        )


class _Environment:
    """Reads variables. A variable that is not set or is empty gets its default."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def read(self, name: str, default: ValueT, parse: Callable[[str], ValueT], *, secret: bool = False) -> ValueT:
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

    def data_file(self, default: Path | None) -> Path | None:
        """The path in `FANOUT_DATA`. Unlike other variables, an empty one means "load nothing"."""
        text = self._environ.get("FANOUT_DATA")
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


def _seconds(text: str) -> float:
    return _number(text, "a number of seconds from 0 to ten years", 0.0, _TEN_YEARS_S)


def _lease(text: str) -> float:
    return _number(text, "a number of seconds from 0.5 to 3600", 0.5, 3600.0)


def _postgres_url(text: str) -> str:
    try:
        valid = text.startswith(("postgresql://", "postgres://")) and bool(urlsplit(text))
    except ValueError:
        valid = False
    if not valid:
        raise ValueError("must be a postgresql:// URL, or unset to store everything in memory")
    return text


def _past_shifts(text: str) -> bool:
    return _one_of(("allow", "refuse"))(text) == "allow"


def _rate(text: str) -> float:
    return _number(text, "a number per second from 0.001 to 100000, or unset for no limit", 0.001, 100_000.0)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 6 and int(text) > 0):
        raise ValueError("must be a whole number from 1 to 999999")
    return int(text)


def _one_of(allowed: tuple[str, ...], fold: Callable[[str], str] = str.lower) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if fold(text) not in allowed:
            raise ValueError(f"must be one of {', '.join(allowed)}")
        return fold(text)

    return parse


def _http_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        # The message of this error can quote the URL, and the URL can contain a password.
        valid = False
    if not valid or not text.isprintable():
        raise ValueError("must be an http:// or https:// URL")
    return text


def _key(text: str) -> str:
    if not (text.isascii() and text.isprintable()):
        raise ValueError("must be a key of printable ASCII characters")
    return text


def _zone_name(text: str) -> str:
    if text.upper() == "UTC":
        return "UTC"
    if not is_zone(text):
        raise ValueError("must be an IANA time zone such as America/New_York")
    return text
