"""Settings: each variable's default, its good values, its bad values and the line that refuses them."""

import dataclasses
from dataclasses import asdict
from pathlib import Path

import pytest

from app.api import create_app
from app.domain.attention_reasons import ALERTED, AttentionReason
from app.errors import ShiftFanoutError, StartRefused
from app.settings import SAMPLE_DATA, Settings

DEFAULTS: dict[str, object] = {
    "escalate_after": 600.0,
    "notifier": "console",
    "sms_notifier": None,
    "voice_notifier": None,
    "webhook_url": None,
    "twilio": None,
    "public_url": None,
    "console_latency": 1.0,
    "log_level": "INFO",
    "log_format": "text",
    "database_url": None,
    "role": "all",
    "lease": 10.0,
    "retention": 604_800.0,
    "log_retention": 34_560_000.0,
    "events_url": None,
    "events_secret": None,
    "max_in_flight": 1000,
    "sms_rate": None,
    "voice_rate": None,
    "timezone": None,
    "urgent": 21_600.0,
    "offers_per_day": None,
    "past_shifts": None,
    "reader": "rules",
    "model_url": None,
    "model_name": None,
    "model_key": None,
    "metrics_open": False,
    "traces": False,
    "api_key": None,
    "alerts": ALERTED,
    "keep_text": None,
    "api_keys": None,
    "inbound_secret": (),
}

SECRETS = ("FANOUT_API_KEY", "FANOUT_WEBHOOK_URL", "FANOUT_DATABASE_URL", "FANOUT_MODEL_URL", "FANOUT_MODEL_KEY")
#: Variables whose wrong value is not shown, because it may have a secret.
NOT_SHOWN = (*SECRETS, "FANOUT_PUBLIC_URL", "FANOUT_INBOUND_SECRET")

GOOD: list[tuple[str, str, str, object]] = [
    ("FANOUT_ESCALATE_AFTER", "0", "escalate_after", 0.0),
    ("FANOUT_ESCALATE_AFTER", "2.5", "escalate_after", 2.5),
    ("FANOUT_ESCALATE_AFTER", " 90 ", "escalate_after", 90.0),
    ("FANOUT_ESCALATE_AFTER", "315360000", "escalate_after", 315_360_000.0),
    ("FANOUT_NOTIFIER", "console", "notifier", "console"),
    ("FANOUT_NOTIFIER", "Console", "notifier", "console"),
    ("FANOUT_SMS_NOTIFIER", "CONSOLE", "sms_notifier", "console"),
    ("FANOUT_VOICE_NOTIFIER", "console", "voice_notifier", "console"),
    ("FANOUT_PUBLIC_URL", "https://agency.example/", "public_url", "https://agency.example"),
    ("FANOUT_PUBLIC_URL", "https://agency.example:8443/fanout/", "public_url", "https://agency.example:8443/fanout"),
    ("FANOUT_PUBLIC_URL", "http://127.0.0.1:8000", "public_url", "http://127.0.0.1:8000"),
    ("FANOUT_PUBLIC_URL", "http://[::1]:8000", "public_url", "http://[::1]:8000"),
    ("FANOUT_PUBLIC_URL", "http://localhost:8000", "public_url", "http://localhost:8000"),
    ("FANOUT_WEBHOOK_URL", "https://gateway.example/in?x=1", "webhook_url", "https://gateway.example/in?x=1"),
    ("FANOUT_WEBHOOK_URL", "http://127.0.0.1:9000", "webhook_url", "http://127.0.0.1:9000"),
    ("FANOUT_CONSOLE_LATENCY", "0", "console_latency", 0.0),
    ("FANOUT_CONSOLE_LATENCY", "0.25", "console_latency", 0.25),
    ("FANOUT_LOG_LEVEL", "DEBUG", "log_level", "DEBUG"),
    ("FANOUT_LOG_FORMAT", "JSON", "log_format", "json"),
    ("FANOUT_LOG_LEVEL", "warning", "log_level", "WARNING"),
    ("FANOUT_LEASE", "0.5", "lease", 0.5),
    ("FANOUT_LEASE", "3600", "lease", 3600.0),
    ("FANOUT_RETENTION", "3600", "retention", 3600.0),
    ("FANOUT_LOG_RETENTION", "86400", "log_retention", 86_400.0),
    ("FANOUT_KEEP_TEXT", "0.5", "keep_text", 0.5),
    ("FANOUT_MAX_IN_FLIGHT", "1", "max_in_flight", 1),
    ("FANOUT_SMS_RATE", "0.5", "sms_rate", 0.5),
    ("FANOUT_SMS_RATE", "0.001", "sms_rate", 0.001),
    ("FANOUT_VOICE_RATE", "20", "voice_rate", 20.0),
    ("FANOUT_VOICE_RATE", "100000", "voice_rate", 100_000.0),
    ("FANOUT_TIMEZONE", "America/New_York", "timezone", "America/New_York"),
    ("FANOUT_TIMEZONE", "utc", "timezone", "UTC"),
    ("FANOUT_URGENT", "3600", "urgent", 3600.0),
    ("FANOUT_OFFERS_PER_DAY", "5", "offers_per_day", 5),
    ("FANOUT_PAST_SHIFTS", "allow", "past_shifts", True),
    ("FANOUT_PAST_SHIFTS", "REFUSE", "past_shifts", False),
    ("FANOUT_READER", "Rules", "reader", "rules"),
    ("FANOUT_MODEL_URL", "http://localhost:8080/v1", "model_url", "http://localhost:8080/v1"),
    ("FANOUT_MODEL_NAME", "small model:4b", "model_name", "small model:4b"),
    ("FANOUT_MODEL_KEY", "correct horse", "model_key", "correct horse"),
    ("FANOUT_METRICS_OPEN", "1", "metrics_open", True),
    ("FANOUT_METRICS_OPEN", "0", "metrics_open", False),
    ("FANOUT_API_KEY", "correct horse", "api_key", "correct horse"),
]

