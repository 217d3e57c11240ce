"""The settings of outgoing events: the address and the secret belong together, and neither is shown."""

import pytest

from app.errors import StartRefused
from app.settings import Settings

URL, SECRET = "FANOUT_EVENTS_URL", "FANOUT_EVENTS_SECRET"
GOOD = {URL: "https://me:sesame@hr.example/in", SECRET: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}


def test_both_are_taken_and_not_shown() -> None:
    """Printed settings show neither, because a URL may have a password."""
    settings = Settings.from_env(GOOD)
    assert (settings.events_url, settings.events_secret) == (GOOD[URL], GOOD[SECRET])
    assert "sesame" not in repr(settings)
    assert "MfKQ" not in repr(settings)


def test_an_address_needs_a_secret() -> None:
    """Events are never sent unsigned."""
    with pytest.raises(StartRefused, match=f"^{SECRET} not set: {URL} needs it"):
        Settings.from_env({URL: GOOD[URL]})


@pytest.mark.parametrize("secret", ["sesame", "whsec_", "whsec_sesam!", "whsec_sesame===", "c2VzYW1l"])
def test_a_bad_secret_is_refused_without_showing_it(secret: str) -> None:
    """The line says what a secret looks like."""
    with pytest.raises(StartRefused) as refused:
        Settings.from_env({**GOOD, SECRET: secret})
    assert str(refused.value) == f"{SECRET}=(value not shown): must be whsec_ and a key in base64"


def test_a_bad_address_is_refused_without_showing_it() -> None:
    """As for the webhook notifier."""
    with pytest.raises(StartRefused) as refused:
        Settings.from_env({**GOOD, URL: "ftp://sesame"})
    assert str(refused.value) == f"{URL}=(value not shown): must be an http:// or https:// URL"
