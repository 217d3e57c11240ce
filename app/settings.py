"""Every setting of the service. The service reads the environment only here.

`app/environment.py` reads and parses single variables; this module says which there are and how they belong together.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app import environment as values
from app.environment import Environment
from app.errors import StartRefused

_PACKAGE = Path(__file__).resolve().parent
_SAMPLE_IN_CHECKOUT = _PACKAGE.parent / "sample_data.json"
#: Loaded by default, so that a first start shows something. A checkout has it at the root, a wheel in the package.
#: `app/sample_data.json` is a symbolic link for the build of the wheel. It is not used in a checkout, because git on
#: Windows may check it out as a text file.
SAMPLE_DATA = _SAMPLE_IN_CHECKOUT if _SAMPLE_IN_CHECKOUT.is_file() else _PACKAGE / "sample_data.json"

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
        env = Environment(os.environ if environ is None else environ)
        notifier = env.read("FANOUT_NOTIFIER", "console", values.one_of(_NOTIFIERS))
        webhook_url = env.read("FANOUT_WEBHOOK_URL", None, values.http_url, secret=True)
        if notifier == "webhook" and webhook_url is None:
            raise StartRefused("FANOUT_WEBHOOK_URL is not set: FANOUT_NOTIFIER=webhook needs a URL to post to")
        database_url = env.read("FANOUT_DATABASE_URL", None, values.postgres_url, secret=True)
        role = env.read("FANOUT_ROLE", "all", values.one_of(_ROLES))
        if role != "all" and database_url is None:
            raise StartRefused(
                f"FANOUT_ROLE={role!r}: needs a FANOUT_DATABASE_URL, because processes cannot share what is in memory"
            )
        processes = env.read("WEB_CONCURRENCY", 1, values.count)
        if processes > 1 and database_url is None:
            raise StartRefused(
                f"WEB_CONCURRENCY={processes}: several processes need a FANOUT_DATABASE_URL, "
                "because each has a memory of its own: start one process"
            )
        return cls(
            escalate_after=env.read("FANOUT_ESCALATE_AFTER", 600.0, values.seconds),
            notifier=notifier,
            webhook_url=webhook_url,
            console_latency=env.read("FANOUT_CONSOLE_LATENCY", 1.0, values.seconds),
            log_level=env.read("FANOUT_LOG_LEVEL", "INFO", values.one_of(_LOG_LEVELS, str.upper)),
            data=env.path("FANOUT_DATA", SAMPLE_DATA if notifier == "console" and database_url is None else None),
            database_url=database_url,
            role=role,
            lease=env.read("FANOUT_LEASE", 10.0, values.lease),
            retention=env.read("FANOUT_RETENTION", 604_800.0, values.seconds),
            max_in_flight=env.read("FANOUT_MAX_IN_FLIGHT", 1000, values.count),
            sms_rate=env.read("FANOUT_SMS_RATE", None, values.rate),
            voice_rate=env.read("FANOUT_VOICE_RATE", None, values.rate),
            timezone=env.read("FANOUT_TIMEZONE", None, values.zone_name),
            past_shifts=env.read("FANOUT_PAST_SHIFTS", None, values.past_shifts),
            api_key=env.read("FANOUT_API_KEY", None, values.key, secret=True),
        )