BAD: list[tuple[str, str, str]] = [
    ("FANOUT_ESCALATE_AFTER", "soon", "number of seconds"),
    ("FANOUT_ESCALATE_AFTER", "-1", "number of seconds"),
    ("FANOUT_ESCALATE_AFTER", "nan", "number of seconds"),
    ("FANOUT_ESCALATE_AFTER", "inf", "number of seconds"),
    ("FANOUT_ESCALATE_AFTER", "1e300", "ten years"),
    ("FANOUT_ESCALATE_AFTER", "315360001", "ten years"),
    ("FANOUT_ESCALATE_AFTER", "1_0", "number of seconds"),
    ("FANOUT_ESCALATE_AFTER", "\u0663", "number of seconds"),
    ("FANOUT_METRICS_OPEN", "yes", "0, 1"),
    ("FANOUT_LOG_FORMAT", "xml", "text, json"),
    ("FANOUT_NOTIFIER", "pigeon", "console, webhook, twilio"),
    ("FANOUT_SMS_NOTIFIER", "pigeon", "console, webhook, twilio"),
    ("FANOUT_VOICE_NOTIFIER", "pigeon", "console, webhook, twilio"),
    ("FANOUT_TWILIO_FROM", "12345", "a telephone number"),
    ("FANOUT_TWILIO_SIGNATURE_HEADER", "X Signature:", "the name of a header"),
    ("FANOUT_TWILIO_SIGNATURE_HEADER", "Content-Length", "a header for signatures"),
    ("FANOUT_TWILIO_SIGNATURE_HEADER", "host", "a header for signatures"),
    ("FANOUT_TWILIO_DETECT_MACHINES", "yes", "on, off"),
    ("FANOUT_TWILIO_CALLER", "x" * 61, "at most 60"),
    ("FANOUT_TWILIO_CALLER", "North\x07star", "printable"),
    ("FANOUT_CONSOLE_LATENCY", "-0.1", "number of seconds"),
    ("FANOUT_CONSOLE_LATENCY", "1s", "number of seconds"),
    ("FANOUT_LOG_LEVEL", "LOUD", "DEBUG, INFO, WARNING, ERROR, CRITICAL"),
    ("FANOUT_PAST_SHIFTS", "1", "allow, refuse"),
    ("FANOUT_LEASE", "0", "number of seconds from 0.5"),
    ("FANOUT_LEASE", "0.49", "number of seconds from 0.5"),
    ("FANOUT_LEASE", "3600.1", "number of seconds from 0.5"),
    ("FANOUT_LEASE", "forever", "number of seconds from 0.5"),
    ("FANOUT_ROLE", "boss", "all, api, worker"),
    ("FANOUT_RETENTION", "-5", "number of seconds"),
    ("FANOUT_RETENTION", "a week", "number of seconds"),
    ("FANOUT_KEEP_TEXT", "0", "number of days, more than 0"),
    ("FANOUT_KEEP_TEXT", "a week", "number of days, more than 0"),
    ("FANOUT_MAX_IN_FLIGHT", "0", "whole number"),
    ("FANOUT_MAX_IN_FLIGHT", "-3", "whole number"),
    ("FANOUT_MAX_IN_FLIGHT", "2.5", "whole number"),
    ("FANOUT_MAX_IN_FLIGHT", "1000000", "whole number"),
    ("FANOUT_MAX_IN_FLIGHT", "\u0663", "whole number"),
    ("FANOUT_SMS_RATE", "0", "number per second"),
    ("FANOUT_SMS_RATE", "0.00099", "number per second"),
    ("FANOUT_SMS_RATE", "-1", "number per second"),
    ("FANOUT_SMS_RATE", "nan", "number per second"),
    ("FANOUT_VOICE_RATE", "fast", "number per second"),
    ("FANOUT_VOICE_RATE", "100000.1", "number per second"),
    ("FANOUT_VOICE_RATE", "1e9", "number per second"),
    ("FANOUT_READER", "oracle", "rules, model"),
    ("FANOUT_MODEL_NAME", "a\tb", "name of a model"),
    ("FANOUT_MODEL_NAME", "x" * 201, "name of a model"),
    ("FANOUT_TIMEZONE", "Mars/Olympus_Mons", "IANA"),
    ("FANOUT_TIMEZONE", "America", "IANA"),
    ("FANOUT_TIMEZONE", "/etc/passwd", "IANA"),
    ("FANOUT_TIMEZONE", "../../etc/passwd", "IANA"),
    ("FANOUT_TIMEZONE", "x" * 5000, "IANA"),
]

