"""Every setting of the service. The service reads the environment only here.

`app/environment.py` reads and parses single variables; this module says which there are and how they belong together.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from app import environment as values
from app.domain.attention_reasons import ALERTED, REASONS, AttentionReason
from app.domain.policy import ESCALATE_AFTER_S, LOG_RETENTION_S, RETENTION_S, URGENT_S
from app.environment import Environment
from app.errors import StartRefused, several_processes_need_a_database

_PACKAGE = Path(__file__).resolve().parent
_SAMPLE_IN_CHECKOUT = _PACKAGE.parent / "sample_data.json"
#: Loaded by default, so that a first start shows something. A checkout has it at the root, a wheel in the package.
#: `app/sample_data.json` is a symbolic link for the build of the wheel. It is not used in a checkout, because git on
#: Windows may check it out as a text file.
SAMPLE_DATA = _SAMPLE_IN_CHECKOUT if _SAMPLE_IN_CHECKOUT.is_file() else _PACKAGE / "sample_data.json"

_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_LOG_FORMATS = ("text", "json")
_NOTIFIERS = ("console", "webhook", "twilio")
_ROLES = ("all", "api", "worker")
_READERS = ("rules", "model")
#: Twilio sends one text and makes one call per second from an ordinary number; it queues what is faster for hours.
_TWILIO_RATE = 1.0
_TWILIO_URL = "https://api.twilio.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class TwilioSettings:
    """An account at Twilio, or at a provider with the same API. Each field is the variable `FANOUT_TWILIO_...`."""

    account_sid: str
    #: The first one signs our requests. Each of them is accepted in signatures of webhooks.
    auth_token: tuple[str, ...] = field(repr=False)
    #: The number, in E.164, that calls come from, and texts unless there is a messaging service.
    from_number: str | None = None
    messaging_service_sid: str | None = None
    base_url: str = _TWILIO_URL
    #: The header in which a webhook has its signature.
    signature_header: str = "X-Twilio-Signature"
    #: Whether the provider finds out if a machine answers a call.
    detect_machines: bool = False
    #: Who calls, as a voice says it ("This is ...").
    caller: str = "your agency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an operator can set. Each field is the environment variable of the same name with `FANOUT_` before it."""

    #: Seconds from the start of a fanout to its voice round.
    escalate_after: float = ESCALATE_AFTER_S
    notifier: str = "console"
    #: The notifier of texts, and of calls; None: `notifier`.
    sms_notifier: str | None = None
    voice_notifier: str | None = None
    webhook_url: str | None = field(default=None, repr=False)
    #: None: neither texts nor calls go through Twilio.
    twilio: TwilioSettings | None = None
    #: The address under which a provider reaches this service, without a slash at its end; None: it cannot.
    public_url: str | None = None
    #: Seconds the console notifier takes for an SMS; a call takes twice as long.
    console_latency: float = 1.0
    log_level: str = "INFO"
    #: How a line of the log is written: `text` or `json`.
    log_format: str = "text"
    #: A JSON file whose caregivers and shifts are added at the start; None: nothing is loaded.
    data: Path | None = None
    #: The PostgreSQL database that stores everything; None: the process stores everything in memory.
    database_url: str | None = field(default=None, repr=False)
    #: What this process does: `api` answers requests, `worker` sends messages, `all` does both.
    role: str = "all"
    #: Seconds after which another worker takes over the messages of a worker that died.
    lease: float = 10.0
    #: Closed fanouts and stored answers are kept for at least this many seconds.
    retention: float = RETENTION_S
    #: Facts are kept for at least this many seconds; in memory there may be fewer.
    log_retention: float = LOG_RETENTION_S
    #: Where events are posted, and the secret that signs them (`whsec_...`); None: nowhere.
    events_url: str | None = field(default=None, repr=False)
    events_secret: str | None = field(default=None, repr=False)
    #: The reasons for attention of which an organization's office is told by text.
    alerts: frozenset[AttentionReason] = ALERTED
    #: Days for which the words of replies that were not understood are kept; None: they are not.
    keep_text: float | None = None
    #: The largest number of notifier calls under way at once.
    max_in_flight: int = 1000
    #: Texts, and calls, that all processes together hand to the provider per second; None: see `texts_per_s`.
    sms_rate: float | None = None
    voice_rate: float | None = None
    #: The IANA zone in which messages show the times of a shift that names no zone; None: the offset of its start.
    timezone: str | None = None
    #: Quiet hours hold no text about a shift that starts within this many seconds.
    urgent: float = URGENT_S
    #: The most offers, texts and calls together, that one caregiver gets in 24 hours; None: no limit.
    offers_per_day: int | None = None
    #: Whether a shift that has ended may be offered and assigned; None: only while messages reach nobody.
    past_shifts: bool | None = None
    #: What reads the replies: the rules alone, or also a language model for those that the rules leave unclear.
    reader: str = "rules"
    #: The base URL of the model's API, the name of the model there, and the API's key; a server may want no key.
    model_url: str | None = field(default=None, repr=False)
    model_name: str | None = None
    model_key: str | None = field(default=None, repr=False)
    #: Whether `GET /metrics` needs no key.
    metrics_open: bool = False
    #: Whether requests, transitions and messages are traced by OpenTelemetry.
    traces: bool = False
    #: A key that may do everything; None: there is none.
    api_key: str | None = field(default=None, repr=False)
    #: The file of further keys (`shift-fanout keys`); None: there is none. Without any key, requests need none.
    api_keys: Path | None = None
    #: Secrets (`whsec_...`) by which gateways may sign what they post; empty: they need a key.
    inbound_secret: tuple[str, ...] = field(default=(), repr=False)

    @property
    def texts_by(self) -> str:
        """The notifier of texts."""
        return self.sms_notifier or self.notifier

    @property
    def calls_by(self) -> str:
        """The notifier of calls."""
        return self.voice_notifier or self.notifier

    @property
    def texts_per_s(self) -> float | None:
        """Texts per second; None: no limit. Twilio has a limit of its own, so its default is one."""
        return _TWILIO_RATE if self.sms_rate is None and self.texts_by == "twilio" else self.sms_rate

    @property
    def calls_per_s(self) -> float | None:
        """Calls per second; None: no limit. See `texts_per_s`."""
        return _TWILIO_RATE if self.voice_rate is None and self.calls_by == "twilio" else self.voice_rate

    @property
    def reaches_nobody(self) -> bool:
        """Whether every message only goes to the log."""
        return self.texts_by == self.calls_by == "console"

    @property
    def allow_past_shifts(self) -> bool:
        """Whether a shift that has ended may be offered and assigned."""
        return self.reaches_nobody if self.past_shifts is None else self.past_shifts

    def shown(self) -> dict[str, object]:
        """The settings that differ from the defaults, by name, for the log. Of a secret only that it is `set`."""
        return {**_shown(self), **({} if self.twilio is None else _shown(self.twilio, "twilio_"))}

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """The settings in `environ`; without it, in the environment of the process.

        Raises StartRefused with the variable, its value (unless it is a secret) and what the value must be; or with
        every variable that is missing.
        """
        env = Environment(os.environ if environ is None else environ)
        defaults = cls()
        notifier = env.read("FANOUT_NOTIFIER", defaults.notifier, values.one_of(_NOTIFIERS))
        sms_notifier = env.read("FANOUT_SMS_NOTIFIER", None, values.one_of(_NOTIFIERS))
        voice_notifier = env.read("FANOUT_VOICE_NOTIFIER", None, values.one_of(_NOTIFIERS))
        #: The variable that says how texts go out, and the one for calls; each with what it says.
        texts = ("FANOUT_SMS_NOTIFIER", sms_notifier) if sms_notifier else ("FANOUT_NOTIFIER", notifier)
        calls = ("FANOUT_VOICE_NOTIFIER", voice_notifier) if voice_notifier else ("FANOUT_NOTIFIER", notifier)
        webhook_url = env.read("FANOUT_WEBHOOK_URL", None, values.http_url, secret=True)
        twilio, missing = _twilio(env, texts_by=texts[1], calls_by=calls[1])
        _refuse_missing(texts, calls, {"twilio": missing, "webhook": [] if webhook_url else ["FANOUT_WEBHOOK_URL"]})
        database_url = env.read("FANOUT_DATABASE_URL", None, values.postgres_url, secret=True)
        role = env.read("FANOUT_ROLE", defaults.role, values.one_of(_ROLES))
        processes = env.read("WEB_CONCURRENCY", 1, values.count)
        if database_url is None:
            _refuse_several_processes(role, processes)
        reader, model_url, model_name = _reader(env)
        events_url = env.read("FANOUT_EVENTS_URL", None, values.http_url, secret=True)
        events_secret = env.read("FANOUT_EVENTS_SECRET", None, values.signing_secret, secret=True)
        if events_url is not None and events_secret is None:
            raise StartRefused("FANOUT_EVENTS_SECRET not set: FANOUT_EVENTS_URL needs it, to sign the events")
        api_key = env.read("FANOUT_API_KEY", None, values.key, secret=True)
        api_keys = env.read("FANOUT_API_KEYS", None, values.file_path, secret=True)
        if api_key is None and api_keys is None and env.is_set("FANOUT_API_KEYS"):
            # Somebody wanted keys. An empty variable must not open the API to everybody.
            raise StartRefused("FANOUT_API_KEYS: must not be empty without a FANOUT_API_KEY; unset it for no keys")
        sample = texts[1] == calls[1] == "console" and database_url is None
        return cls(
            escalate_after=env.read("FANOUT_ESCALATE_AFTER", defaults.escalate_after, values.seconds),
            notifier=notifier,
            sms_notifier=sms_notifier,
            voice_notifier=voice_notifier,
            webhook_url=webhook_url,
            twilio=twilio,
            public_url=env.read("FANOUT_PUBLIC_URL", defaults.public_url, values.encrypted_url, secret=True),
            console_latency=env.read("FANOUT_CONSOLE_LATENCY", defaults.console_latency, values.seconds),
            log_level=env.read("FANOUT_LOG_LEVEL", defaults.log_level, values.one_of(_LOG_LEVELS, str.upper)),
            log_format=env.read("FANOUT_LOG_FORMAT", defaults.log_format, values.one_of(_LOG_FORMATS)),
            data=env.path("FANOUT_DATA", SAMPLE_DATA if sample else None),
            database_url=database_url,
            role=role,
            lease=env.read("FANOUT_LEASE", defaults.lease, values.lease),
            retention=env.read("FANOUT_RETENTION", defaults.retention, values.seconds),
            log_retention=env.read("FANOUT_LOG_RETENTION", defaults.log_retention, values.seconds),
            events_url=events_url,
            events_secret=events_secret,
            alerts=frozenset(map(AttentionReason, env.words("FANOUT_ALERTS", defaults.alerts, REASONS))),
            keep_text=env.read("FANOUT_KEEP_TEXT", defaults.keep_text, values.days),
            max_in_flight=env.read("FANOUT_MAX_IN_FLIGHT", defaults.max_in_flight, values.count),
            sms_rate=env.read("FANOUT_SMS_RATE", defaults.sms_rate, values.rate),
            voice_rate=env.read("FANOUT_VOICE_RATE", defaults.voice_rate, values.rate),
            timezone=env.read("FANOUT_TIMEZONE", defaults.timezone, values.zone_name),
            urgent=env.read("FANOUT_URGENT", defaults.urgent, values.seconds),
            offers_per_day=env.read("FANOUT_OFFERS_PER_DAY", defaults.offers_per_day, values.count),
            past_shifts=env.read("FANOUT_PAST_SHIFTS", defaults.past_shifts, values.past_shifts),
            reader=reader,
            model_url=model_url,
            model_name=model_name,
            model_key=env.read("FANOUT_MODEL_KEY", defaults.model_key, values.key, secret=True),
            metrics_open=env.read("FANOUT_METRICS_OPEN", defaults.metrics_open, values.one_or_zero),
            traces=env.read("FANOUT_TRACES", defaults.traces, values.one_or_zero),
            api_key=api_key,
            api_keys=api_keys,
            inbound_secret=env.read(
                "FANOUT_INBOUND_SECRET", defaults.inbound_secret, values.signing_secrets, secret=True
            ),
        )


