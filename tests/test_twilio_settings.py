"""The settings of real phones: which belong together, what is missing, and what follows from them."""

import dataclasses
import logging

import pytest
from fakes import FakeClock

from app.bootstrap import build
from app.errors import StartRefused
from app.settings import Settings, TwilioSettings

ACCOUNT = {
    "FANOUT_TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "FANOUT_TWILIO_AUTH_TOKEN": "sesame",
    "FANOUT_TWILIO_FROM": "+1 617 555 0100",
}
PUBLIC = {"FANOUT_PUBLIC_URL": "https://agency.example"}
TWILIO = {"FANOUT_NOTIFIER": "twilio", **ACCOUNT}
NO_SENDER = "FANOUT_TWILIO_FROM or FANOUT_TWILIO_MESSAGING_SERVICE_SID"


def refusal(environ: dict[str, str]) -> str:
    """The line with which these settings stop the start."""
    with pytest.raises(StartRefused) as refused:
        Settings.from_env(environ)
    return refused.value.reason


def test_an_account_and_its_number() -> None:
    """Four settings are enough; the others have defaults."""
    assert Settings.from_env(TWILIO).twilio == TwilioSettings(
        account_sid="AC" + "0" * 32,
        auth_token=("sesame",),
        from_number="+16175550100",
        messaging_service_sid=None,
        base_url="https://api.twilio.com",
        signature_header="X-Twilio-Signature",
        detect_machines=False,
        caller="your agency",
    )


def test_every_setting_of_an_account() -> None:
    """Each variable ends up in its field."""
    environ = {
        "FANOUT_NOTIFIER": "twilio",
        "FANOUT_TWILIO_ACCOUNT_SID": "AC1",
        "FANOUT_TWILIO_AUTH_TOKEN": "new, old",
        "FANOUT_TWILIO_FROM": "617-555-0100",
        "FANOUT_TWILIO_MESSAGING_SERVICE_SID": "MG1",
        "FANOUT_TWILIO_BASE_URL": "https://space.signalwire.example/api/laml/",
        "FANOUT_TWILIO_SIGNATURE_HEADER": "X-SignalWire-Signature",
        "FANOUT_TWILIO_DETECT_MACHINES": "on",
        "FANOUT_TWILIO_CALLER": "Northstar Home Health",
    }
    assert Settings.from_env(environ).twilio == TwilioSettings(
        account_sid="AC1",
        auth_token=("new", "old"),
        from_number="+16175550100",
        messaging_service_sid="MG1",
        base_url="https://space.signalwire.example/api/laml",
        signature_header="X-SignalWire-Signature",
        detect_machines=True,
        caller="Northstar Home Health",
    )


def test_half_a_configuration_names_all_that_is_missing() -> None:
    """One line, with the variables to set and the one that needs them."""
    assert refusal({"FANOUT_NOTIFIER": "twilio"}) == (
        f"FANOUT_TWILIO_ACCOUNT_SID, FANOUT_TWILIO_AUTH_TOKEN, {NO_SENDER} not set: FANOUT_NOTIFIER=twilio needs them"
    )


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("FANOUT_TWILIO_ACCOUNT_SID", "FANOUT_TWILIO_ACCOUNT_SID"),
        ("FANOUT_TWILIO_AUTH_TOKEN", "FANOUT_TWILIO_AUTH_TOKEN"),
        ("FANOUT_TWILIO_FROM", NO_SENDER),
    ],
)
def test_one_missing_variable(name: str, named: str) -> None:
    """The line has that variable and no other."""
    assert refusal({**TWILIO, name: ""}) == f"{named} not set: FANOUT_NOTIFIER=twilio needs it"


def test_calls_need_a_number_and_texts_a_number_or_a_service() -> None:
    """A messaging service can send texts only."""
    service = {"FANOUT_TWILIO_MESSAGING_SERVICE_SID": "MG1", "FANOUT_TWILIO_FROM": ""}
    assert Settings.from_env({**TWILIO, **service}).twilio
    assert Settings.from_env({**ACCOUNT, **service, "FANOUT_SMS_NOTIFIER": "twilio"}).twilio
    assert refusal({**ACCOUNT, **service, "FANOUT_VOICE_NOTIFIER": "twilio"}) == (
        "FANOUT_TWILIO_FROM not set: FANOUT_VOICE_NOTIFIER=twilio needs it"
    )


def test_everything_missing_for_both_channels() -> None:
    """If texts and calls go by different ways, one line has what is missing for both."""
    line = refusal({"FANOUT_NOTIFIER": "webhook", "FANOUT_VOICE_NOTIFIER": "twilio"})
    assert line == (
        "FANOUT_TWILIO_ACCOUNT_SID, FANOUT_TWILIO_AUTH_TOKEN, FANOUT_TWILIO_FROM not set: "
        "FANOUT_VOICE_NOTIFIER=twilio needs them; FANOUT_WEBHOOK_URL not set: FANOUT_NOTIFIER=webhook needs it"
    )


def test_an_account_that_no_channel_uses_is_not_needed() -> None:
    """FANOUT_NOTIFIER does not count once both channels have their own."""
    both = {"FANOUT_NOTIFIER": "twilio", "FANOUT_SMS_NOTIFIER": "console", "FANOUT_VOICE_NOTIFIER": "console"}
    assert Settings.from_env(both).twilio is None
    assert Settings.from_env(ACCOUNT).twilio is None


def test_one_channel_for_real_is_no_demonstration() -> None:
    """Sample data and shifts in the past are for messages that reach nobody."""
    calls_only = Settings.from_env({**ACCOUNT, "FANOUT_VOICE_NOTIFIER": "twilio"})
    assert (calls_only.allow_past_shifts, calls_only.data) == (False, None)
    texts_only = Settings.from_env({**ACCOUNT, "FANOUT_SMS_NOTIFIER": "twilio"})
    assert (texts_only.allow_past_shifts, texts_only.data) == (False, None)