BAD_URLS = [
    "https://u:gEh31m@xn--abc.ß/",
    "ftp://user:sesame@gateway.example/",
    "gateway.example/sesame",
    "http:///sesame",
    "https://user:sesame@/",
    "sesame",
    "https://user:sesame\u2100@gateway.example/",
    "https://user:sesame@[::1",
    "https://user:sesame@gateway.example:port/",
    "https://user:sesame@gateway.example:99999/",
    "https://gateway.example/\x01sesame",
]


@pytest.mark.parametrize(("field", "value"), DEFAULTS.items())
def test_an_empty_environment_gives_the_default(field: str, value: object) -> None:
    """Each setting has its documented default when its variable is not set."""
    assert getattr(Settings.from_env({}), field) == value


def test_the_table_of_defaults_is_complete() -> None:
    """The table of defaults above has every setting except the data file, which has its own tests."""
    assert {field.name for field in dataclasses.fields(Settings)} == {*DEFAULTS, "data"}


def test_settings_in_code_have_the_defaults_of_the_environment() -> None:
    """Settings() equals the settings of an empty environment, except that it loads no data file."""
    assert dataclasses.replace(Settings.from_env({}), data=None) == Settings()


@pytest.mark.parametrize("name", sorted({name for name, *_ in GOOD}))
def test_an_empty_value_counts_as_unset(name: str) -> None:
    """A variable that is empty or blank has its default. A secret of blanks is refused: somebody tried to set one."""
    assert Settings.from_env({name: ""}) == Settings.from_env({})
    if name in NOT_SHOWN:
        with pytest.raises(StartRefused, match=f"^{name}: must not be blank"):
            Settings.from_env({name: "  "})
    else:
        assert Settings.from_env({name: "  "}) == Settings.from_env({})