def _shown(settings: "Settings | TwilioSettings", prefix: str = "") -> dict[str, object]:
    """The fields with values other than their defaults; `repr=False` marks the secret ones."""
    return {
        f"{prefix}{one.name}": getattr(settings, one.name) if one.repr else "set"
        for one in fields(settings)
        if one.name != "twilio" and getattr(settings, one.name) != one.default
    }


def _refuse_several_processes(role: str, processes: int) -> None:
    """Raises StartRefused if these settings are for several processes, which cannot share what is in memory."""
    if role != "all":
        raise StartRefused(
            f"FANOUT_ROLE={role!r}: needs a FANOUT_DATABASE_URL, because processes cannot share what is in memory"
        )
    if processes > 1:
        raise StartRefused(several_processes_need_a_database(f"WEB_CONCURRENCY={processes}"))


def _reader(env: Environment) -> tuple[str, str | None, str | None]:
    """What reads the replies; and the URL and the name of the model, both there if it is the model."""
    reader = env.read("FANOUT_READER", "rules", values.one_of(_READERS))
    url = env.read("FANOUT_MODEL_URL", None, values.http_url, secret=True)
    name = env.read("FANOUT_MODEL_NAME", None, values.model_name)
    if reader == "model" and (url is None or name is None):
        missing = "FANOUT_MODEL_URL" if url is None else "FANOUT_MODEL_NAME"
        raise StartRefused(f"{missing} is not set: FANOUT_READER=model needs a URL and the name of a model")
    return reader, url, name


