"""What `shift-fanout fake-twilio` prints is what the service needs."""

import pytest
from processes import ROOT

from app.cli import fake_twilio
from app.cli.main import _parser
from app.settings import SAMPLE_DATA, Settings


def test_the_printed_settings_start_the_service() -> None:
    """They name the account, the company and the service."""
    account = fake_twilio.account(
        account_sid="AC1", auth_token="t", number="+15005550006", service_url="http://127.0.0.1:8000"
    )
    lines = fake_twilio.settings_for(account, "http://127.0.0.1:8010", "http://127.0.0.1:8000")
    settings = Settings.from_env(dict(line.split("=", 1) for line in lines))
    assert settings.twilio is not None
    assert (settings.texts_by, settings.calls_by) == ("twilio", "twilio")
    assert settings.twilio.account_sid == account.sid
    assert settings.twilio.auth_token == (account.token,)
    assert (settings.twilio.from_number,) == account.numbers
    assert settings.twilio.base_url == "http://127.0.0.1:8010"
    assert settings.data is not None
    assert settings.data.resolve() == SAMPLE_DATA.resolve()
    assert account.sms_url == f"{settings.public_url}/webhooks/twilio/sms"
    assert account.voice_url == f"{settings.public_url}/webhooks/twilio/voice"


def test_the_page_shows_the_printed_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that the command prints without options, at the root of the repository."""
    monkeypatch.chdir(ROOT)
    options = _parser().parse_args(["fake-twilio"])
    account = fake_twilio.account(
        account_sid=options.account_sid,
        auth_token=options.auth_token,
        number=options.number,
        service_url=options.service,
    )
    printed = fake_twilio.settings_for(account, f"http://{options.host}:{options.port}", options.service)
    page = (ROOT / "docs" / "simulated-twilio.md").read_text()
    command = page[page.index("FANOUT_NOTIFIER=") : page.index("uv run shift-fanout serve")]
    assert command.replace("\\\n", "").split() == printed