@pytest.mark.parametrize("name", ["FANOUT_API_KEYS", "FANOUT_INBOUND_SECRET", "FANOUT_EVENTS_SECRET"])
def test_what_protects_the_service_is_not_blank(name: str) -> None:
    """Whatever other keys there are: a variable of blanks was meant to protect something."""
    for others in ({}, {"FANOUT_API_KEY": "sesame"}):
        with pytest.raises(StartRefused, match=f"^{name}: must not be blank"):
            Settings.from_env({**others, name: "  "})


def test_an_empty_name_of_the_key_file_opens_nothing() -> None:
    """An empty FANOUT_API_KEYS stops the start. With a FANOUT_API_KEY it counts as unset, for compose files."""
    for others in ({}, {"FANOUT_API_KEY": ""}, {"FANOUT_INBOUND_SECRET": "whsec_c2VzYW1l"}):
        with pytest.raises(StartRefused, match=r"^FANOUT_API_KEYS: must not be empty"):
            Settings.from_env({**others, "FANOUT_API_KEYS": ""})
    assert Settings.from_env({"FANOUT_API_KEY": "sesame", "FANOUT_API_KEYS": ""}).api_keys is None
    assert Settings.from_env({"FANOUT_API_KEYS": "keys.json"}).api_keys == Path("keys.json")


def test_alerts_are_chosen_by_their_reasons() -> None:
    """An empty FANOUT_ALERTS means none; a reason that there is not stops the start."""
    assert Settings.from_env({"FANOUT_ALERTS": " "}).alerts == frozenset()
    chosen = Settings.from_env({"FANOUT_ALERTS": "exhausted, Not_Told,"}).alerts
    assert chosen == {AttentionReason.EXHAUSTED, AttentionReason.NOT_TOLD}
    assert Settings.from_env({"FANOUT_ALERTS": ",".join(AttentionReason)}).alerts == set(AttentionReason)
    with pytest.raises(StartRefused, match=r"^FANOUT_ALERTS='expired,no': 'no' is none of exhausted, expired, "):
        Settings.from_env({"FANOUT_ALERTS": "expired,no"})


@pytest.mark.parametrize(("name", "text", "field", "value"), GOOD)
def test_a_good_value_is_taken(name: str, text: str, field: str, value: object) -> None:
    """A good value is converted and stored in its field. No other field changes."""
    settings = Settings.from_env({name: text})
    assert getattr(settings, field) == value
    assert asdict(settings) | {field: DEFAULTS[field]} == asdict(Settings.from_env({}))


@pytest.mark.parametrize(("name", "text", "allowed"), BAD)
def test_a_bad_value_stops_the_start(name: str, text: str, allowed: str) -> None:
    """The refusal is one line with the variable, its value and what it must be."""
    with pytest.raises(StartRefused) as refused:
        Settings.from_env({name: text})
    message = str(refused.value)
    assert message.startswith(f"{name}={text!r}: must be ")
    assert allowed in message
    assert "\n" not in message


@pytest.mark.parametrize("url", BAD_URLS)
def test_a_bad_webhook_url_is_refused_without_showing_it(url: str) -> None:
    """A webhook URL may contain a password, so the refusal has the variable but not its value."""
    with pytest.raises(StartRefused) as refused:
        Settings.from_env({"FANOUT_WEBHOOK_URL": url})
    assert str(refused.value) == "FANOUT_WEBHOOK_URL=(value not shown): must be an http:// or https:// URL"