def _twilio(env: Environment, *, texts_by: str, calls_by: str) -> tuple[TwilioSettings | None, list[str]]:
    """The account, None if it is not used or not complete; and the variables that are missing."""
    base_url = env.read("FANOUT_TWILIO_BASE_URL", _TWILIO_URL, values.encrypted_url, secret=True)
    # Not shown if they are wrong, because somebody may have put the token there.
    account_sid = env.read("FANOUT_TWILIO_ACCOUNT_SID", None, values.account_id("AC", base_url), secret=True)
    no_token: tuple[str, ...] = ()
    auth_token = env.read("FANOUT_TWILIO_AUTH_TOKEN", no_token, values.keys, secret=True)
    from_number = env.read("FANOUT_TWILIO_FROM", None, values.phone)
    messaging_service_sid = env.read(
        "FANOUT_TWILIO_MESSAGING_SERVICE_SID", None, values.account_id("MG", base_url), secret=True
    )
    defaults = TwilioSettings(account_sid=account_sid or "", auth_token=auth_token)
    account = replace(
        defaults,
        from_number=from_number,
        messaging_service_sid=messaging_service_sid,
        base_url=base_url,
        signature_header=env.read("FANOUT_TWILIO_SIGNATURE_HEADER", defaults.signature_header, values.header_name),
        detect_machines=env.read("FANOUT_TWILIO_DETECT_MACHINES", defaults.detect_machines, values.on_or_off),
        caller=env.read("FANOUT_TWILIO_CALLER", defaults.caller, values.spoken_name),
    )
    if "twilio" not in (texts_by, calls_by):
        return None, []
    missing = [] if account_sid else ["FANOUT_TWILIO_ACCOUNT_SID"]
    missing += [] if auth_token else ["FANOUT_TWILIO_AUTH_TOKEN"]
    if texts_by == "twilio" and not (from_number or messaging_service_sid):
        missing.append("FANOUT_TWILIO_FROM or FANOUT_TWILIO_MESSAGING_SERVICE_SID")
    elif texts_by != "twilio" and not from_number:
        missing.append("FANOUT_TWILIO_FROM")
    return (None if missing else account), missing


def _refuse_missing(texts: tuple[str, str], calls: tuple[str, str], missing: Mapping[str, list[str]]) -> None:
    """Raises StartRefused with every variable that is missing for a notifier that is used, in one line."""
    chosen_by = {notifier: variable for variable, notifier in (calls, texts)}
    lines = [
        f"{', '.join(names)} not set: {chosen_by[notifier]}={notifier} needs {'it' if len(names) == 1 else 'them'}"
        for notifier, names in missing.items()
        if notifier in chosen_by and names
    ]
    if lines:
        raise StartRefused("; ".join(lines))