@pytest.mark.parametrize(
    ("environ", "texts", "calls"),
    [
        ({}, None, None),
        (TWILIO, 1.0, 1.0),
        ({**TWILIO, "FANOUT_SMS_RATE": "15"}, 15.0, 1.0),
        ({**TWILIO, "FANOUT_VOICE_RATE": "3"}, 1.0, 3.0),
        ({**ACCOUNT, "FANOUT_SMS_NOTIFIER": "twilio"}, 1.0, None),
        ({**ACCOUNT, "FANOUT_VOICE_NOTIFIER": "twilio"}, None, 1.0),
    ],
)
def test_twilio_takes_one_a_second_unless_set(
    environ: dict[str, str], texts: float | None, calls: float | None
) -> None:
    """The rate of an ordinary number is the default of each channel that goes through Twilio."""
    settings = Settings.from_env(environ)
    assert (settings.texts_per_s, settings.calls_per_s) == (texts, calls)


@pytest.mark.parametrize("token", [",", "sesame,", "sesame,,other", "ses\u00e4me", ", sesame"])
def test_a_bad_token_is_refused_without_showing_it(token: str) -> None:
    """An empty token would accept signatures that anybody can make."""
    line = refusal({**TWILIO, "FANOUT_TWILIO_AUTH_TOKEN": token})
    assert line.startswith("FANOUT_TWILIO_AUTH_TOKEN=(value not shown): must be ")
    assert "sesame" not in line


@pytest.mark.parametrize("name", ["FANOUT_PUBLIC_URL", "FANOUT_TWILIO_BASE_URL"])
@pytest.mark.parametrize(
    "url",
    [
        "https://user:sesame@agency.example",
        "https://agency.example/?sesame",
        "https://agency.example/#sesame",
        "ftp://agency.example/sesame",
        "sesame",
        "https://[sesame",
        "http://sesame.example",
        "http://10.0.0.1/sesame",
        "http://localhost.sesame.example",
        "https://agency.example/sesame two",
        "https://agency sesame.example",
        "https://agency.example/<sesame>",
        "https://agency.example/sesame%zz",
        "https://agency.example/\u00e9sesame",
    ],
)
def test_a_bad_url_is_refused_without_showing_it(name: str, url: str) -> None:
    """It could have a password in it."""
    line = refusal({**TWILIO, name: url})
    assert line.startswith(f"{name}=(value not shown): must be ")
    assert "sesame" not in line


@pytest.mark.parametrize(
    ("name", "prefix"), [("FANOUT_TWILIO_ACCOUNT_SID", "AC"), ("FANOUT_TWILIO_MESSAGING_SERVICE_SID", "MG")]
)
def test_an_id_that_twilio_cannot_have_given_is_refused_without_showing_it(name: str, prefix: str) -> None:
    """Somebody may have put the token there."""
    for wrong in ("sesame", f"{prefix}/../sesame", f"{prefix} sesame", f"{prefix.lower()}1", f"{prefix}\u010c1"):
        assert (
            refusal({**TWILIO, name: wrong})
            == f"{name}=(value not shown): must be {prefix} and then letters and digits"
        )
    assert Settings.from_env({**TWILIO, name: f"{prefix}12aF"}).twilio


@pytest.mark.parametrize("name", ["FANOUT_TWILIO_ACCOUNT_SID", "FANOUT_TWILIO_MESSAGING_SERVICE_SID"])
def test_the_ids_of_other_providers_are_uuids(name: str) -> None:
    """They need not look like Twilio's, but cannot have just any characters either."""
    other = {**TWILIO, "FANOUT_TWILIO_BASE_URL": "https://space.signalwire.example/api/laml"}
    uuid = "0f8fad5b-d9cb-469f-a165-70867728950e"
    assert Settings.from_env({**other, name: uuid}).twilio
    assert refusal({**TWILIO, name: uuid}).startswith(f"{name}=(value not shown): must be ")
    assert refusal({**other, name: "sesame/.."}) == f"{name}=(value not shown): must be letters, digits and hyphens"


def test_tokens_do_not_print() -> None:
    """Printed settings show no token, neither the current nor an old one."""
    settings = Settings.from_env({**TWILIO, "FANOUT_TWILIO_AUTH_TOKEN": "sesame,sesame2"})
    assert "sesame" not in repr(settings)
    assert "sesame" not in str(settings)


@pytest.mark.parametrize(
    ("environ", "warnings"),
    [
        ({**TWILIO, **PUBLIC}, []),
        (TWILIO, ["FANOUT_PUBLIC_URL is not set: no calls can be made, and"]),
        ({**ACCOUNT, "FANOUT_SMS_NOTIFIER": "twilio"}, ["FANOUT_PUBLIC_URL is not set: it is not known"]),
        (
            {**TWILIO, **PUBLIC, "FANOUT_TWILIO_FROM": "", "FANOUT_TWILIO_MESSAGING_SERVICE_SID": "MG1"},
            ["FANOUT_TWILIO_FROM is not set: no calls can be made"],
        ),
    ],
)
def test_the_start_says_what_does_not_work(
    environ: dict[str, str], warnings: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    """One warning, if calls or delivery reports are not possible."""
    settings = dataclasses.replace(Settings.from_env(environ), api_key="a-key-of-some-length")
    with caplog.at_level(logging.WARNING):
        build(settings, clock=FakeClock())
    assert len(caplog.messages) == len(warnings)
    for message, expected in zip(caplog.messages, warnings, strict=True):
        assert expected in message