def test_the_webhook_notifier_needs_a_url() -> None:
    """FANOUT_NOTIFIER=webhook without a URL stops the start, and the line names the missing variable."""
    with pytest.raises(StartRefused, match=r"^FANOUT_WEBHOOK_URL .*FANOUT_NOTIFIER=webhook"):
        Settings.from_env({"FANOUT_NOTIFIER": "webhook"})


def test_the_webhook_notifier_with_a_url() -> None:
    """FANOUT_NOTIFIER=webhook needs nothing but the URL."""
    settings = Settings.from_env({"FANOUT_NOTIFIER": "webhook", "FANOUT_WEBHOOK_URL": "https://gateway.example"})
    assert (settings.notifier, settings.webhook_url) == ("webhook", "https://gateway.example")


@pytest.mark.parametrize(
    "url", ["mysql://u:sesame@h/db", "sesame", "postgresql:sesame", "http://[::1", "/var/lib/sesame.db"]
)
def test_a_bad_database_url_is_refused_without_showing_it(url: str) -> None:
    """A database URL may contain a password, so the refusal has the variable but not its value."""
    with pytest.raises(StartRefused) as refused:
        Settings.from_env({"FANOUT_DATABASE_URL": url})
    assert str(refused.value) == (
        "FANOUT_DATABASE_URL=(value not shown): must be a postgresql:// URL, or unset to store everything in memory"
    )


def test_past_shifts_are_allowed_only_with_the_stub_unless_said_otherwise() -> None:
    """The sample data may lie in the past; people on real telephones must not be asked about what is over."""
    webhook = {"FANOUT_NOTIFIER": "webhook", "FANOUT_WEBHOOK_URL": "https://gateway.example"}
    assert Settings.from_env({}).allow_past_shifts
    assert not Settings.from_env({"FANOUT_PAST_SHIFTS": "refuse"}).allow_past_shifts
    assert not Settings.from_env(webhook).allow_past_shifts
    assert Settings.from_env(webhook | {"FANOUT_PAST_SHIFTS": "allow"}).allow_past_shifts


@pytest.mark.parametrize("role", ["api", "worker"])
def test_half_a_service_needs_a_database(role: str) -> None:
    """An API process and a worker process cannot share what is in memory."""
    with pytest.raises(StartRefused, match=r"^FANOUT_ROLE='\w+': needs a FANOUT_DATABASE_URL"):
        Settings.from_env({"FANOUT_ROLE": role})
    settings = Settings.from_env({"FANOUT_ROLE": role, "FANOUT_DATABASE_URL": "postgresql://h/db"})
    assert (settings.role, settings.data) == (role, None)


def test_several_processes_need_a_database() -> None:
    """Each would have a memory of its own, and contact everybody again."""
    with pytest.raises(StartRefused, match=r"^WEB_CONCURRENCY=2: several processes need a FANOUT_DATABASE_URL"):
        Settings.from_env({"WEB_CONCURRENCY": "2"})
    assert Settings.from_env({"WEB_CONCURRENCY": "1"}).database_url is None
    assert Settings.from_env({"WEB_CONCURRENCY": "2", "FANOUT_DATABASE_URL": "postgresql://h/db"}).database_url


@pytest.mark.parametrize("missing", ["FANOUT_MODEL_URL", "FANOUT_MODEL_NAME"])
def test_half_a_model_stops_the_start(missing: str) -> None:
    """A model needs a URL and a name; the line names what is missing and shows no key. A server may want no key."""
    environ = {"FANOUT_READER": "model", "FANOUT_MODEL_URL": "http://localhost:1/v1", "FANOUT_MODEL_NAME": "small"}
    assert Settings.from_env(environ).reader == "model"
    del environ[missing]
    with pytest.raises(StartRefused, match=rf"^{missing} is not set: FANOUT_READER=model needs ") as refused:
        Settings.from_env(environ | {"FANOUT_MODEL_KEY": "sesame"})
    assert "sesame" not in str(refused.value)


