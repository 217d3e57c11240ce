"""Building the service from its settings."""

import errno
from base64 import b64encode
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from fakes import FakeClock

from app.bootstrap import build
from app.domain import time_zones
from app.domain.time_zones import load_zones, zone
from app.settings import Settings


@pytest.mark.parametrize(("api_key", "warnings"), [(None, 1), ("sesame", 0)])
def test_a_service_without_a_key_says_so(
    api_key: str | None, warnings: int, caplog: pytest.LogCaptureFixture
) -> None:
    """One warning if every route answers without a key, and none if a key is set."""
    build(Settings(api_key=api_key), clock=FakeClock())
    assert caplog.text.count("FANOUT_API_KEY is not set") == warnings


def test_a_short_signing_secret_is_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    """Of events, and each of the gateways'. The specification wants 24 bytes. No part of a secret is shown."""
    short, enough = (f"whsec_{b64encode(bytes(range(65, 65 + n))).decode()}" for n in (23, 24))
    settings = Settings(events_url="http://hr.example", events_secret=short, inbound_secret=(enough, short))
    build(settings, clock=FakeClock())
    warned = [line for line in caplog.messages if "short_secret" in line]
    assert [line.split()[1] for line in warned] == ["FANOUT_EVENTS_SECRET", "FANOUT_INBOUND_SECRET"]
    assert short[6:12] not in caplog.text
    caplog.clear()
    build(replace(settings, events_secret=enough, inbound_secret=(enough,)), clock=FakeClock())
    assert "short_secret" not in caplog.text


def test_the_time_zones_are_read_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once the service is built, a zone is known even if its file cannot be opened any more."""
    load_zones.cache_clear()
    build(Settings(), clock=FakeClock())

    def no_more_files(name: str) -> None:
        raise OSError(errno.EMFILE, "Too many open files", name)

    # This is the library, not a part of ours: there is no port for the time zone database.
    monkeypatch.setattr(time_zones, "ZoneInfo", no_more_files)
    monkeypatch.setattr(time_zones, "available_timezones", no_more_files)
    assert datetime(2030, 1, 1, tzinfo=zone("Asia/Kathmandu")).utcoffset() == timedelta(hours=5, minutes=45)


def test_a_model_that_is_set_up_is_named_at_the_start(caplog: pytest.LogCaptureFixture) -> None:
    """One line says where unclear replies go, without the key or a password; nothing is said for the rules alone."""
    caplog.set_level("INFO", "shift_fanout")
    build(Settings(), clock=FakeClock())
    assert "reader.model" not in caplog.text
    settings = Settings(
        reader="model", model_url="https://u:sesame@model.example/v1", model_name="small", model_key="sesame"
    )
    build(settings, clock=FakeClock())
    assert "go to the model small at model.example" in caplog.text
    assert "sesame" not in caplog.text