@pytest.mark.parametrize("name", SECRETS)
def test_secrets_do_not_print(name: str) -> None:
    """Printed settings show neither the API key nor the URLs."""
    scheme = "postgresql" if name == "FANOUT_DATABASE_URL" else "https"
    settings = Settings.from_env({name: f"{scheme}://user:sesame@gateway.example"})
    assert "sesame" not in repr(settings)
    assert "sesame" not in str(settings)


def test_another_variables_error_does_not_show_secrets() -> None:
    """A refusal of one variable does not show the secrets in the others."""
    environ = {"FANOUT_API_KEY": "sesame", "FANOUT_WEBHOOK_URL": "https://u:sesame@h.example", "FANOUT_SMS_RATE": "?"}
    with pytest.raises(StartRefused) as refused:
        Settings.from_env(environ)
    assert "sesame" not in str(refused.value)


def test_the_sample_data_is_loaded_by_default() -> None:
    """With the console notifier and nothing set, the repository's sample data is loaded."""
    assert Settings.from_env({}).data == SAMPLE_DATA
    assert SAMPLE_DATA.is_file()


@pytest.mark.parametrize("text", ["", "   "])
def test_an_empty_data_path_loads_nothing(text: str) -> None:
    """An empty or blank FANOUT_DATA loads nothing."""
    assert Settings.from_env({"FANOUT_DATA": text}).data is None


def test_a_webhook_start_loads_no_sample_data() -> None:
    """The sample's caregivers are not loaded by default if messages really go out."""
    environ = {"FANOUT_NOTIFIER": "webhook", "FANOUT_WEBHOOK_URL": "https://gateway.example"}
    assert Settings.from_env(environ).data is None


@pytest.mark.parametrize("notifier", ["console", "webhook"])
def test_a_data_path_is_taken_as_it_is(notifier: str) -> None:
    """A path in FANOUT_DATA is used with every notifier."""
    environ = {
        "FANOUT_NOTIFIER": notifier,
        "FANOUT_WEBHOOK_URL": "https://gateway.example",
        "FANOUT_DATA": "/srv/roster.json",
    }
    assert Settings.from_env(environ).data == Path("/srv/roster.json")


def test_settings_cannot_be_changed() -> None:
    """The settings are frozen."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().api_key = "other"  # type: ignore[misc]


def test_a_key_that_is_not_utf8_is_refused_without_showing_it() -> None:
    """A key whose bytes are not text stops the start, because no request could have it."""
    with pytest.raises(StartRefused, match=r"^FANOUT_API_KEY=\(value not shown\): must be "):
        Settings.from_env({"FANOUT_API_KEY": "sesame\udcff"})


@pytest.mark.parametrize(
    "name",
    ["FANOUT_NOTIFIER", "FANOUT_DATA", "FANOUT_API_KEYS", "FANOUT_PUBLIC_URL", "FANOUT_ALERTS", "FANOUT_LEASE"],
)
def test_a_url_in_the_wrong_variable_is_not_shown(name: str) -> None:
    """It may contain a password."""
    with pytest.raises(StartRefused, match=rf"^{name}=\(value not shown\): ") as refused:
        Settings.from_env({name: "http://user:s3cretpw@host"})
    assert "s3cretpw" not in refused.value.reason


def test_a_refused_start_is_an_error_and_an_exit() -> None:
    """StartRefused is one of the service's errors and a SystemExit whose code is the line to print."""
    refused = StartRefused("FANOUT_X=1: must be 2")
    assert isinstance(refused, ShiftFanoutError)
    assert isinstance(refused, Exception)
    assert isinstance(refused, SystemExit)
    assert (str(refused), refused.code, refused.reason) == ("FANOUT_X=1: must be 2",) * 3


def test_a_missing_data_file_stops_the_start(tmp_path: Path) -> None:
    """create_app refuses a data file that does not exist, and the line names the variable."""
    with pytest.raises(StartRefused, match=r"^FANOUT_DATA="):
        create_app(Settings(data=tmp_path / "missing.json"))
